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
WIDE, NARROW = "MWmw𝓛→⊙×", "[]()|.,:;′ijlt 1"
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;|#)\w+;")
OVER = {"˙": "\u0307", ".": "\u0307", "^": "\u0302", "~": "\u0303"}

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
    if tag in ("msup", "msub", "msubsup", "munder", "munderover", "mover"):
        base = _walk(children[0], level)
        if tag == "mover":
            mark = "".join(children[1].itertext()).strip()
            return [Run(base[0].text + OVER.get(mark, mark), level, base[0].slanted), *base[1:]]
        steps = {"msup": (1,), "msub": (-1,), "munder": (-1,)}.get(tag, (-1, 1))
        return base + [run for child, step in zip(children[1:], steps, strict=True) for run in _walk(child, step)]
    if tag == "mfrac":
        top, bottom = (_walk(child, level) for child in children)
        return [*top, Run("/", level), *bottom]
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


def width(latex: str) -> float:
    """Estimate how wide a formula is, rather too wide than too narrow."""
    return sum(_width(run.text, INDEX if run.level else LINE) for run in runs(latex))


def words_width(words: str, height: float = INDEX) -> float:
    """Estimate how wide words are."""
    return _width(words, height)


def _width(text: str, height: float) -> float:
    return height * sum(0.98 if c in WIDE else 0.38 if c in NARROW else 0.66 for c in text if c != "\u0307")


def spans(latex: str) -> str:
    """Return a formula as the content of an SVG text element; browsers differ on `baseline-shift`, not on `dy`."""
    parts, before = [], 0
    for run in runs(latex):
        height = {0: 0, 1: -6, -1: 4}
        move = height[run.level] - height[before]
        names = " ".join(["raised"] * bool(run.level) + ["slanted"] * run.slanted)
        attributes = (f' dy="{move}"' if move else "") + (f' class="{names}"' if names else "")
        text = html.escape(run.text)
        parts.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
        before = run.level
    return "".join(parts)
