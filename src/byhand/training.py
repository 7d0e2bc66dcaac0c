"""Gradient descent on a whole batch, with a progress bar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Inexact, Shaped
from tqdm import trange

from byhand.checks import DomainError, check_positive
from byhand.network import Arrays, Network


def train(
    network: Network,
    X: Inexact[np.ndarray, "n_0 m"],
    Y: Shaped[np.ndarray, "n_L m"],
    parameters: Mapping[str, np.ndarray],
    *,
    steps: int,
    learning_rate: float,
    progress: bool | None = None,
) -> tuple[Arrays, list[float]]:
    """Take `steps` steps of gradient descent on the whole batch.

    Parameters
    ----------
    network
        The plan of the network.
    X, Y
        Examples, n_0 × m, and labels, n_L × m.
    parameters
        Where to start, for example from `network.initialise(seed=0)`. They are not changed.
    steps
        How many steps, 0 or more.
    learning_rate
        The length of a step in units of the gradient, positive.
    progress
        Whether to draw a progress bar; `None` draws one only on a terminal.

    Returns
    -------
    parameters, costs
        The last parameters, and `steps + 1` costs: before the first step, then after each.

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
    """
    if not isinstance(steps, int | np.integer) or steps < 0:
        raise DomainError(f"steps: expected a whole number, 0 or more, got {steps!r}.")
    rate = check_positive("learning_rate", learning_rate)
    cache = network.forward(X, parameters)
    costs = [float(network.cost(cache, Y).real)]
    current = {name: np.copy(array) for name, array in parameters.items()}
    for taken in trange(1, steps + 1, desc="training", disable=None if progress is None else not progress):
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # the error below says it once, and better
                current = network.step(current, network.backward(cache, current, Y), rate)
                cache = network.forward(X, current)
                costs.append(_finite(float(network.cost(cache, Y).real)))
        except DomainError as error:
            raise DomainError(
                f"learning_rate: with {rate:g} training diverged at step {taken}; try a smaller one. ({error})"
            ) from error
    return current, costs


def _finite(cost: float) -> float:
    if not np.isfinite(cost):
        raise DomainError(f"The cost is {cost}.")
    return cost
