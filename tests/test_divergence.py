"""Both directions of the Kullback-Leibler divergence: against SciPy and three derivatives, at extreme logits, ties and zeros."""

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
from scipy.special import rel_entr

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.divergence import (
    forward_kl_from_logits,
    forward_kl_gradient,
    kl_divergence,
    reverse_kl_from_logits,
    reverse_kl_gradient,
)
from byhand.gradcheck import central_differences, complex_step
from byhand.softmax import softmax, softmax_backward

SIZES = [(4, 7), (2, 5), (3, 1), (1, 4), (1, 1)]
EXTREME = np.array([[1e4, -1e4, 0.0, 1e4], [-1e4, -1e4, 0.0, 1e4 - 1], [0.0, -1e4, 0.0, 1e4]])


def distribution(n: int, m: int, seed: int = 1) -> np.ndarray:
    Q = np.random.default_rng(seed).uniform(0.1, 1.0, (n, m))
    return Q / Q.sum(axis=0)


def data(n: int = 4, m: int = 7) -> tuple[np.ndarray, np.ndarray]:
    return np.random.default_rng(0).standard_normal((n, m)) * 2, distribution(n, m)


def forward(Z: Any, Q: Any) -> Any:
    return anp.sum(Q * (anp.log(Q) - Z + anp.log(anp.sum(anp.exp(Z), axis=0))))


def reverse(Z: Any, Q: Any) -> Any:
    A = anp.exp(Z) / anp.sum(anp.exp(Z), axis=0)
    return anp.sum(A * anp.log(A / Q))


def forward_gradient(Z: np.ndarray, Q: np.ndarray) -> np.ndarray:
    return forward_kl_gradient(softmax(Z), Q)


BOTH = [(forward, forward_kl_from_logits, forward_gradient), (reverse, reverse_kl_from_logits, reverse_kl_gradient)]
both = pytest.mark.parametrize(("anew", "losses", "gradient"), BOTH, ids=["forward", "reverse"])


@both
@pytest.mark.parametrize("size", SIZES)
def test_losses_and_gradients_agree_with_three_derivatives_entry_by_entry(
    anew: Callable[..., Any],
    losses: Callable[..., np.ndarray],
    gradient: Callable[..., np.ndarray],
    size: tuple[int, int],
) -> None:
    Z, Q = data(*size)
    expected = [anew(Z[:, [i]], Q[:, [i]]) for i in range(size[1])]
    np.testing.assert_allclose(losses(Z, Q), [expected], rtol=1e-11, atol=1e-14)
    dZ = gradient(Z, Q)
    np.testing.assert_allclose(dZ, grad(lambda Z: anew(Z, Q))(Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dZ, complex_step(lambda Z: losses(Z, Q).sum(), Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dZ, central_differences(lambda Z: losses(Z, Q).sum(), Z), rtol=0, atol=1e-7)
    np.testing.assert_allclose(dZ.sum(axis=0), 0, atol=1e-14)


@pytest.mark.parametrize("size", SIZES)
def test_the_divergence_is_that_of_scipy_in_each_direction_and_zeros_in_front_are_free(size: tuple[int, int]) -> None:
    Z, Q = data(*size)
    A, zeros = softmax(Z), Q.copy()
    zeros[0] = 0 if size[0] > 1 else 1
    zeros /= zeros.sum(axis=0)
    for P in (A, zeros):
        np.testing.assert_allclose(kl_divergence(P, Q)[0], rel_entr(P, Q).sum(axis=0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(kl_divergence(Q, A), forward_kl_from_logits(Z, Q), rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(kl_divergence(A, Q), reverse_kl_from_logits(Z, Q), rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(forward_kl_from_logits(Z, zeros), kl_divergence(zeros, A), rtol=1e-11, atol=1e-15)


def test_the_reverse_gradient_is_the_slope_of_the_divergence_sent_back_through_softmax() -> None:
    Z, Q = data()
    A = softmax(Z)
    np.testing.assert_allclose(reverse_kl_gradient(Z, Q), softmax_backward(np.log(A / Q) + 1, A), atol=1e-14)


@both
def test_equal_distributions_cost_nothing_and_send_nothing(
    anew: Callable[..., Any], losses: Callable[..., np.ndarray], gradient: Callable[..., np.ndarray]
) -> None:
    Z, _ = data()
    np.testing.assert_allclose(losses(Z, softmax(Z)), 0, atol=1e-15)
    np.testing.assert_allclose(gradient(Z, softmax(Z)), 0, atol=1e-15)


def test_at_extreme_logits_and_ties_both_directions_are_finite_and_right() -> None:
    Q = np.array([[0.5], [0.25], [0.25]]) * np.ones((1, 4))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        there, back = forward_kl_from_logits(EXTREME, Q), reverse_kl_from_logits(EXTREME, Q)
        slopes = reverse_kl_gradient(EXTREME, Q)
    entropy = -1.5 * np.log(2)
    np.testing.assert_allclose(there[0, :3], [entropy + 7500, entropy + np.log(3), entropy + np.log(3)], rtol=1e-12)
    np.testing.assert_allclose(back[0, :3], [np.log(2), *[np.log(4 / 3) - np.log(2) / 3 + 0] * 2], rtol=1e-12)
    np.testing.assert_array_equal(slopes[:, 0], 0)
    assert np.isfinite(slopes).all()


def test_keras_takes_the_wanted_distribution_first() -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    keras: Any = importlib.import_module("keras")
    Z, Q = data()
    theirs = keras.losses.KLDivergence(dtype="float64")(Q.T, softmax(Z).T)
    assert float(theirs) == pytest.approx(forward_kl_from_logits(Z, Q).mean(), rel=1e-6)


def test_pytorch_takes_log_probabilities_and_the_wanted_distribution() -> None:
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed: CONTRIBUTING says how")
    Z, Q = data()
    logs = torch.from_numpy(np.log(softmax(Z)).T.copy())
    theirs = torch.nn.KLDivLoss(reduction="batchmean")(logs, torch.from_numpy(Q.T.copy()))
    assert theirs.item() == pytest.approx(forward_kl_from_logits(Z, Q).mean(), rel=1e-12)


CALLS: dict[str, tuple[Callable[..., Any], str]] = {
    "kl": (kl_divergence, "P"),
    "forward": (forward_kl_from_logits, "Z"),
    "forward gradient": (forward_kl_gradient, "A"),
    "reverse": (reverse_kl_from_logits, "Z"),
    "reverse gradient": (reverse_kl_gradient, "Z"),
}
every = pytest.mark.parametrize(("function", "first"), CALLS.values(), ids=CALLS)


@every
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_array_is_refused_by_name(function: Callable[..., Any], first: str, row: Row) -> None:
    P, Q = distribution(4, 7, seed=3), distribution(4, 7)
    with refused(row[2], text_of(row, first, P)):
        function(row[1](P), Q)
    with refused(row[2], text_of(row, "Q", Q)):
        function(P, row[1](Q))


@every
def test_what_is_no_distribution_is_refused(function: Callable[..., Any], first: str) -> None:
    P, Q = distribution(3, 2, seed=3), distribution(3, 2)
    with refused(DomainError, "Q: expected columns that add up to 1, got 0.5 in column 1. Each example is a column."):
        function(P, Q * [[1.0, 0.5]])
    near = Q * [[1.0, 1.0009]]
    function(P, near)
    with refused(DomainError, "Q: expected columns that add up to 1, got 1.001 in column 0. Each example is a column."):
        function(P, Q * [[1.0011, 1.0]])
    negative = np.array([[0.0, 0.5], [1.25, 0.5], [-0.25, 0.0]])
    with refused(DomainError, "Q: expected probabilities, got -0.25. Are these logits?"):
        function(P, negative)
    with refused(ShapeError, "Q: expected n × m, here 3 × 2; got 2 × 3. This is the transpose: use Q.T."):
        function(P, Q.T.copy())
    with refused(DtypeError, f"Q: expected float64 like {first}, got float32. Choose one: Q.astype(np.float64)."):
        function(P, Q.astype(np.float32))


def test_a_quotient_beyond_every_float_has_a_finite_logarithm() -> None:
    P, Q = np.array([[0.5], [0.5]]), np.array([[1.0], [5e-310]])
    with np.errstate(over="raise"):
        found = kl_divergence(P, Q)
    np.testing.assert_allclose(found, [[np.log(0.5) - 0.5 * np.log(5e-310)]], rtol=1e-12)


def test_an_infinite_divergence_is_refused() -> None:
    P, Q = np.array([[0.5, 1.0], [0.5, 0.0]]), np.array([[0.5, 1.0], [0.5, 0.0]])
    kl_divergence(P, Q)
    text = (
        "Q: expected a positive number wherever P has one, got 0: the divergence is infinite there. "
        "If Q is a softmax, use forward_kl_from_logits."
    )
    with refused(DomainError, text):
        kl_divergence(P[:, ::-1], Q)
    text = (
        "Q: expected positive numbers, got 0: softmax never is 0, so this direction is infinite there. "
        "Use the forward direction, or spread a little over all classes."
    )
    for function in (reverse_kl_from_logits, reverse_kl_gradient):
        with refused(DomainError, text):
            function(P, Q)
    assert np.isfinite(forward_kl_from_logits(P, Q)).all()


@every
def test_arguments_are_not_changed_and_float32_stays_float32(function: Callable[..., Any], first: str) -> None:
    P, Q = distribution(4, 7, seed=3), distribution(4, 7)
    before = P.copy(), Q.copy()
    result = function(P, Q)
    np.testing.assert_array_equal(P, before[0])
    np.testing.assert_array_equal(Q, before[1])
    assert not np.shares_memory(result, P)
    assert not np.shares_memory(result, Q)
    P.flags.writeable = Q.flags.writeable = False
    np.testing.assert_allclose(function(np.asfortranarray(P), Q), result, rtol=1e-13, atol=1e-16)
    single = function(P.astype(np.float32), Q.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, result, rtol=1e-4, atol=1e-6)
