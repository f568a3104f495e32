"""Cash aid: the money of another run, to the yuan, to those whom it reached, with the same luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.table import TRAIT
from experiments.scenario import find_scenario
from model.aid import _pay
from model.draws import Draws
from model.economy import EconomyModel
from model.flows import AID, names_of
from model.outlays import WORLD, Outlays, Payments, net_outlay
from model.partnerships import COUNTY, HOUSEHOLD, VILLAGE

OUTLAY, RETURNS = names_of(outlay=True), names_of(returns=True)
ARMS = ("town", "enclave", "pooling")


def run(arm, **settings):
    settings = {"case": "tiny", "seed": 1, **settings}
    return EconomyModel(mechanisms=find_scenario(arm).mechanisms, **settings).run()


def paid(model, names, *, giver):
    """Yuan by year that a payer gave for some reasons; giver: county row, or -1."""
    found = dict.fromkeys(range(model.first_year, model.last_year + 1), 0.0)
    for flow, amount in model.ledger.flow_table():
        if flow.reason in names and flow.giver_county == giver:
            found[flow.year] += amount
    return np.array(list(found.values()))


def earned(model, *, taker):
    """Yuan by year of public revenue that may come of programmes, of the county in a row."""
    found = np.zeros(model.last_year - model.first_year + 1)
    for flow, amount in model.ledger.flow_table():
        if flow.reason in RETURNS and (flow.taker, flow.taker_county) == ("County", taker):
            found[flow.year - model.first_year] += amount
    return found


@pytest.fixture(scope="module", params=ARMS)
def twins(request):
    """A run, and solo with its outlay as aid."""
    twin = run(request.param)
    return twin, run("solo", aid=Outlays.of(twin))


@pytest.fixture(scope="module")
def solo():
    return run("solo")


def test_aid_is_the_gross_outlay_of_every_year_payer_by_payer(twins):
    twin, aided = twins
    for payer in range(WORLD, len(twin.counties)):
        np.testing.assert_allclose(
            paid(aided, {AID.name}, giver=payer), paid(twin, OUTLAY, giver=payer), rtol=1e-9, atol=0.01
        )
    assert paid(aided, {AID.name}, giver=0).sum() > 1e6


def test_outlays_are_what_the_ledger_says(twins):
    twin, _ = twins
    outlays = Outlays.of(twin)
    for row in range(len(twin.counties)):
        np.testing.assert_allclose(outlays.gross()[:, row], paid(twin, OUTLAY, giver=row), rtol=1e-9, atol=0.01)
    for one in outlays.payments:
        assert (one.amount > 0.0).all()
        assert set(one.kind.tolist()) <= {VILLAGE, COUNTY, HOUSEHOLD}
        assert not ((one.kind == COUNTY) & (one.row == one.payer)).any()
        keys = list(zip(one.payer.tolist(), one.kind.tolist(), one.row.tolist(), strict=True))
        assert keys == sorted(set(keys))


def test_luck_is_the_same(twins):
    twin, aided = twins
    np.testing.assert_array_equal(twin.households.earnings, aided.households.earnings)
    np.testing.assert_array_equal(twin.villages.other_income, aided.villages.other_income)
    for name, column in twin.enterprises.columns.items():
        if column.kind == TRAIT:
            np.testing.assert_array_equal(twin.enterprises.column(name), aided.enterprises.column(name))


def test_villages_pass_a_part_on_and_keep_the_rest(twins):
    _, aided = twins
    p, due = aided.parameters, aided.aid.of_year(aided.last_year)
    to_villages, to_households = (float(due.amount[due.kind == kind].sum()) for kind in (VILLAGE, HOUSEHOLD))
    assert aided.villages.aid.sum() == pytest.approx(to_villages)
    passed_on = p["village.payout"] * p["village.aid_as_income"] * to_villages
    assert aided.households.aid.sum() == pytest.approx(to_households + passed_on)


def test_aid_is_no_recurrent_income_but_is_counted_beside_it(twins, solo):
    _, aided = twins
    last = {name: aided.datacollector.model_vars[name][-1] for name in ("recurrent_income_mean", "income_and_aid_mean")}
    host = aided.villages.county == 0
    assert last["income_and_aid_mean"] - last["recurrent_income_mean"] == pytest.approx(aided.villages.aid[host].mean())
    vars_ = solo.datacollector.model_vars
    assert vars_["income_and_aid_mean"] == vars_["recurrent_income_mean"]


def test_households_of_the_share_programme_get_what_was_paid_for_them():
    twin = run("household_shares")
    due = Outlays.of(twin).of_year(2021)
    held = twin.partnerships.held_by(HOUSEHOLD)
    owners = set(twin.partnerships.holder[held].tolist())
    assert owners
    got = set(due.row[due.kind == HOUSEHOLD].tolist())
    assert owners & got
    aided = run("solo", aid=Outlays.of(twin))
    assert (aided.households.aid[sorted(got)] > 0.0).all()


def test_what_a_county_paid_for_its_own_stake_reaches_the_people_of_the_partner():
    twin = run("east_west")
    stakes = twin.partnerships
    (project,) = {
        row for row in stakes.project[stakes.holder_kind == COUNTY].tolist() if twin.projects.county[row] == 0
    }
    partner, year = int(twin.projects.partner[project]), int(twin.projects.founded[project])
    capital = float(stakes.capital[(stakes.project == project) & (stakes.holder_kind == COUNTY)].sum())
    p = twin.parameters
    granted = p["science_park.partner_part"] * p["science_park.granted"]  # that part reached the county as a grant
    own = capital * (1.0 - granted)
    due = Outlays.of(twin).of_year(year)
    villages = (due.kind == VILLAGE) & np.isin(due.row, np.flatnonzero(twin.villages.county == partner))
    households = (due.kind == HOUSEHOLD) & np.isin(due.row, np.flatnonzero(twin.households.county == partner))
    assert due.amount[villages | households].sum() >= own - 0.01


def test_net_aid_is_aid_less_what_came_back(twins, solo):
    twin, _ = twins
    outlays, counties = Outlays.of(twin), range(len(twin.counties))
    net = outlays.net_of(Outlays.of(solo))
    gross = np.column_stack([paid(twin, OUTLAY, giver=row) for row in counties])
    came_back, anyway = (np.column_stack([earned(model, taker=row) for row in counties]) for model in (twin, solo))
    assert anyway.any()  # so that it matters what comes without the programmes too
    np.testing.assert_allclose(net.gross(), net_outlay(gross, came_back - anyway), rtol=1e-9, atol=0.01)
    so_far = np.cumsum(net.gross(), axis=0)
    assert (so_far <= np.cumsum(gross, axis=0) * (1.0 + 1e-9) + 0.01).all()
    for year in range(twin.first_year, twin.last_year + 1):
        full, less = outlays.of_year(year), net.of_year(year)
        np.testing.assert_array_equal(full.row, less.row)
        world = full.payer == WORLD
        np.testing.assert_array_equal(full.amount[world], less.amount[world])
    aided = run("solo", aid=net)
    np.testing.assert_allclose(paid(aided, {AID.name}, giver=0), net.gross()[:, 0], rtol=1e-9, atol=0.01)


def test_a_county_that_lacks_money_borrows_and_the_debt_costs_it():
    outlays = Outlays.of(run("enclave"))
    more = tuple(one._replace(amount=20.0 * one.amount) for one in outlays.payments)
    aided = run("solo", aid=replace(outlays, payments=more))
    np.testing.assert_allclose(paid(aided, {AID.name}, giver=0), 20.0 * outlays.gross()[:, 0], rtol=1e-9)
    borrowed = aided.ledger.to_date("loan", unit="yuan", giver_county=WORLD, taker_county=0)
    assert borrowed > 0.0
    assert aided.counties.debt[0] > 0.0
    interest = sum(
        amount for flow, amount in aided.ledger.flow_table() if (flow.giver, flow.reason) == ("County", "interest")
    )
    assert interest > 0.0
    assert max(aided.ledger.imbalance().values()) < 1e-9


def test_aid_of_an_arm_that_pays_nothing_changes_nothing(solo):
    nothing = Outlays.of(run("none"))
    assert sum(len(one.row) for one in nothing.payments) == 0
    aided = run("solo", aid=nothing)
    assert aided.datacollector.model_vars == solo.datacollector.model_vars
    assert aided.ledger.flow_table() == solo.ledger.flow_table()


def test_outlays_of_other_years_or_another_case_are_refused():
    short = Outlays.of(run("solo", last_year=2008))
    with pytest.raises(ValueError, match="2006 to 2008"):
        run("solo", aid=short)
    other = Outlays.of(run("solo", last_year=2006))
    with pytest.raises(ValueError, match="same case"):
        run("solo", last_year=2006, aid=replace(other, returns=other.returns[:, :2]))


def test_what_a_county_borrows_for_aid_suffices_for_all_kinds_of_takers():
    """Sums of many payments round: what is left for the last kind must not fall short of it."""
    changes = {"tiny.programme_share": 0.0, "firms.local_tax_share": 0.0}
    model = EconomyModel(case="tiny", mechanisms=("solo",), changes=changes, seed=1)
    generator = Draws(3).generator("payments")
    model.step()
    for _ in range(200):
        kinds = np.array([VILLAGE, COUNTY, HOUSEHOLD])
        amount = np.exp(generator.normal(12.0, 6.0, 3))
        rows = np.array([0, 1, 0])
        _pay(model, 0, Payments(np.zeros(3, dtype=np.int64), kinds, rows, amount))
        assert model.counties.cash.min() >= 0.0
