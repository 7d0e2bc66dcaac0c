r"""One neuron: the weighted sum $Z = w^\top X + b$ of logistic regression, and its derivatives.

The weights are a column, $w \in \mathbb{R}^{n \times 1}$, and the bias is a number; examples are the columns of $X$,
so $Z$, $A$ and $dZ$ are rows. What follows the sum exists already: $A$ is [`sigmoid`][byhand.activations.sigmoid] of
$Z$, and [`binary_cross_entropy`][byhand.losses.binary_cross_entropy] gives the cost and $dZ = A - Y$ from $Z$ and $Y$.

A bias goes in and comes out as a Python number, never as an array. A $db$ of shape $1 \times m$, from a forgotten sum,
would make $b$ a row with another bias for every example, and NumPy would add it without a word
([the trap, running][neuron-db]).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact

from byhand.activations import sigmoid
from byhand.checks import check_arrays, check_number


def neuron_forward(
    X: Inexact[np.ndarray, "n m"], w: Inexact[np.ndarray, "n 1"], b: float | complex
) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $Z = w^\top X + b$: the neuron's weighted sum for every example, as a row.

    Parameters
    ----------
    X
        Inputs, n × m, a column per example.
    w
        Weights, n × 1: a column, as in the course's logistic regression.
    b
        The bias, one number. An array is refused, even one with a single entry.

    Returns
    -------
    Z
        1 × m, in the precision of the arrays.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    Two inputs, three examples:

    >>> import numpy as np
    >>> X = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 1.0]])
    >>> neuron_forward(X, np.array([[2.0], [1.0]]), 0.5)
    array([[5.5, 3.5, 1.5]])

    See Also
    --------
    [From the loss to A − Y][neuron-given] : the whole forward pass of a neuron.
    """
    check_arrays(w=(w, ("n", 1)), X=(X, ("n", "m")))
    Z: np.ndarray = w.T @ X + check_number("b", b)
    return Z


def neuron_gradients(
    dZ: Inexact[np.ndarray, "1 m"], X: Inexact[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n 1"], float | complex]:
    r"""Return $dw = \frac{1}{m} X\, dZ^\top$ and $db = \frac{1}{m} \sum_i dz^{(i)}$.

    Both belong to the cost $J = \frac{1}{m} \mathcal{L}$, hence the $1/m$; `dZ` belongs to the sum $\mathcal{L}$ and
    has none. Because $w$ is a column and not a row of weights, $dw$ is the transpose of a layer's
    $\frac{1}{m} dZ\, X^\top$.

    Parameters
    ----------
    dZ
        $\partial\mathcal{L}/\partial Z$, 1 × m; with a sigmoid and cross-entropy it is $A - Y$.
    X
        What the forward step was given, n × m.

    Returns
    -------
    dw, db
        n × 1 like the weights, and one Python number like the bias.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 1.0]])
    >>> dw, db = neuron_gradients(np.array([[3.0, -6.0, 9.0]]), X)
    >>> dw
    array([[-3.],
           [ 8.]])
    >>> db
    2.0

    See Also
    --------
    [The weights][neuron-dw] : where the transpose and the $1/m$ come from.
    [The bias][neuron-db] : why a sum, and why a number.
    """
    check_arrays(X=(X, ("n", "m")), dZ=(dZ, (1, "m")))
    m = X.shape[1]
    return X @ dZ.T / m, (dZ.sum() / m).item()


def neuron_input_gradient(dZ: Inexact[np.ndarray, "1 m"], w: Inexact[np.ndarray, "n 1"]) -> Inexact[np.ndarray, "n m"]:
    r"""Return $\frac{\partial J}{\partial X} = \frac{1}{m} w\, dZ$: how fast the cost grows with each input.

    This is a derivative of the cost, so it has a $1/m$. A layer below would want
    $dX = w\, dZ$, without it.

    Parameters
    ----------
    dZ
        $\partial\mathcal{L}/\partial Z$, 1 × m.
    w
        The weights of the forward step, n × 1.

    Returns
    -------
    array
        n × m, like the inputs.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> neuron_input_gradient(np.array([[3.0, -6.0, 9.0]]), np.array([[2.0], [1.0]]))
    array([[ 2., -4.,  6.],
           [ 1., -2.,  3.]])

    See Also
    --------
    [The input][neuron-dx] : the derivation.
    """
    check_arrays(w=(w, ("n", 1)), dZ=(dZ, (1, "m")))
    gradient: np.ndarray = w @ dZ / dZ.shape[1]
    return gradient


def neuron_hessian(A: Inexact[np.ndarray, "1 m"], X: Inexact[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n n"]:
    r"""Return $H = \frac{1}{m} X \operatorname{diag}(A \odot (1 - A)) X^\top$.

    In row $j$ and column $k$ stands $\partial^2 J / \partial w_j \partial w_k$, for a sigmoid and cross-entropy. The
    labels do not occur in it. The m × m diagonal matrix is never built: its product with $X^\top$ scales rows.
    To have the bias among the weights, give $X$ a further row of ones.

    Parameters
    ----------
    A
        Outputs of the neuron, 1 × m, between 0 and 1.
    X
        Inputs, n × m.

    Returns
    -------
    H
        n × n, symmetric, without negative eigenvalues (up to rounding).

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the other, or `A` holds what a sigmoid cannot return.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 1.0]])
    >>> neuron_hessian(np.array([[0.5, 0.5, 0.5]]), X).round(4)
    array([[0.4167, 0.0833],
           [0.0833, 0.9167]])

    See Also
    --------
    [The Hessian][neuron-hessian] : the derivation, and what Newton's step does with it.
    """
    check_arrays(X=(X, ("n", "m")), A=(A, (1, "m")))
    slope = sigmoid.prime_from_output(A)
    H: np.ndarray = (X * slope) @ X.T / X.shape[1]
    return H
