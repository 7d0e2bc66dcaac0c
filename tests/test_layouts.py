"""Between layouts: there and back, the other libraries' forward formulas, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.layers import linear_backward
from byhand.layouts import from_keras, from_pytorch, from_rows, to_keras, to_pytorch, to_rows

SIZES = [(3, 4, 7), (5, 2, 3), (2, 6, 4), (3, 4, 1), (1, 4, 7), (3, 1, 7), (1, 1, 1)]
all_sizes = pytest.mark.parametrize(("n_in", "n_out", "m"), SIZES)
Arrays = dict[str, np.ndarray]


def arrays(n_in: int = 3, n_out: int = 4, m: int = 7) -> Arrays:
    rng = np.random.default_rng(0)
    shapes = {"A": (n_in, m), "W": (n_out, n_in), "b": (n_out, 1), "dZ": (n_out, m)}
    shapes |= {"A_rows": (m, n_in), "weight": (n_out, n_in), "kernel": (n_in, n_out)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()} | {"bias": rng.standard_normal(n_out)}


@all_sizes
def test_each_translation_there_and_back_changes_nothing(n_in: int, n_out: int, m: int) -> None:
    q = arrays(n_in, n_out, m)
    np.testing.assert_array_equal(from_rows(to_rows(q["A"])), q["A"])
    np.testing.assert_array_equal(to_rows(from_rows(q["A_rows"])), q["A_rows"])
    for there, back in ((to_pytorch, from_pytorch), (to_keras, from_keras)):
        for got, wanted in zip(back(*there(q["W"], q["b"])), (q["W"], q["b"]), strict=True):
            np.testing.assert_array_equal(got, wanted)
            assert got.shape == wanted.shape


@all_sizes
def test_the_forward_step_of_the_other_libraries_gives_the_same_numbers_in_rows(n_in: int, n_out: int, m: int) -> None:
    q = arrays(n_in, n_out, m)
    X_rows, Z = to_rows(q["A"]), q["W"] @ q["A"] + q["b"]
    weight, bias = to_pytorch(q["W"], q["b"])
    assert (weight.shape, bias.shape) == ((n_out, n_in), (n_out,))
    np.testing.assert_allclose(X_rows @ weight.T + bias, Z.T, rtol=1e-12, atol=1e-14)
    kernel, bias = to_keras(q["W"], q["b"])
    assert (kernel.shape, bias.shape) == ((n_in, n_out), (n_out,))
    np.testing.assert_allclose(X_rows @ kernel + bias, Z.T, rtol=1e-12, atol=1e-14)


@all_sizes
@pytest.mark.parametrize("library", ["PyTorch", "Keras"])
@pytest.mark.parametrize("method", ["autograd", "complex step", "central differences"])
def test_a_translated_gradient_is_the_gradient_in_the_other_layout(
    n_in: int, n_out: int, m: int, library: str, method: str
) -> None:
    q = arrays(n_in, n_out, m)
    to, turn = (to_pytorch, np.transpose) if library == "PyTorch" else (to_keras, np.asarray)
    weights, bias = to(q["W"], q["b"])
    X_rows, G_rows = to_rows(q["A"]), to_rows(q["dZ"])

    def cost(X: Any, weights: Any, bias: Any) -> Any:
        return anp.sum(G_rows * (anp.dot(X, turn(weights)) + bias)) / m

    def by_definition(argument: int) -> np.ndarray:
        values = [X_rows, weights, bias]
        if method == "autograd":
            return grad(cost, argument)(*values)
        differentiate = complex_step if method == "complex step" else central_differences

        def along(moved: np.ndarray) -> Any:
            X, P, B = (moved if place == argument else value for place, value in enumerate(values))
            return cost(X, P, B)

        return differentiate(along, values[argument])

    dA, dW, db = linear_backward(q["dZ"], q["A"], q["W"])
    for argument, got in enumerate((to_rows(dA) / m, *to(dW, db))):
        expected = by_definition(argument)
        assert got.shape == expected.shape
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-8)


CALLS: list[tuple[Callable[..., Any], tuple[str, ...]]] = [
    (to_rows, ("A",)),
    (from_rows, ("A_rows",)),
    (to_pytorch, ("W", "b")),
    (from_pytorch, ("weight", "bias")),
    (to_keras, ("W", "b")),
    (from_keras, ("kernel", "bias")),
]
each_call = pytest.mark.parametrize(("function", "names"), CALLS, ids=[function.__name__ for function, _ in CALLS])


def results(function: Callable[..., Any], names: tuple[str, ...], q: Arrays) -> tuple[np.ndarray, ...]:
    result = function(*(q[name] for name in names))
    return result if isinstance(result, tuple) else (result,)


@each_call
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_of_the_arguments_is_that_of_the_results(
    function: Callable[..., Any], names: tuple[str, ...], dtype: DTypeLike
) -> None:
    q = {name: array.astype(dtype) for name, array in arrays().items()}
    assert {array.dtype for array in results(function, names, q)} == {np.dtype(dtype)}


@each_call
@pytest.mark.parametrize(("n_in", "n_out", "m"), SIZES)
def test_results_are_new_arrays_and_arguments_stay(
    function: Callable[..., Any], names: tuple[str, ...], n_in: int, n_out: int, m: int
) -> None:
    q = arrays(n_in, n_out, m)
    before = {name: array.copy() for name, array in q.items()}
    for array in results(function, names, q):
        assert not any(np.shares_memory(array, other) for other in q.values())
        array += 1
    for name in names:
        np.testing.assert_array_equal(q[name], before[name])


@pytest.mark.parametrize(
    ("function", "names", "name", "row"),
    [
        pytest.param(function, names, name, row, id=f"{function.__name__}-{name}-{row[0]}")
        for function, names in CALLS
        for name in names
        for row in SPOILED
        if (name, row[0]) != ("bias", "matrix")  # a matrix always has two axes
    ],
)
def test_what_is_no_finite_floating_point_array_is_refused(
    function: Callable[..., Any], names: tuple[str, ...], name: str, row: Row
) -> None:
    q: dict[str, Any] = arrays()
    expected = text_of(row, name, q[name])
    q[name] = row[1](q[name])
    with refused(row[2], expected):
        results(function, names, q)


BIAS = "These libraries keep a bias without a second axis: bias.ravel() drops it."


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: to_rows(np.ones(3)), "A: expected n × m; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: to_rows(np.ones((3, 0))), "A: expected n × m with no size 0; got 3 × 0: an empty batch, m = 0."),
        (lambda: from_rows(np.ones(3)), "A_rows: expected m × n; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: from_rows(np.ones((0, 3))), "A_rows: expected m × n with no size 0; got 0 × 3: an empty batch, m = 0."),
        (lambda: to_pytorch(np.ones((4, 3)), np.ones(4)), "b: expected n_out × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
        (lambda: to_keras(np.ones((4, 3)), np.ones((1, 4))), "b: expected n_out × 1, here 4 × 1; got 1 × 4. This is the transpose: use b.T."),
        (lambda: from_pytorch(np.ones((4, 3)), np.ones((4, 1))), f"bias: expected one axis with n_out entries, here 4; got shape (4, 1). {BIAS}"),
        (lambda: from_pytorch(np.ones((4, 3)), np.ones(3)), f"bias: expected one axis with n_out entries, here 4; got shape (3,). {BIAS}"),
        (lambda: from_keras(np.ones((3, 4)), np.ones((1, 4))), f"bias: expected one axis with n_out entries, here 4; got shape (1, 4). {BIAS}"),
        (lambda: from_keras(np.ones((3, 4)), np.ones(3)), f"bias: expected one axis with n_out entries, here 4; got shape (3,). {BIAS}"),
        (lambda: from_keras(np.ones(3), np.ones(3)), "kernel: expected n_in × n_out; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: from_pytorch(np.ones(3), np.ones(3)), "weight: expected n_out × n_in; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
    ],
)  # fmt: skip
def test_a_shape_that_does_not_fit_is_refused(call: Callable[[], Any], text: str) -> None:
    with refused(ShapeError, text):
        call()


@pytest.mark.parametrize(
    ("function", "first", "second"),
    [(to_pytorch, "W", "b"), (to_keras, "W", "b"), (from_pytorch, "weight", "bias"), (from_keras, "kernel", "bias")],
)
def test_two_precisions_in_one_call_are_refused(function: Callable[..., Any], first: str, second: str) -> None:
    q = arrays()
    text = f"{second}: expected float64 like {first}, got float32. Choose one: {second}.astype(np.float64)."
    with refused(DtypeError, text):
        function(q[first], q[second].astype(np.float32))
