r"""A fully connected network of any depth: initialise, forward, cost, backward, step, predict.

Parameters, caches and gradients are dictionaries with the course's keys: `W1`, `b1`, …; `Z1`, `A1`, …
(and `A0`, the input); `dW1`, `db1`, ….
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Inexact, Shaped
from numpy.typing import DTypeLike

from byhand.activations import Activation
from byhand.checks import InputError, check_positive
from byhand.layers import input_gradient, parameter_gradients, weighted_sums
from byhand.losses import Loss, binary_cross_entropy, mean_over_examples
from byhand.network_checks import array_shapes, check_plan, check_together
from byhand.plain import both_finite
from byhand.scalars import check_precision
from byhand.softmax import Columnwise

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Network:
    r"""The plan of a network. It holds no numbers: parameters go in and come out as dictionaries.

    Parameters
    ----------
    sizes
        $n_0, n_1, \dots, n_L$: the number of inputs, then the number of units of each layer.
    activations
        One for each layer, $g^{[1]}, \dots, g^{[L]}$. `byhand.softmax.softmax_output` may be one too.
    loss
        Binary cross-entropy unless you say otherwise; it needs an output between 0 and 1. Softmax cross-entropy needs
        a softmax output.

    Raises
    ------
    InputError
        If the lengths do not match, a size is not a positive whole number, or the loss cannot read the output.

    Examples
    --------
    The course's network with 2 inputs, 4 tanh units and 1 sigmoid output:

    >>> import numpy as np
    >>> from byhand.activations import sigmoid, tanh
    >>> net = Network(sizes=(2, 4, 1), activations=(tanh, sigmoid))
    >>> X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    >>> Y = np.array([[0, 1, 1, 0]])
    >>> parameters = net.initialise(seed=1)
    >>> cache = net.forward(X, parameters)
    >>> gradients = net.backward(cache, parameters, Y)
    >>> {key: array.shape for key, array in gradients.items()}
    {'dW2': (1, 4), 'db2': (1, 1), 'dW1': (4, 2), 'db1': (4, 1)}
    >>> parameters = net.step(parameters, gradients, learning_rate=0.5)
    >>> net.predict(X, parameters).shape
    (1, 4)
    """

    sizes: Sequence[int]
    activations: Sequence[Activation | Columnwise]
    loss: Loss = binary_cross_entropy

    def __post_init__(self) -> None:
        for name in ("sizes", "activations"):
            if not np.iterable(getattr(self, name)):
                raise InputError(f"{name}: expected a tuple, with one for each layer; got {getattr(self, name)!r}.")
            object.__setattr__(self, name, tuple(getattr(self, name)))
        check_plan(tuple(self.sizes), tuple(self.activations), self.loss)
        self.loss.check_output(self.activations[-1])

    @property
    def depth(self) -> int:
        """$L$, the number of layers with parameters."""
        return len(self.sizes) - 1

    def initialise(self, seed: int, dtype: DTypeLike = np.float64) -> Arrays:
        r"""Return fresh parameters: every $b^{[l]}$ zero, every $W^{[l]}$ normal with variance $1/n_{l-1}$.

        Weighted sums come out about as large as inputs; behind ReLU [that is too little][variance-relu-half]: draw W
        with `byhand.initialisation.he_normal`. Equal units would stay equal. One seed gives the same numbers twice.

        Returns
        -------
        dict
            `W1` of shape n_1 × n_0, `b1` of shape n_1 × 1, and so on.

        Raises
        ------
        DtypeError
            If `dtype` is neither float32 nor float64.
        """
        precision = check_precision(dtype)
        rng = np.random.default_rng(seed)
        parameters = {}
        for ell, (n_prev, n) in enumerate(pairwise(self.sizes), start=1):
            parameters[f"W{ell}"] = (rng.standard_normal((n, n_prev)) / np.sqrt(n_prev)).astype(precision)
            parameters[f"b{ell}"] = np.zeros((n, 1), precision)
        return parameters

    def forward(self, X: Inexact[np.ndarray, "n_0 m"], parameters: Mapping[str, np.ndarray]) -> Arrays:
        r"""Run the examples through the network and keep everything: `A0`, then `Z1`, `A1`, …, `ZL`, `AL`.

        $Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$ and $A^{[l]} = g^{[l]}(Z^{[l]})$, both n_l × m, with $A^{[0]} = X$.

        Raises
        ------
        ShapeError, DtypeError, DomainError, InputError
            If `X` or a parameter does not fit, or one is missing.
        """
        check_together(self.sizes, parameters=parameters, arguments={"X": X})
        return self._forward(X, parameters)

    def _forward(self, X: np.ndarray, parameters: Mapping[str, np.ndarray]) -> Arrays:
        cache = {"A0": X}
        A = X
        for ell, g in enumerate(self.activations, start=1):
            cache[f"Z{ell}"] = Z = weighted_sums(A, parameters[f"W{ell}"], parameters[f"b{ell}"])
            cache[f"A{ell}"] = A = g.function(Z)
        return cache

    def cost(self, cache: Mapping[str, np.ndarray], Y: Shaped[np.ndarray, "n_L m"]) -> float | complex:
        r"""Return $J$, the loss averaged over the examples, from what `forward` kept.

        Where the output is the loss's own link (a sigmoid under binary cross-entropy, softmax under its own) it is
        computed from the logits and stays finite when the output saturates.

        Raises
        ------
        ShapeError, DtypeError, DomainError, InputError
            If the labels do not fit, or the cache is not one of this network.
        """
        check_together(self.sizes, cache=cache)
        return self._cost(cache, self.loss.checked_labels(Y, like=cache[f"A{self.depth}"]))

    def _cost(self, cache: Mapping[str, np.ndarray], Y: np.ndarray) -> float | complex:
        if self.activations[-1] is self.loss.link:
            return mean_over_examples(self.loss.entries_from_logits(cache[f"Z{self.depth}"], Y))
        return self.loss.cost(cache[f"A{self.depth}"], Y)

    def backward(
        self,
        cache: Mapping[str, np.ndarray],
        parameters: Mapping[str, np.ndarray],
        Y: Shaped[np.ndarray, "n_L m"],
        *,
        with_dA0: bool = False,
    ) -> Arrays:
        r"""Return the gradient of the cost with respect to every parameter, last layer first.

        From $dZ^{[L]}$ down, for each layer: $dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]\top}$,
        $db^{[l]} = \frac{1}{m} \sum_i dz^{[l](i)}$ and
        $dZ^{[l]} = W^{[l+1]\top} dZ^{[l+1]} \odot g^{[l]\prime}(Z^{[l]})$. The slope is read off $A$ where
        the activation allows it. Derived [for any layer][depth-induction], and with
        [every line beside its equation][all-backward] for two.

        Parameters
        ----------
        cache
            What `forward` returned for these parameters.
        parameters
            The parameters of that forward pass, before any update.
        Y
            Labels, n_L × m.
        with_dA0
            Also return `dA0`, $\partial\mathcal{L}/\partial X$, n_0 × m, which training does not need.

        Returns
        -------
        dict
            `dWL`, `dbL`, …, `dW1`, `db1`, each in the shape of its parameter.

        Raises
        ------
        ShapeError, DtypeError, DomainError, InputError
            If an argument does not fit.
        """
        check_together(self.sizes, parameters=parameters, cache=cache)
        labels = self.loss.checked_labels(Y, like=cache[f"A{self.depth}"])
        return self._backward(dict(cache), parameters, labels, with_dA0)

    def gradients(
        self,
        X: Inexact[np.ndarray, "n_0 m"],
        Y: Shaped[np.ndarray, "n_L m"],
        parameters: Mapping[str, np.ndarray],
    ) -> Arrays:
        """Return what `forward` and then `backward` give, and check the arguments once for both.

        Raises
        ------
        ShapeError, DtypeError, DomainError, InputError
            If an argument does not fit, or a sum is too large for a float.
        """
        check_together(self.sizes, parameters=parameters, arguments={"X": X})
        cache = self._lean_forward(X, parameters)
        return self._backward(cache, parameters, self.loss.checked_labels(Y, like=cache[f"A{self.depth}"]))

    def _lean_forward(self, X: np.ndarray, parameters: Mapping[str, np.ndarray]) -> Arrays:
        """Return of what `_forward` keeps only what `_cost` and `_backward` need, and refuse what is not finite."""
        cache, A = {"A0": X}, X
        for ell, g in enumerate(self.activations, start=1):
            Z = weighted_sums(A, parameters[f"W{ell}"], parameters[f"b{ell}"])
            cache[f"A{ell}"] = A = g.function(Z)
            if not both_finite(Z, A):
                check_together(self.sizes, parameters=parameters, cache=self._forward(X, parameters))
            if ell == self.depth or (isinstance(g, Activation) and g.derivative_from_output is None):
                cache[f"Z{ell}"] = Z
        return cache

    def _backward(
        self, cache: Arrays, parameters: Mapping[str, np.ndarray], Y: np.ndarray, with_dA0: bool = False
    ) -> Arrays:
        """Return the gradients. What has been used leaves the cache, so that the next array finds its memory."""
        A = cache.pop(f"A{self.depth}")
        if self.activations[-1] is self.loss.link:
            dZ = self.loss.slope_through_link(A, Y)
        else:
            dZ = self._back_through(self.loss.dA(A, Y).copy(), A, cache, self.depth)
        gradients = {}
        for ell in range(self.depth, 0, -1):
            A = cache.pop(f"A{ell - 1}")
            gradients[f"dW{ell}"], gradients[f"db{ell}"] = parameter_gradients(dZ, A)
            if ell > 1:
                dA = input_gradient(dZ, parameters[f"W{ell}"])
                del dZ
                dZ = self._back_through(dA, A, cache, ell - 1)
            elif with_dA0:
                gradients["dA0"] = input_gradient(dZ, parameters["W1"])
        return gradients

    def _back_through(self, dA: np.ndarray, A: np.ndarray, cache: Arrays, ell: int) -> np.ndarray:
        """Return dZ of layer `ell`, written over dA."""
        g = self.activations[ell - 1]
        if isinstance(g, Columnwise):
            return g.backward(dA, A)
        slope = g.derivative(cache[f"Z{ell}"]) if g.derivative_from_output is None else g.derivative_from_output(A)
        try:
            return np.multiply(dA, slope, out=dA)
        except TypeError:  # a complex step, which the memory of a real dA cannot hold
            return dA * slope

    def step(
        self, parameters: Mapping[str, np.ndarray], gradients: Mapping[str, np.ndarray], learning_rate: float
    ) -> Arrays:
        r"""Return new parameters, one step downhill: $W - \alpha\, dW$ and $b - \alpha\, db$; the old ones stay.

        Raises
        ------
        DomainError
            If `learning_rate`, $\alpha$, is not a positive finite number.
        ShapeError, DtypeError, InputError
            If a parameter or gradient is missing or does not fit.
        """
        rate = check_positive("learning_rate", learning_rate)
        check_together(self.sizes, parameters=parameters, gradients=gradients)
        return {
            name: parameters[name] - rate * gradients[f"d{name}"] for name in array_shapes("parameters", self.sizes)
        }

    def predict(self, X: Inexact[np.ndarray, "n_0 m"], parameters: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the network's answer, n_L × m, in the form of the labels.

        Binary cross-entropy: 1 where the output exceeds 0.5 and else 0. Softmax cross-entropy: one-hot columns, 1 at
        the largest output (the first of equals); `answer.argmax(axis=0)` are the numbers of the classes, from 0.
        Squared error: the output itself.

        Raises
        ------
        ShapeError, DtypeError, DomainError, InputError
            If `X` or a parameter does not fit.
        """
        return self.loss.answer(self.forward(X, parameters)[f"A{self.depth}"])
