"""The slips of the pen in one part of a formula: the local half of the small edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from byhand.equations.latex import latex
from byhand.equations.tree import (
    Add,
    Blocks,
    Call,
    Cases,
    Column,
    Derivative,
    Entry,
    Group,
    Hadamard,
    Index,
    Kronecker,
    Negative,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Size,
    Sum,
    Symbol,
    Transpose,
)  # fmt: skip
from byhand.equations.walk import negate


@dataclass
class Toolbox:
    """What a page offers to edits: its sizes, the activations of its program, and symbols that are easily confused."""

    sizes: tuple[Size, ...] = ()
    activations: tuple[Call, ...] = ()
    alike: dict[str, tuple[Symbol, ...]] = field(default_factory=dict)
    kin: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same at layer l: the names that are easily confused at one layer."""


def scale(factor: Node, node: Node) -> Node:
    """Multiply by a number in front."""
    if isinstance(node, Negative):
        return Negative(scale(factor, node.part))
    if isinstance(node, Product):
        return Product((factor, *node.factors))
    return Product((factor, _bracket(node)))


def multiply(*nodes: Node) -> Node:
    """Give a product, with brackets where they are needed."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.factors if isinstance(node, Product) else [_bracket(node)])
    return Product(tuple(flat))


def _bracket(node: Node) -> Node:
    return Group(node) if isinstance(node, Add | Negative | Hadamard | Quotient) and not _is_fraction(node) else node


def _is_fraction(node: Node) -> bool:
    return isinstance(node, Quotient) and not node.slash


def hadamard_parts(node: Node) -> tuple[Node, ...]:
    """Give the factors of a product entry by entry."""
    return node.factors if isinstance(node, Hadamard) else (_bracket(node),)


def product_of(factors: tuple[Node, ...]) -> Node:
    """Make a product, or give the one factor itself."""
    return factors[0] if len(factors) == 1 else Product(factors)


Change = tuple[str, Node]
_OTHERS = {">": (">=", "<"), ">=": (">", "<="), "<": ("<=", ">"), "<=": ("<", ">=")}
"""Relations that are easily confused in a condition."""


def changes(
    part: Node, box: Toolbox, letters: tuple[str, ...], path: tuple[int, ...], *, symbols: bool
) -> Iterator[Change]:
    """Go through the edits of one part of a formula."""
    match part:
        case Transpose(part=inner):
            yield "transpose", inner
        case Symbol() | Column() | Ones() | Derivative():
            yield "transpose", Transpose(part)
        case Group(part=Add() | Product() | Hadamard()):
            yield "transpose", Transpose(part)
        case Product(factors=factors):
            yield from _products(factors, path)
        case Blocks(parts=parts, across=across):
            ways = [k for k in range(len(parts) - 1) if (k + 1) % across or across == 1]
            yield from (("order", replace(part, parts=_swapped(parts, k))) for k in ways)
            if across in (1, len(parts)) and len(parts) > 1:
                yield "order", replace(part, across=len(parts) // across)
        case Kronecker(factors=factors):
            yield from (("order", Kronecker(_swapped(factors, k))) for k in range(len(factors) - 1))
        case Hadamard(factors=factors):
            yield from _hadamards(factors)
        case Add(terms=terms):
            yield from (("sign", Add((*terms[:k], negate(term), *terms[k + 1 :]))) for k, term in enumerate(terms))
            if box.sizes:
                yield from _term_factors(terms, box)
        case Negative(part=inner) if path:
            yield "sign", inner
        case Sum(body=body, apart=apart):
            yield "sum", body
            if apart is not None:
                yield "index", replace(part, apart=None, limits="")
        case Cases(conditions=conditions):
            for k, one in enumerate(conditions):
                for relation in _OTHERS.get(one.relation, ()):
                    new = (*conditions[:k], replace(one, relation=relation), *conditions[k + 1 :])
                    yield "relation", replace(part, conditions=new)
        case Call(primes=primes) if part.arguments and len(part.arguments) == 1:
            yield "factor g'", replace(part, primes=1 - min(primes, 1))
        case Quotient(top=Number(text="1"), bottom=Size()) if not path:
            yield "factor 1/m", Number("1")
        case Power(base=base, exponent=Number()):
            yield "factor g'", base
            yield "⊙ for the product", Group(Hadamard((base, base)))
    yield from _marks(part, letters)
    if symbols and isinstance(part, Symbol):
        yield from (("symbol", other) for other in box.alike.get(latex(part), ()))
        if part.layer is not None and part.layer.var is not None:
            yield from (("symbol", replace(part, base=base, spelled="")) for base in box.kin.get(part.base, ()))


def _products(factors: tuple[Node, ...], path: tuple[int, ...]) -> Iterator[Change]:
    for k, factor in enumerate(factors):
        rest = (*factors[:k], *factors[k + 1 :])
        if isinstance(factor, Quotient | Size | Number) and not isinstance(factor, Symbol):
            yield "factor 1/m", product_of(rest)
        core = factor.part if isinstance(factor, Transpose) else factor
        if isinstance(core, Ones):
            yield "sum", product_of(rest)
    for k in range(len(factors) - 1):
        yield "order", Product(_swapped(factors, k))
        hadamard = Hadamard((product_of(factors[: k + 1]), product_of(factors[k + 1 :])))
        yield "⊙ for the product", Group(hadamard) if path else hadamard
    turned = turned_product(factors)
    if turned is not None and len(factors) - _numbers(factors) == 2:
        yield "transpose", turned


def turned_product(factors: tuple[Node, ...]) -> Node | None:
    """Give the transpose of a product behind the numbers in front of it: B^T A^T for A B."""
    numbers = _numbers(factors)
    if len(factors) - numbers < 2:
        return None
    return Product((*factors[:numbers], *(turn(factor) for factor in reversed(factors[numbers:]))))


def _numbers(factors: tuple[Node, ...]) -> int:
    """Count the numbers in front of a product, such as 2, m or a fraction."""
    return next((k for k, one in enumerate(factors) if not isinstance(one, Quotient | Number | Size)), len(factors))


def _swapped(parts: tuple[Node, ...], k: int) -> tuple[Node, ...]:
    """Exchange a part with the next one."""
    return (*parts[:k], parts[k + 1], parts[k], *parts[k + 2 :])


def turn(node: Node) -> Node:
    """Give the transpose, and the matrix itself for its transpose."""
    return node.part if isinstance(node, Transpose) else Transpose(node)


def _hadamards(factors: tuple[Node, ...]) -> Iterator[Change]:
    for k in range(len(factors) - 1):
        joined = multiply(factors[k], factors[k + 1])
        rest = (*factors[:k], joined, *factors[k + 2 :])
        yield "⊙ for the product", rest[0] if len(rest) == 1 else Hadamard(rest)
    for k, factor in enumerate(factors):
        inner = factor.part if isinstance(factor, Group) else factor
        if isinstance(inner, Call | Add):
            rest = (*factors[:k], *factors[k + 1 :])
            yield "factor g'", rest[0] if len(rest) == 1 else Hadamard(rest)


def _term_factors(terms: tuple[Node, ...], box: Toolbox) -> Iterator[Change]:
    for k, term in enumerate(terms):
        for size in box.sizes:
            changed = scale(Quotient(Number("1"), size), term)
            yield "factor 1/m", Add((*terms[:k], changed, *terms[k + 1 :]))


def _marks(part: Node, letters: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(part, Entry):
        if part.column is not None:
            yield "index", replace(part, row=part.column, column=part.row)
        for name in ("row", "column"):
            old = getattr(part, name)
            if old is not None:
                yield from (("index", replace(part, **{name: Index(v)})) for v in letters if v != old.var)  # type: ignore[arg-type]
    if isinstance(part, Column):
        yield from (("index", replace(part, index=Index(var))) for var in letters if var != part.index.var)
    if isinstance(part, Symbol | Call) and part.layer is not None:
        for step in (-1, 1):
            yield "layer", replace(part, layer=Index(part.layer.var, part.layer.offset + step))
