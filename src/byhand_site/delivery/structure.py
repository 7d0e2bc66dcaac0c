"""What the theme leaves without a name or out of the keyboard's reach."""

from __future__ import annotations

import html as markup
import re

from byhand_site.delivery.theme import once

DIALOG = '<div class="md-search" data-md-component="search" role="dialog"'
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
BOX = '<div class="md-typeset__scrollwrap" tabindex="0" role="group" aria-label="Table"><div class="md-typeset__table">'
EMPTY = re.compile(r"<th(?P<rest>(?: [^>]*)?)></th>")  # the corner above the names of rows is no header
NAME = re.compile(r"<code>[^<]*</code>")
BREAK = re.compile(r"(?<=[_.(])(?=\w)")
DRAWING = re.compile(r'(?<=>)<svg class="drawing.*?</svg>(?=<figcaption)', re.DOTALL)
DRAWING_BOX = '<div class="drawing-box" tabindex="0" role="group" aria-label="Drawing">'
LISTING = re.compile(r"<pre(?P<pre>[^>]*)>(?P<mark>(?:<span></span>)?)<code(?P<code>[^>]*)>")
MATH_LINK = re.compile(r"<a (?P<attributes>[^>]*)>(?P<math>\s*<math\b(?:(?!</a>).)*</math>\s*)</a>", re.DOTALL)


def named(html: str) -> str:
    """Give the search dialog a name, and every link whose text is mathematics."""
    html = once(f"{DIALOG}>", f'{DIALOG} aria-label="Search">', html)
    return MATH_LINK.sub(_named_link, html)


def _named_link(match: re.Match[str]) -> str:
    if "aria-label" in match["attributes"]:
        return match[0]
    words = re.sub(r"\s+", " ", markup.unescape(re.sub(r"<[^>]+>", "", match["math"]))).strip()
    return f'<a {match["attributes"]} aria-label="{markup.escape(words)}">{match["math"]}</a>'


def boxed(html: str) -> str:
    """Put every table into the box that scrolls, and give listings a tab stop: the theme's script does both late.

    A drawing gets such a box too: on the smallest screens it scrolls, so that its text stays readable.
    """
    html = TABLE.sub(lambda match: f"{BOX}{NAME.sub(_breakable, match[0])}</div></div>", html)
    html = DRAWING.sub(lambda match: f"{DRAWING_BOX}{match[0]}</div>", html)
    html = EMPTY.sub(r"<td\g<rest>></td>", html)
    return LISTING.sub(_stop, html)


def _breakable(match: re.Match[str]) -> str:
    """Let a name in the cell of a table break behind an underscore, a dot or a bracket.

    Examples
    --------
    >>> _breakable(NAME.search("<code>softmax_backward</code>"))
    '<code>softmax_<wbr>backward</code>'
    """
    return BREAK.sub("<wbr>", match[0])


def _stop(match: re.Match[str]) -> str:
    """Move the tab stop of a listing to the part that scrolls.

    Examples
    --------
    >>> _stop(LISTING.search('<pre tabindex="0" role="group" aria-label="Text"><code>'))
    '<pre><code tabindex="0" role="group" aria-label="Text">'
    """
    stop = match["pre"] if "tabindex" in match["pre"] else ' tabindex="0"'
    pre = "" if "tabindex" in match["pre"] else match["pre"]
    return f"<pre{pre}>{match['mark']}<code{match['code'] if 'tabindex' in match['code'] else match['code'] + stop}>"
