"""What a parameter declares about itself, and the checks that every declaration must pass."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from numbers import Real
from types import MappingProxyType
from typing import Any

ROLES = ("lever", "uncertainty", "constant")
STATUSES = ("cited", "derived", "assumed", "calibrated")
BETWEEN = ("step", "linear", "geometric")
TEXTS = ("title", "title_zh", "meaning_zh", "source_zh")  # for readers of the web page, who need not read English

Value = float | Mapping[int, float]


KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")  # topic.name


def spelled(value: Value) -> str:
    """A value in one word, to the last bit: ``0.08``, or by year ``2006:1.5,2013:2.0``."""
    if isinstance(value, Mapping):
        return ",".join(f"{year}:{float(amount)!r}" for year, amount in value.items())
    return repr(float(value))


class ParameterError(ValueError):
    """A parameter that does not exist, is declared badly, or is given a value that it cannot have."""


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint for a name that does not exist: the nearest name that does, or else all of them."""
    known = list(words)
    near = get_close_matches(word, known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    if len(known) == 1:
        return f"There is {known[0]}."
    return f"There are {', '.join(known)}." if len(known) <= 12 else f"None of the {len(known)} names is near it."


def number(value: object, what: str) -> float:
    """The value as a float. Raises ParameterError when it is not a number (true and false are not) or is nan."""
    if type(value) is float and value == value:  # nearly all are; asking whether it is a Real takes longer
        return value
    if isinstance(value, bool) or not isinstance(value, Real) or math.isnan(value):
        raise ParameterError(f"{what} is {value!r}, not a number. Give a number such as 0.1.")
    return float(value)


def interval(value: object, what: str) -> tuple[float, float]:
    """Two numbers, the low one first. Raises ParameterError for anything else."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ParameterError(f"{what} is {value!r}. Give two numbers: [low, high].")
    low, high = number(value[0], f"{what}[0]"), number(value[1], f"{what}[1]")
    if low > high:
        raise ParameterError(f"{what} is [{low:g}, {high:g}]: the low end is above the high end. Swap them.")
    return low, high


def path(value: object) -> Value:
    """A value as a float, or as a read-only mapping of years to floats in order of year."""
    if not isinstance(value, Mapping):
        return number(value, "value")
    if not value:
        raise ParameterError("value is an empty table. Give a number, or one value a year: {2006 = 1.0}.")
    dated: dict[int, float] = {}
    for year, amount in value.items():
        if not re.fullmatch(r"[0-9]{4}", str(year)):
            raise ParameterError(f"value has the date {year!r}. Give a year of four digits, such as 2013.")
        dated[int(year)] = number(amount, f"value of {year}")
    return MappingProxyType(dict(sorted(dated.items())))


@dataclass(frozen=True)
class Parameter:
    """One number of the model, or one path of numbers by year, with all that is known about it.

    key: ``topic.name``. value: a number, or a mapping of years to numbers. limits: values outside make no sense and
    are refused. range: the interval that studies sample. source: a work, a figure of the case, or a derivation.
    between: what holds between two dates, the last value (``step``) or a straight or geometric line. whole: only whole
    numbers make sense. title, and what ends in _zh: a short name, and the texts in Chinese; source_zh only where the
    source is more than keys of works. from_start: of a lever, whether it shapes the opening or is looked up once, so
    that it can't change in the course of a run.
    by_year: whether it is declared by year, whatever it has been given since; no field of a file, found from the value.
    A lever that is declared as one number can be given by year all the same, as a reform: see ``reformed``.
    Raises ParameterError when the declaration contradicts itself.
    """

    key: str
    value: Value
    unit: str
    meaning: str
    limits: tuple[float, float]
    role: str
    status: str
    source: str = ""
    range: tuple[float, float] | None = None
    between: str = "step"
    whole: bool = False
    title: str = ""
    title_zh: str = ""
    meaning_zh: str = ""
    source_zh: str = ""
    from_start: bool = False
    by_year: bool | None = None

    def __post_init__(self) -> None:
        """Bring the fields into their one form, then check them against each other."""
        object.__setattr__(self, "value", path(self.value))
        if self.by_year is None:
            object.__setattr__(self, "by_year", isinstance(self.value, Mapping))
        object.__setattr__(self, "limits", interval(self.limits, "limits"))
        if self.range is not None:
            object.__setattr__(self, "range", interval(self.range, "range"))
        self._check_words()
        self._check_reform()
        self._check_numbers()
        self._check_evidence()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the plain fields: a read-only mapping cannot be pickled itself."""
        return _restored, (self.key, self.plain_value, *(getattr(self, name) for name in PLAIN))

    @property
    def plain_value(self) -> float | dict[int, float]:
        """The value as a float or as a new dict, for files."""
        return dict(self.value) if isinstance(self.value, Mapping) else self.value

    @property
    def reformed(self) -> bool:
        """Whether it is declared as one number and was given by year: each number holds from its year on."""
        return isinstance(self.value, Mapping) and not self.by_year

    def but(self, value: Value, **changes: Any) -> Parameter:
        """A copy with another value (a number replaces a whole path). Raises ParameterError as a declaration does."""
        between = self.between if isinstance(value, Mapping) else "step"
        return replace(self, value=value, between=between, **changes)

    def _check_words(self) -> None:
        for what in ("unit", "meaning", "source", *TEXTS):
            text = getattr(self, what)
            if not isinstance(text, str) or (not text.strip() and what in ("unit", "meaning")):
                raise ParameterError(f"{what} is {text!r}. Give it in words.")
        for what, allowed in (("role", ROLES), ("status", STATUSES), ("between", BETWEEN)):
            if getattr(self, what) not in allowed:
                raise ParameterError(f"{what} is {getattr(self, what)!r}. Choose one of {', '.join(allowed)}.")
        for what in ("whole", "from_start"):
            if not isinstance(getattr(self, what), bool):
                raise ParameterError(f"{what} is {getattr(self, what)!r}. Give true, or leave it out.")
        if self.from_start and self.role != "lever":
            raise ParameterError(f"from_start is true, but it is no lever: its role is {self.role!r}. Leave it out.")

    def _check_reform(self) -> None:
        """Refuse values by year of what can't change in the course of a run."""
        if not self.reformed or (self.role == "lever" and not self.from_start):
            return
        why = "a lever that shapes a run from its start" if self.from_start else f"no lever (its role is {self.role!r})"
        years = ", ".join(str(year) for year in self.plain_value)  # type: ignore[union-attr]
        raise ParameterError(f"value is given by year ({years}), but it is {why}: give one number for all years.")

    def _check_numbers(self) -> None:
        dated = self.value if isinstance(self.value, Mapping) else {"": self.value}
        checked = {f"value of {year}" if year else "value": amount for year, amount in dated.items()}
        checked |= dict(zip(("low end of range", "high end of range"), self.range or (), strict=False))
        low, high = self.limits
        for what, amount in checked.items():
            if self.whole and amount % 1.0:
                raise ParameterError(f"{what} is {amount!r} {self.unit}. Give a whole number, such as 5.")
            if math.isinf(amount):
                raise ParameterError(f"{what} is {amount:g} {self.unit}. Give a finite number.")
            if not low <= amount <= high:
                raise ParameterError(
                    f"{what} is {amount:g} {self.unit}, outside the limits {low:g} to {high:g}. Give one inside them."
                )
            if self.between == "geometric" and amount <= 0:
                raise ParameterError(f"{what} is {amount:g}: a geometric path needs numbers above zero. Use linear.")
        if self.between != "step" and not isinstance(self.value, Mapping):
            raise ParameterError(f"between is {self.between!r}, but the value has no dates. Leave between out.")

    def _check_evidence(self) -> None:
        if self.status != "assumed" and not self.source.strip():
            raise ParameterError(f"status is {self.status!r} without a source. Give the source, or say assumed.")
        if self.source_zh and not self.source:
            raise ParameterError(f"source_zh is {self.source_zh!r} without a source. Give the source, or leave it out.")
        if self.status in ("assumed", "calibrated") and self.range is None:
            raise ParameterError(f"status is {self.status!r} without a range. Give the range to sample: [low, high].")


PLAIN = tuple(field.name for field in fields(Parameter)[2:])


def _restored(key: str, value: Value, *others: Any) -> Parameter:
    """A parameter from what was pickled of one: what was checked then is not checked again."""
    restored = object.__new__(Parameter)
    given = MappingProxyType(value) if isinstance(value, dict) else value
    restored.__dict__.update(zip(("key", "value", *PLAIN), (key, given, *others), strict=True))
    return restored


FIELDS = tuple(field.name for field in fields(Parameter) if field.name not in ("key", "by_year"))
REQUIRED = ("value", "unit", "meaning", "limits", "role", "status")


def read_topic(topic: str, table: object) -> list[Parameter]:
    """The parameters that a topic's table declares, in its order. Raises ParameterError, with the key."""
    if not isinstance(table, dict):
        raise ParameterError(f"{topic} is {table!r}. Declare parameters as tables: [{topic}.name].")
    return [read_parameter(f"{topic}.{name}", declaration) for name, declaration in table.items()]


def read_parameter(key: str, declaration: object) -> Parameter:
    """One parameter from the fields of its table. Raises ParameterError, with the key."""
    if not KEY.fullmatch(key):
        raise ParameterError(f"{key}: not a name. Use small letters, digits and underscores: topic.name.")
    if not isinstance(declaration, dict):
        raise ParameterError(f"{key} is {declaration!r}. Declare it as a table: [{key}] with value, unit and so on.")
    for field in declaration:
        if field not in FIELDS:
            raise ParameterError(f"{key}: unknown field {field!r}. {nearest(field, FIELDS)}")
    for field in REQUIRED:
        if field not in declaration:
            raise ParameterError(f"{key}: {field} is missing. Add {field} = ... to [{key}].")
    try:
        return Parameter(key, **declaration)
    except ParameterError as error:
        raise ParameterError(f"{key}: {error}") from None
