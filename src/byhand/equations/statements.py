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
from functools import partial
from itertools import cycle

from byhand.equations.advice import COLOURS, RESERVED, plain
from byhand.equations.problems import Problem, Span, Unreadable
from byhand.equations.prose import DISPLAY, LABEL, TEXT, is_part_of_formula, label_problem, written_behind
from byhand.equations.prose import problem as text_problem

RELATIONS = (
    r":=|≔|≜|\\coloneqq?(?![A-Za-z])|\\triangleq(?![A-Za-z])|=|\\in(?![A-Za-z])|∈|\\to(?![A-Za-z])|→|\\colon|≈|≤|≥|<|>"
)

_BLANK = re.compile(
    rf"(?<!\\)%[^\n]*|\\(?:label|vspace|hspace|mspace)\*?\s*\{{[^{{}}]*\}}|\\(?:begin|end)\s*\{{(?:{DISPLAY})\*?\}}(?:\{{\d+\}})?"
    r"|\\(?:left|right|middle|bigl|bigr|Bigl|Bigr|biggl|biggr|big|Big|bigg|Bigg)(?![A-Za-z])(?!\s*\.)"
    r"|\\(?:nonumber|notag|displaystyle|textstyle|limits|nolimits|hfill|strut|mathstrut|relax|normalsize|large|Large|small)(?![A-Za-z])"
    r"|\\[,;:! >]|\\(?:enspace|thinspace|medspace|thickspace|negthinspace)(?![A-Za-z])|~|\{\s*\}"
    rf"|\\(?:text)?color\s*\{{(?:{COLOURS})\}}"
)
_BOX = re.compile(r"\\boxed(?![A-Za-z])\s*(?=\{)")
_SIZED = re.compile(r"\\(?:left|bigl?|Bigl?|biggl?|Biggl?)\s*$")
_QUAD = re.compile(r"\\q?quad(?![A-Za-z])")
_IDLE_QUADS = re.compile(
    r"(?:^|(?<=¶))(?:[\s&]|\\q?quad(?![A-Za-z]))*\\q?quad(?![A-Za-z])"
    r"|(?:\\q?quad(?![A-Za-z])[\s&]*)+(?=:?=|[≔≜])|(?:(?<==)|(?<=[≔≜]))[\s&]*(?:\\q?quad(?![A-Za-z])\s*)+"
)
"""Wide spaces that only indent a row or stand beside its relation: they begin nothing new."""
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
    masked, problems = _mask(block)
    statements: list[Statement] = []
    for start, end in _rows(masked):
        statements.extend(_row(block, masked, start, end, problems))
    return tuple(statements)


def _mask(block: str) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    def text(match: re.Match[str]) -> str:
        if re.fullmatch(r"\s*(otherwise|else)[\s,.]*", match["words"]):
            return "⋄" + " " * (len(match[0]) - 1)
        if is_part_of_formula(match.string, match):
            return match[0]
        return refusing(match, text_problem(match.string, match))

    def label(match: re.Match[str]) -> str:
        return refusing(match, label_problem(match.string, match))

    def refusing(match: re.Match[str], words: str) -> str:
        if words:
            problems.insert(0 if "relation" in words else len(problems), Unreadable(match.span(), words))
        return blank(match)

    def unslash(match: re.Match[str]) -> str:  # `\\` first, so that no later pattern sees half of one
        return "¶" + " " * (len(match[0]) - 1)

    for match in re.finditer(f"[{RESERVED}]", block):
        problems.append(Unreadable(match.span(), f"{match[0]} has no meaning in a formula."))
    readable = "".join("?" if sign in RESERVED else sign for sign in plain(block))
    masked = re.sub(r"(?<!\\)%[^\n]*", blank, readable)
    masked = re.sub(r"\\\\(?:\[[^\]\n]*\])?", unslash, masked)
    masked = TEXT.sub(text, masked)
    masked = LABEL.sub(label, masked)
    masked = _unbox(_BLANK.sub(blank, masked))
    masked = _IDLE_QUADS.sub(lambda match: re.sub(r"[^\s&]", " ", match[0]), masked)
    masked = _QUAD.sub(lambda match: "," + " " * (len(match[0]) - 1), masked)
    return _bars(_outside_cases(masked)), problems


def _unbox(masked: str) -> str:
    r"""Blank `\boxed`, and its braces too where they hold a whole statement."""
    for match in reversed(list(_BOX.finditer(masked))):
        start, end = match.end(), _closing(masked, match.end())
        inner = masked[start + 1 : end]
        inner = f" {inner} " if end < len(masked) and relations(inner) else masked[start : end + 1]
        masked = masked[: match.start()] + " " * len(match[0]) + inner + masked[end + 1 :]
    return masked


def _closing(text: str, opening: int) -> int:
    """Where the brace that opens at a place is closed, or the end of the text."""
    depth = 0
    for found in re.finditer(r"\\.|[{}]", text[opening:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return opening + found.start()
    return len(text)


def _outside_cases(masked: str) -> str:
    """Blank the `&` that only align rows; inside `cases` and matrices they separate, and `¶` ends a row."""
    parts = re.split(
        r"(\\begin\s*\{(?:cases|[a-zA-Z]*matrix|array)\}.*?\\end\s*\{(?:cases|[a-zA-Z]*matrix|array)\})",
        masked,
        flags=re.DOTALL,
    )
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = part.replace("¶", "§") if "matrix" in part[:20] else part.replace("¶", "§").replace(",", " ")
        else:  # of the & in a row, every second one stands between two equations
            parts[index] = "¶".join(re.sub(r"&([^&]*)(&?)", _columns, row) for row in part.split("¶"))
    return "".join(parts)


def _columns(match: re.Match[str]) -> str:
    return " " + match[1] + ("," if match[2] else "")


def _bars(masked: str) -> str:
    """Tell opening bars from closing ones: ⟦ ⟧ for norms, ⟨ ⟩ for inner products, ⟪ ⟫ for absolute values."""
    for command, sign in _ONE_WAY:
        masked = re.sub(re.escape(command) + r"(?![A-Za-z])", partial(_stand_in, sign), masked)
    rows = masked.split("¶")
    for pattern, opening, closing in (
        (r"\\\||\\Vert(?![A-Za-z])|‖", "⟦", "⟧"),
        (r"(?<!\\)\||\\vert(?![A-Za-z])", "⟪", "⟫"),
    ):
        rows = [_alternate(row, pattern, opening, closing) for row in rows]
    return "¶".join(rows)


_ONE_WAY = (
    (r"\lVert", "⟦"), (r"\rVert", "⟧"), (r"\lvert", "⟪"), (r"\rvert", "⟫"), (r"\langle", "⟨"), (r"\rangle", "⟩"),
)  # fmt: skip


def _stand_in(sign: str, match: re.Match[str]) -> str:
    return sign + " " * (len(match[0]) - 1)


def _alternate(row: str, pattern: str, opening: str, closing: str) -> str:
    """Replace signs that open and close alike, by turns, within one row."""
    signs = cycle((opening, closing))
    return re.sub(pattern, lambda match: _stand_in(next(signs), match), row)


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


def top_level(text: str, pattern: str) -> list[Span]:
    """Where `pattern` stands outside all brackets of `text`."""
    found, depth = [], 0
    for match in re.finditer(rf"(?P<open>\\\{{|[({{\[⟦⟨⟪])|(?P<close>\\\}}|[)}}\]⟧⟩⟫])|(?P<hit>{pattern})", text):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(0, depth - 1)
        elif depth == 0:
            found.append(match.span())
    return found


def relations(text: str) -> list[str]:
    """Relation signs of a statement that stand outside all brackets."""
    return [text[start:end] for start, end in top_level(text, RELATIONS)]


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
