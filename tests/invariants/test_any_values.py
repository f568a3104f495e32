"""The books hold whatever values the parameters take within their ranges."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.cases import load_case

pytestmark = pytest.mark.one_version

TINY = load_case("tiny")
RANGES = {
    key: TINY.parameters.declared(key).range
    for key in TINY.parameters
    if TINY.parameters.declared(key).range is not None
}
WHOLE = {key for key in RANGES if TINY.parameters.declared(key).whole}


def values_within(key, low, high):
    """Any value of a parameter within its range."""
    return st.integers(int(low), int(high)).map(float) if key in WHOLE else st.floats(low, high)


VALUES = st.fixed_dictionaries({key: values_within(key, *ends) for key, ends in RANGES.items()})
ALL = ("solo", "town_joint", "enclave", "mountain_sea", "science_park", "household_shares", "crowdfunding")
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@FEW
@given(
    values=VALUES,
    seed=st.integers(0, 10_000),
    arm=st.sampled_from([("own",), ("solo_funded",), ("solo", "town_joint"), ("solo", "enclave_rotating"), ALL]),
)
def test_the_books_hold_for_all_values_within_the_ranges(check_every_year, values, seed, arm):
    check_every_year(case=TINY, mechanisms=arm, seed=seed, changes=values)


@FEW
@given(values=st.dictionaries(st.sampled_from(sorted(RANGES)), st.booleans(), min_size=10), seed=st.integers(0, 10_000))
def test_the_books_hold_at_the_ends_of_the_ranges(check_every_year, values, seed):
    changes = {key: RANGES[key][high] for key, high in values.items()}
    check_every_year(case=TINY, mechanisms=ALL, seed=seed, changes=changes)


def test_nearly_all_parameters_have_a_range():
    assert len(RANGES) > 0.8 * len(TINY.parameters)
