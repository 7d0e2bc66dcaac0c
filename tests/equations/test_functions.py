"""One row of the table of functions, one line here: its value at one point, and its derivative there.

The values were taken from published tables or worked by hand, to nine digits; they are no copy of the code.
"""

import math

import numpy as np
import pytest

from byhand.equations import check_text
from byhand.equations.functions import SMOOTH, SMOOTH_UNIT, TABLE, Function, slope
from byhand_site.generated import KINDS

# latex, x, value, derivative
POINTS = [
    (r"\exp", 0.5, 1.6487212707, 1.6487212707),
    (r"\log", 2.0, 0.6931471806, 0.5),
    (r"\tanh", 0.5, 0.4621171573, 0.7864477330),
    (r"\sin", 0.5, 0.4794255386, 0.8775825619),
    (r"\cos", 0.5, 0.8775825619, -0.4794255386),
    (r"\sinh", 0.5, 0.5210953055, 1.1276259652),
    (r"\cosh", 0.5, 1.1276259652, 0.5210953055),
    (r"\sigma", 0.5, 0.6224593312, 0.2350037122),
    ("softplus", 0.5, 0.9740769842, 0.6224593312),
    ("ReLU", 0.5, 0.5, 1.0),
    ("LeakyReLU", -0.5, -0.005, 0.01),
    ("SiLU", 0.5, 0.3112296656, 0.7399611873),
    ("GELU", 0.5, 0.3457312307, 0.8674951247),
    ("erf", 0.5, 0.5204998778, 0.8787825789),
    (r"\Phi", 0.5, 0.6914624613, 0.3520653268),
    ("softsign", 0.5, 1 / 3, 4 / 9),
    ("sign", -0.5, -1.0, 0.0),
    ("abs", -0.5, 0.5, -1.0),
]
ENTRY = [row for row in TABLE if row.kind == "entry"]


@pytest.mark.parametrize(("name", "x", "value", "derivative"), POINTS, ids=[point[0] for point in POINTS])
def test_a_function_has_its_value_and_its_derivative(name: str, x: float, value: float, derivative: float) -> None:
    (row,) = (row for row in TABLE if row.latex == name)
    point = np.array([[x]])
    assert row.compute(point)[0, 0] == pytest.approx(value, abs=1e-9)
    assert slope(row.compute, row.analytic, point)[0, 0] == pytest.approx(derivative, abs=1e-9)


def test_every_function_that_works_entry_by_entry_has_its_point() -> None:
    assert {point[0] for point in POINTS} == {row.latex for row in ENTRY}


@pytest.mark.parametrize("row", [row for row in ENTRY if row.analytic], ids=lambda row: row.latex)
def test_the_complex_step_agrees_with_central_differences_away_from_kinks(row: Function) -> None:
    points = np.array([[-1.9, -0.7, 0.3, 1.4, 2.2]])
    points = np.abs(points) + 0.5 if "0" in row.domain else points
    step, differences = slope(row.compute, True, points), slope(row.compute, False, points)
    np.testing.assert_allclose(step, differences, rtol=0, atol=2e-10)


@pytest.mark.parametrize("g", [*SMOOTH, *SMOOTH_UNIT])
def test_abstract_functions_are_smooth_and_defined_everywhere(g) -> None:  # type: ignore[no-untyped-def]
    points = np.linspace(-6, 6, 41)
    np.testing.assert_allclose(slope(g, True, points), slope(g, False, points), rtol=0, atol=1e-8)


def test_some_abstract_functions_are_not_monotone() -> None:
    points = np.linspace(-4, 4, 400)
    slopes = [slope(g, True, points) for g in SMOOTH]
    assert sum(bool(np.any(values > 0.01) and np.any(values < -0.01)) for values in slopes) >= 3


def test_functions_into_the_unit_interval_stay_inside() -> None:
    points = np.linspace(-9, 9, 999)
    assert all(np.all((g(points) > 0) & (g(points) < 1)) for g in SMOOTH_UNIT)


OTHER = {
    r"\max": (r"\max(x, y) + \min(x, y) = x + y", "holds"),
    r"\min": (r"\max(x, y) - \min(x, y) = x - y", "differs"),
    "softmax": (r"\mathbf{1}^\top \operatorname{softmax}(A) = 1", "does-not-fit"),
    "logsumexp": (r"\operatorname{logsumexp}(v) = \log \sum_k e^{v_k}", "holds"),
    "tr": (r"\operatorname{tr}(B) = \sum_k B_{kk}", "holds"),
    r"\det": (r"\det(2 B) = 2 \det(B)", "differs"),
    "diag": (r"\operatorname{diag}(v) w = v \odot w", "holds"),
    "clip": (r"\operatorname{clip}(A, -0.5, 0.5) = \max(-0.5, \min(0.5, A))", "holds"),
    "vec": (r"\operatorname{vec}(B)^\top \operatorname{vec}(B) = \lVert B \rVert_F^2", "holds"),
}
SETTING = r"""```math
x \in \mathbb{R}^{n}, y \in \mathbb{R}^{n}, v \in \mathbb{R}^{n}, w \in \mathbb{R}^{n}, \\
A \in \mathbb{R}^{n \times m}, B \in \mathbb{R}^{n \times n}
```
"""


@pytest.mark.parametrize("name", OTHER)
def test_a_function_of_matrices_obeys_its_identity(name: str) -> None:
    claim, verdict = OTHER[name]
    assert check_text(f"{SETTING}\n```math\n{claim}\n```")[-1].verdict == verdict


def test_every_function_of_matrices_has_its_identity() -> None:
    assert {row.latex for row in TABLE if row.kind != "entry"} == set(OTHER)


def test_stable_functions_do_not_overflow_at_ten_thousand() -> None:
    far = np.array([[-1e4, 1e4]])
    for name in (r"\sigma", "softplus", r"\tanh", "SiLU"):
        (row,) = (row for row in TABLE if row.latex == name)
        with np.errstate(over="raise", invalid="raise", under="ignore"):
            values = row.compute(far)
        assert all(math.isfinite(value) for value in values[0])


def test_every_kind_of_function_has_its_words_on_the_site() -> None:
    assert set(KINDS) == {row.kind for row in TABLE}
