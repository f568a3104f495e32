"""Reading the tables of a case file, with errors that name the place, the value and the remedy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from model.parameters import nearest


class CaseError(ValueError):
    """A case that does not exist, or whose file is wrong."""


def check_fields(where: str, table: Mapping[str, Any], fields: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Refuse fields that do not exist and fields that are missing. Raises CaseError."""
    for field in table:
        if field not in fields:
            raise CaseError(f"{where}: unknown field {field!r}. {nearest(field, fields)}")
    for field in fields:
        if field not in table and field not in optional:
            raise CaseError(f"{where}: {field} is missing. Add it.")


def rows(tables: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
    """The tables of one kind, at least one. Raises CaseError."""
    rows = tables[what]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CaseError(f"{what} is {rows!r}. Write one [[{what}]] table for each.")
    return rows


def table(tables: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    """A table of tables, empty where the file has none. Raises CaseError."""
    table = tables.get(what, {})
    if not isinstance(table, dict):
        raise CaseError(f"{what} is {table!r}. Write tables: [{what}.name].")
    return table


def all_different(what: str, names: list[str]) -> list[str]:
    """The names, none of them twice. Raises CaseError."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise CaseError(f"two {what} tables are named {twice[0]!r}. Give each its own name.")
    return names


def text(table: Mapping[str, Any], field: str, where: str) -> str:
    """A field in words. Raises CaseError."""
    text = table[field]
    if not isinstance(text, str) or not text.strip():
        raise CaseError(f"{where}: {field} is {text!r}. Give it in words.")
    return text


def whole(table: Mapping[str, Any], field: str, where: str) -> int:
    """A field that is a whole number. Raises CaseError."""
    year = table[field]
    if type(year) is not int:
        raise CaseError(f"{where}: {field} is {year!r}. Give a whole number, such as 2006.")
    return year


def kilometres(table: Mapping[str, Any], field: str, where: str) -> float:
    """A field that is a finite number of kilometres. Raises CaseError."""
    distance = table[field]
    if type(distance) not in (int, float) or not math.isfinite(distance):
        raise CaseError(f"{where}: {field} is {distance!r}. Give kilometres as a number.")
    return float(distance)
