"""Fractions, derivatives, and sums over an index."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, cast

from lark import Token, Tree

from byhand.equations.names import factors, is_differential_d
from byhand.equations.problems import Span, Unreadable
from byhand.equations.reader_words import Branch, WordReader, token_text
from byhand.equations.tree import (
    Call,
    Column,
    Derivative,
    Entry,
    Extreme,
    Group,
    Letter,
    Multiple,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Size,
    Sum,
    Symbol,
    Transpose,
)
from byhand.equations.unknown import undefined
from byhand.equations.walk import mentions, walk
from byhand.equations.words import Word, head_and_subscript, parse_index, take_apart


class CalculusReader(WordReader):
    """Reads what is written with ∂, d and Σ."""

    def expression(self, tree: Branch) -> Node:
        """Read a sum of terms."""
        raise NotImplementedError

    def term(self, tree: Branch) -> Node:
        """Read one term."""
        raise NotImplementedError

    def product(self, tree: Branch) -> Node:
        """Read juxtaposed factors."""
        raise NotImplementedError

    def factors(self, parts: list[Branch], last: Node | None) -> list[Node]:
        """Read factors, with `last` a sum that ends them."""
        raise NotImplementedError

    def factor(self, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int]:
        """Read the factor at `k`."""
        raise NotImplementedError

    def fraction(self, tree: Branch, where: Span) -> Node:
        """Give a fraction, or a derivative written as one."""
        over, under = (part for part in tree.children if isinstance(part, Tree))
        found = self.derivative(factors(over), factors(under), where, slash=False)
        return found or Quotient(self.argument(over), self.argument(under), where=where)

    def derivative(self, over: list[Branch], under: list[Branch], where: Span, *, slash: bool) -> Node | None:
        """∂top/∂bottom, if both begin with ∂ or with a d that is no name's own."""
        if not over or not under:
            return None
        first, second = (take_apart(part[0], self.start) for part in (over, under))
        if is_second(first) and not (first.head == "d" and "d" in self.names.symbols):
            self._refuse_size_d(first, where)
            return self.second(over, under, where)
        signs = [word.head if word.head == r"\partial" or is_differential_d(word) else "" for word in (first, second)]
        if not all(signs):
            if r"\partial" in signs:
                raise Unreadable(where, "A derivative has ∂ above and below: \\frac{\\partial J}{\\partial W}.")
            return None
        for word, part in ((first, over), (second, under)):
            if len(part) > 1 and not self.adjacent(word.where, take_apart(part[1], self.start).where):
                raise Unreadable(
                    word.where, "What is differentiated follows at once: \\frac{\\partial J}{\\partial W}."
                )
        if first.after or second.after:
            raise Unreadable(
                where, "Derivatives are read up to the second: \\frac{\\partial^2 J}{\\partial w_j \\, \\partial w_k}."
            )
        if len(over) < 2 or len(under) < 2:
            raise Unreadable(where, "A derivative names what is differentiated: \\frac{\\partial J}{\\partial W}.")
        if signs == ["d", "d"]:
            own = [
                self.known(replace(w, head="d" + w.head)) for w in (take_apart(p[1], self.start) for p in (over, under))
            ]
            if all(own):
                raise Unreadable(
                    where, "Both a quotient of two names and a derivative: write \\partial for the derivative."
                )
        top = self.factors(over[1:], None)
        bottom = self.factors(under[1:], None)
        if len(bottom) != 1 or not (isinstance(bottom[0], Symbol | Entry | Column) or is_stacked(bottom[0])):
            raise Unreadable(where, "What stands under a derivative is one symbol, entry or column.")
        whole = top[0] if len(top) == 1 else Product(tuple(top), where=(top[0].where[0], top[-1].where[1]))
        return Derivative(whole, bottom[0], signs[0], slash, where=where)

    def second(self, over: list[Branch], under: list[Branch], where: Span) -> Node:
        """Read ∂²J/∂x∂y, ∂²J/∂x² and ∂²J/∂x∂y^T."""
        sign = take_apart(over[0], self.start).head
        groups: list[list[Branch]] = []
        for part in under:
            if take_apart(part, self.start).head == sign:
                groups.append([])
            elif groups:
                groups[-1].append(part)
        bottoms = [found[0] for group in groups if len(found := self.factors(group, None)) == 1]
        whole = self.factors(over[1:], None)
        if len(bottoms) != len(groups) or not whole or not bottoms:
            raise Unreadable(
                where, f"A second derivative is written \\frac{{{sign}^2 J}}{{{sign} w_j \\, {sign} w_k}}."
            )
        top = whole[0] if len(whole) == 1 else Product(tuple(whole), where=(whole[0].where[0], whole[-1].where[1]))
        form: Literal["second", "square", "hessian"] = "second"
        if len(bottoms) == 1 and isinstance(bottoms[0], Power) and bottoms[0].exponent == Number("2"):
            form, bottoms = "square", [ungrouped(bottoms[0].base)] * 2
        elif len(bottoms) == 2 and isinstance(bottoms[1], Transpose):
            form, bottoms = "hessian", [bottoms[1].part, bottoms[0]]
        if len(bottoms) != 2:
            raise Unreadable(where, f"{sign}^2 above needs two derivatives below, and here is one of them.")
        for bottom in bottoms:
            if not isinstance(bottom, Symbol | Entry):
                raise Unreadable(bottom.where, "What stands under a second derivative is a symbol or an entry.")
        inner = Derivative(top, bottoms[1], sign, where=where)
        return Derivative(inner, bottoms[0], sign, form=form, where=where)

    def _refuse_size_d(self, word: Word, where: Span) -> None:
        if word.head == "d" and "d" in self.names.sizes:
            raise Unreadable(where, "d is a size on this page: write \\partial for the derivative.")

    def operator(self, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int] | None:
        """Read ∂/∂x (…), a derivative of the factor that follows, if there is one at `k`."""
        tree = cast(Branch, cast(Branch, parts[k].children[0]).children[0])
        over, under = (factors(part) for part in tree.children if isinstance(part, Tree))
        signs = [take_apart(side[0], self.start) if side else None for side in (over, under)]
        if len(over) != 1 or len(under) < 2 or None in signs or len(parts[k].children) > 1:
            return None
        first, second = (cast(Word, sign) for sign in signs)
        if first.head != second.head or not (first.head == r"\partial" or is_differential_d(first)):
            return None
        if first.head == "d" and "d" in self.names.symbols:
            return None
        where = self.span(tree)
        self._refuse_size_d(first, where)
        bottom = self.factors(under[1:], None)
        if len(bottom) != 1 or not (isinstance(bottom[0], Symbol | Entry | Column) or is_stacked(bottom[0])):
            raise Unreadable(where, "What stands under a derivative is one symbol, entry or column.")
        if k + 1 < len(parts):
            top, after = self.factor(parts, k + 1, last)
            if after < len(parts) or (last is not None and not took(top, last)):
                raise Unreadable(where, "How far this derivative reaches has two readings: put parentheses around it.")
        elif last is not None:
            top, after = last, k + 1
        else:
            raise Unreadable(where, "A derivative names what is differentiated: \\frac{\\partial J}{\\partial W}.")
        end = (where[0], top.where[1])
        return Derivative(top, bottom[0], first.head, form="operator", where=end), after

    def sum(self, limits: Token, body: Branch) -> Node:
        r"""\\sum or \\prod with its limits; it takes the whole term that follows."""
        where = self.span(limits)
        sign = r"\prod" if str(limits).startswith(r"\prod") else r"\sum"
        name = "A product" if sign == r"\prod" else "A sum"
        text = re.sub(rf"^\{sign}(\\limits|\\nolimits)?", "", str(limits)).strip()
        lower, upper = _limits(text)
        names, equals, low = lower.partition("=")
        one, differs, other = re.sub(r"\\neq?(?![A-Za-z])", "≠", names).partition("≠")
        found = [parse_index(part) for part in one.split(",")]
        apart = parse_index(other) if differs else None
        plain = [index.var for index in found if index is not None and index.var is not None and not index.offset]
        if len(plain) < len(found) or (differs and (apart is None or (apart.offset and apart.var) or len(found) > 1)):
            example = rf"{sign}_{{i=1}}^{{m}}"
            raise Unreadable(
                where, f"{name} needs its index: {example}; others are {sign}_{{i,j}} and {sign}_{{i \\ne j}}."
            )
        if len(set(plain)) < len(plain) or (apart and apart.var in plain):
            raise Unreadable(where, "One letter stands twice under this sign.")
        self.bound.extend(plain)
        inner = self.term(body) if body.data in ("term", "big") else self.product(body)
        del self.bound[len(self.bound) - len(plain) :]
        first = self.limit(low, where) if equals else None
        final = self.limit(upper, where) if upper else None
        for var in plain:
            refuse_idle(sign, var, inner, where)
            layers = any(getattr(n, "layer", None) is not None and n.layer.var == var for n in walk(inner))  # type: ignore[attr-defined]
            if layers and (first is None or final is None):
                raise Unreadable(where, f"{name} over layers needs both limits: {sign}_{{l=1}}^{{L}}.")
        shown = re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", text)
        kind = Multiple if sign == r"\prod" else Sum
        for var in reversed(plain):
            written = shown if var == plain[0] else ""
            inner = kind(var, first, final, inner, written, apart, where=(where[0], inner.where[1]))
        return inner

    def limit(self, text: str, where: Span) -> Node:
        """Give a limit of a sum: a number, a size, or a layer."""
        text = text.strip()
        if text.isdigit():
            return Number(text, where=where)
        head, own = head_and_subscript(text)
        size = self.names.find_size(head, own, frozenset(self.layers | set(self.bound)))
        if size:
            return Size(size[0], parse_index(size[1]) if size[1] is not None else None, where=where)
        index = parse_index(text)
        if index is not None and index.var in self.layers:
            return Letter(index, where=where)
        if "^" in text:
            match = re.fullmatch(
                r"(\\?[A-Za-z]+)\^\{?\[(.*?)\]\}?", re.sub(r"\s", "", text).replace("{[", "[").replace("]}", "]")
            )
            if match and match[1] + "^" in self.names.sizes:
                return Size(match[1] + "^", parse_index(match[2]), where=where)
        raise undefined(text, where)


def refuse_idle(sign: str, var: str, inner: Node, where: Span) -> None:
    r"""Refuse a sum or \max over an index that does not occur in it; a product may be a power."""
    if isinstance(inner, Number) or mentions(inner, var) or sign == r"\prod":
        return
    what, instead = ("compared, so every number", f" or leave {sign} out")
    if sign == r"\sum":
        what, instead = ("summed, so every term", " or write the factor instead of the sum")
    raise Unreadable(
        (where[0], inner.where[1]),
        f"The index {var} does not occur in what is {what} is the same.",
        f"Name the entry or column that {var} stands for,{instead}.",
    )


def is_second(word: Word) -> bool:
    """Whether a word is ∂² or d²."""
    powers = [token_text(tree) for kind, tree in word.after if kind == "power"]
    return word.head in (r"\partial", "d") and word.sub is None and word.layer is None and powers == ["2"]


def ungrouped(node: Node) -> Node:
    """Give what stands in parentheses."""
    return node.part if isinstance(node, Group) else node


def took(node: Node, last: Node) -> bool:
    """Whether a function or derivative took the sum that ends a product."""
    if isinstance(node, Extreme):
        return node.body is last or took(node.body, last)
    if isinstance(node, Derivative):
        return node.form == "operator" and (node.top is last or took(node.top, last))
    return isinstance(node, Call) and len(node.arguments) == 1 and node.arguments[0] is last


def refuse_open_derivative(node: Node) -> None:
    """Refuse ∂/∂x f in a product with others, where it is not said how far the derivative reaches."""
    node = node.factors[-1] if isinstance(node, Product) else node
    if isinstance(node, Derivative) and node.form == "operator" and not isinstance(node.top, Group):
        raise Unreadable(node.where, "How far this derivative reaches has two readings: put parentheses around it.")


def is_stacked(node: Node) -> bool:
    """Whether a node is vec of one symbol."""
    inner = node.arguments[0] if isinstance(node, Call) and node.function == "vec" and node.arguments else node
    return inner is not node and isinstance(inner.part if isinstance(inner, Group) else inner, Symbol)


def _limits(text: str) -> tuple[str, str]:
    found = {"_": "", "^": ""}
    for match in re.finditer(r"([_^])\s*(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\[A-Za-z]+|.)", text):
        inner = match[2]
        found[match[1]] = inner[1:-1] if inner.startswith("{") else inner
    return found["_"], found["^"]
