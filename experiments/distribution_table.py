"""What arms do to inequality and poverty between villages: measures by arm, and paired effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.distribution import MEASURES, DistributionError, Measure, Measured, decomposition, measures
from experiments.effects import EXACT, LEVEL, ONE_SEED, paired
from model.scope import HOST

BASELINE, UNIT = "baseline", "yuan/year"
Found = dict[Any, dict[str, Measured]]  # seed -> measure -> value and note


def inequality_table(
    villages: pd.DataFrame,
    year: int,
    *,
    income: Sequence[str] = ("recurrent_income",),
    line: float | None = None,
    group: str = "town",
    county: int = HOST,
    baseline: str | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """One row an arm and measure: the mean over seeds and, against the baseline, the paired effect with its interval.

    villages: the table of ``frames.village_frame``; income: its columns that are summed, such as recurrent_income and
    aid; line: of poverty, yuan a village and year; group: the column by which Theil's T is split; county: row of the
    county whose villages count, each once; baseline: the first arm of the table when None.

    Columns: arm, measure, title, title_zh, unit, mean, effect, low, high, seeds, note; the baseline comes first. Seeds
    in which one of both arms lacks the measure are left out, and the note says how many: what remains is no fair
    sample of the seeds. Raises DistributionError for a year, county, arm or column that is not there, for arms of
    other seeds, and as ``distribution.measures`` does.
    """
    missing = sorted({"arm", "seed", "year", "county", group, *income} - set(villages.columns))
    if missing:
        raise DistributionError(f"the table has no column {missing[0]!r}. It has {', '.join(villages.columns)}.")
    chosen = villages[(villages["year"] == year) & (villages["county"] == county)]
    if chosen.empty:
        raise DistributionError(f"the table has no village of county {county} in {year}: give another year or county.")
    arms = {str(arm): _by_seed(rows, income, group, line) for arm, rows in chosen.groupby("arm", sort=False)}
    first = next(iter(arms)) if baseline is None else baseline
    if first not in arms:
        raise DistributionError(f"the table has no arm {first!r}. It has {', '.join(arms)}.")
    blocks = [_effects(arm, first, arms, level) for arm in dict.fromkeys((first, *arms))]
    return pd.concat(blocks, ignore_index=True)


def _by_seed(rows: pd.DataFrame, income: Sequence[str], group: str, line: float | None) -> Found:
    """All measures of one arm in each seed."""
    found: Found = {}
    for seed, village in rows.groupby("seed"):
        values = village[list(income)].sum(axis=1).to_numpy(dtype=float)
        table = measures(values, line=line)
        split = decomposition(values, village[group].to_numpy()).drop(index="total").rename("theil_{}".format)
        both = pd.concat([table, split[["value", "note"]]])
        found[seed] = {
            name: (value, note) for name, value, note in zip(both.index, both["value"], both["note"], strict=True)
        }
    return found


def _effects(arm: str, first: str, arms: Mapping[str, Found], level: float) -> pd.DataFrame:
    """The rows of one arm."""
    before, after = arms[first], arms[arm]
    if list(before) != list(after):
        raise DistributionError(f"the arms {first!r} and {arm!r} have other seeds: effects are paired by seed.")
    names = list(next(iter(after.values())))
    old, new = (np.array([[one[name][0] for name in names] for one in of.values()]) for of in (before, after))
    found = paired(old, new, level=level)
    rows = pd.DataFrame([(arm, name, *MEASURES[name]) for name in names], columns=["arm", "measure", *Measure._fields])
    rows["unit"] = np.where(rows["measure"] == "mean", UNIT, rows["unit"])
    rows = rows.assign(mean=found.arm_mean, effect=found.difference, low=found.low, high=found.high, seeds=found.seeds)
    said = [_said(name, (before, after), int(lost)) for name, lost in zip(names, len(old) - found.seeds, strict=True)]
    if arm == first:
        return rows.assign(effect=np.nan, low=np.nan, high=np.nan, note=[_joined(BASELINE, one) for one in said])
    kind = np.select([found.seeds == 1, np.isinf(found.times_fewer_runs)], [ONE_SEED, EXACT], "")
    return rows.assign(note=[_joined(*both) for both in zip(kind, said, strict=True)])


def _said(name: str, arms: Sequence[Found], lost: int) -> str:
    """The notes on a measure in the seeds of some arms, and how many seeds had to be left out."""
    notes = dict.fromkeys(one[name][1] for arm in arms for one in arm.values())
    return _joined(*notes, f"{lost} {'seed' if lost == 1 else 'seeds'} left out" if lost else "")


def _joined(*notes: str) -> str:
    """Notes in one, the empty ones left out."""
    return "; ".join(note for note in notes if note)
