"""What the search reads of a page: formulas as text, and each equation as a section of its own.

The search takes a heading with an id as the beginning of a section. So an equation is handed over as a heading, with
its first line as the title; after the box that it stands in the section before it goes on.
"""

from __future__ import annotations

import html
import re

from byhand_site.plain import as_text

MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
STATEMENT = re.compile(
    r'<div class="statement(?P<wrong> wrong)?" id="(?P<id>[^"]+)"><div class="equation"[^>]*>'
    r"(?P<math><math\b.*?</math>)</div>.*?<!-- end of statement --></div>",
    re.DOTALL,
)
CARD = re.compile(r'<span class="term-card".*?</span>.*?</span></span>', re.DOTALL)
LONGEST = 90


def searchable(content: str) -> str:
    """Return the content of a page for the search."""
    content = CARD.sub("", content)
    content = STATEMENT.sub(_section, content)
    return MATH.sub(lambda found: html.escape(as_text(found[0])), content)


def _section(found: re.Match[str]) -> str:
    text = as_text(found["math"])
    first, _, _ = text.partition("; ")
    title = ("Wrong: " if found["wrong"] else "") + (first if len(first) <= LONGEST else f"{first[:LONGEST]}…")
    return f'<div><h6 id="{found["id"]}">{html.escape(title)}</h6><p>{html.escape(text)}</p></div>'
