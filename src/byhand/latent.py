r"""The two terms of a variational autoencoder: noise that lets a gradient through, and the pull to a standard normal.

A column is an example; `mu` and `log_variance` are what the encoder gives, d × m, with $\log \sigma^2$ in the second,
$\lambda$ for short. `kl_losses` is a row with one loss per example, $\mathcal{L}$ is its sum and $J$ its mean; the
gradients belong to $\mathcal{L}$ and carry no $1/m$ ([why][convention]). Where both terms are used, their gradients
add.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Inexact

from byhand.checks import DomainError, check_arrays


def reparametrize(
    mu: Inexact[np.ndarray, "d m"], log_variance: Inexact[np.ndarray, "d m"], noise: Inexact[np.ndarray, "d m"]
) -> Inexact[np.ndarray, "d m"]:
    r"""Return $Z = \mu + R \odot \varepsilon$, d × m, with the standard deviations $R = \exp(\frac{1}{2} \lambda)$.

    Parameters
    ----------
    mu, log_variance
        What the encoder gives, d × m.
    noise
        $\varepsilon$, standard normal numbers, d × m. Draw them once, and keep them for the way back.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or $\sigma$ is too large for a float.

    Examples
    --------
    >>> mu, log_variance = np.array([[1.0, -2.0]]), np.log(np.array([[4.0, 0.25]]))
    >>> reparametrize(mu, log_variance, noise=np.array([[0.5, -1.0]]))
    array([[ 2. , -2.5]])

    See Also
    --------
    [Reparametrization][latent-reparametrization] : why it is written so.
    """
    check_arrays(mu=(mu, ("d", "m")), log_variance=(log_variance, ("d", "m")), noise=(noise, ("d", "m")))
    return mu + _exp(log_variance, 0.5) * noise


def reparametrize_backward(
    dZ: Inexact[np.ndarray, "d m"], log_variance: Inexact[np.ndarray, "d m"], noise: Inexact[np.ndarray, "d m"]
) -> tuple[Inexact[np.ndarray, "d m"], Inexact[np.ndarray, "d m"]]:
    r"""Return $d\mu = dZ$ and $d\lambda = \frac{1}{2} dZ \odot \varepsilon \odot R$, each d × m.

    `noise` has to be the same as on the way forward.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or $\sigma$ is too large for a float.

    Examples
    --------
    >>> dZ, log_variance, noise = np.array([[3.0, 1.0]]), np.log(np.array([[4.0, 0.25]])), np.array([[0.5, -1.0]])
    >>> reparametrize_backward(dZ, log_variance, noise)
    (array([[3., 1.]]), array([[ 1.5 , -0.25]]))

    See Also
    --------
    [Reparametrization][latent-reparametrization] : where it is derived.
    """
    check_arrays(log_variance=(log_variance, ("d", "m")), dZ=(dZ, ("d", "m")), noise=(noise, ("d", "m")))
    return dZ.copy(), dZ * noise * _exp(log_variance, 0.5) / 2


def kl_losses(mu: Inexact[np.ndarray, "d m"], log_variance: Inexact[np.ndarray, "d m"]) -> Inexact[np.ndarray, "1 m"]:
    r"""Return $\frac{1}{2} \sum_k (\mu_k^2 + \sigma_k^2 - 1 - \log \sigma_k^2)$ of each column, 1 × m.

    It is the divergence $\mathrm{KL}(q \Vert p)$ of the normal distribution $q$ with these means and variances from the
    standard normal $p$, and 0 only where $\mu = 0$ and $\sigma = 1$.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or $\sigma^2$ is too large for a float.

    Examples
    --------
    >>> kl_losses(np.array([[0.0, 3.0], [0.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 0.0]]))
    array([[ 0. , 12.5]])

    See Also
    --------
    [The divergence][latent-kl] : where it is derived.
    """
    check_arrays(mu=(mu, ("d", "m")), log_variance=(log_variance, ("d", "m")))
    return ((mu * mu + (_expm1(log_variance) - log_variance)) / 2).sum(axis=0, keepdims=True)


def kl_gradients(
    mu: Inexact[np.ndarray, "d m"], log_variance: Inexact[np.ndarray, "d m"]
) -> tuple[Inexact[np.ndarray, "d m"], Inexact[np.ndarray, "d m"]]:
    r"""Return $d\mu = \mu$ and $d\lambda = \frac{1}{2} (\exp(\lambda) - 1)$, each d × m.

    Raises
    ------
    ShapeError, DtypeError, DomainError
        If an argument does not fit, or $\sigma^2$ is too large for a float.

    Examples
    --------
    >>> kl_gradients(np.array([[1.0, -2.0]]), np.log(np.array([[4.0, 0.25]])))
    (array([[ 1., -2.]]), array([[ 1.5  , -0.375]]))

    See Also
    --------
    [The divergence][latent-kl] : where it is derived.
    """
    check_arrays(mu=(mu, ("d", "m")), log_variance=(log_variance, ("d", "m")))
    return mu.copy(), _expm1(log_variance) / 2


def _expm1(log_variance: np.ndarray) -> np.ndarray:
    """Return the variance minus 1, which keeps its digits where the variance is near 1."""
    _exp(log_variance, 1.0)  # says it where it is too large
    return np.expm1(log_variance)


def _exp(log_variance: np.ndarray, factor: float) -> np.ndarray:
    largest = float(np.log(np.finfo(log_variance.dtype).max)) / factor
    outside = log_variance.real > largest
    if outside.any():
        raise DomainError(
            f"log_variance: expected numbers up to {largest:.6g} in {log_variance.dtype}, "
            f"got {log_variance[outside][0]}. "
            "Is it the variance itself? Then take its logarithm."
        )
    return np.exp(log_variance * factor)
