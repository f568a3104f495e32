"""The second case: Qujiang's villages in Yinzhou, with Pinghu's general parameters and a contract of its own."""

from collections.abc import Mapping

import numpy as np
import pytest

from model.accounts import accounts_gap
from model.cases import load_case
from model.contracts import Books
from model.economy import EconomyModel
from model.mechanisms.mountain_sea import MOUNTAIN_SEA_FIXED
from model.parameters import load_parameters
from model.partnerships import VILLAGE

YINZHOU, QUJIANG = 0, 1
STAKE, COUPON = 120e6 / 162, 12e6 / 162  # yuan a village, yuan a village and year
PUBLISHED_FLOOR = 34_500.0  # m2 (YZ): an outcome
OWN_VALUES = {"mountain_sea.stake", "mountain_sea.first_share", "mountain_sea.coupon_rate"}
CASE = load_case("qujiang")
FIXED = ("solo", MOUNTAIN_SEA_FIXED)


def run(*mechanisms, last_year):
    return EconomyModel(case=CASE, mechanisms=mechanisms, seed=1, last_year=last_year).run()


@pytest.fixture(scope="module")
def model():
    """Solo building at home and the enclave, to the first year without a fixed rate."""
    return run(*FIXED, last_year=2025)


@pytest.fixture(scope="module")
def solo():
    return run("solo", last_year=2020)


@pytest.fixture(scope="module")
def park(model):
    (row,) = np.flatnonzero(model.projects.mechanism == 1)
    return row


def received(model, year):
    """What Qujiang's villages got from pools in a year, yuan, shape (162,)."""
    panel = model.village_panel()
    return panel["pool_income"][(panel["year"] == year) & (panel["county"] == QUJIANG)]


def test_the_case_has_both_counties_and_one_pair():
    sizes = {county.name: [] for county in CASE.counties}
    for town in CASE.towns:
        sizes[town.county] += town.households
    assert {name: len(villages) for name, villages in sizes.items()} == {"Yinzhou": 256, "Qujiang": 162}
    # 285,000 rural residents of Yinzhou and 135,000 people reached in Qujiang, at 2.96 a household.
    assert {name: round(2.96 * sum(villages), -3) for name, villages in sizes.items()} == pytest.approx(
        {"Yinzhou": 285_000, "Qujiang": 135_000}, rel=0.01
    )
    assert [(pair.kind, pair.host, pair.partner) for pair in CASE.pairs] == [("mountain_sea", "Yinzhou", "Qujiang")]


def test_no_general_parameter_was_set_anew():
    general = load_parameters()
    moved = {key for key in general if CASE.parameters.declared(key) != general.declared(key)}
    assert moved == OWN_VALUES
    slugs = [county.slug for county in CASE.counties]
    calibrated = [key for key in CASE.parameters if CASE.parameters.declared(key).status == "calibrated"]
    assert [key for key in calibrated if key.partition(".")[0] in slugs] == []


def test_the_published_floor_is_no_parameter():
    numbers = {}
    for key in CASE.parameters:
        one = CASE.parameters.declared(key)
        values = one.value.values() if isinstance(one.value, Mapping) else [one.value]
        numbers[key] = [*values, *(one.range or ())]
    near = [key for key, all_ in numbers.items() if np.isclose(all_, PUBLISHED_FLOOR, rtol=0.01).any()]
    assert near == []


def test_all_weak_villages_found_one_park_in_the_zone_of_the_host(model, park):
    stakes = model.partnerships
    mine = stakes.project == park
    assert sorted(stakes.holder[mine]) == np.flatnonzero(model.villages.county == QUJIANG).tolist()
    assert (stakes.holder_kind[mine] == VILLAGE).all()
    assert stakes.capital[mine] == pytest.approx(np.full(162, STAKE), rel=1e-6)
    assert stakes.capital[mine].sum() == pytest.approx(120e6, rel=1e-6)
    projects = model.projects
    assert (projects.founded[park], projects.county[park], projects.partner[park]) == (2019, YINZHOU, QUJIANG)
    assert projects.place[park] == model.zone_places[YINZHOU]


def test_the_capital_becomes_land_and_floor(model, park):
    projects = model.projects
    land = projects.land[park] * model.figures("industrial_price")[YINZHOU]
    assert projects.cost[park] + land == pytest.approx(120e6, rel=1e-6)
    assert projects.floor[park] > 0.0
    assert 0.0 <= projects.let[park] <= projects.floor[park] * (1.0 + 1e-12)


def test_the_rate_is_fixed_for_five_years(model):
    assert not received(model, 2019).any()
    for year in range(2020, 2025):
        assert received(model, year) == pytest.approx(np.full(162, COUPON), rel=1e-6)
    assert model.datacollector.model_vars["unpaid_guarantees"][-1] == 0.0


def test_in_year_six_members_get_the_rent_that_came(model, park):
    got = received(model, 2025)
    assert got.sum() == pytest.approx(model.projects.net_rent[park], rel=1e-9)
    assert got == pytest.approx(np.full(162, got.mean()), rel=1e-9)
    assert model.projects.top_up[park] == model.projects.surplus[park] == 0.0


@pytest.mark.parametrize(("age", "due"), [(0, 7.0), (1, 10.0), (5, 10.0), (6, 7.0), (11, 7.0)])
def test_after_the_fixed_years_no_rent_and_no_tax_is_parted(age, due):
    books = Books(base=np.array([100.0]), net_rent=np.array([7.0]), local_tax=np.array([4.0]), age=np.array([age]))
    assert MOUNTAIN_SEA_FIXED.contract.due(CASE.parameters, books) == pytest.approx([due])


def test_the_books_close(model):
    model.ledger.prove()
    assert accounts_gap(model) < 1e-9
    assert max(model.datacollector.model_vars["books_gap"]) < 1e-9


def test_other_income_is_the_same_with_and_without_the_enclave(model, solo):
    one, other = model.village_panel(), solo.village_panel()
    rows = len(other["year"])
    assert np.array_equal(one["other_income"][:rows], other["other_income"])
    gained = (one["recurrent_income"][:rows] - other["recurrent_income"])[
        (other["year"] == 2020) & (other["county"] == QUJIANG)
    ]
    assert gained.min() > 0.0
