"""What can be wrong with a statement, and where in it.

Every refusal of the language is one of these exceptions. It carries a verdict, the place in the
statement that the caret points at, the sentences of the message, and what would mend it.
"""

from __future__ import annotations

from typing import Literal

Verdict = Literal[
    "holds",
    "differs",
    "does-not-fit",
    "cannot-be-read",
    "undefined",
    "untested",
    "unchecked",
    "declares",
    "defines",
]
"""The closed set of verdicts. Only ``holds`` is ever shown with a tick."""

FAILURES: tuple[Verdict, ...] = ("differs", "does-not-fit", "cannot-be-read", "undefined", "untested")
"""The verdicts that fail a build, and that a `wrong` fence may state."""

HEADLINES: dict[Verdict, str] = {
    "holds": "holds",
    "differs": "the two sides differ",
    "does-not-fit": "shapes do not fit",
    "cannot-be-read": "cannot be read",
    "undefined": "undefined symbol",
    "untested": "untested",
    "unchecked": "unchecked",
    "declares": "declares",
    "defines": "defines",
}
"""What the first line of a message says after the place."""

UNCHECKED_REASONS: tuple[str, ...] = (
    "quoted from a source",
    "holds on average only",
    "an inequality or an approximation",
    "an algorithm, not an equation",
    "notation, nothing is claimed",
    "a step outside the language",
)
"""Why a fence may go unchecked. The list is closed; each use is visible to the reader and counted."""

Span = tuple[int, int]
"""Start and end of a piece of a statement, as offsets into the text of its block."""


class Problem(Exception):
    """A statement that cannot be ticked: the verdict, the place, and the message."""

    verdict: Verdict = "cannot-be-read"

    def __init__(self, where: Span, *sentences: str, hints: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(sentences))
        self.where = where
        self.sentences = sentences
        self.hints = hints


class Unreadable(Problem):
    """Text that the language does not read, or reads in more than one way."""


class Unfit(Problem):
    """Shapes that do not fit."""

    verdict: Verdict = "does-not-fit"


class Undefined(Problem):
    """A symbol that nothing on the page introduces."""

    verdict: Verdict = "undefined"

    def __init__(self, where: Span, *sentences: str, hints: tuple[str, ...] = (), name: str = "") -> None:
        super().__init__(where, *sentences, hints=hints)
        self.name = name


class Untested(Problem):
    """A claim whose check would prove nothing."""

    verdict: Verdict = "untested"
