"""Draw what depends on what: boxes in layers, each below what it uses, as an SVG whose boxes are links."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

BOX_HEIGHT, GAP, LAYER = 30, 14, 78
PER_LETTER = 6.9
PER_LAYER = 6
"""How many boxes stand side by side at most; what has more goes on below."""


@dataclass(frozen=True)
class Box:
    """A box with the names of the boxes that it uses."""

    name: str
    label: str
    address: str
    uses: tuple[str, ...]
    kind: str

    @property
    def width(self) -> float:
        """Give the width that its label needs."""
        return 20 + PER_LETTER * len(self.label)


def layers(boxes: Sequence[Box]) -> list[list[Box]]:
    """Return the boxes in layers: each below everything that it uses, as high as it can be, none too wide."""
    named = {box.name: box for box in boxes}
    depth: dict[str, int] = {}

    def place(box: Box, path: tuple[str, ...] = ()) -> int:
        if box.name in path:
            raise ValueError(f"{' → '.join((*path, box.name))} goes in a circle")
        if box.name not in depth:
            depth[box.name] = 1 + max((place(named[one], (*path, box.name)) for one in box.uses), default=-1)
        return depth[box.name]

    rows: list[list[Box]] = []
    lowest: dict[str, int] = {}
    for box in sorted(boxes, key=place):
        row = max((lowest[one] + 1 for one in box.uses), default=0)
        while row < len(rows) and len(rows[row]) >= PER_LAYER:
            row += 1
        while row >= len(rows):
            rows.append([])
        rows[row].append(box)
        lowest[box.name] = row
    return _untangled(rows)


def _untangled(rows: list[list[Box]], rounds: int = 8) -> list[list[Box]]:
    """Order each layer by where its neighbours stand, forwards and backwards in turn."""
    users: dict[str, list[str]] = {}
    for box in (box for row in rows for box in row):
        for one in box.uses:
            users.setdefault(one, []).append(box.name)
    for number in range(rounds):
        where = {box.name: (k + 0.5) / len(row) for row in rows for k, box in enumerate(row)}
        for row in rows if number % 2 == 0 else rows[::-1]:

            def middle(box: Box, down: bool = number % 2 == 0, at: dict[str, float] = where) -> float:
                near = box.uses if down else users.get(box.name, ())
                return sum(at[one] for one in near) / len(near) if near else at[box.name]

            row.sort(key=middle)
            where.update({box.name: (k + 0.5) / len(row) for k, box in enumerate(row)})
    return rows


def layered(title: str, description: str, boxes: Sequence[Box]) -> str:
    """Draw the boxes with an arrow from each to those that use it."""
    rows = layers(boxes)
    widths = [sum(box.width for box in row) + GAP * (len(row) - 1) for row in rows]
    width = max(widths) + 2 * GAP
    place: dict[str, tuple[float, float]] = {}
    shapes = []
    for number, row in enumerate(rows):
        spread = (width - 2 * GAP - sum(box.width for box in row)) / (len(row) + 1)
        x, y = GAP + spread, GAP + number * LAYER
        for box in row:
            place[box.name] = (x + box.width / 2, y)
            shapes.append(
                f'<a href="{html.escape(box.address)}" class="{box.kind}">'
                f'<rect x="{x:.1f}" y="{y}" width="{box.width:.1f}" height="{BOX_HEIGHT}" rx="4"/>'
                f'<text class="middle" x="{x + box.width / 2:.1f}" y="{y + 20}">{html.escape(box.label)}</text></a>'
            )
            x += box.width + spread
    arrows = [_arrow(place[one], place[box.name]) for row in rows for box in row for one in box.uses]
    height = 2 * GAP + (len(rows) - 1) * LAYER + BOX_HEIGHT
    return (
        f'<svg class="drawing map" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" role="group">'
        f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
        f"{''.join(arrows)}{''.join(shapes)}</svg>"
    )


def _arrow(above: tuple[float, float], below: tuple[float, float]) -> str:
    (x1, top), (x2, y2) = above, below
    y1, bend = top + BOX_HEIGHT, 0.5 * (y2 - top - BOX_HEIGHT)
    return (
        f'<path class="arrow" d="M{x1:.1f} {y1}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2 - 5}"/>'
        f'<path class="head" d="M{x2:.1f} {y2}l-4 -7h8z"/>'
    )
