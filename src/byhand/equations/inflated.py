"""How far an expression leans on one symbol: its scale grows when the scale of that symbol grows.

Scales know no cancellation. So a sum of probabilities, which is always 1, leans on the logits; but σ(10⁶ x) leans
on nothing where it is flat, nor does 10¹² + x lean on x to the ninth digit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from byhand.equations.definitions import compute_definition
from byhand.equations.functions import Array
from byhand.equations.shapes import Typed
from byhand.equations.tree import Derivative, Symbol
from byhand.equations.values import Frame, Value, Values, Watch, evaluate


class Inflated(Values):
    """A run in which the scale of one symbol has grown by 1, and with it that of everything downstream."""

    def __init__(self, run: Values, name: str) -> None:
        self.program, self.scene, self.clock, self.scaled = run.program, run.scene, run.clock, True
        self._run = run
        self.leans = name
        self._values: dict[str, Value] = {}

    def symbol(self, name: str, watch: Watch | None) -> Value:  # noqa: ARG002
        """Give the value of a symbol with its grown scale."""
        if name not in self._values:
            if name == self.leans:
                value, scale = self._run.symbol(name, None)
                self._values[name] = value, cast(Array, scale) + 1.0
            elif self.leans in self.program.reach(Symbol(name)):
                self._values[name] = compute_definition(self.program, name, Frame(self))
            else:
                self._values[name] = self._run.symbol(name, None)
        return self._values[name]

    def derivative(self, typed: Typed, frame: Frame) -> Value:
        """Give a derivative; it leans on all that its numerator leans on, unless that is hidden from it."""
        value, scale = self._run.derivative(typed, replace(frame, run=self._run, watch=None))
        if scale is None or self.leans not in self.program.reach(cast(Derivative, typed.node).top):
            return value, scale
        if not self._run.feels(typed, frame, self.leans):
            return value, scale
        return value, np.where(scale > 0, 2 * scale, 1.0)


def leaning(typed: Typed, frame: Frame, inflated: Inflated) -> tuple[Array, Array]:
    """Give the scale of an expression, and how much it grows with the scale of a symbol."""
    with np.errstate(all="ignore"):
        scale = cast(Array, evaluate(typed, replace(frame, watch=None))[1])
        grown = cast(Array, evaluate(typed, replace(frame, run=inflated, watch=None))[1])
        return scale, np.asarray(grown - scale)
