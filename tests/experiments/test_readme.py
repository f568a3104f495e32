"""README's table is made of the published effects, each in its unit."""

import pandas as pd

from experiments.readme import COLUMNS, effects

OUTCOMES = [outcome for _, outcome, _, _ in COLUMNS if outcome not in ("gain", "created")]


def row(**cells):
    return {"baseline": "solo", "arm": "enclave", "low": -10_000.0, "high": 30_000.0, **cells}


def test_every_cell_is_the_published_effect_in_its_unit(tmp_path):
    published = [row(outcome=name, effect=20_000.0) for name in OUTCOMES]
    other = [row(baseline="town", outcome=name, effect=1.0) for name in OUTCOMES]
    pd.DataFrame(published + other).to_csv(tmp_path / "effects.csv")
    villages = {"kind": "Village", "county": "Pinghu"}
    gains = [row(difference=2e6, **villages), row(difference=9e6, **(villages | {"county": "Qingtian"}))]
    pd.DataFrame(gains).to_csv(tmp_path / "gains.csv")
    lines = [row(difference=-3e6, boundary="everybody", line="created"), row(boundary="Pinghu", line="created")]
    pd.DataFrame(lines).fillna(0.0).to_csv(tmp_path / "boundaries.csv")
    head, _, *rows = effects(tmp_path).splitlines()
    assert head.count("|") == len(COLUMNS) + 2
    (cells,) = ([cell.strip() for cell in line.strip("| ").split("|")] for line in rows)
    told = dict(zip(["arm", *(column[1] for column in COLUMNS)], cells, strict=True))
    assert told["arm"] == "`enclave`"
    assert told["recurrent_income_mean"] == "+2.0 (-1.0 to 3.0)"
    assert told["low_income_households"] == "+20,000 (-10,000 to 30,000)"
    assert told["public_cost_per_yuan"] == "20,000.00 (-10,000.00 to 30,000.00)"
    assert told["gain"].startswith("+2 (")
    assert told["created"].startswith("-3 (")
