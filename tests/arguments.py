"""What every public function that takes arrays is fed in `test_properties.py`: one line per function.

`"X:n,m Y:n,m:labels index:m:index"` says, for each array, its name, its sizes (letters are drawn, 1 among them) and what
it holds: nothing said means any real number. Where more than these arrays goes in, `call` takes them and the sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.activations import sigmoid, tanh
from byhand.jacobians import jacobian_by_columns
from byhand.links import bernoulli, categorical, gaussian, poisson
from byhand.network import Network
from byhand.tangents import network_tangent
from byhand.training import train

Sizes = dict[str, int]


@dataclass(frozen=True)
class Row:
    arrays: str
    call: Callable[..., Any] | None = None


def values(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw an array. Its numbers are float32 numbers, so that both precisions see the same ones."""
    normal = rng.standard_normal(shape)
    if kind == "bool":
        return normal > 0
    if kind == "some":
        return np.arange(shape[-1]) == np.where(normal > 0, np.arange(shape[-1]), 0)
    if kind == "index":
        return rng.integers(0, 5, shape)
    makers: dict[str, Callable[[], np.ndarray]] = {
        "real": lambda: normal,
        "positive": lambda: np.exp(normal),
        "unit": lambda: rng.uniform(0.05, 0.95, shape),
        "shares": lambda: np.exp(normal) / np.exp(normal).sum(axis=0),
        "labels": lambda: (normal > 0) * 1.0,
        "signs": lambda: np.where(normal > 0, 1.0, -1.0),
        "one-hot": lambda: (np.arange(shape[0])[:, None] == rng.integers(0, shape[0], shape[-1])) * 1.0,
    }
    return makers[kind]().astype(np.float32).astype(float)


def net(s: Sizes) -> Network:
    return Network((s["p"], s["n"], s["k"]), (tanh, sigmoid))


PARAMETERS = "W1:n,p b1:n,1 W2:k,n b2:k,1"
CACHE = "A0:p,m Z1:n,m A1:n,m:unit Z2:k,m A2:k,m:unit"
GRADIENTS = "dW1:n,p db1:n,1 dW2:k,n db2:k,1"

FAMILIES = (gaussian, bernoulli, poisson, categorical)

ROWS: dict[str, Row] = {
    "blocks.residual_backward": Row("dA:n,m slope:n,m X:n,m W:n,n"),
    "blocks.tied_backward": Row("G:p,m X:p,m Z:n,m W:n,p"),
    "blocks.embedding_backward": Row("G:n,m index:m:index", lambda f, q, s: f(**q, words=5)),
    "blocks.lora_backward": Row("G:n,m X:p,m W0:n,p A:k,p B:n,k", lambda f, q, s: f(**q, scale=0.5)),
    "blocks.gate_backward": Row("G:n,m U:n,m V:n,m"),
    "blocks.swiglu_backward": Row("G:n,m U:n,m V:n,m"),
    "blocks.mixture_backward": Row("G:n,m F:n,m E:n,m P:2,m:shares", lambda f, q, s: f(q["G"], [q["F"], q["E"]], q["P"])),
    "contrastive.normalize": Row("X:n,m"),
    "contrastive.normalize_backward": Row("dU:n,m X:n,m"),
    "contrastive.infonce_losses": Row("U:n,m V:n,m", lambda f, q, s: f(**q, temperature=0.5)),
    "contrastive.infonce_backward": Row("U:n,m V:n,m", lambda f, q, s: f(**q, temperature=0.5)),
    "contrastive.triplet_losses": Row("A:n,m P:n,m N:n,m"),
    "contrastive.triplet_backward": Row("A:n,m P:n,m N:n,m"),
    "cross_entropy.one_hot": Row("numbers:1,m:index", lambda f, q, s: f(**q, n=5)),
    "cross_entropy.smoothed_labels": Row("Y:n,m:one-hot", lambda f, q, s: f(**q, epsilon=0.25)),
    "cross_entropy.soft_label_gradient": Row("A:n,m:shares Y:n,m:one-hot"),
    "cross_entropy.kept_gradient": Row("A:n,m:shares Y:n,m:one-hot kept:1,m:some"),
    "cross_entropy.class_weighted_gradient": Row("A:n,m:shares Y:n,m:one-hot weights:n,1:positive"),
    "cross_entropy.class_weighted_losses": Row("Z:n,m Y:n,m:one-hot weights:n,1:positive"),
    "cross_entropy.weighted_mean": Row("losses:1,m weights:1,m:positive"),
    "divergence.kl_divergence": Row("P:n,m:shares Q:n,m:shares"),
    "divergence.forward_kl_from_logits": Row("Z:n,m Q:n,m:shares"),
    "divergence.forward_kl_gradient": Row("A:n,m:shares Q:n,m:shares"),
    "divergence.reverse_kl_from_logits": Row("Z:n,m Q:n,m:shares"),
    "divergence.reverse_kl_gradient": Row("Z:n,m Q:n,m:shares"),
    "dropout.dropout_forward": Row("A:n,m D:n,m:labels", lambda f, q, s: f(**q, keep=0.75)),
    "dropout.dropout_backward": Row("dA_dropped:n,m D:n,m:labels", lambda f, q, s: f(**q, keep=0.75)),
    "initialisation.backward_product": Row(
        "W2:n,p W3:k,n h1:p,1 h2:n,1", lambda f, q, s: f([q["W2"], q["W3"]], [q["h1"], q["h2"]])
    ),
    "jacobians.linear_jacobian": Row("A_prev:p,m", lambda f, q, s: f(**q, n_out=s["n"], order="C")),
    "jacobians.jacobian_by_columns": Row("X:p,m", lambda f, q, s: jacobian_by_columns(lambda V: 2 * V, q["X"], order="F")),
    "latent.reparametrize": Row("mu:n,m log_variance:n,m noise:n,m"),
    "latent.reparametrize_backward": Row("dZ:n,m log_variance:n,m noise:n,m"),
    "latent.kl_losses": Row("mu:n,m log_variance:n,m"),
    "latent.kl_gradients": Row("mu:n,m log_variance:n,m"),
    "layers.linear_forward": Row("A_prev:p,m W:n,p b:n,1"),
    "layers.linear_backward": Row("dZ:n,m A_prev:p,m W:n,p"),
    "layouts.to_rows": Row("A:n,m"),
    "layouts.from_rows": Row("A_rows:n,m"),
    "layouts.to_pytorch": Row("W:n,p b:n,1"),
    "layouts.from_pytorch": Row("weight:n,p bias:n"),
    "layouts.to_keras": Row("W:n,p b:n,1"),
    "layouts.from_keras": Row("kernel:p,n bias:n"),
    "links.Family.of_examples_from_logits": Row(
        "Z:n,m Y:n,m:one-hot", lambda f, q, s: tuple(family.of_examples_from_logits(**q) for family in FAMILIES)
    ),
    "links.Family.dZ_from_logits": Row(
        "Z:n,m Y:n,m:one-hot", lambda f, q, s: tuple(family.dZ_from_logits(**q) for family in FAMILIES)
    ),
    "margins.hinge_losses": Row("Z:n,m Y:n,m:signs"),
    "margins.hinge_dZ": Row("Z:n,m Y:n,m:signs"),
    "margins.svm_losses": Row("Z:n,m Y:n,m:one-hot"),
    "margins.svm_dZ": Row("Z:n,m Y:n,m:one-hot"),
    "margins.focal_losses": Row("Z:n,m Y:n,m:labels"),
    "margins.focal_dZ": Row("Z:n,m Y:n,m:labels"),
    "moves.matmul_backward": Row("G:n,m W:n,p A:p,m"),
    "moves.hadamard_backward": Row("G:n,m S:n,m Z:n,m"),
    "moves.broadcast_backward": Row("G:n,m", lambda f, q, s: f(q["G"], (s["n"], 1))),
    "moves.sum_backward": Row("G:1,m", lambda f, q, s: f(q["G"], (s["n"], s["m"]))),
    "moves.mean_backward": Row("G:n,1", lambda f, q, s: f(q["G"], (s["n"], s["m"]))),
    "moves.fan_out_backward": Row("G:n,m H:n,m", lambda f, q, s: f(q["G"], q["H"])),
    "network.Network.forward": Row(f"X:p,m {PARAMETERS}", lambda f, q, s: net(s).forward(q["X"], q)),
    "network.Network.predict": Row(f"X:p,m {PARAMETERS}", lambda f, q, s: net(s).predict(q["X"], q)),
    "network.Network.cost": Row(f"Y:k,m:labels {CACHE}", lambda f, q, s: net(s).cost(q, q["Y"])),
    "network.Network.backward": Row(
        f"Y:k,m:labels {CACHE} {PARAMETERS}", lambda f, q, s: net(s).backward(q, q, q["Y"], with_dA0=True)
    ),
    "network.Network.gradients": Row(f"X:p,m Y:k,m:labels {PARAMETERS}", lambda f, q, s: net(s).gradients(q["X"], q["Y"], q)),
    "network.Network.step": Row(f"{PARAMETERS} {GRADIENTS}", lambda f, q, s: net(s).step(q, q, 0.5)),
    "neuron.neuron_forward": Row("X:n,m w:n,1", lambda f, q, s: f(**q, b=0.25)),
    "neuron.neuron_gradients": Row("dZ:1,m X:n,m"),
    "neuron.neuron_input_gradient": Row("dZ:1,m w:n,1"),
    "neuron.neuron_hessian": Row("A:1,m:unit X:n,m"),
    "pieces.prelu_forward": Row("Z:n,m alpha:n,1:positive"),
    "pieces.prelu_backward": Row("dA:n,m Z:n,m alpha:n,1:positive"),
    "preferences.policy_losses": Row("Z:n,m Y:n,m:one-hot advantages:1,m"),
    "preferences.policy_dZ": Row("Z:n,m Y:n,m:one-hot advantages:1,m"),
    "preferences.dpo_losses": Row("chosen:1,m rejected:1,m chosen_before:1,m rejected_before:1,m"),
    "preferences.dpo_backward": Row("chosen:1,m rejected:1,m chosen_before:1,m rejected_before:1,m"),
    "rearrangements.transpose_backward": Row("G:n,m"),
    "rearrangements.reshape_backward": Row("G:n,m", lambda f, q, s: f(q["G"], (s["m"], s["n"]))),
    "rearrangements.slice_backward": Row("G:n,m", lambda f, q, s: f(q["G"], np.s_[1:, :-2], (s["n"] + 1, s["m"] + 2))),
    "rearrangements.concatenate_backward": Row("G:n,m", lambda f, q, s: f(q["G"], (s["n"],))),
    "rearrangements.gather_backward": Row("G:n,m index:m:index", lambda f, q, s: f(**q, count=5)),
    "regression.mean_squared_error": Row("A:n,m Y:n,m"),
    "regression.mean_squared_error_gradient": Row("A:n,m Y:n,m"),
    "regularisation.l2_penalty": Row("W:n,p", lambda f, q, s: f(**q, strength=0.5, m=s["m"])),
    "regularisation.l2_gradient": Row("W:n,p", lambda f, q, s: f(**q, strength=0.5, m=s["m"])),
    "regularisation.l1_penalty": Row("W:n,p", lambda f, q, s: f(**q, strength=0.5, m=s["m"])),
    "regularisation.l1_gradient": Row("W:n,p", lambda f, q, s: f(**q, strength=0.5, m=s["m"])),
    "regularisation.weight_decay_step": Row("W:n,p direction:n,p", lambda f, q, s: f(**q, learning_rate=0.5, decay=0.25)),
    "regularisation.clip_by_norm": Row("dW:n,p db:n,1", lambda f, q, s: f(q, 0.5)),
    "loss.mean_over_examples": Row("entries:n,m"),
    "routing.clip_backward": Row("dY:n,m X:n,m", lambda f, q, s: f(**q, low=-0.5, high=0.5)),
    "routing.absolute_backward": Row("dY:n,m X:n,m"),
    "routing.where_backward": Row("dY:n,m condition:n,m:bool"),
    "routing.maximum_backward": Row("dY:n,m U:n,m V:n,m"),
    "routing.maxout_backward": Row("dA:n,m Z:2n,m"),
    "routing.stop_gradient_backward": Row("dY:n,m"),
    "routing.straight_through_backward": Row("dY:n,m"),
    "softmax.softmax": Row("Z:n,m"),
    "softmax.softmax_backward": Row("dA:n,m A:n,m:shares"),
    "softmax.log_softmax": Row("Z:n,m"),
    "softmax.log_softmax_backward": Row("dA:n,m A:n,m"),
    "softmax.log_sum_exp": Row("Z:n,m"),
    "softmax.log_sum_exp_backward": Row("ds:1,m Z:n,m"),
    "softmax.temperature_gradient": Row("dZ:n,m Z:n,m", lambda f, q, s: f(**q, temperature=2.0)),
    "tangents.linear_tangent": Row("A_prev:p,m W:n,p A_prev_dot:p,m W_dot:n,p b_dot:n,1"),
    "tangents.network_tangent": Row(
        f"X:p,m V:p,m {PARAMETERS}",
        lambda f, q, s: network_tangent(net(s), net(s).forward(q["X"], q), q, {"A0": q["V"]}),
    ),
    "training.train": Row(
        f"X:p,m Y:k,m:labels {PARAMETERS}",
        lambda f, q, s: train(net(s), q["X"], q["Y"], q, steps=2, learning_rate=0.5, batch_size=1, progress=False),
    ),
}  # fmt: skip

WITHOUT = {
    "adjoint.adjoint_test": "takes the functions that are tested, and refuses by tests/test_adjoint.py",
    "layers.weighted_sums": "the formula of linear_forward, without checks",
    "layers.input_gradient": "a formula of linear_backward, without checks",
    "layers.parameter_gradients": "two formulas of linear_backward, without checks",
    "loss.Loss.checked_labels": "a check of the methods of losses, which are all here",
    "network_checks.check_together": "a check of the methods of networks, which are all here",
}
CHECKS_AND_FORMULAS = {
    "checks", "plain",  # what all others call, and what tests/test_checks.py and tests/test_plain.py are about
    "smooth", "pieces",  # behind the rows of `activations`, which are all here, and two functions above
    "gradcheck", "elementwise",  # takes functions of dictionaries; what an activation is: each is here
}  # fmt: skip
