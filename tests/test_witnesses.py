"""Two witnesses of one formula: the library and the equation on the page, on the same arrays."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from witness import Values, on_page, stands_on

from byhand import activations, layers, losses
from byhand.network import Network
from byhand_site import DOCS

ACTIVATIONS, LAYERS, LOSSES = "reference/activations.md", "reference/layers.md", "reference/losses.md"
DIGITS = "two-layer/digits.md"

Library = Callable[[Values], np.ndarray]


def linear_backward(part: int) -> Library:
    return lambda at: layers.linear_backward(at("dZ"), at("A_{prev}"), at("W"))[part]


def sum_of(loss: Callable[[np.ndarray, np.ndarray], np.ndarray], first: str, second: str) -> Library:
    return lambda at: loss(at(first), at(second)).sum(keepdims=True)


def network(at: Values) -> Network:
    sizes = (len(at("X")), len(at("Z^{[1]}")), len(at("Z^{[2]}")))
    return Network(sizes, activations=(activations.sigmoid, activations.sigmoid))


def forward(at: Values) -> dict[str, np.ndarray]:
    return network(at).forward(at("X"), parameters(at))


def parameters(at: Values) -> dict[str, np.ndarray]:
    return {f"{letter}{ell}": at(f"{letter}^{{[{ell}]}}") for ell in (1, 2) for letter in "Wb"}


def gradient(name: str) -> Library:
    return lambda at: network(at).backward(forward(at), parameters(at), at("Y"))[name]


CE, SE = losses.binary_cross_entropy, losses.squared_error
ROWS: list[tuple[str, str, str, Library]] = [
    # the page, the side to evaluate, the equation as it stands there, the library
    (ACTIVATIONS, r"\frac{1}{1 + \exp(-Z)}", r"\sigma(Z) = \frac{1}{1 + \exp(-Z)}", lambda at: activations.sigmoid(at("Z"))),
    (ACTIVATIONS, r"\sigma(Z) \odot (1 - \sigma(Z))", r"\sigma'(Z) = \sigma(Z) \odot (1 - \sigma(Z))", lambda at: activations.sigmoid.prime(at("Z"))),
    (ACTIVATIONS, r"\sigma(Z) \odot (1 - \sigma(Z))", r"\sigma'(Z) = \sigma(Z) \odot (1 - \sigma(Z))", lambda at: activations.sigmoid.prime_from_output(at(r"\sigma(Z)"))),
    (ACTIVATIONS, r"\frac{\exp(Z) - \exp(-Z)}{\exp(Z) + \exp(-Z)}", r"\tanh(Z) = \frac{\exp(Z) - \exp(-Z)}{\exp(Z) + \exp(-Z)}", lambda at: activations.tanh(at("Z"))),
    (ACTIVATIONS, r"1 - \tanh(Z) \odot \tanh(Z)", r"\tanh'(Z) = 1 - \tanh(Z) \odot \tanh(Z)", lambda at: activations.tanh.prime(at("Z"))),
    (ACTIVATIONS, r"1 - \tanh(Z) \odot \tanh(Z)", r"\tanh'(Z) = 1 - \tanh(Z) \odot \tanh(Z)", lambda at: activations.tanh.prime_from_output(at(r"\tanh(Z)"))),
    (ACTIVATIONS, r"r(Z)", r"r(z) := \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}", lambda at: activations.relu(at("Z"))),
    (ACTIVATIONS, r"s(Z)", r"r'(Z) = s(Z)", lambda at: activations.relu.prime(at("Z"))),
    (ACTIVATIONS, r"s(Z)", r"r'(Z) = s(Z)", lambda at: activations.relu.prime_from_output(at("r(Z)"))),
    (ACTIVATIONS, r"h(Z)", r"h(z) := \begin{cases} z & z > 0 \\ 0.01 z & z \le 0 \end{cases}", lambda at: activations.leaky_relu(at("Z"))),
    (ACTIVATIONS, r"t(Z)", r"h'(Z) = t(Z)", lambda at: activations.leaky_relu.prime(at("Z"))),
    (ACTIVATIONS, r"t(Z)", r"h'(Z) = t(Z)", lambda at: activations.leaky_relu.prime_from_output(at("h(Z)"))),
    (LAYERS, r"W A_{prev} + b", r"Z := W A_{prev} + b", lambda at: layers.linear_forward(at("A_{prev}"), at("W"), at("b"))),
    (LAYERS, r"W^\top dZ", r"dA_{prev} := \frac{\partial \mathcal{L}}{\partial A_{prev}} = W^\top dZ", linear_backward(0)),
    (LAYERS, r"\frac{1}{m} dZ A_{prev}^\top", r"dW := \frac{\partial J}{\partial W} = \frac{1}{m} dZ A_{prev}^\top", linear_backward(1)),
    (LAYERS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", r"db := \frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", linear_backward(2)),
    (LOSSES, r"\frac{1 - Y}{1 - A} - \frac{Y}{A}", r"dA = \frac{1 - Y}{1 - A} - \frac{Y}{A}", lambda at: CE.dA(at("A"), at("Y"))),
    (LOSSES, r"A - Y", r"dZ = A - Y", lambda at: CE.dZ_from_logits(at("Z"), at("Y"))),
    (LOSSES, r"\mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", sum_of(CE.of_examples, "A", "Y")),
    (LOSSES, r"\mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", sum_of(CE.of_examples_from_logits, "Z", "Y")),
    (LOSSES, r"J", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[CE.cost(at("A"), at("Y"))]])),
    (LOSSES, r"J", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[CE.cost_from_logits(at("Z"), at("Y"))]])),
    (LOSSES, r"P - T", r"dP = P - T", lambda at: SE.dA(at("P"), at("T"))),
    (LOSSES, r"P - T", r"dP = P - T", lambda at: SE.dZ_from_logits(at("P"), at("T"))),
    (LOSSES, r"\frac{1}{2} \lVert P - T \rVert_F^2", r"\mathcal{S} := \frac{1}{2} \lVert P - T \rVert_F^2", sum_of(SE.of_examples, "P", "T")),
    (DIGITS, r"W^{[1]} X + b^{[1]}", r"Z^{[1]} := W^{[1]} X + b^{[1]}", lambda at: forward(at)["Z1"]),
    (DIGITS, r"\sigma(Z^{[1]})", r"A^{[1]} := \sigma(Z^{[1]})", lambda at: forward(at)["A1"]),
    (DIGITS, r"W^{[2]} A^{[1]} + b^{[2]}", r"Z^{[2]} := W^{[2]} A^{[1]} + b^{[2]}", lambda at: forward(at)["Z2"]),
    (DIGITS, r"\sigma(Z^{[2]})", r"A^{[2]} := \sigma(Z^{[2]})", lambda at: forward(at)["A2"]),
    (DIGITS, r"\frac{1}{m} \mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[network(at).cost(forward(at), at("Y"))]])),
    (DIGITS, r"\frac{1}{m} dZ^{[2]} A^{[1]\top}", r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]\top}", gradient("dW2")),
    (DIGITS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", gradient("db2")),
    (DIGITS, r"\frac{1}{m} dZ^{[1]} X^{\top}", r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^{\top}", gradient("dW1")),
    (DIGITS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", r"db^{[1]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", gradient("db1")),
]  # fmt: skip


@cache
def values_on(page: str) -> Values:
    value = on_page((DOCS / page).read_text(encoding="utf-8"))
    return cache(value)


def agree(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max() <= 1e-12 * np.abs(other).max())


@pytest.mark.parametrize(("page", "side", "equation", "library"), ROWS, ids=[f"{r[0]}: {r[2]}" for r in ROWS])
def test_the_library_computes_what_the_page_says(page: str, side: str, equation: str, library: Library) -> None:
    assert stands_on(DOCS / page, equation)
    at = values_on(page)
    assert agree(library(at), at(side))


@pytest.mark.parametrize(("page", "side", "equation", "library"), ROWS, ids=[f"{r[0]}: {r[2]}" for r in ROWS])
def test_the_comparison_fails_when_either_witness_is_changed(
    page: str, side: str, equation: str, library: Library
) -> None:
    at = values_on(page)
    honest = library(at)
    assert not agree(honest, at(rf"-\left( {side} \right)"))
    assert not agree(honest, at(rf"1.001 \left( {side} \right)"))
    spoiled = honest.copy()
    spoiled[-1, -1] += 1e-6 * np.abs(honest).max()  # one entry of many
    assert not agree(spoiled, at(side))


def test_an_equation_that_is_not_on_the_page_is_noticed() -> None:
    assert not stands_on(DOCS / LAYERS, r"dA_{prev} := \frac{\partial \mathcal{L}}{\partial A_{prev}} = W dZ")


def test_every_function_of_the_library_with_a_formula_is_a_witness() -> None:
    heard = {
        *("activations." + name for name in ("sigmoid", "tanh", "relu", "leaky_relu")),
        *("layers." + name for name in ("linear_forward", "linear_backward")),
        *("losses." + name for name in ("binary_cross_entropy", "squared_error")),
    }
    public = {
        f"{module.__name__.split('.')[1]}.{name}"
        for module, kinds in (
            (activations, activations.Activation),
            (losses, losses.Loss),
        )
        for name, thing in vars(module).items()
        if isinstance(thing, kinds)
    } | {f"layers.{name}" for name in vars(layers) if name.startswith("linear_")}
    silent = {"activations.identity"}  # g(z) = z
    assert public - silent == heard
