"""Colours of charts: ink and rules, colours for parts, and colours made dark enough to be read as text."""

from __future__ import annotations

import re
from functools import cache

INK, QUIET = "#24292f", "#57606a"  # text, and text that steps back; on white 14 and 6 times its contrast
GRID, AXIS, CURSOR = "#e8eaed", "#a7adb4", "#6e7781"
GROUND = "#ffffff"
PALETTE = ("#332288", "#88ccee", "#117733", "#ddcc77", "#882255", "#44aa99", "#999933", "#cc6677")
"""Eight colours of parts, which the colour-blind can tell apart (Paul Tol's muted scheme)."""
READABLE = 4.5  # contrast of text with its ground that WCAG AA asks for
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(colour: str) -> float:
    """The contrast of a colour ``#rrggbb`` with white, 1 to 21, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@cache
def readable(colour: str) -> str:
    """A colour as dark as text on white has to be; ink for what is no ``#rrggbb``."""
    if not HEX.fullmatch(colour):
        return INK
    while contrast(colour) < READABLE:
        parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        colour = "#" + "".join(f"{int(part * 0.95):02x}" for part in parts)
    return colour
