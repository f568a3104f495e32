"""The partnership graph shows what the arrays hold, tie by tie."""

from collections import Counter

import numpy as np
import pytest

from model.economy import EconomyModel
from model.graph import partnership_graph
from model.partnerships import HOLDERS, HOUSEHOLD, LANDLORD


@pytest.fixture(
    scope="module", params=[("solo",), ("solo", "enclave"), ("town_joint", "household_shares")], ids="+".join
)
def model(request):
    return EconomyModel(case="tiny", mechanisms=request.param, seed=1).run()


@pytest.fixture(scope="module")
def graph(model):
    return partnership_graph(model)


def ties(graph, tie):
    return [(giver, taker, facts) for giver, taker, facts in graph.edges(data=True) if facts["tie"] == tie]


def test_every_tie_is_counted_once(model, graph):
    stakes, held = model.partnerships, model.partnerships.capital > 0.0
    holders = set(zip(stakes.holder_kind[held], stakes.holder[held], stakes.project[held], strict=True))
    guaranteed = model.guaranteed_projects()
    assert Counter(facts["tie"] for _, _, facts in graph.edges(data=True)) == Counter(
        administers=len(model.towns) + len(model.villages),
        paired=len(model.case.pairs),
        stake=len(holders),
        guarantees=int(guaranteed.sum()),
        rents=int((model.enterprises.site >= 0).sum()),
    )
    assert guaranteed.any() == any(one.guaranteed for one in model.mechanisms)
    assert {taker for _, taker, _ in ties(graph, "guarantees")} == {
        ("Project", row) for row in np.flatnonzero(guaranteed).tolist()
    }
    for giver, (_, project), _ in ties(graph, "guarantees"):
        assert giver == ("County", int(model.projects.county[project]))


def test_paired_counties_are_tied_from_their_year(model, graph):
    assert {(giver[1], taker[1], facts["kind"]) for giver, taker, facts in ties(graph, "paired")} == {
        (0, 1, "mountain_sea"),
        (0, 2, "science_park"),
        (0, 3, "industry_moves"),
    }
    opening = partnership_graph(EconomyModel(case="tiny", mechanisms=("solo",), seed=1))
    assert ties(opening, "paired") == []


def test_firms_that_left_and_households_without_stakes_are_no_nodes(model, graph):
    kinds = Counter(kind for kind, _ in graph.nodes)
    stakes = model.partnerships
    assert kinds == Counter(
        County=4,
        Town=len(model.towns),
        Village=len(model.villages),
        Project=len(model.projects),
        Outside=1,
        Landlord=len(np.unique(model.landlords.county[stakes.holder[stakes.holder_kind == LANDLORD]])),
        Household=len(np.unique(stakes.holder[stakes.held_by(HOUSEHOLD)])),
        Enterprise=int((model.enterprises.site >= 0).sum()),
    )


def test_villages_belong_to_their_towns(model, graph):
    above = {taker: giver for giver, taker, _ in ties(graph, "administers")}
    assert all(above["Village", row] == ("Town", town) for row, town in enumerate(model.villages.town.tolist()))
    assert all(above["Town", row] == ("County", county) for row, county in enumerate(model.towns.county.tolist()))


def test_stakes_carry_their_capital_and_quota(model, graph):
    stakes = model.partnerships
    capital = sum(facts["capital"] for _, _, facts in ties(graph, "stake"))
    quota = sum(facts["quota"] for _, _, facts in ties(graph, "stake"))
    assert (capital, quota) == pytest.approx((stakes.capital.sum(), stakes.quota.sum()))
    for project in range(len(model.projects)):
        held = sum(
            facts["capital"] for _, _, facts in graph.in_edges(("Project", project), data=True) if "quota" in facts
        )
        assert held == pytest.approx(stakes.capital[stakes.project == project].sum())
    for giver, (_, project), facts in ties(graph, "stake"):
        mine = (stakes.holder_kind == HOLDERS.index(giver[0])) & (stakes.holder == giver[1])
        assert facts["capital"] == pytest.approx(stakes.capital[mine & (stakes.project == project)].sum())
    others = {(giver, taker[1]) for giver, taker, _ in ties(graph, "stake") if giver[0] == "Landlord"}
    zones = model.zone_projects
    assert others == {(("Landlord", row), int(zones[row])) for row in np.flatnonzero(zones >= 0).tolist()}


def test_tenants_carry_their_floor(model, graph):
    let = np.zeros(len(model.projects))
    for _, (_, project), facts in ties(graph, "rents"):
        let[project] += facts["floor"]
    assert let == pytest.approx(model.projects.let)
