"""The boundary itself: shapes against each other, kinds of numbers, and what is finite and positive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from boundary import refused, unenforced

from byhand import checks
from byhand.checks import DomainError, DtypeError, InputError, ShapeError, check_shapes


def test_sizes_are_settled_by_the_first_array_that_uses_them() -> None:
    W, A, b = np.zeros((4, 3)), np.zeros((3, 7)), np.zeros((4, 1))
    found = check_shapes(W=(W, ("n_out", "n_in")), A=(A, ("n_in", "m")), b=(b, ("n_out", 1)))
    assert found == {"n_out": 4, "n_in": 3, "m": 7}
    known = {"n_out": 4}
    assert check_shapes(known, b=(b, ("n_out", 1))) == {"n_out": 4}
    assert check_shapes(known, A=(A, ("n_in", "m"))) == {"n_out": 4, "n_in": 3, "m": 7}
    assert known == {"n_out": 4}
    assert check_shapes() == {}


@pytest.mark.parametrize(
    ("array", "shape", "text"),
    [
        (np.zeros((3, 4)), ("n_out", "n_out"), "A: expected n_out × n_out, here 2 × 2; got 3 × 4. It has 3 rows, not 2."),
        (np.zeros((2, 4)), ("n_out", "n_out"), "A: expected n_out × n_out, here 2 × 2; got 2 × 4. It has 4 columns, not 2."),
        (np.zeros((4, 2)), ("n_out", 4), "A: expected n_out × 4, here 2 × 4; got 4 × 2. This is the transpose: use A.T."),
        (np.zeros((1, 4)), (4, 1), "A: expected 4 × 1; got 1 × 4. This is the transpose: use A.T."),
        (np.zeros((5, 4)), ("m", 4), "A: expected m × 4, here 3 × 4; got 5 × 4. It has 5 rows, not 3."),
        (np.zeros(4), ("n_12", "m_3"), "A: expected n₁₂ × m₃; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        (np.zeros(4), (4, 2), "A: expected 4 × 2; got shape (4,). A (4,) vector, where two axes are needed."),
        (np.zeros(()), ("n", "k"), "A: expected n × k; got shape (). A single number: use shape (1, 1)."),
        (np.zeros((1, 2, 3, 4)), ("n", "k"), "A: expected n × k; got shape (1, 2, 3, 4). It has 4 axes: flatten each example into one column."),
        (np.zeros((0, 4)), ("n", "m_4"), "A: expected n × m₄ with no size 0; got 0 × 4: n = 0."),
        (np.zeros((0, 0)), ("k_1", "k_2"), "A: expected k₁ × k₂ with no size 0; got 0 × 0: k₁ = 0."),
    ],
)  # fmt: skip
def test_a_shape_is_refused_in_symbols_and_numbers(array: np.ndarray, shape: Any, text: str) -> None:
    with refused(ShapeError, text):
        check_shapes({"n_out": 2, "m": 3}, A=(array, shape))


def test_a_square_array_that_fits_passes_and_its_transpose_cannot_be_told_apart() -> None:
    assert check_shapes({"n": 3}, A=(np.zeros((3, 3)), ("n", "n"))) == {"n": 3}


def test_the_checks_return_what_they_were_given() -> None:
    A, Y = np.ones((2, 3)), np.ones((2, 3), int)
    assert checks.check_kind("A", A) is A
    assert checks.check_labels("Y", Y) is Y


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "c16"])
def test_every_kind_of_floating_point_number_is_a_number(dtype: str) -> None:
    assert checks.check_kind("A", np.ones(3, dtype)).dtype == np.dtype(dtype)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i1", "i8", "u1", "u8", "?"])
def test_every_kind_of_real_number_is_a_label(dtype: str) -> None:
    assert checks.check_labels("Y", np.ones(3, dtype)).dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        ({(1, 2): np.nan}, "A: expected finite numbers, got nan at A[1, 2] (not finite: 1 of 12 entries)."),
        (
            {(2, 0): np.inf, (0, 3): -np.inf},
            "A: expected finite numbers, got -inf at A[0, 3] (not finite: 2 of 12 entries).",
        ),
    ],
)
def test_the_first_place_that_is_not_finite_is_named(bad: dict[tuple[int, int], float], text: str) -> None:
    A = np.zeros((3, 4))
    for index, value in bad.items():
        A[index] = value
    with refused(DomainError, text):
        checks.check_finite("A", A)


def test_half_of_a_complex_number_that_is_not_finite_is_refused() -> None:
    with refused(DomainError, "A: expected finite numbers, got infj at A[0] (not finite: 1 of 1 entries)."):
        checks.check_finite("A", np.array([complex(0, np.inf)]))


def test_precision_is_compared_with_the_first_array_and_a_complex_one_counts_as_its_parts() -> None:
    single, double = np.ones(2, np.float32), np.ones(3)
    checks.check_same_precision(A=single)
    checks.check_same_precision(A=single, B=single, C=single + 1j * single)
    checks.check_same_precision(A=double, B=double + 1j)
    with refused(DtypeError, "C: expected float32 like A, got float64. Choose one: C.astype(np.float32)."):
        checks.check_same_precision(A=single, B=single, C=double)
    with refused(DtypeError, "B: expected float64 like A, got complex64. Choose one: B.astype(np.float64)."):
        checks.check_same_precision(A=double, B=single + 1j * single)


@pytest.mark.parametrize("number", [5e-324, 1, 0.5, 1.7e308, np.float64(2), np.float32(0.5), np.int64(3)])
def test_a_positive_finite_number_comes_back_as_a_float(number: Any) -> None:
    with unenforced():
        back = checks.check_positive("rate", number)
    assert (back, type(back)) == (number, float)


@pytest.mark.parametrize("error", [ShapeError, DtypeError, DomainError])
def test_every_refusal_can_be_caught_as_a_value_error_or_as_an_input_error(error: type[Exception]) -> None:
    assert issubclass(error, InputError)
    assert issubclass(InputError, ValueError)


@pytest.mark.parametrize(
    ("number", "kind"),
    [(2, int), (0.5, float), (-1j, complex), (np.float64(2), float), (np.float32(0.5), float), (np.int8(3), int), (np.complex64(1j), complex)],
)  # fmt: skip
def test_a_number_comes_back_as_a_python_number(number: Any, kind: type) -> None:
    found = checks.check_number("b", number)
    assert found == number
    assert type(found) is kind


@pytest.mark.parametrize(
    ("number", "error", "text"),
    [
        (np.ones((2, 1)), DtypeError, "b: expected a single number, got an array of shape (2, 1). Is a sum over the examples missing?"),
        (np.ones(1), DtypeError, "b: expected a single number, got an array of shape (1,). Take it out: b.item()."),
        (True, DtypeError, "b: expected a single number, got bool."),
        (np.True_, DtypeError, "b: expected a single number, got bool."),
        ("1", DtypeError, "b: expected a single number, got str."),
        ([1.0], DtypeError, "b: expected a single number, got list."),
        (-np.inf, DomainError, "b: expected a finite number, got -inf."),
        (np.float32("nan"), DomainError, "b: expected a finite number, got nan."),
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused(number: Any, error: type[InputError], text: str) -> None:
    with refused(error, text):
        checks.check_number("b", number)
