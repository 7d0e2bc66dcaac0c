"""Messages for people, and the JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from byhand.equations.advice import visible
from byhand.equations.check import Judged
from byhand.equations.problems import HEADLINES
from byhand.equations.results import SCHEMA, Result

WIDE = 100
"""Longest line on which a hint still follows the numbers."""


def message(judged: Judged, file: str, mend: Sequence[str] = ()) -> str:
    """Give the message about one statement: place, equation, caret, both sides, what mends it, how to repeat it."""
    block = judged.item.block
    caret = judged.verdict != "differs"
    line, column = block.place(judged.where[0]) if caret else (judged.line, judged.column)
    place = f"{file}:{line}:{column}" if file else f"line {line}, column {column}"
    lines = [f"{place}: {HEADLINES[judged.verdict]}"]
    lines.extend("    " + text for text in _quote(judged, caret=caret))
    lines.extend("    " + text for text in _wrap(judged, mend))
    return visible("\n".join(lines))


def _wrap(judged: Judged, mend: Sequence[str]) -> list[str]:
    sentences = list(judged.sentences)
    together = " ".join([*sentences, *mend[:1]])
    if judged.verdict == "differs" and mend and len(together) <= WIDE:
        lines = [together, *mend[1:]]
    else:
        lines = [*sentences, *mend]
    if judged.verdict == "differs" and judged.failed is not None and judged.failed.comparison is not None:
        scene = judged.failed.comparison.failures[0][0]
        depth = f"L = {scene.depth}, " if scene.depth is not None else ""
        lines.append(f"{depth}{scene}")
    return lines


def _quote(judged: Judged, *, caret: bool) -> list[str]:
    """Give the equation as written, with a caret under the place; a long one only around the place."""
    block = judged.item.block
    start = judged.item.statement.start
    source = judged.source
    found = []
    offset = start
    marked = False
    for text in source.split("\n"):
        end = offset + len(text)
        shown = text.strip()
        if shown:
            indent = len(text) - len(text.lstrip())
            found.append(shown if len(shown) <= 200 else shown[:197] + "…")
            begin = max(judged.where[0], offset + indent)
            if caret and not marked and offset <= judged.where[0] <= end:
                stop = max(begin + 1, min(judged.where[1], offset + len(text.rstrip())))
                first = begin - offset - indent
                if first < 200:
                    found.append(" " * first + "^" * min(stop - begin, 200 - first))
                marked = True
        offset = end + 1
    if caret and not marked and block.text[judged.where[0] : judged.where[1]].strip():
        found.append("")
    return [text for text in found if text]


def to_json(results: Sequence[Result]) -> str:
    """One object `{schema, statements}`; a stable interface."""
    return json.dumps(
        {"schema": SCHEMA, "statements": [result.public() for result in results]}, ensure_ascii=False, indent=2
    )


CONVENTION = "another convention"
"""Headline of a claim that is right in another gauge or layout."""

_COLOURS = {"holds": "32", "declares": "2", "defines": "2", "unchecked": "33"}


def to_text(results: Sequence[Result], *, colour: bool = False, verbose: bool = False) -> str:
    """Give the human report: every message that needs reading, then one line of counts."""
    lines = []
    for result in results:
        if not result.ok:
            lines.append(_paint(result.message, "31", colour) + "\n")
        elif verbose:
            words = result.verdict.replace("-", " ")
            text = f"{result.file}:{result.line}: {words}: {visible(' '.join(result.source.split()))[:100]}"
            lines.append(_paint(text, _COLOURS.get(result.verdict, "36"), colour))
    lines.append(summary(results))
    return "\n".join(lines)


def _paint(text: str, code: str, colour: bool) -> str:
    if not colour:
        return text
    head, newline, rest = text.partition("\n")
    return f"\x1b[{code}m{head}\x1b[0m{newline}{rest}"


def summary(results: Sequence[Result]) -> str:
    """One line of counts."""
    counts: dict[str, int] = {}
    for result in results:
        name = result.verdict.replace("-", " ")
        if CONVENTION in result.message.partition("\n")[0]:
            name = f"in {CONVENTION}"
        elif result.expected and result.ok:
            name = f"{name} as stated"
        elif result.verdict in ("declares", "defines"):
            name = "declarations and definitions"
        counts[name] = counts.get(name, 0) + 1
    if not counts:
        return "Nothing to check: no ```math fence and no $$…$$ was found."
    order = sorted(counts.items(), key=lambda item: (item[0] != "holds", item[0]))
    return ", ".join(f"{count} {name}" for name, count in order) + "."
