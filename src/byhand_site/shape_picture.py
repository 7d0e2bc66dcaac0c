"""Draw the shapes of an equation: every factor a rectangle, equal sizes on touching edges, a transpose turned.

What is drawn is the claim's sketch, which the checker reads off the tree of the shape line. The author of a page
chooses for how many units and examples it is drawn, and says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from byhand.equations import Sketch
from byhand_site import labels
from byhand_site.canvas import NARROW
from byhand_site.tableau import Drawing, Named, NoPicture

SIZE = re.compile(r"\s*(?P<name>\S+) = (?P<number>\d+) (?P<words>[^,=]+)")


def read_sizes(text: str) -> dict[str, Named]:
    """Read `n_1 = 4 hidden units, m = 5 examples`.

    >>> read_sizes("n_1 = 4 hidden units, m = 5 examples")["n_1"]
    Named(number=4, words='hidden units')
    """
    found: dict[str, Named] = {}
    for part in text.split(","):
        if not (match := SIZE.fullmatch(part)):
            raise NoPicture(f'sizes are written like "n_1 = 4 hidden units, m = 5 examples", not {part.strip()!r}')
        found[match["name"]] = Named(int(match["number"]), match["words"].strip())
    numbers = [one.number for one in found.values()]
    if len(set(numbers)) < len(numbers) or min(numbers) < 2:
        raise NoPicture("the sizes of a picture all differ, and none is 1, so that no two edges look equal by chance")
    return found


@dataclass(frozen=True)
class Picture:
    """A drawing with what its caption says, in LaTeX between dollars."""

    svg: str
    caption: str


def draw(sides: tuple[Sketch, ...], sizes: Mapping[str, Named]) -> Picture:
    """Draw left = right, as large as fits on a phone.

    Raises
    ------
    NoPicture
        If a size has no number, or the right side is made in a way that has no picture.
    """
    whole, *_, made = sides
    needed = sizes_of(made) | sizes_of(whole)
    if odd := needed ^ sizes.keys():
        raise NoPicture(f"the picture's sizes are {', '.join(sorted(needed))}; {', '.join(sorted(odd))} does not agree")
    for unit in range(26, 13, -1):
        drawing = Drawing({name: one.number for name, one in sizes.items()}, unit)
        drawing.claim(whole, made)
        drawing.legend(sizes, _summed(made))
        if drawing.on.width <= NARROW - 4:
            break
    else:
        raise NoPicture("this picture is too wide for a phone: choose smaller sizes")
    caption = _reading(whole, made, sizes)
    title = f"The shapes in {labels.plain(f'{whole.label} = {made.label}')}"
    shapes = ", ".join(f"{labels.plain(one.label)} is {_by(one, sizes)}" for one in _matrices(whole, made))
    words = re.sub(r"\$([^$]*)\$", lambda formula: labels.plain(formula[1]), caption)
    return Picture(drawing.on.svg(title, f"{words} {shapes}.", "shapes"), caption)


def sizes_of(sketch: Sketch) -> set[str]:
    """Return the named sizes in a sketch."""
    here = {sketch.rows, sketch.columns, sketch.over or "1"} - {"1"}
    return here.union(*(sizes_of(part) for part in sketch.parts))


def _matrices(whole: Sketch, made: Sketch) -> list[Sketch]:
    parts = [inner for part in made.parts for inner in ([*_matrices(part, part)] if part.parts else [part])]
    own = [made] if made.kind == "transpose" else []
    return list({one.label: one for one in (whole, *own, *parts)}.values())


def _by(sketch: Sketch, sizes: Mapping[str, Named]) -> str:
    rows, columns = (sizes[side].number if side in sizes else 1 for side in (sketch.rows, sketch.columns))
    return f"{labels.plain(sketch.rows)} × {labels.plain(sketch.columns)}, drawn {rows} by {columns}"


def _product(made: Sketch) -> Sketch | None:
    """Return the matrix product in a side, if there is one."""
    return made if made.kind == "product" else next((one for one in made.parts if one.kind == "product"), None)


def _summed(made: Sketch) -> str:
    """Return the size over which is added up."""
    product = _product(made)
    return product.parts[0].columns if product else made.over


def _reading(whole: Sketch, made: Sketch, sizes: Mapping[str, Named]) -> str:
    """Say how to read the picture, and why a factor is turned."""
    summed = _summed(made)
    over = f"all ${summed}$ {sizes[summed].words}" if summed in sizes else "one product"
    said = []
    product = _product(made)
    if made.kind == "sum":
        said.append(f"The columns of {over} are added up, place by place.")
    if product is not None:
        left, right = product.parts
        entry = f"${whole.label}$" if product is made and not made.factor else "the product"
        said.append(f"One entry of {entry} adds up over {over}.")
        if left.kind == "transpose":
            said.append(
                f"In ${left.parts[0].label}$ the numbers for it stand in a column, but a matrix product runs along the "
                "rows of its left factor. So it is turned: the column becomes a row."
            )
        if right.kind == "transpose":
            said.append(
                f"In ${right.parts[0].label}$ the numbers for it stand in a row, but a matrix product runs down the "
                "columns of its right factor. So it is turned: the row becomes a column."
            )
        said.append("Then 1 meets 1, 2 meets 2, and so on.")
    if made.kind == "entrywise" and made.sign == r"\odot":
        sheets = "Two sheets of one shape lie on each other:"
        said.append(f"{sheets} each place of ${whole.label}$ is one place times the same place of the other.")
    elif made.kind == "entrywise":
        repeated = ", the same column in every place" if made.parts[-1].columns == "1" != whole.columns else ""
        said.append(f"Then ${made.parts[-1].label}$ is added{repeated}.")
    if made.factor:
        said.append(f"At the end every entry is multiplied by ${made.factor}$.")
    return " ".join(said)
