"""The table of the ledger, run: each library's own gradients against the formulas that stand in its row."""

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


def keras_gradients(at: Values) -> Gradients:
    jax_in_double()
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    keras: Any = importlib.import_module("keras")
    keras.config.set_floatx("float64")
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
