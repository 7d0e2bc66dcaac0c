"""Gradient descent on the whole batch or on mini-batches, with a progress bar."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat

import numpy as np
from jaxtyping import Inexact, Shaped
from tqdm import trange

from byhand.checks import DomainError, check_positive
from byhand.network import Arrays, Network
from byhand.network_checks import array_shapes, check_together


def train(
    network: Network,
    X: Inexact[np.ndarray, "n_0 m"],
    Y: Shaped[np.ndarray, "n_L m"],
    parameters: Mapping[str, np.ndarray],
    *,
    steps: int,
    learning_rate: float,
    batch_size: int | None = None,
    seed: int = 0,
    progress: bool | None = None,
) -> tuple[Arrays, list[float]]:
    """Take `steps` steps of gradient descent, each on the next batch of examples.

    With a `batch_size` every pass over the examples begins with a new shuffling and cuts it into batches of that
    size; what is left at the end is a smaller batch, and is used. The gradient of a batch is that of its own cost:
    averaged over its own examples, however few. So an example in a smaller batch weighs more in that step
    ([why][mini-batch]).

    Parameters
    ----------
    network
        The plan of the network.
    X, Y
        Examples, n_0 × m, and labels, n_L × m.
    parameters
        Where to start, for example from `network.initialise(seed=0)`. They are not changed.
    steps
        How many steps, 0 or more: updates of the parameters, not passes. A pass takes m / batch_size of them, rounded
        up.
    learning_rate
        The length of a step in units of the gradient, positive.
    batch_size
        How many examples make a batch, from 1 to m; `None` takes all of them, in the order in which they came.
    seed
        Of the shuffling. The same seed gives the same result.
    progress
        Whether to draw a progress bar; `None` draws one only on a terminal.

    Returns
    -------
    parameters, costs
        The last parameters, and `steps + 1` costs. Cost number t, from 0, is that of the parameters after t steps, on
        the batch that comes next, averaged over the examples of that batch: with the whole batch, the cost before the
        first step and after each.

    Raises
    ------
    DomainError
        If the numbers stop being finite, with the step and what to try; or if an argument is out of range.
    ShapeError, DtypeError, InputError
        If an argument does not fit.

    Examples
    --------
    Exclusive or, which no single neuron can learn:

    >>> from byhand.activations import sigmoid, tanh
    >>> net = Network(sizes=(2, 4, 1), activations=(tanh, sigmoid))
    >>> X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    >>> Y = np.array([[0, 1, 1, 0]])
    >>> parameters, costs = train(net, X, Y, net.initialise(seed=1), steps=2000, learning_rate=0.5)
    >>> net.predict(X, parameters)
    array([[0, 1, 1, 0]])
    >>> len(costs), costs[-1] < 0.05 < costs[0]
    (2001, True)

    Batches of 3 and 1 of these four examples, in turn; their costs jump about, and fall:

    >>> many = {"steps": 2000, "learning_rate": 0.5, "batch_size": 3, "seed": 2}
    >>> parameters, costs = train(net, X, Y, net.initialise(seed=1), **many)
    >>> net.predict(X, parameters)
    array([[0, 1, 1, 0]])

    See Also
    --------
    [Mini-batches][mini-batch] : how the gradients of batches make up the whole one.
    """
    for name, number in (("steps", steps), ("seed", seed)):
        if not _whole(number) or number < 0:
            raise DomainError(f"{name}: expected a whole number, 0 or more, got {number!r}.")
    rate = check_positive("learning_rate", learning_rate)
    check_together(network.sizes, parameters=parameters, arguments={"X": X})
    m = X.shape[1]
    if batch_size is not None and not (_whole(batch_size) and 1 <= batch_size <= m):
        raise DomainError(f"batch_size: expected a whole number from 1 to m = {m}, or None, got {batch_size!r}.")
    labels = network.loss.checked_labels(Y, like=np.empty((network.sizes[-1], m), X.dtype))
    batches = repeat((X, labels)) if batch_size is None else _batches(X, labels, batch_size, seed)
    current = {name: np.copy(parameters[name]) for name in array_shapes("parameters", network.sizes)}
    examples, labels = next(batches)
    cache, cost = _look(network, examples, labels, current)
    costs = [cost]
    alpha = np.array(rate, np.finfo(X.dtype).dtype)  # NumPy multiplies by an array sooner than by a number
    bar: Iterable[int] = range(1, steps + 1)
    if progress is None or progress:
        bar = trange(1, steps + 1, desc="training", disable=None if progress is None else False)
    with np.errstate(over="ignore", invalid="ignore"):  # the error below says it once, and better
        for taken in bar:
            try:
                gradients = network._backward(cache, current, labels)
                current = {name: W - alpha * gradients[f"d{name}"] for name, W in current.items()}
                examples, labels = next(batches)
                cache, cost = _look(network, examples, labels, current)
            except DomainError as error:
                raise DomainError(
                    f"learning_rate: with {rate:g} training diverged at step {taken}; try a smaller one. ({error})"
                ) from error
            costs.append(cost)
    return current, costs


def _whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _batches(X: np.ndarray, Y: np.ndarray, size: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give batches for ever: shuffled anew before each pass, the last one of a pass with what is left."""
    m = X.shape[1]
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(m)
        for start in range(0, m, size):
            chosen = order[start : start + size]
            yield X[:, chosen], Y[:, chosen]


def _look(network: Network, X: np.ndarray, Y: np.ndarray, parameters: Arrays) -> tuple[Arrays, float]:
    """Return what the network keeps of a batch, and its cost. All arguments fit, but the numbers may have grown."""
    cache = network._lean_forward(X, parameters)
    cost = float(network._cost(cache, Y).real)
    if not math.isfinite(cost):
        raise DomainError(f"The cost is {cost}.")
    return cache, cost
