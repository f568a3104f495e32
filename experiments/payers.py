"""The raw flows: what changed hands between kinds of agents in one arm and not in the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.effects import paired

PAID_COLUMNS = ["baseline", "arm", "reason", "giver", "taker", "difference", "low", "high", "seeds"]
ROUNDING = 1e-9  # differences below this share of the largest flow are those of summing in another order


def who_paid(flows: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, last_year: int) -> pd.DataFrame:
    """Cumulative money flows up to last_year, arm minus baseline: one row a pair, reason, giver and taker, in yuan.

    flows: the table of ``frames.flow_frame``. Flows that are the same in both arms of every seed are left out;
    the largest differences come first.
    """
    money = _money(flows, last_year)
    return _differences(money, ["reason", "giver", "taker"], flows["seed"], pairs)[PAID_COLUMNS]


def _money(flows: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """The flows in yuan between kinds, up to last_year."""
    return flows[(flows["unit"] == "yuan") & (flows["year"] <= last_year)]


def _differences(
    money: pd.DataFrame, keys: list[str], seeds: pd.Series, pairs: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """Mean paired difference, with interval, of the totals by keys; a flow that an arm lacks counts as zero."""
    totals = money.groupby(["arm", "seed", *keys])["amount"].sum()
    table = totals.unstack(keys, fill_value=0).sort_index(axis=1)
    arms = {name for pair in pairs for name in pair}
    all_seeds = sorted(seeds.unique())
    sums = {
        name: table.reindex(pd.MultiIndex.from_product([[name], all_seeds]), fill_value=0.0).to_numpy() for name in arms
    }
    blocks: list[pd.DataFrame] = []
    for baseline, arm in pairs:
        found = paired(sums[baseline], sums[arm])
        block = table.columns.to_frame(index=False).assign(
            baseline=baseline, arm=arm, difference=found.difference, low=found.low, high=found.high, seeds=found.seeds
        )
        block = block[np.abs(sums[arm] - sums[baseline]).max(axis=0) > ROUNDING * money["amount"].abs().max()]
        blocks.append(block.sort_values("difference", key=lambda x: -x.abs(), kind="stable"))
    return pd.concat(blocks, ignore_index=True)
