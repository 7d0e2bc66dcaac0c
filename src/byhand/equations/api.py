"""Check a page: the one way in for the command line, the tests and the site."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection
from pathlib import Path

from byhand.equations.check import Judged, judge_page
from byhand.equations.entries import bad_attributes, fence_entries, plain_entry, say_first
from byhand.equations.flow import Step, forward_steps
from byhand.equations.gauge import other_gauge, row_layout
from byhand.equations.markdown import Block, front_matter, read_blocks, read_inline, read_strays, read_unclosed
from byhand.equations.mend import mend, toolbox
from byhand.equations.mend import sentences as mending
from byhand.equations.mutation import Row, mutate_page
from byhand.equations.page import Page, build
from byhand.equations.problems import UNCHECKED_REASONS
from byhand.equations.results import Result
from byhand.equations.settings import SETTINGS, Convention
from byhand.equations.slips import Toolbox
from byhand.equations.suggest import suggest_settings

ATTRIBUTES = frozenset({"id", "wrong", "unchecked", "given", "picture", "sizes"})
"""What may stand after the word math of a fence."""

MENDABLE = ("differs", "does-not-fit", "cannot-be-read", "undefined")
"""The verdicts on which small edits are tried."""

STRAY = "This display is not read: put its equations into a ```math fence or between $$ and $$."
UNCLOSED = "Nothing closes this fence: write ``` below its last row. Until then its rows are not judged."
STRAY_RELATION = re.compile(r"=|[<>≤≥≈∈≠∝]|\\(?:in|approx|leq?|geq?|neq?|equiv|sim|propto|coloneqq)(?![A-Za-z])")

Find = Callable[[str], str]
"""Gives the text of another page by the name that a page uses for it; raises `LookupError`."""


def no_pages(name: str) -> str:
    """Give the finder for a page that stands alone."""
    raise LookupError(name)


def check_text(
    text: str,
    file: str = "",
    *,
    given: str | None = None,
    convention: Convention = "sum",
    find: Find = no_pages,
    attributes: Collection[str] = (),
    cache: Path | None = None,
) -> tuple[Result, ...]:
    r"""Judge every math statement of a Markdown page.

    Parameters
    ----------
    text
        The page.
    file
        Its name, for places in messages.
    given
        A built-in setting, or a page that `find` knows, to start from; what the page itself names, in its front matter
        (`given: …`) or on a fence, adds to it for the whole page. If two clash, nothing is judged.
    convention
        "sum" for dZ := ∂𝓛/∂Z with 𝓛 = mJ, "mean" for dZ := ∂J/∂Z, in the built-in settings.
    find
        Gives the text of another page, only inside the page's own tree.
    attributes
        More names that may stand after the word math of a fence.
    cache
        A directory for results by content; what has not changed costs nothing.

    Returns
    -------
    tuple of Result
        One for each statement, in order; `fence` groups them.

    >>> page = "```math\nx \\in \\mathbb{R} \\\\ y := x^2 \\\\ \\frac{\\partial y}{\\partial x} = 2 x\n```"
    >>> [result.verdict for result in check_text(page)]
    ['declares', 'defines', 'holds']
    """
    start, problem = start_of(text, given, convention, find)
    stored = _stored(cache, text, file, start, convention, attributes) if cache is not None else None
    if stored is not None and stored.exists():
        return tuple(Result.load(plain) for plain in json.loads(stored.read_text(encoding="utf-8")))
    named = {name for name in (given, front_matter(text).get("given")) if name}
    results = _check(text, file, start, problem, frozenset(attributes) | ATTRIBUTES, named)
    if stored is not None:
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(json.dumps([result.plain() for result in results]), encoding="utf-8")
    return results


def start_of(text: str, given: str | None, convention: Convention, find: Find) -> tuple[list[str], str]:
    """Give the pages that a page starts from, each once, and what is wrong with their names."""
    pages: list[str] = []
    seen: set[str] = set()
    wanted = [name for name in (given, front_matter(text).get("given")) if name]
    wanted.extend(block.attributes["given"] for block in read_blocks(text) if "given" in block.attributes)
    problem = ""

    def add(name: str) -> None:
        nonlocal problem
        if name in seen:
            return
        seen.add(name)
        if name in SETTINGS:
            pages.append(SETTINGS[name].page(convention))
            return
        try:
            other = find(name)
        except LookupError:
            problem = f"No setting and no page inside this tree is called {name}; settings are {', '.join(SETTINGS)}."
            return
        further = front_matter(other).get("given")
        if further:
            add(further)
        pages.append(other)

    for name in wanted:
        add(name)
    return pages, problem or _clash(pages)


def _clash(pages: list[str]) -> str:
    """Say which names two of the pages that a page starts from both introduce."""
    seen: set[str] = set()
    for page in pages:
        names = build((), read_blocks(page)).names
        both = sorted((names.symbols | names.functions) & seen)
        if both:
            return (
                f"Two settings that this page starts from both introduce {', '.join(both[:4])}: start from one of them."
            )
        seen |= names.symbols | names.functions
    return ""


def _stored(
    cache: Path | None, text: str, file: str, start: list[str], convention: str, attributes: Collection[str]
) -> Path | None:
    if cache is None:
        return None
    parts = [_engine(), file, convention, *sorted(attributes), text, *start]
    return cache / (hashlib.sha256("\0".join(parts).encode()).hexdigest() + ".json")


def _engine() -> str:
    """Give a fingerprint of the engine itself, so that a change of it forgets all results."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), *here.glob("*.lark")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _check(
    text: str, file: str, start: list[str], problem: str, known: frozenset[str], started: set[str]
) -> tuple[Result, ...]:
    blocks = read_blocks(text)
    if problem:  # with a wrong start every verdict would be about another page
        words = f"{problem} Until then nothing on this page is judged."
        return tuple(plain_entry(b, file, number, "cannot-be-read", words, ok=False) for number, b in enumerate(blocks))
    given = _blocks(start)
    page = build(blocks, given)
    judged = judge_page(page)
    suggest_settings(judged, started)
    consistent = _consistent(page, judged)
    boxes: dict[int, Toolbox] = {}
    for one in judged:
        if one.verdict in MENDABLE and one.item.read is not None:
            fence = one.item.fence if one.item.fence in page.local else -1
            if fence not in boxes:
                boxes[fence] = toolbox(page.courts(one.item.fence)[0].program)
            found = mend(one, page, boxes[fence])
            one.mending = mending(one, page, found)
            one.mended = any(edit.count == 1 for edit in found)
    first = len(given)
    results: list[Result] = []
    by_fence: dict[int, list[Judged]] = {}
    for one in judged:
        by_fence.setdefault(one.item.fence - first, []).append(one)
    for number, block in enumerate(blocks):
        wrong = bad_attributes(block, known)
        if wrong:
            results.append(plain_entry(block, file, number, "cannot-be-read", wrong, ok=False))
        if "unchecked" in block.attributes:
            reason = block.attributes["unchecked"]
            if reason in UNCHECKED_REASONS:
                results.append(plain_entry(block, file, number, "unchecked", "", ok=True, reason=reason))
            else:
                words = (
                    f"{reason!r} is no reason to leave a fence unchecked; reasons are: {'; '.join(UNCHECKED_REASONS)}."
                )
                results.append(plain_entry(block, file, number, "cannot-be-read", words, ok=False))
            continue
        results.extend(fence_entries(by_fence.get(number, []), block, file, number))
    for block in read_strays(text):
        if STRAY_RELATION.search(block.text):
            results.append(plain_entry(block, file, -1, "cannot-be-read", STRAY, ok=False))
    for block in read_unclosed(text):
        results.append(plain_entry(block, file, -1, "cannot-be-read", UNCLOSED, ok=False))
    if consistent:
        results = [say_first(result, consistent) for result in results]
    return tuple(results)


def _consistent(page: Page, judged: list[Judged]) -> str:
    """Give the sentence for a page whose claims hold in another gauge or layout; claims marked wrong take no part."""
    own = [one for one in judged if one.item.fence not in page.local]
    if sum(one.verdict in ("differs", "does-not-fit") for one in own) < 2:
        return ""  # one line is no derivation: its mistake is named
    return other_gauge(page, own) or row_layout(page, own)


def _blocks(pages: list[str]) -> list[Block]:
    return [block for page in pages for block in read_blocks(page)]


def page_from(text: str, start: list[str]) -> Page:
    """Give a page together with the pages that it starts from, as `start_of` gives them."""
    return build(read_blocks(text), _blocks(start))


def mutation_table(
    text: str, *, given: str | None = None, convention: Convention = "sum", find: Find = no_pages
) -> tuple[Row, ...]:
    """Spoil every claim that holds and every definition of a page; a row for each says what the check noticed."""
    start, _ = start_of(text, given, convention, find)
    return mutate_page(page_from(text, start))


def forward_program(text: str, *, convention: Convention = "sum", find: Find = no_pages) -> tuple[Step, ...]:
    """Give the forward program of a page, step by step: the definitions that are no derivatives, and what they use."""
    start, _ = start_of(text, None, convention, find)
    return forward_steps(page_from(text, start))


def count_inline(text: str) -> tuple[int, int]:
    """How many inline formulas a page has, and how many of them hold a relation and so claim something."""
    from byhand.equations.statements import relations, split

    formulas = read_inline(text)
    claims = sum(any(relations(statement.text) for statement in split(block.text)) for block in formulas)
    return len(formulas), claims
