"""Exact Shapley shares: how the effect of many causes together is parted between them, from all their subsets.

The worth of a subset of players is what they bring together. The share of a player is what it adds to the players
before it, on average over all orders in which they can come: Shapley (1953), A value for n-person games. It is the only
way of parting that sums to the whole (efficiency), gives equals the same (symmetry), gives nothing to who changes
nothing (dummy) and adds up over outcomes (additivity); the last makes shares of the parts of an outcome sum to its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
MOST_PLAYERS = 16  # 65,536 subsets: more than anybody will run
TOTAL, ALL_OFF, ALL_ON = "total", "with all off", "with all on"
SHARE_COLUMNS = ["player", "outcome", "share", "low", "high", "part_of_total", "seeds", "note"]


class AttributionError(ValueError):
    """Players or worths that are no game."""


def subsets(players: Sequence[str]) -> tuple[frozenset[str], ...]:
    """All subsets of the players, the empty one first and all of them last: number b holds player i where bit i is set.

    Raises AttributionError where there are no players, too many of them, or one of them twice.
    """
    if not 1 <= len(players) <= MOST_PLAYERS:
        raise AttributionError(f"{len(players)} players: give 1 to {MOST_PLAYERS}; n of them have 2^n subsets to run.")
    twice = sorted({one for one in players if list(players).count(one) > 1})
    if twice:
        raise AttributionError(f"player {twice[0]!r} is given twice. Name each player once.")
    return tuple(
        frozenset(one for place, one in enumerate(players) if number >> place & 1)
        for number in range(2 ** len(players))
    )


def shapley(worth: ArrayLike) -> Floats:
    """Shapley shares, seed by seed: what each player adds to the subsets without it, by the weights of the orders.

    worth: shape (2**players, ...), subsets in the order of ``subsets``; further axes (seeds, outcomes) are games of
    their own. Returns shape (players, ...), in the unit of worth. Over players the shares sum to the worth of all less
    the worth of none, but for rounding; who changes nothing gets exactly 0. Where the worth of a subset is missing
    the shares of that game are. Raises AttributionError where the first axis is no power of two.
    """
    values, players = _game(worth)
    return np.array(
        [
            _weighted(values[with_it] - values[without], _orders(_sizes(without), players - 1))
            for without, with_it in (_pairs(players, player) for player in range(players))
        ]
    )


def interactions(worth: ArrayLike) -> Floats:
    """Shapley interaction indices of all pairs: above zero where two players bring more together than apart.

    I(i, j) is the mean over the subsets without both, each size of subset with the same weight and equal in it, of
    worth(both) - worth(i) - worth(j) + worth(none of the two): Grabisch and Roubens (1999), Int. J. Game Theory 28.
    worth: as for ``shapley``. Returns shape (players, players, ...): symmetric, 0 on the diagonal.
    """
    values, players = _game(worth)
    found = np.zeros((players, players, *values.shape[1:]))
    for one in range(players):
        without, with_one = _pairs(players, one)
        added = values[with_one] - values[without]
        for other in range(one):
            alone = np.flatnonzero(without >> other & 1 == 0)
            both = np.searchsorted(without, without[alone] | 1 << other)
            weights = _orders(_sizes(without[alone]), players - 2)
            found[one, other] = found[other, one] = _weighted(added[both] - added[alone], weights)
    return found


def _game(worth: ArrayLike) -> tuple[Floats, int]:
    """The worths as an array, and the number of players."""
    values = np.asarray(worth, dtype=float)
    count = values.shape[0] if values.ndim else 0
    players = count.bit_length() - 1
    if count < 2 or count != 2**players:
        raise AttributionError(f"{count} subsets: give the worth of all 2^n subsets of n players on the first axis.")
    return values, players


def _pairs(players: int, player: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of the subsets without a player, ascending, and of the same subsets with it."""
    numbers = np.arange(2**players)
    without = numbers[numbers >> player & 1 == 0]
    return without, without | 1 << player


def _sizes(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many players the subsets of some numbers hold."""
    return np.array([int(number).bit_count() for number in numbers])


def _orders(sizes: NDArray[np.int64], others: int) -> Floats:
    """The weight of each subset of the others by its size: every size counts the same, and equal subsets in it."""
    return np.array([1.0 / ((others + 1) * math.comb(others, int(size))) for size in sizes])


def _weighted(values: Floats, weights: Floats) -> Floats:
    """The sum of values over the first axis by weights; all zeros give exactly zero."""
    found: Floats = np.einsum("s,s...->...", weights, values)
    return found


def shares_with_intervals(
    players: Sequence[str],
    worth: ArrayLike,
    *,
    outcomes: Sequence[str] = ("",),
    generator: np.random.Generator | None = None,
) -> pd.DataFrame:
    """Shapley shares as means over seeds with Student's t intervals: one row a player and outcome, then three sums.

    worth: shape (2**players, seeds) or (2**players, seeds, outcomes). The rows ``total`` (worth of all less worth of
    none, to which the shares sum), ``with all off`` (worth of none) and ``with all on`` (their sum: the effect itself)
    follow the players of each outcome. part_of_total: mean share over mean total, not a number where the total is 0.
    With a generator there are columns ``bootstrap_low`` and ``bootstrap_high`` too: see ``intervals.bca``.
    A seed in which a subset is missing drops out. Raises AttributionError where shapes and names don't fit.
    """
    import pandas as pd

    values = np.asarray(worth, dtype=float)
    values = values[..., None] if values.ndim == 2 else values
    expected = (len(subsets(players)), values.shape[1] if values.ndim == 3 else 0, len(outcomes))
    if values.shape != expected or expected[1] == 0:
        raise AttributionError(
            f"worth has the shape {np.shape(worth)}: {len(players)} players and {len(outcomes)} outcomes need "
            f"({expected[0]}, seeds, {expected[2]})."
        )
    whole = [values[-1] - values[0], values[0], values[-1]]
    lines = np.concatenate([shapley(values), np.array(whole)])
    # A seed counts in all lines or in none, so that the means sum as the seeds do.
    lines = np.where(np.isfinite(lines).all(axis=0), lines, np.nan)
    names = [*players, TOTAL, ALL_OFF, ALL_ON]
    rows = [row for place, name in enumerate(outcomes) for row in _rows(names, name, lines[..., place], generator)]
    return pd.DataFrame(rows, columns=[*SHARE_COLUMNS, *(["bootstrap_low", "bootstrap_high"] if generator else [])])


def _rows(
    names: Sequence[str], outcome: str, lines: Floats, generator: np.random.Generator | None
) -> Iterator[tuple[object, ...]]:
    """The rows of one outcome. lines: shape (names, seeds)."""
    from experiments.effects import EXACT, NOT_DEFINED, ONE_SEED, paired
    from experiments.intervals import bca

    found = paired(np.zeros_like(lines.T), lines.T)
    mean = found.difference
    total = float(mean[names.index(TOTAL)])
    ends = [bca(lines.T, generator)] if generator else []
    for place, name in enumerate(names):
        seeds = int(found.seeds[place])
        note = {0: NOT_DEFINED, 1: ONE_SEED}.get(seeds, EXACT if found.low[place] == found.high[place] else "")
        part = float(mean[place]) / total if total else math.nan
        row = (name, outcome, float(mean[place]), float(found.low[place]), float(found.high[place]), part, seeds, note)
        yield (*row, *(float(end[place]) for pair in ends for end in pair))
