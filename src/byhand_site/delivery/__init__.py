"""What is done to the built folder before anybody reads it: light pages, a policy, and links that work from a folder.

`deliver` is a plain function over the files that MkDocs has written. The hook in `hook.py` calls it at the end of every
`mkdocs build`; after another builder, `python -m byhand_site.delivery FOLDER` does the same. What it expects of the
theme it counts, so that a changed theme stops the build.
"""

from __future__ import annotations

from pathlib import Path

from byhand_site.delivery import distant, folder, fonts, policy, scripts, searching, sheet, structure


class Delivered(ValueError):
    """A folder that has been delivered already, or is no folder of pages."""


def deliver(site: Path) -> None:
    """Make the pages of a folder light and safe, in place."""
    pages = {page: page.read_text(encoding="utf-8") for page in sorted(site.rglob("*.html"))}
    if not pages or any(policy.META in html for html in pages.values()):
        raise Delivered(f"{site}: no pages, or pages that have been delivered before")
    fonts.cut(site, pages.values())
    pages = {page: distant.placed(html) for page, html in pages.items()}
    styles = sheet.Sheet(site, pages.values())
    for page, html in pages.items():
        if html.count("<html") == 1:  # a fragment or a redirect has no head to work on
            html = structure.named(structure.boxed(html))
            html = scripts.late(html)
            html = styles.one_for(html)
            page.write_text(policy.sealed(html), encoding="utf-8")
    styles.write()
    searching.understanding(site)
    folder.searchable(site)
