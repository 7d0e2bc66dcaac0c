r"""Losses: the loss $\ell^{(i)}$ of each example, the cost $J$, and the gradient they send back.

Predictions and labels have a column per example, $A, Y \in \mathbb{R}^{n \times m}$. The loss of example $i$ is
summed over the $n$ outputs; $\mathcal{L} = \sum_i \ell^{(i)}$ and $J = \frac{1}{m} \mathcal{L}$. The gradients of this
module are those of $\mathcal{L}$: like every $dA$ and $dZ$ they carry no $1/m$ ([why][convention]).
"""

from __future__ import annotations

import numpy as np

from byhand.activations import identity, sigmoid
from byhand.loss import Loss, mean_over_examples
from byhand.softmax import log_softmax, softmax_output

__all__ = ["Loss", "binary_cross_entropy", "mean_over_examples", "softmax_cross_entropy", "squared_error"]


def _cross_entropy(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    # 0 · log 0 counts as 0: where a label is 0 or 1 only one of the two logarithms is asked for.
    ones = np.ones_like(A)
    return -Y * np.log(np.where(Y == 0, ones, A)) - (1 - Y) * np.log1p(np.where(Y == 1, 0 * ones, -A))


def _cross_entropy_from_logits(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    # log(1 + e^z) − y z; with s = −|z| it is max(z, 0) − y z + log(1 + e^s), which cannot overflow.
    # max(z, 0) − y z comes first: for a sure and right answer it is exactly 0, and the small rest is kept.
    if Z.dtype.kind != "c":
        return np.maximum(Z, 0.0) - Y * Z + np.log1p(np.exp(-np.abs(Z)))
    negative = Z.real < 0
    return np.where(negative, 0 * Z, Z) - Y * Z + np.log1p(np.exp(np.where(negative, Z, -Z)))


def _cross_entropy_slope(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    ones = np.ones_like(A)
    return (1 - Y) / np.where(Y == 1, ones, 1 - A) - Y / np.where(Y == 0, ones, A)


def _softmax_cross_entropy(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return 0 - Y * np.log(np.where(Y == 0, np.ones_like(A), A))  # 0 · log 0 counts as 0, and never as −0


def _softmax_cross_entropy_from_logits(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return 0 - Y * log_softmax(Z)


def _softmax_cross_entropy_slope(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return 0 - Y / np.where(Y == 0, np.ones_like(A), A)


def _share_minus_labels(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return Y.sum(axis=0) * A - Y  # with labels that add up to 1 it is A − Y


def _half_square(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return (A - Y) ** 2 / 2


def _difference(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return A - Y


def _more_likely_than_not(A: np.ndarray) -> np.ndarray:
    return (A > 0.5).astype(int)


def _likeliest(A: np.ndarray) -> np.ndarray:
    return (np.arange(len(A))[:, None] == A.argmax(axis=0)).astype(int)


def _output_itself(A: np.ndarray) -> np.ndarray:
    return A


binary_cross_entropy = Loss(
    name="binary cross-entropy",
    link=sigmoid,
    predictions=(0.0, 1.0),
    labels=(0.0, 1.0),
    infinite_at=(0.0, 1.0),
    entries=_cross_entropy,
    entries_from_logits=_cross_entropy_from_logits,
    slope=_cross_entropy_slope,
    slope_through_link=_difference,
    answer=_more_likely_than_not,
)
r"""One yes-or-no question per output, with the loss $-y \log a - (1 - y) \log(1 - a)$, summed over the outputs.

Its slope is $dA = \frac{1 - Y}{1 - A} - \frac{Y}{A}$, and with a sigmoid output $dZ = A - Y$.
From the logits, $\ell^{(i)} = \sum_k \left( \log(1 + \exp(Z_{ki})) - Y_{ki} Z_{ki} \right)$.
Labels between 0 and 1 are probabilities and are welcome too.
[Derived][a-minus-y] for one output, and for [several][cross-entropy-multilabel].

Examples
--------
>>> Z, Y = np.array([[-1e4, 1e4]]), np.array([[1, 1]])
>>> binary_cross_entropy.of_examples_from_logits(Z, Y)
array([[10000.,     0.]])
>>> binary_cross_entropy.dZ_from_logits(Z, Y)
array([[-1.,  0.]])
"""

softmax_cross_entropy = Loss(
    name="softmax cross-entropy",
    link=softmax_output,
    predictions=(0.0, 1.0),
    labels=(0.0, 1.0),
    infinite_at=(0.0,),
    entries=_softmax_cross_entropy,
    entries_from_logits=_softmax_cross_entropy_from_logits,
    slope=_softmax_cross_entropy_slope,
    slope_through_link=_share_minus_labels,
    answer=_likeliest,
)
r"""One class out of $n$ for each example: $\mathcal{L} = -\langle Y, \log A \rangle$, for columns of $A$ that sum to 1.

Its slope is $dA = -\frac{Y}{A}$, and with a softmax output $dZ = A - Y$ where each column of labels adds up to 1, as
one-hot columns do. For any labels $T$ it is $dZ = A \odot \mathbf{1}^\top T - T$. From the logits it goes through
log-softmax and never takes $\log 0$. A column of zeros in $Y$ costs nothing and sends nothing back.
[Derived][cross-entropy-softmax].

Examples
--------
Three classes; the labels of the second example are probabilities:

>>> Z = np.array([[1e4, np.log(2)], [0.0, 0.0], [-1e4, 0.0]])
>>> Y = np.array([[0, 0.5], [1, 0.5], [0, 0]])
>>> softmax_cross_entropy.of_examples_from_logits(Z, Y).round(4)
array([[1.0000e+04, 1.0397e+00]])
>>> softmax_cross_entropy.dZ_from_logits(Z, Y)
array([[ 1.  ,  0.  ],
       [-1.  , -0.25],
       [ 0.  ,  0.25]])
"""

squared_error = Loss(
    name="squared error",
    link=identity,
    predictions=(-np.inf, np.inf),
    labels=(-np.inf, np.inf),
    infinite_at=(),
    entries=_half_square,
    entries_from_logits=_half_square,
    slope=_difference,
    slope_through_link=_difference,
    answer=_output_itself,
)
r"""$\mathcal{L} = \frac{1}{2} \lVert A - Y \rVert_F^2$, with $dA = A - Y$; an identity output has $dZ = A - Y$ too.
[Derived][regression-squares], with two other squared errors.

Examples
--------
>>> squared_error.dA(np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]]))
array([[2., 0.]])
"""
