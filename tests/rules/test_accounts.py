"""Gains by sector, value created and transfers: they add up for every sector, and an example worked out on paper."""

from types import SimpleNamespace

import numpy as np
import pytest

from agents.county import County
from agents.enterprise import Enterprise
from agents.household import Household
from agents.landlord import Landlord
from agents.outside import Outside
from agents.project import Project
from agents.table import Table
from agents.village import Village
from model import accounts
from model.accounts import LOANS, STAKES, USE_OF_MONEY, account_rows, accounts_gap, opening_accounts, tell_gains
from model.economy import EconomyModel
from model.entries import Account
from model.flows import (
    CAPITAL_PAID_IN,
    CONSTRUCTION,
    LOAN,
    MIGRANT_WAGES,
    OPENING_BALANCE,
    POOL_INCOME,
    PROFIT,
    RENT,
    SERVICES,
    STAKE_SOLD,
    SURPLUS,
    UPKEEP,
    VALUE_ADDED,
)
from model.ledger import Ledger
from model.mechanism import no_village
from model.mechanisms.enclave import ENCLAVE, ENCLAVE_ROTATING
from model.partnerships import VILLAGE, Partnerships
from model.registry import mechanisms

CLOSE = 1e-9  # of all money that moved in a year
NOTHING = np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0)  # no rows of giver, taker and amount
POOLING = ("solo", "town_joint", "enclave", "mountain_sea", "science_park", "household_shares", "crowdfunding")


def run(*names, seed=1, last_year=2021):
    return EconomyModel(case="tiny", mechanisms=names, seed=seed, last_year=last_year).run()


@pytest.fixture(scope="module")
def pooling():
    return run(*POOLING)


def check(model):
    assert len(model.accounts) == model.year - model.first_year + 2
    for year in model.accounts[1:]:
        assert year.gross > 1e6
        gap = year.gain - year.all_created() - year.received()
        assert np.abs(gap).max() <= CLOSE * year.gross, year.year
        assert abs(year.gain.sum() - year.all_created().sum()) <= CLOSE * year.gross
        assert not len(year.transfers[LOANS].value)
        assert all((given.value > 0.0).all() for name, given in year.transfers.items() if name != USE_OF_MONEY)
    assert accounts_gap(model) <= CLOSE


@pytest.mark.parametrize("name", [name for name, one in mechanisms().items() if one.since <= 2021])
def test_every_mechanism_adds_up_for_every_sector(name):
    check(run(*dict.fromkeys(("solo", name)), last_year=min(mechanisms()[name].since + 3, 2021)))


@pytest.mark.parametrize("seed", [0, 2])
def test_all_together_add_up(seed):
    check(run(*POOLING, seed=seed))


def test_stakes_that_change_hands_are_told(pooling):
    check(pooling)
    assert sum(year.transfers[STAKES].value.sum() for year in pooling.accounts[1:]) > 0.0
    rotating = EconomyModel(case="tiny", mechanisms=("solo", ENCLAVE_ROTATING), seed=1).run()
    check(rotating)
    assert any(len(year.transfers[STAKES].value) for year in rotating.accounts[1:])


def test_a_year_that_does_not_add_up_is_seen(monkeypatch):
    model = run("solo", last_year=2008)
    assert accounts_gap(model) <= CLOSE
    model.projects.write(book=model.projects.book + 1e5)
    model.step()
    assert accounts_gap(model) > CLOSE


def test_without_the_stakes_it_does_not_add_up(monkeypatch):
    monkeypatch.setattr(accounts, "between_holders", lambda *given: NOTHING)
    assert accounts_gap(run("solo", "household_shares")) > 1e-12


def test_a_mechanism_that_does_nothing_changes_nothing():
    inert = ENCLAVE.but(name="inert", who_may_join=no_village)
    with_it, without = (
        EconomyModel(case="tiny", mechanisms=names, seed=3).run() for names in (("solo", inert), ("solo",))
    )
    assert account_rows(with_it) == account_rows(without)


def test_discounted_gains_are_what_was_enjoyed_and_is_left(pooling):
    """The sum of discounted gains telescopes: the value of consumption, and of the last worth less the first."""
    model, rate = pooling, pooling.parameters["prices.discount_rate"]
    years = model.accounts[1:]
    factor = [(1.0 + rate) ** -(number + 1) for number in range(len(years))]
    village = 0  # the sector of the first county's villages
    gained = sum(part * year.gain[village] for part, year in zip(factor, years, strict=True))
    spent = {
        flow.year: amount
        for flow, amount in model.ledger.flow_table()
        if flow.reason == SERVICES.name and flow.giver_county == 0
    }
    enjoyed = sum(part * spent[year.year] for part, year in zip(factor, years, strict=True))
    worth = [
        at.position.money[village]
        + float(
            at.position.capital.dense()[:, village]
            / np.maximum(at.position.capital.by_row(), 1.0)
            @ (at.position.book + at.position.cash)
        )
        for at in (model.accounts[0], model.accounts[-1])
    ]
    assert gained == pytest.approx(enjoyed + factor[-1] * worth[1] - worth[0], rel=1e-9)


def small_economy():
    """Two counties, A and B, each with a village, a household and a firm; one project of A's village, book 100."""
    kinds = (County, Village, Household, Enterprise, Landlord, Project)
    tables = {kind.__name__: Table(kind, registered=False) for kind in kinds}
    outside = Table(Outside, registered=False)
    outside.add(1)
    tables["County"].add(2)
    for name in ("Village", "Household", "Enterprise", "Landlord"):
        kind = tables[name].kind
        traits = {key: 0 for key, column in kind.columns().items() if column.kind == "trait"}
        tables[name].add(2, county=np.arange(2), **traits)
    traits = {key: 0 for key, column in Project.columns().items() if column.kind == "trait"}
    tables["Project"].add(1, county=0, **traits)
    tables["Project"].write(book=100.0)
    model = SimpleNamespace(
        counties=tables["County"],
        villages=tables["Village"],
        households=tables["Household"],
        enterprises=tables["Enterprise"],
        landlords=tables["Landlord"],
        projects=tables["Project"],
        outside=outside,
        partnerships=Partnerships(),
        ledger=Ledger([outside, *tables.values()]),
        parameters={"prices.discount_rate": 0.05},
        case=SimpleNamespace(counties=[SimpleNamespace(name="A"), SimpleNamespace(name="B")]),
        year=2005,
    )
    model.partnerships.add_stakes(VILLAGE, np.array([0]), 0, 100.0, since=2000)
    model.ledger.open_year(2005)
    money(model, outside, model.villages, [50.0, 200.0], OPENING_BALANCE)
    model.accounts = [opening_accounts(model)]
    model.year = 2006
    model.ledger.open_year(2006)
    return model


def money(model, giver, taker, amount, reason, *, of=None, to=None, stock="cash"):
    rows = [None if one is None else np.array(one) for one in (of, to)]
    model.ledger.move(Account(giver, stock, rows[0]), Account(taker, stock, rows[1]), amount, reason)


def a_year(model, rent=RENT):
    """B's village joins A's at cost. A's firm sells 30 and pays 20 of rent.

    The project wears by 10, gets dearer by 3 and builds for 100.
    """
    outside, firms, villages, project = model.outside, model.enterprises, model.villages, model.projects
    money(model, villages, project, 100.0, CAPITAL_PAID_IN, of=[1])
    model.partnerships.add_stakes(VILLAGE, np.array([1]), 0, 100.0, since=2006)
    money(model, project, outside, 100.0, CONSTRUCTION)
    project.write(book=193.0, worn=10.0, appreciated=3.0)
    money(model, outside, firms, 30.0, VALUE_ADDED, to=[0])
    money(model, firms, project, 20.0, rent, of=[0])
    money(model, firms, outside, 4.0, MIGRANT_WAGES, of=[0])
    money(model, firms, outside, 6.0, PROFIT, of=[0])
    money(model, project, outside, 2.0, UPKEEP)
    money(model, project, villages, [9.0, 9.0], POOL_INCOME, of=[0, 0])
    money(model, villages, outside, 5.0, SERVICES)


def by_sector(values):
    """Villages of A and B, the firm of A, Outside."""
    return [float(values[row]) for row in (0, 1, 4, -1)]


def test_worked_out_on_paper():
    model = small_economy()
    a_year(model)
    tell_gains(model)
    year = model.accounts[-1]
    # A: 54 + 96.5 and 5 enjoyed, against 150 * 1.05; B: 104 + 96.5 and 5, against 200 * 1.05; Outside: 0.05 on 250.
    assert by_sector(year.gain) == pytest.approx([-2.0, -4.5, 6.0, 12.5])
    created = {name: float(values.sum()) for name, values in year.created.items()}
    assert created == pytest.approx(
        {
            "value added": 30.0,
            "wages of migrants": -4.0,
            "upkeep": -2.0,
            "depreciation of buildings": -10.0,
            "rise of the price of buildings": 3.0,
            "capital charge on buildings": -5.0,
        }
    )
    assert by_sector(year.all_created()) == pytest.approx([-13.0, -1.0, 26.0, 0.0])
    assert year.transfers["rent"].dense()[4, :2] == pytest.approx([10.0, 10.0])
    # B pays 100 for half of a book value of 193.
    assert year.transfers[STAKES].dense()[1, 0] == pytest.approx(3.5)
    assert year.transfers[STAKES].value.sum() == pytest.approx(3.5)
    assert year.transfers[USE_OF_MONEY].dense()[:2, -1] == pytest.approx([2.5, 10.0])
    assert year.gap() <= 1e-15


def test_a_handover_at_cost_gives_what_the_book_lacks():
    model = small_economy()
    money(model, model.villages, model.villages, 100.0, STAKE_SOLD, of=[1], to=[0])
    model.partnerships.hand_over(np.array([0]), VILLAGE, np.array([1]), year=2006, since=2006, part=1.0)
    model.projects.write(book=90.0, worn=10.0)
    tell_gains(model)
    year = model.accounts[-1]
    stakes = year.transfers[STAKES].dense()
    assert (stakes[1, 0], stakes[0, 1]) == pytest.approx((100.0, 90.0))
    assert by_sector(year.gain) == pytest.approx([150.0 - 157.5, 190.0 - 210.0, 0.0, 12.5])
    assert year.gap() <= 1e-15


def test_another_label_changes_no_gain():
    found = []
    for rent in (RENT, SURPLUS):
        model = small_economy()
        a_year(model, rent)
        tell_gains(model)
        found.append(model.accounts[-1])
    np.testing.assert_array_equal(found[0].gain, found[1].gain)
    np.testing.assert_array_equal(found[0].transfers["rent"].dense(), found[1].transfers["guarantee"].dense())


def test_a_loan_is_no_gain_and_half_a_loan_is_seen():
    model = small_economy()
    for stock in ("cash", "debt"):
        money(model, model.outside, model.villages, 70.0, LOAN, to=[0], stock=stock)
    tell_gains(model)
    assert not len(model.accounts[-1].transfers[LOANS].value)
    model.year = 2007
    model.ledger.open_year(2007)
    money(model, model.outside, model.villages, 70.0, LOAN, to=[1])
    tell_gains(model)
    assert model.accounts[-1].transfers[LOANS].dense()[-1, 1] == 70.0
