r"""Between this site's layout and others: the same numbers, in another place.

Here examples are columns and $Z = W A + b$ with a column $b$. Most libraries put an example in each row of a batch.
PyTorch keeps $W$ as it is here (n_out × n_in), Keras keeps its transpose; both keep the bias as a vector with one axis.
Gradients translate like what they belong to, because a gradient has the shape of what it belongs to.

Every function returns new arrays.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact

from byhand.checks import ShapeError, check_finite, check_kind, check_same_precision, check_shapes


def to_rows(A: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "m n"]:
    r"""Return the batch with an example in each row: $A_r = A^\top$.

    Also right for `dZ` and every other array with a column per example.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `A` is not a matrix of finite floating point numbers.

    Examples
    --------
    Two examples with three features each:

    >>> A = np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])
    >>> to_rows(A)
    array([[1., 2., 3.],
           [4., 5., 6.]])

    See Also
    --------
    [The layout dictionary][layouts-batch] : what becomes of each formula.
    """
    return _transposed("A", A, ("n", "m"))


def from_rows(A_rows: Inexact[np.ndarray, "m n"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return the batch with an example in each column, $X = X_r^\top$, from one with an example in each row.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If `A_rows` is not a matrix of finite floating point numbers. One example alone is a matrix with one row.

    Examples
    --------
    >>> from_rows(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    array([[1., 4.],
           [2., 5.],
           [3., 6.]])

    See Also
    --------
    [The layout dictionary][layouts-batch] : what becomes of each formula.
    """
    return _transposed("A_rows", A_rows, ("m", "n"))


def to_pytorch(
    W: Inexact[np.ndarray, "n_out n_in"], b: Inexact[np.ndarray, "n_out 1"]
) -> tuple[Inexact[np.ndarray, "n_out n_in"], Inexact[np.ndarray, " n_out"]]:
    r"""Return `weight` and `bias` as `torch.nn.Linear` keeps them: $W$ as it is, $b$ with one axis.

    Give it `dW` and `db` to get what `weight.grad` and `bias.grad` should be.

    Parameters
    ----------
    W, b
        n_out × n_in and n_out × 1.

    Returns
    -------
    weight, bias
        n_out × n_in, and n_out numbers with one axis.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other.

    Examples
    --------
    >>> weight, bias = to_pytorch(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[7.0], [8.0]]))
    >>> weight.shape, bias.shape
    ((2, 3), (2,))

    See Also
    --------
    [The layout dictionary][layouts-parameters] : the formulas with these parameters.
    """
    _check_parameters(W, b)
    return W.copy(), b[:, 0].copy()


def from_pytorch(
    weight: Inexact[np.ndarray, "n_out n_in"], bias: Inexact[np.ndarray, " n_out"]
) -> tuple[Inexact[np.ndarray, "n_out n_in"], Inexact[np.ndarray, "n_out 1"]]:
    r"""Return $W$ and $b$ from the `weight` and `bias` of a `torch.nn.Linear`, already NumPy arrays.

    Parameters
    ----------
    weight, bias
        n_out × n_in, and n_out numbers with one axis.

    Returns
    -------
    W, b
        n_out × n_in and n_out × 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other.

    Examples
    --------
    >>> W, b = from_pytorch(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([7.0, 8.0]))
    >>> b
    array([[7.],
           [8.]])

    See Also
    --------
    [The layout dictionary][layouts-parameters] : the formulas with these parameters.
    """
    n_out = _check_matrix("weight", weight, ("n_out", "n_in"))["n_out"]
    _check_bias(bias, n_out)
    check_same_precision(weight=weight, bias=bias)
    return weight.copy(), bias[:, None].copy()


def to_keras(
    W: Inexact[np.ndarray, "n_out n_in"], b: Inexact[np.ndarray, "n_out 1"]
) -> tuple[Inexact[np.ndarray, "n_in n_out"], Inexact[np.ndarray, " n_out"]]:
    r"""Return `kernel` and `bias` as a Keras `Dense` layer keeps them: $K = W^\top$, $b$ with one axis.

    Parameters
    ----------
    W, b
        n_out × n_in and n_out × 1, or their gradients.

    Returns
    -------
    kernel, bias
        n_in × n_out, and n_out numbers with one axis.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other.

    Examples
    --------
    >>> kernel, bias = to_keras(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[7.0], [8.0]]))
    >>> kernel
    array([[1., 4.],
           [2., 5.],
           [3., 6.]])

    See Also
    --------
    [The layout dictionary][layouts-parameters] : the formulas with these parameters.
    """
    _check_parameters(W, b)
    return W.T.copy(), b[:, 0].copy()


def from_keras(
    kernel: Inexact[np.ndarray, "n_in n_out"], bias: Inexact[np.ndarray, " n_out"]
) -> tuple[Inexact[np.ndarray, "n_out n_in"], Inexact[np.ndarray, "n_out 1"]]:
    r"""Return $W$ and $b$ from the kernel, $K = W^\top$, and the bias of a Keras `Dense` layer.

    Parameters
    ----------
    kernel, bias
        n_in × n_out, and n_out numbers with one axis.

    Returns
    -------
    W, b
        n_out × n_in and n_out × 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other.

    Examples
    --------
    >>> W, b = from_keras(np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]), np.array([7.0, 8.0]))
    >>> W
    array([[1., 2., 3.],
           [4., 5., 6.]])

    See Also
    --------
    [The layout dictionary][layouts-parameters] : the formulas with these parameters.
    """
    n_out = _check_matrix("kernel", kernel, ("n_in", "n_out"))["n_out"]
    _check_bias(bias, n_out)
    check_same_precision(kernel=kernel, bias=bias)
    return kernel.T.copy(), bias[:, None].copy()


def _transposed(name: str, array: np.ndarray, shape: tuple[str, str]) -> np.ndarray:
    _check_matrix(name, array, shape)
    return array.T.copy()


def _check_matrix(name: str, array: np.ndarray, shape: tuple[str, str]) -> dict[str, int]:
    check_kind(name, array)
    sizes = check_shapes(**{name: (array, shape)})
    check_finite(name, array)
    return sizes


def _check_parameters(W: np.ndarray, b: np.ndarray) -> None:
    check_kind("W", W)
    check_kind("b", b)
    check_shapes(W=(W, ("n_out", "n_in")), b=(b, ("n_out", 1)))
    check_same_precision(W=W, b=b)
    check_finite("W", W)
    check_finite("b", b)


def _check_bias(bias: np.ndarray, n_out: int) -> None:
    check_kind("bias", bias)
    if bias.shape != (n_out,):
        raise ShapeError(
            f"bias: expected one axis with n_out entries, here {n_out}; got shape {bias.shape}. "
            "These libraries keep a bias without a second axis: bias.ravel() drops it."
        )
    check_finite("bias", bias)
