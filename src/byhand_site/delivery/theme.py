"""Edits of pages that a theme has made."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path


class ThemeChanged(ValueError):
    """A page in which something that the theme always writes is missing, or stands twice."""


def once(pattern: str, new: str | Callable[[re.Match[str]], str], html: str) -> str:
    """Replace the only match of a pattern, or stop."""
    matches = list(re.finditer(pattern, html, re.DOTALL))
    if len(matches) != 1:
        raise ThemeChanged(f"the theme has changed: {len(matches)} matches, not one, of {pattern}")
    (match,) = matches
    return html[: match.start()] + (new if isinstance(new, str) else new(match)) + html[match.end() :]


@cache
def small(name: str) -> str:
    """Return a script of this folder without its comments and indents."""
    lines = (Path(__file__).with_name(name)).read_text(encoding="utf-8").splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if not line.strip().startswith("//"))
