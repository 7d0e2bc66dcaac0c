"""The one MkDocs hook of this site: deliver what was built.

A plugin would need an entry point, and so an installed package; a step after the build would be forgotten by whoever
types `mkdocs build`. `mkdocs serve` writes its live reload into every page as an inline script, which the policy would
block, so the pages it shows are not delivered.
"""

from pathlib import Path
from typing import Any

from byhand_site.delivery import deliver

_command = ""


def on_startup(command: str, **_: Any) -> None:
    """Remember whether this is a build or a server."""
    global _command
    _command = command


def on_post_build(config: Any) -> None:
    """Deliver the built folder."""
    if _command == "build":
        deliver(Path(config.site_dir))
