"""Who pays: gains, value created and transfers between arms; boundaries, discounting, and each yuan's origin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.figures.gains import waterfall
from experiments.figures.sankey import sankey
from experiments.frames import ACCOUNT_COLUMNS
from experiments.gains import (
    CREATED,
    DISCOUNTED,
    GAIN,
    GAINED,
    LOST,
    RECEIVED,
    TO_DATE,
    TRANSFER,
    VALUE,
    YEAR,
    Sectors,
    accounts_of,
    boundaries,
    discount_factors,
    of_each_yuan,
    parts_of_a_yuan,
    who_pays,
)
from experiments.gains_report import who_pays as told

PAIR = ("solo", "pool")
VILLAGES, TREASURY = ("Village", "A"), ("County", "A")
OUTSIDE = ("Outside", "")
MORE = {1: 1.0, 2: 1.0625}
MEAN = 1.03125  # all of them exact in binary


def generator(name="", year=0):
    return np.random.default_rng(1)


@pytest.fixture
def frame():
    """Pooling creates 4 a year in A and moves 10 and 1 from treasury and Outside to villages; more of it in seed 2."""
    rows = []
    for seed in (1, 2):
        for year in (2006, 2007):
            same = (GAIN, "", "Household", "A", "", "", 7.0)
            rows += [(seed, arm, year, *same) for arm in PAIR]
            for line in (
                (GAIN, "", *VILLAGES, "", "", 15.0),
                (GAIN, "", *TREASURY, "", "", -10.0),
                (GAIN, "", *OUTSIDE, "", "", -1.0),
                (CREATED, "value added", *VILLAGES, "", "", 4.0),
                (TRANSFER, "grants", *TREASURY, *VILLAGES, 10.0),
                (TRANSFER, "interest", *OUTSIDE, *VILLAGES, 1.0),
            ):
                rows.append((seed, "pool", year, *line[:-1], MORE[seed] * line[-1]))
    return pd.DataFrame(rows, columns=ACCOUNT_COLUMNS)


def chosen(rows, **where):
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows


def test_a_year_to_date_and_discounted(frame):
    found = who_pays(accounts_of(frame), [PAIR], rate=0.5)
    mine = chosen(found, table=GAIN, kind="Village")
    sums = {(row.measure, row.year): row.difference for row in mine.itertuples()}
    assert sums == {
        (YEAR, 2006): 15.0 * MEAN,
        (YEAR, 2007): 15.0 * MEAN,
        (TO_DATE, 2006): 15.0 * MEAN,
        (TO_DATE, 2007): 30.0 * MEAN,
        (DISCOUNTED, 2006): 15.0 * MEAN,
        (DISCOUNTED, 2007): 15.0 * MEAN + 10.0 * MEAN,
    }
    assert not len(chosen(found, kind="Household"))  # what is the same in both arms is left out
    assert list(discount_factors(3, 1.0)) == [1.0, 0.5, 0.25]
    half = 12.706204736 * 15.0 * 0.03125  # t quantile of one degree of freedom, times sqrt(variance / 2)
    first = next(mine.itertuples())
    assert (first.low, first.high) == (pytest.approx(15.0 * MEAN - half), pytest.approx(15.0 * MEAN + half))


def test_what_crosses_a_boundary(frame):
    found = boundaries(accounts_of(frame), [PAIR], ["A"], rate=0.0)
    lines = chosen(found, measure=TO_DATE, year=2007).set_index(["boundary", "line"])["difference"].to_dict()
    assert lines == {
        **{(where, GAIN): 10.0 * MEAN for where in ("A", "all counties")},
        **{(where, CREATED): 8.0 * MEAN for where in ("A", "all counties", "everybody")},
        **{(where, RECEIVED): 2.0 * MEAN for where in ("A", "all counties")},
        **{(where, f"{RECEIVED}: interest"): 2.0 * MEAN for where in ("A", "all counties")},
        ("everybody", GAIN): 8.0 * MEAN,
        ("everybody", RECEIVED): 0.0,
    }


def test_each_yuan_gained(frame):
    found = of_each_yuan(accounts_of(frame), [PAIR], "A", rate=0.0, years=[2007], generator=generator)
    parts = chosen(found, measure=TO_DATE).set_index("part")["share"].to_dict()
    assert parts == {VALUE: 4 / 15, "treasury of A": pytest.approx(10 / 15), "Outside": pytest.approx(1 / 15)}
    assert set(found["direction"]) == {GAINED}
    np.testing.assert_array_equal(found["low"], found["high"])  # the same in every seed


@pytest.mark.parametrize(
    ("gains", "direction", "parts"),
    [
        ((6.0, 4.0, -5.0), GAINED, {VALUE: 0.5, "c": 0.5}),
        ((6.0, 4.0, -15.0), GAINED, {VALUE: -0.5, "c": 1.0}),  # half a yuan was lost for each yuan gained
        ((-6.0, -4.0, 5.0), LOST, {VALUE: 0.5, "c": 0.5}),
        ((-6.0, -4.0, 15.0), LOST, {VALUE: -0.5, "c": 1.0}),  # half a yuan was created for each yuan lost
        ((-6.0, 4.0, 2.0), LOST, {VALUE: 0.0, "b": 4 / 6, "c": 2 / 6}),
        ((6.0, 1.0, 2.0), GAINED, {VALUE: 1.0}),
        ((0.0, 1.0, -2.0), None, {}),
    ],
)
def test_parts_of_a_yuan(gains, direction, parts):
    names = ["a", "b", "c"]
    found = parts_of_a_yuan(Sectors(names, np.array([gains, gains])), "a", generator())
    assert {row[2]: row[3] for row in found} == pytest.approx(parts)
    assert {row[1] for row in found} == ({direction} if direction else set())


def test_gains_that_may_be_none_have_no_parts():
    unsure = np.array([[9.0, -1.0], [-8.0, 2.0], [1.0, -1.0]])
    found = parts_of_a_yuan(Sectors(["a", "b"], unsure), "a", generator())
    assert all(np.isnan(row[3]) for row in found)


def test_a_real_study_adds_up(study):
    sums = study.boundaries.pivot_table(
        index=["baseline", "arm", "measure", "year", "boundary"], columns="line", values="difference"
    )
    scale = study.accounts["amount"].abs().max()
    gap = sums[GAIN] - sums[CREATED] - sums[RECEIVED]
    assert (gap.abs() <= 1e-9 * scale).all()
    by_purpose = sums[[name for name in sums.columns if name.startswith(f"{RECEIVED}:")]].sum(axis=1)
    assert ((by_purpose - sums[RECEIVED]).abs() <= 1e-6 * scale).all()
    assert (sums.xs("everybody", level="boundary")[RECEIVED].abs() <= 1e-9 * scale).all()
    opening = study.who_pays[study.who_pays["year"] < 2009]  # town parks come in 2009, the enclave in 2013
    assert (chosen(opening, arm="enclave", baseline="solo")["difference"] == 0.0).all()


def test_sums_of_parts_are_one(study):
    groups = list(study.of_each_yuan.groupby(["baseline", "arm", "measure", "year"]))
    assert groups
    for _, parts in groups:
        others = parts.loc[parts["part"] != VALUE, "share"]
        value = float(parts.loc[parts["part"] == VALUE, "share"].iloc[0])
        if not parts["share"].isna().any():
            assert others.sum() + max(value, 0.0) == pytest.approx(1.0, rel=1e-9)


def test_all_is_told(study):
    short, full = (told(study, "solo", "enclave", full=choice) for choice in (False, True))
    assert [heading.split(":")[0] for heading, _ in full] == [
        *("Who pays", "Value created", "Transfers", "Giver by taker, discounted", "Boundaries, discounted"),
        "Gain of each year",
    ]
    assert short == full[:1]
    assert "The villages of Tiny gained" in short[0][1]
    assert max(len(line) for _, text in full for line in text.splitlines()) <= 115


def test_figures_say_losses(study):
    steps = waterfall(study)
    texts = [label.get_text() for ax in steps.axes for label in ax.get_yticklabels()]
    assert "loss: treasury of Tiny" in texts
    assert texts.count("VALUE CREATED") == len(study.plan.main_pairs)
    assert any("used up" in text.get_text() for ax in sankey(study).axes for text in ax.texts)
