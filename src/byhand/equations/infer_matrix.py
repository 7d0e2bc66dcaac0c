"""Shapes of the matrix form: sums, products, entry by entry, transposes, functions."""

from __future__ import annotations

from byhand.equations.dims import times
from byhand.equations.latex import latex
from byhand.equations.problems import Unfit, Unreadable
from byhand.equations.rules import Shapes, apart, infer, name_of, rule
from byhand.equations.shapes import SCALAR, Shape, Sizes, Typed, dim, is_scalar, show, show_dim, spread
from byhand.equations.tree import (
    Add,
    Annotated,
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
from byhand.equations.walk import walk

SMALLEST = 1e-6
"""The smallest number that is read; a term with a smaller one could be wrong unseen."""


@rule(Number)
def _number(node: Number, page: Shapes, sizes: Sizes) -> Typed:
    if node.text[0].isdigit() and 0 < float(node.text) < SMALLEST:
        raise Unreadable(node.where, f"A number below {SMALLEST:g} would be lost in rounding: give it a name.")
    return Typed(node, SCALAR)


@rule(Symbol)
def _symbol(node: Symbol, page: Shapes, sizes: Sizes) -> Typed:
    return Typed(node, page.shape(node))


@rule(Size)
def _size(node: Size, page: Shapes, sizes: Sizes) -> Typed:
    page.check_size(node)
    return Typed(node, SCALAR)


@rule(Group)
def _group(node: Group, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    return Typed(node, part.shape, (part,))


@rule(Annotated)
def _annotated(node: Annotated, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    for size in (*walk(node.rows), *(walk(node.columns) if node.columns is not None else ())):
        if isinstance(size, Size):
            page.check_size(size)
    columns = dim(node.columns) if node.columns is not None else "1"
    wanted: Shape = (dim(node.rows), columns)
    actual = sizes.shape(part.shape)
    if not (sizes.same(actual[0], wanted[0]) and sizes.same(actual[1], wanted[1])):
        raise Unfit(node.where, f"{name_of(part)} is {show(actual)}, and the brace says {show(wanted)}.")
    return Typed(node, part.shape, (part,))


@rule(Root, Negative)
def _same_shape(node: Negative | Root, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    return Typed(node, part.shape, (part,))


@rule(Add)
def _add(node: Add, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(term, page, sizes) for term in node.terms)
    shape, broadcast = spread(sizes, parts, apart("a sum"))
    return Typed(node, shape, parts, broadcast)


@rule(Hadamard)
def _hadamard(node: Hadamard, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(factor, page, sizes) for factor in node.factors)
    try:
        shape, broadcast = spread(sizes, parts, apart(r"a product entry by entry (\odot)"))
    except Unfit:
        if node.sign != "*":
            raise
        raise Unreadable(
            node.where,
            "* has two readings here, and the shapes are not equal.",
            "Write A B for the matrix product or A \\odot B.",
        ) from None
    return Typed(node, shape, parts, broadcast)


@rule(Kronecker)
def _kronecker(node: Kronecker, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(factor, page, sizes) for factor in node.factors)
    shapes = [sizes.shape(part.shape) for part in parts]
    return Typed(node, (times(*(shape[0] for shape in shapes)), times(*(shape[1] for shape in shapes))), parts)


@rule(Quotient)
def _quotient(node: Quotient, page: Shapes, sizes: Sizes) -> Typed:
    parts = infer(node.top, page, sizes), infer(node.bottom, page, sizes)
    shape, broadcast = spread(sizes, parts, apart("a quotient"))
    if broadcast:
        raise apart("a quotient")(*parts)
    return Typed(node, shape, parts)


def multiply(sizes: Sizes, left: Shape, right: Shape) -> Shape | None:
    """Give the shape of a product, None if there is none."""
    left, right = sizes.shape(left), sizes.shape(right)
    if is_scalar(left):
        return right
    if is_scalar(right):
        return left
    return sizes.shape((left[0], right[1])) if sizes.same(left[1], right[0]) else None


@rule(Product)
def _product(node: Product, page: Shapes, sizes: Sizes) -> Typed:
    parts = tuple(infer(factor, page, sizes) for factor in node.factors)
    shape = parts[0].shape
    run = [parts[0]] if not is_scalar(sizes.shape(shape)) else []
    for part in parts[1:]:
        left, right = sizes.shape(shape), sizes.shape(part.shape)
        product = multiply(sizes, left, right)
        if product is None:
            named = latex(Product(tuple(item.node for item in run))) if len(run) > 1 else name_of(run[0])
            needed = f"{show_dim(left[1])} = {show_dim(right[0])}"
            raise Unfit(
                (run[0].node.where[0], part.node.where[1]),
                f"{named} is {show(left)} and {name_of(part)} is {show(right)}: a product needs {needed}.",
            )
        if not is_scalar(right):
            run.append(part)
        shape = product
    return Typed(node, sizes.shape(shape), parts)


@rule(Power)
def _power(node: Power, page: Shapes, sizes: Sizes) -> Typed:
    exponent = infer(node.exponent, page, sizes)
    if isinstance(node.base, Number) and node.base.text == "e":
        return Typed(node, exponent.shape, (Typed(node.base, SCALAR), exponent))
    base = infer(node.base, page, sizes)
    shape = sizes.shape(base.shape)
    if not is_scalar(sizes.shape(exponent.shape)):
        raise Unreadable(node.where, "An exponent is a number.")
    if is_scalar(shape):
        return Typed(node, SCALAR, (base, exponent))
    if node.exponent == Negative(Number("1")):
        return square(node, base, sizes, "an inverse")
    name = name_of(base)
    call = isinstance(node.base, Add | Product | Hadamard | Quotient | Sum | Group) and not isinstance(
        node.base.part if isinstance(node.base, Group) else node.base, Symbol
    )
    shown = rf"\left( {name} \right)" if call else name
    raise Unreadable(
        node.where,
        f"{name} is {show(shape)}, and a power of a matrix has two readings.",
        rf"Entry by entry is {shown} \odot {shown}; the matrix product is {shown} {shown}.",
        hints=(rf"{shown} \odot {shown}", f"{shown} {shown}"),
    )


def square(node: Node, part: Typed, sizes: Sizes, what: str) -> Typed:
    """Hold a part to a square shape, and give it to what needs one."""
    shape = sizes.shape(part.shape)
    if not sizes.same(*shape):
        raise Unfit(node.where, f"{name_of(part)} is {show(shape)}: {what} needs a square matrix.")
    exponent = (Typed(node.exponent, SCALAR),) if isinstance(node, Power) else ()
    return Typed(node, sizes.shape(shape), (part, *exponent))


@rule(Transpose)
def _transpose(node: Transpose, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    rows, columns = sizes.shape(part.shape)
    return Typed(node, (columns, rows), (part,))


@rule(Inverse)
def _inverse(node: Inverse, page: Shapes, sizes: Sizes) -> Typed:
    return square(node, infer(node.part, page, sizes), sizes, "an inverse")


@rule(Norm)
def _norm(node: Norm, page: Shapes, sizes: Sizes) -> Typed:
    part = infer(node.part, page, sizes)
    if node.mark not in ("_F", "_{F}") and "1" not in sizes.shape(part.shape):
        raise Unreadable(
            node.where,
            f"{name_of(part)} is a matrix, which has several norms.",
            rf"Write \lVert {name_of(part)} \rVert_F.",
        )
    return Typed(node, SCALAR, (part,))


@rule(Inner)
def _inner(node: Inner, page: Shapes, sizes: Sizes) -> Typed:
    left, right = infer(node.left, page, sizes), infer(node.right, page, sizes)
    pair = sizes.shape(left.shape), sizes.shape(right.shape)
    if not (sizes.same(pair[0][0], pair[1][0]) and sizes.same(pair[0][1], pair[1][1])):
        raise apart("an inner product")(left, right)
    return Typed(node, SCALAR, (left, right))


@rule(Ones)
def _ones(node: Ones, page: Shapes, sizes: Sizes) -> Typed:
    return Typed(node, (dim(node.size) if node.size is not None else sizes.unknown(), "1"))


@rule(Identity)
def _identity(node: Identity, page: Shapes, sizes: Sizes) -> Typed:
    side = dim(node.size) if node.size is not None else sizes.unknown()
    return Typed(node, (side, side))
