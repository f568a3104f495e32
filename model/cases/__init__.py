"""The counties that can be simulated: places, sizes, pairs and the figures that only a case can give.

Each case is a TOML file beside this module. ``[[county]]`` and ``[[town]]`` say who is there, ``[[pair]]`` which
counties are paired (结对), ``[figures.SLUG.NAME]`` gives the figures of each county that ``model/figures.toml`` asks
for, and ``[set."topic.name"]`` gives a general parameter the case's value. The first county is the host.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from model.cases.reading import CaseError, all_different, check_fields, kilometres, rows, table, text, whole
from model.parameters import (
    Parameter,
    ParameterError,
    Parameters,
    load_parameters,
    nearest,
    read_parameter,
    read_toml,
)

__all__ = ["Case", "CaseError", "CountyFacts", "Pair", "TownFacts", "case_names", "load_case"]

TOP_FIELDS = (
    "title",
    "title_zh",
    "first_year",
    "last_year",
    "layout_source",
    "county",
    "town",
    "pair",
    "figures",
    "set",
)
COUNTY_FIELDS = ("name", "name_zh")
TOWN_FIELDS = ("name", "name_zh", "county", "east", "north", "households", "town_households")
FIRST_POSSIBLE = 1950  # assumed: before that there were neither such villages nor such counties
HORIZON = 2035  # the furthest that the dated inputs reach
MOST_HOUSEHOLDS = 100_000_000  # assumed: more rows than fit into the memory of a large machine
PAIR_FIELDS = ("kind", "host", "partner", "since", "source")
PAIR_KINDS = ("mountain_sea", "science_park", "industry_moves")
CHANGE_FIELDS = ("value", "status", "source", "source_zh", "range", "between")
OPTIONAL = ("source", "source_zh", "range", "between")


@dataclass(frozen=True)
class CountyFacts:
    """A county (县市) of a case."""

    name: str
    name_zh: str

    @cached_property
    def slug(self) -> str:
        """The topic of its figures: ``pinghu`` in ``pinghu.revenue``."""
        return self.name.lower().replace(" ", "_")


@dataclass(frozen=True)
class Pair:
    """Two paired counties (结对). kind: what they do together; since: year in which they were paired."""

    kind: str
    host: str
    partner: str
    since: int
    source: str


@dataclass(frozen=True)
class TownFacts:
    """A town (镇街道) of a case.

    east, north: km from the county seat; households: rows of rural households of each of its villages, 0 where they
    are not simulated; town_households: rows of households that live in the town itself.
    """

    name: str
    name_zh: str
    county: str
    east: float
    north: float
    households: tuple[int, ...]
    town_households: int


@dataclass(frozen=True)
class Case:
    """What is simulated: places and sizes, the years of the replay, and all parameters with the case's own values.

    layout_source says where the places and sizes come from.
    """

    name: str
    title: str
    title_zh: str
    first_year: int
    last_year: int
    layout_source: str
    counties: tuple[CountyFacts, ...]
    towns: tuple[TownFacts, ...]
    pairs: tuple[Pair, ...]
    parameters: Parameters

    @property
    def n_villages(self) -> int:
        """Villages in all towns."""
        return sum(len(town.households) for town in self.towns)

    @property
    def n_households(self) -> int:
        """Households in all villages and towns."""
        return sum(sum(town.households) + town.town_households for town in self.towns)

    def county_row(self, name: str) -> int:
        """The row of a county."""
        return self._rows[name]

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        """The row of each county by name."""
        return {county.name: row for row, county in enumerate(self.counties)}


def case_names() -> list[str]:
    """The names of the cases that ship with the model."""
    return sorted(file.name.removesuffix(".toml") for file in files(__name__).iterdir() if file.name.endswith(".toml"))


def load_case(name_or_path: str | Path, general: Parameters | None = None) -> Case:
    """A case by its name, or from a ``.toml`` file of one's own.

    general: the parameters that the case builds on, by default those that ship with the model.
    Raises CaseError, with the file's name, for an unknown case or a wrong file; ParameterError when the shipped
    parameter files themselves are damaged.
    """
    file = _case_file(name_or_path)
    if general is None:
        general = load_parameters()
    try:
        return _read_case(file.name.removesuffix(".toml"), read_toml(file), general)
    except ParameterError as error:
        raise CaseError(str(error)) from None
    except CaseError as error:
        raise CaseError(f"{file.name}: {error}") from None


def _case_file(name_or_path: str | Path) -> Traversable:
    """The file of a case. Raises CaseError when there is none."""
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        file = Path(os.path.expanduser(name_or_path))  # noqa: PTH111 (Path.expanduser fails where nobody has that name)
        if not file.is_file():
            raise CaseError(
                f"no case file {str(file)!r}. Give the path of a .toml file, or one of {', '.join(case_names())}."
            )
        return file
    names = case_names()
    if name_or_path not in names:
        raise CaseError(f"no case {name_or_path!r}. {nearest(name_or_path, names)} See 'feidi list cases'.")
    return files(__name__) / f"{name_or_path}.toml"


def _read_case(name: str, tables: Mapping[str, Any], general: Parameters) -> Case:
    check_fields("the file", tables, TOP_FIELDS, optional=("figures", "set", "pair"))
    first_year, last_year = (whole(tables, what, "the file") for what in ("first_year", "last_year"))
    _check_years(first_year, last_year)
    counties = tuple(_read_county(one) for one in rows(tables, "county"))
    county_names = dict.fromkeys(all_different("county", [county.name for county in counties]))
    all_different("county", [county.slug for county in counties])
    towns = tuple(_read_town(one, county_names) for one in rows(tables, "town"))
    all_different("town", [town.name for town in towns])
    homes = sum(sum(town.households) + town.town_households for town in towns)
    if homes > MOST_HOUSEHOLDS:
        raise CaseError(f"all towns have {homes:,} households together. Give at most {MOST_HOUSEHOLDS:,}.")
    pairs = tuple(_read_pair(one, county_names) for one in (rows(tables, "pair") if "pair" in tables else ()))
    return Case(
        name=name,
        title=text(tables, "title", "the file"),
        title_zh=text(tables, "title_zh", "the file"),
        first_year=first_year,
        last_year=last_year,
        layout_source=text(tables, "layout_source", "the file"),
        counties=counties,
        towns=towns,
        pairs=pairs,
        parameters=_read_parameters(tables, counties, general),
    )


def _check_years(first_year: int, last_year: int) -> None:
    if first_year > last_year:
        raise CaseError(f"first_year is {first_year}, after last_year {last_year}. Swap them.")
    if first_year < FIRST_POSSIBLE or last_year > HORIZON:
        raise CaseError(
            f"the years are {first_year} to {last_year}. Give years from {FIRST_POSSIBLE} to {HORIZON}, for which "
            "there are prices and lines."
        )


def _read_county(facts: Mapping[str, Any]) -> CountyFacts:
    where = f"county {facts.get('name', '?')}"
    check_fields(where, facts, COUNTY_FIELDS)
    return CountyFacts(name=text(facts, "name", where), name_zh=text(facts, "name_zh", where))


def _read_town(facts: Mapping[str, Any], counties: Collection[str]) -> TownFacts:
    where = f"town {facts.get('name', '?')}"
    check_fields(where, facts, TOWN_FIELDS, optional=("households", "town_households"))
    households, in_town = facts.get("households", []), facts.get("town_households", 0)
    sizes_are_whole = isinstance(households, list) and all(type(size) is int and size >= 0 for size in households)
    if not sizes_are_whole:
        raise CaseError(f"{where}: households is {households!r}. Give one whole number a village: [850, 1020].")
    if type(in_town) is not int or in_town < 0 or (not in_town and not households):
        raise CaseError(f"{where}: town_households is {in_town!r}. Give a whole number, above 0 where no village is.")
    return TownFacts(
        name=text(facts, "name", where),
        name_zh=text(facts, "name_zh", where),
        county=_known_county(facts, "county", where, counties),
        east=kilometres(facts, "east", where),
        north=kilometres(facts, "north", where),
        households=tuple(households),
        town_households=in_town,
    )


def _read_pair(facts: Mapping[str, Any], counties: Collection[str]) -> Pair:
    where = f"pair {facts.get('kind', '?')}"
    check_fields(where, facts, PAIR_FIELDS)
    kind = text(facts, "kind", where)
    if kind not in PAIR_KINDS:
        raise CaseError(f"{where}: no kind {kind!r}. {nearest(kind, PAIR_KINDS)}")
    host, partner = (_known_county(facts, side, where, counties) for side in ("host", "partner"))
    if host == partner:
        raise CaseError(f"{where}: {host!r} is paired with itself. Name two counties.")
    return Pair(kind, host, partner, whole(facts, "since", where), text(facts, "source", where))


def _known_county(facts: Mapping[str, Any], field: str, where: str, counties: Collection[str]) -> str:
    name = text(facts, field, where)
    if name not in counties:
        raise CaseError(f"{where}: no county {name!r}. {nearest(name, counties)}")
    return name


def _read_parameters(tables: Mapping[str, Any], counties: Sequence[CountyFacts], general: Parameters) -> Parameters:
    """The general parameters with the case's values, then the figures of each county."""
    declared = {key: general.declared(key) for key in general}
    for key, change in table(tables, "set").items():
        declared[key] = _changed(general, key, change)
    topics, slugs = {key.partition(".")[0] for key in general}, dict.fromkeys(county.slug for county in counties)
    schema = read_toml(files("model") / "figures.toml")
    given = table(tables, "figures")
    for slug in given:
        if slug not in slugs:
            raise CaseError(f"figures: no county {slug!r}. {nearest(slug, slugs)}")
    own: list[Parameter] = []
    for slug in slugs:
        if slug in topics:
            raise CaseError(f"county {slug!r} is named like a topic of parameters. Give it another name.")
        own += _figures_of(slug, table(given, slug), schema)
    return Parameters([*declared.values(), *own])


def _figures_of(slug: str, given: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Parameter]:
    """All figures of a county, each as the schema declares it with the value that the case gives."""
    check_fields(f"figures.{slug}", given, tuple(schema))
    found = []
    for name, declaration in schema.items():
        where = f"figures.{slug}.{name}"
        if not isinstance(given[name], dict):
            raise CaseError(f"{where} is {given[name]!r}. Write a table: [{where}] with value, status and source.")
        check_fields(where, given[name], CHANGE_FIELDS, optional=OPTIONAL)
        try:
            found.append(read_parameter(f"{slug}.{name}", {**declaration, **given[name]}))
        except ParameterError as error:
            raise CaseError(f"figures: {error}") from None
    return found


def _changed(general: Parameters, key: str, change: object) -> Parameter:
    """A general parameter with the case's value and the evidence for it."""
    where = f"set {key}"
    if not isinstance(change, dict):
        raise CaseError(f'{where} is {change!r}. Write a table: [set."{key}"] with value, status and source.')
    check_fields(where, change, CHANGE_FIELDS, optional=OPTIONAL)
    try:
        parameter = general.declared(key)
        return parameter.but(**{"source": "", "source_zh": "", "range": parameter.range, **change})
    except ParameterError as error:
        raise CaseError(f"{where}: {error}") from None
