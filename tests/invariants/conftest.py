"""What must be true at the end of every year of every run, checked from the tables and the flow table alone."""

import numpy as np
import pytest

from model.economy import EconomyModel

CLOSE = 1e-9  # relative


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


def flowed(model, *reasons, unit, year=None):
    """What moved for some reasons, by the flow table: in one year, or so far."""
    return sum(
        amount
        for when, what, _, _, reason, amount in model.ledger.flow_table()
        if what == unit and reason in reasons and year in (None, when)
    )


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


def check_shares_sum_to_one(model):
    stakes = model.partnerships
    shares = np.bincount(stakes.project, weights=stakes.shares(len(model.projects)), minlength=len(model.projects))
    assert near(shares, 1.0, 1.0)
    assert stakes.capital.min() > 0.0
    assert stakes.quota.min() >= 0.0


def check_members_are_paid_by_what_they_paid_in(model):
    projects, villages = model.projects, model.villages
    capital, paid_in, income = {}, {}, {}
    stakes = (model.partnerships.village.tolist(), model.partnerships.project.tolist(), model.partnerships.capital)
    for village, project, yuan in zip(*stakes, strict=True):
        capital[village, project] = capital.get((village, project), 0.0) + yuan
        paid_in[project] = paid_in.get(project, 0.0) + yuan
    passed_on = (projects.net_rent + projects.top_up - projects.surplus).tolist()
    at_home = (projects.village >= 0).tolist()
    for (village, project), yuan in capital.items():
        where = (village, at_home[project])
        income[where] = income.get(where, 0.0) + passed_on[project] * yuan / paid_in[project]
    rows = range(len(villages))
    assert near(villages.home_income, [income.get((row, True), 0.0) for row in rows], villages.home_income)
    assert near(villages.pool_income, [income.get((row, False), 0.0) for row in rows], villages.pool_income)


def check_quota_is_reclaimed_built_on_sold_or_held(model):
    came = flowed(model, "reclaimed", "plan quota", unit="mu")
    built = flowed(model, "quota built on", unit="mu")
    sold = flowed(model, "plan quota used", "industrial land sold", "urban land sold", unit="mu")
    held = model.villages.quota.sum() + model.counties.quota.sum()
    assert near(came, built + sold + held, came)
    assert near(model.projects.land.sum(), built, came)
    reclaimed = model.villages.opening_idle - model.villages.idle_land
    assert near(reclaimed.sum(), flowed(model, "reclaimed", unit="mu"), came)
    assert reclaimed.min() >= 0.0


def check_capital_of_projects_is_what_was_paid_in(model):
    stakes = model.partnerships
    since_opening = np.arange(len(stakes.project)) > len(model.villages)  # the first stakes are the old sheds and zone
    capital = stakes.capital[since_opening].sum()
    assert near(capital, flowed(model, "capital paid in", unit="yuan"), capital)
    spent = flowed(model, "construction", "zone land", unit="yuan")
    assert near(capital, spent, capital)
    assert (stakes.village[since_opening] >= 0).all()


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


def check_payouts_reach_the_households(model):
    villages, households = model.villages, model.households
    received = np.bincount(households.village, weights=households.payout, minlength=len(villages))
    assert near(received, model.parameters["village.payout"] * villages.recurrent_income, received)
    assert near(received.sum(), flowed(model, "payout to members", unit="yuan", year=model.year), received.sum())


def check_income_adds_up(model):
    villages, year = model.villages, model.year
    rest = flowed(model, "interest on deposits", "interest subsidy", unit="yuan", year=year)
    parts = (villages.home_income + villages.pool_income + villages.other_income).sum() + rest
    assert near(villages.recurrent_income.sum(), parts, parts)
    others = flowed(model, "other village income", unit="yuan", year=year)
    assert near(villages.other_income.sum(), others, others)


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
