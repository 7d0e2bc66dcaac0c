"""The syntax tree printed as LaTeX again, with the brackets that are needed and those the source had."""

from __future__ import annotations

from byhand.equations.spelling import name as name
from byhand.equations.spelling import size_name as size_name
from byhand.equations.tree import (
    Add,
    Annotated,
    Blocks,
    Call,
    Cases,
    Column,
    Condition,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Group,
    Hadamard,
    Identity,
    Index,
    Inner,
    Inverse,
    Kronecker,
    Letter,
    Multiple,
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
from byhand.equations.words import sum_letters

RELATIONS = {">=": r"\geq", "<=": r"\leq"}
"""Comparisons that are not written as they are stored."""
SUM, TERM, PRODUCT, FACTOR, ATOM = range(5)


def latex(node: Node) -> str:
    r"""Print a tree as LaTeX.

    >>> latex(Product((Transpose(Symbol("W", Index(None, 2))), Symbol("dZ", Index(None, 2)))))
    'W^{[2]\\top} dZ^{[2]}'
    """
    return _Printer().text(node)


class _Printer:
    def text(self, node: Node, level: int = SUM) -> str:
        own, text = self._print(node)
        return text if own >= level else rf"\left( {text} \right)" if "\\frac" in text else f"({text})"

    def _print(self, node: Node) -> tuple[int, str]:
        match node:
            case Number(text=text):
                return ATOM, text
            case Symbol(base=base, layer=layer, spelled=spelled):
                return ATOM, name(spelled or base, layer)
            case Size(base=base, layer=layer):
                return ATOM, size_name(base, layer)
            case Letter(index=index):
                return ATOM if index.offset == 0 else SUM, str(index)
            case Group(part=part, bracket=bracket):
                return ATOM, self._group(part, bracket)
            case Add(terms=terms):
                return SUM, self._sum(terms)
            case Negative(part=part):
                return SUM, "-" + self.text(part, TERM)
            case Product(factors=factors):
                return PRODUCT, self._product(factors)
            case Hadamard(factors=factors, sign=sign):
                return TERM, f" {sign} ".join(self._factor(f, PRODUCT, last=f is factors[-1]) for f in factors)
            case Kronecker(factors=factors):
                return TERM, r" \otimes ".join(self._factor(f, PRODUCT, last=f is factors[-1]) for f in factors)
            case Quotient(top=top, bottom=bottom, slash=slash):
                if slash:
                    return TERM, f"{self.text(top, PRODUCT)} / {self.text(bottom, FACTOR)}"
                return ATOM, rf"\frac{{{self.text(top)}}}{{{self.text(bottom)}}}"
            case Power(base=Number(text="e"), exponent=exponent):
                return FACTOR, f"e^{{{self.text(exponent)}}}"
            case Power(base=base, exponent=exponent):
                return FACTOR, self._power(base, exponent)
            case Transpose() | Inverse() | Entry() | Column():
                return self._marked(node)
            case Root(part=part):
                return ATOM, rf"\sqrt{{{self.text(part)}}}"
            case Norm(part=part, mark=mark):
                return ATOM, rf"\lVert {self.text(part)} \rVert{mark}"
            case Inner(left=left, right=right):
                return ATOM, rf"\langle {self.text(left)}, {self.text(right)} \rangle"
            case Call():
                return self._call(node)
            case Extreme(var=var, body=body, sign=sign):
                return PRODUCT, f"{sign}_{var} {self.text(body, FACTOR)}"
            case Sum():
                return TERM, self._over(node)
            case Delta(left=left, right=right):
                return ATOM, rf"\delta_{{{_indices(left, right)}}}"
            case Ones(size=size, spelled=spelled):
                return ATOM, spelled + (f"_{{{self.text(size)}}}" if size else "")
            case Identity(size=size):
                return ATOM, "I" + (f"_{{{self.text(size)}}}" if size else "")
            case Derivative(top=top, bottom=bottom, sign=sign, form="operator"):
                return PRODUCT, rf"\frac{{{sign}}}{{{self._differential(sign, bottom)}}} {self.text(top, ATOM)}"
            case Derivative(top=Derivative() as first, bottom=bottom, sign=sign, form=form) if form:
                return ATOM, self._second(first, bottom, sign, form)
            case Derivative(top=top, bottom=bottom, sign=sign, slash=slash):
                over, under = (self._differential(sign, part) for part in (top, bottom))
                return (TERM, f"{over} / {under}") if slash else (ATOM, rf"\frac{{{over}}}{{{under}}}")
            case Condition(left=left, relation=relation, right=right):
                return SUM, f"{self.text(left)} {RELATIONS.get(relation, relation)} {self.text(right)}"
            case Cases(mark=mark, conditions=(condition,)) if mark:
                opening, closing = {"[": ("[", "]"), "(": ("(", ")")}.get(mark[-1], (r"\{ ", r" \}"))
                return ATOM, mark[:-1] + opening + self.text(condition) + closing
            case Cases(values=values, conditions=conditions):
                rows = [f"{self.text(v)} & {self.text(c)}" for v, c in zip(values, conditions, strict=False)]
                rows += [rf"{self.text(v)} & \text{{otherwise}}" for v in values[len(conditions) :]]
                return ATOM, r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
            case Blocks(bracket=bracket):
                rows = [" & ".join(self.text(part) for part in row) for row in node.rows()]
                return ATOM, rf"\begin{{{bracket}}} " + r" \\ ".join(rows) + rf" \end{{{bracket}}}"
            case Annotated(part=part, rows=rows, columns=columns):
                shape = self.text(rows) + (rf" \times {self.text(columns)}" if columns else "")
                return ATOM, rf"\underbrace{{{self.text(part)}}}_{{{shape}}}"
        raise TypeError(type(node).__name__)

    def _differential(self, sign: str, part: Node) -> str:
        return f"{sign} {self.text(part, FACTOR)}" if sign != "d" else f"d{self.text(part, FACTOR)}"

    def _second(self, first: Derivative, bottom: Node, sign: str, form: str) -> str:
        over = rf"{sign}^2 {self.text(first.top, FACTOR)}"
        if form == "square":
            return rf"\frac{{{over}}}{{{sign} {self._power(bottom, Number('2'))}}}"
        pair = (first.bottom, Transpose(bottom)) if form == "hessian" else (bottom, first.bottom)
        under = r" \, ".join(self._differential(sign, part) for part in pair)
        return rf"\frac{{{over}}}{{{under}}}"

    def _group(self, part: Node, bracket: str) -> str:
        inner = self.text(part)
        if bracket == "{":
            return f"{{{inner}}}"
        opening, closing = {"(": ("(", ")"), "[": ("[", "]"), "\\{": (r"\{", r"\}"), "⟪": (r"\lvert", r"\rvert")}[
            bracket
        ]
        if not any(tall in inner for tall in (r"\frac", r"\sum", r"\begin", r"\underbrace")):
            return f"{opening}{inner}{closing}" if bracket in "([" else f"{opening} {inner} {closing}"
        return rf"\left{opening} {inner} \right{closing}"

    def _sum(self, terms: tuple[Node, ...]) -> str:
        text = self.text(terms[0], SUM)
        for term in terms[1:]:
            negative = isinstance(term, Negative)
            part = term.part if isinstance(term, Negative) else term
            text += (" - " if negative else " + ") + self.text(part, TERM)
        return text

    def _over(self, node: Sum) -> str:
        sign = r"\prod" if isinstance(node, Multiple) else r"\sum"
        limits, body = node.limits, node.body
        for letter in sum_letters(limits)[1:]:
            if not isinstance(body, Sum) or body.var != letter or type(body) is not type(node):
                limits, body = "", node.body
                break
            body = body.body
        if not limits:
            limits = rf"_{{{node.var} \ne {node.apart}}}" if node.apart else f"_{node.var}"
        return f"{sign}{limits} {self.text(body, TERM)}"

    def _factor(self, node: Node, level: int, *, last: bool) -> str:
        if isinstance(node, Sum) and last:
            return self.text(node, TERM)
        if isinstance(node, Sum):
            return rf"\left( {self.text(node)} \right)"
        return self.text(node, level)

    def _product(self, factors: tuple[Node, ...]) -> str:
        text = ""
        for factor in factors:
            piece = self._factor(factor, FACTOR, last=factor is factors[-1])
            if text:
                digits = text[-1].isdigit() and piece[0].isdigit()
                text += r" \cdot " if digits else " "
            text += piece
        return text

    def _power(self, base: Node, exponent: Node) -> str:
        power = self.text(exponent)
        if isinstance(base, Entry | Column):
            _, inner = self._marked(base)
            return f"{inner}^{{{power}}}" if "^" not in inner else f"({inner})^{{{power}}}"
        if isinstance(base, Symbol) and base.layer is None and "^" not in base.base:
            return f"{name(base.base, None)}^{{{power}}}"
        if isinstance(base, Norm):
            return f"{self.text(base)}^{{{power}}}"
        return f"{self.text(base, ATOM)}^{{{power}}}"

    def _marked(self, node: Node) -> tuple[int, str]:
        """Transposes, inverses, entries and columns of a symbol share its sub- and superscript."""
        sub, core = "", node
        marks: list[str] = []
        while True:
            match core:
                case Transpose(part=part) if not sub or not marks:
                    marks.insert(0, r"\top")
                case Inverse(part=part, transposed=transposed):
                    marks.insert(0, r"-\top" if transposed else "-1")
                case Entry(part=part, row=row, column=column, example=True) if (
                    not sub and column is not None and not marks
                ):
                    sub = str(row)
                    marks = [f"({column})"]
                case Entry(part=part, row=row, column=column) if not sub and r"\top" not in marks:
                    sub = _indices(row, column)
                case Column(part=part, index=index) if f"({index})" not in marks and r"\top" not in marks[1:]:
                    marks.insert(0, f"({index})")
                case _:
                    break
            core = part
        if isinstance(core, Symbol) and not (sub and "_" in core.base):
            return FACTOR, name(core.spelled or core.base, core.layer, *marks, sub=sub)
        text = self.text(core, ATOM)
        if isinstance(core, Call):
            text = self.text(core)
        superscript = "".join(marks)
        text += f"_{{{sub}}}" if sub else ""
        return FACTOR, text + (r"^\top" if superscript == r"\top" else f"^{{{superscript}}}" if superscript else "")

    def _call(self, node: Call) -> tuple[int, str]:
        marks = (f"[{node.layer}]" if node.layer is not None else "") + r"\prime" * node.primes
        head = node.spelled or node.function
        if marks == r"\prime" * node.primes and node.primes:
            head += "'" * node.primes
        elif marks:
            head += f"^{{{marks}}}"
        if len(node.arguments) == 1 and isinstance(node.arguments[0], Group):
            return FACTOR, f"{head}{self.text(node.arguments[0])}"
        if len(node.arguments) == 1 and node.spelled.startswith("\\") and _bare(node.arguments[0]):
            return FACTOR, f"{head} {self.text(node.arguments[0], FACTOR)}"
        return FACTOR, rf"{head}\left( " + ", ".join(self.text(a) for a in node.arguments) + r" \right)"


def _bare(node: Node) -> bool:
    return isinstance(node, Symbol | Size | Entry | Column | Number | Quotient | Root)


def _indices(row: Index, column: Index | None) -> str:
    parts = [str(row)] + ([str(column)] if column is not None else [])
    return ",".join(parts) if any(len(part.lstrip("\\")) > 1 for part in parts) else "".join(parts)
