"""What stands beside the fences, and what a shell does: nothing is skipped in silence, nothing ends in a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from byhand.cli import main
from byhand.equations import check_text

GOOD = "```math\nx \\in \\mathbb{R} \\\\ 2 x = x + x\n```\n"


@pytest.mark.parametrize(
    "display",
    [
        "\\[ x = 3 x \\]",
        "\\[\nx = 3 x\n\\]",
        "\\begin{align}\nx &= 3 x\n\\end{align}",
        "\\begin{equation*} x = 3 x \\end{equation*}",
        "```latex\nx = 3 x\n```",
        "```tex\nx \\leq 3 x\n```",
    ],
)
def test_a_display_that_is_not_read_is_reported(display: str) -> None:
    result = check_text(f"{GOOD}\n{display}\n")[-1]
    assert (result.verdict, result.ok, result.line) == ("cannot-be-read", False, 5)
    assert "not read" in result.message


@pytest.mark.parametrize(
    "text",
    [
        "\\[just brackets\\]",
        "`\\[ x = 3 x \\]`",
        "```python\nx = 3  # \\[\n```",
        "<!-- \\[ x = 3 x \\] -->",
        "$$ \\begin{aligned} 2 x &= x + x \\end{aligned} $$",
        "$$ \\begin{align} 2 x &= x + x \\end{align} $$",
        "```latex\n\\frac{a}{b}\n```",
        "| \\[ and a table",
    ],
)
def test_what_claims_nothing_there_is_passed_over(text: str) -> None:
    assert all(result.ok for result in check_text(f"{GOOD}\n{text}\n"))


def test_a_literal_size_beyond_all_measure_is_refused_and_the_rest_is_judged() -> None:
    for size in ("1000000 \\times 1000000", "9" * 5000, "0"):
        page = f"```math\nA \\in \\mathbb{{R}}^{{{size}}} \\\\\nx \\in \\mathbb{{R}} \\\\ 2 x = x + x\n```\n"
        results = check_text(page)
        assert results[0].verdict == "cannot-be-read"
        assert results[-1].verdict == "holds"


def test_two_settings_with_one_name_are_refused() -> None:
    page = '```math given="two-layer"\ndZ^{[2]} = A^{[2]} - Y\n```\n```math given="logistic"\ndZ = A - Y\n```\n'
    assert "both introduce" in check_text(page)[0].message


@pytest.mark.parametrize(
    "page",
    [
        '```math given="two-layer"\ndZ^{[2]} = A^{[2]} - Y\n```\n```math given="logistic"\ndZ = A - Y\n```\n```math\nA - Y = dZ\n```\n',
        '---\ngiven: logistic\n---\n```math\ndZ = A - Y\n```\n```math given="two-layer"\ndZ^{[2]} = A^{[2]} - Y\n```\n',
        '```math\ndZ = A - Y\n```\n```math given="logistics"\ndZ = A - Y\n```\n```math given="logistic"\ndZ = A - Y\n```\n',
    ],
)
def test_nothing_is_judged_on_a_page_whose_start_is_not_clear(page: str) -> None:
    results = check_text(page)
    assert {result.verdict for result in results} == {"cannot-be-read"}
    assert all("nothing on this page is judged" in result.message for result in results)


def test_a_setting_that_a_fence_names_holds_for_the_whole_page() -> None:
    page = '```math\ndZ = A - Y\n```\n```math given="logistic"\ndw = \\frac{1}{m} X dZ^\\top\n```\n'
    assert [result.verdict for result in check_text(page)] == ["holds", "holds"]
    assert [result.verdict for result in check_text(page, given="logistic")] == ["holds", "holds"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe")
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    assert "1 holds" in shown.out
    assert "a.md cannot be read" in shown.err


def test_a_reader_that_stops_early_gets_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "```math\nx \\in \\mathbb{R}\n```\n" + "```math\nx = 2 x\n```\n" * 3, encoding="utf-8"
    )
    command = [sys.executable, "-m", "byhand", "check", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(60) == 1
