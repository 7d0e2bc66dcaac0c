"""Equations that nobody sees yet: they keep a place of about their height, and are laid out when a reader comes near.

The style and layout of formulas costs a phone more than all the rest of a long page. `content-visibility: auto` spares
it what is far from the screen; search, links, the keyboard and screen readers find it there all the same. A guess that
is far off would move the text of a reader who scrolls back, so it is worked out from the rows of the equation.
"""

from __future__ import annotations

import html
import re
from itertools import islice

STATEMENT = re.compile(r'<div class="(?=statement[ "])(?P<rest>.*?<!-- end of statement -->)', re.DOTALL)
TALL = re.compile("<mfrac|<munder|<mover")
TAG = re.compile("<[^>]*>")
WRAPPED = 80
"""So many letters of a message stand in a line: a phone has room for fewer, a desk for more."""
FIRST = 6
"""So many equations begin on the first screen at most, 1440 px high: they are drawn at once, and nothing is guessed."""


def placed(page: str) -> str:
    """Return a page whose later equations may wait; those with a picture are few and stay as they are."""
    first = list(islice(STATEMENT.finditer(page), FIRST))
    start = first[-1].end() if first else 0
    return page[:start] + STATEMENT.sub(_placed, page[start:])


def _placed(match: re.Match[str]) -> str:
    if "<svg" in match[0]:
        return match[0]
    return f'<div style="contain-intrinsic-block-size:auto {height(match[0])}rem" class="far {match["rest"]}'


def height(statement: str) -> int:
    """Return about how high a statement is drawn, in units of the page's text.

    Examples
    --------
    >>> height('<math><mi>x</mi></math>')
    3
    >>> height('<mtr><mfrac></mfrac></mtr><mtr></mtr><div class="below"><span class="shape-line"></span>')
    6
    """
    equation, _, below = statement.partition('<div class="below">')
    rows = equation.split("<mtr")[1:] or [equation]
    tall = sum(TALL.search(row) is not None for row in rows)
    message = TAG.sub("", below.partition('class="refuted">')[2])
    lines = sum(1 + len(html.unescape(line)) // WRAPPED for line in message.splitlines())
    return round(1.5 + 1.4 * len(rows) + 1.05 * tall + 0.4 * below.count("shape-line") + 1.25 * lines)
