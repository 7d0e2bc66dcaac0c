"""Properties of every public function that takes arrays: any memory layout, read-only, both precisions, integers, size 1."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arguments import CHECKS_AND_FORMULAS, ROWS, WITHOUT, Row, values
from boundary import unenforced
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import byhand
from byhand.activations import ACTIVATIONS
from byhand.checks import InputError
from byhand.loss import Loss
from byhand.softmax import Columnwise

MODULES = sorted(
    path.stem for path in Path(byhand.__file__).parent.glob("*.py") if path.stem not in ("__init__", "__main__", "cli")
)
quick = settings(
    max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def takes_arrays(function: ast.FunctionDef) -> bool:
    return any(
        argument.annotation and "np.ndarray" in ast.unparse(argument.annotation)
        for argument in (
            *function.args.posonlyargs,
            *function.args.args,
            *function.args.kwonlyargs,
            function.args.vararg,
            function.args.kwarg,
        )
        if argument
    )


def public() -> Iterator[str]:
    """Give every public function and method that takes arrays, as module.name."""
    for module in MODULES:
        tree = ast.parse((Path(byhand.__file__).parent / f"{module}.py").read_text("utf-8"))
        for node in tree.body:
            for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_") and takes_arrays(inner):
                    yield (
                        f"{module}.{node.name}.{inner.name}"
                        if isinstance(node, ast.ClassDef)
                        else f"{module}.{inner.name}"
                    )


def losses() -> dict[str, Loss]:
    """Return every loss that a module names, each once."""
    found: dict[str, Loss] = {}
    for module in MODULES:
        for name, thing in vars(importlib.import_module(f"byhand.{module}")).items():
            if isinstance(thing, Loss) and thing not in found.values():
                found[name] = thing
    return found


def within(low: float, high: float) -> str:
    return {(True, True): "real", (False, True): "positive", (False, False): "unit"}[
        not np.isfinite(low), not np.isfinite(high)
    ]


def rows() -> dict[str, tuple[Row, Any]]:
    """Return the table of functions, with every activation and every loss besides."""
    table: dict[str, tuple[Row, Any]] = {}
    for name, row in ROWS.items():
        module, *path = name.split(".")
        thing: Any = importlib.import_module(f"byhand.{module}")
        for part in path:
            thing = getattr(thing, part)
        table[name] = row, thing
    for g in ACTIVATIONS:
        kind = "positive" if g.name == "log" else "real"
        table[f"{g.name}()"] = Row(f"Z:n,m:{kind}"), g
        table[f"{g.name}.prime"] = Row(f"Z:n,m:{kind}"), g.prime
        if g.derivative_from_output is not None:
            table[f"{g.name}.prime_from_output"] = Row(f"A:n,m:{within(*g.values)}"), g.prime_from_output
    for name, loss in losses().items():
        columns = isinstance(loss.link, Columnwise)
        A, Y = ("shares", "one-hot") if columns else (within(*loss.predictions), within(*loss.labels))
        for method in ("of_examples", "cost", "dA", "of_examples_from_logits", "cost_from_logits", "dZ_from_logits"):
            array = "Z:n,m" if method.endswith("logits") else f"A:n,m:{A}"
            table[f"{name}.{method}"] = Row(f"{array} Y:n,m:{Y}"), getattr(loss, method)
    return table


TABLE = rows()
every_function = pytest.mark.parametrize("name", TABLE)


def test_every_public_function_that_takes_arrays_has_a_row_or_a_reason() -> None:
    methods_of_tables = {f"loss.Loss.{name.split('.')[1]}" for name in TABLE if name.split(".")[0] in losses()}
    for name in public():
        if name.split(".")[0] in CHECKS_AND_FORMULAS and name not in ROWS:
            continue
        assert name in ROWS or name in WITHOUT or name in methods_of_tables, (
            f"byhand.{name} takes arrays, and nobody tries it with strides, integers and size 1: "
            f'add a line to ROWS in tests/arguments.py, such as "{name}": Row("dA:n,m Z:n,m")'
        )


def test_no_row_and_no_reason_is_left_over() -> None:
    assert not (set(ROWS) | set(WITHOUT)) - set(public())


# the ways an array may come

LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fresh": np.ascontiguousarray,
    "fortran": np.asfortranarray,
    "transposed": lambda A: np.ascontiguousarray(A.T).T,
    "every second": lambda A: np.repeat(A, 2, axis=-1)[..., ::2],
    "backwards": lambda A: np.ascontiguousarray(A[::-1])[::-1],
    "rows of a larger one": lambda A: np.concatenate([A, A])[: len(A)],
}


def arrays_of(row: Row, sizes: Mapping[str, int], seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    found = {}
    for word in row.arrays.split():
        name, shape, kind = (*word.split(":"), "real")[:3]
        numbers = (int(n[:-1] or 1) * sizes[n[-1]] if n[-1].isalpha() else int(n) for n in shape.split(","))
        found[name] = values(kind, tuple(numbers), rng)
    return found


def call(name: str, arrays: dict[str, np.ndarray], sizes: dict[str, int]) -> list[np.ndarray]:
    """Return what the function gives, as a list of arrays."""
    row, function = TABLE[name]
    with unenforced():
        return flat(row.call(function, arrays, sizes) if row.call else function(**arrays))


def flat(result: Any) -> list[np.ndarray]:
    if isinstance(result, Mapping):
        return flat(list(result.values()))
    if isinstance(result, Sequence):
        return [array for part in result for array in flat(part)]
    return [np.asarray(result)]


def agree(got: list[np.ndarray], wanted: list[np.ndarray], tolerance: float) -> None:
    assert [array.shape for array in got] == [array.shape for array in wanted]
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * max(1, np.abs(other).max()))


drawn = st.fixed_dictionaries({letter: st.integers(1, 4) for letter in "mnpk"})
layouts = st.lists(st.sampled_from(sorted(LAYOUTS)), min_size=10, max_size=10)
seeds = st.integers(0, 2**16)


@every_function
@quick
@given(sizes=drawn, seed=seeds, ways=layouts, frozen=st.booleans())
def test_any_layout_in_memory_gives_the_same_and_nothing_given_is_changed(
    name: str, sizes: dict[str, int], seed: int, ways: list[str], frozen: bool
) -> None:
    plain = arrays_of(TABLE[name][0], sizes, seed)
    wanted = call(name, {key: array.copy() for key, array in plain.items()}, sizes)
    others = {key: LAYOUTS[way](array.copy()) for (key, array), way in zip(plain.items(), ways * 2, strict=False)}
    for array in others.values():
        array.flags.writeable = not frozen
    agree(call(name, others, sizes), wanted, 1e-12)
    for key, array in plain.items():
        np.testing.assert_array_equal(others[key], array)


@every_function
@quick
@given(sizes=drawn, seed=seeds)
def test_float32_gives_the_same_to_its_precision(name: str, sizes: dict[str, int], seed: int) -> None:
    plain = arrays_of(TABLE[name][0], sizes, seed)
    single = {key: array.astype(np.float32) if array.dtype.kind == "f" else array for key, array in plain.items()}
    got, wanted = call(name, single, sizes), call(name, plain, sizes)
    agree(got, wanted, 2e-4)
    for array in got:
        assert array.dtype != np.float64 or array.ndim == 0 or not any(one.dtype.kind == "f" for one in plain.values())


@every_function
@quick
@given(sizes=drawn, seed=seeds, which=st.integers(0, 9), kind=st.sampled_from([np.int64, np.int8, np.bool_]))
def test_integers_give_the_right_answer_or_the_documented_error(
    name: str, sizes: dict[str, int], seed: int, which: int, kind: type
) -> None:
    row, _ = TABLE[name]
    plain = arrays_of(row, sizes, seed)
    chosen = list(plain)[which % len(plain)]
    if plain[chosen].dtype.kind != "f":
        return
    whole = np.clip(np.rint(plain[chosen]), 0, 1).astype(kind)
    try:
        got = call(name, plain | {chosen: whole}, sizes)
    except InputError as error:
        named = chosen in str(error)
        assert named or row.call, "where a call renames nothing, the error names the argument"
        return
    agree(got, call(name, plain | {chosen: whole.astype(float)}, sizes), 1e-12)
