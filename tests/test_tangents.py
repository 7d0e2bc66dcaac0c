"""Forward mode: against autograd, the complex step and central differences, and against reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import jacobian
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike

from byhand.activations import relu, sigmoid, tanh
from byhand.checks import DtypeError, InputError, ShapeError
from byhand.losses import squared_error
from byhand.network import Network
from byhand.softmax import softmax_output
from byhand.tangents import linear_tangent, network_tangent

SIZES = [(3, 4, 7), (5, 2, 3), (2, 6, 4), (3, 4, 1), (1, 4, 7), (3, 1, 7), (1, 1, 1)]
all_sizes = pytest.mark.parametrize(("n_in", "n_out", "m"), SIZES)
Arrays = dict[str, np.ndarray]


# one linear step


def step(n_in: int = 3, n_out: int = 4, m: int = 7) -> Arrays:
    rng = np.random.default_rng(0)
    shapes = {"A_prev": (n_in, m), "W": (n_out, n_in), "b": (n_out, 1)}
    shapes |= {f"{name}_dot": shape for name, shape in shapes.items()}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def of_step(q: Arrays) -> np.ndarray:
    return linear_tangent(q["A_prev"], q["W"], q["A_prev_dot"], q["W_dot"], q["b_dot"])


def moved_step(q: Arrays, t: Any) -> Any:
    A_prev, W, b = (q[name] + t * q[f"{name}_dot"] for name in ("A_prev", "W", "b"))
    return anp.dot(W, A_prev) + b


@all_sizes
def test_the_linear_step_agrees_with_autograd_the_complex_step_and_central_differences(
    n_in: int, n_out: int, m: int
) -> None:
    q = step(n_in, n_out, m)
    got, h = of_step(q), 1e-5
    assert got.shape == (n_out, m)
    np.testing.assert_allclose(got, jacobian(lambda t: moved_step(q, t))(0.0), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(got, moved_step(q, 1e-20j).imag / 1e-20, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(got, (moved_step(q, h) - moved_step(q, -h)) / (2 * h), rtol=0, atol=1e-8)


@pytest.mark.parametrize("alone", ["A_prev_dot", "W_dot", "b_dot"])
def test_the_three_directions_add(alone: str) -> None:
    q = step()
    without = q | {alone: np.zeros_like(q[alone])}
    only = {name: np.zeros_like(q[name]) for name in ("A_prev_dot", "W_dot", "b_dot")} | {alone: q[alone]}
    np.testing.assert_allclose(of_step(without) + of_step(q | only), of_step(q), rtol=0, atol=1e-13)


STEP_ARGUMENTS = ["A_prev", "W", "A_prev_dot", "W_dot", "b_dot"]


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize("name", STEP_ARGUMENTS)
def test_a_spoiled_argument_is_refused_by_name(name: str, row: Row) -> None:
    q = step()
    with refused(row[2], text_of(row, name, q[name])):
        of_step(q | {name: row[1](q[name])})


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        ("A_prev", (2, 7), "A_prev: expected n_in × m, here 3 × m; got 2 × 7. It has 2 rows, not 3."),
        ("A_prev_dot", (7, 3), "A_prev_dot: expected n_in × m, here 3 × 7; got 7 × 3. This is the transpose: use A_prev_dot.T."),
        ("A_prev_dot", (3, 1), "A_prev_dot: expected n_in × m, here 3 × 7; got 3 × 1. It has 1 column, not 7."),
        ("W_dot", (3, 4), "W_dot: expected n_out × n_in, here 4 × 3; got 3 × 4. This is the transpose: use W_dot.T."),
        ("b_dot", (4,), "b_dot: expected n_out × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
        ("b_dot", (4, 7), "b_dot: expected n_out × 1, here 4 × 1; got 4 × 7. It has 7 columns, not 1."),
        ("W", (4,), "W: expected n_out × n_in; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    ],
)  # fmt: skip
def test_a_shape_that_does_not_fit_is_refused(name: str, shape: tuple[int, ...], text: str) -> None:
    with refused(ShapeError, text):
        of_step(step() | {name: np.ones(shape)})


def test_float32_and_float64_are_not_mixed() -> None:
    q = step()
    text = "b_dot: expected float64 like W, got float32. Choose one: b_dot.astype(np.float64)."
    with refused(DtypeError, text):
        of_step(q | {"b_dot": q["b_dot"].astype(np.float32)})


# a whole network

NET = Network((3, 5, 4, 2), (tanh, sigmoid, tanh), squared_error)
NETWORKS = [
    NET,
    Network((2, 3), (tanh,), squared_error),
    Network((1, 1, 1), (tanh, tanh), squared_error),
    Network((3, 5, 4, 2), (tanh, softmax_output, tanh), squared_error),
]
DEPTHS = ["three layers", "one layer", "one unit each", "softmax inside"]


def fixture(net: Network = NET, m: int = 6, dtype: DTypeLike = np.float64) -> tuple[Arrays, Arrays, Arrays]:
    """Return parameters, cache, and a direction for everything."""
    rng = np.random.default_rng(1)
    parameters = {
        name: (array + 0.1 * rng.standard_normal(array.shape)).astype(dtype)
        for name, array in net.initialise(seed=0).items()
    }
    cache = net.forward(rng.standard_normal((net.sizes[0], m)).astype(dtype), parameters)
    movable = {"A0": cache["A0"]} | parameters
    return parameters, cache, {name: rng.standard_normal(array.shape).astype(dtype) for name, array in movable.items()}


def moved(net: Network, parameters: Arrays, cache: Arrays, directions: Arrays, t: complex) -> Arrays:
    still = {"A0": cache["A0"]} | parameters
    there = still | {name: still[name] + t * array for name, array in directions.items()}
    return net.forward(there.pop("A0"), there)


@pytest.mark.parametrize("m", [6, 1])
@pytest.mark.parametrize("net", NETWORKS, ids=DEPTHS)
def test_every_rate_agrees_with_the_complex_step_and_central_differences(net: Network, m: int) -> None:
    parameters, cache, everything = fixture(net, m)
    for directions in (everything, *({name: array} for name, array in everything.items())):
        got = network_tangent(net, cache, parameters, directions)
        assert list(got) == list(cache)
        by_complex_step = moved(net, parameters, cache, directions, 1e-20j)
        up, down = (moved(net, parameters, cache, directions, h) for h in (1e-5, -1e-5))
        for name in cache:
            assert got[name].shape == cache[name].shape
            np.testing.assert_allclose(got[name], by_complex_step[name].imag / 1e-20, rtol=0, atol=1e-12)
            np.testing.assert_allclose(got[name], (up[name] - down[name]) / 2e-5, rtol=0, atol=1e-8)


def test_outputs_of_another_batch_are_refused() -> None:
    parameters, cache, directions = fixture()
    mixed = {
        name: np.hstack([array, array]) if name[0] == "A" and name != "A0" else array for name, array in cache.items()
    }
    with pytest.raises(ShapeError, match=r"^A1: "):
        network_tangent(NET, mixed, parameters, directions)


def test_the_output_agrees_with_autograd() -> None:
    parameters, cache, directions = fixture()

    def output(t: Any) -> Any:
        p = {name: array + t * directions[name] for name, array in ({"A0": cache["A0"]} | parameters).items()}
        A1 = anp.tanh(anp.dot(p["W1"], p["A0"]) + p["b1"])
        A2 = 1 / (1 + anp.exp(-anp.dot(p["W2"], A1) - p["b2"]))
        return anp.tanh(anp.dot(p["W3"], A2) + p["b3"])

    got = network_tangent(NET, cache, parameters, directions)["A3"]
    np.testing.assert_allclose(got, jacobian(output)(0.0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("net", NETWORKS, ids=DEPTHS)
def test_forward_and_reverse_mode_give_the_loss_one_rate(net: Network) -> None:
    parameters, cache, directions = fixture(net)
    Y = np.random.default_rng(2).standard_normal(cache[f"A{net.depth}"].shape)
    gradients = net.backward(cache, parameters, Y, with_dA0=True)
    m = Y.shape[1]
    for name, direction in directions.items():
        rates = network_tangent(net, cache, parameters, {name: direction})
        loss_rate = ((cache[f"A{net.depth}"] - Y) * rates[f"A{net.depth}"]).sum()
        share = 1 if name == "A0" else m  # a parameter's gradient belongs to the cost
        assert loss_rate == pytest.approx(share * (gradients[f"d{name}"] * direction).sum(), rel=1e-10)


def test_a_unit_of_relu_that_is_off_passes_nothing_on() -> None:
    net = Network((2, 1), (relu,), squared_error)
    parameters = {"W1": np.array([[1.0, -1.0]]), "b1": np.array([[0.0]])}
    cache = net.forward(np.array([[1.0, 2.0], [2.0, 1.0]]), parameters)  # weighted sums -1 and 1
    rates = network_tangent(net, cache, parameters, {"A0": np.ones((2, 2)), "b1": np.array([[3.0]])})
    np.testing.assert_array_equal(rates["Z1"], [[3.0, 3.0]])
    np.testing.assert_array_equal(rates["A1"], [[0.0, 3.0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_of_the_arguments_is_that_of_the_results(dtype: DTypeLike) -> None:
    assert of_step({name: array.astype(dtype) for name, array in step().items()}).dtype == dtype
    parameters, cache, directions = fixture(dtype=dtype)
    for some in (directions, {"W2": directions["W2"]}):
        assert {array.dtype for array in network_tangent(NET, cache, parameters, some).values()} == {np.dtype(dtype)}


def test_arguments_are_neither_changed_nor_shared() -> None:
    q = step()
    given = [*q.values()]
    results = [of_step(q)]
    parameters, cache, directions = fixture()
    given += [*parameters.values(), *cache.values(), *directions.values()]
    before = [array.copy() for array in given]
    results += network_tangent(NET, cache, parameters, directions).values()
    assert not any(np.shares_memory(result, array) for result in results for array in given)
    for array, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, old)


SPOILS: list[tuple[int, str, str]] = [
    (0, "W2", "W2"), (1, "A0", "A0"), (1, "Z2", "Z2"), (1, "A3", "A3"),
    (2, "A0", "directions['A0']"), (2, "b3", "directions['b3']"),
]  # fmt: skip


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize(("part", "key", "name"), SPOILS, ids=[name for *_, name in SPOILS])
def test_a_spoiled_array_of_a_network_is_refused_by_name(part: int, key: str, name: str, row: Row) -> None:
    arguments: list[dict[str, Any]] = [dict(argument) for argument in fixture()]
    expected = text_of(row, name, arguments[part][key])
    arguments[part][key] = row[1](arguments[part][key])
    with refused(row[2], expected):
        network_tangent(NET, arguments[1], arguments[0], arguments[2])


MOVABLE = "A0, W1, b1, W2, b2, W3, b3"
Call = Callable[[Arrays, Arrays, Arrays], Any]


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p, c, d: network_tangent(cast(Any, "net"), c, p, d), InputError, "network: expected a byhand.network.Network, got str."),
        (lambda p, c, d: network_tangent(NET, c, p, {}), InputError, f"directions: expected some of {MOVABLE}; got none."),
        (lambda p, c, d: network_tangent(NET, c, p, {"A0": d["A0"], "A1": c["A1"]}), InputError, f"directions: expected some of {MOVABLE}; got A0, A1."),
        (lambda p, c, d: network_tangent(NET, c, p, cast(Any, [d["A0"]])), InputError, "directions: expected a dictionary of arrays by name, got list."),
        (lambda p, c, d: network_tangent(NET, c, {k: p[k] for k in p if k != "b2"}, d), InputError, "parameters: expected the keys W1, b1, W2, b2, W3, b3; b2 missing."),
        (lambda p, c, d: network_tangent(NET, {k: c[k] for k in c if k != "Z2"}, p, d), InputError, "cache: expected the keys A0, Z1, A1, Z2, A2, Z3, A3; Z2 missing."),
        (lambda p, c, d: network_tangent(NET, c | {"Z2": c["Z2"].T}, p, d), ShapeError, "Z2: expected n₂ × m, here 4 × 6; got 6 × 4. This is the transpose: use Z2.T."),
        (lambda p, c, d: network_tangent(NET, c | {"A0": c["A0"].T}, p, d), ShapeError, "A0: expected n₀ × m, here 3 × m; got 6 × 3. This is the transpose: use A0.T."),
        (lambda p, c, d: network_tangent(NET, c, p | {"W2": p["W2"].T}, d), ShapeError, "W2: expected n₂ × n₁, here 4 × 5; got 5 × 4. This is the transpose: use W2.T."),
        (lambda p, c, d: network_tangent(NET, c, p | {"b3": p["b3"][:, 0]}, d), ShapeError, "b3: expected n₃ × 1, here 2 × 1; got shape (2,). A (2,) vector: use shape (2, 1)."),
        (lambda p, c, d: network_tangent(NET, c, p, {"A0": d["A0"][:, :1]}), ShapeError, "directions['A0']: expected n₀ × m, here 3 × 6; got 3 × 1. It has 1 column, not 6."),
        (lambda p, c, d: network_tangent(NET, c, p, {"W2": d["W2"].T}), ShapeError, "directions['W2']: expected n₂ × n₁, here 4 × 5; got 5 × 4. This is the transpose: use directions['W2'].T."),
        (lambda p, c, d: network_tangent(NET, c, p, {"W2": d["W2"].astype(np.float32)}), DtypeError,
         "directions['W2']: expected float64 like A0, got float32. Choose one: directions['W2'].astype(np.float64)."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_network_is_refused(call: Call, error: type[InputError], text: str) -> None:
    with refused(error, text):
        call(*fixture())
