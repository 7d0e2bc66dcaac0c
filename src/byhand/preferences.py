r"""Learning from rewards and from preferences: the policy gradient's loss, and DPO.

Columns are examples. Each `..._losses` is a row with one loss per example, $\mathcal{L}$ is its sum and $J$ its mean;
the gradients belong to $\mathcal{L}$ and carry no $1/m$ ([why][convention]).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact, Shaped

from byhand import smooth
from byhand.checks import DomainError, check_arrays, check_labels_like, check_positive
from byhand.softmax import log_softmax, softmax


def policy_losses(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], advantages: Inexact[np.ndarray, "1 m"]
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $-r \log \pi$ of each column, 1 × m: the chosen action's log-probability, weighted with its advantage.

    Only its slope has a meaning. Its value falls or rises with the advantages and says nothing about progress.

    Parameters
    ----------
    Z
        Logits of the policy, n actions × m situations.
    Y
        One-hot columns: the action that was taken.
    advantages
        How much better than expected it turned out, 1 × m. A constant: nothing flows into it.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> Z, Y = np.log(np.array([[1.0, 1.0], [3.0, 3.0]])), np.array([[1, 0], [0, 1]])
    >>> policy_losses(Z, Y, advantages=np.array([[2.0, -1.0]])).round(4)
    array([[ 2.7726, -0.2877]])

    See Also
    --------
    [Policy gradient][preferences-policy] : where it is derived.
    """
    Y = _actions(Z, Y, advantages)
    return -advantages * (Y * log_softmax(Z)).sum(axis=0, keepdims=True)


def policy_dZ(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], advantages: Inexact[np.ndarray, "1 m"]
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = r \odot (\Pi - Y)$, n × m: cross-entropy's $\Pi - Y$, each column times its advantage.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> Z, Y = np.log(np.array([[1.0, 1.0], [3.0, 3.0]])), np.array([[1, 0], [0, 1]])
    >>> policy_dZ(Z, Y, advantages=np.array([[2.0, -1.0]]))
    array([[-1.5 , -0.25],
           [ 1.5 ,  0.25]])

    See Also
    --------
    [Policy gradient][preferences-policy] : where it is derived.
    """
    Y = _actions(Z, Y, advantages)
    return advantages * (softmax(Z) - Y)


def dpo_losses(
    chosen: Inexact[np.ndarray, "1 m"],
    rejected: Inexact[np.ndarray, "1 m"],
    chosen_before: Inexact[np.ndarray, "1 m"],
    rejected_before: Inexact[np.ndarray, "1 m"],
    beta: float = 0.1,
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $-\log \sigma(\beta \Delta)$, 1 × m, from log-probabilities of whole answers.

    $\Delta = (C - C_0) - (R - R_0)$: how much more the chosen answer has gained on the model before training than the
    rejected one has.

    Parameters
    ----------
    chosen, rejected
        $C$ and $R$, each 1 × m: the log-probability that the model gives to the better and to the worse answer.
    chosen_before, rejected_before
        $C_0$ and $R_0$, each 1 × m: the same of the reference model, which does not learn.
    beta
        $\beta$, positive.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> c, r, c0, r0 = (np.array([[one]]) for one in (-10.0, -14.0, -12.0, -12.0))
    >>> dpo_losses(c, r, c0, r0, beta=0.5).round(4)
    array([[0.1269]])

    See Also
    --------
    [DPO][preferences-dpo] : where it is derived.
    """
    return smooth.softplus(-_gain(chosen, rejected, chosen_before, rejected_before, beta))


def dpo_backward(
    chosen: Inexact[np.ndarray, "1 m"],
    rejected: Inexact[np.ndarray, "1 m"],
    chosen_before: Inexact[np.ndarray, "1 m"],
    rejected_before: Inexact[np.ndarray, "1 m"],
    beta: float = 0.1,
) -> tuple[Inexact[np.ndarray, "1 m"], Inexact[np.ndarray, "1 m"]]:
    r"""Return $dC = -\beta \, \sigma(-\beta \Delta)$ and $dR = \beta \, \sigma(-\beta \Delta)$, each 1 × m.

    These are the slopes of the log-probabilities. From there it is back through [log-softmax][softmax-log], token by
    token. The reference model gets nothing.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> c, r, c0, r0 = (np.array([[one]]) for one in (-10.0, -14.0, -12.0, -12.0))
    >>> dc, dr = dpo_backward(c, r, c0, r0, beta=0.5)
    >>> dc.round(4), dr.round(4)
    (array([[-0.0596]]), array([[0.0596]]))

    See Also
    --------
    [DPO][preferences-dpo] : where it is derived.
    """
    dr = float(beta) * smooth.sigmoid(-_gain(chosen, rejected, chosen_before, rejected_before, beta))
    return -dr, dr


def _actions(Z: np.ndarray, Y: np.ndarray, advantages: np.ndarray) -> np.ndarray:
    check_arrays(Z=(Z, ("n", "m")), advantages=(advantages, (1, "m")))
    Y = check_labels_like(Z, Y)
    if not (np.isin(Y, (0, 1)).all() and (Y.sum(axis=0) == 1).all()):
        raise DomainError(
            "Y: expected one-hot columns, a 1 for the action that was taken. "
            "Numbers of actions become columns by np.arange(actions)[:, None] == numbers."
        )
    return Y.astype(np.finfo(Z.dtype).dtype)


def _gain(c: np.ndarray, r: np.ndarray, c0: np.ndarray, r0: np.ndarray, beta: float) -> np.ndarray:
    row = (1, "m")
    check_arrays(chosen=(c, row), rejected=(r, row), chosen_before=(c0, row), rejected_before=(r0, row))
    return check_positive("beta", beta) * ((c - c0) - (r - r0))
