"""What a page shows under an equation: its shape line, and what was done to check it.

The shape line is LaTeX, printed from the same tree that was evaluated; turning it into MathML is the site's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from byhand.equations.dims import Compound, Dim
from byhand.equations.judge import Finding
from byhand.equations.latex import size_name
from byhand.equations.shapes import Shape, Typed, is_scalar, show
from byhand.equations.tree import (
    Add,
    Annotated,
    Group,
    Hadamard,
    Index,
    Negative,
    Product,
    Quotient,
    Sum,
)  # fmt: skip


def size(dim: Dim) -> str:
    """Give a size as LaTeX.

    >>> size("n_1"), size("d_in"), size("n_l-1")
    ('n_1', 'd_{in}', 'n_{l-1}')
    """
    if isinstance(dim, Compound):
        return dim.text(size)
    text = str(dim)
    head, _underscore, sub = text.partition("_")
    if "^[" in text:
        head, _, sub = text.partition("^[")
        return f"{head}^{{[{sub.rstrip(']')}]}}"
    return size_name(head, Index(None, int(sub))) if sub.isdigit() else text if len(sub) <= 1 else f"{head}_{{{sub}}}"


def shape_latex(shape: Shape, *, inner: bool = False) -> str:
    """Give a shape as LaTeX, in parentheses as a factor."""
    rows, columns = (f"({text})" if " + " in (text := size(side)) else text for side in shape)
    text = rf"{rows} \times {columns}"
    return f"({text})" if inner else text


def shape_line(sides: Sequence[Typed]) -> str:
    r"""Give the shape line of a claim, such as n_1 \times m = (n_1 \times n_2)(n_2 \times m) \odot (n_1 \times m).

    Scalars and what only scales a factor are left out; a repeated column or row keeps its own shape. A claim
    between numbers has no shape line.
    """
    if not sides or all(is_scalar(side.shape) for side in sides):
        return ""
    shown = [_side(side) for side in sides]
    return " = ".join(text or r"1 \times 1" for text in shown)


SUM, QUOTIENT, TERM, PRODUCT, ATOM = range(5)
"""How tightly a piece of a shape line binds; what binds more loosely than its place gets brackets."""


def _side(typed: Typed) -> str:
    level, text = _shape(typed)
    return text[1:-1] if level == ATOM else text


def _shape(typed: Typed) -> tuple[int, str]:
    """Give the shapes of the factors of an expression, and how tightly they bind; nothing for a number."""
    if is_scalar(typed.shape):
        return ATOM, ""
    match typed.node:
        case Group() | Annotated() | Negative() | Sum():
            return _shape(typed.parts[0])
        case Product():
            return _joined([_shape(part) for part in typed.parts], "", PRODUCT)
        case Hadamard():
            return _joined([_shape(part) for part in typed.parts], r" \odot ", TERM)
        case Quotient():
            shown = [_shape(part) for part in typed.parts]
            level, text = _joined(shown, r" \,/\, ", PRODUCT)
            return QUOTIENT if all(part for _, part in shown) else level, text
        case Add():
            return _terms(typed)
    return ATOM, shape_latex(typed.shape, inner=True)


def _terms(typed: Typed) -> tuple[int, str]:
    """Give a sum: terms of one structure are said once, others are joined by their signs."""
    shown: dict[str, tuple[int, str]] = {}
    for part in typed.parts:
        level, text = _shape(part)
        if text:
            shown.setdefault(text, (level, " - " if isinstance(part.node, Negative) else " + "))
    if len(shown) == 1:
        text, (level, _) = shown.popitem()
        return level, text
    pieces = [sign + (rf"\left[{text}\right]" if level == SUM else text) for text, (level, sign) in shown.items()]
    return SUM, "".join(pieces)[3:] if not pieces[0].startswith(" -") else "".join(pieces)[1:].replace("- ", "-", 1)


def _joined(parts: list[tuple[int, str]], sign: str, level: int) -> tuple[int, str]:
    kept = [(inner, text) for inner, text in parts if text]
    if len(kept) == 1:
        return kept[0]
    return level, sign.join(rf"\left[{text}\right]" if inner < level else text for inner, text in kept)


_LAYER = re.compile(r"(?<=_)(?:\{(\d+)\}|(\d+))|(?<=\^\{\[)(\d+)(?=\])")


def general(lines: Sequence[tuple[Mapping[str, int], str]]) -> str:
    r"""Give one line for all layers, from the lines at each: n_1 at l = 1 and n_2 at l = 2 are n_l.

    >>> general([({"l": 1}, r"n_1 \times n_0"), ({"l": 2}, r"n_2 \times n_1")])
    'n_l \\times n_{l-1}'
    """
    found = [[int(match[1] or match[2] or match[3]) for match in _LAYER.finditer(line)] for _, line in lines]
    if len(lines) < 2 or len({len(numbers) for numbers in found}) != 1:
        return lines[0][1] if lines else ""
    words = iter([_letter([values for values, _ in lines], column) for column in zip(*found, strict=True)])

    def put(match: re.Match[str]) -> str:
        word = next(words)
        return word if match[3] else word if len(word) == 1 else f"{{{word}}}"

    return _LAYER.sub(put, lines[0][1])


def _letter(values: list[Mapping[str, int]], numbers: tuple[int, ...]) -> str:
    """Give a number that follows a layer letter as that letter: 2, 3 at l = 1, 2 is l+1."""
    for var in sorted(values[0], reverse=True):  # l before L
        steps = {number - one[var] for number, one in zip(numbers, values, strict=True)}
        if len(set(numbers)) > 1 and len(steps) == 1:
            step = steps.pop()
            return f"{var}{step:+d}" if step else var
    return str(numbers[0])


def side_shape(finding: Finding | None) -> str:
    """Give the shape of a claim in words, for messages and JSON."""
    if finding is None or finding.left is None:
        return ""
    lefts = [(layers, left) for layers, left, _ in finding.layers] or [({}, finding.left)]
    return general([(layers, "scalar" if is_scalar(left.shape) else show(left.shape)) for layers, left in lefts])


def claim_shapes(findings: Sequence[Finding]) -> str:
    """Give the shape line of a chain of claims, for all layers that it speaks of."""
    if any(finding.left is None or finding.right is None for finding in findings):
        return ""
    if not findings or not all(finding.layers for finding in findings):
        return shape_line(chain([(finding.left, finding.right) for finding in findings]))
    lines = []
    for at, (layers, *_) in enumerate(findings[0].layers):
        pairs = [finding.layers[at][1:] for finding in findings]
        lines.append((layers, shape_line(chain(pairs))))
    return general(lines)


def chain(pairs: Sequence[tuple[Typed | None, Typed | None]]) -> list[Typed]:
    """Give the sides of a chain of claims, each once."""
    sides = [*(left for left, _ in pairs[:1]), *(right for _, right in pairs)]
    return [side for side in sides if side is not None]


def details(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Say what was done to check a claim: sizes, seeds, the derivative, the largest error as a bound."""
    scenes = [scene for finding in findings for scene in finding.scenes]
    sets: dict[str, None] = {}
    for scene in scenes:
        words = ", ".join(f"{name} = {value}" for name, value in scene.sizes)
        depth = f"L = {scene.depth}; " if scene.depth is not None else ""
        sets.setdefault(depth + words)
    seeds = sorted({scene.seed for scene in scenes})
    found = [f"Sizes: {words}." for words in sets if words]
    found.append("Seeds: " + ", ".join(str(seed) for seed in seeds) + ".")
    if any(finding.derivatives for finding in findings):
        central = any(finding.central for finding in findings)
        how = "central differences of fourth order" if central else "the complex step"
        found.append(f"Derivatives by {how}, from the definitions on this page.")
    worst = max((f.comparison for f in findings if f.comparison), key=lambda c: c.worst, default=None)
    if worst is not None:
        found.append(f"Largest error {worst.bound()} of the terms, in every entry.")
    return tuple(found)
