"""The library's first modules beside their equations."""

from collections.abc import Callable

import numpy as np
from witness import Library, Row, Values

from byhand import activations, layers, losses
from byhand.network import Network

ACTIVATIONS, LAYERS, LOSSES = "reference/activations.md", "reference/layers.md", "reference/losses.md"
DIGITS = "two-layer/digits.md"


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


CE, SE, SCE = losses.binary_cross_entropy, losses.squared_error, losses.softmax_cross_entropy
ROWS: list[Row] = [
    # the function, the page, the side to evaluate, the equation as it stands there, the library
    ("activations.sigmoid", ACTIVATIONS, r"\frac{1}{1 + \exp(-Z)}", r"\sigma(Z) = \frac{1}{1 + \exp(-Z)}", lambda at: activations.sigmoid(at("Z"))),
    ("activations.sigmoid", ACTIVATIONS, r"\sigma(Z) \odot (1 - \sigma(Z))", r"\sigma'(Z) = \sigma(Z) \odot (1 - \sigma(Z))", lambda at: activations.sigmoid.prime(at("Z"))),
    ("activations.sigmoid", ACTIVATIONS, r"\sigma(Z) \odot (1 - \sigma(Z))", r"\sigma'(Z) = \sigma(Z) \odot (1 - \sigma(Z))", lambda at: activations.sigmoid.prime_from_output(at(r"\sigma(Z)"))),
    ("activations.tanh", ACTIVATIONS, r"\frac{\exp(Z) - \exp(-Z)}{\exp(Z) + \exp(-Z)}", r"\tanh(Z) = \frac{\exp(Z) - \exp(-Z)}{\exp(Z) + \exp(-Z)}", lambda at: activations.tanh(at("Z"))),
    ("activations.tanh", ACTIVATIONS, r"1 - \tanh(Z) \odot \tanh(Z)", r"\tanh'(Z) = 1 - \tanh(Z) \odot \tanh(Z)", lambda at: activations.tanh.prime(at("Z"))),
    ("activations.tanh", ACTIVATIONS, r"1 - \tanh(Z) \odot \tanh(Z)", r"\tanh'(Z) = 1 - \tanh(Z) \odot \tanh(Z)", lambda at: activations.tanh.prime_from_output(at(r"\tanh(Z)"))),
    ("activations.relu", ACTIVATIONS, r"r(Z)", r"r(z) := \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}", lambda at: activations.relu(at("Z"))),
    ("activations.relu", ACTIVATIONS, r"s(Z)", r"r'(Z) = s(Z)", lambda at: activations.relu.prime(at("Z"))),
    ("activations.relu", ACTIVATIONS, r"s(Z)", r"r'(Z) = s(Z)", lambda at: activations.relu.prime_from_output(at("r(Z)"))),
    ("activations.leaky_relu", ACTIVATIONS, r"h(Z)", r"h(z) := \begin{cases} z & z > 0 \\ 0.01 z & z \le 0 \end{cases}", lambda at: activations.leaky_relu(at("Z"))),
    ("activations.leaky_relu", ACTIVATIONS, r"t(Z)", r"h'(Z) = t(Z)", lambda at: activations.leaky_relu.prime(at("Z"))),
    ("activations.leaky_relu", ACTIVATIONS, r"t(Z)", r"h'(Z) = t(Z)", lambda at: activations.leaky_relu.prime_from_output(at("h(Z)"))),
    ("layers.linear_forward", LAYERS, r"W A_{prev} + b", r"Z := W A_{prev} + b", lambda at: layers.linear_forward(at("A_{prev}"), at("W"), at("b"))),
    ("layers.linear_backward", LAYERS, r"W^\top dZ", r"dA_{prev} := \frac{\partial \mathcal{L}}{\partial A_{prev}} = W^\top dZ", linear_backward(0)),
    ("layers.linear_backward", LAYERS, r"\frac{1}{m} dZ A_{prev}^\top", r"dW := \frac{\partial J}{\partial W} = \frac{1}{m} dZ A_{prev}^\top", linear_backward(1)),
    ("layers.linear_backward", LAYERS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", r"db := \frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", linear_backward(2)),
    ("losses.binary_cross_entropy", LOSSES, r"\frac{1 - Y}{1 - A} - \frac{Y}{A}", r"dA = \frac{1 - Y}{1 - A} - \frac{Y}{A}", lambda at: CE.dA(at("A"), at("Y"))),
    ("losses.binary_cross_entropy", LOSSES, r"A - Y", r"dZ = A - Y", lambda at: CE.dZ_from_logits(at("Z"), at("Y"))),
    ("losses.binary_cross_entropy", LOSSES, r"\mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", sum_of(CE.of_examples, "A", "Y")),
    ("losses.binary_cross_entropy", LOSSES, r"\mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", sum_of(CE.of_examples_from_logits, "Z", "Y")),
    ("losses.binary_cross_entropy", LOSSES, r"J", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[CE.cost(at("A"), at("Y"))]])),
    ("losses.binary_cross_entropy", LOSSES, r"J", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[CE.cost_from_logits(at("Z"), at("Y"))]])),
    ("losses.softmax_cross_entropy", LOSSES, r"-\frac{B}{Q}", r"dQ = -\frac{B}{Q}", lambda at: SCE.dA(at("Q"), at("B"))),
    ("losses.softmax_cross_entropy", LOSSES, r"Q \odot \mathbf{1}^\top B - B", r"dS = Q \odot \mathbf{1}^\top B - B", lambda at: SCE.dZ_from_logits(at("S"), at("B"))),
    ("losses.softmax_cross_entropy", LOSSES, r"-\langle B, \log Q \rangle", r"\mathcal{C} := -\langle B, \log Q \rangle", sum_of(SCE.of_examples, "Q", "B")),
    ("losses.softmax_cross_entropy", LOSSES, r"\mathcal{C}", r"\mathcal{C} := -\langle B, \log Q \rangle", sum_of(SCE.of_examples_from_logits, "S", "B")),
    ("losses.squared_error", LOSSES, r"P - T", r"dP = P - T", lambda at: SE.dA(at("P"), at("T"))),
    ("losses.squared_error", LOSSES, r"P - T", r"dP = P - T", lambda at: SE.dZ_from_logits(at("P"), at("T"))),
    ("losses.squared_error", LOSSES, r"\frac{1}{2} \lVert P - T \rVert_F^2", r"\mathcal{S} := \frac{1}{2} \lVert P - T \rVert_F^2", sum_of(SE.of_examples, "P", "T")),
    ("network.Network", DIGITS, r"W^{[1]} X + b^{[1]}", r"Z^{[1]} := W^{[1]} X + b^{[1]}", lambda at: forward(at)["Z1"]),
    ("network.Network", DIGITS, r"\sigma(Z^{[1]})", r"A^{[1]} := \sigma(Z^{[1]})", lambda at: forward(at)["A1"]),
    ("network.Network", DIGITS, r"W^{[2]} A^{[1]} + b^{[2]}", r"Z^{[2]} := W^{[2]} A^{[1]} + b^{[2]}", lambda at: forward(at)["Z2"]),
    ("network.Network", DIGITS, r"\sigma(Z^{[2]})", r"A^{[2]} := \sigma(Z^{[2]})", lambda at: forward(at)["A2"]),
    ("network.Network", DIGITS, r"\frac{1}{m} \mathcal{L}", r"J := \frac{1}{m} \mathcal{L}", lambda at: np.array([[network(at).cost(forward(at), at("Y"))]])),
    ("network.Network", DIGITS, r"\frac{1}{m} dZ^{[2]} A^{[1]\top}", r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]\top}", gradient("dW2")),
    ("network.Network", DIGITS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", gradient("db2")),
    ("network.Network", DIGITS, r"\frac{1}{m} dZ^{[1]} X^{\top}", r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^{\top}", gradient("dW1")),
    ("network.Network", DIGITS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", r"db^{[1]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", gradient("db1")),
]  # fmt: skip
