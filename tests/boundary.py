"""What the public boundary refuses, as one table, and how a test reads our own message.

In the test run jaxtyping enforces the shapes in the signatures and raises before our checks are reached;
`refused` switches that off for the time of one call, as it is in use.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jaxtyping
import numpy as np
import pytest

from byhand.checks import DomainError, DtypeError, InputError


@contextmanager
def unenforced() -> Iterator[None]:
    before = jaxtyping.config.jaxtyping_disable
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        jaxtyping.config.update("jaxtyping_disable", before)


@contextmanager
def refused(error: type[InputError], text: str) -> Iterator[None]:
    """Expect this very class of error with this very text."""
    with unenforced(), pytest.raises(InputError) as caught:
        yield
    assert type(caught.value) is error
    assert str(caught.value) == text


def matrix(array: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.matrix(array)


def with_last(array: np.ndarray, value: float) -> np.ndarray:
    """Return a copy whose last entry is `value`."""
    spoiled = array.copy()
    spoiled.flat[-1] = value
    return spoiled


FLOATS = "expected floating point numbers (float64 or float32)"
PLAIN = "expected a plain NumPy array, got {kind}, whose operators mean something else. Use np.asarray({name})."
FINITE = "expected finite numbers, got {value} at {name}[{last}] (not finite: 1 of {size} entries)."

# what came, how to make it from a good array, the error, and the text after "name: "
Row = tuple[str, Callable[[np.ndarray], Any], type[InputError], str]
SPOILED: list[Row] = [
    ("list", lambda A: A.tolist(), DtypeError, "expected a NumPy array, got list. Wrap it: {name} = np.array({name}, float)."),
    ("number", lambda A: 1.5, DtypeError, "expected a NumPy array, got float. Wrap it: {name} = np.array({name}, float)."),
    ("None", lambda A: None, DtypeError, "expected a NumPy array, got NoneType. Wrap it: {name} = np.array({name}, float)."),
    ("matrix", matrix, DtypeError, PLAIN.replace("{kind}", "matrix")),
    ("masked", np.ma.masked_array, DtypeError, PLAIN.replace("{kind}", "MaskedArray")),
    ("int64", lambda A: A.astype(np.int64), DtypeError, FLOATS + ", got int64. Convert it where you make it: {name}.astype(float)."),
    ("bool", lambda A: A > 0, DtypeError, FLOATS + ", got bool. Convert it where you make it: {name}.astype(float)."),
    ("object", lambda A: A.astype(object), DtypeError, FLOATS + ", got object. Convert it where you make it: {name}.astype(float)."),
    ("nan", lambda A: with_last(A, np.nan), DomainError, FINITE.replace("{value}", "nan")),
    ("inf", lambda A: with_last(A, np.inf), DomainError, FINITE.replace("{value}", "inf")),
    ("-inf", lambda A: with_last(A, -np.inf), DomainError, FINITE.replace("{value}", "-inf")),
]  # fmt: skip
SPOILED_IDS = [row[0] for row in SPOILED]


def text_of(row: Row, name: str, array: np.ndarray) -> str:
    last = ", ".join(str(n - 1) for n in array.shape)
    return f"{name}: {row[3].format(name=name, last=last, size=array.size)}"
