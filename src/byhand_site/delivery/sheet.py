"""One small style sheet for all pages, where the theme, its extensions and the site have five."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from byhand_site.delivery.theme import ThemeChanged, small

LINK = re.compile(r'\s*<link rel="stylesheet" href="(?P<root>(?:\.\./)*|\./|/|/.*?/)(?P<name>assets/[^"]+\.css)">')
FONT = "assets/fonts/byhand-math.woff2"
ADDRESS = re.compile(r"""url\((?P<quote>["']?)(?!data:|#|https?:|/)(?P<address>[^)"']+)(?P=quote)\)""")
INLINE = re.compile(r"""<(?P<tag>[a-zA-Z][\w-]*)(?P<before>[^>]*?)\sstyle="(?P<style>[^"]*)"(?P<after>[^>]*)>""")
DARK = re.compile(r'(?<=[{}\s])\[data-md-color-scheme="?slate"?\]\s*(?P<colours>\{[^{}]*\})')
NAME = "assets/site.css"
OURS = Path(__file__).with_name("delivered.css")


class Sheet:
    """The style sheet of one folder, and what must be known to link to it."""

    def __init__(self, site: Path, pages: Iterable[str]) -> None:
        self.site = site
        styles = sorted({match["style"] for page in pages for match in INLINE.finditer(page)})
        self.inline = {style: f"i-{hashlib.sha256(style.encode()).hexdigest()[:6]}" for style in styles}
        self.names: tuple[str, ...] = ()
        self.version = ""

    def one_for(self, html: str) -> str:
        """Return a page that links to the one sheet, and has classes where it had inline styles."""
        links = list(LINK.finditer(html))
        names = tuple(link["name"] for link in links)
        if not names or (self.names and names != self.names) or html.count('rel="stylesheet"') != len(links):
            raise ThemeChanged(f"style sheets that are not those of the other pages: {names}, not {self.names}")
        if not self.names:
            self.names = names
            self.version = hashlib.sha256(self._text().encode()).hexdigest()[:8]
        root = links[0]["root"]
        one = f'<link rel="stylesheet" href="{root}{NAME}?{self.version}">'
        font = f' data-font="{root}{FONT}"' if "<math" in html else ""
        one = f"<script{font}>{small('head.js')}</script>{one}"
        html = LINK.sub(lambda link: one if link.start() == links[0].start() else "", html)
        return INLINE.sub(self._classed, html)

    def write(self) -> None:
        """Write the sheet, and remove those that it replaces."""
        (self.site / NAME).write_text(self._text(), encoding="utf-8")
        for name in self.names:
            (self.site / name).unlink()

    def _text(self) -> str:
        parts = []
        for name in self.names:
            css = (self.site / name).read_text(encoding="utf-8")
            css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace('@charset "UTF-8";', "")
            parts.append(ADDRESS.sub(partial(_moved, name), css))
        parts = [DARK.sub(_dark, part) for part in parts]
        ours = re.sub(r"/\*.*?\*/", "", OURS.read_text(encoding="utf-8"), flags=re.DOTALL)
        inline = (f".{name}.{name}.{name}{{{style}}}" for style, name in self.inline.items())
        return '@charset "UTF-8";' + re.sub(r"\n\s*", "\n", "\n".join((*parts, ours, *inline)))

    def _classed(self, match: re.Match[str]) -> str:
        name = self.inline[match["style"]]
        rest = f"{match['before']}{match['after']}"
        if ' class="' not in rest:
            return f'<{match["tag"]} class="{name}"{rest}>'
        rest = rest.replace(' class="', f' class="{name} ', 1)
        return f"<{match['tag']}{rest}>"


def _dark(match: re.Match[str]) -> str:
    """Return the colours of the dark scheme, not for paper, and where no script can choose them for the system's wish.

    Examples
    --------
    >>> DARK.sub(_dark, '}[data-md-color-scheme="slate"] {--a: b}')
    '}@media screen{[data-md-color-scheme=slate]{--a: b}@media (prefers-color-scheme:dark){.no-js body{--a: b}}}'
    """
    colours = match["colours"]
    unscripted = f"@media (prefers-color-scheme:dark){{.no-js body{colours}}}"
    return f"@media screen{{[data-md-color-scheme=slate]{colours}{unscripted}}}"


def _moved(sheet: str, match: re.Match[str]) -> str:
    """Return an address in a sheet as it is seen from the place of the one sheet.

    Examples
    --------
    >>> _moved("assets/css/math.css", ADDRESS.search("url(../fonts/a.woff2)"))
    'url("fonts/a.woff2")'
    """
    here = posixpath.join(posixpath.dirname(sheet), match["address"])
    return f'url("{posixpath.relpath(here, posixpath.dirname(NAME))}")'
