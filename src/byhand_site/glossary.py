"""The words of the glossary, marked where a page uses them first, each with a card that needs no script.

The card is a part of the page (a reader without style sheets sees it in brackets), shown by CSS when the pointer or the
keyboard is on the word. The word itself is a link to the glossary, for a finger.
"""

from __future__ import annotations

import os.path
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from byhand_site import DOCS
from byhand_site.source import page_path, page_text

GLOSSARY = DOCS / "glossary.md"
ENTRY = re.compile(
    r'^## (?P<term>.+?) \{ #(?P<anchor>[\w-]+)(?: data-also="(?P<also>[^"]*)")? \}\n+(?P<text>.+?)(?=\n\[|\n## |\Z)',
    re.MULTILINE | re.DOTALL,
)
READ = {"p", "li", "td"}
"""Only running text is marked …"""
PASSED_OVER = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "figcaption", "th", "em", "dfn"}
"""… and nothing in here."""
LATEX = {r"\top": "ᵀ", r"\odot": "⊙", r"\dot X": "Ẋ", r"\mathcal{L}": "𝓛", "^": ""}


@dataclass(frozen=True)
class Term:
    """One word of the glossary."""

    anchor: str
    spellings: tuple[str, ...]
    card: str


@lru_cache(maxsize=4)
def terms(text: str) -> tuple[Term, ...]:
    r"""Read the entries of the glossary.

    >>> terms('## Kink { #kink data-also="kinks" }\n\nA corner.\n[More](a.md)\n')
    (Term(anchor='kink', spellings=('kinks', 'kink'), card='A corner.'),)
    """
    found = []
    for entry in ENTRY.finditer(text):
        term = entry["term"]
        word = term if term[1:2].isupper() or term == "Jacobian" else term[:1].lower() + term[1:]
        spellings = [word, *filter(None, (entry["also"] or "").split("|"))]
        found.append(Term(entry["anchor"], tuple(sorted(spellings, key=len, reverse=True)), _plain(entry["text"])))
    return tuple(found)


def _plain(text: str) -> str:
    for latex, sign in LATEX.items():
        text = text.replace(latex, sign)
    return " ".join(text.replace("$", "").replace("`", "").split())


class Marker(Treeprocessor):
    """Marks the first use of each word."""

    def run(self, root: ET.Element) -> None:
        """Go through the running text of a page."""
        path = page_path(self.md)
        if path is None or path == GLOSSARY or not GLOSSARY.exists():
            return
        if not path.read_text(encoding="utf-8").strip().endswith(page_text(self.md).strip()):
            return  # a docstring that the page includes
        here = os.path.relpath(GLOSSARY, path.parent) if path.is_relative_to(DOCS) else "glossary.md"
        self.address = Path(here).as_posix()
        self.left = list(terms(GLOSSARY.read_text(encoding="utf-8")))
        self._block(root)

    def _block(self, element: ET.Element) -> None:
        for child in list(element):
            if child.tag in PASSED_OVER:
                continue
            self._block(child)
            if child.tag in READ:
                self._text(child)

    def _text(self, element: ET.Element) -> None:
        for term in list(self.left):
            words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in term.spellings)
            word = re.compile(rf"(?<![\w-])(?:{words}|(?<!\S){words.capitalize()})(?![\w-])")
            if self._mark(element, term, word):
                self.left.remove(term)

    def _mark(self, element: ET.Element, term: Term, word: re.Pattern[str]) -> bool:
        """Mark a word in the text of an element, or right behind one of its children."""
        if (found := word.search(element.text or "")) and element.text:
            before, after = element.text[: found.start()], element.text[found.end() :]
            element.text = before
            element.insert(0, self._marked(term, found[0], after))
            return True
        for place, child in enumerate(list(element)):
            if (found := word.search(child.tail or "")) and child.tail:
                before, after = child.tail[: found.start()], child.tail[found.end() :]
                child.tail = before
                element.insert(place + 1, self._marked(term, found[0], after))
                return True
        return False

    def _marked(self, term: Term, word: str, after: str) -> ET.Element:
        whole = ET.Element("span", {"class": "term"})
        link = ET.SubElement(
            whole, "a", {"href": f"{self.address}#{term.anchor}", "aria-describedby": f"term-{term.anchor}"}
        )
        link.text = word
        card = ET.SubElement(whole, "span", {"class": "term-card", "role": "tooltip", "id": f"term-{term.anchor}"})
        for sign, behind in ((" (", term.card), (")", "")):
            bracket = ET.SubElement(card, "span", {"class": "bracket"})  # seen without style sheets only
            bracket.text, bracket.tail = sign, behind
        whole.tail = after
        return whole


class GlossaryExtension(Extension):
    """Marks the words of the glossary."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Attach to one Markdown converter: after inline markup is read, before links between pages are."""
        md.treeprocessors.register(Marker(md), "byhand-glossary", 15)


def makeExtension(**options: Any) -> GlossaryExtension:
    """Give Python-Markdown the extension, under the name it looks for."""
    return GlossaryExtension(**options)
