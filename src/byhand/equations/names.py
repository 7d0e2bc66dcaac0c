r"""The names of a page, collected before anything is read: what is declared, defined, a size or a function.

The longest introduced name wins: `W_{aa}` and `\sigma^2` are names if a statement introduces them, `dZ` is one
name if a statement introduces it, and `g(Z)` is an application only if `g` is a function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from lark import Token, Tree

from byhand.equations.statements import Statement
from byhand.equations.words import Word, adjacent, parse_index, split_indices, sum_letters, take_apart


@dataclass
class Names:
    """What the statements of a page introduce."""

    symbols: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    depth: str | None = None
    upright: set[str] = field(default_factory=set)
    r"""Names that are introduced with an upright subscript, as W_{\mathrm{prev}}."""

    def introduce(self, base: str, word: Word) -> None:
        """Add a symbol, and how its subscript is written."""
        self.symbols.add(base)
        if word.upright and word.sub is not None and base != word.head:
            self.upright.add(base)

    def copy(self) -> Names:
        """Give the same names, to be added to without changing these."""
        return Names(set(self.symbols), set(self.functions), set(self.sizes), self.depth, set(self.upright))

    def find(self, head: str, sub: str | None) -> tuple[str, str | None] | None:
        """Give the longest introduced name that begins a word, and the subscript that is left over.

        >>> names = Names(symbols={"W", "W_aa"})
        >>> names.find("W", "aa"), names.find("W", "kj"), names.find("V", "k")
        (('W_aa', None), ('W', 'kj'), None)
        """
        if sub is not None and f"{head}_{sub}" in self.symbols:
            return f"{head}_{sub}", None
        return (head, sub) if head in self.symbols else None

    def find_size(self, head: str, sub: str | None, layers: frozenset[str]) -> tuple[str, str | None] | None:
        """Give a size and its layer, if it is one: n_1 is layer 1 of n, d_k is a name of its own."""
        if sub is not None and f"{head}_{sub}" in self.sizes:
            return f"{head}_{sub}", None
        index = parse_index(sub) if sub is not None else None
        if index is not None and head + "_" in self.sizes and (index.var is None or index.var in layers):
            return head, sub
        return (head, None) if sub is None and head in self.sizes else None


def factors(tree: Tree[Token] | Token) -> list[Tree[Token]]:
    """Give the factors of an expression that is a single product, or nothing."""
    while isinstance(tree, Tree) and tree.data in ("expression", "term", "shape", "argument", "numerator", "start"):
        parts = [part for part in tree.children if not (isinstance(part, Token) and part.type in ("LBRACE", "RBRACE"))]
        if len(parts) != 1 or not isinstance(parts[0], Tree):
            return []
        tree = parts[0]
    if not isinstance(tree, Tree) or tree.data != "product":
        return []
    return [part for part in tree.children if isinstance(part, Tree)]


def left_word(tree: Tree[Token] | Token, statement: Statement) -> tuple[Word, list[Tree[Token]]] | None:
    """Give the word on the left of a definition or declaration, with `d` joined to what follows, and what is left."""
    parts = factors(tree)
    if not parts:
        return None
    start = statement.start
    word = take_apart(parts[0], start)
    rest = parts[1:]
    if is_differential_d(word) and rest:
        following = take_apart(rest[0], start)
        together = adjacent(statement.source, start, word.where, following.where)
        if together and following.head and following.kind != "NUMBER":
            following.head = "d" + following.head
            following.where = (word.where[0], following.where[1])
            return following, rest[1:]
    return (word, rest) if word.head else None


def is_differential_d(word: Word) -> bool:
    """Whether a word is the bare letter d."""
    return word.head == "d" and word.sub is None and word.layer is None and not word.after and not word.primes


def collect(names: Names, tree: Tree[Token], statement: Statement, *, last: bool = False) -> bool:
    """Add what one statement introduces; False if that depends on the other statements, which go first.

    In `z_k := …` the subscript is an index if the right side has it as one, and part of the name otherwise.
    """
    body = tree.children[0]
    body = cast("Tree[Token]", body)
    _depths(names, tree, statement)
    if body.data == "declaration":
        _sizes(names, body, statement)
        for part in body.children:
            if isinstance(part, Tree) and part.data == "expression":
                found = left_word(part, statement)
                if found:
                    names.introduce(full_base(found[0]), found[0])
    elif body.data == "arrow":
        found = left_word(body.children[0], statement)
        if found:
            names.functions.add(found[0].head)
    elif body.data == "definition":
        found = left_word(body.children[0], statement)
        if found and found[1] and _is_parenthesis(found[1][0]):
            names.functions.add(found[0].head)
        elif found and found[0].sub is not None and not last:
            return False
        elif found:
            names.introduce(defined_base(found[0], body, names), found[0])
    return True


def _is_parenthesis(factor: Tree[Token]) -> bool:
    primary = factor.children[0]
    first = primary.children[0] if isinstance(primary, Tree) else None
    return isinstance(first, Tree) and first.data == "parenthesis"


def full_base(word: Word) -> str:
    """Give the name a word introduces, with its whole subscript, and ^2 where the name has it."""
    base = word.head + (f"_{word.sub}" if word.sub is not None else "")
    if word.column is not None and word.column.isdigit():
        base += f"^({word.column})"
    return base + ("^2" if is_squared(word) else "")


def is_squared(word: Word) -> bool:
    """Whether the word carries exactly the power 2."""
    if len(word.after) != 1 or word.after[0][1] is None:
        return False
    text = "".join(str(token) for token in word.after[0][1].scan_values(lambda value: isinstance(value, Token)))
    return text.strip("{}") == "2"


def defined_base(word: Word, body: Tree[Token], names: Names) -> str:
    """As `full_base`, but a subscript of letters that are indices on the right belongs to the entries."""
    indices = split_indices(word.sub) if word.sub is not None else None
    if indices and len(indices) <= 2 and all(index.var for index in indices):
        used = _index_letters(body, names)
        if all(index.var in used for index in indices):
            return word.head
    return full_base(word)


def _index_letters(body: Tree[Token], names: Names) -> set[str]:
    """Give the letters that are free indices on the right of a definition."""
    letters: set[str] = set()
    bound: set[str] = set()
    for right in body.children[1:]:
        if not isinstance(right, Tree):
            continue
        for factor in right.find_data("factor"):
            word = take_apart(factor, 0)
            if word.sub is None:
                continue
            joined = f"d{word.head}_{word.sub}"
            if joined in names.symbols or f"{word.head}_{word.sub}" in names.symbols:
                continue
            letters.update(index.var for index in split_indices(word.sub) or () if index.var)
        for token in right.scan_values(lambda value: isinstance(value, Token) and value.type == "SUM"):
            bound.update(sum_letters(str(token)))
    return letters - bound


def _sizes(names: Names, body: Tree[Token], statement: Statement) -> None:
    bound = {item.var for item in statement.ranges} | {names.depth or "L", "L"}
    for dimensions in body.find_data("dimensions"):
        for product in dimensions.find_data("factor"):
            word = take_apart(product, statement.start)
            _size(names, word, bound)
        arguments = list(dimensions.find_data("argument"))
        for argument in arguments:
            for token in argument.children:
                if isinstance(token, Token) and token.type in ("LETTER", "COMMAND"):
                    names.sizes.add(str(token))


def _size(names: Names, word: Word, bound: set[str]) -> None:
    if not word.head or word.kind == "NUMBER":
        return
    if word.layer is not None:
        names.sizes.add(word.head + "^")
        return
    if word.sub is None:
        names.sizes.add(word.head)
        return
    index = parse_index(word.sub)
    layered = index is not None and (index.var is None or index.var in bound)
    names.sizes.add(word.head + "_" if layered else f"{word.head}_{word.sub}")


def _depths(names: Names, tree: Tree[Token], statement: Statement) -> None:
    """Note a letter that stands for the depth: a layer that nothing binds, or the end of a range of layers."""
    bound = {item.var for item in statement.ranges}
    layers: set[str] = set()
    for token in tree.scan_values(lambda value: isinstance(value, Token)):
        if token.type == "SUM":
            bound.update(sum_letters(str(token)))
        elif token.type == "MARKS" and "[" in token:
            index = parse_index(str(token).partition("[")[2].partition("]")[0])
            if index is not None and index.var:
                layers.add(index.var)
    for item in statement.ranges:
        index = parse_index(item.high)
        if item.var in layers and index is not None and index.var:
            names.depth = index.var
    for letter in layers - bound:
        names.depth = names.depth or letter
