"""Every number of the model, declared once: value, unit, limits, range, role, status and source.

Each topic is a TOML file beside this module; ``build.toml`` holds tables such as ``[build.cost]``::

    parameters = load_parameters()
    parameters["pool.coupon_rate"]                      # a number
    parameters.at("build.cost", 2013)                   # a number of a year
    parameters.but({"pool.coupon_rate": 0.08})          # a changed copy
    parameters.but({"pool.coupon_rate": {2006: 0.1, 2015: 0.07}}).in_force(2015)    # a reform, as it stands in a year
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model.parameters.declaration import Parameter, ParameterError, Value, nearest, read_parameter, read_topic, spelled

__all__ = [
    "Parameter",
    "ParameterError",
    "Parameters",
    "Value",
    "load_parameters",
    "nearest",
    "read_parameter",
    "read_toml",
    "read_topic",
    "spelled",
]


class Parameters:
    """All parameters of a run, by key. Nothing changes them; ``but`` gives a changed copy."""

    __slots__ = ("_declared", "_numbers", "_paths")

    def __init__(self, declared: Iterable[Parameter]) -> None:
        self._declared: dict[str, Parameter] = {}
        self._numbers: dict[str, float] = {}
        self._paths: dict[str, tuple[tuple[int, ...], tuple[float, ...], str]] = {}
        for parameter in declared:
            if parameter.key in self._declared:
                raise ParameterError(f"{parameter.key} is declared twice. Keep one of the two.")
            self._declared[parameter.key] = parameter
            if isinstance(parameter.value, Mapping):
                path = parameter.value
                self._paths[parameter.key] = (tuple(path), tuple(path.values()), parameter.between)
            else:
                self._numbers[parameter.key] = parameter.value

    def __getitem__(self, key: str) -> float:
        """The value. Raises ParameterError for an unknown key, or when the value depends on the year."""
        try:
            return self._numbers[key]
        except KeyError:
            declared = self.declared(key)
            ask = "in_force(year)[key]" if declared.reformed else "at(key, year)"
            raise ParameterError(
                f"{key} has a value a year ({_dates(declared.value)}). Ask for one with {ask}."
            ) from None

    def at(self, key: str, year: float) -> float:
        """The value in a year, dated or not; flat before the first date and after the last. Raises ParameterError."""
        if key in self._numbers:
            return self._numbers[key]
        if key not in self._paths:
            self.declared(key)
        return _value_at(year, *self._paths[key])

    def declared(self, key: str) -> Parameter:
        """The declaration of a parameter. Raises ParameterError, with the nearest key, when there is none."""
        if key not in self._declared:
            hint = nearest(key, self._declared)
            raise ParameterError(f"no parameter {key!r}. {hint} See 'feidi list parameters'.")
        return self._declared[key]

    def but(self, changes: Mapping[str, Value]) -> Parameters:
        """A copy with other values, by key; a number, or numbers by year, replace the whole path of a dated parameter.

        Raises ParameterError for an unknown key, and for a value that is not a number or is outside the limits.
        """
        changed = dict(self._declared)
        for key, value in changes.items():
            declared = self.declared(key)
            try:
                changed[key] = declared.but(value)
            except ParameterError as error:
                raise ParameterError(f"{key}: {error}") from None
        return Parameters(changed.values())

    def in_force(self, year: int) -> Parameters:
        """The parameters as they hold in a year: levers that were reformed are the number of that year.

        What is declared by year stays so. Where nothing was reformed it is this very object.
        """
        reformed = [key for key in self._paths if self._declared[key].reformed]
        return self.but({key: self.at(key, year) for key in reformed}) if reformed else self

    def values(self) -> dict[str, float | dict[int, float]]:
        """The plain values by key, new at each call: what a manifest writes down."""
        return {key: parameter.plain_value for key, parameter in self._declared.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


def _dates(value: Any) -> str:
    return ", ".join(str(year) for year in value)


def _value_at(year: float, years: tuple[int, ...], amounts: tuple[float, ...], between: str) -> float:
    """The value of a dated path in a year."""
    after = bisect_right(years, year)
    if after == 0:
        return amounts[0]
    before = amounts[after - 1]
    if after == len(years) or between == "step":
        return before
    passed = (year - years[after - 1]) / (years[after] - years[after - 1])
    if between == "linear":
        return before + passed * (amounts[after] - before)
    return float(before * (amounts[after] / before) ** passed)


def read_toml(file: Traversable) -> Mapping[str, Any]:
    """The tables of a TOML file, to be read only. Raises ParameterError, with its name, when it cannot be read."""
    try:
        return _parse(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file.name}: not valid TOML: {error}. Mend that line.") from None
    except OSError as error:
        raise ParameterError(f"{file.name}: cannot be read: {error.strerror}. Check the path.") from None


@lru_cache(maxsize=256)
def _parse(text: str) -> Mapping[str, Any]:
    """Many runs read the same files: each text is parsed once."""
    return MappingProxyType(tomllib.loads(text))


def load_parameters(folder: Path | None = None) -> Parameters:
    """All parameters that the TOML files of a folder declare; by default those beside this module.

    Raises ParameterError, with the file and the key, for a declaration that is wrong or incomplete.
    """
    place: Traversable = files(__name__) if folder is None else folder
    if not place.is_dir():
        raise ParameterError(f"no folder {folder}. Give the folder that holds the parameter files.")
    found = sorted((file for file in place.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return Parameters(parameter for file in found for parameter in _read_file(file))


def _read_file(file: Traversable) -> list[Parameter]:
    """The parameters of one topic. Its one table is named like the file."""
    topic = file.name.removesuffix(".toml")
    tables = read_toml(file)
    for name in tables:
        if name != topic:
            raise ParameterError(
                f"{file.name}: table [{name}] is not the file's topic. Name it [{topic}...] or move it."
            )
    try:
        return read_topic(topic, tables.get(topic, {}))
    except ParameterError as error:
        raise ParameterError(f"{file.name}: {error}") from None
