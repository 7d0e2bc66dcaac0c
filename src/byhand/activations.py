r"""Activation functions $g$ and their slopes $g'$, entry by entry: one table, a row for each.

Each activation is one object: `g(Z)` is its value, `g.prime(Z)` its slope, and where the slope can be
read off the output, `g.prime_from_output(A)` gives it without another exponential. All of them
keep the shape and the dtype, are right for every finite float, and raise no floating point warning. (`exp`, `log` and
`square` have no finite value everywhere; they say so with an error. `selu` has none for the largest floats, since it
multiplies them by 1.05.)
Complex input is welcome, so that the complex step of [gradient checking][byhand.gradcheck.complex_step] passes through:
piecewise functions then branch on the real part.

The formulas stand in `byhand.smooth` and `byhand.pieces`. Softmax is not applied entry by entry: `byhand.softmax`.
"""

from __future__ import annotations

import numpy as np

from byhand import pieces, smooth
from byhand.elementwise import Activation
from byhand.pieces import elu_with, leaky_relu_with, prelu_backward, prelu_forward

__all__ = [
    "ACTIVATIONS", "Activation", "elu", "elu_with", "exp", "gelu", "gelu_tanh", "hard_swish", "identity", "leaky_relu",
    "leaky_relu_with", "log", "mish", "prelu_backward", "prelu_forward", "relu", "selu", "sigmoid", "silu", "sin",
    "softplus", "softsign", "square", "tanh",
]  # fmt: skip

identity = Activation("identity", smooth.identity, smooth.one, smooth.one, (-np.inf, np.inf))
r"""The output is the input, $p(z) = z$, and its slope 1: the output layer of a regression. [Derived][smooth-identity].

Examples
--------
>>> identity.prime(np.array([[-3.0, 4.0]]))
array([[1., 1.]])
"""

sigmoid = Activation("sigmoid", smooth.sigmoid, smooth.sigmoid_prime, smooth.sigmoid_prime_from_output, (0.0, 1.0))
r"""$\sigma(Z) = \frac{1}{1 + \exp(-Z)}$, with $\sigma'(Z) = \sigma(Z) \odot (1 - \sigma(Z))$.
[Derived][smooth-sigmoid]. From the output, $\sigma'(Z) = A \odot (1 - A)$, as in [dZ = A − Y][a-minus-y].

At $z = \pm 10^4$ the value is exactly 0 or 1. `prime` keeps its relative precision in both tails;
`prime_from_output` cannot, because $1 - \sigma(z)$ rounds to 0 from about $z = 37$ on.

Examples
--------
>>> sigmoid(np.array([[-1e4, 0.0, 1e4]]))
array([[0. , 0.5, 1. ]])
"""

tanh = Activation("tanh", np.tanh, smooth.tanh_prime, smooth.tanh_prime_from_output, (-1.0, 1.0))
r"""$\tanh(Z)$, with $\tanh'(Z) = 1 - \tanh(Z) \odot \tanh(Z)$. [Derived][smooth-tanh].

Examples
--------
>>> tanh.prime_from_output(np.array([[-0.5, 0.0]]))
array([[0.75, 1.  ]])
"""

relu = Activation("relu", pieces.relu, pieces.relu_prime, pieces.relu_prime, (0.0, np.inf), kinks=(0.0,))
r"""$\max(0, z)$, with slope 1 for $z > 0$ and 0 for $z < 0$. [Derived][kinked-relu].

At the kink $z = 0$ there is no derivative; `prime` gives 0 there, as most libraries do.
The output determines the slope, because $a > 0$ exactly where $z > 0$ (`A >= 0` would be true everywhere).

Examples
--------
>>> relu.prime(np.array([[-1.0, 0.0, 2.0]]))
array([[0., 0., 1.]])
"""

leaky_relu = leaky_relu_with(0.01)
r"""$z$ for $z > 0$ and $0.01 z$ otherwise; at the kink $z = 0$ the slope is that of the left side.
[Derived][kinked-leaky].

Another slope: [`leaky_relu_with`][byhand.activations.leaky_relu_with].

Examples
--------
>>> leaky_relu(np.array([[-2.0, 3.0]]))
array([[-0.02,  3.  ]])
"""

elu = elu_with(1.0)
r"""$z$ for $z > 0$ and $e^z - 1$ otherwise; the slope there is $a + 1$, and there is no kink. [Derived][kinked-elu].

Another limit on the left: [`elu_with`][byhand.activations.elu_with].

Examples
--------
>>> elu(np.array([[-1e4, 0.0, 1e4]]))
array([[-1.e+00,  0.e+00,  1.e+04]])
"""

selu = pieces.scaled_elu("selu", pieces.SELU_ALPHA, pieces.SELU_SCALE, kinks=(0.0,))
r"""$\lambda$ times an ELU with $\alpha = 1.67326\dots$, where $\lambda = 1.05070\dots$; at 0 the slope is the left
one, $\lambda \alpha$. [Derived][kinked-selu].

Examples
--------
>>> selu.prime(np.array([[-1e4, 0.0, 2.0]])).round(4)
array([[0.    , 1.7581, 1.0507]])
"""

softplus = Activation("softplus", smooth.softplus, smooth.sigmoid, smooth.softplus_prime_from_output, (0.0, np.inf))
r"""A rounded ReLU, $\operatorname{softplus}(t) = \log(1 + e^t)$. [Derived][smooth-softplus].

Its slope is $\operatorname{softplus}'(t) = \sigma(t)$. From the output,
$\operatorname{softplus}'(t) = 1 - e^{-\operatorname{softplus}(t)}$.

Examples
--------
>>> softplus(np.array([[-1e4, 0.0, 1e4]])).round(4)
array([[0.0000e+00, 6.9310e-01, 1.0000e+04]])
"""

softsign = Activation(
    "softsign", smooth.softsign, smooth.softsign_prime, smooth.softsign_prime_from_output, (-1.0, 1.0)
)
r"""$t/(1 + |t|)$, with $\operatorname{softsign}'(t) = \frac{1}{(1 + |t|)^2}$; at 0 it is 1, from both sides.

From the output, $\operatorname{softsign}'(t) = (1 - |\operatorname{softsign}(t)|)^2$. [Derived][smooth-softsign].

Examples
--------
>>> softsign.prime(np.array([[-3.0, 0.0, 1.0]]))
array([[0.0625, 1.    , 0.25  ]])
"""

silu = Activation("silu", smooth.silu, smooth.silu_prime, None, (-0.2785, np.inf))
r"""$z \sigma(z)$, also called swish, with the slope $\sigma(z)(1 + z(1 - \sigma(z)))$. [Derived][smooth-silu].

It falls before it rises, so the output does not determine the slope.

Examples
--------
>>> silu.prime(np.array([[-1e4, 0.0, 1e4]]))
array([[0. , 0.5, 1. ]])
"""

gelu = Activation("gelu", smooth.gelu, smooth.gelu_prime, None, (-0.17, np.inf))
r"""$z \Phi(z)$ with the normal distribution function, and the slope $\Phi(z) + z \varphi(z)$. [Derived][smooth-gelu].

The tanh form is another function: [`gelu_tanh`][byhand.activations.gelu_tanh].

Examples
--------
>>> gelu(np.array([[-1.0, 0.0, 1.0]])).round(6)
array([[-0.158655,  0.      ,  0.841345]])
"""

gelu_tanh = Activation("gelu_tanh", smooth.gelu_tanh, smooth.gelu_tanh_prime, None, (-0.1701, np.inf))
r"""$\frac{1}{2} z (1 + \tanh(\sqrt{2/\pi} \, (z + 0.044715 z^3)))$, close to [`gelu`][byhand.activations.gelu].
[Derived][smooth-gelu-tanh].

Examples
--------
>>> gelu_tanh(np.array([[-1.0, 0.0, 1.0]])).round(6)
array([[-0.158808,  0.      ,  0.841192]])
"""

mish = Activation("mish", smooth.mish, smooth.mish_prime, None, (-0.3089, np.inf))
r"""$z \tanh(\operatorname{softplus}(z))$, smooth and not monotone. [Derived][smooth-mish].

Examples
--------
>>> mish.prime(np.array([[-1e4, 0.0, 1e4]]))
array([[0. , 0.6, 1. ]])
"""

hard_swish = Activation(
    "hard_swish", pieces.hard_swish, pieces.hard_swish_prime, None, (-0.375, np.inf), kinks=(-3.0, 3.0)
)
r"""$z \operatorname{clip}(z + 3, 0, 6)/6$; at the kinks the slope is that of the outer side, 0 at $-3$ and 1 at 3.
[Derived][kinked-hard-swish].

Examples
--------
>>> hard_swish.prime(np.array([[-3.0, 0.0, 3.0]]))
array([[0. , 0.5, 1. ]])
"""

sin = Activation("sin", np.sin, np.cos, None, (-1.0, 1.0))
r"""$\sin z$, with the slope $\cos z$, whose sign the output does not tell. [Derived][smooth-sin].

Examples
--------
>>> sin.prime(np.array([[0.0, np.pi]]))
array([[ 1., -1.]])
"""

exp = Activation("exp", smooth.exp, smooth.exp, smooth.identity, (0.0, np.inf))
r"""$e^z$, which is its own slope; where it would exceed the largest float, an error. [Derived][smooth-exp].

Examples
--------
>>> exp.prime_from_output(np.array([[0.5, 2.0]]))
array([[0.5, 2. ]])
"""

log = Activation("log", smooth.log, smooth.log_prime, smooth.log_prime_from_output, (-np.inf, np.inf))
r"""$\log s$ for positive $s$, with $\log'(s) = \frac{1}{s} = e^{-\log s}$; any other number is an error.
[Derived][smooth-log].

Examples
--------
>>> log.prime(np.array([[0.5, 2.0]]))
array([[2. , 0.5]])
"""

square = Activation("square", smooth.square, smooth.square_prime, None, (0.0, np.inf))
r"""$z^2$, with the slope $2z$, whose sign the output does not tell. [Derived][smooth-square].

Examples
--------
>>> square.prime(np.array([[-3.0, 4.0]]))
array([[-6.,  8.]])
"""

ACTIVATIONS = (
    identity, sigmoid, tanh, relu, leaky_relu, elu, selu, softplus, softsign, silu, gelu, gelu_tanh, mish, hard_swish,
    sin, exp, log, square,
)  # fmt: skip
"""Every activation without a parameter of its own, a row each.

Examples
--------
>>> [g.name for g in ACTIVATIONS if g.kinks]
['relu', 'leaky_relu', 'selu', 'hard_swish']
"""
