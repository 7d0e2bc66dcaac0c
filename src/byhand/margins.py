r"""Losses that stop, or slow down, when the answer is right: hinge, multiclass SVM and focal loss, from the logits.

Columns are examples. Each `..._losses` is a row with one loss per example, $\mathcal{L}$ is its sum and $J$ its mean;
each `..._dZ` belongs to $\mathcal{L}$ and carries no $1/m$ ([why][convention]). At a kink the flat side is taken.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact, Shaped

from byhand import smooth
from byhand.checks import DomainError, check_arrays, check_labels_like, check_positive


def hinge_losses(Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "1 m"]:
    r"""Return the losses $\max(0, 1 - yz)$ with labels $-1$ and 1, summed over the outputs of each example, 1 × m.

    Parameters
    ----------
    Z
        Scores, n × m. The answer is the sign.
    Y
        Labels $-1$ and 1, n × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> hinge_losses(np.array([[2.0, 0.5, -0.5]]), np.array([[1, 1, 1]]))
    array([[0. , 0.5, 1.5]])

    See Also
    --------
    [Hinge][margins-hinge] : where it is derived.
    """
    Z, Y = _checked(Z, Y, (-1, 1))
    slack = 1 - Y * Z
    return np.where(slack.real > 0, slack, 0).sum(axis=0, keepdims=True)


def hinge_dZ(Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = -Y \odot \mathbb{1}[Y \odot Z < 1]$, n × m. At the kink, where $yz$ is 1, it is 0.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> hinge_dZ(np.array([[2.0, 0.5, 1.0], [0.5, 3.0, -7.0]]), np.array([[1, 1, 1], [-1, -1, -1]]))
    array([[ 0., -1.,  0.],
           [ 1.,  1.,  0.]])

    See Also
    --------
    [Hinge][margins-hinge] : where it is derived, and what happens at the kink.
    """
    Z, Y = _checked(Z, Y, (-1, 1))
    return np.where((Y * Z).real < 1, -Y, np.zeros_like(Y))


def svm_losses(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], margin: float = 1.0
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return the losses $\sum_{j \ne y} \max(0, z_j - z_y + \Delta)$, where $y$ is the right class, 1 × m.

    Parameters
    ----------
    Z
        Scores, n × m. The answer is the class with the largest.
    Y
        One-hot columns, n × m.
    margin
        $\Delta$, positive: by how much the right class has to lead.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> svm_losses(np.array([[3.0, 3.0], [2.5, 0.0], [4.0, 1.0]]), np.array([[1, 1], [0, 0], [0, 0]]))
    array([[2.5, 0. ]])

    See Also
    --------
    [Multiclass SVM][margins-svm] : where it is derived.
    """
    slack, _ = _slacks(Z, Y, margin)
    return np.where(slack.real > 0, slack, 0).sum(axis=0, keepdims=True)


def svm_dZ(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], margin: float = 1.0
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = M - Q \odot \mathbf{1}^\top M$, n × m, with the labels $Q$, and $M$ for who comes too close.

    $M$ is 1 where a wrong class has $z_j - z_y + \Delta > 0$, and 0 elsewhere, at the kink too. So the right class gets
    *minus their number*, and each column adds up to 0.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> svm_dZ(np.array([[3.0, 3.0], [2.5, 0.0], [4.0, 1.0]]), np.array([[1, 1], [0, 0], [0, 0]]))
    array([[-2.,  0.],
           [ 1.,  0.],
           [ 1.,  0.]])

    See Also
    --------
    [Multiclass SVM][margins-svm] : where it is derived.
    """
    slack, Y = _slacks(Z, Y, margin)
    close = (slack.real > 0).astype(Y.dtype)
    return close - Y * close.sum(axis=0, keepdims=True)


def focal_losses(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], gamma: float = 2.0
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return the losses $-(1 - q)^\gamma \log q$ with sigmoid outputs, summed over the outputs, 1 × m.

    $q$ is the probability given to the label: $\sigma(z)$ where it is 1, and $\sigma(-z)$ where it is 0.

    Parameters
    ----------
    Z
        Logits, n × m.
    Y
        Labels 0 and 1, n × m.
    gamma
        $\gamma$, 0 or positive. With 0 it is the binary cross-entropy.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> focal_losses(np.array([[0.0, 4.0, -1e4]]), np.array([[1, 1, 1]])).round(4)
    array([[1.733e-01, 0.000e+00, 1.000e+04]])

    See Also
    --------
    [Focal loss][margins-focal] : where it is derived.
    """
    _, rest, minus_log, gamma = _focal(Z, Y, gamma)
    return (rest**gamma * minus_log).sum(axis=0, keepdims=True)


def focal_dZ(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], gamma: float = 2.0
) -> Inexact[np.ndarray, "n m"]:
    r"""Return `dZ`, n × m, for focal loss.

    For a label 1 an entry is $\frac{\partial \ell}{\partial u} = (1 - p)^\gamma (\gamma p \log p - (1 - p))$. In
    general $S = 2 H - 1$ has the signs of the labels $H$, and $P = \sigma(S \odot Z)$ the probabilities given to them:
    the same of $P$, times $S$. With $\gamma = 0$ it is $\sigma(Z) - H$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> Z, Y = np.array([[0.0, 4.0, -1e4], [0.0, 4.0, 1e4]]), np.array([[1, 1, 1], [0, 0, 0]])
    >>> focal_dZ(Z, Y).round(4)
    array([[-0.2983, -0.    , -1.    ],
           [ 0.2983,  1.0864,  1.    ]])

    See Also
    --------
    [Focal loss][margins-focal] : where it is derived.
    """
    side, rest, minus_log, gamma = _focal(Z, Y, gamma)
    return -side * rest**gamma * (gamma * (1 - rest) * minus_log + rest)


def _focal(Z: np.ndarray, Y: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return the labels as −1 and 1, 1 − q and −log q, both without a loss of digits, and gamma."""
    Z, Y = _checked(Z, Y, (0, 1))
    gamma = 0.0 if gamma == 0 else check_positive("gamma", gamma)
    side = 2 * Y - 1
    return side, smooth.sigmoid(-side * Z), smooth.softplus(-side * Z), gamma


def _slacks(Z: np.ndarray, Y: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """Return z_j − z_y + margin, and 0 at the right class; and the labels."""
    Z, Y = _checked(Z, Y, (0, 1))
    right = Y.sum(axis=0)
    if (right != 1).any():
        worst = int((right != 1).argmax())
        raise DomainError(f"Y: expected one-hot columns; column {worst} has {right[worst]:g} ones.")
    delta = check_positive("margin", margin)
    return np.where(Y == 1, 0, Z - (Y * Z).sum(axis=0, keepdims=True) + delta), Y


def _checked(Z: np.ndarray, Y: np.ndarray, allowed: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    check_arrays(Z=(Z, ("n", "m")))
    Y = check_labels_like(Z, Y)
    other = ~np.isin(Y, allowed)
    if other.any():
        signs, bits = "2 * Y - 1", "(Y + 1) / 2, class numbers by np.arange(classes)[:, None] == numbers"
        mend = (
            f"Labels 0 and 1 become −1 and 1 by {signs}."
            if allowed[0]
            else f"Labels −1 and 1 become 0 and 1 by {bits}."
        )
        raise DomainError(f"Y: expected labels {allowed[0]} and {allowed[1]}, got {Y[other][0]}. {mend}")
    return Z, Y.astype(np.finfo(Z.dtype).dtype)
