"""Values of the matrix form."""

from __future__ import annotations

from typing import cast

import numpy as np

from byhand.equations.book import key
from byhand.equations.frames import Frame, Value, constant, entrywise, evaluate, rule, values_of
from byhand.equations.functions import Array
from byhand.equations.limits import check_elements
from byhand.equations.problems import Untested
from byhand.equations.shapes import Typed, dim, is_scalar
from byhand.equations.tree import (
    Add,
    Annotated,
    Factors,
    Group,
    Hadamard,
    Identity,
    Inner,
    Inverse,
    Kronecker,
    Negative,
    Norm,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Root,
    Size,
    Symbol,
    Transpose,
)  # fmt: skip


@rule(Number)
def _number(typed: Typed, frame: Frame) -> Value:
    node = cast(Number, typed.node)
    text = node.text
    return constant({"e": np.e, r"\pi": np.pi}[text] if text in ("e", r"\pi") else float(text), frame)


@rule(Symbol)
def _symbol(typed: Typed, frame: Frame) -> Value:
    node = cast(Symbol, typed.node)
    name = key(node)
    if name in frame.argument:
        return frame.argument[name]
    value, scale = frame.run.symbol(name, frame.watch)
    middle = (1,) * frame.axes
    value = value.reshape(value.shape[:-2] + middle + value.shape[-2:])
    return value, scale.reshape(scale.shape[:-2] + middle + scale.shape[-2:]) if scale is not None else None


@rule(Size)
def _size(typed: Typed, frame: Frame) -> Value:
    node = cast(Size, typed.node)
    return constant(float(frame.run.scene.size(dim(node))), frame)


@rule(Annotated, Group)
def _through(typed: Typed, frame: Frame) -> Value:
    return evaluate(typed.parts[0], frame)


@rule(Negative)
def _negative(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    return -value, scale


@rule(Add)
def _add(typed: Typed, frame: Frame) -> Value:
    parts = values_of(typed, frame)
    value, scale = parts[0]
    for other, more in parts[1:]:
        value = value + other
        scale = scale + more if scale is not None and more is not None else None
    if frame.watch is not None and scale is not None:
        for part, _ in parts:
            frame.watch.absorb(*np.broadcast_arrays(np.abs(part), scale))
    return value, scale


@rule(Hadamard)
def _hadamard(typed: Typed, frame: Frame) -> Value:
    parts = values_of(typed, frame)
    value, scale = parts[0]
    for other, more in parts[1:]:
        value = value * other
        scale = scale * more if scale is not None and more is not None else None
    return value, scale


@rule(Kronecker)
def _kronecker(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    for part in typed.parts[1:]:
        other, more = evaluate(part, frame)
        check_elements(value.size * other.size // max(1, other[..., 0, 0].size), typed.node.where)
        value = _blocks(value, other)
        scale = _blocks(scale, more) if scale is not None and more is not None else None
    return value, scale


def _blocks(left: Array, right: Array) -> Array:
    """Put into the place of each entry on the left the whole right side, times that entry."""
    (a, b), (c, d) = left.shape[-2:], right.shape[-2:]
    grid = left[..., :, None, :, None] * right[..., None, :, None, :]
    return np.asarray(grid.reshape(*grid.shape[:-4], a * c, b * d))


@rule(Product, Factors)
def _product(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    shape = typed.parts[0].shape
    for part in typed.parts[1:]:
        other, more = evaluate(part, frame)
        scalars = is_scalar(shape) or is_scalar(part.shape)
        value = value * other if scalars else value @ other
        if scale is not None and more is not None:
            scale = scale * more if scalars else scale @ more
        if is_scalar(shape):
            shape = part.shape
        elif not is_scalar(part.shape):
            shape = (shape[0], part.shape[1])
    return value, scale


@rule(Quotient)
def _quotient(typed: Typed, frame: Frame) -> Value:
    (top, top_scale), (bottom, bottom_scale) = values_of(typed, frame)
    with np.errstate(all="ignore"):
        value = top / bottom
        if top_scale is None or bottom_scale is None:
            return value, None
        return value, top_scale * bottom_scale / np.abs(bottom) ** 2


@rule(Power)
def _power(typed: Typed, frame: Frame) -> Value:
    node = cast(Power, typed.node)
    if not is_scalar(typed.parts[0].shape):
        return _inverse(typed, frame)
    exponent, exponent_scale = evaluate(typed.parts[1], frame)
    if isinstance(node.base, Number) and node.base.text == "e":
        with np.errstate(all="ignore"):
            value = np.exp(exponent)
            if frame.watch is not None:
                frame.watch.flat(np.abs(value), np.abs(value))
        return value, np.abs(value) * (1 + exponent_scale) if exponent_scale is not None else None
    base, scale = evaluate(typed.parts[0], frame)
    with np.errstate(all="ignore"):
        whole = np.isrealobj(exponent) and exponent.size == 1 and float(exponent.flat[0]).is_integer()
        value = (
            base ** int(exponent.flat[0])
            if whole and abs(exponent.flat[0]) < 64 and exponent.flat[0] >= 0
            else (base**exponent if not (whole and exponent.flat[0] < 0) else 1 / base ** int(-exponent.flat[0]))
        )
        if scale is None:
            return value, None
        relative = np.where(base == 0, 1.0, scale / np.where(base == 0, 1.0, np.abs(base)))
        return value, np.abs(value) * relative * np.maximum(1.0, np.abs(exponent))


@rule(Transpose)
def _transpose(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    return np.swapaxes(value, -1, -2), np.swapaxes(scale, -1, -2) if scale is not None else None


@rule(Inverse)
def _inverse(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    try:
        inverse = np.linalg.inv(value)
    except np.linalg.LinAlgError:
        raise Untested(typed.node.where, "This matrix has no inverse for the values that were drawn.") from None
    more = np.abs(inverse) @ scale @ np.abs(inverse) if scale is not None else None
    if isinstance(typed.node, Inverse) and typed.node.transposed:
        return np.swapaxes(inverse, -1, -2), np.swapaxes(more, -1, -2) if more is not None else None
    return inverse, more


@rule(Root)
def _root(typed: Typed, frame: Frame) -> Value:
    return entrywise(np.sqrt, True, typed, frame)


@rule(Norm)
def _norm(typed: Typed, frame: Frame) -> Value:
    value, scale = evaluate(typed.parts[0], frame)
    total = np.sqrt(np.sum(value * value, axis=(-1, -2), keepdims=True))
    return total, np.sqrt(np.sum(scale * scale, axis=(-1, -2), keepdims=True)) if scale is not None else None


@rule(Inner)
def _inner(typed: Typed, frame: Frame) -> Value:
    (left, left_scale), (right, right_scale) = values_of(typed, frame)
    value = np.sum(left * right, axis=(-1, -2), keepdims=True)
    if left_scale is None or right_scale is None:
        return value, None
    return value, np.sum(left_scale * right_scale, axis=(-1, -2), keepdims=True)


@rule(Ones)
def _ones(typed: Typed, frame: Frame) -> Value:
    return constant(np.ones((frame.run.scene.size(typed.shape[0]), 1)), frame)


@rule(Identity)
def _identity(typed: Typed, frame: Frame) -> Value:
    return constant(np.eye(frame.run.scene.size(typed.shape[0])), frame)
