r"""What a block of mathematics says, with everything that the language passes over as spaces.

Nothing moves, so that every offset stays what it was. `¶` stands for the end of a row, `§` for one inside cases.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import cycle

from byhand.equations.advice import COLOURS, RESERVED, plain
from byhand.equations.problems import Problem, Span, Unreadable
from byhand.equations.prose import DISPLAY, LABEL, TEXT, is_part_of_formula, label_problem
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
_QUAD = re.compile(r"\\q?quad(?![A-Za-z])")
_IDLE_QUADS = re.compile(
    r"(?:^|(?<=¶))(?:[\s&]|\\q?quad(?![A-Za-z]))*\\q?quad(?![A-Za-z])"
    r"|(?:\\q?quad(?![A-Za-z])[\s&]*)+(?=:?=|[≔≜])|(?:(?<==)|(?<=[≔≜]))[\s&]*(?:\\q?quad(?![A-Za-z])\s*)+"
)
"""Wide spaces that only indent a row or stand beside its relation: they begin nothing new."""


def mask(block: str) -> tuple[str, list[Problem]]:
    """Give the text with all that is passed over as spaces, and what is wrong with its words and signs."""
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
