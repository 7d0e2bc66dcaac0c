"""What only MkDocs can be asked for, as thin as it can be: see `searchable`, `origin` and `serving`."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.toc import AnchorLink

from byhand_site import ROOT, origin
from byhand_site.coverage import catalogue
from byhand_site.mathml import to_mathml
from byhand_site.plain import as_text
from byhand_site.searchable import searchable, weigh
from byhand_site.serving import serving

HEADING = re.compile(r'<h2 id="([^"]+)">([^<]+)</h2>')


def on_config(config: Any) -> None:
    """Tell the templates what the site was built from."""
    config.extra["commit"] = origin.commit(ROOT)


def on_page_content(html: str, page: Any, **_: Any) -> None:
    """Put the headings of generated text into the contents of a page, which are made before it is there."""
    if page.toc.items:
        above = page.toc.items[0]
        known = {below.id for below in above.children}
        above.children += [AnchorLink(title, name, 2) for name, title in HEADING.findall(html) if name not in known]


@event_priority(100)
def _before_the_search(context: Any, /, page: Any, **_: Any) -> Any:
    page.shown, page.content = page.content, searchable(page.content)
    return context


@event_priority(-100)
def _after_the_search(context: Any, /, page: Any, config: Any, **_: Any) -> Any:
    page.content = page.shown
    entries = config.plugins["material/search"].search_index.entries
    own = [entry for entry in entries if entry["location"].partition("#")[0] == page.url]
    weigh(own, page.content, _derived(page.file.src_uri))
    return context


def _derived(page: str) -> set[str]:
    return {as_text(to_mathml(row.formula, display=False)) for row in catalogue() if row.page == page and row.formula}


on_page_context = CombinedEvent(_before_the_search, _after_the_search)


def on_pre_build(config: Any) -> None:
    """Begin a build of all pages."""
    serving.begin(config)


def on_nav(nav: Any, files: Any, **_: Any) -> None:
    """Note what a page needs of the others."""
    serving.note(nav=nav, files=files)


def on_env(env: Any, **_: Any) -> None:
    """Note the templates."""
    serving.note(env=env)


def on_post_build(**_: Any) -> None:
    """Keep what a build of all pages has left."""
    serving.done()


def on_serve(server: Any, builder: Any, **_: Any) -> None:
    """Build what was saved, not everything, after a save."""
    server.builder = serving.builder(builder)
