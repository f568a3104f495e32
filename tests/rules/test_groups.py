"""Rows in groups: blocks of whole groups, and the rows of each group, against plain loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.groups import blocks_of, rows_by_group

SIZES = st.lists(st.integers(0, 9), max_size=30)


@given(SIZES, st.integers(1, 12))
def test_blocks_hold_all_groups_and_rows_once_and_in_order(sizes, rows):
    ends = np.cumsum([0, *sizes])
    groups, covered = 0, 0
    for block in blocks_of(np.array(sizes, dtype=np.int64), rows):
        assert (block.groups.start, block.rows.start) == (groups, covered)
        assert block.groups.stop > block.groups.start
        assert block.rows == slice(ends[block.groups.start], ends[block.groups.stop])
        groups, covered = block.groups.stop, block.rows.stop
    assert (groups, covered) == (len(sizes), sum(sizes))


@given(SIZES, st.integers(1, 12))
def test_a_block_is_no_larger_than_asked_but_for_its_last_group(sizes, rows):
    for block in blocks_of(np.array(sizes, dtype=np.int64), rows):
        largest = max([0, *sizes[block.groups]])
        assert block.rows.stop - block.rows.start <= rows + largest


def test_blocks_of_ten_rows_by_hand():
    blocks = blocks_of(np.array([4, 4, 4, 25, 1]), 10)
    assert [(one.groups.start, one.groups.stop) for one in blocks] == [(0, 2), (2, 3), (3, 5)]
    assert [one.rows.stop for one in blocks] == [8, 12, 38]


@given(st.lists(st.integers(0, 4), max_size=40))
def test_rows_of_groups_agree_with_a_plain_loop(group):
    found = rows_by_group(np.array(group, dtype=np.int64), 5)
    assert [rows.tolist() for rows in found] == [[row for row, one in enumerate(group) if one == g] for g in range(5)]


def test_no_groups_have_no_rows():
    assert rows_by_group(np.empty(0, dtype=np.int64), 0) == []
