"""What would mend a claim that fails: single small edits, tried at every size and seed; all that work are listed."""

from __future__ import annotations

import time

from byhand.equations.check import Judged, judge_layers
from byhand.equations.edits import KINDS, Edit, edits, pairs
from byhand.equations.indices import check_sides
from byhand.equations.judge import Court, judge_pair, shapes
from byhand.equations.latex import latex
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.program import Program
from byhand.equations.sentences import Claim, Definition
from byhand.equations.shapes import show
from byhand.equations.slips import Toolbox
from byhand.equations.tree import Call, Derivative, Group, Index, Node, Size, Symbol
from byhand.equations.walk import bind, letters_of, strip_groups, walk

TRIED = 800
"""Most edits that are tried for one claim; pairs of edits count too."""
BUDGET = 8.0
"""Seconds after which looking for hints stops in any case."""
LISTED = 4
"""Most hints that a message lists."""


def toolbox(program: Program) -> Toolbox:
    """Say what the page offers to edits."""
    sizes = tuple(_size(name) for name in sorted(program.all_sizes()))
    calls: dict[str, Call] = {}
    alike: dict[str, set[Symbol]] = {}
    by_shape: dict[object, set[Symbol]] = {}
    for book in program.programs():
        for name, defined in book.defined.items():
            symbol = _symbol(name)
            for part in walk(defined.body):
                if isinstance(part, Call) and len(part.arguments) == 1 and not part.primes:
                    argument = strip_groups(part.arguments[0])
                    if isinstance(argument, Symbol):
                        calls[latex(part)] = part
                        alike.setdefault(latex(argument), set()).add(symbol)
                        alike.setdefault(latex(symbol), set()).add(argument)
            if isinstance(defined.body, Derivative):
                try:
                    by_shape.setdefault(program.shape(symbol), set()).add(symbol)
                except Problem:
                    continue
    for group in by_shape.values():
        for symbol in group:
            alike.setdefault(latex(symbol), set()).update(group - {symbol})
    ordered = {name: tuple(sorted(found, key=latex)) for name, found in alike.items()}
    return Toolbox(sizes, tuple(calls.values())[:12], ordered)


def _size(name: str) -> Size:
    base, underscore, sub = name.partition("_")
    if underscore and sub.isdigit():
        return Size(base, Index(None, int(sub)))
    return Size(name)


def _symbol(name: str) -> Symbol:
    base, bracket, rest = name.partition("^{[")
    return Symbol(base, Index(None, int(rest.rstrip("]}")))) if bracket else Symbol(base)


def mend(judged: Judged, page: Page, box: Toolbox) -> tuple[Edit, ...]:
    """All single edits that make a failing claim hold; those of the right side first."""
    item = judged.item
    pair = _failing(judged)
    if pair is None:
        return ()
    deadline = time.monotonic() + BUDGET
    benches = page.courts(item.fence)
    left, right = pair
    sides = [(side, turned) for side, turned in ((right, False), (left, True)) if not _plain(side)] or [(right, False)]
    letters = letters_of(left, right)
    tried = 0
    for search in (_singles, pairs):
        for side, turned in sides:
            found: list[Edit] = []
            for edit in search(side, box, letters):
                tried += 1
                if tried > TRIED or len(found) >= LISTED or time.monotonic() > deadline:
                    break
                new = (edit.result, right) if turned else (left, edit.result)
                same = any(latex(edit.result) == latex(other.result) for other in found)
                if not same and holds(new, page, item, benches):
                    found.append(edit)
            if found:
                return tuple(found)
    return ()


def _singles(side: Node, box: Toolbox, letters: tuple[str, ...]) -> list[Edit]:
    return sorted(edits(side, box, letters), key=lambda edit: KINDS.index(edit.kind))


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


def holds(pair: tuple[Node, Node], page: Page, item: Item, benches: list[Court]) -> bool:
    """Say whether a changed claim holds; one fixture is enough to see that it does not."""
    try:
        first = bindings(item, benches[0].program.depth, page.names.depth)[0]
        bound = bind(pair[0], first), bind(pair[1], first)
        check_sides(bound)
        shapes(bound, benches[0].program)
        if judge_pair(bound, benches[:1], seeds=1).verdict != "holds":
            return False
        return judge_layers(pair, page, item, benches, {}).verdict == "holds"
    except Problem:
        return False


def sentences(judged: Judged, page: Page, found: tuple[Edit, ...]) -> tuple[str, ...]:
    """Give the hints as sentences: “It would hold with …”."""
    item = judged.item
    benches = page.courts(item.fence)
    lines = []
    for edit in found:
        if edit.shown is None:
            lines.append(f"It would hold with {edit.words}.")
            continue
        like = _like(judged, edit, page, benches) if judged.verdict == "does-not-fit" else ""
        shown = edit.shown
        while isinstance(shown, Group):
            shown = shown.part
        lines.append(f"It would hold with {latex(shown)}{like}.")
    return tuple(lines)


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
