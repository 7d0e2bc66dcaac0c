"""Fresh weights: their variances against Keras's and the formulas, the unrolled product against three derivatives."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.stats
from autograd import jacobian
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import complex_step
from byhand.initialisation import (
    backward_product,
    constant_weights,
    gradient_variance,
    he_normal,
    sum_variance,
    xavier_normal,
    xavier_uniform,
)

DRAWS: dict[str, tuple[Callable[..., np.ndarray], str, Callable[[int, int], float]]] = {
    "he": (he_normal, "HeNormal", lambda n_out, n_in: 2 / n_in),
    "xavier, normal": (xavier_normal, "GlorotNormal", lambda n_out, n_in: 2 / (n_in + n_out)),
    "xavier, uniform": (xavier_uniform, "GlorotUniform", lambda n_out, n_in: 2 / (n_in + n_out)),
}
each_draw = pytest.mark.parametrize(("draw", "named", "variance"), DRAWS.values(), ids=DRAWS)


@pytest.mark.parametrize("size", [(300, 200), (50, 900), (1, 40_000), (40_000, 1)])
@each_draw
def test_the_mean_is_zero_and_the_variance_that_of_the_formula(
    draw: Callable[..., np.ndarray], named: str, variance: Callable[[int, int], float], size: tuple[int, int]
) -> None:
    W = draw(*size, seed=0)
    assert W.shape == size
    deviation = np.sqrt(variance(*size))
    assert abs(W.mean()) < 5 * deviation / np.sqrt(W.size)
    assert abs(W.var() / variance(*size) - 1) < 5 * np.sqrt(2 / W.size)


@each_draw
def test_the_variance_is_that_of_keras(
    draw: Callable[..., np.ndarray], named: str, variance: Callable[[int, int], float]
) -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    keras: Any = importlib.import_module("keras")
    theirs = np.asarray(getattr(keras.initializers, named)(seed=0)((500, 120), dtype="float32"))  # inputs × outputs
    assert abs(draw(120, 500, seed=0).var() / theirs.var() - 1) < 0.05
    most = 3**0.5 if "Uniform" in named else 2 / 0.8796  # cut off at 2 deviations, which then are 0.88 of them
    assert 0.99 * most < np.abs(theirs).max() / theirs.std() < 1.01 * most


@pytest.mark.parametrize(
    ("draw", "distribution"),
    [
        (he_normal, scipy.stats.norm(scale=np.sqrt(2 / 60))),
        (xavier_normal, scipy.stats.norm(scale=np.sqrt(2 / 100))),
        (xavier_uniform, scipy.stats.uniform(-np.sqrt(6 / 100), 2 * np.sqrt(6 / 100))),
    ],
)
def test_the_weights_are_distributed_as_named(draw: Callable[..., np.ndarray], distribution: Any) -> None:
    W = draw(40, 60, seed=1).ravel()
    assert scipy.stats.kstest(W, distribution.cdf).pvalue > 0.01
    assert scipy.stats.kstest(1.2 * W, distribution.cdf).pvalue < 0.01


@each_draw
def test_a_seed_gives_the_same_weights_twice_and_a_generator_goes_on(
    draw: Callable[..., np.ndarray], named: str, variance: Callable[[int, int], float]
) -> None:
    np.testing.assert_array_equal(draw(3, 4, seed=7), draw(3, 4, seed=7))
    stream = np.random.default_rng(7)
    first, second = draw(3, 4, seed=stream), draw(3, 4, seed=stream)
    np.testing.assert_array_equal(first, draw(3, 4, seed=7))
    assert (first != second).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("draw", [he_normal, xavier_normal, xavier_uniform])
def test_the_precision_is_the_one_that_was_asked_for(draw: Callable[..., np.ndarray], dtype: DTypeLike) -> None:
    W = draw(3, 4, seed=0, dtype=dtype)
    assert W.dtype == dtype
    np.testing.assert_allclose(W, draw(3, 4, seed=0), rtol=1e-6)


def test_constant_weights_are_all_equal_and_zero_by_default() -> None:
    np.testing.assert_array_equal(constant_weights(2, 3), np.zeros((2, 3)))
    W = constant_weights(3, 1, -0.25, dtype=np.float32)
    np.testing.assert_array_equal(W, [[-0.25], [-0.25], [-0.25]])
    assert W.dtype == np.float32


# ---- variances


def test_both_variances_are_a_count_times_two_numbers() -> None:
    assert sum_variance(5, 0.3, 0.7) == pytest.approx(1.05, rel=1e-15)
    assert gradient_variance(7, 0.3, 0.5) == pytest.approx(1.05, rel=1e-15)
    assert sum_variance(3, 0, 1) == gradient_variance(3, 1, 0) == 0


@pytest.mark.parametrize("distribution", ["normal", "coins"])
def test_sums_over_many_draws_have_these_variances_and_not_those_of_the_other_side(distribution: str) -> None:
    rng, n_out, n_in, m, v = np.random.default_rng(0), 8, 5, 3, 0.4
    A, dZ = np.abs(rng.standard_normal((n_in, m))), rng.standard_normal((n_out, m)) + 1
    shape = (20_000, n_out, n_in)
    W = np.sqrt(v) * (rng.standard_normal(shape) if distribution == "normal" else 2.0 * rng.integers(0, 2, shape) - 1)
    forwards, backwards = ((W @ A) ** 2).mean(), ((W.transpose(0, 2, 1) @ dZ) ** 2).mean()
    assert abs(forwards / sum_variance(n_in, v, (A**2).mean()) - 1) < 0.02
    assert abs(backwards / gradient_variance(n_out, v, (dZ**2).mean()) - 1) < 0.02
    assert abs(forwards / sum_variance(n_out, v, (A**2).mean()) - 1) > 0.3
    assert abs(forwards / sum_variance(n_in, v, A.var()) - 1) > 0.3


# ---- the unrolled product


def network(sizes: tuple[int, ...], seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((n, before)) for before, n in pairwise(sizes)]
    return weights, rng.standard_normal((sizes[0], 1))


def run(weights: list[np.ndarray], z: Any) -> tuple[Any, list[Any]]:
    slopes = []
    for W in weights:
        slopes.append(1 - anp.tanh(z) ** 2)
        z = anp.dot(W, anp.tanh(z))
    return z, slopes


@pytest.mark.parametrize("sizes", [(4, 3), (4, 3, 5), (2, 6, 3, 5), (1, 4, 1, 3, 2), (1, 1)])
def test_the_product_is_the_transposed_jacobian_of_all_layers_between(sizes: tuple[int, ...]) -> None:
    weights, z = network(sizes)
    last, slopes = run(weights, z)
    P = backward_product(weights, slopes)
    assert P.shape == (sizes[0], sizes[-1])
    by_autograd = jacobian(lambda z: run(weights, z)[0])(z)[:, 0, :, 0]
    np.testing.assert_allclose(P, by_autograd.T, rtol=1e-12, atol=1e-14)
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)

    def forward(z: Any) -> Any:
        for W in weights:
            z = W @ jax.numpy.tanh(z)
        return z

    np.testing.assert_allclose(P, np.asarray(jax.jacobian(forward)(z))[:, 0, :, 0].T, rtol=1e-12, atol=1e-14)
    G = np.random.default_rng(1).standard_normal(last.shape)
    slope = complex_step(lambda z: (G * run(weights, z)[0]).sum(), z)
    np.testing.assert_allclose(P @ G, slope, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_product_keeps_precision_and_leaves_its_arguments_alone(dtype: DTypeLike) -> None:
    weights, z = network((2, 6, 3))
    _, slopes = run(weights, z)
    weights, slopes = [W.astype(dtype) for W in weights], [s.astype(dtype) for s in slopes]
    for array in (*weights, *slopes):
        array.flags.writeable = False
    P = backward_product(weights, slopes)
    assert P.dtype == dtype
    np.testing.assert_array_equal(backward_product([np.asfortranarray(W) for W in weights], slopes), P)
    one = backward_product(weights[:1], [np.ones_like(slopes[0])])
    assert not np.shares_memory(one, weights[0])


@pytest.mark.parametrize("spoil", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("name", "place"), [("s1", 0), ("W2", 1), ("s2", 2), ("W3", 3)])
def test_a_spoiled_factor_is_refused_by_its_name_on_the_page(name: str, place: int, spoil: Row) -> None:
    weights, z = network((2, 6, 3))
    _, slopes = run(weights, z)
    factors: list[Any] = [slopes[0], weights[0], slopes[1], weights[1]]
    text = text_of(spoil, name, factors[place])
    factors[place] = spoil[1](factors[place])
    with refused(spoil[2], text):
        backward_product(factors[1::2], factors[::2])


COUNT = "slopes: expected one for each matrix of weights, W2 to WL, and one at least; got "
REFUSED: list[tuple[Callable[[], Any], type[InputError], str]] = [
    (lambda: he_normal(0, 3, seed=0), DomainError, "n_out: expected a whole number, 1 or more, got 0."),
    (lambda: he_normal(3, 0, seed=0), DomainError, "n_in: expected a whole number, 1 or more, got 0."),
    (lambda: xavier_normal(2.0, 3, seed=0), DomainError, "n_out: expected a whole number, 1 or more, got 2.0."),  # type: ignore[arg-type]  # wrong on purpose
    (lambda: xavier_uniform(2, -3, seed=0), DomainError, "n_in: expected a whole number, 1 or more, got -3."),
    (lambda: constant_weights(0, 1), DomainError, "n_out: expected a whole number, 1 or more, got 0."),
    (lambda: constant_weights(2, 0), DomainError, "n_in: expected a whole number, 1 or more, got 0."),
    (lambda: constant_weights(2, 1, np.nan), DomainError, "value: expected a finite number, got nan."),
    (lambda: constant_weights(2, 1, dtype=np.int64), DtypeError, "dtype: expected float64 or float32, got int64."),
    (lambda: he_normal(2, 1, seed=0, dtype=np.float16), DtypeError, "dtype: expected float64 or float32, got float16."),
    (lambda: xavier_uniform(2, 1, seed=0, dtype=np.float16), DtypeError, "dtype: expected float64 or float32, got float16."),
    (lambda: sum_variance(0, 1, 1), DomainError, "n_in: expected a whole number, 1 or more, got 0."),
    (lambda: gradient_variance(0, 1, 1), DomainError, "n_out: expected a whole number, 1 or more, got 0."),
    (lambda: sum_variance(2, -1, 1), DomainError, "weight_variance: expected a finite number, 0 or more, got -1."),
    (lambda: gradient_variance(2, 1, -1), DomainError, "mean_square: expected a finite number, 0 or more, got -1."),
    (lambda: backward_product([], []), InputError, COUNT + "0 for 0."),
    (lambda: backward_product([np.ones((2, 3))], []), InputError, COUNT + "0 for 1."),
    (lambda: backward_product([np.ones((3, 2))], [np.ones((3, 1))]), ShapeError, "W2: expected n₂ × n₁, here n₂ × 3; got 3 × 2. This is the transpose: use W2.T."),
    (lambda: backward_product([np.ones((2, 3))], [np.ones((1, 3))]), ShapeError, "s1: expected n₁ × 1; got 1 × 3. This is the transpose: use s1.T."),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "text"), REFUSED)
def test_what_does_not_fit_is_refused(call: Callable[[], Any], error: type[InputError], text: str) -> None:
    with refused(error, text):
        call()
