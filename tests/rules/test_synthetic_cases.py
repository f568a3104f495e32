"""Synthetic cases: what is asked for is met, what is drawn is near what it is drawn from, and the same every time."""

import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cases import load_case
from model.draws import Draws
from model.economy import EconomyModel
from model.sources import unknown_sources
from model.synthetic import SynthesisError, load_distributions, synthesize
from model.synthetic.figures import OF_INCOME, OF_SIZE, QUALITIES, RICH, RealCase, along, relative_incomes
from model.synthetic.sizes import apportion, draw_sizes
from model.synthetic.text import quoted

P = load_distributions()
PINGHU = load_case("pinghu")
REAL = RealCase(PINGHU)


def load(tmp_path, **asked):
    """The case that is asked for, read from a file."""
    file = tmp_path / "made.toml"
    file.write_text(synthesize(**asked), encoding="utf-8")
    return load_case(file)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Twenty counties with ten rows of households a village."""
    return load(tmp_path_factory.mktemp("made"), counties=20, villages=400, households=4_000, seed=3)


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 100.0), min_size=1, max_size=40), st.integers(0, 3))
def test_a_total_is_apportioned_exactly_and_nobody_is_left_out(more, weights, least):
    weights = np.array(weights)
    total = more + least * len(weights)
    shares = apportion(total, weights, least=least)
    assert shares.sum() == total
    assert shares.min() >= least
    assert np.abs(shares - least - more * weights / weights.sum()).max() < 1.0 + 1e-6


@given(
    st.integers(1, 30), st.integers(0, 200), st.one_of(st.just(None), st.integers(0, 3_000)), st.integers(0, 2**31 - 1)
)
def test_totals_are_as_asked_and_every_county_has_villages(counties, more, rows, seed):
    villages = counties + more
    households = 0 if rows is None else villages + rows
    sizes = draw_sizes(P, Draws(seed), counties=counties, villages=villages, households=households)
    assert (len(sizes.town), sizes.households.sum(), len(sizes.stands_for)) == (villages, households, counties)
    assert sizes.households.min() >= min(households, 1)
    assert set(sizes.county) == set(range(counties))
    assert set(sizes.town) == set(range(len(sizes.county)))
    assert sizes.stands_for.sum() == pytest.approx(max(households, villages * P["synthetic.village_households"]))


def test_sizes_are_spread_as_declared():
    sizes = draw_sizes(P, Draws(1), counties=2_000, villages=400_000, households=100_000_000)
    villages = np.bincount(sizes.county[sizes.town])
    assert np.std(np.log(villages)) == pytest.approx(P["synthetic.county_villages_spread"], rel=0.05)
    assert len(sizes.town) / len(sizes.county) == pytest.approx(P["synthetic.town_villages"], rel=0.05)
    county = sizes.county[sizes.town]
    logs = np.log(sizes.households)
    within = logs - (np.bincount(county, logs) / villages)[county]
    assert np.std(within) == pytest.approx(P["synthetic.village_spread"], rel=0.05)
    mean = np.bincount(county, logs) / villages
    assert np.std(mean) == pytest.approx(P["synthetic.county_village_spread"], rel=0.1)
    seat = np.flatnonzero(np.diff(sizes.county, prepend=-1))
    assert not np.hypot(sizes.east, sizes.north)[seat].any()


def test_incomes_have_the_mean_and_the_gini_that_are_declared():
    incomes = np.sort(relative_incomes(P, Draws(1), REAL, 5_001)[1:]) * REAL.income(RICH)
    count = len(incomes)
    gini = float((2.0 * np.arange(1, count + 1) - count - 1.0) @ incomes / (count * incomes.sum()))
    assert incomes.mean() == pytest.approx(P["synthetic.income_mean"], rel=0.02)
    assert gini == pytest.approx(P["synthetic.income_gini"], rel=0.05)
    assert relative_incomes(P, Draws(1), REAL, 2)[0] == 1.0


def test_figures_meet_both_real_counties_and_follow_income_at_most_in_proportion_outside():
    for rich, poor in ((90_000.0, 12_000.0), (1.2e6, 0.7e6), (2.0, 1.9)):
        line = {income: along(income, rich=rich, poor=poor, poorer=0.6) for income in (0.3, 0.6, 0.8, 1.0, 2.0)}
        assert (line[1.0], line[0.6]) == (pytest.approx(rich), pytest.approx(poor))
        assert poor < line[0.8] < rich
        assert poor / 2 <= line[0.3] * (1 + 1e-12)
        assert line[2.0] <= 2.0 * rich * (1 + 1e-12)
    assert along(0.8, rich=0.0, poor=3.0, poorer=0.6) == 0.0


def test_the_first_county_is_pinghu_at_its_own_size(tmp_path):
    for households, size in ((72_300, 1.0), (144_600, 2.0)):
        case = load(tmp_path, counties=1, villages=72, households=households)
        for name in (*OF_SIZE, *OF_INCOME, *QUALITIES, "income_median", "common_income", "zone_east", "zone_north"):
            part = size if name in OF_SIZE else 1.0
            mine = case.parameters.declared(f"county_1.{name}")
            real = PINGHU.parameters.declared(f"pinghu.{name}")
            for year in (2005, 2013, 2021):
                expected = part * PINGHU.parameters.at(f"pinghu.{name}", year)
                assert case.parameters.at(f"county_1.{name}", year) == pytest.approx(expected, rel=1e-3), name
            assert np.array(mine.range) == pytest.approx(part * np.array(real.range), rel=1e-3, abs=1e-4), name


def test_other_counties_are_poorer_and_smaller_in_proportion(made):
    p, slugs = made.parameters, [county.slug for county in made.counties]
    income, revenue, wage = (
        np.array([p.at(f"{slug}.{name}", 2021) for slug in slugs])
        for name in ("income_per_head", "revenue", "wage_level")
    )
    assert (income[1:] < income[0]).mean() > 0.9
    assert np.corrcoef(np.log(income), np.log(revenue))[0, 1] > 0.5
    assert np.corrcoef(income, wage)[0, 1] > 0.9


def test_pairs_are_those_of_pinghu_with_counties_of_such_an_income(made, tmp_path):
    assert [(pair.kind, pair.since) for pair in made.pairs] == [(pair.kind, pair.since) for pair in PINGHU.pairs]
    assert {pair.host for pair in made.pairs} == {"County 1"}
    assert len({pair.partner for pair in made.pairs}) == 3
    two = load(tmp_path, counties=2, villages=2, households=2)
    assert [(pair.kind, pair.partner) for pair in two.pairs] == [("mountain_sea", "County 2")]


def test_a_sample_of_households_gets_its_part_of_what_villages_pay_out(made, tmp_path):
    general, part = PINGHU.parameters, 4_000 / (400 * P["synthetic.village_households"])
    assert made.parameters["village.payout"] == pytest.approx(part * general["village.payout"], rel=1e-3)
    spent, usual = (p["village.payout"] + p["village.services"] for p in (made.parameters, general))
    assert spent == pytest.approx(usual, rel=1e-3)
    whole = load(tmp_path, counties=1, villages=3, households=3_000)
    assert whole.parameters["village.payout"] == general["village.payout"]
    none = load(tmp_path, counties=1, villages=3, households=0)
    assert none.parameters["village.payout"] == 0.0


def test_more_counties_leave_the_luck_of_the_first_alone(tmp_path):
    few, many = (load(tmp_path, counties=count, villages=count * 20, households=0) for count in (5, 50))
    for row in range(1, 6):
        of_income = [case.parameters.at(f"county_{row}.income_per_head", 2021) for case in (few, many)]
        assert of_income[0] == of_income[1]


def test_the_header_and_the_titles_say_what_is_synthetic():
    text = synthesize(counties=2, villages=5, households=50, seed=7, title='A "made-up"\nland')
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert head[0] == "# A synthetic case: 2 counties, 5 villages, 50 households. Nothing in it is a real place."
    assert "with seed 7" in head[1]
    assert max(map(len, head)) <= 120
    tables = tomllib.loads(text)
    assert tables["title"] == 'A "made-up" land'
    assert (tables["title_zh"], tables["layout_source"][:8]) == ("合成案例：2县，5村，50户", "assumed:")


@given(st.text(max_size=30))
def test_any_title_can_be_written(text):
    assert len(tomllib.loads(f"title = {quoted(text)}")["title"]) == len(text)


def test_every_distribution_says_where_it_is_from():
    assert list(P)
    for key in P:
        declared = P.declared(key)
        assert declared.source, key
        assert declared.range is not None, key
        assert declared.range[0] <= P[key] <= declared.range[1], key
    assert unknown_sources(P.declared(key).source for key in P if P.declared(key).status != "assumed") == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((0, 5, 0), "counties is 0: give at least 1"),
        ((5, 4, 0), "villages is 4 for 5 counties: give at least one a county, 5 or more."),
        ((1, 4, 3), "households is 3 for 4 villages: give at least one a village, 4 or more, or 0"),
        ((1, 4, -1), "households is -1 for 4 villages"),
        ((1, 4, 100_000_001), "households is 100,000,001: give at most 100,000,000."),
        ((1, 4, 90_000_000), "Give more counties, or fewer villages and households."),
    ],
)
def test_numbers_that_no_case_can_have_are_told(asked, told):
    counties, villages, households = asked
    with pytest.raises(SynthesisError) as caught:
        synthesize(counties=counties, villages=villages, households=households)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_seed_that_there_is_not_is_told():
    with pytest.raises(SynthesisError, match="seed is -1"):
        synthesize(counties=1, villages=1, households=1, seed=-1)


@pytest.mark.parametrize("households", [0, 120])
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_all_versions_run_on_a_synthetic_case(tmp_path, households):
    case = load(tmp_path, counties=4, villages=60, households=households)
    arms = ("solo", "town_joint", "enclave", "mountain_sea", "science_park", "household_shares", "crowdfunding")
    model = EconomyModel(case=case, mechanisms=arms, seed=1, last_year=2020).run()
    assert max(model.ledger.imbalance().values()) < 1e-9
    assert (len(model.villages), len(model.households)) == (60, households)
    assert np.isnan(model.datacollector.model_vars["household_income"][-1]) == (households == 0)


def test_what_villages_pay_out_to_households_without_rows_leaves_for_outside(tmp_path):
    case = load(tmp_path, counties=1, villages=4, households=0)
    changes = {"village.services": 0.3, "village.payout": 0.42}
    model = EconomyModel(case=case, mechanisms=("solo",), changes=changes, seed=1, last_year=2007).run()
    paid = [(flow, amount) for flow, amount in model.ledger.flow_table() if flow.reason == "payout to members"]
    assert {(flow.giver, flow.taker) for flow, _ in paid} == {("Village", "Outside")}
    last = sum(amount for flow, amount in paid if flow.year == 2007)
    assert last == pytest.approx(0.42 * model.villages.recurrent_income.sum())
    model.ledger.prove()
