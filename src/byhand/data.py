r"""Small made-up data sets to learn from: no files, no download, the same numbers for the same seed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from byhand.checks import DomainError


def flower(m: int, *, seed: int, noise: float = 0.05) -> tuple[Float[np.ndarray, "2 m"], Int[np.ndarray, "1 m"]]:
    r"""Return a flower of eight petals in two classes, which no straight line separates.

    A point walks once around the curve $r = \sin(4 t)$ in polar coordinates; where $r$ is negative it is drawn on the
    other side of the centre. What it draws in the first half of its walk has the label 0, and in the second half 1.

    Parameters
    ----------
    m
        How many points, 2 or more. Half of them (rounded down) have the label 1.
    seed
        The same seed gives the same points.
    noise
        The standard deviation, 0 or more, of the normal noise on $r$ and (in radians) on the direction.

    Returns
    -------
    X, Y
        Coordinates, 2 × m, and labels, 1 × m, 0 or 1. A column per point.

    Raises
    ------
    DomainError
        If `m` or `noise` is out of range.

    Examples
    --------
    >>> X, Y = flower(400, seed=0)
    >>> X.shape, Y.shape, Y.sum().item()
    ((2, 400), (1, 400), 200)

    Without noise each point lies on the curve, where the distance from the centre is $|\sin 4t|$:

    >>> X, Y = flower(5, seed=0, noise=0.0)
    >>> direction = np.arctan2(X[1], X[0])
    >>> np.allclose(np.hypot(X[0], X[1]), np.abs(np.sin(4 * direction)))
    True

    See Also
    --------
    [The flower][flower-page] : a network with four hidden units that learns it.
    """
    if not isinstance(m, int | np.integer) or isinstance(m, bool) or m < 2:
        raise DomainError(f"m: expected a whole number of points, 2 or more, got {m!r}.")
    if not isinstance(noise, int | float | np.integer | np.floating) or not 0 <= noise < np.inf:
        raise DomainError(f"noise: expected a finite number, 0 or more, got {noise!r}.")
    rng = np.random.default_rng(seed)
    Y = rng.permuted(np.arange(m) % 2)[None, :]
    t = np.pi * (Y + rng.random((1, m)))
    r = np.sin(4 * t) + noise * rng.standard_normal((1, m))
    direction = t + noise * rng.standard_normal((1, m))
    return np.concatenate([r * np.cos(direction), r * np.sin(direction)]), Y
