"""The judge of the mutants: it must complain of each way in which the list and the survivors can differ."""

from __future__ import annotations

import pytest
from mutation import BY_HAND, ROOT, judge, reasons

KNOWN, OTHER = ("byhand.f", "a + b", "a - b"), ("byhand.f", "a + b", "a * b")


@pytest.mark.parametrize(
    ("survivors", "listed", "complaints"),
    [
        ([], {}, []),
        ([(KNOWN, 0)], {KNOWN: "b is 0"}, []),
        ([(KNOWN, 0), (KNOWN, 0)], {KNOWN: "the line stands there twice"}, []),
        ([(KNOWN, 0)], {}, ["* byhand.f: survived\n  - a + b\n  + a - b"]),
        ([(KNOWN, 0)], {KNOWN: ""}, ["* byhand.f: survived\n  - a + b\n  + a - b"]),
        ([(KNOWN, 0), (OTHER, 0)], {KNOWN: "b is 0"}, ["* byhand.f: survived\n  - a + b\n  + a * b"]),
        ([(KNOWN, 33)], {KNOWN: "b is 0"}, ["* byhand.f: no verdict, 33\n  - a + b\n  + a - b"]),
        ([(KNOWN, None)], {KNOWN: "b is 0"}, ["* byhand.f: no verdict, None\n  - a + b\n  + a - b"]),
        ([], {KNOWN: "b is 0"}, ["* byhand.f: listed in mutants.toml, but killed or gone\n  - a + b\n  + a - b"]),
    ],
)
def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(
    survivors: list[tuple[tuple[str, str, str], int | None]],
    listed: dict[tuple[str, str, str], str],
    complaints: list[str],
) -> None:
    assert judge(survivors, listed) == complaints


def test_every_listed_mutant_changes_a_line_that_is_there_and_says_why_it_is_equivalent() -> None:
    for (function, before, after), reason in reasons().items():
        source = (ROOT / "src" / "byhand" / f"{function.split('.')[1]}.py").read_text("utf-8")
        assert before in source, function
        assert after not in source, function
        assert reason.endswith("."), function


def test_every_mutant_by_hand_changes_a_text_that_stands_there_once() -> None:
    for module, before, after in BY_HAND:
        source = (ROOT / "src" / "byhand" / f"{module}.py").read_text("utf-8")
        assert source.count(before) == 1, before
        assert source.replace(before, after) != source
    assert len(set(BY_HAND)) == len(BY_HAND)
