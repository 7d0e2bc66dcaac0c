"""What a picture of the shapes is drawn from: the factors of each side of a claim, with their named sizes.

It is read off the typed tree that gives the shape line, so picture and shape line cannot say different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from byhand.equations.judge import Finding
from byhand.equations.latex import latex
from byhand.equations.render import chain, general, size
from byhand.equations.shapes import Typed, is_scalar
from byhand.equations.tree import Add, Annotated, Group, Hadamard, Negative, Product, Quotient, Sum, Transpose


@dataclass(frozen=True)
class Sketch:
    r"""A matrix with its sizes, and what it is made of.

    `kind` is "matrix", or how the parts make it: "transpose", "product", "entrywise" (⊙, + and − of one shape) or
    "sum" (over an index).
    """

    kind: str
    label: str
    rows: str
    columns: str
    parts: tuple[Sketch, ...] = field(default=())
    factor: str = ""
    """Numbers in front, as LaTeX."""
    sign: str = ""
    """Between entrywise parts."""
    over: str = ""
    """The range of the index of a sum."""

    @classmethod
    def load(cls, plain: Mapping[str, Any]) -> Sketch:
        """Back from `dataclasses.asdict`."""
        return cls(**{**plain, "parts": tuple(cls.load(part) for part in plain["parts"])})


def sketch(typed: Typed) -> Sketch:
    """Give the sketch of one side."""
    node, parts = typed.node, typed.parts
    rows, columns = map(size, typed.shape)
    match node:
        case Group() | Annotated():
            return sketch(parts[0])
        case Negative():
            inner = sketch(parts[0])
            return replace(inner, factor=f"-{inner.factor}")
        case Transpose():
            return Sketch("transpose", latex(node), rows, columns, (sketch(parts[0]),))
        case Product() | Quotient():
            return _factors(typed)
        case Hadamard() | Add() if not any(is_scalar(part.shape) for part in parts):
            sign = r"\odot" if isinstance(node, Hadamard) else "+"
            return Sketch("entrywise", latex(node), rows, columns, tuple(map(sketch, parts)), sign=sign)
        case Sum():
            return Sketch("sum", latex(node), rows, columns, (sketch(parts[0]),), over=size(typed.over))
    return Sketch("matrix", latex(node), rows, columns)


def _factors(typed: Typed) -> Sketch:
    rows, columns = map(size, typed.shape)
    whole = Sketch("matrix", latex(typed.node), rows, columns)
    if isinstance(typed.node, Quotient):
        top, bottom = typed.parts
        if not is_scalar(bottom.shape):
            return whole
        inner = sketch(top)
        return replace(inner, factor=rf"\frac{{1}}{{{latex(bottom.node)}}} {inner.factor}".strip())
    numbers = " ".join(latex(part.node) for part in typed.parts if is_scalar(part.shape))
    matrices = [part for part in typed.parts if not is_scalar(part.shape)]
    if len(matrices) == 1:
        inner = sketch(matrices[0])
        return replace(inner, factor=f"{numbers} {inner.factor}".strip())
    return replace(whole, kind="product", parts=tuple(map(sketch, matrices)), factor=numbers)


def sketches(findings: Sequence[Finding]) -> tuple[Sketch, ...]:
    """Give a sketch for each side of a chain of claims, for all layers that it speaks of; none for numbers."""
    if not findings or any(finding.left is None or finding.right is None for finding in findings):
        return ()
    if not all(finding.layers for finding in findings):
        sides = chain([(finding.left, finding.right) for finding in findings])
        return () if all(is_scalar(side.shape) for side in sides) else tuple(map(sketch, sides))
    found = []
    for at, (layers, *_) in enumerate(findings[0].layers):
        sides = chain([finding.layers[at][1:] for finding in findings])
        found.append((layers, tuple(map(sketch, sides))))
    return tuple(_general([(layers, one[k]) for layers, one in found]) for k in range(len(found[0][1])))


def _general(at: Sequence[tuple[Mapping[str, int], Sketch]]) -> Sketch:
    """Give one sketch for all layers, from the sketches at each."""

    def text(name: str) -> str:
        return general([(layers, getattr(one, name)) for layers, one in at])

    first = at[0][1]
    parts = tuple(_general([(layers, one.parts[k]) for layers, one in at]) for k in range(len(first.parts)))
    words = {name: text(name) for name in ("label", "rows", "columns", "factor", "over")}
    return replace(first, parts=parts, **words)
