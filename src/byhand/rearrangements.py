r"""Steps that only move entries: transpose, reshape, slice, concatenate, gather. Each goes back as it came.

Such a step is $P x$ with zeros and ones in $P$, and its backward step is $P^\top$. No entry is calculated, except
that entries which were used more than once add up. $G$ is what arrives from above, in the shape of the result.
"""

from __future__ import annotations

import math
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Inexact, Integer

from byhand.checks import DomainError, DtypeError, InputError, ShapeError, check_finite, check_kind, check_shapes

Order = Literal["C", "F"]


def transpose_backward(G: Inexact[np.ndarray, "m n"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $G^\top$, the slope of $\langle G, X^\top \rangle$ in $X$, as an array of its own.

    Parameters
    ----------
    G
        What arrives at $X^\top$, m × n.

    Returns
    -------
    G_X
        n × m, the shape of $X$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `G` is not a matrix of finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> transpose_backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    array([[1., 4.],
           [2., 5.],
           [3., 6.]])

    See Also
    --------
    [Transpose][rearrange-transpose] : the derivation.
    """
    _check(G)
    check_shapes(G=(G, ("m", "n")))
    return G.T.copy()


def reshape_backward(
    G: Inexact[np.ndarray, "*result"], shape: tuple[int, ...], order: Order = "C"
) -> Inexact[np.ndarray, "*shape"]:
    """Return `G` in the old `shape`: the backward step of `X.reshape(…, order=order)`.

    Parameters
    ----------
    G
        What arrives, in the new shape, with any number of axes.
    shape
        The shape of $X$ before.
    order
        The order in which the *forward* step read the entries: `"C"` row by row, `"F"` column by column.

    Raises
    ------
    ShapeError
        If `shape` has not as many entries as `G`.
    InputError, DtypeError, DomainError
        If `order` is unknown, or `G` does not hold finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> G = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    >>> reshape_backward(G, (2, 3))
    array([[1., 2., 3.],
           [4., 5., 6.]])
    >>> reshape_backward(G, (2, 3), order="F")
    array([[1., 3., 5.],
           [2., 4., 6.]])

    See Also
    --------
    [Reshape][rearrange-reshape] : why the same order goes back.
    """
    _check(G)
    if order not in ("C", "F"):
        raise InputError(f'order: expected "C" (row by row) or "F" (column by column), got {order!r}.')
    if math.prod(_sizes("shape", shape)) != G.size:
        raise ShapeError(f"shape: expected {G.size} entries like G, whose shape is {G.shape}; got {shape}.")
    return G.reshape(shape, order=order).copy(order="C")


def slice_backward(
    G: Inexact[np.ndarray, "*result"], cut: slice | tuple[slice, ...], shape: tuple[int, ...]
) -> Inexact[np.ndarray, "*shape"]:
    """Return zeros of the old `shape` with `G` where the slice was cut out: the backward step of `X[cut]`.

    Parameters
    ----------
    G
        What arrives, in the shape of the slice.
    cut
        The slice, such as `np.s_[1:3]` for two rows or `np.s_[:, ::2]` for every other column.
    shape
        The shape of $X$ before.

    Raises
    ------
    ShapeError
        If `X[cut]` has not the shape of `G`.
    DtypeError, DomainError
        If `cut` is no slice, or `G` does not hold finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> slice_backward(np.array([[1.0, 2.0]]), np.s_[1:2, :2], (3, 4))
    array([[0., 0., 0., 0.],
           [1., 2., 0., 0.],
           [0., 0., 0., 0.]])

    See Also
    --------
    [Slice and pad][rearrange-slice] : why zeros.
    """
    _check(G)
    parts = cut if isinstance(cut, tuple) else (cut,)
    if not all(isinstance(part, slice) for part in parts):
        raise DtypeError(f"cut: expected slices, such as np.s_[1:3, :], got {cut!r}. For indices use gather_backward.")
    G_X = np.zeros(_sizes("shape", shape), G.dtype)
    if len(parts) > G_X.ndim or G_X[cut].shape != G.shape:
        raise ShapeError(f"G: expected the shape of the slice {cut!r} of {shape}; got {G.shape}.")
    G_X[cut] = G
    return G_X


def concatenate_backward(
    G: Inexact[np.ndarray, "n m"], sizes: tuple[int, ...], axis: Literal[0, 1] = 0
) -> tuple[Inexact[np.ndarray, "_ _"], ...]:
    """Return `G` cut into the pieces that were put together: the backward step of `np.concatenate`.

    Parameters
    ----------
    G
        What arrives, n × m.
    sizes
        How many rows (`axis=0`) or columns (`axis=1`) each piece had, in their order.
    axis
        The axis along which the pieces were put together.

    Returns
    -------
    pieces
        One array for each size.

    Raises
    ------
    ShapeError
        If the sizes do not add up to the size of `G`.
    InputError, DtypeError, DomainError
        If `axis` is neither 0 nor 1, or `G` does not hold finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> concatenate_backward(np.array([[1.0], [2.0], [3.0]]), (1, 2))
    (array([[1.]]), array([[2.],
           [3.]]))

    See Also
    --------
    [Concatenate][rearrange-concatenate] : which rows go to whom.
    """
    _check(G)
    check_shapes(G=(G, ("n", "m")))
    if axis not in (0, 1):
        raise InputError(f"axis: expected 0 (rows) or 1 (columns), got {axis!r}.")
    if sum(_sizes("sizes", sizes)) != G.shape[axis]:
        raise ShapeError(f"sizes: expected a sum of {G.shape[axis]}, the length of axis {axis} of G; got {sizes}.")
    return tuple(piece.copy() for piece in np.split(G, np.cumsum(sizes)[:-1], axis=axis))


def gather_backward(
    G: Inexact[np.ndarray, "n m"], index: Integer[np.ndarray, " m"], count: int
) -> Inexact[np.ndarray, "n count"]:
    """Return each column of `G` added to the column it was taken from: the backward step of `E[:, index]`.

    Parameters
    ----------
    G
        What arrives, n × m, a column for each index.
    index
        The columns that were taken, m whole numbers from 0 to `count` − 1. Repeats are welcome.
    count
        The number of columns of $E$.

    Returns
    -------
    G_E
        n × count. A column that was never taken is zero; one that was taken twice has the sum.

    Raises
    ------
    InputError, ShapeError, DtypeError, DomainError
        If there is not one index for each column, an index is out of range, or `count` is not positive.

    Examples
    --------
    >>> gather_backward(np.array([[1.0, 2.0, 4.0]]), np.array([3, 0, 3]), 5)
    array([[2., 0., 0., 5., 0.]])

    See Also
    --------
    [Gather][rearrange-gather] : why the repeats add, and how they get lost.
    """
    _check(G)
    check_shapes(G=(G, ("n", "m")))
    if not isinstance(count, int | np.integer) or count < 1:
        raise InputError(f"count: expected a positive whole number, got {count!r}.")
    if not isinstance(index, np.ndarray) or not np.issubdtype(index.dtype, np.integer):
        got = getattr(index, "dtype", type(index).__name__)
        raise DtypeError(f"index: expected a NumPy array of integers, got {got}.")
    if index.shape != G.shape[1:]:
        raise ShapeError(f"index: expected one for each of the {G.shape[1]} columns of G; got shape {index.shape}.")
    if (outside := (index < 0) | (index >= count)).any():
        place = int(outside.argmax())
        raise DomainError(f"index: expected 0 to {count - 1}, got {index[place]} at index[{place}].")
    G_E = np.zeros((G.shape[0], count), G.dtype)
    np.add.at(G_E.T, index, G.T)
    return G_E


def _check(G: Any) -> None:
    check_kind("G", G)
    if not G.size:
        raise ShapeError(f"G: expected at least one entry, got shape {G.shape}.")
    check_finite("G", G)


def _sizes(name: str, sizes: Any) -> tuple[int, ...]:
    if not isinstance(sizes, tuple) or not all(isinstance(n, int | np.integer) and n > 0 for n in sizes):
        raise ShapeError(f"{name}: expected a tuple of positive whole numbers, got {sizes!r}.")
    return cast("tuple[int, ...]", sizes)
