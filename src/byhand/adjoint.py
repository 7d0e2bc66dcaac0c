r"""Test a backward step without an entry-by-entry check: $\langle G, \dot Y \rangle = \langle dX, \dot X \rangle$.

This holds for every [correct backward step][adjoint-test]. One random direction $\dot X$ goes forward, one random
upstream gradient $G$ goes backward, and two numbers must agree. It costs a few forward passes, whatever the number of
entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from byhand.checks import DomainError, ShapeError, check_finite, check_kind

STEP = 1e-20


@dataclass(frozen=True)
class AdjointTest:
    r"""What went forward and what went backward.

    Attributes
    ----------
    forward
        $\langle G, \dot Y \rangle$.
    backward
        $\langle dX, \dot X \rangle$.
    gap
        Their distance, in units of the largest size that these sums can have without cancellation.
    """

    forward: float
    backward: float
    gap: float


def adjoint_test(
    forward: Callable[[np.ndarray], np.ndarray],
    backward: Callable[[np.ndarray], np.ndarray],
    X: Float[np.ndarray, "*shape"],
    *,
    seed: int = 0,
) -> AdjointTest:
    r"""Compare $\langle G, \dot Y \rangle$ with $\langle dX, \dot X \rangle$ for one random $G$ and $\dot X$.

    $\dot Y$ is the derivative of `forward` along $\dot X$, by the complex step, and $dX$ is `backward(G)`. They agree
    for every $G$ and every $\dot X$ exactly if `backward` is the transposed derivative of `forward` at `X`.

    Parameters
    ----------
    forward
        Takes an array like `X`; analytic, and lets complex numbers through.
    backward
        Takes an upstream gradient $G$ in the shape of the output, and returns $dX$ in the shape of `X`.
    X
        The point, float64, of any shape.
    seed
        Draws $G$ and $\dot X$.

    Returns
    -------
    AdjointTest
        A right backward step has a `gap` near rounding, 1e-15. Below 1e-10 is agreement.

    Raises
    ------
    ShapeError
        If `backward` does not return the shape of `X`.
    DomainError
        If `X` holds NaN, or `forward` drops the imaginary part.

    Examples
    --------
    The product $W X$ with the right and with a wrong backward step:

    >>> W = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> X = np.array([[1.0, 0.0, 2.0], [2.0, 1.0, 1.0]])
    >>> adjoint_test(lambda X: W @ X, lambda G: W.T @ G, X).gap < 1e-14
    True
    >>> adjoint_test(lambda X: W @ X, lambda G: W @ G, X).gap > 1e-2
    True

    See Also
    --------
    [The adjoint test][adjoint-test] : why it works, and what it can miss.
    """
    check_finite("X", check_kind("X", X))
    rng = np.random.default_rng(seed)
    X_dot = rng.standard_normal(X.shape)
    moved = np.asarray(forward(X + 1j * STEP * X_dot))
    if not np.iscomplexobj(moved):
        raise DomainError(
            "forward: expected a complex result for a complex argument, got a real one. It does not use its argument, "
            "or it drops the imaginary part (abs, float, .real)."
        )
    Y_dot = moved.imag / STEP
    G = rng.standard_normal(Y_dot.shape)
    dX = np.asarray(backward(G))
    if dX.shape != X.shape:
        raise ShapeError(f"backward: expected dX in the shape of X, {X.shape}; got {dX.shape}.")
    there, back = G * Y_dot, dX * X_dot
    scale = max(float(np.abs(there).sum()), float(np.abs(back).sum()))
    distance = abs(float(there.sum()) - float(back.sum()))
    return AdjointTest(float(there.sum()), float(back.sum()), distance / scale if scale else 0.0)
