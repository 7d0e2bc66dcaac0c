"""What a page offers to small edits."""

from __future__ import annotations

from byhand.equations.latex import latex
from byhand.equations.problems import Problem
from byhand.equations.program import Program
from byhand.equations.slips import Toolbox
from byhand.equations.tree import Call, Derivative, Index, Size, Symbol
from byhand.equations.walk import strip_groups, walk


def toolbox(program: Program) -> Toolbox:
    """Say what the page offers to edits."""
    sizes = tuple(_size(name) for name in sorted(program.all_sizes()))
    calls: dict[str, Call] = {}
    alike: dict[str, set[Symbol]] = {}
    by_shape: dict[object, set[Symbol]] = {}
    for book in program.programs():
        for name, defined in book.defined.items():
            symbol = _symbol(name)
            for part in walk(defined.body):
                if isinstance(part, Call) and len(part.arguments) == 1 and not part.primes:
                    argument = strip_groups(part.arguments[0])
                    if isinstance(argument, Symbol):
                        calls[latex(part)] = part
                        alike.setdefault(latex(argument), set()).add(symbol)
                        alike.setdefault(latex(symbol), set()).add(argument)
            if isinstance(defined.body, Derivative):
                bottom = defined.body.bottom
                if isinstance(bottom, Symbol):  # dW for W
                    alike.setdefault(latex(bottom), set()).add(symbol)
                    alike.setdefault(latex(symbol), set()).add(bottom)
                try:
                    by_shape.setdefault(program.shape(symbol), set()).add(symbol)
                except Problem:
                    continue
    for group in by_shape.values():
        for symbol in group:
            alike.setdefault(latex(symbol), set()).update(group - {symbol})
    ordered = {name: tuple(sorted(found, key=latex)) for name, found in alike.items()}
    return Toolbox(sizes, tuple(calls.values())[:12], ordered, _kin(alike))


def _kin(alike: dict[str, set[Symbol]]) -> dict[str, tuple[str, ...]]:
    """Give the names that are easily confused at one layer, whichever it is."""
    found: dict[str, set[str]] = {}
    for name, others in alike.items():
        one = _symbol(name)
        for other in others:
            if one.layer is not None and one.layer == other.layer:
                found.setdefault(one.base, set()).add(other.base)
    return {base: tuple(sorted(others)) for base, others in found.items()}


def _size(name: str) -> Size:
    base, underscore, sub = name.partition("_")
    if underscore and sub.isdigit():
        return Size(base, Index(None, int(sub)))
    return Size(name)


def _symbol(name: str) -> Symbol:
    base, bracket, rest = name.partition("^{[")
    return Symbol(base, Index(None, int(rest.rstrip("]}")))) if bracket else Symbol(base)
