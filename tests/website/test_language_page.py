"""What the language page shows is what the program does: its shell sessions, and its lists of names."""

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest

from byhand.cli import main
from byhand.equations import Verdict, check_text
from byhand.equations.results import PUBLIC
from byhand_site import DOCS

PAGE = (DOCS / "checked" / "language.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^(`{3,})([^`\n]*)\n(.*?)^\1$", PAGE, re.DOTALL | re.MULTILINE)
FILES = {match[1]: text for _, info, text in FENCES if (match := re.fullmatch(r'text title="(.+)"', info))}
SESSIONS = [text for _, info, text in FENCES if info == "console"]


def first_column(head: str) -> list[str]:
    """The names between backticks in the first cells of the table with this head."""
    table = PAGE.partition(f"\n{head}\n")[2].partition("\n\n")[0]
    return [name for row in table.splitlines()[1:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_the_page_has_files_and_sessions_to_replay() -> None:
    assert len(FILES) >= 3
    assert sum(text.count("$ byhand check") for text in SESSIONS) >= 7


@pytest.mark.parametrize("session", SESSIONS)
def test_a_shell_session_prints_what_the_page_shows(
    session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
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


def test_the_table_of_fields_has_every_field_of_the_json() -> None:
    assert tuple(first_column("| field | what it is |")) == PUBLIC


def test_every_set_in_the_table_can_be_declared() -> None:
    sets = first_column(r"| after $\in$ | values |")
    assert len(sets) >= 6
    for number, name in enumerate(sets):
        assert [one.verdict for one in check_text(f"$$Q \\in {name}$$")] == ["declares"], f"{number}: {name}"


def test_a_first_line_that_is_quoted_begins_a_fence_of_the_page() -> None:
    quoted = re.findall(r"`` (```math \{.+?\}) ``", PAGE)
    assert len(quoted) == 2
    for line in quoted:
        assert f"\n\n{line}\n" in PAGE
