"""What only MkDocs can be asked for, as thin as it can be: see `searchable` and `origin` for what happens."""

from __future__ import annotations

from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority

from byhand_site import ROOT, origin
from byhand_site.searchable import searchable


def on_config(config: Any) -> None:
    """Tell the templates what the site was built from."""
    config.extra["commit"] = origin.commit(ROOT)


@event_priority(100)
def _before_the_search(context: Any, /, page: Any, **_: Any) -> Any:
    page.shown, page.content = page.content, searchable(page.content)
    return context


@event_priority(-100)
def _after_the_search(context: Any, /, page: Any, **_: Any) -> Any:
    page.content = page.shown
    return context


on_page_context = CombinedEvent(_before_the_search, _after_the_search)
