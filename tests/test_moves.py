"""The moves: slopes of ⟨G, result⟩ in each argument, on shapes that all differ, and with sizes of 1 besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DtypeError, InputError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.moves import (
    broadcast_backward,
    fan_out_backward,
    hadamard_backward,
    matmul_backward,
    mean_backward,
    sum_backward,
)

Arrays = dict[str, np.ndarray]
SIZES = [(4, 3, 7), (2, 6, 5), (4, 3, 1), (1, 3, 7), (4, 1, 7), (1, 1, 1)]
all_sizes = pytest.mark.parametrize(("n", "p", "m"), SIZES)


def arrays(n: int = 4, p: int = 3, m: int = 7, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    shapes = {"G": (n, m), "W": (n, p), "A": (p, m), "S": (n, m), "Z": (n, m), "b": (n, 1), "r": (1, m), "c": (1, 1)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


# name, forward step, what it is differentiated in, backward step
Step = tuple[str, Callable[[Arrays, Any], Any], str, Callable[[Arrays, np.ndarray], np.ndarray]]
STEPS: list[Step] = [
    ("matmul, left", lambda q, W: anp.dot(W, q["A"]), "W", lambda q, G: matmul_backward(G, q["W"], q["A"])[0]),
    ("matmul, right", lambda q, A: anp.dot(q["W"], A), "A", lambda q, G: matmul_backward(G, q["W"], q["A"])[1]),
    ("hadamard, first", lambda q, S: S * q["Z"], "S", lambda q, G: hadamard_backward(G, q["S"], q["Z"])[0]),
    ("hadamard, second", lambda q, Z: q["S"] * Z, "Z", lambda q, G: hadamard_backward(G, q["S"], q["Z"])[1]),
    ("broadcast a column", lambda q, b: q["Z"] + b, "b", lambda q, G: broadcast_backward(G, q["b"].shape)),
    ("broadcast a row", lambda q, r: q["Z"] + r, "r", lambda q, G: broadcast_backward(G, q["r"].shape)),
    ("broadcast a number", lambda q, c: q["Z"] + c, "c", lambda q, G: broadcast_backward(G, q["c"].shape)),
    ("broadcast nothing", lambda q, S: q["Z"] + S, "S", lambda q, G: broadcast_backward(G, q["S"].shape)),
    ("sum rows", lambda q, Z: anp.sum(Z, axis=1, keepdims=True), "Z", lambda q, G: sum_backward(G, q["Z"].shape)),
    ("sum columns", lambda q, Z: anp.sum(Z, axis=0, keepdims=True), "Z", lambda q, G: sum_backward(G, q["Z"].shape)),
    ("sum", lambda q, Z: anp.sum(Z, keepdims=True), "Z", lambda q, G: sum_backward(G, q["Z"].shape)),
    ("mean of rows", lambda q, Z: anp.mean(Z, axis=1, keepdims=True), "Z", lambda q, G: mean_backward(G, q["Z"].shape)),
    ("mean of columns", lambda q, Z: anp.mean(Z, axis=0, keepdims=True), "Z", lambda q, G: mean_backward(G, q["Z"].shape)),
    ("mean", lambda q, Z: anp.mean(Z, keepdims=True), "Z", lambda q, G: mean_backward(G, q["Z"].shape)),
    ("used three times", lambda q, Z: Z * q["S"] + Z + anp.dot(q["W"], q["A"]) * Z, "Z",
     lambda q, G: fan_out_backward(G * q["S"], G, G * (q["W"] @ q["A"]))),
]  # fmt: skip
each_step = pytest.mark.parametrize("step", STEPS, ids=[step[0] for step in STEPS])


@each_step
@all_sizes
def test_each_step_agrees_with_autograd_and_the_definition_entry_by_entry(step: Step, n: int, p: int, m: int) -> None:
    _, forward, name, backward = step
    q = arrays(n, p, m)
    G = np.random.default_rng(1).standard_normal(forward(q, q[name]).shape)

    def loss(moving: Any) -> Any:
        return anp.sum(G * forward(q, moving))

    got = backward(q, G)
    assert got.shape == q[name].shape
    by_autograd, by_complex_step = grad(loss)(q[name]), complex_step(loss, q[name])
    largest = np.abs(by_autograd).max()
    np.testing.assert_allclose(got, by_autograd, rtol=0, atol=1e-12 * largest)
    np.testing.assert_allclose(got, by_complex_step, rtol=0, atol=1e-12 * largest)
    np.testing.assert_allclose(got, central_differences(loss, q[name]), rtol=0, atol=1e-8 * largest)


@each_step
def test_the_adjoint_has_the_same_inner_product_and_a_spoiled_one_has_not(step: Step) -> None:
    _, forward, name, backward = step
    q = arrays(seed=2)
    rng = np.random.default_rng(3)
    direction = rng.standard_normal(q[name].shape)
    moved = forward(q, q[name] + direction) - forward(q, q[name])  # every step is linear
    G = rng.standard_normal(moved.shape)
    got = backward(q, G)
    assert (G * moved).sum() == pytest.approx((got * direction).sum(), rel=1e-11)
    spoiled = got.copy()
    spoiled[-1, -1] *= 1.001
    assert (G * moved).sum() != pytest.approx((spoiled * direction).sum(), rel=1e-11)


@each_step
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_precision_of_the_arguments_is_that_of_the_results(step: Step, dtype: DTypeLike) -> None:
    _, forward, name, backward = step
    q = {key: array.astype(dtype) for key, array in arrays().items()}
    G = np.ones(forward(q, q[name]).shape, dtype)
    assert backward(q, G).dtype == np.dtype(dtype)


@each_step
def test_arguments_are_neither_changed_nor_shared(step: Step) -> None:
    _, forward, name, backward = step
    for n, p, m in SIZES:
        q = arrays(n, p, m)
        G = np.random.default_rng(1).standard_normal(forward(q, q[name]).shape)
        before = {key: array.copy() for key, array in (q | {"G": G}).items()}
        got = backward(q, G)
        got += 1  # a view of an argument, or a read-only one, would show here
        for key, array in (q | {"G": G}).items():
            np.testing.assert_array_equal(array, before[key])


def test_one_use_is_handed_on_as_a_copy() -> None:
    G = arrays()["G"]
    got = fan_out_backward(G)
    np.testing.assert_array_equal(got, G)
    assert not np.shares_memory(got, G)


FUNCTIONS: list[tuple[str, Callable[[Arrays], Any], str]] = [
    ("matmul", lambda q: matmul_backward(q["G"], q["W"], q["A"]), "G"),
    ("matmul", lambda q: matmul_backward(q["G"], q["W"], q["A"]), "W"),
    ("matmul", lambda q: matmul_backward(q["G"], q["W"], q["A"]), "A"),
    ("hadamard", lambda q: hadamard_backward(q["G"], q["S"], q["Z"]), "G"),
    ("hadamard", lambda q: hadamard_backward(q["G"], q["S"], q["Z"]), "S"),
    ("hadamard", lambda q: hadamard_backward(q["G"], q["S"], q["Z"]), "Z"),
    ("broadcast", lambda q: broadcast_backward(q["G"], (4, 1)), "G"),
    ("sum", lambda q: sum_backward(q["G"], (4, 7)), "G"),
    ("mean", lambda q: mean_backward(q["G"], (4, 7)), "G"),
]  # fmt: skip


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("_", "function", "name"), FUNCTIONS)
def test_a_spoiled_argument_is_refused_by_name(_: str, function: Callable[..., Any], name: str, row: Row) -> None:
    q = arrays()
    with refused(row[2], text_of(row, name, q[name])):
        function(q | {name: row[1](q[name])})


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_gradient_is_refused_by_its_number(row: Row) -> None:
    q = arrays()
    with refused(row[2], text_of(row, "gradient 2", q["Z"])):
        fan_out_backward(q["G"], row[1](q["Z"]))


ones = np.ones
UNFIT: list[tuple[Callable[[], Any], type[InputError], str]] = [
    (lambda: matmul_backward(ones((4, 7)), ones((3, 4)), ones((3, 7))), ShapeError,
     "A: expected p × m, here 4 × m; got 3 × 7. It has 3 rows, not 4."),
    (lambda: matmul_backward(ones((7, 4)), ones((4, 3)), ones((3, 7))), ShapeError,
     "G: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use G.T."),
    (lambda: matmul_backward(ones((4, 6)), ones((4, 3)), ones((3, 7))), ShapeError,
     "G: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    (lambda: hadamard_backward(ones((4, 7)), ones((4, 1)), ones((4, 7))), ShapeError,
     "Z: expected n × m, here 4 × 1; got 4 × 7. It has 7 columns, not 1."),
    (lambda: hadamard_backward(ones((4, 1)), ones((4, 7)), ones((4, 7))), ShapeError,
     "G: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    (lambda: broadcast_backward(ones((4, 7)), (7, 1)), ShapeError,
     "shape: expected (4, 1) or (1, 7) or (1, 1) or (4, 7), which are copied to the shape of G; got (7, 1)."),
    (lambda: broadcast_backward(ones((4, 7)), (4,)), ShapeError,  # type: ignore[arg-type]
     "shape: expected (4, 1) or (1, 7) or (1, 1) or (4, 7), which are copied to the shape of G; got (4,)."),
    (lambda: broadcast_backward(ones((4, 1)), 4), ShapeError,  # type: ignore[arg-type]
     "shape: expected (4, 1) or (1, 1), which are copied to the shape of G; got 4."),
    (lambda: broadcast_backward(ones((4, 1)), (4, 7)), ShapeError,
     "shape: expected (4, 1) or (1, 1), which are copied to the shape of G; got (4, 7)."),
    (lambda: broadcast_backward(ones((4, 1)), [4, 1]), ShapeError,  # type: ignore[arg-type]
     "shape: expected (4, 1) or (1, 1), which are copied to the shape of G; got [4, 1]."),
    (lambda: broadcast_backward(ones(7), (1, 1)), ShapeError,
     "G: expected n × m; got shape (7,). A (7,) vector: use shape (7, 1) or (1, 7)."),
    (lambda: sum_backward(ones((4, 1)), (5, 7)), ShapeError,
     "G: expected a shape that is copied to (5, 7), with keepdims; got (4, 1)."),
    (lambda: sum_backward(ones((4, 1)), (7, 5, 4)), ShapeError,  # type: ignore[arg-type]
     "G: expected a shape that is copied to (7, 5, 4), with keepdims; got (4, 1)."),
    (lambda: sum_backward(ones(4), (4, 7)), ShapeError,
     "G: expected n_small × m_small; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    (lambda: mean_backward(ones((4, 2)), (4, 7)), ShapeError,
     "G: expected a shape that is copied to (4, 7), with keepdims; got (4, 2)."),
    (lambda: fan_out_backward(ones((4, 7)), ones((4, 1))), ShapeError,
     "gradient 2: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    (fan_out_backward, InputError, "gradients: expected at least one array, got none."),
    (lambda: fan_out_backward(ones((4, 7)), ones((4, 7), np.float32)), DtypeError,
     "gradient 2: expected float64 like gradient 1, got float32. Choose one: gradient 2.astype(np.float64)."),
    (lambda: matmul_backward(ones((4, 7), np.float32), ones((4, 3)), ones((3, 7))), DtypeError,
     "G: expected float64 like W, got float32. Choose one: G.astype(np.float64)."),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "text"), UNFIT)
def test_what_does_not_fit_is_refused_with_what_was_expected(
    call: Callable[[], Any], error: type[InputError], text: str
) -> None:
    with refused(error, text):
        call()
