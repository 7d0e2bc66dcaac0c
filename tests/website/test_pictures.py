"""Pictures of shapes, graphs and paths: what is drawn is what the checker and the page's Python say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from byhand.equations import Sketch, Step, check_text
from byhand_site import DOCS, graph, labels, paths, placing, verdicts
from byhand_site.coverage import catalogue
from byhand_site.homes import Homes
from byhand_site.outline import outline
from byhand_site.shape_picture import draw, read_sizes
from byhand_site.tableau import NoPicture

PAGE = """```math
W \\in \\mathbb{{R}}^{{{rows} \\times {columns}}}, \\quad G \\in \\mathbb{{R}}^{{p \\times m}}, \\quad t \\in \\mathbb{{R}}
```

```math {{#x picture="shapes"}}
{claim}
```
"""
TURNED = r"2 W^\top G = W^\top G + W^\top G"
SIZES = "p = 2 outputs, q = 4 units, m = 5 examples"


def sides(claim: str, rows: str = "p", columns: str = "q") -> tuple[Sketch, ...]:
    """Both sides, as the checker has read them, of a claim about W, G and a number t."""
    result = check_text(PAGE.format(claim=claim, rows=rows, columns=columns))[-1]
    assert result.ok, result.message
    return result.sketches


def product(rows: str = "p", columns: str = "q") -> tuple[Sketch, Sketch]:
    """The sketches of Q = Wᵀ G or W G, the sizes of W as the page has declared them."""
    claim = TURNED if rows == "p" else TURNED.replace(r"^\top", "")
    made = sides(claim, rows, columns)[0]
    return Sketch("matrix", "Q", made.rows, made.columns), Sketch(**{**vars(made), "factor": ""})


def rectangles(svg: str) -> dict[str, tuple[int, int]]:
    """Rows and columns of every named rectangle, counted in squares."""
    boxes = [box for box in ET.fromstring(svg).iter("rect") if "data-name" in box.attrib]
    marked = [box for box in ET.fromstring(svg).iter("rect") if box.get("class") == "marked"]
    unit = min(float(box.attrib["width"]) for box in marked)
    return {
        box.attrib["data-name"]: (round(float(box.attrib["height"]) / unit), round(float(box.attrib["width"]) / unit))
        for box in boxes
    }


def test_each_rectangle_has_the_sizes_that_the_checker_found() -> None:
    assert rectangles(draw(product(), read_sizes(SIZES)).svg) == {"W": (2, 4), "Wᵀ": (4, 2), "G": (2, 5), "Q": (4, 5)}


def test_another_shape_is_another_picture() -> None:
    other = draw(product("q", "p"), read_sizes(SIZES))
    assert rectangles(other.svg) == {"W": (4, 2), "G": (2, 5), "Q": (4, 5)}
    assert "turn" not in other.svg
    assert "turned" not in other.caption


def test_the_inner_size_is_the_same_length_on_both_touching_edges() -> None:
    svg = ET.fromstring(draw(product(), read_sizes(SIZES)).svg)
    line = next(part.attrib["d"] for part in svg.iter("path") if part.get("class") == "touching")
    left, _, corner, _, down, up = map(float, re.findall(r"-?[\d.]+", line))
    unit = next(float(box.attrib["width"]) for box in svg.iter("rect") if box.get("class") == "marked") / 2
    assert corner - left == pytest.approx(2 * unit, abs=0.2)
    assert down - up == pytest.approx(2 * unit, abs=0.2)
    inner = [text for text in svg.iter("text") if "inner" in text.get("class", "")]
    assert ["".join(text.itertext()) for text in inner] == ["p", "p", "p"]  # two edges, and the legend


def test_the_caption_says_why_a_factor_is_turned() -> None:
    caption = draw(product(), read_sizes(SIZES)).caption
    assert "adds up over all $p$ outputs" in caption
    assert "In $W$ the numbers for it stand in a column" in caption


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ("p = 2 outputs, q = 4 units", "m"),
        (f"{SIZES}, n = 3 dogs", "n"),
        ("p = 2 outputs, q = 2 units, m = 5 examples", "all differ"),
        ("p = 1 outputs, q = 2 units, m = 5 examples", "none is 1"),
        ("p: 2 outputs", "sizes are written like"),
        ("p = 2 outputs, q = 30 units, m = 5 examples", "too wide for a phone"),
    ],
)
def test_sizes_that_do_not_agree_with_the_claim_are_refused(sizes: str, said: str) -> None:
    with pytest.raises(NoPicture, match=said):
        draw(product(), read_sizes(sizes))


def test_a_side_that_has_no_picture_is_refused() -> None:
    with pytest.raises(NoPicture, match="a picture can show"):
        draw(sides(r"t W = W t"), read_sizes("p = 2 outputs, q = 4 units"))


def test_a_title_holds_neither_braces_nor_a_fraction_that_runs_into_its_neighbour() -> None:
    claim = r"\underbrace{dW}_{n \times p} = \frac{1}{m} \underbrace{dZ^{[l]}}_{n \times m} \; \underbrace{A^\top}_{m \times p}"
    assert labels.plain(claim) == "dW = 1/m dZ[l] Aᵀ"


def test_a_prime_is_not_raised_twice() -> None:
    assert [(run.text, run.level) for run in labels.runs(r"g^{[1]\prime}(Z)")] == [
        ("g", 0), ("[1]", 1), ("′(", 0), ("Z", 0), (")", 0),
    ]  # fmt: skip


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter("text")]


W, DZ = np.array([[2.0, -1.0, 1.0], [3.0, 1.0, -2.0]]), np.array([[0.5], [-0.2]])
COUNTS = "n_1 = 3 hidden units, n_2 = 2 outputs"


def test_the_numbers_of_the_paths_are_those_of_the_page() -> None:
    said = words(paths.paths("t", "d", weights=("W2", W), slopes=("dZ2", DZ), sizes=COUNTS))
    assert "all paths together: 1 + (−0.6) = 0.4" in said
    assert [word for word in said if re.fullmatch(r"[−\d.]+", word)].count("0.4") == 1
    assert {"2 · 0.5 = 1", "3 · (−0.2) = −0.6", "W[2]⊤", "dA[1]"} <= set(said)
    changed = words(paths.paths("t", "d", weights=("W2", 2 * W), slopes=("dZ2", DZ), sizes=COUNTS))
    assert "all paths together: 2 + (−1.2) = 0.8" in changed


@pytest.mark.parametrize(("weights", "slopes"), [(W.T, DZ), (W, DZ.T), (W, np.hstack([DZ, DZ]))])
def test_paths_of_other_shapes_are_refused(weights: np.ndarray, slopes: np.ndarray) -> None:
    with pytest.raises(NoPicture):
        paths.paths("t", "d", weights=("W", weights), slopes=("dZ", slopes), sizes=COUNTS)


STEPS = (
    Step("X", "", ()),
    Step("W", "", ()),
    Step("Z", "W X", ("W", "X")),
    Step("V", "", ()),
    Step(r"\mathcal{L}", r"f(Z)", ("Z",)),
    Step("q", "V V", ("V",)),
)


def defined(symbol: str) -> str:
    return "" if symbol == "X" else f"#{symbol}"


def derived(symbol: str) -> str:
    return {"W": "#dW", "Z": "other.html#dZ"}.get(symbol, "")


def test_a_graph_holds_what_leads_to_its_end() -> None:
    assert [step.symbol for step in graph.ancestors(STEPS, r"\mathcal{L}")] == ["X", "W", "Z", r"\mathcal{L}"]
    with pytest.raises(graph.NoGraph, match="has no J; it has X, W, Z"):
        graph.ancestors(STEPS, "J")


def test_gradients_go_to_what_is_derived_and_to_all_on_the_way_there() -> None:
    steps = graph.ancestors(STEPS, r"\mathcal{L}")
    found = graph.nodes(steps, defined, lambda symbol: derived(symbol) if symbol == "W" else "")
    assert {node.symbol: (node.gradient, node.derivation) for node in found} == {
        "X": ("", ""), "W": ("dW", "#dW"), "Z": ("dZ", ""), r"\mathcal{L}": ("", ""),
    }  # fmt: skip


def test_a_graph_has_an_arrow_for_every_use_and_one_back_for_every_gradient() -> None:
    svg = ET.fromstring(graph.graph("t", "d", graph.ancestors(STEPS, r"\mathcal{L}"), defined, derived))
    kinds = [part.get("class") for part in svg.iter("path")]
    assert (kinds.count("arrow"), kinds.count("back")) == (3, 2)
    assert [link.get("href") for link in svg.iter("a")] == ["#W", "#dW", "#Z", "other.html#dZ", r"#\mathcal{L}"]
    assert [link[0].get("class") for link in svg.iter("a")] == ["link given", "link chosen", "link", "link", "link"]


@pytest.mark.parametrize(
    ("symbol", "page", "anchor"),
    [
        ("W^{[2]}", "two-layer/forward-pass.md", "output-dw"),
        ("A^{[0]}", "depth/layers.md", "depth-da"),
        ("W^{[3]}", "depth/layers.md", "depth-dw"),
        ("A^{[3]}", "depth/layers.md", "eq-dA-L-"),
        ("X", "depth/layers.md", None),
        ("A^{[2]}", "two-layer/forward-pass.md", "eq-dA2-ki-"),
        ("W^{[1]}", "depth/bias.md", "hidden-dw"),
        ("Z", "neuron/output.md", "a-minus-y"),
        ("Z", "two-layer/forward-pass.md", None),
        ("X", "two-layer/forward-pass.md", None),
    ],
)
def test_a_gradient_is_found_in_the_catalogue_or_where_a_page_claims_it(
    symbol: str, page: str, anchor: str | None
) -> None:
    symbols = [step.symbol for step in verdicts.forward_program_of(DOCS / page)]
    home = Homes(DOCS / page, symbols, catalogue()).derivation(symbol)
    assert (re.sub(r"-[0-9a-f]{6}$", "-", home.anchor) if home else None) == anchor


GRAPHS = [
    (page, part.info.split('of="')[1].split('"')[0])
    for page in sorted(DOCS.rglob("*.md"))
    for part in outline(page)
    if 'draw="graph"' in part.info
]


@pytest.mark.parametrize(("page", "of"), GRAPHS)
def test_every_box_of_a_graph_has_its_place(page: Path, of: str) -> None:
    steps = graph.ancestors(verdicts.forward_program_of(page), of)
    homes = Homes(page, [step.symbol for step in steps], catalogue())
    assert [step.symbol for step in steps if homes.definition(step.symbol) is None] == []
    reached = {
        node.symbol for node in graph.nodes(steps, str, lambda one: "x" * bool(homes.derivation(one))) if node.gradient
    }
    assert [symbol for symbol in reached if homes.derivation(symbol) is None] == []


def lanes_and_boxes(uses: dict[str, Sequence[str]], widths: dict[str, float]) -> list[float]:
    """How far each stop of an arrow is from each box of the layer that it passes."""
    placed = placing.place(uses, widths, room=300, gap=10)
    return [
        abs(stop - placed.middle[box]) - widths[box] / 2
        for (one, _), stops in placed.stops.items()
        for row, stop in enumerate(stops, start=placed.row[one] + 1)
        for box in uses
        if placed.row[box] == row
    ]


@pytest.mark.parametrize("seed", range(5))
def test_no_arrow_of_a_random_graph_runs_through_a_box(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"n{k}" for k in range(30)]
    uses: dict[str, Sequence[str]] = {
        name: sorted({names[int(j)] for j in rng.integers(0, k, 2)}) if k else () for k, name in enumerate(names)
    }
    distances = lanes_and_boxes(uses, {name: float(rng.integers(20, 90)) for name in names})
    assert distances
    assert min(distances) >= 10


def test_boxes_of_a_layer_keep_their_gap() -> None:
    widths = dict.fromkeys("abcdefg", 60.0)
    placed = placing.place({"a": (), **dict.fromkeys("bcdefg", ("a",))}, widths, room=300, gap=10)
    for row in set(placed.row.values()):
        middles = sorted(placed.middle[name] for name in widths if placed.row[name] == row)
        assert all(gap >= 70 - 1e-6 for gap in np.diff(middles))


def test_the_stylesheet_knows_every_class_of_these_drawings() -> None:
    css = (DOCS / "assets" / "css" / "site.css").read_text(encoding="utf-8")
    drawn = [
        draw(product(), read_sizes(SIZES)).svg,
        paths.paths("t", "d", weights=("W", W), slopes=("dZ", DZ), sizes=COUNTS),
        graph.graph("t", "d", graph.ancestors(STEPS, r"\mathcal{L}"), defined, derived),
    ]
    names = {name for svg in drawn for part in ET.fromstring(svg).iter() for name in part.get("class", "").split()}
    assert {name for name in names if f".{name}" not in css} == {"shapes", "paths", "graph"}
