"""The text of every kind of message is under test: place, caret, both sides, numbers, what would mend it."""

import sys
from pathlib import Path
from typing import Any

import pytest

from byhand.equations import check_text

sys.path.insert(0, str(Path(__file__).parent))
from worker import check

SETTING = r"""```math
X \in \mathbb{R}^{n_0 \times m}, \quad Y \in \mathbb{R}^{n_2 \times m} \\
U \in \mathbb{R}^{n_1 \times n_0}, \quad V \in \mathbb{R}^{n_2 \times n_1}, \quad b \in \mathbb{R}^{n_1 \times 1} \\
Z := U X + b \\
A := \tanh(Z) \\
S := V A \\
\hat{Y} := S \\
\mathcal{L} := \frac{1}{2} \lVert S - Y \rVert_F^2 \\
J := \frac{1}{m} \mathcal{L} \\
dS := \frac{\partial \mathcal{L}}{\partial S} \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dV := \frac{\partial J}{\partial V} \\
db := \frac{\partial J}{\partial b}
```
"""
PLACE = SETTING.count("\n") + 2  # line of the claim, after its own opening fence


def page(claim: str) -> str:
    """The page of one claim after the setting."""
    return f"{SETTING}```math\n{claim}\n```\n"


MESSAGES = [
    (
        r"dZ = V dS \odot \tanh'(Z)",
        r"""notes.md:LINE:6: shapes do not fit
    dZ = V dS \odot \tanh'(Z)
         ^^^^
    V is n_2 × n_1 and dS is n_2 × m: a product needs n_1 = n_2.
    It would hold with V^\top dS, which is n_1 × m like dZ.""",
    ),
    (
        r"dV = dS A^\top",
        r"""notes.md:LINE:1: the two sides differ
    dV = dS A^\top
    Right / left = 3.000 in all 30 entries, and m = 3. It would hold with a factor \frac{1}{m}.
    m = 3, n_0 = 4, n_1 = 6, n_2 = 5; seed 0.""",
    ),
    (
        r"dS = Y - S",
        r"""notes.md:LINE:1: the two sides differ
    dS = Y - S
    Right = −left in all 15 entries. It would hold with the opposite sign.
    m = 3, n_0 = 4, n_1 = 6, n_2 = 5; seed 0.""",
    ),
    (
        r"db = \frac{1}{m} dZ",
        r"""notes.md:LINE:1: shapes do not fit
    db = \frac{1}{m} dZ
    ^^^^^^^^^^^^^^^^^^^
    db is n_1 × 1 and \frac{1}{m} dZ is n_1 × m: the two sides need equal shapes.
    It would hold with \frac{1}{m} dZ \mathbf{1}, which is n_1 × 1 like db.""",
    ),
    (
        r"dZ = V^\top dQ",
        r"""notes.md:LINE:13: undefined symbol
    dZ = V^\top dQ
                ^^
    Nothing on this page introduces dQ, and = does not define.
    Define it with dQ := …, or declare it with dQ \in \mathbb{R}^{…}.""",
    ),
    (
        r"dZ = V^\top dS \odot (1 - A^2)",
        r"""notes.md:LINE:27: cannot be read
    dZ = V^\top dS \odot (1 - A^2)
                              ^^^
    A is n_1 × m, and a power of a matrix has two readings.
    Entry by entry is A \odot A; the matrix product is A A.
    It would hold with A \odot A.""",
    ),
    (
        r"dS \approx S - Y",
        r"""notes.md:LINE:4: cannot be read
    dS \approx S - Y
       ^^^^^^^
    The relation ≈ is not checked.
    Only equations can be checked: write = between two sides, or mark the fence unchecked.""",
    ),
    (
        r"V := V - \frac{1}{m} dV",
        r"""notes.md:LINE:6: cannot be read
    V := V - \frac{1}{m} dV
         ^
    V stands on both sides of :=. An update is not an equation.
    Give the new value a name of its own, such as V_{new} := ….""",
    ),
    (
        r"\frac{\partial \mathcal{L}}{\partial \hat{Y}} = S - Y",
        r"""notes.md:LINE:1: undefined symbol
    \frac{\partial \mathcal{L}}{\partial \hat{Y}} = S - Y
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    \mathcal{L} does not depend on \hat{Y}: no definition leads from \hat{Y} to \mathcal{L}.
    It depends on S, which is the same: differentiate by that.""",
    ),
    (
        r"dV = dV",
        r"""notes.md:LINE:1: untested
    dV = dV
    ^^^^^^^
    Both sides are the same formula once definitions are written out: nothing is tested.""",
    ),
    (
        r"dS_{ki} = \sum_{k=1}^{n_2} S_{ki} - Y_{ki}",
        r"""notes.md:LINE:1: cannot be read
    dS_{ki} = \sum_{k=1}^{n_2} S_{ki} - Y_{ki}
    ^^^^^^^
    k is bound by a sum in this statement, and free here.
    A sum takes the product that follows it, up to the next + or −.
    Put parentheses around what it should take, or name this index otherwise.
    It would hold with S_{ki}.""",
    ),
    (
        r"Z := U X",
        r"""notes.md:LINE:1: cannot be read
    Z := U X
    ^
    Z is introduced already; a name means one thing on a page.
    Give this one a new name.""",
    ),
    (
        r"\log Z = Z",
        r"""notes.md:LINE:1: untested
    \log Z = Z
    ^^^^^^^^^^
    A value is not a number: a logarithm, root or quotient leaves its domain.
    Declare a domain, such as A \in (0,1)^{…} or \lambda \in \mathbb{R}_{>0}.""",
    ),
]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    """The last result of the page of each claim of this file."""
    claims = [*(claim for claim, _ in MESSAGES), *(claim for claim, _ in HINTS), NO_HINT, TWO_EDITS]
    answers = check([{"text": page(claim), "file": "notes.md"} for claim in claims])
    return {claim: answer["results"][-1] for claim, answer in zip(claims, answers, strict=True)}


@pytest.mark.parametrize(("claim", "text"), MESSAGES, ids=[claim for claim, _ in MESSAGES])
def test_the_message_says_what_is_wrong_and_what_would_mend_it(
    claim: str, text: str, judged: dict[str, dict[str, Any]]
) -> None:
    assert judged[claim]["message"].replace(f"notes.md:{PLACE}:", "notes.md:LINE:") == text


HINTS = [
    (r"dV = \frac{1}{m} dS A", r"\frac{1}{m} dS A^\top"),  # a transpose
    (r"dV = dS A^\top", r"a factor \frac{1}{m}"),  # 1/m
    (r"dS = Y - S", "the opposite sign"),  # a sign
    (r"dS = S + Y", "S - Y"),
    (r"dZ = V^\top dS", r"V^\top dS \odot \tanh'(Z)"),  # a factor g'
    (r"db = \frac{1}{m} dZ", r"\frac{1}{m} dZ \mathbf{1}"),  # a sum
    (r"dZ = V^\top dS \tanh'(Z)", r"V^\top dS \odot \tanh'(Z)"),  # ⊙ for the product
    (r"dZ = dS V^\top \odot \tanh'(Z)", r"V^\top dS"),  # the order
    (r"S_{ki} = \sum_{j=1}^{n_1} V_{jk} A_{ji}", r"\sum_{j=1}^{n_1} V_{kj} A_{ji}"),  # an index
    (r"dZ = V^\top dS \odot \tanh'(A)", r"\tanh'(Z)"),  # a symbol
]


NO_HINT = r"dZ = A \odot A \odot Z"
TWO_EDITS = r"dV = A dS^\top"


@pytest.mark.parametrize(("claim", "mended"), HINTS)
def test_a_small_edit_that_mends_is_found(claim: str, mended: str, judged: dict[str, dict[str, Any]]) -> None:
    result = judged[claim]
    assert not result["ok"]
    assert any(f"It would hold with {mended}" in hint for hint in result["hints"]), result["hints"]


def test_no_hint_is_given_where_no_small_edit_mends(judged: dict[str, dict[str, Any]]) -> None:
    assert judged[NO_HINT]["verdict"] == "differs"
    assert judged[NO_HINT]["hints"] == []


def test_two_edits_are_tried_where_one_does_not_mend(judged: dict[str, dict[str, Any]]) -> None:
    assert r"\frac{1}{m} dS A^\top" in judged[TWO_EDITS]["hints"][0]


def test_a_hint_names_a_layer() -> None:
    result = check_text("$$dW^{[2]} = \\frac{1}{m} dZ^{[2]} A^{[2]\\top}$$", given="two-layer")[-1]
    assert result.hints == (r"It would hold with \frac{1}{m} dZ^{[2]} A^{[1]\top}, which is n_2 × n_1 like dW^{[2]}.",)


MEAN = r"""
$$dZ^{[2]} = \frac{1}{m} (A^{[2]} - Y)$$
$$dW^{[2]} = dZ^{[2]} A^{[1]\top}$$
$$db^{[2]} = dZ^{[2]} \mathbf{1}$$
"""
ROWS = r"""
$$dW^{[2]} = \frac{1}{m} dZ^{[2]\top} A^{[1]}$$
$$dZ^{[1]} = dZ^{[2]} W^{[2]} \odot g^{[1]\prime}(Z^{[1]})$$
"""


def test_a_derivation_in_another_gauge_is_recognised() -> None:
    results = check_text(MEAN, given="two-layer")
    assert [result.hints for result in results][:3:2] == [
        ("Your derivation is consistent with dZ := ∂J/∂Z.", "It would hold with A^{[2]} - Y."),
        ("Your derivation is consistent with dZ := ∂J/∂Z.", r"It would hold with a factor \frac{1}{m}."),
    ]
    assert all("differ" not in result.message for result in results)
    assert all(result.ok for result in check_text(MEAN, given="two-layer", convention="mean"))


def test_a_derivation_in_row_layout_is_recognised() -> None:
    results = check_text(ROWS, given="two-layer")
    assert all(result.hints[0].startswith("Your derivation is consistent with examples as rows") for result in results)


@pytest.mark.parametrize(("page", "spoiled"), [(MEAN, r"dZ^{[2]} A^{[1]\top}"), (ROWS, r"g^{[1]\prime}(Z^{[1]})")])
def test_a_wrong_line_is_not_excused_by_a_gauge_or_a_layout(page: str, spoiled: str) -> None:
    results = check_text(page.replace(spoiled, f"2 {spoiled}"), given="two-layer")
    assert not any("consistent" in hint for result in results for hint in result.hints)


def test_lines_in_two_gauges_are_not_called_consistent() -> None:
    mixed = MEAN + "\n$$dW^{[1]} = \\frac{1}{m} dZ^{[1]} X^\\top$$"
    assert not any("consistent" in hint for one in check_text(mixed, given="two-layer") for hint in one.hints)
