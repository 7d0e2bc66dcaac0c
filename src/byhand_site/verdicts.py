"""What the checker says of each equation: under the equation on the page, and as one test item each in pytest."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from byhand.equations import GRAMMAR, Result, Row, Step, check_text, forward_program, mutation_table
from byhand_site import CACHE, DOCS, ROOT

WORTH_A_POOL = 4
"""To start other processes takes longer than to judge as many pages as this."""
POINTED = re.compile(r"^.*\n *\^+$", re.MULTILINE)


def judge(path: Path, *, cache: Path | None = None) -> tuple[Result, ...]:
    """Return what the checker says of every statement of a page, in order."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    text = path.read_text(encoding="utf-8")

    return check_text(text, shown.as_posix(), find=pages_beside(path), cache=cache)


def pages_beside(path: Path) -> Callable[[str], str]:
    """Return a function that reads the pages that a page may start from: those of this site."""

    def read(name: str) -> str:
        target = (path.parent / name).resolve()
        if target.suffix != ".md" or not target.is_relative_to(DOCS) or not target.is_file():
            raise LookupError(name)
        return target.read_text(encoding="utf-8")

    return read


def of_page(path: Path) -> tuple[Result, ...]:
    """Return what the checker says of a page for the build: a page that has not changed costs nothing."""
    stamp = path.stat()
    return _kept(path, stamp.st_mtime_ns, stamp.st_size)


def forward_program_of(path: Path) -> tuple[Step, ...]:
    """Return the forward program of a page."""
    return forward_program(path.read_text(encoding="utf-8"), find=pages_beside(path))


def mutate(path: Path) -> tuple[Row, ...]:
    """Spoil every claim and every definition of a page, and return a row for each: what the check noticed."""
    return mutation_table(path.read_text(encoding="utf-8"), find=pages_beside(path))


def mutants(page: Path) -> list[dict[str, Any]]:
    """Return the rows of `mutate` in plain values; a page and an engine that have not changed cost nothing."""
    kept = _mutation_file(page)
    if kept.exists():
        rows: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8"))
        return rows
    rows = [
        {
            "role": row.role,
            "line": row.line,
            "source": row.source,
            "mutants": row.mutants,
            "killed": row.killed,
            "survivors": [[survivor.kind, survivor.formula, survivor.reason] for survivor in row.survivors],
        }
        for row in mutate(page)
    ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(rows), encoding="utf-8")
    return rows


def prepare() -> None:
    """Judge and spoil every page that has changed, on all cores; what is done after this finds it done."""
    changed = [page for page in DOCS.rglob("*.md") if not _mutation_file(page).exists()]
    if len(changed) > WORTH_A_POOL:
        changed.sort(key=lambda page: -page.stat().st_size)  # a long page that comes last leaves all but one core idle
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            list(pool.map(_judge_and_spoil, changed))


def _judge_and_spoil(page: Path) -> None:
    judge(page, cache=CACHE / "verdicts")
    mutants(page)


def _mutation_file(page: Path) -> Path:
    recipe = page.read_bytes() + _engine()
    return CACHE / "mutation" / f"{hashlib.sha256(recipe).hexdigest()[:24]}.json"


@cache
def _engine() -> bytes:
    """Return the source of the checker as this process has imported it."""
    return b"".join(path.read_bytes() for path in sorted(GRAMMAR.parent.iterdir()) if path.is_file())


@lru_cache(maxsize=256)
def _kept(path: Path, _modified: int, _size: int) -> tuple[Result, ...]:
    return judge(path, cache=CACHE / "verdicts")


def below(results: Sequence[Result], shapes: Sequence[str], link: str = "", sources: str = "") -> str:
    """Return what stands under the equations of one fence: the shapes of each, and one mark that opens.

    `shapes` are the shape lines of the statements that have one, as MathML; `link` leads to the equation itself;
    `sources` is the text to copy.
    """
    claims = [result for result in results if result.verdict not in ("declares", "defines")]
    lines = "".join(
        f'<div class="shape-line" tabindex="0" role="group" aria-label="Shapes">{shape}</div>'
        for shape in dict.fromkeys(shapes)
    )
    lines += link
    folded = f'<details class="tick plain"><summary>copy</summary>{sources}</details>' if sources else ""
    if not claims:
        return lines + folded
    if claims[0].expected:
        messages = _pointed("\n\n".join(result.message for result in claims))
        return (
            f'{lines}<div class="refuted"><p>✗ wrong: {_in_words(claims[0].verdict)}</p>'
            f'<pre tabindex="0" role="group" aria-label="The checker"><code>{messages}</code></pre>'
            "</div>"
        )
    if claims[0].verdict == "unchecked":
        return f'<span class="unchecked">not checked: {html.escape(claims[0].reason)}</span>{link}{folded}'
    done = dict.fromkeys(line for result in claims for line in result.details)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in done)
    offer = '<span class="to-copy"> · copy</span>' if sources else ""
    return f'{lines}<details class="tick"><summary>✓ checked{offer}</summary><ul>{items}</ul>{sources}</details>'


def _pointed(messages: str) -> str:
    r"""Return messages in which a formula keeps its line where a mark below it points at a part of it.

    >>> _pointed("a.md:1:1: no\n    a < b\n    ^")
    'a.md:1:1: no\n<span class="pointed">    a &lt; b\n    ^</span>'
    """
    return POINTED.sub(r'<span class="pointed">\g<0></span>', html.escape(messages))


def _in_words(verdict: str) -> str:
    words = {
        "differs": "the two sides differ",
        "does-not-fit": "the shapes do not fit",
        "cannot-be-read": "this cannot be read",
        "undefined": "a symbol is not defined",
        "untested": "this check would show nothing",
    }
    return words[verdict]


class MathPage(pytest.File):
    """A page of docs/, seen as a list of math statements."""

    def collect(self) -> Iterator[pytest.Item]:
        """Make one item of each statement."""
        for number, result in enumerate(of_page(self.path), start=1):
            first = " ".join(result.source.split())[:60]
            yield MathItem.from_parent(self, name=f"line {result.line} ({number}): {first}", result=result)


class MathItem(pytest.Item):
    """One math statement of a page."""

    def __init__(self, *, result: Result, name: str, parent: MathPage) -> None:
        super().__init__(name, parent)
        self.result = result

    def runtest(self) -> None:
        """Fail with the checker's message unless the statement is what the page says it is."""
        if not self.result.ok:
            pytest.fail(self.result.message, pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, the line, and the name."""
        return self.path, self.result.line - 1, self.name


def pytest_configure(config: pytest.Config) -> None:
    """Before several processes begin to collect, have all pages judged once."""
    if config.getoption("numprocesses", None):
        prepare()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> MathPage | None:
    """Collect the mathematics of every page of docs/."""
    if file_path.suffix == ".md" and file_path.is_relative_to(DOCS):
        return MathPage.from_parent(parent, path=file_path)
    return None
