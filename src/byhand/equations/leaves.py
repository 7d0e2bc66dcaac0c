"""The ground of the syntax tree: indices, nodes, and the nodes that have no parts but brackets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from byhand.equations.problems import Span


@dataclass(frozen=True)
class Index:
    """A layer or an entry: a number, a letter, or a letter plus a number.

    >>> Index("l", -1).bind({"l": 3})
    Index(var=None, offset=2)
    """

    var: str | None
    offset: int = 0

    def bind(self, values: Mapping[str, int]) -> Index:
        """Replace the letter by its value, where it has one."""
        if self.var is not None and self.var in values:
            return Index(None, values[self.var] + self.offset)
        return self

    def __str__(self) -> str:
        if self.var is None:
            return str(self.offset)
        return f"{self.var}{self.offset:+d}" if self.offset else self.var


@dataclass(frozen=True)
class Node:
    """Anything in an expression; `where` is its place in the source.

    What is found out about a node is kept with it: a changed expression is a new node around the old parts.
    """

    where: Span = field(default=(0, 0), compare=False, kw_only=True, repr=False)

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """Its parts, in order."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[Node]:
        for name in names_of(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, Node))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The index letters in it."""
        found = set().union(*(part.letters for part in self.children))
        indices = (getattr(self, name, None) for name in ("row", "column", "index", "left", "right", "apart"))
        found.update(index.var for index in indices if isinstance(index, Index) and index.var is not None)
        var = getattr(self, "var", None)
        if isinstance(var, str):
            found.add(var)
        return frozenset(found)


_NAMES: dict[type[Node], tuple[str, ...]] = {}


def names_of(kind: type[Node]) -> tuple[str, ...]:
    """Give the names of what a kind of node has, but for its place."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(item.name for item in fields(kind) if item.name != "where")
    return _NAMES[kind]


@dataclass(frozen=True)
class Number(Node):
    """A number, as written."""

    text: str


@dataclass(frozen=True)
class Symbol(Node):
    """A declared or defined name, with its layer if it has one."""

    base: str
    layer: Index | None = None
    spelled: str = field(default="", compare=False)
    """How the source spells it, where that was read as something else: a in a^{(i)} for A."""


@dataclass(frozen=True)
class Size(Node):
    """A named size used as a number: m, n_1, n_{l-1}."""

    base: str
    layer: Index | None = None


@dataclass(frozen=True)
class Letter(Node):
    r"""An index used as a number, as in t in \beta^t."""

    index: Index


@dataclass(frozen=True)
class Group(Node):
    r"""Brackets that the source has: `(…)`, `[…]`, `\{…\}` or `{…}`."""

    part: Node
    bracket: str = "("
