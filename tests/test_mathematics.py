"""Every claim of the site is spoiled by small edits, and the check must notice."""

from pathlib import Path

import pytest

from byhand.equations import REASONS, check_text
from byhand_site import DOCS, verdicts

PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "```math" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_no_spoiled_claim_survives_without_a_reason(page: Path) -> None:
    claims = [row for row in verdicts.mutants(page) if row["role"] == "claim"]
    survivors = [(row["line"], *survivor) for row in claims for survivor in row["survivors"]]
    assert [survivor for survivor in survivors if not survivor[-1]] == []
    assert {reason for *_, reason in survivors} <= set(REASONS)
    assert all(row["killed"] for row in claims)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"dA^{[1]} &= W^{[2]\top} dZ^{[2]}", r"dA^{[1]} &= W^{[2]} dZ^{[2]}"),
        (r"g^{[1]\prime}(Z^{[1]}_{ji})", r"g^{[1]}(Z^{[1]}_{ji})"),
        (r"&= \sum_{k=1}^{n_2} dZ^{[2]}_{ki} W^{[2]}_{kj}", r"&= dZ^{[2]}_{ki} W^{[2]}_{kj}"),
        (r"Z^{[2]} &:= W^{[2]} A^{[1]} + b^{[2]}", r"Z^{[2]} &:= -W^{[2]} A^{[1]} + b^{[2]}"),
    ],
)
def test_a_slip_in_the_derivation_is_found_at_its_line(right: str, wrong: str) -> None:
    text = (DOCS / "two-layer" / "hidden-layer.md").read_text(encoding="utf-8")
    assert right in text
    failed = [result for result in check_text(text.replace(right, wrong)) if not result.ok]
    assert failed
    if ":=" not in right:
        first = text[: text.index(right)].count("\n") + 1
        assert any(abs(result.line - first) <= 1 for result in failed)
