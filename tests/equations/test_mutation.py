"""Spoiled claims are noticed, and what is not noticed has a reason that a machine verified again."""

import sys
from pathlib import Path
from typing import Any

import pytest

from byhand.equations import REASONS, check_text

sys.path.insert(0, str(Path(__file__).parent))
from worker import mutate

PAGE = r"""```math
X \in \mathbb{R}^{n_0 \times m}, \quad Y \in \mathbb{R}^{n_1 \times m}, \quad v \in \mathbb{R}^{n_1} \\
W \in \mathbb{R}^{n_1 \times n_0}, \quad b \in \mathbb{R}^{n_1 \times 1}, \quad \lambda \in \mathbb{R}_{>0} \\
Z := W X + b \\
A := \tanh(Z) \\
\mathcal{L} := \frac{1}{2} \lVert A - Y \rVert_F^2 \\
J := \frac{1}{m} \mathcal{L} + \frac{\lambda}{2 m} \lVert W \rVert_F^2 \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dW := \frac{\partial J}{\partial W} \\
db := \frac{\partial J}{\partial b} \\
dZ = (A - Y) \odot \tanh'(Z) \\
dW = \frac{1}{m} dZ X^\top + \frac{\lambda}{m} W \\
db_k = \frac{1}{m} \sum_{i=1}^{m} dZ_{ki}
```
"""


IDLE = PAGE.replace("dW := ", "U := X + X \\\\\ndW := ")
ONES = PAGE.replace(r"db_k = \frac{1}{m} \sum_{i=1}^{m} dZ_{ki}", r"db = \frac{1}{m} dZ \mathbf{1}")
VOCABULARY = ("two-layer", "columns", "deltas", "inverse-det-tr-diag", "l-layer", "kronecker-and-vec", "stacked-blocks",
              "definitions-by-entries", "masks", "second-derivatives", "sums-and-products", "clip-and-max")  # fmt: skip
MASK = r"""```math
U \in \mathbb{R}^{n \times m}, \quad G \in \mathbb{R}^{n \times m}, \quad H \in \mathbb{R}^{n \times m} \\
B := \operatorname{ReLU}(U) \\
A := \tanh(H) \\
s := \langle G, B \rangle + \langle G, A \rangle \\
\frac{\partial s}{\partial U} = G \odot \mathbb{1}\{B > 0\} \\
\frac{\partial s}{\partial H} = G \odot \tanh'(H)
```
"""
EXPLAINED = {  # a claim, and the reason why some mutant of it holds
    r"\frac{\partial f}{\partial x_k} = y_k \cdot 1": "a factor 1",
    r"\frac{\partial f}{\partial x} = 1 y": "a factor 1",
    r"\frac{\partial q}{\partial B} = 0": "a multiple of 0",
    r"\frac{\partial s}{\partial W_{kj}} = \sum_i \sum_q dZ_{qi} \frac{\partial Z_{qi}}{\partial W_{kj}}":
        "δ makes its indices equal",
    r"\frac{\partial t}{\partial W_{pj}} = \sum_k dz_k \frac{\partial z_k}{\partial W_{pj}}": "δ makes its indices equal",
    r"\left\langle h, \frac{1}{m} B \mathbf{1} \right\rangle = \left\langle \frac{1}{m} h \mathbf{1}^\top, B \right\rangle":
        "numbers commute",
    r"\mathbf{1}^\top B \mathbf{1} = \sum_i \sum_j B_{ij}": "transpose of a number",
    r"x^\top S x = \sum_i x_i \sum_j S_{ij} x_j": "transpose of a number",
    r"\frac{\partial r}{\partial B} = 2 B \odot \mathbb{1}[B > 0]": "no value lies on the border",
}  # fmt: skip
REASONABLE = r"""```math
X \in \mathbb{R}^{n \times m}, \quad B \in \mathbb{R}^{c \times m}, \quad G \in \mathbb{R}^{c \times m} \\
W \in \mathbb{R}^{c \times n}, \quad S \in \mathbb{R}^{n \times n}, \quad h \in \mathbb{R}^{c} \\
x \in \mathbb{R}^{n}, \quad y \in \mathbb{R}^{n}, \quad g \in \mathbb{R}^{c} \\
f := x^\top y \\
q := \mathbf{1}^\top \operatorname{softmax}(B) \mathbf{1} \\
Z := W X \\
s := \langle G, Z \rangle \\
dZ := \frac{\partial s}{\partial Z} \\
z := W x \\
t := g^\top z \\
dz := \frac{\partial t}{\partial z} \\
r := \lVert \operatorname{ReLU}(B) \rVert_F^2 \\
CLAIMS
```
""".replace("CLAIMS", " \\\\\n".join(EXPLAINED))
Row = dict[str, Any]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    """The mutation tables of all pages of this file."""
    folder = Path(__file__).parent / "vocabulary"
    pages = {"page": PAGE, "idle": IDLE, "ones": ONES, "mask": MASK, "explained": REASONABLE}
    pages |= {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in VOCABULARY}
    found = mutate([{"text": text} for text in pages.values()])
    return dict(zip(pages, found, strict=True))


def of(rows: list[Row], role: str) -> list[Row]:
    return [row for row in rows if row["role"] == role]


def test_every_claim_is_spoiled_in_many_ways_and_each_is_noticed_or_explained(tables: dict[str, list[Row]]) -> None:
    claims = of(tables["page"], "claim")
    assert len(claims) == 3
    assert all(row["mutants"] >= 15 for row in claims)
    assert [row["unexplained"] for row in claims] == [0] * 3


def test_reasons_come_from_the_closed_set(tables: dict[str, list[Row]]) -> None:
    reasons = {one["reason"] for rows in tables.values() for row in rows for one in row["survivors"]}
    assert reasons - {""} <= set(REASONS)
    assert {"numbers commute", "transpose of a number"} <= reasons


def test_a_definition_that_a_claim_leans_on_is_load_bearing(tables: dict[str, list[Row]]) -> None:
    bearing = {row["source"].split(" :=")[0] for row in of(tables["page"], "definition") if row["load_bearing"]}
    assert bearing == {"Z", "A", r"\mathcal{L}", "J", "dZ", "dW", "db"}


def test_a_definition_that_no_claim_uses_is_listed_as_not_load_bearing(tables: dict[str, list[Row]]) -> None:
    (row,) = (row for row in tables["idle"] if row["source"].startswith("U :="))
    assert not row["load_bearing"]


def test_two_ones_in_a_row_are_no_survivor(tables: dict[str, list[Row]]) -> None:
    # a second \mathbf{1} would have size 1: mutation found that the first version accepted it
    assert all(row["unexplained"] == 0 for row in of(tables["ones"], "claim"))


def test_a_mask_taken_twice_is_that_mask_and_another_slope_is_not(tables: dict[str, list[Row]]) -> None:
    masked, smooth = of(tables["mask"], "claim")
    reasons = {one["formula"].split(r"\odot ")[-1]: one["reason"] for one in masked["survivors"]}
    assert reasons == {r"\operatorname{ReLU}'(U)": "zeros and ones, taken twice"}
    assert smooth["survivors"] == []


@pytest.mark.parametrize(("claim", "reason"), EXPLAINED.items())
def test_what_a_right_claim_leaves_alive_has_its_reason(claim: str, reason: str, tables: dict[str, list[Row]]) -> None:
    (row,) = (row for row in of(tables["explained"], "claim") if row["source"] == claim)
    assert reason in {one["reason"] for one in row["survivors"]}
    assert row["unexplained"] == 0, row["survivors"]


@pytest.mark.parametrize("name", VOCABULARY)
def test_no_right_claim_of_the_vocabulary_has_an_unexplained_survivor(name: str, tables: dict[str, list[Row]]) -> None:
    rows = of(tables[name], "claim")
    assert rows
    assert {row["source"]: row["survivors"] for row in rows if row["unexplained"]} == {}


DROPS = [
    (r"\frac{1}{m} dZ X^\top", r"dZ X^\top"),
    (r"dZ X^\top", "dZ X"),
    (r"\tanh'(Z)", r"\tanh(Z)"),
    (r"(A - Y) \odot", r"(A Y) \odot"),
    (r"\sum_{i=1}^{m} dZ_{ki}", "dZ_{ki}"),
]


@pytest.mark.parametrize(("right", "dropped"), DROPS)
def test_dropping_a_mark_from_a_claim_makes_it_fail_on_its_line(right: str, dropped: str) -> None:
    before, after = check_text(PAGE), check_text(PAGE.replace(right, dropped))
    changed = [number for number, line in enumerate(PAGE.split("\n"), 1) if right in line]
    assert all(result.ok for result in before)
    assert {result.line for result in after if not result.ok} == set(changed[-1:])
