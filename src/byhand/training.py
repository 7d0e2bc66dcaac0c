"""Gradient descent on a whole batch, with a progress bar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Inexact, Shaped
from tqdm import trange

from byhand.checks import DomainError
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
        If the cost stops being finite, with the step and what to try; or if a number is out of range.
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
    if steps < 0:
        raise DomainError(f"steps: expected 0 or more, got {steps}.")
    current = dict(parameters)
    cache = network.forward(X, current)
    costs = [_finite_cost(network, cache, Y, after=0)]
    for taken in trange(1, steps + 1, desc="training", disable=None if progress is None else not progress):
        current = network.step(current, network.backward(cache, current, Y), learning_rate)
        cache = network.forward(X, current)
        costs.append(_finite_cost(network, cache, Y, after=taken))
    return current, costs


def _finite_cost(network: Network, cache: Arrays, Y: np.ndarray, *, after: int) -> float:
    cost = float(network.cost(cache, Y).real)
    if not np.isfinite(cost):
        raise DomainError(
            f"learning_rate: the cost is {cost} after {after} steps. Training diverged: try a smaller one."
        )
    return cost
