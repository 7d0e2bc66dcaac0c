r"""The moves of which every backward step is made: products, broadcasts, sums, and quantities that are used twice.

$G$ is what arrives from above, the slope of a loss in each entry of the result. A function returns the slopes in
the arguments, `G_W` for the argument `W`. Nothing here knows of costs and examples, so there is no $1/m$: who wants
the gradient of a [cost][convention] $J = \frac{1}{m} \mathcal{L}$ divides once, where a parameter's gradient is formed.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact

from byhand.checks import InputError, Shape, ShapeError, check_finite, check_kind, check_same_precision, check_shapes


def matmul_backward(
    G: Inexact[np.ndarray, "n m"], W: Inexact[np.ndarray, "n p"], A: Inexact[np.ndarray, "p m"]
) -> tuple[Inexact[np.ndarray, "n p"], Inexact[np.ndarray, "p m"]]:
    r"""Return $G A^\top$ and $W^\top G$, the slopes of $\langle G, W A \rangle$ in `W` and in `A`.

    Parameters
    ----------
    G
        What arrives, n × m, in the shape of $W A$.
    W, A
        The factors of the forward step, n × p and p × m.

    Returns
    -------
    G_W, G_A
        n × p and p × m: the shapes of `W` and `A`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> import numpy as np
    >>> W, A = np.array([[2.0, -1.0, 1.0]]), np.array([[1.0, 3.0], [0.0, 1.0], [2.0, 4.0]])
    >>> G_W, G_A = matmul_backward(np.array([[5.0, -2.0]]), W, A)
    >>> G_W
    array([[-1., -2.,  2.]])
    >>> G_A
    array([[10., -4.],
           [-5.,  2.],
           [ 5., -2.]])

    See Also
    --------
    [The left and the right move][left-right] : why each is a transpose, and on which side.
    """
    _check(W=(W, ("n", "p")), A=(A, ("p", "m")), G=(G, ("n", "m")))
    return G @ A.T, W.T @ G


def hadamard_backward(
    G: Inexact[np.ndarray, "n m"], S: Inexact[np.ndarray, "n m"], Z: Inexact[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n m"]]:
    r"""Return $G \odot Z$ and $G \odot S$, the slopes of $\langle G, S \odot Z \rangle$ in `S` and in `Z`.

    Parameters
    ----------
    G, S, Z
        What arrives, and the factors of the forward step. All are n × m, and nothing is broadcast.

    Returns
    -------
    G_S, G_Z
        Both n × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> import numpy as np
    >>> G, S, Z = np.array([[1.0, 2.0, 3.0]]), np.array([[0.5, 1.0, 0.0]]), np.array([[4.0, 5.0, 6.0]])
    >>> hadamard_backward(G, S, Z)
    (array([[ 4., 10., 18.]]), array([[0.5, 2. , 0. ]]))

    See Also
    --------
    [Entry by entry][hadamard-rule] : why there is no transpose.
    """
    _check(S=(S, ("n", "m")), Z=(Z, ("n", "m")), G=(G, ("n", "m")))
    return G * Z, G * S


def broadcast_backward(G: Inexact[np.ndarray, "n m"], shape: tuple[int, int]) -> Inexact[np.ndarray, "n_small m_small"]:
    r"""Return the sum of `G` over the copies: back to the `shape` that was broadcast to the shape of `G`.

    A column gets $G \mathbf{1}$, a row $\mathbf{1}^\top G$, a single number $\mathbf{1}^\top G \mathbf{1}$.

    Parameters
    ----------
    G
        What arrives, n × m.
    shape
        What was copied: (n, 1), (1, m), (1, 1), or (n, m) if nothing was.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `shape` does not broadcast to the shape of `G`, or `G` does not hold finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> G = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]])
    >>> broadcast_backward(G, (2, 1))
    array([[6.],
           [3.]])
    >>> broadcast_backward(G, (1, 3))
    array([[1., 1., 7.]])

    See Also
    --------
    [The broadcast rule][broadcast-rule] : why copies add when they go back.
    """
    _check(G=(G, ("n", "m")))
    if not _broadcasts(shape, G.shape):
        choices = " or ".join(map(str, dict.fromkeys([(G.shape[0], 1), (1, G.shape[1]), (1, 1), G.shape])))
        raise ShapeError(f"shape: expected {choices}, which are copied to the shape of G; got {shape}.")
    summed = tuple(axis for axis in (0, 1) if shape[axis] == 1)
    return G.sum(axis=summed, keepdims=True)


def sum_backward(G: Inexact[np.ndarray, "n_small m_small"], shape: tuple[int, int]) -> Inexact[np.ndarray, "n m"]:
    r"""Return `G` copied out to `shape`: the backward step of a sum over rows, columns or everything.

    $G \mathbf{1}^\top$ for a sum over `axis=1`, $\mathbf{1} G$ for `axis=0`.

    Parameters
    ----------
    G
        What arrives at the sum, with `keepdims`: n × 1, 1 × m or 1 × 1.
    shape
        The shape (n, m) of what was summed.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `G` does not broadcast to `shape`, or does not hold finite floating point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> sum_backward(np.array([[5.0], [-2.0]]), (2, 3))
    array([[ 5.,  5.,  5.],
           [-2., -2., -2.]])

    See Also
    --------
    [The broadcast rule][broadcast-rule] : a sum and a broadcast are each other's backward step.
    """
    _check(G=(G, ("n_small", "m_small")))
    if not _broadcasts(G.shape, shape):
        raise ShapeError(f"G: expected a shape that is copied to {shape}, with keepdims; got {G.shape}.")
    return np.broadcast_to(G, shape).copy()


def mean_backward(G: Inexact[np.ndarray, "n_small m_small"], shape: tuple[int, int]) -> Inexact[np.ndarray, "n m"]:
    r"""Return `G` copied out to `shape`, divided by the number of entries in each mean.

    $\frac{1}{m} G \mathbf{1}^\top$ for a mean over `axis=1`, $\frac{1}{n} \mathbf{1} G$ for `axis=0`.
    This factor belongs to the forward step. It is not the $1/m$ of the cost.

    Parameters
    ----------
    G, shape
        What arrives at the mean, and the shape of what was averaged, as for `sum_backward`.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        As `sum_backward`.

    Examples
    --------
    >>> import numpy as np
    >>> mean_backward(np.array([[6.0], [-3.0]]), (2, 3))
    array([[ 2.,  2.,  2.],
           [-1., -1., -1.]])

    See Also
    --------
    [The broadcast rule][broadcast-rule] : a mean adds one over the count.
    """
    copies = sum_backward(G, shape)
    return copies / (copies.size // G.size)


def fan_out_backward(*gradients: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
    """Return the sum of what comes back from all uses of one quantity.

    Parameters
    ----------
    *gradients
        One array for each use, all in the shape of the quantity, n × m.

    Returns
    -------
    array
        n × m.

    Raises
    ------
    InputError, ShapeError, DtypeError, DomainError
        If there is none, or they do not fit each other. Nothing is broadcast: another shape is a mistake.

    Examples
    --------
    >>> import numpy as np
    >>> fan_out_backward(np.array([[1.0, 2.0, 3.0]]), np.array([[0.5, -2.0, 0.0]]))
    array([[1.5, 0. , 3. ]])

    See Also
    --------
    [Used twice][fan-out-rule] : why the gradients add.
    """
    if not gradients:
        raise InputError("gradients: expected at least one array, got none.")
    _check(**{f"gradient {k}": (G, ("n", "m")) for k, G in enumerate(gradients, 1)})
    return np.sum(gradients, axis=0)


def _check(**expected: tuple[np.ndarray, Shape]) -> None:
    for name, (array, _) in expected.items():
        check_kind(name, array)
    check_shapes(**expected)
    check_same_precision(**{name: array for name, (array, _) in expected.items()})
    for name, (array, _) in expected.items():
        check_finite(name, array)


def _broadcasts(small: object, large: object) -> bool:
    if not (isinstance(small, tuple) and isinstance(large, tuple) and len(small) == len(large)):
        return False
    return all(s in (1, n) for s, n in zip(small, large, strict=True))
