"""A quick look at arrays: whether anything is to be said against them at all.

The checks of [`byhand.checks`][byhand.checks] find words; on a small network they would take longer than its gradient.
What passes here needs no words. What does not is looked at again, slowly.
"""

from __future__ import annotations

import cmath
from collections.abc import Mapping

import numpy as np


@np.errstate(all="ignore")  # what overflows here is looked at again, not warned about
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
    return cmath.isfinite(flat.dot(flat)) or bool(np.isfinite(array).all())


@np.errstate(all="ignore")
def all_plain(*groups: tuple[Mapping[str, object], Mapping[str, tuple[int, int]]]) -> bool:
    """Return whether dictionaries hold, for every name of the shapes beside them, a plain array of that shape.

    All must have one floating point type and be finite. True is the answer that every check of
    [`byhand.checks`][byhand.checks] would give. False only says: look closer.

    Examples
    --------
    >>> W1 = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    >>> all_plain(({"W1": W1}, {"W1": (2, 3)})), all_plain(({"W1": W1.T}, {"W1": (2, 3)}))
    (True, False)
    """
    dtype = None
    flats = []
    for arrays, shapes in groups:
        for name, shape in shapes.items():
            array = arrays.get(name)
            if type(array) is not np.ndarray or array.shape != shape or not array.size:
                return False
            if array.dtype is not dtype:
                if dtype is not None or array.dtype.kind != "f":
                    return False
                dtype = array.dtype
            flats.append(array.ravel("K"))
    flats.sort(key=len)
    while flats:  # two of one size in one product, as in `both_finite`
        one = flats.pop()
        other = flats.pop() if flats and len(flats[-1]) == len(one) else one
        if not cmath.isfinite(one.dot(other)) and not (all_finite(one) and all_finite(other)):
            return False
    return True


def both_finite(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether there is no NaN and no infinity in two arrays of numbers of one shape.

    An entry that is not finite spoils the inner product with any partner, 0 included: one product answers for both.

    Examples
    --------
    >>> both_finite(np.zeros((1, 1)), np.ones((1, 1))), both_finite(np.zeros((1, 1)), np.array([[np.inf]]))
    (True, False)
    """
    return cmath.isfinite(np.vdot(one, other)) or (all_finite(one) and all_finite(other))
