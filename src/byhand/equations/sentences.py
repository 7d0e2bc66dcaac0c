"""What a statement says, with its names resolved: a declaration, a definition, or a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lark import Token, Tree

from byhand.equations.declarations import Declaration, FunctionDeclaration, arrow, declaration
from byhand.equations.names import Names, defined_base, factors, is_differential_d, left_word
from byhand.equations.problems import Span, Undefined, Unreadable
from byhand.equations.resolve import Reader
from byhand.equations.statements import Range, Statement
from byhand.equations.tree import Call, Index, Node, Sum, Symbol
from byhand.equations.walk import letters_of, walk
from byhand.equations.words import Word, parse_index, split_indices, take_apart


@dataclass(frozen=True)
class LayerRange:
    """The layers l = low, …, high that a statement speaks of."""

    var: str
    low: Index
    high: Index


@dataclass(frozen=True)
class Definition:
    """`symbol := body = … = …`; `rows` and `columns` are the indices of a definition by entries."""

    symbol: Symbol
    body: Node
    claims: tuple[Node, ...] = ()
    row: Index | None = None
    column: Index | None = None


@dataclass(frozen=True)
class FunctionDefinition:
    """`f(x) := body`."""

    name: str
    parameter: str
    body: Node


@dataclass(frozen=True)
class Claim:
    """Two or more sides that are said to be equal."""

    sides: tuple[Node, ...]


Sentence = Declaration | FunctionDeclaration | Definition | FunctionDefinition | Claim


@dataclass(frozen=True)
class Read:
    """A sentence with its range of layers, its index ranges, and how things were read."""

    sentence: Sentence
    layers: LayerRange | None = None
    indices: tuple[tuple[str, Node], ...] = ()
    """Index letters with the size that their range ends at."""
    notes: tuple[str, ...] = ()


def read(tree: Tree[Token], statement: Statement, names: Names) -> Read:
    """Resolve the names of one parsed statement."""
    body = cast(Tree[Token], tree.children[0])
    vars_ = frozenset(item.var for item in statement.ranges)
    reader = Reader(names, statement, vars_)
    parts = [part for part in body.children if isinstance(part, Tree)]
    sentence: Sentence
    if body.data == "declaration":
        sentence = declaration(parts, reader, statement)
    elif body.data == "arrow":
        sentence = arrow(parts, reader)
    elif body.data == "definition":
        sentence = _definition(body, parts, reader, statement)
    else:
        sentence = Claim(tuple(reader.expression(part) for part in parts))
    layers, ranges = _ranges(sentence, statement)
    letters = {var for part in nodes(sentence) for var in letters_of(part)}
    indices = []
    for item in ranges:
        if item.low != "1":
            raise Unreadable(item.where, "The range of an index begins at 1.")
        if item.var in letters:
            indices.append((item.var, reader.limit(item.high, item.where)))
    return Read(sentence, layers, tuple(indices), tuple(reader.notes))


def _ranges(sentence: Sentence, statement: Statement) -> tuple[LayerRange | None, tuple[Range, ...]]:
    used = {index.var for part in nodes(sentence) for node in walk(part) if (index := getattr(node, "layer", None))}
    layers: LayerRange | None = None
    indices = []
    for item in statement.ranges:
        if item.var not in used:
            indices.append(item)
            continue
        low, high = parse_index(item.low), parse_index(item.high)
        if low is None or high is None or layers is not None:
            raise Unreadable(item.where, "A range of layers is written \\quad l = 1, \\dots, L, one to a row.")
        layers = LayerRange(item.var, low, high)
        if any(isinstance(node, Sum) and node.var == item.var for part in nodes(sentence) for node in walk(part)):
            raise Unreadable(
                item.where,
                f"{item.var} is bound by a sum in this statement, and has a range besides.",
                "Name one of them otherwise.",
            )
    return layers, tuple(indices)


def nodes(sentence: Sentence) -> tuple[Node, ...]:
    """All expressions in a sentence."""
    match sentence:
        case Declaration(symbols=symbols, rows=rows, columns=columns):
            return (*symbols, *(part for part in (rows, columns) if part is not None))
        case Definition(symbol=symbol, body=body, claims=claims):
            return (symbol, body, *claims)
        case FunctionDefinition(body=body):
            return (body,)
        case Claim(sides=sides):
            return sides
    return ()


def _definition(body: Tree[Token], parts: list[Tree[Token]], reader: Reader, statement: Statement) -> Sentence:
    left, *rights = parts
    found = left_word(left, statement)
    if not found or (not found[1] and found[0].kind == "NUMBER"):
        raise Unreadable(reader.span(left), "On the left of := stands one new name.")
    word, rest = found
    if rest:
        return _function(word, rest, rights, reader)
    indices = None
    base = defined_base(word, body, reader.names)
    if word.sub is not None and base.partition("^")[0] == word.head:
        indices = split_indices(word.sub)
    if word.primes or any(kind != "power" for kind, _ in word.after) or (word.after and not base.endswith("^2")):
        raise Unreadable(word.where, "On the left of := stands a name, without a transpose, power or prime.")
    layer = reader.layer(word.layer, word.where)
    symbol = Symbol(base, layer, where=word.where)
    if word.column is not None and not base.endswith(")"):
        index = parse_index(word.column)
        indices = (*(indices or ()), index) if index else None
        column = index
        row = indices[0] if indices and len(indices) == 2 else None
    else:
        row = indices[0] if indices else None
        column = indices[1] if indices and len(indices) == 2 else None
    try:
        values = [reader.expression(right) for right in rights]
    except Undefined:
        if any(_repeats(word, right, reader) for right in rights):  # an update, whatever its step size is called
            raise _update(base, word.where) from None
        raise
    definition = Definition(symbol, values[0], tuple(values[1:]), row, column)
    _refuse_update(definition)
    return definition


def _refuse_update(definition: Definition) -> None:
    symbol = definition.symbol
    for node in walk(definition.body):
        if isinstance(node, Symbol) and node == symbol:
            raise _update(symbol.base, node.where)


def _update(base: str, where: Span) -> Unreadable:
    return Unreadable(
        where,
        f"{base} stands on both sides of :=. An update is not an equation.",
        f"Give the new value a name of its own, such as {base}_{{new}} := ….",
    )


def _repeats(word: Word, right: Tree[Token], reader: Reader) -> bool:
    """Whether the name that is being defined stands on the right, and not as the end of a gradient's name."""
    before: Word | None = None
    for factor in sorted(right.find_data("factor"), key=lambda tree: tree.meta.start_pos):
        found = take_apart(factor, reader.start)
        joined = before is not None and is_differential_d(before) and reader.adjacent(before.where, found.where)
        if not joined and (found.head, found.sub, found.layer) == (word.head, word.sub, word.layer):
            return True
        before = found
    return False


def _function(word: Word, rest: list[Tree[Token]], rights: list[Tree[Token]], reader: Reader) -> FunctionDefinition:
    primary = cast(Tree[Token], rest[0].children[0]).children[0]
    arguments = [p for p in primary.children if isinstance(p, Tree)] if isinstance(primary, Tree) else []
    inner = factors(arguments[0]) if len(arguments) == 1 else []
    found = left_word(arguments[0], reader.statement) if len(inner) == 1 else None
    if len(rest) != 1 or not found or found[1] or len(rights) != 1 or word.layer or word.sub:
        raise Unreadable(word.where, "A function is defined by name(x) := formula, with one letter as its argument.")
    parameter = found[0].head
    own = Reader(reader.names, reader.statement, reader.layers, parameter)
    body = own.expression(rights[0])
    if any(isinstance(node, Call) and node.function == word.head for node in walk(body)):
        raise Unreadable(word.where, f"{word.head} stands on both sides of :=.")
    return FunctionDefinition(word.head, parameter, body)
