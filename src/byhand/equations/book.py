"""What a page declares and defines, layers written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from byhand.equations.declarations import Declaration, Domain, FunctionDeclaration
from byhand.equations.dims import Dim, atoms
from byhand.equations.latex import latex, name
from byhand.equations.limits import check_sizes
from byhand.equations.problems import Unreadable
from byhand.equations.sentences import Definition, FunctionDefinition
from byhand.equations.shapes import SCALAR, Shape, dim
from byhand.equations.tree import Index, Node, Symbol
from byhand.equations.walk import bind


@dataclass(frozen=True)
class Declared:
    """A declared symbol: where its random values come from."""

    shape: Shape
    domain: Domain
    bounds: tuple[float, float]
    rank: int | None = None
    """Of a number that is 0 or 1 (or −1 or 1): how many such numbers the page has declared before it."""


@dataclass(frozen=True)
class Defined:
    """A defined symbol: its formula, and for a definition by entries the indices of rows and columns."""

    body: Node
    row: Index | None = None
    column: Index | None = None
    broken: bool = False
    ranges: tuple[tuple[str, Dim], ...] = ()
    """How far the indices run, where the row says so."""


def key(symbol: Symbol) -> str:
    """Give the name of a symbol at a concrete layer.

    >>> key(Symbol("W", Index(None, 2)))
    'W^{[2]}'
    """
    return symbol.base if symbol.layer is None else f"{symbol.base}^{{[{symbol.layer}]}}"


def show_key(text: str) -> str:
    """Give the name of a key as LaTeX."""
    base, bracket, rest = text.partition("^{[")
    return name(base, Index(None, int(rest.rstrip("]}")))) if bracket else name(base, None)


@dataclass
class Book:
    """All declarations and definitions, layers written out."""

    depth: int | None = None
    parent: Book | None = None
    """The page's program, for a fence whose own definitions do not leak."""
    declared: dict[str, Declared] = field(default_factory=dict)
    defined: dict[str, Defined] = field(default_factory=dict)
    functions: dict[str, FunctionDefinition] = field(default_factory=dict)
    abstract: dict[str, Domain] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)

    def _chain(self) -> Iterator[Book]:
        book: Book | None = self
        while book is not None:
            yield book
            book = book.parent

    # ---- what the page says

    def declare(self, sentence: Declaration, layers: dict[str, int]) -> None:
        """Add a declaration at one layer."""
        for symbol in sentence.symbols:
            concrete = bind(symbol, layers)
            concrete = cast(Symbol, concrete)
            self._new(concrete, symbol)
            shape = SCALAR
            if sentence.rows is not None and sentence.columns is not None:
                shape = (dim(bind(sentence.rows, layers)), dim(bind(sentence.columns, layers)))
            check_sizes(shape, symbol.where)
            if sentence.domain == "one-hot" and shape[0] == "1":
                raise Unreadable(symbol.where, "One-hot columns need more than one row.")
            self.sizes.update(str(atom) for side in shape for atom in atoms(side))
            two_valued = sentence.domain in ("binary", "sign") and shape == SCALAR
            rank = sum(one.rank is not None for book in self._chain() for one in book.declared.values())
            self.declared[key(concrete)] = Declared(
                shape, sentence.domain, sentence.bounds, rank if two_valued else None
            )

    def define(self, sentence: Definition, layers: dict[str, int], indices: tuple[tuple[str, Node], ...] = ()) -> None:
        """Add a definition at one layer; `indices` have their ranges on the same row."""
        concrete = bind(sentence.symbol, layers)
        concrete = cast(Symbol, concrete)
        self._new(concrete, sentence.symbol)
        body = bind(sentence.body, layers)
        by_entries = sentence.row is not None or sentence.column is not None
        ranges = tuple((var, dim(bind(size, layers))) for var, size in indices if by_entries)
        self.defined[key(concrete)] = Defined(body, sentence.row, sentence.column, ranges=ranges)

    def add_function(self, sentence: FunctionDefinition | FunctionDeclaration) -> None:
        """Add a function of the page."""
        if isinstance(sentence, FunctionDeclaration):
            self.abstract[sentence.name] = sentence.domain
        else:
            self.functions[sentence.name] = sentence

    def _new(self, concrete: Symbol, symbol: Symbol) -> None:
        text = key(concrete)
        if self.has(text):
            shown = latex(concrete)
            raise Unreadable(
                symbol.where,
                f"{shown} is introduced already; a name means one thing on a page.",
                "Give this one a new name.",
            )

    def has(self, text: str) -> bool:
        """Whether a key is introduced."""
        return any(text in book.declared or text in book.defined for book in self._chain())

    def find_declared(self, text: str) -> Declared | None:
        """Give the declaration of a key."""
        return next((p.declared[text] for p in self._chain() if text in p.declared), None)

    def find_defined(self, text: str) -> Defined | None:
        """Give the definition of a key."""
        return next((p.defined[text] for p in self._chain() if text in p.defined), None)

    def find_function(self, text: str) -> FunctionDefinition | None:
        """Give a function defined on the page."""
        return next((p.functions[text] for p in self._chain() if text in p.functions), None)

    def find_abstract(self, text: str) -> Domain | None:
        """Give the range of an abstract function: declared, or the undeclared g."""
        found = next((p.abstract[text] for p in self._chain() if text in p.abstract), None)
        return found or ("real" if text == "g" else None)

    def all_sizes(self) -> set[str]:
        """Every named size."""
        return {size for book in self._chain() for size in book.sizes}
