"""Values of the index form: an index letter is an axis."""

from __future__ import annotations

from typing import cast

import numpy as np

from byhand.equations.frames import Frame, Value, constant, evaluate, rule
from byhand.equations.functions import Array
from byhand.equations.problems import Span, Unreadable
from byhand.equations.shapes import Typed
from byhand.equations.tree import (
    Column,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Index,
    Letter,
    Multiple,
    Number,
    Sum,
)  # fmt: skip


@rule(Letter)
def _letter(typed: Typed, frame: Frame) -> Value:
    node = cast(Letter, typed.node)
    return constant(positions_of(node.index, frame) + 1.0, frame)


def positions_of(index: Index, frame: Frame) -> Array:
    """Give the positions, counted from 0, that an index stands for."""
    if index.var is None:
        return np.full((1,) * (frame.axes + 2), index.offset - 1)
    return frame.index[index.var]


@rule(Delta)
def _delta(typed: Typed, frame: Frame) -> Value:
    node = cast(Delta, typed.node)
    same = positions_of(node.left, frame) == positions_of(node.right, frame)
    return constant(same.astype(float), frame)


def gather(array: Array, axis: int, positions: Array) -> Array:
    """Give the entries of one matrix axis (−1 or −2) at the positions of an index."""
    whole = _laid(array, axis, positions)
    if whole is not None:
        return whole
    wide = np.broadcast_shapes(array.shape[:axis], positions.shape[:axis])
    rest = array.shape[axis:]
    array = np.broadcast_to(array, wide + rest)
    keep = list(positions.shape[:axis]) + [1] * -axis
    index = np.broadcast_to(positions.reshape(keep), wide + tuple(1 if k == 0 else rest[k] for k in range(-axis)))
    return np.take_along_axis(array, index.astype(int), axis=axis)


def _laid(array: Array, axis: int, positions: Array) -> Array | None:
    """Give the same by laying the matrix axis along the axis of the index; None where the array has both."""
    if positions.size == 1:
        only = int(positions.flat[0])
        picked = array[..., only : only + 1] if axis == -1 else array[..., only : only + 1, :]
        return picked.reshape((1,) * (positions.ndim - picked.ndim) + picked.shape)
    along = next(k for k in range(-positions.ndim, 0) if positions.shape[k] != 1)
    array = array.reshape((1,) * (positions.ndim - array.ndim) + array.shape)
    if array.shape[along] != 1:
        return None
    return np.swapaxes(np.take(array, positions.ravel(), axis=axis), axis, along)


def check_positions(index: Index, size: int, where: Span) -> None:
    """Refuse the entry beyond the last."""
    if index.var is None and not 1 <= index.offset <= size:
        raise Unreadable(where, f"There is no entry {index.offset} at every size that is tried.")


@rule(Entry)
def _entry(typed: Typed, frame: Frame) -> Value:
    node = typed.node
    node = cast(Entry, node)
    value, scale = evaluate(typed.parts[0], frame)
    rows = typed.parts[0].shape[0]

    def pick(array: Array) -> Array:
        if node.column is not None:
            check_positions(node.row, array.shape[-2], node.where)
            check_positions(node.column, array.shape[-1], node.where)
            return gather(gather(array, -2, positions_of(node.row, frame)), -1, positions_of(node.column, frame))
        axis = -1 if rows == "1" else -2
        check_positions(node.row, array.shape[axis], node.where)
        return gather(array, axis, positions_of(node.row, frame))

    return pick(value), pick(scale) if scale is not None else None


@rule(Column)
def _column(typed: Typed, frame: Frame) -> Value:
    node = typed.node
    node = cast(Column, node)
    value, scale = evaluate(typed.parts[0], frame)
    check_positions(node.index, value.shape[-1], node.where)
    positions = positions_of(node.index, frame)
    return gather(value, -1, positions), gather(scale, -1, positions) if scale is not None else None


@rule(Sum, Multiple)
def _sum(typed: Typed, frame: Frame) -> Value:
    node = typed.node
    node = cast(Sum, node)
    size = frame.run.scene.size(typed.over)
    low = int(node.low.text) if isinstance(node.low, Number) else 1
    if low < 1 or low > size:
        raise Unreadable(node.where, f"The sum begins at {low}, where there is no entry.")
    inner = frame.with_index(node.var, size - low + 1, low)
    value, scale = evaluate(typed.parts[0], inner)
    axis = inner.letters.index(node.var) - (inner.axes + 2)
    own = inner.index[node.var]
    product = isinstance(node, Multiple)

    def total(array: Array) -> Array:
        if node.apart is not None:  # what is left out may be no number at all
            array = np.where(own == positions_of(node.apart, inner), 1.0 if product else 0.0, array)
        if array.ndim < -axis or array.shape[axis] == 1:
            count = size - low + 1
            return np.asarray(array**count if product else array * count)
        return np.asarray(array.prod(axis=axis, keepdims=True) if product else array.sum(axis=axis, keepdims=True))

    return total(value), total(scale) if scale is not None else None


@rule(Extreme)
def _extreme(typed: Typed, frame: Frame) -> Value:
    node = cast(Extreme, typed.node)
    inner = frame.with_index(node.var, frame.run.scene.size(typed.over))
    value, scale = evaluate(typed.parts[0], inner)
    axis = inner.letters.index(node.var) - (inner.axes + 2)
    order = np.real(value) if node.sign == r"\max" else -np.real(value)
    if frame.watch is not None:
        first, second = np.moveaxis(np.sort(order, axis=axis), axis, 0)[:-3:-1]
        frame.watch.near(first - second)
    best = np.argmax(order, axis=axis, keepdims=True)
    picked = np.take_along_axis(value, best, axis)
    return picked, np.take_along_axis(np.broadcast_to(scale, value.shape), best, axis) if scale is not None else None


@rule(Derivative)
def _derivative(typed: Typed, frame: Frame) -> Value:
    return frame.run.derivative(typed, frame)
