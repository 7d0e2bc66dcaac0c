"""Collect every Python snippet of pages, README, CONTRIBUTING and docstrings, and every equation of docs/."""

from sybil.sybil import SybilCollection

from byhand_site.snippets import docstrings, front, pages

pytest_plugins = ["pytester", "byhand_site.verdicts"]
pytest_collect_file = SybilCollection((pages, front, docstrings)).pytest()
