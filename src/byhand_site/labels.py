"""Short formulas as the text of a drawing: LaTeX to runs of letters, raised, lowered or on the line."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache

from math_core import LatexToMathML

LINE, INDEX = 16, 13
"""Heights of letters on the line, and of raised and lowered ones, in pixels; nothing is smaller than 12 on a phone."""
UP, DOWN = 6, 4
"""How far raised letters are moved up, and lowered ones down."""
WIDTHS = {"MWmw𝓛→⊙×": 1.0, "ABCDGHKNOQRSUVXYZ+=−⊤ΣΔ": 0.85, "[]()|.,:;′ijlt ": 0.41}
"""Widths of letters in the widest of the usual fonts (DejaVu Sans), as shares of their height; others: `COMMON`."""
COMMON, BOLD = 0.66, 1.13
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;|#)\w+;")
OVER = {"˙": "\u0307", ".": "\u0307", "^": "\u0302", "~": "\u0303"}
MARKS = "\u0307\u0302\u0303"

_convert = LatexToMathML(annotation=False).convert_with_local_state


@dataclass(frozen=True)
class Run:
    """Letters of one kind that stand side by side."""

    text: str
    level: int = 0
    """1 raised, -1 lowered."""
    slanted: bool = False


@cache
def runs(latex: str) -> tuple[Run, ...]:
    r"""Return a formula as runs.

    >>> [(run.text, run.level) for run in runs(r"W^{[2]\top}")]
    [('W', 0), ('[2]⊤', 1)]
    """
    mathml = ENTITY.sub(lambda entity: html.unescape(entity[0]), _convert(latex, displaystyle=False))
    found = _walk(ET.fromstring(mathml), 0)  # noqa: S314  # written by our own converter
    merged: list[Run] = []
    for run in found:
        last = merged[-1] if merged else None
        if last and last.level == run.level and last.slanted == run.slanted:
            merged[-1] = Run(last.text + run.text, run.level, run.slanted)
        else:
            merged.append(run)
    return tuple(merged)


def _walk(node: ET.Element, level: int) -> list[Run]:
    tag, children = node.tag.rpartition("}")[2], list(node)
    while tag == "munder" and "⏟" in "".join(node.itertext()):  # what is written below a brace is in the drawing
        node = children[0]
        tag, children = node.tag.rpartition("}")[2], list(node)
    if tag in ("msup", "msub", "msubsup", "munder", "munderover", "mover"):
        base = _walk(children[0], level)
        if tag == "mover":
            mark = "".join(children[1].itertext()).strip()
            return [Run(base[0].text + OVER.get(mark, mark), level, base[0].slanted), *base[1:]]
        steps = {"msup": (1,), "msub": (-1,), "munder": (-1,)}.get(tag, (-1, 1))
        moved = [run for child, step in zip(children[1:], steps, strict=True) for run in _walk(child, step)]
        # A prime stands high by itself.
        return base + [Run(run.text, level) if set(run.text) <= {"′"} else run for run in moved]
    if tag == "mfrac":
        top, bottom = (_walk(child, level) for child in children)
        return [*top, Run("/", level), *bottom, Run(" ", level)]
    if children:
        return [run for child in children for run in _walk(child, level)]
    text = (node.text or "").replace("\u2061", "").replace("\u2062", "").strip()
    if tag == "mo" and level == 0 and text in ("=", "+", "⊙", "−", "-"):
        text = f" {text} "
    slanted = tag == "mi" and node.get("mathvariant") != "normal" and len(text) == 1 and text.isalpha()
    return [Run(text, level, slanted)] if text else []


def plain(latex: str) -> str:
    r"""Return a formula as plain words, for titles and descriptions.

    >>> plain(r"dA^{[1]} = W^{[2]\top} dZ^{[2]}"), plain("n_{l-1}")
    ('dA[1] = W[2]ᵀ dZ[2]', 'n_l−1')
    """
    text, before = "", 0
    for run in runs(latex):
        if run.level == 0 and before != 0 and run.text[0].isalnum():
            text += " "
        text += "_" * (run.level < 0 and before >= 0) + run.text
        before = run.level
    return " ".join(text.replace("⊤", "ᵀ").split())


def width(latex: str, *, bold: bool = False) -> float:
    """Estimate how wide a formula is, rather too wide than too narrow."""
    return sum(words_width(run.text, INDEX if run.level else LINE, bold=bold) for run in runs(latex))


def words_width(words: str, height: float = INDEX, *, bold: bool = False) -> float:
    """Estimate how wide words are."""
    shares = (next((share for some, share in WIDTHS.items() if c in some), COMMON) for c in words if c not in MARKS)
    return (BOLD if bold else 1.0) * height * sum(shares)


def reach(latex: str) -> tuple[float, float]:
    r"""Estimate how far a formula reaches above its line, and below it.

    >>> reach("W"), reach(r"W^{\top}"), reach("n_1")
    ((15, 4), (18, 4), (15, 8))
    """
    levels = {run.level for run in runs(latex)}
    return UP + 12 if 1 in levels else LINE - 1, DOWN + 4 if -1 in levels else 4


def spans(latex: str) -> str:
    """Return a formula as the content of an SVG text element; browsers differ on `baseline-shift`, not on `dy`."""
    parts, before = [], 0
    height = {0: 0, 1: -UP, -1: DOWN}
    for run in runs(latex):
        move = height[run.level] - height[before]
        names = " ".join(["raised"] * bool(run.level) + ["slanted"] * run.slanted)
        attributes = (f' dy="{move}"' if move else "") + (f' class="{names}"' if names else "")
        text = html.escape(run.text.replace("′", "\u200a'"), quote=False)  # many fonts draw the prime as a speck
        parts.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
        before = run.level
    return "".join(parts)
