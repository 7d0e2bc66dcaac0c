r"""Losses for numbers: squares with and without a half, absolute values, Huber and log-cosh, all of the residual.

Each is a sum over outputs of one function of the [residual][regression-squares] $R = A - Y$, and its gradient is the
slope of that function there. An identity output hands it on as it is. All of them are
[`Loss`][byhand.losses.Loss] objects that a network takes; the half square is
[`byhand.losses.squared_error`][byhand.losses.squared_error]. The average over all entries, which other libraries call
MSE, is no sum over examples divided by $m$, and stands here as two functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Inexact, Shaped

from byhand.checks import check_positive
from byhand.losses import Loss, squared_error

__all__ = [
    "absolute_error", "huber", "huber_with", "log_cosh", "mean_squared_error", "mean_squared_error_gradient",
    "squared_distance",
]  # fmt: skip

OfResidual = Callable[[np.ndarray], np.ndarray]


def _of_residual(name: str, f: OfResidual, slope: OfResidual) -> Loss:
    def entries(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return f(A - Y)

    def slopes(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return slope(A - Y)

    return replace(
        squared_error, name=name, entries=entries, entries_from_logits=entries, slope=slopes, slope_through_link=slopes
    )


def _square(R: np.ndarray) -> np.ndarray:
    return R * R


def _twice(R: np.ndarray) -> np.ndarray:
    return 2 * R


def _absolute(R: np.ndarray) -> np.ndarray:
    return np.where(R.real < 0, -R, R)


def _sign(R: np.ndarray) -> np.ndarray:
    return np.sign(R.real)


def _log_cosh(R: np.ndarray) -> np.ndarray:
    # The first keeps its digits near 0, the second does not overflow far away: cosh r = e^|r| (1 + (e^−|r|)²) / 2.
    size = _absolute(R)
    near = size.real < 1
    root = np.sinh(np.where(near, R, 0 * R) / 2)
    return np.where(near, np.log1p(2 * root * root), size - np.log(2).astype(R.dtype) + np.log1p(np.exp(-size) ** 2))


def huber_with(delta: float) -> Loss:
    r"""Return the Huber loss: $r^2/2$ where $|r| \leq \delta$, and beyond that a line, $\delta |r| - \delta^2/2$.

    Its slope is $r$, cut off at $\pm\delta$. Both pieces have the same value and the same slope where they meet, so
    there is no corner. PyTorch's `SmoothL1Loss(beta)` is this with $\beta$ for $\delta$, divided by $\beta$.

    Raises
    ------
    DomainError
        If `delta` is not a positive finite number.

    Examples
    --------
    >>> A, Y = np.array([[3.0, 0.5], [-4.0, 0.0]]), np.array([[0, 0], [1, 0]])
    >>> huber_with(2.0).of_examples(A, Y)
    array([[12.   ,  0.125]])
    >>> huber_with(2.0).dA(A, Y)
    array([[ 2. ,  0.5],
           [-2. ,  0. ]])

    See Also
    --------
    [Huber][regression-huber] : where it is derived.
    """
    limit = check_positive("delta", delta)

    def cut(R: np.ndarray) -> np.ndarray:
        inside = np.abs(R.real) <= limit
        return np.where(inside, R, limit * np.sign(R.real)).astype(R.dtype)

    def f(R: np.ndarray) -> np.ndarray:
        C = cut(R)
        return C * (R - C / 2)  # one formula for both pieces, which cannot overflow

    return _of_residual(f"Huber, δ = {limit:g}", f, cut)


def mean_squared_error(A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> float | complex:
    r"""Return $\frac{1}{nm} \lVert A - Y \rVert_F^2$, the average over all entries: MSE in PyTorch and scikit-learn.

    It is $\frac{2}{n}$ times the cost of [`squared_error`][byhand.losses.squared_error].

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> A, Y = np.array([[3.0, 0.0, 1.0], [1.0, 4.0, 1.0]]), np.array([[1, 0, 1], [1, 0, 1]])
    >>> round(mean_squared_error(A, Y), 4), round(squared_error.cost(A, Y), 4)
    (3.3333, 3.3333)

    See Also
    --------
    [Three squared errors][regression-squares] : the factors between them.
    """
    return squared_distance.cost(A, Y) / A.shape[0]


def mean_squared_error_gradient(
    A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $\frac{2}{nm} (A - Y)$, n × m: as PyTorch's `MSELoss()` starts. It is $\partial J/\partial A$, not $dA$.

    The $1/m$ is in it already, so the layers behind it must not divide by $m$ again.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> mean_squared_error_gradient(np.array([[3.0, 0.0], [1.0, 4.0]]), np.array([[1, 0], [1, 0]]))
    array([[1., 0.],
           [0., 2.]])

    See Also
    --------
    [Three squared errors][regression-squares] : the factors between them.
    """
    return squared_distance.dA(A, Y) / A.size


squared_distance = _of_residual("squared distance", _square, _twice)
r"""$\mathcal{L}_2 = \lVert A - Y \rVert_F^2$ without the half, with $dA = 2 (A - Y)$. [Derived][regression-squares].

Examples
--------
>>> A, Y = np.array([[3.0], [4.0]]), np.zeros((2, 1))
>>> squared_distance.cost(A, Y), squared_error.cost(A, Y)
(25.0, 12.5)
"""

absolute_error = _of_residual("absolute error", _absolute, _sign)
r"""$\mathcal{L}_1 = \sum_k \sum_i |A_{ki} - Y_{ki}|$, with $dA = \operatorname{sign}(A - Y)$; 0 is chosen at the kink.
[Derived][regression-absolute].

Examples
--------
>>> absolute_error.dA(np.array([[1e4, 2.0, -0.5]]), np.array([[0, 2, 0]]))
array([[ 1.,  0., -1.]])
"""

huber = huber_with(1.0)
r"""The Huber loss with $\delta = 1$. [Derived][regression-huber].
Another limit: [`huber_with`][byhand.regression.huber_with].

Examples
--------
>>> huber.of_examples(np.array([[1e4, 0.5]]), np.array([[0, 0]]))
array([[9.9995e+03, 1.2500e-01]])
"""

log_cosh = _of_residual("log-cosh", _log_cosh, np.tanh)
r"""$\log \cosh r$ for each residual, a Huber loss without pieces, with $dA = \tanh(A - Y)$.

$q(r) = \log\left( \frac{1}{2} (e^r + e^{-r}) \right)$ is $\log \cosh r$ written out, and
$\mathcal{L}_C = \sum_k \sum_i q(A_{ki} - Y_{ki})$.
[Derived][regression-log-cosh].

Examples
--------
>>> log_cosh.of_examples(np.array([[1e4, 1e-4]]), np.array([[0, 0]])).round(12)
array([[9.99930685e+03, 5.00000000e-09]])
"""
