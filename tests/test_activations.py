"""Activations: the value and the slope at every finite float, without a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from decimal import Context, Decimal
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of, unenforced

from byhand.activations import Activation, identity, leaky_relu, leaky_relu_with, relu, sigmoid, tanh
from byhand.checks import DomainError, InputError

fifth = leaky_relu_with(0.2)
ACTIVATIONS = [identity, sigmoid, tanh, relu, leaky_relu, fifth, leaky_relu_with(0)]
IDS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu 0.2", "leaky_relu 0"]
all_activations = pytest.mark.parametrize("g", ACTIVATIONS, ids=IDS)
smooth = pytest.mark.parametrize("g", [identity, sigmoid, tanh], ids=["identity", "sigmoid", "tanh"])

MAGNITUDES = [0.0, 5e-324, 1e-310, 1e-20, 1e-8, 0.3, 1.0, 5.0, 19.0, 37.0, 40.0, 350.0, 700.0, 744.0, 1e4, 1e200, 1e308]
EVERYWHERE = np.array([MAGNITUDES, [-z for z in MAGNITUDES]])
NUMBERS = Context(prec=60, traps=[])


def exact_sigmoid(z: Decimal) -> Decimal:
    return NUMBERS.divide(Decimal(1), NUMBERS.add(Decimal(1), NUMBERS.exp(NUMBERS.minus(z))))


def exact_sigmoid_prime(z: Decimal) -> Decimal:
    e = NUMBERS.exp(-abs(z))
    return NUMBERS.divide(e, NUMBERS.power(NUMBERS.add(Decimal(1), e), Decimal(2)))


def exact_tanh(z: Decimal) -> Decimal:
    if abs(z) < Decimal("1e-15"):
        return z
    e = NUMBERS.exp(-2 * abs(z))
    return NUMBERS.divide(1 - e, 1 + e).copy_sign(z)


def exact_tanh_prime(z: Decimal) -> Decimal:
    return NUMBERS.multiply(Decimal(4), exact_sigmoid_prime(NUMBERS.multiply(Decimal(2), z)))


def piecewise(left: float) -> tuple[Callable[[Decimal], Decimal], Callable[[Decimal], Decimal]]:
    left_slope = Decimal(left)
    return lambda z: z if z > 0 else left_slope * z, lambda z: Decimal(1) if z > 0 else left_slope


EXACT: dict[str, tuple[Activation, Callable[[Decimal], Decimal], Callable[[Decimal], Decimal]]] = {
    "identity": (identity, lambda z: z, lambda z: Decimal(1)),
    "sigmoid": (sigmoid, exact_sigmoid, exact_sigmoid_prime),
    "tanh": (tanh, exact_tanh, exact_tanh_prime),
    "relu": (relu, *piecewise(0)),
    "leaky_relu": (leaky_relu, *piecewise(0.01)),
    "leaky_relu 0.2": (fifth, *piecewise(0.2)),
}
WRITTEN_ANEW: list[tuple[Activation, Callable[[Any], Any]]] = [
    (identity, lambda Z: Z),
    (sigmoid, lambda Z: 1 / (1 + anp.exp(-Z))),
    (tanh, lambda Z: anp.tanh(Z)),
    (relu, lambda Z: anp.maximum(Z, 0)),
    (leaky_relu, lambda Z: anp.maximum(Z, 0.01 * Z)),
    (fifth, lambda Z: anp.maximum(Z, 0.2 * Z)),
]


def away_from_the_kink(seed: int = 0) -> np.ndarray:
    Z = np.random.default_rng(seed).standard_normal((4, 7)) * 3
    return Z + np.sign(Z) * 0.1


@pytest.mark.parametrize(("g", "value", "slope"), EXACT.values(), ids=EXACT)
def test_value_and_slope_keep_their_relative_precision_at_every_finite_float(
    g: Activation, value: Callable[[Decimal], Decimal], slope: Callable[[Decimal], Decimal]
) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        A, prime = g(EVERYWHERE), g.prime(EVERYWHERE)
    for index, z in np.ndenumerate(EVERYWHERE):
        for got, exact in ((A[index], value), (prime[index], slope)):
            expected = float(exact(Decimal(float(z))))
            assert abs(got - expected) <= 4e-15 * abs(expected) + 2e-323, (z, got, expected)


@pytest.mark.parametrize(("g", "value", "slope"), EXACT.values(), ids=EXACT)
def test_float32_gives_the_same_to_its_own_precision_without_a_warning(
    g: Activation, value: Callable[[Decimal], Decimal], slope: Callable[[Decimal], Decimal]
) -> None:
    Z = np.array([[0.0, 1e-30, 0.3, 5, 12, 40, 3e38], [-0.0, -1e-30, -0.3, -5, -12, -40, -3e38]], np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        A, prime = g(Z), g.prime(Z)
    for index, z in np.ndenumerate(Z):
        for got, exact in ((A[index], value), (prime[index], slope)):
            expected = float(exact(Decimal(float(z))))
            assert abs(float(got) - expected) <= 1e-6 * abs(expected) + 1e-44, (z, got, expected)


@pytest.mark.parametrize(
    ("g", "z", "value", "slope"),
    [
        (sigmoid, 0.0, 0.5, 0.25),
        (sigmoid, -0.0, 0.5, 0.25),
        (sigmoid, 1e4, 1.0, 0.0),
        (sigmoid, -1e4, 0.0, 0.0),
        (tanh, 1e4, 1.0, 0.0),
        (tanh, -1e4, -1.0, 0.0),
        (relu, 0.0, 0.0, 0.0),
        (relu, -0.0, 0.0, 0.0),
        (relu, 5e-324, 5e-324, 1.0),
        (relu, -5e-324, 0.0, 0.0),
        (leaky_relu, 0.0, 0.0, 0.01),
        (leaky_relu, -0.0, 0.0, 0.01),
        (leaky_relu, 5e-324, 5e-324, 1.0),
        (fifth, 0.0, 0.0, 0.2),
        (fifth, -5.0, -1.0, 0.2),
    ],
)
def test_at_the_kink_and_at_saturation_the_numbers_are_the_documented_ones(
    g: Activation, z: float, value: float, slope: float
) -> None:
    Z = np.array([[z]])
    assert g(Z).item() == value
    assert g.prime(Z).item() == slope


@pytest.mark.parametrize(("g", "anew"), WRITTEN_ANEW)
def test_value_and_slope_agree_with_autograd_entry_by_entry(g: Activation, anew: Callable[[Any], Any]) -> None:
    Z = away_from_the_kink()
    np.testing.assert_allclose(g(Z), anew(Z), rtol=1e-14, atol=0)
    np.testing.assert_allclose(g.prime(Z), elementwise_grad(anew)(Z), rtol=1e-12, atol=0)


@all_activations
def test_the_slope_agrees_with_its_definition_by_differences(g: Activation) -> None:
    Z, h = away_from_the_kink(1), 1e-6
    np.testing.assert_allclose(g.prime(Z), (g(Z + h) - g(Z - h)) / (2 * h), rtol=0, atol=1e-9)


@all_activations
def test_the_complex_step_passes_through_even_at_the_kink(g: Activation) -> None:
    Z = np.concatenate([away_from_the_kink(2), np.zeros((1, 7)), np.full((1, 7), -0.0)])
    for h in (1e-20, -1e-20):
        np.testing.assert_allclose(g(Z + 1j * h).imag / h, g.prime(Z), rtol=1e-14, atol=0)
        np.testing.assert_allclose(g(Z + 1j * h).real, g(Z), rtol=1e-14, atol=0)


@smooth
def test_the_slope_of_the_slope_passes_the_complex_step_too(g: Activation) -> None:
    Z, h = away_from_the_kink(3), 1e-6
    differences = (g.prime(Z + h) - g.prime(Z - h)) / (2 * h)
    np.testing.assert_allclose(g.prime(Z + 1e-20j).imag / 1e-20, differences, rtol=0, atol=1e-9)


@all_activations
def test_the_slope_read_off_the_output_is_the_slope(g: Activation) -> None:
    Z = np.concatenate([away_from_the_kink(4), np.zeros((1, 7)), np.full((1, 7), -0.0)])
    np.testing.assert_allclose(g.prime_from_output(g(Z)), g.prime(Z), rtol=1e-9, atol=0)


@all_activations
def test_every_output_everywhere_is_accepted_by_prime_from_output(g: Activation) -> None:
    assert g.prime_from_output(g(EVERYWHERE)).shape == EVERYWHERE.shape


@all_activations
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
@pytest.mark.parametrize("shape", [(4, 7), (4, 1), (1, 7), (7,), (2, 3, 4), (), (0, 3)], ids=str)
def test_shape_and_dtype_are_those_of_the_argument(g: Activation, dtype: type, shape: tuple[int, ...]) -> None:
    Z = np.random.default_rng(5).standard_normal(shape) * np.ones(shape)
    Z = np.asarray(Z).astype(dtype)
    with unenforced():  # inside, NumPy turns arrays without axes into numbers; the results are arrays again
        A = g(Z)
        results = (A, g.prime(Z), g.prime_from_output(A))
    for result in results:
        assert type(result) is np.ndarray
        assert (result.shape, result.dtype) == (shape, np.dtype(dtype))


@all_activations
def test_the_argument_is_neither_changed_nor_shared(g: Activation) -> None:
    Z = away_from_the_kink(6)
    before = Z.copy()
    A = g(Z)
    kept = A.copy()
    for result in (A, g.prime(Z), g.prime_from_output(A)):
        assert not np.shares_memory(result, Z)
    assert not np.shares_memory(g.prime_from_output(A), A)
    np.testing.assert_array_equal(Z, before)
    np.testing.assert_array_equal(A, kept)


@all_activations
def test_strided_fortran_and_read_only_arrays_work_alike(g: Activation) -> None:
    Z = away_from_the_kink(7)
    frozen = Z.copy()
    frozen.flags.writeable = False
    wide = np.repeat(Z, 2, axis=1)[:, ::2]
    assert not wide.flags.contiguous
    for other in (np.asfortranarray(Z), frozen, wide, Z[::-1, ::-1][::-1, ::-1]):
        np.testing.assert_array_equal(g(other), g(Z))
        np.testing.assert_array_equal(g.prime(other), g.prime(Z))
        np.testing.assert_array_equal(g.prime_from_output(other * 0 + g(Z)), g.prime_from_output(g(Z)))


def test_the_slope_of_a_leaky_relu_may_be_a_numpy_number_and_float32_stays() -> None:
    g = leaky_relu_with(np.float64(0.2))
    Z = np.array([[-5.0, 5.0]], np.float32)
    assert {g(Z).dtype, g.prime(Z).dtype} == {np.dtype(np.float32)}


@pytest.mark.parametrize("slope", [0, 0.0, 0.2, 0.999])
def test_a_slope_from_0_up_to_1_makes_a_leaky_relu_that_is_whole(slope: float) -> None:
    g = leaky_relu_with(slope)
    Z = np.array([[-1.0, 1.0]])
    A = g(Z)
    assert (g.name, repr(g)) == ("leaky_relu", "<activation leaky_relu>")
    assert A.tolist() == [[-slope, 1.0]]
    assert g.prime(Z).tolist() == g.prime_from_output(A).tolist() == [[slope, 1.0]]
    assert g.values == ((-np.inf if slope else 0.0), np.inf)


@pytest.mark.parametrize("slope", [-0.001, 1, 1.0, 2.5, float("nan"), float("inf")])
def test_any_other_slope_is_refused(slope: float) -> None:
    with refused(DomainError, f"slope: expected a number from 0 up to but not including 1, got {slope}."):
        leaky_relu_with(slope)


def test_each_activation_is_printed_by_its_name() -> None:
    shown = [repr(g) for g in (identity, sigmoid, tanh, relu, leaky_relu, fifth)]
    names = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu"]
    assert shown == [f"<activation {name}>" for name in names]


@all_activations
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("method", "name"), [("__call__", "Z"), ("prime", "Z"), ("prime_from_output", "A")])
def test_a_spoiled_argument_is_refused_by_name(g: Activation, row: Row, method: str, name: str) -> None:
    good = np.full((3, 4), 0.5)
    with refused(row[2], text_of(row, name, good)):
        getattr(g, method)(row[1](good))


BELOW, ABOVE = "A: expected outputs of {0}, which lie between {1}; got {2}. ", "Is this Z? Then use {0}.prime(Z)."


@pytest.mark.parametrize(
    ("g", "interval", "inside", "outside", "got"),
    [
        (sigmoid, "0 and 1", 0.0, -5e-324, "-5e-324"),
        (sigmoid, "0 and 1", 1.0, 1.5, "1.5"),
        (tanh, "-1 and 1", -1.0, -1.5, "-1.5"),
        (tanh, "-1 and 1", 1.0, 2.0, "2.0"),
        (relu, "0 and inf", 1e308, -1.0, "-1.0"),
        (leaky_relu_with(0), "0 and inf", 1e308, -1.0, "-1.0"),
    ],
)
def test_an_output_that_the_activation_cannot_return_is_refused(
    g: Activation, interval: str, inside: float, outside: float, got: str
) -> None:
    assert g.prime_from_output(np.array([[0.5, inside]])).shape == (1, 2)
    with refused(DomainError, (BELOW + ABOVE).format(g.name, interval, got)):
        g.prime_from_output(np.array([[0.5, inside], [outside, 0.5]]))


@pytest.mark.parametrize("z", [-1e308, 1e308])
@pytest.mark.parametrize("g", [identity, leaky_relu], ids=["identity", "leaky_relu"])
def test_an_activation_onto_all_numbers_accepts_every_output(g: Activation, z: float) -> None:
    assert g.prime_from_output(np.array([[z]])).shape == (1, 1)


def test_prime_makes_numbers_of_booleans_and_hides_no_other_precision() -> None:
    Z = np.array([[-1.0, 0.0, 2.0]], np.float32)
    wide = replace(tanh, derivative=lambda Z: np.ones(Z.shape), derivative_from_output=lambda A: np.ones(A.shape))
    for g, dtype in ((relu, np.float32), (wide, np.float64)):
        assert g.prime(Z).dtype == g.prime_from_output(g(Z)).dtype == dtype
    np.testing.assert_array_equal(relu.derivative(Z), [[False, False, True]])


def test_where_the_output_does_not_determine_the_slope_the_message_names_the_way_out() -> None:
    bump = replace(tanh, name="bump", derivative_from_output=None)
    with refused(InputError, "bump: the output does not determine the slope. Use bump.prime(Z)."):
        bump.prime_from_output(np.array([[0.5]]))


def test_an_activation_holds_still_once_made() -> None:
    name = "name"
    with pytest.raises(FrozenInstanceError):
        setattr(tanh, name, "other")


@all_activations
def test_at_every_power_of_two_nothing_warns_and_the_curve_rises_within_its_interval(g: Activation) -> None:
    powers = 2.0 ** np.arange(-1074, 1024)
    Z = np.concatenate([-powers[::-1], [-0.0, 0.0], powers])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        A, slopes, again = g(Z), g.prime(Z), g.prime_from_output(g(Z))
    low, high = g.values
    assert (np.diff(A) >= 0).all()
    assert A.min() >= low
    assert A.max() <= high
    for slope in (slopes, again):
        assert slope.min() >= 0
        assert slope.max() <= 1
