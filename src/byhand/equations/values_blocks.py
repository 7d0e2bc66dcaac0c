"""Values of matrices that are written out in blocks."""

from __future__ import annotations

from typing import cast

import numpy as np

from byhand.equations.frames import Frame, Value, evaluate, rule
from byhand.equations.functions import Array
from byhand.equations.shapes import Typed
from byhand.equations.tree import Blocks


@rule(Blocks)
def _blocks(typed: Typed, frame: Frame) -> Value:
    across = cast(Blocks, typed.node).across
    values, scales = [], []
    for part in typed.parts:
        value, scale = evaluate(part, frame)
        size = tuple(frame.run.scene.size(side) for side in part.shape)
        values.append(_spread(value, size))  # a written 0 fills its block
        scales.append(_spread(scale, size) if scale is not None else None)
    whole = _join(values, across)
    if any(scale is None for scale in scales):
        return whole, None
    return whole, _join([cast(Array, scale) for scale in scales], across)


def _spread(array: Array, size: tuple[int, ...]) -> Array:
    return np.broadcast_to(array, (*array.shape[:-2], *size))


def _join(parts: list[Array], across: int) -> Array:
    """Put blocks side by side, then the rows of blocks one above the other."""
    lead = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
    parts = [np.broadcast_to(part, (*lead, *part.shape[-2:])) for part in parts]
    rows = [np.concatenate(parts[k : k + across], axis=-1) for k in range(0, len(parts), across)]
    return np.concatenate(rows, axis=-2)
