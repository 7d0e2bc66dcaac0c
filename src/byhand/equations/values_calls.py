"""Values of functions: of the table, of the page, and abstract ones; and of cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from byhand.equations.frames import ANY, Frame, Value, Values, Watch, entrywise, evaluate, leans, rule, values_of
from byhand.equations.functions import BY_NAME, SMOOTH, SMOOTH_UNIT, Array, slope
from byhand.equations.problems import Untested
from byhand.equations.program import Program
from byhand.equations.shapes import Typed
from byhand.equations.tree import (
    Call,
    Cases,
    Condition,
    Derivative,
    Node,
)  # fmt: skip
from byhand.equations.walk import walk


@rule(Condition)
def _condition(typed: Typed, frame: Frame) -> Value:
    node = cast(Condition, typed.node)
    (left, _), (right, _) = values_of(typed, frame)
    gap = np.real(left) - np.real(right)
    if frame.watch is not None:
        names = frame.run.program.reach(node.left) | frame.run.program.reach(node.right)
        frame.watch.compare(gap, frozenset({ANY}) if frame.argument else names)
    truth = {">": gap > 0, "<": gap < 0, ">=": gap >= 0, "<=": gap <= 0}[node.relation]
    return truth, None


@rule(Cases)
def _cases(typed: Typed, frame: Frame) -> Value:
    node = typed.node
    node = cast(Cases, node)
    values = [evaluate(part, frame) for part in typed.parts[: len(node.values)]]
    truths = [evaluate(part, frame)[0] for part in typed.parts[len(node.values) :]]
    if len(values) == len(truths) and not np.all(np.logical_or.reduce(np.broadcast_arrays(*truths))):
        raise Untested(node.where, "No branch of these cases applies to some of the values that were drawn.")
    result, scale = values[-1]
    for (value, more), truth in reversed(list(zip(values, truths, strict=False))):
        result = np.where(truth, value, result)
        scale = np.where(truth, more, scale) if more is not None and scale is not None else None
    if scale is not None and leans(frame.run, *(part.node for part in typed.parts[len(node.values) :])):
        scale = scale + sum(np.abs(value) for value, _ in values)
    if frame.watch is not None:
        left = np.ones(np.broadcast_shapes(*(t.shape for t in truths)), dtype=bool)
        counts = []
        for truth in truths:
            counts.append(int(np.sum(left & truth)))
            left = left & ~truth
        frame.watch.branch(
            ("", node.where, "cases"), [*counts, *([int(np.sum(left))] if len(values) > len(truths) else [])]
        )
    return result, scale


@rule(Call)
def _call(typed: Typed, frame: Frame) -> Value:
    node = typed.node
    node = cast(Call, node)
    own = frame.run.program.function_body(node.function)
    if own is not None:
        piecewise = bool(node.primes) or any(isinstance(part, Cases) for part in walk(own[1].node))
        return _jumping(_own_function(typed, frame, own[0].parameter, own[1]), piecewise, node, frame)
    row = BY_NAME.get(node.function) if node.layer is None else None
    if row is None or frame.run.program.find_abstract(node.function) is not None:
        return _primed(_abstract(node, frame), True, node.primes, typed, frame)
    if row.kind == "entry":
        _watch_kinks(typed, frame, row.kinks)
        if frame.watch is not None and not row.kinks and node.primes == 0:
            x = np.real(evaluate(typed.parts[0], replace(frame, watch=None))[0])
            with np.errstate(all="ignore"):
                change = np.abs(slope(row.compute, row.analytic, x)) * np.maximum(np.abs(x), 1)
                frame.watch.flat(change, np.abs(row.compute(x)))
        return _jumping(_primed(row.compute, row.analytic, node.primes, typed, frame), bool(row.kinks), node, frame)
    parts = values_of(typed, frame)
    with np.errstate(all="ignore"):
        value = row.compute(*(part for part, _ in parts))
        if row.kind in ("column", "column-sum") and frame.watch is not None:
            share = np.real(value if row.kind == "column" else np.exp(parts[0][0] - value))
            frame.watch.flat(share * (1 - share), np.ones_like(share))
    if row.kind == "pair" and frame.watch is not None:
        gap = np.real(parts[0][0]) - np.real(parts[1][0])
        frame.watch.near(gap)
        frame.watch.branch(("", node.where, node.function), [int(np.sum(gap > 0)), int(np.sum(gap < 0))])
    if row.kind == "clip" and frame.watch is not None:
        x, low, high = (np.real(part) for part, _ in parts)
        frame.watch.near(x - low)
        frame.watch.near(x - high)
        counts = [int(np.sum(x < low)), int(np.sum((x > low) & (x < high))), int(np.sum(x > high))]
        frame.watch.branch(("", node.where, node.function), counts)
    if parts[0][1] is None:
        return value, None
    if row.kind == "clip":
        (x, scale), (low, below), (high, above) = cast(list[tuple[Array, Array]], parts)
        return value, np.where(value == x, scale, np.where(value == low, below, above))
    if row.kind == "pair":
        (first, one), (_, other) = parts
        return value, np.where(value == first, cast(Array, one), cast(Array, other))
    if row.kind in ("diag", "trace", "vec"):
        return value, row.compute(parts[0][1])
    if row.kind == "det":
        size = np.abs(np.linalg.inv(parts[0][0])) @ parts[0][1]
        return value, np.abs(value) * (1 + np.trace(size, axis1=-2, axis2=-1)[..., None, None])
    return value, np.abs(value) * (1 + np.max(parts[0][1], axis=-2, keepdims=True))


def _jumping(value: Value, jumps: bool, node: Call, frame: Frame) -> Value:
    """Let a function with branches lean on its argument, though it may be flat on each of them."""
    if value[1] is None or not jumps or not leans(frame.run, *node.arguments):
        return value
    return value[0], value[1] + np.abs(value[0])


def _watch_kinks(typed: Typed, frame: Frame, kinks: tuple[float, ...]) -> None:
    if frame.watch is None or not kinks:
        return
    value = np.real(evaluate(typed.parts[0], replace(frame, watch=None))[0])
    for kink in kinks:
        frame.watch.near(value - kink)
        name = ("", typed.node.where, f"{getattr(typed.node, 'function', '')} at {kink:g}")
        frame.watch.branch(name, [int(np.sum(value > kink)), int(np.sum(value < kink))])


def _primed(compute: Callable[[Array], Array], analytic: bool, primes: int, typed: Typed, frame: Frame) -> Value:
    if primes == 0:
        return entrywise(compute, analytic, typed, frame)

    def first(x: Array) -> Array:
        return slope(compute, analytic, np.real(x))

    if primes == 1:
        return entrywise(first, False, typed, frame)
    return entrywise(lambda x: slope(first, False, np.real(x)), False, typed, frame)


def _abstract(node: Call, frame: Frame) -> Callable[[Array], Array]:
    unit = frame.run.program.find_abstract(node.function) == "unit"
    pool = SMOOTH_UNIT if unit else SMOOTH
    layer = node.layer.offset if node.layer is not None else 0
    return pool[(frame.run.scene.number + 2 * layer + sum(map(ord, node.function))) % len(pool)]


def _own_function(typed: Typed, frame: Frame, parameter: str, body: Typed) -> Value:
    """Give a function of the page, entry by entry: the entries of its argument become axes of their own."""
    node = typed.node
    node = cast(Call, node)
    value, scale = evaluate(typed.parts[0], frame)
    inner = replace(frame, wide=frame.wide + 2)

    def apply(x: Array, scales: Array | None, watch: Watch | None) -> Value:
        wide = x[..., None, None]
        own = {**frame.argument, parameter: (wide, scales[..., None, None] if scales is not None else None)}
        result, more = evaluate(body, replace(inner, argument=own, watch=watch, index=_widen(frame.index)))
        shape = np.broadcast_shapes(result.shape, wide.shape)
        result = np.broadcast_to(result, shape)[..., 0, 0]
        return result, np.broadcast_to(more, shape)[..., 0, 0] if more is not None else None

    if node.primes == 0:
        return apply(value, scale, frame.watch)
    if frame.watch is not None:
        inner_watch = Watch()
        apply(np.real(value), scale, inner_watch)
        inner_watch.on_kink(ANY)
        frame.watch.include(inner_watch)
    analytic = is_analytic(body, frame.run.program)

    def plain(x: Array) -> Array:
        return apply(x, None, None)[0]

    run = _Unscaled(frame.run)
    inner = replace(inner, run=run)
    return _primed(
        plain, analytic, node.primes, Typed(node, typed.shape, (Typed(_Held((value, scale)), typed.shape),)), frame
    )


def _widen(index: dict[str, Array]) -> dict[str, Array]:
    return {var: array[..., None, None] for var, array in index.items()}


@dataclass(frozen=True)
class _Held(Node):
    """A value that is known already."""

    value: Value


class _Unscaled(Values):
    """The same run, without scales."""

    def __init__(self, run: Values) -> None:
        self.program, self.scene, self.clock, self.scaled = run.program, run.scene, run.clock, False
        self._run = run

    def symbol(self, name: str, watch: Watch | None) -> Value:
        return self._run.symbol(name, watch)[0], None

    def derivative(self, typed: Typed, frame: Frame) -> Value:
        return self._run.derivative(typed, frame)[0], None


def is_analytic(typed: Typed, program: Program) -> bool:
    """Whether the complex step goes through: no derivative inside, and every function tested for it."""
    node = typed.node
    if isinstance(node, Derivative):
        return False
    if isinstance(node, Call):
        own = program.function_body(node.function)
        if node.primes or (own is not None and not is_analytic(own[1], program)):
            return False
        row = BY_NAME.get(node.function)
        if own is None and node.layer is None and row is not None and not row.analytic:
            return False
    return all(is_analytic(part, program) for part in typed.parts)


@rule(_Held)
def _held(typed: Typed, frame: Frame) -> Value:
    held: Value = cast(_Held, typed.node).value
    return held
