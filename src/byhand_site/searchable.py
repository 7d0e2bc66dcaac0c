"""What the search reads of a page: formulas as text, and each equation as a section of its own.

The search takes a heading with an id as the beginning of a section. So an equation is handed over as a heading, its
left sides, above its lines and its NumPy; after the box that it stands in the section before it goes on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from byhand_site.plain import as_text

MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
STATEMENT = re.compile(
    r'<div class="statement(?P<wrong> wrong)?" id="(?P<id>[^"]+)">'
    r'<div class="equation"[^>]*aria-label="(?P<label>[^"]*)">'
    r"(?P<math><math\b.*?</math>)</div>(?P<below>.*?)<!-- end of statement --></div>",
    re.DOTALL,
)
NUMPY = re.compile(r'<pre[^>]*aria-label="NumPy"><code>(?P<code>.*?)</code></pre>', re.DOTALL)
CARD = re.compile(r'<span class="term-card".*?</span>.*?</span></span>', re.DOTALL)
DIFFERENCE = re.compile(r"(?<=\w) − (?=\w)")
RELATION = re.compile(r" (?:=|:=|≈|∈|→|:) ")
LONGEST = 90
WEIGHTS = {"Equation": 3.0, "Definition": 0.9, "Given": 0.5, "Wrong": 0.5}
"""How much an equation weighs, by the first word of its label. The search gives a page two and a half times what it
gives its parts: an equation must weigh more than that to stand in the list, and not folded under its page."""
AT_HOME = 1.5
"""So many times more weighs an equation on the page that derives it."""
CHAPTERS = {"questions": 1.3, "two-layer": 1.2, "neuron": 1.2, "cheat-sheet": 0.4}
"""What parts of the site weigh. Readers ask the questions in their own words, and mean the small networks where a
letter stands on many pages."""
FEW, VAGUE = 2, 0.6
"""An equation for an expression weighs less than one for a letter, and so does a group of more than a few."""


def searchable(content: str) -> str:
    """Return the content of a page for the search; a difference is one word, so that A − Y is not an A and a Y."""
    content = CARD.sub("", content)
    content = STATEMENT.sub(_section, content)
    content = MATH.sub(lambda found: html.escape(as_text(found[0])), content)
    return DIFFERENCE.sub("−", content)


def weigh(entries: Iterable[dict[str, Any]], content: str, derived: set[str]) -> None:
    """Give the entries of one page in the search their weights; some of its equations are derived here."""
    found = {one["id"]: one for one in STATEMENT.finditer(content)}
    for entry in entries:
        entry["boost"] = CHAPTERS.get(re.split("[/.]", entry["location"])[0], 1)
        if one := found.get(entry["location"].partition("#")[2]):
            weight = next(weight for word, weight in WEIGHTS.items() if one["label"].startswith(word))
            home = not derived.isdisjoint(_claims(one)) and not one["wrong"]
            names = _names(one)
            vague = len(names) > FEW or any(" " in name for name in names)
            weight *= (AT_HOME if home else 1) * (VAGUE if vague else 1)
            entry["boost"] = round(entry["boost"] * weight, 2)


def _lines(found: re.Match[str]) -> list[str]:
    return as_text(found["math"]).split("; ")


def _claims(found: re.Match[str]) -> list[str]:
    """Return the lines of an equation; one that goes on gets the left side of the line before."""
    claims: list[str] = []
    left = ""
    for line in _lines(found):
        parts = RELATION.split(f" {line}", maxsplit=1)
        left = parts[0].strip() or left
        claims.append(line if parts[0] else f"{left} {line}")
    return claims


def _names(found: re.Match[str]) -> list[str]:
    """Return the left sides of an equation; a line that goes on begins with its relation."""
    parts = [RELATION.split(f" {line}", maxsplit=1) for line in _lines(found)]
    return list(dict.fromkeys(left.strip() for left, *right in parts if right and left.strip())) or _lines(found)[:1]


def _section(found: re.Match[str]) -> str:
    lines = _lines(found)
    title = ", ".join(_names(found))
    title = ("Wrong: " if found["wrong"] else "") + (title if len(title) <= LONGEST else f"{title[:LONGEST]}…")
    numpy = NUMPY.search(found["below"])
    code = "".join(f"<p><code>{line}</code></p>" for line in numpy["code"].splitlines()) if numpy else ""
    return f'<div><h6 id="{found["id"]}">{html.escape(title)}</h6><p>{html.escape("; ".join(lines))}</p>{code}</div>'
