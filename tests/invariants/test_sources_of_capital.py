"""Where the money of projects comes from: grants, compensation, loans and own cash, each within its bounds."""

import numpy as np
import pytest

from model.economy import EconomyModel
from model.partnerships import VILLAGE
from model.year import YEAR

pytestmark = pytest.mark.one_version

ARMS = [("solo",), ("solo_funded",), ("solo", "enclave"), ("solo", "town_joint", "enclave_rotating")]
SUPPORT = ("grant", "quota compensation")


def with_watch(monkeypatch, watch, *names):
    """Runs ``watch(model, phase)`` in place of some phases of the year; watch runs the phase itself."""
    phases = [(lambda model, phase=phase: watch(model, phase)) if phase.__name__ in names else phase for phase in YEAR]
    assert {phase.__name__ for phase in YEAR} >= set(names)
    monkeypatch.setattr("model.economy.YEAR", tuple(phases))


def by_village(model, entries, reason, side):
    """What villages gave or took for a reason in some entries, yuan, shape (villages,)."""
    total = np.zeros(len(model.villages))
    for entry in entries:
        account, amounts = (entry.giver, entry.given) if side == "giver" else (entry.taker, entry.received)
        if entry.reason.name == reason and entry.unit == "yuan" and account.table is model.villages:
            rows = slice(None) if account.rows is None else account.rows
            np.add.at(total, rows, amounts)
    return total


def watch_capital(model, phase):
    """Runs the phase that forms projects and checks every village's part; returns what was paid in, by village."""
    before, cash = len(model.ledger.entries), model.villages.cash.copy()
    stakes, known = model.partnerships, len(model.partnerships.capital)
    phase(model)
    entries = model.ledger.entries[before:]
    paid = by_village(model, entries, "capital paid in", "giver")
    public = sum(by_village(model, entries, reason, "taker") for reason in SUPPORT)
    own = paid - public - by_village(model, entries, "loan", "taker")
    slack = 1e-9 * np.maximum(1.0, paid)
    # Grants and compensation go into the project to the last yuan; the rest is the village's own.
    assert (own >= -slack).all(), f"{-own.min():,.0f} yuan of public money stayed with a village in {model.year}"
    assert (own <= cash + slack).all()
    assert model.villages.cash == pytest.approx(cash - own, rel=1e-9, abs=1e-3)
    assert (stakes.holder_kind[known:] == VILLAGE).all()
    recorded, given, lent = (
        np.bincount(stakes.holder[known:], weights=column[known:], minlength=len(paid))
        for column in (stakes.capital, stakes.public, stakes.borrowed)
    )
    assert recorded == pytest.approx(paid, rel=1e-12)
    assert given == pytest.approx(public, rel=1e-12)
    assert lent == pytest.approx(paid - public - own, rel=1e-9, abs=1e-3)
    return paid


@pytest.mark.parametrize("arm", ARMS, ids="+".join)
@pytest.mark.parametrize(("case", "seed"), [("tiny", 0), ("tiny", 1)])
def test_capital_is_grant_compensation_loan_and_own_cash(monkeypatch, case, seed, arm):
    paid = []
    with_watch(monkeypatch, lambda model, phase: paid.append(watch_capital(model, phase).sum()), "form_projects")
    EconomyModel(case=case, mechanisms=arm, seed=seed).run()
    assert sum(paid) > 0.0


@pytest.mark.parametrize("arm", ARMS[1:], ids="+".join)
def test_public_money_goes_into_the_project_though_land_is_short(monkeypatch, arm):
    paid = []
    with_watch(monkeypatch, lambda model, phase: paid.append(watch_capital(model, phase).sum()), "form_projects")
    EconomyModel(case="tiny", mechanisms=arm, seed=1, changes={"build.cost": 500.0, "pool.grant": 2e6}).run()
    assert sum(paid) > 0.0


@pytest.mark.parametrize("limit", [0.0, 0.3, 1.5])
@pytest.mark.parametrize("arm", ARMS, ids="+".join)
def test_no_village_borrows_beyond_the_limit(monkeypatch, arm, limit):
    loans = []

    def watch(model, phase):
        before, income = len(model.ledger.entries), model.villages.recurrent_income.copy()
        phase(model)
        loan = by_village(model, model.ledger.entries[before:], "loan", "taker")
        borrowed = loan > 1e-6  # less is rounding
        allowed = limit * income[borrowed] * (1.0 + 1e-9) + 1e-6
        assert (model.villages.debt[borrowed] <= allowed).all()
        loans.append(loan.sum())

    with_watch(monkeypatch, watch, "form_projects", "reclaim_land")
    # Idle land that brings nothing is cleared more often, on credit where need be.
    for seed, terms in enumerate(({}, {"land.idle_rent": 0.0})):
        EconomyModel(case="tiny", mechanisms=arm, seed=seed, changes={"credit.debt_limit": limit, **terms}).run()
    assert (sum(loans) > 1.0) == (limit > 0.0)


@pytest.mark.parametrize(
    "arm", [("solo_funded",), ("solo", "enclave"), ("solo_funded", "town_joint", "enclave")], ids="+".join
)
@pytest.mark.parametrize(("case", "seed"), [("tiny", 0), ("tiny", 1)])
def test_the_grant_comes_once_and_to_weak_villages(monkeypatch, case, seed, arm):
    granted = []

    def watch(model, phase):
        before, income = len(model.ledger.entries), model.villages.recurrent_income.copy()
        phase(model)
        grant = by_village(model, model.ledger.entries[before:], "grant", "taker")
        had = grant > 0.0
        assert model.year >= 2013 or not had.any()
        assert (income[had] < model.parameters.at("pool.weak_line", model.year)).all()
        assert grant.max() <= model.parameters["pool.grant"]
        granted.append(had)

    with_watch(monkeypatch, watch, "form_projects")
    model = EconomyModel(case=case, mechanisms=arm, seed=seed).run()
    times = np.sum(granted, axis=0)
    assert times.max() == 1
    assert np.array_equal(times == 1, model.villages.granted)


def grants(mechanisms, seed, **changes):
    """A run, and the villages that had the grant in each year."""
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    model = EconomyModel(case="tiny", mechanisms=mechanisms, seed=seed, changes=keys)
    years = []
    while model.year < model.last_year:
        before = model.villages.granted.copy()
        model.step()
        years.append(model.villages.granted & ~before)
    return model, np.array(years)


@pytest.mark.parametrize("seed", range(2))
def test_hidden_income_gets_more_grants_and_none_is_off(seed):
    arm, low = ("solo", "enclave"), {"pool__weak_line": 300_000.0}  # so low that most can't have it honestly
    plain, honest = grants(arm, seed, **low)
    _, some = grants(arm, seed, **low, village__misreporting=0.5, village__hidden=1.0, village__audit=0.0)
    _, all_ = grants(arm, seed, **low, village__misreporting=1.0, village__hidden=1.0, village__audit=0.0)
    assert honest.sum() < some.sum() < all_.sum()
    # Where nobody is inclined, or everybody is found out, exactly nothing changes.
    for off in ({"village__misreporting": 0.0}, {"village__audit": 1.0, "village__misreporting": 1.0}):
        model, _ = grants(arm, seed, **low, **off, village__hidden=5.0)
        assert model.ledger.flow_table() == plain.ledger.flow_table()


def test_only_incomes_within_reach_of_the_line_are_hidden(monkeypatch):
    reached = []

    def watch(model, phase):
        before, income = model.villages.granted.copy(), model.villages.recurrent_income.copy()
        phase(model)
        had = model.villages.granted & ~before
        line = model.parameters.at("pool.weak_line", model.year)
        assert (income[had] < line * 1.3).all()
        reached.append((income[had] >= line).sum())

    with_watch(monkeypatch, watch, "form_projects")
    terms = {"village.misreporting": 1.0, "village.hidden": 0.3, "village.audit": 0.0}
    for seed in range(3):
        EconomyModel(case="tiny", mechanisms=("solo_funded",), seed=seed, changes=terms).run()
    assert sum(reached) > 0
