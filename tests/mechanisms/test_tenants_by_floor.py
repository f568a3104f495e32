"""Where nothing tells places apart, sites share tenants by vacant floor, whoever owns it and however it is cut."""

import numpy as np
import pytest
from scipy import stats

from agents.enterprise import take_sites
from model.economy import EconomyModel
from model.markets.floor import add_firms, site_values

FIRMS = 4000
# No difference of quality, distance, company, rent or wages; elsewhere is one more site.
ALIKE = {"place.contrast": 0.0, "floor.warm_up": 0.0, "floor.elsewhere_rent": 6.0, "floor.elsewhere_quality": 0.0}


def market(seed, changes=ALIKE):
    """A county's floor, empty, with many firms that look for some; rows of the sites and of the firms."""
    model = EconomyModel(case="tiny", mechanisms=(), seed=seed, changes={"tiny.firms": 0.0, **changes})
    add_firms(model, np.array([FIRMS, 0, 0, 0]))
    sites = np.flatnonzero(model.projects.county == 0)
    return model, sites, np.flatnonzero(model.enterprises.county == 0)


def let_nearby(model, sites):
    """Floor let in the place of each site, m2."""
    return model.let_by_place()[model.projects.place[sites]]


def liked_best(model, sites, firms):
    """How many firms like each site best, elsewhere last."""
    nowhere = np.full(len(firms), -1)
    value = site_values(model, firms, nowhere, sites, np.zeros(len(sites), dtype=bool), let_nearby(model, sites))
    room = np.full(len(sites) + 1, np.inf)
    taken, _ = take_sites(value, model.enterprises.floor_wanted[firms], room, least_fit=0.5)
    return np.bincount(taken, minlength=len(sites) + 1)


@pytest.mark.parametrize("seed", range(3))
def test_sites_share_tenants_by_floor(seed):
    model, sites, firms = market(seed)
    floor = np.append(model.projects.floor[sites], model.figures("elsewhere_floor")[0])
    found = liked_best(model, sites, firms)
    expected = FIRMS * floor / floor.sum()
    assert len(expected) > 10
    assert expected.min() > 5.0
    assert stats.chisquare(found, expected).pvalue > 0.001
    # The same test sees a rule that goes by the number of sites, or by the root of their floor.
    for other in (np.ones(len(floor)), np.sqrt(floor)):
        wrong = FIRMS * other / other.sum()
        assert stats.chisquare(found, wrong).pvalue < 1e-6


def test_a_difference_between_places_is_seen():
    model, sites, firms = market(0, {**ALIKE, "place.contrast": 1.0, "tiny.zone_quality": 0.3})
    floor = np.append(model.projects.floor[sites], model.figures("elsewhere_floor")[0])
    zone = np.flatnonzero(sites == model.zone_projects[0])[0]
    assert liked_best(model, sites, firms)[zone] / FIRMS > floor[zone] / floor.sum() + 0.03


@pytest.mark.parametrize("cut", [0.5, 0.1])
def test_cutting_a_site_in_two_of_the_same_place_draws_the_same_tenants(cut):
    """With all differences between places: what matters of a site is its place, its rent and its vacant floor."""
    whole, parts = [], []
    for seed in range(6):
        model, sites, firms = market(seed, {"floor.warm_up": 0.0})
        zone = int(model.zone_projects[0])
        at = np.flatnonzero(sites == zone)[0]
        whole.append(liked_best(model, sites, firms)[at])
        floor, traits = float(model.projects.floor[zone]), ("place", "county", "mechanism", "founded", "business")
        copied = {name: int(model.projects.column(name)[zone]) for name in traits}
        rent = float(model.projects.rent[zone])
        other = model.projects.add(1, key=np.uint64(seed + 1), floor=(1.0 - cut) * floor, rent=rent, **copied)
        model.projects.write(rows=zone, floor=cut * floor)
        found = liked_best(model, np.append(sites, other), firms)
        parts.append(found[at] + found[len(sites)])
        assert found[at] / parts[-1] == pytest.approx(cut, abs=0.05)
    share = sum(whole) / (len(whole) * FIRMS)
    error = np.sqrt(2.0 * share * (1.0 - share) / (len(whole) * FIRMS))
    assert 0.1 < share < 0.9
    assert abs(sum(parts) - sum(whole)) / (len(whole) * FIRMS) < 3.5 * error


def test_merging_adds_up_in_the_rule_itself():
    """The weight of a site is its floor times what a m2 is worth: two halves weigh as much as the whole."""
    model, sites, firms = market(1, {"floor.warm_up": 0.0})
    light, few = np.zeros(len(sites), dtype=bool), firms[:50]
    taste = -np.log(-np.log(0.5))

    def weights():
        rows = np.full(len(few), -1)
        value = site_values(model, few, rows, sites, light, let_nearby(model, sites))
        return np.exp(value)

    model.draws.keyed_gumbel = lambda what, year, *keys: np.full(np.broadcast_shapes(*map(np.shape, keys)), taste)
    before = weights()
    zone = int(model.zone_projects[0])
    at = np.flatnonzero(sites == zone)[0]
    model.projects.write(rows=zone, floor=0.5 * model.projects.floor[zone])
    after = weights()
    assert 2.0 * after[:, at] == pytest.approx(before[:, at])
    assert np.delete(after, at, axis=1) == pytest.approx(np.delete(before, at, axis=1))
