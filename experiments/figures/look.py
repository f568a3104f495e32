"""What a figure calls things: arms, pairs, sectors, outcomes, the study itself, each in the language of its look."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from experiments.scenario import AID_ARMS, SCENARIOS
from experiments.study import Study
from experiments.units import Scale
from experiments.words import (
    Titled,
    agents,
    arm_name,
    check_language,
    name_of,
    say,
    sector,
    sum_scale,
    title_of,
    unit_scale,
)
from model.indicators import INDICATORS, RATIOS


@dataclass(frozen=True)
class Look:
    """How figures look. lang: "en", or "zh" for Chinese words, units and letters. Raises WordError for another one."""

    lang: str = "en"

    def __post_init__(self) -> None:
        check_language(self.lang)

    def say(self, text: str, **values: object) -> str:
        """A text in the language: see ``words.say``."""
        return say(text, self.lang, **values)

    def title(self, about: Titled) -> str:
        """The title of what has one in both languages."""
        return title_of(about, self.lang)

    def outcome(self, name: str) -> str:
        """The title of an indicator or a ratio by its name."""
        return self.title(INDICATORS[name] if name in INDICATORS else RATIOS[name])

    def arm(self, name: str) -> str:
        """What an arm is called by its name alone; an arm that feidi does not know keeps it."""
        known = SCENARIOS | AID_ARMS
        return arm_name(known[name], self.lang) if name in known else name

    def pair(self, baseline: str, arm: str) -> str:
        """What a pair shows, by the names of its arms alone."""
        return self.say("{arm} minus {baseline}", arm=self.arm(arm), baseline=self.arm(baseline))

    def agents(self, kind: str) -> str:
        """What all agents of a kind are called: see ``words.agents``."""
        return agents(kind, self.lang)

    def scale(self, unit: str, values: Iterable[float]) -> Scale:
        """The scale in which values of a unit are shown: see ``words.unit_scale``."""
        return unit_scale(unit, values, self.lang)

    def sums(self, values: Iterable[float]) -> Scale:
        """The scale in which sums of money are shown: see ``words.sum_scale``."""
        return sum_scale(values, self.lang)

    def wrapped(self, title: str, width: int = 36) -> str:
        """A title in lines of at most so many columns; a Chinese character fills two."""
        return textwrap.fill(title, width // 2 if self.lang == "zh" else width)


ENGLISH = Look()
LONG, LINE, LINES = 60, 40, 4  # columns of a name that is told in lines, of a line of it, and how many lines it has
PARTS = re.compile(r"[^+;,\[ ]*[+;,\[ ]|[^+;,\[ ]+$")


def width_of(text: str) -> int:
    """Columns that the longest line of a text fills; a Chinese character fills two."""
    return max(sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line) for line in text.split("\n"))


def arm_labels(study: Study, look: Look) -> dict[str, str]:
    """What each arm is called, by its name; long ones in a few lines, told apart by a number where they look alike."""
    labels: dict[str, str] = {}
    for number, scenario in enumerate(study.plan.scenarios, start=1):
        label = in_lines(arm_name(scenario, look.lang))
        labels[scenario.name] = f"{number}. {label}" if label in labels.values() else label
    return labels


def in_lines(name: str) -> str:
    """A name as it is, or one that is long in lines that end where its parts do, the middle left out of many."""
    if width_of(name) <= LONG:
        return name
    lines = [""]
    for part in (one[at : at + LINE // 2] for one in PARTS.findall(name) for at in range(0, len(one), LINE // 2)):
        if width_of(lines[-1] + part) > LINE:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines if len(lines) <= LINES else [*lines[: LINES - 2], "…", lines[-1]])


def pair_label(study: Study, pair: tuple[str, str], look: Look) -> str:
    """What a pair (baseline, arm) shows."""
    arms = arm_labels(study, look)
    return look.say("{arm} minus {baseline}", arm=arms[pair[1]], baseline=arms[pair[0]])


def effect_label(study: Study, pair: tuple[str, str], look: Look) -> str:
    """A pair where the figure says what arms are compared with: the arm alone, a step between two arms in full."""
    if pair[0] == study.plan.scenarios[0].name:
        return arm_labels(study, look)[pair[1]]
    return pair_label(study, pair, look)


def case_title(study: Study, look: Look) -> str:
    """The title of the case."""
    return look.title(study.plan.case)


def host_name(study: Study, look: Look) -> str:
    """The name of the host county."""
    return name_of(study.plan.case.counties[0], look.lang)


def baseline_label(study: Study, look: Look) -> str:
    """What the baseline is called."""
    return in_lines(arm_name(study.plan.scenarios[0], look.lang)).replace("\n", "")


def sector_label(study: Study, kind: str, county: str, look: Look) -> str:
    """What a sector is called. county: its name in the tables, empty for Outside."""
    names = {one.name: name_of(one, look.lang) for one in study.plan.case.counties}
    return sector(kind, names.get(county, county), look.lang)


def seeds_of(study: Study, look: Look) -> str:
    """How many seeds the figure stands on."""
    if study.plan.seeds == 1:
        return look.say("one seed")
    return look.say("{seeds} paired seeds" if study.plan.pairs else "{seeds} seeds", seeds=study.plan.seeds)


def intervals_of(study: Study, look: Look) -> str:
    """That intervals are drawn, where there are any."""
    return look.say(", 95% intervals") if study.plan.pairs and study.plan.seeds > 1 else ""


def span_of(study: Study, look: Look) -> str:
    """The years over which sums run."""
    return look.say("{first} to {last}", first=study.plan.case.first_year, last=study.plan.shown_years[0])


def grey_note(study: Study, look: Look) -> str:
    """What the shaded years are, where there are any."""
    return look.say("; grey: projection") if study.plan.is_projection(study.plan.last_year) else ""
