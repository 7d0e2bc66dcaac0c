"""Losses of the residual: against other libraries and three derivatives, at extreme residuals, at ties and at the kinks."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special as scipy
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from sklearn import metrics

from byhand.activations import identity, tanh
from byhand.checks import DomainError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.losses import Loss, squared_error
from byhand.network import Network
from byhand.regression import (
    absolute_error,
    huber,
    huber_with,
    log_cosh,
    mean_squared_error,
    mean_squared_error_gradient,
    squared_distance,
)

SIZES = [(3, 7), (2, 5), (1, 4), (3, 1), (1, 1)]
WIDE = huber_with(2.5)
LOSSES: dict[str, tuple[Loss, Callable[[Any], Any], Callable[[np.ndarray], Any]]] = {
    # autograd's formula of one residual, and SciPy's or NumPy's
    "half square": (squared_error, lambda r: r * r / 2, lambda r: np.square(r) / 2),
    "square": (squared_distance, lambda r: r * r, np.square),
    "absolute": (absolute_error, anp.abs, np.abs),
    "huber": (huber, lambda r: anp.where(anp.abs(r) < 1, r * r / 2, anp.abs(r) - 0.5), lambda r: scipy.huber(1, r)),
    "wide huber": (WIDE, lambda r: anp.where(anp.abs(r) < 2.5, r * r / 2, 2.5 * anp.abs(r) - 3.125), lambda r: scipy.huber(2.5, r)),
    "log-cosh": (log_cosh, lambda r: anp.log(anp.cosh(r)), lambda r: np.logaddexp(r, -r) - np.log(2)),
}  # fmt: skip
every = pytest.mark.parametrize(("loss", "anew", "theirs"), LOSSES.values(), ids=LOSSES)
only = pytest.mark.parametrize("loss", [row[0] for row in LOSSES.values()], ids=LOSSES)


def data(n: int = 3, m: int = 7) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((n, m)) * 3, rng.standard_normal((n, m))


@every
@pytest.mark.parametrize("size", SIZES)
def test_losses_and_gradients_agree_with_three_derivatives_entry_by_entry(
    loss: Loss, anew: Callable[[Any], Any], theirs: Callable[[np.ndarray], Any], size: tuple[int, int]
) -> None:
    A, Y = data(*size)
    m = size[1]
    np.testing.assert_allclose(loss.of_examples(A, Y), theirs(A - Y).sum(axis=0, keepdims=True), rtol=1e-13)
    assert loss.cost(A, Y) == pytest.approx(loss.of_examples(A, Y).mean(), rel=1e-13)
    assert loss.cost_from_logits(A, Y) == loss.cost(A, Y)
    dA = loss.dA(A, Y)
    assert dA.shape == size
    np.testing.assert_array_equal(loss.dZ_from_logits(A, Y), dA)
    np.testing.assert_allclose(dA, grad(lambda A: anp.sum(anew(A - Y)))(A), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(dA, complex_step(lambda A: m * loss.cost(A, Y), A), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(dA, central_differences(lambda A: m * loss.cost(A, Y), A), rtol=0, atol=1e-7)


EXTREME = np.array([[1e4, -1e4, 1e-4, -1e-9, 0.0, 1.0, -1.0, 2.5, -2.5, 300.0, 0.999, 1.001, 1e-160]])


@every
def test_at_extreme_residuals_ties_and_joints_the_values_are_right_and_nothing_warns(
    loss: Loss, anew: Callable[[Any], Any], theirs: Callable[[np.ndarray], Any]
) -> None:
    Y = np.zeros_like(EXTREME)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        got, dA = loss.of_examples(EXTREME, Y), loss.dA(EXTREME, Y)
    np.testing.assert_allclose(got, theirs(EXTREME), rtol=1e-12, atol=1e-15)
    assert (got >= 0).all()
    assert not np.signbit(got).any()
    np.testing.assert_array_equal(dA, -loss.dA(-EXTREME, Y))
    assert np.isfinite(dA).all()


def test_log_cosh_of_a_small_residual_keeps_its_relative_precision() -> None:
    r = np.array([[1e-3, 1e-6, 1e-9, 1e-12, 0.9, 1.0, 1.1]])
    series = r**2 / 2 - r**4 / 12 + r**6 / 45
    got = log_cosh.of_examples(r, np.zeros_like(r))
    np.testing.assert_allclose(got[:, :4], series[:, :4], rtol=1e-15)
    np.testing.assert_allclose(got[:, 4:], np.log(np.cosh(r[:, 4:])), rtol=1e-14)


def test_no_limit_is_too_large_for_the_slopes_that_are_cut_off() -> None:
    r = np.array([[1.7e308, -1.7e308]])
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_array_equal(absolute_error.of_examples(r, 0 * r), np.abs(r))
        np.testing.assert_array_equal(huber.of_examples(r, 0 * r), np.abs(r))
        np.testing.assert_array_equal(log_cosh.of_examples(r, 0 * r), np.abs(r))
        np.testing.assert_array_equal(WIDE.dA(r, 0 * r), [[2.5, -2.5]])


def test_what_stands_at_the_kink_and_where_the_pieces_of_huber_meet() -> None:
    Y = np.zeros((1, 4))
    np.testing.assert_array_equal(absolute_error.dA(np.array([[0.0, -0.0, 5e-324, -5e-324]]), Y), [[0, 0, 1, -1]])
    np.testing.assert_array_equal(WIDE.dA(np.array([[2.5, -2.5, 2.75, -2.25]]), Y), [[2.5, -2.5, 2.5, -2.25]])
    np.testing.assert_array_equal(huber.dA(np.array([[1.0, -1.0, 0.5, -7.0]]), Y), [[1, -1, 0.5, -1]])
    assert not np.signbit(absolute_error.entries(np.zeros((1, 2)), np.zeros((1, 2)))).any()
    assert huber.of_examples(np.array([[2.0]]), np.array([[0]])).item() == 1.5


def test_the_three_squared_errors_are_those_of_scikit_learn_and_differ_by_known_factors() -> None:
    A, Y = data(3, 7)
    mse = metrics.mean_squared_error(Y.T, A.T)
    assert mean_squared_error(A, Y) == pytest.approx(mse, rel=1e-14)
    assert squared_distance.cost(A, Y) == pytest.approx(3 * mse, rel=1e-14)
    assert squared_error.cost(A, Y) == pytest.approx(3 * mse / 2, rel=1e-14)
    assert absolute_error.cost(A, Y) == pytest.approx(3 * metrics.mean_absolute_error(Y.T, A.T), rel=1e-14)
    gradient = mean_squared_error_gradient(A, Y)
    np.testing.assert_allclose(gradient, grad(lambda A: anp.mean((A - Y) ** 2))(A), rtol=1e-13)
    np.testing.assert_allclose(gradient, complex_step(lambda A: mean_squared_error(A, Y), A), rtol=1e-12)
    np.testing.assert_allclose(21 * gradient, squared_distance.dA(A, Y), rtol=1e-14)


@pytest.mark.parametrize("delta", [0.5, 1, 2.5, np.float64(4.0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_limit_of_ones_own_is_cut_off_at_from_both_sides(delta: float, dtype: type[np.floating[Any]]) -> None:
    """Made inside the test, unlike those above."""
    loss, (A, Y) = huber_with(delta), data()
    A, slopes = A.astype(dtype), np.clip(A.astype(dtype) - Y.astype(dtype), -float(delta), float(delta))
    expected = scipy.huber(float(delta), A.astype(float) - Y)
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    for entries in (loss.entries, loss.entries_from_logits):
        np.testing.assert_allclose(entries(A, Y.astype(dtype)), expected, rtol=tolerance, atol=tolerance)
    for gradient in (loss.dA(A, Y), loss.dZ_from_logits(A, Y)):
        assert gradient.dtype == dtype
        np.testing.assert_array_equal(gradient, slopes)
    at_the_joint = np.array([[delta, -delta, 2 * delta, 0]], dtype)
    np.testing.assert_array_equal(loss.dA(at_the_joint, 0 * at_the_joint), [[delta, -delta, delta, 0]])
    assert loss.name == f"Huber, δ = {delta:g}"
    derivative = complex_step(lambda A: 7 * loss.cost(A, Y), A.astype(float))
    np.testing.assert_allclose(loss.dA(A.astype(float), Y), derivative, rtol=1e-12)


def keras() -> Any:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    return importlib.import_module("keras")


@pytest.mark.parametrize(
    ("loss", "name", "options"),
    [(absolute_error, "MeanAbsoluteError", {}), (squared_distance, "MeanSquaredError", {}), (huber, "Huber", {}),
     (WIDE, "Huber", {"delta": 2.5}), (log_cosh, "LogCosh", {})],
)  # fmt: skip
def test_keras_averages_the_same_losses_over_the_outputs_too(loss: Loss, name: str, options: dict[str, float]) -> None:
    A, Y = data(3, 7)
    theirs = getattr(keras().losses, name)(dtype="float64", **options)(Y.T, A.T)
    assert loss.cost(A, Y) / 3 == pytest.approx(float(theirs), rel=1e-6)


def test_jax_takes_1_at_the_corner_of_the_absolute_value() -> None:
    jax: Any = importlib.import_module("jax")
    assert float(jax.grad(jax.numpy.abs)(0.0)) == 1
    assert absolute_error.dA(np.zeros((1, 1)), np.zeros((1, 1))).item() == 0


@pytest.mark.parametrize(
    ("loss", "name", "options", "factor"),
    [(squared_distance, "MSELoss", {}, 1), (absolute_error, "L1Loss", {}, 1), (WIDE, "HuberLoss", {"delta": 2.5}, 1),
     (WIDE, "SmoothL1Loss", {"beta": 2.5}, 1 / 2.5)],
)  # fmt: skip
def test_pytorch_divides_by_the_number_of_entries(loss: Loss, name: str, options: Any, factor: float) -> None:
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed: CONTRIBUTING says how")
    A, Y = data(3, 7)
    theirs = torch.from_numpy(A.T.copy()).requires_grad_()
    value = getattr(torch.nn, name)(**options)(theirs, torch.from_numpy(Y.T.copy()))
    value.backward()
    assert factor * loss.cost(A, Y) / 3 == pytest.approx(value.item(), rel=1e-12)
    np.testing.assert_allclose(factor * loss.dA(A, Y) / 21, theirs.grad.numpy().T, rtol=1e-12)


@only
def test_float32_stays_float32_and_arguments_are_not_changed(loss: Loss) -> None:
    A, Y = data()
    single = A.astype(np.float32)
    before = single.copy()
    assert loss.of_examples(single, Y).dtype == loss.dA(single, Y).dtype == np.float32
    np.testing.assert_array_equal(single, before)
    np.testing.assert_allclose(loss.of_examples(single, Y), loss.of_examples(A, Y), rtol=1e-5)
    A.flags.writeable = Y.flags.writeable = False
    np.testing.assert_allclose(loss.dA(np.asfortranarray(A), Y[:, ::1]), loss.dA(A, Y), rtol=1e-14)
    assert not np.shares_memory(loss.dA(A, Y), A)


@only
def test_a_network_takes_each_of_them(loss: Loss) -> None:
    net = Network((3, 4, 2), (tanh, identity), loss)
    rng = np.random.default_rng(1)
    X, Y, parameters = rng.standard_normal((3, 6)), rng.standard_normal((2, 6)), net.initialise(seed=2)
    gradients = net.backward(net.forward(X, parameters), parameters, Y)
    for name in parameters:

        def cost(P: np.ndarray, name: str = name) -> float | complex:
            return net.cost(net.forward(X, parameters | {name: P}), Y)

        by_differences = central_differences(cost, parameters[name])
        np.testing.assert_allclose(gradients[f"d{name}"], by_differences, rtol=0, atol=1e-7)
    np.testing.assert_array_equal(net.predict(X, parameters), net.forward(X, parameters)["A2"])


@only
def test_each_knows_its_name_and_reads_every_number(loss: Loss) -> None:
    assert loss.name in (
        "squared error",
        "squared distance",
        "absolute error",
        "Huber, δ = 1",
        "Huber, δ = 2.5",
        "log-cosh",
    )
    assert (loss.link, loss.infinite_at, loss.predictions) == (identity, (), (-np.inf, np.inf))


@pytest.mark.parametrize("function", [mean_squared_error, mean_squared_error_gradient])
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_spoiled_predictions_are_refused_by_name(function: Callable[..., Any], row: Row) -> None:
    A, Y = data()
    with refused(row[2], text_of(row, "A", A)):
        function(row[1](A), Y)


@pytest.mark.parametrize("function", [mean_squared_error, mean_squared_error_gradient, absolute_error.cost, huber.dA])
def test_a_column_minus_a_vector_is_refused(function: Callable[..., Any]) -> None:
    with refused(ShapeError, "Y: expected n × m, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."):
        function(np.zeros((4, 1)), np.zeros(4))


@pytest.mark.parametrize("delta", [0.0, -1.0, np.inf, np.nan, "1"])
def test_a_limit_that_is_not_positive_is_refused(delta: Any) -> None:
    with refused(DomainError, f"delta: expected a positive finite number, got {delta!r}."):
        huber_with(delta)
