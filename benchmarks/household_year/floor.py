"""The least time of a household year on this machine: python -m benchmarks.household_year.floor [HOUSEHOLDS ...].

Three parts of what Feidi does, each probed at the asked size: the columns that a year reads and writes, moved at the
speed of a copy; the normal numbers, drawn by numpy's Philox (the project's generator; others are up to a third quicker)
into an array that is there; and one sort of incomes, for their median and Gini. A probe's figure is the least of its
repeats. Sums, exponentials and villages are left out, so the true floor lies higher.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks.household_year.spec import RULES

REPEATS = 15


class Column(NamedTuple):
    """A column of households that every program keeps from one year to the next."""

    name: str
    bytes: int  # a household
    why: str  # why a year must read it and must write it


# A household's village is not among them: with households stored village by village, sizes of villages tell it. Nor is
# anything else that lives only inside a year, because all that a village's households do can be done while they are in
# the cache: the market needs nothing of this year's households.
COLUMNS = (
    Column("income", 8, "last year's is reviewed, this year's is kept for next year's review"),
    Column("listed", 1, "who was on the list stays longer"),
    Column("deviation", 8, "earnings last in part"),
    Column("cash", 8, "savings are added, what was paid in is taken"),
    Column("stake", 8, "coupons are paid on it, what was paid in is added"),
)
BYTES = 2 * sum(column.bytes for column in COLUMNS)  # a household and year, read once and written once


class Floor(NamedTuple):
    """Parts of the least time of a year, in seconds."""

    memory: float
    draws: float
    sort: float

    @property
    def total(self) -> float:
        """All parts, one after the other."""
        return self.memory + self.draws + self.sort


def least(act: Callable[[], object], *, prepare: Callable[[], object] = lambda: None) -> float:
    """Seconds of the fastest of some repeats; what prepares each is not counted."""
    seconds = []
    for _ in range(REPEATS):
        prepare()
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def floor_seconds(households: int) -> Floor:
    """Probe the parts for a number of households.

    The copy goes from one half of the columns' bytes to the other, so that its working set is theirs and stays in the
    same cache; it moves half the bytes of a year, and counts twice.
    """
    rng = np.random.Generator(np.random.Philox(1))
    half = BYTES // 2 * households // 2
    source, target = np.ones(half, dtype=np.uint8), np.zeros(half, dtype=np.uint8)
    copy = least(lambda: np.copyto(target, source))
    shocks, incomes = np.zeros(households), np.zeros(households)
    draws = least(lambda: rng.standard_normal(out=shocks))
    earned = RULES.mean_earnings * np.exp(RULES.spread * shocks)
    return Floor(2.0 * copy, draws, least(incomes.sort, prepare=lambda: np.copyto(incomes, earned)))


def main(sizes: tuple[int, ...]) -> None:
    """Print the parts for each size."""
    print(f"{BYTES} bytes a household and year: {', '.join(f'{one.name} {one.bytes}' for one in COLUMNS)}, twice each")
    for households in sizes:
        parts = floor_seconds(households)
        print(
            f"{households:9,d} households: {1e3 * parts.total:8.3f} ms = {1e3 * parts.memory:7.3f} memory"
            f" + {1e3 * parts.draws:7.3f} draws + {1e3 * parts.sort:7.3f} sort"
        )


if __name__ == "__main__":
    main(tuple(int(float(size)) for size in sys.argv[1:]) or (1_000, 10_000, 100_000, 1_000_000))
