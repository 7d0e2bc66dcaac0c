"""Draw the forward program of a page as a graph, with the gradients that go back along its arrows."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from byhand.equations import Step
from byhand_site import labels, placing
from byhand_site.canvas import NARROW, Canvas

Address = Callable[[str], str]
"""Gives the address of the place for a symbol, or nothing."""
LOSSES = {"J", r"\mathcal{L}", r"\ell"}
BOX, LAYER, GAP, PAD, LANE = 30, 76, 16, 6, 22


class NoGraph(ValueError):
    """A page whose forward program cannot be drawn."""


def ancestors(steps: Sequence[Step], of: str) -> list[Step]:
    """Return the steps that lead to `of`, in their order."""
    named = {step.symbol: step for step in steps}
    if of not in named:
        raise NoGraph(f"the forward program of this page has no {of}; it has {', '.join(named)}")
    wanted, stack = set[str](), [of]
    while stack:
        name = stack.pop()
        if name not in wanted:
            wanted.add(name)
            stack.extend(named[name].uses)
    return [step for step in steps if step.symbol in wanted]


@dataclass(frozen=True)
class Node:
    """A box: what is computed, and beside it the gradient that arrives there, if one does."""

    symbol: str
    given: bool
    definition: str
    gradient: str
    derivation: str

    @property
    def left(self) -> float:
        """Give the width of the forward half."""
        return labels.width(self.symbol) + 2 * PAD

    @property
    def right(self) -> float:
        """Give the width of the backward half."""
        return labels.width(self.gradient) + 2 * PAD if self.gradient else 0.0


def nodes(steps: Sequence[Step], definition: Address, derivation: Address) -> list[Node]:
    """Return the boxes. A gradient arrives at what has a derivation, and at all that lies on the way there."""
    reached = {step.symbol for step in steps if derivation(step.symbol)}
    for step in steps:  # in the order of the program, so what a step uses comes first
        if reached.intersection(step.uses):
            reached.add(step.symbol)
    found = []
    for step in steps:
        name, back = step.symbol, step.symbol in reached - LOSSES
        gradient = (f"d{name}", derivation(name)) if back else ("", "")
        found.append(Node(name, not step.formula, definition(name), *gradient))
    return found


def graph(title: str, description: str, steps: Sequence[Step], definition: Address, derivation: Address) -> str:
    """Draw the boxes, an arrow to each from what it uses, and a dashed arrow back for each gradient."""
    boxes = {node.symbol: node for node in nodes(steps, definition, derivation)}
    widths = {name: node.left + node.right for name, node in boxes.items()}
    uses = {step.symbol: step.uses for step in steps}
    placed = placing.place(uses, widths, room=NARROW - 6, gap=GAP, lane=LANE, share=1)
    on = Canvas()
    for (one, other), stops in placed.stops.items():
        start, end = _ports(placed, boxes, one), _ports(placed, boxes, other)
        back = bool(boxes[one].gradient)
        shift = LANE / 4 if back else 0.0
        rows = placed.row[one], placed.row[other]
        on.path("arrow", _way([start[0], *(stop - shift for stop in stops), end[0]], *rows, 0, 6))
        on.head(end[0], rows[1] * LAYER, "down")
        if back:
            on.path("back", _way([start[1], *(stop + shift for stop in stops), end[1]], *rows, 6, 0))
            on.head(start[1], rows[0] * LAYER + BOX, "up", "backhead")
    here = {node.gradient for node in boxes.values() if node.derivation.startswith("#")}
    if here >= {node.gradient for node in boxes.values() if node.derivation}:
        here = set()
    for name, node in boxes.items():
        _box(on, node, placed.middle[name] - widths[name] / 2, placed.row[name] * LAYER, node.gradient in here)
    return on.svg(title, description, "graph", role="group", margin=3)


def _ports(placed: placing.Placed, boxes: Mapping[str, Node], name: str) -> tuple[float, float]:
    """Return where arrows meet a box: forward ones, and backward ones."""
    node, middle = boxes[name], placed.middle[name]
    left = middle - (node.left + node.right) / 2
    if not node.gradient:
        return middle - 6, middle + 6
    return left + node.left / 2, left + node.left + node.right / 2


def _way(stops: Sequence[float], first: int, last: int, above: float, below: float) -> str:
    """Return a path from box to box: bends between the layers, straight through each layer that it passes."""
    x, y = stops[0], first * LAYER + BOX + above
    parts = [f"M{x:.1f} {y:.1f}"]
    for k, stop in enumerate(stops[1:], start=first + 1):
        end = k * LAYER - (below if k == last else 0)
        bend = (end - y) / 2
        parts.append(f"C{x:.1f} {y + bend:.1f} {stop:.1f} {end - bend:.1f} {stop:.1f} {end:.1f}")
        if k < last:
            parts.append(f"V{k * LAYER + BOX}")
        x, y = stop, k * LAYER + BOX
    return "".join(parts)


def _box(on: Canvas, node: Node, x: float, y: float, here: bool) -> None:
    """Draw a box; a gradient that this page derives, while others are derived elsewhere, has a bold frame."""
    _half(on, node.symbol, node.definition, (x, y, node.left), " given" * node.given, "")
    if node.gradient:
        _half(on, node.gradient, node.derivation, (x + node.left, y, node.right), " chosen" * here, " gradient")


def _half(on: Canvas, latex: str, address: str, place: tuple[float, float, float], box: str, text: str) -> None:
    """Draw half of a box, a link if there is an address."""
    x, y, width = place
    if address:
        on.parts.append(f'<a href="{html.escape(address)}">')
    on.box(f"link{box}", x, y, width, BOX)
    on.formula(x + width / 2, y + 20, latex, kind=f"formula{text}")
    if address:
        on.parts.append("</a>")
