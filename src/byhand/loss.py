"""What a loss is: the loss of each example, the cost, the gradients it starts, and what it checks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from jaxtyping import Inexact, Shaped

from byhand.activations import Activation
from byhand.checks import DomainError, InputError, check_finite, check_kind, check_labels_like, check_shapes
from byhand.softmax import Columnwise

OfPair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Loss:
    r"""One loss function with the gradients it starts.

    Attributes
    ----------
    name
        Its name in the field.
    link
        The activation it is usually paired with at the output; for this pair $dZ$ is simple and stable.
    predictions, labels
        The intervals in which predictions and labels must lie.
    infinite_at
        Predictions at which the loss is infinite unless the label is the same number.
    entries, entries_from_logits
        The loss of every single output, from $A$ or from the logits $Z$ of a `link` output, without the checks.
    slope, slope_through_link
        $dA$ from $A$, and $dZ$ from the output $A$ of a `link` activation, without the checks.
    answer
        What a network with the output $A$ answers, without the checks.

    Examples
    --------
    Two outputs, three examples:

    >>> import numpy as np
    >>> from byhand.losses import binary_cross_entropy
    >>> A = np.array([[0.9, 0.2, 0.5], [0.4, 0.7, 0.5]])
    >>> Y = np.array([[1, 0, 1], [0, 1, 1]])
    >>> binary_cross_entropy.of_examples(A, Y).round(4)
    array([[0.6162, 0.5798, 1.3863]])
    >>> round(binary_cross_entropy.cost(A, Y), 4)
    0.8608
    """

    name: str
    link: Activation | Columnwise
    predictions: tuple[float, float]
    labels: tuple[float, float]
    infinite_at: tuple[float, ...]
    entries: OfPair
    entries_from_logits: OfPair
    slope: OfPair
    slope_through_link: OfPair
    answer: Callable[[np.ndarray], np.ndarray]

    def of_examples(self, A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "1 m"]:
        r"""Return the row of losses $\ell^{(1)}, \dots, \ell^{(m)}$, each summed over the outputs.

        Parameters
        ----------
        A
            Predictions, n × m, inside the interval `predictions`.
        Y
            Labels, n × m, inside the interval `labels`; integers and booleans are welcome.

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit, or where the loss is infinite.
        """
        A, Y = self._checked_predictions(A, Y)
        return self.entries(A, Y).sum(axis=0, keepdims=True)

    def cost(self, A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> float | complex:
        r"""Return $J = \frac{1}{m} \sum_i \ell^{(i)}$, the average over the examples (not over the outputs).

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit, or where the loss is infinite.
        """
        A, Y = self._checked_predictions(A, Y)
        return mean_over_examples(self.entries(A, Y))

    def dA(self, A: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
        r"""Return $dA = \frac{\partial\mathcal{L}}{\partial A}$, n × m like `A`, with no $1/m$ ([derived][loss-slope]).

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit, where the loss is infinite, or where $dA$ is too large for a float.
        """
        A, Y = self._checked_predictions(A, Y)
        with np.errstate(over="ignore"):  # the next line says it
            dA = self.slope(A, Y)
        check_finite("dA", dA)
        return dA

    def of_examples_from_logits(
        self, Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]
    ) -> Inexact[np.ndarray, "1 m"]:
        r"""Return the losses of $A = \text{link}(Z)$ straight from $Z$, never by [the logarithm of 0][logit-form].

        A cross-entropy is finite wherever the differences of the logits are, a square while its residual is below
        $10^{154}$ or so.

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit.
        """
        Z, Y = self._checked("Z", Z, Y)
        return self.entries_from_logits(Z, Y).sum(axis=0, keepdims=True)

    def cost_from_logits(self, Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> float | complex:
        r"""Return the cost $J$ of $A = \text{link}(Z)$ straight from $Z$.

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit.
        """
        Z, Y = self._checked("Z", Z, Y)
        return mean_over_examples(self.entries_from_logits(Z, Y))

    def dZ_from_logits(self, Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
        r"""Return $dZ = \frac{\partial\mathcal{L}}{\partial Z}$ for $A = \text{link}(Z)$, n × m, with no $1/m$.

        The awkward factors of $dA$ and $g'$ [cancel][a-minus-y] before a division: nothing is lost at saturation.
        In a network this is [the output layer's dZ][output-dz].

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit.
        """
        Z, Y = self._checked("Z", Z, Y)
        return self.slope_through_link(self.link.function(Z), Y)

    def checked_labels(self, Y: object, like: np.ndarray) -> np.ndarray:
        """Return the labels in the precision of `like`, after checking their shape and their values.

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If they do not fit.
        """
        if self._plain_labels(Y, like):
            return Y.astype(like.dtype)
        labels = check_labels_like(like, Y)
        low, high = self.labels
        outside = (labels < low) | (labels > high)
        if outside.any():
            raise DomainError(
                f"Y: expected labels from {low:g} to {high:g} for {self.name}, got {labels[outside][0]}. "
                f"{_label_slip(labels)}"
            )
        return labels.astype(np.finfo(like.dtype).dtype)

    def check_output(self, g: Activation | Columnwise) -> None:
        """Refuse a last activation whose outputs this loss cannot read.

        Raises
        ------
        InputError
            With the activation to use.
        """
        if isinstance(self.link, Columnwise) and not isinstance(g, Columnwise):
            raise InputError(
                f"loss: {self.name} needs columns that add up to 1, but the last activation, {g.name}, is applied "
                "entry by entry. Use byhand.softmax.softmax_output there."
            )
        (low, high), (least, most) = self.predictions, g.values
        if least < low or most > high:
            raise InputError(
                f"loss: {self.name} needs predictions from {low:g} to {high:g}, but the last activation, "
                f"{g.name}, returns {least:g} to {most:g}. Use {self.link.name} there."
            )

    def _plain_labels(self, Y: object, like: np.ndarray) -> TypeGuard[np.ndarray]:
        """Return whether there is nothing to be said against the labels. False only says: look closer."""
        if type(Y) is not np.ndarray or Y.shape != like.shape or Y.dtype.kind not in "fiub" or like.dtype.kind != "f":
            return False
        (low, high), least, most = self.labels, Y.item(Y.argmin()), Y.item(Y.argmax())  # each is NaN if one entry is
        return low <= least and most <= high and math.isfinite(least) and math.isfinite(most)

    def _checked(self, name: str, array: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        array = check_kind(name, array)
        check_shapes(**{name: (array, ("n", "m"))})
        check_finite(name, array)
        return array, self.checked_labels(Y, array)

    def _checked_predictions(self, A: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        A, Y = self._checked("A", A, Y)
        low, high = self.predictions
        outside = (A.real < low) | (A.real > high)
        if outside.any():
            raise DomainError(
                f"A: expected predictions from {low:g} to {high:g} for {self.name}, got {A[outside][0]}. "
                f"Are these logits? Then use the functions that end in from_logits."
            )
        for edge in self.infinite_at:
            infinite = (A.real == edge) & (edge != Y)
            if infinite.any():
                raise DomainError(
                    f"A: a prediction is exactly {A[infinite][0]} where the label is {Y[infinite][0]}: the loss is "
                    "infinite there. Work from the logits Z instead: the functions that end in from_logits stay finite."
                )
        if isinstance(self.link, Columnwise):
            self._check_columns(A.real.sum(axis=0))
        return A, Y

    def _check_columns(self, sums: np.ndarray) -> None:
        far = np.abs(sums - 1) > 1e-3  # room for rounding, and for the step of a gradient check
        if far.any():
            raise DomainError(
                f"A: expected columns that add up to 1 for {self.name}, got {sums[far][0]:.4g} in column "
                f"{far.argmax()}. Is {self.link.name} missing, or was it taken along the wrong axis?"
            )

    def __repr__(self) -> str:
        return f"<loss {self.name}>"


def mean_over_examples(entries: Inexact[np.ndarray, "n m"]) -> float | complex:
    """Return the sum of all entries, divided by the number of columns m: the cost.

    Examples
    --------
    >>> mean_over_examples(np.array([[1.0, 2.0], [3.0, 4.0]]))
    5.0
    """
    cost: float | complex = (entries.sum() / entries.shape[1]).item()
    return cost


def _label_slip(labels: np.ndarray) -> str:
    if labels.min() == -1:
        return "Labels −1 and 1 become 0 and 1 by (Y + 1) / 2."
    if (labels % 1 == 0).all():
        return "Class numbers become one row per class by np.arange(classes)[:, None] == numbers."
    return "A label is 0 or 1, or a probability between them."
