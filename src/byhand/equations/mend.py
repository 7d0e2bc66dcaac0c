"""What would mend a claim that fails: single small edits, tried at every size and seed; all that work are listed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from byhand.equations.check import Judged, judge_layers
from byhand.equations.court import Court
from byhand.equations.edits import KINDS, Edit, edits, pairs, put, sites
from byhand.equations.indices import check_sides
from byhand.equations.judge import judge_pair
from byhand.equations.latex import latex
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.sentences import Claim, Definition
from byhand.equations.shapes import show
from byhand.equations.sides import shapes
from byhand.equations.slips import Toolbox, turned_product
from byhand.equations.toolbox import toolbox as toolbox
from byhand.equations.tree import (
    Annotated,
    Call,
    Derivative,
    Group,
    Hadamard,
    Index,
    Node,
    Ones,
    Product,
    Symbol,
    Transpose,
)
from byhand.equations.walk import bind, letters_of, strip_groups

TRIED = 800
"""Most edits that are tried for one claim; pairs of edits count too."""
BUDGET = 8.0
"""Seconds after which looking for hints stops in any case."""
LISTED = 4
"""Most hints that a message lists."""


def mend(judged: Judged, page: Page, box: Toolbox) -> tuple[Edit, ...]:
    """All single edits that make a failing claim hold; those of the right side first.

    An edit after which the claim repeats a definition is kept only where no other makes it hold.
    """
    item = judged.item
    pair = _failing(judged)
    if pair is None:
        return ()
    deadline = time.process_time() + BUDGET
    benches = page.courts(item.fence)
    left, right = pair
    sides = sorted(((right, False), (left, True)), key=lambda side: _plain(side[0]))
    letters = letters_of(left, right)
    box = _lifted(box, item)
    tried = 0
    for search in (_singles, pairs):
        repeating: list[Edit] = []
        for side, turned in sides:
            found: list[Edit] = []
            for edit in search(side, box, letters):
                tried += 1
                if tried > TRIED or len(found) >= LISTED or time.process_time() > deadline:
                    break
                new = (edit.result, right) if turned else (left, edit.result)
                if any(latex(edit.result) == latex(other.result) for other in found):
                    continue
                outcome = tried_out(new, page, item, benches)
                if outcome == "holds":
                    found.append(edit)
                elif outcome == "repeats" and edit.count == 1:
                    repeating.append(replace(edit, repeats=True))
            if found:
                return _without_twins(found, judged, page)
        if repeating:
            return _without_twins(repeating[:LISTED], judged, page)
    return ()


def _singles(side: Node, box: Toolbox, letters: tuple[str, ...]) -> list[Edit]:
    """Give every single edit, by kinds; a sum of ones is no way to write the number 1."""
    found = [edit for edit in edits(side, box, letters) if not _stretches_ones(edit)]
    return sorted([*found, *_turned(side), *_unbraced(side)], key=lambda edit: KINDS.index(edit.kind))


def _stretches_ones(edit: Edit) -> bool:
    """Whether an edit multiplies entry by entry with ones, which says nothing that leaving them out does not say."""
    after = strip_groups(edit.after) if edit.after is not None else None
    if not isinstance(after, Hadamard):
        return False
    cores = [part.part if isinstance(part, Transpose) else part for part in after.factors]
    return any(isinstance(core, Ones) for core in cores)


def _turned(side: Node) -> Iterator[Edit]:
    """Give the transpose of each product of three and more factors, written out: order and transposes are one slip."""
    for path, part in sites(side):
        if isinstance(part, Product) and len(part.factors) > 2 and (new := turned_product(part.factors)) is not None:
            yield Edit("transpose", put(side, path, new), new, before=part, after=new, path=path)


def _unbraced(side: Node) -> Iterator[Edit]:
    """Take each brace away; where that mends the claim, the shape under the brace is what is wrong."""
    for path, part in sites(side):
        if isinstance(part, Annotated):
            yield Edit(BRACE, put(side, path, part.part), part.part, before=part, after=part.part, path=path)


BRACE = "brace"


def _without_twins(found: list[Edit], judged: Judged, page: Page) -> tuple[Edit, ...]:
    """Leave out the transpose of a bracket if the product in it, transposed, is a hint, and transposes of numbers."""
    benches = page.courts(judged.item.fence)

    def twin(edit: Edit) -> bool:
        longer = (other for other in found if other.kind == edit.kind and len(other.path) > len(edit.path))
        if isinstance(edit.after, Transpose):
            return any(other.path[: len(edit.path)] == edit.path for other in longer)
        factors = edit.after.factors if isinstance(edit.after, Product) else ()
        turned = [
            one.part for one in factors if isinstance(one, Transpose) and one not in getattr(edit.before, "factors", ())
        ]
        return any(_shape_of(judged, part, page, benches) == "a scalar" for part in turned)

    return tuple(edit for edit in found if not twin(edit)) or tuple(found)


def _lifted(box: Toolbox, item: Item) -> Toolbox:
    r"""Give the toolbox of a statement about layer l: what a page does at layers 1, 2, … it does at layer l."""
    if item.read is None or item.read.layers is None:
        return box
    letter = Index(item.read.layers.var)

    def lift(symbol: Node) -> Node:
        layer = getattr(symbol, "layer", None)
        return replace(symbol, layer=letter) if isinstance(layer, Index) and layer.var is None else symbol  # type: ignore[call-arg]

    calls: dict[str, Call] = {}
    for call in box.activations:
        argument = strip_groups(call.arguments[0])
        own = getattr(argument, "layer", None)
        if own is not None and call.layer in (None, own):
            lifted = replace(call, layer=letter if call.layer is not None else None, arguments=(Group(lift(argument)),))
            calls[latex(lifted)] = lifted
    return replace(box, activations=(*calls.values(), *box.activations))


def _plain(node: Node) -> bool:
    while isinstance(node, Group):
        node = node.part
    return isinstance(node, Symbol | Derivative)


def _failing(judged: Judged) -> tuple[Node, Node] | None:
    sentence = judged.item.sentence
    if judged.pairs:
        return next((p for p, f in zip(judged.pairs, judged.findings, strict=False) if f is judged.failed), None)
    if isinstance(sentence, Claim) and judged.item.problem is None:  # refused for its indices
        return sentence.sides[0], sentence.sides[1]
    if isinstance(sentence, Definition) and sentence.claims and judged.item.problem is None:
        return sentence.body, sentence.claims[0]
    return None


def tried_out(
    pair: tuple[Node, Node], page: Page, item: Item, benches: list[Court], *, feel: bool = True
) -> Literal["holds", "repeats", "fails"]:
    """Say whether a changed claim holds, or only repeats a definition; one fixture is enough to see that it fails."""
    if fails_at_once(pair, page, item, benches):
        return "fails"
    try:
        bound = _at_first(pair, page, item, benches)
        if benches[0].same(*bound):
            one, other = (latex(strip_groups(side)) for side in bound)
            return "repeats" if one != other else "fails"
        return "holds" if judge_layers(pair, page, item, benches, {}, feel=feel).verdict == "holds" else "fails"
    except Problem:
        return "fails"


def fails_at_once(pair: tuple[Node, Node], page: Page, item: Item, benches: list[Court]) -> bool:
    """Whether a changed claim fails at the first fixture; what is untested there may be tested at a later one."""
    try:
        bound = _at_first(pair, page, item, benches)
        check_sides(bound)
    except Problem:
        return True
    return judge_pair(bound, benches[:1], seeds=1, feel=False).verdict not in ("holds", "untested")


def _at_first(pair: tuple[Node, Node], page: Page, item: Item, benches: list[Court]) -> tuple[Node, Node]:
    first = bindings(item, benches[0].program.depth, page.names.depth)[0]
    return bind(pair[0], first), bind(pair[1], first)


def sentences(judged: Judged, page: Page, found: tuple[Edit, ...]) -> tuple[str, ...]:
    """Give the hints as sentences: “It would hold with …”."""
    item = judged.item
    benches = page.courts(item.fence)
    lines = []
    for edit in found:
        if edit.shown is None:
            lines.append(f"It would hold with {edit.words}.")
            continue
        if edit.kind == BRACE:
            lines.append(f"It would hold with {_shape_of(judged, edit.shown, page, benches)} under the brace.")
            continue
        like = _like(judged, edit, page, benches) if judged.verdict == "does-not-fit" else ""
        shown = edit.shown
        while isinstance(shown, Group):
            shown = shown.part
        repeats = ", as the definition says" if edit.repeats else like
        lines.append(f"It would hold with {latex(shown)}{repeats}.")
    return tuple(lines)


def _shape_of(judged: Judged, part: Node, page: Page, benches: list[Court]) -> str:
    """Give the shape of a part, of which is known that it has one."""
    program = benches[0].program
    bound = bind(part, bindings(judged.item, program.depth, page.names.depth)[0])
    return show(shapes((bound, bound), program)[0].shape)


def _like(judged: Judged, edit: Edit, page: Page, benches: list[Court]) -> str:
    """Give the shape of the mended part, and the other side if it has the same."""
    pair = _failing(judged)
    if pair is None or edit.shown is None:
        return ""
    program = benches[0].program
    try:
        values = bindings(judged.item, program.depth, page.names.depth)[0]
        shown, other = bind(edit.shown, values), bind(pair[0], values)
        part = shapes((shown, shown), program)[0].shape
        whole = shapes((other, other), program)[0].shape
    except Problem:
        return ""
    return f", which is {show(part)}" + (f" like {latex(pair[0])}" if part == whole else "")
