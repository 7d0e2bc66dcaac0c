r"""Jacobians: the linear step as one large matrix, and any Jacobian column by column.

A Jacobian has a row for each output and a column for each input. Outputs and inputs of a layer are matrices, so they
have to be strung out first, and there are two orders. Both go by the letter that NumPy's `ravel` knows them by: `"F"`
takes one column after the other (the vec of textbooks), `"C"` one row after the other (what `ravel` does by itself).

A dot, as in $\dot X$ and `X_dot`, is a direction or the rate of change along it. It is never a gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from jaxtyping import Inexact

from byhand.checks import InputError, check_finite, check_kind, check_shapes

Order = Literal["F", "C"]


def linear_jacobian(
    A_prev: Inexact[np.ndarray, "n_in m"], n_out: int, order: Order
) -> Inexact[np.ndarray, "{n_out}*m {n_out}*n_in"]:
    r"""Return the Jacobian of $Z = W A_{prev}$ by $W$: $A_{prev}^\top \otimes I$ or $I \otimes A_{prev}^\top$.

    It holds $\frac{\partial Z_{ki}}{\partial W_{pj}} = \delta_{kp} (A_{prev})_{ji}$ and does not depend on $W$. It
    is meant for looking at: all but one in n_out of its entries are zero, and
    [`linear_backward`][byhand.layers.linear_backward] gets the gradient without it.

    Parameters
    ----------
    A_prev
        Inputs of the step, n_in × m, a column per example.
    n_out
        Number of units, the rows of $W$.
    order
        How `Z` and `W` are strung out, both alike: `"F"` by columns gives $A_{prev}^\top \otimes I$,
        `"C"` by rows gives $I \otimes A_{prev}^\top$.

    Returns
    -------
    jacobian
        n_out·m × n_out·n_in, so that `Z.ravel(order)` is `jacobian @ W.ravel(order)`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `A_prev` is not a matrix of finite floating point numbers.
    InputError
        If `n_out` is not a positive whole number, or `order` is neither letter.

    Examples
    --------
    Two units, three inputs, one example. By rows, each unit has a block of its own:

    >>> a = np.array([[5.0], [6.0], [7.0]])
    >>> linear_jacobian(a, n_out=2, order="C")
    array([[5., 6., 7., 0., 0., 0.],
           [0., 0., 0., 5., 6., 7.]])
    >>> linear_jacobian(a, n_out=2, order="F")
    array([[5., 0., 6., 0., 7., 0.],
           [0., 5., 0., 6., 0., 7.]])

    See Also
    --------
    [The Jacobian of a layer][jacobian-of-a-layer] : where the two forms come from.
    """
    _check_matrix("A_prev", A_prev)
    if not isinstance(n_out, int | np.integer) or isinstance(n_out, bool) or n_out < 1:
        raise InputError(f"n_out: expected a positive whole number, got {n_out!r}.")
    _check_order(order)
    identity = np.eye(n_out, dtype=A_prev.dtype)
    return np.kron(A_prev.T, identity) if order == "F" else np.kron(identity, A_prev.T)


def jacobian_by_columns(
    push: Callable[[np.ndarray], np.ndarray], X: Inexact[np.ndarray, "rows columns"], order: Order
) -> np.ndarray:
    r"""Return a whole Jacobian from derivatives along directions: column $q$ is `push` of the $q$-th unit direction.

    It calls `push` once for each entry of `X`. That is the price of a Jacobian, and why a gradient is not taken so.

    Parameters
    ----------
    push
        Takes a direction $\dot X$ in the shape of `X`; returns $\dot Y$, the rate at which the output changes along it.
    X
        The point at which `push` was made. Only its shape and its precision matter here.
    order
        How `X` and the output are strung out, both alike: `"F"` by columns, `"C"` by rows.

    Returns
    -------
    jacobian
        A row for each entry of the output, a column for each entry of `X`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `X` or what `push` returns is not a matrix of finite floating point numbers.
    InputError
        If `order` is neither letter.

    Examples
    --------
    The step $Z = W A_{prev}$ is linear in $W$, so its change along $\dot W$ is $\dot W A_{prev}$:

    >>> A, W = np.array([[5.0], [6.0], [7.0]]), np.zeros((2, 3))
    >>> jacobian_by_columns(lambda W_dot: W_dot @ A, W, order="C")
    array([[5., 6., 7., 0., 0., 0.],
           [0., 0., 0., 5., 6., 7.]])

    See Also
    --------
    [Forward or reverse][modes-cost] : what a Jacobian costs in either mode.
    """
    _check_matrix("X", X)
    _check_order(order)
    columns = []
    for q in range(X.size):
        direction = np.zeros(X.size, X.dtype)
        direction[q] = 1
        moved = push(direction.reshape(X.shape, order=order))
        _check_matrix("push(X_dot)", moved)
        columns.append(moved.ravel(order))
    return np.stack(columns, axis=1)


def _check_order(order: object) -> None:
    if order not in ("F", "C"):
        raise InputError(
            f"order: expected 'F' (by columns) or 'C' (by rows), as NumPy's ravel takes it; got {order!r}."
        )


def _check_matrix(name: str, array: np.ndarray) -> None:
    check_kind(name, array)
    check_shapes(**{name: (array, ("rows", "columns"))})
    check_finite(name, array)
