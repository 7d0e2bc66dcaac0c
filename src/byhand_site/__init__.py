"""The documentation toolchain: what the site needs at build time. It is not part of the installed library."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CACHE = ROOT / ".cache"
