"""Small edits of a formula: what a slip of the pen does, and what would undo it.

The same edits serve twice: they look for what would mend a wrong claim, and they spoil right claims and
definitions to see whether the check notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from byhand.equations.latex import latex, size_name
from byhand.equations.tree import (
    Add,
    Call,
    Column,
    Derivative,
    Entry,
    Group,
    Hadamard,
    Index,
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
from byhand.equations.walk import children, negate, rebuild

KINDS = (
    "transpose", "factor 1/m", "sign", "factor g'", "sum", "⊙ for the product", "order", "index", "layer", "symbol",
)  # fmt: skip
"""The kinds of edits, in the order in which hints list them."""


@dataclass(frozen=True)
class Edit:
    """One edit: its kind, the whole formula after it, and the part that changed."""

    kind: str
    result: Node
    shown: Node | None
    """The changed part with its nearest product, for the message; None where `words` says it all."""
    words: str = ""
    count: int = 1
    """How many single edits it consists of."""
    before: Node | None = None
    after: Node | None = None
    """The part itself, before and after."""
    path: tuple[int, ...] = ()
    """Where the part stands."""


@dataclass
class Toolbox:
    """What a page offers to edits: its sizes, the activations of its program, and symbols that are easily confused."""

    sizes: tuple[Size, ...] = ()
    activations: tuple[Call, ...] = ()
    alike: dict[str, tuple[Symbol, ...]] = field(default_factory=dict)


def edits(node: Node, box: Toolbox, letters: tuple[str, ...] = (), *, symbols: bool = True) -> Iterator[Edit]:
    """Every single edit of a formula; `letters` are the index letters of the statement."""
    yield from _whole(node, box, letters)
    for path, part in _sites(node):
        for kind, changed in _local(part, box, letters, path, symbols=symbols):
            whole = put(node, path, changed)
            if whole != node and not (kind == "transpose" and _inside_entry(node, path)):
                yield Edit(kind, whole, _around(whole, path, changed), before=part, after=changed, path=path)


def _sites(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    yield path, node
    if isinstance(node, Derivative):
        return  # what a gradient is the gradient of is no slip of the pen
    for number, part in enumerate(children(node)):
        yield from _sites(part, (*path, number))


def _inside_entry(node: Node, path: tuple[int, ...]) -> bool:
    """Say whether a place is the matrix that an entry or column is taken from."""
    for step in path[:-1]:
        node = children(node)[step]
    return bool(path) and isinstance(node, Entry | Column)


def put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    """Replace the part at a path."""
    if not path:
        return new
    parts = list(children(node))
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return rebuild(node, parts)


def _around(whole: Node, path: tuple[int, ...], changed: Node) -> Node:
    """Give the nearest product or sum around a change, which is what a message shows."""
    best, here = changed, whole
    for step in path:
        if isinstance(here, Product | Sum | Entry | Column | Transpose | Call):
            return here
        if isinstance(here, Add | Hadamard | Quotient | Power):
            best = here
        here = children(here)[step]
        if isinstance(here, Product | Sum):
            return here
    return best if isinstance(changed, Number) else changed


def pairs(node: Node, box: Toolbox, letters: tuple[str, ...] = ()) -> Iterator[Edit]:
    """Every two edits, one after the other, of the kinds that come together: transposes, order, 1/m, sums, signs."""
    together = ("transpose", "order", "sum", "sign", "factor 1/m")
    for first in edits(node, box, letters, symbols=False):
        if first.kind in together[:3]:
            for second in edits(first.result, box, letters, symbols=False):
                if second.kind in together and second.result != node:
                    yield Edit(first.kind, second.result, second.result, count=2)


# ---- edits of a whole side


def _whole(node: Node, box: Toolbox, letters: tuple[str, ...]) -> Iterator[Edit]:
    for size in box.sizes:
        words = size_name(size.base, size.layer)
        share = Quotient(Number("1"), size)
        yield Edit("factor 1/m", scale(share, node), None, rf"a factor \frac{{1}}{{{words}}}")
        if not (isinstance(node, Product) and share in node.factors):
            yield Edit("factor 1/m", scale(size, node), None, f"a factor {words}")
    yield Edit("factor 1/m", scale(Quotient(Number("1"), Number("2")), node), None, r"a factor \frac{1}{2}")
    yield Edit("factor 1/m", scale(Number("2"), node), None, "a factor 2")
    yield Edit("sign", negate(node), None, "the opposite sign")
    yield Edit("sum", multiply(node, Ones()), multiply(node, Ones()))
    yield Edit("sum", multiply(Transpose(Ones()), node), multiply(Transpose(Ones()), node))
    yield from (Edit("sum", total, total) for total in _summed(node, letters))
    for call in box.activations:
        factor = Hadamard((*_hadamard_parts(node), replace(call, primes=1)))
        yield Edit("factor g'", factor, factor)


def _summed(node: Node, letters: tuple[str, ...]) -> Iterator[Node]:
    for var in letters:
        if isinstance(node, Product) and isinstance(node.factors[0], Quotient):
            yield Product((node.factors[0], Sum(var, None, None, _product(node.factors[1:]))))
        else:
            yield Sum(var, None, None, node)


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


def _hadamard_parts(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Hadamard) else (_bracket(node),)


def _product(factors: tuple[Node, ...]) -> Node:
    return factors[0] if len(factors) == 1 else Product(factors)


# ---- edits of one part

Change = tuple[str, Node]


def _local(
    part: Node, box: Toolbox, letters: tuple[str, ...], path: tuple[int, ...], *, symbols: bool
) -> Iterator[Change]:
    match part:
        case Transpose(part=inner):
            yield "transpose", inner
        case Symbol() | Column() | Ones() | Derivative():
            yield "transpose", Transpose(part)
        case Group(part=Add() | Product() | Hadamard()):
            yield "transpose", Transpose(part)
        case Product(factors=factors):
            yield from _products(factors, path)
        case Hadamard(factors=factors):
            yield from _hadamards(factors)
        case Add(terms=terms):
            yield from (("sign", Add((*terms[:k], negate(term), *terms[k + 1 :]))) for k, term in enumerate(terms))
            if box.sizes:
                yield from _term_factors(terms, box)
        case Negative(part=inner) if path:
            yield "sign", inner
        case Sum(body=body):
            yield "sum", body
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


def _products(factors: tuple[Node, ...], path: tuple[int, ...]) -> Iterator[Change]:
    for k, factor in enumerate(factors):
        rest = (*factors[:k], *factors[k + 1 :])
        if isinstance(factor, Quotient | Size | Number) and not isinstance(factor, Symbol):
            yield "factor 1/m", _product(rest)
        core = factor.part if isinstance(factor, Transpose) else factor
        if isinstance(core, Ones):
            yield "sum", _product(rest)
    for k in range(len(factors) - 1):
        swapped = (*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :])
        yield "order", Product(swapped)
        hadamard = Hadamard((_product(factors[: k + 1]), _product(factors[k + 1 :])))
        yield "⊙ for the product", Group(hadamard) if path else hadamard
    if len(factors) == 2 or (len(factors) == 3 and isinstance(factors[0], Quotient)):
        head, pair = factors[:-2], factors[-2:]
        yield "transpose", Product((*head, _turn(pair[1]), _turn(pair[0])))


def _turn(node: Node) -> Node:
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
