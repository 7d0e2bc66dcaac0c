r"""Operations that pass, stop or redirect a gradient: clip, absolute value, where, maximum, maxout, conventions.

Each takes `dY`, the gradient of what came out, and returns that of what went in; all arrays are n × m. Where a
function has a kink or a tie there is no derivative, and the value that is chosen is stated. Masks branch on real parts.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Inexact

from byhand.checks import DomainError, DtypeError, ShapeError, check_arrays, check_shapes


def clip_backward(
    dY: Inexact[np.ndarray, "n m"], X: Inexact[np.ndarray, "n m"], low: float, high: float
) -> Inexact[np.ndarray, "n m"]:
    r"""Return `dX` of `Y = np.clip(X, low, high)`: `dY` where $low < x < high$, and 0 elsewhere.

    At the bounds themselves, where the slope jumps, 0 is chosen, as ReLU does at 0 (which is `low=0, high=np.inf`).

    Raises
    ------
    DomainError
        If `low` is not below `high`.
    ShapeError, DtypeError
        If an argument does not fit.

    Examples
    --------
    >>> clip_backward(np.array([[5.0, 6.0, 7.0, 8.0]]), np.array([[-2.0, 0.5, 1.0, 3.0]]), low=-1, high=1)
    array([[0., 6., 0., 0.]])

    See Also
    --------
    [Clip][routing-clip] : the mask, and its kinks.
    """
    check_arrays(X=(X, ("n", "m")), dY=(dY, ("n", "m")))
    if not low < high:
        raise DomainError(f"low, high: expected low < high, got {low} and {high}.")
    x = np.real(X)
    return np.where((low < x) & (x < high), dY, 0)


def absolute_backward(dY: Inexact[np.ndarray, "n m"], X: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $dX = G \odot \operatorname{sign}(X)$ for $Y = |X|$, with $G$ for `dY`. At the jump, 0 is chosen.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> absolute_backward(np.array([[5.0, 6.0, 7.0]]), np.array([[-2.0, 0.5, 0.0]]))
    array([[-5.,  6.,  0.]])

    See Also
    --------
    [The absolute value][routing-abs] : a mask of signs.
    """
    check_arrays(X=(X, ("n", "m")), dY=(dY, ("n", "m")))
    return dY * np.sign(np.real(X))


def where_backward(
    dY: Inexact[np.ndarray, "n m"], condition: Bool[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n m"]]:
    r"""Return `dU` and `dV` of `Y = np.where(condition, U, V)`.

    With a mask $M$ of ones and zeros for `condition`, and $G$ for `dY`: $dU = M \odot G$ and $dV = (1 - M) \odot G$.
    The condition has no gradient.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or `condition` does not hold booleans.

    Examples
    --------
    >>> where_backward(np.array([[5.0, 6.0]]), np.array([[True, False]]))
    (array([[5., 0.]]), array([[0., 6.]]))

    See Also
    --------
    [Where][routing-where] : each entry goes back to where it came from.
    """
    check_arrays(dY=(dY, ("n", "m")))
    if not isinstance(condition, np.ndarray) or condition.dtype != bool:
        raise DtypeError("condition: expected a NumPy array of booleans, such as U > 0.")
    check_shapes(dY=(dY, ("n", "m")), condition=(condition, ("n", "m")))
    return np.where(condition, dY, 0), np.where(condition, 0, dY)


def maximum_backward(
    dY: Inexact[np.ndarray, "n m"], U: Inexact[np.ndarray, "n m"], V: Inexact[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n m"]]:
    r"""Return `dU` and `dV` of `Y = np.maximum(U, V)`: each entry of `dY` goes to the larger one.

    At a tie there is no derivative, and half to each is chosen, so that `dU + dV` is always `dY`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> dY, U, V = np.array([[4.0, 6.0, 8.0]]), np.array([[1.0, 5.0, 2.0]]), np.array([[3.0, 0.0, 2.0]])
    >>> maximum_backward(dY, U, V)
    (array([[0., 6., 4.]]), array([[4., 0., 4.]]))

    See Also
    --------
    [The maximum][routing-maximum] : the winner takes the gradient, and what happens at a tie.
    """
    check_arrays(U=(U, ("n", "m")), V=(V, ("n", "m")), dY=(dY, ("n", "m")))
    u, v = np.real(U), np.real(V)
    half = np.where(u == v, dY / 2, 0)
    return np.where(u > v, dY, half), np.where(v > u, dY, half)


def maxout_backward(dA: Inexact[np.ndarray, "n m"], Z: Inexact[np.ndarray, "rows m"]) -> Inexact[np.ndarray, "rows m"]:
    r"""Return `dZ` of a maxout layer: `A` holds, for each unit and example, the largest of $k$ weighted sums.

    The $k$ pieces are stacked: `Z` has k·n rows, first all n units of piece 1, then all of piece 2, and so on, and
    `A` is `Z.reshape(k, n, m).max(axis=0)`. Each entry of `dA` goes to the piece that won; ties share it equally.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If the rows of `Z` are not a whole multiple of those of `dA`, or an argument does not fit.

    Examples
    --------
    One unit with three pieces, two examples:

    >>> maxout_backward(np.array([[5.0, 6.0]]), np.array([[1.0, 4.0], [3.0, 2.0], [0.0, 4.0]]))
    array([[0., 3.],
           [5., 0.],
           [0., 3.]])

    See Also
    --------
    [Maxout][routing-maxout] : the maximum of several weighted sums.
    """
    check_arrays(dA=(dA, ("n", "m")), Z=(Z, ("k·n", "m")))
    if len(Z) % len(dA):
        raise ShapeError(
            f"Z: expected k·n × m with n = {len(dA)}, the rows of dA; got {len(Z)} rows, no multiple of {len(dA)}."
        )
    pieces = np.real(Z).reshape(-1, *dA.shape)
    won = pieces == pieces.max(axis=0)
    return (won * (dA / won.sum(axis=0).astype(dA.real.dtype))).reshape(Z.shape)


def stop_gradient_backward(dY: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return `dX` where a program has decided to treat $X$ as a constant: zeros, in the shape of `dY`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `dY` is not a matrix of finite floating point numbers.

    Examples
    --------
    >>> stop_gradient_backward(np.array([[5.0, 6.0]]))
    array([[0., 0.]])

    See Also
    --------
    [Stop-gradient][routing-stop] : the function $x \mapsto x$ has slope 1; this is a decision, not its derivative.
    """
    check_arrays(dY=(dY, ("n", "m")))
    return np.zeros_like(dY)


def straight_through_backward(dY: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return what the straight-through estimator *chooses* as `dX` of a step such as `np.sign` or `np.round`: `dY`.

    The true derivative is 0 wherever it exists. This is the derivative of $X + R$ with $R$, the jump from $X$ to the
    rounded value, treated as a constant.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `dY` is not a matrix of finite floating point numbers.

    Examples
    --------
    >>> straight_through_backward(np.array([[5.0, 6.0]]))
    array([[5., 6.]])

    See Also
    --------
    [Straight through][routing-straight-through] : of what it is the derivative, and of what not.
    """
    check_arrays(dY=(dY, ("n", "m")))
    return dY.copy()
