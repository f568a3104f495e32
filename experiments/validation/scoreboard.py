"""The scoreboard: each target beside what the model makes of it, how far off it lies, and what follows.

Over seeds a value has a mean and Student's 95% interval: luck. Over parameter sets that fit about as well it has a
band: doubt about the values. The verdict goes by the mean at the case's own values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from experiments.effects import LEVEL
from experiments.validation.targets import CALIBRATION, CONTESTED, CONTEXT, IDENTITY, INITIAL, VALIDATION, Target

MET, MISSED, OFF = "met", "missed", "off"
BAND = (0.025, 0.975)  # quantiles of the band over parameter sets


@dataclass(frozen=True)
class Score:
    """How many of the targets that are validation are met.

    robust: share of parameter sets, mean over those targets; first_met, first_of: of those that were validation when
    the rows were first scored; first_set: how many of first_met parameters have been set to since.
    """

    met: int
    of: int
    robust: float
    first_met: int
    first_of: int
    first_set: int

    @property
    def share(self) -> float:
        """Part that is met; not a number without any."""
        return self.met / self.of if self.of else float("nan")


def verdict(target: Target, simulated: float) -> str:
    """What a simulated value means for a target of its use."""
    fits = target.met(simulated)
    if target.use == VALIDATION:
        return MET if fits else MISSED
    if target.use in (CONTESTED, CONTEXT):
        return target.use
    told = {CALIBRATION: "calibrated", IDENTITY: "identity", INITIAL: "initial"}[target.use]
    return told if fits else f"{told}, {OFF}"


def scoreboard(targets: Sequence[Target], values: pd.DataFrame, sets: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row a target, in order.

    values: at the case's own parameters, columns seed, target, value; sets: means over seeds by parameter set, one
    column a target, or None. Columns: target, title, title_zh, use, world, indicator, year, unit, kind, low_end,
    high_end, tolerance, first (whether it was validation when first scored), seeds (in which it came about), mean, low,
    high, sets, band_low, band_high, robust (share of sets that fit), distance, verdict, source.
    """
    rows = []
    for one in targets:
        found = values.loc[values["target"] == one.name, "value"].to_numpy(dtype=float)
        mean, low, high, count = _interval(found)
        rows.append(
            {
                "target": one.name,
                **one.model_dump(include={"title", "title_zh", "use", "world", "indicator", "year", "unit", "kind"}),
                "low_end": one.ends[0],
                "high_end": one.ends[1],
                "tolerance": one.tolerance,
                "first": one.judged_at_first,
                "seeds": count,
                "mean": mean,
                "low": low,
                "high": high,
                **_band(one, sets),
                "distance": one.distance(mean),
                "verdict": verdict(one, mean),
                "source": one.source,
            }
        )
    return pd.DataFrame(rows)


def score(board: pd.DataFrame) -> Score:
    """How many of the targets that are validation are met."""
    judged, first = board[board["use"] == VALIDATION], board[board["first"].astype(bool)]
    met = first[first["distance"].abs() <= 1.0]
    return Score(
        met=int((judged["verdict"] == MET).sum()),
        of=len(judged),
        robust=float(judged["robust"].mean()),
        first_met=len(met),
        first_of=len(first),
        first_set=int((met["use"] == CALIBRATION).sum()),
    )


def _interval(values: np.ndarray) -> tuple[float, float, float, int]:
    """Mean and Student's interval of the values that are there, and how many these are."""
    known = values[np.isfinite(values)]
    count = len(known)
    if count == 0:
        return float("nan"), float("nan"), float("nan"), 0
    mean = float(known.mean())
    if count == 1:
        return mean, float("nan"), float("nan"), 1
    reach = float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1) * known.std(ddof=1) / np.sqrt(count))
    return mean, mean - reach, mean + reach, count


def _band(target: Target, sets: pd.DataFrame | None) -> dict[str, float]:
    """The middle 95% over parameter sets, and the share of sets that fit, among which one without the event is not."""
    found = np.array([]) if sets is None or target.name not in sets else sets[target.name].to_numpy(dtype=float)
    known = found[np.isfinite(found)]
    if len(known) == 0:
        return {"sets": 0, "band_low": float("nan"), "band_high": float("nan"), "robust": float("nan")}
    low, high = np.quantile(known, BAND)
    fit = float(np.mean([target.met(float(value)) for value in found]))
    return {"sets": len(found), "band_low": float(low), "band_high": float(high), "robust": fit}
