"""Whether two sides are the same formula once definitions are written out: then a comparison proves nothing."""

from __future__ import annotations

from dataclasses import fields

from byhand.equations.book import key
from byhand.equations.program import Program
from byhand.equations.tree import (
    Add,
    Annotated,
    Derivative,
    Group,
    Hadamard,
    Index,
    Negative,
    Node,
    Number,
    Product,
    Symbol,
)
from byhand.equations.walk import children


class Expander:
    """Numbers expressions so that two get the same number when they are the same after expanding definitions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._numbers: dict[object, int] = {}
        self._symbols: dict[str, int] = {}

    def number(self, node: Node) -> int:
        """Give the number of an expression."""
        if isinstance(node, Group | Annotated):
            return self.number(node.part)
        if isinstance(node, Symbol):
            return self._symbol(node)
        if isinstance(node, Derivative):
            target = node.bottom
            return self._intern(("∂", self.number(node.top), self._keep(target)))
        if isinstance(node, Add | Product | Hadamard):
            return self._intern((type(node).__name__, *self._flat(node)))
        return self._intern((*self._plain(node), *(self.number(part) for part in children(node))))

    def _flat(self, node: Add | Product | Hadamard) -> list[int]:
        found = []
        for part in children(node):
            inner = part
            while isinstance(inner, Group | Annotated):
                inner = inner.part
            if type(inner) is type(node) and isinstance(inner, Add | Product | Hadamard):
                found.extend(self._flat(inner))
            else:
                found.append(self.number(part))
        return found

    def _plain(self, node: Node) -> tuple[object, ...]:
        if isinstance(node, Number):
            return ("Number", float(node.text) if node.text[0].isdigit() else node.text)
        plain = [getattr(node, f.name) for f in fields(node) if f.compare]
        return (
            type(node).__name__,
            *(value for value in plain if isinstance(value, str | int | Index | bool | type(None))),
        )

    def _keep(self, target: Node) -> int:
        """Say what is differentiated by stays a name."""
        if isinstance(target, Symbol):
            return self._intern(("name", key(target)))
        return self._intern((*self._plain(target), *(self._keep(part) for part in children(target))))

    def _symbol(self, node: Symbol) -> int:
        text = key(node)
        if text not in self._symbols:
            defined = self.program.find_defined(text)
            own = self._intern(("symbol", text))
            self._symbols[text] = own
            if defined is not None and defined.row is None and defined.column is None:
                self._symbols[text] = self.number(defined.body)
        return self._symbols[text]

    def _intern(self, item: object) -> int:
        return self._numbers.setdefault(item, len(self._numbers))


def is_zero(node: Node) -> bool:
    """Whether a side is literally 0."""
    while isinstance(node, Group | Negative):
        node = node.part
    return isinstance(node, Number) and float(node.text if node.text[0].isdigit() else 1) == 0.0


def is_random(node: Node, program: Program) -> bool:
    """Whether anything that is drawn at random enters an expression."""
    seen: set[str] = set()
    stack = list(program.symbols(node))
    while stack:
        name = stack.pop()
        if program.find_declared(name) is not None:
            return True
        if name not in seen:
            seen.add(name)
            stack.extend(program.needs(name))
    return False
