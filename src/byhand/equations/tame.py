"""The same formulas with tame numbers: what depends on what, where nothing is lost in rounding.

10¹² s + u s has a derivative that depends on u, though no sample shows it; a + s has one that does not depend on a.
To tell the two apart, every number of a program is replaced by one of moderate size, in the same order. What
changes then, and does not change with the numbers as they stand, is hidden by them.
"""

from __future__ import annotations

import math
from dataclasses import replace

from byhand.equations.program import Program
from byhand.equations.tree import Group, Negative, Node, Number, Power, Sum
from byhand.equations.walk import rebuild

SMALL, LARGE = 0.25, 2.0
"""Between these a number stays as it is; smaller and larger ones come near, and keep their order."""


def tame(node: Node) -> Node:
    r"""Give the same expression with tame numbers; the limits of sums stay.

    >>> tame(Power(Number("10"), Negative(Number("200"))))
    Number(text='0.2')
    """
    if isinstance(node, Number):
        return node if not node.text[0].isdigit() else replace(node, text=f"{tame_number(float(node.text)):.6g}")
    size = _logarithm(node) if isinstance(node, Power) else None
    if size is not None:
        return Number(f"{tame_number(math.exp(max(min(size, 700.0), -700.0))):.6g}", where=node.where)
    if isinstance(node, Sum):
        return replace(node, body=tame(node.body))
    if isinstance(node, Power):
        whole = isinstance(node.exponent, Number) and node.exponent.text.isdigit()
        exponent = Number(str(min(int(node.exponent.text), 3))) if whole else tame(node.exponent)  # type: ignore[attr-defined]
        return replace(node, base=tame(node.base), exponent=exponent)
    parts = node.children
    return rebuild(node, [tame(part) for part in parts]) if parts else node


def tame_number(number: float) -> float:
    """Give a number of moderate size in place of any, 0 for 0, and the larger one for the larger.

    >>> [round(tame_number(x), 2) for x in (-1e12, 0.0, 1e-12, 0.5, 2.0, 100.0, 1e300)]
    [-2.96, 0.0, 0.2, 0.5, 2.0, 2.8, 3.0]
    """
    size = abs(number)
    if size > LARGE:
        more = math.log(min(size, 1e308) / LARGE)
        size = LARGE + more / (1 + more)
    elif 0 < size < SMALL:
        size = 0.2 + 0.2 * size
    return math.copysign(size, number)


def tame_program(program: Program) -> Program:
    """Give a program with the same symbols and tame numbers."""
    return Program(
        program.depth,
        tame_program(program.parent) if program.parent is not None else None,
        {
            name: replace(declared, bounds=(tame_number(declared.bounds[0]), tame_number(declared.bounds[1])))
            for name, declared in program.declared.items()
        },
        {name: replace(defined, body=tame(defined.body)) for name, defined in program.defined.items()},
        {name: replace(function, body=tame(function.body)) for name, function in program.functions.items()},
        program.abstract,
        program.sizes,
    )


def is_tame(program: Program) -> bool:
    """Whether a program would stay as it is."""
    bodies = [*(one.body for one in program.defined.values()), *(one.body for one in program.functions.values())]
    bounds = [bound for one in program.declared.values() for bound in one.bounds]
    return (
        all(tame(body) == body for body in bodies)
        and all(tame_number(bound) == bound for bound in bounds)
        and (program.parent is None or is_tame(program.parent))
    )


def _logarithm(node: Node) -> float | None:
    """Give log |c| for a power of numbers, which may itself be beyond all floats."""
    while isinstance(node, Group):
        node = node.part
    if not isinstance(node, Power):
        return None
    base, exponent = _value(node.base), _value(node.exponent)
    return exponent * math.log(abs(base)) if base and exponent is not None else None


def _value(node: Node) -> float | None:
    if isinstance(node, Group):
        return _value(node.part)
    if isinstance(node, Negative):
        part = _value(node.part)
        return -part if part is not None else None
    if isinstance(node, Number):
        return {"e": math.e, r"\pi": math.pi}.get(node.text) or (float(node.text) if node.text[0].isdigit() else None)
    size = _logarithm(node)
    return math.exp(min(size, 700.0)) if size is not None else None
