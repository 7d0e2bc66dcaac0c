"""What would mend a claim: the whole list of hints, so that no hint has a twin and none is missing."""

import sys
from pathlib import Path
from typing import Any

import pytest

from byhand.equations import check_text

sys.path.insert(0, str(Path(__file__).parent))
from worker import check

PAGE = r"""```math
X \in \mathbb{R}^{n_0 \times m}, \quad Y \in \mathbb{R}^{n_2 \times m} \\
U \in \mathbb{R}^{n_1 \times n_0}, \quad V \in \mathbb{R}^{n_2 \times n_1}, \quad b \in \mathbb{R}^{n_1 \times 1} \\
x \in \mathbb{R}^{n}, \quad y \in \mathbb{R}^{n}, \quad B \in \mathbb{R}^{n \times n}, \quad C \in \mathbb{R}^{n \times n} \\
Z := U X + b \\
A := \tanh(Z) \\
S := V A \\
\mathcal{L} := \frac{1}{2} \lVert S - Y \rVert_F^2 \\
J := \frac{1}{m} \mathcal{L} \\
dS := \frac{\partial \mathcal{L}}{\partial S} \\
dA := \frac{\partial \mathcal{L}}{\partial A} \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dU := \frac{\partial J}{\partial U} \\
dV := \frac{\partial J}{\partial V} \\
s := \operatorname{tr}(B C) \\
q := B x + y \\
R := \operatorname{ReLU}(S) \\
r := \langle R, Y \rangle \\
t := x^\top B C y
```
"""

HINTS = [
    # a transpose of a transpose is a long way to take one off
    (r"dS = S - Y^\top", ("Y, which is n_2 × m like dS",)),
    (r"\frac{\partial s}{\partial B} = C", (r"C^\top",)),
    # ones times a matrix entry by entry is the matrix
    (r"dS = \mathbf{1} (S - Y)", ("S - Y, which is n_2 × m like dS",)),
    # the transpose of a product is one slip, of two factors and of three
    (r"dA = dS^\top V", (r"V^\top dS, which is n_1 × m like dA",)),
    (r"dV = \frac{1}{m} (A dS^\top)", (r"\frac{1}{m} (dS A^\top), which is n_2 × n_1 like dV",)),
    (r"\frac{\partial t}{\partial B} = C y x^\top", (r"x y^\top C^\top",)),
    # a minus sign before a product belongs to it
    (r"-dA = -V dS", (r"-V^\top dS, which is n_1 × m like -dA",)),
    # the factor g'
    (r"dZ = dA", (r"dA \odot \tanh'(Z)",)),
    (r"dZ = \frac{\partial \mathcal{L}}{\partial A}", (r"\frac{\partial \mathcal{L}}{\partial A} \odot \tanh'(Z)",)),
    # a mended claim that repeats a definition: no better line is there to be written
    (r"Z = U X + b^\top", ("b, as the definition says",)),
    (r"S = V Z", (r"V A, as the definition says",)),
    (r"q = B x + y^\top", ("y, as the definition says",)),
    # the shape under a brace
    (r"dV = \frac{1}{m} \underbrace{dS}_{n_2 \times n_1} A^\top", ("n_2 × m under the brace",)),
    (r"dU = \underbrace{\frac{1}{m} dZ X^\top}_{n_0 \times n_1}", ("n_1 × n_0 under the brace",)),
    # the gradient of W in the place of W
    (r"dA = dV^\top dS", (r"V^\top dS",)),
    # ≥ for >, and the other way round; the sign is printed as it was written
    (r"\frac{\partial r}{\partial S} = Y \odot \mathbb{1}[R \geq 0]", (r"S", r"\mathbb{1}[R > 0]")),
    (r"\frac{\partial r}{\partial S} = Y \odot \mathbf{1}\{S < 0\}", (r"\mathbf{1}\{ S > 0 \}",)),
    # nothing mends a wrong brace over a wrong product
    (r"dV = \underbrace{dS}_{n_2 \times n_1} A", ()),
]  # fmt: skip
LAYERS = [
    (r"dZ^{[l]} = dA^{[l]}, \quad l = 1, \dots, L-1", r"dA^{[l]} \odot g^{[l]\prime}(Z^{[l]})"),
    (r"dZ^{[l]} = W^{[l+1]\top} dZ^{[l+1]}, \quad l = 1, \dots, L-1",
     r"W^{[l+1]\top} dZ^{[l+1]} \odot g^{[l]\prime}(Z^{[l]})"),
    (r"dA^{[l-1]} = dW^{[l]\top} dZ^{[l]}, \quad l = 2, \dots, L", r"W^{[l]\top} dZ^{[l]}"),
    (r"dW^{[l]} = \frac{1}{m} dA^{[l]} A^{[l-1]\top}, \quad l = 1, \dots, L",
     r"\frac{1}{m} dZ^{[l]} A^{[l-1]\top}"),
]  # fmt: skip
WRONG_TWICE = r"dV = A dS^\top"


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    """The last result of the page of each claim."""
    pages = [{"text": f"{PAGE}```math\n{claim}\n```\n", "file": "notes.md"} for claim, _ in HINTS]
    pages.append({"text": f'{PAGE}```math {{wrong="does-not-fit"}}\n{WRONG_TWICE}\n```\n', "file": "notes.md"})
    deep = "---\ngiven: L-layer\n---\n```math\ndZ^{[l]} = dA^{[l]}, \\quad l = 1, \\dots, L-1\n```\n"
    pages.append({"text": deep, "file": "notes.md"})
    layer = '---\ngiven: L-layer\n---\n```math {wrong="differs"}\nCLAIM\n```\n'
    pages += [{"text": layer.replace("CLAIM", claim), "file": "notes.md"} for claim, _ in LAYERS]
    names = [*(claim for claim, _ in HINTS), WRONG_TWICE, "deep", *(claim for claim, _ in LAYERS)]
    return {claim: answer["results"][-1] for claim, answer in zip(names, check(pages), strict=True)}


@pytest.mark.parametrize(("claim", "hints"), HINTS, ids=[claim for claim, _ in HINTS])
def test_every_hint_is_given_once(claim: str, hints: tuple[str, ...], judged: dict[str, dict[str, Any]]) -> None:
    assert judged[claim]["hints"] == [f"It would hold with {hint}." for hint in hints], judged[claim]["message"]


def test_a_wrong_fence_that_takes_two_edits_is_not_told_that_nothing_mends_it(
    judged: dict[str, dict[str, Any]],
) -> None:
    result = judged[WRONG_TWICE]
    assert not result["ok"]
    assert r"It would hold with \frac{1}{m} dS A^\top" in result["message"]
    assert "No single" not in result["message"]
    assert "That takes two small edits" in result["message"]


def test_a_factor_of_a_layer_is_found_at_layer_l(judged: dict[str, dict[str, Any]]) -> None:
    assert judged["deep"]["hints"] == [r"It would hold with dA^{[l]} \odot g^{[l]\prime}(Z^{[l]})."]


@pytest.mark.parametrize(("claim", "hint"), LAYERS)
def test_a_slip_at_layer_l_may_stand_in_a_wrong_fence(claim: str, hint: str, judged: dict[str, dict[str, Any]]) -> None:
    assert judged[claim]["hints"] == [f"It would hold with {hint}."]
    assert judged[claim]["ok"]


def test_a_long_line_of_numbers_does_not_hide_the_hint(judged: dict[str, dict[str, Any]]) -> None:
    lines = judged["dZ = dA"]["message"].split("\n")
    assert any(line.strip().startswith("It would hold with") for line in lines)
    assert max(map(len, lines)) <= 104


def test_a_hint_is_found_though_one_fixture_leaves_a_branch_out() -> None:
    page = r"""```math
Z \in \mathbb{R}^{n \times m}, Y \in \{-1,1\}^{n \times m} \\
\mathcal{L} := \sum_{k=1}^{n} \sum_{i=1}^{m} \max(0, 1 - Y_{ki} Z_{ki}) \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dZ = Y \odot \mathbb{1}[Y \odot Z < 1]
```"""
    result = check_text(page)[-1]
    assert result.verdict == "differs"
    assert result.hints == ("It would hold with the opposite sign.",)
