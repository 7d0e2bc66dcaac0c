"""The forward program of a page as plain steps: what is given, what is computed from what, what is differentiated."""

from __future__ import annotations

from dataclasses import dataclass

from byhand.equations.book import show_key
from byhand.equations.latex import latex
from byhand.equations.page import Page
from byhand.equations.tree import Derivative, Symbol
from byhand.equations.walk import walk


@dataclass(frozen=True)
class Step:
    """A symbol of the forward program, its formula, and the symbols that the formula names; given if it has none."""

    symbol: str
    formula: str
    uses: tuple[str, ...]


def forward_steps(page: Page) -> tuple[Step, ...]:
    """Give the steps in an order in which they can be computed; a layered page is written out for its first depth.

    Definitions of gradients are no part of it, nor is what nothing of it is computed from.
    """
    program = page.courts(-1)[0].program
    backward = {
        name
        for name, defined in program.defined.items()
        if any(isinstance(part, Derivative) for part in walk(defined.body))
    }
    while more := {name for name in program.defined.keys() - backward if program.needs(name) & backward}:
        backward |= more
    found: dict[str, Step] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        defined = program.find_defined(name)
        own = sorted(program.needs(name)) if defined else []
        written = [show_key(one) for one in own]
        if defined:
            order = [one for one in _symbols(defined.body) if one in written]
            written = [*dict.fromkeys([*order, *written])]
        for one in own:
            visit(one)
        found[name] = Step(show_key(name), latex(defined.body) if defined else "", tuple(written))

    for name in program.defined:
        if name not in backward:
            visit(name)
    return tuple(found.values())


def _symbols(body: object) -> list[str]:
    """Give the symbols of a formula as they are written, from left to right."""
    return [latex(part) for part in walk(body) if isinstance(part, Symbol)]  # type: ignore[arg-type]
