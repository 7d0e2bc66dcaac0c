"""Jacobians, layouts and tangents beside their equations."""

import numpy as np
from witness import Row, Values

from byhand import jacobians, layouts, tangents
from byhand.activations import Activation
from byhand.losses import squared_error
from byhand.network import Network

SUMS = r"\dot Z^{[l]} = W^{[l]} \dot A^{[l-1]} + \dot W^{[l]} A^{[l-1]} + \dot b^{[l]}"
SLOPES = r"\dot A^{[l]} = g^{[l]\prime}(Z^{[l]}) \odot \dot Z^{[l]}"
JACOBIANS, LAYOUTS, TANGENTS = "reference/jacobians.md", "reference/layouts.md", "reference/tangents.md"


def jacobian(at: Values, order: jacobians.Order) -> np.ndarray:
    return jacobians.linear_jacobian(at("A_{prev}"), len(at("W")), order)


def in_pytorch(at: Values) -> np.ndarray:
    weight, bias = layouts.to_pytorch(at("W"), at("b"))
    return at("A_r") @ weight.T + bias


def in_keras(at: Values) -> np.ndarray:
    kernel, bias = layouts.to_keras(at("W"), at("b"))
    return at("A_r") @ kernel + bias


def out_of_pytorch(at: Values) -> np.ndarray:
    W, b = layouts.from_pytorch(at("W"), at("b_r")[0])
    return (W @ at("A") + b).T


def out_of_keras(at: Values) -> np.ndarray:
    W, b = layouts.from_keras(at("K"), at("b_r")[0])
    return (W @ at("A") + b).T


def moved(at: Values, name: str) -> np.ndarray:
    net = Network((len(at("X")), len(at("Z^{[1]}")), len(at("Z^{[2]}"))), (drawn(at, 1), drawn(at, 2)), squared_error)
    parameters = {f"{letter}{ell}": at(f"{letter}^{{[{ell}]}}") for ell in (1, 2) for letter in "Wb"}
    rates = {f"{letter}{ell}": at(rf"\dot {letter}^{{[{ell}]}}") for ell in (1, 2) for letter in "Wb"}
    kept = net.forward(at("A^{[0]}"), parameters)
    return tangents.network_tangent(net, kept, parameters, {"A0": at(r"\dot X"), **rates})[name]


def drawn(at: Values, ell: int) -> Activation:
    """Return the activation that the checker has drawn for a layer, of which two values are asked for."""
    Z, A, slope = (at(form.replace("l", str(ell))) for form in ("Z^{[l]}", "A^{[l]}", r"g^{[l]\prime}(Z^{[l]})"))

    def value(of: np.ndarray) -> np.ndarray:
        assert np.allclose(of, Z, rtol=1e-12, atol=1e-12)
        return A

    return Activation(f"g{ell}", value, lambda of: slope, None, (-np.inf, np.inf))


def linear_tangent(at: Values) -> np.ndarray:
    return tangents.linear_tangent(at("A_{prev}"), at("W"), at(r"\dot A_{prev}"), at(r"\dot W"), at(r"\dot b"))


ROWS: list[Row] = [
    ("jacobians.linear_jacobian", JACOBIANS, r"A_{prev}^\top \otimes I_{n_{out}}", r"\frac{\partial \operatorname{vec}(Z)}{\partial \operatorname{vec}(W)} = A_{prev}^\top \otimes I_{n_{out}}", lambda at: jacobian(at, "F")),
    ("jacobians.linear_jacobian", JACOBIANS, r"I_{n_{out}} \otimes A_{prev}^\top", r"\operatorname{vec}(Z^\top) = (I_{n_{out}} \otimes A_{prev}^\top) \operatorname{vec}(W^\top)", lambda at: jacobian(at, "C")),
    ("layouts.to_rows", LAYOUTS, r"A^\top", r"A_r := A^\top", lambda at: layouts.to_rows(at("A"))),
    ("layouts.from_rows", LAYOUTS, r"A", r"A_r := A^\top", lambda at: layouts.from_rows(at("A_r"))),
    ("layouts.to_pytorch", LAYOUTS, r"A_r W^\top + b_r", r"(W A + b)^\top = A_r W^\top + b_r", in_pytorch),
    ("layouts.to_keras", LAYOUTS, r"A_r K + b_r", r"(W A + b)^\top = A_r K + b_r", in_keras),
    ("layouts.from_pytorch", LAYOUTS, r"A_r W^\top + b_r", r"(W A + b)^\top = A_r W^\top + b_r", out_of_pytorch),
    ("layouts.from_keras", LAYOUTS, r"A_r K + b_r", r"(W A + b)^\top = A_r K + b_r", out_of_keras),
    ("tangents.linear_tangent", TANGENTS, r"\dot Z", r"\dot Z := \frac{\partial Z}{\partial t} = W \dot A_{prev} + \dot W A_{prev} + \dot b", linear_tangent),
    ("tangents.network_tangent", TANGENTS, r"\dot Z^{[1]}", SUMS, lambda at: moved(at, "Z1")),
    ("tangents.network_tangent", TANGENTS, r"\dot Z^{[2]}", SUMS, lambda at: moved(at, "Z2")),
    ("tangents.network_tangent", TANGENTS, r"\dot A^{[1]}", SLOPES, lambda at: moved(at, "A1")),
    ("tangents.network_tangent", TANGENTS, r"\dot A^{[2]}", SLOPES, lambda at: moved(at, "A2")),
]  # fmt: skip
