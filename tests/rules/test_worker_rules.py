"""Who wants a job in a park, and who is hired from where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agents.worker import HIRING_ROUNDS, hire_near, hired_households, place_in_line, wants_job

PLACES, VILLAGES = st.integers(1, 5), st.integers(1, 6)


def slow_hire_near(jobs, workers, distance, reach, rounds):
    """The plain loop: places offer in proportion, villages cut all offers by the same part."""
    hired = [[0.0] * len(workers) for _ in jobs]
    for _ in range(rounds):
        vacant = [job - sum(row) for job, row in zip(jobs, hired, strict=True)]
        free = [worker - sum(row[v] for row in hired) for v, worker in enumerate(workers)]
        offers = []
        for place, left in enumerate(vacant):
            pull = [free[v] * np.exp(-distance[place][v] / reach) for v in range(len(workers))]
            offers.append([left * one / sum(pull) if sum(pull) > 1e-9 else 0.0 for one in pull])
        for v in range(len(workers)):
            offered = sum(row[v] for row in offers)
            for place, row in enumerate(offers):
                hired[place][v] += row[v] * (min(1.0, free[v] / offered) if offered > 1e-9 else 1.0)
    return hired


@st.composite
def markets(draw):
    places, villages = draw(PLACES), draw(VILLAGES)
    numbers = st.floats(1.0, 900.0)
    jobs = draw(arrays.arrays(float, places, elements=numbers))
    workers = draw(arrays.arrays(float, villages, elements=numbers))
    return jobs, workers, draw(arrays.arrays(float, (places, villages), elements=st.floats(0.0, 40.0)))


@st.composite
def populations(draw):
    """Who is willing, group by group, the sizes of the groups, and whole numbers of workers wanted."""
    sizes = np.array(draw(st.lists(st.integers(0, 9), min_size=4, max_size=4)))
    willing = draw(arrays.arrays(bool, int(sizes.sum())))
    return willing, sizes, np.array(draw(st.lists(st.integers(0, 9), min_size=4, max_size=4)))


def test_a_worker_goes_where_the_wage_beats_what_it_gives_up():
    usual = np.array([60_000.0, 108_000.0, 150_000.0])
    assert wants_job(usual, 54_000.0, part=0.5).tolist() == [True, False, False]
    assert wants_job(usual, np.array([20_000.0, 60_000.0, 75_001.0]), part=0.5).tolist() == [False, True, True]
    assert wants_job(usual, 1.0, part=0.0).all()


def test_jobs_go_to_near_villages_first():
    # Weights 1 and 1/e, so that of 100 jobs 100 e / (1 + e) are offered to the near village.
    hired = hire_near(np.array([100.0]), np.array([500.0, 500.0]), np.array([[0.0, 8.0]]), reach=8.0, rounds=1)
    assert hired == pytest.approx(np.array([[100.0 * np.e / (1.0 + np.e), 100.0 / (1.0 + np.e)]]))


def test_a_short_village_takes_the_same_part_of_every_offer():
    hired = hire_near(np.array([60.0, 20.0]), np.array([40.0]), np.zeros((2, 1)), reach=8.0, rounds=3)
    assert hired == pytest.approx(np.array([[30.0], [10.0]]))


def test_open_jobs_are_offered_again():
    jobs, workers, distance = np.array([100.0]), np.array([30.0, 100.0]), np.array([[0.0, 16.0]])
    once = hire_near(jobs, workers, distance, reach=8.0, rounds=1)
    twice = hire_near(jobs, workers, distance, reach=8.0, rounds=2)
    assert once[0, 0] == pytest.approx(30.0)
    assert once.sum() < 100.0
    assert twice == pytest.approx(np.array([[30.0, 70.0]]))


def test_without_jobs_workers_or_a_way_nobody_is_hired():
    some, near = np.array([9.0]), np.array([[1.0]])
    assert hire_near(np.zeros(1), some, near, reach=8.0).tolist() == [[0.0]]
    assert hire_near(some, np.zeros(1), near, reach=8.0).tolist() == [[0.0]]
    assert hire_near(some, some, np.array([[np.inf]]), reach=8.0).tolist() == [[0.0]]


@given(markets())
def test_with_plenty_of_workers_all_jobs_are_filled_at_once(market):
    jobs, workers, distance = market
    hired = hire_near(jobs, workers + 1e7, distance, reach=8.0, rounds=1)
    assert hired.sum(axis=1) == pytest.approx(jobs)


@given(markets(), st.integers(1, HIRING_ROUNDS))
def test_hiring_agrees_with_a_plain_loop(market, rounds):
    jobs, workers, distance = market
    hired = hire_near(jobs, workers, distance, reach=8.0, rounds=rounds)
    assert hired == pytest.approx(np.array(slow_hire_near(jobs, workers, distance, 8.0, rounds)), rel=1e-6, abs=1e-6)
    assert hired.min() >= 0.0
    assert (hired.sum(axis=1) <= jobs * (1 + 1e-12)).all()
    assert (hired.sum(axis=0) <= workers * (1 + 1e-12)).all()


def test_places_in_line_by_hand():
    village, chosen = np.array([1, 0, 1, 1, 0]), np.array([True, True, False, True, True])
    assert place_in_line(village, chosen, np.array([4, 1, 2, 3, 0])).tolist() == [1, 1, 0, 0, 0]
    assert place_in_line(np.empty(0, int), np.empty(0, bool), np.empty(0, int)).tolist() == []


def test_the_first_willing_households_are_hired():
    willing = np.array([False, True, True, True, True, True])
    hired = hired_households(willing, np.array([3, 0, 3]), np.array([1, 5, 2]))
    assert hired.tolist() == [False, True, False, True, True, False]
    assert hired_households(np.empty(0, bool), np.array([0, 0]), np.array([1, 1])).tolist() == []


@given(populations())
def test_hired_households_agree_with_a_plain_loop(population):
    willing, sizes, count = population
    expected, row = [], 0
    for size, left in zip(sizes.tolist(), count.tolist(), strict=True):
        for one in willing[row : row + size].tolist():
            expected.append(one and left > 0)
            left -= expected[-1]
        row += size
    assert hired_households(willing, sizes, count).tolist() == expected


@given(populations())
def test_one_more_worker_wanted_sends_nobody_home(population):
    willing, sizes, count = population
    before = hired_households(willing, sizes, count)
    assert (before <= hired_households(willing, sizes, count + 1)).all()
    assert not hired_households(willing, sizes, 0 * count).any()
