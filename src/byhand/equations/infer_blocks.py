"""Shapes of matrices that are written out in blocks."""

from __future__ import annotations

from byhand.equations.dims import Dim, plus
from byhand.equations.problems import Unfit
from byhand.equations.rules import Shapes, infer, name_of, rule
from byhand.equations.shapes import Sizes, Typed, show, show_dim
from byhand.equations.tree import Blocks, Node, Number


def is_zero_block(node: Node) -> bool:
    """Whether a block is a written 0, which is as large as its neighbours ask."""
    return isinstance(node, Number) and node.text == "0"


@rule(Blocks)
def _blocks(node: Blocks, page: Shapes, sizes: Sizes) -> Typed:
    parts = []
    for part in node.parts:
        zero = is_zero_block(part)
        parts.append(Typed(part, (sizes.unknown(), sizes.unknown())) if zero else infer(part, page, sizes))
    grid = [parts[k : k + node.across] for k in range(0, len(parts), node.across)]
    heights = [_common(row, 0, sizes) for row in grid]
    widths = [_common([row[k] for row in grid], 1, sizes) for k in range(node.across)]
    return Typed(node, (plus(*heights), plus(*widths)), tuple(parts))


def _common(parts: list[Typed], axis: int, sizes: Sizes) -> Dim:
    """Give the rows that blocks side by side share, or the columns that blocks in one column share."""
    first = parts[0]
    for part in parts[1:]:
        one, other = sizes.settle(first.shape[axis]), sizes.settle(part.shape[axis])
        if not sizes.same(one, other):
            where = (min(first.node.where[0], part.node.where[0]), max(first.node.where[1], part.node.where[1]))
            needed = "side by side need equal rows" if axis == 0 else "one above the other need equal columns"
            raise Unfit(
                where,
                f"{name_of(first)} is {show(sizes.shape(first.shape))} and "
                f"{name_of(part)} is {show(sizes.shape(part.shape))}: "
                f"blocks {needed}, {show_dim(one)} = {show_dim(other)}.",
            )
    return sizes.settle(first.shape[axis])
