r"""The Kullback-Leibler divergence of two distributions, column by column, and its gradients at logits, both ways.

$A$ is the output of softmax, $Q$ the distribution it is compared with, both n × m with columns that add up to 1.
"Forward" is $\operatorname{KL}(q \Vert a)$, with the wanted distribution in front; "reverse" is
$\operatorname{KL}(a \Vert q)$. The gradients are those of the sum over the examples.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Inexact

from byhand.checks import DomainError, check_arrays
from byhand.softmax import log_softmax


def kl_divergence(P: Float[np.ndarray, "n m"], Q: Float[np.ndarray, "n m"]) -> Float[np.ndarray, "1 m"]:
    r"""Return $D_i = \sum_k P_{ki} \log \frac{P_{ki}}{Q_{ki}}$ for each column $i$, 1 × m, with $0 \log 0$ as 0.

    Parameters
    ----------
    P, Q
        Distributions, n × m each. The first one weighs the terms, so the order matters.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, a column is no distribution, or the divergence is infinite: $q_k$ is 0 and
        $p_k$ is not.

    Examples
    --------
    >>> P, Q = np.array([[0.5, 1.0], [0.5, 0.0]]), np.array([[0.25, 0.5], [0.75, 0.5]])
    >>> kl_divergence(P, Q).round(4)
    array([[0.1438, 0.6931]])

    See Also
    --------
    [The divergence][divergence-kl] : what it measures.
    """
    _check_distributions(P=P, Q=Q)
    if ((Q == 0) & (P > 0)).any():
        raise DomainError(
            "Q: expected a positive number wherever P has one, got 0: the divergence is infinite there. "
            "If Q is a softmax, use forward_kl_from_logits."
        )
    ones = np.ones_like(P)
    log_ratio = np.log(np.where(P == 0, ones, P)) - np.log(np.where(P == 0, ones, Q))  # the quotient may overflow
    return (P * log_ratio).sum(axis=0, keepdims=True)


def forward_kl_from_logits(Z: Inexact[np.ndarray, "n m"], Q: Float[np.ndarray, "n m"]) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $\operatorname{KL}(q \Vert \operatorname{softmax}(z))$ of each column, 1 × m, finite at every logit.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or a column of `Q` is no distribution.

    Examples
    --------
    >>> forward_kl_from_logits(np.array([[1e4, 0.0], [0.0, 0.0]]), np.array([[0.5, 1.0], [0.5, 0.0]])).round(4)
    array([[4.9993e+03, 6.9310e-01]])

    See Also
    --------
    [Forward][divergence-forward] : where its gradient is derived.
    """
    check_arrays(Z=(Z, ("n", "m")), Q=(Q, ("n", "m")))
    _check_distributions(Q=Q)
    log_q = np.log(np.where(Q == 0, np.ones_like(Q), Q))
    return (Q * (log_q - log_softmax(Z))).sum(axis=0, keepdims=True)


def forward_kl_gradient(A: Inexact[np.ndarray, "n m"], Q: Float[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = A - Q$, n × m, for $\operatorname{KL}(q \Vert a)$ with $A = \operatorname{softmax}(Z)$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or a column of `Q` is no distribution.

    Examples
    --------
    >>> forward_kl_gradient(np.array([[0.75], [0.25]]), np.array([[0.5], [0.5]]))
    array([[ 0.25],
           [-0.25]])

    See Also
    --------
    [Forward][divergence-forward] : where it is derived.
    """
    check_arrays(A=(A, ("n", "m")), Q=(Q, ("n", "m")))
    _check_distributions(Q=Q)
    return A - Q


def reverse_kl_from_logits(Z: Inexact[np.ndarray, "n m"], Q: Float[np.ndarray, "n m"]) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $\operatorname{KL}(\operatorname{softmax}(z) \Vert q)$ of each column, 1 × m. $Q$ must be positive.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, a column of `Q` is no distribution, or an entry of it is 0.

    Examples
    --------
    >>> reverse_kl_from_logits(np.array([[1e4, 0.0], [0.0, 0.0]]), np.array([[0.5, 0.75], [0.5, 0.25]])).round(4)
    array([[0.6931, 0.1438]])

    See Also
    --------
    [Reverse][divergence-reverse] : where its gradient is derived.
    """
    logs = log_softmax(Z)
    return (np.exp(logs) * _log_ratio(logs, Z=Z, Q=Q)).sum(axis=0, keepdims=True)


def reverse_kl_gradient(Z: Inexact[np.ndarray, "n m"], Q: Float[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = A \odot (\log \frac{A}{Q} - K)$, n × m, with $A$ the softmax of $Z$ and $K$ the divergence.

    It takes the logits, because $\log a$ is needed, and $a$ may have rounded to 0.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, a column of `Q` is no distribution, or an entry of it is 0.

    Examples
    --------
    >>> reverse_kl_gradient(np.array([[0.0], [0.0]]), np.array([[0.75], [0.25]])).round(4)
    array([[-0.2747],
           [ 0.2747]])

    See Also
    --------
    [Reverse][divergence-reverse] : where it is derived.
    """
    logs = log_softmax(Z)
    A, ratio = np.exp(logs), _log_ratio(logs, Z=Z, Q=Q)
    return A * (ratio - (A * ratio).sum(axis=0))


def _log_ratio(logs: np.ndarray, Z: np.ndarray, Q: np.ndarray) -> np.ndarray:
    check_arrays(Z=(Z, ("n", "m")), Q=(Q, ("n", "m")))
    _check_distributions(Q=Q)
    if (Q == 0).any():
        raise DomainError(
            "Q: expected positive numbers, got 0: softmax never is 0, so this direction is infinite there. "
            "Use the forward direction, or spread a little over all classes."
        )
    return logs - np.log(Q)


def _check_distributions(**distributions: np.ndarray) -> None:
    check_arrays(**{name: (array, ("n", "m")) for name, array in distributions.items()})
    for name, array in distributions.items():
        if (array < 0).any():
            raise DomainError(f"{name}: expected probabilities, got {array[array < 0][0]}. Are these logits?")
        sums = array.sum(axis=0)
        far = np.abs(sums - 1) > 1e-3  # room for rounding, and for the step of a gradient check
        if far.any():
            raise DomainError(
                f"{name}: expected columns that add up to 1, got {sums[far][0]:.4g} in column {far.argmax()}. "
                "Each example is a column."
            )
