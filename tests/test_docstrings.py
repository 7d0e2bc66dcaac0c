r"""Every relation in a docstring of the library says what the checker has judged on a page, or claims nothing."""

import dataclasses
import re
from pathlib import Path

import pytest

from byhand_site.docstrings import LIBRARY, Relation, claims_nothing, is_checked, pages_of, problem, relations, sides

LISTED = {
    ("smooth", r"t = |z|/\sqrt 2"): "names what the integral beside it is written in",
    ("smooth", r"\Phi(-|z|) = \frac{t}{\pi} e^{-t^2} \int_0^\infty \frac{e^{-u^2}}{u^2 + t^2} \, du"): (
        "the checker reads no integrals; tests/test_smooth.py compares the values that come of it"
    ),
    ("smooth", r"u = it"): "a place in the complex plane, where the integrand has a pole",
}
"""Relations that no page can state, with the reason."""

SPOILED: dict[str, tuple[str, str]] = {
    "no transpose": (r"\^\\top|\\top(?=})", ""),
    "another transpose": (r"(?<= )(?:W|G|A|dZ|X|Y)(?= |$)", r"\g<0>^\\top"),
    "no 1/m": (r"\\frac\{1\}\{m\} ", ""),
    "another 1/m": (r"= ", r"= \\frac{1}{m} "),
    "another sign": (r"= ", "= -"),
    "plus for minus": (r" - ", " + "),
    "minus for plus": (r" \+ ", " - "),
    "a product for ⊙": (r" \\odot ", " "),
    "⊙ for a product": (r"(?<=\\top) (?=dZ|G)", r" \\odot "),
    "no slope": (r"'(?=\()|\\prime", ""),
    "another layer": (r"\[l\]", "[l-1]"),
    "another index": (r"_\{ki\}", "_{ik}"),
    "another factor": (r"(?<![\w{])2(?= \()", "3"),
}
"""Small edits of one place, as a regular expression and what stands there then."""

IN_LIBRARY = [relation for path in sorted(LIBRARY.glob("*.py")) for relation in relations(path)]
CLAIMS = [one for one in IN_LIBRARY if not claims_nothing(one.source) and (one.path.stem, one.source) not in LISTED]


@pytest.mark.parametrize("module", sorted({relation.path.stem for relation in CLAIMS}))
def test_a_relation_in_a_docstring_is_a_checked_statement(module: str) -> None:
    refused = [said for one in CLAIMS if one.path.stem == module and (said := problem(one))]
    assert not refused, "\n".join(refused)


def test_what_is_listed_is_there_and_has_to_be_listed() -> None:
    assert {(one.path.stem, one.source) for one in IN_LIBRARY if problem(one)} == LISTED.keys()


def test_few_relations_claim_nothing() -> None:
    assert len(IN_LIBRARY) > 150
    assert len(IN_LIBRARY) - len(CLAIMS) < 25


@pytest.mark.parametrize("module", sorted({relation.path.stem for relation in CLAIMS}))
def test_a_relation_that_is_spoiled_is_refused(module: str) -> None:
    for relation in (one for one in CLAIMS if one.path.stem == module):
        wrong = spoiled(relation.source)
        assert wrong, relation.source
        assert [one for one in wrong if is_checked(dataclasses.replace(relation, source=one))] == []


def spoiled(source: str) -> list[str]:
    return [
        source[: place.start()] + place.expand(new) + source[place.end() :]
        for old, new in SPOILED.values()
        for place in re.finditer(old, source)
    ]


MADE_UP = r'''
r"""Here $J = \frac{1}{m} \mathcal{L}$."""

three = 3
r"""Text below a variable.

It says $dA_{prev} = W dZ$.
"""


class Layer:
    """A class with $dW = dZ A_{prev}^\\top$."""

    def step(self) -> None:
        r"""Return $db = \frac{1}{m} \sum_{i=2}^{m} dz^{(i)}$ and $dA_{prev} = W^\top dZ$."""

        def inner() -> None:
            r"""
            With $`dZ
            = dA_{prev}`$, for $z = 0$.
            """
'''

MESSAGE = r"""
layers.py:7: no checked statement says
    dA_{prev} = W dZ
    Looked at: reference/layers.md.
    The nearest is dA_{prev} &:= \frac{\partial \mathcal{L}}{\partial A_{prev}} = W^\top dZ
"""


def test_a_wrong_formula_is_refused_with_its_line_and_what_comes_nearest(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(MADE_UP, encoding="utf-8")
    refused = [(one.line, one.source, said) for one in relations(path) if (said := problem(one))]
    assert [(line, source) for line, source, _ in sorted(refused)] == [
        (7, r"dA_{prev} = W dZ"),
        (12, r"dW = dZ A_{prev}^\top"),
        (15, r"db = \frac{1}{m} \sum_{i=2}^{m} dz^{(i)}"),
        (19, r"dZ = dA_{prev}"),
    ]
    assert min(refused)[2] == MESSAGE.strip()


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        ("spaces", r"dA_{prev}=W^{\top}\,dZ", r"dA_{prev} = W^{\top}\, Z"),
        ("sides turned", r"W^\top dZ = dA_{prev}", r"dZ W^\top = dA_{prev}"),
        (
            "a chain",
            r"dA_{prev} = \frac{\partial \mathcal{L}}{\partial A_{prev}} = W^\top dZ",
            r"dA_{prev} = W^\top dZ = W",
        ),
        ("limits left out", r"db = \frac{1}{m} \sum_i dz^{(i)}", r"db = \frac{1}{m} \sum_k dz^{(i)}"),
        ("other limits", r"db = \frac{1}{m} \sum_{i=1}^{m} dz^{(i)}", r"db = \frac{1}{m} \sum_{i=1}^{n} dz^{(i)}"),
        ("a value", r"\alpha = 1.67326\dots", r"\alpha = \beta"),
        ("a value of a formula", r"h = 1/2", r"g'(z) = 1"),
        ("a name in words", r"A = \text{link}(Z)", r"A = \text{link}(Z) + 1"),
    ],
)
def test_a_relation_and_its_near_miss(source: str, right: str, wrong: str) -> None:
    in_layers = Relation(LIBRARY / "layers.py", 1, right, ())
    assert problem(in_layers) == "", source
    assert problem(dataclasses.replace(in_layers, source=wrong)) != "", source


def test_a_gradient_may_be_named_in_short_but_in_one_convention_only() -> None:
    """The page has the derivatives of other conventions too, as `E` and `S`; they are not dZ and dW."""
    on_ledger = Relation(LIBRARY / "layers.py", 1, "", ("ledger",))
    assert [page.name for page in pages_of(on_ledger)] == ["ledger.md", "layers.md"]
    short = {
        r"dZ = A - Y": True,
        r"dZ = \frac{1}{m} (A - Y)": False,
        r"E = \frac{1}{m} (A - Y)": True,
        r"dW = \frac{1}{m} dZ X^\top": True,
        r"dW = dZ X^\top": False,
        r"S = dZ X^\top": True,
    }
    assert {source: not problem(dataclasses.replace(on_ledger, source=source)) for source in short} == short


def test_only_what_holds_counts_and_only_on_a_page_of_the_docstring() -> None:
    """The gallery and the traps of a page are full of formulas that are wrong."""
    right = r"dZ^{[1]} = W^{[2]\top} dZ^{[2]} \odot g^{[1]\prime}(Z^{[1]})"
    linked = Relation(LIBRARY / "layers.py", 1, right, ("hidden-layer",))
    assert not problem(linked)
    assert problem(dataclasses.replace(linked, links=()))
    assert problem(dataclasses.replace(linked, source=right.replace(r"\top", "")))


def test_a_relation_sign_inside_braces_and_brackets_splits_nothing() -> None:
    assert sides(r"a = \sum_{i=1}^{m} \mathbb{1}[y = 2] := b") == ["a", r"\sum_{i=1}^m\mathbb1[y=2]", "b"]
