"""A derivative feels every symbol that it depends on, or there is no tick: what is hidden in the forward program."""

import pytest

from byhand.equations import check_text

SETTING = r"""s \in \mathbb{R}, u \in \mathbb{R}, x \in \mathbb{R}, w \in \mathbb{R}^{n}, v \in \mathbb{R}^{n}"""


def result(program: str, claim: str):  # type: ignore[no-untyped-def]
    """What is said about one claim after a forward program."""
    return check_text(f"```math\n{SETTING} \\\\\n{program}\n```\n```math\n{claim}\n```\n")[-1]


def by(name: str) -> str:
    """Give the derivative of f by a symbol."""
    return rf"\frac{{\partial f}}{{\partial {name}}}"


HIDDEN = [
    (r"f := 10^{12} s + u s", by("s") + r" = 10^{12}"),
    (r"q := u s \\ f := q + 10^{12} s", by("s") + r" = 10^{12}"),
    (r"h(z) := \begin{cases} 10^{12} z + u z & \text{if } z > 0 \\ z & \text{otherwise} \end{cases} \\ f := h(s)",
     by("s") + r" = \begin{cases} 10^{12} & \text{if } s > 0 \\ 1 & \text{otherwise} \end{cases}"),
    (r"f := \max(10^{12} s + u s, x)", by("s") + r" = 10^{12} \mathbb{1}[10^{12} s > x]"),
    (r"f := s u + \min(\max(x^2, 100), 200) s", by("s") + r" = u + 100"),
    # not one part in 10⁹ of f, and less of its slope
    (r"f := 10^6 \sin(1000 s) + \frac{1}{100} u s", by("s") + r" = 10^9 \cos(1000 s)"),
    # exactly 0, so that no part of it is left to be seen
    (r"f := s u + \exp(-10^{6} - x^2) s", by("s") + r" = u"),
    (r"f := s u + e^{-10^{6} - x^2} s", by("s") + r" = u"),
    (r"f := s u + \exp(-10^{6}) x s", by("s") + r" = u"),
    (r"f := s u + \sigma(-10^{6} - x^2) s", by("s") + r" = u"),
    (r"f := s u + \frac{x}{\exp(800)} s", by("s") + r" = u"),
    (r"f := s u + 10^{-200} 10^{-200} x s", by("s") + r" = u"),
    (r"f := s u + \operatorname{SiLU}(-10^{6} - x^2) s", by("s") + r" = u"),
    (r"f := v^\top \operatorname{softmax}(10^6 w)", by("w") + r" = 0 v"),
    (r"f := v^\top \operatorname{softmax}(10^6 w)", by("w") + r" = 0"),
    (r"f := v^\top \operatorname{softmax}(10^6 w)", by("v") + r" = \operatorname{softmax}(10^7 w)"),
    (r"p := s u + \exp(-10^{6} - x^2) s \\ f := p \\ df := \frac{\partial f}{\partial s}", r"df = u"),
    (r"p := s u + \exp(-10^{6} - x^2) s u \\ f := p", by("s") + r" = u"),
    (r"f := s x + 10^{-6} v^\top \operatorname{softmax}(10^6 w)", by("w") + r" = 0 w"),
    (r"f := \operatorname{logsumexp}(10^6 w) u + 10^6 w^\top v", by("u") + r" = \operatorname{logsumexp}(10^6 w)"),
    (r"f := s^2 u + \exp(-10^{6} - x^2) s^2", r"\frac{\partial^2 f}{\partial s^2} = 2 u"),
    (r"f := s^2 w^\top v + \exp(-10^{6} - x^2) w^\top w",
     r"\frac{\partial^2 f}{\partial w_i \, \partial w_j} = 0 w_i w_j"),
    # a symbol is felt in one term and lost in another
    (r"f := s x + \exp(-10^{6} - x^2) s", by("s") + r" = x"),
    (r"f := s x + e^{-10^{6} - x^2} s", by("s") + r" = x"),
    (r"f := 10^6 \sin(1000 s) u + \frac{1}{100} u s", by("s") + r" = 10^9 u \cos(1000 s)"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "claim"), HIDDEN)
def test_what_is_hidden_in_the_forward_program_is_untested(program: str, claim: str) -> None:
    found = result(program, claim)
    assert found.verdict == "untested", found.message or found.verdict


FELT = [
    (r"f := 100 s + u s", by("s") + r" = 100 + u"),
    (r"f := v^\top w + u", by("w") + r" = v"),  # linear: neither w nor u is in its gradient
    (r"f := v^\top \operatorname{softmax}(w + u)", by("u") + r" = 0"),  # cancels for every u
    (r"f := \mathbf{1}^\top \operatorname{softmax}(w)", by("w") + r" = 0"),
    (r"f := s u + \max(x, 0)", by("s") + r" = u"),  # x is in f and not in its gradient
    (r"f := \frac{s u}{1000} + 10^{-8} s x", by("s") + r" = \frac{u}{1000} + 10^{-8} x"),
    (r"f := \sqrt{s^2 + 10^{-8}} u", by("u") + r" = \sqrt{s^2 + 10^{-8}}"),
    (r"f := u \exp(-5 - x^2) s", by("s") + r" = u \exp(-5 - x^2)"),
    (r"f := s \operatorname{erf}(x)", by("s") + r" = \operatorname{erf}(x)"),
    (r"f := \max(s, x) u + \min(s, x)", by("s") + r" = u \mathbb{1}[s > x] + \mathbb{1}[s < x]"),
    (r"f := s^2 w^\top v + x w^\top w + u", r"\frac{\partial^2 f}{\partial w_i \, \partial w_j} = 2 x \delta_{ij}"),
    (r"f := \max(s, x)", by("s") + r" = \mathbb{1}[s > x]"),  # x only says which branch
]


@pytest.mark.parametrize(("program", "claim"), FELT)
def test_what_the_gradient_does_not_depend_on_need_not_be_felt(program: str, claim: str) -> None:
    found = result(program, claim)
    assert found.verdict == "holds", found.message


@pytest.mark.parametrize(
    ("program", "claim"),
    [
        (r"y := (10^5 + x) - 10^5", r"y = 1.0001 x"),
        (r"y := (10^6 + x) - 10^6", r"y = 1.001 x"),
        (r"f := 10^4 + u \operatorname{GELU}(s)", by("s") + r" = 1.0001 u \operatorname{GELU}'(s)"),
        (r"f := 10^6 + u \operatorname{GELU}(s)", by("s") + r" = 1.0001 u \operatorname{GELU}'(s)"),
    ],
)
def test_a_small_error_behind_a_large_scale_is_not_ticked(program: str, claim: str) -> None:
    assert result(program, claim).verdict in ("differs", "untested")
