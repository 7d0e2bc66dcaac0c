"""What a statement says, with its names resolved: a declaration, a definition, or a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

from lark import Token, Tree

from byhand.equations.names import Names, defined_base, full_base, left_word
from byhand.equations.problems import Unreadable
from byhand.equations.resolve import Reader
from byhand.equations.statements import Range, Statement
from byhand.equations.tree import Call, Index, Node, Number, Size, Symbol
from byhand.equations.walk import walk
from byhand.equations.words import Word, parse_index, split_indices

Domain = Literal["real", "positive", "unit", "binary", "sign", "one-hot", "interval"]


@dataclass(frozen=True)
class LayerRange:
    """The layers l = low, …, high that a statement speaks of."""

    var: str
    low: Index
    high: Index


@dataclass(frozen=True)
class Declaration:
    """`symbols ∈ set`: rows and columns are None for scalars."""

    symbols: tuple[Symbol, ...]
    domain: Domain
    rows: Node | None
    columns: Node | None
    bounds: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class FunctionDeclaration:
    """`g : ℝ → (0,1)`."""

    name: str
    domain: Domain


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
    indices: tuple[Range, ...] = ()
    notes: tuple[str, ...] = ()


def read(tree: Tree[Token], statement: Statement, names: Names) -> Read:
    """Resolve the names of one parsed statement."""
    body = cast(Tree[Token], tree.children[0])
    vars_ = frozenset(item.var for item in statement.ranges)
    reader = Reader(names, statement, vars_)
    parts = [part for part in body.children if isinstance(part, Tree)]
    sentence: Sentence
    if body.data == "declaration":
        sentence = _declaration(parts, reader, statement)
    elif body.data == "arrow":
        sentence = _arrow(parts, reader)
    elif body.data == "definition":
        sentence = _definition(body, parts, reader, statement)
    else:
        sentence = Claim(tuple(reader.expression(part) for part in parts))
    layers, indices = _ranges(sentence, statement)
    return Read(sentence, layers, indices, tuple(reader.notes))


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


def _declaration(parts: list[Tree[Token]], reader: Reader, statement: Statement) -> Declaration:
    *lefts, target = parts
    symbols = []
    for left in lefts:
        found = left_word(left, statement)
        if not found or found[1]:
            raise Unreadable(reader.span(left), "On the left of \\in stands one name.")
        word = found[0]
        base = full_base(word)
        layer = reader.layer(word.layer, word.where)
        symbols.append(Symbol(base, layer, where=word.where))
    domain, bounds = _domain(target, reader, statement)
    dimensions = [part for part in target.children if isinstance(part, Tree) and part.data == "dimensions"]
    rows = columns = None
    if dimensions:
        argument = next(p for p in dimensions[0].children if isinstance(p, Tree))
        shape = argument.children[0] if isinstance(argument.children[0], Tree) else argument
        if shape.data == "argument" and isinstance(shape.children[0], Token) and shape.children[0].type == "LBRACE":
            shape = cast(Tree[Token], shape.children[1])
        pieces = [part for part in shape.children if isinstance(part, Tree)]
        if len(pieces) > 2:
            raise Unreadable(reader.span(shape), "A shape has at most two sizes: rows \\times columns.")
        sizes = [reader.expression(piece) for piece in pieces] or [reader.argument(shape)]
        for size in sizes:
            if not isinstance(size, Size | Number):
                raise Unreadable(size.where, "A size is a name or a number, such as n_1, m or 1.")
        rows, columns = sizes[0], sizes[1] if len(sizes) > 1 else Number("1")
    return Declaration(tuple(symbols), domain, rows, columns, bounds)


def _domain(target: Tree[Token], reader: Reader, statement: Statement) -> tuple[Domain, tuple[float, float]]:
    first = target.children[0]
    subs = [str(t).replace(" ", "") for t in target.children if isinstance(t, Token) and t.type == "SUBSCRIPT"]
    if isinstance(first, Token):
        letter = str(first).replace(" ", "")
        if letter not in (r"\mathbb{R}", r"\mathbbR") or (subs and subs[0] not in ("_{>0}", "_+", "_{+}", "_{++}")):
            raise Unreadable(
                reader.span(first), "Sets that are known: \\mathbb{R}, \\mathbb{R}_{>0}, \\{0,1\\}, (0,1)."
            )
        return ("positive" if subs else "real"), (0.0, 1.0)
    tokens = [str(t) for t in first.scan_values(lambda v: isinstance(v, Token))]
    text = "".join(tokens).replace(" ", "")
    if first.data == "finite":
        if "e" in text or "one-hot" in statement.words or "one hot" in statement.words:
            return "one-hot", (0.0, 1.0)
        known: dict[str, Domain] = {"01": "binary", "-11": "sign"}
        digits = text.strip("\\{}").replace("\\{", "").replace("\\}", "").replace(",", "")
        if digits not in known:
            raise Unreadable(
                reader.span(first), "Finite sets that are known: \\{0,1\\}, \\{-1,1\\}, \\{e_1, \\dots, e_n\\}."
            )
        return known[digits], (0.0, 1.0)
    bounds = [
        "".join(str(t) for t in part.children).replace(" ", "") for part in first.children if isinstance(part, Tree)
    ]
    try:
        low, high = (float(part) for part in bounds)
    except ValueError:
        raise Unreadable(reader.span(first), "An interval has two numbers: (0,1).") from None
    if not low < high:
        raise Unreadable(reader.span(first), "The interval is empty.")
    return ("unit" if (low, high) == (0.0, 1.0) else "interval"), (low, high)


def _arrow(parts: list[Tree[Token]], reader: Reader) -> FunctionDeclaration:
    found = left_word(parts[0], reader.statement)
    if not found or found[1]:
        raise Unreadable(reader.span(parts[0]), "On the left of : stands one function name.")
    source = _domain(parts[1], reader, Statement("", 0, ""))
    target = _domain(parts[2], reader, Statement("", 0, ""))
    if source[0] != "real" or target[0] not in ("real", "unit"):
        raise Unreadable(
            reader.span(parts[1]), "Functions that can be declared: g : \\mathbb{R} \\to \\mathbb{R} or (0,1)."
        )
    if any(isinstance(p, Tree) and p.data == "dimensions" for part in parts[1:] for p in part.children):
        raise Unreadable(
            reader.span(parts[1]), "A declared function maps numbers to numbers; it is applied entry by entry."
        )
    return FunctionDeclaration(found[0].head, target[0])


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
    values = [reader.expression(right) for right in rights]
    definition = Definition(symbol, values[0], tuple(values[1:]), row, column)
    _refuse_update(definition)
    return definition


def _refuse_update(definition: Definition) -> None:
    symbol = definition.symbol
    for node in walk(definition.body):
        if isinstance(node, Symbol) and node == symbol:
            raise Unreadable(
                node.where,
                f"{symbol.base} stands on both sides of :=. An update is not an equation.",
                f"Give the new value a name of its own, such as {symbol.base}_{{new}} := ….",
            )


def _function(word: Word, rest: list[Tree[Token]], rights: list[Tree[Token]], reader: Reader) -> FunctionDefinition:
    from byhand.equations.names import factors

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


def renamed(sentence: Definition, symbol: Symbol) -> Definition:
    """Give the same definition of another symbol."""
    return replace(sentence, symbol=symbol)
