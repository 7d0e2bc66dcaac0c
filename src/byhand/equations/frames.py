"""Values: every node gets its numbers and their scale.

An array has the two axes of its matrix last; before them one axis for each index letter of the statement, and
before those one axis for each derivative under way. So a claim about all entries, or a gradient in all
directions, is one evaluation. The *scale* of a number is the size of what was added up to make it: scales add
under + and −, and multiply under products.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from byhand.equations.functions import Array, slope
from byhand.equations.limits import Clock, check_elements
from byhand.equations.problems import Span
from byhand.equations.program import Program
from byhand.equations.scenes import Scene
from byhand.equations.shapes import Typed
from byhand.equations.tree import (
    Node,
)  # fmt: skip

Value = tuple[Array, Array | None]
"""Numbers and their scales; derivatives are taken without scales."""


Spot = tuple[str, Span, str]
"""A piecewise function: the definition that it stands in, its place there, and its name."""


ANY = "*"
"""Stands for every name, where a condition is inside a function."""
LOST = 1e-9
"""A part this small beside the whole could be wrong unseen."""


@dataclass
class Watch:
    """What was met on the way: the branches taken, how near a kink values came, how derivatives were taken."""

    branches: dict[Spot, list[int]] = field(default_factory=dict)
    nearest: float = np.inf
    derivative: bool = False
    central: bool = False
    level: frozenset[str] = frozenset()
    """The names that a condition depends on whose two sides are exactly equal."""
    terms: float = 0.0
    """How large the terms were that a derivative near 0 was added up from."""
    absorbed: bool = False
    """Whether a term was lost in rounding, or a function was flat to rounding, in most entries."""

    def absorb(self, small: Array, whole: Array) -> None:
        """Note parts that are lost in rounding beside the whole."""
        lost = (small > 0) & (small < LOST * whole)
        self.absorbed |= bool(lost.size and 2 * np.sum(lost) > lost.size)

    def flat(self, change: Array, value: Array) -> None:
        """Note a function that does not change by a part that could be seen, as exp does where it is 0 to rounding."""
        self.absorb(np.maximum(change, 1e-300), np.where((change == 0) & (value == 0), 1.0, value))

    def branch(self, spot: Spot, counts: list[int]) -> None:
        """Count values in each branch of one piecewise function."""
        old = self.branches.get(spot, [0] * len(counts))
        self.branches[spot] = [a + b for a, b in zip(old, counts, strict=True)]

    def compare(self, gap: Array, names: frozenset[str]) -> None:
        """Note how near the two sides of a condition came, and the names that it depends on where they are equal.

        A ReLU is exactly 0 in its dead branch: there > and ≥ are two conditions, and each is true or false. Only a
        derivative by one of those names would sit on the kink.
        """
        here = gap == 0
        self.near(gap[~here])
        if np.any(here):
            self.level |= names

    def on_kink(self, name: str) -> None:
        """Say that a derivative by `name` was taken: a condition that is an equality must not depend on it."""
        if name in self.level or ANY in self.level:
            self.nearest = 0.0

    def near(self, distance: Array) -> None:
        """Note the distance of values from a kink."""
        if distance.size:
            self.nearest = min(self.nearest, float(np.min(np.abs(np.real(distance)))))

    def include(self, other: Watch) -> None:
        """Take over what the same fixture showed elsewhere; nothing is counted twice."""
        self.branches.update(other.branches)
        self._flags(other)

    def add(self, other: Watch) -> None:
        """Take over what another fixture showed."""
        for spot, counts in other.branches.items():
            self.branch(spot, counts)
        self._flags(other)

    def own(self, name: str) -> None:
        """Say that what was counted here stands in the definition of `name`."""
        self.branches = {(spot[0] or name, *spot[1:]): counts for spot, counts in self.branches.items()}

    def _flags(self, other: Watch) -> None:
        self.nearest = min(self.nearest, other.nearest)
        self.level |= other.level
        self.derivative |= other.derivative
        self.central |= other.central
        self.terms = max(self.terms, other.terms)
        self.absorbed |= other.absorbed


class Values:
    """What evaluation asks of a run: the values of symbols, and true derivatives."""

    program: Program
    scene: Scene
    clock: Clock
    scaled: bool
    leans: str = ""
    """The symbol whose scale was made to grow, to see what leans on it."""

    def symbol(self, name: str, watch: Watch | None) -> Value:
        """Give the value of a symbol."""
        raise NotImplementedError

    def derivative(self, typed: Typed, frame: Frame) -> Value:
        """Give the value of a derivative."""
        raise NotImplementedError

    def feels(self, typed: Typed, frame: Frame, name: str) -> bool:
        """Whether a derivative shows a symbol that it depends on."""
        raise NotImplementedError


def leans(run: Values, *nodes: Node) -> bool:
    """Whether expressions lean on the symbol whose scale was made to grow."""
    return bool(run.leans) and any(run.leans in run.program.reach(node) for node in nodes)


@dataclass(frozen=True)
class Frame:
    """Where an expression is evaluated: the run, the axes of its index letters, and a function's argument."""

    run: Values
    letters: tuple[str, ...] = ()
    index: dict[str, Array] = field(default_factory=dict)
    argument: dict[str, Value] = field(default_factory=dict)
    watch: Watch | None = None
    wide: int = 0
    """Axes added for the entries of a function's argument."""

    @property
    def axes(self) -> int:
        """How many axes stand between the derivatives and the matrix."""
        return len(self.letters) + self.wide

    def with_index(self, var: str, size: int, low: int = 1) -> Frame:
        """Give the frame inside a sum over `var`; axes are laid along the letters' places."""
        shape = [1] * (self.axes + 2)
        shape[self.letters.index(var)] = size
        index = {**self.index, var: np.arange(low - 1, low - 1 + size).reshape(shape)}
        return Frame(self.run, self.letters, index, self.argument, self.watch, self.wide)


Rule = Callable[[Typed, Frame], Value]
_RULES: dict[type[Node], Rule] = {}


def rule(*kinds: type[Node]) -> Callable[[Rule], Rule]:
    """Enter a function into the table, for some kinds of node."""

    def enter(function: Rule) -> Rule:
        for kind in kinds:
            _RULES[kind] = function
        return function

    return enter


def evaluate(typed: Typed, frame: Frame) -> Value:
    """Give the value of an expression."""
    frame.run.clock.check(typed.node.where)
    value = _RULES[type(typed.node)](typed, frame)
    check_elements(value[0].size, typed.node.where)
    return value


def values_of(typed: Typed, frame: Frame) -> list[Value]:
    """Evaluate the parts of a node."""
    return [evaluate(part, frame) for part in typed.parts]


def constant(number: float | Array, frame: Frame) -> Value:
    """Make the value of a constant."""
    array = np.asarray(number, dtype=float)
    array = array.reshape((1,) * (2 - array.ndim) + array.shape) if array.ndim < 2 else array
    return array, (np.abs(array) if frame.run.scaled else None)


def entrywise(compute: Callable[[Array], Array], analytic: bool, typed: Typed, frame: Frame) -> Value:
    """Apply a function entry by entry; the scale grows by its slope."""
    value, scale = evaluate(typed.parts[0], frame)
    with np.errstate(all="ignore"):
        result = np.asarray(compute(value))
        if scale is None:
            return result, None
        return result, np.abs(result) + np.abs(slope(compute, analytic, np.real(value))) * scale
