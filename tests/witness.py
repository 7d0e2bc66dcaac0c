"""Evaluate an equation of a page on the arrays that the checker itself draws for that page.

The library and the checker never import each other: they are two witnesses of one formula, and only tests hear both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from byhand.equations.grammar import parse
from byhand.equations.markdown import read_blocks
from byhand.equations.page import build
from byhand.equations.sentences import Claim, read
from byhand.equations.sides import shapes
from byhand.equations.statements import split
from byhand.equations.values import Frame, evaluate
from byhand.equations.walk import letters_of

Values = Callable[[str], np.ndarray]
Library = Callable[[Values], np.ndarray]
Row = tuple[str, str, str, str, Library]  # function, page, side to evaluate, equation as it stands there, library


def on_page(text: str) -> Values:
    """Return a function that gives the value of an expression in the names of a page, at one fixture."""
    page = build(read_blocks(text))
    court = page.courts(-1)[0]

    def value(latex: str) -> np.ndarray:
        (statement,) = split(f"{latex} = 0")
        claim = read(parse(statement), statement, page.names).sentence
        assert isinstance(claim, Claim)
        left, _, _ = shapes((claim.sides[0], claim.sides[1]), court.program)
        array, _ = evaluate(left, Frame(court.run(0), letters_of(left.node)))
        return np.asarray(array).reshape(array.shape[-2:])

    return value


def stands_on(page: Path, equation: str) -> bool:
    """Whether a page shows this equation; alignment marks, spaces and the end of a row do not count."""
    return _bare(equation) in _bare(page.read_text(encoding="utf-8"))


def _bare(latex: str) -> str:
    return re.sub(r"[&\s]|\\,|\\;", "", latex)
