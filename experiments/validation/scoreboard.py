"""The scoreboard: each target beside what the model makes of it, how far off it lies, and what follows.

Over seeds a value has a mean and Student's 95% interval: luck. Over the parameter sets of the ensemble it has a range:
doubt about the values. The verdict goes by the mean at the case's own values; beside it stand the share of runs that
fit by themselves, and what comes out where nobody pools: a target that is met there too says nothing for pooling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.effects import LEVEL, student
from experiments.validation.levels import WORLD, Wanted
from experiments.validation.targets import (
    CALIBRATION,
    CONTESTED,
    CONTEXT,
    IDENTITY,
    INITIAL,
    VALIDATION,
    Target,
    Targets,
)

MET, MISSED, OFF = "met", "missed", "off"
ALONE = "solo"  # the world in which nobody pools


@dataclass(frozen=True)
class Score:
    """How many of the targets that are validation are met.

    alone: how many of met are met where nobody pools too; sets: how many parameter sets there are; robust: share of
    them, mean over those targets; first_met, first_of: of those that were validation when
    the rows were first scored; first_set: how many of first_met parameters have been set to since.
    """

    met: int
    of: int
    alone: int
    sets: int
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

    values: at the case's own parameters, columns seed, target, value, the targets as ``without_pooling`` names them
    among them; sets: means over seeds by parameter set, one column a target, or None. Columns: target, title, title_zh,
    use, world, indicator, year, unit, kind, low_end, high_end, tolerance, first (whether it was validation when first
    scored), seeds (in which it came about), mean, low, high, fits (share of runs that fit), alone (mean without
    pooling), alone_met, sets, band_low, band_high (least and most over sets), robust (share of sets that fit),
    distance, verdict, source.
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
                "fits": float(np.mean([one.met(value) for value in found])) if len(found) else float("nan"),
                **_alone(one, values),
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
        alone=int(((judged["verdict"] == MET) & judged["alone_met"].astype(bool)).sum()),
        sets=int(judged["sets"].max()) if len(judged) else 0,
        robust=float(judged["robust"].mean()),
        first_met=len(met),
        first_of=len(first),
        first_set=int((met["use"] == CALIBRATION).sum()),
    )


def without_pooling(targets: Targets) -> list[Wanted]:
    """What the scoreboard looks at besides targets: those that are judged, in the world where nobody pools."""
    if ALONE not in [one.name for one in targets.worlds]:
        return []
    judged = [one for one in targets.of_use(VALIDATION) if one.world == WORLD]
    return [Wanted(f"{one.name} {ALONE}", one.indicator, ALONE, one.year) for one in judged]


def _alone(target: Target, values: pd.DataFrame) -> dict[str, float | bool]:
    """The mean where nobody pools, not a number where that was not looked at, and whether it would be met there."""
    mean = _interval(values.loc[values["target"] == f"{target.name} {ALONE}", "value"].to_numpy(dtype=float))[0]
    return {"alone": mean, "alone_met": target.met(mean)}


def _interval(values: np.ndarray) -> tuple[float, float, float, int]:
    """Mean and Student's interval of the values that are there, and how many these are."""
    known = values[np.isfinite(values)]
    count = len(known)
    if count == 0:
        return float("nan"), float("nan"), float("nan"), 0
    mean = float(known.mean())
    if count == 1:
        return mean, float("nan"), float("nan"), 1
    reach = float(student(LEVEL, count - 1) * known.std(ddof=1) / np.sqrt(count))
    return mean, mean - reach, mean + reach, count


def _band(target: Target, sets: pd.DataFrame | None) -> dict[str, float]:
    """Least and most over parameter sets, and the share of sets that fit, among which one without the event is not."""
    found = np.array([]) if sets is None or target.name not in sets else sets[target.name].to_numpy(dtype=float)
    known = found[np.isfinite(found)]
    if len(known) == 0:
        return {"sets": 0, "band_low": float("nan"), "band_high": float("nan"), "robust": float("nan")}
    fit = float(np.mean([target.met(float(value)) for value in found]))
    return {"sets": len(found), "band_low": float(known.min()), "band_high": float(known.max()), "robust": fit}
