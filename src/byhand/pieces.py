r"""The formulas behind the rows of `byhand.activations` that are put together from pieces, and two that take a number.

Branches look at the real part, so that the complex step passes through. At a kink the slope is the one that is stated.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from jaxtyping import Inexact

from byhand.checks import DomainError, check_arrays, check_positive
from byhand.elementwise import Activation

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


def _negative_part(Z: np.ndarray) -> np.ndarray:
    return np.where(Z.real > 0, np.zeros_like(Z), Z)


def relu(Z: np.ndarray) -> np.ndarray:
    """Return z where it is positive, and 0 elsewhere."""
    if Z.dtype.kind != "c":
        return np.maximum(Z, 0.0)
    return np.where(Z.real > 0, Z, np.zeros_like(Z))  # np.maximum would look at the imaginary part of a tie


def relu_prime(Z: np.ndarray) -> np.ndarray:
    """Return 1 where z, or a, is positive, and 0 elsewhere: as True and False, which take an eighth of the memory."""
    return Z.real > 0


def leaky_relu(Z: np.ndarray, slope: float) -> np.ndarray:
    """Return z where it is positive, and slope · z elsewhere."""
    return np.where(Z.real > 0, Z, slope * Z)


def leaky_relu_prime(Z: np.ndarray, slope: float) -> np.ndarray:
    """Return 1 where z, or a, is positive, and the slope elsewhere."""
    return np.where(Z.real > 0, 1, slope).astype(Z.dtype)


def elu(Z: np.ndarray, alpha: float, scale: float) -> np.ndarray:
    """Return scale · z where z is positive, and scale · α (exp(z) − 1) elsewhere."""
    return np.where(Z.real > 0, scale * Z, scale * alpha * np.expm1(_negative_part(Z)))


def elu_prime(Z: np.ndarray, alpha: float, scale: float) -> np.ndarray:
    """Return scale where z is positive, and scale · α exp(z) elsewhere."""
    return np.where(Z.real > 0, scale, scale * alpha * np.exp(_negative_part(Z))).astype(Z.dtype)


def elu_prime_from_output(A: np.ndarray, alpha: float, scale: float) -> np.ndarray:
    """Return scale where a is positive, and a + scale · α elsewhere."""
    return np.where(A.real > 0, scale, A + scale * alpha).astype(A.dtype)


def hard_swish(Z: np.ndarray) -> np.ndarray:
    """Return 0 up to −3, z from 3 on, and z (z + 3)/6 between."""
    between = np.where(np.abs(Z.real) < 3, Z, np.zeros_like(Z))
    return np.where(Z.real >= 3, Z, between * (between + 3) / 6)


def hard_swish_prime(Z: np.ndarray) -> np.ndarray:
    """Return 0 up to −3, 1 from 3 on, and (2z + 3)/6 between."""
    between = np.where(np.abs(Z.real) < 3, (2 * np.where(np.abs(Z.real) < 3, Z, np.zeros_like(Z)) + 3) / 6, 0)
    return np.where(Z.real >= 3, 1, between).astype(Z.dtype)


def leaky_relu_with(slope: float) -> Activation:
    r"""Return the leaky ReLU: $z$ for $z > 0$ and $\text{slope} \cdot z$ otherwise.

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

    See Also
    --------
    [Leaky ReLU][kinked-leaky] : its slope derived.
    """
    if not 0 <= slope < 1:
        raise DomainError(f"slope: expected a number from 0 up to but not including 1, got {slope}.")
    slope = float(slope)  # a np.float64 would turn float32 into float64
    prime = partial(leaky_relu_prime, slope=slope)
    low = 0.0 if slope == 0 else -np.inf
    return Activation("leaky_relu", partial(leaky_relu, slope=slope), prime, prime, (low, np.inf), kinks=(0.0,))


def elu_with(alpha: float) -> Activation:
    r"""Return the ELU: $z$ for $z > 0$ and $\alpha (e^z - 1)$ otherwise.

    Left of 0 the slope is $\alpha e^z$, which is $a + \alpha$. At 0 it is $\alpha$, a kink unless $\alpha = 1$.

    Raises
    ------
    DomainError
        If `alpha` is not a positive finite number.

    Examples
    --------
    >>> elu_with(0.5).prime(np.array([[-1e4, 0.0, 2.0]]))
    array([[0. , 0.5, 1. ]])

    See Also
    --------
    [ELU][kinked-elu] : its slope derived.
    """
    alpha = check_positive("alpha", alpha)
    return scaled_elu("elu", alpha, 1.0, () if alpha == 1 else (0.0,))


def scaled_elu(name: str, alpha: float, scale: float, kinks: tuple[float, ...]) -> Activation:
    """Return the row of an ELU times a scale."""
    function, prime, from_output = (
        partial(one, alpha=alpha, scale=scale) for one in (elu, elu_prime, elu_prime_from_output)
    )
    return Activation(name, function, prime, from_output, (-scale * alpha, np.inf), kinks)


def prelu_forward(Z: Inexact[np.ndarray, "n m"], alpha: Inexact[np.ndarray, "units 1"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $A$, n × m, of a leaky ReLU whose left slopes are learned: $\max(0, Z) + \alpha \odot \min(0, Z)$.

    Parameters
    ----------
    Z
        Weighted sums, n × m.
    alpha
        Left slopes: n × 1, one for each unit, or 1 × 1, one for all of them. Any number is allowed.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> prelu_forward(np.array([[-2.0, 4.0], [-2.0, 4.0]]), np.array([[0.5], [-0.25]]))
    array([[-1. ,  4. ],
           [ 0.5,  4. ]])

    See Also
    --------
    [PReLU][kinked-prelu] : where it is derived.
    """
    _check_slopes(Z, alpha)
    return np.where(Z.real > 0, Z, alpha * Z)


def prelu_backward(
    dA: Inexact[np.ndarray, "n m"], Z: Inexact[np.ndarray, "n m"], alpha: Inexact[np.ndarray, "units 1"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "units 1"]]:
    r"""Return $dZ$, n × m, and $d\alpha = \frac{1}{m} (dA_P \odot \min(0, Z)) \mathbf{1}$, in the shape of $\alpha$.

    $dA_P$ is `dA`. $dZ$ is the same where $z > 0$, and $\alpha$ times it elsewhere, 0 included. $d\alpha$ is a
    parameter's gradient, so it is the one of the cost, with a $1/m$. A shared $\alpha$ collects from all units too.

    Parameters
    ----------
    dA
        $\partial\mathcal{L}/\partial A$, n × m.
    Z
        Weighted sums of the forward pass, n × m. With a negative $\alpha$, $A$ would not do: both signs give $a > 0$.
    alpha
        Left slopes of the forward pass, n × 1 or 1 × 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    Two units with three examples:

    >>> dA, Z = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[-2.0, 4.0, -1.0], [2.0, 4.0, -3.0]])
    >>> dZ, dalpha = prelu_backward(dA, Z, np.array([[0.5], [0.1]]))
    >>> dZ
    array([[0.5, 2. , 1.5],
           [4. , 5. , 0.6]])
    >>> dalpha.round(4)
    array([[-1.6667],
           [-6.    ]])

    See Also
    --------
    [PReLU][kinked-prelu] : where both are derived.
    """
    _check_slopes(Z, alpha, dA=dA)
    of_examples = np.where(Z.real > 0, 0, dA * Z)
    dalpha = of_examples.sum(axis=1 if len(alpha) == len(Z) else None, keepdims=True) / Z.shape[1]
    return np.where(Z.real > 0, dA, alpha * dA), dalpha


def _check_slopes(Z: np.ndarray, alpha: np.ndarray, **others: np.ndarray) -> None:
    shared = isinstance(alpha, np.ndarray) and alpha.shape == (1, 1)
    arrays = {name: (array, ("n", "m")) for name, array in others.items()}
    check_arrays(Z=(Z, ("n", "m")), **arrays, alpha=(alpha, (1 if shared else "n", 1)))
