"""Softmax, log-softmax, log-sum-exp: against SciPy, three derivatives and the Jacobian, at extreme inputs and temperatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special as scipy
from autograd import grad
from boundary import SPOILED, refused, text_of
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.softmax import (
    log_softmax,
    log_softmax_backward,
    log_sum_exp,
    log_sum_exp_backward,
    softmax,
    softmax_backward,
    temperature_gradient,
)

SIZES = [(4, 7), (3, 2), (4, 1), (1, 6), (1, 1)]
TEMPERATURES = [0.3, 1, 4.0]
EXTREME = np.array([[1e4, -1e4, 0.0, 1e4, 700.0], [-1e4, -1e4, 0.0, 1e4 - 1, -700.0], [0.0, -1e4, 0.0, 1e4, 709.0]])


def of(kind: str) -> Callable[..., Any]:
    """Return the textbook formula, for autograd."""

    def formula(Z: Any, tau: Any) -> Any:
        E = anp.exp(Z / tau)
        total = anp.sum(E, axis=0, keepdims=True)
        return {"softmax": E / total, "log": anp.log(E / total), "lse": anp.log(total)}[kind]

    return formula


Case = tuple[str, Callable[..., np.ndarray], Callable[..., np.ndarray]]
CASES: list[Case] = [
    ("softmax", softmax, lambda dA, Z, tau: softmax_backward(dA, softmax(Z, tau), tau)),
    ("log", log_softmax, lambda dA, Z, tau: log_softmax_backward(dA, log_softmax(Z, tau), tau)),
    ("lse", log_sum_exp, lambda dA, Z, tau: log_sum_exp_backward(dA, Z, tau)),
]
each = pytest.mark.parametrize(("kind", "forward", "backward"), CASES, ids=[case[0] for case in CASES])


@pytest.mark.parametrize("tau", TEMPERATURES)
@pytest.mark.parametrize("size", SIZES)
@each
def test_forward_and_backward_agree_with_three_derivatives_entry_by_entry(
    kind: str,
    forward: Callable[..., np.ndarray],
    backward: Callable[..., np.ndarray],
    size: tuple[int, int],
    tau: float,
) -> None:
    rng = np.random.default_rng(0)
    Z = rng.standard_normal(size)
    A = forward(Z, tau)
    np.testing.assert_allclose(A, of(kind)(Z, tau), rtol=1e-12, atol=1e-14)
    dA = rng.standard_normal(A.shape)

    def loss(Z: Any) -> Any:
        return anp.sum(dA * of(kind)(Z, tau))

    dZ = backward(dA, Z, tau)
    assert dZ.shape == Z.shape
    np.testing.assert_allclose(dZ, grad(loss)(Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dZ, central_differences(lambda Z: (dA * forward(Z, tau)).sum(), Z), rtol=0, atol=1e-8)
    np.testing.assert_allclose(dZ, complex_step(lambda Z: (dA * forward(Z, tau)).sum(), Z), rtol=0, atol=1e-12)
    dtau = grad(lambda tau: anp.sum(dA * of(kind)(Z, tau)) / size[1])(float(tau))
    np.testing.assert_allclose(temperature_gradient(dZ, Z, tau), dtau, rtol=0, atol=1e-11)


@pytest.mark.parametrize("tau", TEMPERATURES)
def test_at_extreme_inputs_and_ties_the_values_are_those_of_scipy(tau: float) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        A, logs, sums = softmax(EXTREME, tau), log_softmax(EXTREME, tau), log_sum_exp(EXTREME, tau)
    # dividing first, as here for SciPy, rounds 33333.33…; the library subtracts first
    np.testing.assert_allclose(A, scipy.softmax(EXTREME / tau, axis=0), rtol=1e-11)
    # next to a sum of 1, SciPy's logarithm is right to the last digit of 1, and the library's to its own last digit
    np.testing.assert_allclose(logs, scipy.log_softmax(EXTREME / tau, axis=0), rtol=1e-12, atol=2e-16)
    np.testing.assert_allclose(sums, scipy.logsumexp(EXTREME / tau, axis=0, keepdims=True), rtol=1e-15)
    np.testing.assert_allclose(np.exp(logs), A, rtol=1e-12)


@pytest.mark.parametrize("tau", TEMPERATURES)
@pytest.mark.parametrize("gap", [3.0, 12.0, 60.0, 200.0])
def test_next_to_0_the_logarithm_keeps_its_relative_precision(gap: float, tau: float) -> None:
    Z = np.array([[0.0, -gap, 5.0], [-gap, 0.0, 5.0 - gap]])
    rest = np.log1p(np.exp(-gap / tau))
    np.testing.assert_allclose(log_softmax(Z, tau).max(axis=0), -rest, rtol=1e-13)
    np.testing.assert_allclose(log_sum_exp(Z[:, :2], tau), [[rest, rest]], rtol=1e-14)


def test_by_hand() -> None:
    Z = np.log(np.array([[1.0, 3.0], [2.0, 3.0], [5.0, 2.0]]))
    np.testing.assert_allclose(softmax(Z), [[1 / 8, 3 / 8], [2 / 8, 3 / 8], [5 / 8, 2 / 8]], rtol=1e-15)
    np.testing.assert_allclose(log_sum_exp(Z), np.log([[8.0, 8.0]]), rtol=1e-15)


@pytest.mark.parametrize("Z", [np.random.default_rng(0).standard_normal((4, 7)), EXTREME])
def test_the_columns_of_dZ_sum_to_0_and_those_of_the_probabilities_to_1(Z: np.ndarray) -> None:
    dA = np.random.default_rng(1).standard_normal(Z.shape)
    A, logs = softmax(Z), log_softmax(Z)
    np.testing.assert_allclose(A.sum(axis=0), 1, rtol=1e-15)
    for dZ in (softmax_backward(dA, A), log_softmax_backward(dA, logs)):
        np.testing.assert_allclose(dZ.sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(log_sum_exp_backward(dA[:1], Z).sum(axis=0), dA[0], rtol=1e-14)


def test_backward_is_the_jacobian_times_dA_column_by_column() -> None:
    rng = np.random.default_rng(2)
    A, dA = softmax(rng.standard_normal((4, 7))), rng.standard_normal((4, 7))
    for i in range(7):
        a = A[:, [i]]
        np.testing.assert_allclose(softmax_backward(dA, A)[:, [i]], (np.diagflat(a) - a @ a.T) @ dA[:, [i]], atol=1e-15)


def test_a_shift_of_a_column_changes_nothing() -> None:
    Z, shift = np.random.default_rng(3).standard_normal((4, 7)), np.arange(-3.0, 4.0)[None] * 100
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-12)
    np.testing.assert_allclose(log_softmax(Z + shift), log_softmax(Z), rtol=1e-12)
    np.testing.assert_allclose(log_sum_exp(Z + shift), log_sum_exp(Z) + shift, rtol=1e-12)


CALLS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "softmax": (softmax, ("Z",)),
    "softmax_backward": (softmax_backward, ("dA", "A")),
    "log_softmax": (log_softmax, ("Z",)),
    "log_softmax_backward": (log_softmax_backward, ("dA", "A")),
    "log_sum_exp": (log_sum_exp, ("Z",)),
    "log_sum_exp_backward": (log_sum_exp_backward, ("ds", "Z")),
    "temperature_gradient": (temperature_gradient, ("dZ", "Z")),
}
each_call = pytest.mark.parametrize(("call", "names"), CALLS.values(), ids=CALLS)


def good(names: tuple[str, ...], dtype: DTypeLike = np.float64) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal((1 if name == "ds" else 4, 7)).astype(dtype) for name in names}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_call
def test_precision_and_arguments_are_kept(call: Callable[..., Any], names: tuple[str, ...], dtype: DTypeLike) -> None:
    q = good(names, dtype)
    before = {name: array.copy() for name, array in q.items()}
    for array in q.values():
        array.flags.writeable = False
    found = call(**q, temperature=np.float64(2))
    assert isinstance(found, float) or found.dtype == dtype
    for name, array in q.items():
        np.testing.assert_array_equal(array, before[name])
        np.testing.assert_array_equal(call(**q | {name: np.asfortranarray(array)}, temperature=2), found)


@each_call
def test_a_spoiled_argument_is_refused_by_name(call: Callable[..., Any], names: tuple[str, ...]) -> None:
    q = good(names)
    for name in names:
        for spoil in SPOILED:
            with refused(spoil[2], text_of(spoil, name, q[name])):
                call(**q | {name: spoil[1](q[name])})


@pytest.mark.parametrize("temperature", [0, -1.0, np.inf, np.nan, None])
@each_call
def test_a_temperature_that_is_none_is_refused(
    call: Callable[..., Any], names: tuple[str, ...], temperature: Any
) -> None:
    with refused(DomainError, f"temperature: expected a positive finite number, got {temperature!r}."):
        call(**good(names), temperature=temperature)


@pytest.mark.parametrize(
    ("call", "arrays", "text"),
    [
        (softmax, ((4,),), "Z: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        (
            softmax_backward,
            ((7, 4), (4, 7)),
            "dA: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use dA.T.",
        ),
        (log_softmax_backward, ((1, 7), (4, 7)), "dA: expected n × m, here 4 × 7; got 1 × 7. It has 1 row, not 4."),
        (log_sum_exp_backward, ((4, 7), (4, 7)), "ds: expected 1 × m, here 1 × 7; got 4 × 7. It has 4 rows, not 1."),
        (temperature_gradient, ((4, 6), (4, 7)), "dZ: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(call: Callable[..., Any], arrays: Any, text: str) -> None:
    with refused(ShapeError, text):
        call(*(np.ones(shape) for shape in arrays))


def test_float32_and_float64_are_not_mixed() -> None:
    with refused(DtypeError, "dA: expected float64 like A, got float32. Choose one: dA.astype(np.float64)."):
        softmax_backward(np.ones((1, 1), np.float32), np.ones((1, 1)))
