"""What the page reads off two worlds: paths of outcomes, differences, who gained, and the state of places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from agents.place import HOME, PARK, TOWN, ZONE
from experiments.app.batch import Answers
from experiments.app.frame import Frame
from experiments.app.world import Pair
from experiments.effects import Floats
from experiments.gains import Sectors, discount_factors, parts_of_a_yuan, sector_name
from model.accounts import sectors
from model.draws import Draws
from model.indicators import RATIOS
from model.scope import HOST

CATEGORIES = (HOME, TOWN, ZONE, PARK)


class Difference(NamedTuple):
    """An outcome of the two worlds in a year. low, high: of the mean difference over seeds, nan where none were run."""

    left: float
    right: float
    difference: float
    low: float = np.nan
    high: float = np.nan


def path(pair: Pair, side: int, name: str) -> Floats:
    """An outcome of a world in all lived years."""
    return np.array([frame.outcomes[name] for frame in pair.worlds[side].frames])


def difference(pair: Pair, year: int, name: str, answers: Answers | None = None) -> Difference:
    """An outcome in a year: by the seeds that were run where there are answers, else by the luck that is watched."""
    if answers is None:
        left, right = (world.frame(year).outcomes[name] for world in pair.worlds)
        return Difference(left, right, right - left)
    effect, place = answers.effect(name), year - pair.years[0]
    fields = (effect.baseline_mean, effect.arm_mean, effect.difference, effect.low, effect.high)
    return Difference(*(float(field[place]) for field in fields))


def ratio(pair: Pair, year: int, name: str, answers: Answers | None = None) -> float:
    """A ratio of two (mean) differences in a year; nan where it is not sure that anything was gained to divide by."""
    about = RATIOS[name]
    above, below = (difference(pair, year, part, answers) for part in (about.numerator, about.denominator))
    unsure = np.isfinite(below.low) and below.low <= 0.0
    return above.difference / below.difference if below.difference > 0.0 and not unsure else np.nan


def gains_by_seed(pair: Pair, answers: Answers | None = None) -> Floats:
    """What each sector gained more in the right world, to date and discounted: yuan, shape (seeds, years, sectors).

    Of the seed that is watched where no others were run.
    """
    if answers is None:
        left, right = (np.array([[one.accounts.gain for one in world.frames]]) for world in pair.worlds)
    else:
        left, right = (gains[:, : len(pair.years)] for gains in answers.gains)
    rate = pair.fate.case.parameters.but(dict(pair.fate.changes))["prices.discount_rate"]
    # The opening has no gain, and the first year counts in full.
    factors = np.concatenate([[0.0], discount_factors(right.shape[1] - 1, rate)])
    found: Floats = np.cumsum(factors[:, None] * (right - left), axis=1)
    return found


def gains_to_date(pair: Pair, answers: Answers | None = None) -> Floats:
    """The same as the mean over seeds, shape (years, sectors)."""
    mean: Floats = gains_by_seed(pair, answers).mean(axis=0)
    return mean


def by_payer(pair: Pair, answers: Answers | None = None) -> dict[tuple[str, str], Floats]:
    """The same by who it is: sectors of the host county, the other counties as one each, Outside; (years,) each.

    Keys are kind and name of the county; the kind is empty for all sectors of a county that is no host.
    """
    gains, host = gains_to_date(pair, answers), pair.fate.case.counties[HOST].name
    found: dict[tuple[str, str], Floats] = {}
    for row, (kind, county) in enumerate(sectors(pair.fate.case)):
        key = (kind, county) if county in (host, "") else ("", county)
        found[key] = found.get(key, 0.0) + gains[:, row]
    return found


class Part(NamedTuple):
    """A part of each yuan that anybody gained, or lost: from whom or to whom, or that it was created; its share.

    low, high: over the seeds that were run, nan where it was one.
    """

    direction: str
    part: str
    share: float
    low: float
    high: float


def parts_of_gain(pair: Pair, year: int, answers: Answers | None = None) -> list[Part]:
    """Of each yuan gained to date by all who, like the host's villages, gained (or lost): the parts, largest first."""
    gains = gains_by_seed(pair, answers)[:, year - pair.years[0]]
    names = [sector_name(kind, county) for kind, county in sectors(pair.fate.case)]
    host = sector_name("Village", pair.fate.case.counties[HOST].name)
    # Amounts of different order sum to zero but for rounding where nothing differs.
    size = max(abs(frame.accounts.gross) for world in pair.worlds for frame in world.frames)
    gained = Sectors(names, np.where(np.abs(gains) > 1e-9 * size, gains, 0.0))
    draw = Draws(pair.fate.seed).generator("of each yuan", year)
    rows = parts_of_a_yuan(gained, host, draw)
    parts = [Part(direction, part, share, low, high) for _, direction, part, share, low, high, _ in rows]
    return sorted(parts, key=lambda one: -abs(one.share))


def places(frame: Frame) -> Mapping[int, tuple[float, float]]:
    """Share of floor let and asking rent (yuan/m2/month) by kind of place; nan where there is no floor.

    Places of the host county, and the common parks of all.
    """
    project, place = frame.tables["Project"], frame.tables["Place"]
    category, county = place["category"][project["place"]], place["county"][project["place"]]
    found = {}
    for kind in CATEGORIES:
        mine = (category == kind) & ((county == HOST) | (kind == PARK)) & (project["floor"] > 0.0)
        floor = project["floor"][mine]
        total = float(floor.sum())
        shares = (
            float(project["let"][mine].sum()) / total if total else np.nan,
            float((project["rent"][mine] * floor).sum()) / total if total else np.nan,
        )
        found[kind] = shares
    return found


def village_incomes(frame: Frame) -> Floats:
    """Recurrent incomes of the host's villages, the lowest first: yuan/year."""
    villages = frame.tables["Village"]
    return np.sort(villages["recurrent_income"][villages["county"] == HOST])
