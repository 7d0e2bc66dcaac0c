"""A quick look at arrays: whether anything is to be said against them at all.

The checks of [`byhand.checks`][byhand.checks] find words; on a small network they would take longer than its gradient.
What passes here needs no words. What does not is looked at again, slowly.
"""

from __future__ import annotations

import cmath
from collections.abc import Mapping

import numpy as np


def all_finite(array: np.ndarray) -> bool:
    """Return whether there is no NaN and no infinity in an array of numbers.

    The sum of the squares is not finite if one entry is not, and comes in a third of the time of `np.isfinite`,
    which is asked only where the sum may have overflowed.

    Examples
    --------
    >>> all_finite(np.array([[1e300, -2.0]])), all_finite(np.array([[np.nan, -2.0]]))
    (True, False)
    """
    if array.dtype.kind in "biu":
        return True
    flat = array.ravel("K")
    return cmath.isfinite(np.vdot(flat, flat)) or bool(np.isfinite(array).all())


def all_plain(arrays: object, shapes: Mapping[str, tuple[int, int]], like: object) -> bool:
    """Return whether `arrays` is a dictionary that holds, for every name in `shapes`, a plain array of that shape.

    None may be empty, all must be finite, and have the floating point type of `like`, which is an array itself.
    True is the answer that every check of [`byhand.checks`][byhand.checks] would give. False only says: look closer.

    Examples
    --------
    >>> W1 = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    >>> all_plain({"W1": W1}, {"W1": (2, 3)}, like=W1), all_plain({"W1": W1.T}, {"W1": (2, 3)}, like=W1)
    (True, False)
    """
    if type(arrays) is not dict or type(like) is not np.ndarray or like.dtype.kind != "f":
        return False
    dtype = like.dtype
    for name, shape in shapes.items():
        array = arrays.get(name)
        if type(array) is not np.ndarray or array.shape != shape or array.dtype is not dtype or not array.size:
            return False
        if not all_finite(array):
            return False
    return True
