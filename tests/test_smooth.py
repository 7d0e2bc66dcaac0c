"""The whole table of activations: each row against SciPy or exact decimals, differences, autograd and the complex step."""

from __future__ import annotations

import importlib
import math
import os
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special as scipy
from autograd import elementwise_grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of

from byhand import activations as table
from byhand.activations import ACTIVATIONS, Activation
from byhand.checks import DomainError, InputError
from byhand.smooth import _density, _distribution

rows = pytest.mark.parametrize("g", ACTIVATIONS, ids=lambda g: g.name)
everywhere = pytest.mark.parametrize(
    "g", [g for g in ACTIVATIONS if g.name not in ("exp", "log", "square")], ids=lambda g: g.name
)
FROM_OUTPUT = [g for g in ACTIVATIONS if g.derivative_from_output is not None]
NUMBERS = Context(prec=50)

SHIFT = float(np.sqrt(2 / np.pi))
ANEW: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": lambda z: anp.tanh(z),
    "relu": lambda z: anp.maximum(z, 0),
    "leaky_relu": lambda z: anp.maximum(z, 0.01 * z),
    "elu": lambda z: anp.where(z > 0, z, anp.exp(z) - 1),
    "selu": lambda z: 1.0507009873554805 * anp.where(z > 0, z, 1.6732632423543772 * (anp.exp(z) - 1)),
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "softsign": lambda z: z / (1 + anp.abs(z)),
    "silu": lambda z: z / (1 + anp.exp(-z)),
    "gelu_tanh": lambda z: 0.5 * z * (1 + anp.tanh(SHIFT * (z + 0.044715 * z**3))),
    "mish": lambda z: z * anp.tanh(anp.log(1 + anp.exp(z))),
    "hard_swish": lambda z: z * anp.minimum(anp.maximum(z + 3, 0), 6) / 6,
    "sin": lambda z: anp.sin(z),
    "exp": lambda z: anp.exp(z),
    "log": lambda z: anp.log(z),
    "square": lambda z: z**2,
}


def numbers(g: Activation, seed: int = 0) -> np.ndarray:
    """Return numbers of both signs where both are allowed, none near a kink."""
    Z = np.random.default_rng(seed).standard_normal((4, 7)) * 3
    Z = Z + np.sign(Z) * 0.1
    for kink in g.kinks:
        Z = np.where(np.abs(Z - kink) < 0.05, kink + 0.1, Z)
    return np.abs(Z) if g.name == "log" else Z


def test_the_table_holds_every_activation_once_and_each_name_leads_to_its_row() -> None:
    names = [g.name for g in ACTIVATIONS]
    assert set(names) == set(ANEW) | {"gelu"}
    assert len(names) == len(set(names))
    assert all(getattr(table, g.name) is g for g in ACTIVATIONS)
    assert {name for name in vars(table) if isinstance(vars(table)[name], Activation)} == set(names)


@rows
def test_value_and_slope_agree_with_the_textbook_formula_under_autograd(g: Activation) -> None:
    if g.name == "gelu":
        return  # against SciPy, below
    Z = numbers(g)
    np.testing.assert_allclose(g(Z), ANEW[g.name](Z), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(g.prime(Z), elementwise_grad(ANEW[g.name])(Z), rtol=1e-10, atol=1e-12)


@rows
def test_the_slope_agrees_with_its_definition_by_differences(g: Activation) -> None:
    Z = numbers(g, 1)
    h = 1e-6 * np.maximum(1, np.abs(Z)) if g.name != "log" else 1e-6 * Z
    slope = (g(Z + h) - g(Z - h)) / (2 * h)
    np.testing.assert_allclose(g.prime(Z), slope, rtol=2e-8, atol=1e-9)


@rows
def test_the_complex_step_passes_through_at_0_and_at_kinks_too(g: Activation) -> None:
    special = [1.0] if g.name == "log" else [0.0, -0.0, *g.kinks]
    Z, h = np.concatenate([numbers(g, 2).ravel(), special]), 1e-20
    for step in (h, -h):
        found = g(Z + 1j * step)
        np.testing.assert_allclose(found.real, g(Z), rtol=4e-15, atol=1e-30)
        if g.name != "hard_swish":  # its slope at a kink is that of the outer side, by choice
            np.testing.assert_allclose(found.imag / step, g.prime(Z), rtol=1e-12, atol=1e-14)


@rows
def test_the_slope_of_the_slope_passes_the_complex_step_too(g: Activation) -> None:
    Z, h = numbers(g, 3), 1e-6
    differences = (g.prime(Z + h) - g.prime(Z - h)) / (2 * h)
    np.testing.assert_allclose(g.prime(Z + 1e-20j).imag / 1e-20, differences, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("g", FROM_OUTPUT, ids=lambda g: g.name)
def test_the_slope_read_off_the_output_is_the_slope(g: Activation) -> None:
    Z = numbers(g, 4)
    np.testing.assert_allclose(g.prime_from_output(g(Z)), g.prime(Z), rtol=1e-9, atol=0)


def test_the_rows_whose_output_does_not_determine_the_slope_are_these() -> None:
    without = {g.name for g in ACTIVATIONS} - {g.name for g in FROM_OUTPUT}
    assert without == {"silu", "gelu", "gelu_tanh", "mish", "hard_swish", "sin", "square"}
    with refused(InputError, "gelu: the output does not determine the slope. Use gelu.prime(Z)."):
        table.gelu.prime_from_output(np.ones((1, 1)))


@pytest.mark.parametrize("name", ["silu", "gelu", "gelu_tanh", "mish", "hard_swish", "sin", "square"])
def test_where_there_is_no_form_from_the_output_two_places_share_the_output_and_not_the_slope(name: str) -> None:
    g: Activation = getattr(table, name)
    Z: np.ndarray = np.linspace(-2.9, -0.01, 2000) if name not in ("sin", "square") else np.linspace(-3, 3, 2000)
    A, slope = g(Z), g.prime(Z)
    i, j = slope.argmin(), slope.argmax()
    assert slope[i] < 0 < slope[j]
    left, right = np.sort(A[: A.argmin()]), np.sort(A[A.argmin() :])
    assert min(left.max(), right.max()) > max(left.min(), right.min())  # both sides of the bottom share these


@everywhere
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_at_every_power_of_two_nothing_warns_and_the_values_stay_in_their_interval(g: Activation, dtype: type) -> None:
    top = int(np.finfo(dtype).maxexp)
    powers = 2.0 ** np.arange(-149 if dtype is np.float32 else -1074, top)
    Z: np.ndarray = np.concatenate([-powers[::-1], [-0.0, 0.0], powers]).astype(dtype)
    Z = Z[np.abs(Z) < np.finfo(dtype).max / 1.1] if g.name == "selu" else Z
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        A, slope = g(Z), g.prime(Z)
    assert A.dtype == slope.dtype == dtype
    assert np.isfinite(A).all()
    assert np.isfinite(slope).all()
    assert A.min() >= g.values[0] - 1e-6 * (dtype is np.float32)
    assert A.max() <= g.values[1]
    assert np.abs(slope).max() < 1.8


@pytest.mark.parametrize(
    ("name", "left", "right"),  # value and slope at −10⁴, and at 10⁴
    [
        ("identity", (-1e4, 1), (1e4, 1)),
        ("sigmoid", (0, 0), (1, 0)),
        ("tanh", (-1, 0), (1, 0)),
        ("relu", (0, 0), (1e4, 1)),
        ("leaky_relu", (-100, 0.01), (1e4, 1)),
        ("elu", (-1, 0), (1e4, 1)),
        ("selu", (-1.7580993408473766, 0), (10507.009873554805, 1.0507009873554805)),
        ("softplus", (0, 0), (1e4, 1)),
        ("softsign", (-1e4 / 10001, 1 / 10001**2), (1e4 / 10001, 1 / 10001**2)),
        ("silu", (0, 0), (1e4, 1)),
        ("gelu", (0, 0), (1e4, 1)),
        ("gelu_tanh", (0, 0), (1e4, 1)),
        ("mish", (0, 0), (1e4, 1)),
        ("hard_swish", (0, 0), (1e4, 1)),
        ("sin", (np.sin(-1e4), np.cos(1e4)), (np.sin(1e4), np.cos(1e4))),
        ("square", (1e8, -2e4), (1e8, 2e4)),
    ],
)
def test_at_ten_thousand_value_and_slope_are_these(
    name: str, left: tuple[float, float], right: tuple[float, float]
) -> None:
    g: Activation = getattr(table, name)
    Z = np.array([-1e4, 1e4])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_allclose(g(Z), [left[0], right[0]], rtol=1e-15)
        np.testing.assert_allclose(g.prime(Z), [left[1], right[1]], rtol=4e-16)


@pytest.mark.parametrize("name", ["silu", "gelu", "gelu_tanh", "mish", "hard_swish", "sin"])
def test_the_interval_of_the_values_is_close(name: str) -> None:
    g: Activation = getattr(table, name)
    lowest = g(np.linspace(-6, 6, 240001)).min()
    assert g.values[0] <= lowest <= g.values[0] + 1e-4


# ---- the normal distribution


def exact_density(z: float) -> float:
    power = NUMBERS.exp(-(Decimal(z) * Decimal(z)) / 2)
    return float(power / Decimal("2.50662827463100050241576528481104525300698674060993831663"))


def exact_tail(z: float) -> float:
    """Return Φ(z) for z < 0: SciPy's scaled tail times the exact exponential."""
    return float(Decimal(float(scipy.erfcx(-z / np.sqrt(2)))) * NUMBERS.exp(-(Decimal(z) * Decimal(z)) / 2) / 2)


def test_the_normal_distribution_agrees_with_scipy_and_in_the_tail_with_exact_numbers() -> None:
    Z = np.concatenate([np.linspace(-8, 38, 4001), np.random.default_rng(0).standard_normal(1000)])
    np.testing.assert_allclose(_distribution(Z), scipy.ndtr(Z), rtol=1.4e-14, atol=0)
    np.testing.assert_allclose(_distribution(Z[Z > -3]), scipy.ndtr(Z[Z > -3]), rtol=2e-15, atol=0)
    tail = np.linspace(-37.4, -0.01, 3001)
    np.testing.assert_allclose(_distribution(tail), [exact_tail(z) for z in tail.tolist()], rtol=5e-15, atol=0)
    np.testing.assert_allclose(_density(tail), [exact_density(z) for z in tail.tolist()], rtol=2e-15, atol=0)
    np.testing.assert_array_equal(_density(tail), _density(-tail))


def test_gelu_agrees_with_scipy() -> None:
    Z = np.random.default_rng(1).standard_normal((5, 200)) * 3
    np.testing.assert_allclose(table.gelu(Z), Z * scipy.ndtr(Z), rtol=1e-14, atol=0)
    np.testing.assert_allclose(
        table.gelu.prime(Z), scipy.ndtr(Z) + Z * np.exp(-Z * Z / 2) / np.sqrt(2 * np.pi), rtol=0, atol=3e-16
    )


def test_float32_distribution_is_right_to_its_own_precision() -> None:
    Z = np.linspace(-9, 9, 1001).astype(np.float32)
    found = _distribution(Z)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, scipy.ndtr(Z.astype(float)), rtol=4e-6)


@pytest.mark.parametrize(("name", "same"), [
    ("sigmoid", scipy.expit), ("softplus", lambda z: np.logaddexp(0, z)), ("silu", lambda z: z * scipy.expit(z)),
    ("mish", lambda z: z * np.tanh(np.logaddexp(0, z))),
])  # fmt: skip
def test_the_safe_forms_agree_with_scipy_in_both_tails(name: str, same: Callable[[np.ndarray], np.ndarray]) -> None:
    Z = np.concatenate([np.linspace(-700, 700, 2801), [-1e4, 1e4]])
    np.testing.assert_allclose(getattr(table, name)(Z), same(Z), rtol=2e-15, atol=0)


def test_the_two_gelus_are_two_functions_that_differ_by_less_than_a_thousandth() -> None:
    Z = np.linspace(-5, 5, 1001)
    gap = np.abs(table.gelu(Z) - table.gelu_tanh(Z))
    assert 1e-4 < gap.max() < 1e-3


def test_jax_takes_the_tanh_form_unless_told_otherwise_and_keras_the_exact_one() -> None:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    keras: Any = importlib.import_module("keras")
    Z = np.array([[-2.0, 0.5, 1.0]])
    for gelu in (jax.nn.gelu, lambda Z: keras.activations.gelu(Z, approximate=True)):
        np.testing.assert_allclose(np.asarray(gelu(Z)), table.gelu_tanh(Z), rtol=1e-12)
    for gelu in (keras.activations.gelu, lambda Z: jax.nn.gelu(Z, approximate=False)):
        np.testing.assert_allclose(np.asarray(gelu(Z)), table.gelu(Z), rtol=1e-12)


def test_python_s_erf_loses_the_tail_of_gelu_where_the_page_says() -> None:
    found = [1 + math.erf(z / 2**0.5) for z in (-8.35, -8.4)]
    assert found[0] > found[1] == 0


# ---- what is refused


@pytest.mark.parametrize(
    ("name", "dtype", "inside", "outside", "text"),
    [
        ("exp", np.float64, 709.0, 710.0, "exp needs numbers from -inf to 709.783 in float64; got 710.0."),
        ("exp", np.float32, 88.0, 89.0, "exp needs numbers from -inf to 88.7228 in float32; got 89.0."),
        ("log", np.float64, 3e-308, 0.0, "log needs numbers from 2.22507e-308 to inf in float64; got 0.0."),
        ("log", np.float64, 1e308, -1.0, "log needs numbers from 2.22507e-308 to inf in float64; got -1.0."),
        (
            "square",
            np.float64,
            -1e154,
            -2e154,
            "square needs numbers from -1.34078e+154 to 1.34078e+154 in float64; got -2e+154.",
        ),
        (
            "square",
            np.float64,
            1e154,
            2e154,
            "square needs numbers from -1.34078e+154 to 1.34078e+154 in float64; got 2e+154.",
        ),
    ],
)
def test_where_there_is_no_finite_value_the_message_says_where_there_is(
    name: str, dtype: type, inside: float, outside: float, text: str
) -> None:
    g: Activation = getattr(table, name)
    Z: np.ndarray = np.array([[1.0, inside]], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(g(Z)).all()
        assert np.isfinite(g.prime(Z)).all()
        if g.derivative_from_output is not None:
            np.testing.assert_allclose(g.prime_from_output(g(Z)), g.prime(Z), rtol=1e-12)
    Z[0, 1] = outside
    for call in (g, g.prime):
        with refused(DomainError, "Z: " + text):
            call(Z)


@rows
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_argument_is_refused_by_name(g: Activation, row: Row) -> None:
    good = np.full((3, 4), 0.5)
    for call, name in ((g, "Z"), (g.prime, "Z")):
        with refused(row[2], text_of(row, name, good)):
            call(row[1](good))


@rows
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
@pytest.mark.parametrize("shape", [(4, 7), (4, 1), (1, 7), (7,), (0, 3)], ids=str)
def test_shape_dtype_and_argument_are_kept(g: Activation, dtype: type, shape: tuple[int, ...]) -> None:
    Z = np.abs(np.random.default_rng(5).standard_normal(shape)).astype(dtype) + dtype(0.1)
    Z.flags.writeable = False
    A = g(Z)
    results = [A, g.prime(Z)] + ([g.prime_from_output(A)] if g.derivative_from_output else [])
    for result in results:
        assert type(result) is np.ndarray
        assert (result.shape, result.dtype) == (shape, np.dtype(dtype))
        assert not np.shares_memory(result, Z)
    assert not np.shares_memory(results[-1], A) or results[-1] is A


@rows
def test_fortran_order_and_strides_make_no_difference(g: Activation) -> None:
    Z = numbers(g, 7)
    for other in (np.asfortranarray(Z), np.repeat(Z, 2, axis=1)[:, ::2]):
        np.testing.assert_array_equal(g(other), g(Z))
        np.testing.assert_array_equal(g.prime(other), g.prime(Z))
