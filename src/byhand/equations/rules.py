"""What shape inference asks of a page, and the table of its rules, one for each kind of node."""

from __future__ import annotations

from collections.abc import Callable

from byhand.equations.dims import is_settled
from byhand.equations.latex import latex
from byhand.equations.problems import Unfit, Unreadable
from byhand.equations.shapes import Shape, Sizes, Typed, is_scalar, show
from byhand.equations.tree import (
    Call,
    Derivative,
    Group,
    Identity,
    Node,
    Ones,
    Size,
    Symbol,
)  # fmt: skip


class Shapes:
    """What inference asks of a page: the shape of a symbol, and that a function exists."""

    def shape(self, symbol: Symbol) -> Shape:
        """Rows and columns of a symbol, or `Undefined`."""
        raise NotImplementedError

    def check_call(self, call: Call) -> None:
        """Refuse a function that is neither in the table nor on the page."""
        raise NotImplementedError

    def check_size(self, size: Size) -> None:
        """Refuse a size that no declaration names."""
        raise NotImplementedError

    def check_derivative(self, node: Derivative) -> None:
        """Refuse a derivative by something that the numerator does not depend on."""
        raise NotImplementedError


Rule = Callable[..., Typed]
_RULES: dict[type[Node], Rule] = {}


def rule(*kinds: type[Node]) -> Callable[[Rule], Rule]:
    """Enter a function into the table, for some kinds of node."""

    def enter(function: Rule) -> Rule:
        for kind in kinds:
            _RULES[kind] = function
        return function

    return enter


def infer(node: Node, page: Shapes, sizes: Sizes) -> Typed:
    """Give every node in an expression its shape, or raise the problem that prevents it."""
    return _RULES[type(node)](node, page, sizes)


def finish(typed: Typed, sizes: Sizes) -> Typed:
    """Give the same tree with every unknown size settled."""
    shape = sizes.shape(typed.shape)
    over = sizes.settle(typed.over)
    if not all(is_settled(side) for side in (*shape, over)):
        what = latex(typed.node)
        raise Unreadable(
            typed.node.where,
            f"Nothing here settles the size of {what}.",
            f"Write it as a subscript: {what}_{{n}}." if isinstance(typed.node, Ones | Identity) else "Name its range.",
        )
    node = typed.node
    if isinstance(node, Ones | Identity) and node.size is None and shape[0] == "1":
        raise Unreadable(
            node.where, f"{latex(node)} would have size 1 here, and no size is 1 unless it is declared as 1."
        )
    return Typed(typed.node, shape, tuple(finish(part, sizes) for part in typed.parts), typed.broadcast, over)


def name_of(typed: Typed) -> str:
    """Give the LaTeX of a node, for messages."""
    node = typed.node
    while isinstance(node, Group):
        node = node.part
    return latex(node)


def apart(what: str) -> Callable[[Typed, Typed], Unfit]:
    """Make the message that two shapes are not equal."""

    def fail(left: Typed, right: Typed) -> Unfit:
        where = (min(left.node.where[0], right.node.where[0]), max(left.node.where[1], right.node.where[1]))
        return Unfit(
            where,
            f"{name_of(left)} is {show(left.shape)} and {name_of(right)} is {show(right.shape)}: "
            f"{what} needs equal shapes.",
        )

    return fail


def _scalar(node: Node, page: Shapes, sizes: Sizes, what: str) -> Typed:
    typed = infer(node, page, sizes)
    if not is_scalar(sizes.shape(typed.shape)):
        raise Unfit(node.where, f"{what} is a number, and {name_of(typed)} is {show(sizes.shape(typed.shape))}.")
    return typed
