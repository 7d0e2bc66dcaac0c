"""The `generated` fence: text that a page must not have typed, because it can be read off the code.

```generated
functions
```
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from markdown import Markdown

from byhand.equations import FAILURES, GRAMMAR, SETTINGS, TABLE, UNCHECKED_REASONS, count_inline
from byhand_site import DOCS, verdicts
from byhand_site.atlas import Incomplete, Link, cheat_sheet, coverage_table, derivation_map
from byhand_site.source import BuildStop, address_of, formatter, place_of

KINDS = {
    "entry": "entry by entry",
    "pair": "entry by entry, of two arguments",
    "column": "column by column",
    "column-sum": "column by column, one number for each",
    "trace": "of a square matrix, a number",
    "det": "of a square matrix, a number",
    "diag": "puts a column or a row on the diagonal of a matrix",
    "clip": "entry by entry, between two numbers",
    "vec": "the columns of a matrix stacked into one column",
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
    verdicts.prepare()
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
    verdicts.prepare()
    rows, idle = [], []
    reasons: dict[str, int] = {}
    for page in sorted(DOCS.rglob("*.md")):
        table = verdicts.mutants(page)
        claims = [row for row in table if row["role"] == "claim"]
        if not claims:
            continue
        name = page.relative_to(DOCS).as_posix()
        found = [reason for row in claims for *_, reason in row["survivors"]]
        equal = [reason for reason in found if reason]
        for reason in equal:
            reasons[reason] = reasons.get(reason, 0) + 1
        holes = len(found) - len(equal)
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


SPEED = Path(__file__).with_name("speed.json")
CONTENDERS = {
    "byhand": "byhand",
    "byhand, apart": "byhand, call by call",
    "textbook": "textbook NumPy",
    "torch": "PyTorch",
    "jax": "JAX, its own arrays",
    "jax, numpy": "JAX, NumPy arrays",
    "sklearn": "scikit-learn",
}


def speed() -> str:
    """Return what `benchmarks/gradients.py --save` has measured: a table for the gradient, and one for the step."""
    found = json.loads(SPEED.read_text(encoding="utf-8"))
    names = [name for name in CONTENDERS if all(name in row for row in found["table"].values())]
    left_out = ", ".join(CONTENDERS[name] for name in CONTENDERS if name not in names)
    head = ("network", "the products alone", *(CONTENDERS[name] for name in names))
    parts = []
    for which, title in enumerate(("One gradient", "One step of training")):
        rows = [
            (plan, f"{row['floor in µs'][0]:,.0f} µs", *(f"{row[name][which]:.2f}" for name in names))
            for plan, row in found["table"].items()
        ]
        parts.append(f"<p>{title}, as a multiple of the products alone:</p>{_table(head, rows)}")
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    missing = f" Not installed, and so left out: {left_out}." if left_out else ""
    parts.append(
        f"<p>Measured on {found['date']}: {html.escape(versions)}; {html.escape(found['kernel'])}; "
        f"{found['rounds']} rounds.{missing}</p>"
    )
    return "".join(parts)


FROM_ABOVE: dict[str, Callable[[Link], str]] = {
    "coverage": coverage_table,
    "map": derivation_map,
    "cheat sheet": cheat_sheet,
}
GENERATED: dict[str, Callable[[], str]] = {
    "functions": functions,
    "grammar": grammar,
    "settings": settings,
    "reasons": reasons,
    "failures": failures,
    "counts": counts,
    "mutation": mutation,
    "speed": speed,
}


@formatter
def generated_fence(source: str, options: dict[str, str], md: Markdown, _id: str) -> str:
    """Show what the name in the fence stands for."""
    name = source.strip()
    if name in FROM_ABOVE and not options:
        try:
            return FROM_ABOVE[name](partial(address_of, md))
        except Incomplete as error:
            raise BuildStop(f"{place_of(source, md)}: {error}") from None
    if name not in GENERATED or options:
        names = ", ".join((*GENERATED, *FROM_ABOVE))
        raise BuildStop(f"{place_of(source, md)}: generated takes one of {names} and no option")
    return GENERATED[name]()


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _code(text: str) -> str:
    return f'<pre tabindex="0" role="group" aria-label="Text"><code>{html.escape(text)}</code></pre>'
