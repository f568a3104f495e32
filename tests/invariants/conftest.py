"""What must be true at the end of every year of every run, checked from the tables and the flow table alone."""

from collections import defaultdict
from weakref import WeakKeyDictionary

import numpy as np
import pytest

from model.economy import EconomyModel
from model.entries import counties_of
from model.flows import REASONS

CLOSE = 1e-9  # relative
# Land: what comes into a county's hands, what leaves them for good, and what passes between villages and counties.
COMES = ("plan quota", "plan quota to a common park")
GOES = ("plan quota used", "quota sold to industry", "urban land sold", "industrial land sold")
PASSES = ("quota contributed", "quota sold")
FLOWS = WeakKeyDictionary()
PAID_IN = ("capital paid in", "capital paid in by a county")


def near(one, other, scale):
    """Whether two figures agree to the tolerance, relative to a scale of at least one."""
    return bool(np.all(np.abs(np.asarray(one) - np.asarray(other)) <= CLOSE * np.maximum(1.0, scale)))


def tables(model):
    return (
        model.outside,
        model.counties,
        model.towns,
        model.villages,
        model.households,
        model.enterprises,
        model.landlords,
        model.projects,
    )


def stocks(model):
    """Every stock: its unit, the kind that holds it, and the values."""
    return [
        (column.unit, table.name, name, table.column(name))
        for table in tables(model)
        for name, column in table.columns.items()
        if column.kind == "stock"
    ]


def flowed(model, *reasons, unit, year=None, giver=None, taker=None):
    """What moved for some reasons, by the flow table: in one year, or so far; between all counties, or some."""
    assert set(reasons) <= set(REASONS), reasons
    known = flows_by_reason(model)
    return sum(
        amount
        for reason in reasons
        for flow, amount in known.get((reason, unit), ())
        if year in (None, flow.year) and giver in (None, flow.giver_county) and taker in (None, flow.taker_county)
    )


def flows_by_reason(model):
    """The flow table sorted by reason and unit, once a year of a model."""
    year, known = FLOWS.get(model, (None, None))
    if year != model.year:
        known = defaultdict(list)
        for flow, amount in model.ledger.flow_table():
            known[flow.reason, flow.unit].append((flow, amount))
        FLOWS[model] = (model.year, known)
    return known


def flowed_by_county(model, *reasons, side, unit="mu"):
    """What moved so far by the county of one side, shape (counties,)."""
    return np.array([flowed(model, *reasons, unit=unit, **{side: row}) for row in range(len(model.counties))])


def by_county(model, county, values):
    return np.bincount(county, weights=values, minlength=len(model.counties))


def check_nothing_is_made_or_lost(model):
    assert set(model.ledger.imbalance()) == {"yuan", "mu", "yuan owed"}
    assert max(model.ledger.imbalance().values()) <= CLOSE
    for unit in ("yuan", "mu", "yuan owed"):
        held = [values for what, _, _, values in stocks(model) if what == unit]
        gross = sum(np.abs(values).sum() for values in held)
        assert near(sum(values.sum() for values in held), 0.0, gross), unit


def check_nobody_but_outside_owes(model):
    for _, kind, name, values in stocks(model):
        assert np.isfinite(values).all(), (kind, name)
        if kind != "Outside":
            assert values.min(initial=0.0) >= 0.0, (kind, name)


def check_what_is_due_is_accounted_for(model):
    projects = model.projects
    paid = projects.net_rent + projects.top_up - projects.surplus
    assert near(projects.due, paid + projects.unpaid, projects.due)
    for part in (projects.top_up, projects.surplus, projects.unpaid):
        assert part.min() >= 0.0
    assert near(projects.cash, 0.0, paid)
    assert near(flowed(model, "top-up", unit="yuan", year=model.year), projects.top_up.sum(), paid.sum())


def check_the_flow_table_tells_who_gave_and_who_took(model):
    """Each side of the year's entries, row by row, against the counties that the flow table names."""
    told, posted = defaultdict(float), defaultdict(float)
    for flow, amount in model.ledger.flow_table():
        if flow.year == model.year:
            told[flow.unit, flow.reason, "gave", flow.giver, flow.giver_county] += amount
            told[flow.unit, flow.reason, "took", flow.taker, flow.taker_county] += amount
    for entry in model.ledger.entries:
        for side, account, amounts in (("gave", entry.giver, entry.given), ("took", entry.taker, entry.received)):
            county = np.broadcast_to(counties_of(account), amounts.shape)
            sums = np.bincount(county + 1, weights=amounts, minlength=len(model.counties) + 1)
            for row in np.flatnonzero(sums).tolist():
                posted[entry.unit, entry.reason.name, side, account.table.name, row - 1] += float(sums[row])
    one = model.households  # of what they all get from Outside, and pay to it, the ledger keeps no rows
    earned, got = one.earnings - one.forgone, one.wage + one.payout + one.dividends + one.aid
    spent = (1.0 - model.parameters["household.saving"]) * (earned + got)
    for reason, amounts, side, other in (("earnings", earned, "took", "gave"), ("consumption", spent, "gave", "took")):
        posted["yuan", reason, other, "Outside", -1] += amounts.sum()
        for row, amount in enumerate(by_county(model, one.county, amounts)):
            posted["yuan", reason, side, "Household", row] += amount
    for key in told.keys() | posted.keys():
        assert near(told[key], posted[key], posted[key]), key


def check_shares_sum_to_one(model):
    stakes, projects = model.partnerships, len(model.projects)
    shares = stakes.shares(projects, model.year)
    accrues = np.bincount(stakes.project, weights=stakes.accruing(model.year), minlength=projects) > 0.0
    assert near(np.bincount(stakes.project, weights=shares, minlength=projects), accrues, 1.0)
    owned = np.bincount(stakes.project, weights=stakes.owned(projects), minlength=projects)
    assert near(owned, 1.0, 1.0)
    assert accrues.all()
    for part in (stakes.capital, stakes.quota, stakes.public, stakes.borrowed, shares):
        assert part.min() >= 0.0
    assert (stakes.public + stakes.borrowed <= stakes.capital * (1.0 + CLOSE) + CLOSE).all()
    assert (stakes.since < model.year + 1.0).all()
    emptied = {project for one in stakes.handovers for project in one.project.tolist()}
    assert set(stakes.project[stakes.capital == 0.0].tolist()) <= emptied


def check_holders_are_paid_by_what_they_paid_in_and_for_how_long(model):
    projects, stakes = model.projects, model.partnerships
    weight, whole, income = defaultdict(float), defaultdict(float), defaultdict(float)
    columns = (stakes.holder_kind, stakes.holder, stakes.project, stakes.capital, stakes.since)
    for kind, holder, project, yuan, since in zip(*(column.tolist() for column in columns), strict=True):
        accrued = yuan * min(1.0, max(0.0, model.year + 1.0 - since))
        weight[kind, holder, project] += accrued
        whole[project] += accrued
    rent, added = projects.net_rent.tolist(), (projects.top_up - projects.surplus).tolist()
    at_home, guarantor = (projects.village >= 0).tolist(), projects.county.tolist()
    for (kind, holder, project), yuan in weight.items():
        income[kind, holder, at_home[project]] += rent[project] * yuan / whole[project]
        # What a guarantor adds goes to the others.
        if (kind, holder) != (1, guarantor[project]):
            others = whole[project] - weight.get((1, guarantor[project], project), 0.0)
            income[kind, holder, at_home[project]] += added[project] * yuan / others if others > 0.0 else 0.0
    for kind, home, paid in (
        (0, True, model.villages.home_income),
        (0, False, model.villages.pool_income),
        (2, False, model.households.dividends),
    ):
        due = np.zeros(len(paid))
        for (holder_kind, row, where), yuan in income.items():
            if (holder_kind, where) == (kind, home):
                due[row] = yuan
        assert near(paid, due, paid)
    for kind, reason in (
        (1, "dividends of counties"),
        (3, "dividends of investors outside"),
        (4, "rent of other landlords"),
    ):
        due = sum(amount for (holder_kind, _, _), amount in income.items() if holder_kind == kind)
        assert near(flowed(model, reason, unit="yuan", year=model.year), due, due)


def check_quota_is_reclaimed_built_on_sold_or_held_in_every_county(model):
    villages, counties, projects = model.villages, model.counties, model.projects
    known = {"opening balance", "reclaimed", "quota built on", *COMES, *GOES, *PASSES}
    assert {flow.reason for flow, _ in model.ledger.flow_table() if flow.unit == "mu"} <= known
    reclaimed = by_county(model, villages.county, villages.opening_idle - villages.idle_land)
    came = reclaimed + flowed_by_county(model, *COMES, side="taker")
    built = by_county(model, projects.county, projects.land)
    used = built + flowed_by_county(model, *GOES, side="giver")
    held = by_county(model, villages.county, villages.quota) + counties.quota
    got, gave = (flowed_by_county(model, *PASSES, side=side) for side in ("taker", "giver"))
    # What passes within a county is got and given by it; the rest crossed a border.
    assert near(came + got, used + held + gave, came + got)
    assert near(came.sum(), (used + held).sum(), came.sum())
    assert near(reclaimed, flowed_by_county(model, "reclaimed", side="giver"), came)
    assert near(built, flowed_by_county(model, "quota built on", side="taker"), came)
    assert near(built, flowed_by_county(model, "quota built on", side="giver"), came)
    assert (villages.opening_idle >= villages.idle_land).all()


def check_capital_of_projects_is_what_was_paid_in(model):
    stakes, projects, first = model.partnerships, model.projects, model.year == model.first_year
    at_home, pooled = projects.village >= 0, (projects.village < 0) & (projects.mechanism >= 0)
    old = ~at_home & ~pooled
    capital = stakes.paid_in(len(projects))
    # The sheds and zones of the opening are worth what they would cost; nobody paid it in.
    opening = stakes.since < model.first_year
    assert opening.sum() == (at_home | old).sum()
    paid_in = capital - np.bincount(stakes.project[opening], stakes.capital[opening], len(projects))
    assert near(paid_in[old], projects.cost[old], capital[old])
    assert near(paid_in[at_home], projects.cost[at_home], capital[at_home])
    price = model.figures("industrial_price")[projects.county]
    assert near(paid_in[pooled], (projects.cost + price * projects.land)[pooled], capital[pooled])
    assert near(paid_in.sum(), flowed(model, *PAID_IN, unit="yuan"), paid_in.sum())
    assert near(paid_in.sum(), flowed(model, "construction", "zone land", unit="yuan"), paid_in.sum())
    assert first or (projects.book <= projects.replacement * (1.0 + CLOSE)).all()


def check_firms_and_floor_agree(model):
    firms, projects = model.enterprises, model.projects
    assert len(set(firms.key.tolist())) == len(firms)
    assert set(np.unique(firms.site[firms.site < 0]).tolist()) <= {-2, -3}
    assert firms.site.max(initial=-1) < len(projects)
    here = firms.site >= 0
    let = np.bincount(firms.site[here], weights=firms.floor[here], minlength=len(projects))
    assert near(let, projects.let, let)
    assert (projects.let <= projects.floor * (1.0 + CLOSE)).all()
    assert (firms.floor <= firms.floor_wanted * (1.0 + CLOSE)).all()
    assert (firms.floor[here] > 0.0).all()
    assert (firms.floor[firms.site == -3] == 0.0).all()
    assert np.array_equal(firms.floor[firms.site == -2], firms.floor_wanted[firms.site == -2])
    assert np.array_equal(firms.value_added > 0.0, firms.site != -3)
    assert near(flowed(model, "value added", unit="yuan", year=model.year), firms.value_added.sum(), 1e6)
    assert near(firms.cash, 0.0, 1e6)


def check_wages_reach_the_households_that_work_there(model):
    firms, households, projects, year = model.enterprises, model.households, model.projects, model.year
    paid = [flowed(model, "wages", unit="yuan", year=year, taker=row) for row in range(len(model.counties))]
    assert near(paid, by_county(model, households.county, households.wage), sum(paid))
    everybody = flowed(model, "wages", "wages of migrants", unit="yuan", year=year)
    assert near(everybody, firms.wage_bill.sum() + projects.payroll.sum(), everybody)
    within = flowed(model, "wages", unit="yuan", year=year)
    counties = range(len(model.counties))
    assert near(within, sum(flowed(model, "wages", unit="yuan", year=year, taker=row) for row in counties), within)
    assert (households.forgone <= households.earnings).all()
    assert ((households.wage > 0.0) >= (households.forgone > 0.0)).all()
    assert (households.wage >= households.forgone).all()


def check_payouts_reach_the_households(model):
    villages, households = model.villages, model.households
    rural = households.village >= 0
    received = np.bincount(households.village[rural], households.payout[rural], len(villages))
    assert not households.payout[~rural].any()
    assert near(received, model.parameters["village.payout"] * villages.recurrent_income, received)
    assert near(received.sum(), flowed(model, "payout to members", unit="yuan", year=model.year), received.sum())


def check_income_adds_up(model):
    villages, year = model.villages, model.year
    rest = flowed(model, "interest on deposits", "interest subsidy", unit="yuan", year=year)
    parts = villages.home_income + villages.pool_income + villages.other_income + villages.idle_income
    assert near(villages.recurrent_income.sum(), parts.sum() + rest, parts.sum())
    assert (villages.recurrent_income >= parts * (1.0 - CLOSE)).all()
    for column, reason in (
        (villages.other_income, "other village income"),
        (villages.idle_income, "rent of idle land"),
    ):
        amount = flowed(model, reason, unit="yuan", year=year)
        assert near(column.sum(), amount, amount)
    rent = model.parameters["land.idle_rent"] * model.price_index * villages.idle_land
    assert near(villages.idle_income, rent, rent)


CHECKS = tuple(value for name, value in globals().items() if name.startswith("check_"))


@pytest.fixture(scope="session")
def check_every_year():
    """Runs a model and checks every year of it; returns the model after its last year."""

    def run(**settings):
        model = EconomyModel(**settings)
        while model.year < model.last_year:
            model.step()
            for check in CHECKS:
                check(model)
        assert model.year > model.first_year
        return model

    return run


@pytest.fixture(scope="session")
def checks():
    """The checks by name."""
    return {check.__name__: check for check in CHECKS}
