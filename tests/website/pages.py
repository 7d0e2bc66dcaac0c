"""Where a page of docs/ is in the built site, however its addresses are made, and what it may cost."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from byhand_site import DOCS, ROOT

SOURCES = sorted(path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md"))
BUDGET = json.loads((ROOT / "tests/website/budget.json").read_text(encoding="utf-8"))
SHIFTS = """() => new Promise((done) => {
  const watch = new PerformanceObserver(() => 0)
  watch.observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(watch.takeRecords().reduce((sum, shift) => sum + shift.value, 0)), 60)
})"""


def most(name: str) -> float:
    return float(BUDGET[name]["max"])


def built(site: Path, source: str) -> str:
    """Return the built file of a page such as `two-layer/hidden-layer`, as its address below the site."""
    folder = "" if source == "index" else f"{source.removesuffix('/index')}/"
    return f"{folder}index.html" if (site / folder / "index.html").is_file() else f"{source}.html"


def text_of(site: Path, source: str) -> str:
    return (site / built(site, source)).read_text(encoding="utf-8")


class Elements(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@cache
def _tags(html: str) -> list[tuple[str, dict[str, str]]]:
    return Elements(html).found


def elements(html: str, tag: str = "", **wanted: str) -> list[dict[str, str]]:
    names = {name.rstrip("_"): value for name, value in wanted.items()}
    return [
        attributes
        for kind, attributes in _tags(html)
        if tag in ("", kind)
        and all(re.search(rf"(?<![\w-]){v}(?![\w-])", attributes.get(n, "")) for n, v in names.items())
    ]
