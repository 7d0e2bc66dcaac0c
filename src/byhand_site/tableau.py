"""Rectangles in proportion: a product as in Falk's scheme, sheets laid on each other, columns side by side.

The right factor stands above the result and the left factor beside it, so that the edges that must agree touch, and
row, column and entry meet. What is transposed stands beside it as it was before, with an arrow that turns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byhand.equations import Sketch
from byhand_site import labels
from byhand_site.canvas import Canvas

GAP, APART, OVER, AIR = 4, 26, 40, 4
"""Between what touches; from a matrix to what it was before, beside it and above it; around a name in its rectangle."""


class NoPicture(ValueError):
    """A claim or a size that no picture can be drawn of."""


@dataclass(frozen=True)
class Named:
    """The number for which a size is drawn, and what it counts."""

    number: int
    words: str


class Drawing:
    """Puts rectangles and their names on one canvas."""

    def __init__(self, numbers: Mapping[str, int], unit: int) -> None:
        self.numbers, self.u, self.on = numbers, unit, Canvas()

    def n(self, size: str) -> int:
        """Return the number for which a size is drawn."""
        return 1 if size == "1" else self.numbers[size]

    def claim(self, whole: Sketch, made: Sketch) -> None:
        """Draw a claim."""
        if made.kind == "product" and len(made.parts) == 2:
            self.tableau(made, whole)
        elif made.kind == "entrywise" and len(made.parts) == 2:
            first, second = made.parts
            if first.kind == "product" and len(first.parts) == 2 and not second.parts:
                self.tableau(first, whole, (made.sign, second))
            elif not first.parts and not second.parts:
                self.sheets(whole, first, second, made.sign)
            else:
                raise NoPicture("no picture is known of this side")
        elif made.kind == "sum" and not made.parts[0].parts and made.parts[0].columns == "1":
            self.columns(whole, made)
        else:
            raise NoPicture("a picture can show A B, A B ⊙ C, A B + c, A ⊙ B, and a sum of columns")

    def legend(self, sizes: Mapping[str, Named], summed: str, said: str = "numbered and added up") -> None:
        """Say below the drawing what each size counts, and what is done over the one that is summed."""
        left = self.on.left
        for name, size in sorted(sizes.items(), key=lambda one: one[0] != summed):
            y = self.on.bottom + 17
            kind = "inner" if name == summed else ""
            self.on.formula(left, y, name, "start", kind=f"formula {kind}".strip())
            words = f"= {size.number} {size.words}{f', {said}' if name == summed else ''}"
            self.on.words(left + labels.width(name, bold=bool(kind)) + 6, y, words, "start")

    def matrix(self, x: float, y: float, one: Sketch, kind: str = "matrix") -> tuple[float, float]:
        """Draw a rectangle with its grid; return its width and height."""
        width, height = self.n(one.columns) * self.u, self.n(one.rows) * self.u
        self.on.box(kind, x, y, width, height, f' data-name="{labels.plain(one.label)}"')
        lines = [f"M{x + k * self.u:.1f} {y:.1f}v{height:.1f}" for k in range(1, self.n(one.columns))]
        lines += [f"M{x:.1f} {y + k * self.u:.1f}h{width:.1f}" for k in range(1, self.n(one.rows))]
        if lines:
            self.on.path("grid", "".join(lines))
        return width, height

    def strip(self, x: float, y: float, count: int, across: bool, *, numbered: bool = True) -> None:
        """Mark a row or a column from (x, y) on, and number its cells."""
        u = self.u
        self.on.box("marked", x, y, count * u if across else u, u if across else count * u)
        for k in range(count if numbered else 0):
            step = (k + 0.5) * u
            place = (x + step, y + u / 2 + 4.5) if across else (x + u / 2, y + step + 4.5)
            self.on.words(*place, str(k + 1), kind="words count")

    def name(
        self, latex: str, box: tuple[float, float, float, float], outside: tuple[float, float], anchor: str = "middle"
    ) -> None:
        """Write a name into a box if it fits, else outside."""
        x, y, width, height = box
        above, below = labels.reach(latex)
        if labels.width(latex, bold=True) + 2 * AIR <= width and above + below + 2 * AIR <= height:
            self.on.formula(x + width / 2, y + (height + above - below) / 2, latex, kind="formula name")
        else:
            self.on.formula(*outside, latex, anchor, kind="formula name")

    def tableau(self, product: Sketch, whole: Sketch, then: tuple[str, Sketch] | None = None) -> None:
        """Draw a product with its result, and on the result what is applied place by place."""
        left, right = product.parts
        if left.columns != right.rows:
            raise NoPicture(f"the inner sizes {left.columns} and {right.rows} differ")
        on, u = self.on, self.u
        k, r, c = self.n(left.columns), self.n(left.rows), self.n(right.columns)
        lx, ry = -GAP - k * u, -GAP - k * u
        bottom, end = GAP + r * u, GAP + c * u
        self.matrix(lx, GAP, left)
        self.matrix(GAP, ry, right)
        self.strip(lx, GAP, k, across=True)
        self.strip(GAP, ry, k, across=False)
        self.name(left.label, (lx, GAP + u, k * u, (r - 1) * u), (lx + k * u / 2, bottom + 24))
        inside = GAP + u, ry, (c - 1) * u, k * u
        if right.kind == "transpose":
            self.name(right.label, inside, (end + 8, ry + k * u / 2 + 5), "start")
        else:
            self.name(right.label, inside, (GAP + c * u / 2, ry - 29))
        on.path("touching", f"M{lx:.1f} {GAP}H{-GAP}L{GAP} {-GAP}V{ry:.1f}")
        on.formula(lx + k * u * 0.4, GAP - 9, left.columns, kind="formula inner")
        on.formula(GAP - 8, min(ry + k * u * 0.4 + 4, GAP - 33), right.rows, "end", kind="formula inner")
        # beside the middle, and not where the arrow to row 1 or column 1 ends
        on.formula(lx - 7, GAP + max(r * u * 0.6 + 5, u / 2 + 24), left.rows, "end")
        on.formula(GAP + max(c * u * 0.6, u / 2 + 8 + labels.width(right.columns) / 2), ry - 9, right.columns)
        across, down = self.result(product, whole, then, bottom)
        on.formula(end + across + 7, GAP + down + r * u / 2 + 5, whole.rows, "start")
        on.formula(GAP + across + c * u / 2, bottom + down + 19, whole.columns)
        if left.kind == "transpose":
            self.turned_from_columns(left.parts[0], lx, ry)
        if right.kind == "transpose":
            self.turned_from_rows(right.parts[0], lx, ry)
        if product.factor:
            self.times(product.factor, end + across)

    def times(self, factor: str, x: float) -> None:
        """Say that every entry is multiplied by a number."""
        y = self.on.bottom + 17
        self.on.words(x, y, "every entry times", "end")
        self.on.formula(x + 6, y, factor, "start")

    def result(
        self, product: Sketch, whole: Sketch, then: tuple[str, Sketch] | None, bottom: float
    ) -> tuple[float, float]:
        """Draw what the product gives, and on it what is applied place by place; return how far that is shifted."""
        u = self.u
        made = Sketch("matrix", whole.label, product.rows, product.columns)
        width, height = self.matrix(GAP, GAP, made, "matrix result")
        self.strip(GAP, GAP, 1, across=True, numbered=False)
        if then is None:
            self.name(whole.label, (GAP, GAP + u, width, height - u), (GAP + width / 2, bottom + 44))
            return 0, 0
        self.on.words(GAP + (width + u) / 2, GAP + u / 2 + 4.5, "product")
        return self.cover(GAP, GAP, then, whole)

    def cover(self, x: float, y: float, then: tuple[str, Sketch], whole: Sketch) -> tuple[float, float]:
        """Lay a sheet over the one at (x, y), whose first row stays in sight; return how far it is shifted."""
        sign, sheet = then
        on, u, across, down = self.on, self.u, 12, self.u + 3
        rows, columns = self.n(whole.rows), self.n(whole.columns)
        corners = ((0, 0), (columns * u, 0), (0, rows * u), (columns * u, rows * u))
        for dx, dy in corners:
            on.path("guide", f"M{x + dx:.1f} {y + dy:.1f}l{across} {down}")
        x, y = x + across, y + down
        on.box("paper", x, y, columns * u, rows * u)
        on.box("ghost", x, y, columns * u, rows * u)  # seen only beside a column that is repeated
        self.matrix(x, y, sheet, "matrix sheet")
        self.strip(x, y, 1, across=True, numbered=False)
        on.words(x + u / 2, y + u / 2 + 4.5, labels.plain(sign), kind="words count")
        below = y + rows * u + 44
        self.name(sheet.label, (x, y + u, columns * u, (rows - 1) * u), (x, below), "end")
        on.formula(x + columns * u / 2, below, whole.label, kind="formula name")
        return across, down

    def turned_from_columns(self, before: Sketch, lx: float, ry: float) -> None:
        """Draw the left factor as it was, in the rows of the right one, and an arrow that turns its first column."""
        on, u = self.on, self.u
        rows, columns = self.n(before.rows), self.n(before.columns)
        x, y = lx - APART - columns * u, ry
        self.matrix(x, y, before, "matrix ghost")
        self.strip(x, y, rows, across=False)
        self.name(before.label, (x + u, y, (columns - 1) * u, rows * u), (x + columns * u / 2, y - 29))
        on.formula(x - 7, y + rows * u / 2 + 5, before.rows, "end")
        on.formula(x + columns * u / 2, y - 9, before.columns)
        level = GAP + u / 2
        on.path(
            "turn",
            f"M{x + u / 2:.1f} {-GAP + 5}Q{x + u / 2:.1f} {level:.1f} {x + 1.6 * u:.1f} {level:.1f}H{lx - 10:.1f}",
        )
        on.head(lx - 3, level, "right")
        clear = lx - max(APART, labels.width(before.columns) + 20)
        on.words(clear, level + 22, "column 1", "end")
        on.words(clear, level + 38, "is now row 1", "end")

    def turned_from_rows(self, before: Sketch, lx: float, ry: float) -> None:
        """Draw the right factor as it was, above the left one, and an arrow that turns its first row."""
        on, u = self.on, self.u
        rows, columns = self.n(before.rows), self.n(before.columns)
        x, y = lx, ry - OVER - rows * u
        self.matrix(x, y, before, "matrix ghost")
        self.strip(x, y, columns, across=True)
        self.name(before.label, (x, y + u, columns * u, (rows - 1) * u), (x + columns * u / 2, y - 29))
        on.formula(x - 7, y + rows * u / 2 + 5, before.rows, "end")
        on.formula(x + columns * u / 2, y - 9, before.columns)
        level, end = y + u / 2, GAP + u / 2
        on.path(
            "turn",
            f"M{-GAP + 5} {level:.1f}H{end - 12:.1f}Q{end:.1f} {level:.1f} {end:.1f} {level + 12:.1f}V{ry - 10:.1f}",
        )
        on.head(end, ry - 3, "down")
        on.words(end + 12, level + 4, "row 1", "start")
        on.words(end + 12, level + 20, "is now column 1", "start")

    def sheets(self, whole: Sketch, first: Sketch, second: Sketch, sign: str) -> None:
        """Draw two sheets of one shape, one over the other."""
        on = self.on
        width, height = self.matrix(0, 0, first)
        self.strip(0, 0, 1, across=True, numbered=False)
        on.formula(width / 2, -9, first.label, kind="formula name")
        across, down = self.cover(0, 0, (sign, second), whole)
        on.formula(-7, height / 2 + 5, whole.rows, "end")
        on.formula(across + width / 2, height + down + 19, whole.columns)

    def columns(self, whole: Sketch, made: Sketch) -> None:
        """Draw a sum of columns: all of them side by side, and the one that they make."""
        on, u = self.on, self.u
        (one,) = made.parts
        count, gap = self.n(made.over), 15
        height = self.n(one.rows) * u
        for k in range(count):
            x = k * (u + gap)
            self.matrix(x, 0, one)
            self.strip(x, 0, 1, across=True, numbered=False)
            if k:
                on.words(x - gap / 2, height / 2 + 5, "+")
        x = count * (u + gap) + 12
        on.words(x - 14, height / 2 + 5, "=")
        self.matrix(x, 0, Sketch("matrix", whole.label, whole.rows, "1"), "matrix result")
        self.strip(x, 0, 1, across=True, numbered=False)
        right = count * (u + gap) - gap
        on.path("touching", f"M0 {-8}H{right}")
        on.formula(right / 2, -16, made.over, kind="formula inner")
        on.formula(right / 2, height + 24, one.label, kind="formula name")
        on.formula(x + u / 2, height + 24, whole.label, kind="formula name")
        on.formula(-7, height / 2 + 5, whole.rows, "end")
        if made.factor:
            self.times(made.factor, x + u)
