"""Training: whole-batch descent, its costs, its progress bar, and how it says that it diverged."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from boundary import refused, unenforced
from numpy.typing import DTypeLike

from byhand.activations import identity, relu, sigmoid, tanh
from byhand.checks import DomainError, InputError, ShapeError
from byhand.losses import squared_error
from byhand.network import Arrays, Network
from byhand.training import train

NET = Network((3, 4, 2), (tanh, sigmoid))


def data(dtype: DTypeLike = np.float64) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((3, 7)).astype(dtype), rng.integers(0, 2, (2, 7))


def test_training_repeats_forward_backward_and_step() -> None:
    X, Y = data()
    start = NET.initialise(1)
    parameters, costs = train(NET, X, Y, start, steps=5, learning_rate=0.3)
    current, expected = start, []
    for _ in range(6):
        cache = NET.forward(X, current)
        expected.append(NET.cost(cache, Y))
        last, current = current, NET.step(current, NET.backward(cache, current, Y), 0.3)
    assert costs == expected
    assert [type(cost) for cost in costs] == [float] * 6
    assert list(parameters) == list(last)
    for name in last:
        np.testing.assert_array_equal(parameters[name], last[name])


def test_training_finds_the_line_that_the_normal_equations_find() -> None:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((2, 20))
    Y = np.array([[1.5, -2.0]]) @ X + 0.5 + 0.1 * rng.standard_normal((1, 20))
    net = Network((2, 1), (identity,), squared_error)
    parameters, costs = train(net, X, Y, net.initialise(0), steps=300, learning_rate=0.3)
    exact, *_ = np.linalg.lstsq(np.vstack([X, np.ones(20)]).T, Y[0], rcond=None)
    np.testing.assert_allclose(np.append(parameters["W1"], parameters["b1"]), exact, rtol=1e-12)
    assert costs[-1] == pytest.approx(min(costs))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_numbers(seed: int) -> None:
    X, Y = data()
    one, again = (train(NET, X, Y, NET.initialise(seed), steps=20, learning_rate=0.5) for _ in range(2))
    assert one[1] == again[1]
    for name in one[0]:
        np.testing.assert_array_equal(one[0][name], again[0][name])


@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), np.float32(0.1), 1])
def test_float32_stays_float32_whatever_the_type_of_the_learning_rate(rate: Any) -> None:
    X, Y = data(np.float32)
    with unenforced():
        parameters, _ = train(NET, X, Y, NET.initialise(1, np.float32), steps=3, learning_rate=rate)
    assert {array.dtype for array in parameters.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_the_start_is_neither_changed_nor_shared_and_there_is_one_cost_more_than_steps(steps: int) -> None:
    X, Y = data()
    start = NET.initialise(1)
    before = {name: array.copy() for name, array in start.items()}
    parameters, costs = train(NET, X, Y, start, steps=steps, learning_rate=0.5)
    assert len(costs) == steps + 1
    for name, array in start.items():
        np.testing.assert_array_equal(array, before[name])
        assert not np.shares_memory(parameters[name], array)
        assert np.array_equal(parameters[name], array) == (steps == 0)


@pytest.mark.parametrize(("terminal", "progress", "drawn"), [
    (False, None, False), (True, None, True), (False, True, True), (True, True, True), (True, False, False), (False, False, False),
])  # fmt: skip
def test_the_progress_bar_is_drawn_when_asked_for_and_else_only_on_a_terminal(
    terminal: bool,
    progress: bool | None,
    drawn: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    _, costs = train(NET, *data(), NET.initialise(1), steps=3, learning_rate=0.5, progress=progress)
    assert len(costs) == 4
    out, shown = capsys.readouterr()
    assert out == ""
    assert bool(shown) == drawn
    if drawn:
        assert re.search(r"training: 100%\|.*\| 3/3 ", shown)


DIVERGING = {
    "in a weighted sum": (
        Network((3, 4, 2), (relu, identity), squared_error),
        1e3,
        r"Z2: expected finite numbers, got -?inf at Z2\[.*",
    ),
    "with sums of both infinities": (
        Network((3, 4, 5, 2), (identity, identity, identity), squared_error),
        1e160,
        r"Z2: expected finite numbers, got (-?inf|nan) at Z2\[.*",
    ),
    "in the cost": (Network((3, 2), (identity,), squared_error), 1e200, "The cost is inf."),
    "in the parameters": (
        Network((3, 2), (identity,), squared_error),
        1.7e308,
        r"W1: expected finite numbers, got -?inf at W1\[.*",
    ),
}


@pytest.mark.parametrize(("net", "rate", "cause"), DIVERGING.values(), ids=DIVERGING)
def test_training_that_diverges_says_so_once_with_the_step_and_what_to_try(
    net: Network, rate: float, cause: str
) -> None:
    X, Y = data()
    text = rf"learning_rate: with {re.escape(f'{rate:g}')} training diverged at step [1-9]\d*; try a smaller one\. \({cause}\)"
    with pytest.raises(DomainError) as caught:
        train(net, 10 * X, Y, net.initialise(0), steps=3000, learning_rate=rate)
    assert re.fullmatch(text, str(caught.value)), str(caught.value)
    assert isinstance(caught.value.__cause__, DomainError)


def test_the_step_named_is_the_first_that_cannot_be_taken() -> None:
    """J = a²/2 for the output a = w + b, from a = 1: a step of rate r makes it (1 − 2r) a, and a² overflows at |a| > 1.34e154."""
    net = Network((1, 1), (identity,), squared_error)
    one, nought = np.array([[1.0]]), np.array([[0.0]])
    start: Arrays = {"W1": one, "b1": nought}

    def run(steps: int) -> list[float]:
        return train(net, one, nought, start, steps=steps, learning_rate=5e77)[1]

    assert np.isfinite(run(1)).all()  # a = −1e78, then 1e156
    with pytest.raises(
        DomainError, match=r"with 5e\+77 training diverged at step 2; try a smaller one\. \(The cost is inf\.\)"
    ):
        run(2)


@pytest.mark.parametrize(("steps", "shown"), [(-1, "-1"), (2.0, "2.0"), ("3", "'3'"), (None, "None")])
def test_steps_that_cannot_be_counted_are_refused(steps: Any, shown: str) -> None:
    with refused(DomainError, f"steps: expected a whole number, 0 or more, got {shown}."):
        train(NET, *data(), NET.initialise(1), steps=steps, learning_rate=0.5)


@pytest.mark.parametrize("steps", [0, 2])
@pytest.mark.parametrize(("rate", "shown"), [(0, "0"), (-1.0, "-1.0"), (float("nan"), "nan"), (float("inf"), "inf")])
def test_a_learning_rate_out_of_range_is_refused_before_the_first_step(steps: int, rate: float, shown: str) -> None:
    with refused(DomainError, f"learning_rate: expected a positive finite number, got {shown}."):
        train(NET, *data(), NET.initialise(1), steps=steps, learning_rate=rate)


def test_arguments_that_do_not_fit_are_refused_as_by_the_network() -> None:
    X, Y = data()
    start = NET.initialise(1)
    with refused(ShapeError, "X: expected n₀ × m, here 3 × m; got 7 × 3. This is the transpose: use X.T."):
        train(NET, X.T, Y, start, steps=1, learning_rate=0.5)
    with refused(ShapeError, "Y: expected n × m, here 2 × 7; got 7 × 2. This is the transpose: use Y.T."):
        train(NET, X, Y.T, start, steps=1, learning_rate=0.5)
    with refused(InputError, "parameters: expected the keys W1, b1, W2, b2; W1, b1, W2, b2 missing."):
        train(NET, X, Y, {}, steps=1, learning_rate=0.5)


def test_numpy_integers_count_steps() -> None:
    steps: Any = np.int64(2)
    with unenforced():
        assert len(train(NET, *data(), NET.initialise(1), steps=steps, learning_rate=0.5)[1]) == 3


# mini-batches


def numbered(m: int = 7) -> tuple[Network, np.ndarray, np.ndarray, list[list[float]]]:
    """Return a network for numbers, data in which an example's label is its number, and a list of the labels of each step."""
    used: list[list[float]] = []

    def noting(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        used.append(Y[0].tolist())
        return squared_error.slope_through_link(A, Y)

    net = Network((3, 4, 1), (tanh, identity), replace(squared_error, slope_through_link=noting))
    return net, np.random.default_rng(4).standard_normal((3, m)), np.arange(m, dtype=float)[None], used


def test_every_pass_takes_each_example_once_in_a_new_order_and_the_rest_makes_a_smaller_batch() -> None:
    net, X, Y, used = numbered()
    train(net, X, Y, net.initialise(0), steps=6, learning_rate=0.1, batch_size=3, seed=5)
    assert [len(batch) for batch in used] == [3, 3, 1, 3, 3, 1]
    first, second = [*used[0], *used[1], *used[2]], [*used[3], *used[4], *used[5]]
    assert sorted(first) == sorted(second) == list(range(7))
    assert len({tuple(first), tuple(second), tuple(range(7))}) == 3


def test_a_step_follows_the_gradient_of_its_batch_averaged_over_the_batchs_own_examples() -> None:
    net, X, Y, used = numbered()
    start = net.initialise(0)
    parameters, costs = train(net, X, Y, start, steps=5, learning_rate=0.1, batch_size=3, seed=5)
    batches = [[int(number) for number in batch] for batch in used]
    train(net, X, Y, start, steps=6, learning_rate=0.1, batch_size=3, seed=5)
    batches.append([int(number) for number in used[-1]])  # the batch that came next, whose cost is the last
    current, expected = start, []
    for chosen in batches:
        last, cache = current, net.forward(X[:, chosen], current)
        expected.append(np.real(net.cost(cache, Y[:, chosen])))
        current = net.step(current, net.backward(cache, current, Y[:, chosen]), 0.1)
    assert costs == expected
    for name in last:
        np.testing.assert_array_equal(parameters[name], last[name])


@pytest.mark.parametrize("batch_size", [1, 3, 7, np.int64(2)])
def test_the_same_seed_gives_the_same_batches_and_another_seed_others(batch_size: Any) -> None:
    X, Y = data()

    def run(seed: int) -> tuple[Arrays, list[float]]:
        with unenforced():
            return train(NET, X, Y, NET.initialise(1), steps=9, learning_rate=0.5, batch_size=batch_size, seed=seed)

    one, again, other = run(1), run(1), run(2)
    assert one[1] == again[1] != other[1]
    for name in one[0]:
        np.testing.assert_array_equal(one[0][name], again[0][name])


def test_the_seed_is_0_unless_another_is_given() -> None:
    words: dict[str, Any] = {"steps": 9, "learning_rate": 0.5, "batch_size": 2}
    unsaid, said = (train(NET, *data(), NET.initialise(1), **words | more)[1] for more in ({}, {"seed": 0}))
    assert unsaid == said


def test_without_a_batch_size_the_seed_changes_nothing_and_one_batch_of_all_is_the_whole_but_for_rounding() -> None:
    X, Y = data()
    whole, seeded, shuffled = (
        train(NET, X, Y, NET.initialise(1), steps=9, learning_rate=0.5, batch_size=size, seed=seed)[1]
        for size, seed in ((None, 0), (None, 9), (7, 9))
    )
    assert whole == seeded
    assert whole != shuffled
    np.testing.assert_allclose(shuffled, whole, rtol=1e-12)


def test_mini_batches_leave_the_data_as_they_were() -> None:
    X, Y = data()
    X.flags.writeable = Y.flags.writeable = False
    train(NET, X, Y, NET.initialise(1), steps=9, learning_rate=0.5, batch_size=2)


SIZES_SHOWN = [(0, "0"), (8, "8"), (-3, "-3"), (2.0, "2.0"), (True, "True"), ("3", "'3'")]


@pytest.mark.parametrize(("size", "shown"), SIZES_SHOWN)
def test_a_batch_size_that_does_not_fit_is_refused(size: Any, shown: str) -> None:
    with refused(DomainError, f"batch_size: expected a whole number from 1 to m = 7, or None, got {shown}."):
        train(NET, *data(), NET.initialise(1), steps=1, learning_rate=0.5, batch_size=size)


@pytest.mark.parametrize(("seed", "shown"), [(-1, "-1"), (0.5, "0.5"), (None, "None"), (False, "False")])
def test_a_seed_that_cannot_be_repeated_is_refused(seed: Any, shown: str) -> None:
    with refused(DomainError, f"seed: expected a whole number, 0 or more, got {shown}."):
        train(NET, *data(), NET.initialise(1), steps=1, learning_rate=0.5, batch_size=3, seed=seed)


def test_labels_that_do_not_fit_are_refused_whatever_batch_they_would_come_in() -> None:
    X, Y = data()
    Y[1, 6] = 2
    text = "Y: expected labels from 0 to 1 for binary cross-entropy, got 2. Class numbers become one row per class by np.arange(classes)[:, None] == numbers."
    with refused(DomainError, text):
        train(NET, X, Y, NET.initialise(1), steps=0, learning_rate=0.5, batch_size=1)
