"""Draw what depends on what: boxes in layers, each below what it uses, as an SVG whose boxes are links."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from byhand_site import labels, placing
from byhand_site.canvas import NARROW, Canvas

BOX_HEIGHT, GAP, LAYER = 30, 12, 64
PAD, MARGIN = 8, 3
SHARES = (1, 0.9, 0.8, 0.7, 0.6)
"""How much of the width boxes may take. What they leave is for arrows that pass them."""


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
        return labels.words_width(self.label) + 2 * PAD


def layered(title: str, description: str, boxes: Sequence[Box]) -> str:
    """Draw the boxes with an arrow from each to those that use it, in as few layers as a phone has room for."""
    uses, widths, room = (
        {box.name: box.uses for box in boxes},
        {box.name: box.width for box in boxes},
        NARROW - 2 * MARGIN,
    )
    tries = (placing.place(uses, widths, room=room, gap=GAP, share=share) for share in SHARES)
    placed = next((one for one in tries if one.width <= room), None)
    if placed is None:
        raise ValueError(f"{title}: too wide for a phone")
    on = Canvas()
    for (one, other), stops in placed.stops.items():
        on.path("arrow", route(placed, one, other, stops))
        on.head(placed.middle[other], placed.row[other] * LAYER, "down")
    for box in boxes:
        x, y = placed.middle[box.name], placed.row[box.name] * LAYER
        on.parts.append(f'<a href="{html.escape(box.address)}" class="{box.kind}">')
        on.box("link", x - box.width / 2, y, box.width, BOX_HEIGHT, ' rx="4"')
        on.words(x, y + 20, box.label)
        on.parts.append("</a>")
    return on.svg(title, description, "map", role="group", margin=MARGIN)


def route(placed: placing.Placed, one: str, other: str, stops: Sequence[float]) -> str:
    """Return the way of an arrow: bends between the layers, straight down through each layer that it passes."""
    x, y = placed.middle[one], placed.row[one] * LAYER + BOX_HEIGHT
    parts = [f"M{x:.1f} {y}"]
    for k, stop in enumerate((*stops, placed.middle[other]), start=placed.row[one] + 1):
        top = k * LAYER
        last = k == placed.row[other]
        end = top - 5 * last
        bend = (end - y) / 2
        parts.append(f"C{x:.1f} {y + bend:.1f} {stop:.1f} {end - bend:.1f} {stop:.1f} {end}")
        if not last:
            parts.append(f"V{top + BOX_HEIGHT}")
        x, y = stop, top + BOX_HEIGHT
    return "".join(parts)
