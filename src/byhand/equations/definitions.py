"""The value of a defined symbol; a definition by entries is laid out as a matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from byhand.equations.functions import Array
from byhand.equations.program import Program
from byhand.equations.tree import Symbol
from byhand.equations.values import Frame, Value, evaluate
from byhand.equations.walk import letters_of


def compute_definition(program: Program, name: str, frame: Frame) -> Value:
    """Give the value of a defined symbol; a definition by entries is laid out as a matrix."""
    typed = program.definition(name, Symbol(name))
    defined = program.find_defined(name)
    if defined is None or (defined.row is None and defined.column is None):
        letters = letters_of(typed.node)
        return (
            evaluate(typed, replace(frame, letters=letters))
            if not letters
            else _squeeze(evaluate(typed, replace(frame, letters=letters)), len(letters))
        )
    (body,) = typed.parts
    letters = letters_of(body.node)
    inner = replace(frame, letters=letters)
    for index, size in ((defined.row, typed.shape[0]), (defined.column, typed.shape[1])):
        if index is not None and index.var is not None:
            inner = inner.with_index(index.var, frame.run.scene.size(size))
    value, scale = evaluate(body, inner)

    def lay(array: Array) -> Array:
        axes = len(letters) + 2
        lead = array.shape[: array.ndim - axes]
        shape = list(array.shape[array.ndim - axes :])
        array = np.broadcast_to(array, (*lead, *shape))
        for position, index, size in ((-2, defined.row, typed.shape[0]), (-1, defined.column, typed.shape[1])):
            if index is not None and index.var is not None:
                axis = letters.index(index.var) - axes
                wide = list(array.shape)
                wide[axis] = frame.run.scene.size(size)
                array = np.broadcast_to(array, wide)
                array = np.swapaxes(array, axis, position)
        return array.reshape((*lead, *array.shape[-2:]))

    return lay(value), lay(scale) if scale is not None else None


def _squeeze(value: Value, letters: int) -> Value:
    def drop(array: Array) -> Array:
        if array.ndim < letters + 2:
            return array
        lead = array.shape[: array.ndim - letters - 2]
        return array.reshape((*lead, *array.shape[-2:]))

    return drop(value[0]), drop(value[1]) if value[1] is not None else None
