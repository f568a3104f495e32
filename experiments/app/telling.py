"""Numbers in words, in both languages: sums of money, quantities and shares as people say them."""

from __future__ import annotations

import math

from experiments.units import MILLION, MONEY, Scale, decimals_for, number
from experiments.words import say, unit_scale

NOT_KNOWN = "–"
DIGITS_OF_SUMS = 3  # significant digits of sums below a million yuan; more would pretend


def scale_for(size: float, unit: str, lang: str) -> Scale:
    """The scale in which amounts of some size are told: English counts money in millions, Chinese in ten thousands."""
    if lang == "en" and unit in MONEY:
        return Scale(MILLION, f"million {unit}") if abs(size) >= MILLION else Scale(1.0, unit)
    return unit_scale(unit, [size], lang)


def quantity(value: float, unit: str, lang: str, *, signed: bool = False, size: float | None = None) -> str:
    """A value with its unit: ``1.21 million yuan``, ``121万元``, ``12.3 mu``, ``0.31``; a dash where there is none.

    size: of the amounts that it is told beside, by default its own.
    """
    text, shown = parted(value, unit, lang, signed=signed, size=size)
    close = not shown or (lang == "zh" and not shown[0].isdigit())  # 0.08 1/年, not 0.081/年
    return f"{text}{'' if close else ' '}{shown}"


def parted(value: float, unit: str, lang: str, *, signed: bool = False, size: float | None = None) -> tuple[str, str]:
    """The same, number and unit apart."""
    if not math.isfinite(value):
        return NOT_KNOWN, ""
    scale = scale_for(value if size is None or not math.isfinite(size) else size, unit, lang)
    shown = _rounded(value / scale.divisor, unit)
    return number(shown, _decimals(shown, unit), signed=signed), scale.unit


def _rounded(value: float, unit: str) -> float:
    """Sums of money in yuan are told in three digits from a thousand on."""
    if unit not in MONEY or abs(value) < 1000.0:
        return value
    return round(value, DIGITS_OF_SUMS - 1 - math.floor(math.log10(abs(value))))


def _decimals(value: float, unit: str) -> int:
    """Three digits; none behind the point of what is counted, or of whole numbers."""
    pure = unit in ("1", "1/year")
    if not pure and (abs(value) >= 100.0 or float(value).is_integer()):
        return 0
    return min(decimals_for([value]), 3)


def interval(low: float, high: float, unit: str, lang: str, *, size: float) -> str:
    """An interval in the scale of amounts of some size; empty where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    scale = scale_for(size, unit, lang)
    ends = [_rounded(end / scale.divisor, unit) for end in (low, high)]
    places = max(_decimals(end, unit) for end in ends)
    told = (number(end, places, signed=True) for end in ends)
    return say("{low} to {high}", lang, **dict(zip(("low", "high"), told, strict=True)))
