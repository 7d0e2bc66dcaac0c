"""A quick look at arrays: whether anything is to be said against them at all.

The checks of [`byhand.checks`][byhand.checks] find words; on a small network they would take longer than its gradient.
What passes here needs no words. What does not is looked at again, slowly.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping

import numpy as np

FEW = 16
"""Up to so many numbers, Python has looked at each before it would have called NumPy."""


def all_plain(groups: Mapping[str, object], expected: Mapping[str, Mapping[str, tuple[int, int]]]) -> bool:
    """Return whether these are dictionaries that hold, for each name expected in them, a plain array of its shape.

    All arrays must have one floating point type and be finite. True is the answer that every check of
    [`byhand.checks`][byhand.checks] would give. False only says: look closer.

    Examples
    --------
    >>> W1 = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    >>> expected = {"parameters": {"W1": (2, 3)}}
    >>> all_plain({"parameters": {"W1": W1}}, expected), all_plain({"parameters": {"W1": W1.T}}, expected)
    (True, False)
    """
    dtype = None
    few: list[float] = []
    waiting: dict[int, np.ndarray] = {}  # by its size, for another one of that size: one product answers for both
    for what, shapes in expected.items():
        arrays = groups[what]
        if type(arrays) is not dict:
            return False
        for name, shape in shapes.items():
            array = arrays.get(name)
            if type(array) is not np.ndarray or array.shape != shape:
                return False
            if array.dtype is not dtype:
                if dtype is not None or array.dtype.kind != "f":
                    return False
                dtype = array.dtype
            n = array.size
            if n > FEW:
                flat = array.ravel("K")
                partner = waiting.pop(n, None)
                if partner is None:
                    waiting[n] = flat
                elif not both_finite(partner, flat):
                    return False
            elif n > 0:
                few += array.ravel().tolist()
            else:
                return False
    for one in waiting.values():
        if not both_finite(one, one):
            return False
    return all(map(math.isfinite, few))


def both_finite(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether there is no NaN and no infinity in two arrays of numbers of one shape.

    An entry that is not finite spoils the inner product with any partner, 0 included: one product answers for both, in
    a third of the time of `np.isfinite`, which is asked only where the product may have overflowed.

    Examples
    --------
    >>> both_finite(np.zeros((1, 1)), np.ones((1, 1))), both_finite(np.zeros((1, 1)), np.array([[np.inf]]))
    (True, False)
    """
    return cmath.isfinite(np.vdot(one, other)) or bool(np.isfinite(one).all() and np.isfinite(other).all())
