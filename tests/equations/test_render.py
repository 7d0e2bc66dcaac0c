"""The shape line comes from the same tree, and the mark says what was done."""

from dataclasses import replace
from typing import Any

import pytest
from math_core import LatexToMathML

from byhand.equations import FAILURES, Result, check_text
from byhand_site.verdicts import below

LINES = [
    (r"dZ^{[1]} = W^{[2]\top} dZ^{[2]} \odot g^{[1]\prime}(Z^{[1]})",
     r"n_1 \times m = (n_1 \times n_2)(n_2 \times m) \odot (n_1 \times m)"),
    (r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^\top", r"n_1 \times n_0 = (n_1 \times m)(m \times n_0)"),
    (r"db^{[2]} = \frac{1}{m} dZ^{[2]} \mathbf{1}", r"n_2 \times 1 = (n_2 \times m)(m \times 1)"),
    (r"dZ^{[2]} = A^{[2]} - Y", r"n_2 \times m = n_2 \times m"),
    (r"Z^{[2]} = b^{[2]} + W^{[2]} A^{[1]}", r"n_2 \times m = (n_2 \times 1) + (n_2 \times n_1)(n_1 \times m)"),
    (r"m J = \mathcal{L}", ""),
    (r"dZ^{[2]}_{ki} = A^{[2]}_{ki} - Y_{ki}", ""),
    (r"dA^{[1]} = W^{[2]\top} (A^{[2]} - Y)", r"n_1 \times m = (n_1 \times n_2)(n_2 \times m)"),
]  # fmt: skip


COMPOUND = [
    (r"\operatorname{vec}(Z^{[1]}) = (X^\top \otimes I) \operatorname{vec}(W^{[1]}) + \mathbf{1} \otimes b^{[1]}",
     r"n_1 m \times 1 = (m n_1 \times n_0 n_1)(n_1 n_0 \times 1) + (m n_1 \times 1)"),
    (r"\begin{bmatrix} W^{[1]} & b^{[1]} \end{bmatrix} \begin{bmatrix} X \\ \mathbf{1}^\top \end{bmatrix} = Z^{[1]}",
     r"(n_1 \times (n_0 + 1))((n_0 + 1) \times m) = n_1 \times m"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "line"), COMPOUND)
def test_sizes_that_are_products_or_sums_are_printed_so(claim: str, line: str) -> None:
    result = check_text(f"$$ {claim} $$", given="two-layer")[-1]
    assert result.shape_line == line, result.message
    assert str(LatexToMathML().convert_with_local_state(line, displaystyle=True)).count("<math") == 1


@pytest.mark.parametrize(("claim", "line"), LINES)
def test_the_shape_line_is_printed_from_the_tree(claim: str, line: str) -> None:
    result = check_text(f"$$ {claim} $$", given="two-layer")[-1]
    assert result.verdict == "holds", result.message
    assert result.shape_line == line


def test_the_details_say_sizes_seeds_derivative_and_a_bound() -> None:
    result = check_text(r"$$ dZ^{[2]} = A^{[2]} - Y $$", given="two-layer")[-1]
    sizes = [line for line in result.details if line.startswith("Sizes: ")]
    assert len(set(sizes)) == 2
    assert "Seeds: 0, 1, 2." in result.details
    assert "Derivatives by the complex step, from the definitions on this page." in result.details
    assert result.details[-1] == "Largest error below 1e-12 of the terms, in every entry."


def test_central_differences_are_named_where_they_were_used() -> None:
    page = "```math\nx \\in \\mathbb{R}^n \\\\ y := \\mathbf{1}^\\top \\operatorname{GELU}(x) \\\\ "
    page += "\\frac{\\partial y}{\\partial x} = \\Phi(x) + x \\odot \\Phi'(x)\n```"
    result = check_text(page)[-1]
    assert result.verdict == "holds", result.message
    assert any("central differences" in line for line in result.details)


def result(verdict: str, **fields: Any) -> Result:
    """A result as the site gets it."""
    plain = Result("page.md", 1, 1, "a = b", verdict, "", verdict == "holds", "", "", "", ())
    return replace(plain, **fields)


def test_only_what_holds_has_a_tick_and_text_is_escaped() -> None:
    convert = LatexToMathML().convert_with_local_state
    shapes = [convert(r"n \times m", displaystyle=False)]
    good = below([result("holds", details=("Seeds: 0 < 1.",))], shapes)
    assert "✓" in good
    assert "<math" in good
    assert "0 &lt; 1" in good
    for verdict in FAILURES:
        bad = below([result(verdict, expected=verdict, message="<script>")], [])
        assert "✓" not in bad
        assert "<script>" not in bad
    assert "✓" not in below([result("unchecked", reason="<script>")], [])
    assert "<script>" not in below([result("unchecked", reason="<script>")], [])


SHAPES = [
    # brackets stand only where a looser operation is inside a tighter one, and a difference keeps its minus
    (r"dA^{[2]} = \frac{1 - Y}{1 - A^{[2]}} - \frac{Y}{A^{[2]}}",
     r"n_2 \times m = (n_2 \times m) \,/\, (n_2 \times m)"),
    (r"W^{[2]} A^{[1]} = Z^{[2]} - b^{[2]}", r"(n_2 \times n_1)(n_1 \times m) = (n_2 \times m) - (n_2 \times 1)"),
    (r"dZ^{[2]} = -(Y - A^{[2]})", r"n_2 \times m = n_2 \times m"),
    (r"dW^{[2]} = \frac{1}{m} (dA^{[2]} \odot \sigma'(Z^{[2]})) A^{[1]\top}",
     r"n_2 \times n_1 = \left[(n_2 \times m) \odot (n_2 \times m)\right](m \times n_1)"),
    (r"dZ^{[2]} = dA^{[2]} \odot (A^{[2]} - A^{[2]} \odot A^{[2]})",
     r"n_2 \times m = (n_2 \times m) \odot \left[(n_2 \times m) - (n_2 \times m) \odot (n_2 \times m)\right]"),
    (r"\frac{1}{m} (dZ^{[2]} A^{[1]\top} + m W^{[2]}) = dW^{[2]} + W^{[2]}",
     r"(n_2 \times m)(m \times n_1) + (n_2 \times n_1) = n_2 \times n_1"),
    (r"dZ^{[2]} = \left( \frac{1 - Y}{1 - A^{[2]}} - \frac{Y}{A^{[2]}} \right) \odot \sigma'(Z^{[2]})",
     r"n_2 \times m = \left[(n_2 \times m) \,/\, (n_2 \times m)\right] \odot (n_2 \times m)"),
    (r"Z^{[2]} - W^{[2]} A^{[1]} = b^{[2]} \mathbf{1}^\top",
     r"(n_2 \times m) - (n_2 \times n_1)(n_1 \times m) = (n_2 \times 1)(1 \times m)"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "line"), SHAPES)
def test_a_shape_line_has_the_signs_of_its_formula_and_no_brackets_to_spare(claim: str, line: str) -> None:
    found = check_text(f"$$ {claim} $$", given="two-layer")[-1]
    assert found.verdict == "holds", found.message
    assert found.shape_line == line


LAYERS = [
    (r"dZ^{[l]} = W^{[l+1]\top} dZ^{[l+1]} \odot g^{[l]\prime}(Z^{[l]}), \quad l = 1, \dots, L-1",
     r"n_l \times m = (n_l \times n_{l+1})(n_{l+1} \times m) \odot (n_l \times m)", "n_l × m"),
    (r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]\top}, \quad l = 1, \dots, L",
     r"n_l \times n_{l-1} = (n_l \times m)(m \times n_{l-1})", "n_l × n_{l-1}"),
    (r"dZ^{[L]} = A^{[L]} - Y", r"n_L \times m = n_L \times m", "n_L × m"),
    (r"dA^{[L-1]} = W^{[L]\top} dZ^{[L]}", r"n_{L-1} \times m = (n_{L-1} \times n_L)(n_L \times m)", "n_{L-1} × m"),
    (r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^\top", r"n_1 \times n_0 = (n_1 \times m)(m \times n_0)", "n_1 × n_0"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "line", "shape"), LAYERS)
def test_the_shape_line_of_layer_l_speaks_of_layer_l(claim: str, line: str, shape: str) -> None:
    found = check_text(f"$$ {claim} $$", given="L-layer")[-1]
    assert found.verdict == "holds", found.message
    assert found.shape_line == line
    assert found.shape == shape
