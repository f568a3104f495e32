"""Stakes that change hands: households that leave get their money back, and rotating members hand theirs on."""

import numpy as np
import pytest

from agents.share import SOURCE_COLUMNS, part_of, shares_of
from model.economy import EconomyModel
from model.flows import DIVIDENDS, SOURCES_REPAID, STAKE_SOLD
from model.mechanisms.enclave import ENCLAVE_ROTATING
from model.partnerships import COUNTY, HOUSEHOLD, VILLAGE
from model.shareholding import share_capital

SHARES_SINCE = 2018
MANY_LEAVE = {"shares.drop_wrongly": 0.2, "shares.knows": 1.0}


def money(model, reason, table, side):
    """Yuan of this year for a reason by row of a table, on the side that gave or took."""
    found = np.zeros(len(table))
    for entry in model.ledger.entries:
        account = getattr(entry, side)
        if entry.reason is reason and account.table is table and entry.unit == "yuan":
            amounts = entry.given if side == "giver" else entry.received
            rows = np.arange(len(table)) if account.rows is None else account.rows
            np.add.at(found, np.broadcast_to(rows, amounts.shape), amounts)
    return found


def by_source(model, source):
    """What a source put into the shares that households hold, yuan, shape (households,)."""
    return part_of(model.shares, shares_of(model.shares, np.arange(len(model.households))), source)


def years(model):
    """Step to the last year, with the model and a copy of the households' columns from before each step."""
    while model.year < model.last_year:
        before = {name: model.households.column(name).copy() for name in model.households.columns}
        before |= {source: by_source(model, source) for source in SOURCE_COLUMNS}
        model.step()
        yield before


@pytest.mark.parametrize("to_household", [0.0, 1.0], ids=["sources in proportion", "household takes all"])
@pytest.mark.parametrize("seed", range(2))
def test_a_household_that_leaves_gets_its_money_back(seed, to_household):
    changes = {**MANY_LEAVE, "shares.exit_to_household": to_household, "tiny.programme_share": 0.1}
    model = EconomyModel(case="tiny", mechanisms=("solo", "household_shares"), seed=seed, changes=changes)
    seen = 0
    for before in years(model):
        stake = sum(before[source] for source in SOURCE_COLUMNS)
        sold = money(model, STAKE_SOLD, model.households, "taker")
        leavers = np.flatnonzero(sold)
        seen += len(leavers)
        # The county buys at cost, and takes the stake over.
        assert sold[leavers] == pytest.approx(stake[leavers])
        given = [one for one in model.partnerships.handovers if one.year == model.year]
        assert sum(one.capital.sum() for one in given) == pytest.approx(sold.sum())
        assert all((one.giver_kind == HOUSEHOLD).all() and (one.taker_kind == COUNTY).all() for one in given)
        repaid = money(model, SOURCES_REPAID, model.households, "giver")
        kept = stake if to_household else before["own"]
        assert (sold - repaid)[leavers] == pytest.approx(kept[leavers])
        to_villages = money(model, SOURCES_REPAID, model.villages, "taker").sum()
        theirs = before["from_village"][leavers].sum() * (1.0 - to_household)
        assert to_villages == pytest.approx(theirs)
        assert not share_capital(model)[~model.households.listed].any()
    assert seen > 5


def test_who_stays_keeps_stake_and_dividend_while_others_leave():
    model = EconomyModel(case="tiny", mechanisms=("solo", "household_shares"), seed=1, changes=MANY_LEAVE)
    for before in years(model):
        stake = share_capital(model)
        stays = before["listed"] & model.households.listed & (money(model, STAKE_SOLD, model.households, "taker") == 0)
        had = sum(before[source] for source in SOURCE_COLUMNS)
        kept = stays & (had > 0.0)
        assert np.array_equal(stake[kept], had[kept])
        if kept.any():
            rate = model.parameters["shares.coupon_rate"]
            assert model.households.dividends[kept] == pytest.approx(rate * stake[kept])


def test_shares_accrue_from_the_day_of_entry():
    model = EconomyModel(case="tiny", mechanisms=("solo", "household_shares"), seed=2)
    rate, entrants = model.parameters["shares.coupon_rate"], 0
    for _ in years(model):
        stakes, year = model.partnerships, model.year
        mine = np.flatnonzero((stakes.holder_kind == HOUSEHOLD) & (stakes.capital > 0.0))
        passed = np.minimum(year + 1.0 - stakes.since[mine], 1.0)
        due = np.bincount(stakes.holder[mine], rate * passed * stakes.capital[mine], len(model.households))
        assert model.projects.unpaid.sum() == 0.0
        assert model.households.dividends == pytest.approx(due)
        assert money(model, DIVIDENDS, model.households, "taker") == pytest.approx(due)
        fresh = mine[stakes.since[mine] >= year]
        entrants += len(fresh)
        assert year >= SHARES_SINCE or len(mine) == 0
        if len(fresh) > 5:
            # Days of entry are spread over the year, and a part of a year earns a part of the coupon.
            assert 0.2 < (year + 1.0 - stakes.since[fresh]).mean() < 0.8
            first = model.households.dividends[stakes.holder[fresh]]
            assert (first < rate * stakes.capital[fresh]).all()
    assert entrants > 10


# Without support only villages with money of their own come in at first, so that weak ones are left to follow.
UNSUPPORTED = ENCLAVE_ROTATING.but(compensation="", grant="")
ROTATION = {
    "pool.rotation_line": 1.6e6,
    "pool.min_stake": 1e6,
    "build.min_plot_zone": 1.0,
    "tiny.programme_share": 0.05,
    "treasury.guarantee_limit": 1000.0,
}


def review_years(model):
    every = int(model.parameters["pool.rotation_years"])
    return range(ENCLAVE_ROTATING.since + every, model.last_year + 1, every)


def held(model):
    """Capital in rotating pools by kind and row of the holder."""
    stakes = model.partnerships
    mine = (model.projects.mechanism == 1)[stakes.project] & (stakes.capital > 0.0)
    found = {}
    columns = (stakes.holder_kind[mine], stakes.holder[mine], stakes.capital[mine])
    for kind, holder, yuan in zip(*(column.tolist() for column in columns), strict=True):
        found[kind, holder] = found.get((kind, holder), 0.0) + yuan
    return found


@pytest.mark.parametrize("seed", [2, 3])
def test_rotating_members_above_the_line_sell_out_to_those_below(seed):
    model = EconomyModel(case="tiny", mechanisms=("solo", UNSUPPORTED), seed=seed, changes=ROTATION)
    sold_out, bought_in = 0, 0
    while model.year < model.last_year:
        income = model.villages.recurrent_income.copy()
        model.step()
        today = [one for one in model.partnerships.handovers if one.year == model.year]
        if model.year not in review_years(model):
            assert today == []
            continue
        line = model.parameters["pool.rotation_line"]
        after = held(model)
        # While the county can pay them all, nobody above the line is left, and who came in lies below it.
        assert all(kind != VILLAGE or income[row] <= line for kind, row in after)
        for one in today:
            assert one.capital.min(initial=1.0) >= 0.0
            from_, to = one.giver_kind.tolist(), one.taker_kind.tolist()
            assert set(zip(from_, to, strict=True)) <= {(VILLAGE, COUNTY), (COUNTY, VILLAGE)}
            moved = one.capital > 0.0
            assert (income[one.giver[moved & (one.giver_kind == VILLAGE)]] > line).all()
            assert (income[one.taker[moved & (one.taker_kind == VILLAGE)]] < line).all()
        sales = sum(one.capital[one.giver_kind == VILLAGE].sum() for one in today)
        purchases = sum(one.capital[one.giver_kind == COUNTY].sum() for one in today)
        assert money(model, STAKE_SOLD, model.villages, "taker").sum() == pytest.approx(sales)
        assert money(model, STAKE_SOLD, model.villages, "giver").sum() == pytest.approx(purchases)
        sold_out, bought_in = sold_out + sales, bought_in + purchases
        # What was sold is with entrants, or still with the county: nothing of the capital is lost.
        left = sum(yuan for (kind, _), yuan in after.items() if kind == COUNTY)
        assert left == pytest.approx(sold_out - bought_in, abs=1.0)
        rows = model.projects.mechanism == 1
        spent = (model.projects.cost + model.figures("industrial_price")[0] * model.projects.land)[rows].sum()
        assert sum(after.values()) == pytest.approx(spent)
    assert sold_out >= bought_in > 0.0


@pytest.mark.parametrize("seed", [2, 3])
def test_a_county_without_money_leaves_members_what_it_cannot_buy(seed):
    poor = {**ROTATION, "tiny.programme_share": 0.004, "treasury.reserve": 0.0}
    model = EconomyModel(case="tiny", mechanisms=("solo", UNSUPPORTED), seed=seed, changes=poor).run()
    bought = sum(one.capital[one.giver_kind == VILLAGE].sum() for one in model.partnerships.handovers)
    rich = EconomyModel(case="tiny", mechanisms=("solo", UNSUPPORTED), seed=seed, changes=ROTATION).run()
    assert bought < sum(one.capital[one.giver_kind == VILLAGE].sum() for one in rich.partnerships.handovers)
    assert model.counties.cash.min() >= 0.0
