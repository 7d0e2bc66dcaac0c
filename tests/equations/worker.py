"""Runs the engine in a process of its own, without the type checks that the test run adds to every call.

Reads JSON from standard input, `{"task": "check" | "mutate", "pages": [{"text": …, "given": …}, …]}`, and writes a
list with one item for each page.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any


def check(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Judge pages; each gives its seconds and its results in full."""
    found: list[dict[str, Any]] = _run("check", pages)
    return found


def mutate(pages: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Make the mutation tables of pages."""
    found: list[list[dict[str, Any]]] = _run("mutate", pages)
    return found


def _run(task: str, pages: list[dict[str, Any]]) -> Any:
    text = json.dumps({"task": task, "pages": pages})
    command = [sys.executable, "-W", "error", __file__]
    run = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=600)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def main() -> None:
    from byhand.equations import check_text, mutation_table

    asked = json.load(sys.stdin)
    answers: list[Any] = []
    for page in asked["pages"]:
        began = time.monotonic()
        if asked["task"] == "check":
            results = [result.plain() for result in check_text(**page)]
            answers.append({"seconds": time.monotonic() - began, "results": results})
        else:
            rows = mutation_table(**page)
            answers.append(
                [{**asdict(row), "unexplained": len(row.unexplained), "load_bearing": row.load_bearing} for row in rows]
            )
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
