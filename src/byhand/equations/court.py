"""A program with its fixtures: everything that the claims about it share."""

from __future__ import annotations

from dataclasses import dataclass, field

from byhand.equations.derivatives import Run
from byhand.equations.expand import Expander
from byhand.equations.program import Program
from byhand.equations.scenes import SEEDS, Scene, size_sets
from byhand.equations.tree import Node

AGAIN = 100
"""A fixture is drawn again with a seed that is higher by this."""


@dataclass
class Court:
    """A program with its fixtures: everything that claims about it share."""

    program: Program
    sizes: dict[str, int]
    number: int = 0
    runs: dict[int, Run] = field(default_factory=dict)
    expander: Expander | None = None

    def run(self, seed: int) -> Run:
        """Give the run with one seed; gradients taken once serve all claims, hints and mutants."""
        if seed not in self.runs:
            place = SEEDS.index(seed) if seed in SEEDS else seed
            number, turn = (k + len(SEEDS) * self.number for k in (place, seed % AGAIN))
            scene = Scene(tuple(self.sizes.items()), seed, number, self.program.depth, turn)
            parent = self.parent.run(seed) if self.parent is not None else None
            self.runs[seed] = Run(self.program, scene, parent)
        return self.runs[seed]

    parent: Court | None = None

    def same(self, left: Node, right: Node) -> bool:
        """Whether two sides are the same formula after expanding definitions."""
        self.expander = self.expander or Expander(self.program)
        return self.expander.number(left) == self.expander.number(right)


def courts(programs: list[Program], literals: set[int]) -> list[Court]:
    """One court for each set of sizes, each with the program at its depth."""
    found = []
    for number, program in enumerate(programs):
        sizes = size_sets(program.all_sizes(), literals)[number % 2]
        found.append(Court(program, sizes, number))
    return found
