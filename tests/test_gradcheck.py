"""The gradient check itself: what it finds, what norms would miss, and when it says that it saw nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of

from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import (
    TOLERANCES,
    Entry,
    GradientCheck,
    Method,
    central_differences,
    check_gradients,
    complex_step,
)

both = pytest.mark.parametrize("method", ["complex step", "central differences"])
functions = pytest.mark.parametrize("differentiate", [complex_step, central_differences])


def point(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal((3, 1))}


def cost(p: dict[str, np.ndarray]) -> Any:
    return anp.sum(anp.sin(p["W"]) * p["b"]) + anp.sum(p["b"] ** 3)


def true_gradients(p: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {"dW": np.cos(p["W"]) * p["b"], "db": np.sin(p["W"]).sum(axis=1, keepdims=True) + 3 * p["b"] ** 2}


def squares(X: np.ndarray) -> Any:
    return (X**2).sum()


@functions
@pytest.mark.parametrize("shape", [(3, 4), (5,), (2, 3, 4), (1, 1), ()], ids=str)
def test_both_ways_give_the_gradient_in_the_shape_of_the_point(differentiate: Any, shape: tuple[int, ...]) -> None:
    X = np.asarray(np.random.default_rng(1).standard_normal(shape))
    before = X.copy()
    gradient = differentiate(lambda X: (np.exp(X) * X).sum(), X)
    assert gradient.shape == shape
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, (1 + X) * np.exp(X), rtol=1e-9)
    np.testing.assert_array_equal(X, before)


def test_the_complex_step_is_exact_to_rounding_and_agrees_with_autograd() -> None:
    p = point()
    got = complex_step(lambda W: cost(p | {"W": W}), p["W"])
    np.testing.assert_allclose(got, grad(lambda W: cost(p | {"W": W}))(p["W"]), rtol=1e-14)


@pytest.mark.parametrize("step", [1e-20, 1e-100, 1e-300])
def test_the_complex_step_does_not_mind_how_small_the_step_is(step: float) -> None:
    X = np.array([[0.3, -1.2, 2.0]])
    np.testing.assert_allclose(complex_step(lambda X: np.sin(X).sum(), X, step), np.cos(X), rtol=1e-15)


def test_halving_the_step_divides_the_error_of_central_differences_by_4() -> None:
    X = np.array([[0.3, -1.2, 2.0]])
    errors = [np.abs(central_differences(lambda X: np.sin(X).sum(), X, h) - np.cos(X)) for h in (0.02, 0.01, 0.005)]
    for coarse, fine in pairwise(errors):
        np.testing.assert_allclose(coarse / fine, 4, rtol=1e-3)
    np.testing.assert_allclose(errors[0], 0.02**2 / 6 * np.abs(np.cos(X)), rtol=1e-3)


def test_the_step_of_central_differences_is_1e5th_unless_said_otherwise() -> None:
    slope = central_differences(lambda X: np.sin(1000 * X).sum(), np.array([[0.0]])).item()
    assert slope == pytest.approx(np.sin(1000 * 1e-5) / 1e-5, rel=1e-12)


def test_central_differences_take_the_real_part_of_a_complex_cost() -> None:
    np.testing.assert_allclose(
        central_differences(lambda X: squares(X) + 0j, np.array([[1.0, 2.0]])), [[2, 4]], rtol=1e-9
    )


@both
def test_a_right_gradient_agrees_and_every_array_is_reported(method: Method) -> None:
    p = point()
    found = check_gradients(cost, p, true_gradients(p), method=method)
    assert found.agrees
    assert found.method == method
    assert found.tolerance == TOLERANCES[method]
    assert [(entry.name, entry.verdict) for entry in found.arrays] == [("dW", "agrees"), ("db", "agrees")]
    assert max(entry.error for entry in found.arrays) < (1e-15 if method == "complex step" else 1e-9)


@both
@pytest.mark.parametrize(
    "mistake",
    [lambda d: d * 7, lambda d: -d, lambda d: d / 2, lambda d: d * (1 + 3e-6), lambda d: d + 1e-4, lambda d: 0 * d],
    ids=["m times", "sign", "half", "3e-6", "shifted", "zero"],
)
def test_a_wrong_gradient_differs(method: Method, mistake: Callable[[np.ndarray], np.ndarray]) -> None:
    p = point()
    gradients = true_gradients(p)
    found = check_gradients(cost, p, gradients | {"dW": mistake(gradients["dW"])}, method=method)
    assert not found.agrees
    assert [entry.verdict for entry in found.arrays] == ["differs", "agrees"]
    assert found.worst is found.arrays[0]


@both
def test_the_worst_entry_is_named_with_both_values_and_its_error(method: Method) -> None:
    p = point()
    gradients = true_gradients(p)
    largest = np.abs(gradients["dW"]).max()
    wrong = gradients["dW"].copy()
    wrong[2, 1] += 0.25 * largest
    wrong[0, 3] -= 0.125 * largest
    entry = check_gradients(cost, p, gradients | {"dW": wrong}, method=method).worst
    assert (entry.name, entry.index, entry.verdict) == ("dW", (2, 1), "differs")
    assert [type(i) for i in entry.index] == [int, int]
    assert entry.given == wrong[2, 1]
    assert entry.expected == pytest.approx(gradients["dW"][2, 1], rel=1e-7)
    assert entry.error == pytest.approx(0.25 * largest / max(np.abs(wrong).max(), largest), rel=1e-6)


@pytest.mark.parametrize("factor", [10.0, 0.1])
def test_the_error_is_in_units_of_the_largest_entry_of_either_array(factor: float) -> None:
    X = {"w": np.array([[1.0, -2.0, 4.0]])}
    entry = check_gradients(lambda p: squares(p["w"]), X, {"dw": 2 * factor * X["w"]}).worst
    assert entry.index == (0, 2)
    assert entry.error == pytest.approx(0.9)


def test_one_wrong_entry_among_a_thousand_is_found_where_the_ratio_of_norms_would_pass() -> None:
    rng = np.random.default_rng(0)
    W = rng.standard_normal((25, 40))
    right = np.ones((25, 40))
    right[3, 5] = 2e-6  # wrong altogether below, and yet tiny beside its neighbours
    wrong = right.copy()
    wrong[3, 5] = 0.0
    ratio = np.linalg.norm(wrong - right) / (np.linalg.norm(wrong) + np.linalg.norm(right))
    assert ratio < 1e-7  # the course's "great"
    found = check_gradients(lambda p: (p["W"] * right).sum(), {"W": W}, {"dW": wrong})
    assert (found.agrees, found.worst.index) == (False, (3, 5))


def test_an_array_of_zeros_on_both_sides_is_untested_and_never_agrees() -> None:
    p = point() | {"dead": np.ones((2, 2))}
    found = check_gradients(
        lambda p: cost(p) + 0 * p["dead"].sum(),
        p,
        true_gradients(p) | {"ddead": np.zeros((2, 2))},
        method="complex step",
    )
    assert [entry.verdict for entry in found.arrays] == ["agrees", "agrees", "untested"]
    assert not found.agrees
    assert (found.worst.name, found.worst.error) == ("ddead", 0.0)


def test_zeros_on_one_side_only_are_tested() -> None:
    X = {"w": np.array([[1.0, 2.0]])}
    for gradient, f in ((np.zeros((1, 2)), squares), (np.ones((1, 2)), lambda w: 0 * w.sum())):
        entry = check_gradients(lambda p, f=f: f(p["w"]), X, {"dw": gradient}).worst  # type: ignore[misc]
        assert (entry.verdict, entry.error) == ("differs", 1.0)


def entry(name: str, verdict: Any, error: float) -> Entry:
    return Entry(name, (0, 0), 1.0, 1.0, error, verdict)


def test_worst_puts_what_differs_before_what_is_untested_before_what_agrees() -> None:
    rows = [
        entry("a", "agrees", 1e-10),
        entry("b", "untested", 0.0),
        entry("c", "differs", 1e-8),
        entry("d", "differs", 1e-7),
    ]
    assert GradientCheck("complex step", 1e-9, tuple(rows)).worst.name == "d"
    assert GradientCheck("complex step", 1e-9, tuple(rows[:3])).worst.name == "c"
    assert GradientCheck("complex step", 1e-9, tuple(rows[:2])).worst.name == "b"
    assert GradientCheck("complex step", 1e-9, (rows[0], entry("e", "agrees", 1e-11))).worst.name == "a"


@pytest.mark.parametrize(("verdicts", "agrees"), [
    (("agrees", "agrees"), True), (("agrees", "untested"), False), (("differs", "agrees"), False), (("untested", "untested"), False),
])  # fmt: skip
def test_a_check_agrees_if_every_array_does(verdicts: tuple[str, str], agrees: bool) -> None:
    rows = tuple(entry(str(i), verdict, 0.0) for i, verdict in enumerate(verdicts))
    assert GradientCheck("complex step", 1e-9, rows).agrees is agrees


def test_a_check_refuses_to_be_a_bare_yes_or_no() -> None:
    p = point()
    with pytest.raises(TypeError) as caught:
        bool(check_gradients(cost, p, true_gradients(p)))
    assert str(caught.value) == "A gradient check is more than yes or no: ask for .agrees, or print it."


def test_a_check_prints_its_method_and_a_line_for_each_array() -> None:
    rows = (Entry("dW", (2, 1), 1 / 3, 0.5, 0.25, "differs"), Entry("db", (), 1.0, 1.0, 0.0, "agrees"))
    assert str(GradientCheck("central differences", 1e-6, rows)) == (
        "central differences, tolerance 1e-06\n"
        "  dW differs; worst entry [2, 1]: given 0.3333333333, expected 0.5, error 2.5e-01 of the largest entry\n"
        "  db agrees; worst entry []: given 1, expected 1, error 0.0e+00 of the largest entry"
    )


@pytest.mark.parametrize(("tolerance", "verdict"), [(0.5, "agrees"), (0.499, "differs"), (1, "agrees")])
def test_the_tolerance_may_be_chosen_and_itself_still_agrees(tolerance: float, verdict: str) -> None:
    X = {"w": np.array([[1.0, 2.0]])}
    found = check_gradients(lambda p: squares(p["w"]), X, {"dw": X["w"]}, tolerance=tolerance)
    assert (found.worst.error, found.worst.verdict, found.tolerance) == (0.5, verdict, tolerance)


def test_the_step_may_be_chosen() -> None:
    X = {"w": np.array([[0.5, 2.0]])}
    gradients = {"dw": 3 * X["w"] ** 2}

    def cubes(p: dict[str, np.ndarray]) -> Any:
        return (p["w"] ** 3).sum()

    coarse = check_gradients(cubes, X, gradients, method="central differences", step=0.1)
    assert coarse.worst.error == pytest.approx(0.01 / 12.01)
    assert check_gradients(cubes, X, gradients, step=1e-150).agrees


def test_the_default_method_is_the_complex_step() -> None:
    p = point()
    assert check_gradients(cost, p, true_gradients(p)).method == "complex step"
    assert TOLERANCES == {"complex step": 1e-9, "central differences": 1e-6}


@both
def test_other_gradients_may_stand_beside_and_nothing_given_is_changed(method: Method) -> None:
    p = point()
    gradients = true_gradients(p) | {"dA0": np.ones((9, 9))}
    before = {name: array.copy() for name, array in {**p, **gradients}.items()}
    assert [entry.name for entry in check_gradients(cost, p, gradients, method=method).arrays] == ["dW", "db"]
    for name, array in {**p, **gradients}.items():
        np.testing.assert_array_equal(array, before[name])


@both
def test_a_cost_that_is_not_a_number_differs(method: Method) -> None:
    X = {"w": np.array([[1.0, 2.0]])}
    with np.errstate(invalid="ignore"):
        found = check_gradients(lambda p: np.nan * p["w"].sum(), X, {"dw": X["w"]}, method=method)
    assert (found.agrees, found.worst.verdict) == (False, "differs")


@functions
def test_strided_and_read_only_points_work_alike(differentiate: Any) -> None:
    X = np.random.default_rng(2).standard_normal((3, 4))
    frozen = X.copy()
    frozen.flags.writeable = False
    for other in (np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2], frozen):
        np.testing.assert_allclose(differentiate(squares, other), 2 * X, rtol=1e-8)


@pytest.mark.parametrize(
    "f",
    [lambda X: np.abs(X).sum(), lambda X: float(X.real.sum()), lambda X: squares(X.real), lambda X: 1.0],
    ids=["abs", "float", ".real", "constant"],
)
def test_the_complex_step_refuses_a_cost_that_drops_the_imaginary_part(f: Callable[[np.ndarray], Any]) -> None:
    text = (
        "cost: expected a complex result for a complex argument, got a real one. Either it does not use this array, "
        "or it drops the imaginary part (abs, float, .real): then use central differences."
    )
    with refused(DomainError, text):
        complex_step(f, np.array([[1.0, 2.0]]))
    with refused(DomainError, text):
        check_gradients(lambda p: f(p["w"]), {"w": np.array([[1.0, 2.0]])}, {"dw": np.ones((1, 2))})
    assert central_differences(f, np.array([[1.0, 2.0]])).shape == (1, 2)


@functions
@pytest.mark.parametrize("shape", [(2, 3), (1,), (1, 1)], ids=str)
def test_a_cost_that_is_an_array_is_refused(differentiate: Any, shape: tuple[int, ...]) -> None:
    with refused(ShapeError, f"cost: expected one number, got an array of shape {shape}. Take its sum or mean."):
        differentiate(lambda X: X, np.ones(shape))


DOUBLE = "expected float64, got {dtype}. A check needs real numbers in double precision: {name}.astype(np.float64)."


@functions
@pytest.mark.parametrize("dtype", ["float32", "complex128", "float16"])
def test_a_point_that_is_not_float64_is_refused(differentiate: Any, dtype: str) -> None:
    with refused(DtypeError, "X: " + DOUBLE.format(dtype=dtype, name="X")):
        differentiate(squares, np.ones((2, 3), dtype))


@functions
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_point_is_refused(differentiate: Any, row: Row) -> None:
    X = point()["W"]
    with refused(row[2], text_of(row, "X", X)):
        differentiate(squares, row[1](X))


@functions
def test_an_empty_point_is_refused(differentiate: Any) -> None:
    with refused(ShapeError, "X: expected at least one entry, got shape (3, 0)."):
        differentiate(squares, np.empty((3, 0)))


NUMBERS: list[tuple[Any, str]] = [
    (0, "0"),
    (-1e-5, "-1e-05"),
    (float("nan"), "nan"),
    (float("inf"), "inf"),
    ("1e-5", "'1e-5'"),
]


@functions
@pytest.mark.parametrize(("step", "shown"), NUMBERS)
def test_a_step_that_is_not_positive_is_refused(differentiate: Any, step: Any, shown: str) -> None:
    with refused(DomainError, f"step: expected a positive finite number, got {shown}."):
        differentiate(squares, np.ones((2, 3)), step)


@both
@pytest.mark.parametrize(("tolerance", "shown"), NUMBERS)
def test_a_tolerance_that_is_not_positive_is_refused(method: Method, tolerance: Any, shown: str) -> None:
    p = point()
    with refused(DomainError, f"tolerance: expected a positive finite number, got {shown}."):
        check_gradients(cost, p, true_gradients(p), method=method, tolerance=tolerance)


@both
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize("name", ["W", "b", "dW", "db"])
def test_a_spoiled_array_is_refused_by_its_own_name(method: Method, name: str, row: Row) -> None:
    p = point()
    q = {**p, **true_gradients(p)}
    spoiled = q | {name: row[1](q[name])}
    with refused(row[2], text_of(row, name, q[name])):
        check_gradients(cost, {key: spoiled[key] for key in p}, spoiled, method=method)


@pytest.mark.parametrize("name", ["W", "b", "dW", "db"])
def test_float32_is_refused_by_its_own_name(name: str) -> None:
    p = point()
    q = {**p, **true_gradients(p)}
    q[name] = q[name].astype(np.float32)
    with refused(DtypeError, f"{name}: " + DOUBLE.format(dtype="float32", name=name)):
        check_gradients(cost, {key: q[key] for key in p}, q)


REQUESTS: list[tuple[dict[str, Any], type[InputError], str]] = [
    ({"method": "complex"}, InputError, "method: expected one of 'complex step', 'central differences', got 'complex'."),
    ({"parameters": {}}, InputError, "parameters: expected at least one array to check, got none."),
    ({"parameters": np.ones((2, 3))}, InputError, "parameters: expected a dictionary of arrays by name, got ndarray."),
    ({"gradients": np.ones((2, 3))}, InputError, "gradients: expected a dictionary of arrays by name, got ndarray."),
    ({"gradients": {}}, InputError, "gradients: expected the keys dW, db; dW, db missing."),
    ({"gradients": {"dW": np.ones((3, 4))}}, InputError, "gradients: expected the keys dW, db; db missing."),
    ({"gradients": {"dW": np.ones((4, 3)), "db": np.ones((3, 1))}}, ShapeError, "dW: expected the shape of W, (3, 4); got (4, 3)."),
    ({"gradients": {"dW": np.ones((3, 4)), "db": np.ones(3)}}, ShapeError, "db: expected the shape of b, (3, 1); got (3,)."),
    ({"parameters": {"b": np.empty((0, 1))}}, ShapeError, "b: expected at least one entry, got shape (0, 1)."),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "error", "text"), REQUESTS)
def test_a_request_that_makes_no_sense_is_refused(changed: dict[str, Any], error: type[InputError], text: str) -> None:
    p = point()
    request = {"parameters": p, "gradients": true_gradients(p)} | changed
    with refused(error, text):
        check_gradients(lambda q: cost(p | q), **request)


def test_what_a_check_found_holds_still() -> None:
    rows = (entry("a", "agrees", 0.0),)
    found: list[Any] = [rows[0], GradientCheck("complex step", 1e-9, rows)]
    for thing in found:
        field = next(iter(vars(thing)))
        with pytest.raises(FrozenInstanceError):
            setattr(thing, field, getattr(thing, field))
