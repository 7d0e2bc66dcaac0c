"""Functions with their arguments, and everything in brackets: fractions, derivatives, norms, cases, sums."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from lark import Token, Tree

from byhand.equations.functions import BY_NAME
from byhand.equations.names import factors, is_differential_d
from byhand.equations.problems import Span, Unreadable
from byhand.equations.reader_words import Branch, WordReader, token_text
from byhand.equations.tree import (
    Annotated,
    Call,
    Cases,
    Column,
    Condition,
    Derivative,
    Entry,
    Group,
    Inner,
    Letter,
    Node,
    Norm,
    Number,
    Product,
    Quotient,
    Root,
    Size,
    Sum,
    Symbol,
)
from byhand.equations.unknown import undefined
from byhand.equations.walk import walk
from byhand.equations.words import Word, parse_index, take_apart

_COMPARE = {r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\lt": "<", r"\gt": ">", "≤": "<=", "≥": ">="}


class BracketReader(WordReader):
    """Reads what is more than a word and less than a product."""

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

    # ---- functions

    def call(self, word: Word, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int]:
        """Give a function applied to what follows it."""
        if word.sub is not None or word.column is not None or word.step is not None:
            raise Unreadable(word.where, f"A subscript on the function {word.head} cannot be read.")
        layer = self.layer(word.layer, word.where)
        row = BY_NAME.get(word.head)
        own = word.head in self.names.functions
        name = row.latex if row and not own else word.head
        spelled = word.head if word.kind != "OPERATOR_NAME" else rf"\operatorname{{{word.head}}}"
        outer = list(word.after)
        if any(token_text(mark[1]).startswith("-") for mark in outer):
            raise Unreadable(
                word.where,
                f"{word.head}^{{-1}} has two readings: the inverse function, or one divided by {word.head}(…).",
                f"Write \\frac{{1}}{{{spelled}(…)}} for the quotient.",
            )
        if any(mark[0] != "power" for mark in outer):
            raise Unreadable(word.where, f"A transpose on the function {word.head}: put it after the brackets.")
        head = Call(name, (), layer, word.primes, spelled, where=word.where)
        if k + 1 < len(parts):
            first = cast(Branch, parts[k + 1].children[0]).children[0]
            after = take_apart(parts[k + 1], self.start)
            self._refuse_gap(word, after.where)
            if isinstance(first, Tree) and first.data in ("parenthesis", "bracket", "set_braces"):
                arguments = [self.expression(part) for part in first.children if isinstance(part, Tree)]
                where = (word.where[0], after.where[1])
                if len(arguments) == 1:
                    arguments = [Group(arguments[0], _bracket(first), where=self.span(first))]
                node: Node = replace(head, arguments=tuple(arguments), where=where)
                if outer:
                    node = self.power(node, self.argument(cast(Branch, outer[0][1])), where)
                return self.scripts(node, replace(after, head="", where=where)), k + 2
        if not row or own:
            raise Unreadable(word.where, f"{word.head} is a function here: write {word.head}(…) with its argument.")
        if outer:
            raise Unreadable(word.where, f"Write the argument of {word.head} in parentheses.")
        if k + 1 >= len(parts):
            if last is None:
                raise Unreadable(word.where, f"{word.head} has no argument.")
            self._refuse_gap(word, last.where)
            return replace(head, arguments=(last,), where=(word.where[0], last.where[1])), k + 1
        argument, after_k = self.factor(parts, k + 1, last)
        if after_k < len(parts) and not isinstance(argument, Call):
            self._refuse_run(word, parts[after_k])
        return replace(head, arguments=(argument,), where=(word.where[0], argument.where[1])), after_k

    def _refuse_gap(self, word: Word, argument: Span) -> None:
        if not self.adjacent(word.where, argument):
            raise Unreadable(
                (word.where[0], argument[0]),
                f"{word.head} is a function, and its argument follows at once: write {word.head}(…).",
            )

    def _refuse_run(self, word: Word, following: Branch) -> None:
        after = take_apart(following, self.start)
        if not self.is_function(after):
            raise Unreadable(
                (word.where[0], after.where[1]),
                f"How far {word.head} reaches here has two readings: put its argument in parentheses.",
            )

    # ---- everything in brackets

    def bracket(self, tree: Branch, word: Word) -> Node:
        """Give a factor that begins with a bracket, a fraction, a norm, cases and the like."""
        parts = [part for part in tree.children if isinstance(part, Tree)]
        where = self.span(tree)
        match tree.data:
            case "parenthesis" | "bracket" | "set_braces" | "group":
                if len(parts) > 1:
                    raise Unreadable(where, "A list in brackets stands only after a function, as in \\max(0, Z).")
                node: Node = Group(self.expression(parts[0]), _bracket(tree), where=where)
            case "fraction":
                node = self.fraction(tree, where)
            case "root":
                node = Root(self.argument(parts[0]), where=where)
            case "norm":
                node = Norm(self.expression(parts[0]), where=where)
            case "absolute":
                inner = self.expression(parts[0])
                node = Call("abs", (Group(inner, "⟪", where=inner.where),), spelled="", where=where)
            case "inner":
                node = Inner(self.expression(parts[0]), self.expression(parts[1]), where=where)
            case "annotated":
                sizes = [self.expression(part) for part in parts[1].children if isinstance(part, Tree)]
                columns = sizes[1] if len(sizes) > 1 else None
                node = Annotated(self.expression(parts[0]), sizes[0], columns, where=where)
            case "cases":
                node = self.cases(parts, where)
            case "braces":
                condition = self.condition(next(part for part in parts[0].children if isinstance(part, Tree)))
                node = Cases((Number("1"), Number("0")), (condition,), where=where)
            case _:
                raise Unreadable(where, "This cannot be read here.")
        return self.scripts(node, word)

    def cases(self, branches: list[Branch], where: Span) -> Node:
        """Read the branches of cases."""
        values, conditions = [], []
        for number, branch in enumerate(branches):
            values.append(self.expression(cast(Branch, branch.children[0])))
            condition = branch.children[-1]
            if isinstance(condition, Tree):
                conditions.append(self.condition(condition))
            elif number != len(branches) - 1:
                raise Unreadable(self.span(branch), "“otherwise” belongs to the last branch.")
        return Cases(tuple(values), tuple(conditions), where=where)

    def condition(self, tree: Branch) -> Condition:
        """Read a comparison."""
        left, sign, right = tree.children
        relation = _COMPARE.get(str(sign), str(sign))
        sides = self.expression(cast(Branch, left)), self.expression(cast(Branch, right))
        return Condition(sides[0], relation, sides[1], where=self.span(tree))

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
            raise Unreadable(where, "Second derivatives are not in the language.")
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
        if len(bottom) != 1 or not isinstance(bottom[0], Symbol | Entry | Column):
            raise Unreadable(where, "What stands under a derivative is one symbol, entry or column.")
        whole = top[0] if len(top) == 1 else Product(tuple(top), where=(top[0].where[0], top[-1].where[1]))
        return Derivative(whole, bottom[0], signs[0], slash, where=where)

    def sum(self, limits: Token, body: Branch) -> Node:
        r"""\\sum with its limits; it takes the whole term that follows."""
        where = self.span(limits)
        text = re.sub(r"^\\sum(\\limits|\\nolimits)?", "", str(limits)).strip()
        lower, upper = _limits(text)
        var, equals, low = lower.partition("=")
        index = parse_index(var)
        if index is None or index.var is None or index.offset:
            raise Unreadable(where, "A sum needs its index: \\sum_{i=1}^{m}.")
        self.bound.append(index.var)
        inner = self.term(body) if body.data in ("term", "big") else self.product(body)
        self.bound.pop()
        first = self.limit(low, where) if equals else None
        final = self.limit(upper, where) if upper else None
        end = (where[0], inner.where[1])
        total = Sum(index.var, first, final, inner, text.replace(" ", ""), where=end)
        over_layers = any(getattr(n, "layer", None) is not None and n.layer.var == index.var for n in walk(inner))  # type: ignore[attr-defined]
        if over_layers and (first is None or final is None):
            raise Unreadable(where, "A sum over layers needs both limits: \\sum_{l=1}^{L}.")
        return total

    def limit(self, text: str, where: Span) -> Node:
        """Give a limit of a sum: a number, a size, or a layer."""
        text = text.strip()
        if text.isdigit():
            return Number(text, where=where)
        head, _, own = re.sub(r"[{}\s]", "", text).partition("_")
        size = self.names.find_size(head, own or None, frozenset(self.layers | set(self.bound)))
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


def _bracket(tree: Branch) -> str:
    return {"parenthesis": "(", "bracket": "[", "set_braces": "\\{", "group": "{"}[str(tree.data)]


def _limits(text: str) -> tuple[str, str]:
    found = {"_": "", "^": ""}
    for match in re.finditer(r"([_^])\s*(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\[A-Za-z]+|.)", text):
        inner = match[2]
        found[match[1]] = inner[1:-1] if inner.startswith("{") else inner
    return found["_"], found["^"]
