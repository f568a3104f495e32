"""The same luck in every arm: what policy does not touch stays the same to the last bit."""

import dataclasses
import gc
import hashlib
import json
import os
import pickle
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from agents.enterprise import Enterprise
from agents.household import Household
from model.cases import load_case
from model.economy import EconomyModel
from model.graph import partnership_graph
from model.mechanism import no_village
from model.mechanisms.enclave import ENCLAVE
from model.mechanisms.town import TOWN_JOINT
from model.partnerships import OUTSIDE

ROOT = Path(__file__).resolve().parents[2]
INERT = ENCLAVE.but(who_may_join=no_village, name="inert")
INERT_PARK = TOWN_JOINT.but(who_may_join=no_village, name="inert_park")


def everything(model):
    """All that a run brought: indicators and village panel as bytes, and the flow table."""
    outcomes = {name: np.array(values).tobytes() for name, values in model.datacollector.model_vars.items()}
    panel = {name: values.tobytes() for name, values in model.village_panel().items()}
    return {"outcomes": outcomes, "panel": panel, "flows": model.ledger.flow_table()}


def run(mechanisms=("solo", "enclave"), case="tiny", seed=1, **settings):
    return EconomyModel(case=case, mechanisms=mechanisms, seed=seed, **settings).run()


def differing(one, other):
    """Names of indicators and panel columns that are not the same to the last bit."""
    kinds = ("outcomes", "panel")
    found = [name for kind in kinds for name in one[kind] if one[kind][name] != other[kind][name]]
    return found + (["flows"] if one["flows"] != other["flows"] else [])


@pytest.mark.parametrize("arm", [("own",), ("solo",), ("solo_funded",), ("solo", "enclave")], ids="+".join)
@pytest.mark.parametrize(("case", "seed"), [("tiny", 1), ("tiny", 2)])
def test_a_pool_that_nobody_may_join_changes_nothing(case, seed, arm):
    without, beside = everything(run(arm, case, seed)), everything(run((*arm, INERT, INERT_PARK), case, seed))
    assert differing(without, beside) == []


def test_a_pool_that_villages_may_join_would_be_seen():
    without, beside = everything(run(("solo",))), everything(run(("solo", "enclave")))
    assert {"recurrent_income_mean", "pool_income", "flows"} <= set(differing(without, beside))


def test_what_policy_does_not_touch_is_the_same_with_and_without_pools():
    one, other = run(("own",), "pinghu"), run(("solo", "town_joint", "enclave"), "pinghu")
    assert np.array_equal(one.village_panel()["other_income"], other.village_panel()["other_income"])
    assert np.array_equal(one.households.earnings, other.households.earnings)
    for name in ("key", "cohort", "county", "light", "floor_wanted", "productivity"):
        assert np.array_equal(one.enterprises.column(name), other.enterprises.column(name)), name
    given = ("ordinary revenue", "plan quota", "other village income")
    budgets = [[row for row in model.ledger.flow_table() if row[0].reason in given] for model in (one, other)]
    assert len(budgets[0]) > 3 * 16
    assert budgets[0] == budgets[1]
    assert one.datacollector.model_vars["low_income_households"][0] > 0


def with_one_more_village(case, town):
    """The same case in which one town has one more village."""
    towns = list(case.towns)
    towns[town] = dataclasses.replace(towns[town], households=(*towns[town].households, 48))
    return dataclasses.replace(case, towns=tuple(towns))


def test_one_more_village_in_the_first_town_changes_no_draw_of_the_others():
    case = load_case("tiny")
    small, large = run(case=case), run(case=with_one_more_village(case, 0))
    new = len(case.towns[0].households)
    kept = np.arange(len(large.villages)) != new
    for column in ("opening_idle", "own_income", "other_income", "remoteness"):
        assert np.array_equal(small.villages.column(column), large.villages.column(column)[kept]), column
    homes = large.households.village != new
    assert homes.sum() == len(large.households) - 48
    assert np.array_equal(small.households.deviation, large.households.deviation[homes])
    assert np.array_equal(small.enterprises.key, large.enterprises.key)


@pytest.mark.parametrize("name", ["tiny", "pinghu"])
def test_one_more_village_changes_no_draw_of_the_others(name):
    case = load_case(name)
    small, large = run(case=case), run(case=with_one_more_village(case, -1))
    # The last town lies in the last county; its new village comes after all others, but before households of towns.
    count, members = len(small.villages), int(small.villages.households.sum())
    assert len(large.villages) == count + 1
    homes = np.concatenate([np.arange(members), np.arange(members + 48, len(large.households))])
    for column in ("opening_idle", "own_income", "households", "other_income"):
        assert np.array_equal(small.villages.column(column), large.villages.column(column)[:count]), column
    assert np.array_equal(small.projects.key[:count], large.projects.key[:count])
    assert np.array_equal(small.projects.key[small.zone_projects], large.projects.key[large.zone_projects])
    kept = np.arange(len(large.places)) != count
    for column in ("quality", "key", "access", "county", "category"):
        assert np.array_equal(small.places.column(column), large.places.column(column)[kept]), column
    assert np.array_equal(small.village_keys, large.village_keys[:count])
    assert np.array_equal(small.households.earnings, large.households.earnings[homes])
    assert np.array_equal(small.households.deviation, large.households.deviation[homes])
    for column in ("key", "cohort", "floor_wanted", "productivity"):
        assert np.array_equal(small.enterprises.column(column), large.enterprises.column(column)), column
    yearly = [one.village_panel()["other_income"].reshape(-1, len(one.villages))[:, :count] for one in (small, large)]
    assert np.array_equal(*yearly)


def test_an_empty_project_beside_changes_no_choice():
    plain, beside = (EconomyModel(case="tiny", mechanisms=("solo",), seed=1) for _ in range(2))
    traits = {"key": 7, "mechanism": -1, "place": 0, "village": -1, "county": 0, "founded": 2005, "business": 0}
    row = beside.projects.add(1, **traits, rent=1.0)
    beside.partnerships.add_stakes(OUTSIDE, np.array([0]), row, 1.0, since=2005)
    plain.run()
    beside.run()
    assert np.array_equal(plain.enterprises.site, beside.enterprises.site)
    assert np.array_equal(plain.enterprises.floor, beside.enterprises.floor)
    assert (
        differing(
            {"panel": everything(plain)["panel"], "outcomes": {}, "flows": []},
            {"panel": everything(beside)["panel"], "outcomes": {}, "flows": []},
        )
        == []
    )


def test_the_same_seed_twice_gives_the_same_bits_and_another_seed_does_not():
    once, again, other = everything(run()), everything(run()), everything(run(seed=2))
    assert differing(once, again) == []
    assert len(differing(once, other)) > 20


DIGEST = """
import hashlib, json, sys
import numpy as np
from model.economy import EconomyModel
model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=1).run()
parts = [np.array(values).tobytes() for values in model.datacollector.model_vars.values()]
parts += [values.tobytes() for values in model.village_panel().values()]
parts += [json.dumps(model.ledger.flow_table()).encode()]
print(json.dumps([hashlib.sha256(part).hexdigest() for part in parts]))
"""


def test_another_process_gives_the_same_bits():
    mine = everything(run())
    parts = [*mine["outcomes"].values(), *mine["panel"].values(), json.dumps(mine["flows"]).encode()]
    expected = [hashlib.sha256(part).hexdigest() for part in parts]
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert json.loads(done.stdout.splitlines()[-1]) == expected


def test_registering_households_changes_no_result():
    plain, registered = run(), run(register_households=True)
    assert len(registered.agents_by_type[Household]) == len(registered.households) == 1268
    assert differing(everything(plain), everything(registered)) == []


def test_the_order_of_looking_changes_no_result():
    """Reading tables, graph and panel between years draws no number."""
    model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=1)
    while model.year < model.last_year:
        partnership_graph(model)
        model.village_panel()
        assert all(household.cash >= 0.0 for household in model.households)
        model.agents.shuffle_do("__repr__")
        model.step()
    assert differing(everything(run()), everything(model)) == []


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    short, long = run(last_year=2015), run(last_year=2025)
    years = len(short.datacollector.model_vars["trust"])
    for name, values in short.datacollector.model_vars.items():
        assert np.array_equal(values, long.datacollector.model_vars[name][:years], equal_nan=True), name


def test_models_made_and_dropped_leave_nothing():
    gone = []
    for seed in range(20):
        model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=seed, last_year=2007).run()
        gone += [weakref.ref(one) for one in (model, model.villages, model.villages[0], model.ledger)]
        del model
    gc.collect()
    assert [one() for one in gone if one() is not None] == []


def test_no_agent_of_a_dropped_model_is_left():
    def living():
        gc.collect()
        return sum(isinstance(one, Enterprise) for one in gc.get_objects())

    before = living()
    model = run()
    assert living() == before  # nobody asked for agents yet
    assert len(model.agents_by_type[Enterprise]) == len(model.enterprises) == living() - before
    del model
    assert living() == before


def test_parameters_and_case_survive_pickling():
    case = pickle.loads(pickle.dumps(load_case("tiny")))
    assert differing(everything(run()), everything(run(case=case))) == []
