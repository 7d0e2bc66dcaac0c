"""Sizes that are products or sums of named sizes: the n_1 n_0 rows of vec(W), the n_a + n_x rows of [a; x]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Compound:
    """A sum of products of sizes, in the order in which they were met; two are equal in any order."""

    terms: tuple[tuple[int, tuple[str | int, ...]], ...]
    """Each product as its number and its factors: names, and the numbers of unknowns."""

    def count(self) -> Counter[tuple[str | int, ...]]:
        """Give the same with its order forgotten."""
        return Counter({_sorted(factors): number for number, factors in self.terms})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Compound) and self.count() == other.count()

    def __hash__(self) -> int:
        return hash(frozenset(self.count().items()))

    def text(self, name: Callable[[str | int], str]) -> str:
        """Write it out, each size by its `name`."""
        return " + ".join(
            " ".join([str(number)] * (number != 1 or not factors) + [name(factor) for factor in factors])
            for number, factors in self.terms
        )

    def __str__(self) -> str:
        return self.text(str)


Dim = str | int | Compound
"""A named size, the number of an unknown, or a sum of products of these."""


def _sorted(factors: Iterable[str | int]) -> tuple[str | int, ...]:
    return tuple(sorted(factors, key=lambda factor: (isinstance(factor, int), str(factor))))


def _terms(dim: Dim) -> tuple[tuple[int, tuple[str | int, ...]], ...]:
    if isinstance(dim, Compound):
        return dim.terms
    return ((int(dim), ()),) if isinstance(dim, str) and dim.isdigit() else ((1, (dim,)),)


def _make(terms: Iterable[tuple[int, tuple[str | int, ...]]]) -> Dim:
    found: dict[tuple[str | int, ...], tuple[int, tuple[str | int, ...]]] = {}
    for number, factors in terms:
        known = found.get(_sorted(factors), (0, factors))
        found[_sorted(factors)] = (known[0] + number, known[1])
    if len(found) == 1:
        ((number, factors),) = found.values()
        if not factors:
            return str(number)
        if number == 1 and len(factors) == 1:
            return factors[0]
    return Compound(tuple(found.values()))


def plus(*dims: Dim) -> Dim:
    """Add sizes.

    >>> str(plus("n_a", "n_x")), plus("2", "1"), str(plus("n", "n"))
    ('n_a + n_x', '3', '2 n')
    """
    return _make(term for dim in dims for term in _terms(dim))


def times(*dims: Dim) -> Dim:
    """Multiply sizes.

    >>> str(times("n_1", "n_0")), times("n_1", "n_0") == times("n_0", "n_1"), times("n", "1")
    ('n_1 n_0', True, 'n')
    """
    whole: Dim = "1"
    for dim in dims:
        pairs = [(one, other) for one in _terms(whole) for other in _terms(dim)]
        whole = _make((one[0] * other[0], (*one[1], *other[1])) for one, other in pairs)
    return whole


def atoms(dim: Dim) -> frozenset[str | int]:
    """Give the names and unknowns in a size."""
    return frozenset(factor for _, factors in _terms(dim) for factor in factors)


def is_settled(dim: Dim) -> bool:
    """Whether a size has no unknown."""
    if not isinstance(dim, Compound):
        return isinstance(dim, str)
    return not any(isinstance(atom, int) for atom in atoms(dim))


def put(dim: Dim, value: Callable[[str | int], Dim]) -> Dim:
    """Put other sizes in the places of names and unknowns."""
    if not isinstance(dim, Compound):
        return value(dim)
    return plus(*(times(str(number), *(value(factor) for factor in factors)) for number, factors in dim.terms))


def value_of(dim: Dim, sizes: Callable[[str], int]) -> int:
    """Give the number that a size stands for."""
    total = 0
    for number, factors in _terms(dim):
        for factor in factors:
            number *= sizes(str(factor))
        total += number
    return total


def solve(left: Dim, right: Dim) -> tuple[int, Dim] | None:
    """Give the one unknown that makes two sizes equal, with its value; None if that is not clear.

    >>> unknown, value = solve(times("n_0", 7), times("n_1", "n_0"))
    >>> unknown, value
    (7, 'n_1')
    """
    one, other = Counter(dict(_pairs(left))), Counter(dict(_pairs(right)))
    both = one & other
    one, other = one - both, other - both
    if not one or not other:
        return None
    shared = min((Counter(factors) for factors in (*one, *other)), key=lambda c: sum(c.values()))
    for factors in (*one, *other):
        shared = shared & Counter(factors)
    one, other = (Counter({_without(f, shared): n for f, n in side.items()}) for side in (one, other))
    for side, against in ((one, other), (other, one)):
        if len(side) == 1:
            ((factors, number),) = side.items()
            alone = len(factors) == 1 and isinstance(factors[0], int)
            if alone and all(n % number == 0 and factors[0] not in f for f, n in against.items()):
                return int(factors[0]), _make((n // number, f) for f, n in against.items())
    return None


def _pairs(dim: Dim) -> list[tuple[tuple[str | int, ...], int]]:
    return [(_sorted(factors), number) for number, factors in _terms(dim)]


def _without(factors: tuple[str | int, ...], shared: Counter[str | int]) -> tuple[str | int, ...]:
    return _sorted((Counter(factors) - shared).elements())
