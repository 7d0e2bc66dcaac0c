"""Formulas that look like another one, beside their near misses: the tick covers what is seen."""

import pytest

from byhand.equations import check_text

PAGE = r"""```math
X \in \mathbb{R}^{n_0 \times m}, W \in \mathbb{R}^{n_1 \times n_0}, b \in \mathbb{R}^{n_1 \times 1} \\
Y \in \{0,1\}^{n_1 \times m}, G \in \mathbb{R}^{n_1 \times m}, s \in \mathbb{R} \\
Z := W X + b \\
A := \sigma(Z) \\
\mathcal{L} := -\mathbf{1}^\top (Y \odot \log A + (1 - Y) \odot \log(1 - A)) \mathbf{1} \\
J := \frac{1}{m} \mathcal{L} \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dW := \frac{\partial J}{\partial W} \\
h(x) := x^2 + s
```
"""


def verdict(claim: str, page: str = PAGE) -> str:
    """The verdict on one claim after the page."""
    return check_text(f"{page}```math\n{claim}\n```\n")[-1].verdict


@pytest.mark.parametrize(
    "claim",
    [
        r"dZ = A - Y",
        r"d Z = A - Y",
        r"d\,Z = A - Y",
        r"dW = \frac{1}{m} \cdot dZ X^\top",
        r"\frac{\partial \mathcal{L}}{\partial\,Z} = A - Y",
        r"\frac{\mathrm{d} J}{\mathrm{d} W} = \frac{1}{m} dZ X^\top",
        r"\log\!\left( \exp(Z) \right) = Z",
        r"\log \exp(Z) = Z",
        r"3 \cdot 4 s = 12 s",
        r"s^1 2 = 2 s",
        r"\tanh^{2}(s) = \tanh(s) \tanh(s)",
        r"\tanh(s)^{-1} = \frac{1}{\tanh(s)}",
        r"h(s) - s = s^2",
        r"dZ = A - Y \tag{3}",
        r"dZ = A - Y \tag{2.1a}",
        r"dZ = A - Y \text{ (by the chain rule)}",
        r"dZ = A - Y \quad \text{because the slopes cancel, i.e. at once}",
        r"\text{so } dZ = A - Y",
        r"dZ = A - Y, \quad \text{and } dW = \frac{1}{m} dZ X^\top",
        r"\text{tr}\left( dZ^\top Y \right) = \langle A - Y, Y \rangle",
    ],
)
def test_what_is_seen_is_read(claim: str) -> None:
    assert verdict(claim) == "holds"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        # a dot or a space that is seen ends a name
        (r"dW = \frac{1}{m} d \cdot Z X^\top", "undefined"),
        (r"d \cdot W = \frac{1}{m} dZ X^\top", "undefined"),
        (r"d \hspace{1cm} Z = A - Y", "undefined"),
        (r"d \; Z = A - Y", "undefined"),
        (r"d ~ Z = A - Y", "undefined"),
        (r"d \text{ } Z = A - Y", "undefined"),
        (r"d{}Z = A - Y", "undefined"),
        (r"d \displaystyle Z = A - Y", "undefined"),
        # a function is no factor
        (r"\sigma \cdot (Z) = A", "cannot-be-read"),
        (r"\log \cdot A = \log A", "cannot-be-read"),
        (r"\exp \cdot \log A = A", "cannot-be-read"),
        (r"\log\;(\exp(Z)) = Z", "cannot-be-read"),
        (r"\frac{\partial \mathcal{L}}{\partial \cdot Z} = A - Y", "cannot-be-read"),
        # words that carry mathematics
        (r"dZ = \text{-} (A - Y)", "cannot-be-read"),
        (r"dZ = A - Y \text{ + G}", "cannot-be-read"),
        (r"\text{-} dZ = A - Y", "cannot-be-read"),
        (r"\text{minus } dZ = A - Y", "cannot-be-read"),
        (r"dZ = A - Y \text{m}", "cannot-be-read"),
        (r"dZ = A - Y \text{ 2}", "cannot-be-read"),
        (r"dZ = A - Y \text{dW}", "cannot-be-read"),
        (r"dZ = \mbox{-} (A - Y)", "cannot-be-read"),
        (r"dZ = A \textbf{ minus } - Y", "cannot-be-read"),
        (r"dZ = A - Y \text{ and } G", "cannot-be-read"),
        (r"dZ = A - Y \tag{+ 1}", "cannot-be-read"),
        (r"dZ = A \tag{3} - Y", "cannot-be-read"),
        # two numbers side by side
        (r"3 4 s = 12 s", "cannot-be-read"),
        (r"2\,1 s = 2 s", "cannot-be-read"),
        (r"2{}1 s = 2 s", "cannot-be-read"),
        (r"2\!1 s = 2 s", "cannot-be-read"),
        (r"{2}1 s = 2 s", "cannot-be-read"),
        (r"dZ = A - Y \odot (0 1 + 1)", "cannot-be-read"),
        # marks on functions, and styles of letters
        (r"h^{[1]}(s) = h(s) + 0 s", "cannot-be-read"),
        (r"\tanh^{-1}(s) = \frac{1}{\tanh(s)}", "cannot-be-read"),
        (r"\mathsf{Z} = W X + b", "cannot-be-read"),
        (r"A \odot \mathrm{G} = G \odot A", "cannot-be-read"),
    ],
)
def test_what_only_looks_like_it_is_not_read(claim: str, expected: str) -> None:
    assert verdict(claim) == expected


def test_the_message_about_two_numbers_offers_both_readings() -> None:
    (result,) = check_text("```math\ns \\in \\mathbb{R} \\\\ 3 4 s = 12 s\n```")[1:]
    assert r"Write 34 or 3 \cdot 4." in result.message


def test_a_scalar_d_times_a_matrix_is_that_product_and_no_gradient() -> None:
    page = "```math\nd \\in \\mathbb{R}, Z \\in \\mathbb{R}^{n \\times m} \\\\\n"
    page += "f := \\langle Z, Z \\rangle \\\\ dZ := \\frac{\\partial f}{\\partial Z}\n```\n"
    assert verdict(r"2 d \cdot Z = d \cdot dZ", page) == "holds"
    assert verdict(r"2 d Z = d \cdot dZ", page) == "differs"


def test_styles_of_a_letter_are_different_letters() -> None:
    page = "```math\nx \\in \\mathbb{R}, \\mathsf{x} \\in \\mathbb{R} \\\\ y := x \\mathsf{x}\n```\n"
    assert verdict(r"\frac{\partial y}{\partial x} = \mathsf{x}", page) == "holds"
    assert verdict(r"\frac{\partial y}{\partial x} = x", page) == "differs"


def test_names_in_words_keep_their_subscripts() -> None:
    page = "```math\nx_{\\text{new}} \\in \\mathbb{R}, x_{\\text{old}} \\in \\mathbb{R} \\\\\n"
    page += "y := x_{\\text{new}} x_{\\text{old}}\n```\n"
    assert verdict(r"\frac{\partial y}{\partial x_{\text{old}}} = x_{\text{new}}", page) == "holds"
    assert verdict(r"\frac{\partial y}{\partial x_{\text{old}}} = x_{\text{old}}", page) == "differs"


UPRIGHT = r"""```math
W_{\mathrm{a}} \in \mathbb{R}, W_a \in \mathbb{R}, v \in \mathbb{R}^{n}, x \in \mathbb{R}, c_{\text{in}} \in \mathbb{R} \\
y := W_{\mathrm{a}} W_a + \sum_{a=1}^{n} v_a
```
"""


@pytest.mark.parametrize("style", [r"\mathrm", r"\text", r"\textrm", r"\operatorname"])
def test_an_upright_letter_in_a_subscript_is_another_letter(style: str) -> None:
    assert verdict(rf"\frac{{\partial y}}{{\partial W_a}} = W_{{{style}{{a}}}}", UPRIGHT) == "holds"
    assert verdict(r"\frac{\partial y}{\partial W_a} = W_a", UPRIGHT) == "differs"
    assert verdict(rf"y = W_a W_{{{style}{{ a }}}} + \sum_{{a=1}}^{{n}} v_a", UPRIGHT) == "holds"
    assert verdict(rf"y = W_a W_{{{style}{{a}}}} + \sum_{{a=1}}^{{n}} v_{{{style}{{a}}}}", UPRIGHT) == "undefined"


def test_an_upright_word_in_a_subscript_is_the_same_word_and_is_reported() -> None:
    one = check_text(f"{UPRIGHT}```math\n2 c_{{in}} = c_{{\\text{{in}}}} + c_{{\\mathrm{{in}}}}\n```\n")[-1]
    assert (one.verdict, one.read_as) == ("holds", r"c_{in} is c_{\mathrm{in}}")


def test_an_update_is_named_as_one_before_its_step_size_is_missed() -> None:
    results = check_text(f"{PAGE}```math\nW := W - \\alpha dW\n```\n```math\nV := \\alpha dW\n```\n")
    assert "An update is not an equation" in results[-2].message
    assert results[-1].verdict == "undefined"


@pytest.mark.parametrize("sign", ["*", r"\circ", r"\ast"])
def test_another_sign_for_the_product_of_entries_is_reported(sign: str) -> None:
    claim = f"G {sign} A + A = A \\odot (G + 1)"
    result = check_text(f"{PAGE}```math\n{claim}\n```\n")[-1]
    assert (result.verdict, result.read_as) == ("holds", rf"{sign} is \odot, entry by entry")


def test_quotients_have_equal_shapes_or_a_number() -> None:
    assert verdict(r"\frac{A}{1 + G \odot G} \odot (1 + G \odot G) = A") == "holds"
    assert verdict(r"s \frac{A}{s} = A") == "holds"
    assert verdict(r"\frac{A}{b} \odot b = A") == "does-not-fit"


def test_ranges_run_upwards() -> None:
    claim = "dZ^{[l]} = dA^{[l]} \\odot g^{[l]\\prime}(Z^{[l]}), \\quad l = %s"
    for ends, expected in (
        ("1, \\dots, L-1", "holds"),
        ("L, \\dots, 1", "cannot-be-read"),
        ("3, \\dots, 2", "cannot-be-read"),
    ):
        assert check_text(f"$${claim % ends}$$", given="L-layer")[-1].verdict == expected
