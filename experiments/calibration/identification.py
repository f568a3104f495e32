"""Identification: which parameters the published figures pin down, which only with others, which not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.emulator import one_thread, scaled
from experiments.calibration.moments import CalibrationError, Moment
from experiments.sampling import Floats, Range

if TYPE_CHECKING:
    import pandas as pd

SHRUNK = 0.75  # a parameter is identified where its interquartile range is below this share of the uniform's (assumed)
TIED = 0.25  # share of a parameter's ranks that the others explain, for a trade-off (assumed: a correlation of a half)
LEAST_POINTS = 20


@dataclass(frozen=True)
class Identified:
    """What the part of the space that is left says of the parameters, and the design of the moments.

    parameters: parameter, ratio (its interquartile range over the uniform's), standard_error (of a ratio of 1), tied
    (share of its ranks that all others explain), partner (the one it is most correlated with), correlation, verdict:
    ``identified``, ``trade-off`` (free alone, tied to others) or ``not identified``.
    tradeoffs: one, other, correlation (of ranks), of the pairs that go together closely, the strongest first.
    drivers: moment, parameter, coefficient, standard_error: standard deviations of the moment a standard deviation of
    the parameter, other parameters held (linear regression), the strongest of each moment first.
    """

    parameters: pd.DataFrame
    tradeoffs: pd.DataFrame
    drivers: pd.DataFrame


def identified(
    kept: pd.DataFrame,
    design: pd.DataFrame,
    moments: Sequence[Moment],
    ranges: Mapping[str, Range],
    *,
    independent: int | None = None,
) -> Identified:
    """Judge the parameters by points spread evenly over what is left, and the moments by the runs of a design.

    kept, design: as in ``matching.Wave`` and ``matching.wave``; independent: how many of the points do not stem from
    each other (``Wave.survivors``), for the standard errors; all where not given. Raises CalibrationError for fewer
    than 20 points.
    """
    if len(kept) < LEAST_POINTS:
        raise CalibrationError(f"{len(kept)} points are left: nothing can be said of parameters with fewer than 20.")
    ranks, independent = _ranks(kept, ranges), independent or len(kept)
    with one_thread():
        related = ranks.T @ ranks
        return Identified(
            _parameters(kept, ranges, related, _tied(ranks, independent), independent),
            _tradeoffs(list(ranges), related),
            _drivers(design, moments, ranges),
        )


def _ranks(kept: pd.DataFrame, ranges: Mapping[str, Range]) -> Floats:
    """Ranks in each column, with mean 0 and length 1, shape (points, keys); of a column that never differs all 0."""
    ranks = kept[list(ranges)].rank().to_numpy(dtype=float)
    ranks = ranks - ranks.mean(axis=0)
    length = np.sqrt(np.sum(ranks**2, axis=0))
    return np.asarray(ranks / np.where(length > 0.0, length, 1.0))


def _tied(ranks: Floats, independent: int) -> Floats:
    """The share of each column that a linear regression on the others explains, adjusted for what luck explains."""
    keys = ranks.shape[1]
    shares = np.zeros(keys)
    for key in range(keys):
        others, own = np.delete(ranks, key, axis=1), ranks[:, key]
        left = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
        if own.any() and independent > keys:
            shares[key] = max(0.0, 1.0 - float(left @ left) * (independent - 1) / (independent - keys))
    return shares


def _parameters(
    kept: pd.DataFrame, ranges: Mapping[str, Range], related: Floats, tied: Floats, independent: int
) -> pd.DataFrame:
    """The table of parameters."""
    import pandas as pd

    keys, rows = list(ranges), []
    for place, (key, one) in enumerate(ranges.items()):
        ratio = shrinkage(kept[key].to_numpy(dtype=float), one)
        row = {"parameter": key, "ratio": ratio, "standard_error": independent**-0.5, "tied": tied[place]}
        rows.append(row | _partner(keys, related, place) | {"verdict": _verdict(ratio, tied[place], independent)})
    return pd.DataFrame(rows)


def _partner(keys: Sequence[str], related: Floats, place: int) -> dict[str, Any]:
    """The parameter with which one is most correlated; none for a single parameter."""
    strength = np.abs(related[place])
    strength[place] = -1.0
    other = int(np.argmax(strength))
    if len(keys) == 1:
        return {"partner": "", "correlation": np.nan}
    return {"partner": keys[other], "correlation": float(related[place, other])}


def _verdict(ratio: float, tied: float, independent: int) -> str:
    """What a report says of a parameter: that it is identified where luck alone would not make its range as narrow."""
    if ratio < min(SHRUNK, 1.0 - 2.0 * independent**-0.5):
        return "identified"
    return "trade-off" if tied >= TIED else "not identified"


def shrinkage(values: Floats, one: Range) -> float:
    """The interquartile range of values over that of all numbers of the range alike; 1: nothing was learnt.

    Whole numbers stand for the unit intervals round them, so that few of them have quartiles too.
    """
    if not one.whole:
        low, high = np.quantile(values, (0.25, 0.75))
        return float((high - low) / (0.5 * (one.high - one.low)))
    edges = np.arange(one.low, one.high + 2.0) - 0.5
    below = np.concatenate([[0.0], np.cumsum(np.histogram(values, edges)[0]) / len(values)])
    low, high = np.interp((0.25, 0.75), below, edges)
    return float((high - low) / (0.5 * (one.high - one.low + 1.0)))


def _tradeoffs(keys: Sequence[str], related: Floats) -> pd.DataFrame:
    """The pairs of parameters that go together closely, the most correlated first."""
    import pandas as pd

    pairs = [(keys[one], keys[other], float(related[one, other])) for one, other in combinations(range(len(keys)), 2)]
    pairs = [pair for pair in pairs if pair[2] ** 2 >= TIED]
    pairs.sort(key=lambda pair: -abs(pair[2]))
    return pd.DataFrame(pairs, columns=["one", "other", "correlation"])


def _drivers(design: pd.DataFrame, moments: Sequence[Moment], ranges: Mapping[str, Range]) -> pd.DataFrame:
    """Which parameters move each moment, by linear regression. Raises CalibrationError for too few runs."""
    import pandas as pd

    keys, parts = list(ranges), []
    for one in moments:
        happened = design[np.isfinite(design[one.name].to_numpy(dtype=float))]
        slopes, errors = _regression(scaled(happened, ranges), happened[one.name].to_numpy(dtype=float), one.name)
        part = pd.DataFrame({"moment": one.name, "parameter": keys, "coefficient": slopes, "standard_error": errors})
        parts.append(part.sort_values("coefficient", key=np.abs, ascending=False, kind="stable"))
    return pd.concat(parts, ignore_index=True)


def _regression(inputs: Floats, values: Floats, moment: str) -> tuple[Floats, Floats]:
    """Standardised slopes and their standard errors, shape (keys,); nan where the moment happened in too few runs."""
    count, keys = inputs.shape
    if count < keys + 2:
        return np.full(keys, np.nan), np.full(keys, np.nan)
    centred, own = inputs - inputs.mean(axis=0), values - values.mean()
    spread = np.where(centred.std(axis=0) > 0.0, centred.std(axis=0), 1.0)
    size = float(own.std()) or 1.0
    unit, own = centred / spread, own / size
    inverse = np.linalg.pinv(unit.T @ unit)
    slopes = inverse @ unit.T @ own
    left = own - unit @ slopes
    return slopes, np.sqrt(left @ left / (count - keys - 1) * np.diag(inverse))
