r"""Compare a gradient with the definition of a derivative, entry by entry.

Two independent ways to differentiate a cost numerically. Central differences,
$\frac{f(x + h) - f(x - h)}{2h}$, need nothing but values, away from kinks. The complex step,
$\operatorname{Im} f(x + ih) / h$, has no subtraction and so no rounding error worth the name, but needs a function
that is analytic and lets complex numbers through (no `abs`, no conjugate; piecewise functions branch on the real part,
as ours do).

A check samples one point. Agreement there is strong evidence and not a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from byhand.checks import (
    DomainError,
    DtypeError,
    InputError,
    ShapeError,
    check_finite,
    check_keys,
    check_kind,
    check_positive,
)

Method = Literal["complex step", "central differences"]
Verdict = Literal["agrees", "differs", "untested"]
TOLERANCES: dict[Method, float] = {"complex step": 1e-9, "central differences": 1e-6}


@dataclass(frozen=True)
class Entry:
    """The worst entry of one array.

    Attributes
    ----------
    name, index
        The array and the place in it.
    given, expected
        The entry of the gradient under test, and the numerical derivative.
    error
        Their distance, in units of the largest entry of the two arrays.
    verdict
        `"agrees"`, `"differs"`, or `"untested"` where both arrays are zero throughout, which shows nothing.
    """

    name: str
    index: tuple[int, ...]
    given: float
    expected: float
    error: float
    verdict: Verdict

    def __str__(self) -> str:
        place = ", ".join(map(str, self.index))
        return (
            f"{self.name} {self.verdict}; worst entry [{place}]: given {self.given:.10g}, "
            f"expected {self.expected:.10g}, error {self.error:.1e} of the largest entry"
        )


@dataclass(frozen=True)
class GradientCheck:
    """What a check found. It has no truth value of its own: ask for `agrees`, or print it.

    Attributes
    ----------
    method, tolerance
        How the derivatives were taken, and the largest error that still agrees.
    arrays
        The worst entry of each array.
    """

    method: Method
    tolerance: float
    arrays: tuple[Entry, ...]

    @property
    def agrees(self) -> bool:
        """Whether every entry of every array agrees; an array that is untested does not."""
        return all(entry.verdict == "agrees" for entry in self.arrays)

    @property
    def worst(self) -> Entry:
        """The entry with the largest error of all (an untested array comes before those that agree)."""
        rank = {"agrees": 0, "untested": 1, "differs": 2}
        return max(self.arrays, key=lambda entry: (rank[entry.verdict], entry.error))

    def __bool__(self) -> bool:
        raise TypeError("A gradient check is more than yes or no: ask for .agrees, or print it.")

    def __str__(self) -> str:
        head = f"{self.method}, tolerance {self.tolerance:g}"
        return "\n".join([head, *(f"  {entry}" for entry in self.arrays)])


def check_gradients(
    cost: Callable[[dict[str, np.ndarray]], float | complex],
    parameters: Mapping[str, np.ndarray],
    gradients: Mapping[str, np.ndarray],
    *,
    method: Method = "complex step",
    step: float | None = None,
    tolerance: float | None = None,
) -> GradientCheck:
    r"""Compare `gradients` with numerical derivatives of `cost`, every entry of every parameter.

    Parameters
    ----------
    cost
        A function from parameters to the number $J$.
    parameters
        The point at which to check, float64 arrays by name.
    gradients
        For each parameter `W1` the gradient under test, `dW1`, in the same shape. Other keys are not looked at.
    method
        `"complex step"` or `"central differences"`.
    step
        $h$. By default 1e-20 for the complex step and 1e-5 for central differences.
    tolerance
        The largest error that agrees, in units of the array's largest entry.
        By default 1e-9 for the complex step and 1e-6 for central differences.

    Returns
    -------
    GradientCheck
        With the worst entry of each array. Norms over a whole gradient would hide a single wrong entry.

    Raises
    ------
    InputError
        If a gradient is missing or the method is unknown.
    ShapeError
        If a gradient's shape is not its parameter's, an array is empty, or the cost is not one number.
    DtypeError, DomainError
        If an array is not float64 or holds NaN, or if the cost drops the imaginary part.

    Examples
    --------
    The sum of all $w^2$ has the gradient $2w$:

    >>> W = {"w": np.array([[1.0, -2.0, 3.0]])}
    >>> print(check_gradients(lambda p: (p["w"] ** 2).sum(), W, {"dw": 2 * W["w"]}).worst.verdict)
    agrees
    >>> print(check_gradients(lambda p: (p["w"] ** 2).sum(), W, {"dw": W["w"]}))
    complex step, tolerance 1e-09
      dw differs; worst entry [0, 2]: given 3, expected 6, error 5.0e-01 of the largest entry
    """
    if method not in TOLERANCES:
        raise InputError(f"method: expected one of {', '.join(map(repr, TOLERANCES))}, got {method!r}.")
    check_keys("parameters", parameters, ())
    if not parameters:
        raise InputError("parameters: expected at least one array to check, got none.")
    check_keys("gradients", gradients, [f"d{name}" for name in parameters])
    tolerance = TOLERANCES[method] if tolerance is None else check_positive("tolerance", tolerance)
    differentiate = complex_step if method == "complex step" else central_differences
    for name in parameters:  # all of them, before the cost sees any
        array, given = _check_array(name, parameters[name]), _check_array(f"d{name}", gradients[f"d{name}"])
        if given.shape != array.shape:
            raise ShapeError(f"d{name}: expected the shape of {name}, {array.shape}; got {given.shape}.")
    entries = []
    for name, array in parameters.items():

        def along(varied: np.ndarray, name: str = name) -> float | complex:
            return cost({**parameters, name: varied})

        expected = differentiate(along, array) if step is None else differentiate(along, array, step)
        entries.append(_worst_entry(f"d{name}", gradients[f"d{name}"], expected, tolerance))
    return GradientCheck(method, tolerance, tuple(entries))


def complex_step(
    f: Callable[[np.ndarray], float | complex], X: Float[np.ndarray, "*shape"], step: float = 1e-20
) -> Float[np.ndarray, "*shape"]:
    r"""Return $\operatorname{Im} f(X + ih E) / h$ for every single entry $E$ of `X`: the gradient of $f$, in its shape.

    Because nothing is subtracted, `step` can be far below the rounding error.

    Raises
    ------
    DomainError
        If $f$ returns a real number: then it has dropped the imaginary part, or does not use `X`, and every derivative
        would come out 0; or if `X` holds NaN or `step` is not positive.
    DtypeError, ShapeError
        If `X` is not float64 or is empty, or $f$ does not return one number.

    Examples
    --------
    >>> complex_step(lambda X: (X ** 3).sum(), np.array([[1.0, 2.0]]))
    array([[ 3., 12.]])
    """

    def slope(bumped: Callable[[float | complex], np.ndarray]) -> float:
        value = _one_number(f(bumped(1j * step)))
        if not np.iscomplexobj(value):
            raise DomainError(
                "cost: expected a complex result for a complex argument, got a real one. Either it does not use this "
                "array, or it drops the imaginary part (abs, float, .real): then use central differences."
            )
        return float(np.imag(value) / step)

    return _for_each_entry(slope, X, step, complex)


def central_differences(
    f: Callable[[np.ndarray], float | complex], X: Float[np.ndarray, "*shape"], step: float = 1e-5
) -> Float[np.ndarray, "*shape"]:
    r"""Return $\frac{f(X + hE) - f(X - hE)}{2h}$ for every single entry $E$ of `X`, in its shape.

    The error has two parts: one shrinks as $h^2$, the other grows as rounding divided by $h$.
    Near a kink the result is neither of the two slopes; keep every $|z|$ well above $h$.

    Raises
    ------
    DtypeError, ShapeError, DomainError
        If `X` is not float64, is empty or holds NaN, if `step` is not positive, or $f$ does not return one number.

    Examples
    --------
    >>> central_differences(lambda X: (X ** 3).sum(), np.array([[1.0, 2.0]])).round(6)
    array([[ 3., 12.]])
    """

    def slope(bumped: Callable[[float | complex], np.ndarray]) -> float:
        return float(np.real(_one_number(f(bumped(step))) - _one_number(f(bumped(-step)))) / (2 * step))

    return _for_each_entry(slope, X, step, float)


def _for_each_entry(
    slope: Callable[[Callable[[float | complex], np.ndarray]], float], X: np.ndarray, step: float, dtype: type
) -> np.ndarray:
    _check_array("X", X)
    check_positive("step", step)
    gradient = np.empty(X.shape)
    for index in np.ndindex(X.shape):

        def bumped(amount: float | complex, index: tuple[int, ...] = index) -> np.ndarray:
            varied: np.ndarray = X.astype(dtype)
            varied[index] += amount
            return varied

        gradient[index] = slope(bumped)
    return gradient


def _worst_entry(name: str, given: np.ndarray, expected: np.ndarray, tolerance: float) -> Entry:
    distance = np.abs(given - expected)
    index = np.unravel_index(int(distance.argmax()), distance.shape)
    scale = max(float(np.abs(given).max()), float(np.abs(expected).max()))
    error = float(distance[index]) / scale if scale else 0.0
    verdict: Verdict = "untested" if not scale else "agrees" if error <= tolerance else "differs"
    place = tuple(int(i) for i in index)
    return Entry(name, place, float(given[index]), float(expected[index]), error, verdict)


def _check_array(name: str, array: object) -> np.ndarray:
    array = check_kind(name, array)
    if array.dtype != np.float64:
        raise DtypeError(
            f"{name}: expected float64, got {array.dtype}. "
            f"A check needs real numbers in double precision: {name}.astype(np.float64)."
        )
    if not array.size:
        raise ShapeError(f"{name}: expected at least one entry, got shape {array.shape}.")
    check_finite(name, array)
    return array


def _one_number(value: float | complex) -> float | complex:
    if np.ndim(value):
        raise ShapeError(f"cost: expected one number, got an array of shape {np.shape(value)}. Take its sum or mean.")
    return value
