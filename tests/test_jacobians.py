"""The Jacobian of the linear step in both orders, and Jacobians by columns: unequal sizes, and m = 1 and n = 1 besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import jacobian as autograd_jacobian
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of, unenforced
from numpy.typing import DTypeLike

from byhand.checks import InputError, ShapeError
from byhand.gradcheck import complex_step
from byhand.jacobians import Order, jacobian_by_columns, linear_jacobian
from byhand.layers import linear_backward

SIZES = [(3, 4, 7), (5, 2, 3), (2, 6, 4), (3, 4, 1), (1, 4, 7), (3, 1, 7), (1, 1, 1)]
all_sizes = pytest.mark.parametrize(("n_in", "n_out", "m"), SIZES)
both_orders = pytest.mark.parametrize("order", ["F", "C"])


def arrays(n_in: int = 3, n_out: int = 4, m: int = 7, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_in, m)), rng.standard_normal((n_out, n_in)), rng.standard_normal((n_out, m))


@all_sizes
@both_orders
def test_every_entry_is_an_input_where_the_units_agree_and_else_zero(
    n_in: int, n_out: int, m: int, order: Order
) -> None:
    A, _, _ = arrays(n_in, n_out, m)
    got = linear_jacobian(A, n_out, order)
    assert got.shape == (n_out * m, n_out * n_in)
    for row in range(n_out * m):
        k, i = np.unravel_index(row, (n_out, m), order=order)
        for column in range(n_out * n_in):
            p, j = np.unravel_index(column, (n_out, n_in), order=order)
            assert got[row, column] == (A[j, i] if k == p else 0)


@all_sizes
@both_orders
def test_the_jacobian_agrees_with_autograd(n_in: int, n_out: int, m: int, order: Order) -> None:
    A, W, _ = arrays(n_in, n_out, m)
    four_indices = autograd_jacobian(lambda W: anp.dot(W, A))(W)  # k, i, p, j
    axes = (1, 0, 3, 2) if order == "F" else (0, 1, 2, 3)
    expected = four_indices.transpose(axes).reshape(n_out * m, n_out * n_in)
    np.testing.assert_allclose(linear_jacobian(A, n_out, order), expected, rtol=1e-13, atol=0)


@both_orders
def test_each_row_agrees_with_the_complex_step(order: Order) -> None:
    A, W, Z = arrays()
    got = linear_jacobian(A, len(W), order)
    for row in range(Z.size):

        def output(W: np.ndarray, row: int = row) -> complex:
            return complex((W @ A).ravel(order)[row])

        np.testing.assert_allclose(got[row], complex_step(output, W).ravel(order), rtol=1e-13, atol=0)


@all_sizes
@both_orders
def test_its_transpose_times_a_gradient_is_what_the_layer_computes_without_it(
    n_in: int, n_out: int, m: int, order: Order
) -> None:
    A, W, G = arrays(n_in, n_out, m)
    _, dW, _ = linear_backward(G, A, W)
    long_way = linear_jacobian(A, n_out, order).T @ G.ravel(order) / m
    np.testing.assert_allclose(long_way.reshape(W.shape, order=order), dW, rtol=1e-12, atol=1e-14)


@all_sizes
@both_orders
def test_the_jacobian_by_columns_is_the_same_matrix(n_in: int, n_out: int, m: int, order: Order) -> None:
    A, W, _ = arrays(n_in, n_out, m)
    np.testing.assert_array_equal(
        jacobian_by_columns(lambda W_dot: W_dot @ A, W, order), linear_jacobian(A, n_out, order)
    )


@both_orders
def test_the_jacobian_by_columns_by_central_differences_of_something_curved(order: Order) -> None:
    A, _, _ = arrays()
    V = np.random.default_rng(1).standard_normal((2, 3))
    h = 1e-5

    def push(direction: np.ndarray) -> np.ndarray:
        return (np.tanh(V @ (A + h * direction)) - np.tanh(V @ (A - h * direction))) / (2 * h)

    got = jacobian_by_columns(push, A, order)
    four_indices = autograd_jacobian(lambda A: anp.tanh(anp.dot(V, A)))(A)
    axes = (1, 0, 3, 2) if order == "F" else (0, 1, 2, 3)
    np.testing.assert_allclose(got, four_indices.transpose(axes).reshape(got.shape), rtol=0, atol=1e-9)


def test_the_two_orders_differ_where_they_have_one_shape() -> None:
    A, W, _ = arrays()
    by_columns, by_rows = (linear_jacobian(A, len(W), order) for order in ("F", "C"))
    assert by_columns.shape == by_rows.shape
    assert not np.allclose(by_columns, by_rows)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@both_orders
def test_the_precision_of_the_arguments_is_that_of_the_results(dtype: DTypeLike, order: Order) -> None:
    A, W, _ = (array.astype(dtype) for array in arrays())
    assert linear_jacobian(A, 4, order).dtype == dtype
    assert jacobian_by_columns(lambda W_dot: W_dot @ A, W, order).dtype == dtype


def test_arguments_are_neither_changed_nor_shared() -> None:
    for n_in, n_out, m in SIZES:
        A, W, _ = arrays(n_in, n_out, m)
        before = A.copy(), W.copy()
        for order in ("F", "C"):
            assert not np.shares_memory(linear_jacobian(A, n_out, order), A)
            assert not np.shares_memory(jacobian_by_columns(lambda W_dot: W_dot @ A, W, order), W)  # noqa: B023
        np.testing.assert_array_equal(A, before[0])
        np.testing.assert_array_equal(W, before[1])


FUNCTIONS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda A: linear_jacobian(A, 4, "F"), "A_prev"),
    (lambda X: jacobian_by_columns(np.copy, X, "C"), "X"),
    (lambda moved: jacobian_by_columns(lambda _: moved, np.ones((2, 5)), "C"), "push(X_dot)"),
]


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("function", "name"), FUNCTIONS, ids=[name for _, name in FUNCTIONS])
def test_what_is_no_finite_floating_point_array_is_refused(function: Callable[[Any], Any], name: str, row: Row) -> None:
    A, _, _ = arrays()
    with refused(row[2], text_of(row, name, A)):
        function(row[1](A))


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda: linear_jacobian(np.ones(3), 4, "F"), "A_prev: expected rows × columns; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: linear_jacobian(np.ones((3, 0)), 4, "F"), "A_prev: expected rows × columns with no size 0; got 3 × 0: columns = 0."),
        (lambda: jacobian_by_columns(np.copy, np.ones(3), "F"), "X: expected rows × columns; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: jacobian_by_columns(np.ravel, np.ones((3, 2)), "F"), "push(X_dot): expected rows × columns; got shape (6,). A (6,) vector: use shape (6, 1) or (1, 6)."),
    ],
)  # fmt: skip
def test_what_is_no_matrix_is_refused(function: Callable[[], Any], text: str) -> None:
    with refused(ShapeError, text):
        function()


@pytest.mark.parametrize("n_out", [0, -1, 2.0, True, None, "4"])
def test_a_number_of_units_that_is_no_positive_whole_number_is_refused(n_out: Any) -> None:
    with refused(InputError, f"n_out: expected a positive whole number, got {n_out!r}."):
        linear_jacobian(np.ones((3, 7)), n_out, "F")


def test_a_numpy_integer_and_a_single_unit_are_welcome() -> None:
    with unenforced():
        got = linear_jacobian(np.ones((3, 7)), np.int64(1), "F")  # type: ignore[arg-type]
    np.testing.assert_array_equal(got, np.ones((7, 3)))


@pytest.mark.parametrize("order", ["K", "f", None, 0])
def test_an_order_that_ravel_does_not_have_for_us_is_refused(order: Any) -> None:
    text = f"order: expected 'F' (by columns) or 'C' (by rows), as NumPy's ravel takes it; got {order!r}."
    with refused(InputError, text):
        linear_jacobian(np.ones((3, 7)), 4, order)
    with refused(InputError, text):
        jacobian_by_columns(np.copy, np.ones((3, 7)), order)
