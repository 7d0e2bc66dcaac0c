"""The module map is as drawn: data flows one way through `byhand.equations`."""

import ast
import subprocess
import sys
from pathlib import Path

import byhand.equations

HERE = Path(byhand.equations.__file__).parent

# The drawing, from Markdown to the terminal and to HTML. A module imports only what stands before it.
DRAWING = (
    ("problems", "limits"),
    ("blocks", "markdown", "prose", "advice", "masking", "statements", "grammar"),
    ("leaves", "tree", "walk", "words", "spelling", "latex"),
    ("names", "functions", "unknown", "reader_words", "reader_calculus", "reader_brackets", "resolve", "declarations"),
    ("sentences",),
    ("dims", "shapes", "rules", "infer_matrix", "infer_calls", "infer_blocks", "infer_index", "infer"),
    ("book", "program"),
    ("scenes", "frames", "values_matrix", "values_blocks", "values_index", "values_calls", "values", "definitions"),
    ("tame", "inflated", "derivatives"),
    ("indices", "expand", "court", "sides", "compare", "sensitivity", "judge"),
    ("page", "flow", "check"),
    ("slips", "edits", "toolbox", "mend", "gauge", "reasons", "mutation"),
    ("render", "sketch", "results", "report", "entries", "settings", "suggest", "api"),
)  # fmt: skip
ORDER = [name for row in DRAWING for name in row]


def imported(path: Path) -> set[str]:
    """The modules of the project that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("byhand"):
            if node.module == "byhand.equations":
                found |= {f"byhand.equations.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("byhand")}
    return found


def test_every_module_imports_only_what_stands_before_it_in_the_drawing() -> None:
    wrong = []
    for path in HERE.glob("*.py"):
        if path.stem == "__init__":
            continue
        allowed = {f"byhand.equations.{name}" for name in ORDER[: ORDER.index(path.stem)]}
        wrong += [f"{path.stem} imports {name}" for name in imported(path) - allowed]
    assert not wrong


def test_the_drawing_names_every_module_and_no_other() -> None:
    assert {path.stem for path in HERE.glob("*.py")} - {"__init__"} == set(ORDER)


def test_the_library_and_the_equations_never_import_each_other() -> None:
    for path in HERE.parent.glob("*.py"):
        if path.stem not in ("cli", "__main__"):
            assert not any(name.startswith("byhand.equations") for name in imported(path)), path


def test_no_module_is_longer_than_about_250_lines() -> None:
    long = {p.name: n for p in HERE.glob("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 290}
    assert not long


def test_nothing_evaluates_text_as_python() -> None:
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert name not in ("eval", "exec", "compile", "__import__"), path
        assert {"pickle", "shelve", "marshal", "socket", "urllib"}.isdisjoint(
            {
                alias.name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Import)
                for alias in node.names
            }
        ), path


def modules_after(code: str) -> set[str]:
    """The modules that a fresh Python has loaded after running `code`."""
    command = f"import sys\n{code}\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return set(run.stdout.split("\n")[-2].split())


def test_importing_byhand_does_not_import_lark() -> None:
    assert "lark" not in modules_after("import byhand")


def test_help_pays_for_neither_numpy_nor_lark() -> None:
    loaded = modules_after("from byhand.cli import main\nmain(['--help'])\nmain(['check', '--help'])")
    assert loaded.isdisjoint({"numpy", "lark", "jaxtyping"})
