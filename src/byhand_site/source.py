"""Where a piece of a page stands: the file and the line, for messages that stop the build.

A Markdown extension is not told which file it converts. MkDocs leaves the answer in a tree processor; under
another builder the page is found by its text.
"""

from __future__ import annotations

from pathlib import Path

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from pymdownx.superfences import SuperFencesException

from byhand_site import DOCS, ROOT

try:
    from mkdocs.exceptions import BuildError
except ImportError:  # another builder
    BuildError = Exception  # type: ignore[assignment, misc]


class BuildStop(SuperFencesException, BuildError):
    """Stops the build with a message.

    Superfences lets only its own exception through (any other would leave the raw code on the page, in silence),
    and MkDocs shows its own without a traceback.
    """


class _Remember(Preprocessor):
    source = ""

    def run(self, lines: list[str]) -> list[str]:
        self.source = "\n".join(lines)
        return lines


def remember_source(md: Markdown) -> None:
    """Keep the text of each page that `md` converts, before anything is replaced in it."""
    md.preprocessors.register(_Remember(md), "byhand-source", 1000)


def page_text(md: Markdown) -> str:
    """Return the text of the page that is being converted."""
    return getattr(md.preprocessors["byhand-source"], "source", "")


def page_path(md: Markdown) -> Path | None:
    """Return the file that is being converted, or `None` if it is not a page (a docstring, say)."""
    if "relpath" in md.treeprocessors:
        return DOCS / md.treeprocessors["relpath"].file.src_uri  # type: ignore[attr-defined]
    text = page_text(md).strip()
    pages = (page for page in DOCS.rglob("*.md") if text and page.read_text(encoding="utf-8").strip().endswith(text))
    return next(pages, None)


def place_of(piece: str, md: Markdown) -> str:
    """Return `docs/page.md:12` for a piece of text on the page being converted."""
    path = page_path(md)
    if path is None:
        return "in a docstring"
    text = path.read_text(encoding="utf-8")
    first = piece.strip("\n").splitlines()[0].strip()
    line = text[: text.find(first)].count("\n") + 1 if first in text else 1
    return f"{path.relative_to(ROOT).as_posix()}:{line}"
