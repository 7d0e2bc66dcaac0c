"""Every activation and softmax beside the equations of their pages."""

import numpy as np
from witness import Library, Row

from byhand import activations, softmax

SMOOTH, KINKED, SOFTMAX = (f"activations/{page}.md" for page in ("smooth", "kinked", "softmax"))
REFERENCE = "reference/softmax.md"


def prelu(part: int) -> Library:
    return lambda at: activations.prelu_backward(at("dA_P"), at("Z"), at(r"\alpha"))[part]


ROWS: list[Row] = [
    ("activations.softplus", SMOOTH, r"\log(1 + e^{t})", r"\operatorname{softplus}(t) &= \log(1 + e^{t})", lambda at: activations.softplus(at("t"))),
    ("activations.softplus", SMOOTH, r"\frac{e^{t}}{1 + e^{t}}", r"\operatorname{softplus}'(t) &= \frac{e^{t}}{1 + e^{t}}", lambda at: activations.softplus.prime(at("t"))),
    ("activations.softplus", SMOOTH, r"1 - e^{-\operatorname{softplus}(t)}", r"\operatorname{softplus}'(t) = 1 - e^{-\operatorname{softplus}(t)}", lambda at: activations.softplus.prime_from_output(at(r"\operatorname{softplus}(t)"))),
    ("activations.softsign", SMOOTH, r"\operatorname{sign}(t) \left( 1 - \frac{1}{1 + \operatorname{abs}(t)} \right)", r"\operatorname{softsign}(t) &= \operatorname{sign}(t) \left( 1 - \frac{1}{1 + \operatorname{abs}(t)} \right)", lambda at: activations.softsign(at("t"))),
    ("activations.softsign", SMOOTH, r"\frac{1}{(1 + \operatorname{abs}(t))^2}", r"\operatorname{softsign}'(t) &= \frac{1}{(1 + \operatorname{abs}(t))^2}", lambda at: activations.softsign.prime(at("t"))),
    ("activations.softsign", SMOOTH, r"(1 - \operatorname{abs}(\operatorname{softsign}(t)))^2", r"\operatorname{softsign}'(t) = (1 - \operatorname{abs}(\operatorname{softsign}(t)))^2", lambda at: activations.softsign.prime_from_output(at(r"\operatorname{softsign}(t)"))),
    ("activations.silu", SMOOTH, r"t \, \sigma(t)", r"\operatorname{SiLU}(t) &= t \, \sigma(t)", lambda at: activations.silu(at("t"))),
    ("activations.silu", SMOOTH, r"\sigma(t) + t \, \sigma(t) (1 - \sigma(t))", r"\operatorname{SiLU}'(t) &= \sigma(t) + t \, \sigma(t) (1 - \sigma(t))", lambda at: activations.silu.prime(at("t"))),
    ("activations.gelu", SMOOTH, r"t \, \Phi(t)", r"\operatorname{GELU}(t) &= t \, \Phi(t)", lambda at: activations.gelu(at("t"))),
    ("activations.gelu", SMOOTH, r"\Phi(t) + t \, \varphi(t)", r"\operatorname{GELU}'(t) &= \Phi(t) + t \, \varphi(t)", lambda at: activations.gelu.prime(at("t"))),
    ("activations.gelu_tanh", SMOOTH, r"t \, \sigma(2 u(t))", r"h(t) &= t \, \sigma(2 u(t))", lambda at: activations.gelu_tanh(at("t"))),
    ("activations.gelu_tanh", SMOOTH, r"\sigma(2 u(t)) + 2 t \, \sigma'(2 u(t)) u'(t)", r"h'(t) &= \sigma(2 u(t)) + 2 t \, \sigma'(2 u(t)) u'(t)", lambda at: activations.gelu_tanh.prime(at("t"))),
    ("activations.mish", SMOOTH, r"\operatorname{mish}(t)", r"\operatorname{mish}(z) &:= z \tanh(\operatorname{softplus}(z))", lambda at: activations.mish(at("t"))),
    ("activations.mish", SMOOTH, r"\tanh(\operatorname{softplus}(t)) + t \, \sigma(t) \left( 1 - \tanh(\operatorname{softplus}(t))^2 \right)", r"\operatorname{mish}'(t) &= \tanh(\operatorname{softplus}(t)) + t \, \sigma(t) \left( 1 - \tanh(\operatorname{softplus}(t))^2 \right)", lambda at: activations.mish.prime(at("t"))),
    ("activations.sin", SMOOTH, r"\sin(t)", r"\sin'(t)^2 &= 1 - \sin(t)^2", lambda at: activations.sin(at("t"))),
    ("activations.sin", SMOOTH, r"\cos(t)", r"\sin'(t) &= \cos(t)", lambda at: activations.sin.prime(at("t"))),
    ("activations.exp", SMOOTH, r"\exp(t)", r"\exp'(t) &= \exp(t)", lambda at: activations.exp(at("t"))),
    ("activations.exp", SMOOTH, r"\exp(t)", r"\exp'(t) &= \exp(t)", lambda at: activations.exp.prime(at("t"))),
    ("activations.log", SMOOTH, r"\frac{1}{s}", r"\log'(s) &= \frac{1}{s}", lambda at: activations.log.prime(at("s"))),
    ("activations.log", SMOOTH, r"e^{-\log s}", r"&= e^{-\log s}", lambda at: activations.log.prime_from_output(activations.log(at("s")))),
    ("activations.square", SMOOTH, r"q(t)", r"q(z) &:= z^2", lambda at: activations.square(at("t"))),
    ("activations.square", SMOOTH, r"2 t", r"&= 2 t", lambda at: activations.square.prime(at("t"))),
    ("activations.prelu_forward", KINKED, r"\max(0, Z) + \alpha \odot \min(0, Z)", r"A_P &:= \max(0, Z) + \alpha \odot \min(0, Z)", lambda at: activations.prelu_forward(at("Z"), at(r"\alpha"))),
    ("activations.prelu_backward", KINKED, r"dA_P \odot (\mathbb{1}[Z > 0] + \alpha \odot \mathbb{1}[Z < 0])", r"dZ_P = dA_P \odot (\mathbb{1}[Z > 0] + \alpha \odot \mathbb{1}[Z < 0])", prelu(0)),
    ("activations.prelu_backward", KINKED, r"\frac{1}{m} (dA_P \odot \min(0, Z)) \mathbf{1}", r"d\alpha &= \frac{1}{m} (dA_P \odot \min(0, Z)) \mathbf{1}", prelu(1)),
    ("activations.elu_with", KINKED, r"h(Z)", r"h'(t) &= \mathbb{1}[t > 0] + \gamma e^{t} \, \mathbb{1}[t < 0]", lambda at: activations.elu_with(at(r"\gamma").item())(at("Z"))),
    ("activations.elu_with", KINKED, r"h'(Z)", r"h'(t) &= \mathbb{1}[t > 0] + \gamma e^{t} \, \mathbb{1}[t < 0]", lambda at: activations.elu_with(at(r"\gamma").item()).prime(at("Z"))),
    ("activations.elu_with", KINKED, r"h'(Z)", r"&= \mathbb{1}[h(t) > 0] + (h(t) + \gamma) \, \mathbb{1}[h(t) < 0]", lambda at: activations.elu_with(at(r"\gamma").item()).prime_from_output(at("h(Z)"))),
    ("activations.hard_swish", KINKED, r"r(V)", r"r(z) &:= \frac{1}{6} z \operatorname{clip}(z + 3, 0, 6)", lambda at: activations.hard_swish(at("V"))),
    ("activations.hard_swish", KINKED, r"c(V)", r"r'(V) &= c(V)", lambda at: activations.hard_swish.prime(at("V"))),
    ("softmax.softmax", SOFTMAX, r"A", r"A &:= \operatorname{softmax}(Z)", lambda at: softmax.softmax(at("Z"))),
    ("softmax.softmax", SOFTMAX, r"P", r"P &:= \operatorname{softmax}(U)", lambda at: softmax.softmax(at("Z"), at(r"\tau").item())),
    ("softmax.softmax_backward", SOFTMAX, r"A \odot (dA - \mathbf{1}^\top (A \odot dA))", r"dZ = A \odot (dA - \mathbf{1}^\top (A \odot dA))", lambda at: softmax.softmax_backward(at("dA"), at("A"))),
    ("softmax.softmax_backward", SOFTMAX, r"\frac{1}{\tau} dU", r"dZ_P &= \frac{1}{\tau} dU", lambda at: softmax.softmax_backward(at("G"), at("P"), at(r"\tau").item())),
    ("softmax.softmax_output", SOFTMAX, r"A", r"A &:= \operatorname{softmax}(Z)", lambda at: softmax.softmax_output.function(at("Z"))),
    ("softmax.softmax_output", SOFTMAX, r"dZ", r"dZ = A \odot (dA - \mathbf{1}^\top (A \odot dA))", lambda at: softmax.softmax_output.backward(at("dA"), at("A"))),
    ("softmax.log_softmax", SOFTMAX, r"V", r"V &= \log A", lambda at: softmax.log_softmax(at("Z"))),
    ("softmax.log_softmax_backward", SOFTMAX, r"dV - A \odot \mathbf{1}^\top dV", r"dZ_V &= dV - A \odot \mathbf{1}^\top dV", lambda at: softmax.log_softmax_backward(at("dV"), at("V"))),
    ("softmax.log_sum_exp", SOFTMAX, r"S", r"S &:= \operatorname{logsumexp}(Z)", lambda at: softmax.log_sum_exp(at("Z"))),
    ("softmax.log_sum_exp_backward", SOFTMAX, r"A \odot r", r"dZ_S &= A \odot r", lambda at: softmax.log_sum_exp_backward(at("r"), at("Z"))),
    ("softmax.log_sum_exp_backward", REFERENCE, r"\frac{1}{\tau} A \odot r", r"\frac{\partial \mathcal{S}}{\partial Z} &= \frac{1}{\tau} A \odot r", lambda at: softmax.log_sum_exp_backward(at("r"), at("Z"), at(r"\tau").item())),
    ("softmax.temperature_gradient", SOFTMAX, r"-\frac{1}{m \tau^2} \langle dU, Z \rangle", r"&= -\frac{1}{m \tau^2} \langle dU, Z \rangle", lambda at: np.array([[softmax.temperature_gradient(at("dZ_P"), at("Z"), at(r"\tau").item())]])),
]  # fmt: skip
