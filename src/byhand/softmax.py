r"""Softmax, its logarithm and the log-sum-exp, column by column, forwards and backwards, at a temperature.

Each column is one example. The largest entry of each column is subtracted first, so no exponential overflows.
A backward step takes the output where the output is enough.
The sum of each column of `dZ` is 0, but for rounding (except for the log-sum-exp): a test that costs one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Inexact

from byhand.checks import check_arrays, check_positive


def softmax(Z: Inexact[np.ndarray, "n m"], temperature: float = 1.0) -> Inexact[np.ndarray, "n m"]:
    r"""Return $A$, n × m: each column is $e^{z/\tau}$, divided by the sum of its entries.

    Parameters
    ----------
    Z
        Weighted sums, one column for each example, n × m.
    temperature
        $\tau$, positive. A small one makes the largest entry stand out, a large one makes all entries alike.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `Z` is not a matrix of finite floating point numbers, or `temperature` is not positive and finite.

    Examples
    --------
    Three classes, two examples:

    >>> Z = np.array([[1.0, 1e4], [2.0, -1e4], [3.0, 0.0]])
    >>> softmax(Z).round(4)
    array([[0.09  , 1.    ],
           [0.2447, 0.    ],
           [0.6652, 0.    ]])

    See Also
    --------
    [The slope of softmax][softmax-jacobian] : where it is derived.
    [Temperature][softmax-temperature] : what it does.
    """
    E = np.exp(_below_the_top(Z, temperature)[0])
    return E / E.sum(axis=0, keepdims=True)


def softmax_backward(
    dA: Inexact[np.ndarray, "n m"], A: Inexact[np.ndarray, "n m"], temperature: float = 1.0
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ$, n × m, from the output: $\frac{1}{\tau} A \odot (dA - \mathbf{1}^\top (A \odot dA))$.

    $\mathbf{1}^\top (A \odot dA)$ is a row: for each example the average of its $dA$, weighted with $A$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> dA, A = np.array([[4.0, 0.0], [0.0, 2.0]]), np.array([[0.5, 0.75], [0.5, 0.25]])
    >>> softmax_backward(dA, A)
    array([[ 1.   , -0.375],
           [-1.   ,  0.375]])

    See Also
    --------
    [Back through softmax][softmax-vjp] : where it is derived.
    """
    check_arrays(A=(A, ("n", "m")), dA=(dA, ("n", "m")))
    return A * (dA - (A * dA).sum(axis=0, keepdims=True)) / check_positive("temperature", temperature)


def log_softmax(Z: Inexact[np.ndarray, "n m"], temperature: float = 1.0) -> Inexact[np.ndarray, "n m"]:
    r"""Return the logarithm of softmax, n × m, as $z/\tau$ minus the log-sum-exp of $z/\tau$: never $\log 0$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `Z` or `temperature` does not fit.

    Examples
    --------
    >>> log_softmax(np.array([[1e4, 1.0], [-1e4, 1.0]])).round(4)
    array([[ 0.0000e+00, -6.9310e-01],
           [-2.0000e+04, -6.9310e-01]])

    See Also
    --------
    [Log-softmax][softmax-log] : where it is derived.
    """
    shifted, _ = _below_the_top(Z, temperature)
    return shifted - _log_of_sum(shifted)


def log_softmax_backward(
    dA: Inexact[np.ndarray, "n m"], A: Inexact[np.ndarray, "n m"], temperature: float = 1.0
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ$, n × m, from the output $A$: $\frac{1}{\tau} (dA - e^A \odot \mathbf{1}^\top dA)$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> dA, A = np.array([[4.0], [0.0]]), np.log(np.array([[0.75], [0.25]]))
    >>> log_softmax_backward(dA, A)
    array([[ 1.],
           [-1.]])

    See Also
    --------
    [Log-softmax][softmax-log] : where it is derived.
    """
    check_arrays(A=(A, ("n", "m")), dA=(dA, ("n", "m")))
    return (dA - np.exp(A) * dA.sum(axis=0, keepdims=True)) / check_positive("temperature", temperature)


def log_sum_exp(Z: Inexact[np.ndarray, "n m"], temperature: float = 1.0) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $\log \sum_k e^{z_k/\tau}$ of each column, 1 × m: a smooth maximum, never below the largest $z_k/\tau$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `Z` or `temperature` does not fit.

    Examples
    --------
    >>> log_sum_exp(np.array([[1e4, 0.0], [-1e4, 0.0]])).round(4)
    array([[1.000e+04, 6.931e-01]])

    See Also
    --------
    [Log-sum-exp][softmax-lse] : where it is derived.
    """
    shifted, top = _below_the_top(Z, temperature)
    return top + _log_of_sum(shifted)


def log_sum_exp_backward(
    ds: Inexact[np.ndarray, "1 m"], Z: Inexact[np.ndarray, "n m"], temperature: float = 1.0
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ$, n × m: $\frac{1}{\tau}$ softmax of $Z/\tau$, times $ds$. The slope of the log-sum-exp is softmax.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> log_sum_exp_backward(np.array([[8.0]]), np.array([[0.0], [np.log(3)]])).round(4)
    array([[2.],
           [6.]])

    See Also
    --------
    [Log-sum-exp][softmax-lse] : where it is derived.
    """
    check_arrays(Z=(Z, ("n", "m")), ds=(ds, (1, "m")))
    return softmax(Z, temperature) * ds / float(temperature)


def temperature_gradient(
    dZ: Inexact[np.ndarray, "n m"], Z: Inexact[np.ndarray, "n m"], temperature: float = 1.0
) -> float | complex:
    r"""Return $d\tau = -\frac{1}{\tau m} \langle dZ, Z \rangle$ from the $dZ$ of any function of $Z/\tau$.

    With $U = Z/\tau$ and $dZ = dU/\tau$ it is $-\langle dU, Z \rangle/\tau^2$, divided by $m$: a gradient of the cost.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> temperature_gradient(np.array([[3.0, 0.0], [-3.0, 1.0]]), np.array([[2.0, 1.0], [1.0, 5.0]]), temperature=2.0)
    -2.0

    See Also
    --------
    [Temperature][softmax-temperature] : where it is derived.
    """
    check_arrays(Z=(Z, ("n", "m")), dZ=(dZ, ("n", "m")))
    total = -(dZ * Z).sum() / (Z.shape[1] * check_positive("temperature", temperature))
    single: float | complex = total.item()
    return single


def _below_the_top(Z: np.ndarray, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    r"""Return $(Z - t)/\tau$ with the largest entry $t$ of each column, and $t/\tau$."""
    check_arrays(Z=(Z, ("n", "m")))
    tau = check_positive("temperature", temperature)
    top = Z.real.max(axis=0, keepdims=True)
    return (Z - top) / tau, top / tau


def _log_of_sum(shifted: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum of exponentials below the top: log(1 + the rest), which keeps a tiny rest."""
    rest = np.exp(shifted)
    rest[shifted.real.argmax(axis=0), np.arange(rest.shape[1])] -= 1  # for the complex step, what differs from 1 stays
    return np.log1p(rest.sum(axis=0, keepdims=True))


@dataclass(frozen=True)
class Columnwise:
    r"""What turns each column of $Z$ into a column of $A$ and mixes its entries: as the last activation of a network.

    An [`Activation`][byhand.activations.Activation] has a slope $g'$ for each entry and $dZ = dA \odot g'(Z)$. This has
    [a matrix of slopes][softmax-jacobian] for each column, and so a step back of its own. The matrix has to be
    symmetric, as that of softmax is: then the same step carries rates of change forwards.

    Attributes
    ----------
    name
        Its name in the field.
    function
        $A$ from $Z$, n × m both.
    backward
        $dZ$ from $dA$ and the output $A$.
    values
        The interval that holds every entry of $A$.

    Examples
    --------
    >>> softmax_output.backward(np.array([[4.0], [0.0]]), np.array([[0.5], [0.5]]))
    array([[ 1.],
           [-1.]])
    """

    name: str
    function: Callable[[np.ndarray], np.ndarray]
    backward: Callable[[np.ndarray, np.ndarray], np.ndarray]
    values: tuple[float, float]

    def __repr__(self) -> str:
        return f"<activation {self.name}>"


softmax_output = Columnwise("softmax", softmax, softmax_backward, (0.0, 1.0))
r"""Softmax as the output of a network: `Network((2, 4, 3), (tanh, softmax_output), softmax_cross_entropy)`.

Under [`softmax_cross_entropy`][byhand.losses.softmax_cross_entropy] the network starts from $dZ = A - Y$; under any
other loss it goes [back through softmax][softmax-vjp].

Examples
--------
>>> softmax_output.function(np.array([[0.0], [np.log(3)]])).round(4)
array([[0.25],
       [0.75]])
"""
