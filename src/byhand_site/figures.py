"""The `figure` fence: a drawing made at build time from what the page's own Python has computed.

    ```figure {draw="line_chart" y="costs" x_label="step" y_label="J"}
    The title of the drawing
    What it shows, for somebody who cannot see it.
    ```

`draw` names a function of `byhand_site.drawings`. `x`, `y`, `lines`, `images`, `captions`, `points`, `labels` and the
function `output` name what the page has defined before the fence; the labels of axes are text. `draw="graph" of="J"`
draws the forward program of the page's math fences, all that leads to J. `draw="paths"` draws one unit's paths to the
loss, with the numbers of the page. A drawing from Python is kept as long as the Python before it, the library and the
drawing functions stay as they are.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markdown import Markdown

import byhand
from byhand_site import CACHE, coverage, drawings, graph, paths, snippets, verdicts
from byhand_site.homes import Home, Homes
from byhand_site.source import BuildStop, address_of, formatter, line_of, page_path, place_of
from byhand_site.tableau import NoPicture

GRAPH = "graph"
DRAWINGS: dict[str, Callable[..., str]] = {
    "decades": drawings.decades,
    "line_chart": drawings.line_chart,
    "log_chart": drawings.log_chart,
    "paths": paths.paths,
    "pictures": drawings.pictures,
    "regions": drawings.regions,
    "slopes": drawings.slopes,
}
FROM_THE_PAGE = {"x", "y", "lines", "images", "captions", "points", "labels", "output"}
AS_WRITTEN = {"x_label", "y_label", "sizes"}
WITH_NAMES = {"weights", "slopes"}


class FigureError(BuildStop):
    """A drawing that cannot be made."""


@formatter
def figure_fence(source: str, options: dict[str, str], md: Markdown, id_value: str) -> str:
    """Show one drawing with its title below it."""
    place = place_of(source, md, id_value)
    title, *rest = source.strip().splitlines()
    description = " ".join(rest).strip()
    wanted = {"draw", "of", *FROM_THE_PAGE, *WITH_NAMES, *AS_WRITTEN}
    if not description or options.get("draw") not in (GRAPH, *DRAWINGS) or not options.keys() <= wanted:
        raise FigureError(
            f'{place}: a figure needs draw="{" | ".join((GRAPH, *DRAWINGS))}", a first line with its title, and '
            f"below it what it shows; its options are {', '.join(sorted(wanted))}."
        )
    path = page_path(md)
    if path is None:
        raise FigureError(f"{place}: a figure needs a page whose Python it can draw from")
    line = line_of(place)
    if options["draw"] == GRAPH:
        svg = _graph(title, description, options, md, path, place)
    else:
        svg = _drawn(title, description, options, path, line, place)
    name = f' id="{html.escape(id_value)}"' if id_value else ""
    return f'<figure class="drawn"{name}>{svg}<figcaption>{html.escape(title)}</figcaption></figure>'


def _graph(title: str, description: str, options: dict[str, str], md: Markdown, path: Path, place: str) -> str:
    """Draw the forward program of the page; each symbol leads to its definition, each gradient to its derivation."""
    if options.keys() != {"draw", "of"}:
        raise FigureError(f'{place}: a graph needs of="…", the symbol that it leads to, and nothing else')
    try:
        steps = graph.ancestors(verdicts.forward_program_of(path), options["of"])
    except graph.NoGraph as error:
        raise FigureError(f"{place}: {error}") from None
    homes = Homes(path, [step.symbol for step in steps], coverage.catalogue())

    def address(home: Home | None) -> str:
        if home is None:
            return ""
        return f"#{home.anchor}" if home.page == homes.page else address_of(md, home.page, home.anchor)

    return graph.graph(
        title,
        description,
        steps,
        lambda one: address(homes.definition(one)),
        lambda one: address(homes.derivation(one)),
    )


def _drawn(title: str, description: str, options: dict[str, str], path: Path, line: int, place: str) -> str:
    document = snippets.pages.parse(path)
    python = [document.text[example.start : example.end] for example in document if example.line < line]
    sources = sorted([*Path(byhand.__file__).parent.glob("*.py"), *Path(__file__).parent.glob("*.py")])
    recipe = repr((title, description, options, python, version("numpy"), version("scikit-learn")))
    fingerprint = hashlib.sha256(recipe.encode() + b"".join(source.read_bytes() for source in sources)).hexdigest()
    kept = CACHE / "figures" / f"{fingerprint[:24]}.svg"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    try:
        computed = snippets.run_page(path, until=line)
    except Exception as error:
        raise FigureError(f"{place}: the Python before this figure fails: {error}") from error
    arguments: dict[str, Any] = {}
    for option, value in options.items():
        if option in WITH_NAMES:
            arguments[option] = (value, _lookup(value, computed, place))
        elif option in FROM_THE_PAGE:
            arguments[option] = _lookup(value, computed, place)
        elif option in AS_WRITTEN:
            arguments[option] = value
    try:
        svg = DRAWINGS[options["draw"]](title, description, **arguments)
    except (NoPicture, TypeError) as error:
        raise FigureError(f"{place}: {error}") from None
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(svg, encoding="utf-8")
    return svg


def _lookup(name: str, computed: dict[str, Any], place: str) -> Any:
    if name not in computed:
        raise FigureError(f"{place}: the page has not defined {name!r} before this figure")
    return computed[name]
