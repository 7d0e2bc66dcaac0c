"""The Content-Security-Policy of each page: nothing but this site's own files, and the inline scripts named by hash.

It stands in a `<meta>`, so that it holds on every server and from a folder. A `<meta>` cannot forbid framing or report
violations; docs/hosting.md has the headers for that.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

META = '<meta http-equiv="Content-Security-Policy"'
CHARSET = re.compile(r'<meta charset="utf-8" ?/?>')
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style[^>]*>(?P<text>.*?)</style>", re.DOTALL)
UNSAFE = re.compile(r"""<[a-zA-Z][^>]*?\s(?P<name>on[a-z]+|style)\s*=\s*["']|href\s*=\s*["']\s*javascript:""")


class Unsafe(ValueError):
    """A page with something that the policy would block."""


def sealed(html: str) -> str:
    """Return a page with its policy as the first thing after its encoding."""
    if found := UNSAFE.search(html):
        raise Unsafe(f"an inline handler or style, which the policy would block: {found[0][:200]}")
    place = CHARSET.search(html)
    if not place:
        raise Unsafe("a page that does not name its encoding")
    return f'{html[: place.end()]}{META} content="{of(html)}">{html[place.end() :]}'


def of(html: str) -> str:
    """Return the policy that lets a page run as it stands, and nothing more.

    Examples
    --------
    >>> of("<p>no script</p>").split("; ")[1:3]
    ["script-src 'self'", "style-src 'self'"]
    """
    inline = [
        match["text"]
        for match in SCRIPT.finditer(html)
        if "src=" not in match["attributes"] and "json" not in match["attributes"]
    ]
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *_hashes(inline))),
            " ".join(("style-src 'self'", *_hashes(match["text"] for match in STYLE.finditer(html)))),
            "img-src 'self' data:",  # the theme's icons are data: addresses in its style sheet
            "font-src 'self'",
            "connect-src 'self'",  # the search index
            "worker-src 'self'",  # the search
            "frame-src 'self'",  # the search, where a folder allows no worker
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hashes(texts: Iterable[str]) -> list[str]:
    return sorted({f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts})
