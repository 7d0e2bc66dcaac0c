"""Links, margins, comparisons, latent variables and preferences beside the equations of their pages."""

from collections.abc import Callable

import numpy as np
from witness import Library, Row, Values

from byhand import contrastive, latent, links, margins, preferences

LINKS, MARGINS, CONTRASTIVE, LATENT, PREFERENCES = (
    f"losses/{page}.md" for page in ("links", "margins", "contrastive", "latent", "preferences")
)


def total(row: Callable[[Values], np.ndarray]) -> Library:
    return lambda at: row(at).sum(keepdims=True)


def infonce(part: int) -> Library:
    return lambda at: contrastive.infonce_backward(at("U"), at("V"), at(r"\tau").item())[part]


def triplet(part: int) -> Library:
    return lambda at: contrastive.triplet_backward(at("X_a"), at("X_p"), at("X_n"), at(r"\alpha").item())[part]


def noise(part: int) -> Library:
    return lambda at: latent.reparametrize_backward(at("dZ"), at(r"\lambda"), at(r"\varepsilon"))[part]


def dpo(part: int) -> Library:
    return lambda at: preferences.dpo_backward(at("C"), at("R"), at("C_0"), at("R_0"), at(r"\beta").item())[part]


ROWS: list[Row] = [
    ("links.gaussian", LINKS, r"Z - Y", r"\frac{\partial \mathcal{G}}{\partial Z} = Z - Y", lambda at: links.gaussian.dZ_from_logits(at("Z"), at("Y"))),
    ("links.gaussian", LINKS, r"\mathcal{G} - \frac{1}{2} \lVert Y \rVert_F^2", r"\mathcal{G} := \frac{1}{2} \lVert Z - Y \rVert_F^2", total(lambda at: links.gaussian.of_examples_from_logits(at("Z"), at("Y")))),
    ("links.bernoulli", LINKS, r"S - H", r"\frac{\partial \mathcal{H}}{\partial Z} = S - H", lambda at: links.bernoulli.dZ_from_logits(at("Z"), at("H"))),
    ("links.bernoulli", LINKS, r"\mathcal{H}", r"\mathcal{H} := -\langle H, \log S \rangle - \langle 1 - H, \log(1 - S) \rangle", total(lambda at: links.bernoulli.of_examples_from_logits(at("Z"), at("H")))),
    ("links.poisson", LINKS, r"R - C", r"dP = R - C", lambda at: links.poisson.dZ_from_logits(at("Z"), at("C"))),
    ("links.poisson", LINKS, r"\mathcal{P}", r"\mathcal{P} = \sum_{k=1}^{n} \sum_{i=1}^{m} \left( e^{Z_{ki}} - C_{ki} Z_{ki} \right)", total(lambda at: links.poisson.of_examples_from_logits(at("Z"), at("C")))),
    ("links.categorical", LINKS, r"\operatorname{softmax}(Z) - Q", r"\frac{\partial \mathcal{Q}}{\partial Z} = \operatorname{softmax}(Z) - Q", lambda at: links.categorical.dZ_from_logits(at("Z"), at("Q"))),
    ("links.categorical", LINKS, r"\mathcal{Q}", r"\mathcal{Q} := -\langle Q, \log \operatorname{softmax}(Z) \rangle", total(lambda at: links.categorical.of_examples_from_logits(at("Z"), at("Q")))),
    ("margins.hinge_losses", MARGINS, r"\mathcal{L}", r"\mathcal{L} := \sum_{k=1}^{n} \sum_{i=1}^{m} \max(0, 1 - Y_{ki} Z_{ki})", total(lambda at: margins.hinge_losses(at("Z"), at("Y")))),
    ("margins.hinge_dZ", MARGINS, r"-Y \odot \mathbb{1}[Y \odot Z < 1]", r"dZ = -Y \odot \mathbb{1}[Y \odot Z < 1]", lambda at: margins.hinge_dZ(at("Z"), at("Y"))),
    ("margins.svm_losses", MARGINS, r"\mathcal{S}", r"\mathcal{S} := \sum_{k=1}^{n} \sum_{i=1}^{m} (1 - Q_{ki}) \max(0, Z_{ki} - r_i + \Delta)", total(lambda at: margins.svm_losses(at("Z"), at("Q"), at(r"\Delta").item()))),
    ("margins.svm_dZ", MARGINS, r"M - Q \odot \mathbf{1}^\top M", r"dS = M - Q \odot \mathbf{1}^\top M", lambda at: margins.svm_dZ(at("Z"), at("Q"), at(r"\Delta").item())),
    ("margins.focal_losses", MARGINS, r"\mathcal{F}", r"\mathcal{F} := -\sum_{k=1}^{n} \sum_{i=1}^{m} (1 - P_{ki})^\gamma \log P_{ki}", total(lambda at: margins.focal_losses(at("Z"), at("H"), at(r"\gamma").item()))),
    ("margins.focal_dZ", MARGINS, r"dF", r"dF_{ki} = S_{ki} (1 - P_{ki})^\gamma \left( \gamma P_{ki} \log P_{ki} - (1 - P_{ki}) \right)", lambda at: margins.focal_dZ(at("Z"), at("H"), at(r"\gamma").item())),
    ("contrastive.normalize", CONTRASTIVE, r"\hat X", r"\hat X := \frac{1}{r} \odot X", lambda at: contrastive.normalize(at("X"))),
    ("contrastive.normalize_backward", CONTRASTIVE, r"\frac{1}{r} \odot \left( G - \hat X \odot \mathbf{1}^\top (\hat X \odot G) \right)", r"dX = \frac{1}{r} \odot \left( G - \hat X \odot \mathbf{1}^\top (\hat X \odot G) \right)", lambda at: contrastive.normalize_backward(at("G"), at("X"))),
    ("contrastive.infonce_losses", CONTRASTIVE, r"\mathcal{N}", r"\mathcal{N} := -\sum_{i=1}^{m} \log P_{ii}", total(lambda at: contrastive.infonce_losses(at("U"), at("V"), at(r"\tau").item()))),
    ("contrastive.infonce_backward", CONTRASTIVE, r"\frac{1}{\tau} V dS^\top", r"dU = \frac{1}{\tau} V dS^\top", infonce(0)),
    ("contrastive.infonce_backward", CONTRASTIVE, r"\frac{1}{\tau} U dS", r"dV = \frac{1}{\tau} U dS", infonce(1)),
    ("contrastive.triplet_losses", CONTRASTIVE, r"\mathcal{T}", r"\mathcal{T} := \sum_{i=1}^{m} \max(0, s_i)", total(lambda at: contrastive.triplet_losses(at("X_a"), at("X_p"), at("X_n"), at(r"\alpha").item()))),
    ("contrastive.triplet_backward", CONTRASTIVE, r"2 (X_n - X_p) \odot c", r"dX_a = 2 (X_n - X_p) \odot c", triplet(0)),
    ("contrastive.triplet_backward", CONTRASTIVE, r"2 (X_p - X_a) \odot c", r"dX_p = 2 (X_p - X_a) \odot c", triplet(1)),
    ("contrastive.triplet_backward", CONTRASTIVE, r"2 (X_a - X_n) \odot c", r"dX_n = 2 (X_a - X_n) \odot c", triplet(2)),
    ("latent.reparametrize", LATENT, r"Z", r"Z := \mu + R \odot \varepsilon", lambda at: latent.reparametrize(at(r"\mu"), at(r"\lambda"), at(r"\varepsilon"))),
    ("latent.reparametrize_backward", LATENT, r"dZ", r"dM = dZ", noise(0)),
    ("latent.reparametrize_backward", LATENT, r"\frac{1}{2} dZ \odot \varepsilon \odot R", r"d\Lambda = \frac{1}{2} dZ \odot \varepsilon \odot R", noise(1)),
    ("latent.kl_losses", LATENT, r"\mathcal{K}", r"\mathcal{K} := \frac{1}{2} \sum_{k=1}^{d} \sum_{i=1}^{m} \left( \mu_{ki}^2 + V_{ki} - 1 - \lambda_{ki} \right)", total(lambda at: latent.kl_losses(at(r"\mu"), at(r"\lambda")))),
    ("latent.kl_gradients", LATENT, r"\mu", r"dM_K = \mu", lambda at: latent.kl_gradients(at(r"\mu"), at(r"\lambda"))[0]),
    ("latent.kl_gradients", LATENT, r"\frac{1}{2} (V - 1)", r"d\Lambda_K = \frac{1}{2} (V - 1)", lambda at: latent.kl_gradients(at(r"\mu"), at(r"\lambda"))[1]),
    ("preferences.policy_losses", PREFERENCES, r"\mathcal{L}", r"\mathcal{L} := -\sum_{i=1}^{m} r_i \sum_{k=1}^{n} Y_{ki} \log \Pi_{ki}", total(lambda at: preferences.policy_losses(at("Z"), at("Y"), at("r")))),
    ("preferences.policy_dZ", PREFERENCES, r"r \odot (\Pi - Y)", r"dZ = r \odot (\Pi - Y)", lambda at: preferences.policy_dZ(at("Z"), at("Y"), at("r"))),
    ("preferences.dpo_losses", PREFERENCES, r"\mathcal{D}", r"\mathcal{D} = \sum_{i=1}^{m} \operatorname{softplus}(-\beta \Delta_i)", total(lambda at: preferences.dpo_losses(at("C"), at("R"), at("C_0"), at("R_0"), at(r"\beta").item()))),
    ("preferences.dpo_backward", PREFERENCES, r"-\beta \, \sigma(-\beta \Delta)", r"dC = -\beta \, \sigma(-\beta \Delta)", dpo(0)),
    ("preferences.dpo_backward", PREFERENCES, r"\beta \, \sigma(-\beta \Delta)", r"dR = \beta \, \sigma(-\beta \Delta)", dpo(1)),
]  # fmt: skip
