"""The charts of each tab: what is read off two worlds, handed to the drawing of charts in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        low, high = (None, None) if self.answers is None else self.answers.band(side, name)
        return Curve(self.names[side], COLOURS[side], path(self.pair, side, name), low, high)

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
    note = "" if view.answers is None else view.say("bands: 95% of {seeds} seeds", seeds=len(view.answers.seeds))
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
    marks = [(line, "") for line in LINES if line <= max(float(one.max()) for one in values)]
    return parade(
        [Curve(name, colour, one) for name, colour, one in zip(view.names, COLOURS, values, strict=True)],
        title=view.say("Villages of {host}, from the poorest to the richest", host=host(view)),
        x_title=view.say("rank of the village"),
        scale=scale,
        marks=marks,
        top=float(np.quantile(np.concatenate(values), CUT)),
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
    curves = []
    for name, colour, world in zip(view.names, COLOURS, view.pair.worlds, strict=True):
        incomes = village_incomes(world.frame(view.year))
        shares = np.concatenate([[0.0], np.cumsum(incomes)]) / incomes.sum()
        curves.append(Curve(f"{name}: {view.say('Gini')}\u00a0{gini(incomes):.3f}", colour, shares))
    return _lorenz(view, curves, view.say("Who has what part: villages"), view.say("poorest villages, share"))


def lorenz_of_households(view: View) -> str:
    """Lorenz curves of the host's rural households."""
    frames = [world.frame(view.year) for world in view.pair.worlds]
    curves = [
        Curve(
            f"{name}: {view.say('Gini')}\u00a0{frame.outcomes['household_gini']:.3f}", colour, frame.households.lorenz
        )
        for name, colour, frame in zip(view.names, COLOURS, frames, strict=True)
    ]
    return _lorenz(view, curves, view.say("Who has what part: households"), view.say("poorest households, share"))


def _lorenz(view: View, curves: Sequence[Curve], title: str, x_title: str) -> str:
    return lorenz(
        curves, title=title, x_title=x_title, y_title=view.say("share of income"), empty=view.say("nothing yet")
    )


def who_pays(view: View) -> str:
    """What everybody gained more in the right world than in the left, to date; what is left over was created."""
    gains = {key: values for key, values in by_payer(view.pair, view.answers).items() if np.abs(values).max() >= 1.0}
    parts = [
        Curve(payer(view, *key), PALETTE[place % len(PALETTE)], values)
        for place, (key, values) in enumerate(sorted(gains.items(), key=lambda one: -abs(one[1][-1])))
    ]
    total = np.sum([np.zeros(len(view.pair.years)), *gains.values()], axis=0)
    return stacked(
        parts,
        years=view.pair.years,
        year=view.year,
        last_year=view.pair.fate.last_year,
        title=view.say("Who gains and who pays: B minus A, to date"),
        scale=sum_scale(np.concatenate([[0.0], *gains.values()]).tolist(), view.lang),
        total=Curve(view.say("value created"), "#222222", total),
        empty=view.say("Nothing differs between the two worlds so far."),
    )


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
