"""Every Python fence runs, and a fence that nobody runs is refused."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from sybil.example import SybilFailure

from byhand_site import DOCS, ROOT
from byhand_site.snippets import NOT_CODE, PYTHON, UnknownFence, docstrings, pages, run_page

ALL_PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
SPELLINGS = [
    "```python",
    "```py",
    "``` python",
    '```python title="a title"',
    '```python {hl_lines="1"}',
    "```pycon",
    "~~~python",
    "````python",
]


def write(tmp_path: Path, text: str) -> Path:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return page


@pytest.mark.parametrize("opening", SPELLINGS)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_fence_runs_however_it_is_spelled(opening: str, indent: str, tmp_path: Path) -> None:
    closing = opening.strip()[:4].rstrip("python ")
    lines = [opening, "x = 1 / 0", closing]
    page = write(tmp_path, "# Title\n\n" + "".join(f"{indent}{line}\n" for line in lines))
    with pytest.raises(ZeroDivisionError):
        run_page(page, until=99)


@pytest.mark.parametrize("opening", ["```", "```ruby", "```pyhton", "```{.python}", "```{python}"])
def test_a_fence_that_nobody_runs_is_refused_with_its_line(opening: str, tmp_path: Path) -> None:
    page = write(tmp_path, f"# Title\n\n{opening}\nx = 1\n```\n")
    with pytest.raises(UnknownFence, match=r"page\.md:3: nobody runs a fence of kind"):
        pages.parse(page)


def test_a_session_is_compared_with_its_output(tmp_path: Path) -> None:
    right = write(tmp_path, "```python\n>>> 1 + 1\n2\n```\n")
    run_page(right, until=99)
    wrong = write(tmp_path, "```python\n>>> 1 + 1\n3\n```\n")
    with pytest.raises(SybilFailure, match="line 2"):
        run_page(wrong, until=99)


def test_a_page_has_one_namespace_and_shares_it_with_no_other(tmp_path: Path) -> None:
    page = write(tmp_path, "```python\nx = 1\n```\n\n```python\n>>> x + 1\n2\n```\n")
    assert run_page(page, until=99)["x"] == 1
    other = write(tmp_path, "```python\n>>> x\n1\n```\n")
    with pytest.raises(SybilFailure, match="NameError"):
        run_page(other, until=99)


def test_a_page_that_is_run_further_goes_on_where_it_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"log = open({str(log)!r}, 'a')\nprint('ran', file=log)\nlog.close()"
    page = write(tmp_path, f"```python\n{code}\n```\n\n```python\nseen = 1\n```\n")
    assert "seen" not in run_page(page, until=6)
    assert run_page(page, until=99)["seen"] == 1
    assert log.read_text(encoding="utf-8") == "ran\n"


COUNTING = "```python\ncount = 1\n```\n\n```python\nseen = count\n```\n"


def test_a_page_that_has_changed_is_run_from_its_beginning(tmp_path: Path) -> None:
    page = write(tmp_path, COUNTING)
    run_page(page, until=99)
    assert "seen" not in run_page(page, until=5)
    page.write_text(COUNTING.replace("1", "2"), encoding="utf-8")
    assert run_page(page, until=99)["seen"] == 2


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_another_reader_of_markdown_counts_the_same_python_fences(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # That reader knows no admonitions, whose content is indented: take the indentation away for it.
    tokens = MarkdownIt().parse("\n".join(line.strip() if "```" in line else line for line in text.splitlines()))
    kinds = [token.info.split()[0] for token in tokens if token.type == "fence"]
    assert set(kinds) <= PYTHON | NOT_CODE
    starts = [line for line, text in enumerate(text.splitlines(), 1) if text.strip().startswith("```py")]
    assert len(starts) == sum(kind in PYTHON for kind in kinds)
    ran = {example.line for example in pages.parse(page)}
    for start in starts:  # code runs at the line of its fence, a session at the lines of its prompts
        assert ran & set(range(start, start + 40)), f"{page}:{start}: this fence does not run"


def test_a_docstring_runs_and_so_does_the_text_below_a_variable(tmp_path: Path) -> None:
    module = ROOT / "src" / "byhand" / "activations.py"
    lines = module.read_text(encoding="utf-8").splitlines()
    ran = {example.line for example in docstrings.parse(module)}
    prompts = {number for number, line in enumerate(lines, 1) if line.strip().startswith(">>>")}
    assert ran == prompts


def test_one_docstring_does_not_see_the_names_of_another(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from sybil import Sybil\n"
        "from byhand_site.snippets import Docstrings, _prompts\n"
        'sybil = Sybil([_prompts], pattern="*.py", document_types={".py": Docstrings})\n'
        "pytest_collect_file = sybil.pytest()\n"
    )
    pytester.makepyfile(
        leaking='def first():\n    """\n    >>> x = 1\n    >>> x\n    1\n    """\n\n\n'
        'def second():\n    """\n    >>> x\n    1\n    """\n'
    )
    result = pytester.runpytest_subprocess("leaking.py", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*NameError: name 'x' is not defined*"])


def test_pytest_reports_the_file_and_the_line_of_a_failure(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from sybil import Sybil\n"
        "from byhand_site.snippets import Fences\n"
        'pytest_collect_file = Sybil([Fences()], pattern="*.md").pytest()\n'
    )
    pytester.makefile(".md", page="# Title\n\n```python\nx = 2\n```\n\n```python\n>>> x\n3\n```\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*page.md:8*"])


def test_pytest_fails_to_collect_a_page_with_a_fence_that_nobody_runs(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from sybil import Sybil\n"
        "from byhand_site.snippets import Fences\n"
        'pytest_collect_file = Sybil([Fences()], pattern="*.md").pytest()\n'
    )
    pytester.makefile(".md", page="# Title\n\n```sh\nls\n```\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*page.md:3: nobody runs a fence of kind 'sh'*"])
