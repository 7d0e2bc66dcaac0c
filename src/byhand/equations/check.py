"""A page in, a verdict on every statement out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import cast

from byhand.equations.court import Court
from byhand.equations.declarations import Declaration, FunctionDeclaration
from byhand.equations.indices import check_sides
from byhand.equations.judge import Finding, judge_pair
from byhand.equations.markdown import Block, read_blocks
from byhand.equations.page import Item, Page, bindings, build
from byhand.equations.problems import FAILURES, Problem, Undefined, Unreadable, Verdict
from byhand.equations.sentences import Claim, Definition, FunctionDefinition
from byhand.equations.tree import Derivative, Index, Node, Symbol
from byhand.equations.walk import bind


@dataclass
class Judged:
    """One statement with its verdict and everything that can be said about it."""

    item: Item
    line: int
    column: int
    source: str
    verdict: Verdict
    expected: str
    ok: bool
    message: str = ""
    sentences: tuple[str, ...] = ()
    where: tuple[int, int] = (0, 0)
    hints: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    failed: Finding | None = None
    mending: tuple[str, ...] = ()
    """What would mend it, as sentences."""
    missing: str = ""
    """The symbol that nothing introduces, if that is what is wrong."""
    mended: bool = False
    """Whether a single small edit mends it."""


_ORDER: tuple[Verdict, ...] = ("cannot-be-read", "undefined", "does-not-fit", "differs", "untested", "holds")


def judge_page(page: Page) -> list[Judged]:
    """Give the verdict on every statement of a page that is its own."""
    page.courts(-1)
    for fence in page.local:
        page.courts(fence)
    return [judge_item(page, item) for item in page.items if not item.given]


def judge_item(page: Page, item: Item) -> Judged:
    """Give the verdict on one statement."""
    line, column = item.block.place(item.statement.start)
    expected = item.block.attributes.get("wrong", "").replace(" ", "-")
    judged = Judged(item, line, column, item.statement.source, "holds", expected, True, where=item.statement.span)
    if item.read:
        judged.read_as = item.read.notes
    try:
        if item.problem is not None:
            raise item.problem
        benches = page.courts(item.fence)
        _judge(page, item, benches, judged)
    except Problem as problem:
        _fail(judged, problem)
    except MemoryError:
        _fail(judged, Unreadable(item.statement.span, "This needs more memory than there is."))
    except RecursionError:
        _fail(judged, Unreadable(item.statement.span, "Definitions lead into each other too deeply here."))
    return judged


def _fail(judged: Judged, problem: Problem) -> None:
    judged.verdict = problem.verdict
    judged.sentences = problem.sentences
    judged.where = problem.where
    judged.hints = problem.hints
    judged.missing = problem.name if isinstance(problem, Undefined) else ""


def _judge(page: Page, item: Item, benches: list[Court], judged: Judged) -> None:
    sentence = item.sentence
    if isinstance(sentence, Declaration | FunctionDeclaration):
        judged.verdict = "declares"
        return
    if isinstance(sentence, FunctionDefinition):
        judged.verdict = "defines"
        for court in benches:
            court.program.function_body(sentence.name)
        return
    sides: tuple[Node, ...]
    if isinstance(sentence, Definition):
        _check_definition(page, item, sentence, benches)
        judged.verdict = "defines"
        if not sentence.claims:
            return
        sides = (
            sentence.symbol if sentence.row is None and sentence.column is None else sentence.body,
            *sentence.claims,
        )
        if isinstance(sentence.body, Derivative) is False:
            sides = (sentence.body, *sentence.claims)
    else:
        sentence = cast(Claim, sentence)
        sides = sentence.sides
    first = bindings(item, benches[0].program.depth, page.names.depth)[0]
    check_sides(tuple(bind(side, first) for side in sides))
    _judge_chain(page, item, sides, benches, judged)


def _check_definition(page: Page, item: Item, sentence: Definition, benches: list[Court]) -> None:
    for court in benches:
        for layers in bindings(item, court.program.depth, page.names.depth):
            symbol = bind(sentence.symbol, layers)
            symbol = cast(Symbol, symbol)
            try:
                court.program.definition(_key(symbol), symbol)
            except Problem as problem:
                if problem.where == symbol.where:
                    problem.where = item.statement.span
                raise


def _key(symbol: Symbol) -> str:
    from byhand.equations.book import key

    return key(symbol)


def _judge_chain(page: Page, item: Item, sides: tuple[Node, ...], benches: list[Court], judged: Judged) -> None:
    ranges = dict(item.read.indices) if item.read else {}
    for left, right in itertools.pairwise(sides):
        judged.pairs.append((left, right))
        finding = judge_layers((left, right), page, item, benches, ranges)
        judged.findings.append(finding)
    worst = min(judged.findings, key=lambda finding: _ORDER.index(finding.verdict))
    judged.verdict = worst.verdict
    if worst.verdict == "holds":
        return
    judged.failed = worst
    if worst.problem is not None:
        _fail(judged, worst.problem)
    else:
        left, right = judged.pairs[judged.findings.index(worst)]
        judged.where = (left.where[0], right.where[1])
        judged.sentences = (worst.comparison.explain(),) if worst.comparison is not None else ()


def judge_layers(
    pair: tuple[Node, Node],
    page: Page,
    item: Item,
    benches: list[Court],
    ranges: dict[str, Node],
    *,
    feel: bool = True,
) -> Finding:
    """Give the verdict on a pair at every layer of its range, at every depth."""
    letter = page.names.depth
    found = Finding("holds")
    first = True
    groups: dict[tuple[tuple[str, int], ...], list[Court]] = {}
    for court in benches:
        for values in bindings(item, court.program.depth, letter):
            groups.setdefault(tuple(sorted(values.items())), []).append(court)
    for layers, here in groups.items():
        bound = bind(pair[0], dict(layers)), bind(pair[1], dict(layers))
        finding = judge_pair(bound, here, ranges, feel=feel)
        if finding.verdict != "holds":
            return finding
        shown = [*found.layers]
        if layers and finding.left is not None and finding.right is not None:
            shown.append((dict(layers), finding.left, finding.right))
        if first:
            found, first = finding, False
        elif finding.comparison is not None and found.comparison is not None:
            found.comparison.worst = max(found.comparison.worst, finding.comparison.worst)
            found.scenes = (*found.scenes, *(s for s in finding.scenes if s not in found.scenes))
        found.layers = shown
    return found


def judge_text(text: str, given: str = "") -> list[Judged]:
    """All statements of a Markdown page, judged; `given` is the text of a page to start from."""
    return judge_page(build(read_blocks(text), read_blocks(given)))


__all__ = ["FAILURES", "Block", "Index", "Judged", "judge_item", "judge_layers", "judge_page", "judge_text"]
