"""Policy gradient and DPO: three derivatives, the average over actions, extreme log-probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special as scipy
from autograd import grad
from boundary import refused
from keeps import keeps_precision_and_arguments, names_a_spoiled_argument

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.preferences import dpo_backward, dpo_losses, policy_dZ, policy_losses

SIZES = [(3, 7), (4, 2), (1, 5), (3, 1), (1, 1)]
all_sizes = pytest.mark.parametrize("size", SIZES)


def situation(size: tuple[int, int]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    n, m = size
    return {
        "Z": rng.standard_normal(size) * 2,
        "Y": np.eye(n, dtype=int)[:, rng.integers(0, n, m)],
        "advantages": rng.standard_normal((1, m)),
    }


ANSWERS = ("chosen", "rejected", "chosen_before", "rejected_before")


def answers(m: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {name: -rng.uniform(1, 20, (1, m)) for name in ANSWERS}


def agree(found: np.ndarray, f: Callable[[np.ndarray], Any], anew: Callable[[Any], Any], X: np.ndarray) -> None:
    assert found.shape == X.shape
    np.testing.assert_allclose(found, grad(anew)(X), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found, complex_step(f, X), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found, central_differences(f, X), rtol=0, atol=1e-7)


@all_sizes
def test_the_policy_gradient_agrees_with_scipy_and_three_derivatives(size: tuple[int, int]) -> None:
    q = situation(size)
    Z, Y, r = q["Z"], q["Y"], q["advantages"]
    losses = policy_losses(**q)
    assert losses.shape == (1, size[1])
    np.testing.assert_allclose(losses, -r * (Y * scipy.log_softmax(Z, axis=0)).sum(axis=0), rtol=1e-12, atol=1e-15)
    agree(
        policy_dZ(**q),
        lambda Z: policy_losses(Z, Y, r).sum(),
        lambda Z: -anp.sum(r * Y * anp.log(anp.exp(Z) / anp.sum(anp.exp(Z), axis=0))),
        Z,
    )


def test_its_average_over_the_actions_is_the_slope_of_the_expected_reward() -> None:
    Z, rewards = np.array([[0.3], [-1.2], [0.8], [0.0]]), np.array([[1.0], [5.0], [-2.0], [0.5]])

    def expected_reward(Z: np.ndarray) -> Any:
        return (rewards * np.exp(Z) / np.exp(Z).sum()).sum()

    probabilities = scipy.softmax(Z, axis=0)
    average = sum(probabilities[k, 0] * policy_dZ(Z, np.eye(4)[:, [k]], rewards[[k]]) for k in range(4))
    np.testing.assert_allclose(average, -complex_step(expected_reward, Z), rtol=1e-12)
    shifted = sum(probabilities[k, 0] * policy_dZ(Z, np.eye(4)[:, [k]], rewards[[k]] - 3.0) for k in range(4))
    np.testing.assert_allclose(shifted, average, rtol=1e-12)  # a baseline changes nothing on average


def test_extreme_logits_and_ties_of_a_policy() -> None:
    Z, Y = np.array([[1e4, 1e4, 0.0], [-1e4, -1e4, 0.0]]), np.array([[1, 0, 1], [0, 1, 0]])
    r = np.array([[2.0, 3.0, -4.0]])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(policy_dZ(Z, Y, r), [[0, 3, 2], [0, -3, -2]])
        np.testing.assert_allclose(policy_losses(Z, Y, r), [[0, 6e4, -4 * np.log(2)]], rtol=1e-15)


@pytest.mark.parametrize("beta", [0.1, 1, 2.5])
@pytest.mark.parametrize("m", [7, 1])
def test_dpo_agrees_with_three_derivatives(m: int, beta: float) -> None:
    q = answers(m)

    def anew(c: Any, r: Any) -> Any:
        return -anp.sum(anp.log(1 / (1 + anp.exp(-beta * (c - r - q["chosen_before"] + q["rejected_before"])))))

    losses = dpo_losses(**q, beta=beta)
    assert losses.shape == (1, m)
    assert losses.sum() == pytest.approx(anew(q["chosen"], q["rejected"]), rel=1e-10)
    dc, dr = dpo_backward(**q, beta=beta)
    agree(
        dc,
        lambda c: dpo_losses(**q | {"chosen": c}, beta=beta).sum(),
        lambda c: anew(c, q["rejected"]),
        q["chosen"],
    )
    agree(
        dr,
        lambda r: dpo_losses(**q | {"rejected": r}, beta=beta).sum(),
        lambda r: anew(q["chosen"], r),
        q["rejected"],
    )
    np.testing.assert_array_equal(dr, -dc)


def test_dpo_at_the_reference_and_far_from_it() -> None:
    zero, far = np.zeros((1, 1)), np.full((1, 1), -1e4)
    with np.errstate(all="raise", under="ignore"):
        assert dpo_losses(zero, far, zero, far, beta=1.0).item() == pytest.approx(np.log(2))
        assert dpo_backward(zero, far, zero, far, beta=3.0)[0].item() == -1.5
        assert dpo_losses(far, zero, zero, zero, beta=1.0).item() == 1e4
        assert dpo_backward(far, zero, zero, zero, beta=1.0)[0].item() == -1
        assert dpo_losses(zero, far, zero, zero, beta=1.0).item() == 0
        assert dpo_backward(zero, far, zero, zero, beta=1.0)[1].item() == 0


def test_the_usual_beta_is_a_tenth() -> None:
    c, r, c0, r0 = answers(3).values()
    np.testing.assert_array_equal(dpo_losses(c, r, c0, r0), dpo_losses(c, r, c0, r0, beta=0.1))
    np.testing.assert_array_equal(dpo_backward(c, r, c0, r0), dpo_backward(c, r, c0, r0, beta=0.1))


CALLS: list[tuple[Callable[..., Any], dict[str, np.ndarray]]] = [
    (policy_losses, situation((3, 7))),
    (policy_dZ, situation((3, 7))),
    (dpo_losses, answers(7)),
    (dpo_backward, answers(7)),
]


@pytest.mark.parametrize(("call", "good"), CALLS)
def test_arguments_and_precision_are_kept_and_a_spoiled_one_is_named(
    call: Callable[..., Any], good: dict[str, np.ndarray]
) -> None:
    keeps_precision_and_arguments(call, good)
    names_a_spoiled_argument(call, good)


ONE_HOT = (
    "Y: expected one-hot columns, a 1 for the action that was taken. "
    "Numbers of actions become columns by np.arange(actions)[:, None] == numbers."
)


@pytest.mark.parametrize("Y", [[[1, 1], [0, 1]], [[1, 0], [0, 0]], [[1, 2], [0, -1]], [[0.5, 1], [0.5, 0]]])
@pytest.mark.parametrize("call", [policy_losses, policy_dZ])
def test_actions_that_are_not_one_hot_are_refused(call: Any, Y: Any) -> None:
    with refused(DomainError, ONE_HOT):
        call(np.zeros((2, 2)), np.array(Y), np.ones((1, 2)))


@pytest.mark.parametrize("call", [policy_losses, policy_dZ])
def test_shapes_of_a_policy_that_do_not_fit_are_refused(call: Any) -> None:
    Z, Y = np.zeros((2, 3)), np.array([[1, 1, 1], [0, 0, 0]])
    with refused(
        ShapeError, "advantages: expected 1 × m, here 1 × 3; got shape (3,). A (3,) vector: use shape (1, 3)."
    ):
        call(Z, Y, np.ones(3))
    with refused(ShapeError, "Y: expected n × m, here 2 × 3; got 3 × 2. This is the transpose: use Y.T."):
        call(Z, Y.T, np.ones((1, 3)))
    with refused(DtypeError, "Y: expected real labels (float, integer or boolean), got complex128."):
        call(Z, Y.astype(complex), np.ones((1, 3)))


@pytest.mark.parametrize("call", [dpo_losses, dpo_backward])
def test_answers_and_betas_that_do_not_fit_are_refused(call: Any) -> None:
    q = answers(3)
    with refused(DomainError, "beta: expected a positive finite number, got 0."):
        call(**q, beta=0)
    with refused(ShapeError, "rejected: expected 1 × m, here 1 × 3; got 3 × 1. This is the transpose: use rejected.T."):
        call(**q | {"rejected": q["rejected"].T})
