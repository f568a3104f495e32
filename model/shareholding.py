"""Shares of low-income households (6.0, 持股增收): the list, its yearly review, the stakes and their seven sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.low_income import (
    SOURCES,
    STEPS,
    candidates,
    own_contribution,
    paid_by,
    six_steps,
    stake_by_sources,
    status,
    yearly_review,
)
from agents.share import part_of, shares_of
from agents.table import Array, Table
from model.capital import HouseholdShares
from model.entries import Account
from model.flows import CAPITAL_PAID_IN, GIVEN_SHARES, PUBLIC_SHARES, SOURCES_REPAID, STAKE_SOLD
from model.founding import found
from model.outlook import means
from model.parks import build_park, park_land
from model.partnerships import COUNTY, HOUSEHOLD
from model.scope import HOST

if TYPE_CHECKING:
    from model.economy import EconomyModel


def review_low_income_list(model: EconomyModel) -> None:
    """Households fall below and rise above the line; where 6.0 runs, the list is reviewed and shares are bought.

    Goes by the incomes of the year before, dividends from shares left out. There is one list, which is still reviewed
    when nobody is admitted to it any more.
    """
    _assess(model)
    shares = [(number, one) for number, one in enumerate(model.mechanisms) if isinstance(one.capital, HouseholdShares)]
    begun = [number for number, one in shares if one.begun(model.year)]
    if begun:
        _strike_off(model, begun)
    for number, one in shares:
        if one.open_in(model.year):
            _admit(model)
            _buy_shares(model, number)


def share_capital(model: EconomyModel, rows: Array | None = None) -> Array:
    """What the stakes of 6.0 of some households, all by default, have cost with all sources. yuan, shape (rows,)."""
    some = np.arange(len(model.households)) if rows is None else rows
    return part_of(model.shares, shares_of(model.shares, some))


def _assess(model: EconomyModel) -> None:
    p, households = model.parameters, model.households
    income = households.earnings - households.forgone
    income += households.wage
    income /= p["household.persons"]
    last_year = model.parameters.at(f"{model.case.counties[HOST].slug}.income_per_head", model.year - 1)
    found_low = status(
        income,
        households.low_income,
        entry_line=p["shares.entry_line"] * last_year,
        exit_line=p["shares.exit_line"] * last_year,
    )
    households.write(low_income=found_low & (households.county == HOST))


def _keyed_uniform(model: EconomyModel, what: str, rows: Array) -> Array:
    """Uniform numbers of the year for some households."""
    return model.draws.keyed_uniform(f"low income: {what}", model.year, model.household_keys[rows], mixed=True)


def _strike_off(model: EconomyModel, numbers: list[int]) -> None:
    """The yearly review: who is struck off gives up the stake to the county at cost, and the sources are repaid.

    numbers: those of all mechanisms of household shares, whose stakes these are.
    """
    p, households = model.parameters, model.households
    listed = np.flatnonzero(households.listed)
    if len(listed) == 0:
        return
    stays = yearly_review(
        np.ones(len(listed), dtype=bool),
        households.low_income[listed],
        _keyed_uniform(model, "review", listed),
        keep_wrongly=p["shares.keep_wrongly"],
        drop_wrongly=p["shares.drop_wrongly"],
    )
    leavers = listed[~stays]
    # Where the treasury can't buy all stakes back, the later rows wait for another year.
    given_up = shares_of(model.shares, leavers)
    paid = np.cumsum(part_of(model.shares, given_up)) <= float(model.counties.cash[HOST])
    leavers, given_up = leavers[paid], given_up[paid]
    _repay(model, leavers, given_up)
    stakes, projects = model.partnerships, model.projects
    gone = np.zeros(len(households), dtype=bool)
    gone[leavers] = True
    mine = stakes.held_by(HOUSEHOLD) & np.isin(projects.mechanism, numbers)[stakes.project]
    rows = np.flatnonzero(mine)[gone[stakes.holder[mine]]]
    taker = projects.county[stakes.project[rows]]
    stakes.hand_over(rows, COUNTY, taker, year=model.year, since=model.year, part=1.0)
    households.write(rows=leavers, listed=False)
    model.shares.write(rows=given_up[given_up >= 0], held=False)


def _repay(model: EconomyModel, leavers: Array, rows: Array) -> None:
    """The county pays for the stakes; households keep their own part, or as a variant all of it; sources get theirs.

    rows: of the leavers' shares, -1 for none.
    """
    households, shares, ledger = model.households, model.shares, model.ledger
    purse, treasury = Account(households, "cash", leavers), Account(model.counties, "cash", np.array([HOST]))
    ledger.move(treasury, purse, part_of(shares, rows), STAKE_SOLD)
    if model.parameters["shares.exit_to_household"] > 0.5:
        return
    ledger.move(purse, Account(model.outside, "cash"), part_of(shares, rows, "from_outside"), SOURCES_REPAID)
    ledger.move(purse, treasury, part_of(shares, rows, "from_county"), SOURCES_REPAID)
    in_village = households.village[leavers] >= 0
    rural, given = leavers[in_village], part_of(shares, rows[in_village], "from_village")
    villages = Account(model.villages, "cash", households.village[rural])
    ledger.move(Account(households, "cash", rural), villages, given, SOURCES_REPAID)


def _admit(model: EconomyModel) -> None:
    """Admission in six steps, each of which can turn away an eligible candidate and let another one pass."""
    p, households = model.parameters, model.households
    rows = np.flatnonzero((households.county == HOST) & ~households.listed)
    year = model.year - 1
    line = p["shares.entry_line"] * p.at(f"{model.case.counties[HOST].slug}.income_per_head", year)
    income = (households.earnings - households.forgone + households.wage)[rows] / p["household.persons"]
    eligible = households.low_income[rows]
    apply = candidates(
        eligible,
        income,
        _keyed_uniform(model, "applies", rows),
        entry_line=line,
        near=p["shares.near"],
        knows=p["shares.knows"],
        tries=p["shares.tries"],
    )
    who = rows[apply]
    steps = np.array([_keyed_uniform(model, f"step {number}", who) for number in range(len(STEPS))])
    passed = six_steps(households.low_income[who], steps, miss=p["shares.miss"], slip=p["shares.slip"])
    households.write(rows=who[passed], listed=True)


def _buy_shares(model: EconomyModel, number: int) -> None:
    """Listed households without a stake get one: their own money first, then what six other sources add."""
    p, households = model.parameters, model.households
    listed = np.flatnonzero(households.listed)
    rows = listed[share_capital(model, listed) <= 0.0]
    own = own_contribution(
        households.cash[rows], least=p["shares.min_contribution"], share_of_cash=p["shares.share_of_cash"]
    )
    rows, own = rows[own > 0.0], own[own > 0.0]
    if len(rows) == 0:
        return
    shares = np.array([p[f"shares.from_{name}"] for name, _ in SOURCES])
    asked = stake_by_sources(own, shares, most=p["shares.max_stake"])
    added = _collect(model, rows, asked)
    stake = asked[:, 0] + sum(added.values())
    model.shares.add(len(rows), household=rows, own=asked[:, 0], **added)
    project = _share_project(model, number)
    payers = Account(households, "cash", rows)
    model.ledger.move(payers, Account(model.projects, "cash", project), stake, CAPITAL_PAID_IN)
    since = model.year + _keyed_uniform(model, "day of entry", rows)
    model.partnerships.add_stakes(HOUSEHOLD, rows, project[0], stake, public=added["from_county"], since=since)
    build_park(model, number, project, park_land(model, float(stake.sum()), HOST))


def _collect(model: EconomyModel, rows: Array, asked: Array) -> dict[str, Array]:
    """What villages, the county and all others really add to the households' stakes, by household, yuan.

    Returns columns of ``Share`` by name.
    """
    households, ledger = model.households, model.ledger
    columns = {name: asked[:, number] for number, (name, _) in enumerate(SOURCES)}
    village, purse = households.village[rows], Account(households, "cash", rows)
    others = columns["enterprises"] + columns["paired_units"] + columns["cadres"] + columns["charity"]
    from_villages = paid_by(columns["villages"], village, means(model)[0])
    from_county = paid_by(columns["government"], np.full(len(rows), HOST), np.maximum(model.counties.cash, 0.0))
    given = from_villages > 0.0
    ledger.move(
        Account(model.villages, "cash", village[given]),
        Account(households, "cash", rows[given]),
        from_villages[given],
        GIVEN_SHARES,
    )
    ledger.move(_one(model.counties, HOST), purse, from_county, PUBLIC_SHARES)
    ledger.move(_one(model.outside, 0), purse, others, GIVEN_SHARES)
    return {"from_village": from_villages, "from_county": from_county, "from_outside": others}


def _one(table: Table, row: int) -> Account:
    return Account(table, "cash", np.array([row]))


def _share_project(model: EconomyModel, number: int) -> Array:
    """The zone project in which the households hold shares; it is founded once and grows. Its row, shape (1,)."""
    rows = np.flatnonzero(model.projects.mechanism == number)
    return rows[:1] if len(rows) else found(model, number, int(model.zone_places[HOST]))
