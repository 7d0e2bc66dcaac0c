"""The adjoint test: it passes on right backward steps and on nothing else."""

import jaxtyping
import numpy as np
import pytest

from byhand.adjoint import adjoint_test
from byhand.checks import DomainError, DtypeError, ShapeError

RNG = np.random.default_rng(11)
W, X = RNG.standard_normal((4, 3)), RNG.standard_normal((3, 5))


def layer(X: np.ndarray) -> np.ndarray:
    return np.tanh(W @ X)


def slope() -> np.ndarray:
    return 1 - np.tanh(W @ X) ** 2


def softmax(Z: np.ndarray) -> np.ndarray:
    return np.exp(Z) / np.exp(Z).sum(axis=0)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_backward_step_agrees_to_rounding(seed: int) -> None:
    found = adjoint_test(layer, lambda G: W.T @ (G * slope()), X, seed=seed)
    assert found.gap < 1e-14
    assert found.forward == pytest.approx(found.backward, rel=1e-12)
    assert abs(found.forward) > 1e-3


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "wrong",
    [
        lambda G: W.T @ G,
        lambda G: W.T @ (G * slope()) * 1.001,
        lambda G: -W.T @ (G * slope()),
        lambda G: W.T @ G * (1 - np.tanh(X) ** 2),
        lambda G: (W.T @ (G * slope()))[:, ::-1],
    ],
)
def test_a_wrong_backward_step_leaves_a_gap(wrong, seed: int) -> None:  # type: ignore[no-untyped-def]
    assert adjoint_test(layer, wrong, X, seed=seed).gap > 1e-5


def test_the_gap_is_measured_in_units_of_the_larger_sum() -> None:
    twice = adjoint_test(lambda X: X + 0, lambda G: 2 * G, X)
    assert twice.backward == pytest.approx(2 * twice.forward)
    rng = np.random.default_rng(0)
    X_dot, G = rng.standard_normal(X.shape), rng.standard_normal(X.shape)
    assert twice.forward == pytest.approx(float((G * X_dot).sum()))
    assert twice.gap == pytest.approx(abs((G * X_dot).sum()) / (2 * np.abs(G * X_dot).sum()))


def test_what_an_upstream_of_ones_hides_is_found() -> None:
    Z = np.random.default_rng(5).standard_normal((4, 5))
    P = softmax(Z)
    assert adjoint_test(softmax, lambda G: P * (G - (G * P).sum(axis=0)), Z).gap < 1e-14
    assert adjoint_test(softmax, lambda G: 17 * P * (G - (G * P).sum(axis=0)), Z).gap > 1e-2


def test_two_zeros_leave_no_gap() -> None:
    found = adjoint_test(lambda X: 0 * X, lambda G: 0 * G, X)
    assert (found.forward, found.backward, found.gap) == (0.0, 0.0, 0.0)


def test_neither_the_point_nor_the_seed_is_changed() -> None:
    kept = X.copy()
    one, other = (adjoint_test(layer, lambda G: W.T @ (G * slope()), X, seed=3) for _ in range(2))
    assert one == other
    assert one != adjoint_test(layer, lambda G: W.T @ (G * slope()), X, seed=4)
    assert np.array_equal(X, kept)


def test_a_forward_step_that_drops_the_imaginary_part_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        adjoint_test(lambda X: np.abs(X), lambda G: G, X)
    assert str(refused.value) == (
        "forward: expected a complex result for a complex argument, got a real one. It does not use its argument, "
        "or it drops the imaginary part (abs, float, .real)."
    )


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"^backward: expected dX in the shape of X, \(3, 5\); got \(4, 5\)\.$"):
        adjoint_test(layer, lambda G: G, X)


def test_a_point_with_nan_is_refused() -> None:
    with pytest.raises(DomainError, match=r"^X: "):
        adjoint_test(layer, lambda G: W.T @ G, np.full((3, 5), np.nan))


def test_a_point_of_integers_is_refused_by_name() -> None:
    with pytest.raises((DtypeError, jaxtyping.TypeCheckError), match="X"):
        adjoint_test(layer, lambda G: W.T @ G, np.ones((3, 5), dtype=int))
