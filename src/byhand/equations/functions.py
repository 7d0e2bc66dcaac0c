"""The table of functions of the language: one row each.

To add a function, add a row here and a line to the table in `tests/equations/test_functions.py`. Nothing else
needs to know. A row that is `analytic` is differentiated by the complex step (and tested, complex against
central differences); the others by central differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""Float or complex numbers; the complex ones carry a derivative."""


@dataclass(frozen=True)
class Function:
    """One function of the language."""

    latex: str
    compute: Callable[..., Array]
    domain: str = "ℝ"
    kind: str = "entry"
    """`entry` by entry, `pair` of equal shapes, `clip`, by `column`, `diag`, `vec`; of a square: `trace`, `det`."""
    analytic: bool = True
    kinks: tuple[float, ...] = ()
    """Where the derivative jumps: no sample comes near them, and both sides must be reached."""
    spelled: tuple[str, ...] = ()
    """Other spellings."""


def _sigmoid(x: Array) -> Array:
    positive = np.real(x) >= 0
    small = np.exp(np.where(positive, -x, x))
    return np.asarray(np.where(positive, 1 / (1 + small), small / (1 + small)))


def _softplus(x: Array) -> Array:
    positive = np.real(x) >= 0
    return np.asarray(np.where(positive, x, 0) + np.log(1 + np.exp(np.where(positive, -x, x))))


def _tanh(x: Array) -> Array:
    return np.asarray(2 * _sigmoid(2 * x) - 1) if np.iscomplexobj(x) else np.asarray(np.tanh(x))


def _absolute(x: Array) -> Array:
    return np.asarray(np.where(np.real(x) >= 0, x, -x))


def _relu(x: Array) -> Array:
    return np.asarray(np.where(np.real(x) > 0, x, 0))


def _leaky_relu(x: Array) -> Array:
    return np.asarray(np.where(np.real(x) > 0, x, 0.01 * x))


def _sign(x: Array) -> Array:
    return np.asarray(np.sign(np.real(x)) + 0 * x)


def _maximum(x: Array, y: Array) -> Array:
    return np.asarray(np.where(np.real(x) >= np.real(y), x, y))


def _minimum(x: Array, y: Array) -> Array:
    return np.asarray(np.where(np.real(x) <= np.real(y), x, y))


def _clip(x: Array, low: Array, high: Array) -> Array:
    return _minimum(_maximum(x, low), high)


def _erf(x: Array) -> Array:
    return np.asarray(np.vectorize(math.erf, otypes=[float])(x))


def _normal(x: Array) -> Array:
    return np.asarray((1 + _erf(x / math.sqrt(2))) / 2)


def _softmax(x: Array) -> Array:
    shifted = np.exp(x - np.max(np.real(x), axis=-2, keepdims=True))
    return np.asarray(shifted / np.sum(shifted, axis=-2, keepdims=True))


def _logsumexp(x: Array) -> Array:
    top = np.max(np.real(x), axis=-2, keepdims=True)
    return np.asarray(np.log(np.sum(np.exp(x - top), axis=-2, keepdims=True)) + top)


def _trace(x: Array) -> Array:
    return np.asarray(np.trace(x, axis1=-2, axis2=-1)[..., None, None])


def _det(x: Array) -> Array:
    return np.asarray(np.linalg.det(x)[..., None, None])


def _diag(x: Array) -> Array:
    return np.asarray(x * np.eye(max(x.shape[-2:])))


def _vec(x: Array) -> Array:
    return np.asarray(np.swapaxes(x, -1, -2).reshape(*x.shape[:-2], -1, 1))


TABLE: tuple[Function, ...] = (
    Function(r"\exp", np.exp),
    Function(r"\log", np.log, "x > 0", spelled=(r"\ln",)),
    Function(r"\tanh", _tanh),
    Function(r"\sin", np.sin),
    Function(r"\cos", np.cos),
    Function(r"\sinh", np.sinh),
    Function(r"\cosh", np.cosh),
    Function(r"\sigma", _sigmoid, spelled=("sigmoid",)),
    Function("softplus", _softplus),
    Function("ReLU", _relu, kinks=(0.0,), spelled=("relu", "Relu")),
    Function("LeakyReLU", _leaky_relu, kinks=(0.0,), spelled=("leakyrelu",)),
    Function("SiLU", lambda x: x * _sigmoid(x), spelled=("silu", "swish", "Swish")),
    Function("GELU", lambda x: x * _normal(x), analytic=False, spelled=("gelu",)),
    Function("erf", _erf, analytic=False),
    Function(r"\Phi", _normal, analytic=False),
    Function("softsign", lambda x: x / (1 + _absolute(x)), kinks=(0.0,)),
    Function("sign", _sign, kinks=(0.0,), spelled=("sgn",)),
    Function("abs", _absolute, kinks=(0.0,)),
    Function(r"\max", _maximum, kind="pair"),
    Function(r"\min", _minimum, kind="pair"),
    Function("clip", _clip, kind="clip"),
    Function("softmax", _softmax, kind="column"),
    Function("logsumexp", _logsumexp, kind="column-sum", spelled=("LSE",)),
    Function("tr", _trace, kind="trace", spelled=("trace", r"\tr")),
    Function(r"\det", _det, kind="det"),
    Function("diag", _diag, kind="diag"),
    Function("vec", _vec, kind="vec"),
)

BY_NAME: dict[str, Function] = {name: row for row in TABLE for name in (row.latex, *row.spelled)}
"""Each spelling with its row."""

SMOOTH: tuple[Callable[[Array], Array], ...] = (
    lambda x: np.asarray(np.sin(1.3 * x + 0.5) + 0.2 * x),
    lambda x: np.asarray(x * _sigmoid(1.4 * x) + 0.1),
    lambda x: np.asarray(np.exp(-0.6 * x * x) + 0.35 * x),
    lambda x: np.asarray(_tanh(0.8 * x + 0.3) + 0.15 * x * x),
    lambda x: np.asarray(np.cos(0.9 * x) * 0.7 - 0.4 * x),
)
"""What an abstract g: ℝ → ℝ is drawn from; most are not monotone, none is bounded to (0,1)."""

SMOOTH_UNIT: tuple[Callable[[Array], Array], ...] = (
    lambda x: np.asarray(0.5 + 0.4 * np.sin(1.1 * x + 0.4)),
    lambda x: np.asarray(_sigmoid(0.9 * x + 0.5 * np.sin(2 * x))),
    lambda x: np.asarray(0.15 + 0.7 * np.exp(-0.5 * (x - 0.3) ** 2)),
)
"""What an abstract g: ℝ → (0,1) is drawn from."""


def slope(compute: Callable[[Array], Array], analytic: bool, x: Array) -> Array:
    """Give the derivative, entry by entry, at real x: by the complex step, or by central differences of fourth order.

    >>> float(slope(np.sin, True, np.array(0.0)))
    1.0
    """
    if analytic:
        return np.asarray(np.imag(compute(x + 1e-30j)) / 1e-30)
    step = 2e-3
    near = compute(x + step) - compute(x - step)
    far = compute(x + 2 * step) - compute(x - 2 * step)
    return np.asarray((8 * near - far) / (12 * step))
