"""The quick look: it says yes only where every careful check would, and never a word of its own."""

from __future__ import annotations

import itertools
from collections import UserDict
from typing import Any

import numpy as np
import pytest
from boundary import SPOILED, SPOILED_IDS, Row, with_last
from numpy.typing import DTypeLike

from byhand.plain import all_plain, both_finite

SHAPES = {"W": (4, 3), "b": (4, 1), "A": (3, 7), "Z": (4, 7), "T": (7, 4)}


def plain(*pairs: tuple[Any, dict[str, tuple[int, int]]]) -> bool:
    """Ask for groups of arrays, each beside the shapes that are expected in it."""
    return all_plain(
        {f"group {i}": given for i, (given, _) in enumerate(pairs)},
        {f"group {i}": shapes for i, (_, shapes) in enumerate(pairs)},
    )


def arrays(dtype: DTypeLike = np.float64) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal(shape).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.longdouble])
def test_plain_arrays_pass_in_any_order_of_memory_and_beside_others(dtype: DTypeLike) -> None:
    q = arrays(dtype)
    assert plain((q, SHAPES))
    assert plain((q | {"more": None}, {"W": (4, 3)}), ({"b": q["b"]}, {"b": (4, 1)}))
    assert plain(({name: np.asfortranarray(array) for name, array in q.items()}, SHAPES))
    assert plain(({name: np.repeat(array, 2, axis=1)[:, ::2] for name, array in q.items()}, SHAPES))


@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
@pytest.mark.parametrize("name", SHAPES)
def test_one_spoiled_array_among_several_is_never_plain(name: str, row: Row) -> None:
    q = arrays()
    assert not plain((q | {name: row[1](q[name])}, SHAPES))


@pytest.mark.parametrize("shape", [(2, 3), (3, 7)], ids=["few numbers", "more"])
@pytest.mark.parametrize(("one", "other"), list(itertools.product([np.nan, np.inf, -np.inf], repeat=2)))
def test_what_is_not_finite_cannot_hide_behind_its_partner(one: float, other: float, shape: tuple[int, int]) -> None:
    """Two arrays of one size share an inner product: no pair of entries may make it finite, nor zeros."""
    shapes = {"Z": shape, "A": shape}
    nought = np.zeros(shape)
    with np.errstate(all="raise"):
        for Z, A in (
            (with_last(nought, one), nought),
            (nought, with_last(nought, one)),
            (with_last(nought, one), with_last(nought, other)),
        ):
            assert not plain(({"Z": Z, "A": A}, shapes))
            assert not both_finite(Z, A)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, complex])
@pytest.mark.parametrize("share", [1.0, -0.5, 1e-30])
@pytest.mark.parametrize("shape", [(2, 3), (3, 7)], ids=["few numbers", "more"])
def test_finite_numbers_pass_without_a_warning_however_large_or_small(
    dtype: DTypeLike, share: float, shape: tuple[int, int]
) -> None:
    most = np.full(shape, share * np.finfo(dtype).max, dtype)
    least = np.full(shape, np.finfo(dtype).smallest_subnormal, dtype)
    with np.errstate(all="raise"):
        assert both_finite(least, least)
        assert both_finite(most, least)
        assert both_finite(most, most)
        assert plain(({"Z": most, "A": least}, {"Z": shape, "A": shape})) == (dtype is not complex)
        assert plain(({"Z": most}, {"Z": shape})) == (dtype is not complex)
        assert not both_finite(with_last(most, np.nan), with_last(most, np.nan))


@pytest.mark.parametrize("name", SHAPES)
def test_another_shape_another_precision_and_a_missing_array_are_looked_at_more_closely(name: str) -> None:
    q = arrays()
    single = np.float32
    for other in (q[name].T, q[name][:, :0], q[name].ravel(), q[name].astype(single), q[name].astype(complex)):
        assert not plain((q | {name: other}, SHAPES))
    del q[name]
    assert not plain((q, SHAPES))


def test_only_a_dictionary_itself_is_plain() -> None:
    q = arrays()
    for other in (UserDict(q), list(q.values()), q["W"], None):
        assert not plain((other, SHAPES))


def test_empty_arrays_are_never_plain_even_where_they_are_expected() -> None:
    assert not plain(({"A": np.ones((3, 0))}, {"A": (3, 0)}))
