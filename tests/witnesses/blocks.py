"""Blocks beside the equations of the pages on depth."""

from collections.abc import Callable

import numpy as np
from witness import Library, Row, Values

from byhand import blocks

RESIDUAL, TIED, EMBEDDING = "depth/residual.md", "depth/tied.md", "depth/embedding.md"
LORA, GATES = "depth/lora.md", "depth/gates.md"


def part(number: int, backward: Callable[..., tuple[np.ndarray, ...]], *names: str) -> Library:
    return lambda at: backward(*(at(name) for name in names))[number]


def lora(number: int) -> Library:
    return lambda at: blocks.lora_backward(at("G"), at("X"), at("W_0"), at("A"), at("B"), at("s").item())[number]


def mixture(at: Values) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    return blocks.mixture_backward(at("D"), [at("F_1"), at("F_2")], at("P"))


def embedding(at: Values) -> np.ndarray:
    S = at("S")
    return blocks.embedding_backward(at("G"), S.argmax(axis=0), words=len(S))


RESIDUAL_BACKWARD = blocks.residual_backward, "dA", "g'(Z)", "X", "W"
ROWS: list[Row] = [
    ("blocks.residual_backward", RESIDUAL, r"dA + W^\top dZ", r"dX = dA + W^\top dZ", part(0, *RESIDUAL_BACKWARD)),
    ("blocks.residual_backward", RESIDUAL, r"\frac{1}{m} dZ X^\top", r"dW = \frac{1}{m} dZ X^\top", part(1, *RESIDUAL_BACKWARD)),
    ("blocks.residual_backward", RESIDUAL, r"\frac{1}{m} dZ \mathbf{1}", r"\frac{\partial J}{\partial b} = \frac{1}{m} dZ \mathbf{1}", part(2, *RESIDUAL_BACKWARD)),
    ("blocks.tied_backward", TIED, r"W^\top dZ", r"dX = W^\top dZ = W^\top W G", part(0, blocks.tied_backward, "G", "X", "Z", "W")),
    ("blocks.tied_backward", TIED, r"\frac{1}{m} \left( W G X^\top + Z G^\top \right)", r"dW = \frac{1}{m} \left( W G X^\top + Z G^\top \right)", part(1, blocks.tied_backward, "G", "X", "Z", "W")),
    ("blocks.embedding_backward", EMBEDDING, r"\frac{1}{m} G S^\top", r"dE = \frac{1}{m} G S^\top", embedding),
    ("blocks.lora_backward", LORA, r"W_0^\top G + s A^\top B^\top G", r"dX = W_0^\top G + s A^\top B^\top G", lora(0)),
    ("blocks.lora_backward", LORA, r"\frac{s}{m} B^\top G X^\top", r"dA = s \, B^\top dW = \frac{s}{m} B^\top G X^\top", lora(1)),
    ("blocks.lora_backward", LORA, r"\frac{s}{m} G (A X)^\top", r"dB = s \, dW A^\top = \frac{s}{m} G (A X)^\top", lora(2)),
    ("blocks.gate_backward", GATES, r"G \odot V", r"dS = G \odot V", part(0, blocks.gate_backward, "G", "S", "V")),
    ("blocks.gate_backward", GATES, r"G \odot S", r"dV = G \odot S", part(1, blocks.gate_backward, "G", "S", "V")),
    ("blocks.swiglu_backward", GATES, r"G \odot V \odot \operatorname{SiLU}'(U)", r"= G \odot V \odot \operatorname{SiLU}'(U)", part(0, blocks.swiglu_backward, "G", "U", "V")),
    ("blocks.swiglu_backward", GATES, r"G \odot \operatorname{SiLU}(U)", r"dV = G \odot \operatorname{SiLU}(U)", part(1, blocks.swiglu_backward, "G", "U", "V")),
    ("blocks.mixture_backward", GATES, r"P \odot (dP - \mathbf{1}^\top (P \odot dP))", r"dT = P \odot (dP - \mathbf{1}^\top (P \odot dP))", lambda at: mixture(at)[1]),
    ("blocks.mixture_backward", GATES, r"dF_1", r"(dF_1)_{ji} = P_{1i} D_{ji}", lambda at: mixture(at)[0][0]),
]  # fmt: skip
