"""Charts read back: their texts with the room that these take, their bars, and the values of their points."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

SVG = "{http://www.w3.org/2000/svg}"
POINT = re.compile(r"([ML]) ?(-?[\d.]+) (-?[\d.]+)(h0)?")


class Box(NamedTuple):
    """Where a text stands."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    def touches(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@cache
def _letters(bold: bool) -> FT2Font:
    font = FT2Font(findfont("DejaVu Sans:bold" if bold else "DejaVu Sans"))
    font.set_size(100, 72)
    return font


@cache
def letter_width(letter: str, bold: bool) -> float:
    """Of a wide font, in heights of a letter; Chinese letters fill a square."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return _letters(bold).load_char(ord(letter)).linearHoriAdvance / 65536 / 100


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def all_of(root: ElementTree.Element, name: str, **attributes: str) -> list[ElementTree.Element]:
    """The elements of a name with these attributes."""
    wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
    return [one for one in root.iter(SVG + name) if wanted.items() <= one.attrib.items()]


def own_text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def room_of(element: ElementTree.Element) -> Box:
    """Where a text element stands, whatever the font."""
    pieces = element.findall(f"{SVG}tspan") or [element]
    width = 0.0
    for piece in pieces:
        size = float(piece.get("font-size", element.get("font-size")))
        bold = piece.get("font-weight") == "600"
        width += float(piece.get("dx", 0)) + sum(letter_width(one, bold) for one in piece.text or "") * size
    x, y, size = (float(element.get(name)) for name in ("x", "y", "font-size"))
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
    return Box(own_text(element), left, left + width, y - 0.73 * size, y + 0.13 * size)


def boxes(root: ElementTree.Element) -> list[Box]:
    return [box for box in map(room_of, all_of(root, "text")) if box.words]


def faults(svg: str) -> list[str]:
    """Texts that leave the picture or lie on each other."""
    root = parsed(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    found, there = [], boxes(root)
    for place, box in enumerate(there):
        if box.left < 0 or box.right > width or box.top < 0 or box.bottom > height:
            found.append(f"{box.words} leaves the picture")
        found += [f"{box.words} lies on {other.words}" for other in there[place + 1 :] if box.touches(other)]
    return found


def points(path: str) -> list[list[tuple[float, float]]]:
    """The points of a path, a list a stretch without a gap."""
    found: list[list[tuple[float, float]]] = []
    for pen, x, y, _ in POINT.findall(path):
        if pen == "M":
            found.append([])
        found[-1].append((float(x), float(y)))
    return found


def stretches(root: ElementTree.Element, colour: str) -> list[list[tuple[float, float]]]:
    """The points of the line of a colour, without what only marks that it lies on another."""
    lines = [one for one in all_of(root, "path", stroke=colour) if "stroke-dasharray" not in one.attrib]
    return [stretch for one in lines for stretch in points(one.get("d"))]


def value_axis(root: ElementTree.Element) -> np.polynomial.Polynomial:
    """From a height in the picture to the value there, as a reader tells by the numbers on the left."""
    numbers = {}
    for element in all_of(root, "text", text_anchor="end"):
        text = own_text(element).replace(",", "").removesuffix("%")
        if re.fullmatch(r"-?[\d.]+", text) and float(element.get("x")) < 100:
            numbers[float(element.get("y")) - 3.5] = float(text)
    places = sorted(numbers)
    return np.polynomial.Polynomial.fit(places, [numbers[place] for place in places], 1)


def year_axis(root: ElementTree.Element) -> np.polynomial.Polynomial:
    """From a place to its year, by the numbers below."""
    labels = all_of(root, "text", text_anchor="middle")
    there = [(float(one.get("x")), int(own_text(one))) for one in labels if re.fullmatch(r"\d{4}", own_text(one))]
    return np.polynomial.Polynomial.fit(*zip(*there, strict=True), 1)
