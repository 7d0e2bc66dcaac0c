"""The two commands of the README, and the script behind them."""

import re
import subprocess
import sys

import pytest

import tasks
from byhand_site import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_prints_two_commands_of_one_line_each() -> None:
    commands = [block.strip() for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)]
    assert commands[:2] == ["python tasks.py serve", "python tasks.py check"]


def test_continuous_integration_calls_the_check_command_as_printed() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "python tasks.py check" in lines


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["nonsense"], 2), (["--help"], 0)])
def test_the_script_explains_itself(arguments: list[str], status: int) -> None:
    process = subprocess.run(
        [sys.executable, str(ROOT / "tasks.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert process.returncode == status
    assert "python tasks.py serve" in process.stdout


def test_a_python_that_is_too_old_is_refused_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tasks, "OLDEST", (99, 0))
    monkeypatch.setattr(tasks, "install", lambda: pytest.fail("it installed something"))
    assert tasks.main(["check"]) == 2
    assert "needs Python 3.11.5 or newer" in capsys.readouterr().err


def test_the_script_imports_nothing_that_must_be_installed() -> None:
    source = (ROOT / "tasks.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE)) - {"__future__"}
    assert imported <= sys.stdlib_module_names


def test_the_pins_have_hashes_and_no_addresses() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==\S+.*?(?=^\S|\Z)", pins, re.MULTILINE | re.DOTALL)
    assert len(packages) > 40
    assert all("--hash=sha256:" in package for package in packages)
    assert not re.search(r"https?:|file:|--index|--find-links", pins)


def test_every_action_is_pinned_by_commit() -> None:
    workflows = list((ROOT / ".github" / "workflows").glob("*.yml"))
    used = [action for path in workflows for action in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
