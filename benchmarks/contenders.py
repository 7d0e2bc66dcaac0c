"""The contenders of `gradients.py`: each prepares one gradient and one step for a plan, and is imported when asked.

A contender is a function of the plan that returns three functions: `gradient()`, which is timed; `steps()`, which takes
STEPS steps of training, each with its cost, its gradient and one update of the parameters by plain gradient descent on
the whole batch; and `read(found)`, which turns what `gradient()` returned into [dW1, db1, …], for comparison.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

RATE = 1e-3
STEPS = 10
Contender = tuple[Callable, Callable, Callable]


@dataclass(frozen=True)
class Plan:
    """Sizes, activations and number of examples of one row of the table."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    m: int
    dtype: str

    @property
    def name(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, m = {self.m}, {self.dtype}"

    def problem(self) -> tuple[np.ndarray, np.ndarray, list[np.ndarray], list[np.ndarray]]:
        """Return X, Y (one-hot under softmax), the weights and the biases."""
        rng = np.random.default_rng(0)
        X = rng.standard_normal((self.sizes[0], self.m)).astype(self.dtype)
        rows = self.sizes[-1]
        if self.activations[-1] == "softmax":
            Y = np.arange(rows)[:, None] == rng.integers(0, rows, self.m)
        else:
            Y = rng.integers(0, 2, (rows, self.m))
        pairs = list(zip(self.sizes, self.sizes[1:], strict=False))
        W = [(rng.standard_normal((n, before)) / np.sqrt(before)).astype(self.dtype) for before, n in pairs]
        b = [np.zeros((n, 1), self.dtype) for n in self.sizes[1:]]
        return X, Y.astype(self.dtype), W, b


def named(W: list, b: list) -> dict:
    return {f"{letter}{ell}": of[ell - 1] for ell in range(1, len(W) + 1) for letter, of in (("W", W), ("b", b))}


def listed(gradients: dict) -> list[np.ndarray]:
    depth = sum(name.startswith("dW") for name in gradients)
    return [gradients[f"d{letter}{ell}"] for ell in range(1, depth + 1) for letter in "Wb"]


def floor(plan: Plan) -> Contender:
    """Only the matrix products of the gradient: W A forward, dZ Aᵀ and Wᵀ dZ backward, without dA0."""
    X, _, W, _ = plan.problem()
    outputs = [X]
    for w in W:
        outputs.append(w @ outputs[-1])
    deltas = [A.copy() for A in outputs]

    def gradient() -> None:
        for w, A in zip(W, outputs, strict=False):
            w @ A
        for ell in range(len(W), 0, -1):
            deltas[ell] @ outputs[ell - 1].T
            if ell > 1:
                W[ell - 1].T @ deltas[ell]

    def steps() -> None:
        for _ in range(STEPS):
            gradient()

    return gradient, steps, lambda _: None


def _network(plan: Plan) -> tuple:
    from byhand import activations, losses
    from byhand.network import Network

    X, Y, W, b = plan.problem()
    *hidden, output = plan.activations
    loss = losses.softmax_cross_entropy if output == "softmax" else losses.binary_cross_entropy
    return Network(plan.sizes, (*(getattr(activations, name) for name in hidden), loss.link), loss), X, Y, named(W, b)


def byhand(plan: Plan) -> Contender:
    """The public functions of this library: `Network.gradients`, and `train`."""
    from byhand.training import train

    net, X, Y, parameters = _network(plan)

    def gradient() -> dict:
        return net.gradients(X, Y, parameters)

    return gradient, lambda: train(net, X, Y, parameters, steps=STEPS, learning_rate=RATE, progress=False), listed


def byhand_apart(plan: Plan) -> Contender:
    """The same library by single calls, each with its own checks: `forward`, `backward`; `cost` and `step` besides."""
    net, X, Y, start = _network(plan)

    def gradient() -> dict:
        return net.backward(net.forward(X, start), start, Y)

    def steps() -> None:
        parameters = start
        for _ in range(STEPS):
            cache = net.forward(X, parameters)
            net.cost(cache, Y)
            parameters = net.step(parameters, net.backward(cache, parameters, Y), RATE)

    return gradient, steps, listed


def textbook(plan: Plan) -> Contender:
    """Plain NumPy as a first course writes it."""
    import textbook as course

    X, Y, W, b = plan.problem()
    parameters = named(W, b)

    def gradient() -> dict:
        AL, caches = course.model_forward(X, parameters, plan.activations)
        return course.model_backward(AL, Y, caches, plan.activations)

    def steps() -> None:
        current = parameters
        for _ in range(STEPS):
            AL, caches = course.model_forward(X, current, plan.activations)
            course.compute_cost(AL, Y, plan.activations[-1])
            current = course.update_parameters(current, course.model_backward(AL, Y, caches, plan.activations), RATE)

    return gradient, steps, listed


def torch(plan: Plan) -> Contender:
    """A `Sequential` of `Linear` layers, the loss on the logits, `backward()`, and `torch.optim.SGD`."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    X, Y, W, b = plan.problem()
    x, y = torch.from_numpy(X.T.copy()), torch.from_numpy(Y.T.copy())
    layers: list[nn.Module] = []
    for w, bias, name in zip(W, b, plan.activations, strict=True):
        linear = nn.Linear(w.shape[1], w.shape[0], dtype=x.dtype)
        linear.weight.data, linear.bias.data = torch.from_numpy(w.copy()), torch.from_numpy(bias[:, 0].copy())
        layers += [linear, *({"tanh": nn.Tanh, "relu": nn.ReLU}[name]() for _ in [0] if name in ("tanh", "relu"))]
    model = nn.Sequential(*layers)
    softmax = plan.activations[-1] == "softmax"
    loss = nn.CrossEntropyLoss() if softmax else nn.BCEWithLogitsLoss(reduction="sum")
    target, share = (y.argmax(dim=1), 1) if softmax else (y, plan.m)
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)

    def gradient() -> list:
        optimiser.zero_grad()
        (loss(model(x), target) / share).backward()
        return [p.grad for p in model.parameters()]

    def steps() -> None:
        for _ in range(STEPS):
            optimiser.zero_grad()
            cost = loss(model(x), target) / share
            cost.backward()
            optimiser.step()
            cost.item()

    return gradient, steps, lambda found: [g.numpy().reshape(len(g), -1) for g in found]


def _jitted(plan: Plan) -> tuple[Callable, Callable]:
    """Return `jit(grad(cost))`, and a jitted step with `value_and_grad`."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", plan.dtype == "float64")
    depth = len(plan.activations)
    hidden = [{"tanh": jnp.tanh, "relu": jax.nn.relu}[name] for name in plan.activations[:-1]]

    def cost(parameters: dict, X: jax.Array, Y: jax.Array) -> jax.Array:
        A = X
        for ell, g in enumerate(hidden, start=1):
            A = g(parameters[f"W{ell}"] @ A + parameters[f"b{ell}"])
        Z = parameters[f"W{depth}"] @ A + parameters[f"b{depth}"]
        if plan.activations[-1] == "softmax":
            return -(Y * jax.nn.log_softmax(Z, axis=0)).sum() / plan.m
        return (jax.nn.softplus(Z) - Y * Z).sum() / plan.m

    @jax.jit
    def step(parameters: dict, X: jax.Array, Y: jax.Array) -> tuple:
        J, gradients = jax.value_and_grad(cost)(parameters, X, Y)
        return J, jax.tree.map(lambda p, dp: p - RATE * dp, parameters, gradients)

    return jax.jit(jax.grad(cost)), step


def _read_jax(found: dict) -> list[np.ndarray]:
    return listed({f"d{name}": np.asarray(array) for name, array in found.items()})


def jax(plan: Plan) -> Contender:
    """JAX with arrays that stay with it: they are its own before the clock starts, and so are the results."""
    import jax
    import jax.numpy as jnp

    slopes, step = _jitted(plan)
    X, Y, W, b = (jax.tree.map(jnp.asarray, part) for part in plan.problem())
    start = named(W, b)

    def gradient() -> dict:
        return jax.block_until_ready(slopes(start, X, Y))

    def steps() -> None:
        current = start
        for _ in range(STEPS):
            J, current = step(current, X, Y)
            float(J)

    return gradient, steps, _read_jax


def jax_with_numpy(plan: Plan) -> Contender:
    """The same functions for someone whose arrays are NumPy's: each call takes some, and its results become some."""
    import jax

    slopes, step = _jitted(plan)
    X, Y, W, b = plan.problem()
    start = named(W, b)

    def gradient() -> dict:
        return jax.tree.map(np.asarray, slopes(start, X, Y))

    def steps() -> None:
        current = start
        for _ in range(STEPS):
            J, current = step(current, X, Y)
            current = jax.tree.map(np.asarray, current)
            float(J)

    return gradient, steps, _read_jax


def sklearn(plan: Plan) -> Contender:
    """`MLPClassifier`: its private `_backprop` for the gradient, the public `partial_fit` for the step."""
    from sklearn.neural_network import MLPClassifier

    X, Y, W, b = plan.problem()
    x, y = X.T.copy(), Y.T.copy()
    net = MLPClassifier(
        plan.sizes[1:-1], activation=plan.activations[0], solver="sgd", alpha=0.0, batch_size=plan.m, momentum=0.0,
        learning_rate_init=RATE, shuffle=False,
    )  # fmt: skip
    labels = y[:, 0] if y.shape[1] == 1 else y.argmax(1) if plan.activations[-1] == "softmax" else y.astype(int)
    classes = range(y.shape[1] if plan.activations[-1] == "softmax" else 2)

    def steps() -> None:
        for _ in range(STEPS):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                net.partial_fit(x, labels, **words)

    words = {"classes": list(classes)}
    steps()
    words = {}
    net.coefs_, net.intercepts_ = [w.T.copy() for w in W], [bias[:, 0].copy() for bias in b]
    outputs = [x, *(np.empty((plan.m, n), plan.dtype) for n in plan.sizes[1:])]

    def gradient() -> tuple:
        depth = len(W)
        return net._backprop(x, y, None, outputs, [None] * depth, [None] * depth, [None] * depth)

    def read(found: tuple) -> list:
        return [d for dW, db in zip(*found[1:], strict=True) for d in (dW.T, db[:, None])]

    return gradient, steps, read


CONTENDERS: dict[str, Callable[[Plan], Contender]] = {
    "floor": floor,
    "byhand": byhand,
    "byhand, apart": byhand_apart,
    "textbook": textbook,
    "torch": torch,
    "jax": jax,
    "jax, numpy": jax_with_numpy,
    "sklearn": sklearn,
}
