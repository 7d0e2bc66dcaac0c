"""Every claim of the vocabulary pages gets the verdict that the specification gives it.

The pages were written from the specification alone. A comment `% wrong: differs — why` above a row says which
verdict the next statement must have; every other statement must hold.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("vocabulary")
PAGES = sorted(FOLDER.glob("*.md"))
STATED = re.compile(r"\s*% wrong: (?P<verdict>[a-z-]+) — ")


def stated_verdicts(text: str) -> dict[int, str]:
    """For each comment that states a verdict, its line."""
    lines = enumerate(text.split("\n"), 1)
    return {number: match["verdict"] for number, line in lines if (match := STATED.match(line))}


@pytest.fixture(scope="module")
def statements() -> list[dict[str, Any]]:
    """All statements of the vocabulary, as the command prints them."""
    command = [sys.executable, "-m", "byhand", "check", "--format", "json", str(FOLDER)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert run.returncode == 1, run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)["statements"]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_claim_gets_the_verdict_that_the_page_states(page: Path, statements: list[dict[str, Any]]) -> None:
    mine = [one for one in statements if Path(one["file"]).name == page.name]
    assert mine
    expected = {}
    for number, verdict in stated_verdicts(page.read_text(encoding="utf-8")).items():
        after = [one["line"] for one in mine if one["line"] > number]
        expected[after[0]] = verdict
    wrong = [
        f"{one['line']}: {one['verdict']}, not {expected.get(one['line'], 'holds')}: {one['source']}\n{one['message']}"
        for one in mine
        if (one["verdict"] != expected[one["line"]] if one["line"] in expected else not one["ok"])
    ]
    assert not wrong, "\n".join(wrong)


def test_the_vocabulary_has_right_and_wrong_claims_for_each_row() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    assert len(texts) >= 30
    assert all(len(stated_verdicts(text)) >= 5 for text in texts)
