"""The result of a check in plain strings and numbers: what the JSON, the cache and the site are made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from byhand.equations.sketch import Sketch

SCHEMA = "byhand-check-1"
"""Names the form of the JSON; it changes only with a release that says so."""

PUBLIC = ("file", "line", "column", "source", "verdict", "expected", "ok", "shape", "read_as", "message", "hints")
"""The fields of a statement in the JSON."""


@dataclass(frozen=True)
class Result:
    """One statement of a page."""

    file: str
    line: int
    column: int
    source: str
    verdict: str
    expected: str
    """What a `wrong` fence says its claims must be; empty elsewhere."""
    ok: bool
    shape: str
    read_as: str
    message: str
    hints: tuple[str, ...]
    fence: int = 0
    """Number of the fence or display on the page, from 0."""
    fence_line: int = 0
    shape_line: str = ""
    """LaTeX of the shapes, from the same tree; empty for numbers."""
    details: tuple[str, ...] = ()
    """What was done: sizes, seeds, which derivative, the largest error as a bound."""
    reason: str = ""
    """Why an unchecked fence is unchecked."""
    sketches: tuple[Sketch, ...] = ()
    """Each side of a claim with the sizes of its factors, to draw; only where a fence asks for a picture."""

    def public(self) -> dict[str, Any]:
        """Give the statement as it stands in the JSON."""
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in PUBLIC}

    def plain(self) -> dict[str, Any]:
        """Everything, for a cache."""
        return asdict(self)

    @classmethod
    def load(cls, plain: dict[str, Any]) -> Result:
        """Back from `plain`."""
        names = {item.name for item in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in plain.items() if key in names
        }
        values["sketches"] = tuple(map(Sketch.load, values.get("sketches", ())))
        return cls(**values)
