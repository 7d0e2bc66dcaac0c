"""The verdict on one claim: indices, shapes, then values at every fixture."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace

import numpy as np

from byhand.equations.book import show_key
from byhand.equations.compare import Comparison
from byhand.equations.court import AGAIN, Court
from byhand.equations.expand import is_random, is_zero
from byhand.equations.functions import Array
from byhand.equations.limits import Clock, check_elements
from byhand.equations.problems import Problem, Untested, Verdict
from byhand.equations.scenes import SEEDS, Scene
from byhand.equations.sensitivity import Unfelt, unfelt
from byhand.equations.shapes import Sizes, Typed
from byhand.equations.sides import shapes, side_name, span_of
from byhand.equations.tree import Node
from byhand.equations.values import Frame, Value, Watch, evaluate
from byhand.equations.walk import letters_of

MARGIN = 1e-7
"""How near a kink a sample may come when derivatives go by the complex step …"""
WIDE_MARGIN = 1.5e-2
"""… and when they go by central differences."""
REDRAWS = 24
"""How often a fixture is drawn again because a value came too near a kink."""


@dataclass
class Finding:
    """What was found about one pair of sides."""

    verdict: Verdict
    problem: Problem | None = None
    left: Typed | None = None
    right: Typed | None = None
    comparison: Comparison = field(default_factory=Comparison)
    scenes: tuple[Scene, ...] = ()
    unfelt: Unfelt | None = None
    """The symbols that no fixture so far felt; None before the first."""
    central: bool = False
    derivatives: bool = False
    layers: list[tuple[dict[str, int], Typed, Typed]] = field(default_factory=list)
    """The sides with their shapes at each layer and depth at which the claim was checked."""


def judge_pair(
    sides: tuple[Node, Node],
    benches: list[Court],
    ranges: dict[str, Node] | None = None,
    seeds: int = len(SEEDS),
    *,
    feel: bool = True,
) -> Finding:
    """Give the verdict on `left = right`, over all fixtures.

    A tick needs to `feel` every symbol. Where nothing is ticked, as in a search for what holds, that is time lost.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _judge(sides, benches, ranges, SEEDS[:seeds], feel)
    except Problem as problem:
        return Finding(problem.verdict, problem)
    except MemoryError:
        return Finding("untested", Untested(sides[0].where, "This needs more memory than there is."))
    except RecursionError:
        return Finding("untested", Untested(sides[0].where, "Definitions lead into each other too deeply here."))


def _judge(
    sides: tuple[Node, Node], benches: list[Court], ranges: dict[str, Node] | None, seeds: tuple[int, ...], feel: bool
) -> Finding:
    finding = Finding("holds")
    watch = Watch()
    clock = Clock()
    for bench in benches:
        left, right, sizes = shapes(sides, bench.program, ranges)
        finding.left, finding.right = finding.left or left, finding.right or right
        if bench.same(*sides):
            raise Untested(
                span_of(sides), "Both sides are the same formula once definitions are written out: nothing is tested."
            )
        if not any(is_random(side, bench.program) for side in sides):
            raise Untested(span_of(sides), "Nothing random enters this claim, so nothing is tested.")
        for seed in seeds:
            _at(seed, bench, (left, right), sizes, finding, watch, clock, feel=feel)
    return _verdict(finding, watch, sides)


def same_value(sides: tuple[Node, Node], benches: list[Court]) -> bool:
    """Say whether two expressions have one value at every fixture, be it ever so trivial."""
    finding, watch, clock = Finding("holds"), Watch(), Clock()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for bench in benches:
                left, right, sizes = shapes(sides, bench.program, any_range=True)
                for seed in SEEDS:
                    _at(seed, bench, (left, right), sizes, finding, watch, clock, feel=False)
    except (Problem, RecursionError):
        return False
    return bool(finding.comparison.samples) and not finding.comparison.differs and not finding.comparison.lost


def _at(
    seed: int,
    bench: Court,
    sides: tuple[Typed, Typed],
    sizes: Sizes,
    finding: Finding,
    watch: Watch,
    clock: Clock,
    *,
    feel: bool,
) -> None:
    """Compare the sides at one fixture, drawn again while a value is too near a kink."""
    letters = letters_of(*(side.node for side in sides))
    for attempt in range(REDRAWS):
        run = bench.run(seed + AGAIN * attempt)
        run.use(clock)
        here, there = Watch(), Watch()
        frame = Frame(run, letters, watch=here)
        count = 1
        for var, size in sizes.ranges.items():
            length = run.scene.size(sizes.settle(size))
            count *= length
            frame = frame.with_index(var, length)
        check_elements(count, sides[0].node.where)
        with np.errstate(all="ignore"):
            left, one = _scaled(evaluate(sides[0], frame))
            right, other = _scaled(evaluate(sides[1], replace(frame, watch=there)))
        if min(here.nearest, there.nearest) < (WIDE_MARGIN if here.central or there.central else MARGIN):
            continue
        finding.scenes = (*finding.scenes, run.scene)
        written = np.logical_or(*np.broadcast_arrays(_written(sides[0], one, here), _written(sides[1], other, there)))
        here.include(there)
        finding.comparison.add(run.scene, left, right, np.maximum(*np.broadcast_arrays(one, other)), written)
        watch.add(here)
        right_so_far = not finding.comparison.differs and not finding.comparison.lost
        if feel and right_so_far and (finding.unfelt is None or finding.unfelt):
            with np.errstate(all="ignore"):
                finding.unfelt = unfelt(sides, run, frame, finding.unfelt)
        return
    raise Untested(sides[0].node.where, f"A kink stayed too near the values that were drawn, {REDRAWS} times.")


def _scaled(value: Value) -> tuple[Array, Array]:
    return value[0], value[1] if value[1] is not None else np.abs(value[0])


def _written(side: Typed, scale: Array, watch: Watch) -> Array:
    """Which entries a side has as written zeros, as I and δ have: they are no sign that nothing was tested."""
    return np.asarray((scale == 0) & (not watch.derivative) & (not is_zero(side.node)))


def _verdict(finding: Finding, watch: Watch, sides: tuple[Node, Node]) -> Finding:
    comparison = finding.comparison
    finding.central, finding.derivatives = watch.central, watch.derivative
    if comparison.lost:
        raise Untested(
            span_of(sides),
            "A value is not a number: a logarithm, root or quotient leaves its domain.",
            "Declare a domain, such as A \\in (0,1)^{…} or \\lambda \\in \\mathbb{R}_{>0}.",
        )
    if comparison.differs:
        return replace(finding, verdict="differs")
    if watch.absorbed:
        raise Untested(
            span_of(sides),
            "A term is lost in rounding, or a function is flat to rounding, at the values that were drawn.",
        )
    cancelled = any(is_zero(side) for side in sides) and watch.terms > 0
    if comparison.entries == 0 and not cancelled:
        raise Untested(span_of(sides), "Every entry of both sides is exactly 0: nothing is tested.")
    if not any(is_zero(side) for side in sides) and 3 * comparison.telling < comparison.entries:
        raise Untested(
            span_of(sides), "Most entries are negligible against the terms that make them up: nothing is tested."
        )
    for (_, where, name), counts in watch.branches.items():
        for number, count in enumerate(counts):
            if count < 2:
                what = f"branch {number + 1} of {name}"
                raise Untested(
                    where if sides[0].where[0] <= where[0] < span_of(sides)[1] else span_of(sides),
                    f"Fewer than two values reached {what}, over all fixtures.",
                )
    for number, name in sorted(finding.unfelt or ()):
        raise Untested(
            sides[number].where,
            f"{show_key(name)} stands in {side_name(sides[number])}, and its value changes nothing there that can be "
            "seen: it is lost beside a larger term, behind a flat function or under a factor 0.",
        )
    return finding
