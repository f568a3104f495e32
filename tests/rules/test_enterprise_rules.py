"""What firms earn where, which site they take, and how rents answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.enterprise import closing_hazard, next_rent, site_surplus, take_sites, value_added_per_floor

OUT = -np.inf


def slow_take_sites(value, wanted, vacant, least_fit):
    """The plain loop: each firm in turn looks through all sites for the best one with room."""
    left, site, floor = list(vacant), [], []
    for firm, size in enumerate(wanted):
        best = -1
        for place in range(len(left)):
            has_room = left[place] >= least_fit * size and value[firm][place] > OUT
            if has_room and (best < 0 or value[firm][place] > value[firm][best]):
                best = place
        taken = min(size, left[best]) if best >= 0 else 0.0
        if best >= 0:
            left[best] -= taken
        site.append(best)
        floor.append(taken)
    return site, floor


def test_value_added_by_hand():
    earned = value_added_per_floor(
        np.array([700.0, 700.0, 350.0]),
        quality=np.array([0.0, np.log(1.1), 0.0]),
        let_nearby=np.array([0.0, 0.0, 30_000.0]),
        elasticity=0.5,
        base=10_000.0,
    )
    assert earned == pytest.approx([700.0, 770.0, 700.0])


def test_value_added_without_agglomeration_is_the_same_everywhere():
    earned = value_added_per_floor(
        np.array([[700.0]]), quality=np.zeros(3), let_nearby=np.array([0.0, 1e4, 1e6]), elasticity=0.0, base=1e4
    )
    assert earned.tolist() == [[700.0, 700.0, 700.0]]


def test_surplus_is_what_tax_and_wages_leave_less_yearly_rent_and_distance():
    surplus = site_surplus(
        np.array([[700.0, 800.0]]),
        tax_share=0.2,
        wage_share=np.array([[0.5], [0.6]]),
        wage_level=np.array([1.0, 0.8]),
        rent=np.array([8.0, 10.0]),
        access_cost=np.array([12.0, 0.0]),
    )
    # Of value added 0.2 is tax; wages are 0.5 or 0.6 of it, and 0.4 or 0.48 where wages are a fifth lower.
    expected = [[210.0 - 96.0 - 12.0, 320.0 - 120.0], [140.0 - 96.0 - 12.0, 256.0 - 120.0]]
    assert surplus == pytest.approx(np.array(expected))


def test_hazard_of_closing_by_hand():
    terms = {"rate": 0.06, "thin": 0.5, "base": 10_000.0}
    nearby = np.array([0.0, 10_000.0, 90_000.0])
    assert closing_hazard(nearby, slump=0.0, **terms) == pytest.approx([0.09, 0.075, 0.063])
    # In a slump a further share of those that would stay closes as well.
    assert closing_hazard(nearby, slump=0.5, **terms) == pytest.approx([0.09 + 0.47, 0.075 + 0.47, 0.063 + 0.47])
    assert closing_hazard(np.array([0.0]), rate=0.9, thin=0.5, base=1e4, slump=1.0).tolist() == [1.0]


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_firms_close_more_often_in_thin_places_and_in_slumps(one, other, slump, deeper):
    thin_, thick = sorted((one, other))
    terms = {"rate": 0.06, "base": 1e4}
    for depth in (slump, deeper):
        hazard = closing_hazard(np.array([thin_, thick]), thin=0.5, slump=depth, **terms)
        assert hazard[0] >= hazard[1]
        assert ((hazard >= 0.06) & (hazard <= 1.0)).all()
    mild, hard = (closing_hazard(np.array([one]), thin=0.5, slump=d, **terms) for d in sorted((slump, deeper)))
    assert mild <= hard
    alike = closing_hazard(np.array([thin_, thick]), thin=0.0, slump=0.0, **terms)
    assert alike.tolist() == [0.06, 0.06]


def test_firms_take_the_best_site_with_room_in_their_order():
    value = np.array([[2.0, 1.0], [2.0, 1.0], [2.0, 1.0], [2.0, 1.0]])
    site, floor = take_sites(value, np.array([60.0, 60.0, 60.0, 60.0]), np.array([100.0, 70.0]), least_fit=0.5)
    # The second firm makes do with the 40 that are left, the third finds 70 next door, the fourth finds too little.
    assert site.tolist() == [0, 0, 1, -1]
    assert floor.tolist() == [60.0, 40.0, 60.0, 0.0]


def test_a_site_that_is_out_of_the_question_is_never_taken():
    value = np.array([[OUT, 1.0], [OUT, OUT]])
    site, floor = take_sites(value, np.array([10.0, 10.0]), np.array([100.0, 100.0]), least_fit=0.5)
    assert site.tolist() == [1, -1]
    assert floor.tolist() == [10.0, 0.0]


def test_leaving_has_room_for_everybody():
    site, floor = take_sites(np.zeros((50, 2)), np.full(50, 9.0), np.array([0.0, np.inf]), least_fit=1.0)
    assert set(site.tolist()) == {1}
    assert set(floor.tolist()) == {9.0}


def test_taking_sites_changes_no_input():
    vacant, wanted, value = np.array([100.0]), np.array([60.0]), np.array([[1.0]])
    take_sites(value, wanted, vacant, least_fit=0.5)
    assert (vacant.tolist(), wanted.tolist(), value.tolist()) == ([100.0], [60.0], [[1.0]])


@given(
    st.integers(1, 5).flatmap(
        lambda sites: st.tuples(
            st.lists(
                st.tuples(
                    st.integers(1, 40),
                    st.lists(st.sampled_from([OUT, 0.0, 1.0, 2.0, 3.0]), min_size=sites, max_size=sites),
                ),
                max_size=12,
            ),
            st.lists(st.integers(0, 80), min_size=sites, max_size=sites),
        )
    ),
    st.sampled_from([0.01, 0.5, 1.0]),
)
def test_taking_sites_agrees_with_a_plain_loop(firms_and_sites, least_fit):
    firms, vacant = firms_and_sites
    wanted = np.array([float(size) for size, _ in firms])
    value = np.array([values for _, values in firms]).reshape(len(firms), len(vacant))
    site, floor = take_sites(value, wanted, np.array(vacant), least_fit=least_fit)
    expected_site, expected_floor = slow_take_sites(value.tolist(), wanted.tolist(), vacant, least_fit)
    assert site.tolist() == expected_site
    assert floor.tolist() == expected_floor
    taken = np.bincount(site[site >= 0], weights=floor[site >= 0], minlength=len(vacant))
    assert (taken <= np.array(vacant)).all()
    assert (floor[site >= 0] >= least_fit * wanted[site >= 0]).all()


def test_rents_follow_prices_and_occupancy():
    rent = next_rent(
        np.full(5, 10.0),
        np.array([0.9, 1.0, 0.8, 0.0, 0.85]),
        natural=0.9,
        response=0.6,
        step=0.05,
        inflation=0.02,
    )
    changes = np.array([0.0, 0.05, -0.05, -0.05, -0.03])
    assert rent == pytest.approx(10.0 * np.exp(changes) * 1.02)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_fuller_sites_never_ask_less(one, other):
    terms = {"natural": 0.9, "response": 0.6, "step": 0.08, "inflation": 0.02}
    low, high = next_rent(np.array([10.0, 10.0]), np.array(sorted((one, other))), **terms)
    assert low <= high
    assert 10.0 * np.exp(-0.0800001) * 1.02 <= low
    assert high <= 10.0 * np.exp(0.0800001) * 1.02
