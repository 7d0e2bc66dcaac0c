"""Fixtures that can catch: sizes, seeds, depths, and the random values drawn for a page.

All named sizes differ, none is below 3, none equals a number on the page, and all change between the two sets; arrays
are never symmetric, constant or zero, {0,1} arrays hold both values in every row and at least a third of each,
positive scalars keep away from 1.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from zlib import crc32

import numpy as np

from byhand.equations.book import Declared
from byhand.equations.dims import Dim, value_of
from byhand.equations.functions import Array

SEEDS = (0, 1, 2)
"""Seeds used at each set of sizes."""
DEPTHS = (3, 4)
"""Depth L of the concrete networks, one for each set of sizes."""
FIXTURES = 2 * len(SEEDS)
PATTERNS = [tuple(int(k in ones) for k in range(FIXTURES)) for ones in combinations(range(1, FIXTURES), FIXTURES // 2)]
"""Values of a number that is 0 or 1, over the fixtures: any two of these rows show 00, 01, 10 and 11.

Source: Kleitman and Spencer, Families of k-independent sets, 1973.
"""


@dataclass(frozen=True)
class Scene:
    """One fixture: sizes by name, and the seed."""

    sizes: tuple[tuple[str, int], ...]
    seed: int
    number: int
    depth: int | None = None
    turn: int = 0
    """Which of the fixtures this is, or is a second draw of."""

    def size(self, dim: Dim) -> int:
        """Give the number that a size stands for."""
        return value_of(dim, dict(self.sizes).__getitem__)

    def again(self) -> Scene:
        """Give the fixture with every symbol drawn once more."""
        return replace(self, seed=self.seed + 7919, turn=self.turn + 1)

    def draw(self, name: str, declared: Declared) -> Array:
        """Give the random value of a declared symbol; the same for the same name, sizes and seed.

        Two numbers that are 0 or 1 would agree at all six fixtures once in 64 draws. So these follow a plan, in which
        each pair of them takes every pair of values.
        """
        if declared.rank is not None and declared.rank < len(PATTERNS):
            bit = PATTERNS[declared.rank][self.turn % FIXTURES] ^ (crc32(name.encode()) & 1)
            return np.array([[float(bit if declared.domain == "binary" else 2 * bit - 1)]])
        shape = self.size(declared.shape[0]), self.size(declared.shape[1])
        rng = np.random.default_rng([self.seed, crc32(name.encode()), *shape])
        values = _DRAW[declared.domain](rng, shape, declared.bounds)
        while shape[0] == shape[1] > 1 and np.array_equal(values, values.T):
            values = _DRAW[declared.domain](rng, shape, declared.bounds)
        return values

    def __str__(self) -> str:
        words = ", ".join(f"{name} = {value}" for name, value in self.sizes)
        return f"{words}; seed {self.seed}." if words else f"seed {self.seed}."


def size_sets(names: Collection[str], literals: Collection[int]) -> tuple[dict[str, int], dict[str, int]]:
    """Choose two sets of sizes: all different within a set, all changed between the sets.

    No sum, difference or product of two sizes, and no relation a + b = c or a + b = 2c, is the same in both sets, so
    that no formula between sizes holds by chance.

    >>> size_sets(["n_0", "n_1", "m"], {2})
    ({'m': 3, 'n_0': 4, 'n_1': 6}, {'m': 7, 'n_0': 9, 'n_1': 8})
    """
    ordered = sorted(names)
    first, second = _two_sets(len(ordered), frozenset(literals))
    return dict(zip(ordered, first, strict=True)), dict(zip(ordered, second, strict=True))


@cache
def _two_sets(count: int, literals: frozenset[int]) -> tuple[list[int], list[int]]:
    pool = [k for k in (3, 4, 6, 5, 8, 7, *range(9, count + len(literals) + 24)) if k not in literals]
    first = pool[:count]
    rng = np.random.default_rng(count)
    best, fewest = first, count**3 + 1
    for attempt in range(300):
        second = [int(k) for k in rng.choice(pool[: count + 4 + attempt // 30], count, replace=False)]
        shared = len(_relations(first) & _relations(second)) if count <= 12 else 0
        if shared < fewest and all(a != b for a, b in zip(first, second, strict=True)):
            best, fewest = second, shared
        if fewest == 0:
            break
    return first, best


def _relations(sizes: list[int]) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for i, a in enumerate(sizes):
        for j, b in enumerate(sizes[:i]):
            found |= {
                (i, j, "sum", a + b),
                (i, j, "difference", a - b),
                (i, j, "product", a * b),
                (i, j, "ratio", a / b),
            }
            for k, c in enumerate(sizes):
                if k not in (i, j):
                    found |= {(i, j, k, name) for name, value in (("c", c), ("2c", 2 * c)) if a + b == value}
    return found


def _real(rng: np.random.Generator, shape: tuple[int, int], _bounds: tuple[float, float]) -> Array:
    return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.uniform(0.15, 1.25, shape))


def _positive(rng: np.random.Generator, shape: tuple[int, int], _bounds: tuple[float, float]) -> Array:
    return np.asarray(np.where(rng.random(shape) < 0.5, rng.uniform(0.35, 0.8, shape), rng.uniform(1.3, 2.2, shape)))


def _unit(rng: np.random.Generator, shape: tuple[int, int], bounds: tuple[float, float]) -> Array:
    low, high = bounds
    return np.asarray(low + (high - low) * rng.uniform(0.08, 0.92, shape))


def _binary(rng: np.random.Generator, shape: tuple[int, int], _bounds: tuple[float, float]) -> Array:
    """Draw zeros and ones: both in every row (of a column: in all), at least a third of each, never half and half.

    So neither M nor 1 - M is mostly 0, and no formula holds because half of the entries are 1.
    """
    rows, columns = shape
    if rows * columns == 1:
        return rng.integers(0, 2, shape).astype(float)
    lines = rng.permuted(np.tile(np.arange(columns), (rows, 1)), axis=1) if columns > 1 else None
    values = np.full(shape, -1.0)
    if lines is not None:
        values[np.arange(rows), lines[:, 0]] = 0.0
        values[np.arange(rows), lines[:, 1]] = 1.0
    free = rng.permutation(np.flatnonzero(values < 0))
    ones = _number_of_ones(rng, rows * columns) - int(np.sum(values == 1))
    flat = values.reshape(-1)
    flat[free] = 0.0
    flat[free[: max(ones, 0)]] = 1.0
    return values


def _number_of_ones(rng: np.random.Generator, entries: int) -> int:
    third = -(-entries // 3)
    choices = [count for count in range(third, entries - third + 1) if 2 * count != entries]
    return int(rng.choice(choices or [entries // 2]))


def _sign(rng: np.random.Generator, shape: tuple[int, int], bounds: tuple[float, float]) -> Array:
    return np.asarray(2 * _binary(rng, shape, bounds) - 1)


def _one_hot(rng: np.random.Generator, shape: tuple[int, int], _bounds: tuple[float, float]) -> Array:
    rows, columns = shape
    classes = np.concatenate([rng.permutation(rows) for _ in range(columns // rows + 1)])[:columns]
    values = np.zeros(shape)
    values[rng.permutation(classes), np.arange(columns)] = 1.0
    return values


_DRAW = {
    "real": _real, "positive": _positive, "unit": _unit, "interval": _unit, "binary": _binary, "sign": _sign,
    "one-hot": _one_hot,
}  # fmt: skip
