r"""How weights start: He and Xavier at random, or all equal; and what the start does to sizes, forwards and backwards.

Weights are n_out × n_in, a row for each unit, and are drawn with mean 0. A generator may be given for a seed, so that
several layers go on drawing from one stream: two layers with the same seed would begin with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Inexact
from numpy.typing import DTypeLike

from byhand.checks import InputError, Shape, check_arrays, check_number
from byhand.scalars import check_not_negative, check_precision, check_whole

Seed = int | np.random.Generator


def he_normal(n_out: int, n_in: int, *, seed: Seed, dtype: DTypeLike = np.float64) -> Float[np.ndarray, "n_out n_in"]:
    r"""Draw normal weights with variance $2/n_{in}$, which keeps the sizes of sums from layer to layer under ReLU.

    Raises
    ------
    DomainError, DtypeError
        If a size is not a whole number, 1 or more, or `dtype` is neither float64 nor float32.

    Examples
    --------
    >>> W = he_normal(300, 200, seed=0)
    >>> W.shape, round(W.var().item(), 3)
    ((300, 200), 0.01)

    See Also
    --------
    [He][variance-he] : where the 2 comes from.
    """
    shape = check_whole("n_out", n_out), check_whole("n_in", n_in)
    return _normal(shape, 2 / shape[1], seed, dtype)


def xavier_normal(
    n_out: int, n_in: int, *, seed: Seed, dtype: DTypeLike = np.float64
) -> Float[np.ndarray, "n_out n_in"]:
    r"""Draw normal weights with variance $\frac{2}{n_{in} + n_{out}}$, between what forward and backward ask for.

    Raises
    ------
    DomainError, DtypeError
        If a size is not a whole number, 1 or more, or `dtype` is neither float64 nor float32.

    Examples
    --------
    >>> W = xavier_normal(300, 200, seed=0)
    >>> W.shape, round(W.var().item(), 3)
    ((300, 200), 0.004)

    See Also
    --------
    [Xavier][variance-xavier] : the compromise.
    """
    shape = check_whole("n_out", n_out), check_whole("n_in", n_in)
    return _normal(shape, 2 / (shape[0] + shape[1]), seed, dtype)


def xavier_uniform(
    n_out: int, n_in: int, *, seed: Seed, dtype: DTypeLike = np.float64
) -> Float[np.ndarray, "n_out n_in"]:
    r"""Draw weights evenly between $-\beta_X$ and $\beta_X = \sqrt{\frac{6}{n_{in} + n_{out}}}$: Xavier's variance.

    Raises
    ------
    DomainError, DtypeError
        If a size is not a whole number, 1 or more, or `dtype` is neither float64 nor float32.

    Examples
    --------
    >>> W = xavier_uniform(300, 200, seed=0)
    >>> round(np.abs(W).max().item(), 3), round(W.var().item(), 3)
    (0.11, 0.004)

    See Also
    --------
    [Xavier][variance-xavier] : why 6 for even and 2 for normal.
    """
    shape = check_whole("n_out", n_out), check_whole("n_in", n_in)
    precision = check_precision(dtype)
    reach = np.sqrt(6 / (shape[0] + shape[1]))
    return np.random.default_rng(seed).uniform(-reach, reach, shape).astype(precision)


def constant_weights(
    n_out: int, n_in: int, value: float = 0.0, *, dtype: DTypeLike = np.float64
) -> Float[np.ndarray, "n_out n_in"]:
    r"""Return weights that are all equal, 0 unless you say otherwise: right for logistic regression and for biases.

    In a hidden layer all units stay copies of each other for ever, if the weights that lead on are equal too, and the
    biases.

    Raises
    ------
    DomainError, DtypeError
        If a size is not a whole number, 1 or more, or `value` or `dtype` is none.

    Examples
    --------
    >>> constant_weights(2, 3, value=0.5)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])

    See Also
    --------
    [Equal weights][symmetry-equal] : why all units of the layer then get the same gradient.
    """
    shape = check_whole("n_out", n_out), check_whole("n_in", n_in)
    return np.full(shape, check_number("value", value), check_precision(dtype))


def sum_variance(n_in: int, weight_variance: float, mean_square: float) -> float:
    r"""Return $V_Z = n_{in} \, v \, q$, the variance of a weighted sum.

    `weight_variance` is $v$, that of each weight, with mean 0. `mean_square` is $q$, the mean of the squared inputs.
    Both are 0 or more. Not the variance of the inputs: outputs of ReLU have a mean.

    Raises
    ------
    DomainError
        If an argument is out of range.

    Examples
    --------
    >>> sum_variance(200, weight_variance=0.01, mean_square=0.5)
    1.0

    See Also
    --------
    [The variance of a weighted sum][variance-forward] : the derivation.
    """
    return _spread("n_in", n_in, weight_variance, mean_square)


def gradient_variance(n_out: int, weight_variance: float, mean_square: float) -> float:
    r"""Return $V_{dA} = n_{out} \, v \, r$, the variance of the gradient one layer back.

    `weight_variance` is $v$, that of each weight, with mean 0. `mean_square` is $r$, the mean of the squares of `dZ`.

    Raises
    ------
    DomainError
        If an argument is out of range.

    Examples
    --------
    >>> gradient_variance(300, weight_variance=0.01, mean_square=1.0)
    3.0

    See Also
    --------
    [Backwards it is the number of outputs][variance-backward] : the derivation.
    """
    return _spread("n_out", n_out, weight_variance, mean_square)


def backward_product(
    weights: Sequence[Inexact[np.ndarray, "_ _"]], slopes: Sequence[Inexact[np.ndarray, "_ 1"]]
) -> Inexact[np.ndarray, "n_1 n_L"]:
    r"""Return the one matrix that takes $dz^{[L]}$ of one example back to $dz^{[1]}$.

    $\operatorname{diag}(s^{[1]}) W^{[2]\top} \operatorname{diag}(s^{[2]}) W^{[3]\top} \cdots W^{[L]\top}$, with the
    slopes $s^{[1]} = g^{[1]\prime}(z^{[1]})$ and so on.

    Parameters
    ----------
    weights
        $W^{[2]}, \dots, W^{[L]}$, each n_l × n_{l−1}.
    slopes
        $s^{[1]}, \dots, s^{[L-1]}$, each n_l × 1.

    Raises
    ------
    ShapeError, DtypeError, DomainError, InputError
        If a shape does not fit the one before, or there are not as many slopes as weights.

    Examples
    --------
    >>> W2, s1 = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), np.array([[1.0], [0.0], [0.5]])
    >>> backward_product([W2], [s1])
    array([[1. , 0. ],
           [0. , 0. ],
           [1.5, 0. ]])

    See Also
    --------
    [The unrolled product][flow-product] : why gradients vanish or explode.
    """
    if not weights or len(weights) != len(slopes):
        raise InputError(
            f"slopes: expected one for each matrix of weights, W2 to WL, and one at least; "
            f"got {len(slopes)} for {len(weights)}."
        )
    named: dict[str, tuple[np.ndarray, Shape]] = {}
    for ell, (W, slope) in enumerate(zip(weights, slopes, strict=True), start=1):
        named[f"s{ell}"] = (slope, (f"n_{ell}", 1))
        named[f"W{ell + 1}"] = (W, (f"n_{ell + 1}", f"n_{ell}"))
    check_arrays(**named)
    product = slopes[0] * weights[0].T
    for W, slope in zip(weights[1:], slopes[1:], strict=True):
        product = product @ (slope * W.T)
    return product


def _normal(shape: tuple[int, int], variance: float, seed: Seed, dtype: DTypeLike) -> np.ndarray:
    precision = check_precision(dtype)
    return (np.random.default_rng(seed).standard_normal(shape) * np.sqrt(variance)).astype(precision)


def _spread(name: str, count: int, weight_variance: float, mean_square: float) -> float:
    variance = check_not_negative("weight_variance", weight_variance)
    return check_whole(name, count) * variance * check_not_negative("mean_square", mean_square)
