r"""Forward mode: how fast everything in a network changes when its input or its parameters move along a direction.

A dot, as in $\dot X$ and `X_dot`, is a direction or the rate of change along it, in the shape of what moves. It is
never a gradient. Examples are columns, and nothing here is divided by $m$.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Inexact

from byhand.checks import InputError, Shape, check_finite, check_keys, check_kind, check_same_precision, check_shapes
from byhand.network import Arrays, Network
from byhand.softmax import Columnwise


def linear_tangent(
    A_prev: Inexact[np.ndarray, "n_in m"],
    W: Inexact[np.ndarray, "n_out n_in"],
    A_prev_dot: Inexact[np.ndarray, "n_in m"],
    W_dot: Inexact[np.ndarray, "n_out n_in"],
    b_dot: Inexact[np.ndarray, "n_out 1"],
) -> Inexact[np.ndarray, "n_out m"]:
    r"""Return $\dot Z = W \dot A_{prev} + \dot W A_{prev} + \dot b$: how fast $Z$ changes along a direction.

    Parameters
    ----------
    A_prev, W
        The inputs, n_in × m, and the weights, n_out × n_in, of the forward step.
    A_prev_dot, W_dot, b_dot
        The direction: how fast `A_prev`, `W` and `b` move, each in the shape of what it moves. Zeros for what stays.

    Returns
    -------
    Z_dot
        n_out × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit the others.

    Examples
    --------
    Only the first weight moves. It meets the first input, 5:

    >>> a, W = np.array([[5.0], [6.0], [7.0]]), np.ones((2, 3))
    >>> W_dot = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> linear_tangent(a, W, np.zeros((3, 1)), W_dot, np.zeros((2, 1)))
    array([[5.],
           [0.]])

    See Also
    --------
    [Forward or reverse][modes-tangent] : the same step on a page.
    """
    _check(
        W=(W, ("n_out", "n_in")),
        A_prev=(A_prev, ("n_in", "m")),
        A_prev_dot=(A_prev_dot, ("n_in", "m")),
        W_dot=(W_dot, ("n_out", "n_in")),
        b_dot=(b_dot, ("n_out", 1)),
    )
    Z_dot: np.ndarray = W @ A_prev_dot + W_dot @ A_prev + b_dot
    return Z_dot


def network_tangent(
    network: Network,
    cache: Mapping[str, np.ndarray],
    parameters: Mapping[str, np.ndarray],
    directions: Mapping[str, np.ndarray],
) -> Arrays:
    r"""Return how fast everything in a network changes along a direction: forward mode, one run for one direction.

    $\dot Z^{[l]} = W^{[l]} \dot A^{[l-1]} + \dot W^{[l]} A^{[l-1]} + \dot b^{[l]}$ and
    $\dot A^{[l]} = g^{[l]\prime}(Z^{[l]}) \odot \dot Z^{[l]}$.

    Parameters
    ----------
    network
        The plan of the network.
    cache
        What `network.forward` returned for these parameters.
    parameters
        The parameters of that forward pass.
    directions
        What moves, and how fast: `A0` for the input, `W1`, `b1`, …, each in its own shape. What is not named stays.

    Returns
    -------
    dict
        The rates of change under the keys of the cache: `A0`, `Z1`, `A1`, …, `ZL`, `AL`.

    Raises
    ------
    ShapeError, DtypeError, DomainError, InputError
        If an argument does not fit, or `directions` is empty or names something else.

    Examples
    --------
    Three inputs, two tanh units, one sigmoid output, four examples. All examples move along one direction each:

    >>> from byhand.activations import sigmoid, tanh
    >>> net = Network(sizes=(3, 2, 1), activations=(tanh, sigmoid))
    >>> parameters = net.initialise(seed=0)
    >>> X = np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    >>> moved = network_tangent(net, net.forward(X, parameters), parameters, {"A0": np.ones((3, 4))})
    >>> moved["A2"].shape
    (1, 4)
    >>> h, output = 1e-6, lambda X: net.forward(X, parameters)["A2"]
    >>> bool(np.allclose(moved["A2"], (output(X + h) - output(X - h)) / (2 * h)))
    True

    See Also
    --------
    [Forward or reverse][modes-tangent] : the recursion, and when to prefer it.
    """
    movable = _checked(network, cache, parameters, directions)
    rates = {name: np.zeros_like(array) for name, array in movable.items()}
    rates |= {name: array.copy() for name, array in directions.items()}
    moved = {"A0": rates["A0"]}
    for ell, g in enumerate(network.activations, start=1):
        W, A_prev = parameters[f"W{ell}"], cache[f"A{ell - 1}"]
        Z_dot = W @ moved[f"A{ell - 1}"] + rates[f"W{ell}"] @ A_prev + rates[f"b{ell}"]
        if isinstance(g, Columnwise):  # a symmetric matrix of slopes: forwards is as backwards
            moved |= {f"Z{ell}": Z_dot, f"A{ell}": g.backward(Z_dot, cache[f"A{ell}"])}
        else:
            moved |= {f"Z{ell}": Z_dot, f"A{ell}": g.derivative(cache[f"Z{ell}"]) * Z_dot}
    return moved


def _checked(
    network: Network,
    cache: Mapping[str, np.ndarray],
    parameters: Mapping[str, np.ndarray],
    directions: Mapping[str, np.ndarray],
) -> Arrays:
    """Return everything that may move, the input and the parameters, after all arguments have been checked."""
    if not isinstance(network, Network):
        raise InputError(f"network: expected a byhand.network.Network, got {type(network).__name__}.")
    kept: dict[str, Shape] = {"A0": ("n_0", "m")}
    shapes: dict[str, Shape] = {}
    for ell in range(1, network.depth + 1):
        kept |= {f"Z{ell}": (f"n_{ell}", "m"), f"A{ell}": (f"n_{ell}", "m")}
        shapes |= {f"W{ell}": (f"n_{ell}", f"n_{ell - 1}"), f"b{ell}": (f"n_{ell}", 1)}
    check_keys("cache", cache, kept)
    check_keys("parameters", parameters, shapes)
    check_keys("directions", directions, ())
    movable = {"A0": kept["A0"]} | shapes
    if not directions or not directions.keys() <= movable.keys():
        raise InputError(f"directions: expected some of {', '.join(movable)}; got {', '.join(directions) or 'none'}.")
    _check(
        {f"n_{ell}": n for ell, n in enumerate(network.sizes)},
        **{name: (cache[name], shape) for name, shape in kept.items()},
        **{name: (parameters[name], shape) for name, shape in shapes.items()},
        **{f"directions[{name!r}]": (array, movable[name]) for name, array in directions.items()},
    )
    return {"A0": cache["A0"]} | {name: parameters[name] for name in shapes}


def _check(sizes: dict[str, int] | None = None, /, **expected: tuple[np.ndarray, Shape]) -> None:
    for name, (array, _) in expected.items():
        check_kind(name, array)
    check_shapes(sizes, **expected)
    check_same_precision(**{name: array for name, (array, _) in expected.items()})
    for name, (array, _) in expected.items():
        check_finite(name, array)
