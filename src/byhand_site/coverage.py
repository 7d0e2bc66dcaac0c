"""The catalogue of derivations, and where the site has each: page, checked claims, library function, refuted trap.

The rows stand in `catalogue/*.toml`. What a row says is looked up: its claims are counted among those that the
checker has judged under its heading, and of them only those count that a spoiled version of them was noticed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from byhand_site import DOCS, verdicts
from byhand_site.outline import Part, outline

CATALOGUE = Path(__file__).parent / "catalogue"
RELATION = re.compile(r":?=")
DERIVATIVE = re.compile(r"\\partial|\\frac\s*\{\s*d\b")
PLAIN = re.compile(r"\\\\|&|\\,|\\;|\\quad|\\left|\\right|\s")


@dataclass(frozen=True)
class Derivation:
    """One row of the catalogue."""

    section: int
    quantity: str
    trap: str
    page: str
    anchor: str
    functions: tuple[str, ...]
    refuted: tuple[str, ...]
    """Names of `wrong` fences, or of headings under which running Python shows the trap."""
    formula: str = ""
    """The claim for the cheat sheet, as it stands on the page; empty if the row is not on it."""
    follows: tuple[str, ...] = field(default=())
    """Anchors of the rows that its derivation uses."""

    @property
    def path(self) -> Path:
        """Give the file of its page."""
        return DOCS / self.page


@cache
def catalogue() -> tuple[Derivation, ...]:
    """Return every row, by section and in the order of the files."""
    rows = []
    for file in sorted(CATALOGUE.glob("*.toml")):
        for row in tomllib.loads(file.read_text(encoding="utf-8")).get("row", []):
            entry: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in row.items()}
            rows.append(Derivation(**entry))
    return tuple(sorted(rows, key=lambda row: row.section))


def heading_of(row: Derivation) -> Part | None:
    """Return the heading under which a row is derived."""
    return named(row.path, row.anchor)


def named(path: Path, anchor: str) -> Part | None:
    """Return the heading or the fence of a page that has this name."""
    return next((part for part in outline(path) if part.anchor == anchor), None)


def claims_of(row: Derivation) -> tuple[str, ...]:
    """Return the distinct claims under a row's heading that could have failed.

    A claim counts if it says something about a quantity without a derivative sign and without the quantity
    itself, and if at least one spoiled version of it was noticed.
    """
    heading = heading_of(row)
    if heading is None:
        return ()
    felt = {
        spoiled["source"]
        for spoiled in verdicts.mutants(row.path)
        if spoiled["role"] == "claim" and spoiled["killed"] and heading.first <= spoiled["line"] <= heading.last
    }
    return tuple(dict.fromkeys(plain(source) for source in sorted(felt) if says_something(source)))


def says_something(source: str) -> bool:
    """Whether a claim gives a quantity in terms of others, without a derivative sign."""
    first, *others = RELATION.split(source)
    name = re.compile(rf"(?<![A-Za-z\\]){re.escape(plain(first))}(?![\w^'])")
    return any(side.strip() and not DERIVATIVE.search(side) and not name.search(plain(side)) for side in others)


def plain(source: str) -> str:
    """Return LaTeX without what does not change its meaning, to compare two spellings of one claim."""
    return PLAIN.sub("", source)


def trap_runs(row: Derivation, anchor: str) -> bool:
    """Whether the name belongs to a fence that is wrong on purpose, or to a heading under which Python runs."""
    part = named(row.path, anchor)
    if part is None:
        return False
    if part.kind == "math":
        return "wrong=" in part.info
    below = (other for other in outline(row.path) if part.first < other.first <= part.last)
    return any(other.kind == "python" or (other.kind == "math" and "wrong=" in other.info) for other in below)


def shown_formula(row: Derivation) -> str | None:
    """Return the row's formula if a claim of its page that holds reads so."""
    wanted = plain(row.formula)
    holding = (one for one in verdicts.of_page(row.path) if one.verdict == "holds" and not one.expected)
    return row.formula if any(wanted == plain(one.source) for one in holding) else None
