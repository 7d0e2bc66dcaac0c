"""The drawing of areas and points: the outline is where it should be, and nothing rests on colour alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from byhand.activations import Activation, gelu, hard_swish, log, relu, sigmoid
from byhand.data import flower
from byhand_site import DOCS, drawings

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
GRID = np.linspace(-1, 1, 41)


def outlines(field: Field) -> list[np.ndarray]:
    """Return each outline as points in the plane, 2 × any number."""
    across, down = np.meshgrid(GRID, GRID[::-1])
    loops = drawings._loops(field(across, down))
    return [np.array([(-1 + x / 20, 1 - y / 20) for x, y in loop]).T for loop in loops]


def area(loop: np.ndarray) -> float:
    x, y = loop
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def test_the_outline_of_a_disc_is_a_circle() -> None:
    (loop,) = outlines(lambda x, y: 0.6 - np.hypot(x, y))
    np.testing.assert_allclose(np.hypot(*loop), 0.6, atol=2e-3)
    assert area(loop) == pytest.approx(np.pi * 0.36, rel=5e-3)


def test_a_ring_has_two_outlines() -> None:
    inner, outer = sorted(outlines(lambda x, y: 0.2 - np.abs(np.hypot(x, y) - 0.6)), key=area)
    np.testing.assert_allclose(np.hypot(*inner), 0.4, atol=4e-3)
    np.testing.assert_allclose(np.hypot(*outer), 0.8, atol=4e-3)


def test_the_frame_closes_an_area_that_reaches_it() -> None:
    (loop,) = outlines(lambda x, y: x - 0.33)
    assert area(loop) == pytest.approx(0.67 * 2)
    assert set(np.abs(loop[1]).round(9)) <= set(np.abs(GRID).round(9))
    assert {loop[0].min().round(9), loop[0].max()} == {0.33, 1.0}


def test_all_or_nothing() -> None:
    (loop,) = outlines(lambda x, y: 1 + 0 * x)
    assert area(loop) == pytest.approx(4)
    assert outlines(lambda x, y: -1 + 0 * x) == []


@pytest.mark.parametrize(("middle", "pieces"), [(0.3, 1), (-0.3, 2)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_at_a_saddle_the_middle_decides_whether_two_corners_are_one_area(
    middle: float, pieces: int, mirrored: bool
) -> None:
    values = np.array([[1.0, -1.0], [-1.0, 1.0]]) + middle
    assert len(drawings._loops(values[::-1] if mirrored else values)) == pieces


def inside(loops: list[list[tuple[float, float]]], x: float, y: float) -> bool:
    """Count how often a ray from (x, y), slanted so that it meets no corner, crosses the outlines."""
    turn = np.exp(0.3j)
    crossings = 0
    for loop in loops:
        corners = (np.array([complex(*place) for place in loop]) - complex(x, y)) * turn
        for one, other in zip(corners, np.roll(corners, -1), strict=True):
            if (one.imag > 0) != (other.imag > 0):
                crossings += one.real - one.imag * (other.real - one.real) / (other.imag - one.imag) > 0
    return crossings % 2 == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_outlines_of_a_random_field_hold_its_positive_places_and_no_others(seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal((8, 11))
    loops = drawings._loops(values)
    found = [[inside(loops, j, i) for j in range(1, 10)] for i in range(1, 7)]
    np.testing.assert_array_equal(found, values[1:-1, 1:-1] > 0)
    for loop in loops:
        assert np.abs(np.diff([*loop, loop[0]], axis=0)).max() <= 1


def drawn() -> ET.Element:
    X, Y = flower(400, seed=0)
    svg = drawings.regions(
        "A title & more", "What it <shows>", points=X, labels=Y, output=lambda P: 1 / (1 + np.exp(-8 * P[:1] * P[1:]))
    )
    assert len(svg) < 40_000
    return ET.fromstring(svg)


def test_a_drawing_has_a_title_and_a_description_and_no_picture_or_script() -> None:
    svg = drawn()
    assert svg.get("role") == "img"
    assert [child.text for child in svg[:2]] == ["A title & more", "What it <shows>"]
    assert {element.tag for element in svg.iter()} <= {"svg", "title", "desc", "path", "rect", "text", "clipPath"}


def path(svg: ET.Element, kind: str) -> str:
    """Return the first path of a class, which is the one with the data; the second stands in the legend."""
    return next(element.attrib["d"] for element in svg.iter("path") if element.get("class") == kind)


def test_every_point_is_drawn_in_the_shape_of_its_label() -> None:
    svg = drawn()
    _, Y = flower(400, seed=0)
    assert path(svg, "dots").count("M") == (Y == 0).sum()
    assert path(svg, "crosses").count("M") == (Y == 1).sum()
    assert [text.text for text in svg.iter("text")] == ["label 0", "label 1", "output above ½"]


def test_points_and_area_share_one_scale_with_up_as_up() -> None:
    points, labels = np.array([[0.0, 1.0, -1.0], [1.0, 0.0, -1.0]]), np.array([[0, 0, 1]])
    svg = ET.fromstring(drawings.regions("t", "d", points=points, labels=labels, output=lambda P: (P[1:] > 0) + 0.0))
    (x_up, y_up), (x_right, y_right) = re.findall(r"M([\d.]+) ([\d.]+)", path(svg, "dots"))
    assert float(y_up) < float(y_right)
    assert float(x_up) < float(x_right)
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path(svg, "region"))]
    assert min(heights) == pytest.approx(4)
    assert max(heights) == pytest.approx(float(y_right), abs=3)  # half of the square, down to its middle


def test_two_drawings_on_one_page_have_different_names() -> None:
    points, labels = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0, 1]])
    names = {
        ET.fromstring(drawings.regions("t", "d", points=points, labels=labels, output=output))
        .find("clipPath")
        .get("id")  # type: ignore[union-attr]
        for output in (lambda P: P[:1], lambda P: P[1:])
    }
    assert len(names) == 2


def test_the_stylesheet_knows_every_class_of_a_drawing() -> None:
    css = (DOCS / "assets" / "css" / "site.css").read_text(encoding="utf-8")
    classes = {element.get("class") for element in drawn().iter()} - {None}
    assert all(f".{name}" in css for name in classes)


# ---- an activation and its slope


def curves(g: Activation, x: np.ndarray) -> tuple[ET.Element, dict[str, list[np.ndarray]]]:
    """Return the drawing, and the points of its lines by class, each 2 × any number."""
    svg = ET.fromstring(drawings.slopes("A & B", "C < D", x=x, output=g))
    found: dict[str, list[np.ndarray]] = {}
    for line in svg.iter("polyline"):
        points = np.array([[float(n) for n in point.split(",")] for point in line.attrib["points"].split()]).T
        found.setdefault(line.attrib["class"], []).append(points)
    return svg, found


@pytest.mark.parametrize("g", [sigmoid, gelu, relu, hard_swish], ids=lambda g: g.name)
def test_value_and_slope_share_one_scale(g: Activation) -> None:
    x = np.linspace(-5, 5, 201)
    _, found = curves(g, x)
    (solid,), dashed = found["curve"], np.hstack(found["curve dashed"])
    smooth = ~np.isin(x, g.kinks)
    np.testing.assert_allclose(dashed[0], solid[0, smooth])
    heights = np.concatenate([solid[1], dashed[1]])
    numbers = np.concatenate([g(x), g.prime(x)[smooth]])
    slope, intercept = np.polyfit(numbers, heights, 1)
    assert slope < 0  # up is up
    np.testing.assert_allclose(slope * numbers + intercept, heights, atol=0.1)


@pytest.mark.parametrize(("g", "pieces"), [(sigmoid, 1), (relu, 2), (hard_swish, 3)])
def test_the_line_of_the_slope_is_cut_where_it_jumps(g: Activation, pieces: int) -> None:
    assert len(curves(g, np.linspace(-4, 4, 161))[1]["curve dashed"]) == pieces


def test_the_two_lines_are_told_apart_by_dashes_and_named() -> None:
    svg, _ = curves(log, np.linspace(0.25, 4, 40))
    assert [child.text for child in svg[:2]] == ["A & B", "C < D"]
    texts = [text.text for text in svg.iter("text")]
    assert texts[-3:] == ["g(z)", "g′(z)", "z"]
    assert "−1" in texts
    assert not any((text or "").startswith("-") for text in texts)
    css = (DOCS / "assets" / "css" / "site.css").read_text(encoding="utf-8")
    assert re.search(r"\.drawing \.dashed \{[^}]*stroke-dasharray", css)


def test_lines_over_powers_of_ten_have_one_scale_and_each_its_name_at_its_end() -> None:
    lines = {"up & away": [1.0, 10.0, 100.0], "down": [1.0, 1e-3]}
    svg = ET.fromstring(drawings.decades("t", "d", lines=lines, x_label="layers", y_label="length"))
    curves = [element for element in svg.iter("polyline") if element.get("class") == "curve"]
    ups, downs = ([tuple(map(float, place.split(","))) for place in one.attrib["points"].split()] for one in curves)
    assert ups[0] == downs[0]
    assert ups[0][1] - ups[1][1] == pytest.approx(ups[1][1] - ups[2][1], abs=0.11)
    assert downs[1][1] - downs[0][1] == pytest.approx(3 * (ups[0][1] - ups[1][1]), abs=0.3)
    names = {text.text: float(text.attrib["y"]) for text in svg.iter("text") if text.text in lines}
    assert names == {
        "up & away": pytest.approx(ups[2][1] + 4, abs=0.1),
        "down": pytest.approx(downs[1][1] + 4, abs=0.1),
    }
    ticks = [text.text for text in svg.iter("text") if text.get("class") == "end"]
    assert ticks == ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]
