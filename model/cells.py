"""Tables that are nearly empty, such as who gave what to whom: their cells, and sums over the cells that there are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agents.table import Array, total_by

FEW = 100_000  # cells that a whole table may always have
Rows = tuple[Array, Array, Array]  # row, column and value, all of shape (rows,); several may be of one cell


class Cells(NamedTuple):
    """The cells of a table that are not zero, each once, by row and then by column.

    row, column: int, shape (cells,); value: shape (cells,); shape: how many rows and columns the whole table has.
    """

    row: Array
    column: Array
    value: Array
    shape: tuple[int, int]

    def by_row(self) -> Array:
        """Sum of each row, shape (rows,)."""
        return total_by(self.row, self.value, self.shape[0])

    def by_column(self) -> Array:
        """Sum of each column, shape (columns,)."""
        return total_by(self.column, self.value, self.shape[1])

    def dense(self) -> Array:
        """The whole table, with all its zeros."""
        found = np.zeros(self.shape)
        found[self.row, self.column] = self.value
        return found


def is_small(size: int, keys: int) -> bool:
    """Whether it is faster to go through all possible keys than to sort those that there are."""
    return size <= max(FEW, 4 * keys)


def distinct(keys: Array, size: int) -> tuple[Array, Array]:
    """The different keys in rising order, and the place of each key among them; shapes (different,) and (keys,).

    keys: int, from 0 to size - 1. Of many possible keys only one of each run of equal neighbours is sorted.
    """
    if is_small(size, len(keys)):
        there = np.zeros(size, dtype=bool)
        there[keys] = True
        return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
    starts = np.concatenate([[0], np.flatnonzero(keys[1:] != keys[:-1]) + 1])[: len(keys)]
    found, place = np.unique(keys[starts], return_inverse=True)
    return found, np.repeat(place, np.diff(starts, append=len(keys)))


def matches(group: Array, other: Array, count: int) -> tuple[Array, Array]:
    """Each of some with every one of the others that is of the same group: places of both, shape (matches,).

    group: int, from 0 to count - 1, shape (n,); other: the same in rising order, shape (m,).
    """
    size = np.bincount(other, minlength=count)
    times = size[group]
    mine = np.repeat(np.arange(len(group)), times)
    first = (np.cumsum(size) - size)[group] - (np.cumsum(times) - times)
    return mine, np.arange(len(mine)) + np.repeat(first, times)


def side_by_side(tables: Sequence[Rows], shape: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Tables of one shape at the cells that any of them names, by row and then by column.

    Returns row and column of these cells, shape (cells,), and the sums there, shape (tables, cells).
    """
    row, column, value = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    keys, place = distinct(row * shape[1] + column, shape[0] * shape[1])
    number = np.repeat(np.arange(len(tables)), [len(table[0]) for table in tables])
    sums = total_by(number * len(keys) + place, value, len(tables) * len(keys)).reshape(len(tables), len(keys))
    return keys // shape[1], keys % shape[1], sums


def sums_at(keys: Array, values: Array, size: int) -> tuple[Array, Array]:
    """The keys whose values don't sum to zero, in rising order, and their sums; both of shape (keys found,).

    keys: int, from 0 to size - 1, shape (n,); values: shape (n,).
    """
    if is_small(size, len(keys)):
        sums = total_by(keys, values, size)
        found = np.flatnonzero(sums)
        return found, sums[found]
    found, place = distinct(keys, size)
    sums = total_by(place, values, len(found))
    some = np.flatnonzero(sums)
    return found[some], sums[some]


def cells_of(rows: Rows, shape: tuple[int, int]) -> Cells:
    """The table of some rows: sums by cell, those of zero left out."""
    row, column, value = rows
    keys, sums = sums_at(row * shape[1] + column, value, shape[0] * shape[1])
    return Cells(keys // shape[1], keys % shape[1], sums, shape)


def tables_of(table: Array, rows: Rows, shape: tuple[int, int], count: int) -> list[Cells]:
    """Several tables of one shape. table: number of the one that each row is of, from 0 to count - 1, shape (rows,)."""
    row, column, value = rows
    stacked = cells_of((table * shape[0] + row, column, value), (count * shape[0], shape[1]))
    ends = np.searchsorted(stacked.row, np.arange(count + 1) * shape[0]).tolist()
    pieces = enumerate(itertools.pairwise(ends))
    return [
        Cells(stacked.row[a:b] - number * shape[0], stacked.column[a:b], stacked.value[a:b], shape)
        for number, (a, b) in pieces
    ]
