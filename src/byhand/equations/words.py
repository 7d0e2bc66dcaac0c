"""One word of a formula: a letter with its accents, subscript, layer, column, primes and transposes.

This module only takes a factor of the parse tree apart; what the word means is decided by `resolve`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from lark import Token, Tree

from byhand.equations.problems import Span, Unreadable
from byhand.equations.tree import Index

GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "η": r"\eta", "θ": r"\theta",
    "λ": r"\lambda", "μ": r"\mu", "σ": r"\sigma", "τ": r"\tau", "φ": r"\phi", "ψ": r"\psi", "ω": r"\omega",
    "ζ": r"\zeta", "ξ": r"\xi", "χ": r"\chi", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda",
    "Ξ": r"\Xi",
    "Π": r"\Pi", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    "Σ": r"\Sigma", "∂": r"\partial", "ℓ": r"\ell", "π": r"\pi", "ρ": r"\rho", "κ": r"\kappa", "ν": r"\nu",
}  # fmt: skip

_MARK = re.compile(
    r"\[(?P<layer>[^\[\]]*)\]|\((?P<column>[^()]*)\)|⟨(?P<step>[^⟨⟩]*)⟩|(?P<inverse>-\s*(?:\\top|T))"
    r"|(?P<prime>\\prime|')|(?P<top>\\top|\\intercal|\\math(?:sf|rm|tt)\s*(?:\{\s*T\s*\}|T)|[T⊤⊺ᵀ])"
)
_JOINS = re.compile(r"(?:\s|&|\\[,!]|\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])|(?<!\\)%[^\n]*)*")
_UPRIGHT = re.compile(r"\\(?:text|mathrm|textrm|operatorname)\s*\{\s*([^{}]*?)\s*\}")
_INDEX = re.compile(r"\s*(?:(?P<var>\\?[A-Za-z]+)\s*(?P<offset>[+-]\s*\d+)?|(?P<number>\d+))\s*$")


@dataclass
class Word:
    """A factor taken apart; `others` are the scripts that are powers or belong to a bracket."""

    head: str
    where: Span
    kind: str
    sub: str | None = None
    layer: str | None = None
    column: str | None = None
    step: str | None = None
    primes: int = 0
    after: list[tuple[str, Tree[Token] | None]] = field(default_factory=list)
    """Transposes, inverse transposes and powers, in order."""
    upright: bool = False
    r"""Whether the subscript is a word in upright letters, as in W_{\mathrm{prev}}."""


def between(source: str, start: int, left: Span, right: Span) -> str:
    """Give what the source has between two places of a statement that begins at `start`."""
    return source[left[1] - start : right[0] - start]


def adjacent(source: str, start: int, left: Span, right: Span) -> bool:
    r"""Whether two parts stand together: nothing but blanks, thin spaces and \left lies between them.

    >>> adjacent("d Z", 0, (0, 1), (2, 3)), adjacent(r"d \cdot Z", 0, (0, 1), (8, 9))
    (True, False)
    """
    return _JOINS.fullmatch(between(source, start, left, right)) is not None


def span(tree: Tree[Token] | Token, start: int) -> Span:
    """Where a piece of the parse tree stands in its block."""
    if isinstance(tree, Token):
        begin = tree.start_pos or 0
        return start + begin, start + (tree.end_pos or begin + len(tree))
    meta = tree.meta
    if meta.empty:
        return start, start + 1
    return start + meta.start_pos, start + meta.end_pos


def parse_index(text: str) -> Index | None:
    r"""Give an index such as `l-1`, `\ell`, `2`; None for anything else.

    >>> parse_index("l - 1")
    Index(var='l', offset=-1)
    """
    match = _INDEX.match(text)
    if not match:
        return None
    if match["number"]:
        return Index(None, int(match["number"]))
    if len(match["var"].lstrip("\\")) > 1 and not match["var"].startswith("\\"):
        return None
    return Index(match["var"], int((match["offset"] or "0").replace(" ", "")))


def sum_letters(text: str) -> tuple[str, ...]:
    r"""Give the letters that a sum or product runs over, from its sign with its limits.

    >>> sum_letters(r"\sum_{i,j=1}^{n}"), sum_letters(r"\sum_{i \ne j}")
    (('i', 'j'), ('i',))
    """
    match = re.search(r"_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|.)", text)
    lower = match[1].strip("{}") if match else ""
    names = re.split(r"=|\\neq?(?![A-Za-z])|≠", lower)[0]
    return tuple(name.strip() for name in names.split(",") if name.strip())


def split_indices(sub: str) -> tuple[Index, ...] | None:
    """Give the indices in a subscript: `kj`, `k,j`, `l+1`, `12` (one and two).

    >>> split_indices("kj")
    (Index(var='k', offset=0), Index(var='j', offset=0))
    """
    parts: list[str] = []
    for piece in re.split(r"\s*,\s*", sub.strip()):
        if re.search(r"[+-]", piece):
            parts.append(piece)
        else:
            parts.extend(
                re.findall(r"\\[A-Za-z]+|[A-Za-z0-9]", piece)
                if re.fullmatch(r"(\\[A-Za-z]+|[A-Za-z0-9]|\s)+", piece)
                else [piece]
            )
    found = [parse_index(part) for part in parts]
    return tuple(index for index in found if index is not None) if found and all(found) else None


def canonical(token: Token) -> str:
    r"""One spelling for each name: `\hat y` is `\hat{y}`, σ is `\sigma`."""
    text = re.sub(r"\s+", "", str(token)) if "\\text" not in token else str(token)
    if token.type in ("LETTER", "NUMBER"):
        return GREEK.get(text, text)
    match = None
    if token.type in ("DECORATED", "OPERATOR_NAME"):
        match = re.fullmatch(r"(\\[A-Za-z]+\*?)\s*\{?(.*?)\}?", str(token).strip(), re.DOTALL)
    if not match:
        return text
    command, inner = match[1], re.sub(r"\s+(?![A-Za-z])|(?<![A-Za-z])\s+", "", match[2].strip())
    if token.type == "OPERATOR_NAME":  # an upright d or e means the same; another upright letter is another letter
        return inner if len(inner) != 1 or inner in "de" else f"{command}{{{inner}}}"
    if inner.count("{") > inner.count("}"):
        inner += "}"
    return f"{command.replace('wide', '')}{{{inner}}}"


def head_and_subscript(text: str) -> tuple[str, str | None]:
    r"""Take the name of a size apart, as it stands in a subscript or a limit.

    >>> head_and_subscript("{n_{\\text{in}}}"), head_and_subscript("m")
    (('n', 'in'), ('m', None))
    """
    text = text.strip()
    text = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    head, underscore, rest = text.partition("_")
    return head.strip(), subscript("_" + rest) if underscore else None


def subscript(token: str) -> str:
    r"""Give the text of a subscript, without braces, spaces and \text.

    An upright letter is another letter than the slanted one, and never an index: it keeps its \mathrm. An upright word
    is the same word.
    """
    text = token[1:].strip()
    text = text[1:-1] if text.startswith("{") else text
    text = re.sub(r"\\mathit\s*\{([^{}]*)\}", r"\1", text)
    text = _UPRIGHT.sub(lambda found: rf"\mathrm{{{found[1]}}}" if found[1].isalpha() else found[1], text)
    text = re.sub(r"\\mathrm\s*\{([^{}]{2,})\}", r"\1", text)
    return re.sub(r"\s+", "", text) if not re.search(r"\\[A-Za-z]+\s+[A-Za-z]", text) else text.strip()


def take_apart(factor: Tree[Token], start: int) -> Word:
    """Take a factor of the parse tree apart; a bracket has an empty head."""
    primary, *scripts = factor.children
    primary = cast("Tree[Token]", primary)
    first = primary.children[0]
    where = span(factor, start)
    word = Word("", where, "tree")
    if isinstance(first, Token):
        word.head, word.kind = canonical(first), first.type
    for script in scripts:
        script = cast("Tree[Token]", script)
        piece = script.children[0]
        if isinstance(piece, Tree):
            word.after.append(("power", piece))
        elif piece.type == "SUBSCRIPT":
            if word.sub is not None:
                raise Unreadable(
                    span(piece, start), "A second subscript: write the indices in one group, as in W_{kj}."
                )
            word.sub = subscript(piece)
            word.upright = _UPRIGHT.search(piece) is not None
        elif piece.type == "PRIMES":
            word.primes += len(piece)
        else:
            _marks(word, piece, start)
    return word


def _marks(word: Word, piece: Token, start: int) -> None:
    for match in _MARK.finditer(str(piece).removeprefix("^")):
        kind = match.lastgroup or ""
        if kind == "prime":
            word.primes += 1
        elif kind in ("top", "inverse"):
            word.after.append((kind, None))
        else:
            if getattr(word, kind) is not None:
                raise Unreadable(span(piece, start), f"Two marks of one kind stand on {word.head or 'this bracket'}.")
            setattr(word, kind, match[kind].strip())
