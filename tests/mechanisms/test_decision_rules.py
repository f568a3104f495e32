"""Other rules by which villages decide: imitation, and enrolment of the weak by their county."""

import numpy as np
import pytest

from model.decisions import decision, yields_seen
from model.economy import EconomyModel
from model.mechanism import no_village
from model.mechanisms.enclave import ENCLAVE
from model.outlook import reported_income
from model.partnerships import VILLAGE
from model.year import YEAR

PROSPECTS, IMITATION, ENROLMENT, PILOT = 0.0, 1.0, 2.0, 3.0
ARM = ("solo", "town_joint", "enclave")


def built(rule, *, mechanisms=ARM, seed=2, **changes):
    return EconomyModel(case="tiny", mechanisms=mechanisms, seed=seed, changes={"choice.rule": rule, **changes})


def choose(model, year):
    """Run to the choice of a year; it is made, and nothing after it."""
    while model.year < year - 1:
        model.step()
    model.year += 1
    model.ledger.open_year(model.year)
    for phase in YEAR:
        phase(model)
        if phase.__name__ == "choose_investment":
            return model
    raise AssertionError("no choice in the year")


def pooled(model):
    """Capital of villages in pools, yuan."""
    stakes, projects = model.partnerships, model.projects
    pools = (projects.village < 0) & (projects.mechanism >= 0)
    return float(stakes.capital[stakes.held_by(VILLAGE) & pools[stakes.project]].sum())


def outcomes(model):
    """All indicators and the flows, to the bit."""
    told = {name: np.array(values).tobytes() for name, values in model.datacollector.model_vars.items()}
    return told, model.ledger.flow_table()


@pytest.mark.parametrize("ties", [0.0, 1.0])
@pytest.mark.parametrize("rule", [IMITATION, ENROLMENT, PILOT])
def test_the_books_close_in_every_year(rule, ties):
    model = built(rule, **{"choice.ties": ties})
    while model.year < model.last_year:
        model.step()
        assert max(model.ledger.imbalance().values()) <= 1e-9
        assert model.villages.cash.min() >= 0.0
        projects = model.projects
        paid = projects.net_rent + projects.top_up - projects.surplus + projects.unpaid
        assert projects.due == pytest.approx(paid, rel=1e-9, abs=1e-6)
    told = model.datacollector.model_vars["recurrent_income_mean"]
    assert told != built(PROSPECTS).run().datacollector.model_vars["recurrent_income_mean"]


@pytest.mark.parametrize("rule", [IMITATION, ENROLMENT, PILOT])
def test_a_pool_that_nobody_may_join_changes_nothing(rule):
    inert = ENCLAVE.but(who_may_join=no_village, name="inert", since=2015)
    assert outcomes(built(rule).run()) == outcomes(built(rule, mechanisms=(*ARM, inert)).run())


def test_with_nobody_to_imitate_and_no_innovators_nothing_happens():
    changes = {"build.min_plot_zone": 1.0}
    alone = built(IMITATION, mechanisms=("enclave",), **changes, **{"choice.experiment": 0.0})
    while alone.year < alone.last_year:
        alone.step()
        assert (alone.chosen == -1).all()
    assert pooled(alone) == 0.0
    tried = built(IMITATION, mechanisms=("enclave",), **changes, **{"choice.experiment": 1.0}).run()
    assert pooled(tried) > 0.0


def test_a_pilot_takes_the_weak_into_the_first_pool_alone():
    """Without innovators nobody starts a pool by imitation; with a pilot the first one is there, of the weak."""
    quiet = {"choice.experiment": 0.0}
    assert pooled(built(IMITATION, mechanisms=("solo", "enclave"), **quiet).run()) == 0.0
    model = choose(built(PILOT, mechanisms=("solo", "enclave"), **quiet), 2013)
    weak = reported_income(model) < model.parameters.at("pool.weak_line", 2013)
    pool = next(row for row, one in enumerate(model.plans) if one.mechanism.name == "enclave")
    assert (model.chosen[weak & model.plans[pool].open_] == pool).all()
    assert weak[model.chosen == pool].all()
    later = built(PILOT, mechanisms=("solo", "enclave"), **quiet).run()
    assert pooled(later) > 0.0


def test_who_imitates_finds_sheds_to_imitate_without_innovators():
    model = built(IMITATION, mechanisms=("solo",), **{"choice.experiment": 0.0}).run()
    assert model.datacollector.model_vars["home_capital"][-1] > 0.0


def test_what_capital_brought_is_what_villages_got_last_year():
    """Rents and dividends of the year before over the capital that was at work, from the tables alone."""
    model = choose(built(PROSPECTS), 2017)
    stakes, projects, villages = model.partnerships, model.projects, model.villages
    capital = np.zeros(len(villages))
    for kind, holder, project, yuan, since in zip(
        stakes.holder_kind, stakes.holder, stakes.project, stakes.capital, stakes.since, strict=True
    ):
        if kind == VILLAGE and since < model.year - 1 and projects.mechanism[project] in (-1, *range(len(ARM))):
            capital[holder] += yuan
    _, own = yields_seen(model)
    assert pooled(model) > 0.0
    assert own == pytest.approx((villages.home_income + villages.pool_income) / capital)


@pytest.mark.parametrize("ties", [0.0, 1.0])
def test_yields_seen_agree_with_a_plain_loop(ties):
    model = choose(built(PROSPECTS, **{"choice.ties": ties}), 2017)
    stakes, projects, last = model.partnerships, model.projects, model.year - 1
    who, whom = model.neighbours.pairs()
    town, paid = model.villages.town, projects.net_rent + projects.top_up - projects.surplus
    rows = np.flatnonzero(stakes.held_by(VILLAGE) & (stakes.since < last)).tolist()
    whole = np.bincount(stakes.project[stakes.since < last], stakes.capital[stakes.since < last], len(projects))
    seen, _ = yields_seen(model)
    for village in range(len(model.villages)):
        circle = {village, *(whom[who == village].tolist() if ties else np.flatnonzero(town == town[village]).tolist())}
        for way, offer in enumerate(model.plans):
            got = put_in = 0.0
            for row in rows:
                project = stakes.project[row]
                at_home = projects.village[project] >= 0
                mine = at_home if offer.mechanism.where == "home" else projects.mechanism[project] == offer.number
                if mine and stakes.holder[row] in circle:
                    got += paid[project] * stakes.capital[row] / whole[project]
                    put_in += stakes.capital[row]
            assert seen[way, village] == pytest.approx(got / put_in if put_in else -np.inf)


def test_sheds_of_the_opening_are_seen_in_the_first_year_and_new_ones_a_year_late():
    first = choose(built(IMITATION, mechanisms=("solo",)), 2006)
    (seen,), own = yields_seen(first)
    assert own == pytest.approx(first.villages.home_income / first.partnerships.capital[: len(own)])
    assert np.isfinite(seen).all()


def test_a_village_without_capital_compares_with_a_deposit():
    model = choose(built(IMITATION), 2010)
    model.partnerships.capital = np.zeros_like(model.partnerships.capital)
    seen, own = yields_seen(model)
    assert (own == model.parameters["prices.deposit_rate"]).all()
    assert (seen == -np.inf).all()


def test_who_imitates_takes_the_best_way_that_it_sees_and_only_if_it_beats_its_own():
    """With a span so narrow that every difference suffices, after some have tried a small pool."""
    changes = {"build.min_plot_zone": 1.0, "choice.experiment": 0.2, "choice.imitation_span": 0.0001}
    model = built(IMITATION, **changes)
    while model.year < 2016:
        model.step()
    assert pooled(model) > 0.0
    model.parameters = model.parameters.but({"choice.experiment": 0.0})
    choose(model, 2017)
    assert model.unfounded == frozenset()
    open_ = np.array([one.open_ for one in model.plans])
    seen, own = yields_seen(model)
    seen = np.where(open_, seen, -np.inf)
    took, best = model.chosen >= 0, seen.max(axis=0)
    assert took.any()
    assert not took.all()
    assert (seen[model.chosen[took], np.flatnonzero(took)] == best[took]).all()
    assert (best[took] > own[took]).all()
    assert (best[~took] < own[~took] + 0.0001).all()


@pytest.mark.parametrize("seed", [2, 3])
def test_the_county_enrols_the_weak_and_nobody_else(seed):
    model = choose(built(ENROLMENT, seed=seed), 2013)
    pool = [one.mechanism.name for one in model.plans].index("enclave")
    open_ = np.array([one.open_ for one in model.plans])
    weak = (reported_income(model) < model.parameters.at("pool.weak_line", 2013)) & open_[pool]
    assert weak.any()
    assert not weak.all()
    assert model.unfounded == frozenset()
    assert (model.chosen[weak] == pool).all()
    model.parameters = model.parameters.but({"choice.rule": PROSPECTS})
    free = decision(model)(open_)
    assert np.array_equal(model.chosen[~weak], free[~weak])
    assert not np.array_equal(model.chosen[weak], free[weak])


def test_who_was_enrolled_in_a_pool_that_fails_decides_by_prospects():
    large = {"build.min_plot_zone": 200.0}
    one, other = (choose(built(rule, **large), 2013) for rule in (ENROLMENT, PROSPECTS))
    pool = [plan.mechanism.name for plan in one.plans].index("enclave")
    assert (one.plans[pool].number, int(one.zone_places[0])) in one.unfounded
    assert np.array_equal(one.chosen, other.chosen)
