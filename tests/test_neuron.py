"""One neuron: its gradients and its Hessian against their definitions, and numbers that others have printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.activations import sigmoid
from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, check_gradients, complex_step
from byhand.layers import linear_backward, linear_forward
from byhand.losses import binary_cross_entropy as cross_entropy
from byhand.neuron import neuron_forward, neuron_gradients, neuron_hessian, neuron_input_gradient

SIZES = [(3, 7), (5, 2), (2, 4), (3, 1), (1, 7), (1, 1)]
all_sizes = pytest.mark.parametrize(("n", "m"), SIZES)


def arrays(n: int = 3, m: int = 7, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    q: dict[str, Any] = {"X": rng.standard_normal((n, m)), "w": rng.standard_normal((n, 1)), "b": rng.standard_normal()}
    q["Y"] = rng.integers(0, 2, (1, m))
    q["dZ"], q["A"] = rng.standard_normal((1, m)), rng.uniform(0.05, 0.95, (1, m))
    return q


def forward(q: dict[str, Any]) -> np.ndarray:
    return neuron_forward(q["X"], q["w"], q["b"])


def gradients(q: dict[str, Any]) -> tuple[np.ndarray, float | complex]:
    return neuron_gradients(q["dZ"], q["X"])


def by_input(q: dict[str, Any]) -> np.ndarray:
    return neuron_input_gradient(q["dZ"], q["w"])


def second(q: dict[str, Any]) -> np.ndarray:
    return neuron_hessian(q["A"], q["X"])


EVERY: list[Callable[[dict[str, Any]], Any]] = [forward, gradients, by_input, second]


def cost(q: dict[str, Any]) -> Callable[..., Any]:
    """Return the cost of logistic regression, written anew for autograd."""
    Y, m = q["Y"], q["X"].shape[1]

    def J(w: Any, b: Any, X: Any) -> Any:
        A = 1 / (1 + anp.exp(-(anp.dot(w.T, X) + b)))
        return -anp.sum(Y * anp.log(A) + (1 - Y) * anp.log(1 - A)) / m

    return J


@all_sizes
def test_z_is_the_weighted_sum_of_each_example(n: int, m: int) -> None:
    q = arrays(n, m)
    Z = forward(q)
    assert Z.shape == (1, m)
    for i in range(m):
        assert Z[0, i] == pytest.approx(sum(q["w"][j, 0] * q["X"][j, i] for j in range(n)) + q["b"], rel=1e-12)


@all_sizes
def test_the_three_gradients_agree_with_autograd_entry_by_entry(n: int, m: int) -> None:
    q = arrays(n, m)
    dZ = cross_entropy.dZ_from_logits(forward(q), q["Y"])
    dw, db = neuron_gradients(dZ, q["X"])
    at = q["w"], q["b"], q["X"]
    for argument, got in enumerate((dw, db, neuron_input_gradient(dZ, q["w"]))):
        wanted = grad(cost(q), argument)(*at)
        assert np.shape(got) == np.shape(wanted)
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-12 * np.abs(wanted).max())


@all_sizes
@pytest.mark.parametrize("method", ["complex step", "central differences"])
def test_the_three_gradients_agree_with_the_definition(n: int, m: int, method: Any) -> None:
    q = arrays(n, m)
    dZ = cross_entropy.dZ_from_logits(forward(q), q["Y"])
    dw, db = neuron_gradients(dZ, q["X"])
    found = check_gradients(
        lambda p: cross_entropy.cost_from_logits(neuron_forward(p["X"], p["w"], p["b"].item()), q["Y"]),
        {"X": q["X"], "w": q["w"], "b": np.array([[q["b"]]])},
        {"dX": neuron_input_gradient(dZ, q["w"]), "dw": dw, "db": np.array([[db]])},
        method=method,
    )
    assert found.agrees, str(found)


@all_sizes
def test_the_hessian_agrees_with_autograd_and_with_differences_of_the_gradient(n: int, m: int) -> None:
    q = arrays(n, m)
    H = neuron_hessian(sigmoid(forward(q)), q["X"])
    assert H.shape == (n, n)
    np.testing.assert_allclose(H, H.T, rtol=1e-13)
    wanted = hessian(cost(q))(q["w"], q["b"], q["X"]).reshape(n, n)
    np.testing.assert_allclose(H, wanted, rtol=0, atol=1e-12 * np.abs(H).max())

    def slope(j: int) -> Callable[[np.ndarray], float | complex]:
        def of_weights(w: np.ndarray) -> float | complex:
            dZ = cross_entropy.dZ_from_logits(neuron_forward(q["X"], w, q["b"]), q["Y"])
            entry: float | complex = neuron_gradients(dZ, q["X"])[0][j, 0].item()
            return entry

        return of_weights

    for differentiate, tolerance in ((complex_step, 1e-12), (central_differences, 1e-8)):
        rows = [differentiate(slope(j), q["w"])[:, 0] for j in range(n)]
        np.testing.assert_allclose(H, rows, rtol=0, atol=tolerance * np.abs(H).max())


def test_the_hessian_never_curves_down() -> None:
    for seed in range(20):
        q = arrays(6, 4, seed)  # fewer examples than weights: flat in two directions
        values = np.linalg.eigvalsh(second(q))
        assert (values > -1e-15 * values.max()).all()
        assert (values > 1e-12 * values.max()).sum() == 4


def test_a_saturated_neuron_has_a_hessian_of_zeros_and_no_warning() -> None:
    A = np.array([[0.0, 1.0]])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(neuron_hessian(A, np.array([[1.0, 2.0], [3.0, 4.0]])), np.zeros((2, 2)))


@all_sizes
def test_a_neuron_is_a_layer_with_one_unit_whose_weights_are_stored_as_a_column(n: int, m: int) -> None:
    q = arrays(n, m)
    W = q["w"].T
    np.testing.assert_allclose(forward(q), linear_forward(q["X"], W, np.array([[q["b"]]])), rtol=1e-13)
    dX, dW, db = linear_backward(q["dZ"], q["X"], W)
    np.testing.assert_allclose(gradients(q)[0], dW.T, rtol=1e-13)
    assert gradients(q)[1] == pytest.approx(db.item(), rel=1e-13)
    np.testing.assert_allclose(by_input(q), dX / m, rtol=1e-13)


def test_a_batch_twice_over_leaves_what_belongs_to_a_parameter_and_halves_what_belongs_to_an_example() -> None:
    q = arrays()
    twice = {name: value if name in "wb" else np.concatenate([value, value], axis=1) for name, value in q.items()}
    np.testing.assert_allclose(gradients(twice)[0], gradients(q)[0], rtol=1e-13)
    assert gradients(twice)[1] == pytest.approx(gradients(q)[1], rel=1e-13)
    np.testing.assert_allclose(second(twice), second(q), rtol=1e-13)
    np.testing.assert_allclose(by_input(twice)[:, :7], by_input(q) / 2, rtol=1e-13)


# numbers that others have printed


def test_the_numbers_of_the_courses_second_week() -> None:
    """The expected output of `propagate` in an earlier edition of the week 2 exercise, to the last digit of dw and db.

    Its cost is 5.801545319394553, the value of the formula with log(1 - a). Rounding of 1 - a spoils the last three of
    these digits: calculated with 60 digits the cost is 5.8015453193941501…, and that is what the logits give.
    """
    X, Y = np.array([[1.0, 2.0, -1.0], [3.0, 4.0, -3.2]]), np.array([[1, 0, 1]])
    Z = neuron_forward(X, np.array([[1.0], [2.0]]), 2.0)
    dw, db = neuron_gradients(cross_entropy.dZ_from_logits(Z, Y), X)
    assert [f"{entry:.8f}" for entry in dw[:, 0]] == ["0.99845601", "2.39507239"]
    assert f"{db:.14f}" == "0.00145557813678"
    assert cross_entropy.cost_from_logits(Z, Y) == pytest.approx(5.80154531939415, rel=3e-15)
    A = 1 / (1 + np.exp(-Z))
    as_printed = -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).sum() / 3
    assert as_printed == pytest.approx(5.801545319394553, rel=1e-13)
    assert abs(as_printed - 5.80154531939415) > 1e-13


HOURS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5]
PASSED = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]


def test_newtons_step_finds_the_table_of_hours_and_exams() -> None:
    """The example of Wikipedia's article on logistic regression: coefficients, standard errors and z values."""
    X, Y, w = np.array([np.ones(20), HOURS]), np.array([PASSED]), np.zeros((2, 1))
    for _ in range(8):
        Z = neuron_forward(X, w, 0.0)
        dw, _ = neuron_gradients(cross_entropy.dZ_from_logits(Z, Y), X)
        H = neuron_hessian(sigmoid(Z), X)
        w = w - np.linalg.solve(H, dw)
    assert [f"{entry:.6f}" for entry in w[:, 0]] == ["-4.077713", "1.504645"]
    errors = np.sqrt(np.diag(np.linalg.inv(20 * H)))  # of the summed loss, not of the average
    assert [f"{error:.4f}" for error in errors] == ["1.7610", "0.6287"]
    assert [f"{z:.3f}" for z in w[:, 0] / errors] == ["-2.316", "2.393"]


# the boundary


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_of_the_arrays_is_that_of_the_results_whatever_the_bias_is(dtype: DTypeLike) -> None:
    q = {name: value.astype(dtype) if isinstance(value, np.ndarray) else value for name, value in arrays().items()}
    for bias in (q["b"], np.float64(0.1), 1):
        assert forward(q | {"b": bias}).dtype == dtype
    assert {gradients(q)[0].dtype, by_input(q).dtype, second(q).dtype} == {np.dtype(dtype)}
    assert type(gradients(q)[1]) is float


def test_arguments_are_neither_changed_nor_shared_and_may_be_frozen() -> None:
    for n, m in SIZES:
        q = arrays(n, m)
        before = {name: np.copy(value) for name, value in q.items()}
        for value in (q["X"], q["w"], q["dZ"], q["A"]):
            value.flags.writeable = False
        for result in (forward(q), gradients(q)[0], by_input(q), second(q)):
            assert not any(np.shares_memory(result, q[name]) for name in ("X", "w", "dZ", "A"))
        for name, value in q.items():
            np.testing.assert_array_equal(value, before[name])


ARGUMENTS = [
    (forward, "X"), (forward, "w"), (gradients, "dZ"), (gradients, "X"), (by_input, "dZ"), (by_input, "w"),
    (second, "A"), (second, "X"),
]  # fmt: skip


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("function", "name"), ARGUMENTS)
def test_a_spoiled_argument_is_refused_by_name(function: Callable[..., Any], name: str, row: Row) -> None:
    q = arrays()
    with refused(row[2], text_of(row, name, q[name])):
        function(q | {name: row[1](q[name])})


UNFIT: list[tuple[Callable[..., Any], str, tuple[int, ...], str]] = [
    (forward, "w", (1, 3), "w: expected n × 1; got 1 × 3. This is the transpose: use w.T."),
    (forward, "w", (3,), "w: expected n × 1; got shape (3,). A (3,) vector: use shape (3, 1)."),
    (forward, "X", (7, 3), "X: expected n × m, here 3 × m; got 7 × 3. This is the transpose: use X.T."),
    (forward, "X", (3, 0), "X: expected n × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    (gradients, "dZ", (7, 1), "dZ: expected 1 × m, here 1 × 7; got 7 × 1. This is the transpose: use dZ.T."),
    (gradients, "dZ", (7,), "dZ: expected 1 × m, here 1 × 7; got shape (7,). A (7,) vector: use shape (1, 7)."),
    (gradients, "dZ", (2, 7), "dZ: expected 1 × m, here 1 × 7; got 2 × 7. It has 2 rows, not 1."),
    (by_input, "dZ", (7, 1), "dZ: expected 1 × m; got 7 × 1. This is the transpose: use dZ.T."),
    (by_input, "w", (1, 3), "w: expected n × 1; got 1 × 3. This is the transpose: use w.T."),
    (second, "A", (7, 1), "A: expected 1 × m, here 1 × 7; got 7 × 1. This is the transpose: use A.T."),
    (second, "X", (3, 6), "A: expected 1 × m, here 1 × 6; got 1 × 7. It has 7 columns, not 6."),
]  # fmt: skip


@pytest.mark.parametrize(("function", "name", "shape", "text"), UNFIT)
def test_a_shape_that_does_not_fit_is_refused(
    function: Callable[..., Any], name: str, shape: tuple[int, ...], text: str
) -> None:
    with refused(ShapeError, text):
        function(arrays() | {name: np.full(shape, 0.5)})


@pytest.mark.parametrize(
    ("function", "name"), [(forward, "X"), (gradients, "dZ"), (by_input, "dZ"), (second, "A")]
)  # fmt: skip
def test_float32_and_float64_are_not_mixed(function: Callable[..., Any], name: str) -> None:
    q = arrays()
    other = "X" if function in (gradients, second) else "w"
    with refused(
        DtypeError, f"{name}: expected float64 like {other}, got float32. Choose one: {name}.astype(np.float64)."
    ):
        function(q | {name: q[name].astype(np.float32)})


@pytest.mark.parametrize(
    ("bias", "error", "text"),
    [
        (
            np.zeros((1, 1)),
            DtypeError,
            "b: expected a single number, got an array of shape (1, 1). Take it out: b.item().",
        ),
        (np.zeros(()), DtypeError, "b: expected a single number, got an array of shape (). Take it out: b.item()."),
        (
            np.zeros((1, 7)),
            DtypeError,
            "b: expected a single number, got an array of shape (1, 7). Is a sum over the examples missing?",
        ),
        (None, DtypeError, "b: expected a single number, got NoneType."),
        (np.nan, DomainError, "b: expected a finite number, got nan."),
    ],
)
def test_a_bias_that_is_not_a_number_is_refused(bias: Any, error: Any, text: str) -> None:
    with refused(error, text):
        forward(arrays() | {"b": bias})


@pytest.mark.parametrize("a", [1.5, -0.1])
def test_the_hessian_wants_outputs_and_not_sums(a: float) -> None:
    text = f"A: expected outputs of sigmoid, which lie between 0 and 1; got {a}. Is this Z? Then use sigmoid.prime(Z)."
    with refused(DomainError, text):
        neuron_hessian(np.array([[0.5, a]]), np.ones((3, 2)))
