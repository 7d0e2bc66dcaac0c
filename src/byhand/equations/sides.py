"""The two sides of a claim: their shapes, which must agree, and what messages call them."""

from __future__ import annotations

from byhand.equations.dims import atoms, is_settled
from byhand.equations.expand import is_zero
from byhand.equations.indices import bound
from byhand.equations.infer import finish, infer
from byhand.equations.latex import latex
from byhand.equations.problems import Unfit, Unreadable
from byhand.equations.program import Program
from byhand.equations.shapes import Sizes, Typed, dim, show
from byhand.equations.tree import Group, Node


def shapes(
    sides: tuple[Node, Node], program: Program, ranges: dict[str, Node] | None = None, *, any_range: bool = False
) -> tuple[Typed, Typed, Sizes]:
    """Both sides with their shapes, which must agree; 0 agrees with everything.

    Each index needs a range; with `any_range`, those that only δ or I bear may run as far as they like.
    """
    sizes = Sizes()
    for var, size in (ranges or {}).items():
        sizes.ranges[var] = dim(size)
    left, right = infer(sides[0], program, sizes), infer(sides[1], program, sizes)
    for var in (*sizes.ranges, *bound(*sides)):
        if var in program.all_sizes():
            raise Unreadable(span_of(sides), f"{var} is a size on this page, and an index here: use another letter.")
    one, other = sizes.shape(left.shape), sizes.shape(right.shape)
    zero = is_zero(sides[0]) or is_zero(sides[1])
    if not zero and not (sizes.same(one[0], other[0]) and sizes.same(one[1], other[1])):
        raise Unfit(
            span_of(sides),
            f"{side_name(sides[0])} is {show(one)} and {side_name(sides[1])} is {show(other)}: "
            "the two sides need equal shapes.",
        )
    for var, length in sizes.ranges.items():
        if any_range:
            sizes.same(length, "5")
        elif not is_settled(sizes.settle(length)):
            raise Unreadable(
                span_of(sides), f"Nothing says how far {var} runs.", f"Write it: \\quad {var} = 1, \\dots, n."
            )
    if any_range:
        settle_all((left, right), sizes)
    return finish(left, sizes), finish(right, sizes), sizes


def settle_all(sides: tuple[Typed, ...], sizes: Sizes) -> None:
    r"""Give every size that nothing settles, as of a \mathbf{1} between numbers, one and the same value."""
    for side in sides:
        for part in (*sizes.shape(side.shape), sizes.settle(side.over)):
            for unknown in atoms(part):
                if isinstance(unknown, int):
                    sizes.same(unknown, "5")
        settle_all(side.parts, sizes)


def side_name(node: Node) -> str:
    """Give a side as a message calls it."""
    while isinstance(node, Group):
        node = node.part
    text = latex(node)
    return text if len(text) < 60 else "one side"


def span_of(sides: tuple[Node, Node]) -> tuple[int, int]:
    """Give the place of both sides in their statement."""
    return sides[0].where[0], max(sides[0].where[1], sides[1].where[1])
