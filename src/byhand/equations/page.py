"""A page: its statements read with the names of the whole page, and its programs at each depth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lark import Token, Tree

from byhand.equations.court import Court, courts
from byhand.equations.declarations import Declaration, FunctionDeclaration
from byhand.equations.grammar import parse
from byhand.equations.markdown import Block
from byhand.equations.names import Names, collect
from byhand.equations.problems import Problem, Undefined, Unreadable
from byhand.equations.program import Program
from byhand.equations.scenes import DEPTHS
from byhand.equations.sentences import Definition, FunctionDefinition, Read, Sentence, read
from byhand.equations.statements import Statement, split
from byhand.equations.tree import Index


@dataclass
class Item:
    """One statement of a page on its way to a verdict."""

    block: Block
    fence: int
    statement: Statement
    tree: Tree[Token] | None = None
    read: Read | None = None
    problem: Problem | None = None
    given: bool = False

    @property
    def sentence(self) -> Sentence | None:
        """What the statement says, if it could be read."""
        return self.read.sentence if self.read else None


@dataclass
class Page:
    """All items, the names they introduce, and the courts that judge their claims."""

    items: list[Item]
    names: Names
    local: dict[int, Names] = field(default_factory=dict)
    _courts: list[Court] = field(default_factory=list)
    _local_courts: dict[int, list[Court]] = field(default_factory=dict)
    literals: set[int] = field(default_factory=set)

    @property
    def layered(self) -> bool:
        """Whether the page speaks of a network of any depth L."""
        return self.names.depth is not None or any(item.read and item.read.layers for item in self.items)

    def courts(self, fence: int) -> list[Court]:
        """Give the courts for the claims of a fence; a `wrong` fence has its own, over the page's."""
        if not self._courts:
            self._courts = courts(self._programs(None), self.literals)
        if fence not in self.local:
            return self._courts
        if fence not in self._local_courts:
            own = []
            for court, program in zip(self._courts, self._programs(fence), strict=True):
                sizes = court.sizes
                if program.all_sizes() - set(sizes):
                    sizes = sizes | {
                        name: max([2, *sizes.values()]) + k + 1
                        for k, name in enumerate(sorted(program.all_sizes() - set(sizes)))
                    }
                own.append(Court(program, sizes, court.number, parent=court if sizes is court.sizes else None))
            self._local_courts[fence] = own
        return self._local_courts[fence]

    def _programs(self, fence: int | None) -> list[Program]:
        depths = DEPTHS if self.layered else (None, None)
        programs = []
        for number, depth in enumerate(depths):
            parent = self._courts[number].program if fence is not None else None
            program = Program(depth, parent)
            for item in self.items:
                if (fence is None and item.fence not in self.local) or item.fence == fence:
                    enter(item, program, self.names.depth)
            programs.append(program)
        return programs


def enter(item: Item, program: Program, depth_letter: str | None) -> None:
    """Add what an item declares or defines to a program, at each of its layers."""
    sentence = item.sentence
    if item.problem is not None or sentence is None:
        return
    try:
        if isinstance(sentence, FunctionDeclaration | FunctionDefinition):
            program.add_function(sentence)
        elif isinstance(sentence, Declaration | Definition):
            for layers in bindings(item, program.depth, depth_letter):
                if isinstance(sentence, Declaration):
                    program.declare(sentence, layers)
                else:
                    program.define(sentence, layers, item.read.indices if item.read else ())
    except Problem as problem:
        item.problem = problem


def bindings(item: Item, depth: int | None, letter: str | None) -> list[dict[str, int]]:
    """Give the values of l and L at which an item is written out."""
    base = {letter: depth} if letter is not None and depth is not None else {}
    if item.read is None or item.read.layers is None:
        return [base]
    layers = item.read.layers
    low, high = layers.low.bind(base), layers.high.bind(base)
    if low.var is not None or high.var is not None:
        raise Unreadable(item.statement.span, f"The range of {layers.var} ends at {high}, which has no value.")
    first, last = low.offset, high.offset
    if first > last:
        at = f" at {letter} = {depth}" if base else ""
        raise Unreadable(
            item.statement.span,
            f"The range of {layers.var} runs from {first} to {last}{at}, and a range runs upwards.",
            f"Write the smaller layer first: {layers.var} = 1, \\dots, L.",
        )
    if last - first > 20:
        raise Unreadable(item.statement.span, "A range of more than 20 layers is not written out.")
    return [{**base, layers.var: value} for value in range(first, last + 1)]


def build(blocks: Sequence[Block], given: Sequence[Block] = ()) -> Page:
    """Read the blocks of a page, after those of the pages and settings that it starts from."""
    items: list[Item] = []
    names = Names()
    local: dict[int, Names] = {}
    later: list[tuple[Names, Item]] = []
    for number, (block, is_given) in enumerate([*((b, True) for b in given), *((b, False) for b in blocks)]):
        if "unchecked" in block.attributes:
            continue
        wrong = "wrong" in block.attributes
        if wrong and is_given:
            continue
        if wrong:
            local[number] = Names()
        for statement in split(block.text):
            item = Item(block, number, statement, given=is_given)
            items.append(item)
            try:
                item.tree = parse(statement)
                target = local[number] if wrong else names
                if not collect(target, item.tree, statement):
                    later.append((target, item))
            except Problem as problem:
                item.problem = problem
            except RecursionError:
                item.problem = Unreadable(statement.span, "This statement is nested too deeply.")
    for target, item in later:
        if target is names and item.tree is not None:
            collect(names, item.tree, item.statement, last=True)
    for own in local.values():
        own.symbols |= names.symbols
        own.upright |= names.upright
        own.functions |= names.functions
        own.sizes |= names.sizes
        own.depth = own.depth or names.depth
    for target, item in later:
        if target is not names and item.tree is not None:
            collect(target, item.tree, item.statement, last=True)
    for item in items:
        _read(item, local.get(item.fence, names))
    return Page(items, names, local, literals=_literals(items))


def _read(item: Item, names: Names) -> None:
    if item.tree is None or item.problem is not None:
        return
    try:
        item.read = read(item.tree, item.statement, names)
    except Problem as problem:
        item.problem = problem
    except RecursionError:
        item.problem = Unreadable(item.statement.span, "This statement is nested too deeply.")


def _literals(items: Sequence[Item]) -> set[int]:
    found: set[int] = set()
    for item in items:
        text = re.sub(r"\[[^\]]*\]|_\s*\d", " ", item.statement.text)
        found.update(int(digits) for digits in re.findall(r"\d+", text) if len(digits) < 4)
    return found


def without(item: Item) -> Item:
    """Give a fresh copy, to be read again."""
    return replace(item, read=None, problem=None)


__all__ = ["Index", "Item", "Page", "Undefined", "bindings", "build", "enter", "without"]
