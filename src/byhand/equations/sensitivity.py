"""Whether a claim would notice: every random symbol in it must be felt on the side where it stands.

A large term hides small ones (10¹² + x), a flat function hides its argument (σ(10⁶ x)), and a factor 0 hides
everything: a tick over such a claim would cover what was never tested.

A derivative is not asked to show a symbol that it does not depend on. What it does depend on is found with tame numbers
(`tame`): if it changes with the symbol then, and not with the numbers of the page, the symbol is hidden in the
forward program, and is not felt here either.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from byhand.equations.compare import TOLERANCE
from byhand.equations.derivatives import Disturbed, Run
from byhand.equations.functions import Array
from byhand.equations.inflated import leaning
from byhand.equations.shapes import Typed
from byhand.equations.values import Frame, evaluate

Unfelt = frozenset[tuple[int, str]]
"""Sides (0 and 1) with the symbols that they name and do not feel."""


def unfelt(sides: tuple[Typed, Typed], run: Run, frame: Frame, among: Unfelt | None = None) -> Unfelt:
    """Give the symbols that a side does not feel at one fixture, of all or `among` some."""
    found = set()
    for number, side in enumerate(sides):
        for name in sorted(run.program.reach(side.node)):
            if run.program.find_declared(name) is None or (among is not None and (number, name) not in among):
                continue
            scale, growth = leaning(side, frame, run.inflated(name))
            if not np.any(growth > TOLERANCE * scale) and not _moves(side, run, frame, name, scale):
                found.add((number, name))
    return frozenset(found)


def _moves(side: Typed, run: Run, frame: Frame, name: str, scale: Array) -> bool:
    """Whether a side changes when one symbol alone is drawn again: so a sign or a condition is felt."""
    declared = run.program.find_declared(name)
    if declared is None:
        return True
    fresh = run.scene.again().draw(name, declared)
    moved = Disturbed(run, name, fresh, run.program.affected(side.node, name))
    with np.errstate(all="ignore"):
        old = evaluate(side, replace(frame, watch=None))[0]
        new = evaluate(side, replace(frame, run=moved, watch=None))[0]
    return bool(np.any(np.abs(new - old) > TOLERANCE * scale))
