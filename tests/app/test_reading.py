"""What the page reads off two worlds is what studies of the same arms say."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from agents.place import HOME, PARK, TOWN, ZONE
from experiments.app.reading import (
    by_payer,
    difference,
    gains_to_date,
    parts_of_gain,
    path,
    places,
    ratio,
    village_incomes,
)
from experiments.gains import DISCOUNTED, VALUE
from experiments.study import compare
from model.accounts import sectors
from model.indicators import INDICATORS
from model.scope import HOST

pytestmark = pytest.mark.one_version


@pytest.fixture(scope="module")
def study(seeds):
    """The study of the first seed alone, and that of all three."""
    one, three = (compare("solo", "enclave", case="tiny", seeds=count, years=9, workers=1) for count in (1, 3))
    return one, three


def size_of(pair):
    """What a difference may be off by, for want of digits: yuan."""
    return 1e-6 * max(abs(frame.accounts.gross) for world in pair.worlds for frame in world.frames)


@pytest.mark.parametrize("which", ["pair", "aided", "twins"])
def test_gains_are_those_of_the_indicators_in_every_year(which, request):
    pair = request.getfixturevalue(which)
    gains, close = gains_to_date(pair), size_of(pair)
    names = sectors(pair.fate.case)
    assert gains.shape == (len(pair.years), len(names))
    host = pair.fate.case.counties[HOST].name
    for outcome, mine in (
        ("value_to_date", gains.sum(axis=1)),
        ("village_gain_to_date", gains[:, names.index(("Village", host))]),
        ("treasury_gain_to_date", gains[:, names.index(("County", host))]),
    ):
        left, right = (path(pair, side, outcome) for side in (0, 1))
        np.testing.assert_allclose(mine, right - left, atol=close, err_msg=outcome)


def test_gains_are_discounted_at_the_rate_of_the_worlds(live, seeds):
    pair = live("solo", "enclave", last_year=2014, **{"prices.discount_rate": 0.08})
    left, right = (path(pair, side, "value_to_date") for side in (0, 1))
    np.testing.assert_allclose(gains_to_date(pair).sum(axis=1), right - left, atol=size_of(pair))
    assert not np.allclose(gains_to_date(pair)[-1], gains_to_date(seeds[1])[-1])


def test_identical_worlds_differ_in_nothing(twins):
    assert not gains_to_date(twins).any()
    assert parts_of_gain(twins, 2013) == []
    for name in INDICATORS:
        found = difference(twins, 2013, name)
        assert found.difference == 0.0 or np.isnan(found.difference)
    assert np.isnan(ratio(twins, 2013, "public_cost_per_yuan"))


def test_parts_of_a_yuan_are_those_of_a_study(seeds, study):
    _, pair = seeds
    told = study[0].of_each_yuan
    rows = told[(told["measure"] == DISCOUNTED) & (told["year"] == 2014)]
    wanted = {(row.direction, row.part): row.share for row in rows.itertuples()}
    found = parts_of_gain(pair, 2014)
    assert {(one.direction, one.part): one.share for one in found} == pytest.approx(wanted, rel=1e-6)
    assert {VALUE, "treasury of Tiny"} <= {one.part for one in found}
    assert all(np.isnan(one.low) and np.isnan(one.high) for one in found)
    shares = [abs(one.share) for one in found]
    assert shares == sorted(shares, reverse=True)


def test_parts_of_a_yuan_over_seeds_are_those_of_a_study(seeds, study):
    answers, pair = seeds
    told = study[1].of_each_yuan
    rows = told[(told["measure"] == DISCOUNTED) & (told["year"] == 2014)]
    wanted = {(row.direction, row.part): row.share for row in rows.itertuples()}
    parts = parts_of_gain(pair, 2014, answers)
    assert {(one.direction, one.part): one.share for one in parts} == pytest.approx(wanted, rel=1e-6)
    assert all(one.low <= one.share <= one.high for one in parts if np.isfinite(one.low))
    assert any(one.low < one.high for one in parts)


def effects_of(study, outcome):
    rows = study.effects[study.effects["outcome"] == outcome].sort_values("year")
    return rows["year"].tolist(), rows["effect"].to_numpy(), rows["low"].to_numpy(), rows["high"].to_numpy()


def test_ratios_are_those_of_a_study(seeds, study):
    _, pair = seeds
    years, effects, *_ = effects_of(study[0], "public_cost_per_yuan")
    mine = [ratio(pair, year, "public_cost_per_yuan") for year in years]
    np.testing.assert_allclose(mine, effects, rtol=1e-9)
    assert np.isfinite(mine[-1])
    assert np.isnan(mine[0])


def test_ratios_over_seeds_are_those_of_a_study(seeds, study):
    """Also in that there is none where the gain may be none."""
    answers, pair = seeds
    years, effects, *_ = effects_of(study[1], "public_cost_per_yuan")
    mine = [ratio(pair, year, "public_cost_per_yuan", answers) for year in years]
    np.testing.assert_allclose(mine, effects, rtol=1e-9)
    less = answers.outcomes[0]["village_income_to_date"] - 1e9
    sure = replace(answers, outcomes=({**answers.outcomes[0], "village_income_to_date": less}, answers.outcomes[1]))
    assert np.isfinite(ratio(pair, 2014, "public_cost_per_yuan", sure))


def test_differences_over_seeds_are_the_effects_of_a_study(seeds, study):
    answers, pair = seeds
    for outcome, (which, given) in product(INDICATORS, ((0, None), (1, answers))):
        years, *wanted = effects_of(study[which], outcome)
        found = np.array([difference(pair, year, outcome, given)[2:] for year in years]).T
        if given is None:
            assert np.isnan(found[1:]).all()
            found, wanted = found[:1], wanted[:1]
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9, err_msg=outcome)


@pytest.mark.parametrize("side", [0, 1])
def test_places_are_those_of_the_indicators(pair, side):
    for frame in pair.worlds[side].frames:
        found = places(frame)
        assert list(found) == [HOME, TOWN, ZONE, PARK]
        for kind, where in ((ZONE, "zone"), (HOME, "village")):
            wanted = [frame.outcomes[f"{where}_{what}"] for what in ("occupancy", "rent")]
            np.testing.assert_allclose(found[kind], wanted, rtol=1e-9)


def test_a_place_without_floor_has_neither_rent_nor_tenants(pair):
    solo, pooled = (places(world.frame(2021)) for world in pair.worlds)
    assert np.isnan(solo[PARK]).all()
    assert np.isfinite(pooled[PARK]).all()


def test_incomes_of_villages_are_those_of_the_host_from_the_lowest(pair, case):
    incomes = village_incomes(pair.worlds[1].frame(2021))
    outcomes = pair.worlds[1].frame(2021).outcomes
    assert incomes[[0, -1]].tolist() == [outcomes["recurrent_income_min"], outcomes["recurrent_income_max"]]
    assert incomes.mean() == pytest.approx(outcomes["recurrent_income_mean"])
    assert (np.diff(incomes) >= 0.0).all()
    assert len(incomes) == sum(len(town.households) for town in case.towns if town.county == "Tiny")


def test_payers_are_the_sectors_put_together(pair):
    gains, found = gains_to_date(pair), by_payer(pair)
    np.testing.assert_allclose(sum(found.values()), gains.sum(axis=1), atol=size_of(pair))
    assert {county for kind, county in found if not kind} == {"Hill", "Valley", "River"}
    names = sectors(pair.fate.case)
    hill = [row for row, (_, county) in enumerate(names) if county == "Hill"]
    np.testing.assert_allclose(found["", "Hill"], gains[:, hill].sum(axis=1))
    assert len(hill) > 1
    np.testing.assert_array_equal(found["Outside", ""], gains[:, names.index(("Outside", ""))])


def test_answers_reach_beyond_what_is_lived(seeds, live):
    """The worlds are watched in 2010 while all seeds were run to the end."""
    answers, _ = seeds
    early = live("solo", "enclave", last_year=2014, year=2010, seed=1)
    assert gains_to_date(early, answers).shape == gains_to_date(early).shape
    low, high = answers.band(1, "recurrent_income_mean")
    assert (low <= high).all()
    assert len(low) == 10
    runs = answers.outcomes[1]["recurrent_income_mean"]
    np.testing.assert_allclose(low, np.quantile(runs, 0.025, axis=0))
    for name in INDICATORS:
        assert len(answers.band(1, name)[0]) == 10
