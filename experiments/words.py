"""Words for readers in two languages: every text that a reader sees, and the units of numbers.

The English text is the key, ``words_zh.toml`` holds the Chinese one: ``say("effects in {year}", "zh", year=2021)``.
What the model declares in both languages by itself (indicators, scenarios, mechanisms, cases) stands there, not here.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol

from experiments.scenario import Scenario
from experiments.units import MILLION, MONEY, Scale, scale_of
from model.parameters import nearest

LANGUAGES = ("en", "zh")
FILE = "words_zh.toml"
# From so many yuan on, numbers of that size are told in so many yuan; Chinese counts by ten thousands.
ZH_SCALES = ((1e9, 1e8, "100 million"), (1e5, 1e4, "10,000"))

AGENTS = {  # kinds of agents in the plural
    "Village": "villages",
    "County": "counties",
    "Town": "towns",
    "Household": "households",
    "Enterprise": "enterprises",
    "Landlord": "landlords",
    "Project": "projects",
    "Outside": "Outside",
}


class WordError(ValueError):
    """A language that there is not, or a text without a Chinese one."""


class Titled(Protocol):
    """What has a title in both languages: an indicator, a ratio, a scenario, a mechanism, a case."""

    @property
    def title(self) -> str:
        """In English."""

    @property
    def title_zh(self) -> str:
        """In Chinese."""


class Named(Protocol):
    """What has a name in both languages: a county, a town."""

    @property
    def name(self) -> str:
        """In English, and in tables."""

    @property
    def name_zh(self) -> str:
        """In Chinese."""


def check_language(lang: str) -> None:
    """Refuse a language that there is not. Raises WordError."""
    if lang not in LANGUAGES:
        raise WordError(f"no language {lang!r}. Give one of {', '.join(LANGUAGES)}.")


@cache
def chinese() -> Mapping[str, str]:
    """All texts, English -> Chinese; the parts of the file are for those who read it."""
    parts = tomllib.loads((files("experiments") / FILE).read_text(encoding="utf-8"))
    return MappingProxyType({text: word for texts in parts.values() for text, word in texts.items()})


def say(text: str, lang: str, **values: object) -> str:
    """A text in a language, with values in the places that braces name. Raises WordError."""
    check_language(lang)
    if lang == "zh":
        if text not in chinese():
            raise WordError(f"no Chinese for {text!r}. {nearest(text, chinese())} Add it to experiments/{FILE}.")
        text = chinese()[text]
    return text.format(**values) if values else text


def title_of(about: Titled, lang: str) -> str:
    """The title of an indicator, a ratio, a mechanism or a case."""
    check_language(lang)
    return about.title_zh if lang == "zh" else about.title


def name_of(place: Named, lang: str) -> str:
    """The name of a county or a town."""
    check_language(lang)
    return place.name_zh if lang == "zh" else place.name


def arm_name(scenario: Scenario, lang: str) -> str:
    """What an arm is called in figures: its short name; in Chinese ``县域飞地抱团 (enclave)``.

    Cash aid is told in a word, since the short name says of which arm; an arm without a Chinese title keeps its name.
    """
    check_language(lang)
    if lang == "en" or scenario.title_zh in ("", scenario.name):
        return scenario.name
    title = scenario.title_zh
    if scenario.aid_of is not None:
        title = say("cash aid, net" if scenario.net else "cash aid", lang)
    return f"{title} ({scenario.name})"


def agents(kind: str, lang: str) -> str:
    """What agents of a kind are called, all of them: villages, Outside. kind: as flows name it."""
    return say(kind, lang) if lang == "zh" else AGENTS[kind]


def sector(kind: str, county: str, lang: str) -> str:
    """What a sector is called: the villages of a county, its treasury, Outside. county: its name in that language."""
    from experiments.gains import WORDS  # loads pandas

    if kind not in WORDS:
        return say(kind, lang)
    return say(f"{WORDS[kind]} of {{county}}", lang, county=county)


def unit_scale(unit: str, values: Iterable[float], lang: str) -> Scale:
    """What to divide values by, and the unit that results: 万元 and 亿元 in Chinese, nothing for pure numbers."""
    shown = "" if unit == "1" else unit
    if lang != "zh" or unit not in MONEY:
        scale = scale_of(shown, values)
        return Scale(scale.divisor, say(scale.unit, lang) if scale.unit else "")
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for least, divisor, many in ZH_SCALES:
        if largest >= least:
            return Scale(divisor, say(f"{many} {unit}", lang))
    return Scale(1.0, say(unit, lang))


def sum_scale(values: Iterable[float], lang: str) -> Scale:
    """The scale of sums of money: million yuan in English, 万元 or 亿元 in Chinese."""
    if lang == "zh":
        return unit_scale("yuan", values, lang)
    check_language(lang)
    return Scale(MILLION, "million yuan")


def sum_decimals(scale: Scale) -> int:
    """Decimals of a sum of money, so that the last one stands for 100,000 yuan at least."""
    return max(round(math.log10(scale.divisor)) - 5, 0)
