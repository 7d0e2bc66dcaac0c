r"""The formulas behind the smooth rows of `byhand.activations`: $g$, $g'$ from $Z$, and $g'$ from $A$.

The exponential of a positive number is never taken (but by `exp`, and by the slope of `log` from its output), so
nothing overflows. Every formula is analytic, and branches look at the real part only, so that the complex step passes
through.
"""

from __future__ import annotations

import numpy as np

from byhand.checks import DomainError

_HALF_STEP = 0.25
_SLOPE_AT_0 = float(np.sqrt(2 / np.pi))
_CUBIC = 0.044715


def _decay(Z: np.ndarray) -> np.ndarray:
    """Return exp(−|Z|), which never overflows. Complex Z: minus the side its real part is on."""
    return np.exp(np.where(Z.real < 0, Z, -Z) if Z.dtype.kind == "c" else -np.abs(Z))


def _either(Z: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return `left` where Z is negative, and `right` elsewhere."""
    return np.where(Z.real < 0, left, right)


def _positive_part(Z: np.ndarray) -> np.ndarray:
    return np.where(Z.real < 0, np.zeros_like(Z), Z)  # the branches of _decay


def _within(name: str, Z: np.ndarray, low: float, high: float) -> np.ndarray:
    outside = (Z.real < low) | (Z.real > high)
    if outside.any():
        raise DomainError(f"Z: {name} needs numbers from {low:.6g} to {high:.6g} in {Z.dtype}; got {Z[outside][0]}.")
    return Z


def identity(Z: np.ndarray) -> np.ndarray:
    """Return z."""
    return Z.copy()


def one(Z: np.ndarray) -> np.ndarray:
    """Return 1, whatever Z is."""
    return np.ones_like(Z)


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """Return 1/(1 + exp(−z))."""
    E = _decay(Z)
    return (_either(Z, E, np.ones_like(E)) if Z.dtype.kind == "c" else np.exp(np.minimum(Z, 0.0))) / (1.0 + E)


def sigmoid_prime(Z: np.ndarray) -> np.ndarray:
    """Return σ(z) σ(−z), which is e/(1 + e)² for e = exp(−|z|)."""
    E = _decay(Z)
    return E / (1 + E) ** 2


def sigmoid_prime_from_output(A: np.ndarray) -> np.ndarray:
    """Return a(1 − a)."""
    return A * (1.0 - A)


def tanh_prime(Z: np.ndarray) -> np.ndarray:
    """Return 1/cosh²(z)."""
    E = _decay(Z)
    return (2 * E / (1 + E * E)) ** 2


def tanh_prime_from_output(A: np.ndarray) -> np.ndarray:
    """Return 1 − a²."""
    return 1.0 - A * A


def softplus(Z: np.ndarray) -> np.ndarray:
    """Return log(1 + exp(z)), which is max(z, 0) + log(1 + exp(−|z|))."""
    E = _decay(Z)
    return _positive_part(Z) + 2 * np.arctanh(E / (2 + E))  # this is log(1 + E); np.log1p loses digits if E is complex


def softplus_prime_from_output(A: np.ndarray) -> np.ndarray:
    """Return 1 − exp(−a)."""
    return -np.expm1(-A)


def softsign(Z: np.ndarray) -> np.ndarray:
    """Return z/(1 + |z|)."""
    return Z / (1 + _either(Z, -Z, Z))


def softsign_prime(Z: np.ndarray) -> np.ndarray:
    """Return 1/(1 + |z|)²."""
    return (1 / (1 + _either(Z, -Z, Z))) ** 2


def softsign_prime_from_output(A: np.ndarray) -> np.ndarray:
    """Return (1 − |a|)²."""
    return (1 - _either(A, -A, A)) ** 2


def silu(Z: np.ndarray) -> np.ndarray:
    """Return z σ(z)."""
    return Z * sigmoid(Z)


def silu_prime(Z: np.ndarray) -> np.ndarray:
    """Return σ(z) + z σ′(z)."""
    return sigmoid(Z) + Z * sigmoid_prime(Z)


def _density(Z: np.ndarray) -> np.ndarray:
    """Return the normal density φ(Z). The square is split: in the tail its rounding error would be magnified."""
    Z = np.where(np.abs(Z.real) < 40, Z, np.full_like(Z, 40))  # beyond, 0 even in float64
    coarse = np.round(Z.real * 16) / 16
    return np.exp(-coarse * coarse / 2) * np.exp(-(Z - coarse) * (Z + coarse) / 2) / float(np.sqrt(2 * np.pi))


def _distribution(Z: np.ndarray) -> np.ndarray:
    r"""Return the normal distribution function Φ(Z), with full relative precision in the left tail.

    With $t = |z|/\sqrt 2$ and $h = 1/2$, the midpoint rule for
    $\Phi(-|z|) = \frac{t}{\pi} e^{-t^2} \int_0^\infty \frac{e^{-u^2}}{u^2 + t^2} \, du$ has an error of relative size
    $e^{-\pi^2/h^2}$, once the pole at $u = it$ has been paid for by $1/(1 + e^{2 \pi t / h})$ (for $t < \pi/h$).
    """
    T = np.where(Z.real < 0, -Z, Z) * float(np.sqrt(0.5))
    T = np.where(T.real < 30, T, np.full_like(T, 30))
    tail = np.zeros_like(T)
    for u in np.arange(_HALF_STEP, 6.5, 2 * _HALF_STEP).tolist():
        tail += float(np.exp(-u * u)) / (u * u + T * T)
    tail *= T * _density(Z) * (2 * _HALF_STEP * float(np.sqrt(2 / np.pi)))
    tail += np.where(T.real < 6, sigmoid(-np.pi / _HALF_STEP * T), 0)
    return _either(Z, tail, 1 - tail)


def gelu(Z: np.ndarray) -> np.ndarray:
    """Return z Φ(z)."""
    return Z * _distribution(Z)


def gelu_prime(Z: np.ndarray) -> np.ndarray:
    """Return Φ(z) + z φ(z)."""
    return _distribution(Z) + Z * _density(Z)


def _inside(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return 2u and 2u′ of the tanh form. Beyond ±30 nothing changes any more, and the cube could overflow."""
    Z = np.where(np.abs(Z.real) < 30, Z, np.sign(Z.real).astype(Z.dtype) * 30)
    return 2 * _SLOPE_AT_0 * (Z + _CUBIC * Z * Z * Z), 2 * _SLOPE_AT_0 * (1 + 3 * _CUBIC * Z * Z)


def gelu_tanh(Z: np.ndarray) -> np.ndarray:
    """Return z (1 + tanh u)/2 as z σ(2u): without the cancellation."""
    return Z * sigmoid(_inside(Z)[0])


def gelu_tanh_prime(Z: np.ndarray) -> np.ndarray:
    """Return σ(2u) + z σ′(2u) 2u′."""
    U, slope = _inside(Z)
    return sigmoid(U) + Z * (sigmoid_prime(U) * slope)


def _mish_parts(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return tanh(softplus(Z)) and its slope, as fractions in exp(−|Z|)."""
    E = _decay(Z)
    above, below = _either(Z, E * (2 + E), 1 + 2 * E), _either(Z, 2 + E * (2 + E), 1 + 2 * E * (1 + E))
    return above / below, 4 * (1 + E) * _either(Z, E, E * E) / below**2


def mish(Z: np.ndarray) -> np.ndarray:
    """Return z tanh(softplus(z))."""
    return Z * _mish_parts(Z)[0]


def mish_prime(Z: np.ndarray) -> np.ndarray:
    """Return t + z t′ for t = tanh(softplus(z))."""
    T, slope = _mish_parts(Z)
    return T + Z * slope


def exp(Z: np.ndarray) -> np.ndarray:
    """Return exp(z), where that is finite."""
    return np.exp(_within("exp", Z, -np.inf, float(np.log(np.finfo(Z.dtype).max))))


def log(Z: np.ndarray) -> np.ndarray:
    """Return log(z), where z is positive and not so small that 1/z is infinite."""
    return np.log(_within("log", Z, float(np.finfo(Z.dtype).tiny), np.inf))


def log_prime(Z: np.ndarray) -> np.ndarray:
    """Return 1/z."""
    return 1 / _within("log", Z, float(np.finfo(Z.dtype).tiny), np.inf)


def log_prime_from_output(A: np.ndarray) -> np.ndarray:
    """Return exp(−a)."""
    return np.exp(-A)


def square(Z: np.ndarray) -> np.ndarray:
    """Return z², where that is finite."""
    limit = float(np.sqrt(np.finfo(Z.dtype).max))
    return _within("square", Z, -limit, limit) * Z


def square_prime(Z: np.ndarray) -> np.ndarray:
    """Return 2z."""
    limit = float(np.sqrt(np.finfo(Z.dtype).max))
    return 2 * _within("square", Z, -limit, limit)
