"""The parser, built once from `grammar.lark`, and what it says about text that it cannot read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from byhand.equations.advice import COMMAND, COMMANDS, REFUSED, character
from byhand.equations.limits import check_text
from byhand.equations.problems import Unreadable
from byhand.equations.statements import Statement, relations, top_level

GRAMMAR = Path(__file__).with_name("grammar.lark")


@cache
def parser(strict: bool = False) -> Lark:
    """Give the LALR parser; `strict` (which the tests use) refuses any conflict between rules or tokens."""
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", strict=strict, propagate_positions=True)


def parse(statement: Statement) -> Tree[Token]:
    """Give the parse tree of a statement, or `Unreadable` with the place and the nearest thing that can be read."""
    if statement.problem:
        raise statement.problem
    check_text(statement.text, statement.start)
    _refuse_relations(statement)
    _refuse_commands(statement)
    try:
        return parser().parse(statement.text)
    except UnexpectedInput as error:
        raise _explain(statement, error) from None


def _refuse_relations(statement: Statement) -> None:
    text = _squared_brackets(statement.text)
    for sign, name in REFUSED.items():
        at = _outside(text, sign)
        if at >= 0:
            where = (statement.start + at, statement.start + at + len(sign))
            advice = (
                "An update is not an equation: give the new value a name of its own, such as W_{\\text{new}} := …."
                if name == "←"
                else "Only equations can be checked: write = between two sides, or mark the fence unchecked."
            )
            raise Unreadable(where, f"The relation {name} is not checked.", advice)
    environment = re.search(r"\\begin\s*\{(?!(?:cases|[bp]matrix)\})[^{}]*\}?", text)
    if environment:
        where = (statement.start + environment.start(), statement.start + environment.end())
        raise Unreadable(
            where,
            "Of the environments inside a formula only cases, bmatrix and pmatrix can be read.",
            "Name the matrix, or write it with bmatrix; a determinant is \\det.",
        )
    if not relations(text) and not re.search(r"=|\\in(?![A-Za-z])|\\to(?![A-Za-z])", text):
        end = (statement.start, statement.start + len(text))
        raise Unreadable(end, "Nothing is claimed here: a statement needs =, := or \\in.")


_ROUND = re.compile(r"\\mathbb\s*(?:\{\s*1\s*\}|1)\s*\(")


def _squared_brackets(text: str) -> str:
    r"""Give \mathbb{1}(…) with square brackets, in which a relation is no claim."""
    for match in _ROUND.finditer(text):
        depth = 0
        for at in range(match.end() - 1, len(text)):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            if depth == 0:
                text = f"{text[: match.end() - 1]}[{text[match.end() : at]}]{text[at + 1 :]}"
                break
    return text


_DOTS = "Dots are read in ranges only, as in \\quad l = 1, \\dots, L; write the sum with \\sum."
_NESTED = re.compile(r"\^\s*\{\s*(?:\[[^\[\]{}]*\]|\([^(){}]*\))\s*(?:\^|\{\s*\}\s*\^)")


def _refuse_commands(statement: Statement) -> None:
    """Refuse commands that mean nothing here on any page, dots outside ranges, and a superscript of a layer."""
    text, start = statement.text, statement.start
    for match in COMMAND.finditer(text):
        if match[1] in COMMANDS:
            where = (start + match.start(), start + match.end())
            raise Unreadable(where, f"{match[0]} is not read.", COMMANDS[match[1]])
    for begin, end in top_level(text, r"\\[lcdv]?dots[bcmio]?(?![A-Za-z])|…"):
        raise Unreadable((start + begin, start + end), f"{text[begin:end]} cannot stand here.", _DOTS)
    if nested := _NESTED.search(text):
        where = (start + nested.start(), start + nested.end())
        raise Unreadable(where, "A superscript of a superscript: write both marks in one group, as in A^{[1]\\top}.")


def _outside(text: str, sign: str) -> int:
    """Where a relation stands in `text` outside `cases`, sets and subscripts, or -1."""
    if sign not in text:
        return -1
    depth = at = 0
    while at < len(text):
        if text.startswith(("\\begin", "{", "\\{", "["), at):
            depth += 1
        elif text.startswith(("\\end", "}", "\\}", "]"), at):
            depth -= 1
        elif depth <= 0 and text.startswith(sign, at):
            after = text[at + len(sign) : at + len(sign) + 1]
            if not (sign[0] == "\\" and after.isalpha()) and not (sign == ">" and text[at - 1 : at] == "-"):
                return at
        if text[at] == "\\" and at + 1 < len(text) and text[at + 1].isalpha():
            at += 1
            while at < len(text) and text[at].isalpha():
                at += 1
        else:
            at += 2 if text[at] == "\\" else 1
    return -1


_NEAREST: tuple[tuple[str, str], ...] = (
    ("@", "For the matrix product write the factors side by side: A B; entry by entry is A \\odot B."),
    ("\\times", "Between numbers write 2 \\cdot 3, between matrices A B or A \\odot B; \\times stands in shapes only."),
    ("!", "Factorials are not in the language."),
    ("\\int", "Integrals are not in the language."),
    ("\\lim", "Limits are not in the language."),
    ("×", "Between numbers write 2 \\cdot 3, between matrices A B or A \\odot B; × stands in shapes only."),
    (".T", "That is Python: the transpose is A^\\top."),
    (".", "A dot stands in decimals, as in 0.5, and at the end of a row."),
    ("\\dots", _DOTS),
    ("^", "A second superscript: write both marks in one group, as in A^{[1]\\top}."),
    ("_", "A second subscript: write the indices in one group, as in W_{kj}."),
    ("=", "Two relations meet here, or one has nothing on its left or right."),
    (":=", "A definition stands on a row of its own: name := expression."),
    ("&", "& separates only inside cases and matrices."),
    ("\\in", "A declaration is name \\in set, as in W \\in \\mathbb{R}^{n_1 \\times n_0}."),
)


def _explain(statement: Statement, error: UnexpectedInput) -> Unreadable:
    text = statement.text
    at = error.pos_in_stream if error.pos_in_stream is not None and error.pos_in_stream >= 0 else len(text)
    end_of_text = isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    )
    if end_of_text:
        last = max(0, len(text.rstrip()) - 1)
        opened = _unclosed(text)
        if opened >= 0:
            place = (statement.start + opened, statement.start + opened + 1)
            return Unreadable(place, f"This {text[opened]} is never closed.")
        return Unreadable((statement.start + last, statement.start + last + 1), "The statement breaks off here.")
    width = 1
    if isinstance(error, UnexpectedToken):
        width = max(1, len(str(error.token)))
    elif isinstance(error, UnexpectedCharacters) and text[at : at + 1] == "\\":
        while at + width < len(text) and text[at + width].isalpha():
            width += 1
        width = max(width, min(2, len(text) - at))
    where = (statement.start + at, statement.start + at + width)
    shown = _shown(statement.source, at, width)
    rest = text[at:]
    if text[:at].rstrip().endswith("^") and rest[:1] in ("[", "("):
        mark = {"[": "^{[1]}", "(": "^{(i)}"}[rest[0]]
        return Unreadable(
            where, f"TeX takes only one sign after ^, so this reads ^{rest[0]}.", f"Write {mark} with braces."
        )
    if rest[:1] == "," and statement.source[at : at + 1] == "\\":  # a \quad
        return Unreadable(
            (where[0], where[0] + len(COMMAND.match(statement.source, at)[0])),  # type: ignore[index]
            "After a wide space stands another statement, or a range such as \\quad l = 1, \\dots, L; this is neither.",
            "The number of an equation is \\tag{3}; words are \\text{…}.",
        )
    if not rest[:1].isascii():
        known = rest[:1] in "×·⊙∘∈→≤≥∂ℓ⟦⟧⟪⟫⟨⟩" or (rest[:1].isalpha() and isinstance(error, UnexpectedToken))
        if not known:
            return Unreadable(where, *character(rest[:1]))
    if rest[:1] and not rest[:1].isprintable():
        return Unreadable(where, *character(rest[:1]))
    for sign, advice in _NEAREST:
        if rest.replace(" ", "").startswith(sign):
            return Unreadable(where, f"{shown} cannot stand here.", advice)
    opened = _unclosed(text[:at])
    if opened >= 0 and text[opened] + rest[:1] in ("()", "[]", "{}", "⟦⟧", "⟪⟫", "⟨⟩"):
        return Unreadable(where, f"Something is missing before this {shown}.")
    if rest[:1] in ")]}⟧⟫⟩":
        return Unreadable(where, f"{shown} closes nothing that is open.")
    if rest[:1] in "+-/*" or rest.startswith(("\\odot", "\\otimes", "\\cdot")):
        return Unreadable(where, f"{shown} cannot stand here: an operator needs a factor on each side.")
    return Unreadable(where, f"{shown} cannot be read here.")


def _shown(source: str, at: int, width: int) -> str:
    piece = source[at : at + width].strip()
    return piece if piece else "This"


def _unclosed(text: str) -> int:
    stack: list[int] = []
    for offset, sign in enumerate(text):
        if sign in "({[⟦⟨⟪":
            stack.append(offset)
        elif sign in ")}]⟧⟩⟫" and stack:
            stack.pop()
    return stack[-1] if stack else -1
