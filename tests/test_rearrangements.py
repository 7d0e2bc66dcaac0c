"""The rearrangements: each backward step against the definition, and against the transpose of its 0/1 matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.rearrangements import (
    concatenate_backward,
    gather_backward,
    reshape_backward,
    slice_backward,
    transpose_backward,
)

INDEX = np.array([3, 0, 3, 1, 3])

# name, shape of X, forward step, backward step
Step = tuple[str, tuple[int, ...], Callable[[Any], Any], Callable[[np.ndarray], np.ndarray]]
STEPS: list[Step] = [
    ("transpose", (3, 5), lambda X: anp.transpose(X), transpose_backward),
    ("transpose a column", (3, 1), lambda X: anp.transpose(X), transpose_backward),
    ("transpose a square", (4, 4), lambda X: anp.transpose(X), transpose_backward),
    ("flatten by rows", (3, 4), lambda X: anp.reshape(X, (12, 1)), lambda G: reshape_backward(G, (3, 4))),
    ("flatten by columns", (3, 4), lambda X: anp.reshape(X, (12, 1), order="F"), lambda G: reshape_backward(G, (3, 4), "F")),
    ("reshape", (3, 4), lambda X: anp.reshape(X, (2, 6)), lambda G: reshape_backward(G, (3, 4), order="C")),
    ("reshape by columns", (3, 4), lambda X: anp.reshape(X, (6, 2), order="F"), lambda G: reshape_backward(G, (3, 4), order="F")),
    ("flatten images", (2, 3, 4, 5), lambda X: anp.reshape(X, (24, 5)), lambda G: reshape_backward(G, (2, 3, 4, 5))),
    ("flatten to one axis", (2, 3), lambda X: anp.reshape(X, (6,)), lambda G: reshape_backward(G, (2, 3))),
    ("slice rows", (5, 3), lambda X: X[1:3], lambda G: slice_backward(G, np.s_[1:3], (5, 3))),
    ("slice both", (5, 4), lambda X: X[:2, ::2], lambda G: slice_backward(G, np.s_[:2, ::2], (5, 4))),
    ("slice backwards", (5, 3), lambda X: X[::-1, -2:], lambda G: slice_backward(G, np.s_[::-1, -2:], (5, 3))),
    ("slice of an image", (4, 5, 2), lambda X: X[1:3, 2:], lambda G: slice_backward(G, np.s_[1:3, 2:], (4, 5, 2))),
    ("concatenate, above", (2, 3), lambda X: anp.concatenate([X, np.ones((4, 3))]), lambda G: concatenate_backward(G, (2, 4))[0]),
    ("concatenate, below", (2, 3), lambda X: anp.concatenate([np.ones((4, 3)), X]), lambda G: concatenate_backward(G, (4, 2))[1]),
    ("concatenate, middle", (3, 2), lambda X: anp.concatenate([np.ones((3, 1)), X, np.ones((3, 4))], axis=1),
     lambda G: concatenate_backward(G, (1, 2, 4), axis=1)[1]),
    ("concatenate, alone", (2, 3), lambda X: anp.concatenate([X]), lambda G: concatenate_backward(G, (2,))[0]),
    ("gather", (2, 4), lambda X: X[:, INDEX], lambda G: gather_backward(G, INDEX, 4)),
    ("gather without repeats", (3, 6), lambda X: X[:, INDEX[:2]], lambda G: gather_backward(G, INDEX[:2], 6)),
    ("gather unsigned", (2, 4), lambda X: X[:, INDEX], lambda G: gather_backward(G, INDEX.astype(np.uint8), 4)),
]  # fmt: skip
each_step = pytest.mark.parametrize("step", STEPS, ids=[step[0] for step in STEPS])


def upstream(step: Step) -> np.ndarray:
    _, shape, forward, _ = step
    return np.random.default_rng(1).standard_normal(forward(np.zeros(shape)).shape)


@each_step
def test_each_step_agrees_with_autograd_and_the_definition_entry_by_entry(step: Step) -> None:
    _, shape, forward, backward = step
    X, G = np.random.default_rng(0).standard_normal(shape), upstream(step)

    def loss(X: Any) -> Any:
        return anp.sum(G * forward(X))

    got = backward(G)
    assert got.shape == shape
    np.testing.assert_allclose(got, grad(loss)(X), rtol=0, atol=1e-14)
    np.testing.assert_allclose(got, complex_step(loss, X), rtol=0, atol=1e-12)
    np.testing.assert_allclose(got, central_differences(loss, X), rtol=0, atol=1e-8)


@each_step
def test_each_step_is_the_transpose_of_a_matrix_of_zeros_and_ones(step: Step) -> None:
    _, shape, forward, backward = step
    units = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    constant = forward(np.zeros(shape))
    P = np.stack([(forward(unit) - constant).ravel() for unit in units], axis=1)
    assert set(np.unique(P)) <= {0.0, 1.0}
    assert (P.sum(axis=1) <= 1).all()  # no entry of the result is a sum
    G = upstream(step)
    np.testing.assert_allclose(backward(G).ravel(), P.T @ G.ravel(), rtol=1e-13)


@each_step
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_precision_of_the_argument_is_that_of_the_result(step: Step, dtype: DTypeLike) -> None:
    assert step[3](upstream(step).astype(dtype)).dtype == np.dtype(dtype)


@each_step
@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray], ids=["C", "Fortran"])
def test_the_argument_is_neither_changed_nor_shared(step: Step, layout: Callable[[np.ndarray], np.ndarray]) -> None:
    G = layout(upstream(step))
    G.flags.writeable = False
    got = step[3](G)
    assert not np.shares_memory(got, G)
    assert got.flags.writeable
    np.testing.assert_array_equal(got, step[3](upstream(step)))


def test_the_two_orders_of_a_reshape_differ() -> None:
    G = np.arange(6.0).reshape(6, 1)
    assert not np.array_equal(reshape_backward(G, (2, 3), "C"), reshape_backward(G, (2, 3), "F"))


def test_repeats_add_where_plus_equals_would_drop_them() -> None:
    G = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    index = np.array([2, 2, 0])
    dropped = np.zeros((2, 4))
    dropped[:, index] += G
    np.testing.assert_array_equal(gather_backward(G, index, 4), [[4, 0, 3, 0], [32, 0, 24, 0]])
    np.testing.assert_array_equal(dropped, [[4, 0, 2, 0], [32, 0, 16, 0]])


def test_all_pieces_together_are_the_whole() -> None:
    G = np.random.default_rng(0).standard_normal((6, 7))
    for axis, sizes in ((0, (1, 3, 2)), (1, (4, 1, 2))):
        pieces = concatenate_backward(G, sizes, axis)  # type: ignore[arg-type]
        assert [piece.shape[axis] for piece in pieces] == list(sizes)
        np.testing.assert_array_equal(np.concatenate(pieces, axis=axis), G)


BACKWARD: list[tuple[str, Callable[[Any], Any]]] = [
    ("transpose", transpose_backward),
    ("reshape", lambda G: reshape_backward(G, (15, 1))),
    ("slice", lambda G: slice_backward(G, np.s_[1:4], (6, 5))),
    ("concatenate", lambda G: concatenate_backward(G, (1, 2))),
    ("gather", lambda G: gather_backward(G, INDEX, 4)),
]


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("_", "backward"), BACKWARD)
def test_a_spoiled_argument_is_refused_by_name(_: str, backward: Callable[[Any], Any], row: Row) -> None:
    G = np.random.default_rng(0).standard_normal((3, 5))
    with refused(row[2], text_of(row, "G", G)):
        backward(row[1](G))


@pytest.mark.parametrize(("_", "backward"), BACKWARD)
def test_nothing_at_all_is_refused(_: str, backward: Callable[[Any], Any]) -> None:
    with refused(ShapeError, "G: expected at least one entry, got shape (3, 0)."):
        backward(np.zeros((3, 0)))


ones: Any = np.ones
UNFIT: list[tuple[Callable[[], Any], type[InputError], str]] = [
    (lambda: transpose_backward(ones(4)), ShapeError,
     "G: expected m × n; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    (lambda: reshape_backward(ones((6, 1)), (2, 4)), ShapeError,
     "shape: expected 6 entries like G, whose shape is (6, 1); got (2, 4)."),
    (lambda: reshape_backward(ones((6, 1)), (2, -1)), ShapeError,
     "shape: expected a tuple of positive whole numbers, got (2, -1)."),
    (lambda: reshape_backward(ones((6, 1)), (3, 2.0)), ShapeError,  # type: ignore[arg-type]
     "shape: expected a tuple of positive whole numbers, got (3, 2.0)."),
    (lambda: reshape_backward(ones((6, 1)), 6), ShapeError,  # type: ignore[arg-type]
     "shape: expected a tuple of positive whole numbers, got 6."),
    (lambda: reshape_backward(ones((6, 1)), (2, 3), "A"), InputError,  # type: ignore[arg-type]
     "order: expected \"C\" (row by row) or \"F\" (column by column), got 'A'."),
    (lambda: slice_backward(ones((2, 3)), np.s_[1:4], (5, 3)), ShapeError,
     "G: expected the shape of the slice slice(1, 4, None) of (5, 3); got (2, 3)."),
    (lambda: slice_backward(ones((2, 3)), np.s_[:, :, :], (2, 3)), ShapeError,
     "G: expected the shape of the slice (slice(None, None, None), slice(None, None, None), slice(None, None, None)) of (2, 3); got (2, 3)."),
    (lambda: slice_backward(ones((2, 3)), np.s_[:2], (0, 3)), ShapeError,
     "shape: expected a tuple of positive whole numbers, got (0, 3)."),
    (lambda: slice_backward(ones((2, 3)), ([0, 2],), (5, 3)), DtypeError,  # type: ignore[arg-type]
     "cut: expected slices, such as np.s_[1:3, :], got ([0, 2],). For indices use gather_backward."),
    (lambda: slice_backward(ones((2, 3)), np.s_[:2, 1], (5, 3)), DtypeError,  # type: ignore[arg-type]
     "cut: expected slices, such as np.s_[1:3, :], got (slice(None, 2, None), 1). For indices use gather_backward."),
    (lambda: concatenate_backward(ones((5, 2)), (2, 2)), ShapeError,
     "sizes: expected a sum of 5, the length of axis 0 of G; got (2, 2)."),
    (lambda: concatenate_backward(ones((5, 2)), (2, 3), axis=1), ShapeError,
     "sizes: expected a sum of 2, the length of axis 1 of G; got (2, 3)."),
    (lambda: concatenate_backward(ones((5, 2)), (5, 0)), ShapeError,
     "sizes: expected a tuple of positive whole numbers, got (5, 0)."),
    (lambda: concatenate_backward(ones((5, 2)), (2, 3), axis=2), InputError,  # type: ignore[arg-type]
     "axis: expected 0 (rows) or 1 (columns), got 2."),
    (lambda: concatenate_backward(ones(5), (2, 3)), ShapeError,
     "G: expected n × m; got shape (5,). A (5,) vector: use shape (5, 1) or (1, 5)."),
    (lambda: gather_backward(ones(5), INDEX, 4), ShapeError,
     "G: expected n × m; got shape (5,). A (5,) vector: use shape (5, 1) or (1, 5)."),
    (lambda: gather_backward(ones((2, 5)), INDEX[:3], 4), ShapeError,
     "index: expected one for each of the 5 columns of G; got shape (3,)."),
    (lambda: gather_backward(ones((2, 5)), INDEX.reshape(1, 5), 4), ShapeError,
     "index: expected one for each of the 5 columns of G; got shape (1, 5)."),
    (lambda: gather_backward(ones((2, 5)), INDEX.astype(float), 4), DtypeError,
     "index: expected a NumPy array of integers, got float64."),
    (lambda: gather_backward(ones((2, 5)), INDEX.tolist(), 4), DtypeError,
     "index: expected a NumPy array of integers, got list."),
    (lambda: gather_backward(ones((2, 5)), INDEX, 3), DomainError, "index: expected 0 to 2, got 3 at index[0]."),
    (lambda: gather_backward(ones((2, 5)), np.array([0, 1, -1, 2, -2]), 3), DomainError,
     "index: expected 0 to 2, got -1 at index[2]."),
    (lambda: gather_backward(ones((2, 5)), INDEX, 0), InputError, "count: expected a positive whole number, got 0."),
    (lambda: gather_backward(ones((2, 5)), INDEX, 4.0), InputError,  # type: ignore[arg-type]
     "count: expected a positive whole number, got 4.0."),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "text"), UNFIT)
def test_what_does_not_fit_is_refused_with_what_was_expected(
    call: Callable[[], Any], error: type[InputError], text: str
) -> None:
    with refused(error, text):
        call()


def test_a_table_of_one_column_gathers_everything() -> None:
    G = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, 1.0]])
    assert gather_backward(G, np.zeros(3, dtype=int), count=1).tolist() == [[7], [2]]
