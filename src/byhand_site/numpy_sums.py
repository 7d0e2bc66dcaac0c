"""Sums over an index that NumPy has in one word: over all entries, over columns, and over products of columns."""

from __future__ import annotations

from dataclasses import dataclass

from byhand.equations.shapes import Typed, is_scalar
from byhand.equations.tree import Column, Entry, Index, Node, Number, Product, Sum, Transpose
from byhand.equations.walk import letters_of, walk
from byhand_site.numpy_names import Untranslatable

Pattern = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A formula and its shapes."""

    node: Node
    typed: Typed


@dataclass(frozen=True)
class Spread:
    """What is summed: every entry in it with exactly these letters stands for the whole array."""

    body: Node
    typed: Typed
    letters: Pattern
    shapes: tuple[object, ...] = ()
    columns: tuple[Part, Part | None] | None = None
    """Set if it is a sum of columns, or of columns times transposed columns."""

    def holds(self, node: Node, typed: Typed) -> bool:
        """Whether an entry runs over its whole array as the letters run."""
        return letters(node) == self.letters and is_scalar(typed.shape) and typed.parts[0].shape == self.shapes


def spread_of(node: Sum, typed: Typed) -> Spread:
    """Say over what a sum (and the sums right inside it) runs.

    Raises
    ------
    Untranslatable
        If it is no sum over whole arrays.
    """
    bound: list[str] = []
    body: Node = node
    while isinstance(body, Sum):
        if type(body) is not Sum or body.apart is not None or not isinstance(body.low, Number) or body.low.text != "1":
            raise Untranslatable("a sum of another kind")
        bound.append(body.var)
        body, typed = body.body, typed.parts[0]
    if len(bound) == 1 and (found := _columns(body, typed, bound[0])):
        return Spread(body, typed, tuple(bound), columns=found)
    entries = [(one, shape) for one, shape in _pairs(body, typed) if isinstance(one, Entry | Column)]
    if not entries or {letter for one in walk(body) for letter in letters_of(one)} - set(bound):
        raise Untranslatable("no entry, or a free index")
    first, shape = entries[0]
    if len(set(bound)) != len(bound) or sorted(letters(first)) != sorted(bound):
        raise Untranslatable("an entry that the sum does not run over")
    if any(isinstance(one, Sum) for one in walk(body)):
        raise Untranslatable("a sum in a sum")
    return Spread(body, typed, letters(first), shape.parts[0].shape)


def letters(node: Node) -> Pattern:
    """Give the letters of an entry, row first; none if one of them is a number or has something added."""
    indices: list[Index | None] = []
    if isinstance(node, Entry):
        indices = [node.row, node.column]
    elif isinstance(node, Column):
        indices = [node.index]
    found = tuple(index.var or "" for index in indices if index is not None and index.offset == 0)
    return found if len(found) == sum(index is not None for index in indices) else ()


def _columns(body: Node, typed: Typed, var: str) -> tuple[Part, Part | None] | None:
    """Read Σ a⁽ⁱ⁾ and Σ a⁽ⁱ⁾ b⁽ⁱ⁾ᵀ."""
    if one := _column(body, typed, var):
        return one, None
    if isinstance(body, Product) and len(body.factors) == 2 and isinstance(body.factors[1], Transpose):
        left = _column(body.factors[0], typed.parts[0], var)
        right = _column(body.factors[1].part, typed.parts[1].parts[0], var)
        return (left, right) if left and right else None
    return None


def _column(node: Node, typed: Typed, var: str) -> Part | None:
    if not isinstance(node, Column) or letters(node) != (var,) or is_scalar(typed.shape):
        return None
    return Part(node.part, typed.parts[0])


def _pairs(node: Node, typed: Typed) -> list[tuple[Node, Typed]]:
    """Give every part with its shapes, as far as the two trees go together."""
    found = [(node, typed)]
    inside = node.children
    if len(inside) == len(typed.parts):
        for part, shape in zip(inside, typed.parts, strict=True):
            found += _pairs(part, shape)
    return found
