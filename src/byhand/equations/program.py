"""The forward program of a page at one depth: the shapes of its symbols, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from byhand.equations.book import Book, Declared, Defined, key, show_key
from byhand.equations.dims import is_settled
from byhand.equations.functions import BY_NAME
from byhand.equations.infer import Shapes, finish, infer
from byhand.equations.latex import latex, size_name
from byhand.equations.problems import Problem, Undefined, Unreadable
from byhand.equations.sentences import FunctionDefinition
from byhand.equations.shapes import SCALAR, Shape, Sizes, Typed, dim, is_scalar
from byhand.equations.tree import Call, Derivative, Node, Size, Symbol
from byhand.equations.unknown import undefined
from byhand.equations.walk import walk


@dataclass
class Program(Book, Shapes):
    """A book whose definitions have shapes and depend on each other."""

    parent: Program | None = None
    _typed: dict[str, Typed] = field(default_factory=dict)
    _needs: dict[str, frozenset[str]] = field(default_factory=dict)
    _reach: dict[Node, frozenset[str]] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    def programs(self) -> Iterator[Program]:
        """Go through this program and those that it stands on."""
        program: Program | None = self
        while program is not None:
            yield program
            program = program.parent

    # ---- what inference asks

    def shape(self, symbol: Symbol) -> Shape:
        """Rows and columns of a symbol."""
        text = key(symbol)
        declared = self.find_declared(text)
        return declared.shape if declared else self.definition(text, symbol).shape

    def definition(self, text: str, symbol: Symbol) -> Typed:
        """Give the typed formula of a defined symbol; its shape is that of the symbol."""
        for program in self.programs():
            if text in program._typed:
                return program._typed[text]
            if text in program.defined:
                return program._infer_definition(text, symbol)
        if symbol.layer is not None and symbol.layer.var is not None:
            raise Unreadable(symbol.where, f"The layer {symbol.layer.var} has no range on this row.")
        raise undefined(latex(symbol), symbol.where, *self._layers_of(symbol))

    def _layers_of(self, symbol: Symbol) -> list[str]:
        """Say which layers a name has, if it has some."""
        keys = {text for book in self._chain() for text in (*book.declared, *book.defined)}
        head = symbol.base + "^{["
        numbers = sorted(int(text.removeprefix(head).removesuffix("]}")) for text in keys if text.startswith(head))
        if not numbers:
            return []
        at = f" at L = {self.depth}" if self.depth is not None else ""
        words = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]} only"
        return [f"{symbol.base} has layers here, {words}{at}: a layer is written {symbol.base}^{{[{numbers[-1]}]}}."]

    def _infer_definition(self, text: str, symbol: Symbol) -> Typed:
        defined = self.defined[text]
        if defined.broken:
            raise Undefined(
                symbol.where, f"{latex(symbol)} has a definition that cannot be used.", "Mend that one first."
            )
        if text in self._busy:
            raise Unreadable(symbol.where, f"The definition of {latex(symbol)} leads back to itself.")
        self._busy.add(text)
        try:
            sizes = Sizes(ranges=dict(defined.ranges))
            typed = finish_definition(infer(defined.body, self, sizes), sizes, defined, symbol)
        except Problem as problem:
            problem.where = symbol.where
            raise
        finally:
            self._busy.discard(text)
        self._typed[text] = typed
        return typed

    def check_call(self, call: Call) -> None:
        """Refuse an unknown function; check the formula of a function of the page."""
        own = self.find_function(call.function)
        if own is not None and call.layer is not None:
            raise Unreadable(
                call.where, f"{call.function} is one function, and {call.function}^{{[{call.layer}]}} is not."
            )
        if own is not None:
            self._function_body(own)
        elif call.layer is not None:
            if self.find_abstract(call.function) is None:
                raise Unreadable(call.where, f"{call.spelled or call.function} has no layers.")
        elif call.function not in BY_NAME and self.find_abstract(call.function) is None:
            raise undefined(call.function, call.where)

    def _function_body(self, own: FunctionDefinition) -> Typed:
        text = f"{own.name}({own.parameter})"
        if text not in self._typed:
            if text in self._busy:
                raise Unreadable((0, 1), f"The definition of {own.name} leads back to itself.")
            self._busy.add(text)
            try:
                inner = Program(self.depth, self, {own.parameter: Declared(SCALAR, "real", (0.0, 1.0))})
                sizes = Sizes()
                typed = finish(infer(own.body, inner, sizes), sizes)
            finally:
                self._busy.discard(text)
            if not is_scalar(typed.shape):
                raise Unreadable(own.body.where, f"{own.name} maps numbers to numbers, and this is a matrix.")
            self._typed[text] = typed
        return self._typed[text]

    def function_body(self, text: str) -> tuple[FunctionDefinition, Typed] | None:
        """Give a function of the page with its typed formula."""
        own = self.find_function(text)
        return (own, self._function_body(own)) if own else None

    def check_size(self, size: Size) -> None:
        """Refuse a size that no declaration names."""
        if dim(size) not in self.all_sizes():
            name = size_name(size.base, size.layer)
            raise Undefined(
                size.where,
                f"No declaration on this page has the size {name}.",
                f"Declare something that has it, such as X \\in \\mathbb{{R}}^{{{name} \\times m}}.",
                name=name,
            )

    def check_derivative(self, node: Derivative) -> None:
        """Refuse a derivative by something that the numerator does not depend on, and name an alias that it does."""
        target = next(part for part in walk(node.bottom) if isinstance(part, Symbol))
        wanted = key(target)
        reached = self.reach(node.top)
        if wanted in reached or (isinstance(node.top, Symbol) and key(node.top) == wanted):
            return
        what, by = latex(node.top), latex(target)
        alias = self._alias(wanted, reached)
        more = (
            f"It depends on {show_key(alias)}, which is the same: differentiate by that."
            if alias
            else ("Define it from that symbol, or differentiate by one that it is defined from.")
        )
        raise Undefined(node.where, f"{what} does not depend on {by}: no definition leads from {by} to {what}.", more)

    def _alias(self, wanted: str, reached: frozenset[str]) -> str | None:
        defined = self.find_defined(wanted)
        if defined and isinstance(defined.body, Symbol) and key(defined.body) in reached:
            return key(defined.body)
        mine = defined.body if defined else None
        for other in sorted(reached):
            found = self.find_defined(other)
            if found and (found.body == mine or (isinstance(found.body, Symbol) and key(found.body) == wanted)):
                return other
        return None

    # ---- what depends on what

    def needs(self, text: str) -> frozenset[str]:
        """Give the symbols that a definition names."""
        for program in self.programs():
            if text in program.defined:
                if text not in program._needs:
                    program._needs[text] = program.symbols(program.defined[text].body)
                return program._needs[text]
        return frozenset()

    def symbols(self, node: Node) -> frozenset[str]:
        """Give the symbols that an expression names, also inside the functions that it calls."""
        found = set()
        for part in walk(node):
            if isinstance(part, Symbol):
                found.add(key(part))
            elif isinstance(part, Call):
                own = self.find_function(part.function)
                if own:
                    found |= self.symbols(own.body) - {own.parameter}
        return frozenset(found)

    def reach(self, node: Node) -> frozenset[str]:
        """All symbols that an expression depends on, through all definitions."""
        if node in self._reach:
            return self._reach[node]
        seen: set[str] = set()
        stack = list(self.symbols(node))
        while stack:
            text = stack.pop()
            if text not in seen:
                seen.add(text)
                stack.extend(self.needs(text))
        if isinstance(node, Symbol):
            self._reach[node] = frozenset(seen)
        return frozenset(seen)

    def affected(self, node: Node, by: str) -> list[str]:
        """Give the definitions between `by` and an expression that change with `by`, in order."""
        order: list[str] = []
        state: dict[str, bool] = {by: True}
        stack: list[tuple[str, bool]] = [(text, False) for text in sorted(self.symbols(node))]
        while stack:
            text, done = stack.pop()
            if text in state:
                continue
            needs = self.needs(text)
            if done:
                state[text] = any(state.get(other, False) for other in needs)
                if state[text]:
                    order.append(text)
            else:
                stack.append((text, True))
                stack.extend((other, False) for other in needs if other not in state)
        return order


def finish_definition(typed: Typed, sizes: Sizes, defined: Defined, symbol: Symbol) -> Typed:
    """Settle a definition; one by entries has the shape that its indices run over."""
    if defined.row is None and defined.column is None:
        if sizes.ranges:
            var = sorted(sizes.ranges)[0]
            raise Unreadable(symbol.where, f"The index {var} is free on the right only.")
        return finish(typed, sizes)
    ranges = {var: sizes.settle(size) for var, size in sizes.ranges.items()}
    wanted = [index.var for index in (defined.row, defined.column) if index is not None]
    if len(wanted) == 2 and wanted[0] == wanted[1]:
        raise Unreadable(symbol.where, f"The index {wanted[0]} stands for the row and the column: use two letters.")
    if set(ranges) != set(wanted):
        odd = sorted(set(ranges) ^ {str(var) for var in wanted})[0]
        raise Unreadable(symbol.where, f"The index {odd} is free on one side only.")
    for var, size in ranges.items():
        if not is_settled(size):
            raise Unreadable(
                symbol.where, f"Nothing says how far {var} runs.", f"Write it: \\quad {var} = 1, \\dots, n."
            )
    done = finish(typed, sizes)
    rows, columns = done.shape
    if defined.row is not None:
        if not is_scalar(done.shape):
            raise Unreadable(symbol.where, "An entry is a number, and the right side is a matrix.")
        rows = ranges[str(defined.row.var)]
    if defined.column is not None:
        if columns != "1":
            raise Unreadable(symbol.where, "A column is defined here, and the right side has several.")
        columns = ranges[str(defined.column.var)]
    return Typed(symbol, (rows, columns), (done,))
