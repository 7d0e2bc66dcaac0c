"""Regularisation, dropout and initialisation beside the equations of their pages."""

from collections.abc import Callable

import numpy as np
from witness import Library, Row, Values

from byhand import dropout, initialisation, regularisation

PENALTIES, DROPOUT, CLIPPING = "regularisation/penalties.md", "regularisation/dropout.md", "regularisation/clipping.md"
VARIANCE, FLOW, SYMMETRY = "initialisation/variance.md", "initialisation/flow.md", "initialisation/symmetry.md"
REFERENCE, BACK = "reference/regularisation.md", "reference/initialisation.md"


def penalty(function: Callable[..., object], letter: str = "W") -> Library:
    def value(at: Values) -> np.ndarray:
        found = np.asarray(function(at(letter), at(r"\lambda").item(), int(at("m").item())))
        return found if found.ndim else found.reshape(1, 1)

    return value


def number(function: Callable[..., float], size: str, *others: str) -> Library:
    return lambda at: np.array([[function(int(at(size).item()), *(at(other).item() for other in others))]])


def drawn(
    function: Callable[..., np.ndarray], spread: Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
) -> Library:
    """Compare one draw with a plain draw of the same stream: the square of the quotient is the variance."""

    def value(at: Values) -> np.ndarray:
        shape = int(at("n_{out}").item()), int(at("n_{in}").item())
        plain = spread(np.random.default_rng(3), shape)
        quotient: np.ndarray = function(*shape, seed=3) / plain
        return (quotient[:1, :1] * np.sign(quotient[:1, :1])) ** 2

    return value


def decayed(at: Values) -> np.ndarray:
    return regularisation.weight_decay_step(at("W"), at("D"), at(r"\alpha").item(), at(r"\frac{\lambda}{m}").item())


def clipped(at: Values) -> np.ndarray:
    both = {"above": at("G")[:2], "below": at("G")[2:]}
    found = regularisation.clip_by_norm(both, at("c").item())
    return np.vstack([found["above"], found["below"]])


def slopes(at: Values) -> np.ndarray:
    return initialisation.backward_product(
        [at("W^{[2]}"), at("W^{[3]}")], [at(r"g^{[1]\prime}(z^{[1]})"), at(r"g^{[2]\prime}(z^{[2]})")]
    )


def equal(at: Values) -> np.ndarray:
    return at(r"\beta").item() * initialisation.constant_weights(len(at("R")), 1, 1.0)


ROWS: list[Row] = [
    ("regularisation.l2_penalty", "questions/l2-matrix-or-sum.md", r"\Omega", r"\Omega := \frac{\lambda}{2m} \sum_{k,j} W_{kj}^2", penalty(regularisation.l2_penalty)),
    ("regularisation.l2_gradient", PENALTIES, r"\frac{\lambda}{m} W", r"dW = \frac{1}{m} dZ A_{prev}^\top + \frac{\lambda}{m} W", penalty(regularisation.l2_gradient)),
    ("regularisation.l1_penalty", REFERENCE, r"\Omega_1", r"\Omega_1 := \frac{\lambda}{m} \sum_{k,j} \operatorname{abs}(W_{kj})", penalty(regularisation.l1_penalty)),
    ("regularisation.l1_gradient", PENALTIES, r"\frac{\lambda}{m} \operatorname{sign}(W)", r"dW_1 = \frac{1}{m} dZ A_{prev}^\top + \frac{\lambda}{m} \operatorname{sign}(W)", penalty(regularisation.l1_gradient)),
    ("regularisation.weight_decay_step", PENALTIES, r"\left( 1 - \frac{\alpha \lambda}{m} \right) W - \alpha D", r"\left( 1 - \frac{\alpha \lambda}{m} \right) W - \alpha D", decayed),
    ("regularisation.clip_by_norm", CLIPPING, "f", r"f := \min\left( 1, \frac{c}{\rho} \right) g", lambda at: regularisation.clip_by_norm({"dw": at("g")}, at("c").item())["dw"]),
    ("regularisation.clip_by_norm", REFERENCE, "F", r"F := \min\left( 1, \frac{c}{\lVert G \rVert_F} \right) G", clipped),
    ("dropout.dropout_forward", DROPOUT, r"\frac{1}{p} A \odot D", r"\tilde{A} := \frac{1}{p} A \odot D", lambda at: dropout.dropout_forward(at("A"), at("D"), at("p").item())),
    ("dropout.dropout_backward", DROPOUT, r"\frac{1}{p} d\tilde{A} \odot D", r"dA = \frac{1}{p} d\tilde{A} \odot D", lambda at: dropout.dropout_backward(at(r"d\tilde{A}"), at("D"), at("p").item())),
    ("initialisation.sum_variance", VARIANCE, r"n_{in} \, v \, q", r"V_Z = n_{in} \, v \, q", number(initialisation.sum_variance, "n_{in}", "v", "q")),
    ("initialisation.gradient_variance", VARIANCE, r"n_{out} \, v \, r", r"V_{dA} = n_{out} \, v \, r", number(initialisation.gradient_variance, "n_{out}", "v", "r")),
    ("initialisation.he_normal", VARIANCE, r"v_H", r"v_H := \frac{2}{n_{in}}", drawn(initialisation.he_normal, np.random.Generator.standard_normal)),
    ("initialisation.xavier_normal", VARIANCE, r"v_X", r"v_X := \frac{2}{n_{in} + n_{out}}", drawn(initialisation.xavier_normal, np.random.Generator.standard_normal)),
    ("initialisation.xavier_uniform", VARIANCE, r"\beta_X^2", r"\beta_X := \sqrt{\frac{6}{n_{in} + n_{out}}}", drawn(initialisation.xavier_uniform, lambda rng, shape: 2 * rng.random(shape) - 1)),
    ("initialisation.constant_weights", SYMMETRY, r"b^{[1]}", r"b^{[1]} := \underbrace{\beta \mathbf{1}}_{n_1 \times 1}", equal),
    ("initialisation.backward_product", FLOW, "P", r"\frac{\partial z^{[3]}}{\partial z^{[1]}} = P^\top", slopes),
    ("initialisation.backward_product", BACK, "P", r"P := \operatorname{diag}(s^{[1]}) \, W^{[2]\top} \operatorname{diag}(s^{[2]}) \, W^{[3]\top}", lambda at: initialisation.backward_product([at("W^{[2]}"), at("W^{[3]}")], [at("s^{[1]}"), at("s^{[2]}")])),
]  # fmt: skip
