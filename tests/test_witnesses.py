"""Two witnesses of one formula: the library and the equation on the page, on the same arrays."""

import importlib
from functools import cache

import numpy as np
import pytest
from witness import Row, Values, on_page, stands_on
from witnesses import ROWS

from byhand.activations import Activation
from byhand.losses import Loss
from byhand_site import DOCS

MODULES = (  # those whose functions are formulas; a function counts for the first that has it
    *("activations", "softmax", "losses", "layers", "neuron", "jacobians", "layouts", "tangents"),
    *("moves", "rearrangements", "blocks", "routing"),
)
SILENT = {"activations.identity", "activations.leaky_relu_with"}  # g(z) = z; and what makes leaky_relu
SILENT |= {"activations.elu", "activations.selu"}  # elu_with, with a number; selu has two numbers that no page draws
SILENT |= {f"layers.{name}" for name in ("weighted_sums", "input_gradient", "parameter_gradients")}  # inside the others
SILENT |= {"jacobians.jacobian_by_columns"}  # a method, of whatever it is given
SILENT |= {"routing.stop_gradient_backward"}  # nothing but zeros, by decision


@cache
def values_on(page: str) -> Values:
    value = on_page((DOCS / page).read_text(encoding="utf-8"))
    return cache(value)


def agree(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max() <= 1e-12 * np.abs(other).max())


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} on {row[1]}: {row[3]}" for row in ROWS])
def test_the_library_computes_what_the_page_says(row: Row) -> None:
    _, page, side, equation, library = row
    assert stands_on(DOCS / page, equation)
    at = values_on(page)
    assert agree(library(at), at(side))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} on {row[1]}: {row[3]}" for row in ROWS])
def test_the_comparison_fails_when_either_witness_is_changed(row: Row) -> None:
    _, page, side, _, library = row
    at = values_on(page)
    honest = library(at)
    assert not agree(honest, at(rf"-\left( {side} \right)"))
    assert not agree(honest, at(rf"1.001 \left( {side} \right)"))
    spoiled = honest.copy()
    spoiled[-1, -1] += 1e-6 * np.abs(honest).max()  # one entry of many
    assert not agree(spoiled, at(side))


def test_an_equation_that_is_not_on_the_page_is_noticed() -> None:
    spoiled = r"dA_{prev} := \frac{\partial \mathcal{L}}{\partial A_{prev}} = W dZ"
    assert not stands_on(DOCS / "reference" / "layers.md", spoiled)


def public() -> set[str]:
    """Return the functions, activations and losses of `MODULES`, each named by the first module that has it."""
    owner: dict[int, str] = {}
    for module in MODULES:
        loaded = importlib.import_module(f"byhand.{module}")
        for name, thing in vars(loaded).items():
            home = {loaded.__name__} | ({"byhand.pieces"} if module == "activations" else set())
            ours = isinstance(thing, Activation | Loss) or getattr(thing, "__module__", "") in home
            if ours and not name.startswith("_") and not isinstance(thing, type):
                owner.setdefault(id(thing), f"{module}.{name}")
    return set(owner.values())


def test_every_function_of_the_library_with_a_formula_is_a_witness() -> None:
    there = public()
    assert there >= SILENT
    heard = {name for name, *_ in ROWS if name.split(".")[0] in MODULES}
    assert there - SILENT == heard
