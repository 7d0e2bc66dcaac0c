"""Under `mkdocs serve`: a page that was saved is built alone, from what the last whole build has left.

MkDocs builds all pages anew after every save, which takes ten seconds here; its `--dirty` forgets what other pages have
said. A page needs of the others the navigation, their addresses and their anchors, and these are still there. What
gathers from other pages (the search, the map, the tables of counts) is as old as the last whole build.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.exceptions import Abort, BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

log = logging.getLogger("mkdocs.byhand")

Stamps = dict[Path, tuple[int, int]]
"""When each watched file was changed last, and its size."""

INCLUDES = re.compile(r"^::: ", re.MULTILINE)
SHARED = "glossary.md"
"""The page whose words are marked on all others."""
LATER = "The search and what gathers from other pages follow with the next whole build: save mkdocs.yml for it."


@dataclass
class Whole:
    """A build of all pages."""

    config: Any
    stamps: Stamps
    files: Files
    nav: Any
    env: Any


class Serving:
    """What lasts from one build of a server to the next; hooks are imported anew for each."""

    def __init__(self) -> None:
        self.under_way: dict[str, Any] = {}
        self.last: Whole | None = None

    def begin(self, config: Any) -> None:
        """Note what the files are like before a whole build reads them."""
        self.under_way = {"config": config, "stamps": stamps(config)}

    def note(self, **what: Any) -> None:
        """Note what a whole build has come to."""
        self.under_way.update(what)

    def done(self) -> None:
        """Keep a whole build that has come to its end."""
        self.last = Whole(**self.under_way)

    def builder(self, build_all: Callable[[], None]) -> Callable[[], None]:
        """Return what a server calls after a save: build the saved pages, or everything where that is not enough."""

        def build() -> None:
            pages = self.saved_pages()
            if self.last is None or pages is None:
                build_all()
            else:
                build_again(self.last, pages)

        return build

    def saved_pages(self) -> list[File] | None:
        """Return the pages that were saved since they were built; None if something else was, too."""
        if self.last is None:
            return None
        now = stamps(self.last.config)
        if now.keys() != self.last.stamps.keys():
            return None
        changed = [path for path, stamp in now.items() if stamp != self.last.stamps[path]]
        pages = {_source(file): file for file in self.last.files.documentation_pages()}
        if not changed or not all(path in pages and _stands_alone(path, list(pages)) for path in changed):
            return None
        return [pages[path] for path in changed]


def build_again(whole: Whole, files: list[File]) -> None:
    """Build some pages anew, as strictly as all.

    Raises
    ------
    Abort
        If a page cannot be built, or in strict mode a warning was given; the pages count as not built.
    """
    began = time.monotonic()
    seen = {path: _stamp(path) for path in map(_source, files)}
    pages = [cast(Page, file.page) for file in files]
    every_page = whole.files.documentation_pages()
    counted = CountHandler(level=logging.WARNING)
    logging.getLogger("mkdocs").addHandler(counted)
    try:
        for page in pages:
            _populate_page(page, whole.config, whole.files)
        whole.config.plugins["autorefs"].on_env(whole.env, config=whole.config, files=Files(files))
        for page in pages:
            _build_page(page, whole.config, every_page, whole.nav, whole.env)
            page.validate_anchor_links(files=whole.files, log_level=whole.config.validation.links.anchors)
    except BuildError as error:
        raise Abort(str(error)) from None
    finally:
        logging.getLogger("mkdocs").removeHandler(counted)
    if whole.config.strict and (counts := counted.get_counts()):
        found = ", ".join(f"{number} {level.lower()}s" for level, number in counts)
        raise Abort(f"Aborted with {found} in strict mode!")
    whole.stamps.update(seen)
    names = ", ".join(file.src_uri for file in files)
    log.info(f"Built {names} in {time.monotonic() - began:.2f} seconds. {LATER}")


def _source(file: File) -> Path:
    return Path(cast(str, file.abs_src_path))


def stamps(config: Any) -> Stamps:
    """Return the stamps of everything that a server watches."""
    found: Stamps = {}
    for root in map(Path, (config.docs_dir, config.config_file_path, *config.watch)):
        for path in root.rglob("*") if root.is_dir() else (root,):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path] = _stamp(path)
    return found


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _stands_alone(page: Path, pages: list[Path]) -> bool:
    """Whether no other page is made from a page, and it shows no docstrings: their reader ends with a whole build."""
    if page.name == SHARED or INCLUDES.search(page.read_text(encoding="utf-8")):
        return False
    start = re.compile(rf"\bgiven\b.*\b{re.escape(page.name)}")
    return not any(start.search(other.read_text(encoding="utf-8")) for other in pages if other != page)


serving = Serving()
