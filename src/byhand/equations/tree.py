"""The syntax tree of the language: frozen dataclasses, one for each thing an expression can be.

Names are resolved in this tree: `dZ^{[1]}` is one `Symbol`, `g(Z)` is a `Call` only where `g` is a function.
Places in the source take no part in comparisons, so that two trees are equal when they read the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from byhand.equations.leaves import Group as Group
from byhand.equations.leaves import Index as Index
from byhand.equations.leaves import Letter as Letter
from byhand.equations.leaves import Node as Node
from byhand.equations.leaves import Number as Number
from byhand.equations.leaves import Size as Size
from byhand.equations.leaves import Symbol as Symbol


@dataclass(frozen=True)
class Add(Node):
    """A sum of two or more terms; a subtracted term is a `Negative`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Negative(Node):
    """−x."""

    part: Node


@dataclass(frozen=True)
class Product(Node):
    """Juxtaposition: the matrix product, or a product with scalars."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Hadamard(Node):
    """Entry by entry: A ⊙ B."""

    factors: tuple[Node, ...]
    sign: str = field(default=r"\odot", compare=False)


@dataclass(frozen=True)
class Kronecker(Node):
    """A ⊗ B: every entry of A times the whole of B."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient(Node):
    """A fraction or `a / b`, entry by entry where it has entries."""

    top: Node
    bottom: Node
    slash: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Power(Node):
    """A power of a scalar."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transpose(Node):
    """The transpose."""

    part: Node


@dataclass(frozen=True)
class Inverse(Node):
    r"""The matrix inverse; `transposed` for A^{-\top}."""

    part: Node
    transposed: bool = False


@dataclass(frozen=True)
class Root(Node):
    """The square root, entry by entry."""

    part: Node


@dataclass(frozen=True)
class Norm(Node):
    """The Frobenius norm (of a column: its length)."""

    part: Node
    mark: str = field(default="", compare=False)


@dataclass(frozen=True)
class Inner(Node):
    """⟨A, B⟩, the sum of all products of entries."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Call(Node):
    """A function applied: of the table, of the page, or an abstract one; `primes` counts its derivatives."""

    function: str
    arguments: tuple[Node, ...]
    layer: Index | None = None
    primes: int = 0
    spelled: str = field(default="", compare=False)


@dataclass(frozen=True)
class Sum(Node):
    """A sum over an index (or over layers), from `low` to `high`."""

    var: str
    low: Node | None
    high: Node | None
    body: Node
    limits: str = field(default="", compare=False)
    """As written, also for the sums that follow at once: the outer one of `i,j` prints both."""
    apart: Index | None = None
    """The index that is left out: j where i ≠ j."""


@dataclass(frozen=True)
class Multiple(Sum):
    """A product of numbers over an index."""


@dataclass(frozen=True)
class Extreme(Sum):
    """The largest or smallest of numbers over an index."""

    sign: str = r"\max"


@dataclass(frozen=True)
class Factors(Product):
    """A product of numbers over layers, written out."""


@dataclass(frozen=True)
class Entry(Node):
    """One entry: x_j, W_{kj}."""

    part: Node
    row: Index
    column: Index | None = None
    example: bool = field(default=False, compare=False)
    """Whether the column is written as an example: a_k^{(i)}."""


@dataclass(frozen=True)
class Column(Node):
    """One example's column: a^{(i)}."""

    part: Node
    index: Index


@dataclass(frozen=True)
class Delta(Node):
    """Kronecker's δ_{jk}."""

    left: Index
    right: Index


@dataclass(frozen=True)
class Ones(Node):
    """A column of ones, its size as written or inferred."""

    size: Node | None = None
    spelled: str = field(default=r"\mathbf{1}", compare=False)


@dataclass(frozen=True)
class Identity(Node):
    """The identity matrix, its size as written or inferred."""

    size: Node | None = None


@dataclass(frozen=True)
class Derivative(Node):
    """∂top/∂bottom: bottom is a symbol, an entry, a column or vec of a symbol."""

    top: Node
    bottom: Node
    sign: str = field(default=r"\partial", compare=False)
    slash: bool = field(default=False, compare=False)
    form: Literal["", "second", "square", "hessian", "operator"] = field(default="", compare=False)
    """As written: ∂f/∂x; ∂²f/∂x∂y and ∂²f/∂x² with another derivative on top; ∂²f/∂x∂y^T; or ∂/∂x (f)."""


@dataclass(frozen=True)
class Condition(Node):
    """A comparison in `cases`."""

    left: Node
    relation: str
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    """`values[k]` where `conditions[k]` is the first that is true; the last value may have no condition."""

    values: tuple[Node, ...]
    conditions: tuple[Condition, ...]
    mark: str = field(default="", compare=False)
    r"""The 1 and how its bracket begins, as in \mathbb{1}[, where it was written so."""


@dataclass(frozen=True)
class Blocks(Node):
    """A matrix written out: blocks or numbers, row by row, `across` of them to a row."""

    parts: tuple[Node, ...]
    across: int
    bracket: str = field(default="bmatrix", compare=False)

    def rows(self) -> tuple[tuple[Node, ...], ...]:
        """Give its rows."""
        return tuple(self.parts[k : k + self.across] for k in range(0, len(self.parts), self.across))


@dataclass(frozen=True)
class Annotated(Node):
    r"""`\underbrace{part}_{rows × columns}`: a claim about the shape."""

    part: Node
    rows: Node
    columns: Node | None
