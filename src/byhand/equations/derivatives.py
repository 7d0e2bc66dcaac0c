"""True derivatives, taken independently from the page's own forward program.

For ∂f/∂Q the definition of Q is replaced by a free variable and everything downstream is recomputed, all other
inputs fixed. All entries of Q are disturbed in one evaluation: by the complex step where everything in between
is analytic, by central differences of fourth order elsewhere (so also around a derivative inside).
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from byhand.equations.book import key
from byhand.equations.definitions import compute_definition
from byhand.equations.functions import Array
from byhand.equations.infer import finish, infer
from byhand.equations.inflated import Inflated, leaning
from byhand.equations.limits import Clock, check_elements
from byhand.equations.problems import Problem, Unreadable
from byhand.equations.program import Program
from byhand.equations.scenes import Scene
from byhand.equations.shapes import Sizes, Typed, is_scalar
from byhand.equations.tame import is_tame, tame, tame_program
from byhand.equations.tree import Call, Column, Derivative, Entry, Group, Index, Node, Symbol
from byhand.equations.values import Frame, Value, Values, Watch, check_positions, evaluate, gather, is_analytic
from byhand.equations.walk import walk

TINY = 1e-30
"""The complex step."""
CANCELLED = 1e-12
"""A derivative this small against the terms that it was added up from is 0, but for rounding …"""
SMALL = 1e-9
"""… which is worth a look only where it is small at all."""
STEP = 1e-3
"""The step of the central differences."""
TOLERANCE = 1e-9
"""A derivative that changes by less than this share of its scale does not show the change …"""
SHARE = 1e-4
"""… and with tame numbers a symbol goes this share of the way to another draw, so that no branch changes."""


class Differentiates(Values):
    """What a run does to take a derivative; it needs the values of symbols only."""

    under_way = 0
    """How many derivatives are being taken: as many axes stand first in what they disturb."""

    def __init__(self) -> None:
        self._gradients: dict[tuple[Node, str], tuple[Array, float]] = {}
        self._inflated: dict[str, Inflated] = {}
        self._felt: dict[tuple[Node, str, tuple[str, ...]], bool] = {}
        self._tame: Run | None = None
        self._calm: bool | None = None

    def inflated(self, name: str) -> Inflated:
        """Give this run with the scale of one symbol grown."""
        found = self._inflated.setdefault(name, Inflated(self, name))
        found.clock = self.clock
        return found

    def derivative(self, typed: Typed, frame: Frame) -> Value:
        """∂top/∂bottom as an array: all entries, or those that its indices pick out."""
        node = typed.node
        node = cast(Derivative, node)
        top, _bottom = typed.parts
        target = next(part for part in walk(node.bottom) if isinstance(part, Symbol))
        name = key(target)
        free = isinstance(node.top, Symbol) and not frame.argument
        raw, size = self._directions(top, name, frame, remember=free)
        value = _arrange(raw, typed, frame)
        scale = np.abs(value) + 0.01 * size
        if self.scaled and not frame.argument and np.any(np.abs(value) < SMALL):
            terms = float(np.max(leaning(top, frame, self.inflated(name))[1], initial=0.0))
            scale = np.where((value != 0) & (np.abs(value) <= CANCELLED * terms), terms, scale)
            if frame.watch is not None:
                frame.watch.terms = max(frame.watch.terms, terms)
        if frame.watch is not None:
            frame.watch.derivative = True
            frame.watch.central |= size > 0
            seen = Watch()
            evaluate(top, replace(frame, watch=seen))  # as it stands, to see the branches that the program takes
            seen.on_kink(name)
            frame.watch.include(seen)
        return value, scale if self.scaled else None

    def feels(self, typed: Typed, frame: Frame, name: str) -> bool:
        """Whether a derivative shows a symbol that it depends on: False only if the numbers of the page hide it.

        It need not change with the symbol: a linear function has a gradient without its argument, and what cancels
        for all values cancels here too. But if it changes with the symbol as soon as all numbers are tame, and does
        not change with the numbers as they stand, then something is lost in rounding, flat or 0 to rounding.
        """
        memo = (typed.node, name, frame.letters)
        if memo not in self._felt:
            self._felt[memo] = bool(frame.argument) or self._shows(typed, replace(frame, watch=None), name)
        return self._felt[memo]

    def _shows(self, typed: Typed, frame: Frame, name: str) -> bool:
        frame = replace(frame, run=self)
        with np.errstate(all="ignore"):
            scale = evaluate(typed, frame)[1]
            if np.any(np.abs(self._change(typed, frame, name, 1.0)) > TOLERANCE * (0.0 if scale is None else scale)):
                return True
            if self.is_calm(typed.node):
                return True
            try:
                self._tame = self._tame or Run(tame_program(self.program), self.scene)
                self._tame.use(self.clock)
                sizes = Sizes()
                calm = finish(infer(tame(typed.node), self._tame.program, sizes), sizes)
                there = replace(frame, run=self._tame)
                most = float(np.max(np.abs(evaluate(calm, there)[0]), initial=0.0))
                terms = float(np.max(cast(Array, evaluate(calm.parts[0], there)[1]), initial=0.0))
                change = np.abs(self._tame._change(calm, there, name, SHARE))
            except Problem:
                return True
        return not np.any(change > 10 * TOLERANCE * (most + terms))

    def is_calm(self, node: Node) -> bool:
        """Whether all numbers of the program and of an expression are tame already, so that they hide nothing."""
        if self._calm is None:
            self._calm = is_tame(self.program)
        return self._calm and tame(node) == node

    def _change(self, typed: Typed, frame: Frame, name: str, share: float) -> Array:
        """Give the change of a derivative when a declared symbol goes some of the way to another draw."""
        declared = self.program.find_declared(name)
        if declared is None:
            return np.ones(1)
        here = self.symbol(name, None)[0]
        fresh = self.scene.again().draw(name, declared)
        moved = Disturbed(self, name, here + share * (fresh - here), self.program.affected(typed.node, name))
        moved.under_way = self.under_way
        return np.asarray(evaluate(typed, replace(frame, run=moved))[0] - evaluate(typed, frame)[0])

    def _is_central(self, top: Typed, name: str) -> bool:
        affected = self.program.affected(top.node, name)
        definitions = [self.program.definition(text, Symbol(text)) for text in affected]
        return not all(is_analytic(part, self.program) for part in (top, *definitions))

    def _directions(self, top: Typed, name: str, frame: Frame, *, remember: bool) -> tuple[Array, float]:
        """Give the change of `top` for each entry of a symbol, on a first axis; the size of `top` if by differences."""
        if not remember:
            return self._disturb(top, name, replace(frame, watch=None))
        memo = (top.node, name)
        if memo not in self._gradients:
            self._gradients[memo] = self._disturb(top, name, Frame(self))
        raw, size = self._gradients[memo]
        return raw.reshape(raw.shape[:-2] + (1,) * frame.axes + raw.shape[-2:]), size

    def _disturb(self, top: Typed, name: str, frame: Frame) -> tuple[Array, float]:
        base, _ = self.symbol(name, None)
        base = base.reshape((1,) * (self.under_way + 2 - base.ndim) + base.shape)
        rows, columns = base.shape[-2:]
        count = rows * columns
        check_elements(count * count, top.node.where)
        directions = np.eye(count).reshape((count,) + (1,) * (base.ndim - 2) + (rows, columns))
        affected = self.program.affected(top.node, name)

        def at(change: Array) -> Array:
            moved = Disturbed(self, name, base + change, affected)
            return evaluate(top, replace(frame, run=moved, watch=None))[0]

        with np.errstate(all="ignore"):
            here = evaluate(top, replace(frame, watch=None))[0]
        if not np.all(np.isfinite(here)):  # the complex step would go on through a logarithm of a negative number
            return np.full((count, *(1,) * frame.axes, *here.shape[-2:]), np.nan), 0.0
        if not self._is_central(top, name):
            changed = at(1j * TINY * directions)
            return np.asarray(np.imag(_full(changed, count, frame, base) / TINY)), 0.0
        near = at(STEP * directions) - at(-STEP * directions)
        far = at(2 * STEP * directions) - at(-2 * STEP * directions)
        size = float(np.max(np.abs(here), initial=1e-30))
        return np.asarray(_full((8 * near - far) / (12 * STEP), count, frame, base)), size


class Run(Differentiates):
    """A program with one fixture: values of its symbols, each computed once, and gradients, each taken once."""

    def __init__(self, program: Program, scene: Scene, parent: Run | None = None) -> None:
        super().__init__()
        self.program = program
        self.scene = scene
        self.clock = Clock()
        self.scaled = True
        self.parent = parent
        self._values: dict[str, Value] = {}
        self._watches: dict[str, Watch] = {}

    def use(self, clock: Clock) -> None:
        """Give this run, and the one it stands on, the time that one statement has."""
        self.clock = clock
        if self.parent is not None:
            self.parent.use(clock)

    def symbol(self, name: str, watch: Watch | None) -> Value:
        """Give the value of a symbol: drawn, or computed from its definition."""
        if name not in self._values:
            if self.parent is not None and name not in self.program.defined and name not in self.program.declared:
                return self.parent.symbol(name, watch)
            declared = self.program.find_declared(name)
            if declared is not None:
                value = self.scene.draw(name, declared)
                self._values[name] = value, np.abs(value)
            else:
                own = Watch()
                self._values[name] = compute_definition(self.program, name, Frame(self, watch=own))
                own.own(name)
                self._watches[name] = own
        if watch is not None and name in self._watches:
            watch.include(self._watches[name])
        return self._values[name]


class Disturbed(Differentiates):
    """A run in which one symbol is a free variable; only what lies downstream is computed anew."""

    def __init__(self, run: Differentiates, name: str, value: Array, affected: list[str]) -> None:
        super().__init__()
        self.program, self.scene, self.clock, self.scaled = run.program, run.scene, run.clock, False
        self.run = run
        self.under_way = run.under_way + 1
        self._affected = frozenset(affected)
        self._values: dict[str, Value] = {name: (value, None)}

    def symbol(self, name: str, watch: Watch | None) -> Value:
        """Give the value of a symbol, recomputed if it lies downstream."""
        if name not in self._values:
            if name not in self._affected:
                return self.run.symbol(name, None)[0], None
            self._values[name] = compute_definition(self.program, name, Frame(self))
        return self._values[name]


def _full(changed: Array, count: int, frame: Frame, base: Array) -> Array:
    """Give the same array with its first axis, over the entries disturbed, written out."""
    axes = 1 + (base.ndim - 2) + frame.axes + 2
    if changed.ndim < axes:  # nothing downstream was changed
        changed = changed.reshape((1,) * (axes - changed.ndim) + changed.shape)
    return np.broadcast_to(changed, (count, *changed.shape[1:]))


def _arrange(raw: Array, typed: Typed, frame: Frame) -> Array:
    """Lay the directions out as the shape of the derivative asks, and pick out what its indices name."""
    node = typed.node
    node = cast(Derivative, node)
    top, bottom = typed.parts
    whole = bottom
    while isinstance(whole.node, Entry | Column | Call | Group):
        whole = whole.parts[0]
    rows, columns = (frame.run.scene.size(side) for side in whole.shape)
    last = np.moveaxis(raw, 0, -1)
    match node.bottom:
        case Call():  # vec of a symbol: its entries, column by column
            last = last[..., np.arange(rows * columns).reshape(rows, columns).T.ravel()]
            return np.asarray(np.swapaxes(last[..., 0, :], -1, -2) if is_scalar(top.shape) else last[..., 0, :])
        case Symbol() if is_scalar(bottom.shape):
            return np.asarray(raw[0])
        case Symbol() if is_scalar(top.shape):
            return last.reshape(*last.shape[:-3], rows, columns)
        case Symbol():
            return np.asarray(last[..., 0, :])
        case Entry(row=row, column=column):
            grid = last.reshape(*last.shape[:-1], rows, columns)
            wide = replace(frame, wide=frame.wide + 2)
            first = _at(row, wide, rows if whole.shape[0] != "1" or column is not None else columns, node)
            if column is not None:
                picked = gather(gather(grid, -2, first), -1, _at(column, wide, columns, node))
            else:
                picked = gather(grid, -1 if whole.shape[0] == "1" else -2, first)
            return np.asarray(picked[..., 0, 0])
        case Column(index=index) if is_scalar(top.shape):
            grid = last.reshape(*last.shape[:-3], rows, columns)
            check_positions(index, columns, node.where)
            return gather(grid, -1, _at(index, frame, columns, node))
    raise Unreadable(node.where, "This derivative cannot be laid out: write it for entries.")


def _at(index: Index, frame: Frame, size: int, node: Derivative) -> Array:
    check_positions(index, size, node.where)
    if index.var is None:
        return np.full((1,) * (frame.axes + 2), index.offset - 1)
    array = frame.index[index.var]
    return array.reshape(array.shape[:-2] + (1,) * (frame.axes + 2 - array.ndim) + array.shape[-2:])
