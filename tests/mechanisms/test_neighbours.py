"""Whom a village hears from: its town as before, or a small world that is the same in every arm and process."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from agents.table import total_by
from model.economy import EconomyModel
from model.graph import partnership_graph
from model.learning import heard, known_ratio, net_rent_per_floor, rent_of_sheds
from model.neighbours import OfNetwork, OfTown, small_world

ROOT = Path(__file__).resolve().parents[2]
NETWORK = {"choice.ties": 1.0}


def pairs(seed=1, mechanisms=("solo",), case="tiny", **changes):
    """The ties of a small world as a set of pairs of villages."""
    model = EconomyModel(case=case, mechanisms=mechanisms, seed=seed, changes={**NETWORK, **changes})
    return set(zip(*(rows.tolist() for rows in model.neighbours.pairs()), strict=True))


def test_without_a_network_the_sums_are_those_of_the_town_to_the_bit():
    rng = np.random.default_rng(3)
    town, holder, values = rng.integers(0, 4, 20), rng.integers(0, 20, 300), rng.random(300) ** 9
    found = OfTown(town, 4).total(holder, values)
    assert np.array_equal(found, total_by(town[holder], values, 4)[town])
    assert found == pytest.approx([values[town[holder] == one].sum() for one in town])


def test_without_a_network_a_village_goes_by_the_mean_of_its_town_to_the_bit():
    model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=2).run()
    own = net_rent_per_floor(model)[: len(model.villages)]
    weight, town = model.parameters["choice.own_weight"], rent_of_sheds(model)[model.villages.town]
    assert isinstance(model.neighbours, OfTown)
    assert np.array_equal(heard(model, own), weight * own + (1.0 - weight) * town)


def test_a_village_hears_of_itself_and_of_those_it_is_tied_to_and_of_nobody_else():
    network = OfNetwork(np.array([0, 1, 3]), np.array([1, 2, 0]), 5)
    holder, values = np.array([0, 1, 1, 2, 3, 4]), np.array([1.0, 10.0, 20.0, 100.0, 1000.0, 10_000.0])
    assert network.total(holder, values).tolist() == [1031.0, 131.0, 130.0, 1001.0, 10_000.0]
    tied = set(zip(*(rows.tolist() for rows in network.pairs()), strict=True))
    assert tied == {(0, 1), (1, 0), (1, 2), (2, 1), (0, 3), (3, 0)}


def test_every_county_is_a_small_world_of_its_own():
    found = pairs()
    county = EconomyModel(case="tiny", mechanisms=("solo",), seed=1).villages.county
    assert found == {(other, one) for one, other in found}
    assert all(one != other and county[one] == county[other] for one, other in found)
    # 12 and 10 villages with 8 ties each before rewiring, which keeps their number; every tie is told both ways.
    assert Counter(county[one] for one, _ in found) == {0: 12 * 8, 1: 10 * 8}


def test_without_rewiring_a_village_hears_from_the_nearest_on_the_ring():
    found = pairs(**{"choice.ties_rewired": 0.0, "choice.ties_degree": 4.0})
    assert {other for one, other in found if one == 0} == {1, 2, 10, 11}
    assert pairs(**{"choice.ties_rewired": 0.0, "choice.ties_degree": 5.0}) == found
    assert pairs(**{"choice.ties_degree": 4.0}) != found


@pytest.mark.parametrize("count", [0, 1, 2, 3, 9])
def test_in_a_small_county_all_hear_from_all(count):
    graph = small_world(count, degree=8, rewired=0.2, seed=1)
    assert graph.number_of_edges() == count * (count - 1) // 2


def test_ties_are_those_of_watts_and_strogatz():
    graph = small_world(72, degree=8, rewired=0.2, seed=1)
    ring = nx.watts_strogatz_graph(72, 8, 0.0, seed=1)
    rewired = sum(not ring.has_edge(*edge) for edge in graph.edges) / graph.number_of_edges()
    assert rewired == pytest.approx(0.2, abs=0.07)
    assert nx.average_shortest_path_length(graph) < 0.7 * nx.average_shortest_path_length(ring)
    assert nx.average_clustering(graph) > 3 * 8 / 71


def test_ties_are_the_same_in_every_arm_and_change_with_the_seed():
    assert pairs() == pairs(mechanisms=("solo", "enclave")) == pairs(mechanisms=())
    assert pairs(seed=1) != pairs(seed=2)


def test_ties_are_the_same_in_every_process():
    here = hashlib.sha256(repr(sorted(pairs())).encode()).hexdigest()
    program = (
        "import hashlib\nfrom model.economy import EconomyModel\n"
        "model = EconomyModel(case='tiny', mechanisms=('solo',), seed=1, changes={'choice.ties': 1.0})\n"
        "found = sorted(set(zip(*(rows.tolist() for rows in model.neighbours.pairs()), strict=True)))\n"
        "print(hashlib.sha256(repr(found).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert done.stdout.split()[-1] == here


@pytest.fixture(scope="module")
def networked():
    return EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=2, changes=NETWORK).run()


def test_rents_are_heard_along_the_ties(networked):
    model, count = networked, len(networked.villages)
    own, floor = net_rent_per_floor(model)[:count], model.projects.floor[:count]
    who, whom = model.neighbours.pairs()
    circles = [[row, *whom[who == row].tolist()] for row in range(count)]
    means = np.array([np.average(own[circle], weights=floor[circle]) for circle in circles])
    weight = model.parameters["choice.own_weight"]
    assert heard(model, own) == pytest.approx(weight * own + (1.0 - weight) * means)
    assert not np.allclose(means, rent_of_sheds(model)[model.villages.town])


def test_what_pools_paid_is_heard_along_the_ties_and_from_fellow_members(networked):
    who, whom = networked.neighbours.pairs()
    # One stake of village 0 in project 5: those tied to it hear once, it itself twice, as a neighbour and as a member.
    ratio = known_ratio(networked, np.array([0]), np.array([5]), np.array([3.0]), np.array([4.0]))
    listens = np.unique([0, *who[whom == 0].tolist()])
    assert np.flatnonzero(~np.isnan(ratio)).tolist() == listens.tolist()
    assert ratio[listens] == pytest.approx(0.75)


def test_the_park_of_a_town_is_still_judged_by_its_own_sheds():
    town, network = (
        EconomyModel(case="tiny", mechanisms=("solo",), seed=2, changes={"choice.ties": ties}) for ties in (0.0, 1.0)
    )
    assert np.array_equal(town.towns.park_rent_seen, network.towns.park_rent_seen)
    assert not np.array_equal(town.villages.home_rent_seen, network.villages.home_rent_seen)


def test_the_graph_shows_who_hears_from_whom_only_where_there_is_a_network(networked):
    who, whom = (rows.tolist() for rows in networked.neighbours.pairs())
    edges = [
        (one[1], other[1])
        for one, other, facts in partnership_graph(networked).edges(data=True)
        if facts["tie"] == "hears"
    ]
    assert sorted(edges) == sorted(zip(who, whom, strict=True))
    plain = partnership_graph(EconomyModel(case="tiny", mechanisms=("solo",), seed=2))
    assert "hears" not in {facts["tie"] for _, _, facts in plain.edges(data=True)}
