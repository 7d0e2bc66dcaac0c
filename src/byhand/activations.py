r"""Activation functions $g$ and their slopes $g'$, entry by entry.

Each activation is one object: `g(Z)` is its value, `g.prime(Z)` its slope, and where the slope can be
read off the output, `g.prime_from_output(A)` gives it without another exponential. All of them
keep the shape and the dtype, are right for every finite float, and raise no floating point warning.
Complex input is welcome, so that the complex step of [gradient checking][byhand.gradcheck.complex_step] passes through:
piecewise functions then branch on the real part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Inexact

from byhand.checks import DomainError, InputError, check_finite, check_kind

Elementwise = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    r"""One activation function with its derivative. Call it like a function.

    Attributes
    ----------
    name
        Its name in the field.
    function, derivative
        $g$ and $g'$ as functions of $Z$, without the checks.
    derivative_from_output
        $g'$ as a function of $A = g(Z)$, or `None` where $A$ does not determine it.
    values
        The interval that holds every $g(z)$.

    Examples
    --------
    >>> import numpy as np
    >>> from byhand.activations import sigmoid
    >>> Z = np.array([[-2.0, 0.0, 2.0]])
    >>> A = sigmoid(Z)
    >>> A.round(4)
    array([[0.1192, 0.5   , 0.8808]])
    >>> bool(np.allclose(sigmoid.prime(Z), sigmoid.prime_from_output(A)))
    True
    """

    name: str
    function: Elementwise
    derivative: Elementwise
    derivative_from_output: Elementwise | None
    values: tuple[float, float]

    def __call__(self, Z: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $A = g(Z)$, entry by entry, in the shape and dtype of `Z`.

        Raises
        ------
        DtypeError
            If `Z` is not an array of floating point numbers.
        DomainError
            If it holds NaN or infinity.
        """
        return np.asarray(self.function(_checked("Z", Z)))

    def prime(self, Z: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $g'(Z)$, entry by entry. Mind the argument: it is $Z$, not $A$.

        Raises
        ------
        DtypeError
            If `Z` is not an array of floating point numbers.
        DomainError
            If it holds NaN or infinity.

        See Also
        --------
        [The slope of the sigmoid][sigmoid-slope] : one of these derived, and what happens at $A$ in place of $Z$.
        """
        return np.asarray(self.derivative(_checked("Z", Z)))

    def prime_from_output(self, A: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $g'(Z)$ from the output $A = g(Z)$, which a network has kept anyway.

        Raises
        ------
        InputError
            If the output does not determine the slope of this activation.
        DtypeError
            If `A` is not an array of floating point numbers.
        DomainError
            If it holds NaN, infinity, or a number that this activation cannot return.
        """
        if self.derivative_from_output is None:
            raise InputError(f"{self.name}: the output does not determine the slope. Use {self.name}.prime(Z).")
        A = _checked("A", A)
        low, high = self.values
        outside = (A.real < low) | (A.real > high)
        if outside.any():
            raise DomainError(
                f"A: expected outputs of {self.name}, which lie between {low:g} and {high:g}; "
                f"got {A[outside][0]}. Is this Z? Then use {self.name}.prime(Z)."
            )
        return np.asarray(self.derivative_from_output(A))

    def __repr__(self) -> str:
        return f"<activation {self.name}>"


def _checked(name: str, array: np.ndarray) -> np.ndarray:
    array = check_kind(name, array)
    check_finite(name, array)
    return array


def _decay(Z: np.ndarray) -> np.ndarray:
    """Return exp(−|Z|), which never overflows. Complex Z: minus the side its real part is on."""
    return np.exp(np.where(Z.real < 0, Z, -Z))


def _identity(Z: np.ndarray) -> np.ndarray:
    return Z.copy()


def _one(Z: np.ndarray) -> np.ndarray:
    return np.ones_like(Z)


def _sigmoid(Z: np.ndarray) -> np.ndarray:
    E = _decay(Z)
    return np.where(Z.real < 0, E, np.ones_like(E)) / (1 + E)


def _sigmoid_prime(Z: np.ndarray) -> np.ndarray:
    E = _decay(Z)
    return E / (1 + E) ** 2


def _sigmoid_prime_from_output(A: np.ndarray) -> np.ndarray:
    return A * (1 - A)


def _tanh_prime(Z: np.ndarray) -> np.ndarray:
    E = _decay(Z)
    return (2 * E / (1 + E * E)) ** 2


def _tanh_prime_from_output(A: np.ndarray) -> np.ndarray:
    return 1 - A * A


def _relu(Z: np.ndarray) -> np.ndarray:
    return np.where(Z.real > 0, Z, np.zeros_like(Z))  # np.maximum would look at the imaginary part of a tie


def _relu_prime(Z: np.ndarray) -> np.ndarray:
    return (Z.real > 0).astype(Z.dtype)


def _leaky_relu(Z: np.ndarray, slope: float) -> np.ndarray:
    return np.where(Z.real > 0, Z, slope * Z)


def _leaky_relu_prime(Z: np.ndarray, slope: float) -> np.ndarray:
    return np.where(Z.real > 0, 1, slope).astype(Z.dtype)


def leaky_relu_with(slope: float) -> Activation:
    r"""Return the leaky ReLU $g(z) = z$ for $z > 0$ and $\text{slope} \cdot z$ otherwise.

    Parameters
    ----------
    slope
        The slope on the left and at the kink, from 0 (which is ReLU) up to but not including 1.

    Raises
    ------
    DomainError
        If `slope` is outside that range: with a negative one the output would not determine the slope.

    Examples
    --------
    >>> leaky_relu_with(0.2)(np.array([[-5.0, 5.0]]))
    array([[-1.,  5.]])
    """
    if not 0 <= slope < 1:
        raise DomainError(f"slope: expected a number from 0 up to but not including 1, got {slope}.")
    slope = float(slope)  # a np.float64 would turn float32 into float64
    prime = partial(_leaky_relu_prime, slope=slope)
    low = 0.0 if slope == 0 else -np.inf
    return Activation("leaky_relu", partial(_leaky_relu, slope=slope), prime, prime, (low, np.inf))


identity = Activation("identity", _identity, _one, _one, (-np.inf, np.inf))
r"""$g(z) = z$, with $g'(z) = 1$: the output layer of a regression.

Examples
--------
>>> identity.prime(np.array([[-3.0, 4.0]]))
array([[1., 1.]])
"""

sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime, _sigmoid_prime_from_output, (0.0, 1.0))
r"""$\sigma(z) = 1/(1 + e^{-z})$, with $\sigma'(z) = a(1 - a)$ where $a = \sigma(z)$.

At $z = \pm 10^4$ the value is exactly 0 or 1. `prime` keeps its relative precision in both tails;
`prime_from_output` cannot, because $1 - a$ rounds to 0 from about $z = 37$ on.

Examples
--------
>>> sigmoid(np.array([[-1e4, 0.0, 1e4]]))
array([[0. , 0.5, 1. ]])
"""

tanh = Activation("tanh", np.tanh, _tanh_prime, _tanh_prime_from_output, (-1.0, 1.0))
r"""$\tanh z$, with $\tanh' z = 1 - a^2$ where $a = \tanh z$.

Examples
--------
>>> tanh.prime_from_output(np.array([[-0.5, 0.0]]))
array([[0.75, 1.  ]])
"""

relu = Activation("relu", _relu, _relu_prime, _relu_prime, (0.0, np.inf))
r"""$\max(0, z)$, with slope 1 for $z > 0$ and 0 for $z < 0$.

At the kink $z = 0$ there is no derivative; `prime` gives 0 there, as most libraries do.
The output determines the slope, because $a > 0$ exactly where $z > 0$ (`A >= 0` would be true everywhere).

Examples
--------
>>> relu.prime(np.array([[-1.0, 0.0, 2.0]]))
array([[0., 0., 1.]])
"""

leaky_relu = leaky_relu_with(0.01)
r"""$z$ for $z > 0$ and $0.01 z$ otherwise; at the kink $z = 0$ the slope is that of the left side, 0.01.

Another slope: [`leaky_relu_with`][byhand.activations.leaky_relu_with].

Examples
--------
>>> leaky_relu(np.array([[-2.0, 3.0]]))
array([[-0.02,  3.  ]])
"""
