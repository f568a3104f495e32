"""Shares of 6.0: who holds which, and what each source put in."""

import numpy as np
import pytest

from agents.share import SOURCE_COLUMNS, Share, part_of, shares_of
from agents.table import Table

NOBODY = np.array([-1, -1])


@pytest.fixture
def shares():
    """Households 7, 2 and 5 hold shares; 7 gave up an earlier one."""
    table = Table(Share, registered=False)
    parts = {"from_village": [10.0, 20.0, 30.0], "from_county": 3.0, "from_outside": [0.0, 1.0, 2.0]}
    table.add(3, household=[7, 2, 5], own=[1.0, 2.0, 3.0], **parts)
    table.write(rows=np.array([0]), held=False)
    table.add(1, household=7, own=100.0, from_village=0.0, from_county=0.0, from_outside=0.0)
    return table


def test_a_household_holds_what_it_did_not_give_up(shares):
    assert shares_of(shares, np.array([5, 7, 2, 0, 9, 5])).tolist() == [2, 3, 1, -1, -1, 2]


def test_nobody_holds_two_at_a_time(shares):
    shares.add(1, household=5, own=1.0, from_village=0.0, from_county=0.0, from_outside=0.0)
    with pytest.raises(ValueError, match=r"Household 5 holds two shares of 6\.0"):
        shares_of(shares, np.array([2]))


def test_nobody_holds_a_share_where_there_is_none():
    none = Table(Share, registered=False)
    assert shares_of(none, np.array([0, 3])).tolist() == NOBODY.tolist()
    assert part_of(none, NOBODY).tolist() == [0.0, 0.0]


def test_parts_are_those_of_the_sources_asked_for(shares):
    rows = shares_of(shares, np.array([2, 0, 7]))
    assert part_of(shares, rows).tolist() == [26.0, 0.0, 100.0]
    assert part_of(shares, rows, "from_village").tolist() == [20.0, 0.0, 0.0]
    assert part_of(shares, rows, "from_village", "from_outside").tolist() == [21.0, 0.0, 0.0]
    by_source = [part_of(shares, rows, name) for name in SOURCE_COLUMNS]
    assert sum(by_source).tolist() == part_of(shares, rows).tolist()
