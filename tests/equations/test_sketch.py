"""The sketch that a picture is drawn from says what the shape line says."""

import re

import pytest

from byhand.equations import Result, Sketch, check_text, forward_program

FENCE = '---\ngiven: two-layer\n---\n\n```math {{#x picture="shapes"}}\n{}\n```\n'


def judged(claim: str) -> Result:
    (result,) = check_text(FENCE.format(claim))
    assert result.ok, result.message
    return result


def outline(sketch: Sketch) -> str:
    """The sizes of a sketch, written as a shape line is."""
    inner = [outline(part) for part in sketch.parts]
    if sketch.kind == "product":
        return "".join(f"({part})" for part in inner)
    if sketch.kind == "entrywise":
        return rf" {sketch.sign} ".join(part if part.startswith("(") else f"({part})" for part in inner)
    return rf"{sketch.rows} \times {sketch.columns}"


CLAIMS = [
    r"dA^{[1]} = W^{[2]\top} dZ^{[2]}",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]\top}",
    r"dZ^{[1]} = W^{[2]\top} dZ^{[2]} \odot g^{[1]\prime}(Z^{[1]})",
    r"dZ^{[1]} = dA^{[1]} \odot g^{[1]\prime}(Z^{[1]})",
    r"db^{[2]} = \frac{1}{m} dZ^{[2]} \mathbf{1}",
    r"\underbrace{dA^{[1]}}_{n_1 \times m} = \underbrace{W^{[2]\top}}_{n_1 \times n_2} \underbrace{dZ^{[2]}}_{n_2 \times m}",
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_sketch_has_the_sizes_of_the_shape_line(claim: str) -> None:
    result = judged(claim)
    assert " = ".join(outline(side) for side in result.sketches) == result.shape_line


def test_a_transpose_keeps_what_it_was_before_with_the_sizes_the_other_way_round() -> None:
    _, product = judged(CLAIMS[0]).sketches
    turned = product.parts[0]
    (before,) = turned.parts
    assert (turned.kind, turned.label, before.label) == ("transpose", r"W^{[2]\top}", "W^{[2]}")
    assert (turned.rows, turned.columns) == (before.columns, before.rows) == ("n_1", "n_2")


def test_numbers_in_front_are_a_factor_and_no_matrix() -> None:
    _, product = judged(CLAIMS[1]).sketches
    assert (product.factor, [part.label for part in product.parts]) == (r"\frac{1}{m}", ["dZ^{[2]}", r"A^{[1]\top}"])


def test_a_sum_says_over_what_it_runs() -> None:
    _, made = judged(r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}").sketches
    assert (made.kind, made.over, made.factor, made.parts[0].columns) == ("sum", "m", r"\frac{1}{m}", "1")


def test_a_claim_of_all_layers_has_one_sketch_with_the_letter_of_the_layer() -> None:
    page = FENCE.replace("two-layer", "L-layer").format(r"dA^{[l-1]} = W^{[l]\top} dZ^{[l]}, \quad l = 2, \dots, L")
    (result,) = check_text(page)
    assert result.ok, result.message
    whole, product = result.sketches
    assert (whole.label, whole.rows) == ("dA^{[l-1]}", "n_{l-1}")
    assert [part.label for part in product.parts] == [r"W^{[l]\top}", "dZ^{[l]}"]
    assert product.parts[0].columns == product.parts[1].rows == "n_l"


def test_only_a_fence_that_asks_has_sketches_and_a_cache_keeps_them() -> None:
    result = judged(CLAIMS[0])
    assert Result.load(result.plain()) == result
    assert result.sketches
    (plain,) = check_text(FENCE.format(CLAIMS[0]).replace(' picture="shapes"', ""))
    assert plain.sketches == ()


def test_the_forward_program_has_each_step_after_what_it_uses_and_no_gradient() -> None:
    steps = forward_program(FENCE.format(CLAIMS[0]))
    seen: set[str] = set()
    for step in steps:
        assert set(step.uses) <= seen
        assert bool(step.formula) == bool(step.uses)
        seen.add(step.symbol)
    assert {"Z^{[1]}", r"\mathcal{L}", "J", "X"} <= seen
    assert not [name for name in seen if re.match(r"d[A-Z]|db", name)]
    named = {step.symbol: step for step in steps}
    assert named["Z^{[1]}"].uses == ("W^{[1]}", "X", "b^{[1]}")
