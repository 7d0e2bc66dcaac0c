"""The language of checked mathematics: the LaTeX that a reader sees is the test that ran.

`check_text` judges every statement of a Markdown page; see its example.
"""

from byhand.equations.api import check_text, count_inline, forward_program, mutation_table
from byhand.equations.flow import Step
from byhand.equations.functions import TABLE
from byhand.equations.grammar import GRAMMAR
from byhand.equations.mutation import Row, Survivor
from byhand.equations.problems import FAILURES, UNCHECKED_REASONS, Verdict
from byhand.equations.reasons import REASONS
from byhand.equations.report import summary, to_json, to_text
from byhand.equations.results import SCHEMA, Result
from byhand.equations.settings import SETTINGS
from byhand.equations.sketch import Sketch

__all__ = [
    "FAILURES",
    "GRAMMAR",
    "REASONS",
    "SCHEMA",
    "SETTINGS",
    "TABLE",
    "UNCHECKED_REASONS",
    "Result",
    "Row",
    "Sketch",
    "Step",
    "Survivor",
    "Verdict",
    "check_text",
    "count_inline",
    "forward_program",
    "mutation_table",
    "summary",
    "to_json",
    "to_text",
]
