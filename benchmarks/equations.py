"""Cost of checking a page against its number of statements, up to 10,000.

    python benchmarks/equations.py

Prints one line per size: seconds, and seconds per thousand statements. Linear cost shows as a last column that
stays level. No time is asserted: machines differ.
"""

from __future__ import annotations

import sys
import time

from byhand.equations import check_text

SETTING = r"""X \in \mathbb{R}^{n_0 \times m}, \quad Y \in \mathbb{R}^{n_1 \times m} \\
W \in \mathbb{R}^{n_1 \times n_0} \\
Z := W X \\
A := \tanh(Z) \\
\mathcal{L} := \frac{1}{2} \lVert A - Y \rVert_F^2 \\
J := \frac{1}{m} \mathcal{L} \\
dZ := \frac{\partial \mathcal{L}}{\partial Z} \\
dW := \frac{\partial J}{\partial W}"""
CLAIMS = (r"dZ = (A - Y) \odot (1 - A \odot A)", r"dW = \frac{1}{m} dZ X^\top", r"P_{0} := Z \odot Z - A")


def page(statements: int) -> str:
    """Write a page with about so many statements: claims that hold, and definitions."""
    rows = [SETTING]
    for number in range(statements - 9):
        rows.append(CLAIMS[number % 3].replace("P_{0}", f"P_{{{number}}}"))
    return "```math\n" + " \\\\\n".join(rows) + "\n```\n"


def main(sizes: list[int]) -> None:
    """Measure pages of growing size."""
    check_text(page(10))  # imports, and the parser built
    for size in sizes:
        text = page(size)
        began = time.perf_counter()
        results = check_text(text)
        seconds = time.perf_counter() - began
        held = sum(result.verdict == "holds" for result in results)
        each = 1000 * seconds / len(results)
        print(f"{len(results):6d} statements, {held:5d} hold: {seconds:7.2f} s, {each:6.2f} s per 1000")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [30, 100, 300, 1000, 3000, 10000])
