"""Check a page: the one way in for the command line, the tests and the site."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from byhand.equations.check import Judged, judge_page
from byhand.equations.gauge import other_gauge, row_layout
from byhand.equations.markdown import Block, front_matter, read_blocks, read_inline, read_strays
from byhand.equations.mend import mend, toolbox
from byhand.equations.mend import sentences as mending
from byhand.equations.mutation import Row, mutate_page
from byhand.equations.page import Page, build
from byhand.equations.problems import FAILURES, HEADLINES, UNCHECKED_REASONS
from byhand.equations.render import details, shape_line, side_shape
from byhand.equations.report import CONVENTION, message
from byhand.equations.results import Result
from byhand.equations.settings import SETTINGS, Convention
from byhand.equations.slips import Toolbox

ATTRIBUTES = frozenset({"id", "wrong", "unchecked", "given"})
"""What may stand after the word math of a fence."""

NO_SLIP = "No single small edit mends this claim, so the fence does not show what is wrong with it."
TWO_SLIPS = "That takes two small edits: a wrong fence shows one mistake, so put the other one right."

MENDABLE = ("differs", "does-not-fit", "cannot-be-read", "undefined")
"""The verdicts on which small edits are tried."""

STRAY = "This display is not read: put its equations into a ```math fence or between $$ and $$."
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
        A built-in setting, or a page that `find` knows, to start from; the page's own front matter (`given: …`)
        adds to it.
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
    start, problem = _start(text, given, convention, find)
    stored = _stored(cache, text, file, start, convention, attributes) if cache is not None else None
    if stored is not None and stored.exists():
        return tuple(Result.load(plain) for plain in json.loads(stored.read_text(encoding="utf-8")))
    results = _check(text, file, start, problem, frozenset(attributes) | ATTRIBUTES)
    if stored is not None:
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(json.dumps([result.plain() for result in results]), encoding="utf-8")
    return results


def _start(text: str, given: str | None, convention: Convention, find: Find) -> tuple[list[str], str]:
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


def _check(text: str, file: str, start: list[str], problem: str, known: frozenset[str]) -> tuple[Result, ...]:
    blocks = read_blocks(text)
    given = _blocks(start)
    page = build(blocks, given)
    judged = judge_page(page)
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
        wrong = _bad_attributes(block, known) or (problem if block.attributes.get("given") or number == 0 else "")
        if wrong:
            results.append(_plain(block, file, number, "cannot-be-read", wrong, ok=False))
        if "unchecked" in block.attributes:
            reason = block.attributes["unchecked"]
            if reason in UNCHECKED_REASONS:
                results.append(_plain(block, file, number, "unchecked", "", ok=True, reason=reason))
            else:
                words = (
                    f"{reason!r} is no reason to leave a fence unchecked; reasons are: {'; '.join(UNCHECKED_REASONS)}."
                )
                results.append(_plain(block, file, number, "cannot-be-read", words, ok=False))
            continue
        results.extend(_fence(by_fence.get(number, []), block, file, number))
    for block in read_strays(text):
        if STRAY_RELATION.search(block.text):
            results.append(_plain(block, file, -1, "cannot-be-read", STRAY, ok=False))
    if consistent:
        results = [_say_first(result, consistent) for result in results]
    return tuple(results)


def _consistent(page: Page, judged: list[Judged]) -> str:
    """Give the sentence for a page whose claims hold in another gauge or layout; claims marked wrong take no part."""
    own = [one for one in judged if one.item.fence not in page.local]
    if sum(one.verdict in ("differs", "does-not-fit") for one in own) < 2:
        return ""  # one line is no derivation: its mistake is named
    return other_gauge(page, own) or row_layout(page, own)


def _say_first(result: Result, sentence: str) -> Result:
    """Put that sentence first, where a claim would else be called wrong."""
    if result.ok or result.verdict not in ("differs", "does-not-fit"):
        return result
    head, _, rest = result.message.partition("\n")
    place = head.removesuffix(HEADLINES["differs"]).removesuffix(HEADLINES["does-not-fit"])
    quoted = rest.split("\n")[0]
    note = "    Here dZ is ∂𝓛/∂Z with 𝓛 = mJ, and examples are columns (see --convention)."
    here = [f"    {hint.replace('It would', 'Here it would')}" for hint in result.hints]
    message = "\n".join([f"{place}{CONVENTION}", quoted, f"    {sentence}", note, *here])
    return replace(result, message=message, hints=(sentence, *result.hints))


def _blocks(pages: list[str]) -> list[Block]:
    return [block for page in pages for block in read_blocks(page)]


def mutation_table(
    text: str, *, given: str | None = None, convention: Convention = "sum", find: Find = no_pages
) -> tuple[Row, ...]:
    """Spoil every claim that holds and every definition of a page; a row for each says what the check noticed."""
    start, _ = _start(text, given, convention, find)
    return mutate_page(build(read_blocks(text), _blocks(start)))


def _bad_attributes(block: Block, known: frozenset[str]) -> str:
    odd = [name for name in block.attributes if name not in known] + list(block.unknown)
    if odd:
        return f"Unknown after math: {', '.join(odd)}. Known are {', '.join(sorted(known))}."
    stated = block.attributes.get("wrong")
    if stated is not None and stated.replace(" ", "-") not in FAILURES:
        return f"wrong states the verdict of its claims, one of {', '.join(FAILURES)}; this says {stated!r}."
    return ""


def _plain(block: Block, file: str, number: int, verdict: str, words: str, *, ok: bool, reason: str = "") -> Result:
    place = f"{file}:{block.line}:1" if file else f"line {block.line}"
    text = f"{place}: {'cannot be read' if not ok else verdict}\n    {words}" if words else ""
    return Result(
        file, block.line, 1, block.text.strip(), verdict, "", ok, "", "", text, (), number, block.line, reason=reason
    )


def _fence(judged: list[Judged], block: Block, file: str, number: int) -> list[Result]:
    found = []
    expected = block.attributes.get("wrong", "").replace(" ", "-")
    claims = [one for one in judged if one.verdict not in ("declares", "defines")]
    for one in judged:
        ok = one.verdict in ("holds", "declares", "defines")
        claim = one.verdict not in ("declares", "defines")
        if expected and claim:
            ok = one.verdict == expected
        unmended = ok and expected in ("differs", "does-not-fit") and claim and not one.mended
        words = message(one, file, one.mending) if one.verdict not in ("holds", "declares", "defines") else ""
        if expected and claim and not ok:
            words = words or message(one, file, one.mending)
            words += f"\n    This fence says that its claims are {expected.replace('-', ' ')}."
        if unmended:
            ok = False
            words += f"\n    {TWO_SLIPS if one.mending else NO_SLIP}"
        found.append(
            Result(
                file, one.line, one.column, one.source, one.verdict, expected if claim else "", ok,
                side_shape(one.findings[0] if one.findings else None), "; ".join(one.read_as), words,
                (*one.hints, *one.mending),
                number, block.line, shape_line(one.typed), details(one.findings) if one.verdict == "holds" else (),
            )
        )  # fmt: skip
    if expected and not claims:
        found.append(_plain(block, file, number, "cannot-be-read", "A wrong fence needs a claim.", ok=False))
    return found


def count_inline(text: str) -> tuple[int, int]:
    """How many inline formulas a page has, and how many of them hold a relation and so claim something."""
    from byhand.equations.statements import relations, split

    formulas = read_inline(text)
    claims = sum(any(relations(statement.text) for statement in split(block.text)) for block in formulas)
    return len(formulas), claims
