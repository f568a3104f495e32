"""What firms do in the course of years: they close, move at a cost, leave, and produce wherever they are."""

import numpy as np
import pytest

from model.economy import EconomyModel

ELSEWHERE, CLOSED = -2, -3


def years(model):
    """Steps a model year by year; before each step the firms' sites, after it the model."""
    while model.year < model.last_year:
        before = model.enterprises.site.copy()
        model.step()
        yield before


def moved(model, reason, year):
    return sum(amount for flow, amount in model.ledger.flow_table() if (flow.year, flow.reason) == (year, reason))


def closing_rates(thin_exit, case="pinghu"):
    """Share of firms that close in a year, by where they are: in villages, in the zone, elsewhere."""
    model = EconomyModel(case=case, mechanisms=("own",), seed=1, changes={"firms.thin_exit": thin_exit})
    there, closed = np.zeros(3), np.zeros(3)
    for before in years(model):
        at = np.where(before >= 0, (model.projects.village[np.maximum(before, 0)] < 0).astype(int), 2)
        counts = before != CLOSED
        gone = counts & (model.enterprises.site[: len(before)] == CLOSED)
        there += np.bincount(at[counts], minlength=3)
        closed += np.bincount(at[gone], minlength=3)
    assert there.min() > 500
    return closed / there


def test_thin_places_lose_more_firms():
    villages, zone, elsewhere = closing_rates(1.0)
    assert villages > zone
    # In the zone more than ten times the base is let; elsewhere is never thin.
    assert (zone, elsewhere) == pytest.approx((0.063, 0.06), abs=0.012)
    assert closing_rates(0.0) == pytest.approx((0.06, 0.06, 0.06), abs=0.012)


def test_who_moves_pays_for_the_move_and_who_stays_does_not():
    model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=1)
    p, firms, moves = model.parameters, model.enterprises, 0
    for before in years(model):
        after, floor = firms.site[: len(before)], firms.floor[: len(before)]
        movers = (before >= 0) & (after != before) & (after != CLOSED)
        due = p["firms.moving_cost"] * model.price_index * p["firms.lease_years"] * floor[movers].sum()
        assert moved(model, "moving", model.year) == pytest.approx(due)
        moves += movers.sum()
    assert moves > 20
    assert not [flow for flow, _ in model.ledger.flow_table() if flow.reason == "moving" and flow.year < 2006]


def test_nobody_pays_for_moves_that_cost_nothing():
    model = EconomyModel(case="tiny", mechanisms=("solo",), seed=1, changes={"firms.moving_cost": 0.0}).run()
    assert not [flow for flow, _ in model.ledger.flow_table() if flow.reason == "moving"]


def test_firms_gone_elsewhere_go_on_producing_and_pay_no_local_tax():
    model = EconomyModel(case="tiny", mechanisms=("solo",), seed=1)
    p, firms = model.parameters, model.enterprises
    for _ in years(model):
        away, here, year = firms.site == ELSEWHERE, firms.site >= 0, model.year
        assert away.any()
        assert (firms.value_added[away] > 0.0).all()
        per_floor = model.productivity_index * firms.productivity * np.exp(p["floor.elsewhere_quality"])
        company = 2.0 ** (p["place.contrast"] * p["place.agglomeration"])  # as much floor let as the base
        assert firms.value_added[away] == pytest.approx((per_floor * company * firms.floor)[away])
        rent = 12.0 * p.at("floor.elsewhere_rent", year) * firms.floor[away].sum()
        assert moved(model, "rent elsewhere", year) == pytest.approx(rent)
        tax = p["firms.tax_share"] * firms.value_added
        local = p["firms.local_tax_share"] * tax[here].sum()
        assert moved(model, "local tax of firms", year) == pytest.approx(local)
        assert moved(model, "national tax of firms", year) == pytest.approx(tax.sum() - local)


def test_a_firm_that_left_never_comes_back_and_may_close():
    model = EconomyModel(case="tiny", mechanisms=("solo",), seed=1)
    firms, closed = model.enterprises, 0
    for before in years(model):
        after = firms.site[: len(before)]
        assert set(after[before == ELSEWHERE].tolist()) <= {ELSEWHERE, CLOSED}
        assert (after[before == CLOSED] == CLOSED).all()
        closed += (after[before == ELSEWHERE] == CLOSED).sum()
    assert closed > 0


def test_light_industry_pays_a_larger_share_in_wages_and_counties_pay_wages_of_their_level():
    model = EconomyModel(case="tiny", mechanisms=("solo",), seed=1).run()
    p, firms = model.parameters, model.enterprises
    working = np.flatnonzero(firms.value_added > 0.0)
    share = np.where(firms.light[working], p["firms.light_wage_share"], p["firms.wage_share"])
    site = firms.site[working]
    level = np.where(site >= 0, model.figures("wage_level")[model.projects.county[np.maximum(site, 0)]], 1.0)
    assert len(set(level.tolist())) > 1
    assert firms.wage_bill[working] == pytest.approx(share * level * firms.value_added[working])
