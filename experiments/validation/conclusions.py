"""The main conclusions, restated: in how many parameter sets they hold, and under which rules, ties and cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

HOLDS, NOT, UNDECIDED = "holds", "does not hold", "undecided"


@dataclass(frozen=True)
class Conclusion:
    """A sign of an effect. text: in words; sign: 1 or -1, of arm minus baseline."""

    name: str
    text: str
    baseline: str
    arm: str
    outcome: str
    sign: int


CONCLUSIONS = (
    Conclusion(
        "enclave_income", "the county enclave raises village income", "solo", "enclave", "recurrent_income_mean", 1
    ),
    Conclusion("enclave_value", "the county enclave creates value", "solo", "enclave", "value_to_date", 1),
    Conclusion(
        "enclave_gini", "the county enclave makes villages more equal", "solo", "enclave", "recurrent_income_gini", -1
    ),
    Conclusion(
        "pooling_itself",
        "pooling creates more than the same money at home",
        "solo_funded",
        "enclave",
        "value_to_date",
        1,
    ),
    Conclusion("town_value", "town parks alone lose value", "solo", "town", "value_to_date", -1),
    Conclusion(
        "pooling_income", "all versions together raise village income", "solo", "pooling", "recurrent_income_mean", 1
    ),
    Conclusion("step_town", "the enclave adds to town parks", "town", "enclave", "recurrent_income_mean", 1),
    Conclusion(
        "step_mountain", "4.0 takes from the host's villages", "enclave", "mountain_sea", "recurrent_income_mean", -1
    ),
    Conclusion(
        "step_shares",
        "6.0 raises the income of low-income households",
        "east_west",
        "household_shares",
        "low_income_households",
        1,
    ),
    Conclusion(
        "aid_value", "pooling creates more than cash of the same outlay", "aid:pooling", "pooling", "value_to_date", 1
    ),
    Conclusion(
        "aid_poorest",
        "the poorest villages earn more with pooling than with cash",
        "aid:pooling",
        "pooling",
        "income_shortfall",
        1,
    ),
    Conclusion(
        "aid_households",
        "low-income households get less with pooling than with cash",
        "aid:pooling",
        "pooling",
        "low_income_households",
        -1,
    ),
)


def over_sets(effects: pd.DataFrame) -> pd.DataFrame:
    """Columns conclusion, sets, share: at how many points of a batch over an ensemble the mean effect has the sign.

    effects: ``effects_by_point.csv``: point, baseline, arm, outcome, effect, low, high.
    """
    rows = []
    for one in CONCLUSIONS:
        found = _rows(effects, one)["effect"].to_numpy(dtype=float)
        known = found[np.isfinite(found)]
        share = float((np.sign(known) == one.sign).mean()) if len(known) else float("nan")
        rows.append({"conclusion": one.name, "sets": len(known), "share": share})
    return pd.DataFrame(rows)


def verdicts(effects: pd.DataFrame) -> dict[str, str]:
    """By conclusion, what one point says: it holds or not where the 95% interval lies on one side of zero."""
    found = {}
    for one in CONCLUSIONS:
        rows = _rows(effects, one)
        found[one.name] = _verdict(one, rows.iloc[0]) if len(rows) else "not run"
    return found


def _verdict(one: Conclusion, row: pd.Series) -> str:
    if not np.isfinite([row["low"], row["high"]]).all() or row["low"] <= 0.0 <= row["high"]:
        return UNDECIDED
    return HOLDS if np.sign(row["effect"]) == one.sign else NOT


def _rows(effects: pd.DataFrame, one: Conclusion) -> pd.DataFrame:
    mine = (effects["baseline"] == one.baseline) & (effects["arm"] == one.arm) & (effects["outcome"] == one.outcome)
    return effects[mine]


def conclusions_table(ensemble: pd.DataFrame, variants: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a conclusion: sets, share, and one column a variant with what its effects say."""
    table = over_sets(ensemble)
    for name, effects in variants.items():
        told = verdicts(effects)
        table[name] = [told[one] for one in table["conclusion"]]
    return table
