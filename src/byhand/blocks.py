r"""Blocks that networks are built from, backwards: residual, tied weights, embedding, low rank, gates, mixtures.

Examples are columns. `G` is what arrives from above: $\partial\mathcal{L}/\partial$ output, in the output's shape.
What belongs to the examples comes back as a derivative of the summed loss $\mathcal{L}$; what belongs to a
parameter as one of the cost $J = \frac{1}{m} \mathcal{L}$, with its $1/m$ ([why][convention]).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Inexact, Integer

from byhand.activations import silu
from byhand.checks import DomainError, DtypeError, InputError, ShapeError, check_arrays, check_kind, check_number
from byhand.layers import input_gradient, parameter_gradients
from byhand.softmax import softmax_backward


def residual_backward(
    dA: Inexact[np.ndarray, "n m"],
    slope: Inexact[np.ndarray, "n m"],
    X: Inexact[np.ndarray, "n m"],
    W: Inexact[np.ndarray, "n n"],
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n n"], Inexact[np.ndarray, "n 1"]]:
    r"""Return `dX`, `dW` and `db` of a residual layer $A = X + g(Z)$ with $Z = W X + b$.

    $dZ = dA \odot g'(Z)$ and $dX = dA + W^\top dZ$: the input has two paths to the output. $dW$ and $db$ are those
    of a linear step. `slope` is $g'(Z)$; all of `dA`, `slope` and `X` are n × m, and `W` is n × n.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> dA, slope, X = np.array([[1.0], [2.0]]), np.array([[0.5], [0.0]]), np.array([[3.0], [4.0]])
    >>> dX, dW, db = residual_backward(dA, slope, X, np.array([[0.0, 6.0], [7.0, 0.0]]))
    >>> dX
    array([[1.],
           [5.]])

    See Also
    --------
    [Residual connections][residual-dx] : why the identity path adds $dA$.
    """
    check_arrays(X=(X, ("n", "m")), W=(W, ("n", "n")), slope=(slope, ("n", "m")), dA=(dA, ("n", "m")))
    dZ = dA * slope
    dW, db = parameter_gradients(dZ, X)
    return dA + input_gradient(dZ, W), dW, db


def tied_backward(
    G: Inexact[np.ndarray, "n_in m"],
    X: Inexact[np.ndarray, "n_in m"],
    Z: Inexact[np.ndarray, "n_code m"],
    W: Inexact[np.ndarray, "n_code n_in"],
) -> tuple[Inexact[np.ndarray, "n_in m"], Inexact[np.ndarray, "n_code n_in"]]:
    r"""Return `dX` and `dW` of a linear autoencoder with tied weights, $\hat X = W^\top Z$ with $Z = W X$.

    $dW = \frac{1}{m} \left( W G X^\top + Z G^\top \right)$, a term for each use of $W$; $dX = W^\top W G$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> W, X, G = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[1.0], [0.0]])
    >>> dX, dW = tied_backward(G, X, W @ X, W)
    >>> dW
    array([[14.,  4.]])

    See Also
    --------
    [Tied weights][tied-dw] : where the two terms come from.
    """
    check_arrays(W=(W, ("n_code", "n_in")), X=(X, ("n_in", "m")), Z=(Z, ("n_code", "m")), G=(G, ("n_in", "m")))
    code = W @ G
    return W.T @ code, (code @ X.T + Z @ G.T) / G.shape[1]


def embedding_backward(
    G: Inexact[np.ndarray, "d m"], index: Integer[np.ndarray, " m"], words: int
) -> Inexact[np.ndarray, "d words"]:
    r"""Return `dE` of a look-up $H = E S$ that takes column `index[i]` of $E$ for example $i$: `H = E[:, index]`.

    $dE = \frac{1}{m} G S^\top$, where column $i$ of $S$ is one-hot: column $i$ of `G` is *added* to column
    `index[i]`, so repeats add up. `words` is the number of columns of $E$; `index` holds whole numbers from 0.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or an index is not from 0 to `words` − 1.

    Examples
    --------
    Three examples, two of them the same word:

    >>> embedding_backward(np.array([[3.0, 6.0, 9.0], [0.0, 3.0, 0.0]]), np.array([1, 0, 1]), words=4)
    array([[2., 4., 0., 0.],
           [1., 0., 0., 0.]])

    See Also
    --------
    [Embeddings][embedding-de] : why it is a product with $S^\top$, and what `dE[:, index] += G` loses.
    """
    check_arrays(G=(G, ("d", "m")))
    if not isinstance(index, np.ndarray) or index.dtype.kind not in "iu":
        raise DtypeError("index: expected a NumPy array of whole numbers. Make it with np.array(index, dtype=int).")
    if index.shape != G.shape[1:]:
        raise ShapeError(f"index: expected shape ({G.shape[1]},), a number for each column of G; got {index.shape}.")
    if index.min() < 0 or index.max() >= words:
        raise DomainError(f"index: expected numbers from 0 to {words - 1}, got {index.min()} to {index.max()}.")
    dE = np.zeros((words, len(G)), G.dtype)
    np.add.at(dE, index, G.T)
    return dE.T / G.shape[1]


def lora_backward(
    G: Inexact[np.ndarray, "n_out m"],
    X: Inexact[np.ndarray, "n_in m"],
    W0: Inexact[np.ndarray, "n_out n_in"],
    A: Inexact[np.ndarray, "r n_in"],
    B: Inexact[np.ndarray, "n_out r"],
    scale: float,
) -> tuple[Inexact[np.ndarray, "n_in m"], Inexact[np.ndarray, "r n_in"], Inexact[np.ndarray, "n_out r"]]:
    r"""Return `dX`, `dA` and `dB` of a low-rank update, $Z = W X$ with $W = W_0 + s B A$ and frozen $W_0$.

    $dA = \frac{s}{m} B^\top G X^\top$, $dB = \frac{s}{m} G (A X)^\top$, $dX = W_0^\top G + s A^\top B^\top G$.
    `A` and `B` are parameters, so their gradients carry the $1/m$; `scale` is $s$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    With `B` zero, as at the start of training, `A` has no gradient:

    >>> G, X, W0 = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0], [3.0]]), np.zeros((2, 3))
    >>> dX, dA, dB = lora_backward(G, X, W0, np.array([[1.0, 1.0, 1.0]]), np.zeros((2, 1)), scale=0.5)
    >>> dA, dB
    (array([[0., 0., 0.]]), array([[2.],
           [4.]]))

    See Also
    --------
    [Low-rank updates][lora-da-db] : both gradients, and the zero at the start.
    """
    check_arrays(
        W0=(W0, ("n_out", "n_in")),
        A=(A, ("r", "n_in")),
        B=(B, ("n_out", "r")),
        X=(X, ("n_in", "m")),
        G=(G, ("n_out", "m")),
    )
    s, m = check_number("scale", scale), G.shape[1]
    back = s * (B.T @ G)
    return W0.T @ G + A.T @ back, back @ X.T / m, s * (G @ (A @ X).T) / m


def gate_backward(
    G: Inexact[np.ndarray, "n m"], U: Inexact[np.ndarray, "n m"], V: Inexact[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n m"]]:
    r"""Return `dU` and `dV` of a gate $H = U \odot V$: $dU = G \odot V$ and $dV = G \odot U$, all n × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> gate_backward(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), np.array([[5.0, 6.0]]))
    (array([[ 5., 12.]]), array([[3., 8.]]))

    See Also
    --------
    [Gates][gates-product] : each factor is the slope of the other.
    """
    check_arrays(U=(U, ("n", "m")), V=(V, ("n", "m")), G=(G, ("n", "m")))
    return G * V, G * U


def swiglu_backward(
    G: Inexact[np.ndarray, "n m"], U: Inexact[np.ndarray, "n m"], V: Inexact[np.ndarray, "n m"]
) -> tuple[Inexact[np.ndarray, "n m"], Inexact[np.ndarray, "n m"]]:
    r"""Return `dU` and `dV` of $H = S \odot V$ with $S = \operatorname{SiLU}(U)$.

    $dU = G \odot V \odot \operatorname{SiLU}'(U)$ and $dV = G \odot \operatorname{SiLU}(U)$, all n × m, where
    $\operatorname{SiLU}'(U) = \sigma(U) + U \odot \sigma'(U)$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    >>> swiglu_backward(np.array([[2.0, 1.0]]), np.array([[0.0, 0.0]]), np.array([[3.0, 5.0]]))
    (array([[3. , 2.5]]), array([[0., 0.]]))

    See Also
    --------
    [SwiGLU][gates-swiglu] : the gate with a smooth switch.
    """
    check_arrays(U=(U, ("n", "m")), V=(V, ("n", "m")), G=(G, ("n", "m")))
    return G * V * silu.derivative(U), G * silu.function(U)


def mixture_backward(
    G: Inexact[np.ndarray, "n m"], experts: Sequence[Inexact[np.ndarray, "n m"]], P: Inexact[np.ndarray, "k m"]
) -> tuple[tuple[Inexact[np.ndarray, "n m"], ...], Inexact[np.ndarray, "k m"]]:
    r"""Return each expert's `dF`, and `dT` for the gate, of a mixture, with $P = \mathrm{softmax}(T)$.

    Row $p_e$ of `P` weighs the output $F_e$ of expert $e$ in every unit. With two of them it is
    $Y = p_1 \odot F_1 + p_2 \odot F_2$, and $dF_1 = p_1 \odot G$, $dp_1 = \mathbf{1}^\top (G \odot F_1)$. The rows
    $dp_e$ make up $dP$, and $dT = P \odot (dP - \mathbf{1}^\top (P \odot dP))$.

    Raises
    ------
    ShapeError, DtypeError, DomainError, InputError
        If an argument does not fit the others, or `experts` is no list of arrays.

    Examples
    --------
    >>> F = [np.array([[1.0], [2.0]]), np.array([[5.0], [0.0]])]
    >>> dF, dT = mixture_backward(np.array([[1.0], [1.0]]), F, np.array([[0.5], [0.5]]))
    >>> dT
    array([[-0.5],
           [ 0.5]])

    See Also
    --------
    [A mixture of experts][gates-mixture] : why one column of $P$ moves as a whole.
    """
    if not isinstance(experts, Sequence) or not experts:
        raise InputError(f"experts: expected a list of arrays, one for each expert; got {type(experts).__name__}.")
    check_arrays(G=(G, ("n", "m")), **{f"experts[{e}]": (F, ("n", "m")) for e, F in enumerate(experts)})
    check_kind("P", P)
    check_arrays(G=(G, ("n", "m")), P=(P, (len(experts), "m")))
    dP = np.stack([(G * F).sum(axis=0) for F in experts])
    return tuple(P[[e]] * G for e in range(len(experts))), softmax_backward(dP, P)
