"""Town parks (2.0): villages of one town build together, and one town's failure is its own."""

import numpy as np
import pytest

from agents.place import TOWN as TOWN_PARK
from model.contracts import ActualRent
from model.economy import EconomyModel
from model.mechanisms.town import TOWN_JOINT
from model.outlook import pool_price
from model.partnerships import VILLAGE

SEEDS = range(3)
ARM = ("solo", "town_joint")
# So large a plot that only some towns can fill it.
LARGE = {"build.min_plot_town": 8.0}


def run(*, seed=1, case="tiny", changes=None, mechanisms=ARM):
    return EconomyModel(case=case, mechanisms=mechanisms, seed=seed, changes=changes).run()


def parks(model):
    """Rows of projects in town parks."""
    return np.flatnonzero(model.places.category[model.projects.place] == TOWN_PARK)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_park_belongs_to_villages_of_its_town(seed):
    model = run(seed=seed)
    stakes, rows = model.partnerships, parks(model)
    assert len(rows) > 0
    assert (model.projects.mechanism[rows] == 1).all()
    assert model.projects.founded[rows].min() >= TOWN_JOINT.since
    assert model.projects.land[rows].min() >= model.parameters["build.min_plot_town"]
    for row in rows.tolist():
        town = model.places.town[model.projects.place[row]]
        mine = stakes.project == row
        assert (stakes.holder_kind[mine] == VILLAGE).all()
        assert (model.villages.town[stakes.holder[mine]] == town).all()
        assert model.projects.county[row] == model.towns.county[town]
        assert stakes.capital[mine].min() >= model.parameters["pool.min_stake"] * (1.0 - 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_park_pays_the_rent_that_comes_and_nobody_tops_it_up(seed):
    model = run(seed=seed)
    assert isinstance(TOWN_JOINT.contract, ActualRent)
    assert np.array_equal(model.projects.due, model.projects.net_rent)
    reasons = {flow.reason for flow, _ in model.ledger.flow_table()}
    assert "pool income" in reasons
    assert not reasons & {"top-up", "surplus of the lessee"}


def test_one_towns_failure_leaves_the_pools_of_other_towns_alone():
    both, failures, towns_founded = 0, 0, set()
    for seed in range(4):
        model = EconomyModel(case="tiny", mechanisms=ARM, seed=seed, changes=LARGE)
        while model.year < model.last_year:
            model.step()
            founded = set(
                model.projects.place[parks(model)][model.projects.founded[parks(model)] == model.year].tolist()
            )
            failed = {place for number, place in model.unfounded if number == 1}
            assert not founded & failed
            towns_founded |= founded
            failures += len(failed)
            both += bool(founded and failed)
            if model.year < model.parameters["pool.support_since"]:
                continue
            # Villages of a town whose park failed have no hopes of it next year; those of other towns keep theirs.
            price, hopeless = pool_price(model), np.isin(model.town_places[model.villages.town], list(failed))
            hopeful = ~hopeless & (model.villages.county == 0)
            assert not price[hopeless].any()
            assert (price[hopeful] == model.parameters["quota.compensation"]).all()
    assert both > 0
    assert failures > 0
    assert len(towns_founded) > 1


def test_villages_whose_park_failed_may_still_build_at_home():
    model = run(changes={"build.min_plot_town": 200.0})
    solo = run(mechanisms=("solo",))
    assert len(parks(model)) == 0
    built = [one.datacollector.model_vars["home_capital"][-1] for one in (solo, model)]
    assert built[1] >= 0.9 * built[0] > 0.0


def test_where_one_town_may_not_join_only_that_town_has_no_park():
    def without_the_first(model):
        return np.asarray(model.villages.town != 0)

    model = run(mechanisms=("solo", TOWN_JOINT.but(who_may_join=without_the_first)))
    towns = set(model.places.town[model.projects.place[parks(model)]].tolist())
    assert 0 not in towns
    assert len(towns) > 1
    assert 0 in {
        town for seed in SEEDS for one in [run(seed=seed)] for town in one.places.town[one.projects.place[parks(one)]]
    }


def test_villages_of_a_town_see_what_its_park_brings():
    model = EconomyModel(case="tiny", mechanisms=ARM, seed=1)
    memory, seen_by_park = model.parameters["choice.memory"], 0
    while model.year < model.last_year:
        before = model.towns.park_rent_seen.copy()
        model.step()
        projects = model.projects
        for town in range(len(model.towns)):
            mine = parks(model)[model.places.town[projects.place[parks(model)]] == town]
            mine = mine[projects.floor[mine] > 0.0]
            sheds = np.flatnonzero(model.villages.town == town)
            if len(mine):
                seen = projects.net_rent[mine].sum() / projects.floor[mine].sum()
                seen_by_park += 1
            elif len(sheds):
                seen = projects.net_rent[sheds].sum() / projects.floor[sheds].sum()
            else:
                continue
            expected = memory * before[town] + (1.0 - memory) * seen
            assert model.towns.park_rent_seen[town] == pytest.approx(expected)
    assert seen_by_park > 0
