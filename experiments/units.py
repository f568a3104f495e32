"""Numbers for people: money in a scale that fits, thousands apart, as many decimals as the effect deserves."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

MONEY = ("yuan", "yuan/year")
MILLION = 1e6


class Scale(NamedTuple):
    """What to divide by, and the unit that results."""

    divisor: float
    unit: str


def scale_of(unit: str, values: Iterable[float]) -> Scale:
    """The scale in which to show values of a unit: money above 100,000 yuan in 10,000 (万元), then in millions."""
    if unit not in MONEY:
        return Scale(1.0, unit)
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest >= 1e8:
        return Scale(1e6, f"million {unit}")
    if largest >= 1e5:
        return Scale(1e4, f"10,000 {unit}")
    return Scale(1.0, unit)


def decimals_for(values: Iterable[float]) -> int:
    """Decimals that show three digits of the largest of the values, at most four."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0.0:
        return 0
    return min(max(2 - math.floor(math.log10(largest)), 0), 4)


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number with thousands apart; '-' for a missing one, never '-0'."""
    if not math.isfinite(value):
        return "-"
    value = round(value, decimals) + 0.0
    return f"{value:{'+' if signed and value else ''},.{decimals}f}"


def interval(low: float, high: float, decimals: int) -> str:
    """An interval in words; empty when there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{number(low, decimals)} to {number(high, decimals)}"


def millions(difference: float, low: float, high: float) -> list[str]:
    """A difference in yuan and its interval, in million yuan."""
    values = [value / MILLION for value in (difference, low, high)]
    places = min(decimals_for(values), 2)
    return [number(values[0], places, signed=True), interval(values[1], values[2], places)]


def text_table(head: list[str], rows: list[list[str]], *, width: int = 110, left: int = 1) -> str:
    """Aligned plain text: the first ``left`` columns to the left, the others to the right, two blanks between.

    The first column is wrapped so that the table fits into ``width`` characters.
    """
    widths = [max(_cells(row[column]) for row in [head, *rows]) for column in range(len(head))]
    widths[0] = max(min(widths[0], width - sum(widths[1:]) - 2 * (len(head) - 1)), 12)
    lines = []
    for row in [head, ["-" * width for width in widths], *rows]:
        first, *more = _wrap(row[0], widths[0])
        cells = [
            _pad(cell, size, column < left)
            for column, (cell, size) in enumerate(zip([first, *row[1:]], widths, strict=True))
        ]
        lines += ["  ".join(cells).rstrip(), *(f"  {line}" for line in more)]
    return "\n".join(lines)


def _cells(text: str) -> int:
    """Columns of a terminal that a text fills: Chinese characters fill two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, size: int, to_left: bool) -> str:
    """The text filled up with blanks to a size."""
    blanks = " " * (size - _cells(text))
    return text + blanks if to_left else blanks + text


def _wrap(text: str, size: int) -> list[str]:
    """The text in lines of at most ``size``, the further ones indented by two when printed."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and _cells(longer) > size - (2 if lines else 0):
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]
