"""Search in a folder: a page opened from `file://` may neither fetch the index nor start a worker.

The theme then asks for the index as a script, and for something else that is called Worker: here, a frame that holds
the same code, and answers by messages.
"""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent
FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
<meta name="robots" content="noindex">
<title>Search</title>
</head>
<body><script src="frame.js"></script><script src="../assets/javascripts/workers/{worker}"></script></body>
</html>
"""


def searchable(site: Path) -> None:
    """Write what the search needs where there is no server."""
    search = site / "search"
    (worker,) = (site / "assets/javascripts/workers").glob("search.*.min.js")
    index = (search / "search_index.json").read_text(encoding="utf-8")
    (search / "search_index.js").write_text(f"var __index = {index}\n", encoding="utf-8")
    (search / "frame.html").write_text(FRAME.format(worker=worker.name), encoding="utf-8")
    for name in ("folder.js", "frame.js"):
        shutil.copyfile(HERE / name, search / name)
