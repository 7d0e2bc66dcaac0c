"""Input is text from strangers: never a traceback, never a hang, never a tick for what was not evaluated."""

import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from byhand.equations import FAILURES, check_text
from byhand.equations.grammar import parse
from byhand.equations.limits import DEPTH, INDICES, LENGTH
from byhand.equations.problems import Problem
from byhand.equations.statements import Statement, split

sys.path.insert(0, str(Path(__file__).parent))
from worker import check

PAGES = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).with_name("vocabulary").glob("*.md"))]
TOKENS = [
    r"\top", "^", "_", "{", "}", "(", ")", "[", "]", r"\frac", r"\sum_{i=1}^{m}", "'", r"\odot", "=", ":=", "0", "1",
    "W", "X", r"\begin{cases}", r"\end{cases}", "|", r"\|", r"\langle", r"\rangle", ",", r"\quad", "∂", "\n",
    "l = 1, \\dots, L", r"\text{", r"\operatorname{diag}(", r"\partial", "^{-1}", "^{[l]}", "^{(i)}", "_{ij}", "9" * 30,
    "e^{", "\\", "-", "/", r"\log", r"\delta_{ij}", r"\mathbf{1}", "I", r"\max(0,", r"\sqrt", r"\\", "&", "$$",
    "```", "%", "\x00", "é", "\t",
]  # fmt: skip


def refusal(statement: Statement) -> Problem | None:
    """Why a statement is not parsed, if it is not."""
    try:
        parse(statement)
    except Problem as problem:
        return problem
    return None


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_row_of_tokens_is_parsed_or_refused_with_a_place(text: str) -> None:
    for statement in split(text):
        problem = refusal(statement)
        assert problem is None or problem.sentences
        assert problem is None or 0 <= problem.where[0] <= problem.where[1] <= len(text) + 1


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_gets_a_verdict_that_is_no_tick(text: str) -> None:
    results = check_text(f"```math\n{text}\n```\n")
    assert all(result.verdict in (*FAILURES, "declares", "defines") for result in results)


def spoil(page: str, rng: random.Random) -> str:
    """Change a page in a few places, as a careless or a hostile hand would."""
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(page))
        choice = rng.random()
        if choice < 0.1:
            page = re.sub(rng.choice(["n_0", "n_1", "n_2", "m"]), rng.choice(["n_7", "p", "9"]), page, count=1)
        elif choice < 0.35:
            page = page[:at] + page[at + rng.randint(1, 12) :]
        elif choice < 0.8:
            page = page[:at] + rng.choice(TOKENS) + page[at:]
        else:
            page = page[:at] + chr(rng.randrange(1, 0x3000)) + page[at:]
    return page


def test_spoiled_pages_are_judged_to_the_end() -> None:
    spoiled = []
    for seed in range(40):
        rng = random.Random(seed)
        spoiled.append({"text": spoil(rng.choice(PAGES), rng), "file": "page.md"})
    for answer in check(spoiled):
        assert answer["seconds"] < 20
        for result in answer["results"]:
            assert result["message"] or result["verdict"] in ("holds", "declares", "defines")
            assert result["verdict"] != "holds" or result["details"]


LIMITS = [
    ("a = " + "+ a " * LENGTH, "characters"),
    ("a = " + "(" * (DEPTH + 5) + "a" + ")" * (DEPTH + 5), "nested more than"),
    (r"x_a x_b x_c x_d x_e x_f x_g = 1 x_a x_b x_c x_d x_e x_f x_g"[: 8 * INDICES + 60], "indices"),
]


@pytest.mark.parametrize(("claim", "words"), LIMITS)
def test_each_limit_has_its_message(claim: str, words: str) -> None:
    page = f"```math\na \\in \\mathbb{{R}}, x \\in \\mathbb{{R}}^n\n```\n```math\n{claim}\n```\n"
    result = check_text(page)[-1]
    assert result.verdict == "cannot-be-read"
    assert words in result.message


def test_too_many_numbers_at_once_are_refused() -> None:
    page = r"""```math
X \in \mathbb{R}^{a \times b}, Y \in \mathbb{R}^{c \times d}, Z \in \mathbb{R}^{e \times f} \\
u \in \mathbb{R}^g, v \in \mathbb{R}^h
```
```math
X_{ij} Y_{kl} Z_{pq} = Z_{pq} Y_{kl} X_{ij} + 0
```
"""
    result = check_text(page)[-1]
    assert result.verdict == "holds" or "numbers at once" in result.message


def test_a_long_chain_of_definitions_does_not_break() -> None:
    rows = ["x_0 \\in \\mathbb{R}"] + [f"x_{{{k}}} := x_{{{k - 1}}} + 1" for k in range(1, 2000)]
    claim = "x_{1999} = x_0 + 1999"
    forwards = " \\\\\n".join([*rows, claim])
    backwards = " \\\\\n".join([rows[0], *rows[:0:-1], claim])
    for answer in check([{"text": f"```math\n{text}\n```\n"} for text in (forwards, backwards)]):
        assert answer["results"][-1]["verdict"] in ("holds", "untested", "cannot-be-read")
        assert answer["seconds"] < 60


def test_a_circle_of_definitions_is_named() -> None:
    results = check_text("```math\na := b + 1 \\\\ b := a + 1 \\\\ a = 2\n```")
    assert [result.verdict for result in results] == ["cannot-be-read"] * 3
    assert "leads back to itself" in results[0].message


@pytest.mark.parametrize(
    "rows",
    [
        (
            r"V := \underbrace{\mathbf{1} u^\top}_{n_1 \times n_0}",
            r"s := \lVert V \rVert_F^2",
            r"s = \langle V, V \rangle",
        ),
        (r"\langle \underbrace{\mathbf{1} u^\top}_{n_1 \times n_0}, \mathbf{1} u^\top \rangle = n_0",),
    ],
)
def test_a_size_that_no_declaration_has_is_named(rows: tuple[str, ...]) -> None:
    page = "```math\n" + " \\\\\n".join([r"u \in \mathbb{R}^{n_0}", *rows]) + "\n```"
    *_, result = check_text(page)
    assert result.verdict == "undefined"
    assert "No declaration on this page has the size n_1." in result.message


WILD = [
    (r"$$ y = \begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix} x $$", "only cases"),
    (r"$$ y = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} x $$", "introduces y"),
    (r"$$ \int_0^1 x = 1 $$", r"\int"),
    (r"$$ p(x|y) = 1 $$", "closes nothing"),
    (r"$$ x \mapsto x^2 $$", "↦"),
    (r"$$ f: \mathbb{R}^n \to \mathbb{R}^m $$", "maps numbers to numbers"),
    ("$$ E $$", "Nothing is claimed"),
    (r"$$ \theta \leftarrow \theta - \eta g $$", "←"),
    (r"$$ a = b \text{ where } c = d \text{ if m = 1} $$", "hold a relation"),
]


@pytest.mark.parametrize(("page", "words"), WILD)
def test_mathematics_of_the_wild_is_named_where_it_cannot_be_read(page: str, words: str) -> None:
    results = check_text(f"# Notes\n\n{page}\n\n{page}\n", "notes.md")
    assert len(results) >= 2
    assert all(not result.ok for result in results)
    assert words in " ".join(result.message for result in results)
    assert all(re.match(r"notes\.md:\d+:\d+: ", result.message) for result in results)
