"""Why a spoiled formula may still hold: a closed set of reasons, each verified again by evaluation."""

from __future__ import annotations

from byhand.equations.court import Court
from byhand.equations.edits import Edit
from byhand.equations.expand import is_zero
from byhand.equations.indices import bound
from byhand.equations.infer import infer
from byhand.equations.judge import same_value
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.program import Program
from byhand.equations.shapes import Sizes, is_scalar
from byhand.equations.slips import turn
from byhand.equations.tree import (
    Call,
    Cases,
    Delta,
    Entry,
    Group,
    Hadamard,
    Identity,
    Index,
    Node,
    Norm,
    Number,
    Product,
    Sum,
)
from byhand.equations.walk import bind, strip_groups, walk

REASONS = (
    "transpose of a number",
    "numbers commute",
    "a product with a number",
    "a symmetric factor",
    "a multiple of 0",
    "factors of one value",
    "det, tr and norms do not see a transpose or the order",
    "diag and vec take a column or a row alike",
    "the letters of a sum may change places",
    "δ makes its indices equal",
    "a matrix commutes with its inverse",
    "zeros and ones, taken twice",
    "a factor 1",
    "no value lies on the border",
)
"""Why a spoiled claim may still hold: a closed set."""


def reason_of(edit: Edit, side: Node, other: Node | None, item: Item, page: Page, benches: list[Court]) -> str:
    """Find the reason why a mutant is equal, verified by comparing a part of it with what it was."""
    nothing = is_zero(side) or (other is not None and is_zero(other))
    if nothing and edit.kind in ("factor 1/m", "sign", "transpose", "sum"):
        return "a multiple of 0"
    if isinstance(other, Identity) and edit.kind in ("order", "transpose"):
        return "a matrix commutes with its inverse"
    values = bindings(item, benches[0].program.depth, page.names.depth)[0]
    if edit.before is None or edit.after is None:
        return "zeros and ones, taken twice" if _is_mask_again(edit, values, benches) else ""
    program = benches[0].program
    layers = _layers_around(side, edit, values)
    if layers and all(_same((edit.before, edit.after), {**values, **here}, benches) for here in layers):
        return _plain_reason(edit, edit.before, edit.after, {**values, **layers[0]}, benches)
    for old, new in _around(side, edit):
        if edit.kind == "transpose" and _is_turned(bind(old, values), bind(new, values), program):
            reason = "transpose of a number"
        elif isinstance(old, Call) and old.function in ("diag", "vec") and edit.kind == "transpose":
            reason = "diag and vec take a column or a row alike"
        elif isinstance(old, Sum) and _exchanged(edit, old):
            reason = "the letters of a sum may change places"
        elif _is_blind(old) and edit.kind in ("transpose", "order"):
            reason = "det, tr and norms do not see a transpose or the order"
        elif edit.kind == "index" and (_names_delta(old) or _vanishes_elsewhere(edit, old, new, values, benches)):
            reason = "δ makes its indices equal"
        else:
            continue
        if _same((old, new), values, benches):
            return reason
    return ""


def _plain_reason(edit: Edit, was: Node, now: Node, values: dict[str, int], benches: list[Court]) -> str:
    """Say why a part has the same value after an edit, which is known."""
    before, program = bind(was, values), benches[0].program
    if edit.kind == "transpose":
        return "transpose of a number" if _is_number(before, program) else "a symmetric factor"
    if edit.kind == "order" and isinstance(before, Product):
        return "numbers commute" if _numbers(before.factors, program) else "factors of one value"
    if edit.kind == "⊙ for the product":
        return "a product with a number" if _numbers(_factors(before), program) else "factors of one value"
    if edit.kind == "factor 1/m":
        left_out = [factor for factor in _factors(was) if factor not in _factors(now)]
        return "a factor 1" if any(_same((one, Number("1")), values, benches) for one in left_out) else ""
    if edit.kind == "relation":
        return "no value lies on the border" if _same_direction(edit) else ""
    return "factors of one value" if edit.kind in ("order", "index", "layer", "factor g'") else ""


def _same(sides: tuple[Node, Node], values: dict[str, int], benches: list[Court]) -> bool:
    return same_value((bind(sides[0], values), bind(sides[1], values)), benches)


def _layers_around(side: Node, edit: Edit, values: dict[str, int]) -> list[dict[str, int]]:
    """Give every value of the layer letters that sums around an edit bind; one empty choice if there are none."""
    choices: list[dict[str, int]] = [{}]
    for old, _ in _around(side, edit):
        if not isinstance(old, Sum) or edit.before is None or not _has_layer(edit.before, old.var):
            continue
        low, high = (bind(limit, values) if limit is not None else None for limit in (old.low, old.high))
        if not (isinstance(low, Number) and isinstance(high, Number)):
            return []
        numbers = range(int(low.text), int(high.text) + 1)
        choices = [{**one, old.var: number} for one in choices for number in numbers]
    return choices


def _has_layer(node: Node, var: str) -> bool:
    return any(layer.var == var for part in walk(node) if (layer := getattr(part, "layer", None)) is not None)


def _is_turned(old: Node, new: Node, program: Program) -> bool:
    """Whether a product is a number, and the other is its transpose: x^T S^T x for x^T S x."""
    if not (isinstance(old, Product) and isinstance(new, Product) and _is_number(old, program)):
        return False
    one, other = ([f for f in node.factors if not _is_number(f, program)] for node in (old, new))
    return [strip_groups(turn(factor)) for factor in reversed(other)] == [strip_groups(factor) for factor in one]


def _is_blind(node: Node) -> bool:
    return isinstance(node, Norm) or (isinstance(node, Call) and node.function in (r"\det", "tr"))


def _names_delta(node: Node) -> bool:
    return isinstance(node, Product | Sum) and any(isinstance(part, Delta) for part in walk(node))


def _vanishes_elsewhere(edit: Edit, old: Node, new: Node, values: dict[str, int], benches: list[Court]) -> bool:
    """Whether the other factors are 0 unless the old and the new index are equal: they may be multiplied by their δ."""
    changed = _changed_index(edit)
    if changed is None or not (isinstance(old, Product) and isinstance(new, Product)):
        return False
    others = tuple(one for one, other in zip(old.factors, new.factors, strict=False) if one == other)
    if not others or len(others) == len(old.factors) or len(old.factors) != len(new.factors):
        return False
    return _same((Product((Delta(*changed), *others)), Product(others)), values, benches)


def _changed_index(edit: Edit) -> tuple[Index, Index] | None:
    """Give the one index that an edit of an entry or column changes, before and after."""
    names = ("row", "column") if isinstance(edit.before, Entry) else ("index",)
    pairs = [(getattr(edit.before, name, None), getattr(edit.after, name, None)) for name in names]
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    if len(changed) != 1:
        return None
    old, new = changed[0]
    return (old, new) if isinstance(old, Index) and isinstance(new, Index) else None


def _same_direction(edit: Edit) -> bool:
    """Whether ≥ was put for > or > for ≥, and not the other direction."""
    before, after = edit.before, edit.after
    if not (isinstance(before, Cases) and isinstance(after, Cases)):
        return False
    return [one.relation[0] for one in before.conditions] == [one.relation[0] for one in after.conditions]


def _is_mask_again(edit: Edit, values: dict[str, int], benches: list[Court]) -> bool:
    """Say whether one more factor g' is its own square, and an older factor is 0 where it is 0: both by computing."""
    if edit.kind != "factor g'" or not isinstance(edit.result, Hadamard):
        return False
    *older, mask = (bind(factor, values) for factor in edit.result.factors)
    return same_value((Hadamard((mask, mask)), mask), benches) and any(
        same_value((Hadamard((factor, mask)), factor), benches) for factor in older
    )


def _exchanged(edit: Edit, over: Sum) -> bool:
    """Whether an edit exchanges the two letters of an entry, both bound by sums from `over` inwards."""
    old, new = edit.before, edit.after
    if not (isinstance(old, Entry) and isinstance(new, Entry) and (old.row, old.column) == (new.column, new.row)):
        return False
    return {index.var for index in (old.row, old.column) if index is not None} <= bound(over)


def _around(side: Node, edit: Edit) -> list[tuple[Node, Node]]:
    """Give the parts around an edit, innermost first, before and after it."""
    found = []
    old, new = side, edit.result
    for step in edit.path:
        found.append((old, new))
        old, new = old.children[step], new.children[step]
    return found[::-1]


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Product | Hadamard) else (node,)


def _is_number(node: Node, program: Program) -> bool:
    sizes = Sizes()
    try:
        return is_scalar(sizes.shape(infer(node, program, sizes).shape))
    except Problem:
        return False


def _numbers(factors: tuple[Node, ...], program: Program) -> bool:
    return any(_is_number(factor.part if isinstance(factor, Group) else factor, program) for factor in factors)
