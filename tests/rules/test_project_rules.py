"""What a building costs by its size, and what size a capital pays for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.project import M2_PER_MU, size_for, unit_cost


def test_a_mu_is_a_fifteenth_of_a_hectare():
    assert pytest.approx(10_000.0) == M2_PER_MU * 15.0


def test_unit_cost_by_hand():
    cost = unit_cost(np.array([108.0, 108.0 * np.e, 108.0 / np.e**2]), base=2000.0, best_size=108.0, scale_cost=0.01)
    assert cost == pytest.approx([2000.0, 2020.0, 2080.0])


def test_without_a_scale_effect_every_size_costs_the_same():
    cost = unit_cost(np.array([0.0, 0.1, 5.0, 1e4]), base=2000.0, best_size=108.0, scale_cost=0.0)
    assert cost.tolist() == [2000.0] * 4


def test_the_best_size_is_the_cheapest():
    sizes = np.linspace(1.0, 400.0, 4000)
    cost = unit_cost(sizes, base=2000.0, best_size=108.0, scale_cost=0.02)
    assert sizes[cost.argmin()] == pytest.approx(108.0, abs=0.1)
    assert (np.diff(cost[sizes < 108.0]) < 0).all()
    assert (np.diff(cost[sizes > 108.1]) > 0).all()


def test_size_by_hand():
    terms = {"floor_per_mu": 1000.0, "base": 2000.0, "best_size": 108.0}
    # A mu costs 100,000 of land and 1000 m2 at 2000 yuan.
    size = size_for(np.array([0.0, 2.1e6, 2.1e8]), land_price=1e5, scale_cost=0.0, **terms)
    assert size == pytest.approx([0.0, 1.0, 100.0])
    best = size_for(np.array([108.0 * 2.1e6]), land_price=1e5, scale_cost=0.05, **terms)
    assert best == pytest.approx([108.0])


@given(
    st.floats(0.0, 1e10),
    st.floats(0.0, 1e7),
    st.floats(50.0, 7000.0),
    st.floats(100.0, 20_000.0),
    st.floats(1.0, 1000.0),
    st.floats(0.0, 0.2),
)
def test_a_project_costs_its_capital(capital, land_price, floor_per_mu, base, best_size, scale_cost):
    building = {"base": base, "best_size": best_size, "scale_cost": scale_cost}
    size = size_for(np.array([capital]), land_price=land_price, floor_per_mu=floor_per_mu, **building)
    cost = size * (land_price + floor_per_mu * unit_cost(size, **building))
    assert cost[0] <= capital * (1.0 + 1e-12)
    assert cost[0] == pytest.approx(capital, rel=1e-9, abs=1e-3)


def test_size_agrees_with_a_fine_search_in_small_steps():
    terms = {"land_price": 1.36e5, "floor_per_mu": 1067.0}
    building = {"base": 2300.0, "best_size": 108.0, "scale_cost": 0.03}
    sizes = np.linspace(0.001, 60.0, 600_001)
    costs = sizes * (terms["land_price"] + terms["floor_per_mu"] * unit_cost(sizes, **building))
    for capital in (3e5, 5e6, 1e8):
        searched = sizes[np.searchsorted(costs, capital) - 1]
        assert size_for(np.array([capital]), **terms, **building)[0] == pytest.approx(searched, abs=2e-4)


@given(st.floats(0.0, 1e9), st.floats(0.0, 1e9))
def test_more_capital_never_builds_less(one, other):
    low, high = size_for(
        np.array(sorted((one, other))),
        land_price=1e5,
        floor_per_mu=1000.0,
        base=2000.0,
        best_size=108.0,
        scale_cost=0.2,
    )
    assert low <= high
