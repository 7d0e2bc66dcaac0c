"""The losses beside the equations of their pages."""

import numpy as np
from witness import Library, Row, Values

from byhand import cross_entropy, divergence, losses, regression
from byhand.losses import Loss

NUMBERS, LABELS, KL = (f"losses/{page}.md" for page in ("regression", "cross-entropy", "divergence"))
REFERENCE = "reference/regression.md"
IGNORED = -100


def dA(loss: Loss) -> Library:
    return lambda at: loss.dA(at("A"), at("Y"))


def summed(loss: Loss) -> Library:
    return lambda at: loss.of_examples(at("A"), at("Y")).sum(keepdims=True)


def huber(at: Values) -> Loss:
    return regression.huber_with(at(r"\delta").item())


def numbers(at: Values) -> np.ndarray:
    """Return the number of each class, and one that is ignored where nothing is kept."""
    return np.where(at("c") == 1, at("Y").argmax(axis=0), IGNORED)


def plain(at: Values) -> np.ndarray:
    return losses.softmax_cross_entropy.of_examples_from_logits(at("Z"), at("Y"))


ROWS: list[Row] = [
    ("losses.squared_error", NUMBERS, r"A - Y", r"dA &= A - Y", dA(losses.squared_error)),
    ("regression.squared_distance", NUMBERS, r"2 (A - Y)", r"dA_2 &= 2 (A - Y)", dA(regression.squared_distance)),
    ("regression.squared_distance", NUMBERS, r"\lVert A - Y \rVert_F^2", r"\mathcal{L}_2 &:= \lVert A - Y \rVert_F^2", summed(regression.squared_distance)),
    ("regression.mean_squared_error", NUMBERS, r"\frac{1}{n m} \lVert A - Y \rVert_F^2", r"J_{mean} &:= \frac{1}{n m} \lVert A - Y \rVert_F^2", lambda at: np.array([[regression.mean_squared_error(at("A"), at("Y"))]])),
    ("regression.mean_squared_error_gradient", NUMBERS, r"\frac{2}{n m} (A - Y)", r"\frac{\partial J_{mean}}{\partial A} = \frac{2}{n m} (A - Y)", lambda at: regression.mean_squared_error_gradient(at("A"), at("Y"))),
    ("regression.absolute_error", NUMBERS, r"\operatorname{sign}(A - Y)", r"dA_1 &= \operatorname{sign}(A - Y)", dA(regression.absolute_error)),
    ("regression.absolute_error", NUMBERS, r"\langle \operatorname{sign}(R), R \rangle", r"\mathcal{L}_1 &= \langle \operatorname{sign}(R), R \rangle", summed(regression.absolute_error)),
    ("regression.huber_with", NUMBERS, r"\operatorname{clip}(A - Y, -\delta, \delta)", r"dA_H &= \operatorname{clip}(A - Y, -\delta, \delta)", lambda at: huber(at).dA(at("A"), at("Y"))),
    ("regression.huber_with", NUMBERS, r"h(R)", r"h(R) = \operatorname{clip}(R, -\delta, \delta) \odot \left( R - \frac{1}{2} \operatorname{clip}(R, -\delta, \delta) \right)", lambda at: huber(at).entries(at("A"), at("Y"))),
    ("regression.huber", REFERENCE, r"\operatorname{clip}(R, -1, 1)", r"\frac{\partial \mathcal{H}}{\partial P} &= \operatorname{clip}(R, -1, 1)", lambda at: regression.huber.dA(at("P"), at("T"))),
    ("regression.huber", REFERENCE, r"\mathcal{H}", r"\mathcal{H} &:= \sum_{k=1}^{n} \sum_{i=1}^{m} h(R_{ki})", lambda at: regression.huber.of_examples(at("P"), at("T")).sum(keepdims=True)),
    ("regression.log_cosh", NUMBERS, r"\tanh(A - Y)", r"dA_C &= \tanh(A - Y)", dA(regression.log_cosh)),
    ("regression.log_cosh", NUMBERS, r"\mathcal{L}_C", r"\mathcal{L}_C &:= \sum_{k=1}^{n} \sum_{i=1}^{m} q(A_{ki} - Y_{ki})", summed(regression.log_cosh)),
    ("losses.softmax_cross_entropy", LABELS, r"A - Y", r"dZ &= A - Y", lambda at: losses.softmax_cross_entropy.dZ_from_logits(at("Z"), at("Y"))),
    ("losses.binary_cross_entropy", LABELS, r"A_M - Y_M", r"dZ_M &= A_M - Y_M", lambda at: losses.binary_cross_entropy.dZ_from_logits(at("Z"), at("Y_M"))),
    ("cross_entropy.soft_label_gradient", LABELS, r"A \odot \mathbf{1}^\top T - T", r"dZ_T &= A \odot \mathbf{1}^\top T - T", lambda at: cross_entropy.soft_label_gradient(at("A"), at("T"))),
    ("cross_entropy.smoothed_labels", LABELS, r"(1 - \varepsilon) Y + \frac{\varepsilon}{n}", r"Y_s &:= (1 - \varepsilon) Y + \frac{\varepsilon}{n}", lambda at: cross_entropy.smoothed_labels(at("Y"), at(r"\varepsilon").item())),
    ("cross_entropy.one_hot", LABELS, r"c \odot Y", r"\mathcal{L}_c &:= -\langle c \odot Y, \log A \rangle", lambda at: cross_entropy.one_hot(numbers(at), len(at("Y")), ignore=IGNORED)),
    ("cross_entropy.kept_gradient", LABELS, r"c \odot (A - Y)", r"dZ_c &= c \odot (A - Y)", lambda at: cross_entropy.kept_gradient(at("A"), at("Y"), at("c") == 1)),
    ("cross_entropy.weighted_mean", LABELS, r"J_c", r"J_c &:= \frac{\mathcal{L}_c}{K}", lambda at: np.array([[cross_entropy.weighted_mean(plain(at), at("c") == 1)]])),
    ("cross_entropy.weighted_mean", LABELS, r"J_w", r"J_w &:= \frac{\mathcal{L}_w}{S}", lambda at: np.array([[cross_entropy.weighted_mean(plain(at), at(r"w^\top Y"))]])),
    ("cross_entropy.class_weighted_gradient", LABELS, r"A \odot w^\top Y - w \odot Y", r"dZ_w &= A \odot w^\top Y - w \odot Y", lambda at: cross_entropy.class_weighted_gradient(at("A"), at("Y"), at("w"))),
    ("cross_entropy.class_weighted_losses", LABELS, r"\mathcal{L}_w", r"\mathcal{L}_w &:= -\langle w \odot Y, \log A \rangle", lambda at: cross_entropy.class_weighted_losses(at("Z"), at("Y"), at("w")).sum(keepdims=True)),
    ("divergence.kl_divergence", KL, r"\mathcal{L}", r"\mathcal{L} := \langle Q, \log \frac{Q}{A} \rangle", lambda at: divergence.kl_divergence(at("Q"), at("A")).sum(keepdims=True)),
    ("divergence.kl_divergence", KL, r"K", r"K &:= \mathbf{1}^\top \left( A \odot \log \frac{A}{Q} \right)", lambda at: divergence.kl_divergence(at("A"), at("Q"))),
    ("divergence.forward_kl_from_logits", KL, r"\mathcal{L}", r"\mathcal{L} := \langle Q, \log \frac{Q}{A} \rangle", lambda at: divergence.forward_kl_from_logits(at("Z"), at("Q")).sum(keepdims=True)),
    ("divergence.forward_kl_gradient", KL, r"A - Q", r"dZ &= A - Q", lambda at: divergence.forward_kl_gradient(at("A"), at("Q"))),
    ("divergence.reverse_kl_from_logits", KL, r"K", r"K &:= \mathbf{1}^\top \left( A \odot \log \frac{A}{Q} \right)", lambda at: divergence.reverse_kl_from_logits(at("Z"), at("Q"))),
    ("divergence.reverse_kl_gradient", KL, r"A \odot \left( \log \frac{A}{Q} - K \right)", r"dZ_R &= A \odot \left( \log \frac{A}{Q} - K \right)", lambda at: divergence.reverse_kl_gradient(at("Z"), at("Q"))),
]  # fmt: skip
