"""What only MkDocs can be asked for, as thin as it can be: see `searchable`, `origin` and `serving`."""

from __future__ import annotations

from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority

from byhand_site import ROOT, origin
from byhand_site.coverage import catalogue
from byhand_site.mathml import to_mathml
from byhand_site.plain import as_text
from byhand_site.searchable import searchable, weigh
from byhand_site.serving import serving


def on_config(config: Any) -> None:
    """Tell the templates what the site was built from."""
    config.extra["commit"] = origin.commit(ROOT)


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


def on_nav(nav: Any, config: Any, files: Any) -> None:  # noqa: ARG001 - names are MkDocs'
    """Note what a page needs of the others."""
    if serving.under_way:
        serving.under_way.nav, serving.under_way.files = nav, files


def on_env(env: Any, config: Any, files: Any) -> None:  # noqa: ARG001
    """Note the templates."""
    if serving.under_way:
        serving.under_way.env = env


def on_post_build(config: Any) -> None:  # noqa: ARG001
    """Keep what a build of all pages has left."""
    serving.done()


def on_serve(server: Any, config: Any, builder: Any) -> None:  # noqa: ARG001
    """Build what was saved, not everything, after a save."""
    server.builder = serving.builder(builder)
