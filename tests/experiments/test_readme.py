"""README's table is made of the published effects, each in its unit, in both languages."""

import pandas as pd
import pytest

from experiments.readme import COLUMNS, effects

OUTCOMES = [outcome for _, outcome, _, _ in COLUMNS if outcome not in ("gain", "created")]


def row(**cells):
    return {"baseline": "solo", "arm": "enclave", "low": -10_000.0, "high": 30_000.0, **cells}


@pytest.fixture
def published(tmp_path):
    """A folder with the tables of one arm, and rows that the page doesn't tell."""
    wanted = [row(outcome=name, effect=20_000.0) for name in OUTCOMES]
    other = [row(baseline="town", outcome=name, effect=1.0) for name in OUTCOMES]
    pd.DataFrame(wanted + other).to_csv(tmp_path / "effects.csv")
    villages = {"kind": "Village", "county": "Pinghu"}
    gains = [row(difference=2e6, **villages), row(difference=9e6, **(villages | {"county": "Qingtian"}))]
    pd.DataFrame(gains).to_csv(tmp_path / "gains.csv")
    lines = [row(difference=-3e6, boundary="everybody", line="created"), row(boundary="Pinghu", line="created")]
    pd.DataFrame(lines).fillna(0.0).to_csv(tmp_path / "boundaries.csv")
    return tmp_path


def told(text):
    """The titles of a table's columns, and its only row by outcome."""
    head, _, *rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines())
    (cells,) = rows
    assert len(head) == len(COLUMNS) + 1
    return head, dict(zip(["arm", *(column[1] for column in COLUMNS)], cells, strict=True))


def test_every_cell_is_the_published_effect_in_its_unit(published):
    head, cells = told(effects(published))
    assert head[:2] == ["arm", "income"]
    assert cells["arm"] == "`enclave`"
    assert cells["recurrent_income_mean"] == "+2.0 (-1.0 to 3.0)"
    assert cells["low_income_households"] == "+20,000 (-10,000 to 30,000)"
    assert cells["public_cost_per_yuan"] == "20,000.00 (-10,000.00 to 30,000.00)"
    assert cells["gain"].startswith("+2 (")
    assert cells["created"].startswith("-3 (")


def test_the_chinese_table_has_the_same_effects_and_sums_in_a_hundred_million_yuan(published):
    head, cells = told(effects(published, "zh"))
    assert head[:2] == ["方案", "收入"]
    assert cells["arm"] == "`enclave`"
    assert cells["recurrent_income_mean"] == "+2.0（-1.0至3.0）"
    assert cells["low_income_households"] == "+20,000（-10,000至30,000）"
    assert cells["public_cost_per_yuan"] == "20,000.00（-10,000.00至30,000.00）"
    assert cells["gain"] == "+0.02（0.00至0.00）"
    assert cells["created"].startswith("-0.03（")
