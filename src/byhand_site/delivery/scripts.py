"""The theme's script, not before a reader does something.

Its bundle costs a phone a quarter of a second, and it fetches the search index at once. What must be there at the first
paint is in `first.js`, inline, a few lines: the colour scheme, and the wish to have the bundle at the first touch, key
or move of the pointer. Without any script, a page has everything but search, the colour switch and the copy buttons.
"""

from __future__ import annotations

import re

from byhand_site.delivery.theme import once, small

SCOPE = r"\s*<script>__md_scope=.*?</script>"
PALETTE = r'<script>var palette=__md_get\("__palette"\);.*?</script>'
SWITCH = r'<label class="md-header__button md-icon" title="[^"]*" for="__palette_1" hidden>'
TABS = re.compile(r"<script>var target=document\.getElementById\(location\.hash\.slice\(1\)\);.*?</script>\s*")
BUNDLE = r'<script src="(?P<root>[^"]*?)(?P<name>assets/javascripts/bundle\.\w+\.min\.js)"></script>'


def late(html: str) -> str:
    """Return a page that waits for its reader before it fetches the bundle."""
    html = once(SCOPE, "", html)
    if 'name="__tabbed_' not in html:
        html = TABS.sub("", html)
    bundle = re.search(BUNDLE, html)
    html = once(BUNDLE, "", html)
    assert bundle  # noqa: S101 - `once` has found it
    html = once(r"<body ", f'<body data-root="{bundle["root"]}" data-bundle="{bundle["name"]}" ', html)
    html = once(SWITCH, lambda switch: switch[0].removesuffix(" hidden>") + ">", html)
    html = once(PALETTE, "", html)
    return once("</header>", f"</header>\n<script>{small('first.js')}</script>", html)
