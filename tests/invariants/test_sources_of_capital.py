"""Where the money of projects comes from: grants, compensation, loans and own cash, each within its bounds."""

import numpy as np
import pytest

from model.economy import EconomyModel
from model.year import YEAR

ARMS = [("solo",), ("solo_funded",), ("solo", "enclave")]
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
        account = getattr(entry, side)
        if entry.reason == reason and entry.unit == "yuan" and account.table is model.villages:
            rows = slice(None) if account.rows is None else account.rows
            np.add.at(total, rows, entry.amounts)
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
    recorded = np.bincount(stakes.village[known:], weights=stakes.capital[known:], minlength=len(paid))
    assert recorded == pytest.approx(paid, rel=1e-12)
    return paid


@pytest.mark.parametrize("arm", ARMS, ids="+".join)
@pytest.mark.parametrize(("case", "seed"), [("tiny", 0), ("tiny", 1), ("tiny", 2), ("pinghu", 1)])
def test_capital_is_grant_compensation_loan_and_own_cash(monkeypatch, case, seed, arm):
    paid = []
    with_watch(monkeypatch, lambda model, phase: paid.append(watch_capital(model, phase).sum()), "form_projects")
    EconomyModel(case=case, mechanisms=arm, seed=seed).run()
    assert sum(paid) > 0.0


@pytest.mark.parametrize("arm", [("solo_funded",), ("solo", "enclave")], ids="+".join)
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
        borrowed = loan > 0.0
        allowed = limit * income[borrowed] * (1.0 + 1e-9) + 1e-6
        assert (model.villages.debt[borrowed] <= allowed).all()
        loans.append(loan.sum())

    with_watch(monkeypatch, watch, "form_projects", "reclaim_land")
    for seed in range(2):
        EconomyModel(case="tiny", mechanisms=arm, seed=seed, changes={"credit.debt_limit": limit}).run()
    assert (sum(loans) > 1.0) == (limit > 0.0)


@pytest.mark.parametrize("arm", [("solo_funded",), ("solo", "enclave"), ("solo_funded", "enclave")], ids="+".join)
@pytest.mark.parametrize(("case", "seed"), [("tiny", 0), ("tiny", 1), ("pinghu", 1)])
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
