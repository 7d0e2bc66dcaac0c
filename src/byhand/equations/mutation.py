"""Mutation of mathematics: every claim that holds is spoiled by the small edits, and the check must notice.

A mutant that still holds is either equal for a reason from a closed set, which is verified again by evaluation,
or a hole in the check. Each definition is spoiled too: some claim of the page must fail, else that definition is
not load-bearing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from byhand.equations.book import key
from byhand.equations.check import Judged, judge_page
from byhand.equations.court import Court
from byhand.equations.edits import Edit, edits
from byhand.equations.latex import latex
from byhand.equations.mend import fails_at_once, toolbox, tried_out
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.reasons import reason_of
from byhand.equations.sentences import Definition
from byhand.equations.slips import Toolbox
from byhand.equations.tree import (
    Derivative,
    Node,
    Symbol,
)
from byhand.equations.walk import bind, letters_of


@dataclass(frozen=True)
class Survivor:
    """A spoiled formula that the check did not notice, and why not; an empty reason is a hole."""

    kind: str
    formula: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One claim or definition with what became of its mutants."""

    line: int
    source: str
    role: str
    mutants: int
    killed: int
    survivors: tuple[Survivor, ...]

    @property
    def unexplained(self) -> tuple[Survivor, ...]:
        """Give the survivors without a reason: holes of a claim; for a definition, what no claim leans on."""
        return tuple(survivor for survivor in self.survivors if not survivor.reason)

    @property
    def load_bearing(self) -> bool:
        """Say whether some claim leans on it."""
        return self.killed > 0


def mutate_page(page: Page, *, definitions: bool = True) -> tuple[Row, ...]:
    """Give the table of a page: a row for each claim that holds and each definition of its own."""
    judged = judge_page(page)
    own = [one for one in judged if one.item.fence not in page.local]
    holding = [one for one in own if one.verdict == "holds"]
    rows = [_claim(one, page) for one in holding]
    if definitions:
        defining = [one for one in own if isinstance(one.item.sentence, Definition)]
        rows.extend(_definition(one, page, holding) for one in defining if one.verdict in ("defines", "holds"))
    return tuple(sorted(rows, key=lambda row: (row.line, row.role)))


# ---- claims


def _claim(judged: Judged, page: Page) -> Row:
    benches = page.courts(judged.item.fence)
    box = toolbox(benches[0].program)
    total = 0
    survivors = []
    for left, right in judged.pairs:
        letters = letters_of(left, right)
        both = ((right, False), (left, True))
        for side, turned in [one for one in both if not isinstance(one[0], Symbol | Derivative)] or both[:1]:
            for edit in _distinct(side, box, letters):
                total += 1
                pair = (edit.result, right) if turned else (left, edit.result)
                if tried_out(pair, page, judged.item, benches, feel=False) == "holds":
                    other = left if not turned else right
                    reason = reason_of(edit, side, other, judged.item, page, benches)
                    survivors.append(Survivor(edit.kind, latex(edit.result), reason))
    return Row(judged.line, judged.source, "claim", total, total - len(survivors), tuple(survivors))


def _distinct(side: Node, box: Toolbox, letters: tuple[str, ...]) -> Iterator[Edit]:
    seen = {latex(side)}
    for edit in edits(side, box, letters, symbols=False):
        text = latex(edit.result)
        if text not in seen:
            seen.add(text)
            yield edit


# ---- definitions


Look = Callable[[tuple[Node, Node], Page, Item, list[Court]], bool]
"""Says whether a pair fails: all claims are asked at one fixture before one is asked at all."""


def _definition(judged: Judged, page: Page, claims: list[Judged]) -> Row:
    """Spoil one definition until a claim that depends on it fails; if none does, no claim leans on it."""
    item = judged.item
    sentence = item.sentence
    if item.read is None or not isinstance(sentence, Definition):
        return Row(judged.line, judged.source, "definition", 0, 0, ())
    box = toolbox(page.courts(-1)[0].program)
    near = [one for one in claims if _depends(one, sentence, page)]
    total = 0
    survivors = []
    for edit in _spoiled(sentence, page, box):
        total += 1
        changed = replace(item, read=replace(item.read, sentence=replace(sentence, body=edit.result)))
        other = Page([changed if one is item else one for one in page.items], page.names, {}, literals=page.literals)
        if any(_fails(one, other, changed, item, look) for look in (fails_at_once, _fails_anywhere) for one in near):
            return Row(judged.line, judged.source, "definition", total, 1, ())
        reason = reason_of(edit, sentence.body, None, item, page, page.courts(-1))
        survivors.append(Survivor(edit.kind, latex(edit.result), reason))
    return Row(judged.line, judged.source, "definition", total, 0, tuple(survivors))


def _spoiled(sentence: Definition, page: Page, box: Toolbox) -> Iterator[Edit]:
    body = sentence.body
    if isinstance(body, Derivative):  # a gradient is spoiled by differentiating the other number
        tops = {latex(s.top): s.top for s in _gradients(page)}
        others = (replace(body, top=top) for name, top in tops.items() if name != latex(body.top))
        yield from (Edit("factor 1/m", other, other) for other in others)
        return
    yield from _distinct(body, box, letters_of(body))


def _gradients(page: Page) -> list[Derivative]:
    bodies = [item.sentence.body for item in page.items if isinstance(item.sentence, Definition)]
    return [body for body in bodies if isinstance(body, Derivative) and isinstance(body.top, Symbol)]


def _depends(claim: Judged, definition: Definition, page: Page) -> bool:
    program = page.courts(-1)[0].program
    name = definition.symbol.base
    for pair in claim.pairs:
        values = bindings(claim.item, program.depth, page.names.depth)[0]
        for side in pair:
            reached = program.reach(bind(side, values))
            concrete = definition.symbol.layer is None or definition.symbol.layer.var is None
            if key(definition.symbol) in reached if concrete else any(r.startswith(name + "^") for r in reached):
                return True
    return False


def _fails_anywhere(pair: tuple[Node, Node], page: Page, item: Item, benches: list[Court]) -> bool:
    return tried_out(pair, page, item, benches, feel=False) != "holds"


def _fails(claim: Judged, page: Page, changed: Item, old: Item, look: Look) -> bool:
    item = changed if claim.item is old else claim.item
    sides = (*(left for left, _ in claim.pairs), claim.pairs[-1][1])
    if item is changed and isinstance(changed.sentence, Definition):
        sides = (changed.sentence.body, *sides[1:])
    try:
        benches = page.courts(-1)
    except Problem:
        return True
    if changed.problem is not None:
        return True
    return any(look(pair, page, item, benches) for pair in pairwise(sides))
