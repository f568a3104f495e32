"""The main conclusions, restated: in how many parameter sets they hold, and under which rules, ties and cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.indicators import INDICATORS

HOLDS, NOT, UNDECIDED = "holds", "does not hold", "undecided"


@dataclass(frozen=True)
class Conclusion:
    """What README concludes from an effect, arm minus baseline.

    text: in words; sign: 1 or -1; set: its size follows from a calibration target, so that it can hardly fail.
    """

    name: str
    text: str
    baseline: str
    arm: str
    outcome: str
    sign: int
    set: bool = False

    def holds(self, effect: float) -> bool:
        """Whether an effect is as concluded."""
        return bool(np.sign(effect) == self.sign)

    def verdict(self, low: float, high: float) -> str:
        """What a 95% interval says of it."""
        if not np.isfinite([low, high]).all() or low <= 0.0 <= high:
            return UNDECIDED
        return HOLDS if self.holds(low) else NOT


CONCLUSIONS = (
    Conclusion(
        "enclave_income",
        "the county enclave raises village income",
        "solo",
        "enclave",
        "recurrent_income_mean",
        1,
        set=True,
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
        "pooling_income",
        "all versions together raise village income",
        "solo",
        "pooling",
        "recurrent_income_mean",
        1,
        set=True,
    ),
    Conclusion("pooling_value", "all versions together create value", "solo", "pooling", "value_to_date", 1),
    Conclusion("step_town", "the enclave adds to town parks", "town", "enclave", "recurrent_income_mean", 1, set=True),
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
        "aid_gain",
        "villages gain more with pooling than with cash",
        "aid:pooling",
        "pooling",
        "village_gain_to_date",
        1,
    ),
    Conclusion(
        "aid_poorest",
        "the poorest villages earn more with pooling than with cash (aid not counted)",
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


HEADLINES = (
    ("solo", "enclave"),
    ("solo", "pooling"),
    ("aid:pooling", "pooling"),
    ("solo_funded", "enclave"),
)
HEADLINE_OUTCOMES = (
    "recurrent_income_mean",
    "recurrent_income_gini",
    "income_shortfall",
    "low_income_households",
    "village_gain_to_date",
    "value_to_date",
)


def over_sets(effects: pd.DataFrame) -> pd.DataFrame:
    """Columns conclusion, sets, share, decided: over the points of a batch over an ensemble.

    share: of points whose mean effect is as concluded; decided: of those whose 95% interval says so. effects:
    ``effects_by_point.csv`` of one year: point, baseline, arm, outcome, effect, low, high.
    """
    rows = []
    for one in CONCLUSIONS:
        found = _rows(effects, one).dropna(subset=["effect"])
        holds = [one.holds(value) for value in found["effect"]]
        sure = [one.verdict(*ends) == HOLDS for ends in zip(found["low"], found["high"], strict=True)]
        shares = [float(np.mean(told)) if told else float("nan") for told in (holds, sure)]
        rows.append({"conclusion": one.name, "sets": len(found), "share": shares[0], "decided": shares[1]})
    return pd.DataFrame(rows)


def verdicts(effects: pd.DataFrame) -> dict[str, str]:
    """By conclusion, what the 95% intervals of one point and year say."""
    found = {}
    for one in CONCLUSIONS:
        rows = _rows(effects, one)
        found[one.name] = one.verdict(rows.iloc[0]["low"], rows.iloc[0]["high"]) if len(rows) else "not run"
    return found


def _rows(effects: pd.DataFrame, one: Conclusion) -> pd.DataFrame:
    mine = (effects["baseline"] == one.baseline) & (effects["arm"] == one.arm) & (effects["outcome"] == one.outcome)
    return effects[mine]


def conclusions_table(ensemble: pd.DataFrame, variants: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a conclusion: sets, share, decided, and one column a variant with what its effects say."""
    table = over_sets(ensemble)
    for name, effects in variants.items():
        told = verdicts(effects)
        table[name] = [told[one] for one in table["conclusion"]]
    return table


def headlines(ensemble: pd.DataFrame) -> pd.DataFrame:
    """The band of every headline over the parameter sets: doubt about values, beside the luck of the set in use.

    Columns baseline, arm, outcome, title, unit, in_use, low, high (95% of luck, at the first point), sets, set_low,
    set_median, set_high (least, middle and most of the points' means), above_zero (share of them). ensemble: as in
    ``over_sets``.
    """
    rows = []
    for baseline, arm in HEADLINES:
        for outcome in HEADLINE_OUTCOMES:
            mine = (ensemble["baseline"] == baseline) & (ensemble["arm"] == arm) & (ensemble["outcome"] == outcome)
            found = ensemble[mine].sort_values("point", kind="stable").dropna(subset=["effect"])
            first, values = found.iloc[0], found["effect"].to_numpy(dtype=float)
            low, median, high = np.quantile(values, (0.0, 0.5, 1.0))
            told: dict[str, object] = {"baseline": baseline, "arm": arm, "outcome": outcome}
            told |= {"title": INDICATORS[outcome].title, "unit": INDICATORS[outcome].unit}
            told |= {"in_use": first["effect"], "low": first["low"], "high": first["high"], "sets": len(values)}
            told |= {"set_low": low, "set_median": median, "set_high": high}
            rows.append({**told, "above_zero": float((values > 0.0).mean())})
    return pd.DataFrame(rows)
