"""What people paste from Word, Jupyter, the web and other TeX: read where it means one thing, else named with a caret."""

import sys
from pathlib import Path
from typing import Any

import pytest

from byhand.equations import SETTINGS, check_text

sys.path.insert(0, str(Path(__file__).parent))
from worker import check

READ = [
    "dZ^{[2]} = A^{[2]} − Y",  # the minus sign of Word
    "dZ^{[2]} = A^{[2]}\N{NO-BREAK SPACE}-\N{THIN SPACE}Y",
    "𝑑𝑍^{[2]} = 𝐴^{[2]} - 𝑌",  # the letters of Word
    r"\frac{∂J}{∂W^{[2]}} = \frac{1}{m} dZ^{[2]} A^{[1]⊤}",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]ᵀ}",
    r"dA^{[1]} = {W^{[2]}}ᵀ dZ^{[2]}",
    r"dA^{[1]} = {W^{[2]}}^⊤ dZ^{[2]}",
    r"dA^{[1]} = {W^{[2]}}^\mathsf{T} dZ^{[2]}",
    r"dA^{[1]} = {W^{[2]}}^\mathrm T dZ^{[2]}",
    r"dA^{[1]} = {W^{[2]}}^{\mathsf T} dZ^{[2]}",
    r"dA^{[1]} = {W^{[2]}}^{\intercal} dZ^{[2]}",
    r"dZ^{[1]} = dA^{[1]} ⊙ g^{[1]}’(Z^{[1]})",
    r"dZ^{[1]} = dA^{[1]} ∘ g^{[1]}′(Z^{[1]})",
    r"dZ^{[1]} = dA^{[1]} ∗ {g^{[1]}}'(Z^{[1]})",
    r"dZ^{[1]} = dA^{[1]} \ast {g^{[1]}}^\prime(Z^{[1]})",
    r"dW^{[2]} = \frac{1}{m} ⋅ dZ^{[2]} · A^{[1]\top}",
    r"dZ^{[2]} = \color{red}{A^{[2]}} - {\color{blue} Y}",
    r"dZ^{[2]} = \textcolor{red}{A^{[2]}} - \textcolor{blue}{Y}",
    r"\boxed{dZ^{[2]} = A^{[2]} - Y}",
    r"dZ^{[2]} = \boxed{A^{[2]} - Y}",
    r"\boxed{\begin{aligned} dZ^{[2]} &= A^{[2]} - Y \end{aligned}}",
    r"dZ^{[2]} = \bigl( A^{[2]} \bigr) - \Big( Y \Big)",
    r"\begin{align*} dZ^{[2]} &= A^{[2]} - Y \notag \end{align*}",
    r"\begin{equation} \begin{split} dZ^{[2]} &= A^{[2]} - Y \end{split} \end{equation}",
    r"Z^{[2]}_{ki} = \sum\limits_{j=1}^{n_1} W^{[2]}_{kj} A^{[1]}_{ji} + b^{[2]}_k",
    r"dZ^{[2]} = \displaystyle A^{[2]} \hspace{1em} -\! Y \mathstrut",
    r"\mathrm{d}Z^{[2]} = A^{[2]} - Y",
    r"\operatorname*{tr}(Y^\top Y) = ‖Y‖_F^2",
    r"\vert A^{[2]}_{ki} - Y_{ki} \vert = \lvert dZ^{[2]}_{ki} \rvert",
    "H ≔ 2 Y, \\quad H = Y + Y",
    r"H \triangleq 2 Y, \quad H = Y + Y",
    r"v \in \R^{n}, \quad \lVert v \rVert^2 = v^\top v",
    r"v ∈ ℝ^{n}, \quad \lVert v \rVert^2 = v^\top v",
]

NAMED = [  # the claim, what the caret points at, words of the message
    (r"dZ^{[2]} = A^{[2]} \bmod Y", r"\bmod", "Remainders"),
    (r"dZ^{[2]} = \phantom{2} A^{[2]} - Y", r"\phantom", "take it away"),
    (r"dZ^{[2]} = A^{[2]} - Y \quad 3", r"\quad", r"\tag{3}"),
    (r"dZ^{[2]} = A^{[2]} - Y \quad (1)", r"\quad", r"\tag{3}"),
    (r"dZ^{[2]} = A^{[2]} - Y \qquad \forall i", r"\forall", "free indices"),
    ("dZ^{[2]} = A^{[2]} – Y", "–", "Write -."),
    ("dZ^{[2]} = A^{[2]} — Y", "—", "Write -."),
    ("dZ^{[2]} = A^{[2]}\N{ZERO WIDTH SPACE} - Y", "\N{REPLACEMENT CHARACTER}", "U+200B (zero width space)"),
    ("dZ^{[2]} = A^{[2]} \x07- Y", "␇", "U+0007"),
    ("dZ^{[2]} = A^{[2]} × Y", "×", "stands in shapes only"),
    (r"dZ^{[2]} = A^{[2]} \times Y", r"\times", "stands in shapes only"),
    ("dZ^{[2]} = ½ A^{[2]}", "½", r"Write \frac{1}{2}."),
    ("dZ^{[2]} = √2 Y", "√", r"Write \sqrt{…}."),
    ("J = ∑_i Y", "∑", r"\sum_{i=1}^{m}"),
    ("dZ^{[2]} = ŷ", "ŷ", r"Write \hat{y}."),
    ("J² = 1", "²", "Write ^2."),
    ("A₁ = 3", "₁", "Write _1."),
    ("dZ^{[2]} = 𝐖", "𝐖", r"Write \mathbf{W}."),
    ("dZ^{[2]} ≡ A^{[2]} - Y", "≡", "The relation ≡ is not checked."),
    ("dZ^{[2]} ≠ Y", "≠", "The relation ≠ is not checked."),
    ("dZ^{[2]} = A^{[2]} - Y ¶ dZ^{[2]} = A^{[2]}", "¶", "no meaning"),
    ("⟦Y⟧ = 1", "⟦", "no meaning"),
    (r"dA^{[1]} = W^{[2]^T} dZ^{[2]}", "^{[2]^", "one group"),
    ("dW^{[2]} = dZ^{[2]} A^{[1]}.T", ".", "That is Python"),
    (r"dZ^{[2]} = \left. A^{[2]} \right|_{x=0}", ".", "decimals"),
    (r"dZ^{[2]} \stackrel{!}{=} A^{[2]} - Y", r"\stackrel", "over or under"),
    (r"dZ^{[2]} \overset{(1)}{=} A^{[2]} - Y", r"\overset", "over or under"),
    (r"dZ^{[2]} = \overbrace{A^{[2]}}^{n_2 \times m} - Y", r"\overbrace", r"\underbrace"),
    (r"dZ^{[2]} = \cancel{A^{[2]}} - Y", r"\cancel", "struck out"),
    (r"dZ^{[2]} = A^{[2]} \pm Y", r"\pm", "write both"),
    (r"dZ^{[2]} = \color{white}{2} A^{[2]} - Y", r"\color", "red"),
    (r"dZ^{[2]} = \binom{1}{2} Y", r"\binom", "Binomials"),
    (r"dZ^{[2]} = {1 \over 2} Y", r"\over", r"\frac"),
    (r"dZ^{[2]} = A^{[2]} \% Y", r"\%", "cannot be read here"),
    (r"dZ^{[2]} = A^{[2]} {-} Y", "}", "missing before this }"),
    (r"\mathcal{L} = a_1 + \dots + a_n", r"\dots", "ranges only"),
    (r"\mathcal{L} = a_1 + \cdots + a_n", r"\cdots", "ranges only"),
    (r"dZ^{[2]} = A^{[2]} - Y \checkmark", r"\checkmark", "Only the checker"),
    (r"\newcommand{\x}{1} \x = 1", r"\newcommand", "Macros"),
    (r"dZ^{[2]} = \mathbf{A}^{[2]} - Y", r"\mathbf{A}^{[2]}", r"A is introduced, and \mathbf{A} is another name."),
    (r"dZ^{[2]} = \simga(Z^{[2]})", r"\simga", r"The nearest word is \sigma."),
    (r"db^{[2]} = \operatorname{sum}(dZ^{[2]})", r"\operatorname{sum}", r"A \mathbf{1}"),
    ("dZ_2 = Y", "dZ_2", "dZ has layers here, 1 to 2: a layer is written dZ^{[2]}."),
    (r"db^{[2]} = \mathbf{1} dZ^{[2]}", r"\mathbf{1} dZ^{[2]}", "a column of any length"),
    ("dz^{[2]} = a^{[2]} - y", "dz^{[2]}", "It is in the setting one-example: put given: one-example"),
]


@pytest.fixture(scope="module")
def judged() -> dict[str, list[dict[str, Any]]]:
    """The results of the page of each claim."""
    claims = [*READ, *(claim for claim, *_ in NAMED)]
    pages = [{"text": f"```math\n{claim}\n```\n", "file": "notes.md", "given": "two-layer"} for claim in claims]
    return {claim: answer["results"] for claim, answer in zip(claims, check(pages), strict=True)}


@pytest.mark.parametrize("claim", READ)
def test_what_means_one_thing_is_read(claim: str, judged: dict[str, list[dict[str, Any]]]) -> None:
    assert judged[claim][-1]["verdict"] == "holds", judged[claim][-1]["message"]
    assert all(result["ok"] for result in judged[claim])


@pytest.mark.parametrize(("claim", "marked", "words"), NAMED)
def test_what_cannot_be_read_is_named_with_a_caret(
    claim: str, marked: str, words: str, judged: dict[str, list[dict[str, Any]]]
) -> None:
    result = judged[claim][0]
    assert not result["ok"]
    quote, caret = result["message"].split("\n")[1:3]
    assert quote[caret.index("^") : caret.rindex("^") + 1] == marked
    assert words in result["message"]


def test_a_setting_is_named_only_to_a_page_that_introduces_nothing() -> None:
    own = "```math\nx \\in \\mathbb{R}\n```\n"
    asks = "```math\ndW^{[2]} = \\frac{1}{m} dZ^{[2]} A^{[1]\\top}\n```\n"
    assert "It is in the setting one-example, two-layer or L-layer" in check_text(asks)[0].message
    assert "setting" not in check_text(own + asks)[-1].message
    assert "setting" not in check_text("```math\nq = 1\n```\n")[0].message
    assert all(name in SETTINGS for name in ("two-layer", "L-layer"))
