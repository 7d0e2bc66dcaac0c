"""Collect every Python snippet of pages, README, CONTRIBUTING and docstrings, and every equation of docs/."""

from pathlib import Path

import pytest
from jaxtyping import install_import_hook
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

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

SPREAD = "tests/website/test_every_page.py"
"""Has by far the longest way to go, and none of its tests minds in which process it runs."""


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file's tests run in order in one process, for a page's snippets go on where the last one stopped."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(SPREAD) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)
