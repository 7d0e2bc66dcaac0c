"""Backward steps of blocks: against three kinds of derivatives, entry by entry, on sizes that all differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand import blocks
from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import check_gradients

Arrays = dict[str, np.ndarray]
INDEX = np.array([2, 0, 2, 4, 2, 0, 1])  # repeats, and word 3 is never looked up


@dataclass(frozen=True)
class Block:
    """A block: its arrays, the summed loss ⟨G, output⟩, its gradients by name, and which of them are parameters."""

    shapes: dict[str, str]
    output: Callable[[Any], Any]
    backward: Callable[[Arrays], dict[str, np.ndarray]]
    parameters: str = ""


def softmax(T: Any) -> Any:
    raised = anp.exp(T - anp.max(anp.real(T)))
    return raised / anp.sum(raised, axis=0, keepdims=True)


def residual(q: Arrays) -> dict[str, np.ndarray]:
    slope = 1 - np.tanh(q["W"] @ q["X"] + q["b"]) ** 2
    return dict(zip(("X", "W", "b"), blocks.residual_backward(q["G"], slope, q["X"], q["W"]), strict=True))


def tied(q: Arrays) -> dict[str, np.ndarray]:
    return dict(zip("XW", blocks.tied_backward(q["G"], q["X"], q["W"] @ q["X"], q["W"]), strict=True))


def embedding(q: Arrays) -> dict[str, np.ndarray]:
    return {"E": blocks.embedding_backward(q["G"], INDEX[: q["G"].shape[1]], words=5)}


def lora(q: Arrays) -> dict[str, np.ndarray]:
    found = blocks.lora_backward(q["G"], q["X"], q["V"], q["A"], q["B"], scale=0.7)
    return dict(zip("XAB", found, strict=True))


def gate(q: Arrays) -> dict[str, np.ndarray]:
    return dict(zip("UV", blocks.gate_backward(q["G"], q["U"], q["V"]), strict=True))


def swiglu(q: Arrays) -> dict[str, np.ndarray]:
    return dict(zip("UV", blocks.swiglu_backward(q["G"], q["U"], q["V"]), strict=True))


def mixture(q: Arrays) -> dict[str, np.ndarray]:
    experts, dT = blocks.mixture_backward(q["G"], [q["K"], q["L"], q["N"]], softmax(q["T"]))
    return dict(zip("KLNT", (*experts, dT), strict=True))


BLOCKS = {
    "residual": Block({"X": "nm", "W": "nn", "b": "n1", "G": "nm"},
        lambda q: q["X"] + anp.tanh(anp.dot(q["W"], q["X"]) + q["b"]), residual, "Wb"),
    "tied": Block({"X": "nm", "W": "rn", "G": "nm"},
        lambda q: anp.dot(q["W"].T, anp.dot(q["W"], q["X"])), tied, "W"),
    "embedding": Block({"E": "n5", "G": "nm"}, lambda q: q["E"][:, INDEX[: q["G"].shape[1]]], embedding, "E"),
    "lora": Block({"X": "nm", "V": "pn", "A": "rn", "B": "pr", "G": "pm"},
        lambda q: anp.dot(q["V"] + 0.7 * anp.dot(q["B"], q["A"]), q["X"]), lora, "AB"),
    "gate": Block({"U": "nm", "V": "nm", "G": "nm"}, lambda q: q["U"] * q["V"], gate),
    "swiglu": Block({"U": "nm", "V": "nm", "G": "nm"}, lambda q: q["U"] / (1 + anp.exp(-q["U"])) * q["V"], swiglu),
    "mixture": Block({"K": "nm", "L": "nm", "N": "nm", "T": "3m", "G": "nm"},
        lambda q: sum(softmax(q["T"])[e : e + 1] * q[name] for e, name in enumerate("KLN")), mixture),
}  # fmt: skip
each_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)


def arrays(block: Block, n: int = 4, m: int = 7, r: int = 2, p: int = 6, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    sizes = {"n": n, "m": m, "r": r, "p": p}
    return {
        name: rng.standard_normal(tuple(sizes.get(size) or int(size) for size in shape))
        for name, shape in block.shapes.items()
    }


def summed_loss(block: Block, q: Any) -> Any:
    return anp.sum(q["G"] * block.output(q))


@pytest.mark.parametrize("sizes", [(4, 7, 2, 6), (3, 5, 6, 2), (4, 1, 2, 6), (1, 6, 2, 3), (1, 1, 1, 1)])
@each_block
def test_gradients_agree_with_autograd_entry_by_entry(block: Block, sizes: tuple[int, int, int, int]) -> None:
    q = arrays(block, *sizes)
    m = q["G"].shape[1]
    for name, got in block.backward(q).items():
        wanted = grad(lambda array, name=name: summed_loss(block, q | {name: array}))(q[name])
        share = m if name in block.parameters else 1
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted / share, rtol=0, atol=1e-9 * max(np.abs(wanted).max(), 1e-3) / share)


@pytest.mark.parametrize("method", ["complex step", "central differences"])
@each_block
def test_gradients_agree_with_the_definition(block: Block, method: Any) -> None:
    q = arrays(block)
    m = q["G"].shape[1]
    gradients = {f"d{name}": d if name in block.parameters else d / m for name, d in block.backward(q).items()}
    moved = {name[1:]: q[name[1:]] for name in gradients}
    found = check_gradients(lambda p: summed_loss(block, q | p) / m, moved, gradients, method=method)
    assert found.agrees, str(found)


@each_block
def test_one_m_is_in_the_parameters_gradients_once_and_in_no_other(block: Block) -> None:
    q = arrays(block, m=3)
    per_example = [name for name, shape in block.shapes.items() if shape.endswith("m")]
    twice = q | {name: np.concatenate([q[name], q[name]], axis=1) for name in per_example}
    if "E" in q:  # its index is not an array of the block: the same word for all
        return
    once, again = block.backward(q), block.backward(twice)
    for name, gradient in once.items():
        wanted = gradient if name in block.parameters else np.concatenate([gradient, gradient], axis=1)
        np.testing.assert_allclose(again[name], wanted, rtol=1e-12, atol=1e-14)


def test_a_repeated_word_gets_the_sum_of_its_columns_over_m_and_an_absent_one_zero() -> None:
    G = np.arange(1.0, 15.0).reshape(2, 7)
    dE = blocks.embedding_backward(G, INDEX, words=5)
    np.testing.assert_allclose(dE[:, 2], (G[:, 0] + G[:, 2] + G[:, 4]) / 7)
    assert not dE[:, 3].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_block
def test_the_precision_of_the_arguments_is_that_of_the_results(block: Block, dtype: DTypeLike) -> None:
    q = {name: array.astype(dtype) for name, array in arrays(block).items()}
    assert {gradient.dtype for gradient in block.backward(q).values()} == {np.dtype(dtype)}


@each_block
def test_arguments_are_neither_changed_nor_shared(block: Block) -> None:
    q = arrays(block)
    before = {name: array.copy() for name, array in q.items()}
    for array in q.values():
        array.flags.writeable = False
    for gradient in block.backward(q).values():
        assert not any(np.shares_memory(gradient, array) for array in q.values())
    for name, array in q.items():
        np.testing.assert_array_equal(array, before[name])


# ---- what is refused

N = {"n": 4, "m": 7, "r": 2, "p": 6}
CALLS: dict[str, tuple[Callable[..., Any], dict[str, tuple[int, int]]]] = {
    "residual": (blocks.residual_backward, {"dA": (4, 7), "slope": (4, 7), "X": (4, 7), "W": (4, 4)}),
    "tied": (blocks.tied_backward, {"G": (4, 7), "X": (4, 7), "Z": (2, 7), "W": (2, 4)}),
    "embedding": (lambda G: blocks.embedding_backward(G, INDEX, 5), {"G": (4, 7)}),
    "lora": (lambda **q: blocks.lora_backward(**q, scale=0.5),
        {"G": (6, 7), "X": (4, 7), "W0": (6, 4), "A": (2, 4), "B": (6, 2)}),
    "gate": (blocks.gate_backward, {"G": (4, 7), "U": (4, 7), "V": (4, 7)}),
    "swiglu": (blocks.swiglu_backward, {"G": (4, 7), "U": (4, 7), "V": (4, 7)}),
    "mixture": (lambda G, P: blocks.mixture_backward(G, [np.ones((4, 7))] * 3, P), {"G": (4, 7), "P": (3, 7)}),
}  # fmt: skip
ARGUMENTS = [(name, argument) for name, (_, shapes) in CALLS.items() for argument in shapes]


def good(name: str) -> Arrays:
    return {argument: np.ones(shape) for argument, shape in CALLS[name][1].items()}


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_spoiled_argument_is_refused_by_name(name: str, argument: str, row: Row) -> None:
    q = good(name)
    with refused(row[2], text_of(row, argument, q[argument])):
        CALLS[name][0](**q | {argument: row[1](q[argument])})


UNFIT = [
    ("residual", "W", (4, 3), "W: expected n × n, here 4 × 4; got 4 × 3. It has 3 columns, not 4."),
    ("residual", "X", (7, 4), "W: expected n × n, here 7 × 7; got 4 × 4. It has 4 rows, not 7."),
    ("residual", "slope", (4, 6), "slope: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    ("residual", "dA", (4, 1), "dA: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    ("tied", "X", (2, 7), "X: expected n_in × m, here 4 × m; got 2 × 7. It has 2 rows, not 4."),
    ("tied", "Z", (4, 7), "Z: expected n_code × m, here 2 × 7; got 4 × 7. It has 4 rows, not 2."),
    ("tied", "G", (2, 7), "G: expected n_in × m, here 4 × 7; got 2 × 7. It has 2 rows, not 4."),
    ("embedding", "G", (4,), "G: expected d × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    ("lora", "A", (4, 2), "A: expected r × n_in, here r × 4; got 4 × 2. This is the transpose: use A.T."),
    ("lora", "B", (2, 6), "B: expected n_out × r, here 6 × 2; got 2 × 6. This is the transpose: use B.T."),
    ("lora", "X", (6, 7), "X: expected n_in × m, here 4 × m; got 6 × 7. It has 6 rows, not 4."),
    ("lora", "G", (4, 7), "G: expected n_out × m, here 6 × 7; got 4 × 7. It has 4 rows, not 6."),
    ("gate", "V", (4, 1), "V: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    ("gate", "G", (1, 7), "G: expected n × m, here 4 × 7; got 1 × 7. It has 1 row, not 4."),
    ("swiglu", "V", (7, 4), "V: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use V.T."),
    ("swiglu", "G", (1, 7), "G: expected n × m, here 4 × 7; got 1 × 7. It has 1 row, not 4."),
    ("mixture", "P", (2, 7), "P: expected 3 × m, here 3 × 7; got 2 × 7. It has 2 rows, not 3."),
    ("mixture", "G", (4, 6), "experts[0]: expected n × m, here 4 × 6; got 4 × 7. It has 7 columns, not 6."),
]


@pytest.mark.parametrize(("name", "argument", "shape", "text"), UNFIT)
def test_a_shape_that_does_not_fit_is_refused(name: str, argument: str, shape: tuple[int, ...], text: str) -> None:
    with refused(ShapeError, text):
        CALLS[name][0](**good(name) | {argument: np.ones(shape)})


KIND = "index: expected a NumPy array of whole numbers. Make it with np.array(index, dtype=int)."


@pytest.mark.parametrize(
    ("index", "error", "text"),
    [
        ([0, 1, 2], DtypeError, KIND),
        (np.array([0.0, 1.0, 2.0]), DtypeError, KIND),
        (np.array([True, False, True]), DtypeError, KIND),
        (np.array([0, 1]), ShapeError, "index: expected shape (3,), a number for each column of G; got (2,)."),
        (np.array([[0, 1, 2]]), ShapeError, "index: expected shape (3,), a number for each column of G; got (1, 3)."),
        (np.array([0, 1, 5]), DomainError, "index: expected numbers from 0 to 4, got 0 to 5."),
        (np.array([0, -1, 2]), DomainError, "index: expected numbers from 0 to 4, got -1 to 2."),
    ],
)
def test_an_index_that_names_no_word_is_refused(index: Any, error: type[InputError], text: str) -> None:
    with refused(error, text):
        blocks.embedding_backward(np.ones((2, 3)), index, words=5)


def test_the_first_and_the_last_word_can_be_looked_up_with_any_integers() -> None:
    for kind in (np.int64, np.int8, np.uint16):
        dE = blocks.embedding_backward(np.ones((1, 2)), np.array([0, 4], kind), words=5)
        np.testing.assert_array_equal(dE, [[0.5, 0, 0, 0, 0.5]])


@pytest.mark.parametrize("experts", [[], np.ones((3, 4, 7)), None])
def test_experts_that_are_no_list_are_refused(experts: Any) -> None:
    name = type(experts).__name__
    with refused(InputError, f"experts: expected a list of arrays, one for each expert; got {name}."):
        blocks.mixture_backward(np.ones((4, 7)), experts, np.ones((3, 7)))


def test_float32_and_float64_are_not_mixed() -> None:
    G, U = np.ones((4, 7), np.float32), np.ones((4, 7))
    with refused(DtypeError, "G: expected float64 like U, got float32. Choose one: G.astype(np.float64)."):
        blocks.gate_backward(G, U, U)
    with refused(DtypeError, "P: expected float64 like G, got float32. Choose one: P.astype(np.float64)."):
        blocks.mixture_backward(U, [U, U], np.ones((2, 7), np.float32))


def test_a_scale_that_is_an_array_is_refused() -> None:
    with refused(DtypeError, "scale: expected a single number, got an array of shape (1,). Take it out: scale.item()."):
        blocks.lora_backward(**good("lora"), scale=np.ones(1))  # type: ignore[arg-type]
