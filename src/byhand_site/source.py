"""Where a piece of a page stands: the file and the line, for messages that stop the build.

A Markdown extension is not told which file it converts. MkDocs leaves the answer in a tree processor; under
another builder the page is found by its text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

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


Show = Callable[[str, dict[str, str], Markdown, str], str]
"""Gives the HTML of a fence from its text, its options, the converter and its id."""


def formatter(show: Show) -> Callable[..., str]:
    """Make of a function what superfences calls; the language and the class of a fence say nothing new."""

    @wraps(show)
    def format_fence(
        source: str,
        _language: str,
        _class: str,
        options: dict[str, str],
        md: Markdown,
        *,
        id_value: str = "",
        **_: Any,
    ) -> str:
        if id_value:
            let_links_find(id_value, md)
        try:
            return show(source, options, md, id_value)
        except BuildStop:
            raise
        except Exception as error:  # superfences would swallow it
            raise BuildStop(f"{place_of(source, md)}: {type(error).__name__}: {error}") from error

    return format_fence


def let_links_find(anchor: str, md: Markdown) -> None:
    """Tell MkDocs of the id of a fence, which it would not see in raw HTML: links to it are valid."""
    if "mkdocs_extract_anchors" in md.treeprocessors:
        md.treeprocessors["mkdocs_extract_anchors"].present_anchor_ids.add(anchor)  # type: ignore[attr-defined]


MARKS = ("```", "~~~")
NAMED = re.compile(r"\{[^}]*#(?P<name>[\w-]+)")


class _Remember(Preprocessor):
    source = ""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.names: Counter[str] = Counter()

    def run(self, lines: list[str]) -> list[str]:
        self.source = "\n".join(lines)
        self.names = Counter()
        return lines


def remember_source(md: Markdown) -> None:
    """Keep the text of each page that `md` converts, before anything is replaced in it."""
    md.preprocessors.register(_Remember(md), "byhand-source", 1000)


def page_text(md: Markdown) -> str:
    """Return the text of the page that is being converted."""
    return getattr(md.preprocessors["byhand-source"], "source", "")


def new_name(md: Markdown, name: str, joint: str = "-") -> str:
    """Return a name for an element of the page that is being converted: the second of one name gets a number."""
    names: Counter[str] = md.preprocessors["byhand-source"].names  # type: ignore[attr-defined]
    names[name] += 1
    return name if names[name] == 1 else f"{name}{joint}{names[name]}"


def page_path(md: Markdown) -> Path | None:
    """Return the file that is being converted, or `None` if it is not a page (a docstring, say)."""
    if "relpath" in md.treeprocessors:
        return Path(md.treeprocessors["relpath"].file.abs_src_path)  # type: ignore[attr-defined]
    text = page_text(md).strip()
    pages = (page for page in DOCS.rglob("*.md") if text and page.read_text(encoding="utf-8").strip().endswith(text))
    return next(pages, None)


def address_of(md: Markdown, page: str, anchor: str) -> str:
    """Return the address of an anchor of another page of docs/, seen from the page that is being converted."""
    if "relpath" not in md.treeprocessors:
        return f"{page}#{anchor}"
    links = md.treeprocessors["relpath"]
    target = links.files.get_file_from_path(page)  # type: ignore[attr-defined]
    if target is None:
        raise BuildStop(f"docs/ has no page {page}")
    return f"{target.url_relative_to(links.file)}#{anchor}"  # type: ignore[attr-defined]


def place_of(piece: str, md: Markdown, name: str = "") -> str:
    """Return `docs/page.md:12` for the content of a fence, or for a formula in a line of text.

    Two fences of a page may hold the same; the one with this name is meant, or else the first without one.
    """
    path = page_path(md)
    if path is None:
        return "in a docstring"
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown.as_posix()}:{_line_of(piece, path.read_text(encoding='utf-8'), name)}"


def line_of(place: str) -> int:
    """Return the line of a place such as `docs/page.md:12`."""
    return int(place.rpartition(":")[2])


def is_fence_of(piece: str, path: Path) -> bool:
    """Whether a page holds a fence with this content; a fence in a docstring is in no page."""
    return _fence_line(piece, path.read_text(encoding="utf-8")) is not None


def _line_of(piece: str, text: str, name: str) -> int:
    """Return the line of a fence's first line, or of the first place where the piece stands in the text."""
    return _fence_line(piece, text, name) or text[: max(text.find(piece), 0)].count("\n") + 1


def _fence_line(piece: str, text: str, name: str = "") -> int | None:
    lines = [line.strip() for line in text.splitlines()]
    wanted = [line.strip() for line in piece.strip("\n").splitlines()]
    found: dict[bool, int] = {}
    for number in range(1, len(lines)):
        inside, after = lines[number : number + len(wanted)], lines[number + len(wanted) :]
        if lines[number - 1].startswith(MARKS) and inside == wanted and after and after[0].startswith(MARKS):
            own = NAMED.search(lines[number - 1])
            found.setdefault((own["name"] if own else "") == name, number + 1)
    return found.get(True, found.get(False))
