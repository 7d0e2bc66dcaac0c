r"""Losses that compare vectors with each other: columns of length 1, InfoNCE and triplets, with their backward steps.

A column is the vector of one example, d × m. Each `..._losses` is a row with one loss per example, $\mathcal{L}$ is its
sum and $J$ its mean; the gradients belong to $\mathcal{L}$ and carry no $1/m$ ([why][convention]).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact

from byhand.checks import DomainError, check_arrays, check_positive
from byhand.softmax import log_softmax, softmax


def normalize(X: Inexact[np.ndarray, "d m"]) -> Inexact[np.ndarray, "d m"]:
    r"""Return $\hat X = \frac{1}{r} \odot X$, d × m: columns by lengths, $r = \sqrt{\mathbf{1}^\top (X \odot X)}$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `X` does not fit, or a column is 0 and has no direction.

    Examples
    --------
    >>> normalize(np.array([[3.0, 0.0], [4.0, -1e200]]))
    array([[ 0.6,  0. ],
           [ 0.8, -1. ]])

    See Also
    --------
    [Columns of length 1][contrastive-normalize] : where it is derived.
    """
    return X / _lengths(X)


def normalize_backward(dU: Inexact[np.ndarray, "d m"], X: Inexact[np.ndarray, "d m"]) -> Inexact[np.ndarray, "d m"]:
    r"""Return $dX$, d × m: $(dU - U \odot \mathbf{1}^\top (U \odot dU)) / \lVert x \rVert$, column by column.

    What points along $u$ is taken out, since growing longer does not change $u$; the rest is divided by the length.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or a column of `X` is 0.

    Examples
    --------
    >>> normalize_backward(np.array([[1.0], [0.0]]), np.array([[3.0], [4.0]])).round(3)
    array([[ 0.128],
           [-0.096]])

    See Also
    --------
    [Columns of length 1][contrastive-normalize] : where it is derived.
    """
    check_arrays(X=(X, ("d", "m")), dU=(dU, ("d", "m")))
    lengths = _lengths(X)
    U = X / lengths
    return (dU - U * (U * dU).sum(axis=0, keepdims=True)) / lengths


def infonce_losses(
    U: Inexact[np.ndarray, "d m"], V: Inexact[np.ndarray, "d m"], temperature: float = 1.0
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return the losses of finding $u^{(i)}$ among all columns of `U`, given $v^{(i)}$, 1 × m.

    $S = \frac{1}{\tau} U^\top V$ has a column for each $v$. The loss of column $i$ is $-\log$ of entry $i$ of its
    softmax.

    Parameters
    ----------
    U
        The candidates, d × m.
    V
        What asks, d × m: column $i$ belongs to column $i$ of `U`.
    temperature
        $\tau$, positive.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> U, V = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    >>> infonce_losses(U, V).round(4)
    array([[0.3133, 1.3133]])

    See Also
    --------
    [InfoNCE][contrastive-infonce] : where it is derived.
    """
    S, tau = _similarities(U, V, temperature)
    return -np.diag(log_softmax(S, tau))[None]


def infonce_backward(
    U: Inexact[np.ndarray, "d m"], V: Inexact[np.ndarray, "d m"], temperature: float = 1.0
) -> tuple[Inexact[np.ndarray, "d m"], Inexact[np.ndarray, "d m"]]:
    r"""Return $dU = \frac{1}{\tau} V dS^\top$ and $dV = \frac{1}{\tau} U dS$ with $dS = P - I$, each d × m.

    $P$ is the softmax of $S = \frac{1}{\tau} U^\top V$, column by column.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> U, V = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    >>> dU, dV = infonce_backward(U, V)
    >>> dU.round(4)
    array([[ 0.4621, -0.4621],
           [ 0.    ,  0.    ]])
    >>> dV.round(4)
    array([[-0.2689,  0.7311],
           [ 0.2689, -0.7311]])

    See Also
    --------
    [InfoNCE][contrastive-infonce] : where it is derived.
    """
    S, tau = _similarities(U, V, temperature)
    dS = softmax(S, tau)
    np.fill_diagonal(dS, np.diag(dS) - 1)
    return V @ dS.T / tau, U @ dS / tau


def triplet_losses(
    A: Inexact[np.ndarray, "d m"], P: Inexact[np.ndarray, "d m"], N: Inexact[np.ndarray, "d m"], margin: float = 1.0
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return the losses $\max(0, \lVert a - p \rVert^2 - \lVert a - n \rVert^2 + \alpha)$, 1 × m.

    Parameters
    ----------
    A, P, N
        Anchors, positives (which should be near their anchor) and negatives (which should be far), each d × m.
    margin
        $\alpha$, positive.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> A, P, N = np.array([[0.0, 0.0]]), np.array([[1.0, 1.0]]), np.array([[2.0, 1.0]])
    >>> triplet_losses(A, P, N)
    array([[0., 1.]])

    See Also
    --------
    [Triplets][contrastive-triplet] : where it is derived.
    """
    slack = _slacks(A, P, N, margin)
    return np.where(slack.real > 0, slack, 0)


def triplet_backward(
    A: Inexact[np.ndarray, "d m"], P: Inexact[np.ndarray, "d m"], N: Inexact[np.ndarray, "d m"], margin: float = 1.0
) -> tuple[Inexact[np.ndarray, "d m"], Inexact[np.ndarray, "d m"], Inexact[np.ndarray, "d m"]]:
    r"""Return $dA = 2 (N - P) \odot c$, $dP = 2 (P - A) \odot c$ and $dN = 2 (A - N) \odot c$, each d × m.

    $c = \mathbb{1}[s > 0]$ is a row: 1 where the loss is positive, and 0 elsewhere, at the kink too. The
    three add up to 0.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> A, P, N = np.array([[0.0, 0.0]]), np.array([[1.0, 1.0]]), np.array([[2.0, 1.0]])
    >>> triplet_backward(A, P, N)
    (array([[0., 0.]]), array([[0., 2.]]), array([[ 0., -2.]]))

    See Also
    --------
    [Triplets][contrastive-triplet] : where it is derived.
    """
    active = _slacks(A, P, N, margin).real > 0
    return np.where(active, 2 * (N - P), 0), np.where(active, 2 * (P - A), 0), np.where(active, 2 * (A - N), 0)


def _lengths(X: np.ndarray) -> np.ndarray:
    """Return the row of lengths, without overflow and without losing short columns."""
    check_arrays(X=(X, ("d", "m")))
    top = np.abs(X.real).max(axis=0, keepdims=True)
    if (top == 0).any():
        raise DomainError(f"X: expected columns that are not 0; column {int((top[0] == 0).argmax())} has no direction.")
    return top * np.sqrt((X / top * (X / top)).sum(axis=0, keepdims=True))


def _similarities(U: np.ndarray, V: np.ndarray, temperature: float) -> tuple[np.ndarray, float]:
    check_arrays(U=(U, ("d", "m")), V=(V, ("d", "m")))
    return U.T @ V, check_positive("temperature", temperature)


def _slacks(A: np.ndarray, P: np.ndarray, N: np.ndarray, margin: float) -> np.ndarray:
    check_arrays(A=(A, ("d", "m")), P=(P, ("d", "m")), N=(N, ("d", "m")))
    near, far = A - P, A - N
    return (near * near - far * far).sum(axis=0, keepdims=True) + check_positive("margin", margin)
