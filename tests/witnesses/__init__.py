"""For each module of the library, its functions beside the equations of the pages that derive them."""

from witness import Row

from witnesses import core, two_layer

ROWS: list[Row] = [*core.ROWS, *two_layer.ROWS]
