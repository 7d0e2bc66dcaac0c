"""The linear step, forward and backward: shapes that all differ, and m = 1 and n = 1 besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DtypeError, ShapeError
from byhand.gradcheck import check_gradients
from byhand.layers import input_gradient, linear_backward, linear_forward, parameter_gradients, weighted_sums

SIZES = [(3, 4, 7), (5, 2, 3), (2, 6, 4), (3, 4, 1), (1, 4, 7), (3, 1, 7), (1, 1, 1)]
all_sizes = pytest.mark.parametrize(("n_in", "n_out", "m"), SIZES)


def arrays(n_in: int = 3, n_out: int = 4, m: int = 7, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"A_prev": (n_in, m), "W": (n_out, n_in), "b": (n_out, 1), "dZ": (n_out, m)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def forward(q: dict[str, np.ndarray]) -> np.ndarray:
    return linear_forward(q["A_prev"], q["W"], q["b"])


def backward(q: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return linear_backward(q["dZ"], q["A_prev"], q["W"])


@all_sizes
def test_z_is_each_units_weighted_sum_for_each_example(n_in: int, n_out: int, m: int) -> None:
    q = arrays(n_in, n_out, m)
    Z = forward(q)
    assert Z.shape == (n_out, m)
    for k in range(n_out):
        for i in range(m):
            z = q["b"][k, 0]
            for j in range(n_in):
                z += q["W"][k, j] * q["A_prev"][j, i]
            assert Z[k, i] == pytest.approx(z, rel=1e-13, abs=1e-15)


@all_sizes
def test_the_three_gradients_agree_with_autograd_entry_by_entry(n_in: int, n_out: int, m: int) -> None:
    q = arrays(n_in, n_out, m)
    G = q["dZ"]

    def summed_loss(A_prev: Any, W: Any, b: Any) -> Any:
        return anp.sum(G * (anp.dot(W, A_prev) + b))

    expected = [grad(summed_loss, argument)(q["A_prev"], q["W"], q["b"]) for argument in range(3)]
    dA_prev, dW, db = backward(q)
    for got, wanted, share in ((dA_prev, expected[0], 1), (dW, expected[1], m), (db, expected[2], m)):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted / share, rtol=0, atol=1e-9 * np.abs(wanted).max() / share)


@all_sizes
@pytest.mark.parametrize("method", ["complex step", "central differences"])
def test_the_three_gradients_agree_with_the_definition(n_in: int, n_out: int, m: int, method: Any) -> None:
    q = arrays(n_in, n_out, m)
    G = q.pop("dZ")
    dA_prev, dW, db = linear_backward(G, q["A_prev"], q["W"])
    found = check_gradients(
        lambda p: (G * forward(p)).sum() / m, q, {"dA_prev": dA_prev / m, "dW": dW, "db": db}, method=method
    )
    assert found.agrees, str(found)


def test_one_m_is_in_the_parameters_gradients_once_and_not_in_the_inputs() -> None:
    q = arrays(m=7)
    twice = {name: q[name] if name in "Wb" else np.concatenate([q[name], q[name]], axis=1) for name in q}
    (dA, dW, db), (dA_twice, dW_twice, db_twice) = backward(q), backward(twice)
    np.testing.assert_allclose(dW_twice, dW, rtol=1e-13)
    np.testing.assert_allclose(db_twice, db, rtol=1e-13)
    np.testing.assert_allclose(dA_twice, np.concatenate([dA, dA], axis=1), rtol=1e-13)


def test_the_functions_without_checks_give_the_same_numbers() -> None:
    q = arrays()
    dA_prev, dW, db = backward(q)
    np.testing.assert_array_equal(weighted_sums(q["A_prev"], q["W"], q["b"]), forward(q))
    np.testing.assert_array_equal(input_gradient(q["dZ"], q["W"]), dA_prev)
    for got, wanted in zip(parameter_gradients(q["dZ"], q["A_prev"]), (dW, db), strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_of_the_arguments_is_that_of_the_results(dtype: DTypeLike) -> None:
    q = {name: array.astype(dtype) for name, array in arrays().items()}
    assert {array.dtype for array in (forward(q), *backward(q))} == {np.dtype(dtype)}


def test_arguments_are_neither_changed_nor_shared() -> None:
    for n_in, n_out, m in SIZES:
        q = arrays(n_in, n_out, m)
        before = {name: array.copy() for name, array in q.items()}
        for result in (forward(q), *backward(q)):
            assert not any(np.shares_memory(result, array) for array in q.values())
        for name, array in q.items():
            np.testing.assert_array_equal(array, before[name])


def frozen(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


@pytest.mark.parametrize(
    "layout",
    [np.asfortranarray, frozen, lambda A: np.repeat(np.repeat(A, 2, axis=0), 3, axis=1)[::2, ::3]],
    ids=["fortran", "read-only", "strided"],
)
def test_strided_fortran_and_read_only_arrays_work_alike(layout: Callable[[np.ndarray], np.ndarray]) -> None:
    q = arrays()
    other = {name: layout(array) for name, array in q.items()}
    for got, wanted in zip((forward(other), *backward(other)), (forward(q), *backward(q)), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-15)


FUNCTIONS = [
    (forward, "A_prev"),
    (forward, "W"),
    (forward, "b"),
    (backward, "dZ"),
    (backward, "A_prev"),
    (backward, "W"),
]


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("function", "name"), FUNCTIONS)
def test_a_spoiled_argument_is_refused_by_name(function: Callable[..., Any], name: str, row: Row) -> None:
    q = arrays()
    with refused(row[2], text_of(row, name, q[name])):
        function(q | {name: row[1](q[name])})


UNFIT: list[tuple[Callable[..., Any], str, tuple[int, ...], str]] = [
    (forward, "A_prev", (7, 3), "A_prev: expected n_in × m, here 3 × m; got 7 × 3. This is the transpose: use A_prev.T."),
    (forward, "A_prev", (2, 7), "A_prev: expected n_in × m, here 3 × m; got 2 × 7. It has 2 rows, not 3."),
    (forward, "A_prev", (1, 7), "A_prev: expected n_in × m, here 3 × m; got 1 × 7. It has 1 row, not 3."),
    (forward, "A_prev", (3,), "A_prev: expected n_in × m, here 3 × m; got shape (3,). A (3,) vector: use shape (3, 1)."),
    (forward, "A_prev", (7,), "A_prev: expected n_in × m, here 3 × m; got shape (7,). A (7,) vector, where two axes are needed."),
    (forward, "A_prev", (), "A_prev: expected n_in × m, here 3 × m; got shape (). A single number: use shape (1, 1)."),
    (forward, "A_prev", (3, 2, 7), "A_prev: expected n_in × m, here 3 × m; got shape (3, 2, 7). "
     "It has 3 axes: flatten each example into one column."),
    (forward, "A_prev", (3, 0), "A_prev: expected n_in × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    (forward, "W", (4,), "W: expected n_out × n_in; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    (forward, "W", (4, 0), "W: expected n_out × n_in with no size 0; got 4 × 0: n_in = 0."),
    (forward, "W", (0, 3), "W: expected n_out × n_in with no size 0; got 0 × 3: n_out = 0."),
    (forward, "W", (3, 4), "A_prev: expected n_in × m, here 4 × m; got 3 × 7. It has 3 rows, not 4."),
    (forward, "b", (4,), "b: expected n_out × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
    (forward, "b", (1, 4), "b: expected n_out × 1, here 4 × 1; got 1 × 4. This is the transpose: use b.T."),
    (forward, "b", (4, 7), "b: expected n_out × 1, here 4 × 1; got 4 × 7. It has 7 columns, not 1."),
    (forward, "b", (3, 1), "b: expected n_out × 1, here 4 × 1; got 3 × 1. It has 3 rows, not 4."),
    (backward, "dZ", (7, 4), "dZ: expected n_out × m, here 4 × 7; got 7 × 4. This is the transpose: use dZ.T."),
    (backward, "dZ", (4, 6), "dZ: expected n_out × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    (backward, "dZ", (4, 1), "dZ: expected n_out × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    (backward, "dZ", (3, 7), "dZ: expected n_out × m, here 4 × 7; got 3 × 7. It has 3 rows, not 4."),
    (backward, "dZ", (7,), "dZ: expected n_out × m, here 4 × 7; got shape (7,). A (7,) vector, where two axes are needed."),
    (backward, "A_prev", (3, 0), "A_prev: expected n_in × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    (backward, "A_prev", (7, 3), "A_prev: expected n_in × m, here 3 × m; got 7 × 3. This is the transpose: use A_prev.T."),
]  # fmt: skip


@pytest.mark.parametrize(("function", "name", "shape", "text"), UNFIT)
def test_a_shape_that_does_not_fit_is_refused_with_symbols_numbers_and_the_likely_slip(
    function: Callable[..., Any], name: str, shape: tuple[int, ...], text: str
) -> None:
    with refused(ShapeError, text):
        function(arrays() | {name: np.ones(shape)})


@pytest.mark.parametrize(
    ("function", "name", "other", "first"),
    [(forward, "A_prev", "A_prev", "W"), (forward, "W", "A_prev", "W"), (forward, "b", "b", "W"),
     (backward, "dZ", "dZ", "W"), (backward, "A_prev", "A_prev", "W")],
)  # fmt: skip
def test_float32_and_float64_are_not_mixed(function: Callable[..., Any], name: str, other: str, first: str) -> None:
    q = arrays()
    spoiled = q | {name: q[name].astype(np.float32)}
    wanted, got = spoiled[first].dtype, spoiled[other].dtype
    with refused(
        DtypeError, f"{other}: expected {wanted} like {first}, got {got}. Choose one: {other}.astype(np.{wanted})."
    ):
        function(spoiled)
