"""Functions with their arguments, and everything in brackets: fractions, norms, cases."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from lark import Token, Tree

from byhand.equations.functions import BY_NAME
from byhand.equations.problems import Span, Unreadable
from byhand.equations.reader_calculus import CalculusReader, refuse_idle, took
from byhand.equations.reader_words import Branch, token_text
from byhand.equations.tree import (
    Annotated,
    Blocks,
    Call,
    Cases,
    Condition,
    Extreme,
    Group,
    Inner,
    Node,
    Norm,
    Number,
    Root,
)
from byhand.equations.words import Word, parse_index, take_apart

_COMPARE = {r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\lt": "<", r"\gt": ">", "≤": "<=", "≥": ">="}


class BracketReader(CalculusReader):
    """Reads what is more than a word and less than a product."""

    # ---- functions

    def call(self, word: Word, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int]:
        """Give a function applied to what follows it."""
        if word.head in (r"\max", r"\min") and word.sub is not None:
            return self.extreme(word, parts, k, last)
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

    def extreme(self, word: Word, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int]:
        """Read the largest or smallest over an index; it takes the one factor that follows."""
        index = parse_index(str(word.sub))
        if index is None or index.var is None or index.offset or word.after or word.primes or word.layer or word.column:
            raise Unreadable(word.where, f"{word.head} over an index is written {word.head}_k z_k.")
        self.bound.append(index.var)
        body, after = (last, k + 1) if k + 1 >= len(parts) else self.factor(parts, k + 1, last)
        self.bound.pop()
        if body is None:
            raise Unreadable(word.where, f"{word.head} has no argument.")
        closed = isinstance(body, Group)
        if not closed and (after < len(parts) or (last is not None and body is not last and not took(body, last))):
            raise Unreadable(
                (word.where[0], body.where[1]),
                f"How far {word.head} reaches here has two readings: put its argument in parentheses.",
            )
        refuse_idle(word.head, index.var, body, word.where)
        return Extreme(index.var, None, None, body, sign=word.head, where=(word.where[0], body.where[1])), after

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
            case "blocks":
                node = self.blocks(tree, where)
            case "braces":
                condition = self.condition(next(part for part in parts[0].children if isinstance(part, Tree)))
                one = cast(Token, tree.children[0])
                opens = self.statement.text[cast(int, one.end_pos) :].lstrip()[0]
                mark = (r"\mathbb{1}" if "bb" in one else r"\mathbf{1}") + opens
                node = Cases((Number("1"), Number("0")), (condition,), mark, where=where)
            case _:
                raise Unreadable(where, "This cannot be read here.")
        return self.scripts(node, word)

    def blocks(self, tree: Branch, where: Span) -> Node:
        """Read a matrix that is written out."""
        tokens = [str(token) for token in tree.children if isinstance(token, Token)]
        kinds = {token.partition("{")[2].rstrip("}") for token in tokens if "matrix" in token}
        branches = [row for row in tree.children if isinstance(row, Tree)]
        rows = [[self.expression(cast(Branch, part)) for part in row.children] for row in branches]
        if len(kinds) > 1:
            raise Unreadable(where, "This matrix begins with one kind of bracket and ends with another.")
        across = len(rows[0])
        for number, row in enumerate(rows, 1):
            if len(row) != across:
                raise Unreadable(where, f"The first row has {across} blocks, and row {number} has {len(row)}.")
        return Blocks(tuple(part for row in rows for part in row), across, kinds.pop(), where=where)

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


def _bracket(tree: Branch) -> str:
    return {"parenthesis": "(", "bracket": "[", "set_braces": "\\{", "group": "{"}[str(tree.data)]
