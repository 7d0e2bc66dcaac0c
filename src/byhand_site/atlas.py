"""The site seen from above: the coverage table, the map of derivations and the cheat sheet, from the catalogue."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

from markdown.extensions.toc import slugify

from byhand_site import DOCS, coverage, translate, verdicts
from byhand_site.coverage import Derivation, catalogue
from byhand_site.layered import Box, layered
from byhand_site.mathml import to_mathml
from byhand_site.statement import sources_of

Link = Callable[[str, str], str]
"""Gives the address of an anchor of a page, seen from the page that is being built."""

SECTIONS = {
    0: "The language of gradients",
    1: "One neuron",
    2: "Dense layers and depth",
    3: "Activations",
    4: "Losses",
    5: "Regularisation",
    6: "Initialisation and flow",
    12: "Verification",
}
MAPS = {
    "the rules": ("rules/",),
    "one neuron": ("neuron/",),
    "two layers, and any number": ("two-layer/", "depth/layers", "depth/bias", "ledger"),
    "other kinds of layers": ("depth/",),
    "activations": ("activations/",),
    "cross-entropy and its relatives": ("losses/cross-entropy", "losses/divergence", "losses/margins"),
    "other losses": ("losses/",),
    "regularisation, initialisation and flow": ("regularisation/", "initialisation/"),
}
"""The parts in which the map is drawn, each with the beginnings of its pages; the first part that fits has a page."""
INCLUDED = re.compile(r"^::: (\S+)", re.MULTILINE)


class Incomplete(ValueError):
    """A row of the catalogue that says what is not so."""


def coverage_table(link: Link) -> str:
    """Return a row for each derivation: where it is, how many claims carry it, the library's function, the trap."""
    verdicts.prepare()
    parts = []
    for section in _sections():
        rows = []
        for row in (row for row in catalogue() if row.section == section):
            functions = ", ".join(
                f'<a href="{link(_reference(name), name)}"><code>{name.rpartition(".")[2]}</code></a>'
                for name in row.functions
            )
            traps = ", ".join(
                f'<a href="{link(row.page, anchor)}">{anchor.replace("-", " ")}</a>' for anchor in row.refuted
            )
            rows.append(
                f'<tr><td><a href="{link(row.page, row.anchor)}">{_words(row.quantity)}</a></td>'
                f"<td>{len(coverage.claims_of(row))}</td><td>{functions}</td>"
                f"<td>{_words(row.trap)}{': ' if traps else ''}{traps}</td></tr>"
            )
        head = "<tr><th>derivation</th><th>claims</th><th>library</th><th>trap, and where it is refuted</th></tr>"
        parts.append(f"{_heading(SECTIONS[section])}<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>")
    return "".join(parts)


def cheat_sheet(link: Link) -> str:
    """Return every formula that the catalogue has for the sheet, as it stands on its page, with its shapes."""
    verdicts.prepare()
    parts = []
    for section in _sections():
        rows = [row for row in catalogue() if row.section == section and row.formula]
        items = "".join(
            f'<li><a href="{link(row.page, row.anchor)}">{_words(row.quantity)}</a>{_on_the_sheet(row)}</li>'
            for row in rows
        )
        if items:
            parts.append(f"<section>{_heading(SECTIONS[section])}<ul>{items}</ul></section>")
    return f'<div class="cheat-sheet">{"".join(parts)}</div>'


def derivation_map(link: Link) -> str:
    """Return drawings of what follows from what, and the same as lists."""
    rows = {row.anchor: row for row in catalogue() if row.follows or _used(row)}
    for row in rows.values():
        if unknown := set(row.follows) - rows.keys():
            raise Incomplete(
                f"{row.quantity} follows from {', '.join(sorted(unknown))}, which no row has as its anchor"
            )
    return "".join(_part_of_map(words, rows, link) for words in MAPS)


def part_of(row: Derivation) -> str:
    """Return the part of the map that a row is in."""
    found = (words for words, pages in MAPS.items() if row.page.startswith(pages))
    if (words := next(found, None)) is None:
        raise Incomplete(f"{row.page} is in no part of the map")
    return words


def _part_of_map(words: str, rows: dict[str, Derivation], link: Link) -> str:
    """Draw the rows of one part, and above them what they use of the others."""
    own = [row for row in rows.values() if part_of(row) == words]
    uses = {row.anchor: _nearest(row, rows) for row in own}
    drawn = uses.keys() | {anchor for some in uses.values() for anchor in some}
    boxes = [
        Box(
            row.anchor,
            row.quantity,
            link(row.page, row.anchor),
            uses.get(row.anchor, ()),
            f"section-{row.section}",
        )
        for row in rows.values()
        if row.anchor in drawn
    ]
    drawing = layered(
        f"What follows from what: {words}",
        "Each box is a derivation and leads to it. An arrow goes from what is used to what uses it.",
        boxes,
    )
    items = "".join(
        f'<li><a href="{link(row.page, row.anchor)}">{_words(row.quantity)}</a>{_follows(row, rows, link)}</li>'
        for row in own
    )
    title = f"{words[0].upper()}{words[1:]}"
    return f'{_heading(title)}<figure class="drawn map">{drawing}</figure><ul>{items}</ul>'


def _nearest(row: Derivation, rows: dict[str, Derivation]) -> tuple[str, ...]:
    """Return what a row uses, without what others of these use."""
    above: set[str] = set()
    left = [one for anchor in row.follows for one in rows[anchor].follows]
    while left:
        above.add(anchor := left.pop())
        left.extend(rows[anchor].follows)
    return tuple(anchor for anchor in row.follows if anchor not in above)


def _follows(row: Derivation, rows: dict[str, Derivation], link: Link) -> str:
    if not row.follows:
        return ": a beginning"
    before = (rows[anchor] for anchor in row.follows)
    return " uses " + ", ".join(f'<a href="{link(one.page, one.anchor)}">{_words(one.quantity)}</a>' for one in before)


def _used(row: Derivation) -> bool:
    return any(row.anchor in other.follows for other in catalogue())


def _sections() -> list[int]:
    return sorted({row.section for row in catalogue()})


def _claim(row: Derivation) -> str:
    if coverage.shown_formula(row) is None:
        raise Incomplete(f"{row.page} has no claim that holds and reads {row.formula}")
    return row.formula


def _on_the_sheet(row: Derivation) -> str:
    """Return a formula in its box, with its shapes, a link to itself and its text to copy."""
    name, label = f"sheet-{row.anchor}", f"Equation for {_words(row.quantity)}"
    page = verdicts.of_page(row.path)
    own = next(one for one in page if coverage.plain(one.source) == coverage.plain(row.formula))
    alone = sum(one.fence_line == own.fence_line for one in page) == 1
    numpy = translate.numpy_of(row.path).get(own.fence_line, "") if alone else ""
    shapes = (
        f'<div class="shape-line" tabindex="0" role="group" aria-label="Shapes">'
        f"{to_mathml(own.shape_line, display=False)}</div>"
        if own.shape_line
        else ""
    )
    return (
        f'<div class="statement" id="{name}">'
        f'<div class="equation" tabindex="0" role="group" aria-label="{label}">'
        f"{to_mathml(_claim(row), display=True)}</div>"
        f'<div class="below">{shapes}<a class="equation-link" href="#{name}" aria-label="Link to: {label}">#</a>'
        f'<details class="tick plain"><summary>copy</summary>{sources_of(row.formula, numpy, (), name)}</details></div>'
        "<!-- end of statement --></div>"
    )


def _heading(title: str) -> str:
    return f'<h2 id="{slugify(title, "-")}">{html.escape(title)}</h2>'


@cache
def _reference(name: str) -> str:
    """Return the reference page that documents a function."""
    module = name.rpartition(".")[0]
    for page in sorted((DOCS / "reference").glob("*.md")):
        included = INCLUDED.findall(page.read_text(encoding="utf-8"))
        if any(module == one or module.startswith(f"{one}.") for one in included):
            return page.relative_to(DOCS).as_posix()
    raise Incomplete(f"no reference page documents {name}")


def _words(text: str) -> str:
    return html.escape(text)
