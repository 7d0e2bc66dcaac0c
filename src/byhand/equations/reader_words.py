"""What a word means: a symbol, an entry or column of it, a size, a constant; or nothing that the page introduces."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from lark import Token, Tree

from byhand.equations.functions import BY_NAME
from byhand.equations.latex import name
from byhand.equations.names import Names
from byhand.equations.problems import Span, Unreadable
from byhand.equations.statements import Statement
from byhand.equations.tree import (
    Column,
    Delta,
    Entry,
    Identity,
    Index,
    Inverse,
    Letter,
    Node,
    Norm,
    Number,
    Ones,
    Power,
    Size,
    Symbol,
    Transpose,
)
from byhand.equations.unknown import LETTERS, near, undefined, unheard
from byhand.equations.words import Word, adjacent, head_and_subscript, parse_index, span, split_indices

Branch = Tree[Token]


class WordReader:
    """Reads the words of one statement; `parameter` is the letter of a function being defined."""

    def __init__(
        self, names: Names, statement: Statement, layers: frozenset[str], parameter: str | None = None
    ) -> None:
        self.names = names
        self.statement = statement
        self.start = statement.start
        self.layers = layers | ({names.depth} if names.depth else set())
        self.parameter = parameter
        self.bound: list[str] = []
        self.notes: list[str] = []

    def span(self, tree: Branch | Token) -> Span:
        """Where a piece of the parse tree stands in the block."""
        return span(tree, self.start)

    def adjacent(self, left: Span, right: Span) -> bool:
        """Whether two parts stand together, so that they may be one name, or a function and its argument."""
        return adjacent(self.statement.source, self.start, left, right)

    def argument(self, tree: Branch) -> Node:
        """Read what stands in braces."""
        raise NotImplementedError

    # ---- words

    def known(self, word: Word) -> bool:
        """Whether the word begins with an introduced name."""
        if self.names.find(word.head, word.sub) or self.squared(word):
            return True
        return word.column is not None and self.names.find(_capital(word.head), word.sub) is not None

    def is_function(self, word: Word) -> bool:
        """Whether the word is a function: of the page, of the table, or the undeclared g."""
        if not word.head or word.kind == "NUMBER" or word.head == self.parameter:
            return False
        if word.head in self.names.functions:
            return True
        if word.head in self.names.symbols or self.squared(word):
            return False
        return word.head in BY_NAME or word.head == "g"

    def squared(self, word: Word) -> str | None:
        r"""Give the name such as \\sigma^2 that a word with the power 2 spells, if a statement introduces it."""
        if not word.after or word.after[0][0] != "power" or token_text(word.after[0][1]) != "2":
            return None
        whole = f"{word.head}_{word.sub}^2" if word.sub is not None else f"{word.head}^2"
        if whole in self.names.symbols:
            return whole
        return f"{word.head}^2" if f"{word.head}^2" in self.names.symbols else None

    def layer(self, text: str | None, where: Span) -> Index | None:
        """Give the layer of a mark [l], checked."""
        if text is None:
            return None
        index = parse_index(text)
        if index is None:
            raise Unreadable(where, f"[{text}] is not a layer: a layer is a number, a letter, or l-1.")
        if index.var is not None and index.var not in self.layers and index.var not in self.bound:
            raise Unreadable(
                where,
                f"The layer {index.var} has no range.",
                f"Write it on the same row: \\quad {index.var} = 1, \\dots, L.",
            )
        return index

    def word(self, word: Word) -> Node:
        """Give a word that is not a function: a symbol, an entry or column of it, a size, or a constant."""
        if word.head == self.parameter and word.sub is None:
            return self.scripts(Symbol(word.head, where=word.where), word)
        if word.kind == "NUMBER" and any(kind == "top" for kind, _ in word.after):
            raise Unreadable(word.where, "A number has no transpose; a column of ones is \\mathbf{1}.")
        if word.kind == "NUMBER":
            return self.scripts(Number(word.head, where=word.where), word)
        if word.head in ("I", r"\mathrm{I}") and word.head not in self.names.symbols:
            return self.scripts(Identity(self.size(word.sub, word.where), where=word.where), replace(word, sub=None))
        if word.head in (r"\mathbf{1}", r"\mathbb{1}", r"\boldsymbol{1}") and word.head not in self.names.symbols:
            ones = Ones(self.size(word.sub, word.where), word.head, where=word.where)
            return self.scripts(ones, replace(word, sub=None))
        if word.head == r"\delta" and word.sub and r"\delta" not in self.names.symbols:
            pair = split_indices(word.sub)
            if pair and len(pair) == 2:
                return self.scripts(Delta(*pair, where=word.where), replace(word, sub=None))
        squared = self.squared(word)
        if squared:
            own = squared == f"{word.head}_{word.sub}^2"
            return self.symbol(squared, None if own else word.sub, replace(word, after=word.after[1:]))
        found = self.names.find(word.head, word.sub)
        spelled = ""
        if found is None and word.column is not None:
            capital = _capital(word.head)
            found = self.names.find(capital, word.sub)
            if found:
                spelled = word.head + (f"_{word.sub}" if word.sub is not None and found[1] is None else "")
                self.note_column(word, word.head, found[0])
        if found is None:
            return self.other(word)
        if found[1] is None and word.sub is not None and (found[0] in self.names.upright) != word.upright:
            plain, upright = f"{word.head}_{{{word.sub}}}", rf"{word.head}_{{\mathrm{{{word.sub}}}}}"
            self.note(f"{upright} is {plain}" if word.upright else f"{plain} is {upright}")
        return self.symbol(*found, word, spelled)

    def symbol(self, base: str, sub: str | None, word: Word, spelled: str = "") -> Node:
        """Give a symbol with its layer, then the entry or column that its marks pick out."""
        if word.primes:
            raise Unreadable(word.where, f"{word.head} is not a function here, so it has no derivative {word.head}'.")
        if word.step is not None:
            raise Unreadable(word.where, "Time steps ⟨t⟩ are not in the language.")
        if word.column is not None and f"{base}^({word.column})" in self.names.symbols:
            base, word = f"{base}^({word.column})", replace(word, column=None)
        if word.column is not None and word.column.isdigit():
            self.note_column(word, word.head, base)
        node: Node = Symbol(base, self.layer(word.layer, word.where), spelled, where=word.where)
        return self.scripts(node, replace(word, sub=sub, layer=None))

    def other(self, word: Word) -> Node:
        """Give a word that no statement introduces: a size, e, an index used as a number, π; or undefined."""
        layers = self.layers | set(self.bound)
        size = self.names.find_size(word.head, word.sub, frozenset(layers))
        plain = word.layer is None and word.column is None
        if size and plain:
            index = parse_index(size[1]) if size[1] is not None else None
            return self.scripts(Size(size[0], index, where=word.where), replace(word, sub=None))
        if word.layer is not None and word.head + "^" in self.names.sizes and word.sub is None:
            node = Size(word.head + "^", self.layer(word.layer, word.where), where=word.where)
            return self.scripts(node, replace(word, layer=None))
        if word.head == "e" and word.sub is None and plain and word.after and word.after[0][0] == "power":
            exponent = self.argument(cast(Branch, word.after.pop(0)[1]))
            return self.scripts(Power(Number("e"), exponent, where=word.where), word)
        if word.head in self.layers | set(self.bound) and word.sub is None and plain:
            return self.scripts(Letter(Index(word.head), where=word.where), word)
        if word.head == r"\pi" and plain and word.sub is None:
            return self.scripts(Number(r"\pi", where=word.where), word)
        if word.head in (r"\odot", r"\otimes", r"\circ", r"\ast", r"\times", r"\cdot"):
            raise Unreadable(word.where, f"{word.head} cannot stand here: an operator needs a factor on each side.")
        whole = word.head + (f"_{{{word.sub}}}" if word.sub else "") + (f"^{{[{word.layer}]}}" if word.layer else "")
        if word.kind in ("COMMAND", "OPERATOR_NAME") and len(word.head) > 2 and word.head not in LETTERS:
            raise unheard(word.head, word.where, [*self.names.symbols, *BY_NAME, *LETTERS])
        raise undefined(whole, word.where, *near(word.head, self.names.symbols))

    def size(self, sub: str | None, where: Span) -> Node | None:
        r"""Give the size in I_{n_1} or \\mathbf{1}_m."""
        if sub is None:
            return None
        head, own = head_and_subscript(sub)
        if head.isdigit():
            return Number(head, where=where)
        found = self.names.find_size(head, own, frozenset(self.layers | set(self.bound)))
        if not found:
            raise undefined(sub, where)
        return Size(found[0], parse_index(found[1]) if found[1] is not None else None, where=where)

    def scripts(self, node: Node, word: Word) -> Node:
        """Entries and columns, then transposes and powers, in the order in which they are seen."""
        where = word.where
        transposed = [a for a in word.after if a[0] != "power"]
        if word.layer is not None:
            raise Unreadable(where, f"A layer [{word.layer}] belongs on a name.")
        if word.primes and word.head:
            raise Unreadable(where, "A prime belongs on a function.")
        if word.primes:
            raise Unreadable(where, "A prime belongs on a function, before its brackets: f'(x).")
        if word.sub is not None and not (isinstance(node, Norm) and word.sub in ("F", "2")):
            indices = split_indices(word.sub)
            if not indices or len(indices) + (word.column is not None) > 2:
                if isinstance(node, Symbol):
                    raise undefined(f"{word.head}_{{{word.sub}}}", where)
                raise Unreadable(where, f"The subscript {word.sub} is neither part of a name nor one or two indices.")
            column = parse_index(word.column) if word.column is not None else None
            if transposed and len(indices) > 1:
                shown = f"{word.head}_{{{word.sub}}}"
                self.note(f"{shown} with a transpose is an entry of the transposed matrix")
            if transposed and not (len(indices) == 1 and column is None):  # (W^T)_{jk}: the marks sit on one letter
                for mark in transposed:
                    node = (
                        Transpose(node, where=where)
                        if mark[0] == "top"
                        else Inverse(node, transposed=True, where=where)
                    )
                word = replace(word, after=[a for a in word.after if a[0] == "power"])
            second = indices[1] if len(indices) == 2 else column
            node = Entry(node, indices[0], second, column is not None, where=where)
        elif word.column is not None:
            column = parse_index(word.column)
            if column is None:
                raise Unreadable(where, f"({word.column}) is not an example: write one letter, as in (i).")
            node = Column(node, column, where=where)
        if isinstance(node, Norm) and word.sub:
            node = replace(node, mark=f"_{word.sub}")
        for kind, exponent in word.after:
            if kind == "top":
                node = Transpose(node, where=where)
            elif kind == "inverse":
                node = Inverse(node, transposed=True, where=where)
            else:
                node = self.power(node, self.argument(cast(Branch, exponent)), where)
        return node

    @staticmethod
    def power(base: Node, exponent: Node, where: Span) -> Node:
        """Give a power; whether ^{-1} is an inverse is known when shapes are."""
        return Power(base, exponent, where=where)

    def note_column(self, word: Word, letter: str, matrix: str) -> None:
        """Remember that a letter with an example was read as a column of a matrix, both at their layer."""
        layer = self.layer(word.layer, word.where)
        column = name(letter, layer, f"({word.column})")
        self.note(f"{column} is column {word.column} of {name(matrix, layer)}")

    def note(self, text: str) -> None:
        """Remember how something was read."""
        if text not in self.notes:
            self.notes.append(text)


def _capital(head: str) -> str:
    r"""Give the matrix whose columns a lower-case letter names: a → A, dz → dZ, \\hat{y} → \\hat{Y}."""
    match = re.fullmatch(r"(d?\\[a-z]+\{)(.*)(\})|(d)([A-Za-z\\].*)|([A-Za-z])", head)
    if not match:
        return head
    if match[1]:
        return match[1] + match[2].capitalize() + match[3]
    return "d" + _capital(match[5]) if match[4] else head.upper()


def token_text(tree: Branch | None) -> str:
    """Give the text of all tokens of a tree."""
    tokens = tree.scan_values(lambda value: isinstance(value, Token)) if tree else ()
    return "".join(str(token) for token in tokens).strip("{}")
