"""The fields of a result: the statement whole, as it was written, and letters read at their layer."""

import pytest

from byhand.equations import check_text

SOURCES = [
    (r"\left( A^{[2]} - Y \right) = dZ^{[2]}", r"\left( A^{[2]} - Y \right) = dZ^{[2]}"),
    (r"\sqrt{J^2} = \left\lvert J \right\rvert \tag{4}", r"\sqrt{J^2} = \left\lvert J \right\rvert \tag{4}"),
    (r"dZ^{[2]} = A^{[2]} - Y \text{ by the chain rule}.", r"dZ^{[2]} = A^{[2]} - Y \text{ by the chain rule}"),
    (r"dZ^{[l]} = Q^{[l]}, \quad l = 1, \dots, L", r"dZ^{[l]} = Q^{[l]}, \quad l = 1, \dots, L"),
    (r"\begin{aligned} Q &:= 2 Y \notag \\[2pt] & \text{and} \end{aligned}", r"Q &:= 2 Y"),
    (r"\boxed{dZ^{[2]} = A^{[2]} - Y}", "dZ^{[2]} = A^{[2]} - Y"),
    (r"dZ^{[2]} = A^{[2]} - Y, % why", "dZ^{[2]} = A^{[2]} - Y"),
]


@pytest.mark.parametrize(("page", "source"), SOURCES)
def test_the_source_is_the_statement_as_it_was_written(page: str, source: str) -> None:
    assert check_text(f"$$ {page} $$", given="two-layer")[0].source == source


def test_a_column_is_read_at_its_layer() -> None:
    result = check_text("$$ dz^{[2](i)} = a^{[2](i)} - y^{(i)} $$", given="two-layer")[0]
    assert result.verdict == "holds"
    assert result.read_as == (
        "dz^{[2](i)} is column i of dZ^{[2]}; a^{[2](i)} is column i of A^{[2]}; y^{(i)} is column i of Y"
    )
