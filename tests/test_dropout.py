"""Inverted dropout: against three derivatives and Keras's own, its mask frozen; shapes, precision and refusals."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.dropout import dropout_backward, dropout_forward, dropout_mask
from byhand.gradcheck import central_differences, complex_step

SIZES = [(4, 7), (3, 2), (4, 1), (1, 6), (1, 1)]


def numbers(size: tuple[int, int] = (4, 7), seed: int = 0, dtype: DTypeLike = np.float64) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size).astype(dtype)


@pytest.mark.parametrize("keep", [0.2, 0.7, 1])
@pytest.mark.parametrize("size", SIZES)
def test_back_agrees_with_three_derivatives_entry_by_entry(size: tuple[int, int], keep: float) -> None:
    A, G, D = numbers(size), numbers(size, 1), dropout_mask(*size, keep, seed=2)

    def by_autograd(A: Any) -> Any:
        return anp.sum(G * (A * D / keep))

    def loss(A: np.ndarray) -> Any:
        return (G * dropout_forward(A, D, keep)).sum()

    got = dropout_backward(G, D, keep)
    assert got.shape == size
    np.testing.assert_allclose(dropout_forward(A, D, keep), A * D / keep, rtol=1e-15)
    np.testing.assert_allclose(got, grad(by_autograd)(A), rtol=1e-14)
    np.testing.assert_allclose(got, complex_step(loss, A), rtol=1e-13)
    np.testing.assert_allclose(got, central_differences(loss, A), rtol=0, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_forward_and_back_are_those_of_keras_for_the_mask_that_it_drew(scale: float) -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    keras: Any = importlib.import_module("keras")
    A, G, keep = scale * numbers((6, 9)), numbers((6, 9), 1), 0.6

    def theirs(A: Any) -> Any:
        return keras.random.dropout(A, rate=1 - keep, seed=5)

    found, back = jax.vjp(theirs, A)
    D = (np.asarray(found) != 0).astype(float)
    assert 0 < D.mean() < 1
    np.testing.assert_allclose(dropout_forward(A, D, keep), np.asarray(found), rtol=1e-7)  # its rate is float32
    np.testing.assert_allclose(dropout_backward(G, D, keep), np.asarray(back(G)[0]), rtol=1e-7)


def test_the_mask_keeps_the_share_that_was_asked_for_and_the_mean_of_what_passes() -> None:
    for keep in (0.1, 0.5, 0.9):
        D = dropout_mask(200, 500, keep, seed=0)
        assert abs(D.mean() - keep) < 5 * np.sqrt(keep * (1 - keep) / D.size)
        assert set(np.unique(D)) == {0.0, 1.0}
        assert abs(dropout_forward(np.full(D.shape, 3.0), D, keep).mean() - 3) < 15 * np.sqrt(
            (1 - keep) / keep / D.size
        )
    assert dropout_mask(20, 50, 1, seed=0).all()


def test_a_seed_gives_the_same_mask_twice_and_a_generator_goes_on() -> None:
    np.testing.assert_array_equal(dropout_mask(4, 7, 0.5, seed=1), dropout_mask(4, 7, 0.5, seed=1))
    stream = np.random.default_rng(1)
    first, second = dropout_mask(4, 7, 0.5, seed=stream), dropout_mask(4, 7, 0.5, seed=stream)
    np.testing.assert_array_equal(first, dropout_mask(4, 7, 0.5, seed=1))
    assert (first != second).any()
    assert dropout_mask(3, 2, 0.5, seed=0).shape == (3, 2)


def test_what_is_dropped_is_zero_and_not_minus_zero() -> None:
    found = dropout_forward(np.array([[-5.0, -5.0]]), np.array([[0, 1]]), 0.5)
    np.testing.assert_array_equal(found, [[0, -10]])
    assert not np.signbit(found[0, 0])


@pytest.mark.parametrize("kind", [bool, np.int64, np.uint8, np.float32, np.float64])
def test_the_mask_may_hold_booleans_integers_or_floats(kind: DTypeLike) -> None:
    D = dropout_mask(4, 7, 0.5, seed=1)
    for dtype in (np.float32, np.float64):
        found = dropout_forward(numbers(dtype=dtype), D.astype(kind), 0.5)
        assert found.dtype == dtype
        np.testing.assert_array_equal(found == 0, D == 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_mask_has_the_precision_that_was_asked_for(dtype: DTypeLike) -> None:
    assert dropout_mask(2, 3, 0.5, seed=0, dtype=dtype).dtype == dtype


@pytest.mark.parametrize("call", [dropout_forward, dropout_backward])
def test_arguments_are_neither_changed_nor_shared_and_layouts_do_not_matter(call: Callable[..., Any]) -> None:
    A, D = numbers(), dropout_mask(4, 7, 0.5, seed=1)
    plain = call(A, D, 0.5)
    A.flags.writeable = D.flags.writeable = False
    for first, mask in ((A, D), (np.asfortranarray(A), np.repeat(D, 2, axis=1)[:, ::2])):
        found = call(first, mask, 0.5)
        np.testing.assert_array_equal(found, plain)
        assert not np.shares_memory(found, first)
    assert not np.shares_memory(call(A, np.ones(A.shape), 1), A)


@pytest.mark.parametrize("spoil", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("call", "name"), [(dropout_forward, "A"), (dropout_backward, "dA_dropped")])
def test_a_spoiled_argument_is_refused_by_name(call: Callable[..., Any], name: str, spoil: Row) -> None:
    with refused(spoil[2], text_of(spoil, name, numbers())):
        call(spoil[1](numbers()), np.ones((4, 7)), 0.5)


SCALED = "D: expected zeros and ones, a mask; the division by p is done here."


@pytest.mark.parametrize(
    ("D", "keep", "error", "text"),
    [
        (np.ones((4, 6)), 0.5, ShapeError, "D: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
        (np.ones((4, 1)), 0.5, ShapeError, "D: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
        (np.ones((7, 4)), 0.5, ShapeError, "D: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use D.T."),
        (np.ones((4, 7)).tolist(), 0.5, DtypeError, "D: expected a NumPy array, got list. Wrap it: D = np.array(D, float)."),
        (np.ones((4, 7)) * 1j, 0.5, DtypeError, "D: expected real labels (float, integer or boolean), got complex128."),
        (np.ones((4, 7)) / 0.5, 0.5, DomainError, SCALED),
        (np.full((4, 7), np.nan), 0.5, DomainError, SCALED),
        (np.ones((4, 7)), 0, DomainError, "keep: expected a positive finite number, got 0."),
        (np.ones((4, 7)), 50, DomainError, "keep: expected a probability, above 0 and at most 1, got 50."),
    ],
)  # fmt: skip
def test_a_mask_or_a_probability_that_does_not_fit_is_refused(
    D: Any, keep: float, error: type[InputError], text: str
) -> None:
    with refused(error, text):
        dropout_backward(numbers(), D, keep)


@pytest.mark.parametrize(
    ("arguments", "more", "error", "text"),
    [
        ((0, 2, 0.5), {}, DomainError, "n: expected a whole number, 1 or more, got 0."),
        ((2, 0, 0.5), {}, DomainError, "m: expected a whole number, 1 or more, got 0."),
        ((2, 3, 1.5), {}, DomainError, "keep: expected a probability, above 0 and at most 1, got 1.5."),
        ((2, 3, 0.5), {"dtype": np.int64}, DtypeError, "dtype: expected float64 or float32, got int64."),
    ],
)
def test_a_mask_that_cannot_be_drawn_is_refused(
    arguments: tuple[Any, ...], more: dict[str, Any], error: type[InputError], text: str
) -> None:
    with refused(error, text):
        dropout_mask(*arguments, seed=0, **more)
