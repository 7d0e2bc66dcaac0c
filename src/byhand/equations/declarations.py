"""Declarations: symbols with their sets, functions with their ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from lark import Token, Tree

from byhand.equations.names import full_base, left_word
from byhand.equations.problems import Unreadable
from byhand.equations.resolve import Reader
from byhand.equations.statements import Statement
from byhand.equations.tree import Add, Group, Node, Number, Product, Size, Symbol
from byhand.equations.walk import walk

Domain = Literal["real", "positive", "unit", "binary", "sign", "one-hot", "interval"]


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


def declaration(parts: list[Tree[Token]], reader: Reader, statement: Statement) -> Declaration:
    """Read `symbols ∈ set`."""
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
            if not all(isinstance(part, Size | Number | Product | Add | Group) for part in walk(size)):
                raise Unreadable(
                    size.where, "A size is a name or a number, such as n_1, m or 1; or a product or a sum of these."
                )
        rows, columns = sizes[0], sizes[1] if len(sizes) > 1 else Number("1")
    return Declaration(tuple(symbols), domain, rows, columns, bounds)


def _domain(target: Tree[Token], reader: Reader, statement: Statement) -> tuple[Domain, tuple[float, float]]:
    first = target.children[0]
    subs = [str(t).replace(" ", "") for t in target.children if isinstance(t, Token) and t.type == "SUBSCRIPT"]
    if isinstance(first, Token):
        letter = str(first).replace(" ", "")
        if letter not in (r"\mathbb{R}", r"\mathbbR", r"\R", "ℝ") or (
            subs and subs[0] not in ("_{>0}", "_+", "_{+}", "_{++}")
        ):
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


def arrow(parts: list[Tree[Token]], reader: Reader) -> FunctionDeclaration:
    """Read `g : ℝ → set`."""
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
