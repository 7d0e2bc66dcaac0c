r"""The relations in the docstrings of the library, and the checked statement of a page that each of them repeats.

A docstring is shown on a reference page, and its `$a = b$` is not displayed mathematics: the checker does not judge it.
So it has to say what a statement says that the checker did judge, on a page that the docstring links to or on the
reference page of its module. Spelling may differ, a sum may leave its limits out, and `dX` may stand for a page's
derivative by `X`; nothing else. What only gives a value, as `z = 0`, or a name in words claims nothing.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from byhand_site import DOCS, verdicts
from byhand_site.coverage import plain
from byhand_site.outline import outline

LIBRARY = Path(__file__).parents[1] / "byhand"
INLINE = re.compile(r"\$\$(.+?)\$\$|\$`(.+?)`\$|(?<![\\$])\$(?![`$])(.+?)(?<!\\)\$", re.DOTALL)
LINK = re.compile(r"\]\[([\w-]+)\]")
SHOWN = re.compile(r"^::: byhand\.(\w+)", re.MULTILINE)
RANGE = re.compile(r"(?:,\s*)?(?:\\quad\s*)?(?<![\w{])[a-z] *= *\d+ *,.*$", re.DOTALL)
WORD = re.compile(r"\\(?:operatorname|mathrm)\s*\{(\w+)\}")
BARS = re.compile(r"(?<!\\)\|([^|]+)(?<!\\)\|")
UNDERBRACE = re.compile(r"\\underbrace\{((?:[^{}]|\{[^{}]*\})*)\}_\{[^{}]*\}")
BRACED = re.compile(r"\{(\w|\\[A-Za-z]+)\}")
LIMITS = re.compile(r"(\\sum_)\{(\w)=1\}\^(?:\{[^{}]*\}|\w)")
NUMBER = r"(?:-|\\pm)?(?:\d+(?:\.\d+)?(?:/\d+|\^\d)?)(?:\\dots)?"
LETTER = r"(?:\\(?!sum|prod|int|log|exp|frac)[A-Za-z]+|[A-Za-z])(?:_\w)?"
SLOPE = re.compile(r"\\frac\{\\partial(?P<of>\\mathcal\w(?:_\w+)?|J)\}\{\\partial(?P<by>(?:[^{}]|\{[^{}]*\})+)\}")
VALUE = re.compile(rf"({LETTER})={NUMBER}")
NAMING = re.compile(rf"{LETTER}=\\text\{{\w+\}}\({LETTER}\)")


@dataclass(frozen=True)
class Relation:
    """One formula with a relation, in a docstring."""

    path: Path
    line: int
    source: str
    links: tuple[str, ...]
    """Names that the docstring links to."""


def relations(path: Path) -> Iterator[Relation]:
    """Find every relation in the docstrings of a module, and in the strings below its variables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        text = node.value.value
        if not isinstance(text, str):
            continue
        links = tuple(LINK.findall(text))
        for found in INLINE.finditer(text):
            source = " ".join((found[1] or found[2] or found[3]).split())
            if len(sides(source)) > 1:
                yield Relation(path, node.lineno + text[: found.start()].count("\n"), source, links)


def sides(source: str) -> list[str]:
    """Split a chain at the relations that stand outside of braces and brackets."""
    parts, depth = [""], 0
    for token in re.findall(r"\\.|:?=|.", source, re.DOTALL):
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token, 0)
        if token in ("=", ":=") and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return [spelling(part) for part in parts]


def spelling(source: str) -> str:
    """Give LaTeX in one spelling of several that mean the same."""
    bare = UNDERBRACE.sub(r"\1 ", WORD.sub(r"\\\1 ", source.replace(r"\!", "")))
    return plain(BRACED.sub(r"\1", BARS.sub(r"\\abs(\1)", bare))).rstrip(",.;")


def links_of(chain: list[str]) -> set[frozenset[str]]:
    """Return which sides a checked chain makes equal, also with the limits of sums left out."""
    short = [LIMITS.sub(r"\1\2", side) for side in chain]
    both = [{one, other} for one, other in zip(chain, short, strict=True)]
    return {
        frozenset((one, other))
        for left, right in itertools.combinations(both, 2)
        for one, other in itertools.product(left, right)
    }


@cache
def checked(page: Path) -> dict[frozenset[str], str]:
    """Return every pair of sides that the checker found equal on a page, or that it defines, and where from."""
    pairs: dict[frozenset[str], str] = {}
    good = [one for one in verdicts.of_page(page) if one.verdict in ("holds", "defines") and not one.expected]
    for result in good:
        for pair in links_of(sides(RANGE.sub("", result.source))):
            pairs.setdefault(pair, result.source)
    called = {one: short for pair in pairs for one in pair for other in pair if (short := gradient(other))}
    for pair, source in list(pairs.items()):
        for left, right in itertools.permutations(pair):
            short = gradient(left) or (called.get(left, "") if left.startswith("d") else "")
            if short:
                pairs.setdefault(frozenset((short, right)), source)
    return pairs


def gradient(side: str) -> str:
    r"""Give the short name that a docstring may use for a derivative, `dX` for that of any loss by `X`; else nothing.

    The gradient of a weight or a bias is that of the cost J, every other one that of a sum of losses.
    """
    found = SLOPE.fullmatch(side)
    if not found or (found["of"] == "J") is not (found["by"][0] in "Wwb"):
        return ""
    return f"d{found['by']}"


@cache
def anchors() -> dict[str, Path]:
    """Return the page of each name that a link may have."""
    return {part.anchor: page for page in sorted(DOCS.rglob("*.md")) for part in outline(page) if part.anchor}


@cache
def reference() -> dict[str, Path]:
    """Return the reference page of each module; one that has none counts for the module that hands its names on."""
    pages = {
        name: page for page in sorted(DOCS.rglob("*.md")) for name in SHOWN.findall(page.read_text(encoding="utf-8"))
    }
    for name in list(pages):
        text = (LIBRARY / f"{name}.py").read_text(encoding="utf-8")
        if "\n__all__ = " in text:
            for other in imported(text):
                pages.setdefault(other, pages[name])
    return pages


def imported(text: str) -> Iterator[str]:
    """Give the names of the modules of the library that a module imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "byhand":
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("byhand."):
            yield (node.module or "").removeprefix("byhand.")


def pages_of(relation: Relation) -> list[Path]:
    """Return the pages where the statement of a relation may stand."""
    linked = [anchors()[name] for name in relation.links if name in anchors()]
    own = reference().get(relation.path.stem)
    return list(dict.fromkeys([*linked, *([own] if own else [])]))


def claims_nothing(source: str) -> bool:
    r"""Whether a relation only gives a letter a value, or names a letter by a word, `A = \text{link}(Z)`."""
    joined = "=".join(sides(source))
    return bool(VALUE.fullmatch(joined) or NAMING.fullmatch(joined))


def is_checked(relation: Relation) -> bool:
    """Whether each link of a relation is one of a statement that the checker has judged, on a page of its docstring."""
    known = set().union(*(checked(page) for page in pages_of(relation)))
    return all(frozenset(pair) in known for pair in itertools.pairwise(sides(relation.source)))


def problem(relation: Relation) -> str:
    """Say which relation is not a checked statement, where it stands and what comes nearest; nothing if all is well."""
    if claims_nothing(relation.source) or is_checked(relation):
        return ""
    pages = pages_of(relation)
    known = {pair: source for page in pages for pair, source in checked(page).items()}
    near = max(known, key=lambda pair: closeness(pair, sides(relation.source)), default=frozenset())
    where = ", ".join(page.relative_to(DOCS).as_posix() for page in pages) or "no page, as the docstring links to none"
    nearest = f"\n    The nearest is {' '.join(known[near].split())}" if known else ""
    return (
        f"{relation.path.name}:{relation.line}: no checked statement says\n    {relation.source}\n"
        f"    Looked at: {where}.{nearest}"
    )


def closeness(pair: frozenset[str], chain: list[str]) -> float:
    """Measure how alike a statement and a chain are, as they are spelt."""
    ways = itertools.permutations(pair)
    return max(difflib.SequenceMatcher(None, "=".join(way), "=".join(chain)).ratio() for way in ways)
