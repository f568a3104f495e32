"""How a village takes over what others do, tries something, or is enrolled: sums that can be done on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.village import enrolled, imitate, try_out

NONE = -np.inf
YIELDS = st.sampled_from([NONE, -0.02, 0.0, 0.03, 0.05, 0.12])


def test_the_best_way_seen_is_taken_the_likelier_the_more_it_brings():
    seen = np.array([[0.05, 0.05, 0.05, NONE], [0.09, 0.09, NONE, NONE]])
    own = np.array([0.05, 0.05, 0.05, 0.01])
    # 0.04 better over a span of 0.1: with chance 0.4; what is as good or not seen at all is never taken.
    assert imitate(seen, own, np.array([0.39, 0.41, 0.001, 0.001]), span=0.1).tolist() == [1, -1, -1, -1]


def test_what_is_better_by_the_span_is_taken_for_sure():
    seen, own = np.array([[0.15, 0.30]]), np.array([0.05, 0.05])
    assert imitate(seen, own, np.array([0.999, 0.999]), span=0.1).tolist() == [0, 0]


def test_what_paid_less_than_ones_own_is_never_taken():
    assert imitate(np.array([[0.04]]), np.array([0.05]), np.array([1e-12]), span=0.1).tolist() == [-1]


def test_the_chance_is_proportional_to_the_difference():
    luck = (np.arange(1000) + 0.5) / 1000
    for ahead, expected in ((0.01, 100), (0.05, 500), (0.1, 1000)):
        took = imitate(np.full((1, 1000), 0.02 + ahead), np.full(1000, 0.02), luck, span=0.1)
        assert (took == 0).sum() == pytest.approx(expected, abs=1)


@given(st.lists(st.tuples(YIELDS, YIELDS, st.floats(-0.1, 0.2), st.floats(0.01, 0.99)), min_size=1, max_size=8))
def test_imitating_agrees_with_a_plain_loop(villages):
    expected = []
    for first, second, own, luck in villages:
        best, way = (first, 0) if first >= second else (second, 1)
        expected.append(way if luck * 0.1 < best - own else -1)
    seen = np.array([[one[0] for one in villages], [one[1] for one in villages]])
    own, luck = (np.array([one[part] for one in villages]) for part in (2, 3))
    assert imitate(seen, own, luck, span=0.1).tolist() == expected


def test_who_innovates_tries_the_open_way_with_the_highest_lot():
    open_ = np.array([[True, True, False, True], [True, False, False, True]])
    lots = np.array([[0.2, 0.2, 0.9, 0.2], [0.7, 0.7, 0.9, 0.7]])
    luck = np.array([0.01, 0.01, 0.01, 0.06])
    assert try_out(open_, luck, lots, chance=0.05).tolist() == [1, 0, -1, -1]


def test_each_open_way_is_as_likely_to_be_tried():
    lots = np.random.default_rng(1).random((3, 30_000))
    open_ = np.array([[True], [False], [True]]) & np.ones(30_000, dtype=bool)
    tried = try_out(open_, np.zeros(30_000), lots, chance=1.0)
    assert np.bincount(tried, minlength=3) / 30_000 == pytest.approx([0.5, 0.0, 0.5], abs=0.01)


def test_the_weak_are_enrolled_in_the_newest_pool_that_is_open_in_their_county():
    # Home, an old pool, a new pool; three villages of a county and two of another, where the new pool is not open.
    open_ = np.array([[True] * 5, [True] * 5, [True, True, False, False, False]])
    since, county = np.array([-1, 2009, 2013]), np.array([0, 0, 0, 1, 1])
    weak = np.array([True, False, True, True, False])
    # The third village is weak but can't take the newest pool, so nobody enrols it in an older one.
    assert enrolled(open_, since, weak, county).tolist() == [2, -1, -1, 1, -1]


def test_nobody_is_enrolled_where_no_pool_is_open():
    open_ = np.array([[True, True], [False, False]])
    assert enrolled(open_, np.array([-1, 2013]), np.ones(2, dtype=bool), np.zeros(2, dtype=int)).tolist() == [-1, -1]


def test_of_pools_of_one_year_the_first_is_taken():
    open_ = np.ones((2, 1), dtype=bool)
    assert enrolled(open_, np.array([2013, 2013]), np.ones(1, dtype=bool), np.zeros(1, dtype=int)).tolist() == [0]
