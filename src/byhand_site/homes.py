"""Where a page defines each symbol of its forward program, and where the site derives each gradient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from byhand.equations import Result
from byhand_site import DOCS, labels, verdicts
from byhand_site.captions import identifier, left_side
from byhand_site.coverage import Derivation
from byhand_site.outline import outline

NUMBER = re.compile(r"\[(\d+)\]")
ENTRY = re.compile(r"_[a-z]{2}$")


@dataclass(frozen=True)
class Home:
    """An equation or a heading of a page."""

    page: str
    anchor: str


@dataclass(frozen=True)
class Homes:
    """Answers for one page, whose forward program has these symbols."""

    path: Path
    symbols: Sequence[str]
    rows: Sequence[Derivation]

    @property
    def page(self) -> str:
        """Give the page as a catalogue names it."""
        return self.path.relative_to(DOCS).as_posix() if self.path.is_relative_to(DOCS) else self.path.name

    @cached_property
    def depth(self) -> str:
        """Give the number of the last layer."""
        return max((number for symbol in self.symbols for number in NUMBER.findall(symbol)), default="", key=int)

    def definition(self, symbol: str) -> Home | None:
        """Return the equation of this page that declares or defines a symbol, by its own name or for layer l."""
        for name in (symbol, NUMBER.sub("[l]", symbol)):
            for anchor, one in statements(self.path):
                if one.verdict in ("declares", "defines") and left_side(one.source) == _text(name):
                    return Home(self.page, anchor)
        return None

    def derivation(self, symbol: str) -> Home | None:
        """Return where the gradient of a symbol is derived: on this page, near it, or elsewhere.

        A page about layer l speaks of all layers, and of the last as L. Names without a layer mean something only in
        the folder of the page. What is no row of the catalogue is where a page claims it: this one, or one beside it.
        """
        name = f"d{symbol}"
        last = [name.replace(f"[{self.depth}]", "[L]")] if f"[{self.depth}]" in name else []
        general = NUMBER.sub("[l]", name), NUMBER.sub("[l-1]", name)
        folder = self.page.rpartition("/")[0]
        here = [row for row in self.rows if row.page == self.page]
        near = [row for row in self.rows if row.page.rpartition("/")[0] == folder]
        return (
            _row(here, name)
            or _claim([self.path], *last)
            or _row(here, *general)
            or _claim([self.path], name)
            or _row(near, name)
            or (self._elsewhere(name) if NUMBER.search(name) else None)
        )

    def _elsewhere(self, name: str) -> Home | None:
        return _claim(sorted(self.path.parent.glob("*.md")), name) or _row(self.rows, name)


def _row(rows: Sequence[Derivation], *names: str) -> Home | None:
    found = (row for name in names for row in rows if row.quantity == labels.plain(name))
    return next((Home(row.page, row.anchor) for row in found), None)


def _claim(paths: Sequence[Path], *names: str) -> Home | None:
    """Return the first claim that holds of a matrix with one of these names, or of its entries."""
    wanted = {_text(name) for name in names}
    for path in (path for path in paths if path.is_relative_to(DOCS)):
        for anchor, one in statements(path):
            if one.verdict == "holds" and not one.expected and ENTRY.sub("", left_side(one.source)) in wanted:
                return Home(path.relative_to(DOCS).as_posix(), anchor)
    return None


def statements(path: Path) -> Iterator[tuple[str, Result]]:
    """Yield what the checker says of each statement of a page, with the name that its equation has in addresses."""
    results = verdicts.of_page(path)
    for part in outline(path):
        if part.kind == "math":
            own = [result for result in results if result.fence_line == part.first]
            for result in own:
                yield part.anchor or identifier(part.title, own), result


def _text(symbol: str) -> str:
    return left_side(f"{symbol} =")
