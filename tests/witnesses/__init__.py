"""For each module of the library, its functions beside the equations of the pages that derive them."""

from witness import Row

from witnesses import (
    activations,
    blocks,
    core,
    long_losses,
    losses,
    moves,
    neuron,
    rearrangements,
    regularisation,
    routing,
    shapes,
    two_layer,
)

ROWS: list[Row] = [
    *core.ROWS,
    *losses.ROWS,
    *activations.ROWS,
    *blocks.ROWS,
    *long_losses.ROWS,
    *moves.ROWS,
    *neuron.ROWS,
    *rearrangements.ROWS,
    *regularisation.ROWS,
    *routing.ROWS,
    *shapes.ROWS,
    *two_layer.ROWS,
]
