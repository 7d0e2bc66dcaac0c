"""The `generated` fence: text that a page must not have typed, because it can be read off the code.

```generated
functions
```
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from markdown import Markdown

from byhand.equations import FAILURES, GRAMMAR, SETTINGS, TABLE, UNCHECKED_REASONS, count_inline
from byhand_site import DOCS, verdicts
from byhand_site.source import BuildStop, place_of

KINDS = {
    "entry": "entry by entry",
    "pair": "entry by entry, of two arguments",
    "column": "column by column",
    "trace": "of a square matrix, a number",
    "det": "of a square matrix, a number",
    "diag": "column to diagonal matrix, square matrix to its diagonal",
}


def functions() -> str:
    """Return the table of functions of the language."""
    rows = []
    for row in TABLE:
        spelled = ", ".join(f"<code>{html.escape(name)}</code>" for name in (row.latex, *row.spelled))
        kinks = ", ".join(f"{kink:g}" for kink in row.kinks)
        how = "complex step" if row.analytic else "central differences"
        rows.append((spelled, KINDS.get(row.kind, row.kind), html.escape(row.domain), how, kinks))
    return _table(("written", "works", "defined on", "differentiated by", "kinks"), rows)


def grammar() -> str:
    """Return the grammar, from its file."""
    return _code(GRAMMAR.read_text(encoding="utf-8"))


def settings() -> str:
    """Return every built-in setting: its name, what it is, and its text."""
    parts = []
    for setting in SETTINGS.values():
        title = f"<code>{html.escape(setting.name)}</code>: {html.escape(setting.title)}"
        parts.append(f"<details><summary>{title}</summary>{_code(setting.text.strip())}</details>")
    return "".join(parts)


def reasons() -> str:
    """Return the reasons for which a fence may go unchecked."""
    return "<ul>" + "".join(f"<li>{html.escape(reason)}</li>" for reason in UNCHECKED_REASONS) + "</ul>"


def failures() -> str:
    """Return the verdicts that are not a tick."""
    return "<ul>" + "".join(f"<li><code>{verdict}</code></li>" for verdict in FAILURES) + "</ul>"


def counts() -> str:
    """Count how many statements of each page have which verdict."""
    rows = []
    for page in sorted(DOCS.rglob("*.md")):
        results = verdicts.of_page(page)
        formulas, relations = count_inline(page.read_text(encoding="utf-8"))
        if not results and not formulas:
            continue
        holds = sum(result.verdict == "holds" and not result.expected for result in results)
        wrong = sum(bool(result.expected) for result in results)
        given = sum(result.verdict in ("declares", "defines") for result in results)
        unchecked = sum(result.verdict == "unchecked" for result in results)
        name = page.relative_to(DOCS).as_posix()
        rows.append((name, *map(str, (holds, wrong, given, unchecked, relations))))
    rows.append(("all pages", *(str(sum(int(row[k]) for row in rows)) for k in range(1, 6))))
    head = (
        "page",
        "claims that hold",
        "wrong on purpose",
        "given or defined",
        "displayed, unchecked",
        "inline, unchecked",
    )
    return _table(head, rows)


GENERATED: dict[str, Callable[[], str]] = {
    "functions": functions,
    "grammar": grammar,
    "settings": settings,
    "reasons": reasons,
    "failures": failures,
    "counts": counts,
}


def generated_fence(
    source: str,
    language: str,  # noqa: ARG001  (superfences passes it)
    css_class: str,  # noqa: ARG001
    options: dict[str, str],
    md: Markdown,
    **_: Any,
) -> str:
    """Show what the name in the fence stands for."""
    name = source.strip()
    if name not in GENERATED or options:
        raise BuildStop(f"{place_of(source, md)}: generated takes one of {', '.join(GENERATED)} and no option")
    return GENERATED[name]()


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _code(text: str) -> str:
    return f'<pre tabindex="0" role="group" aria-label="Text"><code>{html.escape(text)}</code></pre>'
