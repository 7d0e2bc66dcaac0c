"""A block of mathematics with its place in the file, and what stands at the head of a page and of a fence."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_ATTRIBUTE = re.compile(
    r"""\#(?P<id>[^\s{}]+)|\.(?P<class>[^\s{}]+)|(?P<key>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'{}]+))|(?P<other>[^\s{}]+)"""
)

BOM = "\ufeff"
"""What some editors put before the first character of a file."""


@dataclass(frozen=True)
class Block:
    """One fence or display: its lines joined by newlines, and where each line stands in the file."""

    text: str
    line: int
    """Line of the opening fence or of the opening `$$`."""
    starts: tuple[int, ...]
    """Offset in `text` at which each line begins."""
    places: tuple[tuple[int, int], ...]
    """Line and column (both from 1) in the file of the first character of each line of `text`."""
    kind: str = "fence"
    attributes: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """Words after `math` that are no attribute."""

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of a character of `text`."""
        index = max(0, bisect_right(self.starts, offset) - 1)
        line, column = self.places[index]
        return line, column + offset - self.starts[index]


def front_matter(page: str) -> dict[str, str]:
    r"""Give the plain ``key: value`` lines between the two ``---`` at the head of a page.

    >>> front_matter("---\ngiven: two-layer\n---\n# Page")
    {'given': 'two-layer'}
    """
    lines = page.removeprefix(BOM).split("\n")
    if lines[0].rstrip() != "---":
        return {}
    found: dict[str, str] = {}
    for line in lines[1:]:
        if line.rstrip() in ("---", "..."):
            return found
        key, colon, value = line.partition(":")
        if colon and not key.startswith((" ", "\t", "#", "-")):
            found[key.strip()] = value.strip().strip("\"'")
    return {}


def parse_info(info: str) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """Split what follows the backticks into the language, its attributes and words that are neither.

    >>> parse_info('math {#dZ wrong="differs"}')
    ('math', {'id': 'dZ', 'wrong': 'differs'}, ())
    """
    match = re.match(r"\s*\{?\s*\.?([\w+-]*)", info)
    language = match.group(1) if match else ""
    rest = info[match.end() :] if match else info
    attributes: dict[str, str] = {}
    unknown = []
    for part in _ATTRIBUTE.finditer(rest):
        if part["id"]:
            attributes["id"] = part["id"]
        elif part["key"]:
            attributes[part["key"]] = part["double"] or part["single"] or part["bare"] or ""
        elif part["other"]:
            unknown.append(part["other"])
    return language.lower(), attributes, tuple(unknown)


def make_block(lines: list[tuple[int, int, str]], line: int, kind: str, info: str = "") -> Block:
    """Join lines, each with its line and column in the file, into a block."""
    _, attributes, unknown = parse_info(info) if info else ("", {}, ())
    starts, offset = [], 0
    for _, _, text in lines:
        starts.append(offset)
        offset += len(text) + 1
    places = tuple((number, column) for number, column, _ in lines) or ((line, 1),)
    return Block("\n".join(text for *_, text in lines), line, tuple(starts or [0]), places, kind, attributes, unknown)
