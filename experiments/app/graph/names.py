"""What agents are called, in both languages: "Xincang village 3", "Enclave pool of 2015, zone of Pinghu"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from agents.place import HOME, TOWN, ZONE
from experiments.app.frame import Frame
from experiments.app.graph.families import mechanism_name
from experiments.app.graph.sites import site_of
from experiments.units import decimals_for, number
from experiments.words import agents, name_of, say, sum_scale
from model.mechanism import Mechanism

if TYPE_CHECKING:
    from model.cases import Case, TownFacts


def agent_name(
    case: Case, kind: str, row: int, lang: str, frame: Frame | None = None, mechanisms: Sequence[Mechanism] = ()
) -> str:
    """What an agent is called. kind: County, Town, Village, Household, Project, or another of ``words.AGENTS``.

    frame, mechanisms: of the world, for projects: a frame in which the project is there, and the model's mechanisms in
    order. Of another kind there is a number, from 1. Raises ValueError for a project without a frame.
    """
    if kind == "County":
        return name_of(case.counties[row], lang)
    if kind == "Town":
        return name_of(case.towns[row], lang)
    if kind == "Village":
        return village_names(case, lang)[row]
    if kind == "Household":
        return _household(case, row, lang)
    if kind == "Project":
        if frame is None:
            raise ValueError(f"project {row} has no name without a frame: give one of its world.")
        return _project(case, row, lang, frame, mechanisms)
    return agents(kind, lang) if kind == "Outside" else f"{agents(kind, lang)} {row + 1}"


def village_names(case: Case, lang: str) -> tuple[str, ...]:
    """The names of all villages: the town's and the number in it, from 1."""
    return _village_names(case.towns, lang)


@lru_cache(maxsize=8)
def _village_names(towns: tuple[TownFacts, ...], lang: str) -> tuple[str, ...]:
    return tuple(
        say("{town} village {number}", lang, town=name_of(town, lang), number=number)
        for town in towns
        for number in range(1, len(town.households) + 1)
    )


def home_of(case: Case, household: int) -> tuple[str, int, int]:
    """Where a household lives: Village or Town, its row, and the household's number there, from 0.

    Households stand village by village, then come those of the towns.
    """
    sizes = [("Village", size) for town in case.towns for size in town.households]
    left = household
    for row, (_, size) in enumerate(sizes):
        if left < size:
            return "Village", row, left
        left -= size
    for row, town in enumerate(case.towns):
        if left < town.town_households:
            return "Town", row, left
        left -= town.town_households
    raise ValueError(f"no household {household} in the case {case.name}: it has {case.n_households}.")


def _household(case: Case, row: int, lang: str) -> str:
    kind, home, place = home_of(case, row)
    name = agent_name(case, kind, home, lang)
    return say("household {number} of {home}", lang, number=place + 1, home=name)


def _project(case: Case, row: int, lang: str, frame: Frame, mechanisms: Sequence[Mechanism]) -> str:
    columns = frame.tables["Project"]
    village, which = int(columns["village"][row]), int(columns["mechanism"][row])
    if village >= 0:
        return say("own buildings of {village}", lang, village=agent_name(case, "Village", village, lang))
    where = _where(case, int(columns["place"][row]), lang)
    if which < 0:
        return say("other owners' floor, {place}", lang, place=where)
    year, name = int(columns["founded"][row]), mechanism_name(mechanisms[which], lang)
    return say("{mechanism} of {year}, {place}", lang, mechanism=name, year=year, place=where)


def _where(case: Case, place: int, lang: str) -> str:
    """The place of a project in words."""
    category, row = site_of(case, place)
    if category == HOME:
        return agent_name(case, "Village", row, lang)
    if category == TOWN:
        return say("park of {town}", lang, town=agent_name(case, "Town", row, lang))
    county = agent_name(case, "County", row, lang)
    if category == ZONE:
        return say("zone of {county}", lang, county=county)
    return say("common park in {county}", lang, county=county)


def money(value: float, lang: str) -> str:
    """A sum of money in words, two decimals at most: 1.21 million yuan. value: yuan."""
    scale = sum_scale([value], lang)
    amount = value / scale.divisor
    text = number(amount, min(decimals_for([amount]), 2))
    return f"{text}{scale.unit}" if lang == "zh" else f"{text} {scale.unit}"
