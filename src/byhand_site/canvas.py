"""Paper for a drawing: it grows with what is put on it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence

from byhand_site import labels

NARROW = 338
"""How wide a drawing may be so that a phone of 375 px shows it in its own size."""

BOLD = {"name", "inner", "count"}
"""Kinds of text that the stylesheet sets in bold."""


class Canvas:
    """Collects the parts of an SVG, and how far they reach."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = self.top = float("inf")
        self.right = self.bottom = float("-inf")

    def reach(self, x: float, y: float, right: float, bottom: float) -> None:
        """Make room."""
        self.left, self.top = min(self.left, x), min(self.top, y)
        self.right, self.bottom = max(self.right, right), max(self.bottom, bottom)

    def box(self, kind: str, x: float, y: float, width: float, height: float, more: str = "") -> None:
        """Draw a rectangle."""
        self.reach(x, y, x + width, y + height)
        self.parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{more}/>'
        )

    def path(self, kind: str, d: str, points: Sequence[tuple[float, float]] = ()) -> None:
        """Draw a line that goes no further than the points."""
        for x, y in points:
            self.reach(x, y, x, y)
        self.parts.append(f'<path class="{kind}" d="{d}"/>')

    def head(self, x: float, y: float, towards: str, kind: str = "head") -> None:
        """Draw the head of an arrow that ends here and points "left", "right", "up" or "down"."""
        d = {"down": "l-4-7h8z", "up": "l-4 7h8z", "right": "l-7-4v8z", "left": "l7-4v8z"}[towards]
        self.parts.append(f'<path class="{kind}" d="M{x:.1f} {y:.1f}{d}"/>')

    def formula(self, x: float, y: float, latex: str, anchor: str = "middle", kind: str = "formula") -> None:
        """Write a formula, its line at y."""
        width = labels.width(latex, bold=bool(BOLD & set(kind.split())))
        self._text(x, y, labels.spans(latex), width, labels.reach(latex), anchor, kind)

    def words(self, x: float, y: float, words: str, anchor: str = "middle", kind: str = "words") -> None:
        """Write words, their line at y."""
        width = labels.words_width(words, bold=bool(BOLD & set(kind.split())))
        self._text(x, y, html.escape(words), width, (labels.INDEX, 4), anchor, kind)

    def _text(
        self, x: float, y: float, content: str, width: float, height: tuple[float, float], anchor: str, kind: str
    ) -> None:
        start = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
        self.reach(start, y - height[0], start + width, y + height[1])
        side = "" if anchor == "start" else f" {anchor}"
        self.parts.append(f'<text class="{kind}{side}" x="{x:.1f}" y="{y:.1f}">{content}</text>')

    def svg(
        self, title: str, description: str, kind: str, role: str = "img", margin: float = 2, scale: float = 1.2
    ) -> str:
        """Return the drawing, which is `scale` times as large where there is room."""
        x, y = self.left - margin, self.top - margin
        width, height = self.right - self.left + 2 * margin, self.bottom - self.top + 2 * margin
        mark = hashlib.sha256("".join([title, description, *self.parts]).encode()).hexdigest()[:8]
        return (
            f'<svg class="drawing {kind}" viewBox="{x:.0f} {y:.0f} {width:.0f} {height:.0f}" '
            f'width="{scale * width:.0f}" role="{role}" aria-labelledby="t{mark} d{mark}">'
            f'<title id="t{mark}">{html.escape(title)}</title><desc id="d{mark}">{html.escape(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )

    @property
    def width(self) -> float:
        """Give the width so far."""
        return self.right - self.left
