"""Small SVG drawings with the colours of the page: no raster, no script, a title and a description."""

from __future__ import annotations

import hashlib
import html
import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from byhand.activations import Activation

WIDTH = 360  # narrow, so that text stays readable when a phone scales the drawing down


def line_chart(title: str, description: str, *, y: Sequence[float], x_label: str, y_label: str) -> str:
    """Draw y against 0, 1, 2, … as one line."""
    height, left, bottom, top = 240, 44, 200, 34
    right = WIDTH - 22
    ticks_x, ticks_y = _round_steps(len(y) - 1), _round_steps(max(y))
    across = (right - left) / ticks_x[-1]
    up = (bottom - top) / ticks_y[-1]
    points = " ".join(f"{left + k * across:.1f},{bottom - value * up:.1f}" for k, value in _thinned(y))
    parts = [f'<path class="axis" d="M{left} {top}V{bottom}H{right}"/>']
    parts += [
        f'<path class="grid" d="M{left} {bottom - t * up:.1f}H{right}"/>'
        f'<text class="end" x="{left - 6}" y="{bottom - t * up + 4:.1f}">{t:g}</text>'
        for t in ticks_y
    ]
    parts += [f'<text class="middle" x="{left + t * across:.1f}" y="{bottom + 18}">{t:g}</text>' for t in ticks_x]
    parts.append(f'<text class="middle" x="{(left + right) / 2:.0f}" y="{height - 4}">{html.escape(x_label)}</text>')
    parts.append(f'<text x="4" y="14">{html.escape(y_label)}</text>')
    parts.append(f'<polyline class="curve" points="{points}"/>')
    return _svg(title, description, height, parts)


def log_chart(
    title: str, description: str, *, x: Sequence[float], y: Sequence[float], x_label: str, y_label: str
) -> str:
    """Draw y against x as points, both axes logarithmic, a tick at every second power of ten."""
    height, left, bottom, top = 260, 52, 210, 34
    right = WIDTH - 14
    across, up = np.log10(np.asarray(x)), np.log10(np.asarray(y))
    (x0, x1), (y0, y1) = ((2 * np.floor(v.min() / 2), 2 * np.ceil(v.max() / 2)) for v in (across, up))
    horizontal, vertical = (right - left) / (x1 - x0), (bottom - top) / (y1 - y0)
    parts = [f'<path class="axis" d="M{left} {top}V{bottom}H{right}"/>']
    for power in np.arange(y0, y1 + 1, 2):
        level = bottom - (power - y0) * vertical
        parts.append(f'<path class="grid" d="M{left} {level:.1f}H{right}"/>')
        parts.append(f'<text class="end" x="{left - 6}" y="{level + 4:.1f}">{_power(power)}</text>')
    for power in np.arange(x0, x1 + 1, 4):
        place = left + (power - x0) * horizontal
        parts.append(f'<text class="middle" x="{place:.1f}" y="{bottom + 18}">{_power(power)}</text>')
    parts.append(f'<text class="middle" x="{(left + right) / 2:.0f}" y="{height - 12}">{html.escape(x_label)}</text>')
    parts.append(f'<text x="4" y="14">{html.escape(y_label)}</text>')
    places = [(left + (a - x0) * horizontal, bottom - (b - y0) * vertical) for a, b in zip(across, up, strict=True)]
    parts.append(f'<polyline class="curve" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in places)}"/>')
    parts += [f'<circle class="point" cx="{a:.1f}" cy="{b:.1f}" r="2.5"/>' for a, b in places]
    return _svg(title, description, height, parts)


def decades(title: str, description: str, *, lines: Mapping[str, Sequence[float]], x_label: str, y_label: str) -> str:
    """Draw rows of positive numbers against 0, 1, 2, …, up the axis in powers of ten, each with its name at its end."""
    height, left, bottom, top = 250, 48, 208, 34
    right = WIDTH - 96
    levels = np.log10(np.concatenate([np.asarray(line, dtype=float) for line in lines.values()]))
    stride = next(size for size in (1, 2, 5, 10, 20, 50) if np.ptp(levels) / size <= 7)
    low, high = (stride * edge for edge in (np.floor(levels.min() / stride), np.ceil(levels.max() / stride)))
    ticks = _round_steps(max(len(line) for line in lines.values()) - 1)
    across, up = (right - left) / ticks[-1], (bottom - top) / (high - low)
    parts = [f'<path class="axis" d="M{left} {top}V{bottom}H{right}"/>']
    for power in np.arange(low, high + 1, stride):
        level = bottom - (power - low) * up
        parts.append(f'<path class="grid" d="M{left} {level:.1f}H{right}"/>')
        parts.append(f'<text class="end" x="{left - 6}" y="{level + 4:.1f}">{_power(power)}</text>')
    parts += [f'<text class="middle" x="{left + t * across:.1f}" y="{bottom + 18}">{t:g}</text>' for t in ticks]
    parts.append(f'<text class="middle" x="{(left + right) / 2:.0f}" y="{height - 4}">{html.escape(x_label)}</text>')
    parts.append(f'<text x="4" y="14">{html.escape(y_label)}</text>')
    for name, line in lines.items():
        places = [(left + k * across, bottom - (np.log10(value) - low) * up) for k, value in enumerate(line)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="curve" points="{points}"/>')
        parts.append(f'<text x="{places[-1][0] + 5:.1f}" y="{places[-1][1] + 4:.1f}">{html.escape(name)}</text>')
    return _svg(title, description, height, parts)


def slopes(title: str, description: str, *, x: np.ndarray, output: Activation) -> str:
    """Draw an activation, solid, and its slope, dashed, over the points x; lines are cut where the slope jumps."""
    height, left, bottom, top = 254, 42, 218, 34
    right = WIDTH - 14
    values, primes = output(x), output.prime(x)
    both = np.concatenate([values, primes])
    lowest, highest = float(np.floor(both.min())), float(np.ceil(both.max()))
    across, up = (right - left) / (x.max() - x.min()), (bottom - top) / (highest - lowest)
    size = next(size for size in (0.25, 0.5, 1, 2, 5, 10, 20, 50) if (highest - lowest) / size <= 6)
    levels = np.arange(-(-lowest // size) * size, highest + 1e-9, size)
    places = np.arange(np.ceil(x.min()), x.max() + 1e-9, 1 if np.ptp(x) <= 8 else 2)

    def at(z: float, y: float) -> str:
        return f"{left + (z - x.min()) * across:.1f},{bottom - (y - lowest) * up:.1f}"

    parts = [f'<path class="grid" d="M{left} {bottom - (y - lowest) * up:.1f}H{right}"/>' for y in levels]
    parts += [f'<text class="end" x="{left - 6}" y="{bottom - (y - lowest) * up + 4:.1f}">{y:g}</text>' for y in levels]
    parts += [
        f'<text class="middle" x="{left + (z - x.min()) * across:.1f}" y="{bottom + 18}">{z:g}</text>' for z in places
    ]
    parts = [part.replace(">-", ">−") for part in parts]  # a minus sign, not a hyphen
    parts.append(f'<path class="axis" d="M{at(x.min(), 0)}H{right}"/>'.replace(",", " "))
    parts.append(f'<path class="axis" d="M{at(max(0.0, x.min()), lowest)}V{top}"/>'.replace(",", " "))
    for name, curve, numbers in (("curve", values, [x]), ("curve dashed", primes, _between(x, output.kinks))):
        for piece in numbers:
            inside = np.isin(x, piece)
            points = " ".join(at(z, y) for z, y in zip(x[inside], curve[inside], strict=True))
            parts.append(f'<polyline class="{name}" points="{points}"/>')
    parts += [
        f'<path class="curve" d="M{left} 12h34"/><text x="{left + 40}" y="16">g(z)</text>',
        f'<path class="curve dashed" d="M{left + 100} 12h34"/><text x="{left + 140}" y="16">g′(z)</text>',
        f'<text class="middle" x="{(left + right) / 2:.0f}" y="{height - 5}">z</text>',
    ]
    return _svg(title, description, height, parts)


def _between(x: np.ndarray, kinks: Sequence[float]) -> list[np.ndarray]:
    """Return the points between one kink and the next; the kinks themselves belong to no side."""
    bounds = [-np.inf, *kinks, np.inf]
    return [x[(low < x) & (x < high)] for low, high in itertools.pairwise(bounds)]


def _power(exponent: float) -> str:
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}"


def pictures(title: str, description: str, *, images: Sequence[np.ndarray], captions: Sequence[str]) -> str:
    """Draw small grey images side by side, each with a caption below it."""
    columns = 4
    cell, size = WIDTH // columns, 66
    parts = []
    for k, (image, caption) in enumerate(zip(images, captions, strict=True)):
        x, y = (k % columns) * cell + (cell - size) // 2, (k // columns) * (size + 42) + 4
        pixel = size / image.shape[0]
        strength = image / image.max()
        parts.append(f'<rect class="frame" x="{x}" y="{y}" width="{size}" height="{size}"/>')
        parts += [
            f'<rect x="{x + j * pixel:.2f}" y="{y + i * pixel:.2f}" width="{pixel:.2f}" height="{pixel:.2f}" '
            f'fill-opacity="{strength[i, j]:.2f}"/>'
            for i, j in np.ndindex(image.shape)
            if strength[i, j] > 0
        ]
        for line, text in enumerate(caption.split("\n")):
            parts.append(f'<text class="middle" x="{x + size // 2}" y="{y + size + 15 + 15 * line}">{text}</text>')
    return _svg(title, description, -(-len(images) // columns) * (size + 42), parts)


def regions(
    title: str,
    description: str,
    *,
    points: np.ndarray,
    labels: np.ndarray,
    output: Callable[[np.ndarray], np.ndarray],
) -> str:
    """Draw where `output` exceeds a half, hatched and outlined, below points of two labels, dots and crosses.

    `points` is 2 × m, `labels` 1 × m with 0 and 1, and `output` takes 2 × anything to 1 × anything.
    """
    side, top, steps = WIDTH - 8, 4, 64
    reach = 1.08 * np.abs(points).max()
    ticks = np.linspace(-reach, reach, steps + 1)
    across, down = np.meshgrid(ticks, ticks[::-1])
    values = output(np.vstack([across.ravel(), down.ravel()])).reshape(across.shape) - 0.5
    cell = side / steps
    loops = [[(4 + x * cell, top + y * cell) for x, y in loop] for loop in _loops(values)]
    area = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in loop) + "Z" for loop in loops)
    places = np.vstack([4 + side * (1 + points[0] / reach) / 2, top + side * (1 - points[1] / reach) / 2]).round(1)
    dots = "".join(f"M{x:g} {y:g}h0" for x, y in places[:, labels[0] == 0].T)
    crosses = "".join(f"M{x - 2.2:.1f} {y - 2.2:.1f}l4.4 4.4m0-4.4l-4.4 4.4" for x, y in places[:, labels[0] == 1].T)
    below = top + side + 20
    stripes = "".join(f"M{4 + k} {top}L4 {top + k}" for k in range(12, 2 * side, 12))
    name = f"area-{hashlib.sha256(area.encode()).hexdigest()[:8]}"  # two drawings may stand on one page
    parts = [
        f'<clipPath id="{name}"><path clip-rule="evenodd" d="{area}"/></clipPath>',
        f'<rect class="frame" x="4" y="{top}" width="{side}" height="{side}"/>',
        f'<path class="region" fill-rule="evenodd" d="{area}"/>',
        f'<path class="hatching" clip-path="url(#{name})" d="{stripes}"/>',
        f'<path class="boundary" d="{area}"/>',
        f'<path class="dots" d="{dots}"/><path class="crosses" d="{crosses}"/>',
        f'<path class="dots" d="M10 {below - 4}h0"/><text x="18" y="{below}">label 0</text>',
        f'<path class="crosses" d="M86 {below - 6.2:.1f}l4.4 4.4m0-4.4l-4.4 4.4"/>',
        f'<text x="96" y="{below}">label 1</text>',
        f'<rect class="region" x="162" y="{below - 11}" width="20" height="13"/>',
        f'<path class="hatching" d="M162 {below - 3}l8-8M166 {below + 2}l13-13M178 {below + 2}l4-4"/>',
        f'<rect class="boundary" x="162" y="{below - 11}" width="20" height="13"/>',
        f'<text x="188" y="{below}">output above ½</text>',
    ]
    return _svg(title, description, below + 8, parts)


def _svg(title: str, description: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="drawing" viewBox="0 0 {WIDTH} {height}" width="{1.2 * WIDTH:.0f}" role="img">'
        f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _thinned(y: Sequence[float], most: int = 300) -> list[tuple[int, float]]:
    """Return the points to draw: all, or about `most` of them with the last."""
    stride = max(1, len(y) // most)
    points = list(enumerate(y))
    return points[::stride] + points[-1:]


def _round_steps(limit: float) -> list[float]:
    """Return 0 and the multiples of a round number that reach `limit` in 3 to 6 steps."""
    size = 10.0 ** np.floor(np.log10(limit))
    step = next(step for step in (0.2 * size, 0.5 * size, size, 2 * size) if limit / step <= 6)
    return [k * step for k in range(int(np.ceil(limit / step - 1e-9)) + 1)]


def _loops(values: np.ndarray) -> list[list[tuple[float, float]]]:
    """Return the outlines, in steps of the grid, of where `values` is positive; the frame closes them.

    Marching squares: an outline crosses an edge of the grid where the signs at its ends differ, at the place where
    the straight line between the two values is 0. In each cell the crossings are joined in pairs.
    """
    rows, columns = values.shape
    around = np.pad(values, 1, constant_values=-np.inf)
    place: dict[tuple[int, int, int], tuple[float, float]] = {}
    joined: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}

    def crossing(i: int, j: int, vertical: int) -> tuple[int, int, int] | None:
        one, other = around[i, j], around[i + vertical, j + 1 - vertical]
        if (one > 0) == (other > 0):
            return None
        # outside there is nothing, and the outline runs along the last line of the grid
        share = 1.0 if one == -np.inf else 0.0 if other == -np.inf else one / (one - other)
        place[i, j, vertical] = j - 1 + (1 - vertical) * share, i - 1 + vertical * share
        return i, j, vertical

    for i, j in np.ndindex(rows + 1, columns + 1):
        sides = [crossing(i, j, 0), crossing(i, j + 1, 1), crossing(i + 1, j, 0), crossing(i, j, 1)]
        met = [side for side in sides if side is not None]
        if len(met) == 4 and (around[i : i + 2, j : j + 2].mean() > 0) != (around[i, j] > 0):
            met = [*met[1:], met[0]]  # a saddle whose middle has the other sign: the top left corner is cut off
        for a, b in zip(met[::2], met[1::2], strict=True):
            joined.setdefault(a, []).append(b)
            joined.setdefault(b, []).append(a)
    loops = []
    while joined:
        first, (current, _) = next(iter(joined.items()))
        before, loop = first, [place[first]]
        while current != first:
            loop.append(place[current])
            one, other = joined.pop(current)
            before, current = current, other if one == before else one
        del joined[first]
        loops.append(loop)
    return loops
