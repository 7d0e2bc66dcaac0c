"""What may come in: shapes, dtypes and values at the public boundary, and the errors that refuse the rest.

Every message names the argument, says what was expected in symbols and in numbers, what came,
and the slip that usually explains it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

Size = str | int
Shape = tuple[Size, Size]
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class InputError(ValueError):
    """An argument that cannot be used. Its subclasses say what is wrong with it."""


class ShapeError(InputError):
    """An array whose shape does not fit the others, or that is empty."""


class DtypeError(InputError):
    """An argument of the wrong kind: not an array, or an array that does not hold floating point numbers."""


class DomainError(InputError):
    """A value outside the range where the formula means something: NaN, infinity, a label such as 2."""


def check_kind(name: str, array: object) -> np.ndarray:
    """Return `array` if it is an ordinary NumPy array of floating point (or complex) numbers.

    Raises
    ------
    DtypeError
        If it is something else. Nothing is converted.
    """
    array = _ordinary(name, array)
    if not np.issubdtype(array.dtype, np.inexact):
        raise DtypeError(
            f"{name}: expected floating point numbers (float64 or float32), got {array.dtype}. "
            f"Convert it where you make it: {name}.astype(float)."
        )
    return array


def check_labels(name: str, array: object) -> np.ndarray:
    """Return `array` if it is an ordinary NumPy array of real numbers; integers and booleans are welcome.

    Raises
    ------
    DtypeError
        If it is something else.
    """
    array = _ordinary(name, array)
    if array.dtype.kind not in "fiub":
        raise DtypeError(f"{name}: expected real labels (float, integer or boolean), got {array.dtype}.")
    return array


def check_labels_like(array: np.ndarray, Y: object) -> np.ndarray:
    """Return the labels `Y` if they are finite, and there is one for each entry of an array that is n × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If they are not.

    Examples
    --------
    >>> check_labels_like(np.zeros((1, 3)), np.array([[1, 0]]))
    Traceback (most recent call last):
    ...
    byhand.checks.ShapeError: Y: expected n × m, here 1 × 3; got 1 × 2. It has 2 columns, not 3.
    """
    labels = check_labels("Y", Y)
    n, m = array.shape
    check_shapes({"n": n, "m": m}, Y=(labels, ("n", "m")))
    check_finite("Y", labels)
    return labels


def check_finite(name: str, array: np.ndarray) -> None:
    """Refuse NaN and infinity.

    Raises
    ------
    DomainError
        With the first place that holds one, and how many there are.
    """
    finite = np.isfinite(array)
    if not finite.all():
        places = np.argwhere(~finite)
        where = ", ".join(map(str, places[0].tolist()))
        raise DomainError(
            f"{name}: expected finite numbers, got {array[tuple(places[0])]} at {name}[{where}]"
            f" (not finite: {len(places)} of {array.size} entries)."
        )


def check_shapes(sizes: dict[str, int] | None = None, /, **expected: tuple[np.ndarray, Shape]) -> dict[str, int]:
    """Check shapes against each other: the first array to use a size settles it for those after it.

    Parameters
    ----------
    sizes
        Sizes known beforehand, such as `{"n_1": 4}`.
    **expected
        For each name the array and the sizes of its two axes, such as `W=(W, ("n_out", "n_in"))`.
        A size is a symbol or a number.

    Returns
    -------
    dict
        Every symbol with its size.

    Raises
    ------
    ShapeError
        If an array does not have two axes, is empty, or contradicts a size that is already settled.

    Examples
    --------
    >>> check_shapes(W=(np.zeros((2, 3)), ("n_out", "n_in")))
    {'n_out': 2, 'n_in': 3}
    >>> check_shapes({"n_out": 4}, b=(np.zeros(4), ("n_out", 1)))
    Traceback (most recent call last):
    ...
    byhand.checks.ShapeError: b: expected n_out × 1, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1).
    """
    known = dict(sizes or {})
    for name, (array, shape) in expected.items():
        wanted = tuple(known.get(size) if isinstance(size, str) else size for size in shape)
        if not _fits(array.shape, wanted):
            raise ShapeError(_shape_message(name, array.shape, shape, wanted))
        if 0 in array.shape:
            empty = shape[array.shape.index(0)]
            what = "an empty batch, m = 0" if empty == "m" else f"{_times((empty,))} = 0"
            raise ShapeError(f"{name}: expected {_times(shape)} with no size 0; got {_times(array.shape)}: {what}.")
        known |= {size: n for size, n in zip(shape, array.shape, strict=True) if isinstance(size, str)}
    return known


def check_same_precision(**arrays: np.ndarray) -> None:
    """Refuse a mixture of float32 and float64, which NumPy would turn into float64 without a word.

    Raises
    ------
    DtypeError
        With the first two names that differ. A complex array counts as its real and imaginary parts do.
    """
    (first, reference), *rest = arrays.items()
    for name, array in rest:
        if np.finfo(array.dtype).dtype != np.finfo(reference.dtype).dtype:
            raise DtypeError(
                f"{name}: expected {reference.dtype} like {first}, got {array.dtype}. "
                f"Choose one: {name}.astype(np.{reference.dtype})."
            )


def check_arrays(**expected: tuple[np.ndarray, Shape]) -> None:
    """Check everything at once: kinds, shapes against each other as in `check_shapes`, one precision, finite numbers.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an array does not fit.
    """
    arrays = {name: check_kind(name, array) for name, (array, _) in expected.items()}
    check_shapes(**expected)
    check_same_precision(**arrays)
    for name, array in arrays.items():
        check_finite(name, array)


def check_number(name: str, number: object) -> float | complex:
    """Return `number` as a Python number, which leaves the precision of arrays alone, if it is one and is finite.

    Raises
    ------
    DtypeError
        If it is an array, even one with a single entry, or no number at all.
    DomainError
        If it is NaN or infinite.
    """
    if isinstance(number, np.ndarray):
        mend = f"Take it out: {name}.item()." if number.size == 1 else "Is a sum over the examples missing?"
        raise DtypeError(f"{name}: expected a single number, got an array of shape {number.shape}. {mend}")
    if not isinstance(number, int | float | complex | np.number) or isinstance(number, bool):
        raise DtypeError(f"{name}: expected a single number, got {type(number).__name__}.")
    if not np.isfinite(number):
        raise DomainError(f"{name}: expected a finite number, got {number}.")
    single: float | complex = number.item() if isinstance(number, np.number) else number
    return single


def check_positive(name: str, number: float) -> float:
    """Return `number` as a Python float, which leaves the precision of arrays alone, if it is positive and finite.

    Raises
    ------
    DomainError
        If it is not.
    """
    if not isinstance(number, int | float | np.integer | np.floating) or not 0 < number < np.inf:
        raise DomainError(f"{name}: expected a positive finite number, got {number!r}.")
    return float(number)


def check_keys(what: str, arrays: object, keys: Collection[str]) -> None:
    """Refuse anything that is not a dictionary with these keys; others may stand beside them.

    Raises
    ------
    InputError
        With the keys that are missing.
    """
    if not isinstance(arrays, Mapping):
        raise InputError(f"{what}: expected a dictionary of arrays by name, got {type(arrays).__name__}.")
    if missing := [key for key in keys if key not in arrays]:
        raise InputError(f"{what}: expected the keys {', '.join(keys)}; {', '.join(missing)} missing.")


def _ordinary(name: str, array: object) -> np.ndarray:
    if isinstance(array, np.matrix | np.ma.MaskedArray):
        raise DtypeError(
            f"{name}: expected a plain NumPy array, got {type(array).__name__}, whose operators mean something else. "
            f"Use np.asarray({name})."
        )
    if not isinstance(array, np.ndarray):
        raise DtypeError(
            f"{name}: expected a NumPy array, got {type(array).__name__}. Wrap it: {name} = np.array({name}, float)."
        )
    return array


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == 2 and all(w is None or w == n for n, w in zip(shape, wanted, strict=True))


def _shape_message(name: str, got: tuple[int, ...], shape: Shape, wanted: tuple[int | None, ...]) -> str:
    numbers = tuple(size if n is None else n for size, n in zip(shape, wanted, strict=True))
    here = f", here {_times(numbers)}" if numbers != shape else ""
    came = _times(got) if len(got) == 2 else f"shape {got}"
    return f"{name}: expected {_times(shape)}{here}; got {came}. {_slip(name, got, wanted)}"


def _slip(name: str, got: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    """Name the mistake that most often leads to this shape."""
    if len(got) == 1:
        ways = [shape for shape in ((got[0], 1), (1, got[0])) if _fits(shape, wanted)]
        use = f": use shape {' or '.join(map(str, ways))}" if ways else ", where two axes are needed"
        return f"A ({got[0]},) vector{use}."
    if not got:
        return "A single number: use shape (1, 1)."
    if len(got) != 2:
        return f"It has {len(got)} axes: flatten each example into one column."
    if _fits(got[::-1], wanted):
        return f"This is the transpose: use {name}.T."
    axis = 0 if wanted[0] not in (None, got[0]) else 1
    what = ("row", "column")[axis] + ("" if got[axis] == 1 else "s")
    return f"It has {got[axis]} {what}, not {wanted[axis]}."


def _times(sizes: tuple[Any, ...]) -> str:
    """Write sizes as a reader does: n₁ × m."""
    text = " × ".join(map(str, sizes))
    return re.sub(r"_(\d+)", lambda digits: digits[1].translate(_LOWERED), text)
