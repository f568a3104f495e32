"""The figures of the counties of a synthetic case: those of the real case, at another size and another income.

Two of the real case's counties are points on a line: Pinghu, rich, and Qingtian, poorer. A county between them in
income per head lies on the straight line between their logarithms; outside of them a figure follows income, but not
more than in proportion, since two points say little of what lies far from both. Qualities, which are log points, stay
on the straight line. Figures of a whole county grow with the households that it stands for. The first county is Pinghu
at its own size; each other one is off the line by luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from agents.household import spread_of_gini
from agents.table import Array
from model.cases import Case
from model.draws import Draws, keys_of
from model.parameters import Parameter, ParameterError, Parameters, Value
from model.synthetic.errors import SynthesisError

RICH, POOR = "pinghu", "qingtian"
NOW = 2021  # year of the incomes that counties are compared by
DIGITS = 4  # that are written of a figure

OF_SIZE = (
    "revenue",
    "plan_quota",
    "urban_gap",
    "zone_land_demand",
    "zone_floor",
    "firms",
    "entrants",
    "elsewhere_floor",
)
OF_VILLAGE = ("urban_value", "income_median", "common_income", "idle_mean")
OF_INCOME = ("income_per_head", "industrial_price", "wage_level")  # no luck: income has its own, the others go by it
QUALITIES = ("zone_quality", "home_quality")
AS_THERE = ("programme_share", "town_income")  # alike in all counties, or without meaning where no town has households


class Figure(NamedTuple):
    """One figure of a county as a case file says it: a number or numbers by year, and the range that studies sample."""

    value: Value
    between: str
    range: tuple[float, float]


class RealCase:
    """What the figures of a synthetic case are taken from."""

    def __init__(self, case: Case) -> None:
        """Take the case of Pinghu: count the households of its two counties, and the villages of the rich one."""
        self.parameters = case.parameters
        names = {county.name: county.slug for county in case.counties}
        self.households = {
            slug: sum(sum(town.households) for town in case.towns if names[town.county] == slug)
            for slug in (RICH, POOR)
        }
        self.villages = sum(len(town.households) for town in case.towns if names[town.county] == RICH)
        self.poorer = self.income(POOR) / self.income(RICH)

    def income(self, slug: str) -> float:
        """Rural income per head of a county, yuan/year."""
        return self.parameters.at(f"{slug}.income_per_head", NOW)

    def both(self, name: str) -> tuple[Parameter, Parameter]:
        """A figure of the rich and of the poor county."""
        return self.parameters.declared(f"{RICH}.{name}"), self.parameters.declared(f"{POOR}.{name}")


def relative_incomes(p: Parameters, draws: Draws, real: RealCase, counties: int) -> Array:
    """Rural income per head of each county over that of the first, which has Pinghu's. Shape (counties,)."""
    spread = spread_of_gini(p["synthetic.income_gini"])
    luck = draws.keyed_normal("synthetic: income", 0, keys_of("synthetic county", count=counties))
    mean = p["synthetic.income_mean"] / real.income(RICH)
    relative: Array = mean * np.exp(spread * luck - 0.5 * spread**2)
    relative[0] = 1.0
    return relative


def along(income: float, *, rich: float, poor: float, poorer: float) -> float:
    """A figure at an income over the rich county's, by its values there (``rich``) and in the poor county (``poor``).

    poorer: income of the poor county over the rich one's, below 1. Between the two the figure is
    ``rich * income ** e`` with the e that meets both; outside of them e is at most 1. 0 where either has 0.
    """
    if rich <= 0.0 or poor <= 0.0:
        return 0.0
    slope = np.log(poor / rich) / np.log(poorer)
    inside = min(max(income, poorer), 1.0)
    return float(rich * inside**slope * (income / inside) ** min(slope, 1.0))


def draw_figures(
    p: Parameters, draws: Draws, real: RealCase, *, incomes: Array, households: Array, slugs: list[str]
) -> list[dict[str, Figure]]:
    """All figures of each county. incomes: over the first county's; households: stood for; both (counties,).

    Raises SynthesisError where a county is so large that a figure leaves its limits.
    """
    keys = keys_of("synthetic county", count=len(slugs))
    others = np.arange(len(slugs)) > 0
    luck = {
        name: others * draws.keyed_normal(f"synthetic: {name}", 0, keys) for name in (*OF_SIZE, *OF_VILLAGE, *QUALITIES)
    }
    angles = 2.0 * np.pi * draws.keyed_uniform("synthetic: direction of the zone", 0, keys)
    found = []
    for row, slug in enumerate(slugs):
        figures = {
            name: _on_the_line(p, real, name, float(incomes[row]), float(households[row]), float(drawn[row]), row == 0)
            for name, drawn in {**luck, **dict.fromkeys(OF_INCOME, np.zeros(len(slugs)))}.items()
        }
        figures |= {name: _as_in(real.both(name)[1]) for name in AS_THERE}
        figures |= _zone(real, float(angles[row]), moved=row > 0)
        _check(real, slug, figures)
        found.append({name: figures[name] for name in _names(real)})
    return found


def _names(real: RealCase) -> list[str]:
    """All figures that a county must have, in the order in which they are declared."""
    return [key.partition(".")[2] for key in real.parameters if key.startswith(f"{RICH}.")]


def _on_the_line(
    p: Parameters, real: RealCase, name: str, income: float, households: float, luck: float, first: bool
) -> Figure:
    """One figure of a county. luck: a standard normal number; first: whether its range is Pinghu's, not Qingtian's."""
    rich, poor = real.both(name)
    like = rich if first else poor
    if name in QUALITIES:
        value = _plain(rich) + (_plain(poor) - _plain(rich)) * float(np.log(income) / np.log(real.poorer))
        return _around(value + luck * p["synthetic.quality_spread"], like)
    spread = float(np.exp(luck * p["synthetic.figure_spread"]))
    of_size = name in OF_SIZE

    def here(in_rich: float, in_poor: float) -> float:
        sizes = (real.households[RICH], real.households[POOR]) if of_size else (1.0, 1.0)
        per = along(income, rich=in_rich / sizes[0], poor=in_poor / sizes[1], poorer=real.poorer)
        return rounded(per * spread * (households if of_size else 1.0))

    if not isinstance(rich.value, Mapping) or not isinstance(poor.value, Mapping):
        value = here(_plain(rich), _plain(poor))
        return Figure(value, "step", _moved(like, value, _plain(like)))
    path = {year: here(amount, poor.value[year]) for year, amount in rich.value.items()}
    return Figure(path, rich.between, _moved_path(like, path))


def _plain(one: Parameter) -> float:
    """The value of a figure that is the same in all years."""
    return float(one.value)  # type: ignore[arg-type]


def rounded(value: float) -> float:
    """A number with a few digits, as people write figures."""
    return float(f"{value:.{DIGITS}g}")


def _moved(like: Parameter, value: float, at: float) -> tuple[float, float]:
    """The range of a figure of the real case, moved in proportion from its value there to a value here."""
    part = value / at if at > 0.0 else 0.0
    low, high = like.range or (at, at)
    return rounded(low * part), rounded(high * part)


def _moved_path(like: Parameter, path: Mapping[int, float]) -> tuple[float, float]:
    """The same for numbers by year: the range is that of the first year whose number lies in it."""
    low, high = like.range or (0.0, 0.0)
    there = dict(like.value)  # type: ignore[arg-type]
    year = next((year for year, amount in there.items() if low <= amount <= high), max(there))
    return _moved(like, path[year], there[year])


def _around(value: float, like: Parameter) -> Figure:
    """A quality, with the range of that of the real case moved to it."""
    low, high = (value + end - _plain(like) for end in like.range or (_plain(like), _plain(like)))
    return Figure(round(value, DIGITS), "step", (round(low, DIGITS), round(high, DIGITS)))


def _as_in(one: Parameter) -> Figure:
    """A figure that is that of the real case."""
    return Figure(_plain(one), "step", one.range or (_plain(one), _plain(one)))


def _zone(real: RealCase, angle: float, *, moved: bool) -> dict[str, Figure]:
    """Where the development zone lies: as far from the seat as Pinghu's, in the first county also where Pinghu's is."""
    east, north = (real.both(name)[0] for name in ("zone_east", "zone_north"))
    if not moved:
        return {"zone_east": _as_in(east), "zone_north": _as_in(north)}
    away = float(np.hypot(_plain(east), _plain(north)))
    return {
        name: _as_in(one)._replace(value=round(away * float(turn(angle)), 2))
        for name, one, turn in (("zone_east", east, np.cos), ("zone_north", north, np.sin))
    }


def _check(real: RealCase, slug: str, figures: Mapping[str, Figure]) -> None:
    """Refuse a county that is too large, or too rich, for the limits of its figures. Raises SynthesisError."""
    for name, figure in figures.items():
        try:
            real.both(name)[0].but(figure.value, range=figure.range)
        except ParameterError as error:
            raise SynthesisError(
                f"a county becomes too large for the limits of its figures ({slug}.{name}: {error}) "
                "Give more counties, or fewer villages and households."
            ) from None
