"""How much a stranger's page may ask for. Every limit has its own message.

The pages come from anywhere, so the length and depth of a statement, the number of its free
indices and of the values they take, and the time a statement may use are all bounded.
"""

from __future__ import annotations

import time

from byhand.equations.problems import Span, Unreadable, Untested

LENGTH = 4000
"""Longest statement, in characters."""
DEPTH = 40
"""Deepest nesting of brackets and braces."""
INDICES = 6
"""Most index letters in one statement."""
ELEMENTS = 400_000
"""Most numbers in one array while a statement is evaluated."""
SECONDS = 5.0
"""Longest time that the processor may spend on one statement, so that a busy machine changes no verdict."""
PAGE_BYTES = 8_000_000
"""Largest page, in bytes."""


def check_text(text: str, start: int) -> None:
    """Refuse a statement that is too long or nested too deeply, before anything parses it."""
    if len(text) > LENGTH:
        raise Unreadable((start, start + 1), f"This statement has {len(text)} characters; at most {LENGTH} are read.")
    depth = 0
    for offset, character in enumerate(text):
        if character in "({[⟦⟨":
            depth += 1
            if depth > DEPTH:
                place = start + offset
                raise Unreadable((place, place + 1), f"Brackets are nested more than {DEPTH} deep here.")
        elif character in ")}]⟧⟩":
            depth -= 1


def check_sizes(shape: tuple[object, object], where: Span) -> None:
    """Refuse a declared array with more than `ELEMENTS` numbers, before anything draws it."""
    count = 1
    for side in map(str, shape):
        if side.isdigit():
            if not 1 <= int(side[:12]) <= ELEMENTS:
                raise Unreadable(
                    where, f"A size is between 1 and {ELEMENTS}.", "Name it: n is drawn as a small number."
                )
            count *= int(side)
    if count > ELEMENTS:
        raise Unreadable(
            where, f"This array has {count} numbers; at most {ELEMENTS} are drawn.", "Name the sizes instead."
        )


LOOKS = 16
"""How many expressions are evaluated from one look at the clock to the next."""


class Clock:
    """The time that one statement has left.

    >>> Clock(60.0).check((0, 1))
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.end = time.process_time() + seconds
        self.before = 0

    def check(self, where: Span) -> None:
        """Stop the statement when its time is up; to look at the clock takes longer than many an expression."""
        self.before = (self.before + 1) % LOOKS
        if not self.before and time.process_time() > self.end:
            raise Untested(where, f"Checking this statement took longer than {self.seconds:g} s, and was stopped.")


def check_elements(count: int, where: Span) -> None:
    """Refuse an array of more than `ELEMENTS` numbers."""
    if count > ELEMENTS:
        raise Untested(where, f"This needs an array of {count} numbers at once; at most {ELEMENTS} are evaluated.")
