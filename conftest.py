"""Collect every Python snippet: in the pages of docs/, in README and CONTRIBUTING, in the docstrings of src/."""

from sybil.sybil import SybilCollection

from byhand_site.snippets import docstrings, front, pages

pytest_plugins = ["pytester"]
pytest_collect_file = SybilCollection((pages, front, docstrings)).pytest()
