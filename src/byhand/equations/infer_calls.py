"""Shapes of functions and of cases."""

from __future__ import annotations

from byhand.equations.dims import times
from byhand.equations.functions import BY_NAME
from byhand.equations.infer_matrix import square
from byhand.equations.problems import Unfit, Unreadable
from byhand.equations.rules import Shapes, apart, infer, name_of, rule
from byhand.equations.shapes import SCALAR, Sizes, Typed, is_scalar, show, spread
from byhand.equations.tree import Call, Cases, Condition


@rule(Call)
def _call(node: Call, page: Shapes, sizes: Sizes) -> Typed:
    page.check_call(node)
    parts = tuple(infer(argument, page, sizes) for argument in node.arguments)
    row = BY_NAME.get(node.function) if node.layer is None else None
    kind = row.kind if row else "entry"
    wanted = {"pair": 2, "clip": 3}.get(kind, 1)
    if len(parts) != wanted:
        raise Unreadable(node.where, f"{node.spelled or node.function} takes {wanted} argument{'s' * (wanted > 1)}.")
    if node.primes and kind != "entry":
        raise Unreadable(node.where, f"{node.spelled or node.function} has no derivative written with a prime.")
    if node.primes > 2:
        raise Unreadable(node.where, "At most two primes can be read.")
    shape = sizes.shape(parts[0].shape)
    if kind == "pair":
        shape, broadcast = spread(sizes, parts, apart(node.spelled))
        return Typed(node, shape, parts, broadcast)
    if kind == "clip":
        for part in parts[1:]:
            bound = sizes.shape(part.shape)
            if not is_scalar(bound):
                raise Unfit(part.node.where, f"{name_of(part)} is {show(bound)}: a bound is a number.")
        return Typed(node, shape, parts)
    if kind in ("trace", "det"):
        square(node, parts[0], sizes, node.spelled)
        return Typed(node, SCALAR, parts)
    if kind == "vec":
        return Typed(node, (times(*shape), "1"), parts)
    if kind == "diag":
        if "1" not in shape or is_scalar(shape):
            raise Unfit(node.where, f"{name_of(parts[0])} is {show(shape)}: diag takes a column or a row.")
        side = shape[0] if shape[1] == "1" else shape[1]
        return Typed(node, (side, side), parts)
    if kind.startswith("column") and shape[0] == "1":
        raise Unfit(
            node.where, f"{name_of(parts[0])} is {show(shape)}: {node.spelled} runs down columns of several entries."
        )
    if kind == "column-sum":
        return Typed(node, ("1", shape[1]), parts)
    if node.function == "abs" and not node.spelled and not is_scalar(shape):
        raise Unreadable(node.where, r"Bars are for numbers; entry by entry write \operatorname{abs}(…).")
    return Typed(node, shape, parts)


@rule(Condition)
def _condition(node: Condition, page: Shapes, sizes: Sizes) -> Typed:
    parts = infer(node.left, page, sizes), infer(node.right, page, sizes)
    shape, broadcast = spread(sizes, parts, apart("a comparison"))
    return Typed(node, shape, parts, broadcast)


@rule(Cases)
def _cases(node: Cases, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(part, page, sizes) for part in (*node.values, *node.conditions))
    shape, broadcast = spread(sizes, parts, apart("cases"))
    return Typed(node, shape, parts, broadcast)
