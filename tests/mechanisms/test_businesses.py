"""Projects with customers of their own: owners make losses good by shares, as far as their money goes."""

import numpy as np
import pytest

from model.businesses import run_businesses
from model.economy import EconomyModel
from model.entries import Account
from model.flows import COUNTY_LOSS, LOSS_MADE_GOOD, RUNNING_COST, SERVICES
from model.partnerships import COUNTY, HOUSEHOLD, VILLAGE
from model.year import YEAR


@pytest.fixture
def model():
    """Businesses founded while they promised something; from the last year on nobody comes."""
    promising = {"crowd.opportunity_rate": 1.0, "crowd.failure": 0.0, "tourism.failure": 0.0}
    model = EconomyModel(case="tiny", mechanisms=("solo", "mountain_park", "crowdfunding"), seed=1, changes=promising)
    while model.year < model.last_year - 1:
        model.step()
    model.given = model.given.but({"crowd.gross_yield": 0.0, "tourism.gross_yield": 0.0})
    return model


def paid(model, reason):
    """Yuan paid this year for a reason, by kind of payer."""
    found = {}
    for flow, amount in model.ledger.flow_table():
        if (flow.year, flow.reason) == (model.year, reason.name):
            found[flow.giver] = found.get(flow.giver, 0.0) + amount
    return found


def test_owners_pay_by_shares_what_fees_do_not_cover(model):
    founded = model.projects.founded.copy()
    model.step()
    rows = np.flatnonzero((model.projects.business == 1)[: len(founded)] & (founded < model.year))
    assert len(rows) > 2
    assert model.projects.net_rent[rows] == pytest.approx(0.0, abs=1e-6)
    calls = paid(model, LOSS_MADE_GOOD) | paid(model, COUNTY_LOSS)
    assert set(calls) == {"County", "Household", "Village"}
    assert sum(calls.values()) == pytest.approx(sum(paid(model, RUNNING_COST).values()) + model.projects.payroll.sum())
    stakes, topic = model.partnerships, {"mountain_park": "tourism", "crowdfunding": "crowd"}
    due = dict.fromkeys((COUNTY, HOUSEHOLD, VILLAGE), 0.0)
    shares = stakes.shares(len(model.projects), model.year)
    for row in rows.tolist():
        cost = model.parameters[f"{topic[model.mechanisms[model.projects.mechanism[row]].name]}.running_cost"]
        prices = (1.0 + model.parameters["prices.inflation"]) ** (model.year - model.projects.founded[row])
        loss = cost * prices * stakes.paid_in(len(model.projects))[row]
        for kind in due:
            due[kind] += loss * shares[(stakes.project == row) & (stakes.holder_kind == kind)].sum()
    assert calls["County"] == pytest.approx(due[COUNTY])
    assert calls["Household"] == pytest.approx(due[HOUSEHOLD])
    assert 0.0 < calls["Village"] <= due[VILLAGE] * (1.0 + 1e-9)


def test_nobody_makes_good_more_than_it_has(model, monkeypatch):
    """Villages whose money is gone pay nothing, and that part of the cost is not spent."""

    def spend_all(model):
        money = model.villages.cash.copy()
        model.ledger.move(Account(model.villages, "cash"), Account(model.outside, "cash"), money, SERVICES)

    place = YEAR.index(run_businesses)
    monkeypatch.setattr("model.economy.YEAR", (*YEAR[:place], spend_all, *YEAR[place:]))
    model.step()
    calls = paid(model, LOSS_MADE_GOOD) | paid(model, COUNTY_LOSS)
    assert set(calls) == {"County", "Household"}
    assert sum(calls.values()) == pytest.approx(sum(paid(model, RUNNING_COST).values()) + model.projects.payroll.sum())
