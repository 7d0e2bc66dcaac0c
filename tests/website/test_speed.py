"""The table of the speed page: made from what was measured, and what it has to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from byhand_site import generated

FOUND = json.loads(generated.SPEED.read_text(encoding="utf-8"))


def test_the_table_shows_every_network_and_what_it_was_measured_with() -> None:
    shown = generated.speed()
    for word in (*FOUND["table"], FOUND["date"], FOUND["kernel"], *FOUND["versions"].values()):
        assert shown.count(word) in (1, 2)
    assert "left out" not in shown


def test_a_contender_that_was_not_installed_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = {plan: {name: row[name] for name in row if name != "torch"} for plan, row in FOUND["table"].items()}
    file = tmp_path / "speed.json"
    file.write_text(json.dumps(FOUND | {"table": fewer}), "utf-8")
    monkeypatch.setattr(generated, "SPEED", file)
    shown = generated.speed()
    assert "Not installed, and so left out: PyTorch." in shown
    assert "<th>PyTorch</th>" not in shown


@pytest.mark.parametrize("plan", FOUND["table"])
def test_what_was_measured_last_was_never_behind_the_textbook(plan: str) -> None:
    row = FOUND["table"][plan]
    for ours, textbook in zip(row["byhand"], row["textbook"], strict=True):
        assert ours <= textbook
