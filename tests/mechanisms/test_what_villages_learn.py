"""How villages come to expect what they expect, and what arrears and second choices do."""

import numpy as np
import pytest

from model.borrowing import borrow, service_debt
from model.economy import EconomyModel
from model.entries import Account
from model.flows import SERVICES
from model.learning import heard, learn, net_rent_per_floor
from model.mechanisms.enclave import ENCLAVE
from model.outlook import pool_price, pool_prospect


@pytest.fixture
def model():
    model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=2)
    while model.year < 2012:
        model.step()
    return model


def test_home_rents_are_learnt_with_what_was_missed(model):
    villages, memory = model.villages, model.parameters["choice.memory"]
    own = net_rent_per_floor(model)[: len(villages)]
    seen, before, variance = heard(model, own), villages.home_rent_seen.copy(), villages.home_rent_variance.copy()
    learn(model)
    assert villages.home_rent_seen == pytest.approx(memory * before + (1 - memory) * seen)
    assert villages.home_rent_variance == pytest.approx(memory * variance + (1 - memory) * (own - before) ** 2)
    assert not np.allclose(villages.home_rent_variance, variance)


def test_one_hears_of_oneself_and_of_the_floor_of_ones_town(model):
    town, projects, sheds = model.villages.town, model.projects, slice(0, len(model.villages))
    floor = projects.floor.copy()
    floor[0] = 0.0
    model.projects.write(floor=floor)
    own = net_rent_per_floor(model)[sheds]
    rent, floor = projects.net_rent[sheds], floor[sheds]
    means = np.array([rent[(town == one) & (floor > 0.0)].sum() / floor[town == one].sum() for one in town])
    weight = model.parameters["choice.own_weight"]
    expected = weight * own + (1 - weight) * means
    expected[0] = means[0]  # who has no shed has nothing of its own to go by
    assert heard(model, own) == pytest.approx(expected)


@pytest.mark.parametrize("years", [0.0, 10.0, 50.0])
def test_a_coupon_counts_for_the_part_of_its_years(years):
    model = EconomyModel(
        case="tiny", seed=2, changes={"pool.coupon_years": years, "choice.trust_start": 1.0, "pool.coupon_rate": 0.2}
    )
    terms = (np.full(len(model.villages), 1e8), np.full(len(model.villages), 136_000.0))
    market, _ = pool_prospect(model, ENCLAVE.but(guaranteed=False), *terms)
    mean, _ = pool_prospect(model, ENCLAVE, *terms)
    part = 1 - (1 + model.parameters["prices.loan_rate"]) ** -years
    assert mean == pytest.approx(part * 0.2 + (1 - part) * market)
    assert (mean >= market).all()


def test_interest_that_cannot_be_paid_is_added_to_the_debt(model):
    villages, outside = model.villages, Account(model.outside, "cash")
    borrow(model, np.full(len(villages), 1e6))
    model.ledger.move(Account(villages, "cash"), outside, villages.cash, SERVICES)
    before = villages.debt.copy()
    service_debt(model)
    assert villages.debt == pytest.approx(before * (1 + model.parameters["prices.loan_rate"]))
    assert villages.interest_paid.tolist() == [0.0] * len(villages)
    model.ledger.prove()


def test_idle_money_earns_the_deposit_rate():
    poor, rich = (
        EconomyModel(case="tiny", mechanisms=(), seed=3, changes={"prices.deposit_rate": rate}) for rate in (0.0, 0.1)
    )
    for model in (poor, rich):
        model.step()
    gained = rich.villages.recurrent_income - poor.villages.recurrent_income
    assert (gained > 0.0).all()
    assert (gained <= 0.1 * (rich.villages.recurrent_income + rich.villages.opening_idle * 1e5)).all()


def test_nobody_reclaims_for_sale_while_quota_lies_unsold():
    """Where nobody buys, what is reclaimed stops at one year's part of the idle land."""
    changes = {f"{county}.{what}": 0.0 for county in ("tiny", "hill") for what in ("zone_land_demand", "urban_gap")}
    changes["land.idle_rent"] = 0.0
    model = EconomyModel(case="tiny", mechanisms=(), seed=3, changes=changes).run()
    most = model.parameters["land.reclaim_share"] * model.villages.opening_idle
    assert model.villages.quota.sum() > 0.0
    assert (model.villages.quota <= most * (1 + 1e-9)).all()


def test_a_firm_stays_rather_than_move_where_moving_is_dear():
    """What a move costs is what keeps a firm whose lease ends where it is."""
    kept = []
    for cost in (0.0, 1000.0):
        model = EconomyModel(case="tiny", mechanisms=(), seed=3, changes={"firms.moving_cost": cost})
        before, stayed = model.enterprises.site.copy(), 0
        model.step()
        after = model.enterprises.site[: len(before)]
        stayed = ((before >= 0) & (after == before)).sum()
        kept.append(stayed)
    assert kept[1] > kept[0]


def test_a_pool_that_failed_leaves_its_villages_free_to_build_and_raises_no_hopes():
    changes, gained = {"build.min_plot_zone": 200.0}, []
    for seed in range(6):
        solo, both = (
            EconomyModel(case="tiny", mechanisms=arm, seed=seed, changes=changes).run()
            for arm in (("solo",), ("solo", "enclave"))
        )
        assert both.datacollector.model_vars["pool_projects"][-1] == 0
        assert both.unfounded == {(1, int(both.zone_places[0]))}
        assert pool_price(both).max() == 0.0
        built = [one.datacollector.model_vars["home_capital"][-1] for one in (solo, both)]
        assert built[1] >= 0.9 * built[0]
        income = [one.datacollector.model_vars["recurrent_income_mean"][-1] for one in (solo, both)]
        gained.append(income[1] / income[0] - 1.0)
    # Land that was reclaimed in the one year of hope is built on at home.
    assert abs(np.mean(gained)) < 0.01
