r"""Shapes with named sizes: every node of the syntax tree gets its rows and columns, or the reason why not.

A shape is a pair of sizes, each a name (`n_1`, `m`), a digit, an unknown that a neighbour will settle (the size of `I`
and `\\mathbf{1}`), or a sum of products of these (`n_1 n_0`, `n_a + n_x`). A 1 × 1 matrix is a scalar: sizes are 1
only where a page declares them as 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from byhand.equations.dims import Compound, Dim, atoms, is_settled, plus, put, solve, times
from byhand.equations.problems import Span, Unfit, Unreadable
from byhand.equations.tree import Add, Group, Index, Node, Number, Product, Size

Shape = tuple[Dim, Dim]
SCALAR: Shape = ("1", "1")


@dataclass(frozen=True)
class Typed:
    """A node with its shape and its typed parts."""

    node: Node
    shape: Shape
    parts: tuple[Typed, ...] = ()
    broadcast: bool = False
    """Whether a column or row is repeated here to fit its neighbours."""
    over: Dim = "1"
    """The range of the index of a sum."""


@dataclass
class Sizes:
    """The sizes that one statement speaks of: unknowns settled so far, and the range of each index."""

    settled: dict[int, Dim] = field(default_factory=dict)
    ranges: dict[str, Dim] = field(default_factory=dict)
    count: int = 0

    def unknown(self) -> int:
        """Give a new unknown size."""
        self.count += 1
        return self.count

    def settle(self, dim: Dim) -> Dim:
        """Say what a size is known to be."""
        if isinstance(dim, str):
            return dim
        while isinstance(dim, int) and dim in self.settled:
            dim = self.settled[dim]
        return dim if not isinstance(dim, Compound) or is_settled(dim) else put(dim, self._atom)

    def _atom(self, atom: str | int) -> Dim:
        return self.settle(atom)

    def same(self, left: Dim, right: Dim) -> bool:
        """Whether two sizes agree, settling unknowns."""
        left, right = self.settle(left), self.settle(right)
        if left == right:
            return True
        if isinstance(left, int) and left not in atoms(right):
            self.settled[left] = right
            return True
        if isinstance(right, int) and right not in atoms(left):
            self.settled[right] = left
            return True
        found = solve(left, right) if isinstance(left, Compound) or isinstance(right, Compound) else None
        if found is None:
            return False
        self.settled[found[0]] = found[1]
        return True

    def shape(self, shape: Shape) -> Shape:
        """Give a shape with its unknowns settled."""
        return self.settle(shape[0]), self.settle(shape[1])

    def range(self, index: Index, dim: Dim, where: Span) -> None:
        """Hold an index to one range."""
        if index.var is None:
            return
        known = self.ranges.setdefault(index.var, dim)
        if not self.same(known, dim):
            raise Unfit(
                where,
                f"The index {index.var} runs over {show_dim(self.settle(known))} elsewhere "
                f"and over {show_dim(self.settle(dim))} here.",
            )


def dim(node: Node, where: Span = (0, 0)) -> Dim:
    """Give a size of a declaration as a name: `n_1`, `m`, `1`; or as a product or sum of these."""
    if isinstance(node, Number) and node.text.isdigit():
        return node.text
    if isinstance(node, Size):
        if node.layer is None:
            return node.base
        if node.layer.var is not None:
            raise Unreadable(node.where, f"The layer {node.layer.var} has no range here.")
        if node.base.endswith("^"):
            return f"{node.base}[{node.layer}]"
        return f"{node.base}_{node.layer}"
    if isinstance(node, Group):
        return dim(node.part, where)
    if isinstance(node, Product):
        return times(*(dim(factor, where) for factor in node.factors))
    if isinstance(node, Add):
        return plus(*(dim(term, where) for term in node.terms))
    raise Unreadable(node.where or where, "A size is a name or a number, such as n_1, m or 1; or a product or a sum.")


def show_dim(value: Dim) -> str:
    """Give a size as the messages print it.

    >>> show_dim("n_1"), show_dim(3), show_dim(times("n_1", "n_0"))
    ('n_1', 'any', 'n_1 n_0')
    """
    if isinstance(value, Compound):
        return value.text(show_dim)
    return (
        "any" if isinstance(value, int) else value.replace("^[", "^{[").replace("]", "]}") if "^[" in value else value
    )


def show_side(value: Dim) -> str:
    """Give a size as one side of a shape, a sum in parentheses."""
    text = show_dim(value)
    return f"({text})" if " + " in text else text


def show(shape: Shape) -> str:
    """Give a shape as the messages print it.

    >>> show(("n_1", "m")), show(SCALAR), show((3, "1"))
    ('n_1 × m', 'a scalar', 'a column of any length')
    """
    if isinstance(shape[0], int) and shape[1] in ("1", shape[0]):
        return "a column of any length" if shape[1] == "1" else "a square matrix"
    if isinstance(shape[1], int) and shape[0] == "1":
        return "a row of any length"
    return "a scalar" if shape == SCALAR else f"{show_side(shape[0])} × {show_side(shape[1])}"


def is_scalar(shape: Shape) -> bool:
    """Whether a shape is that of a number."""
    return shape == SCALAR


Fail = Callable[[Typed, Typed], Unfit]


def spread(sizes: Sizes, parts: tuple[Typed, ...], fail: Fail) -> tuple[Shape, bool]:
    """Give the shape of terms that are added or multiplied entry by entry, and whether one of them is broadcast.

    Scalars go with everything; a column is repeated over examples, a row over units, never both at once.
    """
    shapes = [(part, sizes.shape(part.shape)) for part in parts]
    matrices = [(part, shape) for part, shape in shapes if not is_scalar(shape)]
    if not matrices:
        return SCALAR, False
    whole = [item for item in matrices if "1" not in item[1]]
    pool = whole or matrices
    first, target = pool[0]
    broadcast = False
    for part, shape in matrices:
        current: list[Dim] = []
        stretched = []
        for axis in (0, 1):
            mine, wanted = sizes.settle(shape[axis]), sizes.settle(target[axis])
            if mine == "1" and wanted != "1" and not isinstance(wanted, int):
                stretched.append(axis)
                current.append(wanted)
            elif sizes.same(mine, wanted):
                current.append(sizes.settle(mine))
            else:
                raise fail(first, part)
        if len(stretched) == 2:  # pragma: no cover - a scalar, and those were left out
            raise fail(first, part)
        broadcast = broadcast or bool(stretched)
        target = (current[0], current[1])
    return sizes.shape(target), broadcast
