"""The two terms of a variational autoencoder: three derivatives, SciPy's entropies, extreme variances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.stats as stats
from autograd import grad
from boundary import refused
from keeps import keeps_precision_and_arguments, names_a_spoiled_argument
from numpy.typing import DTypeLike
from scipy.integrate import quad

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.latent import kl_gradients, kl_losses, reparametrize, reparametrize_backward

SIZES = [(3, 7), (4, 2), (1, 5), (3, 1), (1, 1)]
all_sizes = pytest.mark.parametrize("size", SIZES)


def arrays(size: tuple[int, int], count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal(size) for _ in range(count)]


def agree(found: np.ndarray, f: Callable[[np.ndarray], Any], anew: Callable[[Any], Any], X: np.ndarray) -> None:
    assert found.shape == X.shape
    np.testing.assert_allclose(found, grad(anew)(X), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found, complex_step(f, X), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found, central_differences(f, X), rtol=0, atol=1e-7)


@all_sizes
def test_the_noise_lets_the_gradient_through(size: tuple[int, int]) -> None:
    mu, log_variance, noise, dZ = arrays(size, 4)
    np.testing.assert_allclose(
        reparametrize(mu, log_variance, noise), mu + np.sqrt(np.exp(log_variance)) * noise, rtol=1e-13, atol=1e-15
    )
    dmu, dlog = reparametrize_backward(dZ, log_variance, noise)
    agree(
        dmu, lambda mu: (dZ * reparametrize(mu, log_variance, noise)).sum(),
        lambda mu: anp.sum(dZ * (mu + anp.exp(log_variance / 2) * noise)), mu,
    )  # fmt: skip
    agree(
        dlog, lambda s: (dZ * reparametrize(mu, s, noise)).sum(),
        lambda s: anp.sum(dZ * (mu + anp.sqrt(anp.exp(s)) * noise)), log_variance,
    )  # fmt: skip


@all_sizes
def test_the_gradients_of_the_divergence_agree_with_three_derivatives(size: tuple[int, int]) -> None:
    mu, log_variance = arrays(size, 2)
    losses = kl_losses(mu, log_variance)
    variance = np.exp(log_variance)
    assert losses.shape == (1, size[1])
    expected = (mu**2 + variance - 1 - np.log(variance)).sum(axis=0) / 2
    np.testing.assert_allclose(losses[0], expected, rtol=1e-12)
    dmu, dlog = kl_gradients(mu, log_variance)
    agree(dmu, lambda mu: kl_losses(mu, log_variance).sum(), lambda mu: anp.sum(mu * mu) / 2, mu)
    agree(
        dlog,
        lambda s: kl_losses(mu, s).sum(),
        lambda s: anp.sum(mu * mu + anp.exp(s) - 1 - s) / 2,
        log_variance,
    )


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (1.5, 0.3), (-2.0, 2.5)])
def test_the_closed_form_is_the_integral(mean: float, variance: float) -> None:
    q, p = stats.norm(mean, np.sqrt(variance)), stats.norm()
    integral, _ = quad(lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), mean - 12, mean + 12, epsabs=1e-11)
    found = kl_losses(np.array([[mean]]), np.log(np.array([[variance]]))).item()
    assert found == pytest.approx(integral, rel=1e-8, abs=1e-10)


def test_near_the_standard_normal_the_divergence_keeps_its_digits_and_is_never_negative() -> None:
    s = np.array([[0.0, 1e-9, -1e-9, 1e-5, -1e-5]])
    found = kl_losses(np.zeros_like(s), s)
    assert (found >= 0).all()
    np.testing.assert_allclose(found[0, 3:], (s**2 / 4 + s**3 / 12)[0, 3:], rtol=1e-5)
    np.testing.assert_allclose(kl_gradients(np.zeros_like(s), s)[1], s / 2 + s**2 / 4 + s**3 / 12, rtol=1e-12)


def test_at_extreme_arguments_nothing_warns() -> None:
    mu, s = np.array([[1e4, -1e4, 0.0]]), np.array([[-1e4, 700.0, -745.0]])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(
            kl_losses(mu, s), [[(1e8 + 1e4 - 1) / 2, (1e8 + np.exp(700.0) - 701) / 2, 372]], rtol=1e-13
        )
        dmu, dlog = kl_gradients(mu, s)
        np.testing.assert_array_equal(dmu, mu)
        np.testing.assert_allclose(dlog, [[-0.5, np.exp(700.0) / 2, -0.5]], rtol=1e-13)
        np.testing.assert_allclose(reparametrize(mu, s, np.ones((1, 3))), mu + np.exp(s / 2), rtol=1e-13)


LARGE = "log_variance: expected numbers up to {} in {}, got {}. Is it the variance itself? Then take its logarithm."


@pytest.mark.parametrize(
    ("dtype", "once", "half"), [(np.float64, "709.783", "1419.57"), (np.float32, "88.7228", "177.446")]
)
def test_a_variance_beyond_every_float_is_refused(dtype: DTypeLike, once: str, half: str) -> None:
    one, huge = np.ones((1, 1), dtype), np.full((1, 1), 1e4, dtype)
    name = str(one.dtype)
    for call in (kl_losses, kl_gradients):
        with refused(DomainError, LARGE.format(once, name, 10000.0)):
            call(one, huge)
    with refused(DomainError, LARGE.format(half, name, 10000.0)):
        reparametrize(one, huge, one)
    with refused(DomainError, LARGE.format(half, name, 10000.0)):
        reparametrize_backward(one, huge, one)


NAMES: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "reparametrize": (reparametrize, ("mu", "log_variance", "noise")),
    "reparametrize_backward": (reparametrize_backward, ("dZ", "log_variance", "noise")),
    "kl_losses": (kl_losses, ("mu", "log_variance")),
    "kl_gradients": (kl_gradients, ("mu", "log_variance")),
}
each = pytest.mark.parametrize(("call", "names"), NAMES.values(), ids=NAMES)


@each
def test_arguments_and_precision_are_kept_and_a_spoiled_one_is_named(
    call: Callable[..., Any], names: tuple[str, ...]
) -> None:
    good = dict(zip(names, arrays((3, 7), len(names)), strict=True))
    keeps_precision_and_arguments(call, good)
    names_a_spoiled_argument(call, good)


@each
def test_shapes_and_precisions_that_do_not_fit_are_refused(call: Callable[..., Any], names: tuple[str, ...]) -> None:
    first = "log_variance" if call is reparametrize_backward else "mu"
    other = next(name for name in reversed(names) if name != first)
    given = {name: np.zeros((3, 7)) for name in names}
    with refused(ShapeError, f"{other}: expected d × m, here 3 × 7; got 7 × 3. This is the transpose: use {other}.T."):
        call(**given | {other: np.zeros((7, 3))})
    with refused(
        DtypeError,
        f"{other}: expected float64 like {first}, got float32. Choose one: {other}.astype(np.float64).",
    ):
        call(**given | {other: np.zeros((3, 7), np.float32)})
