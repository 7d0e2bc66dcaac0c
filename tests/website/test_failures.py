"""A page that must fail stops the build, with the file, the line and the reason."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from byhand_site import ROOT

PAGES = {
    "a fence that is no LaTeX": (
        "# Title\n\n```math\na = \\frac{1}{\n```\n",
        ["bad.md:4", "cannot show this mathematics", "\\frac{1}{"],
    ),
    "an unknown command": ("# Title\n\n```math\na \\nosuchcommand b\n```\n", ["bad.md:4", "nosuchcommand"]),
    "inline mathematics that is no LaTeX": ("# Title\n\nText $x^{2$ text.\n", ["bad.md:3", "x^{2"]),
    "a math fence with an option": (
        '# Title\n\n```math {#eq colour="red"}\na\n```\n',
        ["bad.md:4", "no option colour"],
    ),
    "a figure without a description": (
        '# Title\n\n```figure {#f draw="line_chart" y="costs"}\nOnly a title\n```\n',
        ["bad.md:4", "a figure needs"],
    ),
    "a figure of something that the page has not defined": (
        '# Title\n\n```python\na = [1.0, 2.0]\n```\n\n```figure {#f draw="line_chart" y="b" x_label="k" y_label="b"}\n'
        "Title\nDescription\n```\n",
        ["bad.md:8", "has not defined 'b'"],
    ),
    "a figure after Python that fails": (
        '# Title\n\n```python\n1 / 0\n```\n\n```figure {#f draw="line_chart" y="b" x_label="k" y_label="b"}\n'
        "Title\nDescription\n```\n",
        ["bad.md:8", "the Python before this figure fails", "division by zero"],
    ),
}
GOOD = "# Title\n\nInline $x^2$, and\n\n```math {#eq}\na = \\frac{1}{2}\n```\n"


def build(tmp_path: Path, page: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    (tmp_path / "docs" / "bad.md").write_text(page, encoding="utf-8")
    ours = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    extensions = ours[ours.index("markdown_extensions:") :]
    settings = textwrap.dedent("""\
        site_name: Pages that must fail
        plugins: []
        """)
    (tmp_path / "mkdocs.yml").write_text(settings + extensions, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("name", PAGES)
def test_the_build_stops_and_says_where(name: str, tmp_path: Path) -> None:
    page, words = PAGES[name]
    process = build(tmp_path, page)
    assert process.returncode != 0
    for word in words:
        assert word in process.stderr
    assert "Traceback" not in process.stderr


def test_the_page_beside_them_builds(tmp_path: Path) -> None:
    process = build(tmp_path, GOOD)
    assert (process.returncode, process.stderr) == (0, "")
    html = (tmp_path / "site" / "bad" / "index.html").read_text(encoding="utf-8")
    assert html.count("<math") == 2
