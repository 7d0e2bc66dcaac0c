"""LaTeX to MathML at build time, as a Python-Markdown extension.

It reads what GitHub reads too: math fences, `$…$`, and `` $`…`$ `` where the LaTeX holds characters that Markdown
would take for itself. What cannot be converted stops the build, with the file and the line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from math_core import LatexError, LatexToMathML

from byhand_site import font
from byhand_site.source import BuildStop, place_of, remember_source

# Before Markdown's own backticks (priority 190), and after them.
TICKED = r"(?<![\\$])\$`(?P<tex>[^`]+)`\$"
PLAIN = r"(?<![\\$\w])\$(?!\s|\$)(?P<tex>(?:\\.|[^\\$\n`])+?)(?<!\s)\$(?!\w|\$)"

# An inline formula, or a link that is one, with the marks that touch it.
TOUCHED = re.compile(
    r"""(?P<before>[(\["“]*)(?P<link><a [^>]*>)?<math>(?:(?!</math>).)*</math>(?(link)</a>)"""
    r"""(?P<after>[.,:;!?)\]"”’]*)""",
    re.DOTALL,
)
LONGEST = 24
"""So many signs and their marks are surely no wider than a phone."""
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


class _Together(Postprocessor):
    """Keeps a formula and the marks that touch it on one line: a browser would break between them."""

    def run(self, text: str) -> str:
        return TOUCHED.sub(_together, text)


def _together(found: re.Match[str]) -> str:
    long = len(re.sub(r"<[^>]+>", "", found[0])) > LONGEST
    if long or not (found["before"] or found["after"]):
        return found[0]
    return f'<span class="together">{found[0]}</span>'


class MathExtension(Extension):
    """Registers inline mathematics, and makes the font that it needs."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Attach to one Markdown converter."""
        font.make()
        remember_source(md)
        md.inlinePatterns.register(_Inline(TICKED, md), "byhand-ticked-math", 190.5)
        md.inlinePatterns.register(_Inline(PLAIN, md), "byhand-math", 189.9)
        md.postprocessors.register(_Together(md), "byhand-together", 5)  # when the formulas are back in the text
        if "$" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS.append("$")


def makeExtension(**options: Any) -> MathExtension:
    """Give Python-Markdown the extension, under the name it looks for."""
    return MathExtension(**options)
