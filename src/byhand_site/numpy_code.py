"""A formula of the checker's tree as NumPy: `*` is entry by entry, `@` the matrix product.

Shapes decide which of the two a product is, so the printer walks the tree together with its shapes. What has no
direct form (a derivative, a free index) is refused with `Untranslatable`, and never guessed.
"""

from __future__ import annotations

from byhand.equations.dims import Dim
from byhand.equations.functions import BY_NAME
from byhand.equations.shapes import Shape, Typed, is_scalar
from byhand.equations.tree import (
    Add,
    Annotated,
    Blocks,
    Call,
    Cases,
    Column,
    Condition,
    Entry,
    Group,
    Hadamard,
    Identity,
    Inner,
    Inverse,
    Kronecker,
    Negative,
    Node,
    Norm,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Root,
    Size,
    Sum,
    Symbol,
    Transpose,
)  # fmt: skip
from byhand_site.numpy_names import Names, Untranslatable
from byhand_site.numpy_sums import Spread, spread_of
from byhand_site.numpy_table import ATOM, FUNCTIONS, MATMUL, POWER, SLOPES, SUM, TIMES, UNARY, Piece


class Printer:
    """Prints formulas of one page; `functions` are those that the page itself defines, which it does not print."""

    def __init__(self, names: Names, functions: frozenset[str] = frozenset()) -> None:
        self.names, self.functions = names, functions

    def code(self, node: Node, typed: Typed) -> str:
        """Give a formula as Python; `node` has the names (layers as letters), `typed` its shapes."""
        return self._piece(node, typed, None)[1]

    def _piece(self, node: Node, typed: Typed, spread: Spread | None) -> Piece:
        """Give a piece of code; inside a sum over entries, `spread` says which entries stand for whole arrays."""
        if type(node) is not type(typed.node):  # written out over layers
            raise Untranslatable("layers")
        if spread is not None and isinstance(node, Entry | Column):
            if not spread.holds(node, typed):
                raise Untranslatable("an entry")
            return self._piece(node.children[0], typed.parts[0], None)
        match node:
            case Number() if not is_scalar(typed.shape):  # a 0 among blocks, as large as they ask
                return ATOM, f"np.zeros(({self._dim(typed.shape[0])}, {self._dim(typed.shape[1])}))"
            case Number(text=text):
                return ATOM, {"e": "np.e", r"\pi": "np.pi"}.get(text, text)
            case Symbol():
                return ATOM, self.names.symbol(node)
            case Size(base=base, layer=layer):
                return ATOM, self.names.size(base, layer)
            case Group() | Annotated():
                return self._piece(node.part, typed.parts[0], spread)
            case Negative():
                return UNARY, f"-{_at(self._piece(node.part, typed.parts[0], spread), MATMUL)}"
            case Add():
                return self._sum(node, typed, spread)
            case Product():
                return self._product(node, typed, spread)
            case Hadamard():
                return TIMES, _times(self._pieces(node.factors, typed, spread))
            case Quotient():
                top, bottom = self._pieces((node.top, node.bottom), typed, spread)
                return TIMES, f"{_at(top, TIMES)} / {_at(bottom, POWER)}"
            case Power():
                return self._power(node, typed, spread)
            case Call():
                return self._call(node, typed, spread)
            case Cases() | Condition():
                return self._cases(node, typed, spread)
            case Sum():
                return self._over_index(node, typed, spread)
        return self._matrix(node, typed)

    def _matrix(self, node: Node, typed: Typed) -> Piece:
        """Print what only whole matrices have."""
        inside = [self._piece(part, shape, None) for part, shape in zip(node.children, typed.parts, strict=False)]
        match node:
            case Transpose():
                return inside[0] if is_scalar(typed.shape) else (ATOM, f"{_at(inside[0], ATOM)}.T")
            case Inverse(transposed=transposed):
                return ATOM, f"np.linalg.inv({inside[0][1]})" + (".T" if transposed else "")
            case Root():
                return ATOM, f"np.sqrt({inside[0][1]})"
            case Norm():
                return ATOM, f"np.linalg.norm({inside[0][1]})"
            case Inner():
                return ATOM, f"({_at(inside[0], TIMES)} * {_at(inside[1], POWER)}).sum()"
            case Kronecker() if len(inside) == 2:
                return ATOM, f"np.kron({inside[0][1]}, {inside[1][1]})"
            case Ones():
                return ATOM, f"np.ones(({self._length(node.size, typed.shape)}, 1))"
            case Identity():
                return ATOM, f"np.eye({self._length(node.size, typed.shape)})"
            case Blocks() if len({is_scalar(part.shape) for part in typed.parts}) == 1:
                texts = [piece[1] for piece in inside]
                rows = [", ".join(texts[k : k + node.across]) for k in range(0, len(texts), node.across)]
                return ATOM, f"np.block([{', '.join(f'[{row}]' for row in rows)}])"
        raise Untranslatable(type(node).__name__)

    def _pieces(self, nodes: tuple[Node, ...], typed: Typed, spread: Spread | None) -> list[Piece]:
        return [self._piece(node, part, spread) for node, part in zip(nodes, typed.parts, strict=True)]

    def _sum(self, node: Add, typed: Typed, spread: Spread | None) -> Piece:
        text = ""
        for term, part in zip(node.terms, typed.parts, strict=True):
            minus = isinstance(term, Negative)
            inner, shape = (term.part, part.parts[0]) if isinstance(term, Negative) else (term, part)
            piece = _at(self._piece(inner, shape, spread), MATMUL)
            text += (f" {'-' if minus else '+'} " if text else "-" * minus) + piece
        return SUM, text

    def _product(self, node: Product, typed: Typed, spread: Spread | None) -> Piece:
        """Multiply numbers by `*` and matrices by `@`; a row times a column is a number again."""
        done: list[Piece] = []
        chain: list[Piece] = []
        shape: Shape | None = None

        for factor, part in zip(node.factors, typed.parts, strict=True):
            piece = self._piece(factor, part, spread)
            if is_scalar(part.shape):
                done.append(piece)
                continue
            chain.append(piece)
            shape = part.shape if shape is None else (shape[0], part.shape[1])
            if is_scalar(shape):
                done.append(_chained(chain))
                chain, shape = [], None
        if chain:
            done.append(_chained(chain))
        return done[0] if len(done) == 1 else (TIMES, _times(done))

    def _power(self, node: Power, typed: Typed, spread: Spread | None) -> Piece:
        if not is_scalar(typed.parts[0].shape):
            return ATOM, f"np.linalg.inv({self._piece(node.base, typed.parts[0], spread)[1]})"
        base, exponent = self._pieces((node.base, node.exponent), typed, spread)
        if base[1] == "np.e":
            return ATOM, f"np.exp({exponent[1]})"
        return POWER, f"{_at(base, ATOM)}**{_at(exponent, ATOM)}"

    def _call(self, node: Call, typed: Typed, spread: Spread | None) -> Piece:
        inside = [piece[1] for piece in self._pieces(node.arguments, typed, spread)]
        row = BY_NAME.get(node.function) if node.layer is None and node.function not in self.functions else None
        if row is None:
            if node.primes > 1 or (node.primes and node.function in self.functions):
                raise Untranslatable("a derivative")
            name = self.names.function(node.function, node.layer)
            return ATOM, f"{name}{'.prime' * node.primes}({inside[0]})"
        if node.primes:
            if node.primes > 1 or row.latex not in SLOPES:
                raise Untranslatable("a derivative")
            level, form = SLOPES[row.latex]
            return level, form.format(*inside)
        if row.latex == "softmax":
            return TIMES, f"np.exp({inside[0]}) / np.exp({inside[0]}).sum(axis=0, keepdims=True)"
        if row.latex not in FUNCTIONS or (spread is not None and row.kind not in ("entry", "pair", "clip")):
            raise Untranslatable(row.latex)
        return ATOM, FUNCTIONS[row.latex].format(*inside)

    def _cases(self, node: Cases | Condition, typed: Typed, spread: Spread | None) -> Piece:
        if isinstance(node, Condition):
            left, right = self._pieces((node.left, node.right), typed, spread)
            return SUM, f"{_at(left, SUM)} {node.relation} {_at(right, SUM)}"
        pieces = [piece[1] for piece in self._pieces((*node.values, *node.conditions), typed, spread)]
        values, conditions = pieces[: len(node.values)], pieces[len(node.values) :]
        if len(values) == len(conditions):
            conditions.pop()
        text = values.pop()
        for value, condition in zip(reversed(values), reversed(conditions), strict=True):
            text = f"np.where({condition}, {value}, {text})"
        return ATOM, text

    def _over_index(self, node: Sum, typed: Typed, spread: Spread | None) -> Piece:
        if spread is not None:
            raise Untranslatable("a sum in a sum")
        inner = spread_of(node, typed)
        if inner.columns is not None:
            left, right = inner.columns
            pieces = [_at(self._piece(one.node, one.typed, None), ATOM) for one in (left, right) if one]
            return (
                (MATMUL, f"{pieces[0]} @ {pieces[1]}.T") if right else (ATOM, f"{pieces[0]}.sum(axis=1, keepdims=True)")
            )
        return ATOM, f"({self._piece(inner.body, inner.typed, inner)[1]}).sum()"

    def _length(self, size: Node | None, shape: Shape) -> str:
        if isinstance(size, Size):
            return self.names.size(size.base, size.layer)
        if size is not None:
            raise Untranslatable("a size")
        return self._dim(shape[0])

    def _dim(self, length: Dim) -> str:
        if not isinstance(length, str) or (self.names.layered and "_" in length):
            raise Untranslatable("a size")
        return length if length.isdigit() else self.names.size(length, None)


def _times(pieces: list[Piece]) -> str:
    return " * ".join(_at(piece, TIMES if k == 0 else POWER) for k, piece in enumerate(pieces))


def _chained(chain: list[Piece]) -> Piece:
    if len(chain) == 1:
        return chain[0]
    return MATMUL, " @ ".join(_at(piece, POWER if k == 0 else ATOM) for k, piece in enumerate(chain))


def _at(piece: Piece, level: int) -> str:
    """Give the text of a piece where something that binds as tightly as `level` is needed."""
    return piece[1] if piece[0] >= level else f"({piece[1]})"
