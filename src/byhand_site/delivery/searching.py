"""The theme's search worker, made to read what a reader of mathematics types, and to find every word of the index.

Two edits. A query passes through `asked.js` first. And lunr merges two states of its tree of words where a digit in a
word and the number of a state read alike ("1" before state 23, "12" before state 3); then it looks for words that the
index does not have, and stops. A comma behind each number keeps them apart.
"""

from __future__ import annotations

from pathlib import Path

from byhand_site.delivery.theme import once, small


def understanding(site: Path) -> None:
    """Edit the worker of a built folder, in place."""
    (worker,) = (site / "assets/javascripts/workers").glob("search.*.min.js")
    script = worker.read_text(encoding="utf-8")
    script = once(r"e=e\+s\+o\.id\}return e\}", 'e=e+s+o.id+","}return e}', script)
    script = once(r"search\(e\)\{if\(e=", "search(e){e=asked(e);if(e=", script)
    worker.write_text(f"{small('asked.js')}{script}", encoding="utf-8")
