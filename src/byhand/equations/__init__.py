"""The language of checked mathematics: the LaTeX that a reader sees is the test that ran.

`check_text` judges every statement of a Markdown page; see its example.
"""

from byhand.equations.api import check_text, count_inline
from byhand.equations.functions import TABLE
from byhand.equations.grammar import GRAMMAR
from byhand.equations.problems import FAILURES, UNCHECKED_REASONS, Verdict
from byhand.equations.render import mark
from byhand.equations.report import summary, to_json, to_text
from byhand.equations.results import SCHEMA, Result
from byhand.equations.settings import SETTINGS

__all__ = [
    "FAILURES",
    "GRAMMAR",
    "SCHEMA",
    "SETTINGS",
    "TABLE",
    "UNCHECKED_REASONS",
    "Result",
    "Verdict",
    "check_text",
    "count_inline",
    "mark",
    "summary",
    "to_json",
    "to_text",
]
