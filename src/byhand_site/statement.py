"""The `math` fence: an equation in its box, named and linked, with its shapes, its verdict and its source below it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown import Markdown

from byhand.equations import Result
from byhand_site import translate, verdicts
from byhand_site.captions import caption, identifier
from byhand_site.mathml import MathError, math_or_stop
from byhand_site.shape_picture import draw, read_sizes, sizes_of
from byhand_site.source import formatter, is_fence_of, line_of, new_name, page_path, place_of
from byhand_site.tableau import NoPicture

OPTIONS = {"wrong", "unchecked", "given", "picture", "sizes"}


@formatter
def math_fence(source: str, options: dict[str, str], md: Markdown, id_value: str) -> str:
    """Show one math fence in a box that scrolls by itself, and below it what belongs to it."""
    place = place_of(source, md, id_value)
    path = page_path(md)
    results: tuple[Result, ...] = ()
    numpy = ""
    if path and is_fence_of(source, path):
        page = verdicts.of_page(path)
        if refused := [result.message for result in page if not result.ok]:
            raise MathError("\n\n".join(refused))
        fence = line_of(place) - 1
        results = tuple(result for result in page if result.fence_line == fence)
        if source.strip() and not results:
            raise MathError(f"{place}: the checker has not judged this fence")
        numpy = translate.numpy_of(path).get(fence, "")
    if odd := sorted(options.keys() - OPTIONS):
        raise MathError(f"{place}: a math fence has no option {', '.join(odd)}")
    shapes = [math_or_stop(line, md, display=False) for result in results if (line := result.shape_line)]
    title = html.escape(new_name(md, caption(results), ", number "))
    name = html.escape(new_name(md, id_value or identifier(source, results)))
    link = f'<a class="equation-link" href="#{name}" aria-label="Link to: {title}">#</a>'
    return (
        f'<div class="statement{" wrong" if "wrong" in options else ""}" id="{name}">'
        f'<div class="equation" tabindex="0" role="group" aria-label="{title}">'
        f"{math_or_stop(source, md, display=True)}</div>"
        f'<div class="below">{verdicts.below(results, shapes, link, sources_of(source, numpy, results, name))}</div>'
        f"{_pictures(results, options, md, place)}<!-- end of statement --></div>"
    )


def sources_of(latex: str, numpy: str, results: Sequence[Result], name: str) -> str:
    """Return the text of an equation to copy: as it was written, and as NumPy where it has such a form.

    A wrong equation is not to be copied. The theme's script gives a listing without a name that of the box around it,
    and would give two the same.
    """
    if any(result.expected for result in results):
        return ""
    texts = {"LaTeX": latex.strip(), "NumPy": numpy}
    return "".join(
        f'<div class="source no-copy" id="{name}-{kind.lower()}"><p>{kind}</p>'
        f'<pre tabindex="0" role="group" aria-label="{kind}">'
        f"<code>{html.escape(text)}</code></pre></div>"
        for kind, text in texts.items()
        if text
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
