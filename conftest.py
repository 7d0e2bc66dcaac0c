"""Collect every Python snippet of pages, README, CONTRIBUTING and docstrings, and every equation of docs/."""

from pathlib import Path

from jaxtyping import install_import_hook

SOURCES = (Path(__file__).parent / "src" / "byhand").glob("*.py")
LIBRARY = sorted({path.stem for path in SOURCES} - {"__init__", "__main__", "cli"})

# The shapes in the library's signatures are enforced in the test run. (jaxtyping's own pytest option takes one package
# only where the checker has arguments; and the checker of mathematics would run a hundred times slower under it.)
install_import_hook(
    [f"byhand.{name}" for name in LIBRARY], "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"
)

from sybil.sybil import SybilCollection

from byhand_site.snippets import docstrings, front, pages

pytest_plugins = ["pytester", "byhand_site.verdicts"]
pytest_collect_file = SybilCollection((pages, front, docstrings)).pytest()
