"""Small edits of a formula: what a slip of the pen does, and what would undo it.

The same edits serve twice: they look for what would mend a wrong claim, and they spoil right claims and
definitions to see whether the check notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from byhand.equations.latex import latex, size_name
from byhand.equations.slips import Toolbox, changes, hadamard_parts, multiply, product_of, scale
from byhand.equations.tree import (
    Add,
    Blocks,
    Call,
    Column,
    Derivative,
    Entry,
    Hadamard,
    Kronecker,
    Negative,
    Node,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
)  # fmt: skip
from byhand.equations.walk import negate, rebuild

KINDS = (
    "transpose", "factor 1/m", "sign", "factor g'", "sum", "⊙ for the product", "order", "index", "layer", "symbol",
    "relation", "brace",
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
    repeats: bool = False
    """Whether the claim only repeats a definition after it."""


def edits(node: Node, box: Toolbox, letters: tuple[str, ...] = (), *, symbols: bool = True) -> Iterator[Edit]:
    """Every single edit of a formula; `letters` are the index letters of the statement."""
    yield from _whole(node, box, letters)
    for path, part in sites(node):
        for kind, changed in changes(part, box, letters, path, symbols=symbols):
            whole = put(node, path, changed)
            if whole != node and not (
                kind == "transpose" and (_inside_entry(node, path) or _twice(node, path, changed))
            ):
                yield Edit(kind, whole, _around(whole, path, changed), before=part, after=changed, path=path)


def sites(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Go through the parts of a formula that may hold a slip, each with its place."""
    yield path, node
    if isinstance(node, Derivative):
        return  # what a gradient is the gradient of is no slip of the pen
    for number, part in enumerate(node.children):
        yield from sites(part, (*path, number))


def _inside_entry(node: Node, path: tuple[int, ...]) -> bool:
    """Say whether a place is the matrix that an entry or column is taken from."""
    for step in path[:-1]:
        node = node.children[step]
    return bool(path) and isinstance(node, Entry | Column)


def _twice(node: Node, path: tuple[int, ...], changed: Node) -> bool:
    """Say whether a transpose is put under another one, which is a long way to take that one off."""
    for step in path[:-1]:
        node = node.children[step]
    return bool(path) and isinstance(node, Transpose) and isinstance(changed, Transpose)


def put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    """Replace the part at a path."""
    if not path:
        return new
    parts = list(node.children)
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return rebuild(node, parts)


def _around(whole: Node, path: tuple[int, ...], changed: Node) -> Node:
    """Give the nearest product or sum around a change, with its minus sign, which is what a message shows."""
    best, here = changed, whole
    above: Node | None = None
    for step in path:
        if isinstance(here, Product | Kronecker | Sum | Entry | Column | Transpose | Call):
            return here
        if isinstance(here, Add | Blocks | Hadamard | Quotient | Power):
            best = here
        above, here = here, here.children[step]
        if isinstance(here, Product | Kronecker | Sum):
            return above if isinstance(above, Negative) else here
    return best if isinstance(changed, Number) else changed


def pairs(node: Node, box: Toolbox, letters: tuple[str, ...] = ()) -> Iterator[Edit]:
    """Every two edits, one after the other, of the kinds that come together: transposes, order, 1/m, sums, signs."""
    together = ("transpose", "order", "sum", "sign", "factor 1/m")
    for first in edits(node, box, letters, symbols=False):
        if first.kind in together[:3]:
            for second in edits(first.result, box, letters, symbols=False):
                if second.kind in together and second.result != node and r"\top\top" not in latex(second.result):
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
        factor = Hadamard((*hadamard_parts(node), replace(call, primes=1)))
        yield Edit("factor g'", factor, factor)


def _summed(node: Node, letters: tuple[str, ...]) -> Iterator[Node]:
    for var in letters:
        if isinstance(node, Product) and isinstance(node.factors[0], Quotient):
            yield Product((node.factors[0], Sum(var, None, None, product_of(node.factors[1:]))))
        else:
            yield Sum(var, None, None, node)
