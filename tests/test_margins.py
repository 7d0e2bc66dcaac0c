"""Hinge, multiclass SVM and focal loss: three derivatives, a library, kinks and ties, extreme logits."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import refused
from keeps import keeps_precision_and_arguments, names_a_spoiled_argument
from sklearn.metrics import hinge_loss

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.losses import binary_cross_entropy
from byhand.margins import focal_dZ, focal_losses, hinge_dZ, hinge_losses, svm_dZ, svm_losses

SIZES = [(3, 7), (4, 2), (1, 5), (3, 1), (1, 1)]


def logits(n: int, m: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((n, m)) * 2


def bits(n: int, m: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 2, (n, m))


def signs(n: int, m: int) -> np.ndarray:
    return 2 * bits(n, m) - 1


def one_hot(n: int, m: int) -> np.ndarray:
    return np.eye(n, dtype=int)[:, np.random.default_rng(1).integers(0, n, m)]


def svm_by_loops(Z: Any, Y: np.ndarray, margin: float) -> Any:
    n, m = Y.shape
    total = 0.0
    for i in range(m):
        y = int(Y[:, i].argmax())
        for j in range(n):
            if j != y:
                total = total + anp.maximum(0.0, Z[j, i] - Z[y, i] + margin)
    return total


def focal_as_written(Z: Any, Y: np.ndarray, gamma: float) -> Any:
    P = 1 / (1 + anp.exp(-Z))
    q = Y * P + (1 - Y) * (1 - P)
    return -anp.sum((1 - q) ** gamma * anp.log(q))


Case = tuple[
    Callable[..., np.ndarray], Callable[..., np.ndarray], Callable[[int, int], np.ndarray], dict[str, float], Any
]
CASES: dict[str, Case] = {
    "hinge": (hinge_losses, hinge_dZ, signs, {}, lambda Z, Y: anp.sum(anp.maximum(0.0, 1 - Y * Z))),
    "svm": (svm_losses, svm_dZ, one_hot, {}, lambda Z, Y: svm_by_loops(Z, Y, 1.0)),
    "svm, margin 2.5": (svm_losses, svm_dZ, one_hot, {"margin": 2.5}, lambda Z, Y: svm_by_loops(Z, Y, 2.5)),
    "focal": (focal_losses, focal_dZ, bits, {}, lambda Z, Y: focal_as_written(Z, Y, 2.0)),
    "focal, gamma 0": (focal_losses, focal_dZ, bits, {"gamma": 0}, lambda Z, Y: focal_as_written(Z, Y, 0.0)),
    "focal, gamma 0.7": (focal_losses, focal_dZ, bits, {"gamma": 0.7}, lambda Z, Y: focal_as_written(Z, Y, 0.7)),
}
each = pytest.mark.parametrize(("losses", "dZ", "labels", "setting", "anew"), CASES.values(), ids=CASES)


@pytest.mark.parametrize("size", SIZES)
@each
def test_losses_and_dZ_agree_with_three_derivatives_entry_by_entry(
    losses: Any, dZ: Any, labels: Any, setting: dict[str, float], anew: Any, size: tuple[int, int]
) -> None:
    Z, Y = logits(*size), labels(*size)
    row, found = losses(Z, Y, **setting), dZ(Z, Y, **setting)
    assert (row.shape, found.shape) == ((1, size[1]), size)
    for i in range(size[1]):
        np.testing.assert_allclose(row[0, i], anew(Z[:, [i]], Y[:, [i]]), rtol=1e-12, atol=1e-15)
    # (autograd would give half at an exact tie; no sample has one)
    expected = np.zeros(size) if size[0] == 1 and labels is one_hot else grad(anew)(Z, Y)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)

    def summed(Z: np.ndarray) -> Any:
        return losses(Z, Y, **setting).sum()

    np.testing.assert_allclose(found, complex_step(summed, Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found, central_differences(summed, Z), rtol=0, atol=1e-7)


def test_the_hinge_agrees_with_scikit_learn() -> None:
    Z, Y = logits(1, 9), signs(1, 9)
    assert hinge_losses(Z, Y).mean() == pytest.approx(hinge_loss(Y[0], Z[0]), rel=1e-14)


def keras() -> Any:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    return importlib.import_module("keras")


def test_keras_turns_the_label_0_of_a_hinge_into_minus_1() -> None:
    Z, Y = logits(3, 5), bits(3, 5)
    theirs = keras().losses.Hinge(dtype="float64")(Y.T.astype(float), Z.T)
    assert hinge_losses(Z, 2 * Y - 1).mean() / 3 == pytest.approx(float(theirs), rel=1e-6)


@pytest.mark.parametrize(
    ("scores", "theirs", "highest_wrong_class"),
    [((0.5, -3, -2), 0.5, 0.0), ((0.5, 3, -2), 3.5, 3.5), ((0.5, 3, 2), 3.5, 3.5), ((-3, -2, -2), 4.0, 2.0)],
)
def test_keras_counts_a_0_among_the_wrong_scores_of_its_categorical_hinge(
    scores: tuple[float, ...], theirs: float, highest_wrong_class: float
) -> None:
    found = keras().losses.CategoricalHinge(dtype="float64")(np.array([[1.0, 0, 0]]), np.array([scores]))
    assert float(found) == theirs
    assert max(0.0, max(scores[1:]) - scores[0] + 1) == highest_wrong_class


def test_at_the_kinks_the_flat_side_is_taken() -> None:
    Z, Y = np.array([[1.0, -1.0, np.nextafter(1.0, 0), np.nextafter(1.0, 2)]]), np.array([[1, -1, 1, 1]])
    np.testing.assert_array_equal(hinge_dZ(Z, Y), [[0, 0, -1, 0]])
    assert not np.signbit(hinge_dZ(Z, Y)[0, [0, 1, 3]]).any()
    np.testing.assert_array_equal(hinge_losses(Z, Y)[0, [0, 1, 3]], 0)
    scores, right = np.array([[3.0, 3.0], [2.0, 2.5], [2.0, 3.0]]), np.array([[1, 1], [0, 0], [0, 0]])
    np.testing.assert_array_equal(svm_dZ(scores, right), [[0, -2], [0, 1], [0, 1]])
    np.testing.assert_array_equal(svm_losses(scores, right), [[0, 1.5]])


def test_the_right_class_of_an_svm_gets_minus_the_number_of_those_too_close() -> None:
    Z, Y = logits(5, 11), one_hot(5, 11)
    dZ = svm_dZ(Z, Y)
    np.testing.assert_array_equal(dZ.sum(axis=0), 0)
    np.testing.assert_array_equal(dZ.T[Y.T == 1], -(dZ == 1).sum(axis=0))
    np.testing.assert_array_equal(svm_dZ(np.zeros((5, 1)), np.eye(5)[:, [2]])[:, 0], [1, 1, -4, 1, 1])


def test_focal_with_gamma_0_is_the_binary_cross_entropy() -> None:
    Z, Y = logits(3, 7) * 5, bits(3, 7)
    np.testing.assert_allclose(focal_dZ(Z, Y, gamma=0), binary_cross_entropy.dZ_from_logits(Z, Y), atol=1e-15)
    np.testing.assert_allclose(
        focal_losses(Z, Y, gamma=0.0), binary_cross_entropy.of_examples_from_logits(Z, Y), rtol=1e-12
    )


@pytest.mark.parametrize("gamma", [0, 0.5, 2.0, 5])
@pytest.mark.parametrize("z", [-1e4, -745.0, -30.0, -1e-8, 0.0, 3.0, 20.0, 300.0])
@pytest.mark.parametrize("y", [0, 1])
def test_focal_keeps_its_relative_precision_at_every_logit(gamma: float, z: float, y: int) -> None:
    numbers, s = Context(prec=400, traps=[]), z if y else -z
    if s < -700:
        loss, slope = -s, -1.0
    else:
        e = numbers.exp(Decimal(-s))
        q = numbers.divide(Decimal(1), numbers.add(Decimal(1), e))
        rest, log_q, g = numbers.multiply(e, q), numbers.ln(q), Decimal(gamma)
        power = numbers.power(rest, g) if gamma else Decimal(1)
        loss = float(-numbers.multiply(power, log_q))
        inner = numbers.subtract(numbers.multiply(g, numbers.multiply(q, log_q)), rest)
        slope = float(numbers.multiply(power, inner))
    Z, Y = np.array([[z]]), np.array([[y]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_allclose(focal_losses(Z, Y, gamma), loss, rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(focal_dZ(Z, Y, gamma), slope if y else -slope, rtol=1e-12, atol=1e-300)


def test_at_extreme_scores_nothing_warns() -> None:
    Z = np.array([[1e4, -1e4, 1e4], [1e4, 1e4, -1e4], [-1e4, 0.0, 0.0]])
    Y = np.eye(3, dtype=int)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(svm_dZ(Z, Y), [[-1, 0, 1], [1, 0, 0], [0, 0, -1]])
        np.testing.assert_array_equal(svm_losses(Z, Y), [[1, 0, 10001]])
        np.testing.assert_array_equal(hinge_dZ(Z, 2 * Y - 1), [[0, 0, 1], [1, 0, 0], [0, 1, -1]])


@pytest.mark.parametrize("name", ["hinge", "svm", "focal"])
def test_arguments_and_precision_are_kept_and_a_spoiled_one_is_named(name: str) -> None:
    losses, dZ, labels, _, _ = CASES[name]
    good = {"Z": logits(3, 7), "Y": labels(3, 7)}
    for call in (losses, dZ):
        keeps_precision_and_arguments(call, good)
        names_a_spoiled_argument(call, good)
        np.testing.assert_array_equal(call(good["Z"], good["Y"].astype(float)), call(**good))


BITS = "Labels −1 and 1 become 0 and 1 by (Y + 1) / 2, class numbers by np.arange(classes)[:, None] == numbers."
REFUSED = [
    (hinge_losses, 0, "Y: expected labels -1 and 1, got 0. Labels 0 and 1 become −1 and 1 by 2 * Y - 1."),
    (hinge_dZ, 2, "Y: expected labels -1 and 1, got 2. Labels 0 and 1 become −1 and 1 by 2 * Y - 1."),
    (svm_losses, -1, f"Y: expected labels 0 and 1, got -1. {BITS}"),
    (svm_dZ, 3, f"Y: expected labels 0 and 1, got 3. {BITS}"),
    (svm_dZ, 1, "Y: expected one-hot columns; column 1 has 2 ones."),
    (svm_losses, 1, "Y: expected one-hot columns; column 1 has 2 ones."),
    (focal_losses, -1, f"Y: expected labels 0 and 1, got -1. {BITS}"),
    (focal_dZ, 2, f"Y: expected labels 0 and 1, got 2. {BITS}"),
]


@pytest.mark.parametrize(("call", "label", "text"), REFUSED)
def test_other_labels_are_refused(call: Any, label: int, text: str) -> None:
    other = -1 if call in (hinge_losses, hinge_dZ) else 0
    with refused(DomainError, text):
        call(np.zeros((2, 2)), np.array([[1, 1], [other, label]]))


@pytest.mark.parametrize(
    ("call", "setting", "text"),
    [
        (svm_losses, {"margin": 0}, "margin: expected a positive finite number, got 0."),
        (svm_dZ, {"margin": 0}, "margin: expected a positive finite number, got 0."),
        (focal_losses, {"gamma": -1}, "gamma: expected a positive finite number, got -1."),
        (focal_dZ, {"gamma": -1}, "gamma: expected a positive finite number, got -1."),
    ],
)
def test_a_margin_and_a_gamma_that_are_none_are_refused(call: Any, setting: dict[str, float], text: str) -> None:
    with refused(DomainError, text):
        call(np.zeros((2, 1)), np.array([[1], [0]]), **setting)


@pytest.mark.parametrize("call", [hinge_losses, hinge_dZ, svm_losses, svm_dZ, focal_losses, focal_dZ])
def test_shapes_and_kinds_that_do_not_fit_are_refused(call: Any) -> None:
    with refused(ShapeError, "Y: expected n × m, here 3 × 7; got 1 × 7. It has 1 row, not 3."):
        call(np.zeros((3, 7)), np.ones((1, 7)))
    with refused(ShapeError, "Z: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."):
        call(np.zeros(4), np.ones((4, 1)))
    with refused(DtypeError, "Y: expected real labels (float, integer or boolean), got complex128."):
        call(np.zeros((1, 1)), np.ones((1, 1), complex))
