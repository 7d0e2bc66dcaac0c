"""Losses: right at saturation, summed over outputs, averaged over examples, and strict about labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from decimal import Context, Decimal
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from boundary import SPOILED, SPOILED_IDS, Row, refused, text_of
from numpy.typing import DTypeLike
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import log_loss

from byhand.activations import identity, sigmoid, tanh
from byhand.checks import DomainError, DtypeError, InputError, ShapeError
from byhand.gradcheck import central_differences, complex_step
from byhand.losses import Loss, binary_cross_entropy, mean_over_examples, softmax_cross_entropy, squared_error
from byhand.softmax import softmax, softmax_output

SIZES = [(3, 7), (2, 5), (1, 4), (3, 1), (1, 1)]
all_sizes = pytest.mark.parametrize(("n", "m"), SIZES)
LOSSES = [binary_cross_entropy, squared_error, softmax_cross_entropy]
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=["cross-entropy", "squares", "softmax"])
FROM_A = ["of_examples", "cost", "dA"]
FROM_Z = ["of_examples_from_logits", "cost_from_logits", "dZ_from_logits"]
EVERY = [(method, "A") for method in FROM_A] + [(method, "Z") for method in FROM_Z]
every_method = pytest.mark.parametrize(("method", "name"), EVERY)


def predictions(n: int = 3, m: int = 7, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.05, 0.95, (n, m))


def predictions_for(loss: Loss, n: int = 3, m: int = 7) -> np.ndarray:
    A = predictions(n, m)
    return A / A.sum(axis=0) if loss is softmax_cross_entropy else A


def logits(n: int = 3, m: int = 7, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, m)) * 3


def labels(n: int = 3, m: int = 7, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, (n, m))


def summed_cross_entropy(A: Any, Y: Any) -> Any:
    return -anp.sum(Y * anp.log(A) + (1 - Y) * anp.log(1 - A))


def summed_squares(A: Any, Y: Any) -> Any:
    return anp.sum((A - Y) ** 2) / 2


ANEW: dict[str, Callable[[Any, Any], Any]] = {
    "softmax cross-entropy": lambda A, Y: -anp.sum(Y * anp.log(A)),
    "binary cross-entropy": summed_cross_entropy,
    "squared error": summed_squares,
}
LINK: dict[str, Callable[[Any], Any]] = {
    "softmax cross-entropy": lambda Z: anp.exp(Z) / anp.sum(anp.exp(Z), axis=0),
    "binary cross-entropy": lambda Z: 1 / (1 + anp.exp(-Z)),
    "squared error": lambda Z: Z,
}


@each_loss
@all_sizes
@pytest.mark.parametrize("soft", [False, True], ids=["hard labels", "soft labels"])
def test_loss_cost_and_gradients_agree_with_autograd_entry_by_entry(loss: Loss, n: int, m: int, soft: bool) -> None:
    A, Z = predictions_for(loss, n, m), logits(n, m)
    Y = predictions(n, m, seed=3) if soft else labels(n, m)
    anew, link = ANEW[loss.name], LINK[loss.name]

    def from_logits(Z: Any) -> Any:
        return anew(link(Z), Y)

    columns = [slice(i, i + 1) for i in range(m)]
    by_example = [anew(A[:, i], Y[:, i]) for i in columns]
    assert loss.of_examples(A, Y).shape == (1, m)
    np.testing.assert_allclose(loss.of_examples(A, Y)[0], by_example, rtol=1e-12)
    assert loss.cost(A, Y) == pytest.approx(anew(A, Y) / m, rel=1e-12)
    np.testing.assert_allclose(loss.dA(A, Y), grad(anew)(A, Y), rtol=1e-9, atol=0)
    assert loss.of_examples_from_logits(Z, Y).shape == (1, m)
    np.testing.assert_allclose(
        loss.of_examples_from_logits(Z, Y)[0], [anew(link(Z[:, i]), Y[:, i]) for i in columns], rtol=1e-9
    )
    assert loss.cost_from_logits(Z, Y) == pytest.approx(from_logits(Z) / m, rel=1e-10)
    np.testing.assert_allclose(loss.dZ_from_logits(Z, Y), grad(from_logits)(Z), rtol=1e-9, atol=1e-12)


@each_loss
@pytest.mark.parametrize("soft", [False, True], ids=["hard labels", "soft labels"])
def test_the_gradients_agree_with_the_definition(loss: Loss, soft: bool) -> None:
    A, Z = predictions_for(loss), logits()
    Y = predictions(seed=3) if soft else labels()
    m = A.shape[1]

    def summed(A: np.ndarray) -> float | complex:
        return m * loss.cost(A, Y)

    def summed_from_logits(Z: np.ndarray) -> float | complex:
        return m * loss.cost_from_logits(Z, Y)

    for f, X, gradient in ((summed, A, loss.dA(A, Y)), (summed_from_logits, Z, loss.dZ_from_logits(Z, Y))):
        largest = np.abs(gradient).max()
        np.testing.assert_allclose(gradient, complex_step(f, X), rtol=0, atol=1e-9 * largest)
        np.testing.assert_allclose(gradient, central_differences(f, X), rtol=0, atol=1e-6 * largest)


def test_the_complex_step_agrees_on_both_sides_of_zero_and_at_it() -> None:
    Z, Y = np.array([[-700.0, -1.0, -0.0, 0.0, 1.0, 700.0]]), np.array([[1, 0, 1, 0, 1, 0]])
    got = complex_step(lambda Z: Z.shape[1] * binary_cross_entropy.cost_from_logits(Z, Y), Z)
    np.testing.assert_allclose(got, binary_cross_entropy.dZ_from_logits(Z, Y), rtol=1e-14, atol=0)


@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("z", [0.0, 1e-9, 0.4, 5.0, 36.0, 40.0, 300.0, 700.0, 1e4, 1e308])
@pytest.mark.parametrize("sign", [1, -1])
def test_from_logits_the_loss_keeps_its_relative_precision_at_every_finite_logit(y: float, z: float, sign: int) -> None:
    z = sign * z
    numbers = Context(prec=400, traps=[])
    if abs(z) > 1e3:  # e^-|z| is far below the last digit of a float
        expected = max(z, 0.0) - y * z
    else:
        softplus = numbers.ln(numbers.add(Decimal(1), numbers.exp(Decimal(z))))
        expected = float(numbers.subtract(softplus, numbers.multiply(Decimal(y), Decimal(z))))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        got = binary_cross_entropy.of_examples_from_logits(np.array([[z]]), np.array([[y]])).item()
    assert abs(got - expected) <= 4e-16 * abs(expected) * 2


@each_loss
@pytest.mark.parametrize("z", [0.0, 5e-324, 40.0, 800.0, 1e4, 1e100])
@pytest.mark.parametrize("y", [0, 1])
def test_from_logits_nothing_warns(loss: Loss, z: float, y: int) -> None:
    Z, Y = np.array([[z, -z]]), np.array([[y, y]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(loss.of_examples_from_logits(Z, Y)).all()
        assert np.isfinite(loss.cost_from_logits(Z, Y))
        A = loss.link.function(Z)
        np.testing.assert_array_equal(loss.dZ_from_logits(Z, Y), Y * A - Y if loss is softmax_cross_entropy else A - Y)


def test_a_sure_and_right_prediction_costs_nothing_and_sends_nothing_of_the_other_label() -> None:
    A, Y = np.array([[0.0, 1.0, 0.5]]), np.array([[0, 1, 1]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        losses, dA = binary_cross_entropy.of_examples(A, Y), binary_cross_entropy.dA(A, Y)
    np.testing.assert_allclose(losses, [[0, 0, np.log(2)]], rtol=1e-15)
    assert not np.signbit(losses).any()
    np.testing.assert_array_equal(dA, [[1, -1, -2]])


def test_the_loss_of_a_tiny_prediction_keeps_its_precision() -> None:
    A, Y = np.array([[1e-20, 1e-300]]), np.array([[0, 1]])
    np.testing.assert_allclose(binary_cross_entropy.of_examples(A, Y), [[1e-20, 300 * np.log(10)]], rtol=1e-14)


def test_the_cost_is_averaged_over_examples_and_not_over_outputs() -> None:
    A, Y = predictions(3, 7), labels(3, 7)
    for loss in (binary_cross_entropy, squared_error):
        one, twice = loss.cost(A, Y), loss.cost(np.concatenate([A, A]), np.concatenate([Y, Y]))
        assert twice == pytest.approx(2 * one)
        assert loss.cost(np.concatenate([A, A], axis=1), np.concatenate([Y, Y], axis=1)) == pytest.approx(one)
        assert loss.cost(A, Y) == pytest.approx(loss.of_examples(A, Y).mean())
        assert loss.cost_from_logits(A, Y) == pytest.approx(loss.of_examples_from_logits(A, Y).mean())


def test_mean_over_examples_divides_by_the_columns_and_is_a_plain_number() -> None:
    assert mean_over_examples(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])) == 7.0
    assert type(mean_over_examples(np.ones((2, 3), np.float32))) is float
    assert type(mean_over_examples(np.ones((2, 3)) * 1j)) is complex


def test_the_gradients_carry_no_1_over_m() -> None:
    A, Z, Y = predictions(), logits(), labels()
    for loss in (binary_cross_entropy, squared_error):
        for gradient, array in ((loss.dA, A), (loss.dZ_from_logits, Z)):
            whole = gradient(array, Y)
            np.testing.assert_array_equal(whole[:, :2], gradient(array[:, :2], Y[:, :2]))


def test_two_worked_values() -> None:
    """Entropy in bits of a fair coin, and the half square of a 3-4-5 triangle."""
    assert binary_cross_entropy.cost(np.array([[0.5]]), np.array([[1]])) / np.log(2) == pytest.approx(1)
    assert squared_error.of_examples(np.array([[3.0], [4.0]]), np.array([[0], [0]])).tolist() == [[12.5]]


@each_loss
@every_method
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label_type", [np.int64, np.uint8, bool, np.float32, np.float64])
def test_the_precision_is_that_of_the_predictions_whatever_the_labels_are(
    loss: Loss, method: str, name: str, dtype: DTypeLike, label_type: DTypeLike
) -> None:
    A, Y = predictions_for(loss).astype(dtype), labels()
    result = getattr(loss, method)(A, Y.astype(label_type))
    if "cost" in method:
        assert type(result) is float
    else:
        assert result.dtype == dtype
    np.testing.assert_array_equal(result, getattr(loss, method)(A, Y))


@each_loss
@every_method
def test_arguments_are_neither_changed_nor_shared_and_may_be_strided_or_frozen(
    loss: Loss, method: str, name: str
) -> None:
    A, Y = predictions_for(loss), labels().astype(float)
    before = A.copy(), Y.copy()
    result = getattr(loss, method)(A, Y)
    if "cost" not in method:
        assert not np.shares_memory(result, A)
        assert not np.shares_memory(result, Y)
    np.testing.assert_array_equal(A, before[0])
    np.testing.assert_array_equal(Y, before[1])
    A.flags.writeable = Y.flags.writeable = False
    np.testing.assert_array_equal(getattr(loss, method)(A, Y), result)
    strided = np.repeat(A, 2, axis=1)[:, ::2], np.repeat(Y, 2, axis=0)[::2]
    np.testing.assert_allclose(getattr(loss, method)(*strided), result, rtol=1e-14)
    fortran = np.asfortranarray(A), np.asfortranarray(Y)
    np.testing.assert_allclose(getattr(loss, method)(*fortran), result, rtol=1e-14)


def test_checked_labels_are_a_copy_in_the_precision_of_the_predictions() -> None:
    Y = labels().astype(float)
    checked = squared_error.checked_labels(Y, like=predictions())
    assert not np.shares_memory(checked, Y)
    assert squared_error.checked_labels(Y, like=predictions().astype(np.float32)).dtype == np.float32
    assert squared_error.checked_labels(Y, like=predictions() + 0j).dtype == np.float64
    assert squared_error.checked_labels(Y, like=predictions().astype(np.complex64)).dtype == np.float32


def test_the_losses_know_their_names_links_and_domains() -> None:
    assert repr(binary_cross_entropy) == "<loss binary cross-entropy>"
    assert repr(squared_error) == "<loss squared error>"
    assert (binary_cross_entropy.link, squared_error.link) == (sigmoid, identity)
    assert (repr(softmax_cross_entropy), softmax_cross_entropy.link) == ("<loss softmax cross-entropy>", softmax_output)
    assert [loss.infinite_at for loss in LOSSES] == [(0, 1), (), (0,)]
    everything = (-np.inf, np.inf)
    assert (softmax_cross_entropy.predictions, softmax_cross_entropy.labels) == ((0, 1), (0, 1))
    assert (binary_cross_entropy.predictions, binary_cross_entropy.labels) == ((0, 1), (0, 1))
    assert (squared_error.predictions, squared_error.labels) == (everything, everything)


@each_loss
@every_method
@pytest.mark.parametrize("row", SPOILED, ids=SPOILED_IDS)
def test_spoiled_predictions_are_refused_by_name(loss: Loss, method: str, name: str, row: Row) -> None:
    A = predictions_for(loss)
    with refused(row[2], text_of(row, name, A)):
        getattr(loss, method)(row[1](A), labels())


LABELS_SPOILED = [row for row in SPOILED if row[0] not in ("int64", "bool", "object")]


@each_loss
@every_method
@pytest.mark.parametrize("row", LABELS_SPOILED, ids=[row[0] for row in LABELS_SPOILED])
def test_spoiled_labels_are_refused_by_name(loss: Loss, method: str, name: str, row: Row) -> None:
    Y = labels().astype(float)
    with refused(row[2], text_of(row, "Y", Y)):
        getattr(loss, method)(predictions_for(loss), row[1](Y))


@each_loss
@every_method
@pytest.mark.parametrize(
    ("dtype", "shown"), [(complex, "complex128"), (object, "object"), ("U1", "<U1"), ("M8[D]", "datetime64[D]")]
)
def test_labels_that_are_not_real_numbers_are_refused(
    loss: Loss, method: str, name: str, dtype: Any, shown: str
) -> None:
    with refused(DtypeError, f"Y: expected real labels (float, integer or boolean), got {shown}."):
        getattr(loss, method)(predictions_for(loss), labels().astype(dtype))


UNFIT: list[tuple[str, tuple[int, ...], tuple[int, ...], str]] = [
    ("the transpose", (3, 7), (7, 3), "Y: expected n × m, here 3 × 7; got 7 × 3. This is the transpose: use Y.T."),
    ("class numbers", (3, 7), (1, 7), "Y: expected n × m, here 3 × 7; got 1 × 7. It has 1 row, not 3."),
    ("a column too few", (3, 7), (3, 6), "Y: expected n × m, here 3 × 7; got 3 × 6. It has 6 columns, not 7."),
    ("a vector of labels", (1, 4), (4,), "Y: expected n × m, here 1 × 4; got shape (4,). A (4,) vector: use shape (1, 4)."),
    ("one example's labels", (4, 1), (4,), "Y: expected n × m, here 4 × 1; got shape (4,). A (4,) vector: use shape (4, 1)."),
    ("no labels", (3, 7), (3, 0), "Y: expected n × m, here 3 × 7; got 3 × 0. It has 0 columns, not 7."),
    ("no examples", (3, 0), (3, 0), "{0}: expected n × m with no size 0; got 3 × 0: an empty batch, m = 0."),
    ("no outputs", (0, 7), (0, 7), "{0}: expected n × m with no size 0; got 0 × 7: n = 0."),
    ("a vector of predictions", (4,), (4,), "{0}: expected n × m; got shape (4,). A (4,) vector: use shape (4, 1) or (1, 4)."),
    ("images", (3, 2, 7), (3, 7), "{0}: expected n × m; got shape (3, 2, 7). It has 3 axes: flatten each example into one column."),
]  # fmt: skip


@each_loss
@every_method
@pytest.mark.parametrize(("came", "of_a", "of_y", "text"), UNFIT, ids=[row[0] for row in UNFIT])
def test_shapes_that_do_not_fit_are_refused(
    loss: Loss, method: str, name: str, came: str, of_a: tuple[int, ...], of_y: tuple[int, ...], text: str
) -> None:
    with refused(ShapeError, text.format(name)):
        getattr(loss, method)(np.full(of_a, 0.5), np.zeros(of_y, int))


OUTSIDE = [
    ([[0, 1, -1]], "-1", "Labels −1 and 1 become 0 and 1 by (Y + 1) / 2."),
    ([[1.0, 1.0, -1.0]], "-1.0", "Labels −1 and 1 become 0 and 1 by (Y + 1) / 2."),
    ([[0, 3, 9]], "3", "Class numbers become one row per class by np.arange(classes)[:, None] == numbers."),
    ([[0, 1, 2.0]], "2.0", "Class numbers become one row per class by np.arange(classes)[:, None] == numbers."),
    ([[0, -2, 1]], "-2", "Class numbers become one row per class by np.arange(classes)[:, None] == numbers."),
    ([[0, 0.5, 1.25]], "1.25", "A label is 0 or 1, or a probability between them."),
    ([[0, -0.5, 1]], "-0.5", "A label is 0 or 1, or a probability between them."),
]


@every_method
@pytest.mark.parametrize(("Y", "got", "slip"), OUTSIDE)
def test_labels_outside_0_to_1_are_refused_with_the_likely_slip(
    method: str, name: str, Y: Any, got: str, slip: str
) -> None:
    with refused(DomainError, f"Y: expected labels from 0 to 1 for binary cross-entropy, got {got}. {slip}"):
        getattr(binary_cross_entropy, method)(predictions(1, 3), np.array(Y))
    getattr(squared_error, method)(predictions(1, 3), np.array(Y))


@pytest.mark.parametrize("method", FROM_A)
@pytest.mark.parametrize(
    ("a", "got"), [(-0.5, "-0.5"), (-5e-324, "-5e-324"), (1 + 2**-52, str(1 + 2**-52)), (7.0, "7.0")]
)
def test_predictions_that_are_logits_are_refused(method: str, a: float, got: str) -> None:
    text = (
        f"A: expected predictions from 0 to 1 for binary cross-entropy, got {got}. "
        "Are these logits? Then use the functions that end in from_logits."
    )
    with refused(DomainError, text):
        getattr(binary_cross_entropy, method)(np.array([[0.5, a]]), np.array([[0, 1]]))


@pytest.mark.parametrize("method", FROM_A)
@pytest.mark.parametrize(
    ("a", "y", "shown"),
    [(0.0, 1.0, "0.0 where the label is 1.0"), (1.0, 0.0, "1.0 where the label is 0.0"), (0.0, 0.5, "0.0 where the label is 0.5"),
     (1.0, 0.5, "1.0 where the label is 0.5")],
)  # fmt: skip
def test_a_saturated_prediction_with_another_label_is_refused(method: str, a: float, y: float, shown: str) -> None:
    text = (
        f"A: a prediction is exactly {shown}: the loss is infinite there. "
        "Work from the logits Z instead: the functions that end in from_logits stay finite."
    )
    A, Y = np.array([[0.5, 0.0, 1.0, a]]), np.array([[1, 0, 1, y]])
    with refused(DomainError, text):
        getattr(binary_cross_entropy, method)(A, Y)
    getattr(binary_cross_entropy, method)(A[:, :3], Y[:, :3])
    getattr(squared_error, method)(A, Y)


def test_the_complex_step_is_refused_at_saturation_too() -> None:
    text = (
        "A: a prediction is exactly 1e-20j where the label is 1.0: the loss is infinite there. "
        "Work from the logits Z instead: the functions that end in from_logits stay finite."
    )
    with refused(DomainError, text):
        complex_step(lambda A: binary_cross_entropy.cost(A, np.array([[1]])), np.array([[0.0]]))


def test_a_loss_of_ones_own_takes_part() -> None:
    """Half squares again, named otherwise, through tanh: every field is used as documented."""
    given: dict[str, Any] = {field.name: getattr(squared_error, field.name) for field in fields(squared_error)}
    own = Loss(**given | {"name": "own", "link": tanh, "predictions": (-1.0, 1.0), "labels": (-1.0, 1.0)})
    Z, Y = logits(), labels() * 2 - 1
    np.testing.assert_array_equal(own.dZ_from_logits(Z, Y), np.tanh(Z) - Y)
    with pytest.raises(InputError, match="expected labels from -1 to 1 for own, got 2"):
        own.cost(np.tanh(Z), Y * 2)


def test_a_loss_holds_still_once_made() -> None:
    name = "name"
    with pytest.raises(FrozenInstanceError):
        setattr(squared_error, name, "other")


@pytest.mark.parametrize(("a", "y", "shown"), [(1e-310, 1, "-inf"), (5e-324, 0.5, "-inf")])
def test_a_gradient_too_large_for_its_precision_is_refused_without_a_warning(a: float, y: float, shown: str) -> None:
    with refused(DomainError, f"dA: expected finite numbers, got {shown} at dA[0, 1] (not finite: 1 of 2 entries)."):
        binary_cross_entropy.dA(np.array([[0.5, a]]), np.array([[1, y]]))
    assert binary_cross_entropy.dA(np.array([[1e-300]]), np.array([[1]])).item() == pytest.approx(-1e300)


# softmax cross-entropy

EXTREME = np.array([[1e4, -1e4, 0.0, 1e4, 700.0], [-1e4, -1e4, 0.0, 1e4 - 1, -700.0], [0.0, -1e4, 0.0, 1e4, 709.0]])


@pytest.mark.parametrize("k", [0, 1, 2])
def test_softmax_cross_entropy_is_that_of_scipy_at_extreme_logits_and_ties(k: int) -> None:
    Y = np.zeros_like(EXTREME)
    Y[k] = 1
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        losses, dZ = (
            softmax_cross_entropy.of_examples_from_logits(EXTREME, Y),
            softmax_cross_entropy.dZ_from_logits(EXTREME, Y),
        )
    np.testing.assert_allclose(losses, -log_softmax(EXTREME, axis=0)[[k]], rtol=1e-12)
    np.testing.assert_allclose(dZ, scipy_softmax(EXTREME, axis=0) - Y, rtol=1e-12, atol=1e-300)
    assert not np.signbit(losses).any()


def test_softmax_cross_entropy_is_that_of_scikit_learn_for_one_hot_labels() -> None:
    Z, numbers = logits(4, 9), np.random.default_rng(5).integers(0, 4, 9)
    Y = np.arange(4)[:, None] == numbers
    A = softmax(Z)
    theirs = log_loss(numbers, A.T, labels=np.arange(4))
    assert softmax_cross_entropy.cost(A, Y) == pytest.approx(theirs, rel=1e-13)
    assert softmax_cross_entropy.cost_from_logits(Z, Y) == pytest.approx(theirs, rel=1e-13)
    np.testing.assert_array_equal(softmax_cross_entropy.dZ_from_logits(Z, Y), A - Y)


@pytest.mark.parametrize("z", [1.0, 30.0, 40.0, 700.0])
def test_a_tiny_softmax_loss_keeps_its_relative_precision(z: float) -> None:
    Z, Y = np.array([[z], [0.0]]), np.array([[1], [0]])
    assert softmax_cross_entropy.cost_from_logits(Z, Y) == pytest.approx(np.log1p(np.exp(-z)), rel=1e-14)


def test_a_column_of_zeros_costs_nothing_and_sends_nothing_back() -> None:
    Z, Y = logits(3, 4), np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    dZ, losses = softmax_cross_entropy.dZ_from_logits(Z, Y), softmax_cross_entropy.of_examples_from_logits(Z, Y)
    assert not dZ[:, [1, 3]].any()
    assert losses[0, [1, 3]].tolist() == [0, 0]
    assert dZ[:, [0, 2]].all()
    assert not np.signbit(losses).any()


def test_a_prediction_of_exactly_0_is_refused_only_where_a_label_wants_it() -> None:
    A = np.array([[0.0, 1.0], [0.5, 0.0], [0.5, 0.0]])
    for method in FROM_A:
        getattr(softmax_cross_entropy, method)(A, np.array([[0, 0.5], [0.5, 0], [0.5, 0]]))
        with refused(
            DomainError,
            "A: a prediction is exactly 0.0 where the label is 0.25: the loss is infinite there. "
            "Work from the logits Z instead: the functions that end in from_logits stay finite.",
        ):
            getattr(softmax_cross_entropy, method)(A, np.array([[0, 0.75], [0.5, 0.25], [0.5, 0]]))
    assert not np.signbit(softmax_cross_entropy.dA(A, np.zeros((3, 2)))).any()


@pytest.mark.parametrize("method", FROM_A)
@pytest.mark.parametrize(("off", "fits"), [(0.0009, True), (0.0011, False), (-0.0009, True), (-0.0011, False)])
def test_columns_that_do_not_add_up_to_1_are_refused(method: str, off: float, fits: bool) -> None:
    A, Y = np.array([[0.25, 0.5], [0.75, 0.5 + off]]), np.array([[0, 1], [1, 0]])
    if fits:
        getattr(softmax_cross_entropy, method)(A, Y)
        return
    with refused(
        DomainError,
        f"A: expected columns that add up to 1 for softmax cross-entropy, got {1 + off:.4g} in column 1. "
        "Is softmax missing, or was it taken along the wrong axis?",
    ):
        getattr(softmax_cross_entropy, method)(A, Y)


def test_each_loss_answers_in_the_form_of_its_labels() -> None:
    A = np.array([[0.5, 0.25, 0.4], [0.3, 0.5, 0.2], [0.2, 0.25, 0.4]])
    assert softmax_cross_entropy.answer(A).tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert binary_cross_entropy.answer(A + 0.1).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert squared_error.answer(A) is A
