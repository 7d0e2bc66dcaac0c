"""What the pages about the checker show is what the program does: their shell sessions, and their lists of names."""

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest

from byhand.cli import main
from byhand.equations import FAILURES, Verdict, check_text
from byhand.equations.problems import HEADLINES
from byhand.equations.report import CONVENTION
from byhand.equations.results import PUBLIC
from byhand_site import DOCS

PAGES = {
    name: (DOCS / "checked" / f"{name}.md").read_text(encoding="utf-8") for name in ("write", "language", "lookup")
}
FENCES = [
    (page, info, text)
    for page, whole in PAGES.items()
    for _, info, text in re.findall(r"^(`{3,})([^`\n]*)\n(.*?)^\1$", whole, re.DOTALL | re.MULTILINE)
]
NAMED = [(match[1], text) for _, info, text in FENCES if (match := re.fullmatch(r'text title="(.+)"', info))]
FILES = dict(NAMED)
SESSIONS = [(page, text) for page, info, text in FENCES if info == "console"]


def first_column(head: str) -> list[str]:
    """The names between backticks in the first cells of the one table with this head."""
    (whole,) = (whole for whole in PAGES.values() if f"\n{head}\n" in whole)
    table = whole.partition(f"\n{head}\n")[2].partition("\n\n")[0]
    return [name for row in table.splitlines()[1:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_the_pages_have_files_and_sessions_to_replay() -> None:
    assert len(FILES) == len(NAMED), "two files of one name"
    assert len(FILES) >= 5
    assert sum(text.count("$ byhand check") for _, text in SESSIONS) >= 9
    assert {page for page, _ in SESSIONS} == {"write", "lookup"}


@pytest.mark.parametrize(("page", "session"), SESSIONS)
def test_a_shell_session_prints_what_the_page_shows(
    page: str, session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert name not in session or f"`{name}`" in PAGES[page] or f'title="{name}"' in PAGES[page]
    status, shown = 0, []
    for line in session.splitlines():
        if not line.startswith("$ "):
            continue
        shown.append(line)
        words = shlex.split(line[2:])
        if words == ["echo", "$?"]:
            shown.append(str(status))
            continue
        hidden = {words[-2]: words[-1]} if words[-2] in (">", "2>") else {}
        assert words[0] == "byhand"
        status = main(words[1:-2] if hidden else words[1:])
        out, err = capsys.readouterr()
        shown.extend(text.rstrip("\n") for text, sign in ((out, ">"), (err, "2>")) if text and sign not in hidden)
    assert "\n".join(shown) + "\n" == session


def test_the_table_of_verdicts_has_every_verdict() -> None:
    assert sorted(first_column("| verdict | what it means |")) == sorted(get_args(Verdict))


def test_the_table_of_messages_has_every_first_line() -> None:
    first_lines = first_column("| the first line says | look here first |")
    assert sorted(first_lines) == sorted([*(HEADLINES[verdict] for verdict in FAILURES), CONVENTION])


def test_the_table_of_fields_has_every_field_of_the_json() -> None:
    assert tuple(first_column("| field | what it is |")) == PUBLIC


def test_every_set_in_the_table_can_be_declared() -> None:
    sets = first_column(r"| after $\in$ | values |")
    assert len(sets) >= 6
    for number, name in enumerate(sets):
        assert [one.verdict for one in check_text(f"$$Q \\in {name}$$")] == ["declares"], f"{number}: {name}"


def test_a_first_line_that_is_quoted_begins_a_fence_of_its_page() -> None:
    quoted = [(page, line) for page, whole in PAGES.items() for line in re.findall(r"`` (```math \{.+?\}) ``", whole)]
    assert len(quoted) == 2
    for page, line in quoted:
        assert f"\n\n{line}\n" in PAGES[page]


def test_each_of_the_pages_leads_to_the_others() -> None:
    for page, whole in PAGES.items():
        end = whole.rpartition("\n## ")[2]
        assert end.startswith("Where to go on\n")
        assert set(re.findall(r"\]\((\w+)\.md\)", end)) >= PAGES.keys() - {page}
