"""One neuron beside its equations."""

import numpy as np
from witness import Row, Values

from byhand import neuron

PARAMETERS, HESSIAN, NEURON = "neuron/parameters.md", "neuron/hessian.md", "reference/neuron.md"


def forward(at: Values) -> np.ndarray:
    return neuron.neuron_forward(at("X"), at("w"), at("b").item())


def dw(at: Values) -> np.ndarray:
    return neuron.neuron_gradients(at("dZ"), at("X"))[0]


def db(at: Values) -> np.ndarray:
    return np.array([[neuron.neuron_gradients(at("dZ"), at("X"))[1]]])


def by_input(at: Values) -> np.ndarray:
    return neuron.neuron_input_gradient(at("dZ"), at("w"))


def hessian(at: Values) -> np.ndarray:
    return neuron.neuron_hessian(at("A"), at("X"))


DIAGONAL = r"\frac{1}{m} X \operatorname{diag}(A \odot (1 - A)) X^\top"
ROWS: list[Row] = [
    ("neuron.neuron_forward", NEURON, r"w^\top X + b", r"Z := w^\top X + b", forward),
    ("neuron.neuron_gradients", NEURON, r"\frac{1}{m} X dZ^\top", r"dw := \frac{\partial J}{\partial w} = \frac{1}{m} X dZ^\top", dw),
    ("neuron.neuron_gradients", NEURON, r"\frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", r"db := \frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", db),
    ("neuron.neuron_input_gradient", NEURON, r"\frac{1}{m} w dZ", r"\frac{\partial J}{\partial X} = \frac{1}{m} w dZ", by_input),
    ("neuron.neuron_hessian", NEURON, DIAGONAL, rf"H := \frac{{\partial^2 J}}{{\partial w \, \partial w^\top}} = {DIAGONAL}", hessian),
    ("neuron.neuron_forward", PARAMETERS, r"Z", r"Z := w^\top X + b", forward),
    ("neuron.neuron_gradients", PARAMETERS, r"\frac{\partial J}{\partial w}", r"dw := \frac{\partial J}{\partial w}", dw),
    ("neuron.neuron_gradients", PARAMETERS, r"\frac{\partial J}{\partial b}", r"db := \frac{\partial J}{\partial b}", db),
    ("neuron.neuron_input_gradient", PARAMETERS, r"\frac{\partial J}{\partial X}", r"\frac{\partial J}{\partial X} = \frac{1}{m} w dZ", by_input),
    ("neuron.neuron_hessian", HESSIAN, DIAGONAL, rf"H = {DIAGONAL}", hessian),
]  # fmt: skip
