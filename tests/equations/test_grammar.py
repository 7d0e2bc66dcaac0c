"""The grammar: no conflicts, TeX's own tokens, and messages that point at the place."""

import re

import pytest
from math_core import LatexToMathML

from byhand.equations.grammar import GRAMMAR, parse, parser
from byhand.equations.latex import latex
from byhand.equations.names import Names
from byhand.equations.problems import Unreadable
from byhand.equations.sentences import Claim, read
from byhand.equations.statements import split


def test_the_grammar_has_no_conflict_between_rules_or_tokens() -> None:
    parser(strict=True)


def test_the_grammar_file_can_be_read_on_its_own() -> None:
    text = GRAMMAR.read_text(encoding="utf-8")
    assert "%declare" not in text
    assert "%import" not in text
    assert len(text.splitlines()) < 110


NAMES = Names(
    symbols={
        "W", "Z", "A", "X", "Y", "b", "dW", "dZ", "dA", "J", r"\mathcal{L}", "x", "y", "a", "z", r"\hat{y}", r"\lambda",
        "W_aa", "A_prev", "G", "S", "K", "v", "s", r"\hat{Z}", "dX", r"\gamma", "p", "B", r"\epsilon", r"\sigma^2",
        r"\dot{X}",
    },
    functions={"f"}, sizes={"m", "n_"}, depth="L",
)  # fmt: skip


def side(text: str) -> str:
    """Read one side of a claim and print it as LaTeX again."""
    (statement,) = split(f"J = {text}")
    claim = read(parse(statement), statement, NAMES).sentence
    assert isinstance(claim, Claim)
    return latex(claim.sides[1])


def mathml(text: str) -> str:
    """The MathML a reader sees, without spacing and the grouping that cannot be seen."""
    shown = LatexToMathML().convert_with_local_state(text, displaystyle=True)
    shown = re.sub(r"<mspace[^>]*>(</mspace>)?|</?mrow[^>]*>|<mpadded[^>]*>|</mpadded>", "", shown)
    shown = re.sub(r' (form|lspace|rspace|fence|stretchy|minsize|maxsize|class|scriptlevel)="[^"]*"', "", shown)
    return re.sub(r"\s+|\u2061|<mo>\u2062</mo>", "", shown)


SEEN = [
    r"W^{[2]\top} dZ^{[2]} \odot f'(Z^{[1]})",
    r"\frac{1}{m} dZ^{[2]} A^{[1]\top}",
    r"x^12",
    r"\frac12 x",
    r"a_i y_j + a_jx",
    r"-\left( \frac{Y}{A} - \frac{1 - Y}{1 - A} \right)",
    r"\sum_{i=1}^{m} z^{(i)} x^{(i)\top}",
    r"\frac{1}{m} \sum_{i=1}^{m} \left( y_i \log a_i + (1 - y_i) \log (1 - a_i) \right)",
    r"\frac{\partial J}{\partial W^{[1]}}",
    r"\frac{dJ}{dW}",
    r"W_{aa}^\top A_{prev}",
    r"\lVert W \rVert_F^2 + \langle G, W \dot{X} \rangle",
    r"x^{-2} + s^{y}",
    r"W^{-1} A + I",
    r"A_{ki} - \delta_{ki} v_k",
    r"\sqrt{\sigma^2 + \epsilon}",
    r"\hat{y}_k",
    r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\mathbb{1}[x \geq 0] \, y - \mathbf{1}\{x < y\} + \mathbb{1}(x \leq 1)",
    r"\begin{cases} x & \text{if } x \geq 0 \\ 0 & \text{if } x < -1 \end{cases}",
    r"W^{[l+1]\top} dZ^{[l+1]}",
    r"\exp(x) + e^{-x} + \max(0, x)",
    r"x / y",
    r"-x - y",
    r"(x + y)(x - y)",
    r"Z^{[1]}_{ji} + W^{[2]}_{kj}",
    r"(W A)^\top",
    r"\underbrace{W A}_{n_1 \times m} + b",
    r"n_1 x + m",
    r"\log \frac{x}{y}",
    r"2 \cdot 3 x",
    r"\begin{bmatrix} W & b \end{bmatrix} \begin{pmatrix} X \\ \mathbf{1}^\top \end{pmatrix}^\top",
    r"\sum_{i,j} W_{ij} + \sum_{i \ne j} x_i y_j",
    r"\prod_{i=1}^{m} x_i \sum_{j,k=1}^{m} W_{jk}",
    r"\max_k x_k + 2 \min_j (-x_j)",
    r"(W^\top \otimes I) \operatorname{vec}(A)",
    r"\frac{\partial \operatorname{vec}(Z)}{\partial \operatorname{vec}(W)}",
    r"\frac{\partial^2 J}{\partial x_j \partial x_k}",
    r"\frac{\partial^2 J}{\partial x_j^2}",
    r"\frac{\partial^2 J}{\partial x \partial x^\top}",
    r"\frac{d^2 J}{ds^2}",
    r"\frac{\partial}{\partial x_k} \left( \frac{\partial J}{\partial x_j} \right)",
]


@pytest.mark.parametrize("text", SEEN)
def test_what_is_read_prints_as_what_is_seen(text: str) -> None:
    text = text.replace("[l+1]", "[2]")
    seen = text.replace(r"\text{if } ", "")
    assert mathml(side(text)) == mathml(seen)


def test_the_comparison_of_what_is_seen_is_no_formality() -> None:
    assert mathml(r"x^12") != mathml(r"x^{12}")
    assert mathml(r"W^\top A") != mathml(r"W A^\top")


AS_TEX = [
    (r"x^12", "x^{1} 2"),
    (r"x^{12}", "x^{12}"),
    (r"\frac12 x", r"\frac{1}{2} x"),
    (r"\frac1{2 x}", r"\frac{1}{2 x}"),
    (r"\frac{1}m", r"\frac{1}{m}"),
    (r"{W}^\top", r"{W}^\top"),
    (r"\hat y", r"\hat{y}"),
    (r"W^T", r"W^\top"),
    (r"W_{aa} x", "W_{aa} x"),
    (r"W_{kj} x", "W_{kj} x"),
]


@pytest.mark.parametrize(("text", "printed"), AS_TEX)
def test_tokens_are_cut_as_tex_cuts_them(text: str, printed: str) -> None:
    assert side(text) == printed


REFUSED = [
    (r"a \approx b", "≈", r"\approx"),
    (r"a \leq b", "≤", r"\leq"),
    (r"a \propto b", "∝", r"\propto"),
    (r"W = A^[1]", "TeX takes only one sign after ^", "["),
    (r"W = A^(i)", "TeX takes only one sign after ^", "("),
    (r"W = A +", "breaks off", "+"),
    (r"W = (A", "never closed", "("),
    (r"W = A)", "closes nothing", ")"),
    (r"W = A \odot", "breaks off", "t"),
    (r"W = \odot A", "operator needs a factor on each side", r"\odot"),
    (r"W A", "Nothing is claimed", "W A"),
    (r"W = A @ B", "matrix product", "@"),
    (r"W = A \times B", r"A B or A \odot B", r"\times"),
    (r"W = x_i_j", "second subscript", "_j"),
    (r"W = = A", "Two relations", "="),
    (r"W = \int A", r"\int", r"\int"),
    (r"W = \begin{bmatrix} A & \dots \end{bmatrix}", "Dots are read in ranges only", r"\dots"),
    (r"W = \dotx + A", "not in the language", r"\dotx"),
    (r"W = \begin{vmatrix} A \end{vmatrix}", "only cases, bmatrix and pmatrix", r"\begin{vmatrix}"),
    (r"W = A \otimes", "breaks off", "s"),
    (r"W = \otimes A", "operator needs a factor on each side", r"\otimes"),
]


@pytest.mark.parametrize(("text", "words", "place"), REFUSED)
def test_what_cannot_be_read_is_named_at_its_place(text: str, words: str, place: str) -> None:
    (statement,) = split(text)
    with pytest.raises(Unreadable) as caught:
        read(parse(statement), statement, NAMES)
    assert words in str(caught.value)
    assert text[slice(*caught.value.where)] == place
