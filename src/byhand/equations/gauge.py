"""A derivation that is right in another gauge, or in the row layout, is recognised as such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from byhand.equations.check import Judged, judge_layers
from byhand.equations.court import Court
from byhand.equations.expand import is_zero
from byhand.equations.indices import check_sides
from byhand.equations.latex import latex
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.sentences import Claim, Definition
from byhand.equations.shapes import Shape, is_scalar
from byhand.equations.tree import Derivative, Group, Node, Symbol, Transpose
from byhand.equations.walk import bind, transform, walk

FAILED = ("differs", "does-not-fit")


def other_gauge(page: Page, judged: list[Judged]) -> str:
    """Give the gauge in which all failing claims of a page hold, as a sentence; empty if there is none.

    In the convention of this project dZ := ∂𝓛/∂Z and dW := ∂J/∂W; others differentiate J by both, or 𝓛 by both.
    """
    claims = [one for one in judged if one.pairs]
    failing = [one for one in claims if one.verdict in FAILED]
    if not failing or any(one.verdict not in (*FAILED, "holds") for one in claims):
        return ""
    tops = _tops(page)
    if len(tops) != 2:
        return ""
    for top, other in (tops, tops[::-1]):
        changed = _regauged(page, top, other)
        again = [_judge_again(changed, one) for one in claims]
        if all(again):
            return _sentence(page, top, other)
    return ""


def _tops(page: Page) -> list[Symbol]:
    """Say what gradient definitions differentiate, when that is two numbers: 𝓛 and J."""
    found: list[Symbol] = []
    for item in page.items:
        sentence = item.sentence
        if isinstance(sentence, Definition) and isinstance(sentence.body, Derivative):
            top = sentence.body.top
            if isinstance(top, Symbol) and top not in found:
                found.append(top)
    return found


def _regauged(page: Page, top: Symbol, other: Symbol) -> Page:
    """Give the same page with every gradient of `top` made a gradient of `other`."""

    def change(item: Item) -> Item:
        sentence = item.sentence
        if item.read is None or not isinstance(sentence, Definition) or not isinstance(sentence.body, Derivative):
            return item
        if sentence.body.top != top:
            return item
        body = replace(sentence.body, top=other)
        return replace(item, read=replace(item.read, sentence=replace(sentence, body=body)))

    return Page([change(item) for item in page.items], page.names, page.local, literals=page.literals)


def _judge_again(page: Page, judged: Judged) -> bool:
    number = next(k for k, item in enumerate(page.items) if item.statement is judged.item.statement)
    item = page.items[number]
    sentence = item.sentence
    sides = sentence.sides if isinstance(sentence, Claim) else ()
    if isinstance(sentence, Definition):
        sides = (sentence.body, *sentence.claims)
    courts = page.courts(item.fence)
    return all(_holds(pair, page, item, courts) for pair in pairwise(sides))


def _holds(pair: tuple[Node, Node], page: Page, item: Item, courts: list[Court]) -> bool:
    try:
        first = bindings(item, courts[0].program.depth, page.names.depth)[0]
        check_sides((bind(pair[0], first), bind(pair[1], first)))
        return judge_layers(pair, page, item, courts, {}).verdict == "holds"
    except Problem:
        return False


def _sentence(page: Page, top: Symbol, other: Symbol) -> str:
    used = {part.base for item in page.items if isinstance(item.sentence, Claim) and not item.given
            for side in item.sentence.sides for part in walk(side) if isinstance(part, Symbol)}  # fmt: skip
    named = []
    for item in page.items:
        sentence = item.sentence
        if isinstance(sentence, Definition) and isinstance(sentence.body, Derivative) and sentence.body.top == top:
            bottom = next(part for part in walk(sentence.body.bottom) if isinstance(part, Symbol))
            named.append((sentence.symbol.base not in used, sentence.symbol.base, bottom.base))
    _, name, by = min(named, key=lambda one: one[0])
    return f"Your derivation is consistent with {name} := ∂{_plain(latex(other))}/∂{by}."


def _plain(text: str) -> str:
    return {r"\mathcal{L}": "𝓛", r"\ell": "ℓ"}.get(text, text)


Choice = tuple[str, Callable[[Shape], bool]]


def row_layout(page: Page, judged: list[Judged]) -> str:
    """Give the row layout in which all failing claims hold, as a sentence; empty if there is none."""
    claims = [one for one in judged if one.pairs]
    failing = [one for one in claims if one.verdict in FAILED]
    if not failing or any(one.verdict not in (*FAILED, "holds") for one in claims):
        return ""
    examples = _example_size(page)
    if examples is None:
        return ""
    choices: tuple[Choice, ...] = (
        ("examples as rows and W as here", lambda shape: examples in shape or "1" in shape),
        ("examples as rows and every W transposed", lambda _shape: True),
    )
    for words, turned in choices:
        if all(_holds_turned(one, page, turned) for one in claims):
            return f"Your derivation is consistent with {words}: every claim holds in the row layout."
    return ""


def _example_size(page: Page) -> str | None:
    courts = page.courts(-1)
    return "m" if courts and "m" in courts[0].program.all_sizes() else None


def _holds_turned(judged: Judged, page: Page, turned: Callable[[Shape], bool]) -> bool:
    item = judged.item
    courts = page.courts(item.fence)

    def turn(node: Node) -> Node:
        if not isinstance(node, Symbol):
            return node
        program = courts[0].program
        values = bindings(item, program.depth, page.names.depth)[0]
        shape = program.shape(bind(node, values))  # type: ignore[arg-type]
        return Transpose(node, where=node.where) if not is_scalar(shape) and turned(shape) else node

    try:
        for left, right in judged.pairs:
            sides = tuple(side if is_zero(side) else _simplify(transform(side, turn)) for side in (left, right))
            if not _holds((sides[0], sides[1]), page, item, courts):
                return False
    except Problem:
        return False
    return True


def _simplify(node: Node) -> Node:
    """Take double transposes away, and keep a derivative's denominator a name: the gradient turns with it."""

    def change(part: Node) -> Node:
        if isinstance(part, Transpose) and isinstance(part.part, Transpose):
            return part.part.part
        if isinstance(part, Derivative) and isinstance(part.bottom, Transpose):
            top = part.top.part if isinstance(part.top, Transpose) else part.top
            return Transpose(replace(part, top=top, bottom=part.bottom.part), where=part.where)
        return part.part if isinstance(part, Group) and isinstance(part.part, Symbol) else part

    return transform(node, change)
