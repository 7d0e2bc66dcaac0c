"""Single numbers at the boundary: what is let in, in which type it comes back, and the text of each refusal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from boundary import refused, unenforced

from byhand import scalars
from byhand.checks import DomainError, DtypeError, InputError


@pytest.mark.parametrize("number", [0, 0.0, 5e-324, 1, 1.7e308, np.float32(0.5), np.int64(3)])
def test_a_finite_number_from_0_comes_back_as_a_float(number: Any) -> None:
    with unenforced():
        back = scalars.check_not_negative("strength", number)
    assert (back, type(back)) == (number, float)


@pytest.mark.parametrize("number", [1, 7, np.int8(3), np.uint64(9)])
def test_a_whole_number_from_1_comes_back_as_an_integer(number: Any) -> None:
    with unenforced():
        back = scalars.check_whole("m", number)
    assert (back, type(back)) == (number, int)


@pytest.mark.parametrize("number", [1e-300, 0.5, 1, 1.0, np.float32(0.25)])
def test_a_probability_above_0_comes_back_as_a_float(number: Any) -> None:
    with unenforced():
        back = scalars.check_probability("keep", number)
    assert (back, type(back)) == (number, float)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32", "float64", float, np.dtype("f4")])
def test_the_two_precisions_come_back_as_numpys_own(dtype: Any) -> None:
    assert scalars.check_precision(dtype) == np.dtype(dtype)


NOT_NEGATIVE, WHOLE = "expected a finite number, 0 or more, got ", "expected a whole number, 1 or more, got "
POSITIVE = "expected a positive finite number, got "
REFUSED: list[tuple[Any, Any, type[InputError], str]] = [
    (scalars.check_not_negative, -1, DomainError, NOT_NEGATIVE + "-1."),
    (scalars.check_not_negative, -5e-324, DomainError, NOT_NEGATIVE + "-5e-324."),
    (scalars.check_not_negative, np.inf, DomainError, NOT_NEGATIVE + "inf."),
    (scalars.check_not_negative, np.nan, DomainError, NOT_NEGATIVE + "nan."),
    (scalars.check_not_negative, "1", DomainError, NOT_NEGATIVE + "'1'."),
    (scalars.check_not_negative, None, DomainError, NOT_NEGATIVE + "None."),
    (scalars.check_not_negative, 1j, DomainError, NOT_NEGATIVE + "1j."),
    (scalars.check_whole, 0, DomainError, WHOLE + "0."),
    (scalars.check_whole, -3, DomainError, WHOLE + "-3."),
    (scalars.check_whole, 2.0, DomainError, WHOLE + "2.0."),
    (scalars.check_whole, True, DomainError, WHOLE + "True."),
    (scalars.check_whole, "2", DomainError, WHOLE + "'2'."),
    (scalars.check_probability, 0, DomainError, POSITIVE + "0."),
    (scalars.check_probability, -0.5, DomainError, POSITIVE + "-0.5."),
    (scalars.check_probability, 1.0000001, DomainError, "expected a probability, above 0 and at most 1, got 1.0000001."),
    (scalars.check_probability, 80, DomainError, "expected a probability, above 0 and at most 1, got 80."),
]  # fmt: skip


@pytest.mark.parametrize(("check", "number", "error", "text"), REFUSED)
def test_what_is_out_of_range_is_refused_by_name(check: Any, number: Any, error: type[InputError], text: str) -> None:
    with refused(error, f"name: {text}"):
        check("name", number)


@pytest.mark.parametrize("dtype", [np.float16, np.int64, bool, complex, object])
def test_other_precisions_are_refused(dtype: Any) -> None:
    with refused(DtypeError, f"dtype: expected float64 or float32, got {np.dtype(dtype)}."):
        scalars.check_precision(dtype)
