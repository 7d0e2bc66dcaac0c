"""What the pages say about other libraries, run: the table of the ledger row by row, then sentences of other pages."""

import importlib
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from witness import Values, on_page

from byhand_site import DOCS

LEDGER = DOCS / "ledger.md"
ROW = re.compile(r"\| (?P<library>[^|]+?) \| (?P<layout>[^|]+?) \| \$(?P<weights>[^|]+?)\$ \| \$(?P<at_z>[^|]+?)\$ \|")

Gradients = tuple[np.ndarray, np.ndarray]  # of the weights as the library stores them, and at Z


def torch_gradients(at: Values, **loss: Any) -> Gradients:
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed: CONTRIBUTING says how")
    layer = torch.nn.Linear(*at("W").shape[::-1], dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(at("W")))
        layer.bias.copy_(torch.from_numpy(at("b")[:, 0]))
    Z = layer(torch.from_numpy(at("X").T.copy()))
    Z.retain_grad()
    torch.nn.BCEWithLogitsLoss(**loss)(Z, torch.from_numpy(at("Y").T.astype(float))).backward()
    return layer.weight.grad.numpy(), Z.grad.numpy()


def jax_in_double() -> Any:
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    return jax


def both_by_jax(at: Values, kernel: np.ndarray, loss: Callable[[Any, Any], Any]) -> Gradients:
    """Differentiate a loss of (labels, Z), examples as rows, by the stored weights and by Z."""
    jax = jax_in_double()
    X, Y, b = at("X").T, at("Y").T.astype(float), at("b")[:, 0]
    turned = kernel.shape[0] != X.shape[1]

    def at_z(Z: Any) -> Any:
        return loss(Y, Z)

    def of_weights(V: Any) -> Any:
        return at_z(X @ (V.T if turned else V) + b)

    Z = X @ (kernel.T if turned else kernel) + b
    return np.asarray(jax.grad(of_weights)(kernel)), np.asarray(jax.grad(at_z)(Z))


def jax_gradients(at: Values) -> Gradients:
    softplus = jax_in_double().nn.softplus
    return both_by_jax(at, at("W"), lambda Y, Z: (softplus(Z) - Y * Z).sum(axis=1).mean())


def keras_in_double() -> Any:
    jax_in_double()
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    keras: Any = importlib.import_module("keras")
    keras.config.set_floatx("float64")
    return keras


def keras_gradients(at: Values) -> Gradients:
    keras = keras_in_double()
    assert keras.layers.Dense(2).compute_output_shape((4, 3)) == (4, 2)
    layer = keras.layers.Dense(len(at("W")))
    layer.build((None, len(at("X"))))
    assert layer.kernel.shape == at("W").T.shape  # Keras stores inputs × outputs
    return both_by_jax(at, at("W").T.copy(), keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64"))


def sklearn_gradients(at: Values) -> Gradients:
    """Its network without a hidden layer; the gradient is read from one step of plain gradient descent."""
    neural: Any = importlib.import_module("sklearn.neural_network")
    rate = 1e-3
    model = neural.MLPClassifier(
        (), solver="sgd", alpha=0, momentum=0, learning_rate_init=rate, batch_size=at("X").shape[1], shuffle=False
    )
    X, Y = at("X").T.copy(), at("Y").T.astype(int)
    model.partial_fit(X, Y, classes=np.arange(len(at("W"))))
    model.coefs_[0][:], model.intercepts_[0][:] = at("W").T, at("b")[:, 0]
    before = model.coefs_[0].copy()
    at_z: list[np.ndarray] = []
    its_own = model._compute_loss_grad

    def listening(layer: int, count: int, activations: Any, deltas: Any, *rest: Any) -> None:
        at_z.append(deltas[layer].copy())
        its_own(layer, count, activations, deltas, *rest)

    model._compute_loss_grad = listening
    model.partial_fit(X, Y)
    assert model.out_activation_ == "logistic"
    return (before - model.coefs_[0]) / rate, at_z[-1]


LIBRARIES: dict[str, Callable[[Values], Gradients]] = {
    'PyTorch, `BCEWithLogitsLoss(reduction="sum")`': lambda at: torch_gradients(at, reduction="sum"),
    "PyTorch, `BCEWithLogitsLoss()`": torch_gradients,
    "Keras, `BinaryCrossentropy(from_logits=True)`": keras_gradients,
    "JAX, mean over the examples of the summed cross-entropy": jax_gradients,
    "scikit-learn, `MLPClassifier` with `alpha=0`": sklearn_gradients,
}


PRECISION = {"Keras, `BinaryCrossentropy(from_logits=True)`": 1e-6}  # averages with a factor in single precision


@cache
def ledger() -> Values:
    return on_page(LEDGER.read_text(encoding="utf-8"))


def rows() -> dict[str, re.Match[str]]:
    return {row["library"]: row for row in ROW.finditer(LEDGER.read_text(encoding="utf-8"))}


def test_every_row_of_the_table_is_run() -> None:
    assert rows().keys() == LIBRARIES.keys()


@pytest.mark.parametrize("library", LIBRARIES, ids=[name.split(",")[0] for name in LIBRARIES])
def test_a_library_gives_what_its_row_says(library: str) -> None:
    row, at = rows()[library], ledger()
    assert row["layout"] == "rows"
    weights, at_z = LIBRARIES[library](at)
    for mine, cell in ((weights, row["weights"]), (at_z, row["at_z"])):
        theirs = at(cell)
        assert mine.shape == theirs.shape
        tolerance = PRECISION.get(library, 1e-9)
        assert np.allclose(mine, theirs, rtol=tolerance, atol=0)
        assert not np.allclose(mine, 1.01 * theirs, rtol=tolerance, atol=0)


W, DW = np.array([[3.0, 0.0, 0.5], [-1.0, 2.0, -4.0]]), np.array([[10.0, 0.1, -2.0], [0.3, -5.0, 0.7]])


def test_penalties_of_keras_have_neither_a_half_nor_an_m() -> None:
    keras = keras_in_double()
    assert float(keras.regularizers.L2(0.3)(W)) == pytest.approx(0.3 * (W**2).sum(), rel=1e-6)
    assert float(keras.regularizers.L1(0.3)(W)) == pytest.approx(0.3 * np.abs(W).sum(), rel=1e-6)


def test_weight_decay_of_adam_in_keras_is_outside_of_the_division() -> None:
    keras = keras_in_double()
    kernel = keras.Variable(W, dtype="float64")
    optimiser = keras.optimizers.Adam(learning_rate=0.01, weight_decay=0.05, epsilon=1e-12)
    optimiser.apply([keras.ops.convert_to_tensor(DW)], [kernel])
    outside, inside = (1 - 0.01 * 0.05) * W - 0.01 * np.sign(DW), W - 0.01 * np.sign(DW + 0.05 * W)
    assert np.allclose(kernel, outside, rtol=0, atol=1e-8)  # its rates are in single precision
    assert not np.allclose(kernel, inside, rtol=0, atol=1e-8)


def test_weight_decay_of_keras_takes_biases_too() -> None:
    keras = keras_in_double()
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    layer.bias.assign(np.ones(2))
    optimiser = keras.optimizers.SGD(learning_rate=0.1, weight_decay=0.5)
    optimiser.apply([keras.ops.zeros(one.shape) for one in layer.trainable_variables], layer.trainable_variables)
    assert np.allclose(layer.bias, 1 - 0.1 * 0.5)


def test_alpha_of_scikit_learn_is_our_strength_and_leaves_biases_alone() -> None:
    neural: Any = importlib.import_module("sklearn.neural_network")
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((7, 3)), rng.integers(0, 2, (7, 2))
    steps = {}
    for alpha in (0.0, 0.6):
        model = neural.MLPClassifier((), solver="sgd", alpha=alpha, momentum=0, learning_rate_init=0.1, batch_size=7)
        model.partial_fit(X, Y, classes=np.arange(2))
        model.coefs_[0][:], model.intercepts_[0][:] = W.T, 1.0
        model.partial_fit(X, Y)
        steps[alpha] = (W.T - model.coefs_[0]) / 0.1, (1.0 - model.intercepts_[0]) / 0.1
    assert np.allclose(steps[0.6][0] - steps[0.0][0], 0.6 / 7 * W.T)
    assert np.array_equal(steps[0.6][1], steps[0.0][1])


def test_clipping_in_keras_takes_one_norm_an_array_or_one_for_all() -> None:
    keras = keras_in_double()
    arrays = [keras.ops.convert_to_tensor(np.array(one)) for one in ([[3.0, 0.0]], [[4.0]])]
    for option, expected in (
        ("global_clipnorm", ([[0.6, 0.0]], [[0.8]])),
        ("clipnorm", ([[1.0, 0.0]], [[1.0]])),
        ("clipvalue", ([[1.0, 0.0]], [[1.0]])),
    ):
        start = [keras.Variable(np.zeros(one.shape), dtype="float64") for one in arrays]
        keras.optimizers.SGD(learning_rate=1.0, **{option: 1.0}).apply(arrays, start)
        for mine, theirs in zip(start, expected, strict=True):
            assert np.allclose(-np.asarray(mine), theirs, atol=1e-6), option


def test_keras_and_its_means() -> None:
    """Over all entries for squares and for binary cross-entropy, over the examples for softmax; and no half."""
    keras = keras_in_double()
    A, Y = np.array([[0.2, 0.7, 0.1], [0.6, 0.1, 0.3]]), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    losses, rows = keras.losses, len(A)
    assert float(losses.MeanSquaredError()(Y, A)) == pytest.approx(((A - Y) ** 2).mean(), rel=1e-6)
    entries = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    assert float(losses.BinaryCrossentropy()(Y, A)) == pytest.approx(entries.mean(), rel=1e-6)
    assert float(losses.CategoricalCrossentropy()(Y, A)) == pytest.approx(-(Y * np.log(A)).sum() / rows, rel=1e-6)


def test_keras_divides_by_no_less_than_a_small_number() -> None:
    keras = keras_in_double()
    x = np.array([[3e-15, 4e-15]])
    assert np.allclose(keras.layers.UnitNormalization(dtype="float64")(x), x / 1e-12, rtol=1e-6)


def test_normal_draws_of_keras_are_cut_off_and_have_the_variance_all_the_same() -> None:
    keras = keras_in_double()
    drawn = np.asarray(keras.initializers.HeNormal(seed=1)((400, 1000)))
    assert drawn.var() == pytest.approx(2 / 400, rel=0.01)  # the rows are the inputs
    cut = np.abs(drawn).max() / drawn.std()
    assert 2 < cut < 2.3  # two deviations of the normal that was cut; that of what is left is smaller


def test_jax_takes_1_for_the_slope_of_the_absolute_value_at_0() -> None:
    assert jax_in_double().grad(importlib.import_module("jax.numpy").abs)(0.0) == 1.0
