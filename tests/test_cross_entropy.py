"""Variants of softmax cross-entropy: against autograd, Keras, scikit-learn and PyTorch, and strict about what they divide by."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from sklearn.metrics import log_loss

from byhand.checks import DomainError, DtypeError, ShapeError
from byhand.cross_entropy import (
    class_weighted_gradient,
    class_weighted_losses,
    kept_gradient,
    one_hot,
    smoothed_labels,
    soft_label_gradient,
    weighted_mean,
)
from byhand.gradcheck import central_differences, complex_step
from byhand.losses import softmax_cross_entropy
from byhand.softmax import softmax

SIZES = [(4, 7), (2, 5), (3, 1), (1, 4), (1, 1)]
all_sizes = pytest.mark.parametrize(("n", "m"), SIZES)
EXTREME = np.array([[1e4, -1e4, 0.0, 1e4], [-1e4, -1e4, 0.0, 1e4 - 1], [0.0, -1e4, 0.0, 1e4]])


def fixture(n: int = 4, m: int = 7) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    numbers = rng.integers(0, n, (1, m))
    kept = rng.random((1, m)) < 0.6
    kept[0, 0] = True
    return {
        "Z": rng.standard_normal((n, m)) * 2, "numbers": numbers, "Y": one_hot(numbers, n), "kept": kept,
        "soft": rng.random((n, m)) * 1.5, "weights": rng.uniform(0.2, 5.0, (n, 1)),
    }  # fmt: skip


def summed(Z: Any, labels: Any) -> Any:
    return -anp.sum(labels * anp.log(anp.exp(Z) / anp.sum(anp.exp(Z), axis=0)))


GRADIENTS: dict[str, tuple[Callable[[np.ndarray, dict[str, np.ndarray]], np.ndarray], Callable[[dict[str, np.ndarray]], np.ndarray]]] = {
    # the gradient from A, and the labels that stand in the plain formula
    "soft labels": (lambda A, q: soft_label_gradient(A, q["soft"]), lambda q: q["soft"]),
    "smoothed": (lambda A, q: soft_label_gradient(A, smoothed_labels(q["Y"], 0.2)), lambda q: 0.8 * q["Y"] + 0.2 / len(q["Y"])),
    "kept": (lambda A, q: kept_gradient(A, q["Y"], q["kept"]), lambda q: q["Y"] * q["kept"]),
    "kept and soft": (lambda A, q: kept_gradient(A, q["soft"], q["kept"]), lambda q: q["soft"] * q["kept"]),
    "class weights": (lambda A, q: class_weighted_gradient(A, q["Y"], q["weights"]), lambda q: q["Y"] * q["weights"]),
    "weights, soft": (lambda A, q: class_weighted_gradient(A, q["soft"], q["weights"]), lambda q: q["soft"] * q["weights"]),
}  # fmt: skip


@pytest.mark.parametrize(("gradient", "labels"), GRADIENTS.values(), ids=GRADIENTS)
@all_sizes
def test_every_gradient_agrees_with_three_derivatives_entry_by_entry(
    gradient: Callable[..., np.ndarray], labels: Callable[..., np.ndarray], n: int, m: int
) -> None:
    q = fixture(n, m)
    Z, Y = q["Z"], labels(q)
    dZ = gradient(softmax(Z), q)
    assert dZ.shape == (n, m)
    np.testing.assert_allclose(dZ, grad(lambda Z: summed(Z, Y))(Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dZ, complex_step(lambda Z: summed(Z, Y), Z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dZ, central_differences(lambda Z: summed(Z, Y), Z), rtol=0, atol=1e-7)
    np.testing.assert_allclose(dZ.sum(axis=0), 0, atol=1e-13)


@all_sizes
def test_class_weighted_losses_are_the_rows_of_the_sum(n: int, m: int) -> None:
    q = fixture(n, m)
    got = class_weighted_losses(q["Z"], q["soft"], q["weights"])
    expected = [summed(q["Z"][:, [i]], (q["soft"] * q["weights"])[:, [i]]) for i in range(m)]
    np.testing.assert_allclose(got, [expected], rtol=1e-12, atol=1e-14)


def test_at_extreme_logits_and_ties_nothing_warns_and_the_entries_are_exact() -> None:
    Y, w = one_hot(np.array([[1, 0, 2, 1]]), 3), np.array([[1.0], [2.0], [4.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        losses, dZ = class_weighted_losses(EXTREME, Y, w), class_weighted_gradient(softmax(EXTREME), Y, w)
    np.testing.assert_allclose(losses, [[4e4, np.log(3), 4 * np.log(3), 2 * (1 + np.log(2 + np.exp(-1)))]], rtol=1e-12)
    np.testing.assert_allclose(dZ[:, :2], [[2, -2 / 3], [-2, 1 / 3], [0, 1 / 3]], rtol=1e-12, atol=1e-300)


def test_a_class_that_no_example_has_is_pushed_down_and_its_weight_counts_for_nothing() -> None:
    q = fixture()
    numbers = np.array([[0, 2, 2, 0, 3, 3, 0]])  # nobody has class 1
    Y, A = one_hot(numbers, 4), softmax(q["Z"])
    dZ, each = class_weighted_gradient(A, Y, q["weights"]), q["weights"].T @ Y
    np.testing.assert_allclose(dZ[1], A[1] * each[0], rtol=1e-14)
    other = q["weights"] * np.array([[1], [100], [1], [1]])
    np.testing.assert_array_equal(class_weighted_gradient(A, Y, other), dZ)
    plain = softmax_cross_entropy.of_examples_from_logits(q["Z"], Y)
    theirs = log_loss(numbers[0], A.T, labels=np.arange(4), sample_weight=each[0])
    assert weighted_mean(plain, other.T @ Y) == weighted_mean(plain, each) == pytest.approx(theirs, rel=1e-12)


# what other libraries divide by


def test_scikit_learn_divides_weighted_losses_by_the_sum_of_the_weights() -> None:
    q = fixture()
    A, each = softmax(q["Z"]), (q["weights"].T @ q["Y"])
    theirs = log_loss(q["numbers"][0], A.T, labels=np.arange(4), sample_weight=each[0])
    plain = softmax_cross_entropy.of_examples_from_logits(q["Z"], q["Y"])
    assert weighted_mean(plain, each) == pytest.approx(theirs, rel=1e-12)
    assert class_weighted_losses(q["Z"], q["Y"], q["weights"]).sum() / each.sum() == pytest.approx(theirs, rel=1e-12)
    assert class_weighted_losses(q["Z"], q["Y"], q["weights"]).mean() != pytest.approx(theirs, rel=1e-2)
    masked = log_loss(q["numbers"][0], A.T, labels=np.arange(4), sample_weight=q["kept"][0])
    assert weighted_mean(plain, q["kept"]) == pytest.approx(masked, rel=1e-12)


def keras() -> Any:
    os.environ["KERAS_BACKEND"] = "jax"  # read once, at import
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    return importlib.import_module("keras")


def test_keras_smooths_in_the_same_way_and_divides_weighted_losses_by_the_number_of_examples() -> None:
    q = fixture()
    smooth = keras().losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2, dtype="float64")
    ours = softmax_cross_entropy.cost_from_logits(q["Z"], smoothed_labels(q["Y"], 0.2))
    assert float(smooth(q["Y"].T, q["Z"].T)) == pytest.approx(ours, rel=1e-6)
    plain = keras().losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
    weighted = plain(q["Y"].T, q["Z"].T, sample_weight=(q["weights"].T @ q["Y"])[0])
    assert float(weighted) == pytest.approx(class_weighted_losses(q["Z"], q["Y"], q["weights"]).mean(), rel=1e-6)
    averaged = keras().losses.CategoricalCrossentropy(
        from_logits=True, dtype="float64", reduction="mean_with_sample_weight"
    )
    each = q["weights"].T @ q["Y"]
    expected = weighted_mean(softmax_cross_entropy.of_examples_from_logits(q["Z"], q["Y"]), each)
    assert float(averaged(q["Y"].T, q["Z"].T, sample_weight=each[0])) == pytest.approx(expected, rel=1e-6)


def test_keras_divides_by_the_number_of_kept_examples_where_a_class_number_is_ignored() -> None:
    q = fixture()
    theirs = keras().losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1, dtype="float64")
    found = theirs(np.where(q["kept"], q["numbers"], -1)[0], q["Z"].T)
    expected = weighted_mean(softmax_cross_entropy.of_examples_from_logits(q["Z"], q["Y"]), q["kept"])
    assert float(found) == pytest.approx(expected, rel=1e-6)
    assert not q["kept"].all()


def test_pytorch_divides_by_the_sum_of_the_weights_of_the_kept_examples() -> None:
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed: CONTRIBUTING says how")
    q = fixture()
    numbers = np.where(q["kept"], q["numbers"], -100)[0]
    Z = torch.from_numpy(q["Z"].T.copy()).requires_grad_()
    loss = torch.nn.CrossEntropyLoss(weight=torch.from_numpy(q["weights"][:, 0].copy()))
    loss(Z, torch.from_numpy(numbers)).backward()
    kept = q["Y"] * q["kept"]
    each = q["weights"].T @ kept
    expected = class_weighted_gradient(softmax(q["Z"]), kept, q["weights"]) / each.sum()
    np.testing.assert_allclose(Z.grad.numpy().T, expected, rtol=1e-10, atol=1e-15)


# labels


def test_one_hot_has_a_1_in_the_row_of_each_number_and_zeros_where_it_is_ignored() -> None:
    numbers = np.array([[2, 0, 1, 2]])
    assert one_hot(numbers, 4).tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]]
    assert one_hot(numbers, 3, ignore=2).tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert one_hot(np.array([[-1, 0]]), 1, ignore=-1).tolist() == [[0, 1]]
    assert one_hot(np.array([[255, 1]], np.uint8), 2, ignore=255).tolist() == [[0, 0], [0, 1]]
    assert one_hot(numbers, 3).dtype == np.float64


@pytest.mark.parametrize(("number", "ignore"), [(3, None), (-1, None), (-100, -1), (4, 3)])
def test_the_number_of_no_class_is_refused(number: int, ignore: int | None) -> None:
    text = (
        f"numbers: expected the numbers of 3 classes, 0 to 2, got {number}. "
        "Classes are counted from 0; a number that stands for no label is named by ignore."
    )
    with refused(DomainError, text):
        one_hot(np.array([[0, number, 2]]), 3, ignore=ignore)


def test_class_numbers_are_a_row_of_integers() -> None:
    with refused(DtypeError, "numbers: expected integers, the numbers of classes; got float64."):
        one_hot(np.array([[0.0, 1.0]]), 3)
    numbers: Any = [[0, 1]]
    with refused(DtypeError, "numbers: expected a NumPy array, got list. Wrap it: numbers = np.array(numbers, float)."):
        one_hot(numbers, 3)
    with refused(DtypeError, "numbers: expected integers, the numbers of classes; got bool."):
        one_hot(np.array([[False, True]]), 3)
    with refused(ShapeError, "numbers: expected 1 × m; got shape (2,). A (2,) vector: use shape (1, 2)."):
        one_hot(np.array([0, 1]), 3)


def test_smoothing_keeps_the_sum_of_each_column_and_an_ignored_column_of_zeros() -> None:
    Y = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]])
    smooth = smoothed_labels(Y, 0.3)
    np.testing.assert_allclose(smooth, [[0.8, 0, 0.1], [0.1, 0, 0.8], [0.1, 0, 0.1]], rtol=1e-12)
    np.testing.assert_array_equal(smoothed_labels(Y, 0), Y)
    np.testing.assert_allclose(smoothed_labels(Y, 1), np.array([[1, 0, 1]] * 3) / 3, rtol=1e-15)
    assert smoothed_labels(Y.astype(np.float32), np.float64(0.3)).dtype == np.float32
    np.testing.assert_array_equal(smoothed_labels(Y > 0, 0.3), smooth)


@pytest.mark.parametrize("epsilon", [-0.1, 1.1, 0.5j])
def test_a_share_is_from_0_to_1(epsilon: Any) -> None:
    with refused(DomainError, f"epsilon: expected a share from 0 to 1, got {epsilon}."):
        smoothed_labels(np.eye(2), epsilon)


def test_a_share_is_a_number() -> None:
    with refused(DtypeError, "epsilon: expected a single number, got str."):
        share: Any = "0.1"
        smoothed_labels(np.eye(2), share)


# the mean


def test_the_weighted_mean_divides_by_the_sum_of_the_weights() -> None:
    losses = np.array([[3.0, 5.0, 11.0]])
    assert weighted_mean(losses, np.array([[2, 1, 1]])) == 5.5
    assert weighted_mean(losses, np.array([[True, False, True]])) == 7
    assert weighted_mean(losses, np.array([[4.0, 4.0, 4.0]])) == losses.mean()
    assert type(weighted_mean(losses.astype(np.float32), np.array([[1, 1, 1]]))) is float
    assert type(weighted_mean(losses * 1j, np.array([[1, 1, 1]]))) is complex


def test_with_nothing_kept_there_is_an_error_and_no_nan() -> None:
    nothing = np.zeros((1, 3), bool)
    with refused(DomainError, "weights: expected at least one that is not 0, got none: there is nothing to average."):
        weighted_mean(np.ones((1, 3)), nothing)
    text = "kept: expected at least one example that counts, got none. Leave this batch out."
    with refused(DomainError, text):
        kept_gradient(np.full((2, 3), 0.5), np.eye(2, 3), nothing)


def test_an_example_that_is_not_kept_gets_exactly_nothing_and_the_others_their_own() -> None:
    q = fixture()
    A = softmax(q["Z"])
    dZ, kept = kept_gradient(A, q["Y"], q["kept"]), q["kept"][0]
    assert not dZ[:, ~kept].any()
    np.testing.assert_array_equal(dZ[:, kept], (A - q["Y"])[:, kept])


# the boundary

CALLS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "soft": ("A", lambda q: soft_label_gradient(q["A"], q["Y"])),
    "kept": ("A", lambda q: kept_gradient(q["A"], q["Y"], q["kept"])),
    "weighted": ("A weights", lambda q: class_weighted_gradient(q["A"], q["Y"], q["weights"])),
    "losses": ("Z weights", lambda q: class_weighted_losses(q["Z"], q["Y"], q["weights"])),
    "mean": ("losses", lambda q: weighted_mean(q["losses"], q["kept"])),
}
SLOTS = [(call, name) for call, (names, _) in CALLS.items() for name in names.split()]


def arguments() -> dict[str, Any]:
    q = fixture()
    return q | {"A": softmax(q["Z"]), "losses": softmax_cross_entropy.of_examples_from_logits(q["Z"], q["Y"])}


@pytest.mark.parametrize(("call", "name"), SLOTS)
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_a_spoiled_array_is_refused_by_name(call: str, name: str, row: Row) -> None:
    q = arguments()
    with refused(row[2], text_of(row, name, q[name])):
        CALLS[call][1](q | {name: row[1](q[name])})


@pytest.mark.parametrize("row", SPOILED[:5], ids=SPOILED_IDS[:5])
def test_spoiled_masks_are_refused_by_name(row: Row) -> None:
    q = arguments()
    with refused(row[2], text_of(row, "kept", q["kept"])):
        CALLS["kept"][1](q | {"kept": row[1](q["kept"])})


@pytest.mark.parametrize("call", ["soft", "kept", "weighted", "losses"])
@pytest.mark.parametrize(
    "row", [row for row in SPOILED if row[0] not in ("int64", "bool", "object")], ids=lambda row: row[0]
)
def test_spoiled_labels_are_refused_by_name(call: str, row: Row) -> None:
    q = arguments()
    with refused(row[2], text_of(row, "Y", q["Y"])):
        CALLS[call][1](q | {"Y": row[1](q["Y"])})


NEGATIVE = "expected numbers that are not negative, got -1.0."


@pytest.mark.parametrize(
    ("call", "name", "value", "error", "text"),
    [
        ("soft", "Y", np.array([[0.0, 3.0, -1.0, -2.0, 0.5, 0.0, 0.0]] * 4), DomainError, f"Y: {NEGATIVE}"),
        ("soft", "Y", np.ones(4), ShapeError, "Y: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        ("weighted", "A", np.ones(4), ShapeError, "A: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        ("losses", "Z", np.ones(4), ShapeError, "Z: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
        ("mean", "kept", [[True]], DtypeError, "weights: expected a NumPy array, got list. Wrap it: weights = np.array(weights, float)."),
        ("weighted", "weights", -np.ones((4, 1)), DomainError, f"weights: {NEGATIVE}"),
        ("mean", "kept", -np.ones((1, 7)), DomainError, f"weights: {NEGATIVE}"),
        ("mean", "kept", np.ones(7), ShapeError, "weights: expected 1 × m, here 1 × 7; got shape (7,). A (7,) vector: use shape (1, 7)."),
        ("kept", "kept", np.ones((1, 7)), DtypeError, "kept: expected booleans, True for an example that counts; got float64."),
        ("kept", "kept", np.ones((7, 1), bool), ShapeError, "kept: expected 1 × m, here 1 × 7; got 7 × 1. This is the transpose: use kept.T."),
        ("weighted", "weights", np.ones((1, 4)), ShapeError, "weights: expected n × 1, here 4 × 1; got 1 × 4. This is the transpose: use weights.T."),
        ("weighted", "weights", np.ones((4, 1), np.float32), DtypeError, "weights: expected float64 like A, got float32. Choose one: weights.astype(np.float64)."),
        ("soft", "Y", np.eye(7, 4), ShapeError, "Y: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use Y.T."),
        ("weighted", "Y", np.eye(7, 4), ShapeError, "Y: expected n × m, here 4 × 7; got 7 × 4. This is the transpose: use Y.T."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call: str, name: str, value: Any, error: Any, text: str) -> None:
    with refused(error, text):
        CALLS[call][1](arguments() | {name: value})


def test_arguments_are_not_changed_and_float32_stays_float32() -> None:
    q = arguments()
    before = {name: array.copy() for name, array in q.items()}
    results = {call: function(q) for call, (_, function) in CALLS.items()}
    for name, array in q.items():
        np.testing.assert_array_equal(array, before[name])
        array.flags.writeable = False
        for result in results.values():
            assert not np.shares_memory(np.asarray(result), array)
    single = {name: q[name].astype(np.float32) if q[name].dtype == float and name != "Y" else q[name] for name in q}
    for call, (_, function) in CALLS.items():
        got = function(single)
        assert call == "mean" or got.dtype == np.float32
        np.testing.assert_allclose(got, results[call], rtol=1e-5, atol=1e-6)
