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
    Power,
    Product,
    Quotient,
    Symbol,
    Transpose,
)


class Expander:
    """Numbers expressions so that two get the same number when they are the same after expanding definitions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._numbers: dict[tuple[object, ...], int] = {}
        self._items: list[tuple[object, ...]] = []
        self._symbols: dict[str, int] = {}
        self._zero, self._one = self._intern(("Number", 0.0)), self._intern(("Number", 1.0))

    def number(self, node: Node) -> int:
        """Give the number of an expression."""
        if isinstance(node, Group | Annotated):
            return self.number(node.part)
        if isinstance(node, Symbol):
            return self._symbol(node)
        if isinstance(node, Derivative):
            target = node.bottom
            return self._intern(("∂", self.number(node.top), self._keep(target)))
        if isinstance(node, Add):
            return self._sum(self._flat(node))
        if isinstance(node, Product | Hadamard):
            return self._product(type(node).__name__, self._flat(node))
        if isinstance(node, Negative):
            return self._minus(self.number(node.part))
        if isinstance(node, Transpose):
            part = self.number(node.part)
            kind, *inner = self._item(part)
            return inner[0] if kind == "Transpose" and isinstance(inner[0], int) else self._intern(("Transpose", part))
        if isinstance(node, Quotient) and self.number(node.bottom) == self._one:
            return self.number(node.top)
        if isinstance(node, Power) and self.number(node.exponent) == self._one:
            return self.number(node.base)
        return self._intern((*self._plain(node), *(self.number(part) for part in node.children)))

    # ---- what changes nothing: −−x, x + 0, x − x, 1 x, 0 x

    def _minus(self, number: int) -> int:
        kind, *inner = self._item(number)
        if kind == "Negative" and isinstance(inner[0], int):
            return inner[0]
        return number if number == self._zero else self._intern(("Negative", number))

    def _sum(self, terms: list[int]) -> int:
        left: list[int] = []
        for term in terms:
            if self._minus(term) in left and term != self._zero:
                left.remove(self._minus(term))
            elif term != self._zero:
                left.append(term)
        if len(left) < 2:
            return left[0] if left else self._zero
        return self._intern(("Add", *left))

    def _product(self, kind: str, factors: list[int]) -> int:
        if self._zero in factors:
            return self._zero
        negative = False
        left = []
        for factor in factors:
            name, *inner = self._item(factor)
            if name == "Negative" and isinstance(inner[0], int):
                negative, factor = not negative, inner[0]
            if factor != self._one:
                left.append(factor)
        whole = (left[0] if left else self._one) if len(left) < 2 else self._intern((kind, *left))
        return self._minus(whole) if negative else whole

    def _item(self, number: int) -> tuple[object, ...]:
        return self._items[number]

    def _flat(self, node: Add | Product | Hadamard) -> list[int]:
        found = []
        for part in node.children:
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
        return self._intern((*self._plain(target), *(self._keep(part) for part in target.children)))

    def _symbol(self, node: Symbol) -> int:
        text = key(node)
        if text not in self._symbols:
            defined = self.program.find_defined(text)
            own = self._intern(("symbol", text))
            self._symbols[text] = own
            if defined is not None and defined.row is None and defined.column is None:
                self._symbols[text] = self.number(defined.body)
        return self._symbols[text]

    def _intern(self, item: tuple[object, ...]) -> int:
        if item not in self._numbers:
            self._numbers[item] = len(self._items)
            self._items.append(item)
        return self._numbers[item]


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
