"""Words that nothing introduces: what to say about them, and which known word was perhaps meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from byhand.equations.advice import NAMES
from byhand.equations.problems import Span, Undefined, Unreadable

LETTERS = {
    rf"\{name}" for name in (
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "rho", "varrho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
        "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell",
    )
}  # fmt: skip


def undefined(name: str, where: Span, *more: str) -> Undefined:
    """Give the message about a symbol that nothing introduces; `more` names one like it."""
    return Undefined(
        where,
        f"Nothing on this page introduces {name}, and = does not define.",
        *more,
        f"Define it with {name} := …, or declare it with {name} \\in \\mathbb{{R}}^{{…}}.",
        name=name,
    )


def unheard(head: str, where: Span, known: list[str]) -> Unreadable:
    """Give the message about a command or function that is not in the language."""
    more = [NAMES[head]] if head in NAMES else near(head, known) or misspelt(head, known)
    return Unreadable(where, f"{head} is not in the language, and nothing on the page introduces it.", *more)


def near(head: str, known: Iterable[str]) -> list[str]:
    r"""Say which introduced name differs from a word only in its dress: case, accent, boldness, the backslash.

    >>> near(r"\mathbf{A}", ["A", "B"]), near("Q", ["A"])
    (['A is introduced, and \\mathbf{A} is another name.'], [])
    """
    alike = sorted(name for name in known if name != head and _undressed(name) == _undressed(head))
    return [f"{alike[0]} is introduced, and {head} is another name."] if alike else []


def misspelt(head: str, known: list[str]) -> list[str]:
    r"""Say which known word a word may be a misspelling of.

    >>> misspelt(r"\simga", [r"\sigma", r"\theta"])
    ['The nearest word is \\sigma.']
    """
    return [f"The nearest word is {name}." for name in get_close_matches(head, known, 1, 0.8)]


def _undressed(name: str) -> str:
    return re.sub(r"\\[A-Za-z]+\{(.*?)\}|\\([A-Za-z]+)", lambda match: match[1] or match[2], name).lower()
