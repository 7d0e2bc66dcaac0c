"""How tightly pieces of Python bind, and what the functions of the language are called in NumPy."""

from __future__ import annotations

SUM, MATMUL, TIMES, UNARY, POWER, ATOM = range(6)
Piece = tuple[int, str]
"""How tightly a piece of code binds, and its text. `@` and `*` are kept apart: `A @ B * C` needs a second look."""

FUNCTIONS = {
    r"\exp": "np.exp({})", r"\log": "np.log({})", r"\tanh": "np.tanh({})", r"\sin": "np.sin({})",
    r"\cos": "np.cos({})", r"\sinh": "np.sinh({})", r"\cosh": "np.cosh({})", r"\sigma": "sigmoid({})",
    "softplus": "np.logaddexp(0, {})", "ReLU": "np.maximum({}, 0)", "sign": "np.sign({})", "abs": "np.abs({})",
    r"\max": "np.maximum({}, {})", r"\min": "np.minimum({}, {})", "clip": "np.clip({}, {}, {})",
    "tr": "np.trace({})", r"\det": "np.linalg.det({})", "diag": "np.diagflat({})",
    "vec": "np.reshape({}, (-1, 1), order=\"F\")",
    "logsumexp": "np.log(np.exp({}).sum(axis=0, keepdims=True))",
}  # fmt: skip
SLOPES = {
    r"\exp": (ATOM, "np.exp({})"),
    r"\sin": (ATOM, "np.cos({})"),
    r"\tanh": (SUM, "1 - np.tanh({0})**2"),
    r"\sigma": (TIMES, "sigmoid({0}) * (1 - sigmoid({0}))"),
    "ReLU": (ATOM, "np.where({} > 0, 1.0, 0.0)"),
}
