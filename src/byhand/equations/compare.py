"""Two sides, number by number: equal, different and how, or too little tested to say."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from byhand.equations.functions import Array
from byhand.equations.scenes import Scene

TOLERANCE = 1e-9
"""Sides agree when |l − r| ≤ TOLERANCE times the larger scale, in every entry."""
NEGLIGIBLE = 1e-6
"""An entry this small against its scale has been cancelled away, and shows nothing: a thousandth of it could be wrong
within the tolerance."""


@dataclass
class Comparison:
    """What the fixtures showed so far about one pair of sides."""

    worst: float = 0.0
    entries: int = 0
    """Entries that were made of something."""
    telling: int = 0
    """Those that are not negligible against their scale."""
    differs: bool = False
    failures: list[tuple[Scene, Array, Array]] = field(default_factory=list)
    samples: list[tuple[Scene, Array, Array]] = field(default_factory=list)
    lost: bool = False
    """Whether some value was no number."""

    def add(self, scene: Scene, left: Array, right: Array, scale: Array, zero: Array) -> None:
        """Compare the sides at one fixture; `zero` marks entries that one side has as a written zero, as I has."""
        left, right, scale, zero = np.broadcast_arrays(left, right, scale, zero)
        if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right)) and np.all(np.isfinite(scale))):
            self.lost = True
            return
        gap = np.abs(left - right)
        self.samples.append((scene, left, right))
        if np.any(gap > TOLERANCE * scale):
            self.differs = True
            self.failures.append((scene, left, right))
        some = (scale > 0) & ~zero
        size = np.maximum(np.abs(left), np.abs(right))
        self.entries += int(np.sum(some))
        self.telling += int(np.sum(some & (size > NEGLIGIBLE * scale)))
        if np.any(some):
            self.worst = max(self.worst, float(np.max(gap[some] / scale[some])))

    def bound(self) -> str:
        """Give the largest error, as a bound that holds on every machine."""
        for level, words in ((1e-13, "1e-12"), (1e-11, "1e-10")):
            if self.worst < level:
                return f"below {words}"
        return "below 1e-9"

    def explain(self) -> str:
        """How the sides differ, in numbers, at the first fixture that shows it."""
        scene, left, right = self.failures[0]
        return _ratio(scene, left, right, self.samples) or _worst(left, right)


def _ratio(scene: Scene, left: Array, right: Array, samples: list[tuple[Scene, Array, Array]]) -> str | None:
    usable = (np.abs(left) > 1e-12) & (np.abs(right) > 1e-12)
    if not np.all(usable == ((np.abs(left) > 1e-12) | (np.abs(right) > 1e-12))) or not np.any(usable):
        return None
    ratios = right[usable] / left[usable]
    ratio = float(np.real(ratios.flat[0]))
    if np.max(np.abs(ratios - ratio)) > 1e-6 * abs(ratio):
        return None
    count = int(np.sum(usable))
    where = "in the one entry" if count == 1 else f"in all {count} entries"
    if abs(ratio + 1) < 1e-6:
        return f"Right = −left {where}."
    for name, value in scene.sizes:
        for factor, words in ((value, f"{name} = {value}"), (1 / value, f"1/{name} = {1 / value:.3f}")):
            if abs(ratio - factor) < 1e-6 * factor and _same_elsewhere(name, factor == value, samples):
                return f"Right / left = {ratio:.3f} {where}, and {words}."
    return f"Right / left = {ratio:.3f} {where}."


def _same_elsewhere(name: str, straight: bool, samples: list[tuple[Scene, Array, Array]]) -> bool:
    for scene, left, right in samples:
        value = float(dict(scene.sizes).get(name, 1))
        wanted = value if straight else 1 / value
        if np.max(np.abs(right - wanted * left)) > 1e-6 * (np.max(np.abs(right)) + 1e-30):
            return False
    return True


def _worst(left: Array, right: Array) -> str:
    gap = np.abs(left - right)
    at = np.unravel_index(int(np.argmax(gap)), gap.shape)
    rows, columns = left.shape[-2:]
    count = int(np.sum(gap > TOLERANCE * np.maximum(np.abs(left), np.abs(right))))
    if gap.size == 1:
        return f"Left is {left[at]:.4g}, right is {right[at]:.4g}."
    place = f"entry ({at[-2] + 1}, {at[-1] + 1}) of {rows} × {columns}" if rows * columns > 1 else "the worst entry"
    return f"{count} of {gap.size} entries differ; in {place} left is {left[at]:.4g}, right is {right[at]:.4g}."
