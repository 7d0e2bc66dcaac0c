"""The catalogue of derivations is complete, and each of its rows is where it says."""

import ast
import importlib
import inspect
import itertools
import re
from pathlib import Path

import pytest

from byhand.activations import Activation
from byhand.losses import Loss
from byhand_site import DOCS, atlas, coverage, placing
from byhand_site.canvas import NARROW
from byhand_site.coverage import Derivation, catalogue
from byhand_site.outline import outline

WANTED: dict[int, set[str]] = {
    0: {
        "Shape rule", "Left/right move", "Hadamard", "Broadcast", "Transpose", "Reshape", "Slice/pad", "Concatenate",
        "Gather", "Fan-out", "Jacobian", "Layout dictionary", "Reverse vs forward mode",
    },
    1: {"σ′", "dA", "dZ", "dw", "db", "∂J/∂X", "Logit form", "Hessian"},
    2: {
        "dZ[l]", "dW[l]", "db[l]", "dA[l−1]", "Induction to L", "Four 1/m gauges", "Bias trick", "No bias",
        "Residual connection", "Tied autoencoder", "Embedding", "LoRA", "Gates", "SwiGLU", "MoE gate", "Clip",
        "Absolute value", "Where", "Maximum", "Maxout", "Stop-gradient", "Straight-through",
        "dZ[2]", "dW[2]", "db[2]", "dA[1]", "dZ[1]", "dW[1]", "db[1]", "All six gradients",
    },
    3: {
        "identity", "sigmoid", "tanh", "ReLU", "leaky ReLU", "PReLU", "ELU", "SELU", "softplus", "softsign", "SiLU", "GELU",
        "GELU, tanh form", "Mish", "hard-swish", "sin", "exp", "log", "square",
        "softmax", "softmax Jacobian", "log-softmax", "log-sum-exp", "Temperature", "Shift invariance",
    },
    4: {
        "Three squared errors", "Absolute error", "Huber", "Log-cosh",
        "Softmax cross-entropy", "Soft labels", "Label smoothing", "Ignored examples", "Class weights", "Several labels",
        "KL(q‖softmax z)", "KL(softmax z‖q)",
        "Canonical-link theorem", "Four families", "Poisson", "hinge", "multiclass SVM", "focal", "L2-normalize", "InfoNCE",
        "triplet", "Reparametrization", "VAE KL", "policy gradient", "DPO",
    },
    5: {"L2", "L1", "Weight decay", "Inverted dropout", "Clipping by norm"},
    6: {"Var z", "He", "Var dA₋", "Xavier", "Unrolled product", "Zero or constant init"},
}  # fmt: skip
"""The rows of the catalogue, by section."""

ROWS = catalogue()
IDS = [f"{row.section} {row.quantity}" for row in ROWS]
NO_TRAP = "–"
"""What the catalogue has where no mistake is usual."""


def test_every_row_of_the_catalogue_is_there() -> None:
    for section, wanted in WANTED.items():
        there = [row.quantity for row in ROWS if row.section == section]
        assert sorted(there) == sorted(wanted)


def test_anchors_are_unique_over_the_whole_site() -> None:
    anchors = [part.anchor for page in sorted(DOCS.rglob("*.md")) for part in outline(page) if part.anchor]
    rows = [row.anchor for row in ROWS]
    assert sorted(set(rows)) == sorted(rows)
    assert {anchor for anchor in rows if anchors.count(anchor) != 1} == set()


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_row_has_a_heading_with_claims_that_could_have_failed(row: Derivation) -> None:
    heading = coverage.heading_of(row)
    assert heading is not None
    assert heading.kind == "heading"
    assert len(coverage.claims_of(row)) >= 2


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_trap_of_a_row_is_refuted_on_its_page(row: Derivation) -> None:
    assert bool(row.refuted) is (row.trap != NO_TRAP)
    assert [anchor for anchor in row.refuted if not coverage.trap_runs(row, anchor)] == []


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_page_and_function_of_a_row_link_to_each_other(row: Derivation) -> None:
    assert row.functions
    page = row.path.read_text(encoding="utf-8")
    anchors = {part.anchor for part in outline(row.path)}
    for name in row.functions:
        owner, _, function = name.rpartition(".")
        package, _, last = owner.rpartition(".")
        holder = (
            importlib.import_module(owner) if package == "byhand" else getattr(importlib.import_module(package), last)
        )
        linked = set(re.findall(r"\]\[([\w-]+)\]", docstring(holder, function)))
        assert f"][{name}]" in page, f"{row.page} does not link to {name}"
        assert linked & anchors, f"{name} does not link to {row.page}"


def docstring(holder: object, name: str) -> str:
    """Return the docstring of a function, or the text below a variable, as the reference shows it."""
    thing = getattr(holder, name)
    if not isinstance(thing, Activation | Loss):
        return inspect.getdoc(thing) or ""
    assert inspect.ismodule(holder)
    body = ast.parse(inspect.getsource(holder)).body
    texts = {
        ast.unparse(one.targets[0]): ast.literal_eval(below.value)
        for one, below in itertools.pairwise(body)
        if isinstance(one, ast.Assign) and isinstance(below, ast.Expr)
    }
    return str(texts[name])


@pytest.mark.parametrize("row", [row for row in ROWS if row.formula], ids=lambda row: row.quantity)
def test_the_formula_of_the_cheat_sheet_is_a_claim_of_its_page_that_holds(row: Derivation) -> None:
    assert coverage.shown_formula(row)


PAGE = """# Title { #title }

## One { #one }

```math
x \\in \\mathbb{R}, \\quad y := 3 x, \\quad dy := \\frac{\\partial y}{\\partial x}
```

```math
dy = 3
```

### Trap { #trap }

```python
>>> 1 + 1
2
```

## Two { #two }

```math {#slip wrong="differs"}
dy = 2
```
"""


def test_the_outline_of_a_page_knows_where_each_part_ends(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    parts = {part.anchor or f"{part.kind} {part.first}": (part.first, part.last) for part in outline(page)}
    assert parts == {
        "title": (1, 24),
        "one": (3, 19),
        "math 5": (5, 7),
        "math 9": (9, 11),
        "trap": (13, 19),
        "python 15": (15, 18),
        "two": (20, 24),
        "slip": (22, 24),
    }


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        (r"dA = W^\top dZ", True),
        (r"dA := \frac{\partial \mathcal{L}}{\partial A} = W^\top dZ", True),
        (r"dA := \frac{\partial \mathcal{L}}{\partial A}", False),
        (r"dA_{ji} = \sum_k \frac{\partial Z_{ki}}{\partial A_{ji}} dZ_{ki}", False),
        (r"\frac{d\ell}{dz} = \frac{d\ell}{da} \cdot \frac{da}{dz}", False),
        (r"dZ^{[1]} = dZ^{[1]} \odot \mathbf{1}", False),
        (r"dZ^{[1]} = W^{[2]\top} dZ^{[2]}", True),
        (r"dZ = W^\top dZ'", True),
    ],
)
def test_a_claim_counts_if_it_says_something_without_a_derivative_sign(source: str, counts: bool) -> None:
    assert coverage.says_something(source) is counts


def layers(**uses: str) -> list[list[str]]:
    return placing.layers(uses, dict.fromkeys(uses, 10.0), room=100, gap=5)


def test_each_box_of_the_map_stands_below_what_it_uses() -> None:
    assert [set(row) for row in layers(c="ab", b="a", a="", d="a")] == [{"a"}, {"b", "d"}, {"c"}]


def test_a_circle_in_the_map_is_named() -> None:
    with pytest.raises(ValueError, match="a → b → a goes in a circle"):
        layers(a="b", b="a")


def test_every_derivation_is_in_one_part_of_the_map() -> None:
    drawn = atlas.derivation_map(lambda page, anchor: f"{page}#{anchor}")
    for row in ROWS:
        if row.follows or any(row.anchor in other.follows for other in ROWS):
            assert drawn.count(f'<li><a href="{row.page}#{row.anchor}">') == 1, row


def row(anchor: str, *follows: str) -> Derivation:
    return Derivation(0, anchor, "", "", anchor, (), (), follows=follows)


def test_the_map_has_no_arrow_beside_a_way_over_other_boxes() -> None:
    rows = {
        one.anchor: one for one in (row("a"), row("b", "a"), row("c", "b"), row("d", "a", "b", "c"), row("e", "a", "c"))
    }
    assert [atlas._nearest(one, rows) for one in rows.values()] == [(), ("a",), ("b",), ("c",), ("c",)]


def test_no_drawing_of_the_map_is_wider_than_a_phone_or_unused() -> None:
    drawn = atlas.derivation_map(lambda page, anchor: f"{page}#{anchor}")
    widths = [int(width) for width in re.findall(r'viewBox="\S+ \S+ (\d+) ', drawn)]
    assert len(widths) == len(atlas.MAPS)
    assert max(widths) <= NARROW
    assert "<ul></ul>" not in drawn
