r"""What holds weights and gradients back: L2 and L1 penalties, weight decay, clipping by norm.

Penalties belong to the cost $J$, so their gradients are added to `dW` as they are. They are for weights: biases are
left out. Every function takes what its formula names and returns new arrays.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Inexact

from byhand.checks import InputError, check_arrays, check_positive
from byhand.scalars import check_not_negative, check_whole


def l2_penalty(W: Inexact[np.ndarray, "n_out n_in"], strength: float, m: int) -> float | complex:
    r"""Return $\frac{\lambda}{2m} \lVert W \rVert_F^2$, what the weights of one layer add to the cost.

    `W` is n_out × n_in, `strength` is $\lambda$, 0 or more, and `m` the number of examples. Biases are not penalised.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `W` is not a matrix of finite floating point numbers, or a number is out of range.

    Examples
    --------
    >>> l2_penalty(np.array([[3.0, 0.0, -1.0], [2.0, 1.0, 1.0]]), strength=0.5, m=4)
    1.0

    See Also
    --------
    [The L2 penalty][penalties-l2] : its gradient, and why it is a matrix.
    """
    share = _share(W, strength, m)
    total: float | complex = (share / 2 * (W * W).sum()).item()
    return total


def l2_gradient(W: Inexact[np.ndarray, "n_out n_in"], strength: float, m: int) -> Inexact[np.ndarray, "n_out n_in"]:
    r"""Return $\frac{\lambda}{m} W$, what the L2 penalty adds to `dW`: a matrix, each weight in its own place.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `W` is not a matrix of finite floating point numbers, or a number is out of range.

    Examples
    --------
    >>> l2_gradient(np.array([[3.0, 0.0, -1.0], [2.0, 1.0, 1.0]]), strength=2, m=4)
    array([[ 1.5,  0. , -0.5],
           [ 1. ,  0.5,  0.5]])

    See Also
    --------
    [The L2 penalty][penalties-l2] : where it comes from, and its traps.
    [A matrix or a sum?][l2-matrix-or-sum] : the question of the course's forum.
    """
    return _share(W, strength, m) * W


def l1_penalty(W: Inexact[np.ndarray, "n_out n_in"], strength: float, m: int) -> float | complex:
    r"""Return $\frac{\lambda}{m} \sum_{k,j} |W_{kj}|$, what the weights of one layer add to the cost.

    The sign of a complex number is that of its real part, so that the complex step passes.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `W` is not a matrix of finite floating point numbers, or a number is out of range.

    Examples
    --------
    >>> l1_penalty(np.array([[3.0, 0.0, -1.0], [2.0, 1.0, 1.0]]), strength=0.5, m=4)
    1.0

    See Also
    --------
    [The L1 penalty][penalties-l1] : its gradient, and its kink.
    """
    share = _share(W, strength, m)
    total: float | complex = (share * (W * np.sign(W.real)).sum()).item()
    return total


def l1_gradient(W: Inexact[np.ndarray, "n_out n_in"], strength: float, m: int) -> Inexact[np.ndarray, "n_out n_in"]:
    r"""Return $\frac{\lambda}{m} \operatorname{sign}(W)$, what the L1 penalty adds to `dW`.

    At a weight of exactly 0 there is no derivative, and 0 is chosen.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `W` is not a matrix of finite floating point numbers, or a number is out of range.

    Examples
    --------
    >>> l1_gradient(np.array([[3.0, 0.0, -1.0], [0.2, 1.0, 1.0]]), strength=2, m=4)
    array([[ 0.5,  0. , -0.5],
           [ 0.5,  0.5,  0.5]])

    See Also
    --------
    [The L1 penalty][penalties-l1] : where it comes from.
    """
    share = _share(W, strength, m)
    return share * np.sign(W.real).astype(W.dtype)


def weight_decay_step(
    W: Inexact[np.ndarray, "n_out n_in"],
    direction: Inexact[np.ndarray, "n_out n_in"],
    learning_rate: float,
    decay: float,
) -> Inexact[np.ndarray, "n_out n_in"]:
    r"""Return $(1 - \alpha \kappa) W - \alpha U$: a step along $-U$, and beside it all weights shrink by one factor.

    With $dW$ of the data for $U$ this is gradient descent with an L2 penalty. With the direction of Adam for $U$ it is
    AdamW, which is something else than Adam on a penalised cost.

    Parameters
    ----------
    W
        Weights, n_out × n_in.
    direction
        $U$, what the optimiser would subtract, before the learning rate; n_out × n_in.
    learning_rate
        $\alpha$, positive.
    decay
        $\kappa$, 0 or more; $\lambda/m$ where the penalty is $\frac{\lambda}{2m} \lVert W \rVert_F^2$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If the arrays do not fit each other, or a number is out of range.

    Examples
    --------
    >>> W, dW = np.array([[4.0, -2.0, 0.0]]), np.array([[1.0, 0.0, 1.0]])
    >>> weight_decay_step(W, dW, learning_rate=0.5, decay=0.5)
    array([[ 2.5, -1.5, -0.5]])

    See Also
    --------
    [Weight decay][penalties-decay] : the same as L2 for gradient descent, and not under Adam.
    """
    check_arrays(W=(W, ("n_out", "n_in")), direction=(direction, ("n_out", "n_in")))
    rate = check_positive("learning_rate", learning_rate)
    return (1 - rate * check_not_negative("decay", decay)) * W - rate * direction


def clip_by_norm(gradients: Mapping[str, np.ndarray], limit: float) -> dict[str, np.ndarray]:
    r"""Return the gradients, all scaled by one factor so that their common norm is at most $c$: $\min(1, c/\rho)\, g$.

    $\rho$ is the root of the sum of all squares, over all arrays. `gradients` are real arrays by name, such as
    `Network.backward` returns, and `limit` is $c$. What comes out points where the gradient points, but in general no
    function has it as its gradient.

    Raises
    ------
    ShapeError, DtypeError, DomainError, InputError
        If an array is not a matrix of finite floating point numbers, there is none, or `limit` is not positive.

    Examples
    --------
    >>> gradients = {"dW1": np.array([[3.0, 0.0]]), "db1": np.array([[4.0]])}
    >>> clip_by_norm(gradients, limit=1.0)
    {'dW1': array([[0.6, 0. ]]), 'db1': array([[0.8]])}
    >>> clip_by_norm(gradients, limit=6.0)
    {'dW1': array([[3., 0.]]), 'db1': array([[4.]])}

    See Also
    --------
    [Clipping by norm][clipping-by-norm] : what it does, and why no gradient check can confirm it.
    """
    most = check_positive("limit", limit)
    if not isinstance(gradients, Mapping) or not gradients:
        raise InputError(f"gradients: expected a dictionary of arrays by name, with one at least; got {gradients!r}.")
    for name, array in gradients.items():
        check_arrays(**{name: (array, ("rows", "columns"))})
    largest = max(float(np.abs(array).max()) for array in gradients.values())
    if largest == 0:
        return {name: array.copy() for name, array in gradients.items()}
    # divided by the largest entry first, so that no square overflows
    squares = sum(float(np.square(np.abs(array).astype(float) / largest).sum()) for array in gradients.values())
    factor = min(1.0, most / largest / squares**0.5)
    return {name: factor * array for name, array in gradients.items()}


def _share(W: np.ndarray, strength: float, m: int) -> float:
    check_arrays(W=(W, ("n_out", "n_in")))
    return check_not_negative("strength", strength) / check_whole("m", m)
