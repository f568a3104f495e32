"""Inequality by arm with paired effects: held to the effects of the same outcomes, by hand, and bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.distribution import INFINITE, DistributionError, measures
from experiments.distribution_table import BASELINE, inequality_table
from experiments.effects import EXACT, ONE_SEED, paired

pytestmark = pytest.mark.one_version

SAME = {
    "recurrent_income_mean": "mean",
    "recurrent_income_gini": "gini",
    "theil_within_towns": "theil_within",
    "theil_between_towns": "theil_between",
}


def village_rows(arms):
    """A table of villages: arm -> seed -> incomes."""
    return pd.DataFrame(
        [
            {"arm": arm, "seed": seed, "year": 2021, "county": 0, "town": row % 2, "village": row, "income": income}
            for arm, seeds in arms.items()
            for seed, incomes in seeds.items()
            for row, income in enumerate(incomes)
        ]
    )


def test_the_effects_are_those_of_the_same_outcomes(study):
    table = inequality_table(study.villages, 2021, line=1_800_000.0)
    effects = study.effects[(study.effects["year"] == 2021) & (study.effects["baseline"] == "solo")]
    assert list(dict.fromkeys(table["arm"])) == ["solo", "solo_funded", "enclave"]
    compared = 0
    for outcome, measure in SAME.items():
        for arm in ("solo_funded", "enclave"):
            expected = effects[(effects["arm"] == arm) & (effects["outcome"] == outcome)].iloc[0]
            found = table[(table["arm"] == arm) & (table["measure"] == measure)].iloc[0]
            for ours, theirs in (("mean", "arm_mean"), ("effect", "effect"), ("low", "low"), ("high", "high")):
                assert found[ours] == pytest.approx(expected[theirs], rel=1e-6, abs=1e-9), (outcome, arm, ours)
            assert found["seeds"] == expected["seeds"] == 2
            compared += 1
    assert compared == 8


def test_the_headcount_is_the_share_of_the_villages_below_the_line(study):
    table = inequality_table(study.villages, 2021, line=1_800_000.0)
    below = study.indicators[(study.indicators["year"] == 2021)].groupby("arm")["villages_below_1800k"].mean()
    for arm in ("solo", "enclave"):
        found = table[(table["arm"] == arm) & (table["measure"] == "headcount")]["mean"].item()
        assert found == pytest.approx(below[arm] / 12)


def test_by_hand():
    arms = {"solo": {1: [1, 2, 3, 4], 2: [2, 2, 3, 3]}, "pool": {1: [2, 2, 3, 3], 2: [5, 5, 5, 6]}}
    table = inequality_table(village_rows(arms), 2021, income=("income",)).set_index(["arm", "measure"])
    gini = {arm: [measures(incomes).loc["gini", "value"] for incomes in seeds.values()] for arm, seeds in arms.items()}
    expected, found = paired(gini["solo"], gini["pool"]), table.loc[("pool", "gini")]
    assert (found["mean"], found["effect"]) == (pytest.approx(expected.arm_mean), pytest.approx(expected.difference))
    assert (found["low"], found["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert table.loc[("solo", "mean"), "mean"] == 2.5
    assert table.loc[("solo", ["mean", "gini"]), "unit"].tolist() == ["yuan/year", "1"]
    assert table.loc[("solo", "gini"), "note"] == BASELINE
    assert np.isnan(table.loc[("solo", "gini"), "effect"])
    assert "headcount" not in table.index.get_level_values("measure")


def test_income_may_be_summed_of_columns_and_the_baseline_chosen():
    rows = village_rows({"solo": {1: [1, 2], 2: [2, 2]}, "aid": {1: [1, 2], 2: [2, 2]}}).assign(aid=3.0)
    table = inequality_table(rows, 2021, income=("income", "aid"), baseline="aid")
    assert list(dict.fromkeys(table["arm"])) == ["aid", "solo"]
    assert table[(table["measure"] == "mean")]["mean"].tolist() == [4.75, 4.75]
    same = table[table["arm"] == "solo"]
    assert set(same["effect"]) == {0.0}
    assert set(same["note"]) <= {EXACT, f"{EXACT}; no inequality: nothing to split"}


def test_a_seed_without_the_measure_is_left_out_and_told():
    arms = {"solo": {1: [1, 2], 2: [2, 3], 3: [1, 5]}, "pool": {1: [0, 2], 2: [2, 4], 3: [1, 6]}}
    table = inequality_table(village_rows(arms), 2021, income=("income",)).set_index(["arm", "measure"])
    found = table.loc[("pool", "theil_l")]
    assert found["seeds"] == 2
    assert found["note"] == f"{INFINITE}; 1 seed left out"
    assert np.isfinite(found["effect"])
    assert table.loc[("pool", "gini"), "seeds"] == 3
    assert table.loc[("pool", "gini"), "note"] == ""


def test_a_measure_that_no_seed_has_says_why():
    arms = {"solo": {1: [1, 2], 2: [2, 3]}, "pool": {1: [-1, 2], 2: [-2, 4]}}
    table = inequality_table(village_rows(arms), 2021, income=("income",)).set_index(["arm", "measure"])
    for name in ("theil_t", "theil_within", "atkinson"):
        found = table.loc[("pool", name)]
        assert (found["seeds"], np.isnan(found["effect"])) == (0, True)
        assert found["note"] == "not defined: a value is below zero; 2 seeds left out"


def test_one_seed_has_no_interval():
    table = inequality_table(village_rows({"solo": {1: [1, 2]}, "pool": {1: [2, 2]}}), 2021, income=("income",))
    found = table[(table["arm"] == "pool") & (table["measure"] == "gini")].iloc[0]
    assert found["note"] == ONE_SEED
    assert np.isnan(found["low"])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"year": 1999}, "no village of county 0 in 1999"),
        ({"county": 3}, "no village of county 3"),
        ({"baseline": "poool"}, "no arm 'poool'. It has solo, pool"),
        ({"income": ("incom",)}, "no column 'incom'"),
        ({"group": "twon"}, "no column 'twon'"),
        ({"line": -1.0}, "line is -1.0"),
    ],
)
def test_bad_input_is_told_in_one_line(settings, told):
    rows = village_rows({"solo": {1: [1, 2]}, "pool": {1: [2, 2]}})
    with pytest.raises(DistributionError, match=told) as caught:
        inequality_table(rows, **{"year": 2021, "income": ("income",), **settings})
    assert "\n" not in str(caught.value)


def test_arms_of_other_seeds_are_not_compared():
    rows = village_rows({"solo": {1: [1, 2]}, "pool": {2: [2, 2]}})
    with pytest.raises(DistributionError, match="other seeds"):
        inequality_table(rows, 2021, income=("income",))
