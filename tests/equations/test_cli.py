"""The command line: exit codes, JSON, settings, other pages, places."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from byhand.cli import main
from byhand.equations import SETTINGS, check_text

RIGHT = "```math\nx \\in \\mathbb{R} \\\\ y := x^2 \\\\ \\frac{\\partial y}{\\partial x} = 2 x\n```\n"
WRONG = RIGHT.replace("= 2 x", "= x")
FIELDS = ["file", "line", "column", "source", "verdict", "expected", "ok", "shape", "read_as", "message", "hints"]


def write(folder: Path, **pages: str) -> None:
    for name, text in pages.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


EXITS = [
    (RIGHT, 0),
    (WRONG, 1),
    ("# No mathematics", 1),
    ("```math\nx \\in \\mathbb{R}\n```", 1),  # nothing was judged
    (RIGHT + WRONG.replace("x", "u").replace("y", "v").replace("```math", '```math {wrong="differs"}', 1), 0),
    (RIGHT + RIGHT.replace("x", "u").replace("y", "v").replace("```math", '```math {wrong="differs"}', 1), 1),
    ('```math {unchecked="notation, nothing is claimed"}\na \\mapsto b\n```\n' + RIGHT, 0),
    ('```math {unchecked="too hard"}\na = b\n```\n' + RIGHT, 1),
    ('```math {wrnog="differs"}\nx \\in \\mathbb{R}\n```\n' + RIGHT.replace("x", "u").replace("y", "v"), 1),
]


@pytest.mark.parametrize(("page", "status"), EXITS)
def test_the_exit_status_says_whether_every_claim_holds(tmp_path: Path, page: str, status: int) -> None:
    write(tmp_path, page=page)
    assert main(["check", str(tmp_path / "page.md")]) == status


def test_misuse_and_unreadable_files_have_exit_status_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe\xff")
    for arguments in (["check"], ["check", "missing.md"], ["check", str(tmp_path / "latin.md")], ["nonsense"], []):
        assert main(arguments) == 2
    assert main(["check", str(tmp_path), "--given", "no-such-setting"]) == 2
    assert main(["givens", "no-such-setting"]) == 2
    assert "two-layer" in capsys.readouterr().err


def test_json_has_its_schema_and_exactly_its_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, page=WRONG)
    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["schema", "statements"]
    assert found["schema"] == "byhand-check-1"
    assert [list(one) for one in found["statements"]] == [FIELDS] * 3
    claim = found["statements"][-1]
    assert (claim["line"], claim["column"], claim["verdict"], claim["ok"]) == (2, 33, "differs", False)
    assert claim["source"] == r"\frac{\partial y}{\partial x} = x"
    assert claim["shape"] == "scalar"
    assert "two sides differ" in claim["message"]


def test_a_directory_means_all_markdown_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, a=RIGHT, b__c=WRONG, **{".hidden__d": WRONG})
    (tmp_path / "notes.txt").write_text(WRONG)
    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    files = {one["file"] for one in json.loads(capsys.readouterr().out)["statements"]}
    assert {Path(file).name for file in files} == {"a.md", "c.md"}


def test_a_setting_lets_a_student_write_only_the_gradient_lines(tmp_path: Path) -> None:
    write(tmp_path, notes=r"$$dZ^{[1]} = W^{[2]\top} dZ^{[2]} \odot g^{[1]\prime}(Z^{[1]})$$")
    assert main(["check", str(tmp_path / "notes.md")]) == 1
    assert main(["check", str(tmp_path / "notes.md"), "--given", "two-layer"]) == 0


def test_a_page_names_another_page_of_its_own_tree_only(tmp_path: Path) -> None:
    write(tmp_path, site__setting="```math\nx \\in \\mathbb{R} \\\\ y := x^2\n```", outside="```math\nx := 1\n```")
    claim = "```math\n\\frac{\\partial y}{\\partial x} = 2 x\n```"
    write(tmp_path, site__pages__claim=f"---\ngiven: ../setting.md\n---\n{claim}")
    assert main(["check", str(tmp_path / "site")]) == 0
    write(tmp_path, site__pages__claim=f"---\ngiven: ../../outside.md\n---\n{claim}")
    assert main(["check", str(tmp_path / "site")]) == 1


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_reads_and_fits(name: str) -> None:
    results = check_text(SETTINGS[name].page())
    assert results
    assert all(result.verdict in ("declares", "defines") for result in results)


GIVEN = [
    ("logistic", r"dZ = A - Y"),
    ("logistic", r"dw = \frac{1}{m} X dZ^\top"),
    ("logistic", r"db = \frac{1}{m} \sum_{i=1}^{m} (a^{(i)} - y^{(i)})"),
    ("logistic", r"d\hat{Y} = -\frac{Y}{\hat{Y}} + \frac{1 - Y}{1 - \hat{Y}}"),
    ("one-example", r"dz^{[1]} = W^{[2]\top} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})"),
    ("one-example", r"dz^{[2]} = \hat{y} - y"),
    ("one-example", r"dz^{[2]} = a - y"),
    ("softmax", r"dZ = A - Y"),
    ("two-layer", r"dA^{[1]} = W^{[2]\top} (\hat{Y} - Y)"),
    ("L-layer", r"dZ^{[l]} = W^{[l+1]\top} dZ^{[l+1]} \odot g^{[l]\prime}(Z^{[l]}), \quad l = 1, \dots, L-1"),
    ("L-layer", r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]\top}, \quad l = 1, \dots, L"),
    ("L-layer", r"dZ^{[L]} = A^{[L]} - Y"),
]


@pytest.mark.parametrize(("name", "claim"), GIVEN)
def test_the_usual_lines_hold_in_their_setting_and_a_slip_does_not(name: str, claim: str) -> None:
    assert check_text(f"$$ {claim} $$", given=name)[-1].verdict == "holds"
    slip = claim.replace("= ", "= 2 ", 1)
    assert check_text(f"$$ {slip} $$", given=name)[-1].verdict == "differs"


def test_colour_is_for_terminals_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, page=WRONG)
    main(["check", str(tmp_path)])
    assert "\x1b[" not in capsys.readouterr().out


def test_the_command_runs_as_a_module_with_any_encoding(tmp_path: Path) -> None:
    write(tmp_path, page=WRONG)
    command = [sys.executable, "-m", "byhand", "check", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, timeout=60)
    assert run.returncode == 1
    assert b"Traceback" not in run.stderr


def test_results_are_remembered_by_content(tmp_path: Path) -> None:
    first = check_text(WRONG, "page.md", cache=tmp_path)
    (stored,) = tmp_path.glob("*.json")
    stored.write_text(stored.read_text().replace("differs", "holds"))
    assert check_text(WRONG, "page.md", cache=tmp_path) != first  # read from the cache
    assert check_text(WRONG + "\n", "page.md", cache=tmp_path) == first  # another content
