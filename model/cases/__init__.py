"""The counties that can be simulated: places, sizes and the parameters that only a case can give.

Each case is a TOML file beside this module. ``[[county]]`` and ``[[town]]`` say who is there, ``[figures.TOPIC.NAME]``
declares the case's own parameters, and ``[set."topic.name"]`` gives a general parameter the case's value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from model.parameters import (
    Parameter,
    ParameterError,
    Parameters,
    load_parameters,
    nearest,
    read_toml,
    read_topic,
)

TOP_FIELDS = (
    "title",
    "title_zh",
    "first_year",
    "last_year",
    "layout_source",
    "county",
    "town",
    "figures",
    "set",
)
COUNTY_FIELDS = ("name", "name_zh")
TOWN_FIELDS = ("name", "name_zh", "county", "east", "north", "households")
CHANGE_FIELDS = ("value", "status", "source", "range")


class CaseError(ValueError):
    """A case that does not exist, or whose file is wrong."""


@dataclass(frozen=True)
class CountyFacts:
    """A county (县市) of a case."""

    name: str
    name_zh: str


@dataclass(frozen=True)
class TownFacts:
    """A town (镇街道) of a case. east, north: km; households: rural households of each of its villages."""

    name: str
    name_zh: str
    county: str
    east: float
    north: float
    households: tuple[int, ...]


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
    parameters: Parameters

    @property
    def n_villages(self) -> int:
        """Villages in all towns."""
        return sum(len(town.households) for town in self.towns)

    @property
    def n_households(self) -> int:
        """Rural households in all villages."""
        return sum(sum(town.households) for town in self.towns)


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
        file = Path(name_or_path)
        if not file.is_file():
            raise CaseError(
                f"no case file {str(file)!r}. Give the path of a .toml file, or one of {', '.join(case_names())}."
            )
        return file
    names = case_names()
    if name_or_path not in names:
        raise CaseError(f"no case {name_or_path!r}. {nearest(name_or_path, names)} See 'feidi list cases'.")
    return files(__name__) / f"{name_or_path}.toml"


def _read_case(name: str, tables: dict[str, Any], general: Parameters) -> Case:
    _check_fields("the file", tables, TOP_FIELDS, optional=("figures", "set"))
    first_year, last_year = (_whole(tables, what, "the file") for what in ("first_year", "last_year"))
    if first_year > last_year:
        raise CaseError(f"first_year is {first_year}, after last_year {last_year}. Swap them.")
    counties = tuple(_read_county(table) for table in _rows(tables, "county"))
    county_names = _all_different("county", [county.name for county in counties])
    towns = tuple(_read_town(table, county_names) for table in _rows(tables, "town"))
    _all_different("town", [town.name for town in towns])
    return Case(
        name=name,
        title=_text(tables, "title", "the file"),
        title_zh=_text(tables, "title_zh", "the file"),
        first_year=first_year,
        last_year=last_year,
        layout_source=_text(tables, "layout_source", "the file"),
        counties=counties,
        towns=towns,
        parameters=_read_parameters(tables, general),
    )


def _read_county(table: Mapping[str, Any]) -> CountyFacts:
    where = f"county {table.get('name', '?')}"
    _check_fields(where, table, COUNTY_FIELDS)
    return CountyFacts(name=_text(table, "name", where), name_zh=_text(table, "name_zh", where))


def _read_town(table: Mapping[str, Any], counties: Sequence[str]) -> TownFacts:
    where = f"town {table.get('name', '?')}"
    _check_fields(where, table, TOWN_FIELDS)
    county = _text(table, "county", where)
    if county not in counties:
        raise CaseError(f"{where}: no county {county!r}. {nearest(county, counties)}")
    households = table["households"]
    sizes_are_whole = isinstance(households, list) and all(type(size) is int and size > 0 for size in households)
    if not sizes_are_whole or not households:
        raise CaseError(f"{where}: households is {households!r}. Give one whole number above 0 a village: [850, 1020].")
    return TownFacts(
        name=_text(table, "name", where),
        name_zh=_text(table, "name_zh", where),
        county=county,
        east=_kilometres(table, "east", where),
        north=_kilometres(table, "north", where),
        households=tuple(households),
    )


def _read_parameters(tables: Mapping[str, Any], general: Parameters) -> Parameters:
    """The general parameters with the case's values, then the case's own parameters."""
    declared = {key: general.declared(key) for key in general}
    for key, change in _table(tables, "set").items():
        declared[key] = _changed(general, key, change)
    topics = {key.partition(".")[0] for key in general}
    own: list[Parameter] = []
    for topic, table in _table(tables, "figures").items():
        if topic in topics:
            raise CaseError(f'figures: {topic!r} is a general topic. Use [set."{topic}.name"] or another topic.')
        try:
            own += read_topic(topic, table)
        except ParameterError as error:
            raise CaseError(f"figures: {error}") from None
    return Parameters([*declared.values(), *own])


def _changed(general: Parameters, key: str, change: object) -> Parameter:
    """A general parameter with the case's value and the evidence for it."""
    where = f"set {key}"
    if not isinstance(change, dict):
        raise CaseError(f'{where} is {change!r}. Write a table: [set."{key}"] with value, status and source.')
    _check_fields(where, change, CHANGE_FIELDS, optional=("source", "range"))
    try:
        parameter = general.declared(key)
        return parameter.but(**{"source": "", "range": parameter.range, **change})
    except ParameterError as error:
        raise CaseError(f"{where}: {error}") from None


def _check_fields(where: str, table: Mapping[str, Any], fields: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Refuse fields that do not exist and fields that are missing. Raises CaseError."""
    for field in table:
        if field not in fields:
            raise CaseError(f"{where}: unknown field {field!r}. {nearest(field, fields)}")
    for field in fields:
        if field not in table and field not in optional:
            raise CaseError(f"{where}: {field} is missing. Add it.")


def _rows(tables: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
    rows = tables[what]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CaseError(f"{what} is {rows!r}. Write one [[{what}]] table for each.")
    return rows


def _table(tables: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    table = tables.get(what, {})
    if not isinstance(table, dict):
        raise CaseError(f"{what} is {table!r}. Write tables: [{what}.name].")
    return table


def _all_different(what: str, names: list[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CaseError(f"two {what} tables are named {twice[0]!r}. Give each its own name.")
    return names


def _text(table: Mapping[str, Any], field: str, where: str) -> str:
    text = table[field]
    if not isinstance(text, str) or not text.strip():
        raise CaseError(f"{where}: {field} is {text!r}. Give it in words.")
    return text


def _whole(table: Mapping[str, Any], field: str, where: str) -> int:
    year = table[field]
    if type(year) is not int:
        raise CaseError(f"{where}: {field} is {year!r}. Give a whole number, such as 2006.")
    return year


def _kilometres(table: Mapping[str, Any], field: str, where: str) -> float:
    distance = table[field]
    if type(distance) not in (int, float) or not math.isfinite(distance):
        raise CaseError(f"{where}: {field} is {distance!r}. Give kilometres as a number.")
    return float(distance)
