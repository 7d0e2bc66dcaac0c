"""Find and run the Python in pages and docstrings. pytest and the build use the same reader.

In a page, every Python fence runs, in order, in one namespace for the page: plain code, or a session with prompts
whose output is compared. A fence of a kind that nobody runs is refused when the page is read, so that none is
passed over in silence. In a docstring, everything after a prompt runs, in a fresh namespace for each docstring.
"""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jaxtyping
from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocument
from sybil.evaluators.doctest import NUMBER, DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from sybil.text import LineNumberOffsets
from sybil.typing import Parser

from byhand_site import DOCS, ROOT

OPTIONS = NUMBER | doctest.ELLIPSIS
INFO = re.compile(r"[ \t]*(?P<language>[\w+-]*)(?P<options>[^\n]*)\n")
QUOTES = re.compile(r"[rR]?(\"\"\"|\"|'''|')")
PYTHON = {"python", "py", "pycon"}
PYTHON_FENCE = re.compile(r"(```|~~~)[ \t{.]*(python|py|pycon)\b")
NOT_CODE = {"math", "figure", "generated", "text", "console"}


class UnknownFence(ValueError):
    """A fence that nobody runs."""


class Fences:
    """Yields the examples of every Python fence, whatever stands after the word `python`."""

    def __init__(self) -> None:
        self.fences = RawFencedCodeBlockLexer(INFO)
        self.sessions = DocTestStringParser(DocTestEvaluator(optionflags=OPTIONS))
        self.code = PythonEvaluator()

    def __call__(self, document: Document) -> Iterator[Region]:
        """Read one page."""
        for region in self.fences(document):
            language, source = region.lexemes["language"], region.lexemes["source"]
            if language in PYTHON and source.lstrip().startswith(">>>"):
                for part in self.sessions(source, document.path):
                    part.adjust(region, source)
                    yield part
            elif language in PYTHON:
                region.parsed, region.evaluator = source, self.code
                yield region
            elif language not in NOT_CODE:
                line = document.text.count("\n", 0, region.start) + 1
                raise UnknownFence(
                    f"{document.path}:{line}: nobody runs a fence of kind {language!r}. "
                    f"Use python, or for what is not code one of {', '.join(sorted(NOT_CODE))}."
                )


class Docstrings(PythonDocument):
    """The docstrings of a module, those below an assignment included."""

    @classmethod
    def parse(cls, path: str, *parsers: Parser, encoding: str = "utf-8") -> Docstrings:
        """Read one module."""
        document = cls(Path(path).read_text(encoding), path)
        for start, text in _strings(document.text):
            evaluate = _FreshNamespace()
            for parser in parsers:
                for region in parser(Document(text, path)):
                    region.start, region.end = region.start + start, region.end + start
                    region.evaluator = evaluate
                    document.add(region)
        return document


class _FreshNamespace:
    """Runs the examples of one docstring; before the first it removes what other docstrings have left."""

    def __init__(self) -> None:
        self.run = DocTestEvaluator(optionflags=OPTIONS)
        self.names: dict[str, Any] | None = None

    def __call__(self, example: Example) -> str:
        kept = example.namespace.setdefault("__module__", dict(example.namespace))
        if self.names is None:
            self.names = dict(kept)
        example.namespace.clear()
        example.namespace.update(self.names, __module__=kept)
        failure = self.run(example)
        self.names = dict(example.namespace)
        return failure


def _strings(source: str) -> Iterator[tuple[int, str]]:
    """Yield every string that stands alone in a module, class or function: docstrings, and those of variables."""
    offsets = LineNumberOffsets(source)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for statement in node.body:
            match statement:
                case ast.Expr(ast.Constant(str(text))):
                    start = offsets.get(statement.lineno - 1, statement.col_offset)
                    quotes = QUOTES.match(source, start)
                    yield quotes.end() if quotes else start, text


def _like_a_reader(_namespace: dict[str, Any]) -> None:
    """Switch off the shape checks that tests add, so that a page sees the library as its readers do."""
    jaxtyping.config.update("jaxtyping_disable", True)


def _like_a_test(_namespace: dict[str, Any]) -> None:
    jaxtyping.config.update("jaxtyping_disable", False)


def _prompts(document: Document) -> Iterator[Region]:
    if PYTHON_FENCE.search(document.text):
        raise UnknownFence(f"{document.path}: a docstring has a Python fence; write its examples after >>>.")
    yield from DocTestStringParser()(document.text, document.path)


def _pages(path: Path, **which: Any) -> Sybil:
    return Sybil([Fences()], path=str(path), setup=_like_a_reader, teardown=_like_a_test, name="page", **which)


pages = _pages(DOCS, pattern="*.md")
front = _pages(ROOT, filenames={"README.md", "CONTRIBUTING.md"})
docstrings = Sybil(
    [_prompts], path=str(ROOT / "src"), pattern="*.py", document_types={".py": Docstrings}, name="docstring"
)


def run_page(path: Path, until: int) -> dict[str, Any]:
    """Run the examples of a page that stand before the line `until`; return what they have defined.

    The next call for the same page goes on where this one has stopped.

    Raises
    ------
    SybilFailure
        If an example fails.
    """
    document, done = _running.pop(path, (None, 0))
    if document is None or until < done or document.text != path.read_text(encoding="utf-8"):
        document, done = pages.parse(path), 0
    for example in document.examples():
        if done <= example.line < until:
            example.evaluate()
    _running[path] = (document, until)
    return document.namespace


_running: dict[Path, tuple[Document, int]] = {}
"""Pages that have been run in part, and the line before which they have stopped."""
