"""Draw how one unit reaches the loss over every output, and how its column of the weights becomes a row.

All numbers are those that the page has computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from byhand.equations import Sketch
from byhand_site import labels
from byhand_site.canvas import Canvas
from byhand_site.shape_picture import read_sizes
from byhand_site.tableau import Drawing, NoPicture

Array = tuple[str, np.ndarray]
"""An array with the name that the page has for it."""

RADIUS, ACROSS, DOWN, CELL = 19, 138, 62, 40


def paths(title: str, description: str, *, weights: Array, slopes: Array, sizes: str) -> str:
    r"""Draw the first unit's paths through z = W a to the loss, and below them W, Wᵀ, dz and Wᵀ dz in numbers.

    `weights`, n_out × n_in, and `slopes`, n_out × 1, come with the names that the page has for them. `sizes` says what
    they count, units first: "n_1 = 3 hidden units, n_2 = 2 outputs".

    Raises
    ------
    NoPicture
        If these do not agree.
    """
    named = read_sizes(sizes)
    (weights_name, W), (slopes_name, dZ) = weights, slopes
    outputs, units = W.shape
    if [size.number for size in named.values()] != [units, outputs] or dZ.shape != (outputs, 1):
        raise NoPicture(f"the weights are {outputs} × {units} and the slopes {dZ.shape}, and sizes says {sizes}")
    on = Canvas()
    _network(on, W, dZ)
    _sums(on, W[:, 0], dZ[:, 0])
    network = on.bottom
    product, whole = _product(written(weights_name), written(slopes_name), *named)
    turned, right = product.parts
    values = [(turned.parts[0], W), (turned, W.T), (right, dZ), (whole, W.T @ dZ)]
    below = _Numbers({name: size.number for name, size in named.items()}, CELL, values)
    below.tableau(product, whole)
    output_name = right.rows
    below.legend(named, output_name, "added up")
    move = network + 34 - below.on.top
    aside = (on.left + on.right - below.on.left - below.on.right) / 2
    on.parts.append(f'<g transform="translate({aside:.1f} {move:.1f})">{"".join(below.on.parts)}</g>')
    on.reach(below.on.left + aside, on.bottom, below.on.right + aside, below.on.bottom + move)
    return on.svg(title, description, "paths")


def written(name: str) -> str:
    """Return a name of the page's Python as a formula.

    >>> written("dZ2"), written("W")
    ('dZ^{[2]}', 'W')
    """
    return re.sub(r"(?<=[A-Za-z])(\d+)$", r"^{[\1]}", name)


def _product(weights: str, slopes: str, unit: str, output: str) -> tuple[Sketch, Sketch]:
    """Return Wᵀ dZ and dA."""
    before = Sketch("matrix", weights, output, unit)
    top = weights.replace("]}", r"]\top}") if "]" in weights else rf"{weights}^{{\top}}"
    turned = Sketch("transpose", top, unit, output, (before,))
    product = Sketch("product", f"{top} {slopes}", unit, "1", (turned, Sketch("matrix", slopes, output, "1")))
    layer = re.search(r"\d+", weights)
    return product, Sketch("matrix", rf"dA^{{[{int(layer[0]) - 1}]}}" if layer else "dA", unit, "1")


def number(value: float) -> str:
    """Return a number as people write it: 2, −0.2."""
    return f"{round(float(value), 6):g}".replace("-", "−")


def _network(on: Canvas, weights: np.ndarray, slopes: np.ndarray) -> None:
    """Draw units, outputs and the loss; the lines that leave the first unit are bold and carry their numbers."""
    outputs, units = weights.shape
    height = (max(units, outputs) - 1) * DOWN
    a = [(0.0, j * DOWN + (height - (units - 1) * DOWN) / 2) for j in range(units)]
    z = [(float(ACROSS), k * DOWN + (height - (outputs - 1) * DOWN) / 2) for k in range(outputs)]
    loss = (2.0 * ACROSS, height / 2)
    for j, start in reversed(list(enumerate(a))):
        for end in z:
            _line(on, "touching path" if j == 0 else "grid", start, end)
    for end in z:
        _line(on, "touching path", end, loss)
    for k, (end, slope) in enumerate(zip(z, slopes[:, 0], strict=True)):
        _number(on, a[0], end, 0.42, number(weights[k, 0]))
        _number(on, end, loss, 0.5, number(slope))
    for kind, letter, places in (("a", "a", a), ("z", "z", z)):
        for k, (x, y) in enumerate(places):
            marked = kind == "z" or k == 0
            on.parts.append(f'<circle class="unit{" chosen" * marked}" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>')
            on.reach(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)
            on.formula(x, y + 5, f"{letter}_{k + 1}")
    x, y = loss
    on.parts.append(f'<circle class="unit chosen" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>')
    on.formula(x, y + 5, r"\mathcal{L}")
    on.reach(x, y - RADIUS, x + RADIUS, y + RADIUS)
    over = -RADIUS - 10
    on.words(ACROSS / 2, over, "weights", kind="words")
    on.words(1.5 * ACROSS, over, "slopes of the loss", kind="words")


def _line(on: Canvas, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    on.path(kind, f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}")


def _number(on: Canvas, start: tuple[float, float], end: tuple[float, float], share: float, text: str) -> None:
    """Write a number on a line, on a patch of paper."""
    x, y = (one + share * (other - one) for one, other in zip(start, end, strict=True))
    width = labels.words_width(text) + 8
    on.box("paper", x - width / 2, y - 10, width, 20)
    on.words(x, y + 5, text, kind="words count")


def _sums(on: Canvas, column: np.ndarray, slopes: np.ndarray) -> None:
    """Write what each path contributes, and their sum."""
    y = on.bottom + 28
    for k, (weight, slope) in enumerate(zip(column, slopes, strict=True), start=1):
        way = rf"a_1 \to z_{k} \to \mathcal{{L}}"
        on.formula(-RADIUS, y, way, "start")
        signed = number(slope) if slope >= 0 else f"({number(slope)})"
        on.words(labels.width(way) - RADIUS + 10, y, f"{number(weight)} · {signed} = {number(weight * slope)}", "start")
        y += 22
    shares = [number(share) if share >= 0 else f"({number(share)})" for share in column * slopes]
    on.words(
        -RADIUS, y, f"all paths together: {' + '.join(shares)} = {number(column @ slopes)}", "start", "words count"
    )


class _Numbers(Drawing):
    """A tableau whose cells hold numbers."""

    def __init__(self, sizes: Mapping[str, int], unit: int, values: Sequence[tuple[Sketch, np.ndarray]]) -> None:
        super().__init__(sizes, unit)
        self.values = {sketch.label: array for sketch, array in values}
        self.corners: dict[str, tuple[float, float]] = {}

    def matrix(self, x: float, y: float, one: Sketch, kind: str = "matrix") -> tuple[float, float]:
        """Remember where the numbers go: they are written last, on top of all marks."""
        self.corners[one.label] = x, y
        return super().matrix(x, y, one, kind)

    def strip(self, x: float, y: float, count: int, across: bool, *, numbered: bool = True) -> None:  # noqa: ARG002
        """Mark a row or a column; its cells have numbers of their own."""
        super().strip(x, y, count, across, numbered=False)

    def name(
        self,
        latex: str,
        box: tuple[float, float, float, float],  # noqa: ARG002
        outside: tuple[float, float],
        anchor: str = "middle",
    ) -> None:
        """Write every name outside."""
        self.on.formula(*outside, latex, anchor, kind="formula name")

    def tableau(self, product: Sketch, whole: Sketch, then: tuple[str, Sketch] | None = None) -> None:
        """Draw the tableau, and the numbers in it."""
        super().tableau(product, whole, then)
        for label, (x, y) in self.corners.items():
            for (row, column), value in np.ndenumerate(self.values[label]):
                self.on.words(x + (column + 0.5) * self.u, y + (row + 0.5) * self.u + 4.5, number(value))
