"""The documentation toolchain: what the site needs at build time. It is not part of the installed library."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CACHE = ROOT / ".cache"

# Material prints a banner about MkDocs 2 on every build; this project pins MkDocs below 2 and says why in CONTRIBUTING.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
# Two BLAS threads on a busy machine can be a hundred times slower than one, for matrices as small as these.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
