r"""Variants of softmax cross-entropy: labels that are soft, smoothed, left out or weighted, and what to divide by.

All of them are one formula, $dZ = (\mathbf{1}^\top Y) \odot A - Y$, with other labels in it: smoothed ones, columns of
zeros, rows times a weight. The gradients are those of the sum $\mathcal{L}$. What $\mathcal{L}$ is divided by to make a
cost, the number of examples, of kept examples, or the sum of the weights, is a decision of its own:
[`weighted_mean`][byhand.cross_entropy.weighted_mean].
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Inexact, Integer, Shaped

from byhand.checks import (
    DomainError,
    DtypeError,
    Shape,
    check_arrays,
    check_finite,
    check_kind,
    check_labels,
    check_number,
    check_shapes,
)
from byhand.softmax import log_softmax


def one_hot(numbers: Integer[np.ndarray, "1 m"], n: int, *, ignore: int | None = None) -> Inexact[np.ndarray, "n m"]:
    r"""Return $Y$, n × m, with a 1 in the row of each class number, and a column of zeros for each number `ignore`.

    Parameters
    ----------
    numbers
        The class of each example, from 0 to n − 1, as a row 1 × m of integers.
    n
        How many classes there are, also those that no example has.
    ignore
        A number that stands for "no label", such as −100 in PyTorch. It may be the number of a class.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or a number is the number of no class.

    Examples
    --------
    >>> one_hot(np.array([[2, 0, -100, 2]]), 3, ignore=-100)
    array([[0., 1., 0., 0.],
           [0., 0., 0., 0.],
           [1., 0., 0., 1.]])

    See Also
    --------
    [Ignored examples][cross-entropy-ignore] : what a column of zeros does.
    """
    if check_labels("numbers", numbers).dtype.kind not in "iu":
        raise DtypeError(f"numbers: expected integers, the numbers of classes; got {numbers.dtype}.")
    check_shapes(numbers=(numbers, (1, "m")))
    outside = ((numbers < 0) | (numbers >= n)) & (numbers != ignore)
    if outside.any():
        raise DomainError(
            f"numbers: expected the numbers of {n} classes, 0 to {n - 1}, got {numbers[outside][0]}. "
            "Classes are counted from 0; a number that stands for no label is named by ignore."
        )
    return ((np.arange(n)[:, None] == numbers) & (numbers != ignore)).astype(float)


def smoothed_labels(Y: Shaped[np.ndarray, "n m"], epsilon: float) -> Inexact[np.ndarray, "n m"]:
    r"""Return $Y_s = (1 - \varepsilon) Y + \frac{\varepsilon}{n} \mathbf{1}^\top Y$, n × m: labels a little less sure.

    $\mathbf{1}^\top Y$, the sum of each column, is 1 for one-hot labels. It keeps an ignored column of zeros as it is.

    Parameters
    ----------
    Y
        Labels, n × m.
    epsilon
        The share that is spread over all n classes, the right one among them, from 0 to 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> smoothed_labels(np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0]]), 0.1)
    array([[0.925, 0.025, 0.025],
           [0.025, 0.025, 0.925],
           [0.025, 0.025, 0.025],
           [0.025, 0.925, 0.025]])

    See Also
    --------
    [Label smoothing][cross-entropy-smoothing] : where it is derived.
    """
    Y = _labels(Y)
    share = check_number("epsilon", epsilon)
    if isinstance(share, complex) or not 0 <= share <= 1:
        raise DomainError(f"epsilon: expected a share from 0 to 1, got {epsilon}.")
    return (1 - share) * Y + share * Y.mean(axis=0, keepdims=True)


def soft_label_gradient(A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = (\mathbf{1}^\top Y) \odot A - Y$, n × m, from the output $A$ of softmax and labels of 0 or more.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or a label is negative.

    Examples
    --------
    The first column of labels adds up to 1, the second to 2, the third to 0:

    >>> A = np.array([[0.5, 0.5, 0.5], [0.25, 0.25, 0.25], [0.25, 0.25, 0.25]])
    >>> Y = np.array([[0.5, 2.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> soft_label_gradient(A, Y)
    array([[ 0.  , -1.  ,  0.  ],
           [-0.25,  0.5 ,  0.  ],
           [ 0.25,  0.5 ,  0.  ]])

    See Also
    --------
    [Soft labels][cross-entropy-soft] : where it is derived.
    """
    labels = _labels(Y)
    check_shapes(A=(check_kind("A", A), ("n", "m")), Y=(labels, ("n", "m")))
    check_finite("A", A)
    labels = labels.astype(np.finfo(A.dtype).dtype)
    return labels.sum(axis=0, keepdims=True) * A - labels


def kept_gradient(
    A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], kept: Bool[np.ndarray, "1 m"]
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ$, n × m, with zeros for each example that is not kept: the gradient of the sum over the others.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or nothing is kept.

    Examples
    --------
    >>> A, Y = np.array([[0.75, 0.5], [0.25, 0.5]]), np.array([[1, 0], [0, 1]])
    >>> kept_gradient(A, Y, np.array([[True, False]]))
    array([[-0.25,  0.  ],
           [ 0.25,  0.  ]])

    See Also
    --------
    [Ignored examples][cross-entropy-ignore] : where it is derived, and what to divide by.
    """
    if check_labels("kept", kept).dtype != bool:
        raise DtypeError(f"kept: expected booleans, True for an example that counts; got {kept.dtype}.")
    check_shapes(Y=(_labels(Y), ("n", "m")), kept=(kept, (1, "m")))
    if not kept.any():
        raise DomainError("kept: expected at least one example that counts, got none. Leave this batch out.")
    return soft_label_gradient(A, Y * kept)


def class_weighted_gradient(
    A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], weights: Inexact[np.ndarray, "n 1"]
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dZ = (w^\top Y) \odot A - w \odot Y$, n × m; for one-hot labels that is $w_y (a - y)$ in each column.

    Parameters
    ----------
    A
        The output of softmax, n × m.
    Y
        Labels, n × m.
    weights
        $w$, a weight of 0 or more for each class, n × 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> A, Y, w = np.array([[0.75, 0.5], [0.25, 0.5]]), np.array([[1, 0], [0, 1]]), np.array([[1.0], [10.0]])
    >>> class_weighted_gradient(A, Y, w)
    array([[-0.25,  5.  ],
           [ 0.25, -5.  ]])

    See Also
    --------
    [Class weights][cross-entropy-weights] : where it is derived.
    """
    return soft_label_gradient(A, _weighted_labels("A", A, Y, weights))


def class_weighted_losses(
    Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"], weights: Inexact[np.ndarray, "n 1"]
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $-\sum_k w_k y_k \log a_k$ of each example, 1 × m, from the logits, by log-softmax: never $\log 0$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> Z, Y, w = np.array([[1e4, 0.0], [0.0, 0.0]]), np.array([[0, 1], [1, 0]]), np.array([[1.0], [10.0]])
    >>> class_weighted_losses(Z, Y, w).round(4)
    array([[1.000e+05, 6.931e-01]])

    See Also
    --------
    [Class weights][cross-entropy-weights] : where it is derived.
    """
    return -(_weighted_labels("Z", Z, Y, weights) * log_softmax(Z)).sum(axis=0, keepdims=True)


def weighted_mean(losses: Inexact[np.ndarray, "1 m"], weights: Shaped[np.ndarray, "1 m"]) -> float | complex:
    r"""Return $\sum_i w_i \ell^{(i)} / \sum_i w_i$ from a row of losses and a row of weights, or of booleans.

    With booleans it is the mean over the examples that are `True`, those kept. Give it the plain losses: some that
    have their weights in them already would be multiplied with them twice.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, a weight is negative, or all are 0. (PyTorch returns NaN then.)

    Examples
    --------
    >>> losses = np.array([[1.0, 2.0, 6.0]])
    >>> weighted_mean(losses, np.array([[True, True, False]])), weighted_mean(losses, np.array([[1.0, 3.0, 0.0]]))
    (1.5, 1.75)

    See Also
    --------
    [What to divide by][cross-entropy-ignore] : and what other libraries do.
    """
    weights = _not_negative("weights", weights)
    check_shapes(losses=(check_kind("losses", losses), (1, "m")), weights=(weights, (1, "m")))
    check_finite("losses", losses)
    if not weights.any():
        raise DomainError("weights: expected at least one that is not 0, got none: there is nothing to average.")
    mean: float | complex = ((weights * losses).sum() / weights.sum()).item()
    return mean


def _labels(Y: np.ndarray) -> np.ndarray:
    check_shapes(Y=(check_labels("Y", Y), ("n", "m")))
    return _not_negative("Y", Y)


def _not_negative(name: str, array: np.ndarray) -> np.ndarray:
    array = check_labels(name, array)
    check_finite(name, array)
    if (array < 0).any():
        raise DomainError(f"{name}: expected numbers that are not negative, got {array[array < 0][0]}.")
    return array


def _weighted_labels(name: str, like: np.ndarray, Y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    labels = _labels(Y)
    shapes: dict[str, Shape] = {name: ("n", "m"), "weights": ("n", 1)}
    check_arrays(**{key: (array, shapes[key]) for key, array in ((name, like), ("weights", weights))})
    check_shapes(**{name: (like, ("n", "m")), "Y": (labels, ("n", "m"))})
    return _not_negative("weights", weights) * labels.astype(np.finfo(like.dtype).dtype)
