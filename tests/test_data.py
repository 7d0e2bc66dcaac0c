"""The flower: what lies where, how much of each label, the same for the same seed, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from boundary import refused, unenforced

from byhand.checks import DomainError
from byhand.data import flower


@pytest.mark.parametrize("m", [2, 3, 7, 400])
def test_a_column_per_point_and_half_of_them_in_each_class(m: int) -> None:
    X, Y = flower(m, seed=3)
    assert X.shape == (2, m)
    assert X.dtype == np.float64
    assert Y.shape == (1, m)
    assert Y.sum() == m // 2
    assert set(Y.ravel()) == {0, 1}


def test_without_noise_every_point_lies_on_a_petal_of_its_class() -> None:
    X, Y = flower(2000, seed=0, noise=0.0)
    r, direction = np.hypot(*X), np.arctan2(X[1], X[0]) % (2 * np.pi)
    np.testing.assert_allclose(r, np.abs(np.sin(4 * direction)), atol=1e-12)
    # eight petals, an eighth of a turn each; where sin 4t is negative a point of one half turn lies in the other
    petal = (direction // (np.pi / 4)).astype(int)
    labels = [set(Y[0, petal == k]) for k in range(8)]
    assert labels == [{0}, {1}, {0}, {1}, {1}, {0}, {1}, {0}]


def test_the_classes_are_each_others_image_under_half_a_turn() -> None:
    X, Y = flower(2000, seed=0, noise=0.0)
    ones, turned = X[:, Y[0] == 1], -X[:, Y[0] == 0]
    nearest = np.abs(ones[:, :, None] - turned[:, None, :]).max(axis=0).min(axis=1)
    assert nearest.max() < 0.05  # the gaps in a thousand random points
    swapped = np.abs(ones[:, :, None] + turned[:, None, :]).max(axis=0).min(axis=1)
    assert swapped.max() > 0.2


@pytest.mark.parametrize("noise", [0.01, 0.2])
def test_noise_is_normal_on_the_distance_and_on_the_direction(noise: float) -> None:
    m = 20000
    clean, moved = flower(m, seed=1, noise=0.0)[0], flower(m, seed=1, noise=noise)[0]
    angle = np.arctan2(clean[1], clean[0])
    tip = np.abs(np.sin(4 * angle)) > 0.98  # there the signs are safe
    along = (moved * clean / np.hypot(*clean)).sum(axis=0)
    across = (moved[1] * clean[0] - moved[0] * clean[1]) / np.hypot(*clean)
    turned = np.arctan2(across, along)[tip]
    grown = (np.hypot(*moved) - np.hypot(*clean))[tip]
    for sample in (turned, grown):
        assert abs(sample.std() / noise - 1) < 0.08
        assert abs(sample.mean()) < 0.1 * noise
    assert abs(np.corrcoef(turned, grown)[0, 1]) < 0.1


def test_the_same_seed_gives_the_same_points_and_another_seed_others() -> None:
    (X, Y), (again, labels), (other, _) = flower(9, seed=5), flower(9, seed=5), flower(9, seed=6)
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(Y, labels)
    assert not np.isclose(X, other).any()


def test_the_noise_is_a_twentieth_unless_said_otherwise() -> None:
    np.testing.assert_array_equal(flower(9, seed=5)[0], flower(9, seed=5, noise=0.05)[0])


@pytest.mark.parametrize(("m", "shown"), [(1, "1"), (0, "0"), (-3, "-3"), (4.0, "4.0"), ("4", "'4'"), (True, "True")])
def test_a_number_of_points_that_cannot_be_is_refused(m: Any, shown: str) -> None:
    with refused(DomainError, f"m: expected a whole number of points, 2 or more, got {shown}."):
        flower(m, seed=0)


@pytest.mark.parametrize(
    ("noise", "shown"), [(-0.1, "-0.1"), (np.nan, "nan"), (np.inf, "inf"), ("0", "'0'"), (None, "None")]
)
def test_noise_out_of_range_is_refused(noise: Any, shown: str) -> None:
    with refused(DomainError, f"noise: expected a finite number, 0 or more, got {shown}."):
        flower(4, seed=0, noise=noise)


def test_numpy_numbers_are_welcome() -> None:
    m: Any = np.int64(6)
    with unenforced():
        X, _ = flower(m, seed=0, noise=np.float64(0))
        np.testing.assert_array_equal(X, flower(6, seed=0, noise=0)[0])
