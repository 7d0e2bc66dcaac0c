r"""A block of mathematics cut into statements.

A statement is a row of an `aligned` block, or text up to ``\\`` or the end of the block; a row that
begins with a relation or an operator continues the last. Declarations, and other statements with a
relation of their own, may share a row, separated by commas or `\quad`; a range such as
`\quad l = 1, \dots, L` belongs to all statements of its row.

Nothing moves: what the language passes over (spacing, comments, labels) is replaced by as many spaces, so
that every offset into a statement is an offset into its block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from byhand.equations.masking import RELATIONS as RELATIONS
from byhand.equations.masking import mask
from byhand.equations.masking import relations as relations
from byhand.equations.masking import top_level as top_level
from byhand.equations.problems import Problem, Span
from byhand.equations.prose import TEXT, written_behind

_SIZED = re.compile(r"\\(?:left|bigl?|Bigl?|biggl?|Biggl?)\s*$")
_RANGE = re.compile(
    r"[,;(]?\s*(?P<var>\\?[A-Za-z]+)\s*=\s*(?P<low>[^,=]+?)\s*,\s*(?:\\(?:l|c)?dots[bcmio]?|…)\s*,\s*(?P<high>[^,=]+?)\s*\)?\s*[.,;]?\s*$"
)
_OPENS_WITH = re.compile(
    r"\s*(?::=|=|\+|-|/|\*|[∈→≔≜⊙∘×·]|\\(?:odot|cdot|times|circ|ast|in|to|coloneqq|approx|le|leq|ge|geq|propto|sim)(?![A-Za-z]))"
)


@dataclass(frozen=True)
class Range:
    """`var = low, …, high` at the end of a row, as written."""

    var: str
    low: str
    high: str
    where: Span


@dataclass(frozen=True)
class Statement:
    """One statement: its text with everything that is passed over blanked, and its place in the block."""

    text: str
    start: int
    source: str
    ranges: tuple[Range, ...] = ()
    words: str = ""
    """What stood in `\\text{…}`: passed over, but for the words *one-hot columns* in a declaration."""
    problem: Problem | None = None

    @property
    def span(self) -> Span:
        """Where the statement stands in its block."""
        return self.start, self.start + len(self.text)


def split(block: str) -> tuple[Statement, ...]:
    r"""Cut the text of a block into statements.

    >>> [statement.source for statement in split("a := b + c, \\quad d = a \\\\ e \n = f")]
    ['a := b + c', 'd = a', 'e \n = f']
    """
    masked, problems = mask(block)
    statements: list[Statement] = []
    for start, end in _rows(masked):
        statements.extend(_row(block, masked, start, end, problems))
    return tuple(statements)


def _rows(masked: str) -> list[Span]:
    rows: list[Span] = []
    start = 0
    for end in [*(match.start() for match in re.finditer("¶", masked)), len(masked)]:
        text = masked[start:end]
        if text.strip():
            if rows and _OPENS_WITH.match(text) and masked[rows[-1][0] : rows[-1][1]].strip():
                rows[-1] = (rows[-1][0], end)
            else:
                rows.append((start, end))
        start = end + 1
    return rows


def _row(block: str, masked: str, start: int, end: int, problems: list[Problem]) -> list[Statement]:
    text = masked[start:end].replace("¶", " ")
    ranges, text = _ranges(text, start)
    pieces: list[list[int]] = []
    commas = [span[0] for span in top_level(text, ",|;")]
    begin = 0
    for comma in [*commas, len(text)]:
        pieces.append([begin, comma])
        begin = comma + 1
    merged: list[list[int]] = []
    for piece in pieces:
        words = text[piece[0] : piece[1]]
        if not words.strip():
            continue
        previous = text[merged[-1][0] : merged[-1][1]] if merged else ""
        joins = merged and (not relations(previous) or not relations(words) or _OPENS_WITH.match(words))
        if joins:
            merged[-1][1] = piece[1]
        else:
            merged.append(list(piece))
    found = []
    spoken = " ".join(match["words"] for match in TEXT.finditer(block[start:end]))
    for low, high in merged:
        part = text[low:high]
        left = low + len(part) - len(part.lstrip())
        sized = _SIZED.search(block[start : start + left])
        if sized:  # the source of a statement begins with its \left
            left = max(low, sized.start())
        part = re.sub(r"[\s.,;]+$", "", text[left:high])
        if not part:
            continue
        where = (start + left, start + left + len(part))
        problem = next((p for p in problems if start <= p.where[0] < end), None)
        after = start + (len(text) if [low, high] == merged[-1] else high)
        source = block[slice(*where)] + written_behind(block, where, after)
        found.append(Statement(part, where[0], source, ranges, spoken, problem))
    return found


def _ranges(text: str, start: int) -> tuple[tuple[Range, ...], str]:
    ranges: list[Range] = []
    while match := _RANGE.search(text):
        before = text[: match.start()]
        if not relations(before) or _depth(before) != 0:
            break
        where = (start + match.start("var"), start + match.end("high"))
        ranges.insert(0, Range(match["var"], match["low"].strip(), match["high"].strip(), where))
        text = before + " " * (len(text) - len(before))
    return tuple(ranges), text


def _depth(text: str) -> int:
    return sum(text.count(sign) for sign in "({[") - sum(text.count(sign) for sign in ")}]")
