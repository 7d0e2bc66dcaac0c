"""What single numbers may come in: a strength, a count, a probability, a precision; others are refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, check_positive


def check_not_negative(name: str, number: float) -> float:
    """Return `number` as a Python float, which leaves the precision of arrays alone, if it is 0 or more and finite.

    Raises
    ------
    DomainError
        If it is not.

    Examples
    --------
    >>> check_not_negative("strength", 0)
    0.0
    """
    if not isinstance(number, int | float | np.integer | np.floating) or not 0 <= number < np.inf:
        raise DomainError(f"{name}: expected a finite number, 0 or more, got {number!r}.")
    return float(number)


def check_whole(name: str, number: int) -> int:
    """Return `number` as a Python integer if it is a whole number, 1 or more.

    Raises
    ------
    DomainError
        If it is not.

    Examples
    --------
    >>> check_whole("m", 0)
    Traceback (most recent call last):
    ...
    byhand.checks.DomainError: m: expected a whole number, 1 or more, got 0.
    """
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < 1:
        raise DomainError(f"{name}: expected a whole number, 1 or more, got {number!r}.")
    return int(number)


def check_probability(name: str, number: float) -> float:
    """Return `number` as a Python float if it is above 0 and at most 1.

    Raises
    ------
    DomainError
        If it is not.

    Examples
    --------
    >>> check_probability("keep", 1.2)
    Traceback (most recent call last):
    ...
    byhand.checks.DomainError: keep: expected a probability, above 0 and at most 1, got 1.2.
    """
    if check_positive(name, number) > 1:
        raise DomainError(f"{name}: expected a probability, above 0 and at most 1, got {number!r}.")
    return float(number)


def check_precision(dtype: DTypeLike) -> np.dtype:
    """Return `dtype` as NumPy's own if it is float64 or float32.

    Raises
    ------
    DtypeError
        If it is another.

    Examples
    --------
    >>> check_precision("float32")
    dtype('float32')
    """
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise DtypeError(f"dtype: expected float64 or float32, got {np.dtype(dtype)}.")
    return np.dtype(dtype)
