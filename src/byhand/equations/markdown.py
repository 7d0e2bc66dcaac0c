"""Markdown in, blocks of mathematics out, each with its place in the file.

A block is a ```` ```math ```` fence (with backticks or tildes, also inside admonitions, tabs, lists and
block quotes), or a `$$…$$` display. Code fences of other languages, code spans, HTML comments and what stands in
`<pre>`, `<script>`, `<style>` or `<textarea>` are passed over. Inline `$…$` is listed apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from byhand.equations.blocks import BOM as BOM
from byhand.equations.blocks import Block as Block
from byhand.equations.blocks import front_matter as front_matter
from byhand.equations.blocks import make_block
from byhand.equations.blocks import parse_info as parse_info

_CONTAINER = r"(?P<container>[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*[\s>]*)"
_FENCE = re.compile(_CONTAINER + r"(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>.*)$")
_CODE_SPAN = re.compile(r"(?P<math>\$`[^`\n]+`\$)|(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`)")
_STRAY = re.compile(
    r"(?<!\\)\\\[|\\begin\{(?P<name>(?:align|alignat|eqnarray|equation|flalign|gather|multline|displaymath)\*?)\}"
)
_RAW = re.compile(r"[\s>]*<(?:!--|(?P<tag>pre|script|style|textarea)(?=[\s>/]|$))", re.IGNORECASE)
_INLINE = re.compile(r"\$`(?P<tick>[^`\n]+)`\$|(?<![\\$\w])\$(?![\s$])(?P<plain>(?:\\.|[^\\$\n`])+?)(?<!\s)\$(?![\w$])")


def read_blocks(page: str) -> tuple[Block, ...]:
    r"""All blocks of mathematics of a page, in order.

    >>> [block.text for block in read_blocks("> ```math {#dZ}\n> a = b\n> ```\n\n$$c = d$$\n")]
    ['a = b', 'c = d']
    """
    return tuple(block for block in _pieces(page) if block.kind in ("fence", "display"))


def read_strays(page: str) -> tuple[Block, ...]:
    r"""All displays that look like mathematics and are not read: `\[…\]`, `\begin{align}`, `latex` and `tex` fences."""
    return tuple(block for block in _pieces(page) if block.kind == "stray")


def read_unclosed(page: str) -> tuple[Block, ...]:
    r"""All ```` ```math ```` fences that nothing closes, each up to its first blank line."""
    return tuple(block for block in _pieces(page) if block.kind == "unclosed")


def read_inline(page: str) -> tuple[Block, ...]:
    """All inline formulas of a page, `$…$` and ``$`…`$``, in order."""
    return tuple(block for block in _pieces(page) if block.kind == "inline")


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
    endless: set[str] = set()
    while number < len(lines):
        line = lines[number].rstrip("\r")
        number += 1
        fence = _FENCE.match(line) if display is None else None
        if fence and not (fence["ticks"][0] == "`" and "`" in fence["info"]):
            language = parse_info(fence["info"])[0]
            body, after, ended = _fence_body(lines, number, fence, math=language == "math")
            if language == "math" and not ended:
                body = body[: next((k for k, (*_, text) in enumerate(body) if not text.strip()), len(body))]
                yield make_block(body, number, "unclosed")
                after = number + len(body)
            elif language == "math":
                yield make_block(body, number, "fence", fence["info"])
            elif language in ("latex", "tex"):
                yield make_block(body, number, "stray")
            number = after
            continue
        raw = _RAW.match(line) if display is None else None
        if raw:
            number = _end_of(f"</{raw['tag']}>" if raw["tag"] else "-->", lines, number - 1, endless)
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
                    yield make_block(stray, began, "stray")
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
                yield make_block(display, began, "display")
                display = None
            column = at + 2
        if display is not None:
            if not line.strip() and len(display) > 1:  # a blank line ends a paragraph, so this was no display
                closed = next((k for k in range(number, min(number + 60, len(lines))) if _bare(lines[k])), 0)
                if _bare(lines[began - 1]) and closed:  # but its author meant one: it is named, and passed over
                    yield make_block(display, began, "stray")
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


def _fence_body(
    lines: list[str], number: int, fence: re.Match[str], *, math: bool
) -> tuple[list[tuple[int, int, str]], int, bool]:
    """Give the lines of a fence, the line after it, and whether it was closed; in `math`, no other fence begins."""
    ticks, container = fence["ticks"], fence["container"]
    quotes = container.count(">")
    close = re.compile(rf"[\s>]*{re.escape(ticks[0])}{{{len(ticks)},}}[ \t]*$")
    opens = re.compile(rf"{_CONTAINER}{re.escape(ticks[0])}{{3,}}[ \t]*[{{.]?[A-Za-z]")
    body: list[tuple[int, int, str]] = []
    closed = False
    while number < len(lines):
        line = lines[number].rstrip("\r")
        if quotes and line.lstrip()[:1] != ">":
            closed = True  # the block quote has ended, and the fence with it
            break
        if opens.match(line) and math:
            break
        number += 1
        if close.match(line):
            closed = True
            break
        taken, text = _strip(line, re.sub(r"[^\s>]", " ", container))
        body.append((number, taken + 1, text))
    return body, number, closed


def _end_of(mark: str, lines: list[str], number: int, endless: set[str]) -> int:
    """Give the line after the one that holds a mark; if none does, only this line is passed over."""
    mark = mark.lower()
    if mark not in endless:
        for after in range(number, len(lines)):
            if mark in lines[after].lower():
                return after + 1
        endless.add(mark)
    return number + 1


def _inline(text: str, number: int, column: int) -> Iterator[Block]:
    for match in _INLINE.finditer(text):
        group = "tick" if match["tick"] else "plain"
        yield make_block([(number, column + match.start(group) + 1, match[group])], number, "inline")
