r"""The linear step $Z = W A_{prev} + b$ and its backward step.

Every function takes the arrays that its formula names, so it can be fed the numbers of an assignment, and
recomputes nothing. Examples are columns.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Inexact

from byhand.checks import check_arrays


def linear_forward(
    A_prev: Inexact[np.ndarray, "n_in m"], W: Inexact[np.ndarray, "n_out n_in"], b: Inexact[np.ndarray, "n_out 1"]
) -> Inexact[np.ndarray, "n_out m"]:
    r"""Return $Z = W A_{prev} + b$: every unit's weighted sum, for every example at once.

    Parameters
    ----------
    A_prev
        Outputs of the layer before, n_in × m, a column per example.
    W
        Weights, n_out × n_in: row k holds the weights of unit k.
    b
        Biases, n_out × 1: one column, copied to every example.

    Returns
    -------
    Z
        n_out × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> import numpy as np
    >>> W, b = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]), np.array([[0.5], [0.0]])
    >>> linear_forward(np.array([[1.0], [2.0], [3.0]]), W, b)
    array([[5.5],
           [7. ]])

    See Also
    --------
    [The forward pass][forward-pass] : the same step on a page, with its shapes.
    """
    check_arrays(W=(W, ("n_out", "n_in")), A_prev=(A_prev, ("n_in", "m")), b=(b, ("n_out", 1)))
    return weighted_sums(A_prev, W, b)


def linear_backward(
    dZ: Inexact[np.ndarray, "n_out m"], A_prev: Inexact[np.ndarray, "n_in m"], W: Inexact[np.ndarray, "n_out n_in"]
) -> tuple[Inexact[np.ndarray, "n_in m"], Inexact[np.ndarray, "n_out n_in"], Inexact[np.ndarray, "n_out 1"]]:
    r"""Return `dA_prev`, `dW` and `db` of one linear step from its `dZ`.

    $dA_{prev} = W^\top dZ$, $dW = \frac{1}{m} dZ\, A_{prev}^\top$, $db = \frac{1}{m} \sum_i dz^{(i)}$.
    The $1/m$ stands in `dW` and `db` and nowhere else: they belong to the cost $J = \frac{1}{m} \mathcal{L}$, while
    `dZ` and `dA_prev` belong to the summed loss $\mathcal{L}$ ([why][convention]).

    Parameters
    ----------
    dZ
        $\partial\mathcal{L}/\partial Z$, n_out × m.
    A_prev
        What the forward step was given, n_in × m.
    W
        The weights of the forward step, n_out × n_in, before any update.

    Returns
    -------
    dA_prev, dW, db
        n_in × m, n_out × n_in and n_out × 1: the shapes of `A_prev`, `W` and `b`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    Two units, three inputs, two examples:

    >>> import numpy as np
    >>> W = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    >>> A_prev = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, -1.0]])
    >>> dZ = np.array([[1.0, 2.0], [0.0, 4.0]])
    >>> dA_prev, dW, db = linear_backward(dZ, A_prev, W)
    >>> dA_prev
    array([[ 1.,  2.],
           [ 2.,  0.],
           [ 0., 12.]])
    >>> dW
    array([[ 0.5,  2. ,  0.5],
           [ 0. ,  2. , -2. ]])
    >>> db
    array([[1.5],
           [2. ]])

    See Also
    --------
    [The hidden layer][hidden-layer] : where $W^\top dZ$ comes from, and why it is a transpose.
    [Layer l of L][depth-da] : the same step in a network of any depth.
    [Biases][bias-trick] : a bias as one more weight, and no bias.
    [The 1/m ledger][ledger] : other places for the $1/m$, and who uses which.
    [dW2 and db2][output-parameters] : where $\frac{1}{m} dZ\, A_{prev}^\top$ and the sum come from.
    [dW1 and db1][hidden-parameters] : why they are the same two formulas in every layer.
    """
    check_arrays(W=(W, ("n_out", "n_in")), A_prev=(A_prev, ("n_in", "m")), dZ=(dZ, ("n_out", "m")))
    dW, db = parameter_gradients(dZ, A_prev)
    return input_gradient(dZ, W), dW, db


# Below, `A.dot(B)` is the product A @ B, which NumPy sets up in half the time, and what was made here is changed in
# place: on a network of a few units, and on one of thousands, these two are what is left to save.


def weighted_sums(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""Return $Z = W A_{prev} + b$ without the checks of [`linear_forward`][byhand.layers.linear_forward]."""
    Z: np.ndarray = W.dot(A_prev)
    if Z.dtype != b.dtype:  # a complex step in b alone
        return Z + b
    Z += b
    return Z


def input_gradient(dZ: np.ndarray, W: np.ndarray) -> np.ndarray:
    r"""Return $dA_{prev} = W^\top dZ$, without checks."""
    dA_prev: np.ndarray = W.T.dot(dZ)
    return dA_prev


@lru_cache(64)
def _ones_and_m(m: int, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return a column of m ones, whose product with dZ is the sum over the examples, and m in an array without axes."""
    ones, number = np.ones((m, 1), dtype), np.array(m, dtype)
    ones.flags.writeable = number.flags.writeable = False
    return ones, number


def parameter_gradients(dZ: np.ndarray, A_prev: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Return $dW = \frac{1}{m} dZ\, A_{prev}^\top$ and $db = \frac{1}{m} \sum_i dz^{(i)}$, without checks."""
    ones, m = _ones_and_m(dZ.shape[1], dZ.dtype)
    dW: np.ndarray = dZ.dot(A_prev.T)
    db: np.ndarray = dZ.dot(ones)
    dW /= m
    db /= m
    return dW, db
