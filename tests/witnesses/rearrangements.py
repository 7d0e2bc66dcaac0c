"""Transpose, reshape, slice, concatenate and gather beside their equations."""

import numpy as np
from witness import Library, Row

from byhand import rearrangements

PAGE = "reference/rearrangements.md"


def piece(part: int) -> Library:
    return lambda at: rearrangements.concatenate_backward(
        at(r"\begin{bmatrix} K_1 \\ K_2 \end{bmatrix}"), (len(at("A")), len(at("C")))
    )[part]


ROWS: list[Row] = [
    ("rearrangements.transpose_backward", PAGE, r"G^\top", r"\frac{\partial f}{\partial X} = G^\top", lambda at: rearrangements.transpose_backward(at("G"))),
    ("rearrangements.reshape_backward", PAGE, "U", r"\frac{\partial h}{\partial X} = U", lambda at: rearrangements.reshape_backward(at(r"\operatorname{vec}(U)"), at("X").shape, "F")),
    ("rearrangements.reshape_backward", PAGE, "U", r"\frac{\partial c}{\partial X} = U", lambda at: rearrangements.reshape_backward(at(r"\operatorname{vec}(U^\top)"), at("X").shape)),
    ("rearrangements.slice_backward", PAGE, r"\frac{\partial s}{\partial Q}", r"\frac{\partial s}{\partial Q} = \begin{bmatrix} H \\ 0 \end{bmatrix}", lambda at: rearrangements.slice_backward(at("H"), np.s_[: len(at("H"))], at("Q").shape)),
    ("rearrangements.concatenate_backward", PAGE, "K_1", r"\frac{\partial t}{\partial A} = K_1", piece(0)),
    ("rearrangements.concatenate_backward", PAGE, "K_2", r"\frac{\partial t}{\partial C} = K_2", piece(1)),
    ("rearrangements.gather_backward", PAGE, r"R N^\top", r"\frac{\partial r}{\partial E} = R N^\top", lambda at: rearrangements.gather_backward(at("R"), at("N").argmax(axis=0), at("E").shape[1])),
]  # fmt: skip
