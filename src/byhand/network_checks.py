"""What the dictionaries of a network must hold: which keys, in which shapes, in one precision, and finite.

The quick look of [`byhand.plain`][byhand.plain] comes first; where it has a doubt, `byhand.checks` finds the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from byhand.activations import Activation
from byhand.checks import InputError, Shape, check_finite, check_keys, check_kind, check_same_precision, check_shapes
from byhand.loss import Loss
from byhand.plain import all_plain
from byhand.softmax import Columnwise


def check_plan(sizes: tuple[object, ...], activations: tuple[object, ...], loss: object) -> None:
    """Check the numbers of units, the activations and the loss of a network.

    Raises
    ------
    InputError
        If the lengths do not match, a size is not a positive whole number, or something is no activation or no loss.

    Examples
    --------
    >>> check_plan((3, 2), (), None)
    Traceback (most recent call last):
    ...
    byhand.checks.InputError: activations: expected one for each layer after the input; got 0 for sizes (3, 2).
    """
    for n in sizes:
        if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 1:
            raise InputError(f"sizes: expected positive whole numbers, got {n!r} in {sizes}.")
    if len(sizes) < 2 or len(activations) != len(sizes) - 1:
        raise InputError(
            f"activations: expected one for each layer after the input; got {len(activations)} for sizes {sizes}."
        )
    for g in activations:
        if not isinstance(g, Activation | Columnwise):
            raise InputError(f"activations: expected activations such as byhand.activations.tanh, got {g!r}.")
    if not isinstance(loss, Loss):
        raise InputError(f"loss: expected a loss such as byhand.losses.squared_error, got {loss!r}.")


def check_together(sizes: Sequence[int], **groups: Mapping[str, np.ndarray]) -> None:
    r"""Check dictionaries of a network with these sizes, each by itself and their precisions against each other.

    Parameters
    ----------
    sizes
        Of the network: $n_0, n_1, \dots, n_L$.
    **groups
        One or more of `arguments` (which holds `X`), `parameters`, `cache`, and `gradients`.

    Raises
    ------
    ShapeError, DtypeError, DomainError, InputError
        If an array does not fit, or is missing.

    Examples
    --------
    >>> check_together((3, 2), parameters={"W1": np.ones((2, 3)), "b1": np.ones((3, 1))})
    Traceback (most recent call last):
    ...
    byhand.checks.ShapeError: b1: expected n₁ × 1, here 2 × 1; got 3 × 1. It has 3 rows, not 2.
    """
    sizes = tuple(sizes)
    if _all_plain(sizes, groups):
        return
    known = {f"n_{ell}": n for ell, n in enumerate(sizes)}
    for what, arrays in groups.items():
        shapes = array_shapes(what, sizes)
        check_keys(what, arrays, shapes)
        check_shapes(known, **{name: (check_kind(name, arrays[name]), shape) for name, shape in shapes.items()})
        for name in shapes:
            check_finite(name, arrays[name])
        check_same_precision(**{name: arrays[name] for name in shapes})
    firsts = [(next(iter(array_shapes(what, sizes))), arrays) for what, arrays in groups.items()]
    check_same_precision(**{name: arrays[name] for name, arrays in firsts})


@lru_cache(64)
def array_shapes(what: str, sizes: tuple[int, ...]) -> dict[str, Shape]:
    """Return the name and the shape, in symbols, of every array in one dictionary of a network.

    Examples
    --------
    >>> array_shapes("parameters", (3, 2))
    {'W1': ('n_1', 'n_0'), 'b1': ('n_1', 1)}
    """
    if what == "arguments":
        return {"X": ("n_0", "m")}
    shapes: dict[str, Shape] = {"A0": ("n_0", "m")} if what == "cache" else {}
    d = "d" if what == "gradients" else ""
    for ell in range(1, len(sizes)):
        n = f"n_{ell}"
        if what == "cache":
            shapes |= {f"Z{ell}": (n, "m"), f"A{ell}": (n, "m")}
        else:
            shapes |= {f"{d}W{ell}": (n, f"n_{ell - 1}"), f"{d}b{ell}": (n, 1)}
    return shapes


@lru_cache(64)
def _in_numbers(groups: tuple[str, ...], sizes: tuple[int, ...], m: int) -> dict[str, dict[str, tuple[int, int]]]:
    known: dict[str | int, int] = {"m": m, 1: 1}
    known.update((f"n_{ell}", n) for ell, n in enumerate(sizes))
    return {
        what: {name: (known[rows], known[columns]) for name, (rows, columns) in array_shapes(what, sizes).items()}
        for what in groups
    }


def _all_plain(sizes: tuple[int, ...], groups: Mapping[str, Mapping[str, np.ndarray]]) -> bool:
    examples = None
    if "arguments" in groups:
        examples = groups["arguments"].get("X")
    elif type(groups.get("cache")) is dict:
        examples = groups["cache"].get("A0")
    m = examples.size // sizes[0] if type(examples) is np.ndarray else 0
    return all_plain(groups, _in_numbers(tuple(groups), sizes, m))
