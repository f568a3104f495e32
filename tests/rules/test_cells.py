"""Tables that are nearly empty: sums over the cells that there are, against plain loops over whole tables."""

import numpy as np
import pytest

from model import cells
from model.cells import cells_of, distinct, matches, side_by_side, sums_at, tables_of

SHAPE = 5, 7


@pytest.fixture(params=["marked", "sorted"])
def way(request, monkeypatch):
    """Both ways of finding the keys that there are."""
    if request.param == "sorted":
        monkeypatch.setattr(cells, "is_small", lambda size, keys: False)


def some_rows(luck, count):
    return luck.integers(SHAPE[0], size=count), luck.integers(SHAPE[1], size=count), luck.normal(size=count)


def whole(rows, shape=SHAPE):
    found = np.zeros(shape)
    for row, column, value in zip(*rows, strict=True):
        found[row, column] += value
    return found


@pytest.mark.parametrize("count", [0, 1, 3, 60])
def test_a_table_is_the_sum_of_its_rows(way, count):
    rows = some_rows(np.random.default_rng(count), count)
    table = cells_of(rows, SHAPE)
    np.testing.assert_allclose(table.dense(), whole(rows), rtol=1e-14)
    np.testing.assert_allclose(table.by_row(), whole(rows).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(table.by_column(), whole(rows).sum(axis=0), rtol=1e-12)
    places = table.row * SHAPE[1] + table.column
    assert (np.diff(places) > 0).all()
    assert table.value.all()


def test_what_sums_to_zero_is_no_cell(way):
    table = cells_of((np.array([1, 2, 1]), np.array([0, 3, 0]), np.array([4.0, 5.0, -4.0])), SHAPE)
    assert (table.row.tolist(), table.column.tolist(), table.value.tolist()) == ([2], [3], [5.0])


@pytest.mark.parametrize("counts", [(0, 0), (0, 4), (30, 2), (20, 20)])
def test_tables_side_by_side_are_told_at_the_cells_of_any(way, counts):
    luck = np.random.default_rng(sum(counts))
    tables = [some_rows(luck, count) for count in counts]
    row, column, sums = side_by_side(tables, SHAPE)
    assert {*zip(row.tolist(), column.tolist(), strict=True)} == {
        cell for rows in tables for cell in zip(rows[0].tolist(), rows[1].tolist(), strict=True)
    }
    for rows, values in zip(tables, sums, strict=True):
        np.testing.assert_allclose(whole((row, column, values)), whole(rows), rtol=1e-14)


def test_several_tables_at_once(way):
    luck = np.random.default_rng(5)
    rows, number = some_rows(luck, 80), luck.choice([0, 2, 3], size=80)  # there is nothing in table 1
    for wanted, table in enumerate(tables_of(number, rows, SHAPE, 4)):
        mine = tuple(column[number == wanted] for column in rows)
        np.testing.assert_allclose(table.dense(), whole(mine), rtol=1e-14)


@pytest.mark.parametrize("keys", [[], [3], [4, 4, 4, 1, 1, 9, 4]])
def test_different_keys_and_their_places(way, keys):
    keys = np.array(keys, dtype=int)
    found, place = distinct(keys, 10)
    assert found.tolist() == sorted(set(keys.tolist()))
    assert found[place].tolist() == keys.tolist()


def test_sums_do_not_depend_on_how_the_keys_are_found():
    luck = np.random.default_rng(2)
    keys, values = np.sort(luck.integers(40, size=500)), luck.exponential(size=500)
    one = sums_at(keys, values, 1000)
    other = sums_at(keys, values, 10**12)
    assert [column.tolist() for column in one] == [column.tolist() for column in other]


def test_each_is_matched_with_all_others_of_its_group():
    luck = np.random.default_rng(4)
    for _ in range(50):
        group, other = luck.integers(6, size=luck.integers(8)), np.sort(luck.integers(6, size=luck.integers(8)))
        mine, theirs = matches(group, other, 6)
        wanted = [(i, j) for i, one in enumerate(group) for j, two in enumerate(other) if one == two]
        assert [*zip(mine.tolist(), theirs.tolist(), strict=True)] == wanted
