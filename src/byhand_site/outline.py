"""The headings and fences of a page, by the name that a link uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<title>.*?)(?: *\{ *#(?P<anchor>[\w-]+) *\})? *#* *$")
FENCE = re.compile(r" *(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
NAMED = re.compile(r"\{[^}]*#(?P<anchor>[\w-]+)")


@dataclass(frozen=True)
class Part:
    """A heading with everything below it, or a fence: lines `first` to `last`, counted from 1."""

    kind: str
    """"heading", or the language of a fence."""
    title: str
    """The text of a heading; what stands in a fence."""
    anchor: str
    """Empty if it has no name of its own."""
    info: str
    """What stands behind the language of a fence."""
    level: int
    first: int
    last: int


def outline(path: Path) -> tuple[Part, ...]:
    """Return the parts of a page in the order in which they begin."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts: list[Part] = []
    number = 0
    while number < len(lines):
        if fence := FENCE.match(lines[number]):
            end = number + 1
            while end < len(lines) and lines[end].strip() != fence["marks"]:
                end += 1
            language, _, info = fence["info"].strip().partition(" ")
            named = NAMED.search(info)
            source = "\n".join(lines[number + 1 : end])
            parts.append(Part(language, source, named["anchor"] if named else "", info, 7, number + 1, end + 1))
            number = end
        elif heading := HEADING.match(lines[number]):
            level = len(heading["level"])
            parts.append(Part("heading", heading["title"], heading["anchor"] or "", "", level, number + 1, len(lines)))
        number += 1
    return tuple(_closed(part, parts[k + 1 :]) for k, part in enumerate(parts))


def _closed(part: Part, later: list[Part]) -> Part:
    """End a heading where the next one of its rank begins."""
    if part.kind != "heading":
        return part
    following = (other.first - 1 for other in later if other.kind == "heading" and other.level <= part.level)
    last = next(following, part.last)
    return Part(part.kind, part.title, part.anchor, part.info, part.level, part.first, last)
