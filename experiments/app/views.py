"""The charts of each tab: what is read off two worlds, handed to the drawing of charts in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import numpy as np

from agents.place import HOME, PARK, TOWN, ZONE
from experiments.app.batch import Answers
from experiments.app.charts import PALETTE, Curve, bars, lorenz, parade, paths, stacked
from experiments.app.reading import by_payer, path, places, village_incomes
from experiments.app.world import Pair
from experiments.units import Scale
from experiments.words import name_of, say, sector, sum_scale, title_of, unit_scale
from model.indicators import INDICATORS
from model.inequality import gini
from model.scope import HOST

COLOURS, PALE = ("#b35c00", "#0173b2"), ("#dca468", "#7fb9d9")  # of the two worlds
BELOW = ("villages_below_150k", "villages_below_300k", "villages_below_1m", "villages_below_1800k")
LINES = (150_000.0, 300_000.0, 1_000_000.0, 1_800_000.0)  # yuan/year, the lines of these outcomes
LEAST = 1.0  # yuan: what never differs by more is no part of who pays
NEAR = 0.08  # part of the height of the parade below which lines crowd
CUT = 0.97  # quantile of incomes at which the parade is cut: a few rich villages would flatten all others


@dataclass(frozen=True)
class View:
    """Two worlds as they are looked at: up to which year, in which language, with which answers of many seeds."""

    pair: Pair
    year: int
    lang: str
    names: tuple[str, str]
    answers: Answers | None = None

    def say(self, text: str, **values: object) -> str:
        """A text in the reader's language."""
        return say(text, self.lang, **values)

    def curve(self, side: int, name: str) -> Curve:
        """An outcome of a world over the years, with the band of the seeds that were run."""
        values = path(self.pair, side, name)
        if self.answers is None:
            return Curve(self.names[side], COLOURS[side], values)
        low, high = (end[: len(values)] for end in self.answers.band(side, name))
        return Curve(self.names[side], COLOURS[side], values, low, high)

    def scale(self, unit: str, *values: Sequence[float] | np.ndarray) -> Scale:
        """What fits all of some values: English counts money in millions from a million on."""
        every = np.concatenate([np.asarray(one, dtype=float).ravel() for one in values])
        money = unit in ("yuan", "yuan/year") and np.nanmax(np.abs(every), initial=0.0) >= 1e6
        if money and self.lang == "en":
            return Scale(1e6, f"million {unit}")
        return unit_scale(unit, every.tolist(), self.lang)


def outcome_paths(view: View, name: str) -> str:
    """One outcome of both worlds over the years."""
    about, curves = INDICATORS[name], [view.curve(side, name) for side in (0, 1)]
    values = [path(view.pair, side, name) for side in (0, 1)]
    note = ""
    if view.answers is not None:
        known = {"seed": view.pair.fate.seed, "seeds": len(view.answers.seeds)}
        note = view.say("line: seed {seed}; band: 95% of {seeds} seeds", **known)
    return paths(
        curves,
        years=view.pair.years,
        year=view.year,
        last_year=view.pair.fate.last_year,
        title=title_of(about, view.lang),
        scale=view.scale(about.unit, *values),
        note=note,
        empty=view.say("nothing yet"),
    )


def parade_of_villages(view: View) -> str:
    """Incomes of the host's villages from the lowest to the highest."""
    values = [village_incomes(world.frame(view.year)) for world in view.pair.worlds]
    scale = view.scale("yuan/year", *values)
    top = float(np.quantile(np.concatenate(values), CUT))
    # Lines that lie too near the axis to be told apart are left out.
    marks = [(line, line_of(view, line)) for line in LINES if NEAR * top <= line <= top]
    return parade(
        [Curve(name, colour, one) for name, colour, one in zip(view.names, COLOURS, values, strict=True)],
        title=view.say("Villages of {host}, from the poorest to the richest", host=host(view)),
        x_title=view.say("rank of the village"),
        scale=scale,
        marks=marks,
        top=top,
        empty=view.say("nothing yet"),
    )


def villages_below(view: View) -> str:
    """How many villages lie below each line of income."""
    groups = [view.say("below {line}", line=line_of(view, one)) for one in LINES]
    series = [
        Curve(name, colour, [world.frame(view.year).outcomes[one] for one in BELOW])
        for name, colour, world in zip(view.names, COLOURS, view.pair.worlds, strict=True)
    ]
    title = view.say("Villages of {host} below each line", host=host(view))
    return bars(groups, series, title=title, scale=Scale(1.0, view.say("villages")), empty=view.say("nothing yet"))


def line_of(view: View, yuan: float) -> str:
    """A line of income in words."""
    return f"{yuan / 1e4:g}万元" if view.lang == "zh" else f"{yuan / 1e6:g} million"


def lorenz_of_villages(view: View) -> str:
    """Lorenz curves of the host's villages."""
    incomes = [village_incomes(world.frame(view.year)) for world in view.pair.worlds]
    shares = [np.concatenate([[0.0], np.cumsum(one)]) / one.sum() for one in incomes]
    title, x_title = view.say("Who has what part: villages"), view.say("poorest villages, share")
    return _lorenz(view, shares, [gini(one) for one in incomes], title, x_title)


def lorenz_of_households(view: View) -> str:
    """Lorenz curves of the host's rural households."""
    frames = [world.frame(view.year) for world in view.pair.worlds]
    ginis = [frame.outcomes["household_gini"] for frame in frames]
    title, x_title = view.say("Who has what part: households"), view.say("poorest households, share")
    return _lorenz(view, [frame.households.lorenz for frame in frames], ginis, title, x_title)


def _lorenz(view: View, shares: Sequence[np.ndarray], ginis: Sequence[float], title: str, x_title: str) -> str:
    """Both worlds' curves. Blanks that no line shall end at are no-break spaces."""
    names = [f"{letter}:\u00a0{view.say('Gini')}\u00a0{one:.3f}" for letter, one in zip("AB", ginis, strict=True)]
    curves = [Curve(*one) for one in zip(names, COLOURS, shares, strict=True)]
    y_title, empty = view.say("share of income"), view.say("nothing yet")
    return lorenz(curves, title=title, x_title=x_title, y_title=y_title, empty=empty)


def who_pays(view: View) -> str:
    """What everybody gained more in the right world than in the left, to date; what is left over was created."""
    gains = {payer(view, *key): values for key, values in by_payer(view.pair, view.answers).items()}
    gains = {name: values for name, values in gains.items() if np.abs(values).max() >= LEAST}
    total = np.sum([*gains.values()], axis=0) if gains else np.full(len(view.pair.years), np.nan)
    named = _largest(gains, view.say("all others"))
    return stacked(
        [Curve(name, colour, values) for (name, values), colour in zip(named.items(), PALETTE, strict=False)],
        years=view.pair.years,
        year=view.year,
        last_year=view.pair.fate.last_year,
        title=view.say("Who gains and who pays: B minus A, to date, discounted"),
        scale=sum_scale(np.concatenate([[0.0], *named.values()]).tolist(), view.lang),
        total=Curve(view.say("value created"), "#222222", total),
        empty=view.say("Nothing differs between the two worlds so far."),
    )


def _largest(gains: Mapping[str, np.ndarray], others: str) -> dict[str, np.ndarray]:
    """As many parts as there are colours, the largest first; the last holds what is left."""
    ranked = sorted(gains.items(), key=lambda one: -np.abs(one[1]).max())
    if len(ranked) <= len(PALETTE):
        return dict(ranked)
    kept = len(PALETTE) - 1
    return {**dict(ranked[:kept]), others: np.sum([values for _, values in ranked[kept:]], axis=0)}


def payer(view: View, kind: str, county: str) -> str:
    """What a sector is called: kind and name of its county, as ``reading.by_payer`` has them."""
    names = {one.name: name_of(one, view.lang) for one in view.pair.fate.case.counties}
    if not kind:
        return view.say("all of {county}", county=names[county])
    return sector(kind, names.get(county, ""), view.lang)


def place_bars(view: View, which: int) -> str:
    """By kind of place the share of floor that is let (which: 0), or the asking rent (1)."""
    groups = {
        HOME: view.say("villages' own floor"),
        TOWN: view.say("parks of towns"),
        ZONE: view.say("the county's zone"),
        PARK: view.say("common parks of paired counties"),
    }
    found = [places(world.frame(view.year)) for world in view.pair.worlds]
    series = [
        Curve(name, colour, [one[kind][which] for kind in groups])
        for name, colour, one in zip(view.names, COLOURS, found, strict=True)
    ]
    title = view.say("Asking rent by place") if which else view.say("Floor that is let, by place")
    unit = view.say("yuan/m2/month") if view.lang == "zh" else "yuan/m2/month"
    scale = Scale(1.0, unit if which else "")
    return bars(list(groups.values()), series, title=title, scale=scale, share=not which, empty=view.say("nothing yet"))


def guarantee(view: View) -> str:
    """What guarantors promised, and what they added to the rent."""
    texts = {"coupon_due": view.say("promised"), "top_ups": view.say("topped up")}
    found = [
        (f"{view.names[side]}: {texts[name]}", shades[side], path(view.pair, side, name))
        for side in (0, 1)
        for name, shades in (("coupon_due", PALE), ("top_ups", COLOURS))
    ]
    return paths(
        [Curve(*one) for one in found],
        years=view.pair.years,
        year=view.year,
        last_year=view.pair.fate.last_year,
        title=view.say("Guaranteed payments: promised, and topped up by the guarantor"),
        scale=view.scale("yuan/year", *(values for _, _, values in found)),
        empty=view.say("nothing yet"),
    )


def host(view: View) -> str:
    """The name of the host county."""
    return name_of(view.pair.fate.case.counties[HOST], view.lang)


def _paths(name: str) -> Callable[[View], str]:
    return partial(_outcome, name=name)


def _outcome(view: View, *, name: str) -> str:
    return outcome_paths(view, name)


def _occupancy(view: View) -> str:
    return place_bars(view, 0)


def _rents(view: View) -> str:
    return place_bars(view, 1)


# The tabs: title, and the charts in it, three a row.
TABS: Sequence[tuple[str, Sequence[Callable[[View], str]]]] = (
    (
        "Incomes",
        (
            *(_paths("recurrent_income_mean"), parade_of_villages, villages_below),
            *(_paths("pool_income_mean"), _paths("income_shortfall"), _paths("low_income_households")),
        ),
    ),
    ("Equality", (_paths("recurrent_income_gini"), lorenz_of_villages, lorenz_of_households)),
    ("Who pays", (who_pays, _paths("public_outlay_to_date"), _paths("village_income_to_date"))),
    ("Places", (_occupancy, _rents, _paths("value_added"))),
    ("Treasury", (_paths("treasury"), guarantee, _paths("unpaid_guarantees"))),
)


def charts_html(view: View, tab: int) -> str:
    """The charts of a tab, each in a box of its own."""
    figures = []
    for number, draw in enumerate(TABS[tab][1], start=1):
        name = f"feidi-{TABS[tab][0].lower().replace(' ', '-')}-{number}-{view.year}.svg"
        told = escape(view.say("save this figure"))
        save = f'<button class="save" data-save="{name}" title="{told}" aria-label="{told}">⤓</button>'
        figures.append(f'<figure class="feidi-chart">{draw(view)}{save}</figure>')
    return "".join(figures)
