"""Promises that hold for every module: read from its source, and from what happens when it is imported."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jaxtyping
import numpy as np
import pytest
from boundary import unenforced

import byhand
from byhand import checks, layers
from byhand.checks import InputError

COMMAND = {"cli.py", "__main__.py"}  # the command line is tested in tests/equations
SOURCES = [path for path in sorted(Path(byhand.__file__).parent.glob("*.py")) if path.name not in COMMAND]

# jaxtyping in the test run, and nothing of it in use


def test_in_the_test_run_a_wrong_shape_is_caught_before_our_checks() -> None:
    with pytest.raises(jaxtyping.TypeCheckError, match="b"):
        layers.linear_forward(np.ones((3, 7)), np.ones((4, 3)), np.ones((7, 1)))


def test_in_the_test_run_a_wrong_result_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "weighted_sums", lambda A_prev, W, b: (W @ A_prev + b).T)
    arguments = np.ones((3, 7)), np.ones((4, 3)), np.ones((4, 1))
    with pytest.raises(jaxtyping.TypeCheckError, match="return value"):
        layers.linear_forward(*arguments)
    with unenforced():
        assert layers.linear_forward(*arguments).shape == (7, 4)


def test_in_use_nothing_is_wrapped_and_our_own_message_is_seen() -> None:
    program = (
        "import sys, numpy as np, byhand.layers as layers, byhand.training\n"
        "assert not hasattr(layers.linear_forward, '__wrapped__')\n"
        "assert 'beartype' not in sys.modules and 'autograd' not in sys.modules\n"
        "try: layers.linear_forward(np.ones((7, 3)), np.ones((4, 3)), np.ones((4, 1)))\n"
        "except ValueError as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ShapeError\n", "")


# promises that hold for every module, read from the source


def public(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef, bool]]:
    """Give every public function, class and method, and whether the class around it shows a doctest."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node, False
            if isinstance(node, ast.ClassDef):
                shown = ">>> " in (ast.get_docstring(node) or "")
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                        yield f"{node.name}.{inner.name}", inner, shown


PUBLIC = [
    pytest.param(*row, id=f"{path.stem}.{row[0]}")
    for path in SOURCES
    for row in public(ast.parse(path.read_text("utf-8")))
]
WITHOUT_A_DOCTEST = {
    # said by the class or function that calls them, or shown by the table of messages above
    "checks": {"check_kind", "check_labels", "check_finite", "check_same_precision", "check_positive", "check_keys"}
    | {"check_arrays", "check_number"},
    "layers": {"weighted_sums", "input_gradient", "parameter_gradients"},
    "adjoint": {"AdjointTest"},
    # the formulas behind the rows of `activations`, which show them
    "smooth": {
        "identity", "one", "sigmoid", "sigmoid_prime", "sigmoid_prime_from_output", "tanh_prime", "tanh_prime_from_output",
        "softplus", "softplus_prime_from_output", "softsign", "softsign_prime", "softsign_prime_from_output",
        "silu", "silu_prime", "gelu", "gelu_prime", "gelu_tanh", "gelu_tanh_prime", "mish", "mish_prime",
        "exp", "log", "log_prime", "log_prime_from_output", "square", "square_prime",
    },
    "pieces": {
        "relu", "relu_prime", "leaky_relu", "leaky_relu_prime", "elu", "elu_prime", "elu_prime_from_output",
        "hard_swish", "hard_swish_prime", "scaled_elu",
    },
    "gradcheck": {"Entry", "GradientCheck", "GradientCheck.agrees", "GradientCheck.worst"},
}  # fmt: skip


@pytest.mark.parametrize(("name", "node", "shown"), PUBLIC)
def test_everything_public_has_a_docstring(name: str, node: ast.FunctionDef | ast.ClassDef, shown: bool) -> None:
    assert ast.get_docstring(node)


def test_everything_public_has_a_doctest_or_belongs_to_a_class_with_one() -> None:
    for path in SOURCES:
        found = {
            name
            for name, node, shown in public(ast.parse(path.read_text("utf-8")))
            if not shown and ">>> " not in (ast.get_docstring(node) or "") and not name.endswith("Error")
        }
        assert found == WITHOUT_A_DOCTEST.get(path.stem, set()), path.name


def promises(docstring: str) -> Iterator[str]:
    """Give the names of the errors in the section "Raises"."""
    _, found, section = docstring.partition("Raises\n------\n")
    section = re.split(r"\n.+\n-{3,}\n", section)[0] if found else ""
    for line in section.splitlines():
        if line and not line.startswith(" "):
            yield from line.split(", ")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_error_that_a_docstring_promises_exists(path: Path) -> None:
    found = 0
    for name, node, _ in public(ast.parse(path.read_text("utf-8"))):
        for promised in promises(ast.get_docstring(node) or ""):
            error = getattr(checks, promised, None)
            assert isinstance(error, type), (name, promised)
            assert issubclass(error, InputError), (name, promised)
            found += 1
    assert found or path.stem in (
        "__init__",
        "smooth",
        "activations",
        "losses",
        "plain",
    )  # formulas, and the table of them


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_error_is_of_a_promised_class_and_no_user_error_is_an_assertion(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))
    raised = {
        node.exc.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    assert raised <= {"InputError", "ShapeError", "DtypeError", "DomainError", "TypeError"}
    assert "TypeError" not in raised or path.stem == "gradcheck"


def test_each_module_can_be_taken_in_at_one_sitting() -> None:
    assert max(len(path.read_text("utf-8").splitlines()) for path in SOURCES) <= 280
