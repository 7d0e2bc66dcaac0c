"""Canonical links: against log-probabilities of SciPy, three derivatives, extreme logits, and the theorem itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.stats as stats
from autograd import grad
from boundary import refused
from keeps import keeps_precision_and_arguments, names_a_spoiled_argument
from numpy.typing import DTypeLike

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.links import Family, bernoulli, categorical, gaussian, poisson

SIZES = [(3, 7), (4, 2), (1, 5), (3, 1), (1, 1)]
FAMILIES = [gaussian, bernoulli, poisson, categorical]
each = pytest.mark.parametrize("family", FAMILIES, ids=[one.name for one in FAMILIES])


def logits(n: int, m: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((n, m)) * 2


def labels(family: Family, n: int, m: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    if family is gaussian:
        return rng.standard_normal((n, m))
    if family is poisson:
        return rng.poisson(3.0, (n, m))
    return np.eye(n)[:, rng.integers(0, n, m)] if family is categorical else rng.integers(0, 2, (n, m))


def minus_log_probability(family: Family, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return −log p(y) of each example, from SciPy's distributions."""
    if family is gaussian:
        entries = stats.norm.logpdf(Y, loc=Z)
    elif family is bernoulli:
        entries = stats.bernoulli.logpmf(Y, 1 / (1 + np.exp(-Z)))
    elif family is poisson:
        entries = stats.poisson.logpmf(Y, np.exp(Z))
    else:
        P = np.exp(Z) / np.exp(Z).sum(axis=0)
        entries = np.array([stats.multinomial.logpmf(Y[:, i], 1, P[:, i]) for i in range(Z.shape[1])])[None]
    return -entries.sum(axis=0, keepdims=True)


ANEW: dict[str, Callable[[Any, Any], Any]] = {
    "gaussian": lambda Z, Y: anp.sum((Z - Y) ** 2) / 2,
    "bernoulli": lambda Z, Y: -anp.sum(Y * anp.log(1 / (1 + anp.exp(-Z))) + (1 - Y) * anp.log(1 / (1 + anp.exp(Z)))),
    "poisson": lambda Z, Y: anp.sum(anp.exp(Z) - Y * Z),
    "categorical": lambda Z, Y: -anp.sum(Y * anp.log(anp.exp(Z) / anp.sum(anp.exp(Z), axis=0))),
}


@pytest.mark.parametrize("size", SIZES)
@each
def test_a_difference_of_losses_is_one_of_log_probabilities(family: Family, size: tuple[int, int]) -> None:
    Z, Y = logits(*size), labels(family, *size)
    losses = family.of_examples_from_logits(Z, Y)
    assert losses.shape == (1, size[1])
    rest = minus_log_probability(family, Z, Y) - losses  # what does not depend on z
    other = minus_log_probability(family, -Z / 3, Y) - family.of_examples_from_logits(-Z / 3, Y)
    np.testing.assert_allclose(rest, other, rtol=0, atol=1e-11)


@pytest.mark.parametrize("size", SIZES)
@each
def test_dZ_agrees_with_three_derivatives_entry_by_entry(family: Family, size: tuple[int, int]) -> None:
    Z, Y = logits(*size), labels(family, *size)
    dZ = family.dZ_from_logits(Z, Y)
    assert dZ.shape == size

    def summed(Z: np.ndarray) -> Any:
        return family.of_examples_from_logits(Z, Y).sum()

    largest = np.abs(dZ).max() + 1
    np.testing.assert_allclose(dZ, grad(ANEW[family.name])(Z, Y), rtol=0, atol=1e-12 * largest)
    np.testing.assert_allclose(dZ, complex_step(summed, Z), rtol=0, atol=1e-12 * largest)
    np.testing.assert_allclose(dZ, central_differences(summed, Z), rtol=0, atol=1e-7 * largest)


@pytest.mark.parametrize("size", SIZES)
@each
def test_the_mean_is_the_slope_of_the_cumulant(family: Family, size: tuple[int, int]) -> None:
    Z = logits(*size)
    slope = complex_step(lambda Z: family.cumulant(Z).sum(), Z)
    np.testing.assert_allclose(family.mean(Z), slope, rtol=1e-12)


def test_soft_labels_are_welcome() -> None:
    Z, Y = logits(3, 7), np.random.default_rng(2).dirichlet(np.ones(3), 7).T
    for family in (bernoulli, categorical, poisson, gaussian):
        np.testing.assert_allclose(family.dZ_from_logits(Z, Y), family.mean(Z) - Y, rtol=1e-14)
        np.testing.assert_allclose(
            family.dZ_from_logits(Z, Y), grad(ANEW[family.name])(Z, Y), rtol=0, atol=1e-12 * np.exp(Z.max())
        )


def test_at_extreme_logits_nothing_warns_and_the_values_are_right() -> None:
    Z = np.array([[-1e4, -1e4, 1e4, 1e4, 0.0]])
    Y = np.array([[0, 1, 0, 1, 1]])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(bernoulli.dZ_from_logits(Z, Y), [[0, -1, 1, 0, -0.5]])
        np.testing.assert_allclose(bernoulli.of_examples_from_logits(Z, Y), [[0, 1e4, 1e4, 0, np.log(2)]], rtol=1e-15)
        np.testing.assert_array_equal(poisson.dZ_from_logits(-np.abs(Z), Y)[:, :4], [[0, -1, 0, -1]])
        np.testing.assert_array_equal(poisson.of_examples_from_logits(-np.abs(Z), Y), [[0, 1e4, 0, 1e4, 1]])
        np.testing.assert_array_equal(gaussian.dZ_from_logits(Z, Y), Z - Y)
        column = np.array([[1e4, 1e4], [-1e4, 1e4], [0.0, -1e4]])
        right, tied = np.eye(3)[:, [0, 0]], np.array([[0, -0.5], [0, 0.5], [0, 0]])
        np.testing.assert_array_equal(categorical.dZ_from_logits(column, right), tied)
        np.testing.assert_allclose(categorical.of_examples_from_logits(column, right), [[0, np.log(2)]], rtol=1e-15)


def test_a_sure_and_right_answer_keeps_its_small_loss() -> None:
    Z, Y = np.array([[40.0, -40.0]]), np.array([[1, 0]])
    np.testing.assert_allclose(bernoulli.of_examples_from_logits(Z, Y), np.exp([[-40.0, -40.0]]), rtol=1e-14)


@pytest.mark.parametrize(("dtype", "z", "largest"), [(np.float64, 710.0, "709.783"), (np.float32, 89.0, "88.7228")])
def test_an_expected_count_beyond_every_float_is_refused(dtype: DTypeLike, z: float, largest: str) -> None:
    Z = np.array([[1.0, z]], dtype)
    for call in (poisson.dZ_from_logits, poisson.of_examples_from_logits):
        with refused(DomainError, f"Z: exp needs numbers from -inf to {largest} in {Z.dtype}; got {z}."):
            call(Z, np.array([[1, 1]]))


def test_a_loss_beyond_every_float_is_refused_without_a_warning() -> None:
    text = "losses: expected finite numbers, got inf at losses[0, 1] (not finite: 1 of 2 entries)."
    with refused(DomainError, text):
        gaussian.of_examples_from_logits(np.array([[1.0, 1e200]]), np.ones((1, 2)))


@each
def test_arguments_and_precision_are_kept_and_a_spoiled_one_is_named(family: Family) -> None:
    good = {"Z": logits(3, 7), "Y": labels(family, 3, 7)}
    good["Y"] = good["Y"] if family is gaussian else good["Y"].astype(int)
    for call in (family.of_examples_from_logits, family.dZ_from_logits):
        keeps_precision_and_arguments(call, good)
        names_a_spoiled_argument(call, good | {"Y": np.zeros((3, 7), int)})


def test_labels_outside_their_interval_are_refused() -> None:
    for family, label, text in (
        (bernoulli, 2, "Y: expected labels from 0 to 1 for bernoulli, got 2."),
        (bernoulli, -1, "Y: expected labels from 0 to 1 for bernoulli, got -1."),
        (poisson, -3, "Y: expected labels from 0 to inf for poisson, got -3."),
        (categorical, 2, "Y: expected labels from 0 to 1 for categorical, got 2."),
        (
            categorical,
            1,
            "Y: expected columns that add up to 1 for categorical; column 1 adds up to 2. "
            "Class numbers become columns by np.arange(classes)[:, None] == numbers.",
        ),
    ):
        Y = np.array([[1, 1], [0, label]])
        for call in (family.of_examples_from_logits, family.dZ_from_logits):
            with refused(DomainError, text):
                call(np.zeros((2, 2)), Y)


@each
def test_shapes_and_kinds_that_do_not_fit_are_refused(family: Family) -> None:
    for call in (family.of_examples_from_logits, family.dZ_from_logits):
        with refused(ShapeError, "Y: expected n × m, here 3 × 7; got 7 × 3. This is the transpose: use Y.T."):
            call(np.zeros((3, 7)), np.zeros((7, 3)))
        with refused(ShapeError, "Z: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."):
            call(np.zeros(4), np.zeros((4, 1)))
        with refused(DtypeError, "Y: expected real labels (float, integer or boolean), got complex128."):
            call(np.zeros((1, 1)), np.zeros((1, 1), complex))


def test_a_family_says_its_name() -> None:
    assert [repr(one) for one in FAMILIES] == [f"<family {one.name}>" for one in FAMILIES]
