"""From the parse tree to the syntax tree: every word gets its meaning from the names of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import cast

from lark import Token, Tree

from byhand.equations.names import factors, is_differential_d
from byhand.equations.problems import Unreadable
from byhand.equations.reader_brackets import BracketReader
from byhand.equations.reader_calculus import refuse_open_derivative, took
from byhand.equations.reader_words import Branch
from byhand.equations.tree import (
    Add,
    Hadamard,
    Kronecker,
    Negative,
    Node,
    Number,
    Product,
    Quotient,
    Sum,
)
from byhand.equations.words import Word, between, take_apart


class Reader(BracketReader):
    """Reads expressions of one statement."""

    # ---- sums of terms

    def expression(self, tree: Branch) -> Node:
        """Read terms with their signs."""
        if tree.data in ("shape", "argument", "numerator"):
            return self.argument(tree)
        terms: list[Node] = []
        negative, sign_at = False, 0
        for part in tree.children:
            if isinstance(part, Token):
                negative, sign_at = part.type == "MINUS", self.span(part)[0]
                continue
            node = self.term(part)
            terms.append(Negative(node, where=(sign_at, node.where[1])) if negative else node)
            negative = False
        return terms[0] if len(terms) == 1 else Add(tuple(terms), where=self.span(tree))

    def argument(self, tree: Branch) -> Node:
        """Say what stands in braces, or the single sign that TeX takes."""
        parts = [p for p in tree.children if isinstance(p, Tree) or p.type not in ("LBRACE", "RBRACE")]
        if len(parts) > 1:
            raise Unreadable(self.span(tree), r"\times stands in shapes only; write 2 \cdot 3, A B or A \odot B.")
        part = parts[0]
        if isinstance(part, Tree):
            return self.expression(part)
        if part.type == "DIGIT":
            return Number(str(part), where=self.span(part))
        word = Word(str(part), self.span(part), part.type)
        return self.word(word)

    def term(self, tree: Branch) -> Node:
        """Products joined by ⊙ and /, or a sum over an index."""
        operands: list[Branch] = []
        signs: list[Token] = []
        while tree.data == "term" and len(tree.children) == 3:
            operands.append(cast(Branch, tree.children[0]))
            signs.append(cast(Token, cast(Branch, tree.children[1]).children[0]))
            tree = cast(Branch, tree.children[2])
        operands.append(cast(Branch, tree.children[0]) if tree.data == "term" else tree)
        slashes = [k for k, sign in enumerate(signs) if sign.type == "SLASH"]
        if len(slashes) > 1:
            raise Unreadable(self.span(signs[slashes[1]]), "a / b / c has two readings: write it with \\frac.")
        parts: list[Node] = []
        k = 0
        while k < len(operands):
            if k in slashes:
                parts.append(self.slash(operands[k], operands[k + 1], signs[k]))
                k += 2
            else:
                parts.append(self.product(operands[k]))
                k += 1
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            refuse_open_derivative(part)
        crosses = [k for k, sign in enumerate(signs) if sign.type == "KRONECKER"]
        where = (parts[0].where[0], parts[-1].where[1])
        if crosses and len(crosses) < len(signs):
            raise Unreadable(
                self.span(signs[crosses[0]]), "\\otimes beside \\odot or / has two readings: use parentheses."
            )
        if crosses:
            return Kronecker(tuple(parts), where=where)
        sign = next(str(sign) for sign in signs if sign.type != "SLASH")
        if sign in ("*", r"\ast", r"\circ"):
            self.note(f"{sign} is \\odot, entry by entry")
        return Hadamard(tuple(parts), sign, where=where)

    def slash(self, over: Branch, under: Branch, sign: Token) -> Node:
        """Read `a / b` and `∂J / ∂W`."""
        found = self.derivative(factors(over), factors(under), self.span(over), slash=True)
        if found:
            return found
        bottom = self.product(under)
        if isinstance(bottom, Product | Sum) or under.data == "big":
            raise Unreadable(self.span(sign), "a / b c has two readings: write \\frac or parentheses.")
        top = self.product(over)
        return Quotient(top, bottom, slash=True, where=(top.where[0], bottom.where[1]))

    # ---- products

    def product(self, tree: Branch) -> Node:
        """Juxtaposed factors; a sum at the end takes the rest of the term."""
        if tree.data == "term":
            return self.term(tree)
        if tree.data == "big":
            *before, limits, body = tree.children
            total = self.sum(cast(Token, limits), cast(Branch, body))
            if not before:
                return total
            parts = [p for p in cast(Branch, before[0]).children if isinstance(p, Tree)]
            nodes = self.factors(parts, total)
        else:
            nodes = self.factors([p for p in tree.children if isinstance(p, Tree)], None)
        return nodes[0] if len(nodes) == 1 else Product(tuple(nodes), where=(nodes[0].where[0], nodes[-1].where[1]))

    def factors(self, parts: list[Branch], last: Node | None) -> list[Node]:
        """Join d with its symbol and functions with their arguments; `last` is a sum that ends the product."""
        self._refuse_numbers(parts)
        nodes: list[Node] = []
        k = 0
        while k < len(parts):
            node, k = self.factor(parts, k, last)
            nodes.append(node)
        if last is not None and not (nodes and took(nodes[-1], last)):
            nodes.append(last)
        return nodes

    def _refuse_numbers(self, parts: list[Branch]) -> None:
        """Refuse `3 4`, which TeX shows as 34."""
        for left, right in pairwise(parts):
            first, second = edge_number(left, -1), edge_number(right, 0)
            if first is None or second is None:
                continue
            where = self.span(left), self.span(right)
            if not re.search(r"\\cdot(?![A-Za-z])|·", between(self.statement.source, self.start, *where)):
                raise Unreadable(
                    (where[0][0], where[1][1]),
                    f"{first} and {second} side by side are seen as {first}{second}.",
                    f"Write {first}{second} or {first} \\cdot {second}.",
                )

    def factor(self, parts: list[Branch], k: int, last: Node | None) -> tuple[Node, int]:
        """Give the factor at `k`, and where the next one begins."""
        word = self._ungrouped(take_apart(parts[k], self.start), parts[k])
        if is_differential_d(word) and k + 1 < len(parts):
            following = take_apart(parts[k + 1], self.start)
            together = self.adjacent(word.where, following.where)
            joined = replace(following, head="d" + following.head, where=(word.where[0], following.where[1]))
            if together and following.head and following.kind != "NUMBER" and self.known(joined):
                return self.word(joined), k + 2
            if together and "d" not in self.names.symbols and following.head:
                return self.word(joined), k + 2  # which says that it is undefined
        if word.head == r"\nabla":
            raise self._gradient(word, parts[k + 1 : k + 2])
        if word.head == r"\partial":
            raise Unreadable(word.where, "A derivative is written \\frac{\\partial J}{\\partial W}.")
        if self.is_function(word):
            return self.call(word, parts, k, last)
        first = cast(Branch, parts[k].children[0]).children[0]
        if isinstance(first, Tree) and first.data == "fraction":
            found = self.operator(parts, k, last)
            if found:
                return found
            return self.scripts(self.fraction(first, word.where), word), k + 1
        return (self.word(word) if word.head else self.bracket(cast(Branch, first), word)), k + 1

    def _gradient(self, word: Word, following: list[Branch]) -> Unreadable:
        r"""Give the message about \nabla_w J."""
        low, high = self.span(following[0]) if following else (0, 0)
        top = self.statement.source[low - self.start : high - self.start] if following else "J"
        return Unreadable(
            word.where,
            r"\nabla is not in the language: it does not say whether it is a column or a row.",
            rf"Write \frac{{\partial {top}}}{{\partial {word.sub or 'w'}}}, which has the shape of {word.sub or 'w'}.",
        )

    def _ungrouped(self, word: Word, factor: Branch) -> Word:
        """Read `{g^{[1]}}'`, as TeX wants it for a prime behind a superscript: the marks are on the function."""
        first = cast(Branch, factor.children[0]).children[0]
        if word.head or not isinstance(first, Tree) or first.data != "group" or word.layer or word.sub or word.column:
            return word
        inner = factors(next(part for part in first.children if isinstance(part, Tree)))
        if len(inner) != 1:
            return word
        own = take_apart(inner[0], self.start)
        if not self.is_function(own):
            return word
        return replace(own, where=word.where, primes=own.primes + word.primes, after=[*own.after, *word.after])


def edge_number(factor: Branch, side: int) -> Token | None:
    """Give the number that a factor begins with (side 0) or ends with (side -1), also inside braces, if it does."""
    if side == -1 and len(factor.children) > 1:
        return None
    first = cast(Branch, factor.children[0]).children[0]
    if isinstance(first, Token):
        return first if first.type == "NUMBER" else None
    if first.data != "group":
        return None
    inner = next(part for part in first.children if isinstance(part, Tree))
    parts = factors(inner)
    return edge_number(parts[side], side) if parts else None
