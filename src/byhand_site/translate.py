"""The equations of a page as NumPy, fence by fence, from the tree that the checker reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise, starmap
from pathlib import Path

from byhand.equations.api import page_from, start_of
from byhand.equations.declarations import Declaration, FunctionDeclaration
from byhand.equations.latex import latex
from byhand.equations.page import Item, Page, bindings
from byhand.equations.problems import Problem
from byhand.equations.sentences import Claim, Definition, FunctionDefinition
from byhand.equations.shapes import Typed
from byhand.equations.sides import shapes
from byhand.equations.tree import Annotated, Derivative, Group, Node, Symbol
from byhand.equations.walk import bind
from byhand_site import CACHE
from byhand_site.numpy_code import Printer
from byhand_site.numpy_names import Names, Untranslatable
from byhand_site.verdicts import pages_beside

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n"


def numpy_of(path: Path) -> dict[int, str]:
    """Return the NumPy of each fence of a page that has one, by the line of the fence; a page is translated once."""
    stamp = path.stat()
    return _kept(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=256)
def _kept(path: Path, _modified: int, _size: int) -> dict[int, str]:
    text = path.read_text(encoding="utf-8")
    given, _ = start_of(text, None, "sum", pages_beside(path))
    here = Path(__file__).parent
    engine = [
        here / name for name in ("numpy_code.py", "numpy_names.py", "numpy_sums.py", "numpy_table.py", "translate.py")
    ]
    recipe = "\0".join([text, *given, *(one.read_text(encoding="utf-8") for one in engine)])
    kept = CACHE / "numpy" / f"{hashlib.sha256(recipe.encode()).hexdigest()[:24]}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(translate(text, given)), encoding="utf-8")
    return {int(line): code for line, code in json.loads(kept.read_text(encoding="utf-8")).items()}


def translate(text: str, given: list[str]) -> dict[int, str]:
    r"""Return the NumPy of each fence of a text, by the line of the fence.

    >>> page = "```math\nx \\in \\mathbb{R}^{n \\times m} \\\\ y := 2 x^\\top + 1\n```"
    >>> translate(page, [])
    {1: 'y = 2 * x.T + 1'}
    """
    page = page_from(text, given)
    names = Names(layered=page.layered)
    found: dict[int, list[str]] = {}
    for item in page.items:
        if not item.given and item.fence not in page.local:
            found.setdefault(item.block.line, []).extend(lines_of(item, page, names))
    texts = {line: "\n".join(dict.fromkeys(lines)) for line, lines in found.items() if any(map(_is_code, lines))}
    return {line: (SIGMOID if "sigmoid(" in code else "") + code for line, code in texts.items()}


def lines_of(item: Item, page: Page, names: Names) -> list[str]:
    """Return the lines of code for one statement; a comment where there is no direct form."""
    sentence = item.sentence
    if sentence is None or isinstance(sentence, Declaration | FunctionDeclaration | FunctionDefinition):
        return []
    try:
        return [line + _range(item) for line in _lines(sentence, item, page, names)]
    except (Untranslatable, Problem):
        source = " ".join(item.statement.source.replace("&", " ").replace(r"\\", " ").split())
        return [f"# no direct form: {source}"]


def _lines(sentence: Definition | Claim, item: Item, page: Page, names: Names) -> list[str]:
    program = page.courts(item.fence)[0].program
    printer = Printer(names, frozenset(name for one in program.programs() for name in one.functions))
    layers = bindings(item, program.depth, page.names.depth)[0]
    ranges = {var: bind(size, layers) for var, size in (item.read.indices if item.read else ())}

    def typed(left: Node, right: Node) -> tuple[Typed, Typed]:
        one, other, sizes = shapes((bind(left, layers), bind(right, layers)), program, ranges)
        if sizes.ranges:
            raise Untranslatable("a free index")
        if one.shape != other.shape:  # a literal 0 stands for all entries
            raise Untranslatable("a number for a matrix")
        return one, other

    def right(left: Node, side: Node) -> str:
        return printer.code(side, typed(left, side)[1])

    def same(left: Node, side: Node) -> str:
        one, other = typed(left, side)
        return f"np.allclose({printer.code(left, one)}, {printer.code(side, other)})"

    if isinstance(sentence, Definition) and (sentence.row is not None or sentence.column is not None):
        raise Untranslatable("a definition by entries")
    sides = (sentence.symbol, sentence.body, *sentence.claims) if isinstance(sentence, Definition) else sentence.sides
    if isinstance(name := _plain(sides[0]), Symbol):
        return [f"{names.symbol(name)} = {code}" for code in _rights(sides, right)]
    if isinstance(_plain(sides[0]), Derivative):
        return [f"{code}  # {latex(sides[0])}" for code in _rights(sides, right)]
    return list(starmap(same, pairwise(sides)))


def _rights(sides: tuple[Node, ...], code: Callable[[Node, Node], str]) -> list[str]:
    """Print all sides but the first, as far as they have a direct form."""
    found = []
    for side in sides[1:]:
        try:
            found.append(code(sides[0], side))
        except (Untranslatable, Problem):
            continue
    if not found:
        raise Untranslatable("every side")
    return found


def _plain(node: Node) -> Node:
    while isinstance(node, Group | Annotated):
        node = node.part
    return node


def _range(item: Item) -> str:
    layers = item.read.layers if item.read else None
    return f"  # {layers.var} = {layers.low}, …, {layers.high}" if layers else ""


def _is_code(line: str) -> bool:
    return not line.startswith("#")
