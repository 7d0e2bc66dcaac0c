"""Normalized columns, InfoNCE and triplets: three derivatives, SciPy, extreme lengths and similarities, ties."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import refused
from keeps import keeps_precision_and_arguments, names_a_spoiled_argument
from scipy.special import log_softmax
from sklearn.preprocessing import normalize as by_rows

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.contrastive import (
    infonce_backward,
    infonce_losses,
    normalize,
    normalize_backward,
    triplet_backward,
    triplet_losses,
)
from byhand.gradcheck import central_differences, complex_step

SIZES = [(3, 7), (4, 2), (1, 5), (3, 1), (1, 1)]
all_sizes = pytest.mark.parametrize("size", SIZES)


def columns(size: tuple[int, int], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size)


def agree(found: np.ndarray, f: Callable[[np.ndarray], Any], anew: Callable[[Any], Any], X: np.ndarray) -> None:
    """Compare a gradient with autograd on the textbook formula, and with two derivatives of the library's own."""
    assert found.shape == X.shape
    np.testing.assert_allclose(found, grad(anew)(X), rtol=0, atol=1e-11)
    np.testing.assert_allclose(found, complex_step(f, X), rtol=0, atol=1e-11)
    np.testing.assert_allclose(found, central_differences(f, X), rtol=0, atol=2e-7)


@all_sizes
def test_normalizing_agrees_with_scikit_learn_and_its_backward_step_with_three_derivatives(
    size: tuple[int, int],
) -> None:
    X, dU = columns(size), columns(size, 1)
    np.testing.assert_allclose(normalize(X), by_rows(X.T).T, rtol=1e-14)
    agree(
        normalize_backward(dU, X),
        lambda X: (dU * normalize(X)).sum(),
        lambda X: anp.sum(dU * X / anp.sqrt(anp.sum(X * X, axis=0))),
        X,
    )


def test_back_through_normalizing_is_at_a_right_angle_to_each_column() -> None:
    X, dU = columns((5, 9)) * 3, columns((5, 9), 1)
    np.testing.assert_allclose((X * normalize_backward(dU, X)).sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(normalize_backward(normalize(X), X), 0, atol=1e-15)
    np.testing.assert_allclose(normalize_backward(dU, 4 * X), normalize_backward(dU, X) / 4, rtol=1e-12)


@pytest.mark.parametrize("length", [1e-300, 1e-160, 1e160, 1e300])
def test_very_long_and_very_short_columns_keep_their_direction(length: float) -> None:
    X = np.array([[3.0], [-4.0]]) * length
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(normalize(X), [[0.6], [-0.8]], rtol=1e-15)
        found = normalize_backward(np.array([[1.0], [0.0]]), X) * length
    np.testing.assert_allclose(found, [[0.128], [0.096]], rtol=1e-12)


def test_keras_divides_by_no_less_than_a_small_number() -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    layers: Any = importlib.import_module("keras").layers
    for factor, least in ((1.0, 0.0), (1e-3, 1e-12)):  # above the small number it is our function, below another
        X = factor * np.array([[3e-11], [4e-11]])
        theirs = np.asarray(layers.UnitNormalization(dtype="float64")(X.T)).T
        np.testing.assert_allclose(theirs, X / max(5e-11 * factor, least), rtol=1e-6)
        assert np.allclose(theirs, normalize(X)) is (least == 0)


def test_a_column_of_zeros_has_no_direction() -> None:
    X = np.array([[1.0, 0.0, 0.0], [2.0, 0.0, 1.0]])
    for call in (normalize, lambda X: normalize_backward(np.ones((2, 3)), X)):
        with refused(DomainError, "X: expected columns that are not 0; column 1 has no direction."):
            call(X)


@pytest.mark.parametrize("tau", [0.2, 1, 3.0])
@all_sizes
def test_infonce_agrees_with_scipy_and_three_derivatives(size: tuple[int, int], tau: float) -> None:
    U, V = columns(size), columns(size, 1)
    losses = infonce_losses(U, V, tau)
    assert losses.shape == (1, size[1])
    np.testing.assert_allclose(losses[0], -np.diag(log_softmax(U.T @ V / tau, axis=0)), rtol=1e-12, atol=1e-15)
    dU, dV = infonce_backward(U, V, tau)

    def anew(U: Any, V: Any) -> Any:
        E = anp.exp(anp.dot(U.T, V) / tau)
        return -sum(anp.log(E[i, i] / anp.sum(E[:, i])) for i in range(size[1]))

    agree(dU, lambda U: infonce_losses(U, V, tau).sum(), lambda U: anew(U, V), U)
    agree(dV, lambda V: infonce_losses(U, V, tau).sum(), lambda V: anew(U, V), V)


def test_infonce_asks_each_v_which_u_and_not_the_other_way_round() -> None:
    U, V = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])  # both v are u⁽¹⁾
    np.testing.assert_allclose(infonce_losses(U, V), np.log(1 + np.exp([[-1.0, 1.0]])), rtol=1e-14)
    np.testing.assert_allclose(infonce_losses(V, U), [[np.log(2), np.log(2)]], rtol=1e-14)


def test_infonce_at_extreme_similarities_and_ties() -> None:
    U, V = np.array([[1e2, -1e2, 0.0]]), np.array([[1e2, -1e2, 5.0]])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(infonce_losses(U, V), [[0, 0, 500]], rtol=1e-14)
        dU, dV = infonce_backward(U, V)
        np.testing.assert_allclose(dU, [[5, 0, -5]], rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(dV, [[0, 0, 100]], rtol=1e-14, atol=1e-14)
        same = np.ones((2, 4))
        np.testing.assert_allclose(infonce_losses(same, same), np.log([[4.0, 4, 4, 4]]), rtol=1e-14)
        for gradient in infonce_backward(same, same):
            np.testing.assert_allclose(gradient, 0, atol=1e-15)


@pytest.mark.parametrize("margin", [0.5, 4])
@all_sizes
def test_triplets_agree_with_three_derivatives(size: tuple[int, int], margin: float) -> None:
    A, P, N = (columns(size, seed) for seed in range(3))
    losses = triplet_losses(A, P, N, margin)
    expected = np.linalg.norm(A - P, axis=0) ** 2 - np.linalg.norm(A - N, axis=0) ** 2 + margin
    assert losses.shape == (1, size[1])
    np.testing.assert_allclose(losses[0], np.maximum(0, expected), rtol=1e-12)
    gradients = triplet_backward(A, P, N, margin)

    def anew(A: Any, P: Any, N: Any) -> Any:
        return anp.sum(anp.maximum(0.0, anp.sum((A - P) ** 2, axis=0) - anp.sum((A - N) ** 2, axis=0) + float(margin)))

    def at(which: int, f: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda X: f(*(X if place == which else one for place, one in enumerate((A, P, N))))

    def summed(A: Any, P: Any, N: Any) -> Any:
        return triplet_losses(A, P, N, margin).sum()

    for which, (found, X) in enumerate(zip(gradients, (A, P, N), strict=True)):
        agree(found, at(which, summed), at(which, anew), X)
    np.testing.assert_allclose(sum(gradients), 0, atol=1e-14)


def test_at_the_kink_and_beyond_it_a_triplet_sends_nothing() -> None:
    A, P, N = np.zeros((1, 3)), np.ones((1, 3)), np.sqrt(np.array([[2.0, 3.0, 1.0]]))
    N[0, 0] = 2.0  # 1 − 4 + 3 is exactly 0
    dA, dP, dN = triplet_backward(A, P, N, margin=3.0)
    np.testing.assert_array_equal(dA[0, 0], 0)
    assert dP[0, 0] == dN[0, 0] == triplet_losses(A, P, N, margin=3.0)[0, 0] == 0
    assert (dP[0, 1:] == 2).all()
    np.testing.assert_array_equal(triplet_losses(A, P, P), 1)  # the usual margin
    np.testing.assert_array_equal(triplet_backward(A, P, P * 1.2)[1], 2)
    np.testing.assert_array_equal(triplet_backward(A, P, P * 1.5)[1], 0)
    far = np.full((1, 3), 1e4)
    np.testing.assert_array_equal(triplet_losses(A, P, far), 0)
    np.testing.assert_array_equal(triplet_backward(A, far, P)[0], np.full((1, 3), 2 - 2e4))


Z34 = {"U": columns((3, 7)), "V": columns((3, 7), 1)}
APN = {name: columns((3, 7), seed) for seed, name in enumerate("APN")}
CALLS: dict[str, tuple[Callable[..., Any], dict[str, np.ndarray]]] = {
    "normalize": (normalize, {"X": columns((3, 7))}),
    "normalize_backward": (normalize_backward, {"dU": columns((3, 7)), "X": columns((3, 7), 1)}),
    "infonce_losses": (infonce_losses, Z34),
    "infonce_backward": (infonce_backward, Z34),
    "triplet_losses": (triplet_losses, APN),
    "triplet_backward": (triplet_backward, APN),
}


@pytest.mark.parametrize(("call", "good"), CALLS.values(), ids=CALLS)
def test_arguments_and_precision_are_kept_and_a_spoiled_one_is_named(
    call: Callable[..., Any], good: dict[str, np.ndarray]
) -> None:
    keeps_precision_and_arguments(call, good)
    names_a_spoiled_argument(call, good)


@pytest.mark.parametrize(
    ("call", "shapes", "text"),
    [
        (normalize, ((4,),), "X: expected d × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        (normalize_backward, ((7, 4), (4, 7)), "dU: expected d × m, here 4 × 7; got 7 × 4. This is the transpose: use dU.T."),
        (infonce_losses, ((4, 7), (4, 6)), "V: expected d × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
        (infonce_backward, ((4, 7), (3, 7)), "V: expected d × m, here 4 × 7; got 3 × 7. It has 3 rows, not 4."),
        (triplet_losses, ((4, 7), (4, 7), (7, 4)), "N: expected d × m, here 4 × 7; got 7 × 4. This is the transpose: use N.T."),
        (triplet_backward, ((4, 7), (4, 1), (4, 7)), "P: expected d × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    ],
)  # fmt: skip
def test_a_shape_that_does_not_fit_is_refused(call: Any, shapes: Any, text: str) -> None:
    with refused(ShapeError, text):
        call(*(np.ones(shape) for shape in shapes))


COLD = "temperature: expected a positive finite number, got 0."


@pytest.mark.parametrize(
    ("call", "setting", "text"),
    [
        (infonce_losses, {"temperature": 0}, COLD),
        (infonce_backward, {"temperature": 0}, COLD),
        (triplet_losses, {"margin": -1.0}, "margin: expected a positive finite number, got -1.0."),
        (triplet_backward, {"margin": -1.0}, "margin: expected a positive finite number, got -1.0."),
    ],
)
def test_a_temperature_and_a_margin_that_are_none_are_refused(call: Any, setting: dict[str, float], text: str) -> None:
    count = 2 if call in (infonce_losses, infonce_backward) else 3
    with refused(DomainError, text):
        call(*[np.ones((1, 1))] * count, **setting)


def test_float32_and_float64_are_not_mixed() -> None:
    one = np.ones((1, 1))
    with refused(DtypeError, "V: expected float64 like U, got float32. Choose one: V.astype(np.float64)."):
        infonce_losses(one, one.astype(np.float32))
