"""Levers of stress: what a slump, lost land sales and closing main tenants do, when they do it, and that off is off."""

import dataclasses

import numpy as np
import pytest

from model.cases import load_case
from model.draws import key_of
from model.economy import EconomyModel
from model.markets.floor import new_firms
from model.stress import SPAN, in_stress, land_sales_kept, slump, tenant_closures

START, YEARS = 2015, 3
SHOCKS = ("stress.slump", "stress.land_sales", "stress.main_tenants")


def alone(name):
    """The first county of a case without the others, with a few households: neither matters for its floor."""
    case = load_case(name)
    host = case.counties[0].name
    towns = (
        dataclasses.replace(one, households=(4,) * len(one.households)) for one in case.towns if one.county == host
    )
    return dataclasses.replace(case, counties=case.counties[:1], towns=tuple(towns), pairs=())


PINGHU, TINY = alone("pinghu"), alone("tiny")


def run(case=TINY, mechanisms=("solo", "enclave"), *, seed=1, **changes):
    keys = {f"stress.{key}": value for key, value in changes.items()}
    return EconomyModel(case=case, mechanisms=mechanisms, seed=seed, changes=keys).run()


def until(year, *, case=TINY, seed=1, **changes):
    keys = {f"stress.{key}": value for key, value in changes.items()}
    model = EconomyModel(case=case, mechanisms=("solo", "enclave"), seed=seed, changes=keys)
    while model.year < year:
        model.step()
    return model


def outcome(model, name):
    """An indicator by year."""
    values = model.datacollector.model_vars[name]
    return dict(zip(range(model.first_year - 1, model.year + 1), values, strict=True))


def occupancies(depth, mechanisms, seed):
    """Floor let over floor to let in the county, by year."""
    model = EconomyModel(case=PINGHU, mechanisms=mechanisms, seed=seed, changes={"stress.slump": depth})
    found = {}
    while model.year < START + YEARS + 3:
        model.step()
        found[model.year] = model.projects.let.sum() / model.projects.floor.sum()
    return found


@pytest.mark.parametrize(("mechanisms", "depth"), [(("solo",), 0.75), (("solo", "enclave"), 0.65)])
def test_a_slump_empties_floor_as_slumps_have_done_and_the_deeper_the_more(mechanisms, depth):
    """Parks have stood at 0.60 to 0.80 in slumps; where pools have just added floor a milder one does it."""
    calm, mild, deep = ([occupancies(one, mechanisms, seed) for seed in (1, 2)] for one in (0.0, 0.5 * depth, depth))
    for undisturbed, shallow, hard in zip(calm, mild, deep, strict=True):
        assert 0.60 < min(hard.values()) < 0.80
        last = START + YEARS - 1
        assert undisturbed[last] > shallow[last] > hard[last]
        before = [year for year in hard if year < START]
        assert [hard[year] for year in before] == [undisturbed[year] for year in before]
        # New firms come again after the slump.
        assert hard[last + 3] > hard[last] + 0.1


@pytest.mark.parametrize("lever", SHOCKS)
def test_a_lever_at_zero_changes_exactly_nothing_and_otherwise_only_from_its_first_year(lever):
    plain = run().ledger.flow_table()
    name = lever.removeprefix("stress.")
    assert run(**{name: 0.0}, start=2008.0, years=10.0, correlated=0.0).ledger.flow_table() == plain
    struck = run(**{name: 1.0}).ledger.flow_table()
    early = [[row for row in flows if row[0].year < START] for flows in (plain, struck)]
    assert early[0] == early[1] != []
    assert struck != plain


def test_in_a_slump_a_share_of_new_firms_stays_away():
    counts = {}
    for depth in (0.0, 0.4, 1.0):
        model = until(START - 1, slump=depth)
        counts[depth] = []
        while model.year < START + YEARS:
            model.year += 1
            counts[depth].append(new_firms(model)[0])
    # Three years of slump and one after it; what would have come, less the share, in whole firms.
    assert counts[1.0] == [0, 0, 0, counts[0.0][3]]
    assert counts[0.4][:3] == pytest.approx([0.6 * one for one in counts[0.0][:3]], abs=0.81)
    assert counts[0.4][3] == counts[0.0][3] > 0


def test_lost_land_sales_are_urban_land_that_is_not_sold_and_not_paid():
    sold = {}
    for lost in (0.0, 0.5, 1.0):
        model = run(mechanisms=("own",), land_sales=lost)
        rows = [(flow, amount) for flow, amount in model.ledger.flow_table() if flow.reason == "urban land sold"]
        sold[lost] = {flow.year: amount for flow, amount in rows}
        paid = {flow.year for flow, _ in model.ledger.flow_table() if flow.reason == "urban land paid"}
        assert paid == set(sold[lost])
    stress = range(START, START + YEARS)
    gap = load_case("tiny").parameters.at("tiny.urban_gap", START)
    assert sum(sold[0.0].get(year, 0.0) for year in stress) > gap
    assert not set(stress) & set(sold[1.0])
    assert all(sold[0.5].get(year, 0.0) <= 0.5 * gap * (1.0 + 1e-9) for year in stress)
    assert sum(sold[0.5].get(year, 0.0) for year in stress) > 0.0
    assert any(year >= START + YEARS for year in sold[1.0])


def test_main_tenants_are_the_largest_of_their_project_and_close():
    model = until(START - 1, main_tenants=1.0)
    assert not tenant_closures(model).any()
    model.year += 1
    firms, projects = model.enterprises, model.projects
    hit = np.flatnonzero(tenant_closures(model))
    model.year -= 1
    rented = [row for row in range(len(projects)) if projects.village[row] < 0 and projects.let[row] > 0.0]
    assert len(rented) > 1  # the zone's old floor and pools
    assert sorted(firms.site[hit].tolist()) == rented
    for firm in hit.tolist():
        assert firms.floor[firm] == firms.floor[firms.site == firms.site[firm]].max()
    model.step()
    assert (firms.site[hit] == -3).all()
    assert not firms.floor[hit].any()


def test_a_share_of_projects_loses_its_main_tenants():
    struck = []
    for seed in range(40):
        model = EconomyModel(case=TINY, mechanisms=(), seed=seed, changes={"stress.main_tenants": 0.4})
        model.year = START
        struck.append(tenant_closures(model).sum())
    assert set(struck) == {0, 1}  # the zone's old floor is the only project that is no village's
    assert np.mean(struck) == pytest.approx(0.4, abs=0.2)


def test_stress_falls_into_the_same_years_or_into_years_of_its_own():
    keys = np.arange(500, dtype=np.uint64)
    calendar = np.arange(START - 2, START + SPAN + YEARS + 2)

    def stressed(correlated):
        changes = {"stress.correlated": correlated, "stress.years": float(YEARS)}
        model = EconomyModel(case=TINY, mechanisms=(), seed=1, changes=changes)
        found = []
        for year in calendar.tolist():
            model.year = year
            found.append(in_stress(model, keys))
        return np.array(found)

    together, apart = stressed(1.0), stressed(0.0)
    assert np.array_equal(together.any(axis=1), together.all(axis=1))
    assert calendar[together.any(axis=1)].tolist() == list(range(START, START + YEARS))
    assert (apart.sum(axis=0) == YEARS).all()
    starts = calendar[apart.argmax(axis=0)]
    assert set(starts.tolist()) == set(range(START, START + SPAN))
    assert (apart.sum(axis=0) == np.diff(apart.astype(int), axis=0, prepend=0).clip(0).sum(axis=0) * YEARS).all()


def test_a_slump_and_lost_land_sales_have_years_of_their_own_where_they_are_not_correlated():
    depths = {"stress.slump": 0.9, "stress.land_sales": 1.0}
    seen = set()
    for seed in range(12):
        years = []
        model = EconomyModel(case=TINY, mechanisms=(), seed=seed, changes={**depths, "stress.correlated": 0.0})
        for what, level in (("slump", slump), ("land sales", lambda one: 1.0 - land_sales_kept(one))):
            found = []
            for model.year in range(START, START + SPAN + YEARS):
                if level(model) > 0.0:
                    found.append(model.year)
                    assert in_stress(model, np.array([key_of(what)], dtype=np.uint64)).all()
            assert len(found) == YEARS
            years.append(found[0])
        seen.add(years[0] == years[1])
    assert False in seen


def test_a_county_that_earns_less_in_stress_breaks_promises_sooner():
    terms = {"slump": 0.9, "land_sales": 1.0, "main_tenants": 1.0, "years": 5.0}
    calm, hard = (outcome(run(PINGHU, **shocks), "top_ups") for shocks in ({}, terms))
    stress = range(START, START + 5)
    assert sum(hard[year] for year in stress) > sum(calm[year] for year in stress)
