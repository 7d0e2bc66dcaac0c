"""The `generated` fence: text that a page must not have typed, because it can be read off the code.

```generated
functions
```
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from markdown import Markdown

from byhand.equations import FAILURES, GRAMMAR, SETTINGS, TABLE, UNCHECKED_REASONS, count_inline
from byhand_site import CACHE, DOCS, verdicts
from byhand_site.source import BuildStop, formatter, place_of

KINDS = {
    "entry": "entry by entry",
    "pair": "entry by entry, of two arguments",
    "column": "column by column",
    "column-sum": "column by column, one number for each",
    "trace": "of a square matrix, a number",
    "det": "of a square matrix, a number",
    "diag": "puts a column on the diagonal of a matrix",
}


def functions() -> str:
    """Return the table of functions of the language."""
    rows = []
    for row in TABLE:
        spelled = ", ".join(f"<code>{html.escape(name)}</code>" for name in (row.latex, *row.spelled))
        kinks = ", ".join(f"{kink:g}" for kink in row.kinks)
        how = "complex step" if row.analytic else "central differences"
        rows.append((spelled, KINDS[row.kind], html.escape(row.domain), how, kinks))
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
        _, relations = count_inline(page.read_text(encoding="utf-8"))
        holds = sum(result.verdict == "holds" and not result.expected for result in results)
        wrong = sum(bool(result.expected) for result in results)
        given = sum(result.verdict in ("declares", "defines") for result in results)
        unchecked = sum(result.verdict == "unchecked" for result in results)
        numbers = (holds, wrong, given, unchecked, relations)
        if any(numbers):
            rows.append((page.relative_to(DOCS).as_posix(), *map(str, numbers)))
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


def mutation() -> str:
    """Return the table of spoiled claims, the reasons of the survivors, and the definitions no claim leans on."""
    rows, idle = [], []
    reasons: dict[str, int] = {}
    for page in sorted(DOCS.rglob("*.md")):
        table = _mutants(page)
        claims = [row for row in table if row["role"] == "claim"]
        if not claims:
            continue
        name = page.relative_to(DOCS).as_posix()
        equal = [reason for row in claims for reason in row["reasons"] if reason]
        for reason in equal:
            reasons[reason] = reasons.get(reason, 0) + 1
        holes = sum(not reason for row in claims for reason in row["reasons"])
        total, killed = (sum(row[key] for row in claims) for key in ("mutants", "killed"))
        rows.append((name, *map(str, (len(claims), total, killed, len(equal), holes))))
        idle += [
            f"<li>{name}, line {row['line']}: <code>{html.escape(row['source'])}</code></li>"
            for row in table
            if row["role"] == "definition" and row["mutants"] and not row["killed"]
        ]
    rows.append(("all pages", *(str(sum(int(row[k]) for row in rows)) for k in range(1, 6))))
    head = ("page", "claims", "spoiled versions", "noticed", "equal for a verified reason", "unexplained")
    why = "".join(f"<li>{html.escape(reason)}: {count}</li>" for reason, count in sorted(reasons.items()))
    return (
        f"{_table(head, rows)}<p>The verified reasons, and how often each was met:</p><ul>{why}</ul>"
        f"<p>Definitions on which no claim of their page leans:</p><ul>{''.join(idle) or '<li>none</li>'}</ul>"
    )


def _mutants(page: Path) -> list[dict[str, Any]]:
    """Return the rows of one page in plain values; a page and an engine that have not changed cost nothing."""
    engine = sorted(GRAMMAR.parent.iterdir())
    recipe = page.read_bytes() + b"".join(path.read_bytes() for path in engine if path.is_file())
    kept = CACHE / "mutation" / f"{hashlib.sha256(recipe).hexdigest()[:24]}.json"
    if kept.exists():
        rows: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8"))
        return rows
    rows = [
        {
            "role": row.role,
            "line": row.line,
            "source": row.source,
            "mutants": row.mutants,
            "killed": row.killed,
            "reasons": [survivor.reason for survivor in row.survivors],
        }
        for row in verdicts.mutate(page)
    ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(rows), encoding="utf-8")
    return rows


GENERATED: dict[str, Callable[[], str]] = {
    "functions": functions,
    "grammar": grammar,
    "settings": settings,
    "reasons": reasons,
    "failures": failures,
    "counts": counts,
    "mutation": mutation,
}


@formatter
def generated_fence(source: str, options: dict[str, str], md: Markdown, _id: str) -> str:
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
