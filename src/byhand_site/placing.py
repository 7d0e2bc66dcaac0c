"""Where boxes and arrows go when each box stands below what it uses.

Sugiyama's method in four steps: layers, an order in each layer with few crossings, places across, and routes. A long
arrow gets a narrow lane through every layer that it passes, so no arrow runs through a box; arrows from one box share
their lanes. No library does this: the layered layouts on PyPI are unkept, need a binary, or route nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

Lane = tuple[str, int]
"""A box in its layer, or the lane of a box's arrows through a later layer."""

LANE, ROUNDS, SHARE = 4.0, 24, 2 / 3


@dataclass(frozen=True)
class Placed:
    """The layer of each box, its middle from left to right, and the stops of each arrow."""

    row: Mapping[str, int]
    middle: Mapping[str, float]
    stops: Mapping[tuple[str, str], tuple[float, ...]]
    """Of an arrow from one box to another: the places at which it passes the layers between, from top to bottom."""
    width: float


def layers(uses: Mapping[str, Sequence[str]], widths: Mapping[str, float], room: float, gap: float) -> list[list[str]]:
    """Return the boxes in layers, each below all that it uses, none wider than `room`.

    Raises
    ------
    ValueError
        If the uses go in a circle.
    """
    depth: dict[str, int] = {}

    def deep(name: str, path: tuple[str, ...] = ()) -> int:
        if name in path:
            raise ValueError(f"{' → '.join((*path, name))} goes in a circle")
        if name not in depth:
            depth[name] = 1 + max((deep(one, (*path, name)) for one in uses[name]), default=-1)
        return depth[name]

    users = {name: [other for other in uses if name in uses[other]] for name in uses}
    row: dict[str, int] = {}
    taken: dict[int, float] = {}
    for name in sorted(uses, key=deep):
        if not uses[name] and users[name]:
            continue  # a beginning stands just above what uses it first
        at = max([row[one] + 1 for one in uses[name] if one in row] + [1 if uses[name] else 0])
        while taken.get(at, 0.0) + widths[name] > room:
            at += 1
        row[name] = at
        taken[at] = taken.get(at, 0.0) + widths[name] + gap
    for name in (one for one in uses if one not in row):
        at = min(row[user] for user in users[name] if user in row) - 1
        while taken.get(at, 0.0) + widths[name] > room:
            at -= 1
        row[name] = at
        taken[at] = taken.get(at, 0.0) + widths[name] + gap
    order = sorted(set(row.values()))
    return [[name for name in uses if row[name] == at] for at in order]


@dataclass
class _Net:
    """Boxes and lanes in their layers, and what is joined between neighbouring layers."""

    rows: list[list[Lane]]
    above: dict[Lane, list[Lane]] = field(default_factory=dict)
    below: dict[Lane, list[Lane]] = field(default_factory=dict)

    def join(self, one: Lane, other: Lane) -> None:
        if other not in self.below.setdefault(one, []):
            self.below[one].append(other)
            self.above.setdefault(other, []).append(one)

    def crossings(self) -> int:
        """Count how often two arrows cross."""
        total = 0
        for upper, lower in pairwise(self.rows):
            at = {lane: k for k, lane in enumerate(lower)}
            ends = [sorted(at[other] for other in self.below.get(lane, ())) for lane in upper]
            seen: list[int] = []
            for group in ends:
                total += sum(sum(one > end for one in seen) for end in group)
                seen += group
        return total


def _net(rows: list[list[str]], uses: Mapping[str, Sequence[str]]) -> _Net:
    at = {name: k for k, row in enumerate(rows) for name in row}
    net = _Net([[(name, k) for name in row] for k, row in enumerate(rows)])
    for name in (name for row in rows for name in row):
        for one in uses[name]:
            before = (one, at[one])
            for k in range(at[one] + 1, at[name]):
                if (one, k) not in net.rows[k]:
                    net.rows[k].append((one, k))
                net.join(before, (one, k))
                before = (one, k)
            net.join(before, (name, at[name]))
    return net


def _untangle(net: _Net) -> None:
    """Order each layer by where its neighbours stand, down and up in turn, and keep the best order that was met."""
    best, fewest = [list(row) for row in net.rows], net.crossings()
    for number in range(ROUNDS):
        down = number % 2 == 0
        where = {lane: (k + 0.5) / len(row) for row in net.rows for k, lane in enumerate(row)}
        for row in net.rows if down else net.rows[::-1]:
            near = net.above if down else net.below
            wanted = {lane: _mean([where[one] for one in near.get(lane, ())], where[lane]) for lane in row}
            row.sort(key=wanted.__getitem__)
            where.update({lane: (k + 0.5) / len(row) for k, lane in enumerate(row)})
        _swap(net)
        if (found := net.crossings()) < fewest:
            best, fewest = [list(row) for row in net.rows], found
    net.rows[:] = best


def _swap(net: _Net) -> None:
    """Exchange neighbours as long as that saves a crossing: only their own arrows can cross less or more for it."""
    at = {lane: k for row in net.rows for k, lane in enumerate(row)}

    def crossed(left: Lane, right: Lane) -> int:
        return sum(
            at[one] > at[other]
            for near in (net.above, net.below)
            for one in near.get(left, ())
            for other in near.get(right, ())
        )

    for row in net.rows:
        for k in range(len(row) - 1):
            left, right = row[k], row[k + 1]
            if crossed(right, left) < crossed(left, right):
                row[k], row[k + 1] = right, left
                at[left], at[right] = k + 1, k


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def apart(
    wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float], low: float = -inf, high: float = inf
) -> list[float]:
    """Return the places nearest to those wanted, in squares, that keep the gaps between neighbours and the limits.

    >>> apart([0.0, 0.0], [1.0, 1.0], [4.0])
    [-2.0, 2.0]
    >>> apart([0.0, 0.0], [1.0, 1.0], [4.0], low=0.0)
    [0.0, 4.0]
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[list[float]] = []  # each: the sum of weighted wishes, of weights, and how many
    for wish, weight, offset in zip(wanted, weights, offsets, strict=True):
        pools.append([(wish - offset) * weight, weight, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    levels = [total / weight for total, weight, count in pools for _ in range(int(count))]
    levels = [max(low, min(level, high - offsets[-1])) for level in levels]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def place(
    uses: Mapping[str, Sequence[str]],
    widths: Mapping[str, float],
    room: float,
    gap: float,
    lane: float = LANE,
    share: float = SHARE,
) -> Placed:
    """Place boxes of these widths in a drawing about `room` wide, of which they take a share; the rest is for lanes."""
    rows = layers(uses, widths, share * room, gap)
    boxes = {(name, k) for k, row in enumerate(rows) for name in row}
    net = _net(rows, uses)
    _untangle(net)

    def breadth(one: Lane) -> float:
        return widths[one[0]] if one in boxes else lane

    def spread(row: Sequence[Lane], wanted: Sequence[float], weights: Sequence[float]) -> None:
        gaps = [(breadth(one) + breadth(other)) / 2 + gap for one, other in pairwise(row)]
        limits = breadth(row[0]) / 2, width - breadth(row[-1]) / 2
        x.update(zip(row, apart(wanted, weights, gaps, *limits), strict=True))

    width = max(room, *(sum(breadth(one) + gap for one in row) - gap for row in net.rows))
    x: dict[Lane, float] = {}
    for row in net.rows:
        spread(row, [width / 2] * len(row), [1.0] * len(row))
    for number in range(ROUNDS):
        down = number % 2 == 0
        for row in net.rows if down else net.rows[::-1]:
            near = net.above if down else net.below
            wanted = [_mean([x[one] for one in near.get(each, ())], x[each]) for each in row]
            spread(row, wanted, [0.2 if not near.get(each) else 1.0 if each in boxes else 3.0 for each in row])
    left = min(x[each] - breadth(each) / 2 for each in x)
    right = max(x[each] + breadth(each) / 2 for each in x)
    row_of = dict(boxes)
    stops = {
        (one, name): tuple(x[one, k] - left for k in range(row_of[one] + 1, row_of[name]))
        for name in uses
        for one in uses[name]
    }
    return Placed(row_of, {name: x[name, k] - left for name, k in boxes}, stops, right - left)
