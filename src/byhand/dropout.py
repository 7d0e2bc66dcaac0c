r"""Inverted dropout with the mask as an argument: drawn once, used forwards and backwards.

The functions that compute draw nothing, so a gradient check can call them as often as it likes.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Inexact, Shaped
from numpy.typing import DTypeLike

from byhand.checks import DomainError, check_arrays, check_labels, check_shapes
from byhand.scalars import check_precision, check_probability, check_whole


def dropout_mask(
    n: int, m: int, keep: float, *, seed: int | np.random.Generator, dtype: DTypeLike = np.float64
) -> Float[np.ndarray, "n m"]:
    r"""Draw a mask $D$ for inverted dropout: each entry by itself is 1 with probability $p$, and else 0.

    `keep` is $p$, above 0 and at most 1. The same seed gives the same mask; a generator goes on where it was. Draw the
    mask once for each forward pass, and hand the same one to the backward pass.

    Raises
    ------
    DtypeError, DomainError
        If an argument is out of range.

    Examples
    --------
    >>> D = dropout_mask(3, 5, keep=0.6, seed=0)
    >>> D.shape, sorted(set(D.ravel().tolist()))
    ((3, 5), [0.0, 1.0])

    See Also
    --------
    [Inverted dropout][dropout-derived] : why the same mask goes back.
    """
    sizes = check_whole("n", n), check_whole("m", m)
    return (np.random.default_rng(seed).random(sizes) < check_probability("keep", keep)).astype(check_precision(dtype))


def dropout_forward(
    A: Inexact[np.ndarray, "n m"], D: Shaped[np.ndarray, "n m"], keep: float
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $\tilde A = \frac{1}{p} A \odot D$: dropped units are 0, and kept ones are larger, to make up for them.

    `A` and the mask `D` are n × m; `D` holds ones and zeros, also as integers or booleans. `keep` is $p$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> dropout_forward(np.array([[1.0, 2.0, 3.0]]), np.array([[1, 0, 1]]), keep=0.5)
    array([[2., 0., 6.]])

    See Also
    --------
    [Inverted dropout][dropout-derived] : what the $1/p$ is for.
    """
    return _masked("A", A, D, keep)


def dropout_backward(
    dA_dropped: Inexact[np.ndarray, "n m"], D: Shaped[np.ndarray, "n m"], keep: float
) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dA = \frac{1}{p} d\tilde A \odot D$: the step back, with the mask and the $1/p$ of the forward pass.

    `dA_dropped` is $d\tilde A = \frac{\partial \mathcal{L}}{\partial \tilde A}$, n × m like the mask `D`. `keep` is
    $p$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> dropout_backward(np.array([[5.0, 6.0, -1.0]]), np.array([[1, 0, 1]]), keep=0.5)
    array([[10.,  0., -2.]])

    See Also
    --------
    [Inverted dropout][dropout-derived] : the derivation.
    [Why the mask twice?][dropout-twice] : the question of the course's forum.
    """
    return _masked("dA_dropped", dA_dropped, D, keep)


def _masked(name: str, array: np.ndarray, D: np.ndarray, keep: float) -> np.ndarray:
    check_arrays(**{name: (array, ("n", "m"))})
    check_shapes(**{name: (array, ("n", "m")), "D": (check_labels("D", D), ("n", "m"))})
    if not np.isin(D, (0, 1)).all():
        raise DomainError("D: expected zeros and ones, a mask; the division by p is done here.")
    return np.where(D == 1, array / check_probability("keep", keep), 0)
