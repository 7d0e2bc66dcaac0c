"""What every function of arrays keeps: precision, its arguments, any memory layout; and that it names a spoiled one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from boundary import SPOILED, refused, text_of

Arrays = dict[str, np.ndarray]


def results(found: Any) -> tuple[np.ndarray, ...]:
    return found if isinstance(found, tuple) else (found,)


def keeps_precision_and_arguments(call: Callable[..., Any], good: Arrays) -> None:
    """Check float32 and float64, frozen, Fortran and strided arrays; arrays of integers are labels and stay so."""
    for dtype in (np.float32, np.float64):
        given = {name: array if array.dtype.kind in "iub" else array.astype(dtype) for name, array in good.items()}
        before = {name: array.copy() for name, array in given.items()}
        for array in given.values():
            array.flags.writeable = False
        found = results(call(**given))
        for one in found:
            assert one.dtype == dtype
            assert not any(np.shares_memory(one, array) for array in given.values())
        for name, array in given.items():
            np.testing.assert_array_equal(array, before[name])
            for other in (np.asfortranarray(array), np.repeat(array, 2, axis=1)[:, ::2]):
                for one, again in zip(found, results(call(**given | {name: other})), strict=True):
                    np.testing.assert_allclose(again, one, rtol=20 * float(np.finfo(dtype).eps))


def names_a_spoiled_argument(call: Callable[..., Any], good: Arrays) -> None:
    for name, array in good.items():
        is_label = array.dtype.kind in "iub"
        for spoil in SPOILED:
            if is_label and spoil[0] in ("int64", "bool", "object"):
                continue
            whole = array.astype(float) if is_label else array
            with refused(spoil[2], text_of(spoil, name, whole)):
                call(**good | {name: spoil[1](whole)})
