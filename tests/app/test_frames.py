"""A year as the page keeps it is what the model held, and its lines of the ledger explain every change of a stock."""

from __future__ import annotations

import numpy as np
import pytest

from agents.share import SOURCE_COLUMNS, part_of, shares_of
from experiments.app.facts import household_income
from experiments.app.frame import SPARSE, arrivals, take_frame, tenants
from experiments.app.graph.names import home_of
from experiments.scenario import find_scenario
from model.economy import EconomyModel
from model.ledger import Ledger
from model.outcomes.households import household_incomes
from model.outlays import Outlays
from model.scope import HOST

YEARS = (2005, 2006, 2013, 2019, 2021)
SHARES = tuple(f"share_{name}" for name in SOURCE_COLUMNS)
KINDS = {"Village": "villages", "County": "counties", "Project": "projects", "Town": "towns"}


@pytest.fixture(scope="module")
def years(case):
    """All versions and aid besides: year -> what the model held, its frame, and the frame before."""
    other, arm = find_scenario("enclave").mechanisms, find_scenario("pooling").mechanisms
    aid = Outlays.of(EconomyModel(case=case, mechanisms=other, seed=1).run())
    model = EconomyModel(case=case, mechanisms=arm, seed=1, aid=aid)
    found, before = {}, None
    while True:
        frame = take_frame(model)
        kept = {name: model.households.column(name).copy() for name in model.households.columns}
        kept |= {f"share_{name}": _shares(model, name) for name in SOURCE_COLUMNS}
        found[model.year] = (kept, household_incomes(model).copy(), _posted(model.ledger), frame, before)
        if model.year >= model.last_year:
            return found
        before = frame
        model.step()


def _shares(model, source):
    """What a source put into each household's share of 6.0, yuan."""
    return part_of(model.shares, shares_of(model.shares, np.arange(len(model.households))), source)


def _posted(ledger: Ledger):
    """What the ledger has told of a year: (unit, reason, kind, side) -> amount."""
    found = {}
    for flow, amount in ledger.flow_table():
        if flow.year == ledger.year:
            for kind, sign in ((flow.giver, -1), (flow.taker, 1)):
                key = (flow.unit, flow.reason, kind, sign)
                found[key] = found.get(key, 0.0) + amount
    return found


def homes(case, rows):
    """The village of each household, -1 for one of a town."""
    found = (home_of(case, row) for row in rows)
    return [row if kind == "Village" else -1 for kind, row, _ in found]


@pytest.mark.parametrize("year", YEARS)
def test_households_are_kept_as_they_were(case, years, year):
    columns, _, _, frame, _ = years[year]
    rows = np.random.default_rng(year).choice(case.n_households, 150, replace=False).tolist()
    rows += np.flatnonzero(columns["share_own"]).tolist()
    for row, village in zip(rows, homes(case, rows), strict=True):
        kept = frame.households
        assert kept.earnings[row] == np.float32(columns["earnings"][row])
        for name in (*SPARSE, *SHARES):
            assert kept.value(name, row) == np.float32(columns[name][row]), name
        payout = kept.payout[village] if village >= 0 else 0.0
        assert payout == np.float32(columns["payout"][row])
        for name in ("listed", "low_income"):
            assert getattr(kept, name)[row] == columns[name][row]


def test_the_rows_that_matter_are_among_them(years):
    columns = years[2021][0]
    for name in (*SPARSE, *SHARES, "listed", "low_income", "payout"):
        assert np.count_nonzero(columns[name]) > 0, name


@pytest.mark.parametrize("year", YEARS)
def test_what_a_card_sums_is_the_income_of_the_model(case, years, year):
    _, incomes, _, frame, _ = years[year]
    rows = range(len(incomes))
    told = [
        sum(household_income(frame, row, village).values())
        for row, village in zip(rows, homes(case, rows), strict=True)
    ]
    np.testing.assert_allclose(told, incomes, rtol=1e-6)


@pytest.mark.parametrize("year", YEARS)
def test_curves_over_households_are_those_of_their_incomes(case, years, year):
    _, incomes, _, frame, _ = years[year]
    persons, ordered = case.parameters["household.persons"], np.sort(incomes)
    curve = frame.households.lorenz
    assert frame.households.quantiles[[0, -1]] == pytest.approx(ordered[[0, -1]] / persons)
    assert (curve[0], curve[-1]) == (0.0, pytest.approx(1.0))
    half = ordered[: len(ordered) // 2].sum() / ordered.sum()
    assert curve[50] == pytest.approx(half, abs=0.002)
    assert (np.diff(curve, 2) >= -1e-12).all(), "the poorest come first"


@pytest.mark.parametrize("year", YEARS)
def test_lines_are_all_that_was_posted(years, year):
    _, _, posted, frame, _ = years[year]
    told = {}
    for line in frame.lines:
        for sign in (-1, 1):
            amount = float(np.abs(line.amounts).sum()) if np.sign(line.amounts.sum()) == sign else 0.0
            key = (line.unit, line.reason, line.kind, sign)
            told[key] = told.get(key, 0.0) + amount
    kept = {key: amount for key, amount in posted.items() if key[2] in KINDS}
    assert kept
    assert {key: amount for key, amount in told.items() if amount} == pytest.approx(kept, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "stock", "unit"),
    [
        *((kind, "cash", "yuan") for kind in ("Village", "County", "Project")),
        *((kind, "debt", "yuan owed") for kind in ("Village", "County")),
    ],
)
def test_lines_explain_every_change_of_a_stock(years, kind, stock, unit):
    """The books of each card balance: what it got less what it gave is what it has more."""
    moved = 0.0
    for _, _, _, frame, before in years.values():
        after = frame.column(kind, stock)
        change = after.copy()
        if before is not None:
            held = before.column(kind, stock)
            change[: len(held)] -= held
        mine = [line for line in frame.lines if (line.kind, line.unit) == (kind, unit)]
        got = np.array([sum(line.of(row) for line in mine) for row in range(len(after))])
        turnover = sum(float(np.abs(line.amounts).max(initial=0.0)) for line in mine)
        np.testing.assert_allclose(got, change, atol=1e-9 * max(turnover, 1.0))
        moved += turnover
    assert moved > 0.0 or kind == "County"


def test_mu_of_villages_change_by_their_lines(years):
    """Idle land and quota are both in mu: together they change by what came in and went out."""
    for _, _, _, frame, before in years.values():
        held = [one.column("Village", "idle_land") + one.column("Village", "quota") for one in (frame, before) if one]
        change = held[0] - (held[1] if before else 0.0)
        mine = [line for line in frame.lines if (line.kind, line.unit) == ("Village", "mu")]
        got = [sum(line.of(row) for line in mine) for row in range(len(change))]
        np.testing.assert_allclose(got, change, atol=1e-9 * max(float(np.abs(held[0]).max()), 1.0))


def test_tenants_and_arrivals(years):
    frame, before = years[2021][3:]
    there = tenants(frame)
    assert there.sum() == (frame.firms.site >= 0).sum() > 0
    row = int(there.argmax())
    assert there[row] == sum(site == row for site in frame.firms.site.tolist())
    came = arrivals(frame, before)
    old = before.firms.site.tolist()
    moved = [
        site
        for firm, site in enumerate(frame.firms.site.tolist())
        if site >= 0 and (firm >= len(old) or old[firm] != site)
    ]
    assert came.tolist() == np.bincount(moved, minlength=len(there)).tolist()
    assert not arrivals(frame, frame).any()


def test_stakes_are_those_of_the_pools(years, case):
    frame = years[2021][3]
    pooled = frame.outcomes["pool_capital"]
    host = np.isin(frame.stakes.holder, np.flatnonzero(frame.column("Village", "county") == HOST))
    mine = (frame.stakes.kind == 0) & host
    assert frame.stakes.capital[mine].sum() == pytest.approx(pooled, rel=1e-9)
    assert pooled > 0.0
