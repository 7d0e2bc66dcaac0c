r"""What an activation is: $g$, its slope $g'$, and how they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Inexact

from byhand.checks import DomainError, InputError, check_finite, check_kind

Elementwise = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    r"""One activation function with its derivative. Call it like a function.

    Attributes
    ----------
    name
        Its name in the field.
    function, derivative
        $g$ and $g'$ as functions of $Z$, without the checks. A slope may come as True and False, for 1 and 0.
    derivative_from_output
        $g'$ as a function of $A = g(Z)$, or `None` where $A$ does not determine it.
    values
        The interval that holds every $g(z)$.
    kinks
        Where the slope jumps. What `prime` gives there is a choice, and each activation says which.

    Examples
    --------
    >>> import numpy as np
    >>> from byhand.activations import sigmoid
    >>> Z = np.array([[-2.0, 0.0, 2.0]])
    >>> A = sigmoid(Z)
    >>> A.round(4)
    array([[0.1192, 0.5   , 0.8808]])
    >>> bool(np.allclose(sigmoid.prime(Z), sigmoid.prime_from_output(A)))
    True
    """

    name: str
    function: Elementwise
    derivative: Elementwise
    derivative_from_output: Elementwise | None
    values: tuple[float, float]
    kinks: tuple[float, ...] = ()

    def __call__(self, Z: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $A = g(Z)$, entry by entry, in the shape and dtype of `Z`.

        Raises
        ------
        DtypeError
            If `Z` is not an array of floating point numbers.
        DomainError
            If it holds NaN or infinity, or a number at which this activation has no finite value.
        """
        return np.asarray(self.function(_checked("Z", Z)))

    def prime(self, Z: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $g'(Z)$, entry by entry. Mind the argument: it is $Z$, not $A$.

        Raises
        ------
        DtypeError
            If `Z` is not an array of floating point numbers.
        DomainError
            If it holds NaN or infinity, or a number at which this activation has no finite slope.

        See Also
        --------
        [The hidden layer][dZ1] : why it is multiplied entry by entry.
        [The slope of the sigmoid][sigmoid-slope] : one of these derived, and what happens at $A$ in place of $Z$.
        """
        return _slope(self.derivative, _checked("Z", Z))

    def prime_from_output(self, A: Inexact[np.ndarray, "*shape"]) -> Inexact[np.ndarray, "*shape"]:
        """Return $g'(Z)$ from the output $A = g(Z)$, which a network has kept anyway.

        Raises
        ------
        InputError
            If the output does not determine the slope of this activation.
        DtypeError
            If `A` is not an array of floating point numbers.
        DomainError
            If it holds NaN, infinity, or a number that this activation cannot return.
        """
        if self.derivative_from_output is None:
            raise InputError(f"{self.name}: the output does not determine the slope. Use {self.name}.prime(Z).")
        A = _checked("A", A)
        low, high = self.values
        outside = (A.real < low) | (A.real > high)
        if outside.any():
            raise DomainError(
                f"A: expected outputs of {self.name}, which lie between {low:g} and {high:g}; "
                f"got {A[outside][0]}. Is this Z? Then use {self.name}.prime(Z)."
            )
        return _slope(self.derivative_from_output, A)

    def __repr__(self) -> str:
        return f"<activation {self.name}>"


def _slope(function: Elementwise, array: np.ndarray) -> np.ndarray:
    slope = np.asarray(function(array))
    return slope.astype(array.dtype) if slope.dtype == bool else slope


def _checked(name: str, array: np.ndarray) -> np.ndarray:
    array = check_kind(name, array)
    check_finite(name, array)
    return array
