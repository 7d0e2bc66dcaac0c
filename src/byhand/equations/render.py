"""What a page shows under an equation: its shape line, and what was done to check it.

The shape line is LaTeX, printed from the same tree that was evaluated; turning LaTeX into MathML is the
caller's business (`convert`).
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable, Sequence

from byhand.equations.dims import Compound, Dim
from byhand.equations.judge import Finding
from byhand.equations.latex import size_name
from byhand.equations.shapes import Shape, Typed, is_scalar, show
from byhand.equations.tree import (
    Add,
    Annotated,
    Call,
    Cases,
    Derivative,
    Entry,
    Group,
    Hadamard,
    Index,
    Negative,
    Power,
    Product,
    Quotient,
    Root,
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


def _side(typed: Typed) -> str:
    text = _shape(typed, inner=False)
    return text[1:-1] if _one_bracket(text) else text


def _one_bracket(text: str) -> bool:
    """Whether one pair of parentheses encloses the whole text."""
    depths = list(itertools.accumulate((sign == "(") - (sign == ")") for sign in text))
    return text.startswith("(") and text.endswith(")") and all(depths[:-1])


def _shape(typed: Typed, *, inner: bool) -> str:
    """Give the shapes of the factors of an expression; an empty string for a number."""
    if is_scalar(typed.shape):
        return ""
    node = typed.node
    match node:
        case Group() | Annotated() | Negative():
            text = _shape(typed.parts[0], inner=inner)
            simple = text.count("(") <= 1 or not inner
            return text if simple else rf"\left[{text}\right]"
        case Product():
            parts = [_shape(part, inner=True) for part in typed.parts]
            return "".join(part for part in parts if part)
        case Hadamard() | Quotient():
            parts = [_shape(part, inner=True) for part in typed.parts]
            sign = r" \odot " if isinstance(node, Hadamard) else r" \,/\, "
            return _joined([part for part in parts if part], sign, inner)
        case Add():
            return _terms(typed, inner=inner)
        case Sum():
            return _shape(typed.parts[0], inner=True)
        case Power() | Root() | Call() | Cases() | Derivative() | Entry():
            return shape_latex(typed.shape, inner=True)
    return shape_latex(typed.shape, inner=True)


def _terms(typed: Typed, *, inner: bool) -> str:
    """Give a sum: terms of one shape are said once; different structures are joined by +."""
    shown: list[str] = []
    for part in typed.parts:
        text = _shape(part, inner=True)
        if text and text not in shown:
            shown.append(text)
    return _joined(shown, " + ", inner)


def _joined(parts: list[str], sign: str, inner: bool) -> str:
    if len(parts) == 1:
        return parts[0]
    text = sign.join(parts)
    return rf"\left[{text}\right]" if inner else text


def side_shape(finding: Finding | None) -> str:
    """Give the shape of a claim in words, for messages and JSON."""
    if finding is None or finding.left is None:
        return ""
    return "scalar" if is_scalar(finding.left.shape) else show(finding.left.shape)


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


def mark(verdict: str, message: str, lines: Sequence[str], line: str, convert: Callable[[str], str]) -> str:
    """Give the HTML under one equation: its shape line, and a mark that opens on what was done.

    Only *holds* has a tick. `convert` turns LaTeX into markup; everything else is escaped here.
    """
    shape = f'<span class="eq-shape">{convert(line)}</span> ' if line else ""
    if verdict == "holds":
        items = "".join(f"<li>{html.escape(text)}</li>" for text in lines)
        return f'{shape}<details class="eq-mark eq-holds"><summary>✓ checked</summary><ul>{items}</ul></details>'
    if verdict in ("declares", "defines"):
        return shape
    words = html.escape(verdict.replace("-", " "))
    body = f"<pre>{html.escape(message)}</pre>" if message else ""
    return f'{shape}<details class="eq-mark eq-{html.escape(verdict)}"><summary>{words}</summary>{body}</details>'
