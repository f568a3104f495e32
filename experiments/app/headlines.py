"""The headline cards: what the two worlds brought by the year shown, and the difference, with its interval."""

from __future__ import annotations

import math
from html import escape
from typing import NamedTuple

from experiments.app.batch import Answers
from experiments.app.reading import Difference, difference, ratio
from experiments.app.telling import interval, parted
from experiments.app.world import Pair
from experiments.words import say, title_of
from model.indicators import INDICATORS, RATIOS

LEVELS = ("recurrent_income_mean", "income_shortfall", "recurrent_income_gini", "low_income_households", "treasury")
WITH_AID = ("income_and_aid_mean", "village_income_to_date")  # told too where one of the worlds gets cash aid
ONLY_DIFFERENCES = ("village_gain_to_date", "value_to_date")
OUTLAY = "public_cost_per_yuan"
BALANCED = 1e-9  # relative imbalance of the books up to which the light is green; the ledger refuses more


class Headline(NamedTuple):
    """A card: outcome, title, what each world brought (empty where only differences mean something), the difference."""

    name: str
    title: str
    left: str
    right: str
    difference: str
    unit: str
    interval: str
    better: str


def headlines(pair: Pair, year: int, lang: str, answers: Answers | None = None) -> list[Headline]:
    """All cards of a year."""
    aided = any(world.scenario.aid_of is not None for world in pair.worlds)
    names = (*LEVELS, *(WITH_AID if aided else ()), *ONLY_DIFFERENCES)
    found = [_headline(pair, year, name, lang, answers) for name in names]
    outlay = ratio(pair, year, OUTLAY, answers)
    told = parted(outlay, RATIOS[OUTLAY].unit, lang)
    return [*found, Headline(OUTLAY, title_of(RATIOS[OUTLAY], lang), "", "", *told, "", "")]


def _headline(pair: Pair, year: int, name: str, lang: str, answers: Answers | None) -> Headline:
    about, found = INDICATORS[name], difference(pair, year, name, answers)
    size = max((abs(one) for one in (found.left, found.right) if math.isfinite(one)), default=0.0)
    if name in ONLY_DIFFERENCES:
        size = abs(found.difference)
    left, right = (parted(value, about.unit, lang, size=size)[0] for value in (found.left, found.right))
    if name in ONLY_DIFFERENCES:
        left = right = ""
    return Headline(
        name,
        title_of(about, lang),
        left,
        right,
        *parted(found.difference, about.unit, lang, signed=True, size=size),
        interval(found.low, found.high, about.unit, lang, size=size),
        _verdict(found, about.better),
    )


def _verdict(found: Difference, better: str) -> str:
    """Whether the difference is good or bad, as far as the outcome says and an interval over seeds leaves no doubt."""
    if better == "neither" or not math.isfinite(found.low) or found.low <= 0.0 <= found.high:
        return ""
    return "good" if (found.difference > 0.0) == (better == "higher") else "bad"


def headlines_html(pair: Pair, year: int, lang: str, answers: Answers | None = None) -> str:
    """The cards as HTML."""
    cards = "".join(_card(one, lang) for one in headlines(pair, year, lang, answers))
    luck = escape(_luck(pair, lang, answers))
    return f'<p class="feidi-luck">{luck}</p><div class="feidi-cards" data-year="{year}">{cards}</div>'


def _luck(pair: Pair, lang: str, answers: Answers | None) -> str:
    """Whose figures the cards tell."""
    seed = pair.fate.seed
    if answers is None:
        return (
            say("B minus A.", lang) + " " + say("One luck, seed {seed}: run many seeds for intervals.", lang, seed=seed)
        )
    means = say("Means of {seeds} seeds, with 95% intervals.", lang, seeds=len(answers.seeds))
    rest = say("The graph, the lines of charts and the cards of agents show seed {seed}.", lang, seed=seed)
    return f"{say('B minus A.', lang)} {means} {rest}"


def _card(one: Headline, lang: str) -> str:
    worlds = ""
    if one.left:
        worlds = f'<span class="a">{escape(one.left)}</span><span class="b">{escape(one.right)}</span>'
    sure = (
        f'<div class="sure">{escape(say("95%: {interval}", lang, interval=one.interval))}</div>' if one.interval else ""
    )
    return (
        f'<div class="card" data-outcome="{one.name}"><div class="what">{escape(one.title)}</div>'
        f'<div class="levels">{worlds}</div>'
        f'<div class="difference {one.better}">{escape(one.difference)} '
        f'<span class="unit">{escape(one.unit)}</span></div>'
        f"{sure}</div>"
    )


def balance_html(pair: Pair, year: int, lang: str) -> str:
    """The light of the books: green where both worlds' accounts balance in all years until then."""
    gap = max(world.frame(year).gap for world in pair.worlds)
    fine = gap <= BALANCED
    told = say("books balance", lang) if fine else say("books are out of balance", lang)
    why = say(
        "largest gap between what was given and received, and between gains and their sources: {gap}",
        lang,
        gap=f"{gap:.0e}",
    )
    look = "fine" if fine else "broken"
    return f'<span class="feidi-light {look}" data-light="{look}" title="{escape(why)}">{escape(told)}</span>'
