"""Free and bound indices: a free index stands for every entry, on both sides of a claim.

An index free on one side only is refused, except when a derivative has it above and below; and an index that a
sum binds anywhere in a statement may not also be free, so that a sum that ends too early is caught.
"""

from __future__ import annotations

import itertools

from byhand.equations.latex import latex
from byhand.equations.limits import INDICES
from byhand.equations.problems import Unreadable
from byhand.equations.tree import Column, Delta, Derivative, Entry, Index, Letter, Multiple, Node, Number, Sum
from byhand.equations.walk import walk

_FIELDS: dict[type[Node], tuple[str, ...]] = {
    Entry: ("row", "column"),
    Column: ("index",),
    Delta: ("left", "right"),
    Letter: ("index",),
    Sum: ("apart",),
    Multiple: ("apart",),
}


def own_indices(node: Node) -> set[str]:
    """Give the index letters on a node itself."""
    found = (getattr(node, name) for name in _FIELDS.get(type(node), ()))
    return {index.var for index in found if isinstance(index, Index) and index.var is not None}


def free(node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """Give the index letters free in an expression: those that must be free, and those that may be.

    In ∂z_k/∂W_{kj} the k above is the k below: it may stand for any k, and the other side need not name it.
    """
    required = set(own_indices(node))
    allowed = set(required)
    if isinstance(node, Derivative):
        top, bottom = free(node.top), free(node.bottom)
        return (top[0] ^ bottom[0]) - (top[1] & bottom[1]), top[1] | bottom[1]
    for part in node.children:
        must, may = free(part)
        required |= must
        allowed |= may
    if isinstance(node, Sum):
        required.discard(node.var)
        allowed.discard(node.var)
    return frozenset(required), frozenset(allowed)


def bound(*sides: Node) -> frozenset[str]:
    """Give the letters that sums bind anywhere in a statement."""
    return frozenset(part.var for side in sides for part in walk(side) if isinstance(part, Sum))


def check_sides(sides: tuple[Node, ...]) -> None:
    """Refuse indices that are bound and free, or free on one side only."""
    sums = bound(*sides)
    letters = [free(side) for side in sides]
    for side, (_, may) in zip(sides, letters, strict=True):
        for var in sorted(may & sums):
            place = next((part for part in walk(side) if var in own_indices(part) and _is_free(side, part, var)), side)
            raise Unreadable(
                place.where,
                f"{var} is bound by a sum in this statement, and free here.",
                "A sum takes the product that follows it, up to the next + or −.",
                "Put parentheses around what it should take, or name this index otherwise.",
            )
    for (left, (must, _)), (right, (_, may)) in _pairs(sides, letters):
        for var in sorted(must - may):
            if isinstance(right, Number) and right.text == "0":
                continue
            place = next(part for part in walk(left) if var in own_indices(part))
            raise Unreadable(
                place.where,
                f"The index {var} is free in {latex(left)} and missing in {latex(right)}.",
                f"A free index stands on both sides; to add over it write \\sum_{{{var}}}.",
            )
    if len(sums | frozenset().union(*(may for _, may in letters))) > INDICES:
        raise Unreadable(sides[0].where, f"More than {INDICES} indices in one statement are not evaluated.")


def _pairs(
    sides: tuple[Node, ...], letters: list[tuple[frozenset[str], frozenset[str]]]
) -> list[
    tuple[tuple[Node, tuple[frozenset[str], frozenset[str]]], tuple[Node, tuple[frozenset[str], frozenset[str]]]]
]:
    items = list(zip(sides, letters, strict=True))
    return [pair for a, b in itertools.pairwise(items) for pair in ((a, b), (b, a))]


def _is_free(node: Node, wanted: Node, var: str) -> bool:
    """Whether `wanted` lies in `node` outside every sum over `var`."""
    if node is wanted:
        return True
    if isinstance(node, Sum) and node.var == var:
        return False
    return any(_is_free(part, wanted, var) for part in node.children)
