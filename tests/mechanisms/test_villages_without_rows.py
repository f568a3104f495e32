"""Villages whose households have no rows: the books balance, what they pay out leaves, all others are as they were."""

import dataclasses

import numpy as np
import pytest

from experiments.app.frame import take_frame
from experiments.scenario import find_scenario
from model.cases import load_case
from model.economy import EconomyModel
from model.flows import PAYOUT
from model.scope import HOST

POOLING = find_scenario("pooling").mechanisms


def without(case, *, every):
    """The case, in which every so many-th village has no rows of households."""
    towns, village = [], 0
    for town in case.towns:
        kept = tuple(0 if (village + number) % every == 0 else count for number, count in enumerate(town.households))
        village += len(kept)
        towns.append(dataclasses.replace(town, households=kept))
    return dataclasses.replace(case, towns=tuple(towns))


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_all_versions_run_and_the_books_balance(every):
    model = EconomyModel(case=without(load_case("tiny"), every=every), mechanisms=POOLING, seed=1).run()
    assert max(model.ledger.imbalance().values()) < 1e-9
    crowdfunded = model.projects.village[model.projects.business > 0]
    assert (model.villages.households[crowdfunded[crowdfunded >= 0]] > 0).all()
    frame = take_frame(model)
    assert (frame.households.payout > 0.0).tolist() == (model.villages.households > 0).tolist()


def test_each_household_gets_its_part_and_the_rest_leaves():
    model = EconomyModel(case=without(load_case("tiny"), every=3), mechanisms=("solo",), seed=1, last_year=2006).run()
    villages, households = model.villages, model.households
    paid_out = model.parameters["village.payout"] * villages.recurrent_income
    rural = np.flatnonzero(households.village >= 0)
    village = households.village[rural]
    assert households.payout[rural] == pytest.approx((paid_out / np.maximum(villages.households, 1))[village])
    taken = {}
    for flow, amount in model.ledger.flow_table():
        if flow.reason == PAYOUT.name:
            taken[flow.taker] = taken.get(flow.taker, 0.0) + amount
    none = villages.households == 0
    assert none.any()
    assert taken == {
        "Household": pytest.approx(paid_out[~none].sum()),
        "Outside": pytest.approx(paid_out[none].sum()),
    }


def test_measures_of_no_households_are_no_numbers():
    tiny = load_case("tiny")
    host = tiny.counties[HOST].name
    towns = tuple(
        dataclasses.replace(town, households=tuple(0 for _ in town.households)) if town.county == host else town
        for town in tiny.towns
    )
    model = EconomyModel(
        case=dataclasses.replace(tiny, towns=towns), mechanisms=("solo",), seed=1, last_year=2006
    ).run()
    told = model.datacollector.model_vars
    for name in ("household_income", "household_gini", "household_palma", "poverty_gap", "low_income_households"):
        assert np.isnan(told[name]).all(), name
