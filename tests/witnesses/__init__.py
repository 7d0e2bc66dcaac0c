"""For each module of the library, its functions beside the equations of the pages that derive them."""

from witness import Row

from witnesses import blocks, core, routing

ROWS: list[Row] = [*core.ROWS, *blocks.ROWS, *routing.ROWS]
