"""Experiment files: read, written, and their faults told one a line with place, value and remedy."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from experiments.design import DesignError, Experiment, Table
from model.parameters import nearest

FORM = re.compile(r"^(float|int|function-.*|.*\[.*\].*|literal.*)$")  # of pydantic's own words for what a field may be
EXPECTED = {
    "float_type": "a number",
    "finite_number": "a finite number",
    "tuple_type": "a list in brackets",
    "dict_type": "a table",
    "string_type": "a text",
}


def read_experiment(path: Path) -> Experiment:
    """The experiment of a file. Raises DesignError, one line a fault, with the file, the field and the remedy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DesignError(f"{path}: cannot be read: {why}. Give the path of an experiment file.") from None
    return parse_experiment(text, str(path))


def parse_experiment(text: str, name: str) -> Experiment:
    """The experiment of a text; name: what the faults are told with. Raises DesignError."""
    try:
        return Experiment.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DesignError(f"{name}: not valid TOML: {error}. Mend that line.") from None
    except ValidationError as error:
        faults: dict[str, str] = {}
        for one in error.errors():
            faults.setdefault(_place(one["loc"]), _fault(dict(one)))  # a field of several forms has a fault for each
        raise DesignError("\n".join(f"{name}: {fault}" for fault in faults.values())) from None


def written_experiment(said: Mapping[str, Any]) -> tuple[Experiment, str]:
    """An experiment from its fields, and the text of a file that says the same. Raises DesignError."""
    text = "".join(f"{name} = {_toml(value)}\n" for name, value in said.items())
    return parse_experiment(text, str(said.get("title", "experiment"))), text


def _toml(value: object) -> str:
    """A value as TOML: what JSON and TOML write alike, and tables on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(str(key))} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _fault(error: Mapping[str, Any]) -> str:
    """One fault in words: the field, the value, what was expected."""
    where = _place(error["loc"])
    kind, message = error["type"], str(error["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        *above, field = error["loc"]
        return f"{where}: there is no such field. {nearest(str(field), _fields(tuple(above)))}"
    if kind == "missing":
        last = error["loc"][-1]
        return f"{where} is missing. Add {last} = ..." if isinstance(last, str) else f"{where} is missing: give two."
    if kind == "value_error":
        return f"{where}: {message}."
    if where == "design.uncertainties":
        return f'{where} is {error["input"]!r}: give "all", a list of keys, or keys with [low, high].'
    if kind in EXPECTED:
        return f"{where} is {error['input']!r}: give {EXPECTED[kind]}."
    return f"{where} is {error['input']!r}: {message[0].lower()}{message[1:]}."


def _place(loc: tuple[Any, ...]) -> str:
    """The place of a fault in the file, without the names of forms that a field may have."""
    parts = [str(part) for part in loc if not FORM.search(str(part))]
    return ".".join(parts) or "the file"


def _fields(above: tuple[Any, ...]) -> list[str]:
    """The fields of the table at a place in the file."""
    table: Any = Experiment
    for part in above:
        if isinstance(part, int):
            continue
        annotation = table.model_fields[part].annotation
        inner = [one for one in (annotation, *getattr(annotation, "__args__", ())) if isinstance(one, type)]
        table = next((one for one in inner if issubclass(one, Table)), table)
    return list(table.model_fields)
