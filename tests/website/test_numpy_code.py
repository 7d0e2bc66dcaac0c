"""The NumPy beside an equation, run on the checker's own numbers, gives the checker's own values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from byhand.equations.api import _blocks, start_of
from byhand.equations.court import Court
from byhand.equations.derivatives import Run
from byhand.equations.functions import SMOOTH, SMOOTH_UNIT, Array, slope
from byhand.equations.markdown import read_blocks
from byhand.equations.page import Item, Page, bindings, build
from byhand.equations.problems import Problem
from byhand.equations.sentences import Claim
from byhand.equations.tree import Index, Symbol
from byhand.equations.values import Frame, evaluate
from byhand.equations.walk import bind
from byhand_site import DOCS, numpy_table
from byhand_site.numpy_names import Names, Untranslatable
from byhand_site.translate import SIGMOID, lines_of, translate
from byhand_site.verdicts import pages_beside


class Smooth:
    """An abstract activation, as the checker draws it."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, x: Any) -> Any:
        return self.function(np.asarray(x))

    def prime(self, x: Any) -> Array:
        return slope(self.function, True, np.asarray(x, dtype=float))


def plain(value: Array) -> Any:
    matrix = np.real(value).reshape(value.shape[-2:])
    return matrix.item() if matrix.size == 1 else matrix


def namespace(court: Court, names: Names) -> dict[str, Any]:
    """Every symbol, size and abstract function of a program under its Python name."""
    run, program = court.run(0), court.program
    space: dict[str, Any] = {"np": np}
    exec(SIGMOID, space)

    def put(code: str, layer: int | None, value: Any) -> None:
        if "[" in code:
            space.setdefault(code.partition("[")[0], {})[layer] = value
        else:
            space[code] = value

    def unless(code: Any) -> str:
        try:
            return str(code())
        except Untranslatable:
            return "untranslatable"

    for one in program.programs():
        for text in (*one.declared, *one.defined):
            base, bracket, rest = text.partition("^{[")
            layer = Index(None, int(rest[:-2])) if bracket else None
            code = unless(lambda b=base, at=layer: names.symbol(Symbol(b, at)))
            try:
                put(code, layer.offset if layer else None, plain(run.symbol(text, None)[0]))
            except Problem:  # a definition that a page shows to be impossible
                continue
        for name in one.functions:
            own = program.function_body(name)
            assert own is not None
            space[name] = own_function(run, own[0].parameter, own[1])
    for name in court.sizes:
        base, _, rest = name.partition("_")
        put(unless(lambda n=name: names.size(n, None)), None, court.sizes[name])
        if rest.isdigit() and names.layered:
            put(unless(lambda b=base, r=rest: names.size(b, Index(None, int(r)))), int(rest), court.sizes[name])
    for name in {*(name for one in program.programs() for name in one.abstract), "g"}:
        pool = SMOOTH_UNIT if program.find_abstract(name) == "unit" else SMOOTH
        for layer in (None, *range(6)):
            number = (run.scene.number + 2 * (layer or 0) + sum(map(ord, name))) % len(pool)
            code = unless(lambda n=name, at=layer: names.function(n, None if at is None else Index(None, at)))
            if not isinstance(space.get(code.partition("[")[0]), np.ndarray | float):
                put(code, layer, Smooth(pool[number]))
    return space


def own_function(run: Run, parameter: str, body: Any) -> Any:
    def entry(x: float) -> float:
        value = evaluate(body, Frame(run, argument={parameter: (np.array([[x]]), None)}))[0]
        return float(np.real(value).item())

    return lambda x: np.vectorize(entry, otypes=[float])(x) if np.ndim(x) else entry(x)


def run_item(item: Item, page: Page, names: Names, court: Court, space: dict[str, Any]) -> int:
    """Run the code of one statement at each of its layers; return how many lines were compared."""
    done = 0
    for line in lines_of(item, page, names):
        if line.startswith("# no direct form"):
            continue
        code = line.partition("  #")[0]
        for layers in bindings(item, court.program.depth, page.names.depth):
            here = space | layers
            if code.startswith("np.allclose("):
                assert eval(code, here), line
            else:
                name, equals, formula = code.partition(" = ")
                wanted = eval(name, here) if equals else left_value(item, court, layers)
                found = eval(formula or code, here)
                np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8, err_msg=line)
                assert np.size(found) == np.size(wanted), line
            done += 1
    return done


def left_value(item: Item, court: Court, layers: dict[str, int]) -> Any:
    from byhand.equations.sides import shapes

    sentence = item.sentence
    assert isinstance(sentence, Claim)
    sides = [bind(side, layers) for side in sentence.sides[:2]]
    left, _, _ = shapes((sides[0], sides[1]), court.program)
    return plain(evaluate(left, Frame(court.run(0)))[0])


def run_page(text: str, given: list[str]) -> int:
    page = build(read_blocks(text), _blocks(given))
    names = Names(layered=page.layered)
    items = [item for item in page.items if not item.given and item.fence not in page.local]
    lines_done = 0
    with np.errstate(all="ignore"):
        for item in items:  # in the order of the page, so that names are given out as on the page
            lines_of(item, page, names)
        court = page.courts(-1)[0]
        space = namespace(court, names)
        for item in items:
            lines_done += run_item(item, page, names, court, space)
    return lines_done


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_the_numpy_of_a_page_gives_the_values_of_its_equations(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    run_page(text, start_of(text, None, "sum", pages_beside(path))[0])


def page_of(*statements: str) -> str:
    return "```math\n" + " \\\\\n".join(statements) + "\n```"


GIVEN = (
    r"A \in \mathbb{R}^{n \times m}, \quad B \in \mathbb{R}^{n \times m}, \quad W \in \mathbb{R}^{k \times n}, \quad S \in \mathbb{R}^{k \times k}",
    r"b \in \mathbb{R}^{n \times 1}, \quad q \in \mathbb{R}^{n \times 1}, \quad t \in \mathbb{R}",
)
# What a product is decided by shapes, and `A @ B * C` is (A @ B) * C in Python: the near miss stands beside each.
PRINTED = [
    (r"Q := A \odot B", "Q = A * B"),
    (r"Q := W A", "Q = W @ A"),
    (r"Q := A \odot (W^\top W B)", "Q = A * (W.T @ W @ B)"),
    (r"Q := W^\top (W A) \odot B", "Q = (W.T @ (W @ A)) * B"),
    (r"Q := \frac{1}{t} W A", "Q = 1 / t * (W @ A)"),
    (r"Q := b^\top q A", "Q = (b.T @ q) * A"),
    (r"Q := A - (B - A)", "Q = A - (B - A)"),
    (r"Q := -(A + B)", "Q = -(A + B)"),
    (r"Q := t / (2 t)", "Q = t / (2 * t)"),
    (r"Q := (-t)^2", "Q = (-t)**2"),
    (r"Q := e^{-t}", "Q = np.exp(-t)"),
    (r"Q := \sum_{i=1}^{n} \sum_{j=1}^{m} A_{ij} B_{ij}", "Q = (A * B).sum()"),
    (r"Q := \sum_{i=1}^{m} a^{(i)} a^{(i)\top}", "Q = A @ A.T"),
    (r"Q := \sum_{i=1}^{m} a^{(i)}", "Q = A.sum(axis=1, keepdims=True)"),
    (r"Q := \tanh'(A)", "Q = 1 - np.tanh(A)**2"),
    (r"Q := t \tanh'(A)", "Q = t * (1 - np.tanh(A)**2)"),
]


@pytest.mark.parametrize(("statement", "code"), PRINTED)
def test_a_formula_is_printed_with_the_brackets_that_python_needs(statement: str, code: str) -> None:
    text = page_of(*GIVEN, statement)
    assert translate(text, []) == {1: code}
    assert run_page(text, []) == 1


REFUSED = [
    r"Q := \sum_{i=1}^{n} \sum_{j=1}^{m} A_{ij} b_i",  # not all entries have both letters
    r"Q := \sum_{i=1}^{n} b_i q_1",  # one entry stands still
    r"Q := \sum_{i=1}^{k} S_{ii}",  # the diagonal alone
    r"\frac{\partial \langle b, q \rangle}{\partial b_i} = q_i",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_has_no_direct_form_is_not_guessed(statement: str) -> None:
    assert translate(page_of(*GIVEN, statement), []) == {}


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(numpy_table.FUNCTIONS, r"\exp", "np.exp(-{})")
    with pytest.raises(AssertionError):
        run_page(page_of(*GIVEN, r"Q := \exp(A)"), [])


def test_one_python_name_never_means_two_things() -> None:
    text = page_of(r"Y_{hat} \in \mathbb{R}", r"\hat{Y} \in \mathbb{R}", r"P := \hat{Y} + 1", r"Q := Y_{hat} + 1")
    (code,) = translate(text, []).values()
    assert code.splitlines()[0] == "P = Y_hat + 1"
    assert code.splitlines()[1].startswith("# no direct form")


def test_most_pages_with_claims_have_numpy_and_no_wrong_equation_has() -> None:
    gallery = (DOCS / "checked" / "gallery.md").read_text(encoding="utf-8")
    wrong = {block.line for block in read_blocks(gallery) if "wrong" in block.attributes}
    assert wrong
    assert (
        not wrong
        & translate(gallery, start_of(gallery, None, "sum", pages_beside(DOCS / "checked" / "gallery.md"))[0]).keys()
    )
