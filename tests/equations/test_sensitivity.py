"""A tick needs that every symbol in a claim was felt: what is lost, flat, trivial or zero, beside what is not."""

import pytest

from byhand.equations import check_text

PAGE = r"""```math
X \in \mathbb{R}^{n_0 \times m}, W \in \mathbb{R}^{n_1 \times n_0}, b \in \mathbb{R}^{n_1 \times 1} \\
Y \in \{0,1\}^{n_1 \times m}, G \in \mathbb{R}^{n_1 \times m}, s \in \mathbb{R}, u \in \mathbb{R}^{n_1} \\
c \in \mathbb{R}, z \in \mathbb{R}^{n_1} \\
Z := W X + b \\
A := \sigma(Z) \\
S := \operatorname{softmax}(Z) \\
P := \sigma(10000 \exp(Z)) \\
q(x) := 3 x + 1 \\
f := \langle u, \operatorname{softmax}(z + c) \rangle \\
\mathcal{L} := -\mathbf{1}^\top (Y \odot \log A + (1 - Y) \odot \log(1 - A)) \mathbf{1} \\
T := \sum_{k} \sum_{i} S_{ki} \\
J := \frac{1}{m} \mathcal{L} \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dW := \frac{\partial J}{\partial W} \\
dT := \frac{\partial T}{\partial Z} \\
df := \frac{\partial f}{\partial c}
```
"""


def result(claim: str):  # type: ignore[no-untyped-def]
    """What is said about one claim after the page."""
    return check_text(f"{PAGE}```math\n{claim}\n```\n")[-1]


@pytest.mark.parametrize(
    "claim",
    [
        r"dZ = A - Y",
        r"\mathbf{1}^\top S = \mathbf{1}^\top",  # always 1, and still made of the logits
        r"\sigma(Z) + \sigma(-Z) = \mathbf{1} \mathbf{1}^\top",
        r"1000 + A = A + 1000",
        r"q'(s) = 3",  # no symbol is felt in a slope that is the same everywhere
        r"\operatorname{sign}(s) \operatorname{sign}(s) = 1",
        r"\mathbb{1}[s > 0] + \mathbb{1}[s < 0] = 1",
        r"2 dW = dW + \frac{1}{m} dZ X^\top",
        r"\frac{\partial f}{\partial c} = 0",
        r"df = 0",
        r"dT = 0",
        r"\mathbf{1}^\top \frac{\partial f}{\partial z} = 0",
    ],
)
def test_what_is_felt_holds(claim: str) -> None:
    assert result(claim).verdict == "holds", result(claim).message


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        # a large term hides a small one
        (r"10^{12} + A = 10^{12} + Y", "lost in rounding"),
        (r"\exp(40) + A = \exp(40) + G", "lost in rounding"),
        (r"1000000000000 A = 1000000000000 A + Z", "lost in rounding"),
        (r"A + 10^{-12} = A", "lost in rounding"),
        (r"Z + 1 - \tanh(1000000 A) = Z", "lost in rounding"),
        (r"(10^{12} + s) (10^{12} - s) = 10^{24}", "lost in rounding"),
        # a flat function hides its argument
        (r"P = 1 + 0 P", "flat to rounding"),
        (r"P = P \odot P", "flat to rounding"),
        (r"\tanh(100000 A) = 1 + 0 A", "flat to rounding"),
        (r"\tanh(100000 dZ) = 1 - 2 Y", "flat to rounding"),
        (r"dZ = A - Y + 0 G", "changes nothing there"),
        # nothing is said
        (r"dW = dW + 0", "the same formula"),
        (r"dZ = 1 \cdot dZ", "the same formula"),
        (r"dW = (dW^\top)^\top", "the same formula"),
        (r"dW - dW = 0", "the same formula"),
        (r"Z = Z + G - G", "the same formula"),
        (r"dZ = -(-dZ)", "the same formula"),
        # a gradient that is 0 but for rounding
        (r"dT = 17 dT", "negligible"),
        (r"dT = -dT", "negligible"),
        (r"dT = S \odot dT", "negligible"),
    ],
)
def test_what_is_not_felt_is_untested(claim: str, words: str) -> None:
    found = result(claim)
    assert found.verdict == "untested", found.message
    assert words in found.message


def test_a_gradient_that_is_not_zero_is_not_taken_for_rounding() -> None:
    assert result(r"dZ = 0").verdict == "differs"
    assert result(r"\frac{\partial f}{\partial z} = 0").verdict == "differs"
