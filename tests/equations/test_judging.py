"""What makes a tick: fixtures that can catch, scales, free indices, what counts as untested, what leaks."""

from itertools import combinations, permutations

import numpy as np
import pytest

from byhand.equations import check_text
from byhand.equations.book import Declared
from byhand.equations.compare import Comparison
from byhand.equations.scenes import Scene, size_sets

REAL = r"""X \in \mathbb{R}^{n \times m}, W \in \mathbb{R}^{k \times n}, v \in \mathbb{R}^{n} \\
B \in \mathbb{R}^{n \times n}, s \in \mathbb{R}"""


def verdict(claim: str, setting: str = REAL) -> str:
    return check_text(f"```math\n{setting}\n```\n```math\n{claim}\n```\n")[-1].verdict


def test_all_sizes_differ_and_change_between_the_two_sets() -> None:
    for count in range(1, 9):
        names = [f"n_{k}" for k in range(count)]
        for literals in (set(), {3, 5}, {4}):
            one, other = size_sets(names, literals)
            for sizes in (one, other):
                assert len(set(sizes.values())) == count
                assert min(sizes.values()) >= 3
                assert not literals & set(sizes.values())
            assert all(one[name] != other[name] for name in names)
            for a, b in combinations(names, 2):
                assert one[a] + one[b] != other[a] + other[b]
                assert one[a] - one[b] != other[a] - other[b]
                assert one[a] * one[b] != other[a] * other[b]


@pytest.mark.parametrize("domain", ["real", "positive", "unit", "binary", "sign", "one-hot"])
@pytest.mark.parametrize("seed", range(5))
def test_drawn_arrays_can_catch(domain: str, seed: int) -> None:
    scene = Scene((("n", 4), ("m", 6)), seed, 0)
    values = scene.draw("A", Declared(("n", "m"), domain, (0.0, 1.0)))  # type: ignore[arg-type]
    assert values.shape == (4, 6)
    assert np.ptp(values) > 0
    if domain in ("real", "positive"):
        assert np.min(np.abs(values)) > 0.1
    if domain == "positive":
        assert np.min(np.abs(values - 1)) > 0.15
        assert np.min(values) > 0
    if domain == "binary":
        assert all(set(row) == {0.0, 1.0} for row in values)
    if domain == "one-hot":
        np.testing.assert_array_equal(values.sum(axis=0), 1)
    square = scene.draw("S", Declared(("n", "n"), domain, (0.0, 1.0)))  # type: ignore[arg-type]
    assert not np.array_equal(square, square.T)


@pytest.mark.parametrize("shape", [(3, 4), (4, 6), (5, 3), (7, 9), (8, 1), (6, 1), (3, 1), (1, 5)])
def test_zeros_and_ones_are_about_half_and_half(shape: tuple[int, int]) -> None:
    scene = [Scene((("n", shape[0]), ("m", shape[1])), seed, 0) for seed in range(40)]
    counts = [np.sum(one.draw("M", Declared(("n", "m"), "binary", (0.0, 1.0)))) for one in scene]
    entries = shape[0] * shape[1]
    assert all(entries <= 3 * count <= 2 * entries for count in counts)
    assert not any(2 * count == entries for count in counts)  # or half of them would be 1 at every fixture
    assert len(set(counts)) > 1


@pytest.mark.parametrize("name", "PQSTUBCDEFK")
def test_a_mask_or_its_opposite_is_never_untested_by_luck(name: str) -> None:
    page = r"""```math
H \in \mathbb{R}^{n \times m}, G \in \mathbb{R}^{n \times m}, M \in \{0,1\}^{n \times m} \\
V := H \odot (1 - M) \\
s := \langle G, V \rangle \\
\frac{\partial s}{\partial H} = (1 - M) \odot G \\
\frac{\partial s}{\partial V} - \frac{\partial s}{\partial H} = M \odot G
```
""".replace("M", name)
    assert [result.verdict for result in check_text(page)[-2:]] == ["holds", "holds"]


def test_the_same_name_size_and_seed_draw_the_same_values_and_others_do_not() -> None:
    scene, other = Scene((("n", 4),), 0, 0), Scene((("n", 4),), 1, 0)
    real = Declared(("n", "n"), "real", (0.0, 1.0))
    np.testing.assert_array_equal(scene.draw("A", real), scene.draw("A", real))
    assert not np.array_equal(scene.draw("A", real), scene.draw("B", real))
    assert not np.array_equal(scene.draw("A", real), other.draw("A", real))


def test_two_numbers_that_are_zero_or_one_are_never_taken_for_each_other() -> None:
    names = [f"y_{letter}" for letter in "abcdefghjk"]
    declared = "".join(rf"{name} \in \{{0,1\}}, " for name in names).rstrip(", ")
    wrong = [rf"u {one} = u {other}" for one, other in combinations(names, 2)]
    wrong += [rf"u {one} {other} = u {one}" for one, other in permutations(names[:4], 2)]
    page = "```math\n" + " \\\\\n".join([declared + r", u \in \mathbb{R}", *wrong]) + "\n```\n"
    assert {result.verdict for result in check_text(page)} == {"declares", "differs"}


SCALES = [
    (1.0, 1.0 + 0.9e-9, 1.0, False),
    (1.0, 1.0 + 1.1e-9, 1.0, True),
    (0.0, 0.9e-9, 1.0, False),  # cancelled terms of size 1
    (0.0, 0.9e-9, 0.1, True),
]


@pytest.mark.parametrize(("left", "right", "scale", "differs"), SCALES)
def test_sides_agree_to_a_billionth_of_the_larger_scale(left: float, right: float, scale: float, differs: bool) -> None:
    comparison = Comparison()
    one, other, size = (np.array([[value]]) for value in (left, right, scale))
    comparison.add(Scene((), 0, 0), one, other, size, np.array([[False]]))
    assert comparison.differs is differs


def test_one_wrong_entry_among_many_is_seen() -> None:
    right = np.ones((40, 25))
    wrong = right.copy()
    wrong[17, 3] = 1 + 2e-9
    comparison = Comparison()
    comparison.add(Scene((), 0, 0), right, wrong, right, np.zeros_like(right, dtype=bool))
    assert comparison.differs


VERDICTS = [
    (r"W X = (X^\top W^\top)^\top", "holds"),
    (r"W X = X^\top W^\top", "does-not-fit"),
    (r"v = v", "untested"),
    (r"2 + 2 = 4", "untested"),
    (r"v + v - 2 v = 0", "holds"),
    (r"v - v = 0", "untested"),
    (r"v - v = B v - B v", "untested"),  # both sides cancel
    (r"B B^{-1} = I", "holds"),
    (r"B B^\top = I", "differs"),
    (r"X + v = v + X", "holds"),  # a column over examples
    (r"X + v^\top = X", "does-not-fit"),
    (r"v = X", "does-not-fit"),  # never for the sake of the other side
    (r"X \mathbf{1} = \sum_{i=1}^{m} x^{(i)}", "holds"),
    (r"\sum_{i=1}^{m} x^{(i)} = X", "does-not-fit"),
    (r"v_j = v_i", "cannot-be-read"),
    (r"v_j = v", "cannot-be-read"),
    (r"v_1 = v_2", "differs"),
    (r"v_9 = v_1", "cannot-be-read"),  # not at every size
    (r"B_{ij} = B_{ji}", "differs"),
    (r"\lVert B \rVert^2 = \langle B, B \rangle", "cannot-be-read"),  # which norm?
    (r"\lVert v \rVert^2 = v^\top v", "holds"),
    (r"|B| = \det(B)", "cannot-be-read"),
    (r"s / 2 s = 1", "cannot-be-read"),
    (r"\log s v = v", "cannot-be-read"),
    (r"s * v = s v", "holds"),
    (r"W * X = W X", "cannot-be-read"),
    (r"B * B = B \odot B", "untested"),
    (r"v v^\top = v v", "does-not-fit"),
    (r"v \mathbf{1}^\top \mathbf{1} = n v", "cannot-be-read"),
    (r"v \mathbf{1}_m^\top \mathbf{1}_m = m v", "holds"),
    (r"e^{s} = \exp(s)", "holds"),
    (r"\log \operatorname{abs}(s) = s", "differs"),
    (r"\log s = \log s + s", "untested"),  # negative half the time
    (r"\operatorname{ReLU}'(v) = \frac{\operatorname{ReLU}(v)}{v}", "holds"),
    (r"\operatorname{abs}(v) = v \odot \operatorname{sign}(v)", "holds"),
    (r"\operatorname{softmax}(v) = \frac{\exp(v)}{\mathbf{1}^\top \exp(v)}", "holds"),
    (r"\mathbb{1}[s > 0] + \mathbb{1}[s < 0] = 1", "holds"),
    (r"\mathbb{1}[s > 0] + \mathbb{1}[s < 0] = 1 + 0 s", "untested"),
    (r"W^{(2)} = W", "does-not-fit"),  # column 2
    (r"W_{2} = W", "does-not-fit"),
    (r"\underbrace{W X}_{k \times n} = W X + 0", "does-not-fit"),
    (r"I v = v", "holds"),
    (r"(B + I) v = B v + v", "holds"),
    (r"2 g(v) = g(v) + g(v)", "holds"),
    (r"g(v) = g(v) + 0", "untested"),
    (r"g'(v) = g(v)", "differs"),
    (r"q(v) = v", "undefined"),
    (r"m s = \sum_{i=1}^{m} s", "cannot-be-read"),  # true, and the slip of one who means a column
    (r"s \sum_{i=1}^{m} 1 = m s", "holds"),
    (r"\sum_{i=1}^{m} \sum_{i=1}^{m} X_{1i} = m \sum_{i=1}^{m} X_{1i}", "cannot-be-read"),
    (r"\frac{1}{m} \sum_{i=1}^{m} X = X", "cannot-be-read"),
    (r"\sum_j \sum_{i \ne j} v_i = (n - 1) \sum_j v_j", "holds"),  # j is the one that is left out
    (r"\sum_{j=1}^{n} j v_j = \sum_{j=1}^{n} v_j j", "holds"),
    (
        r"\sum_{i=1}^{m} \mathbb{1}[X_{1i} > 0] + \mathbb{1}[s > 0] = \mathbb{1}[s > 0] + \sum_{i=1}^{m} \mathbb{1}[X_{1i} > 0]",
        "holds",
    ),
    (r"s = \max(s, s - 1)", "untested"),
    (r"\frac{\partial s}{\partial v} = 0", "undefined"),
    # what a careless check would tick
    (r"1^\top v = v", "cannot-be-read"),  # seen as a sum, read as a number
    (r"(m + n) s = 2 k s", "differs"),  # true of sizes in arithmetic progression
    (r"(m + n) s = 7 s", "differs"),
    (r"s = s + 0.0000000001 v^\top v", "cannot-be-read"),  # lost in rounding
    (r"s = s \text{ + 1}", "cannot-be-read"),
    (r"v = v \text{W}", "cannot-be-read"),
    (r"v = 2 v - v \quad \text{(the column-wise form)}", "holds"),
    (r"v_n = v_n + 0", "cannot-be-read"),  # the last entry, or every entry?
    (r"v_j = 2 v_j - v_j, \quad j = 1, \dots, m", "does-not-fit"),
    (r"v_j = 2 v_j - v_j, \quad j = 1, \dots, n", "holds"),
    (r"v_j = 2 v_j - v_j, \quad j = 2, \dots, n", "cannot-be-read"),
    (r"v \mathbf{1}^\top \mathbf{1} = v", "cannot-be-read"),  # an inferred size of 1
    (r"\sigma(40 + s^2) = 1", "untested"),  # flat to rounding
    (r"\frac{1}{1 + e^{-40 - s^2}} = 1", "untested"),
    (r"\sigma(s) + \sigma(-s) = 1", "holds"),
    # a wide space indents a row or stands beside a relation; elsewhere a new statement begins
    (r"3 X &= X + X \\ &\quad + X", "holds"),
    (r"3 X &= X + X \\ &\qquad\quad {}+ X \\ &= X + 2 X", "holds"),
    (r"X + X &= 3 X \\ \quad &- X", "holds"),
    (r"X (X + X)^\top &= 2 X \\ &\quad \cdot X^\top", "holds"),
    (r"2 X \quad = \quad X + X", "holds"),
    (r"2 X &= X + X \\ &\quad = X + X \\ &\quad + X", "differs"),
    (r"\begin{bmatrix} 2 v \\ \quad v \end{bmatrix} = \begin{bmatrix} v + v \\ v \end{bmatrix}", "holds"),
    (r"\mathbb{1}(v \geq 0) \odot v = \operatorname{ReLU}(v)", "holds"),
    (r"\mathbb{1}(v > (2 + 1) s) \odot v > 0", "cannot-be-read"),
    (r"\mathbb{1}(v \geq 0", "cannot-be-read"),
    # an index that occurs nowhere
    (r"\max_k v_j = v_j", "cannot-be-read"),
    (r"\max_k (v_j) + \max_k v_k = v_j + \max_k v_k", "cannot-be-read"),
    (r"a &= s & s &= a", "undefined"),  # two equations side by side, not a = s s = a
]


@pytest.mark.parametrize(("claim", "expected"), VERDICTS, ids=[claim for claim, _ in VERDICTS])
def test_a_claim_gets_its_verdict(claim: str, expected: str) -> None:
    assert verdict(claim) == expected


def test_a_gradient_that_vanishes_is_untested() -> None:
    # a published check summed all outputs: the true gradient of a normalised layer is then 0, and anything passes
    page = r"""```math
Z \in \mathbb{R}^{n \times m} \\
C := Z - \frac{1}{m} Z \mathbf{1} \\
\mathcal{L} := \mathbf{1}^\top C \mathbf{1} \\
dC := \frac{\partial \mathcal{L}}{\partial C} \\
\frac{\partial \mathcal{L}}{\partial Z} = -17 \left( dC - \frac{1}{m} dC \mathbf{1} \right)
```"""
    assert check_text(page)[-1].verdict == "untested"


def test_nothing_in_a_wrong_fence_leaks_into_the_page() -> None:
    page = r"""```math
x \in \mathbb{R} \\ y := x^2
```
```math {wrong="differs"}
u := x + y \\ \frac{\partial y}{\partial x} = x
```
```math
u = x + y
```"""
    results = check_text(page)
    assert [result.verdict for result in results] == ["declares", "defines", "defines", "differs", "undefined"]
    assert [result.ok for result in results] == [True, True, True, True, False]


def test_a_wrong_fence_needs_the_verdict_it_states_in_every_claim() -> None:
    page = r"""```math {wrong="does not fit"}
x \in \mathbb{R}^n, y := x^\top x \\ \frac{\partial y}{\partial x} = x \\ \frac{\partial y}{\partial x} = 2 x^\top
```"""
    assert [result.ok for result in check_text(page)] == [True, True, False, True]


def test_definitions_may_stand_in_any_order() -> None:
    page = "```math\ny = 2 x + 2 \\\\ y := 2 z \\\\ z := x + 1 \\\\ x \\in \\mathbb{R}\n```"
    assert check_text(page)[0].verdict == "holds"


def test_a_definition_by_entries_makes_the_matrix() -> None:
    page = r"""```math
W \in \mathbb{R}^{k \times n}, X \in \mathbb{R}^{n \times m}, b \in \mathbb{R}^{k} \\
Z_{ji} := \sum_{p=1}^{n} W_{jp} X_{pi} + b_j \\
\ell^{(i)} := \lVert z^{(i)} \rVert^2 \\
Z = W X + b \\
\sum_{i=1}^{m} \ell^{(i)} = \lVert Z \rVert_F^2
```"""
    assert [result.verdict for result in check_text(page)][3:] == ["defines", "defines", "holds", "holds"]


def test_layers_that_overlap_are_an_error() -> None:
    page = (
        "```math\nA^{[0]} \\in \\mathbb{R} \\\\ A^{[l]} := 2 A^{[l-1]}, \\quad l = 1, \\dots, L \\\\ A^{[1]} := 3\n```"
    )
    results = check_text(page)
    assert [result.verdict for result in results] == ["declares", "defines", "cannot-be-read"]
    assert "introduced already" in results[-1].message


def test_how_something_was_read_is_reported() -> None:
    result = check_text(f"```math\n{REAL} \\\\ W x^{{(i)}} = W x^{{(i)}} + 0\n```")[-1]
    assert result.read_as == "x^{(i)} is column i of X"
