"""Clip, absolute value, where, maximum, maxout: against two kinds of derivatives; and what is chosen at kinks and ties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand import routing
from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step

Arrays = dict[str, np.ndarray]
Case = tuple[Callable[[Any], Any], Callable[[Arrays], np.ndarray], str]


def analytic_maximum(q: Any) -> Any:
    return anp.where(anp.real(q["X"]) > anp.real(q["V"]), q["X"], q["V"])


CASES: dict[str, Case] = {  # the output, the gradient, by which array
    "clip": (lambda q: anp.where((anp.real(q["X"]) > -0.5) & (anp.real(q["X"]) < 0.7), q["X"], 0),
        lambda q: routing.clip_backward(q["dY"], q["X"], -0.5, 0.7), "X"),
    "absolute": (lambda q: anp.where(anp.real(q["X"]) > 0, q["X"], -q["X"]),
        lambda q: routing.absolute_backward(q["dY"], q["X"]), "X"),
    "where, first": (lambda q: anp.where(q["C"] > 0, q["X"], q["V"]),
        lambda q: routing.where_backward(q["dY"], q["C"] > 0)[0], "X"),
    "where, second": (lambda q: anp.where(q["C"] > 0, q["X"], q["V"]),
        lambda q: routing.where_backward(q["dY"], q["C"] > 0)[1], "V"),
    "maximum, first": (analytic_maximum, lambda q: routing.maximum_backward(q["dY"], q["X"], q["V"])[0], "X"),
    "maximum, second": (analytic_maximum, lambda q: routing.maximum_backward(q["dY"], q["X"], q["V"])[1], "V"),
    "straight through": (lambda q: q["X"] + q["C"], lambda q: routing.straight_through_backward(q["dY"]), "X"),
}  # fmt: skip
SIZES = [(4, 7), (3, 2), (4, 1), (1, 6), (1, 1)]
each_case = pytest.mark.parametrize(("output", "backward", "by"), CASES.values(), ids=CASES)


def arrays(n: int = 4, m: int = 7, seed: int = 1) -> Arrays:
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal((n, m)) for name in ("X", "V", "C", "dY")}


@pytest.mark.parametrize("size", SIZES)
@each_case
def test_gradients_agree_with_three_derivatives_entry_by_entry(
    output: Callable[[Any], Any], backward: Callable[[Arrays], np.ndarray], by: str, size: tuple[int, int]
) -> None:
    q = arrays(*size)
    got = backward(q)

    def loss(array: Any) -> Any:
        return anp.sum(q["dY"] * output(q | {by: array}))

    for wanted in (grad(loss)(q[by]), complex_step(lambda A: loss(A) + 0j, q[by]), central_differences(loss, q[by])):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-8)


def test_each_case_passes_some_entries_and_stops_others() -> None:
    for name, (_, backward, _) in CASES.items():
        zero = backward(arrays()) == 0
        assert zero.any() != (name in ("absolute", "straight through"))
        assert not zero.all()


@pytest.mark.parametrize("pieces", [1, 2, 3])
@pytest.mark.parametrize(("n", "m"), SIZES)
def test_maxout_agrees_with_autograd_and_the_definition(pieces: int, n: int, m: int) -> None:
    rng = np.random.default_rng(0)
    Z, dA = rng.standard_normal((pieces * n, m)), rng.standard_normal((n, m))

    def loss(Z: Any) -> Any:
        return anp.sum(dA * anp.max(anp.reshape(Z, (pieces, n, m)), axis=0))

    got = routing.maxout_backward(dA, Z)
    np.testing.assert_allclose(got, grad(loss)(Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(got, central_differences(loss, Z), rtol=0, atol=1e-8)


def test_with_two_pieces_maxout_is_the_maximum_also_at_ties() -> None:
    q = arrays()
    q["V"][:2] = q["X"][:2]
    dU, dV = routing.maximum_backward(q["dY"], q["X"], q["V"])
    np.testing.assert_array_equal(routing.maxout_backward(q["dY"], np.vstack([q["X"], q["V"]])), np.vstack([dU, dV]))


# ---- kinks and ties: the value that is chosen


def row(*numbers: float) -> np.ndarray:
    return np.array([numbers], float)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (routing.clip_backward(row(1, 2, 3, 4, 5), row(-2, -1, 0, 1, 2), -1, 1), [[0, 0, 3, 0, 0]]),
        (routing.clip_backward(row(1, 2, 3), row(-1, 0, 1), 0, np.inf), [[0, 0, 3]]),
        (routing.clip_backward(row(1, 2, 3), row(-1, 0, 1), -np.inf, 0), [[1, 0, 0]]),
        (routing.absolute_backward(row(1, 2, 3), row(-1, 0, 1)), [[-1, 0, 3]]),
        (routing.maximum_backward(row(1, 2, 3), row(0, 1, 2), row(1, 1, 1))[0], [[0, 1, 3]]),
        (routing.maximum_backward(row(1, 2, 3), row(0, 1, 2), row(1, 1, 1))[1], [[1, 1, 0]]),
        (routing.maxout_backward(row(6, 6), np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])), [[2, 3], [2, 0], [2, 3]]),
        (routing.stop_gradient_backward(row(1, 2)), [[0, 0]]),
    ],
)
def test_at_kinks_and_ties_the_documented_value_is_chosen(got: np.ndarray, wanted: list[list[float]]) -> None:
    np.testing.assert_array_equal(got, wanted)


# ---- precision, memory, refusals

CALLS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "clip": (lambda dY, X: routing.clip_backward(dY, X, -1, 1), ("dY", "X")),
    "absolute": (routing.absolute_backward, ("dY", "X")),
    "where": (lambda dY: routing.where_backward(dY, np.ones((4, 7)) > 0), ("dY",)),
    "maximum": (routing.maximum_backward, ("dY", "U", "V")),
    "maxout": (routing.maxout_backward, ("dA", "Z")),
    "stop": (routing.stop_gradient_backward, ("dY",)),
    "straight": (routing.straight_through_backward, ("dY",)),
}
each_call = pytest.mark.parametrize(("call", "names"), CALLS.values(), ids=CALLS)


def good(names: tuple[str, ...], dtype: DTypeLike = np.float64) -> Arrays:
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal((8 if name == "Z" else 4, 7)).astype(dtype) for name in names}


def several(found: Any) -> tuple[np.ndarray, ...]:
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_call
def test_the_precision_of_the_arguments_is_that_of_the_results(
    call: Callable[..., Any], names: tuple[str, ...], dtype: DTypeLike
) -> None:
    assert {found.dtype for found in several(call(**good(names, dtype)))} == {np.dtype(dtype)}


@each_call
def test_arguments_are_neither_changed_nor_shared(call: Callable[..., Any], names: tuple[str, ...]) -> None:
    q = good(names)
    for array in q.values():
        array.flags.writeable = False
    for found in several(call(**q)):
        assert not any(np.shares_memory(found, array) for array in q.values())


@each_call
def test_masks_look_at_the_real_part_so_that_the_complex_step_passes(
    call: Callable[..., Any], names: tuple[str, ...]
) -> None:
    q = good(names)
    plain = several(call(**q))
    bumped = several(call(**{name: array + 0.3j for name, array in q.items()}))
    for one, other in zip(plain, bumped, strict=True):
        np.testing.assert_array_equal(one, other.real)


@pytest.mark.parametrize("spoil", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("name", "argument"), [(name, a) for name, (_, names) in CALLS.items() for a in names])
def test_a_spoiled_argument_is_refused_by_name(name: str, argument: str, spoil: Row) -> None:
    call, names = CALLS[name]
    q = good(names)
    with refused(spoil[2], text_of(spoil, argument, q[argument])):
        call(**q | {argument: spoil[1](q[argument])})


UNFIT = [
    ("clip", "dY", (4, 1), "dY: expected n × m, here 4 × 7; got 4 × 1. It has 1 column, not 7."),
    ("absolute", "dY", (7, 4), "dY: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use dY.T."),
    ("where", "dY", (4, 6), "condition: expected n × m, here 4 × 6; got 4 × 7. It has 7 columns, not 6."),
    ("maximum", "V", (1, 7), "V: expected n × m, here 4 × 7; got 1 × 7. It has 1 row, not 4."),
    ("maximum", "dY", (4, 6), "dY: expected n × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    ("maxout", "Z", (8, 6), "Z: expected k·n × m, here k·n × 7; got 8 × 6. It has 6 columns, not 7."),
    ("maxout", "Z", (6, 7), "Z: expected k·n × m with n = 4, the rows of dA; got 6 rows, no multiple of 4."),
    ("stop", "dY", (7,), "dY: expected n × m; got shape (7,). A (7,) vector: use shape (7, 1) or (1, 7)."),
    ("straight", "dY", (), "dY: expected n × m; got shape (). A single number: use shape (1, 1)."),
]


@pytest.mark.parametrize(("name", "argument", "shape", "text"), UNFIT)
def test_a_shape_that_does_not_fit_is_refused(name: str, argument: str, shape: tuple[int, ...], text: str) -> None:
    call, names = CALLS[name]
    with refused(ShapeError, text):
        call(**good(names) | {argument: np.ones(shape)})


@pytest.mark.parametrize(("low", "high"), [(1, -1), (1, 1), (np.nan, 1)])
def test_bounds_in_the_wrong_order_are_refused(low: float, high: float) -> None:
    with refused(DomainError, f"low, high: expected low < high, got {low} and {high}."):
        routing.clip_backward(np.ones((1, 1)), np.ones((1, 1)), low, high)


@pytest.mark.parametrize("condition", [[[True]], np.ones((1, 1)), None])
def test_a_condition_that_is_not_true_or_false_is_refused(condition: Any) -> None:
    with refused(DtypeError, "condition: expected a NumPy array of booleans, such as U > 0."):
        routing.where_backward(np.ones((1, 1)), condition)


def test_float32_and_float64_are_not_mixed() -> None:
    with refused(DtypeError, "dY: expected float64 like X, got float32. Choose one: dY.astype(np.float64)."):
        routing.absolute_backward(np.ones((1, 1), np.float32), np.ones((1, 1)))


def test_clip_passes_nothing_at_its_bounds() -> None:
    X = np.array([[-1.0, -0.5, 0.5, 1.0]])
    assert routing.clip_backward(np.full((1, 4), 3.0), X, low=-1, high=1).tolist() == [[0, 3, 3, 0]]


def test_the_absolute_value_passes_nothing_at_0() -> None:
    assert routing.absolute_backward(np.full((1, 3), 4.0), np.array([[-2.0, 0.0, 3.0]])).tolist() == [[-4, 0, 4]]
