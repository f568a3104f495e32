"""Rows in groups: households by village, firms and villages by county."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from agents.table import Array

BLOCK = 2**14  # rows of a block; with ten columns of eight bytes they fit into a cache of 2 MB


class Block(NamedTuple):
    """Some neighbouring groups and the rows of their members, as slices."""

    groups: slice
    rows: slice


def blocks_of(sizes: Array, rows: int = BLOCK) -> list[Block]:
    """Whole groups in turn, about so many rows at a time: what is done row by row, or inside a group, can be done so.

    sizes: members of each group, who stand group by group, shape (groups,). The results of rules that look at no other
    group don't depend on the blocks, and all that a block needs stays in a core's cache.
    """
    ends = np.cumsum(sizes)
    cuts = [0, *(np.flatnonzero(np.diff(ends // rows)) + 1).tolist(), len(sizes)]
    starts = [0, *ends.tolist()]
    return [
        Block(slice(first, last), slice(starts[first], starts[last]))
        for first, last in itertools.pairwise(cuts)
        if last > first
    ]


def rows_by_group(group: Array, count: int) -> list[Array]:
    """The places of each group's members, in rising order: one pass, however many groups there are.

    group: int, shape (n,), from 0 to count - 1. Returns count arrays of places.
    """
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=count))
    return np.split(order, ends[:-1]) if count else []
