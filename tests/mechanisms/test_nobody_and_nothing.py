"""Limits of the versions: nobody who may join, no pair, no low-income household, a coupon of nothing, a pool of one."""

import dataclasses

import numpy as np
import pytest

from agents.county import top_up
from model.cases import load_case
from model.contracts import ActualRent, Coupon, coupon_due
from model.economy import EconomyModel
from model.mechanism import ZONE, no_village
from model.mechanisms.enclave import ENCLAVE, ENCLAVE_AT_RISK
from model.mechanisms.household_shares import HOUSEHOLD_SHARES
from model.outlook import floor_per_mu, pool_capital
from model.registry import mechanisms
from model.shareholding import share_capital

TINY = load_case("tiny")
ALL = mechanisms()
OF_VILLAGES = (
    "own",
    "solo_funded",
    "town_joint",
    "enclave",
    "enclave_at_risk",
    "enclave_fixed",
    "enclave_rotating",
    "mountain_sea",
    "crowdfunding",
)
OF_PAIRS = ("mountain_sea", "mountain_park", "science_park", "fashion_park")


def run(*names, case=TINY, changes=None, seed=1, **settings):
    return EconomyModel(case=case, mechanisms=names, seed=seed, changes=changes, **settings).run()


def everything(model):
    """All that a run brought, to the last bit."""
    tables = (model.villages, model.households, model.counties, model.enterprises, model.projects)
    columns = {(table.name, name): table.column(name).tobytes() for table in tables for name in table.columns}
    outcomes = {name: np.array(values).tobytes() for name, values in model.datacollector.model_vars.items()}
    return {"columns": columns, "outcomes": outcomes, "flows": model.ledger.flow_table()}


@pytest.fixture(scope="module")
def solo():
    return everything(run("solo"))


@pytest.mark.parametrize("name", OF_VILLAGES)
def test_a_mechanism_that_nobody_may_join_is_not_there(solo, name):
    assert everything(run("solo", ALL[name].but(who_may_join=no_village))) == solo


@pytest.mark.parametrize("name", OF_PAIRS)
def test_a_mechanism_of_a_pair_that_the_case_lacks_is_not_there(solo, name):
    unpaired = dataclasses.replace(TINY, pairs=tuple(one for one in TINY.pairs if one.kind != ALL[name].pair))
    assert len(unpaired.pairs) == len(TINY.pairs) - 1
    assert everything(run("solo", name, case=unpaired)) == solo
    assert everything(run("solo", name)) != solo


def test_where_no_household_is_low_income_its_shares_are_not_there(solo):
    nobody = {"shares.entry_line": 0.0}
    assert everything(run("solo", "household_shares", changes=nobody)) == everything(run("solo", changes=nobody))
    assert everything(run("solo", "household_shares")) != solo


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("mountain_sea", "mountain_sea.coupon_rate"),
        ("science_park", "science_park.coupon_rate"),
        ("household_shares", "shares.coupon_rate"),
    ],
)
def test_a_coupon_of_nearly_nothing_needs_no_top_up_and_leaves_the_rent_to_the_lessee(name, rate):
    outcomes = run("solo", name, changes={rate: 1e-9}).datacollector.model_vars
    started = next(year for year, due in zip(range(2005, 2022), outcomes["coupon_due"], strict=True) if due > 0.0)
    assert sum(outcomes["top_ups"][started + 1 - 2005 :]) < 1.0
    assert sum(outcomes["unpaid_guarantees"]) == 0.0
    assert sum(outcomes["lessee_surplus"]) > 10_000.0


def test_a_coupon_equal_to_the_net_rent_moves_nothing():
    base, rent = np.array([1024.0, 4096.0]), np.array([64.0, 256.0])
    missing, surplus = top_up(coupon_due(base, rate=0.0625), rent)
    assert (missing.tolist(), surplus.tolist()) == ([0.0, 0.0], [0.0, 0.0])
    missing, surplus = top_up(coupon_due(base, rate=0.03125), rent)
    assert (missing.tolist(), surplus.tolist()) == ([0.0, 0.0], [32.0, 128.0])


@dataclasses.dataclass(frozen=True)
class AtTheRent(Coupon):
    """A coupon whose rate is each year's net rent over the capital."""

    def due(self, parameters, books):
        return coupon_due(books.base, rate=books.net_rent / books.base)


def test_a_guarantee_of_the_rent_that_comes_costs_nobody_anything():
    contract = AtTheRent(rate="pool.coupon_rate", years="pool.coupon_years")
    for guaranteed in (ENCLAVE.but(contract=contract), ENCLAVE.but(contract=ActualRent())):
        model = run("solo", guaranteed)
        assert model.guaranteed_projects().any()
        outcomes = model.datacollector.model_vars
        for name in ("top_ups", "lessee_surplus", "unpaid_guarantees"):
            assert sum(outcomes[name]) == pytest.approx(0.0, abs=1e-3), name


def only(row):
    """Who may join: one village alone."""

    def may_join(model):
        return np.arange(len(model.villages)) == row

    return may_join


@pytest.mark.parametrize("village", [0, 9])
def test_a_pool_of_one_is_that_village_building_there_alone(village):
    changes = {"build.min_plot_zone": 0.5, "pool.min_stake": 1000.0}
    mechanisms = ("solo", ENCLAVE_AT_RISK.but(who_may_join=only(village)))
    model = EconomyModel(case=TINY, mechanisms=mechanisms, changes=changes, seed=2)
    while not (model.projects.mechanism == 1).any():
        model.step()
    row = int(np.flatnonzero(model.projects.mechanism == 1)[0])
    # It pays for all of it, as much as such a plot costs whoever builds there, and builds what the plot carries.
    land, price = model.projects.land[[row]], model.figures("industrial_price")[0]
    stakes = model.partnerships
    assert stakes.holder[stakes.project == row].tolist() == [village]
    assert stakes.paid_in(row + 1)[row] == pytest.approx(pool_capital(model, land, price, ZONE)[0], rel=1e-6)
    assert model.projects.under_construction[row] == pytest.approx(land[0] * floor_per_mu(model, ZONE))
    model.run()
    pools = np.flatnonzero(model.projects.mechanism == 1)
    assert set(stakes.holder[np.isin(stakes.project, pools)].tolist()) == {village}
    # All that its pools bring is its own, and nobody else gets anything.
    assert model.villages.pool_income[village] == pytest.approx(model.projects.net_rent[pools].sum())
    assert model.villages.pool_income.sum() == model.villages.pool_income[village] > 0.0


def test_low_income_shares_without_errors_cover_exactly_the_eligible():
    exact = {"shares.miss": 0.0, "shares.slip": 0.0, "shares.keep_wrongly": 0.0, "shares.drop_wrongly": 0.0}
    ample = {"household.opening_cash": 5.0, "shares.knows": 1.0, "shares.tries": 0.0, "tiny.programme_share": 0.2}
    model = EconomyModel(case=TINY, mechanisms=("solo", "household_shares"), seed=1, changes={**exact, **ample})
    covered, left = 0, 0
    while model.year < model.last_year:
        before = model.households.listed.copy()
        model.step()
        households = model.households
        if model.year < HOUSEHOLD_SHARES.since:
            assert not households.listed.any()
            continue
        eligible = households.low_income & (households.county == 0)
        assert np.array_equal(households.listed, eligible)
        assert np.array_equal(share_capital(model) > 0.0, eligible)
        outcomes = {name: values[-1] for name, values in model.datacollector.model_vars.items()}
        assert (outcomes["coverage"], outcomes["inclusion_error"], outcomes["exclusion_error"]) == (1.0, 0.0, 0.0)
        covered, left = covered + eligible.sum(), left + (before & ~households.listed).sum()
    assert covered > 50
    assert left > 0


@pytest.mark.parametrize(
    ("key", "place"), [("tiny.zone_floor", "zone"), ("tiny.income_median", "village")], ids=["zone", "village"]
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_place_without_floor_has_no_rent_and_no_occupancy(key, place):
    outcomes = run("solo", changes={key: 0.0}, last_year=2010).datacollector.model_vars
    assert all(np.isnan(outcomes[f"{place}_{what}"][0]) for what in ("rent", "occupancy", "tax_per_mu"))
