"""Changes of parameters as they are written in a line: ``KEY=VALUE``, or by year ``KEY=2006:VALUE,2013:VALUE``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.parameters import Value


class ChangeError(ValueError):
    """A change of a parameter that can't be read."""


def read_changes(words: Sequence[str], where: str) -> dict[str, Value]:
    """The changes by key; where: what they were written behind, for the errors. Raises ChangeError."""
    changes: dict[str, Value] = {}
    for word in words:
        key, equals, text = word.partition("=")
        key = key.strip()
        if not (equals and key):
            raise ChangeError(f"{where} {word!r} is not KEY=VALUE. Write for example pool.coupon_rate=0.08.")
        if key in changes:
            raise ChangeError(f"{where} {key} is given twice. Give it once.")
        changes[key] = _by_year(f"{where} {key}", text) if ":" in text else _number(f"{where} {key}", text)
    return changes


def told_changes(changes: Mapping[str, Value]) -> str:
    """The changes for people: ``pool.coupon_rate = 0.08, stress.slump = 2015:0.4,2018:0``."""
    return ", ".join(f"{key} = {short(value)}" for key, value in changes.items())


def short(value: Value) -> str:
    """A value in as few letters as keep it to the last bit: ``0.08``, or by year ``2015:0.4,2018:0``."""
    if isinstance(value, Mapping):
        return ",".join(f"{year}:{short(amount)}" for year, amount in value.items())
    return repr(float(value)).removesuffix(".0")


def _number(where: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ChangeError(f"{where}: {text!r} is not a number. Give one such as 0.08.") from None


def _by_year(where: str, text: str) -> dict[int, float]:
    """A value a year: ``2006:1.5,2013:2``."""
    dated: dict[int, float] = {}
    for part in text.split(","):
        year, _, value = part.partition(":")
        if not year.strip().isdecimal():
            raise ChangeError(f"{where}: {part!r} is not YEAR:VALUE. Write for example 2006:1.5,2013:2.")
        if int(year) in dated:
            raise ChangeError(f"{where}: {int(year)} is given twice. Give each year once.")
        dated[int(year)] = _number(where, value)
    return dated
