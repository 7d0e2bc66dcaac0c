r"""Losses with their canonical links: Gaussian, Bernoulli, Poisson and categorical, straight from the logits.

Each row of the table is an exponential family: labels $y$ whose probability is a fixed factor times $e^{yz - b(z)}$.
Its loss is $\ell = b(z) - y z$, its prediction is the slope $a = b'(z)$, and so $dZ = A - Y$, for all of them.
Columns are examples. $\mathcal{L}$ is the sum of the losses and $J$ their mean; `dZ` belongs to $\mathcal{L}$ and
carries no $1/m$ ([why][convention]).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Inexact, Shaped

from byhand import smooth
from byhand.checks import DomainError, check_arrays, check_finite, check_labels_like
from byhand.losses import binary_cross_entropy
from byhand.softmax import log_softmax, log_sum_exp, softmax

OfPair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Family:
    r"""One family of labels with its cumulant $b$ and the loss $b(z) - yz$.

    Attributes
    ----------
    name
        Its name in the field.
    cumulant
        $b(Z)$ without the checks: n × m, or 1 × m where one $b$ belongs to a whole column (categorical).
    mean
        The prediction $A = b'(Z)$, n × m, without the checks.
    losses
        $b(z) - yz$ in a form that keeps its digits, without the checks; its columns are summed for the loss.
    labels
        The interval that holds every label.
    one_in_all
        Whether the labels of an example have to add up to 1.

    Examples
    --------
    Two outputs, three examples, each output with a count as its label:

    >>> Z, Y = np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 0.5]]), np.array([[1, 3, 7], [0, 2, 1]])
    >>> poisson.dZ_from_logits(Z, Y).round(4)
    array([[ 0.    , -0.2817,  0.3891],
           [ 0.3679, -1.    ,  0.6487]])
    >>> poisson.of_examples_from_logits(Z, Y).round(4)
    array([[ 1.3679,  0.7183, -5.4622]])

    See Also
    --------
    [The canonical-link theorem][links-canonical] : why $A - Y$ comes out of every row.
    """

    name: str
    cumulant: Callable[[np.ndarray], np.ndarray]
    mean: Callable[[np.ndarray], np.ndarray]
    losses: OfPair
    labels: tuple[float, float]
    one_in_all: bool = False

    def of_examples_from_logits(
        self, Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]
    ) -> Inexact[np.ndarray, "1 m"]:
        r"""Return the row of losses $\ell^{(1)}, \dots, \ell^{(m)}$, each $b(z) - yz$ summed over the outputs.

        What does not depend on $z$ is left out (for counts that is $\log y!$), so a loss may be negative.

        Parameters
        ----------
        Z
            Logits, n × m.
        Y
            Labels, n × m, inside the interval `labels`; integers and booleans are welcome.

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit, or a loss is too large for a float.
        """
        Z, Y = self._checked(Z, Y)
        with np.errstate(over="ignore"):  # the line after the next says it
            losses = self.losses(Z, Y).sum(axis=0, keepdims=True)
        check_finite("losses", losses)
        return losses

    def dZ_from_logits(self, Z: Inexact[np.ndarray, "n m"], Y: Shaped[np.ndarray, "n m"]) -> Inexact[np.ndarray, "n m"]:
        r"""Return $dZ = A - Y$ with $A = b'(Z)$, n × m, with no $1/m$ ([derived][links-canonical]).

        Raises
        ------
        ShapeError, DtypeError, DomainError
            If an argument does not fit, or a prediction is too large for a float.
        """
        Z, Y = self._checked(Z, Y)
        return self.mean(Z) - Y

    def _checked(self, Z: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        check_arrays(Z=(Z, ("n", "m")))
        Y = check_labels_like(Z, Y)
        low, high = self.labels
        outside = (low > Y) | (high < Y)
        if outside.any():
            raise DomainError(f"Y: expected labels from {low:g} to {high:g} for {self.name}, got {Y[outside][0]}.")
        if self.one_in_all and (np.abs(Y.sum(axis=0) - 1) > 1e-6).any():
            worst = int(np.abs(Y.sum(axis=0) - 1).argmax())
            total = Y[:, worst].sum()
            raise DomainError(
                f"Y: expected columns that add up to 1 for {self.name}; column {worst} adds up to {total:g}. "
                "Class numbers become columns by np.arange(classes)[:, None] == numbers."
            )
        return Z, Y.astype(np.finfo(Z.dtype).dtype)

    def __repr__(self) -> str:
        return f"<family {self.name}>"


def _plainly(cumulant: Callable[[np.ndarray], np.ndarray]) -> OfPair:
    return lambda Z, Y: cumulant(Z) - Y * Z


def _half_square(Z: np.ndarray) -> np.ndarray:
    return Z * Z / 2


def _categorical_losses(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return -Y * log_softmax(Z)  # b − z, without taking the large b first: the columns of Y add up to 1


gaussian = Family("gaussian", _half_square, smooth.identity, _plainly(_half_square), (-np.inf, np.inf))
r"""Any number with a bell curve around $z$ (variance 1): $h(z) = \frac{1}{2} z^2$ is $b$, and $h'(Z) = Z$.

$b(z) - yz$ is half the squared error, but for $-\frac{1}{2} y^2$, which no gradient sees ([derived][links-families]).

Examples
--------
>>> gaussian.dZ_from_logits(np.array([[3.0, -1.0]]), np.array([[1.0, 1.0]]))
array([[ 2., -2.]])
"""

bernoulli = Family(
    "bernoulli", smooth.softplus, smooth.sigmoid, binary_cross_entropy.entries_from_logits, labels=(0.0, 1.0)
)
r"""Yes or no: $s(z) = \log(1 + e^z)$ is $b$, and $s'(Z) = \sigma(Z)$, binary cross-entropy ([derived][links-families]).

Examples
--------
>>> bernoulli.dZ_from_logits(np.array([[0.0, 1e4]]), np.array([[1, 1]]))
array([[-0.5,  0. ]])
"""

poisson = Family("poisson", smooth.exp, smooth.exp, _plainly(smooth.exp), labels=(0.0, np.inf))
r"""Counts: $c(z) = e^z$ is $b$, and $c'(Z) = \exp(Z)$ is the expected count ([derived][links-poisson]).

Beyond $z \approx 709$ (88 in float32) the expected count is larger than any float, and `DomainError` says so.

Examples
--------
>>> Z, Y = np.log(np.array([[2.0, 5.0]])), np.array([[3, 0]])
>>> poisson.dZ_from_logits(Z, Y).round(4)
array([[-1.,  5.]])
"""

categorical = Family("categorical", log_sum_exp, softmax, _categorical_losses, labels=(0.0, 1.0), one_in_all=True)
r"""One class of n: $q = \log \sum_k e^{t_k}$ is $b$ for a column $t$, one number.

Its slope is $\frac{\partial q}{\partial t} = \operatorname{softmax}(t)$. Its loss is the cross-entropy
([derived][links-families]).

Examples
--------
>>> categorical.dZ_from_logits(np.log(np.array([[2.0], [3.0], [5.0]])), np.array([[0], [1], [0]])).round(2)
array([[ 0.2],
       [-0.7],
       [ 0.5]])
"""
