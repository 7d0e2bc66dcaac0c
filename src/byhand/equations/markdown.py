"""Markdown in, blocks of mathematics out, each with its place in the file.

A block is a ```` ```math ```` fence (with backticks or tildes, also inside admonitions, tabs, lists and
block quotes), or a `$$…$$` display. Code fences of other languages, code spans and HTML comments are
passed over. Inline `$…$` is listed apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_CONTAINER = r"(?P<container>[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*[\s>]*)"
_FENCE = re.compile(_CONTAINER + r"(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>.*)$")
_ATTRIBUTE = re.compile(
    r"""\#(?P<id>[^\s{}]+)|\.(?P<class>[^\s{}]+)|(?P<key>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'{}]+))|(?P<other>[^\s{}]+)"""
)
_CODE_SPAN = re.compile(r"(?P<math>\$`[^`\n]+`\$)|(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`)")
_STRAY = re.compile(
    r"(?<!\\)\\\[|\\begin\{(?P<name>(?:align|alignat|eqnarray|equation|flalign|gather|multline|displaymath)\*?)\}"
)
_INLINE = re.compile(r"\$`(?P<tick>[^`\n]+)`\$|(?<![\\$\w])\$(?![\s$])(?P<plain>(?:\\.|[^\\$\n`])+?)(?<!\s)\$(?![\w$])")


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


def read_blocks(page: str) -> tuple[Block, ...]:
    r"""All blocks of mathematics of a page, in order.

    >>> [block.text for block in read_blocks("> ```math {#dZ}\n> a = b\n> ```\n\n$$c = d$$\n")]
    ['a = b', 'c = d']
    """
    return tuple(block for block in _pieces(page) if block.kind in ("fence", "display"))


def read_strays(page: str) -> tuple[Block, ...]:
    r"""All displays that look like mathematics and are not read: `\[…\]`, `\begin{align}`, `latex` and `tex` fences."""
    return tuple(block for block in _pieces(page) if block.kind == "stray")


def read_inline(page: str) -> tuple[Block, ...]:
    """All inline formulas of a page, `$…$` and ``$`…`$``, in order."""
    return tuple(block for block in _pieces(page) if block.kind == "inline")


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


def _block(lines: list[tuple[int, int, str]], line: int, kind: str, info: str = "") -> Block:
    _, attributes, unknown = parse_info(info) if info else ("", {}, ())
    starts, offset = [], 0
    for _, _, text in lines:
        starts.append(offset)
        offset += len(text) + 1
    places = tuple((number, column) for number, column, _ in lines) or ((line, 1),)
    return Block("\n".join(text for *_, text in lines), line, tuple(starts or [0]), places, kind, attributes, unknown)


def _strip(line: str, container: str) -> tuple[int, str]:
    """Take the container's indentation and quote marks off a line of a fence."""
    taken = 0
    for mark in container:
        if (taken < len(line) and line[taken] == ">" and mark == ">") or (
            taken < len(line) and line[taken] in " \t" and mark != ">"
        ):
            taken += 1
    return taken, line[taken:]


def _pieces(page: str) -> Iterator[Block]:
    lines = page.removeprefix(BOM).split("\n")
    number = _skip_front_matter(lines)
    display: list[tuple[int, int, str]] | None = None
    stray: list[tuple[int, int, str]] = []
    closes = ""
    began = 0
    while number < len(lines):
        line = lines[number].rstrip("\r")
        number += 1
        fence = _FENCE.match(line) if display is None else None
        if fence and not (fence["ticks"][0] == "`" and "`" in fence["info"]):
            body, after = _fence_body(lines, number, fence)
            language = parse_info(fence["info"])[0]
            if language == "math":
                yield _block(body, number, "fence", fence["info"])
            elif language in ("latex", "tex"):
                yield _block(body, number, "stray")
            number = after
            continue
        if display is None and line.lstrip().startswith("<!--"):
            number = _comment_end(lines, number - 1)
            continue
        shown = _CODE_SPAN.sub(lambda span: span["math"] or " " * len(span[0]), line) if display is None else line
        if display is None:
            first = _dollars(shown, 0)
            opened = None if closes else _STRAY.search(shown[:first] if first >= 0 else shown)
            if opened:
                closes = f"\\end{{{opened['name']}}}" if opened["name"] else "\\]"
                stray, began = [], number
            if closes:
                stray.append((number, 1, line))
                if closes in shown[opened.end() if opened else 0 :]:
                    yield _block(stray, began, "stray")
                    closes = ""
                elif not line.strip():
                    closes = ""  # a blank line ends a paragraph, so this was no display
                continue
        column = 0
        while (at := _dollars(shown, column)) >= 0:
            if display is None:
                yield from _inline(shown[column:at], number, column)
                display, began = [], number
            else:
                display.append((number, column + 1, _strip_quote(line[:at], column)))
                yield _block(display, began, "display")
                display = None
            column = at + 2
        if display is not None:
            if not line.strip() and len(display) > 1:  # a blank line ends a paragraph, so this was no display
                closed = next((k for k in range(number, min(number + 60, len(lines))) if _bare(lines[k])), 0)
                if _bare(lines[began - 1]) and closed:  # but its author meant one: it is named, and passed over
                    yield _block(display, began, "stray")
                    number = closed + 1
                display = None
            else:
                display.append((number, column + 1, _strip_quote(line, column)))
        else:
            yield from _inline(shown[column:], number, column)


def _skip_front_matter(lines: list[str]) -> int:
    if lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:200], 1):
            if line.rstrip() in ("---", "..."):
                return number + 1
    return 0


def _dollars(line: str, column: int) -> int:
    at = line.find("$$", column)
    while at > 0 and (at - len(line[:at].rstrip("\\"))) % 2:  # an odd number of backslashes
        at = line.find("$$", at + 2)
    return at


def _bare(line: str) -> bool:
    """Whether a line holds two dollars and nothing else."""
    return line.strip(" \t>\r") == "$$"


def _strip_quote(line: str, column: int) -> str:
    text = line[column:]
    if column == 0:
        quoted = re.match(r"[\s>]*", text)
        width = quoted.end() if quoted and ">" in quoted[0] else 0
        return " " * width + text[width:]
    return text


def _fence_body(lines: list[str], number: int, fence: re.Match[str]) -> tuple[list[tuple[int, int, str]], int]:
    ticks, container = fence["ticks"], fence["container"]
    quotes = container.count(">")
    close = re.compile(rf"[\s>]*{re.escape(ticks[0])}{{{len(ticks)},}}[ \t]*$")
    body: list[tuple[int, int, str]] = []
    while number < len(lines):
        line = lines[number].rstrip("\r")
        if quotes and line.lstrip()[:1] != ">":
            break  # the block quote has ended, and the fence with it
        number += 1
        if close.match(line):
            break
        taken, text = _strip(line, re.sub(r"[^\s>]", " ", container))
        body.append((number, taken + 1, text))
    return body, number


def _comment_end(lines: list[str], number: int) -> int:
    for after in range(number, len(lines)):
        if "-->" in lines[after]:
            return after + 1
    return number + 1


def _inline(text: str, number: int, column: int) -> Iterator[Block]:
    for match in _INLINE.finditer(text):
        group = "tick" if match["tick"] else "plain"
        yield _block([(number, column + match.start(group) + 1, match[group])], number, "inline")
