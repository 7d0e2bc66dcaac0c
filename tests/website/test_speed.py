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


# What the page promises, held against the ratios that were measured last. A difference of a few hundredths is noise.

NOISE = 1.02
SMALL = "2-4-1, m = 400, float64"


@pytest.mark.parametrize("plan", FOUND["table"])
def test_the_library_is_never_behind_the_textbook(plan: str) -> None:
    row = FOUND["table"][plan]
    for ours, textbook in zip(row["byhand"], row["textbook"], strict=True):
        assert ours <= textbook


@pytest.mark.parametrize("plan", FOUND["table"])
def test_call_by_call_it_is_not_behind_either_but_for_a_step_on_the_smallest_network(plan: str) -> None:
    (gradient, step), textbook = FOUND["table"][plan]["byhand, apart"], FOUND["table"][plan]["textbook"]
    assert gradient <= NOISE * textbook[0]
    assert step <= NOISE * textbook[1] or plan == SMALL


def test_a_gradient_of_a_large_network_is_close_to_its_matrix_products() -> None:
    assert FOUND["table"]["784-512-512-10, m = 1024, float64"]["byhand"][0] <= 1.15


def test_on_the_smallest_network_the_library_is_five_times_as_fast_as_pytorch_and_faster_than_jax() -> None:
    row = FOUND["table"][SMALL]
    for which in (0, 1):
        assert 5 * row["byhand"][which] <= row["torch"][which]
        assert row["byhand"][which] < row["jax"][which] < row["jax, numpy"][which]


def test_many_rounds_were_measured_and_every_contender_was_there() -> None:
    assert FOUND["rounds"] >= 9
    for row in FOUND["table"].values():
        assert [name for name in row if name != "floor in µs"] == list(generated.CONTENDERS)
