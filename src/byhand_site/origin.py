"""The commit that the site is built from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{7,64}")


def commit(root: Path) -> str:
    """Return the commit, from `BYHAND_COMMIT` or from Git; empty where neither knows it."""
    given = os.environ.get("BYHAND_COMMIT", "").strip()
    if COMMIT.fullmatch(given):
        return given
    git = shutil.which("git")
    if given or not git or not (root / ".git").exists():
        return ""
    asked = subprocess.run(  # noqa: S603  # no input from outside
        [git, "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    found = asked.stdout.strip()
    return found if asked.returncode == 0 and COMMIT.fullmatch(found) else ""
