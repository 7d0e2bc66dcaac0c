"""The whole network: any depth, the course's keys, gradients against independent derivatives."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, replace
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of, unenforced
from numpy.typing import DTypeLike

from byhand import loss, network_checks
from byhand.activations import Activation, identity, leaky_relu, relu, sigmoid, tanh
from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import Method, check_gradients
from byhand.losses import Loss, binary_cross_entropy, softmax_cross_entropy, squared_error
from byhand.network import Arrays, Network
from byhand.softmax import softmax_backward, softmax_output
from byhand.training import train

# g and squares-after-sigmoid take the long way dA ⊙ g′; a sigmoid of one's own is not the loss's link either.
own_sigmoid = replace(sigmoid, name="own sigmoid")
own_softmax = replace(softmax_output, name="own softmax")
NETWORKS = {
    "1 layer": Network((3, 2), (sigmoid,)),
    "2 layers": Network((3, 4, 2), (tanh, sigmoid)),
    "2 layers, 1 output": Network((5, 4, 1), (relu, sigmoid)),
    "2 layers, 1 input": Network((1, 3, 2), (tanh, sigmoid)),
    "the long way": Network((3, 4, 2), (tanh, own_sigmoid)),
    "squares of a sigmoid": Network((3, 4, 2), (leaky_relu, sigmoid), squared_error),
    "regression": Network((3, 5, 2), (sigmoid, identity), squared_error),
    "4 layers": Network((3, 6, 5, 4, 2), (tanh, leaky_relu, relu, sigmoid)),
    "softmax": Network((3, 5, 4), (tanh, softmax_output), softmax_cross_entropy),
    "softmax, the long way": Network((3, 5, 4), (tanh, own_softmax), softmax_cross_entropy),
    "softmax, other losses": Network((3, 5, 4), (tanh, softmax_output)),
    "squares of a softmax": Network((3, 5, 4), (tanh, softmax_output), squared_error),
    "softmax inside": Network((3, 5, 2), (softmax_output, identity), squared_error),
    "4 layers, squares": Network((4, 5, 3, 6, 2), (relu, identity, tanh, tanh), squared_error),
}
every_network = pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)
ANEW: dict[str, Callable[[Any], Any]] = {
    "identity": lambda Z: Z,
    "sigmoid": lambda Z: 1 / (1 + anp.exp(-Z)),
    "own sigmoid": lambda Z: 1 / (1 + anp.exp(-Z)),
    "softmax": lambda Z: anp.exp(Z) / anp.sum(anp.exp(Z), axis=0),
    "own softmax": lambda Z: anp.exp(Z) / anp.sum(anp.exp(Z), axis=0),
    "tanh": lambda Z: anp.tanh(Z),
    "relu": lambda Z: Z * (Z > 0),
    "leaky_relu": lambda Z: anp.where(Z > 0, Z, 0.01 * Z),
}


def data(net: Network, m: int = 7, dtype: DTypeLike = np.float64) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    X = rng.standard_normal((net.sizes[0], m)).astype(dtype)
    return X, rng.integers(0, 2, (net.sizes[-1], m))


def start(net: Network, dtype: DTypeLike = np.float64) -> Arrays:
    """Return parameters with biases that are not 0."""
    rng = np.random.default_rng(12)
    return {
        name: (array + 0.3 * rng.standard_normal(array.shape)).astype(dtype)
        for name, array in net.initialise(5).items()
    }


def cost_anew(net: Network, parameters: Mapping[str, Any], X: Any, Y: Any) -> Any:
    A = X
    for ell, g in enumerate(net.activations, start=1):
        A = ANEW[g.name](anp.dot(parameters[f"W{ell}"], A) + parameters[f"b{ell}"])
    if net.loss is squared_error:
        return anp.sum((A - Y) ** 2) / 2 / X.shape[1]
    if net.loss is softmax_cross_entropy:
        return -anp.sum(Y * anp.log(A)) / X.shape[1]
    return -anp.sum(Y * anp.log(A) + (1 - Y) * anp.log(1 - A)) / X.shape[1]


def gradients_of(net: Network, parameters: Arrays, X: np.ndarray, Y: np.ndarray, **options: bool) -> Arrays:
    return net.backward(net.forward(X, parameters), parameters, Y, **options)


def close(got: np.ndarray, wanted: np.ndarray, tolerance: float) -> None:
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * np.abs(wanted).max())


@every_network
@pytest.mark.parametrize("m", [7, 1])
def test_cost_and_every_gradient_agree_with_autograd_entry_by_entry(net: Network, m: int) -> None:
    (X, Y), parameters = data(net, m), start(net)
    assert net.cost(net.forward(X, parameters), Y) == pytest.approx(cost_anew(net, parameters, X, Y), rel=1e-12)
    expected = grad(lambda p: cost_anew(net, p, X, Y))(parameters)
    gradients = gradients_of(net, parameters, X, Y, with_dA0=True)
    for name in parameters:
        close(gradients[f"d{name}"], expected[name], 1e-9)
    close(gradients["dA0"], m * grad(lambda X: cost_anew(net, parameters, X, Y))(X), 1e-9)


@every_network
@pytest.mark.parametrize("m", [7, 1])
@pytest.mark.parametrize("method", ["complex step", "central differences"])
def test_every_gradient_agrees_with_the_definition(net: Network, m: int, method: Method) -> None:
    (X, Y), parameters = data(net, m), start(net)
    gradients = gradients_of(net, parameters, X, Y, with_dA0=True)
    gradients["dX"] = gradients["dA0"] / m

    def cost(q: Arrays) -> float | complex:
        return net.cost(net.forward(q["X"], q), Y)

    found = check_gradients(cost, {**parameters, "X": X}, gradients, method=method)
    assert {entry.verdict for entry in found.arrays} <= {"agrees", "untested"}, str(found)
    assert found.agrees or m == 1, str(found)


def test_a_published_example_comes_out_to_its_printed_digits() -> None:
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): 2-2-2 sigmoids, half squares, one example, rate 0.5.

    He keeps the biases where they are.
    """
    net = Network((2, 2, 2), (sigmoid, sigmoid), squared_error)
    parameters = {
        "W1": np.array([[0.15, 0.20], [0.25, 0.30]]),
        "b1": np.array([[0.35], [0.35]]),
        "W2": np.array([[0.40, 0.45], [0.50, 0.55]]),
        "b2": np.array([[0.60], [0.60]]),
    }
    X, Y = np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
    cache = net.forward(X, parameters)
    assert cache["Z1"][0, 0] == pytest.approx(0.3775, abs=1e-12)
    np.testing.assert_allclose(cache["A1"], [[0.593269992], [0.596884378]], rtol=0, atol=1e-9)
    np.testing.assert_allclose(cache["A2"], [[0.75136507], [0.772928465]], rtol=0, atol=1e-8)
    assert net.cost(cache, Y) == pytest.approx(0.298371109, abs=1e-9)
    gradients = net.backward(cache, parameters, Y)
    assert gradients["dW2"][0, 0] == pytest.approx(0.082167041, abs=1e-9)
    assert gradients["dW1"][0, 0] == pytest.approx(0.000438568, abs=1e-9)
    after = net.step(parameters, gradients, learning_rate=0.5)
    np.testing.assert_allclose(after["W2"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], rtol=0, atol=1e-8)
    np.testing.assert_allclose(after["W1"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], rtol=0, atol=1e-8)


@every_network
def test_the_keys_and_shapes_are_those_of_the_course(net: Network) -> None:
    (X, Y), parameters = data(net), net.initialise(seed=0)
    n, layers = net.sizes, range(1, net.depth + 1)
    shapes = {f"W{ell}": (n[ell], n[ell - 1]) for ell in layers} | {f"b{ell}": (n[ell], 1) for ell in layers}
    assert {name: array.shape for name, array in parameters.items()} == shapes
    assert list(parameters) == [f"{letter}{ell}" for ell in layers for letter in "Wb"]
    cache = net.forward(X, parameters)
    assert list(cache) == ["A0", *(f"{letter}{ell}" for ell in layers for letter in "ZA")]
    assert all(array.shape == (n[int(name[1:])], X.shape[1]) for name, array in cache.items())
    gradients = net.backward(cache, parameters, Y)
    assert {name: array.shape for name, array in gradients.items()} == {
        f"d{name}": shape for name, shape in shapes.items()
    }
    assert list(net.step(parameters, gradients, 0.1)) == list(parameters)


@every_network
def test_the_input_gradient_comes_on_request_only(net: Network) -> None:
    (X, Y), parameters = data(net), start(net)
    without, with_it = gradients_of(net, parameters, X, Y), gradients_of(net, parameters, X, Y, with_dA0=True)
    assert set(with_it) - set(without) == {"dA0"}
    assert with_it["dA0"].shape == X.shape


def never(Z: np.ndarray) -> np.ndarray:
    raise AssertionError(f"g′ was taken from Z, {Z.shape}")


def test_the_slope_is_read_off_the_output_where_it_can_be_and_else_taken_from_z() -> None:
    X, Y = data(NETWORKS["the long way"])
    by_output, by_input = replace(tanh, derivative=never), replace(tanh, derivative_from_output=None)
    outer_by_output, outer_by_input = replace(sigmoid, derivative=never), replace(sigmoid, derivative_from_output=None)
    nets = [
        Network((3, 4, 2), (inner, outer))
        for inner in (by_output, by_input)
        for outer in (outer_by_output, outer_by_input)
    ]
    parameters = start(nets[0])
    expected = gradients_of(NETWORKS["2 layers"], parameters, X, Y)
    for net in nets:
        for name, gradient in gradients_of(net, parameters, X, Y).items():
            close(gradient, expected[name], 1e-13)


def test_with_the_losss_own_link_no_slope_is_taken_at_the_output_and_saturation_is_harmless() -> None:
    net = Network((3, 2), (sigmoid,))
    (X, Y), parameters = data(net), {"W1": np.full((2, 3), 1e3), "b1": np.zeros((2, 1))}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        cache = net.forward(X, parameters)
        cost, gradients = net.cost(cache, Y), net.backward(cache, parameters, Y)
    assert np.isfinite(cost)
    assert np.real(cost) > 1
    np.testing.assert_allclose(gradients["db1"], (cache["A1"] - Y).mean(axis=1, keepdims=True), atol=1e-15)


def test_off_the_link_a_saturated_output_is_refused_rather_than_turned_into_infinity() -> None:
    net = Network((3, 2), (own_sigmoid,))
    X, Y = np.ones((3, 4)), np.zeros((2, 4), int)
    cache = net.forward(X, {"W1": np.full((2, 3), 1e3), "b1": np.zeros((2, 1))})
    text = (
        "A: a prediction is exactly 1.0 where the label is 0.0: the loss is infinite there. "
        "Work from the logits Z instead: the functions that end in from_logits stay finite."
    )
    with refused(DomainError, text):
        net.cost(cache, Y)
    with refused(DomainError, text):
        net.backward(cache, {"W1": np.ones((2, 3)), "b1": np.zeros((2, 1))}, Y)


def test_fresh_weights_have_variance_1_over_n_prev_and_fresh_biases_are_zero() -> None:
    parameters = Network((400, 300, 100), (tanh, sigmoid)).initialise(seed=3)
    for ell, n_prev in ((1, 400), (2, 300)):
        W = parameters[f"W{ell}"]
        assert W.std() * np.sqrt(n_prev) == pytest.approx(1, abs=0.02)
        assert abs(W.mean()) * np.sqrt(n_prev) < 0.02
        assert abs((np.abs(W) * np.sqrt(n_prev) > 1.96).mean() - 0.05) < 0.005
        assert not parameters[f"b{ell}"].any()
    assert abs(np.corrcoef(parameters["W1"][:100, :300].ravel(), parameters["W2"].ravel())[0, 1]) < 0.03


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    net = NETWORKS["4 layers"]
    one, again, other = net.initialise(1), net.initialise(seed=1), net.initialise(2)
    for name in one:
        np.testing.assert_array_equal(one[name], again[name])
        assert name.startswith("b") or not np.array_equal(one[name], other[name])


def test_float32_parameters_are_the_float64_ones_rounded() -> None:
    net = NETWORKS["2 layers"]
    single = net.initialise(1, dtype=np.float32)
    for name, array in net.initialise(1, "float64").items():
        assert single[name].dtype == np.float32
        np.testing.assert_array_equal(single[name], array.astype(np.float32))


@every_network
def test_float32_stays_float32_in_every_array(net: Network) -> None:
    (X, Y), parameters = data(net, dtype=np.float32), net.initialise(5, np.float32)
    cache = net.forward(X, parameters)
    gradients = net.backward(cache, parameters, Y, with_dA0=True)
    after = net.step(parameters, gradients, learning_rate=np.float64(0.1))  # type: ignore[arg-type, unused-ignore]
    assert {array.dtype for arrays in (cache, gradients, after) for array in arrays.values()} == {np.dtype(np.float32)}
    wide = net.initialise(5)
    for name, gradient in gradients_of(net, wide, X.astype(float), Y).items():
        close(gradients[name], gradient, 1e-4)


@every_network
def test_nothing_given_is_changed_and_nothing_returned_shares_memory_but_a0_which_is_x(net: Network) -> None:
    (X, Y), parameters = data(net), start(net)
    cache = net.forward(X, parameters)
    assert cache["A0"] is X
    given = {"X": X, "Y": Y, **parameters, **{name: cache[name] for name in cache if name != "A0"}}
    before = {name: array.copy() for name, array in given.items()}
    net.cost(cache, Y)
    gradients = net.backward(cache, parameters, Y, with_dA0=True)
    after = net.step(parameters, gradients, 0.1)
    answer = net.predict(X, parameters)
    for returned in (*gradients.values(), *after.values(), answer):
        assert not any(np.shares_memory(returned, array) for array in given.values())
    assert not any(
        np.shares_memory(cache[name], array) for name in cache if name != "A0" for array in (X, *parameters.values())
    )
    for name, array in given.items():
        np.testing.assert_array_equal(array, before[name])
    assert list(cache) == list(net.forward(X, parameters))


@pytest.mark.parametrize("name", ["2 layers, 1 output", "4 layers, squares"])
def test_what_fits_is_accepted_at_the_first_look(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object, **__: object) -> None:
        raise AssertionError("looked at a second time")

    monkeypatch.setattr(network_checks, "check_keys", again)
    monkeypatch.setattr(loss, "check_labels_like", again)
    net = NETWORKS[name]
    (X, Y), parameters = data(net, 20), start(net)
    cache = net.forward(X, parameters)
    net.cost(cache, Y)
    net.step(parameters, net.backward(cache, parameters, Y), 0.1)
    net.gradients(X, Y, parameters)


@pytest.mark.parametrize("which", ["A", "Y"])
def test_a_loss_that_hands_back_its_arguments_loses_nothing(which: str) -> None:
    def slope(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return {"A": A, "Y": Y}[which]

    net = Network((3, 4, 2), (tanh, tanh), replace(squared_error, slope=slope))
    (X, _), parameters = data(net), start(net)
    Y = np.full((2, 7), 0.5)
    cache = net.forward(X, parameters)
    expected = cache["A2"].copy()
    once, again = gradients_of(net, parameters, X, Y), net.backward(cache, parameters, Y)
    np.testing.assert_array_equal(cache["A2"], expected)
    np.testing.assert_array_equal(once["dW1"], again["dW1"])
    one, _ = train(net, X, Y, parameters, steps=1, learning_rate=0.5, progress=False)
    two, _ = train(net, X, Y, one, steps=1, learning_rate=0.5, progress=False)
    both, _ = train(net, X, Y, parameters, steps=2, learning_rate=0.5, progress=False)
    np.testing.assert_array_equal(two["W1"], both["W1"])


def test_complex_slopes_meet_real_gradients() -> None:
    net = Network((3, 4, 2), (tanh, identity), squared_error)
    (X, Y), parameters = data(net), start(net)
    cache = net.forward(X, parameters)
    along = net.backward(cache | {"A1": cache["A1"] + 1e-200j}, parameters, Y)
    assert along["dW1"].dtype == complex
    dA1 = parameters["W2"].T @ (cache["A2"] - Y)
    np.testing.assert_allclose(along["dW1"].imag * 1e200, -2 * (dA1 * cache["A1"]) @ X.T / 7, rtol=1e-12)
    np.testing.assert_allclose(along["dW1"].real, net.backward(cache, parameters, Y)["dW1"], rtol=1e-13)


@pytest.mark.parametrize("ask", ["gradients", "train"])
@pytest.mark.parametrize("g", [relu, tanh], ids=["relu", "tanh"])
def test_no_array_is_kept_beyond_its_last_use(g: Activation, ask: str) -> None:
    """One array of a hidden layer is the unit: three outputs, a sum; on the way back each makes room for a gradient."""
    net = Network((2, 64, 64, 64, 2), (g, g, g, identity), squared_error)
    (X, Y), parameters = data(net, 4000), net.initialise(1)
    gc.collect()
    tracemalloc.start()
    try:
        if ask == "train":
            train(net, X, Y, parameters, steps=2, learning_rate=0.1, progress=False)
        else:
            net.gradients(X, Y, parameters)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak / (64 * 4000 * 8) < (4.4 if g is relu else 6.4)


def test_strided_fortran_and_read_only_arrays_work_alike() -> None:
    net = NETWORKS["4 layers"]
    (X, Y), parameters = data(net), start(net)
    expected = gradients_of(net, parameters, X, Y)
    frozen = {name: array.copy() for name, array in parameters.items()}
    for array in frozen.values():
        array.flags.writeable = False
    others = [
        (frozen, X),
        ({name: np.asfortranarray(array) for name, array in parameters.items()}, np.asfortranarray(X)),
        (
            {name: np.repeat(array, 2, axis=0)[::2] for name, array in parameters.items()},
            np.repeat(X, 2, axis=1)[:, ::2],
        ),
    ]
    for given, inputs in others:
        for name, gradient in gradients_of(net, given, inputs, Y).items():
            close(gradient, expected[name], 1e-13)


@every_network
def test_gradients_are_those_of_forward_and_backward_to_the_last_bit(net: Network) -> None:
    (X, Y), parameters = data(net), start(net)
    together, apart = net.gradients(X, Y, parameters), gradients_of(net, parameters, X, Y)
    assert list(together) == list(apart)
    for name, gradient in apart.items():
        np.testing.assert_array_equal(together[name], gradient)


def test_gradients_refuse_sums_that_are_too_large_as_backward_does() -> None:
    net = Network((3, 4, 2), (relu, identity), squared_error)
    (X, Y), parameters = data(net), {name: 1e160 * array for name, array in start(net).items()}
    for call in (net.gradients, lambda X, Y, p: gradients_of(net, p, X, Y)):
        with (
            np.errstate(all="ignore"),
            pytest.raises(DomainError, match=r"^Z2: expected finite numbers, got (-?inf|nan) at Z2\["),
        ):
            call(X, Y, parameters)


def test_one_step_goes_against_the_gradient_and_lowers_the_cost() -> None:
    net = NETWORKS["4 layers, squares"]
    (X, Y), parameters = data(net), start(net)
    gradients = gradients_of(net, parameters, X, Y)
    after = net.step(parameters, gradients, learning_rate=0.25)
    for name in parameters:
        np.testing.assert_allclose(parameters[name] - after[name], gradients[f"d{name}"] / 4, rtol=1e-9, atol=1e-15)
    small = net.step(parameters, gradients, 1e-3)
    assert np.real(net.cost(net.forward(X, small), Y)) < np.real(net.cost(net.forward(X, parameters), Y))


def test_predict_rounds_under_cross_entropy_and_returns_the_output_otherwise() -> None:
    X = np.array([[-1.0, -1e-9, 0.0, 1e-9, 1.0]])
    parameters = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))}
    answer = Network((1, 2), (sigmoid,)).predict(X, parameters)
    assert answer.tolist() == [[0, 0, 0, 1, 1], [1, 1, 0, 0, 0]]
    assert np.issubdtype(answer.dtype, np.integer)
    output = Network((1, 2), (sigmoid,), squared_error).predict(X, parameters)
    np.testing.assert_array_equal(output, sigmoid(np.concatenate([X, -X])))


def test_predict_under_softmax_cross_entropy_gives_one_hot_columns_with_the_first_of_equals() -> None:
    X = np.array([[-1.0, 0.0, 2.0, 1e4]])
    parameters = {"W1": np.array([[1.0], [-1.0], [0.5]]), "b1": np.zeros((3, 1))}
    answer = Network((1, 3), (softmax_output,), softmax_cross_entropy).predict(X, parameters)
    assert answer.tolist() == [[0, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert np.issubdtype(answer.dtype, np.integer)
    output = Network((1, 3), (softmax_output,), squared_error).predict(X, parameters)
    np.testing.assert_array_equal(output, softmax_output.function(parameters["W1"] @ X))


def test_softmax_starts_from_a_minus_y_under_its_own_loss_and_else_goes_back_through_softmax() -> None:
    def never_back(dA: np.ndarray, A: np.ndarray) -> np.ndarray:
        raise AssertionError

    X, Y = data(NETWORKS["softmax"])
    parameters = {"W1": np.eye(4, 3) * 1e3, "b1": np.zeros((4, 1))}
    own = Network(
        (3, 4), (softmax_output,), replace(softmax_cross_entropy, link=replace(softmax_output, backward=never_back))
    )
    linked = Network((3, 4), (own.loss.link,), own.loss)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        cache = linked.forward(X, parameters)
        cost, gradients = linked.cost(cache, Y), linked.backward(cache, parameters, Y)
    assert np.isfinite(cost)
    dZ = Y.sum(axis=0) * cache["A1"] - Y
    np.testing.assert_allclose(gradients["db1"], dZ.mean(axis=1, keepdims=True), atol=1e-14)
    cache = own.forward(X, parameters)
    with pytest.raises(InputError, match=r"exactly 0\.0 where the label is 1.0"):
        own.cost(cache, Y)
    net, small = NETWORKS["squares of a softmax"], start(NETWORKS["squares of a softmax"])
    cache = net.forward(X, small)
    expected = softmax_backward(cache["A2"] - Y, cache["A2"]).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(net.backward(cache, small, Y)["db2"], expected, atol=1e-15)


def test_depth_counts_the_layers_with_parameters() -> None:
    assert [NETWORKS[name].depth for name in ("1 layer", "2 layers", "4 layers")] == [1, 2, 4]


def test_sizes_and_activations_become_tuples_whatever_held_them() -> None:
    sizes: Any = np.array([3, 4, 2])
    with unenforced():
        net = Network(sizes, [tanh, sigmoid])
    assert (net.sizes, net.activations) == ((3, 4, 2), (tanh, sigmoid))
    assert net == NETWORKS["2 layers"]


PLANS: list[tuple[Any, Any, Any, str]] = [
    (3, (tanh,), squared_error, "sizes: expected a tuple, with one for each layer; got 3."),
    ((3, 2), tanh, squared_error, "activations: expected a tuple, with one for each layer; got <activation tanh>."),
    ((3, 0), (tanh,), squared_error, "sizes: expected positive whole numbers, got 0 in (3, 0)."),
    ((3, -2), (tanh,), squared_error, "sizes: expected positive whole numbers, got -2 in (3, -2)."),
    ((3.0, 2), (tanh,), squared_error, "sizes: expected positive whole numbers, got 3.0 in (3.0, 2)."),
    ((True, 2), (tanh,), squared_error, "sizes: expected positive whole numbers, got True in (True, 2)."),
    ("32", (tanh,), squared_error, "sizes: expected positive whole numbers, got '3' in ('3', '2')."),
    ((3,), (), squared_error, "activations: expected one for each layer after the input; got 0 for sizes (3,)."),
    ((), (), squared_error, "activations: expected one for each layer after the input; got 0 for sizes ()."),
    ((3, 4, 2), (tanh,), squared_error, "activations: expected one for each layer after the input; got 1 for sizes (3, 4, 2)."),
    ((3, 2), (tanh, tanh), squared_error, "activations: expected one for each layer after the input; got 2 for sizes (3, 2)."),
    ((3, 4, 2), ("tanh", sigmoid), squared_error, "activations: expected activations such as byhand.activations.tanh, got 'tanh'."),
    ((3, 2), (tanh,), "mse", "loss: expected a loss such as byhand.losses.squared_error, got 'mse'."),
    ((3, 2), (tanh,), binary_cross_entropy, "loss: binary cross-entropy needs predictions from 0 to 1, but the last activation, "
     "tanh, returns -1 to 1. Use sigmoid there."),
    ((3, 2), (sigmoid,), softmax_cross_entropy, "loss: softmax cross-entropy needs columns that add up to 1, but the last "
     "activation, sigmoid, is applied entry by entry. Use byhand.softmax.softmax_output there."),
    ((3, 2), (replace(softmax_output, values=(-1.0, 1.0)),), softmax_cross_entropy, "loss: softmax cross-entropy needs predictions "
     "from 0 to 1, but the last activation, softmax, returns -1 to 1. Use softmax there."),
    ((3, 2), (relu,), binary_cross_entropy, "loss: binary cross-entropy needs predictions from 0 to 1, but the last activation, "
     "relu, returns 0 to inf. Use sigmoid there."),
]  # fmt: skip


@pytest.mark.parametrize(("sizes", "activations", "loss", "text"), PLANS)
def test_a_plan_that_makes_no_sense_is_refused(sizes: Any, activations: Any, loss: Any, text: str) -> None:
    with refused(InputError, text):
        Network(sizes, activations, loss)


def test_a_plan_may_have_layers_of_one_unit_and_numpy_sizes() -> None:
    several: list[Any] = [(1, 1), (np.int64(3), np.int32(1))]
    for sizes in several:
        with unenforced():
            assert Network(sizes, (sigmoid,)).depth == 1


@pytest.mark.parametrize(
    ("inside", "fits"),
    [((0.0, 1.0), True), ((0.25, 0.75), True), ((-0.5, 1.0), False), ((0.0, 1.5), False)],
)
def test_the_outputs_interval_must_lie_in_the_losss(inside: tuple[float, float], fits: bool) -> None:
    g = replace(sigmoid, name="g", values=inside)
    if fits:
        assert Network((3, 2), (g,)).depth == 1
    else:
        low, high = inside
        text = f"predictions from 0 to 1, but the last activation, g, returns {low:g} to {high:g}. Use sigmoid there."
        with refused(InputError, f"loss: binary cross-entropy needs {text}"):
            Network((3, 2), (g,))


@pytest.mark.parametrize(
    ("dtype", "shown"), [(int, "int64"), (np.float16, "float16"), (complex, "complex128"), (">f8", ">f8")]
)
def test_parameters_are_float64_or_float32(dtype: Any, shown: str) -> None:
    with refused(DtypeError, f"dtype: expected float64 or float32, got {shown}."):
        NETWORKS["2 layers"].initialise(0, dtype)


# Every method with every array it takes, by the name under which it is refused.

NET = NETWORKS["2 layers"]


def everything() -> dict[str, np.ndarray]:
    (X, Y), parameters = data(NET), start(NET)
    cache = NET.forward(X, parameters)
    return {"X": X, "Y": Y, **parameters, **cache, **NET.backward(cache, parameters, Y)}


def some(q: Mapping[str, Any], names: str) -> dict[str, Any]:
    return {name: q[name] for name in names.split() if name in q}


PARAMETERS, CACHE, GRADIENTS = "W1 b1 W2 b2", "A0 Z1 A1 Z2 A2", "dW2 db2 dW1 db1"
METHODS: dict[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "forward": (f"{PARAMETERS} X", lambda q: NET.forward(q["X"], some(q, PARAMETERS))),
    "gradients": (f"{PARAMETERS} X", lambda q: NET.gradients(q["X"], q["Y"], some(q, PARAMETERS))),
    "predict": (f"{PARAMETERS} X", lambda q: NET.predict(q["X"], some(q, PARAMETERS))),
    "cost": (CACHE, lambda q: NET.cost(some(q, CACHE), q["Y"])),
    "backward": (f"{PARAMETERS} {CACHE}", lambda q: NET.backward(some(q, CACHE), some(q, PARAMETERS), q["Y"])),
    "step": (f"{PARAMETERS} {GRADIENTS}", lambda q: NET.step(some(q, PARAMETERS), some(q, GRADIENTS), 0.1)),
}
SLOTS = [(method, name) for method, (names, _) in METHODS.items() for name in names.split()]


@pytest.mark.parametrize(("method", "name"), SLOTS)
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_array_is_refused_by_name(method: str, name: str, row: Row) -> None:
    q = everything()
    with refused(row[2], text_of(row, name, q[name])):
        METHODS[method][1](q | {name: row[1](q[name])})


@pytest.mark.parametrize(("method", "name"), SLOTS)
def test_an_array_of_the_other_precision_is_refused(method: str, name: str) -> None:
    q = everything()
    with (
        unenforced(),
        pytest.raises(DtypeError, match=r"^\w+: expected float(64|32) like \w+, got float(32|64)\. Choose one: "),
    ):
        METHODS[method][1](q | {name: q[name].astype(np.float32)})


@pytest.mark.parametrize(
    ("method", "names", "name", "like"),
    [("forward", "X", "X", "W1"), ("predict", "X", "X", "W1"), ("backward", CACHE, "A0", "W1"), ("step", GRADIENTS, "dW1", "W1"),
     ("backward", "b2", "b2", "W1"), ("cost", "A2", "A2", "A0"), ("step", "db1", "db1", "dW1")],
)  # fmt: skip
def test_mixed_precision_is_refused_by_name(method: str, names: str, name: str, like: str) -> None:
    q = everything()
    narrow = {key: q[key].astype(np.float32) for key in names.split()}
    text = f"{name}: expected float64 like {like}, got float32. Choose one: {name}.astype(np.float64)."
    with refused(DtypeError, text):
        METHODS[method][1](q | narrow)


GROUPS = [("forward", "parameters", PARAMETERS), ("predict", "parameters", PARAMETERS), ("cost", "cache", CACHE),
          ("backward", "parameters", PARAMETERS), ("backward", "cache", CACHE), ("step", "parameters", PARAMETERS),
          ("step", "gradients", "dW1 db1 dW2 db2")]  # fmt: skip


@pytest.mark.parametrize(("method", "what", "names"), GROUPS)
def test_missing_keys_are_named(method: str, what: str, names: str) -> None:
    keys = names.split() if what != "cache" else ["A0", "Z1", "A1", "Z2", "A2"]
    for missing in ([keys[1]], [keys[0], keys[-1]]):
        q = {name: array for name, array in everything().items() if name not in missing}
        with refused(InputError, f"{what}: expected the keys {', '.join(keys)}; {', '.join(missing)} missing."):
            METHODS[method][1](q)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda q: NET.forward(q["X"], q["W1"]), "parameters"),
        (lambda q: NET.cost(q["A2"], q["Y"]), "cache"),
        (lambda q: NET.backward(q["A2"], q, q["Y"]), "cache"),
        (lambda q: NET.step(q, q["dW1"], 0.1), "gradients"),
    ],
)
def test_an_array_in_the_place_of_a_dictionary_is_refused(call: Callable[[Any], Any], what: str) -> None:
    with refused(InputError, f"{what}: expected a dictionary of arrays by name, got ndarray."):
        call(everything())


def test_other_keys_may_stand_beside_the_expected_ones() -> None:
    q = everything()
    np.testing.assert_array_equal(NET.backward(q, q, q["Y"])["dW1"], q["dW1"])
    assert list(NET.step(q, q, 0.1)) == PARAMETERS.split()


UNFIT = [
    ("forward", "X", (7, 3), "X: expected n₀ × m, here 3 × m; got 7 × 3. This is the transpose: use X.T."),
    ("forward", "X", (3,), "X: expected n₀ × m, here 3 × m; got shape (3,). A (3,) vector: use shape (3, 1)."),
    ("forward", "X", (3, 0), "X: expected n₀ × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    ("predict", "X", (4, 7), "X: expected n₀ × m, here 3 × m; got 4 × 7. It has 4 rows, not 3."),
    ("forward", "W1", (3, 4), "W1: expected n₁ × n₀, here 4 × 3; got 3 × 4. This is the transpose: use W1.T."),
    ("forward", "b1", (4,), "b1: expected n₁ × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
    ("predict", "b2", (1, 2), "b2: expected n₂ × 1, here 2 × 1; got 1 × 2. This is the transpose: use b2.T."),
    ("forward", "W2", (2, 5), "W2: expected n₂ × n₁, here 2 × 4; got 2 × 5. It has 5 columns, not 4."),
    ("cost", "A1", (7, 4), "A1: expected n₁ × m, here 4 × 7; got 7 × 4. This is the transpose: use A1.T."),
    ("cost", "Z2", (2, 6), "Z2: expected n₂ × m, here 2 × 7; got 2 × 6. It has 6 columns, not 7."),
    ("cost", "A0", (3, 0), "A0: expected n₀ × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    ("cost", "Y", (7, 2), "Y: expected n × m, here 2 × 7; got 7 × 2. This is the transpose: use Y.T."),
    ("backward", "Y", (1, 7), "Y: expected n × m, here 2 × 7; got 1 × 7. It has 1 row, not 2."),
    ("backward", "W2", (4, 2), "W2: expected n₂ × n₁, here 2 × 4; got 4 × 2. This is the transpose: use W2.T."),
    ("backward", "A1", (4, 6), "A1: expected n₁ × m, here 4 × 7; got 4 × 6. It has 6 columns, not 7."),
    ("step", "W1", (4, 4), "W1: expected n₁ × n₀, here 4 × 3; got 4 × 4. It has 4 columns, not 3."),
    ("step", "dW1", (3, 4), "dW1: expected n₁ × n₀, here 4 × 3; got 3 × 4. This is the transpose: use dW1.T."),
    ("step", "db2", (2,), "db2: expected n₂ × 1, here 2 × 1; got shape (2,). A (2,) vector: use shape (2, 1)."),
    ("step", "db1", (4, 7), "db1: expected n₁ × 1, here 4 × 1; got 4 × 7. It has 7 columns, not 1."),
]


@pytest.mark.parametrize(("method", "name", "shape", "text"), UNFIT)
def test_a_shape_that_does_not_fit_is_refused(method: str, name: str, shape: tuple[int, ...], text: str) -> None:
    with refused(ShapeError, text):
        METHODS[method][1](everything() | {name: np.ones(shape)})


def test_labels_outside_their_domain_are_refused_by_cost_and_backward() -> None:
    q = everything()
    text = "Y: expected labels from 0 to 1 for binary cross-entropy, got -1. Labels −1 and 1 become 0 and 1 by (Y + 1) / 2."
    for method in ("cost", "backward"):
        with refused(DomainError, text):
            METHODS[method][1](q | {"Y": np.where(q["Y"] == 0, -1, 1)})


RATES: list[tuple[Any, str]] = [
    (0, "0"), (0.0, "0.0"), (-0.1, "-0.1"), (float("nan"), "nan"), (float("inf"), "inf"), ("0.1", "'0.1'"), (None, "None"),
    (np.float64(-1), "np.float64(-1.0)"),
]  # fmt: skip


@pytest.mark.parametrize(("rate", "shown"), RATES)
def test_a_learning_rate_that_is_not_positive_and_finite_is_refused(rate: Any, shown: str) -> None:
    q = everything()
    with refused(DomainError, f"learning_rate: expected a positive finite number, got {shown}."):
        NET.step(q, q, rate)


def test_an_activation_and_a_loss_of_ones_own_take_part() -> None:
    def square(Z: np.ndarray) -> np.ndarray:
        return Z * Z

    def twice(Z: np.ndarray) -> np.ndarray:
        return 2 * Z

    own = Activation("square", square, twice, None, (0.0, np.inf))
    loss: Loss = replace(squared_error, link=tanh)
    net = Network((3, 4, 2), (own, own), loss)
    (X, Y), parameters = data(net), start(net)
    gradients = gradients_of(net, parameters, X, Y)
    assert check_gradients(lambda p: net.cost(net.forward(X, p), Y), parameters, gradients).agrees


def test_a_plan_holds_still_once_made() -> None:
    sizes = "sizes"
    with pytest.raises(FrozenInstanceError):
        setattr(NET, sizes, (3, 2))


def test_the_loss_is_cross_entropy_unless_said_otherwise() -> None:
    assert Network((3, 2), (sigmoid,)).loss is binary_cross_entropy
