"""For each module of the library, its functions beside the equations of the pages that derive them."""

from witness import Row

from witnesses import core, shapes

ROWS: list[Row] = [*core.ROWS, *shapes.ROWS]
from witnesses import core, neuron
ROWS: list[Row] = [*core.ROWS, *neuron.ROWS]
from witnesses import core, moves, rearrangements
ROWS: list[Row] = [*core.ROWS, *moves.ROWS, *rearrangements.ROWS]
from witnesses import blocks, core, routing
ROWS: list[Row] = [*core.ROWS, *blocks.ROWS, *routing.ROWS]
