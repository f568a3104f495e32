"""The partnership graph shows what the arrays hold, tie by tie."""

from collections import Counter

import numpy as np
import pytest

from model.economy import EconomyModel


@pytest.fixture(scope="module", params=[("solo",), ("solo", "enclave")], ids="+".join)
def model(request):
    return EconomyModel(case="tiny", mechanisms=request.param, seed=1).run()


@pytest.fixture(scope="module")
def graph(model):
    return model.partnerships.graph(model)


def ties(graph, tie):
    return [(giver, taker, facts) for giver, taker, facts in graph.edges(data=True) if facts["tie"] == tie]


def test_every_tie_is_counted_once(model, graph):
    pools = (model.projects.mechanism >= 0) & (model.projects.village < 0)
    assert Counter(facts["tie"] for _, _, facts in graph.edges(data=True)) == Counter(
        administers=len(model.towns) + len(model.villages),
        stake=len(model.partnerships.project),
        guarantees=int(pools.sum()),
        rents=int((model.enterprises.site >= 0).sum()),
    )
    assert pools.any() == ("enclave" in [one.name for one in model.mechanisms])


def test_all_but_firms_that_left_and_households_are_nodes(model, graph):
    kinds = Counter(kind for kind, _ in graph.nodes)
    assert kinds == Counter(
        County=1,
        Town=len(model.towns),
        Village=len(model.villages),
        Project=len(model.projects),
        Outside=1,
        Enterprise=int((model.enterprises.site >= 0).sum()),
    )


def test_villages_belong_to_their_towns(model, graph):
    above = {taker: giver for giver, taker, _ in ties(graph, "administers")}
    assert all(above["Village", row] == ("Town", town) for row, town in enumerate(model.villages.town.tolist()))
    assert all(above["Town", row] == ("County", 0) for row in range(len(model.towns)))


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
    outside = [taker for giver, taker, _ in ties(graph, "stake") if giver == ("Outside", 0)]
    assert outside == [("Project", model.zone_project)]


def test_tenants_carry_their_floor(model, graph):
    let = np.zeros(len(model.projects))
    for _, (_, project), facts in ties(graph, "rents"):
        let[project] += facts["floor"]
    assert let == pytest.approx(model.projects.let)
