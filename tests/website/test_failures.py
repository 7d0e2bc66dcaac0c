"""A page that must fail stops the build, with the file, the line and the reason."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown import Markdown
from mkdocs.__main__ import cli as mkdocs

from byhand_site import ROOT
from byhand_site.source import BuildStop, formatter, remember_source

WITH_TWO_LAYERS = "---\ngiven: two-layer\n---\n\n# Title\n\n```math\n{}\n```\n"
PAGES = {
    "a fence that is no LaTeX": (
        "# Title\n\n```math\na = \\frac{1}{\n```\n",
        ["bad.md:4", "cannot be read", "\\frac{1}{"],
    ),
    "an unknown command": ("# Title\n\n```math\na \\nosuchcommand b\n```\n", ["bad.md:4", "nosuchcommand"]),
    "inline mathematics that is no LaTeX": ("# Title\n\nText $x^{2$ text.\n", ["bad.md:3", "x^{2"]),
    "a link to a page that is not there": ("# Title\n\n[text](nowhere.md)\n", ["bad.md", "nowhere.md"]),
    "a link to an anchor that is not there": ("# Title\n\n[text](index.md#nowhere)\n", ["bad.md", "index.md#nowhere"]),
    "a math fence with an option": (
        '# Title\n\n```math {#eq colour="red"}\na\n```\n',
        ["bad.md:3", "colour"],
    ),
    "a transpose dropped": (
        WITH_TWO_LAYERS.format(r"dA^{[1]} = W^{[2]} dZ^{[2]}"),
        ["bad.md:8:12: shapes do not fit", "It would hold with W^{[2]\\top} dZ^{[2]}"],
    ),
    "a factor dropped": (
        WITH_TWO_LAYERS.format(r"dW^{[2]} = dZ^{[2]} A^{[1]\top}"),
        ["bad.md:8:1: the two sides differ", "It would hold with a factor \\frac{1}{m}"],
    ),
    "a wrong fence that is right": (
        WITH_TWO_LAYERS.replace("```math", '```math {{#id wrong="differs"}}').format(r"dZ^{[2]} = A^{[2]} - Y"),
        ["bad.md:8", "This fence says that its claims are differs"],
    ),
    "an equation inside an admonition": (
        "---\ngiven: two-layer\n---\n\n# Title\n\n!!! note\n\n    ```math\n    dZ^{[2]} = Y - A^{[2]}\n    ```\n",
        ["bad.md:10:5: the two sides differ"],
    ),
    "a generated fence of something unknown": (
        "# Title\n\n```generated\nnonsense\n```\n",
        ["bad.md:4", "generated takes one of"],
    ),
    "a picture with a size that the claim does not have": (
        WITH_TWO_LAYERS.replace(
            "```math",
            '```math {{#x picture="shapes" sizes="n_1 = 4 units, n_2 = 2 outputs, m = 5 examples, p = 3 dogs"}}',
        ).format(r"dA^{[1]} = W^{[2]\top} dZ^{[2]}"),
        ["bad.md:8", "no claim of this fence has a size p"],
    ),
    "a picture of a number": (
        WITH_TWO_LAYERS.replace("```math", '```math {{#x picture="shapes"}}').format(r"m J = \mathcal{L}"),
        ["bad.md:8", "a picture is", "about matrices"],
    ),
    "a graph of something that the page does not define": (
        '---\ngiven: two-layer\n---\n\n# Title\n\n```figure {#f draw="graph" of="Q"}\nTitle\nDescription\n```\n',
        ["bad.md:8", "has no Q"],
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
GOOD = WITH_TWO_LAYERS.replace("# Title", "# Title\n\nInline $x^2$.").format(r"dZ^{[2]} = A^{[2]} - Y")


LINKED = """# Title

[equation](#eq), [trap](bad.md#trap), [drawing](#fig)

```python
costs = [2.0, 1.0]
```

```math {#eq}
x \\in \\mathbb{R} \\\\ 2 x = x + x
```

```math {#trap wrong="differs"}
x = 2 x
```

```figure {#fig draw="line_chart" y="costs" x_label="k" y_label="J"}
Title
Description
```
"""


def without_news(said: str) -> str:
    """What a build says but for its news; with --quiet it would keep its warnings to itself, and build all the same."""
    return "".join(line for line in said.splitlines(keepends=True) if not line.startswith("INFO "))


def write(tmp_path: Path, page: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    (tmp_path / "docs" / "bad.md").write_text(page, encoding="utf-8")
    ours = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    extensions = ours[ours.index("markdown_extensions:") :]
    validation = ours[ours.index("validation:") : ours.index("nav:")]
    settings = textwrap.dedent("""\
        site_name: Pages that must fail
        plugins: []
        """)
    (tmp_path / "mkdocs.yml").write_text(settings + validation + extensions, encoding="utf-8")


def build(tmp_path: Path, page: str) -> subprocess.CompletedProcess[str]:
    write(tmp_path, page)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    process = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    process.stderr = without_news(process.stderr)
    return process


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """What a build says that must stop; in this process, for to start another takes longer than such a build."""

    def build_here(page: str) -> str:
        write(tmp_path, page)
        monkeypatch.chdir(tmp_path)
        stopped = CliRunner().invoke(mkdocs, ["build", "--strict"])
        assert isinstance(stopped.exception, SystemExit), stopped.exception  # another would be shown as a traceback
        assert stopped.exit_code != 0
        assert "Traceback" not in stopped.stderr
        return stopped.stderr

    return build_here


@pytest.mark.parametrize("name", PAGES)
def test_the_build_stops_and_says_where(name: str, said: Callable[[str], str]) -> None:
    page, words = PAGES[name]
    heard = said(page)
    for word in words:
        assert word in heard


def test_the_id_of_a_fence_can_be_linked_to(tmp_path: Path) -> None:
    process = build(tmp_path, LINKED)
    assert (process.returncode, process.stderr) == (0, "")
    html = (tmp_path / "site" / "bad" / "index.html").read_text(encoding="utf-8")
    for anchor in ("eq", "trap", "fig"):
        assert html.count(f'id="{anchor}"') == 1
        assert f'#{anchor}"' in html


def test_a_link_to_an_id_that_no_fence_has_stops_the_build(said: Callable[[str], str]) -> None:
    assert "trick" in said(LINKED.replace("bad.md#trap", "bad.md#trick"))


def test_the_page_beside_them_builds(tmp_path: Path) -> None:
    process = build(tmp_path, GOOD)
    assert (process.returncode, process.stderr) == (0, "")
    html = (tmp_path / "site" / "bad" / "index.html").read_text(encoding="utf-8")
    assert html.count("✓ checked") == 1
    assert html.count("<math") == 3  # inline, displayed, and the shape line below it


def test_serve_names_the_failure_and_recovers_when_the_page_is_mended(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    command = [sys.executable, "-u", "-m", "mkdocs", "serve", "--dev-addr", "127.0.0.1:0", "--watch", str(tmp_path)]
    log = tmp_path / "serve.log"
    page = tmp_path / "docs" / "bad.md"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(log, "Serving on", 1)
            page.write_text(GOOD.replace("A^{[2]} - Y", "Y - A^{[2]}"), encoding="utf-8")
            wait_for(log, "the two sides differ", 1)
            page.write_text(GOOD, encoding="utf-8")
            wait_for(log, "Documentation built", 2)
            assert server.poll() is None
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(log: Path, words: str, times: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while log.read_text(encoding="utf-8").count(words) < times:
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.2)


def test_any_other_error_inside_a_fence_stops_the_build_too() -> None:
    """Superfences would swallow it and leave the raw text of the fence on the page."""

    @formatter
    def show(source: str, options: dict[str, str], md: Markdown, name: str) -> str:
        raise KeyError(4)

    md = Markdown()
    remember_source(md)
    with pytest.raises(BuildStop, match="KeyError: 4"):
        show("text", "generated", "generated", {}, md)
