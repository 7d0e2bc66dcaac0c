"""LaTeX to MathML at build time, as a Python-Markdown extension.

It reads what GitHub reads too: math fences, `$…$`, and `` $`…`$ `` where the LaTeX holds characters that Markdown
would take for itself. What cannot be converted stops the build, with the file and the line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexError, LatexToMathML

from byhand.equations import Result
from byhand_site import font, verdicts
from byhand_site.shape_picture import draw, read_sizes, sizes_of
from byhand_site.source import BuildStop, formatter, is_fence_of, line_of, page_path, place_of, remember_source
from byhand_site.tableau import NoPicture

# Before Markdown's own backticks (priority 190), and after them.
TICKED = r"(?<![\\$])\$`(?P<tex>[^`]+)`\$"
PLAIN = r"(?<![\\$\w])\$(?!\s|\$)(?P<tex>(?:\\.|[^\\$\n`])+?)(?<!\s)\$(?!\w|\$)"

CELL = re.compile(r'<mtd style="text-align: (?P<side>left|right);[^"]*">')
CIRCLED = re.compile(r"<mo([^>]*)>([⊙⊗⊕])</mo>")

_convert = LatexToMathML(annotation=False).convert_with_local_state


class MathError(BuildStop):
    """LaTeX that cannot be shown."""


@cache
def to_mathml(latex: str, *, display: bool) -> str:
    r"""Return LaTeX as MathML Core.

    Raises
    ------
    LatexError
        If it cannot be converted.

    Examples
    --------
    >>> to_mathml("dZ", display=False)
    '<math><mi>d</mi><mi>Z</mi></math>'
    """
    mathml = _convert(latex.strip(), displaystyle=display)
    # \overline comes as the zero-width U+0332, which only patched fonts put in the right place.
    mathml = mathml.replace('<mo stretchy="true">\u0332</mo>', '<mo stretchy="true">\u203e</mo>')
    # Firefox enlarges a circled operator as if it were a big sum.
    mathml = CIRCLED.sub(r'<mo\1 largeop="false">\2</mo>', mathml)
    # Classes instead of inline styles, so that a site can forbid inline styles.
    return CELL.sub(r'<mtd class="\g<side>">', mathml)


def math_or_stop(latex: str, md: Markdown, *, display: bool) -> str:
    """Return LaTeX as MathML, or stop the build and say where it stands."""
    try:
        return to_mathml(latex, display=display)
    except LatexError as error:
        raise MathError(f"{place_of(latex, md)}: cannot show this mathematics: {error}\n    {latex.strip()}") from None


@formatter
def math_fence(source: str, options: dict[str, str], md: Markdown, id_value: str) -> str:
    """Show one math fence in a box that scrolls by itself, with its shapes and the checker's verdict below it."""
    place = place_of(source, md, id_value)
    path = page_path(md)
    results: tuple[Result, ...] = ()
    if path and is_fence_of(source, path):
        page = verdicts.of_page(path)
        if refused := [result.message for result in page if not result.ok]:
            raise MathError("\n\n".join(refused))
        results = tuple(result for result in page if result.fence_line == line_of(place) - 1)
        if source.strip() and not results:
            raise MathError(f"{place}: the checker has not judged this fence")
    if odd := sorted(options.keys() - {"wrong", "unchecked", "given", "picture", "sizes"}):
        raise MathError(f"{place}: a math fence has no option {', '.join(odd)}")
    name = f' id="{html.escape(id_value)}"' if id_value else ""
    mathml = math_or_stop(source, md, display=True)
    shapes = [math_or_stop(line, md, display=False) for result in results if (line := result.shape_line)]
    wrong = " wrong" if "wrong" in options else ""
    return (
        f'<div class="statement{wrong}"{name}>'
        f'<div class="equation" tabindex="0" role="group" aria-label="Equation">{mathml}</div>'
        f"{verdicts.below(results, shapes)}{_pictures(results, options, md, place)}</div>"
    )


def _pictures(results: Sequence[Result], options: dict[str, str], md: Markdown, place: str) -> str:
    """Draw the shapes of each claim of a fence that asks for it."""
    if not {"picture", "sizes"} & options.keys():
        return ""
    claims = [result.sketches for result in results if result.sketches]
    if options.get("picture") != "shapes" or not claims:
        raise MathError(f'{place}: a picture is picture="shapes", of a claim about matrices whose shapes fit')
    parts = []
    named = set[str]().union(*(sizes_of(side) for sides in claims for side in sides))
    try:
        sizes = read_sizes(options.get("sizes", ""))
        for sides in claims:
            needed = sizes_of(sides[0]) | sizes_of(sides[-1])
            picture = draw(sides, {name: size for name, size in sizes.items() if name in needed})
            caption = re.sub(r"\$([^$]*)\$", lambda one: math_or_stop(one[1], md, display=False), picture.caption)
            parts.append(f'<figure class="drawn">{picture.svg}<figcaption>{caption}</figcaption></figure>')
    except NoPicture as error:
        raise MathError(f"{place}: {error}") from None
    if idle := sizes.keys() - named:
        raise MathError(f"{place}: no claim of this fence has a size {', '.join(sorted(idle))}")
    return "".join(parts)


def accept_options(_language: str, inputs: dict[str, str], options: dict[str, str], _attrs: Any, _md: Markdown) -> bool:
    """Take every option of a fence, so that the formatter can refuse one aloud."""
    options.update(inputs)
    return True


class _Inline(InlineProcessor):
    def handleMatch(  # type: ignore[override]
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[str, int, int]:
        mathml = math_or_stop(m["tex"], self.md, display=False)
        return self.md.htmlStash.store(mathml), m.start(), m.end()


class MathExtension(Extension):
    """Registers inline mathematics, and makes the font that it needs."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Attach to one Markdown converter."""
        font.make()
        remember_source(md)
        md.inlinePatterns.register(_Inline(TICKED, md), "byhand-ticked-math", 190.5)
        md.inlinePatterns.register(_Inline(PLAIN, md), "byhand-math", 189.9)
        if "$" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS.append("$")


def makeExtension(**options: Any) -> MathExtension:
    """Give Python-Markdown the extension, under the name it looks for."""
    return MathExtension(**options)
