"""Penalties, weight decay and clipping: against three derivatives and other libraries, at unequal sizes and extremes."""

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
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from byhand import regularisation
from byhand.checks import DomainError, InputError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.regularisation import clip_by_norm, weight_decay_step

SIZES = [(4, 7), (3, 2), (4, 1), (1, 6), (1, 1)]
PENALTIES: dict[str, tuple[Callable[..., Any], Callable[..., np.ndarray], Callable[[Any], Any]]] = {
    "l2": (regularisation.l2_penalty, regularisation.l2_gradient, lambda W: anp.sum(W * W) / 2),
    "l1": (regularisation.l1_penalty, regularisation.l1_gradient, lambda W: anp.sum(anp.abs(W))),
}
each_penalty = pytest.mark.parametrize(("penalty", "gradient", "plain"), PENALTIES.values(), ids=PENALTIES)


def weights(size: tuple[int, int] = (4, 7), seed: int = 0, dtype: DTypeLike = np.float64) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size).astype(dtype)


def keras() -> Any:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    library: Any = importlib.import_module("keras")
    library.config.set_floatx("float64")
    return library


@pytest.mark.parametrize("size", SIZES)
@each_penalty
def test_a_penaltys_gradient_agrees_with_three_derivatives_entry_by_entry(
    penalty: Callable[..., Any], gradient: Callable[..., np.ndarray], plain: Callable[[Any], Any], size: tuple[int, int]
) -> None:
    W, strength, m = weights(size), 0.7, 3
    assert penalty(W, strength, m) == pytest.approx(strength / m * plain(W), rel=1e-14)
    got = gradient(W, strength, m)
    assert got.shape == W.shape
    np.testing.assert_allclose(got, strength / m * grad(plain)(W), rtol=1e-14)
    np.testing.assert_allclose(got, complex_step(lambda W: penalty(W, strength, m), W), rtol=1e-13)
    np.testing.assert_allclose(got, central_differences(lambda W: penalty(W, strength, m), W), rtol=0, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-150, 1e-4, 1e4, 1e150])
@each_penalty
def test_penalties_agree_with_keras_at_extreme_weights(
    penalty: Callable[..., Any], gradient: Callable[..., np.ndarray], plain: Callable[[Any], Any], scale: float
) -> None:
    jax = importlib.import_module("jax")
    W, strength, m = scale * weights(), 0.7, 3
    kind, half = ("L2", 2) if gradient is regularisation.l2_gradient else ("L1", 1)
    theirs = getattr(keras().regularizers, kind)(strength / m / half)
    assert penalty(W, strength, m) == pytest.approx(float(theirs(W)), rel=1e-13)
    np.testing.assert_allclose(gradient(W, strength, m), np.asarray(jax.grad(theirs)(W)), rtol=1e-13)


def test_l2_is_what_scikit_learn_adds_and_biases_get_nothing() -> None:
    neural: Any = importlib.import_module("sklearn.neural_network")
    rng, m, strength, rate = np.random.default_rng(1), 9, 0.8, 1e-3
    X, Y = rng.standard_normal((m, 4)), rng.standard_normal((m, 2))
    model = neural.MLPRegressor(
        hidden_layer_sizes=(3,), alpha=0, solver="sgd", momentum=0, learning_rate_init=rate, random_state=0,
        batch_size=m, shuffle=False,
    )  # fmt: skip
    model.partial_fit(X, Y)
    start = [array.copy() for array in (*model.coefs_, *model.intercepts_)]
    moved = []
    for alpha in (0, strength):
        for array, before in zip((*model.coefs_, *model.intercepts_), start, strict=True):
            array[...] = before
        model.alpha = alpha
        model.partial_fit(X, Y)
        now = (*model.coefs_, *model.intercepts_)
        moved.append([(before - after) / rate for before, after in zip(start, now, strict=True)])
    for W, plain, penalised in zip(start[:2], *(arrays[:2] for arrays in moved), strict=True):
        wanted = regularisation.l2_gradient(W.T.copy(), strength, m)
        np.testing.assert_allclose((penalised - plain).T, wanted, rtol=0, atol=1e-9)
        assert np.abs(wanted).max() > 1e-2
    for plain, penalised in zip(*(arrays[2:] for arrays in moved), strict=True):
        np.testing.assert_array_equal(plain, penalised)


def test_at_the_optimum_that_scikit_learn_finds_the_l1_gradient_balances_the_data() -> None:
    linear: Any = importlib.import_module("sklearn.linear_model")
    rng, m, strength = np.random.default_rng(2), 40, 12.0
    X = rng.standard_normal((m, 6))
    y = X @ np.array([3.0, -2.0, 0.0, 0.0, 0.5, 0.0]) + 0.3 * rng.standard_normal(m)
    w = linear.Lasso(alpha=strength / m, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y).coef_[None]
    data = ((w @ X.T - y) @ X) / m
    pull = regularisation.l1_gradient(w, strength, m)
    moving = w != 0
    assert 0 < moving.sum() < 6
    np.testing.assert_allclose(data[moving], -pull[moving], rtol=1e-8)
    assert (pull[~moving] == 0).all()
    assert (np.abs(data[~moving]) <= strength / m).all()


def test_at_zero_l1_takes_zero_whatever_its_sign() -> None:
    found = regularisation.l1_gradient(np.array([[0.0, -0.0, 5e-324, -5e-324]]), 1.0, 1)
    np.testing.assert_array_equal(found, [[0, 0, 1, -1]])


def test_jax_takes_one_at_zero_which_is_another_choice() -> None:
    jax = importlib.import_module("jax")
    assert jax.grad(jax.numpy.abs)(0.0) == 1


@each_penalty
def test_without_strength_there_is_no_penalty(penalty: Any, gradient: Any, plain: Any) -> None:
    assert penalty(weights(), 0, 3) == 0
    assert not gradient(weights(), 0, 3).any()


# ---- weight decay


def test_with_the_gradient_as_direction_decay_is_the_step_of_a_penalised_cost() -> None:
    W, dW, rate, strength, m = weights(), weights(seed=1), 0.3, 0.7, 5
    penalised = W - rate * (dW + regularisation.l2_gradient(W, strength, m))
    np.testing.assert_allclose(weight_decay_step(W, dW, rate, strength / m), penalised, rtol=1e-13)


@pytest.mark.parametrize(("rule", "direction"), [("SGD", "gradient"), ("Adam", "sign")])
def test_one_step_agrees_with_keras_for_gradient_descent_and_for_adam(rule: str, direction: str) -> None:
    W, dW, rate, decay = weights(), weights(seed=1), 0.03, 0.2
    library = keras()
    variable = library.Variable(W)
    more = {} if rule == "SGD" else {"epsilon": 1e-14}
    getattr(library.optimizers, rule)(rate, weight_decay=decay, **more).apply([dW], [variable])
    mine = weight_decay_step(W, dW if direction == "gradient" else np.sign(dW), rate, decay)
    np.testing.assert_allclose(mine, np.asarray(variable.value), rtol=1e-6)  # Keras keeps its rate in single precision
    assert np.abs(mine - W).max() > 1e-3


def test_weight_decay_of_keras_takes_biases_too() -> None:
    layer = keras().layers.Dense(2)
    layer.build((None, 3))
    layer.bias.assign(np.ones(2))
    still = [np.zeros(one.shape) for one in layer.trainable_variables]
    keras().optimizers.SGD(0.1, weight_decay=0.5).apply(still, layer.trainable_variables)
    np.testing.assert_allclose(np.asarray(layer.bias), 1 - 0.1 * 0.5, rtol=1e-6)


# ---- clipping


def norm(gradients: dict[str, np.ndarray]) -> float:
    return float(np.sqrt(sum((np.asarray(g, float) ** 2).sum() for g in gradients.values())))


def several(dtype: DTypeLike = np.float64) -> dict[str, np.ndarray]:
    return {"dW1": weights((4, 3), 1, dtype), "db1": weights((4, 1), 2, dtype), "dW2": weights((1, 4), 3, dtype)}


@pytest.mark.parametrize("limit", [0.01, 1.0, 3.0, 1e6])
def test_clipping_agrees_with_keras_on_one_norm_over_all_arrays(limit: float) -> None:
    gradients = several()
    optimizer = keras().optimizers.SGD(1.0, global_clipnorm=limit)
    theirs = optimizer._clip_gradients([importlib.import_module("jax").numpy.asarray(g) for g in gradients.values()])
    for mine, other in zip(clip_by_norm(gradients, limit).values(), theirs, strict=True):
        np.testing.assert_allclose(mine, np.asarray(other), rtol=1e-12)


@pytest.mark.parametrize(
    ("option", "plain"),
    [("clipnorm", lambda g: g * min(1, 0.7 / norm({"one": g}))), ("clipvalue", lambda g: np.clip(g, -0.7, 0.7))],
)
def test_two_other_options_of_keras_clip_each_array_or_each_entry(option: str, plain: Callable[..., Any]) -> None:
    gradients = several()
    optimizer = keras().optimizers.SGD(1.0, **{option: 0.7})
    theirs = optimizer._clip_gradients([importlib.import_module("jax").numpy.asarray(g) for g in gradients.values()])
    for g, mine, other in zip(gradients.values(), clip_by_norm(gradients, 0.7).values(), theirs, strict=True):
        np.testing.assert_allclose(plain(g), np.asarray(other), rtol=1e-12)
        assert np.abs(mine - np.asarray(other)).max() > 0.01


@given(st.floats(1e-3, 1e3), st.integers(0, 50))
def test_the_norm_never_exceeds_the_limit_and_the_direction_stays(limit: float, seed: int) -> None:
    gradients = {"one": weights((3, 2), seed), "other": weights((1, 4), seed + 1)}
    found = clip_by_norm(gradients, limit)
    assert norm(found) <= min(limit, norm(gradients)) * (1 + 1e-12)
    assert norm(found) >= min(limit, norm(gradients)) * (1 - 1e-12)
    factors = [found[name] / gradients[name] for name in gradients]
    assert np.ptp(np.concatenate([factor.ravel() for factor in factors])) < 1e-12


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e4, 1e200, 1e307])
def test_no_square_overflows_or_vanishes_on_the_way(scale: float) -> None:
    gradients = {"dW": np.array([[3.0, 0.0]]) * scale, "db": np.array([[4.0]]) * scale}
    with np.errstate(all="raise", under="ignore"):
        found = clip_by_norm(gradients, 1.0)
    wanted = [0.6, 0.8] if scale > 1 else [gradients["dW"][0, 0], gradients["db"][0, 0]]
    np.testing.assert_allclose([found["dW"][0, 0], found["db"][0, 0]], wanted, rtol=1e-15)


def test_a_gradient_of_zero_stays_zero() -> None:
    found = clip_by_norm({"dW": np.zeros((2, 3))}, 1.0)
    np.testing.assert_array_equal(found["dW"], np.zeros((2, 3)))


def test_exactly_at_the_limit_nothing_changes() -> None:
    found = clip_by_norm({"dW": np.array([[3.0, 4.0]])}, 5.0)
    np.testing.assert_array_equal(found["dW"], [[3.0, 4.0]])


# ---- precision, memory, refusals

CALLS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "l2 gradient": (lambda W: regularisation.l2_gradient(W, 0.7, 3), ("W",)),
    "l1 gradient": (lambda W: regularisation.l1_gradient(W, 0.7, 3), ("W",)),
    "l2 penalty": (lambda W: regularisation.l2_penalty(W, 0.7, 3), ("W",)),
    "l1 penalty": (lambda W: regularisation.l1_penalty(W, 0.7, 3), ("W",)),
    "decay": (lambda W, direction: weight_decay_step(W, direction, 0.1, 0.2), ("W", "direction")),
    "clip": (lambda dW: clip_by_norm({"dW": dW}, 0.5)["dW"], ("dW",)),
}
each_call = pytest.mark.parametrize(("call", "names"), CALLS.values(), ids=CALLS)


def good(names: tuple[str, ...], dtype: DTypeLike = np.float64) -> dict[str, np.ndarray]:
    return {name: weights((4, 7), seed, dtype) for seed, name in enumerate(names)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_call
def test_the_precision_of_the_arguments_is_that_of_the_results(
    call: Callable[..., Any], names: tuple[str, ...], dtype: DTypeLike
) -> None:
    found = call(**good(names, dtype))
    assert isinstance(found, float) or found.dtype == dtype


@each_call
def test_arguments_are_neither_changed_nor_shared_and_layouts_do_not_matter(
    call: Callable[..., Any], names: tuple[str, ...]
) -> None:
    q = good(names)
    plain = call(**q)
    for array in q.values():
        array.flags.writeable = False
    for other in (q, {name: np.asfortranarray(array) for name, array in q.items()}):
        found = call(**other)
        np.testing.assert_allclose(found, plain, rtol=1e-15)
        assert not any(np.shares_memory(np.asarray(found), array) for array in other.values())


def test_what_need_not_be_clipped_is_a_copy_all_the_same() -> None:
    for gradient in (np.zeros((2, 2)), np.ones((2, 2))):
        assert not np.shares_memory(clip_by_norm({"dW": gradient}, 9.0)["dW"], gradient)


@pytest.mark.parametrize("spoil", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("name", "argument"), [(name, a) for name, (_, names) in CALLS.items() for a in names])
def test_a_spoiled_argument_is_refused_by_name(name: str, argument: str, spoil: Row) -> None:
    call, names = CALLS[name]
    q = good(names)
    with refused(spoil[2], text_of(spoil, argument, q[argument])):
        call(**q | {argument: spoil[1](q[argument])})


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: regularisation.l2_gradient(np.ones(3), 1, 1), ShapeError, "W: expected n_out × n_in; got shape (3,). A (3,) vector: use shape (3, 1) or (1, 3)."),
        (lambda: regularisation.l2_penalty(np.ones((2, 3)), -1, 1), DomainError, "strength: expected a finite number, 0 or more, got -1."),
        (lambda: regularisation.l1_gradient(np.ones((2, 3)), 1, 0), DomainError, "m: expected a whole number, 1 or more, got 0."),
        (lambda: weight_decay_step(np.ones((2, 3)), np.ones((3, 2)), 0.1, 0.1), ShapeError, "direction: expected n_out × n_in, here 2 × 3; got 3 × 2. This is the transpose: use direction.T."),
        (lambda: weight_decay_step(np.ones((2, 3)), np.ones((2, 3)), 0, 0.1), DomainError, "learning_rate: expected a positive finite number, got 0."),
        (lambda: weight_decay_step(np.ones((2, 3)), np.ones((2, 3)), 0.1, -0.1), DomainError, "decay: expected a finite number, 0 or more, got -0.1."),
        (lambda: clip_by_norm({}, 1.0), InputError, "gradients: expected a dictionary of arrays by name, with one at least; got {}."),
        (lambda: clip_by_norm([np.ones((1, 1))], 1.0), InputError, "gradients: expected a dictionary of arrays by name, with one at least; got [array([[1.]])]."),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: clip_by_norm({"dW": np.ones((1, 1))}, 0.0), DomainError, "limit: expected a positive finite number, got 0.0."),
        (lambda: clip_by_norm({"db": np.ones(4)}, 1.0), ShapeError, "db: expected rows × columns; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call: Callable[[], Any], error: type[InputError], text: str) -> None:
    with refused(error, text):
        call()
