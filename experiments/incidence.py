"""Who gains and who loses: growth by rank, and what becomes of the poorest and the richest of before.

Before and after may be two years, or the same year in the baseline and in another arm: then "before" is what the same
village has without the policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from experiments.distribution import DistributionError

Floats = NDArray[np.float64]
DECILES = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
NO_BASE = "not defined: the mean before is not above zero"


def growth_incidence(before: ArrayLike, after: ArrayLike, percentiles: Sequence[float] = DECILES) -> pd.DataFrame:
    """Growth of the mean of each percentile group, anonymous and not: one row a group, the poorest first.

    before, after: values of the same units in the same order, shape (n,). percentiles: upper ends of the groups,
    ascending to 100; a unit belongs where the middle of its rank falls, equal values in the order in which they stand.

    Columns: percentile (the upper end), units, before (mean), anonymous, non_anonymous, note. Growth is after over
    before, less 1. Anonymous: the group's mean among the values after, whoever has them then (growth incidence curve:
    Ravallion and Chen 2003). Non-anonymous: the mean after of those who were in the group before (Grimm 2007,
    Bourguignon 2011); luck that passes makes it fall with the percentile, without any policy (regression to the mean).
    Both are the same where no unit overtakes another; averaged by the groups' totals before, both are the growth of
    the mean. Values below zero are taken as they are; growth is nan, and the note says so, where a group's mean before
    is not above zero. Raises DistributionError.
    """
    old, new = _pair(before, after)
    ends = np.asarray(percentiles, dtype=float)
    member, later = group_of(old, ends), group_of(new, ends)
    units = np.bincount(member, minlength=len(ends))
    base, same = (np.bincount(member, weights=of, minlength=len(ends)) / units for of in (old, new))
    anyone = np.bincount(later, weights=new, minlength=len(ends)) / units
    defined = base > 0.0
    divisor = np.where(defined, base, np.nan)
    return pd.DataFrame(
        {
            "percentile": ends,
            "units": units,
            "before": base,
            "anonymous": anyone / divisor - 1.0,
            "non_anonymous": same / divisor - 1.0,
            "note": np.where(defined, "", NO_BASE),
        }
    )


def mobility(before: ArrayLike, after: ArrayLike, *, groups: int = 10, negligible: float = 0.0) -> pd.DataFrame:
    """Winners and losers by rank before: one row a group of equal size as near as can be, the poorest first.

    before, after: values of the same units in the same order, shape (n,). A change of at most negligible, in the unit
    of the values, is none. Columns: group (from 1), units, before, after and change (means), share_gaining,
    share_losing (of the group's units), share_up, share_down (those that end up in a higher or a lower group). Zeros
    and values below zero are taken as they are. Raises DistributionError.
    """
    old, new = _pair(before, after)
    if groups < 1 or negligible < 0.0:
        raise DistributionError(
            f"groups is {groups}, negligible is {negligible}: give at least 1 group and at least 0."
        )
    ends = 100.0 * np.arange(1, groups + 1) / groups
    member, later = group_of(old, ends), group_of(new, ends)
    change = new - old
    means = {
        "before": old,
        "after": new,
        "change": change,
        "share_gaining": change > negligible,
        "share_losing": change < -negligible,
        "share_up": later > member,
        "share_down": later < member,
    }
    units = np.bincount(member, minlength=groups)
    columns = {name: np.bincount(member, weights=of, minlength=groups) / units for name, of in means.items()}
    return pd.DataFrame({"group": np.arange(1, groups + 1), "units": units, **columns})


def group_of(values: Floats, ends: Floats) -> NDArray[np.intp]:
    """The percentile group of each value, from 0, shape (n,), by the middle of its rank. Raises DistributionError."""
    if len(ends) == 0 or ends[0] <= 0.0 or ends[-1] != 100.0 or (np.diff(ends) <= 0.0).any():
        raise DistributionError(f"percentiles are {ends.tolist()}: give upper ends that rise from above 0 to 100.")
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    member = np.searchsorted(ends, 100.0 * (rank + 0.5) / len(values))
    empty = np.flatnonzero(np.bincount(member, minlength=len(ends)) == 0)
    if len(empty):
        raise DistributionError(
            f"{len(values)} values leave the group up to percentile {ends[empty[0]]:g} empty: give fewer groups."
        )
    return member


def _pair(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    """Both as arrays. Raises DistributionError."""
    old, new = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if old.ndim != 1 or old.shape != new.shape or len(old) == 0:
        raise DistributionError(f"before has shape {old.shape}, after {new.shape}: give a value a unit, in one order.")
    if not (np.isfinite(old).all() and np.isfinite(new).all()):
        raise DistributionError("a value is missing or infinite: leave that unit out of both.")
    return old, new
