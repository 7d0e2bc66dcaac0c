"""Activations with kinks, and those that take a number: the slope that is chosen, PReLU and its learned slope."""

from __future__ import annotations

import importlib
import os
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.activations import (
    Activation,
    elu,
    elu_with,
    hard_swish,
    leaky_relu,
    prelu_backward,
    prelu_forward,
    relu,
    selu,
)
from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step

SIZES = [(4, 7), (3, 2), (4, 1), (1, 6), (1, 1)]


@pytest.mark.parametrize(
    ("g", "z", "left", "chosen", "right"),
    [
        (relu, 0.0, 0, 0, 1),
        (leaky_relu, 0.0, 0.01, 0.01, 1),
        (elu_with(0.5), 0.0, 0.5, 0.5, 1),
        (selu, 0.0, 1.0507009873554805 * 1.6732632423543772, 1.7580993408473766, 1.0507009873554805),
        (hard_swish, -3.0, 0, 0, -0.5),
        (hard_swish, 3.0, 1.5, 1, 1),
        (elu, 0.0, 1, 1, 1),
    ],
)
def test_at_a_kink_the_documented_slope_is_chosen(
    g: Activation, z: float, left: float, chosen: float, right: float
) -> None:
    assert (z in g.kinks) is (left != right)
    h = 1e-7
    around = g(np.array([z - h, z, z + h]))
    np.testing.assert_allclose(np.diff(around) / h, [left, right], atol=1e-6)
    np.testing.assert_allclose(g.prime(np.array([z])), chosen, rtol=1e-15)


def test_at_0_jax_and_keras_choose_0_for_relu_but_not_for_all_that_looks_like_it() -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    jax: Any = importlib.import_module("jax")
    keras: Any = importlib.import_module("keras")
    assert float(jax.grad(jax.nn.relu)(0.0)) == relu.prime(np.zeros(1)).item() == 0
    assert float(jax.grad(lambda z: keras.activations.relu(z))(0.0)) == 0
    assert float(jax.grad(lambda z: jax.numpy.maximum(0, z))(0.0)) == 0.5
    assert float(jax.grad(lambda z: jax.nn.leaky_relu(z, 0.25))(0.0)) == 1


def test_selu_keeps_mean_0_and_variance_1_of_a_normal_distribution_only() -> None:
    z, step = np.linspace(-12, 12, 200_001, retstep=True)
    weight = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * step
    mean = (weight * selu(z)).sum()
    assert abs(mean) < 1e-6
    assert (weight * selu(z) ** 2).sum() - mean**2 == pytest.approx(1, abs=1e-6)
    two_values = selu(np.array([-1.0, 1.0]))  # mean 0 and variance 1 as well
    assert abs(two_values.mean()) > 0.02
    assert abs(two_values.var() - 1) > 0.1


@pytest.mark.parametrize("alpha", [0.5, 1, 2.5, np.float64(0.3)])
def test_an_elu_has_the_limit_that_was_asked_for(alpha: float) -> None:
    g, Z = elu_with(alpha), np.array([[-1e4, -1.0, 0.0, 2.0]])
    np.testing.assert_allclose(g(Z), [[-alpha, alpha * (np.exp(-1) - 1), 0, 2]], rtol=1e-15)
    np.testing.assert_allclose(g.prime(Z), [[0, alpha * np.exp(-1), alpha, 1]], rtol=1e-15)
    np.testing.assert_allclose(g.prime_from_output(g(Z)), g.prime(Z), rtol=1e-14)
    assert (g.name, g.values, g.kinks) == ("elu", (-alpha, np.inf), () if alpha == 1 else (0.0,))
    assert g(Z.astype(np.float32)).dtype == g.prime(Z.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("alpha", [0, -1.0, np.inf, np.nan])
def test_an_elu_that_falls_is_refused(alpha: float) -> None:
    with refused(DomainError, f"alpha: expected a positive finite number, got {alpha!r}."):
        elu_with(alpha)


def test_elu_keeps_its_precision_close_to_0() -> None:
    Z = np.array([-1e-20, -1e-10, 1e-20])
    np.testing.assert_allclose(elu(Z), [-1e-20, -1e-10 + 5e-21, 1e-20], rtol=1e-15)


# ---- PReLU


def arrays(n: int = 4, m: int = 7, shared: bool = False, dtype: DTypeLike = np.float64) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    Z, dA = rng.standard_normal((n, m)), rng.standard_normal((n, m))
    Z += 0.1 * np.sign(Z)
    alpha = rng.standard_normal((1 if shared else n, 1))
    return {name: array.astype(dtype) for name, array in (("dA", dA), ("Z", Z), ("alpha", alpha))}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("n", "m"), SIZES)
def test_prelu_agrees_with_three_derivatives_entry_by_entry(n: int, m: int, shared: bool) -> None:
    q = arrays(n, m, shared)

    def loss(Z: Any, alpha: Any) -> Any:
        return anp.sum(q["dA"] * anp.where(anp.real(Z) > 0, Z, alpha * Z))

    np.testing.assert_allclose(
        prelu_forward(q["Z"], q["alpha"]), np.maximum(q["Z"], 0) + q["alpha"] * np.minimum(q["Z"], 0)
    )
    dZ, dalpha = prelu_backward(**q)
    of_z, of_alpha = (lambda Z: loss(Z, q["alpha"])), (lambda alpha: loss(q["Z"], alpha) / m)
    for got, f, at in ((dZ, of_z, q["Z"]), (dalpha, of_alpha, q["alpha"])):
        assert got.shape == at.shape
        for wanted in (grad(f)(at), complex_step(f, at), central_differences(f, at)):
            np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-8)


def test_at_0_the_slope_of_prelu_is_the_learned_one_and_nothing_reaches_alpha() -> None:
    dZ, dalpha = prelu_backward(np.array([[5.0]]), np.array([[0.0]]), np.array([[0.3]]))
    assert (dZ.item(), dalpha.item()) == (1.5, 0.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_prelu_keeps_precision_and_arguments(dtype: DTypeLike) -> None:
    q = arrays(dtype=dtype)
    for array in q.values():
        array.flags.writeable = False
    results = (prelu_forward(q["Z"], q["alpha"]), *prelu_backward(**q))
    for found in results:
        assert found.dtype == dtype
        assert not any(np.shares_memory(found, array) for array in q.values())


@pytest.mark.parametrize("spoil", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize("name", ["dA", "Z", "alpha"])
def test_a_spoiled_argument_of_prelu_is_refused_by_name(name: str, spoil: Row) -> None:
    q = arrays()
    with refused(spoil[2], text_of(spoil, name, q[name])):
        prelu_backward(**q | {name: spoil[1](q[name])})
    if name != "dA":
        with refused(spoil[2], text_of(spoil, name, q[name])):
            prelu_forward(**{key: spoil[1](q[key]) if key == name else q[key] for key in ("Z", "alpha")})


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        ("alpha", (1, 4), "alpha: expected n × 1, here 4 × 1; got 1 × 4. This is the transpose: use alpha.T."),
        ("alpha", (3, 1), "alpha: expected n × 1, here 4 × 1; got 3 × 1. It has 3 rows, not 4."),
        ("alpha", (4,), "alpha: expected n × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
        ("dA", (4, 6), "dA: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(name: str, shape: tuple[int, ...], text: str) -> None:
    with refused(ShapeError, text):
        prelu_backward(**arrays() | {name: np.ones(shape)})


def test_float32_and_float64_are_not_mixed() -> None:
    with refused(DtypeError, "alpha: expected float64 like Z, got float32. Choose one: alpha.astype(np.float64)."):
        prelu_forward(np.ones((1, 1)), np.ones((1, 1), np.float32))
