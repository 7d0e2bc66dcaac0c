"""Shapes of the index form: sums, entries, columns, deltas, derivatives."""

from __future__ import annotations

from byhand.equations.dims import Dim
from byhand.equations.latex import latex
from byhand.equations.problems import Problem, Unfit, Unreadable
from byhand.equations.rules import Shapes, infer, name_of, rule
from byhand.equations.shapes import SCALAR, Sizes, Typed, dim, is_scalar, show
from byhand.equations.tree import (
    Column,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Factors,
    Index,
    Letter,
    Multiple,
    Node,
    Number,
    Size,
    Sum,
)  # fmt: skip


@rule(Sum, Multiple, Extreme)
def _sum(node: Sum, page: Shapes, sizes: Sizes) -> Typed:
    outer = sizes.ranges.pop(node.var, None)
    if isinstance(node.high, Size):
        page.check_size(node.high)
        sizes.ranges[node.var] = dim(node.high)
    elif isinstance(node.high, Number):
        sizes.ranges[node.var] = node.high.text
    elif node.high is not None:
        raise Unreadable(node.where, f"{latex(node.high)} is no size of an index.")
    if node.low is not None and not isinstance(node.low, Number):
        raise Unreadable(node.where, "A sum begins at a number.")
    try:
        body = infer(node.body, page, sizes)
    except Problem as problem:
        if isinstance(problem, Unfit) and "runs over" in str(problem):
            problem.where = (min(node.where[0], problem.where[0]), max(problem.where))
        raise
    over = sizes.ranges.pop(node.var, None)
    if over is None:
        sign = r"\prod" if isinstance(node, Multiple) else r"\sum"
        raise Unreadable(node.where, f"Nothing says how far {node.var} runs: write {sign}_{{{node.var}=1}}^{{…}}.")
    if node.apart is not None:
        _index(node.apart, node, sizes, over)
    if outer is not None:
        sizes.ranges[node.var] = outer
    if isinstance(node, Extreme) and not is_scalar(sizes.shape(body.shape)):
        raise Unreadable(node.where, f"{node.sign}_{node.var} is taken of numbers: write entries after it.")
    if isinstance(node, Multiple) and not is_scalar(sizes.shape(body.shape)):
        raise _ordered(node.body, body, sizes)
    return Typed(node, body.shape, (body,), over=over)


def _ordered(node: Node, part: Typed, sizes: Sizes) -> Unreadable:
    return Unreadable(
        node.where,
        f"{name_of(part)} is {show(sizes.shape(part.shape))}: \\prod multiplies numbers, and matrices have two orders.",
        "Write the factors side by side.",
    )


@rule(Factors)
def _factors(node: Factors, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(factor, page, sizes) for factor in node.factors)
    for part in parts:
        if not is_scalar(sizes.shape(part.shape)):
            raise _ordered(node, part, sizes)
    return Typed(node, SCALAR, parts)


def _index(index: Index, node: Node, sizes: Sizes, size: Dim) -> None:
    if index.offset and index.var is not None:
        raise Unreadable(node.where, "An index of an entry is one letter or a number, without + or −.")
    sizes.range(index, size, node.where)


@rule(Entry)
def _entry(node: Entry, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    rows, columns = sizes.shape(part.shape)
    if is_scalar((rows, columns)):
        raise Unfit(node.where, f"{name_of(part)} is a number and has no entries.")
    if node.column is not None:
        _index(node.row, node, sizes, rows)
        _index(node.column, node, sizes, columns)
    elif columns == "1" or rows == "1":
        _index(node.row, node, sizes, rows if columns == "1" else columns)
    else:
        raise Unfit(node.where, f"{name_of(part)} is {show((rows, columns))}: its entries have two indices.")
    return Typed(node, SCALAR, (part,))


@rule(Column)
def _column(node: Column, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    rows, columns = sizes.shape(part.shape)
    if columns == "1":
        raise Unfit(node.where, f"{name_of(part)} is {show((rows, columns))} and has no column for each example.")
    _index(node.index, node, sizes, columns)
    return Typed(node, (rows, "1"), (part,))


@rule(Delta)
def _delta(node: Delta, page: Shapes, sizes: Sizes) -> Typed:
    both = sizes.unknown()
    _index(node.left, node, sizes, both)
    _index(node.right, node, sizes, both)
    return Typed(node, SCALAR)


@rule(Letter)
def _letter(node: Letter, page: Shapes, sizes: Sizes) -> Typed:
    return Typed(node, SCALAR)


@rule(Derivative)
def _derivative(node: Derivative, page: Shapes, sizes: Sizes) -> Typed:
    top, bottom = infer(node.top, page, sizes), infer(node.bottom, page, sizes)
    page.check_derivative(node)
    over, under = sizes.shape(top.shape), sizes.shape(bottom.shape)
    parts = (top, bottom)
    if node.form in ("second", "square") and not (is_scalar(over) and is_scalar(under)):
        name = name_of(bottom)
        raise Unreadable(
            node.where,
            f"{name} is {show(under)}: second derivatives are taken by entries.",
            f"Write \\frac{{\\partial^2 J}}{{\\partial {name}_j \\partial {name}_k}}; for columns the matrix of all of "
            f"them is \\frac{{\\partial^2 J}}{{\\partial {name} \\, \\partial {name}^\\top}}.",
        )
    if node.form == "hessian" and not (over[1] == under[1] == "1" and "1" not in (over[0], under[0])):
        raise Unreadable(
            node.where, "\\partial^2 J over \\partial w \\, \\partial w^\\top needs a number J and columns below."
        )
    if is_scalar(over):
        return Typed(node, under, parts)
    if is_scalar(under):
        return Typed(node, over, parts)
    if over[1] == "1" and under[1] == "1":
        return Typed(node, (over[0], under[0]), parts)
    raise Unreadable(
        node.where,
        f"{name_of(top)} is {show(over)} and {name_of(bottom)} is {show(under)}: their derivative has four indices.",
        "Write it for entries, as in \\frac{\\partial z_k}{\\partial a_j}, or differentiate a number.",
    )
