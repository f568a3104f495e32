"""Conclusions are counted by sign over sets, judged by intervals under variants, and headlines get their band."""

import pandas as pd
import pytest

from experiments.scenario import AID_ARMS, SCENARIOS
from experiments.validation.conclusions import (
    CONCLUSIONS,
    HEADLINE_OUTCOMES,
    HEADLINES,
    HOLDS,
    NOT,
    UNDECIDED,
    Conclusion,
    conclusions_table,
    headlines,
    over_sets,
)
from model.indicators import INDICATORS

UP = Conclusion("up", "it rises", "solo", "enclave", "value_to_date", 1)
DOWN = Conclusion("down", "it falls", "solo", "enclave", "value_to_date", -1)


@pytest.mark.parametrize(
    ("conclusion", "low", "high", "verdict"),
    [
        (UP, 1.0, 3.0, HOLDS),
        (UP, -1.0, 3.0, UNDECIDED),
        (UP, -3.0, -1.0, NOT),
        (DOWN, -3.0, -1.0, HOLDS),
        (DOWN, 1.0, 3.0, NOT),
        (UP, float("nan"), float("nan"), UNDECIDED),
    ],
)
def test_an_interval_decides(conclusion, low, high, verdict):
    assert conclusion.verdict(low, high) == verdict


def effects(values, half=1.0):
    """Effects of every conclusion and headline at so many points, all the same."""
    about = {(one.baseline, one.arm, one.outcome) for one in CONCLUSIONS}
    about |= {(*pair, outcome) for pair in HEADLINES for outcome in HEADLINE_OUTCOMES}
    rows = [
        {
            "point": point,
            "baseline": one,
            "arm": two,
            "outcome": what,
            "effect": value,
            "low": value - half,
            "high": value + half,
        }
        for point, value in enumerate(values)
        for one, two, what in sorted(about)
    ]
    return pd.DataFrame(rows)


def test_sets_are_counted_by_the_sign_of_their_mean_and_by_their_interval():
    table = over_sets(effects([2.0, 3.0, 0.5, -2.0])).set_index("conclusion")
    rising = next(one.name for one in CONCLUSIONS if one.sign == 1)
    falling = next(one.name for one in CONCLUSIONS if one.sign == -1)
    assert table.loc[rising, ["sets", "share", "decided"]].tolist() == [4, 0.75, 0.5]
    assert table.loc[falling, ["share", "decided"]].tolist() == [0.25, 0.25]


def test_variants_stand_beside_the_sets_and_what_was_not_run_says_so():
    table = conclusions_table(effects([2.0]), {"same": effects([2.0]), "none": effects([2.0]).iloc[:0]})
    assert set(table["none"]) == {"not run"}
    assert (table["same"] == HOLDS).sum() >= sum(one.sign == 1 for one in CONCLUSIONS)


def test_a_headline_has_the_luck_of_the_first_set_and_the_band_of_all():
    table = headlines(effects([2.0, 4.0, -6.0]))
    assert len(table) == len(HEADLINES) * len(HEADLINE_OUTCOMES)
    row = table.iloc[0]
    assert row[["in_use", "low", "high", "sets", "set_median"]].tolist() == [2.0, 1.0, 3.0, 3, 2.0]
    assert row["set_low"] < -5.0 < 3.5 < row["set_high"]
    assert row["above_zero"] == pytest.approx(2 / 3)


def test_conclusions_are_of_arms_and_outcomes_that_there_are():
    known = SCENARIOS | AID_ARMS
    assert len({one.name for one in CONCLUSIONS}) == len(CONCLUSIONS)
    for one in CONCLUSIONS:
        assert {one.baseline, one.arm} <= set(known)
        assert one.outcome in INDICATORS
        assert one.sign in (1, -1)
