"""Going through a syntax tree: its parts, rebuilding it, giving layers their values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from byhand.equations.leaves import names_of
from byhand.equations.tree import (
    Add,
    Call,
    Extreme,
    Factors,
    Group,
    Index,
    Letter,
    Multiple,
    Negative,
    Node,
    Number,
    Size,
    Sum,
    Symbol,
)


def rebuild(node: Node, parts: Sequence[Node]) -> Node:
    """Give the same node with other parts, in the order of its `children`."""
    remaining = iter(parts)
    changes: dict[str, object] = {}
    for name in names_of(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            changes[name] = next(remaining)
        elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            changes[name] = tuple(next(remaining) for _ in value)
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def walk(node: Node) -> Iterator[Node]:
    """Give a node and everything in it, outermost first."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(here.children))


def transform(node: Node, change: Callable[[Node], Node]) -> Node:
    """Rebuild a tree from its leaves up, passing each node through `change`."""
    parts = node.children
    new = [transform(part, change) for part in parts]
    if any(a is not b for a, b in zip(parts, new, strict=True)):
        node = rebuild(node, new)
    return change(node)


def bind(node: Node, values: Mapping[str, int]) -> Node:
    """Give the layer letters (l, L) their values; entries and columns keep their letters unless bound too."""
    if not values and not any(isinstance(part, Sum) for part in walk(node)):
        return node

    def change(part: Node) -> Node:
        changes = {}
        for name in ("layer", "row", "column", "index", "left", "right", "apart"):
            index = getattr(part, name, None)
            if isinstance(index, Index) and index.var in values:
                changes[name] = index.bind(values)
        if isinstance(part, Letter) and part.index.var in values:
            return Number(str(part.index.bind(values).offset), where=part.where)
        part = replace(part, **changes) if changes else part  # type: ignore[arg-type]
        return _written_out(part) if isinstance(part, Sum) and not isinstance(part, Extreme) else part

    return transform(node, change)


def _written_out(node: Sum) -> Node:
    """Write out a sum or product over layers, once its limits are numbers."""
    layers = [part.layer for part in walk(node.body) if isinstance(part, Symbol | Call | Size) and part.layer]
    if not any(layer.var == node.var for layer in layers):
        return node
    if not (isinstance(node.low, Number) and isinstance(node.high, Number) and node.apart is None):
        return node
    numbers = range(int(node.low.text), int(node.high.text) + 1)
    if not 1 <= len(numbers) <= 20:
        return node
    parts = tuple(Group(bind(node.body, {node.var: number}), where=node.where) for number in numbers)
    if isinstance(node, Multiple):
        return Factors(parts, where=node.where)
    return Group(Add(parts, where=node.where), where=node.where) if len(parts) > 1 else parts[0]


def strip_groups(node: Node) -> Node:
    """Give the tree without the brackets that only group, for comparisons."""
    return transform(node, lambda part: part.part if isinstance(part, Group) else part)


def negate(node: Node) -> Node:
    """−x, and x for −x."""
    return node.part if isinstance(node, Negative) else Negative(node, where=node.where)


def mentions(node: Node, letter: str) -> bool:
    """Whether an index or layer letter stands in an expression, outside every sum that binds it anew."""
    if isinstance(node, Sum) and node.var == letter:
        return False
    indices = (getattr(node, name, None) for name in ("layer", "row", "column", "index", "left", "right", "apart"))
    if any(isinstance(index, Index) and index.var == letter for index in indices):
        return True
    return any(mentions(part, letter) for part in node.children)


def letters_of(*nodes: Node) -> tuple[str, ...]:
    """Give the index letters of expressions, in a fixed order."""
    return tuple(sorted(set().union(*(node.letters for node in nodes))))
