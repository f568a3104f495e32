"""Tags and texts of SVG: written, escaped, measured, and cut to the room that there is. Lengths in units of a chart."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from experiments.app.charts.palette import GROUND, INK, QUIET

WIDTH = 360.0  # of every chart
EDGE = 4.0  # that stays free on the left and on the right
SMALL, LARGE = 10.0, 12.0  # heights of letters: of all texts, of titles
LINE = 13.0  # from one line of text to the next
UNIT_OFF = 7.0  # from the title to the unit
BOLD = 1.13  # how much wider bold letters are
ELLIPSIS = "…"
STYLE = "display:block;width:100%;height:auto;font-family:inherit;font-variant-numeric:tabular-nums"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"  # letters behind which a line may end
CLOSING = "、。，：；！？）》」』”’…"  # which no line begins with
WORD = re.compile(rf"[ \t\r\n]+|[{WIDE}][{CLOSING}]*|[^ \t\r\n{WIDE}]+")
OTHER = 1.08  # the width of all other letters that aren't Chinese
# Widths of letters in heights of a letter, of a wide font: other fonts need less.
WIDTHS = {
    letter: width
    for width, letters in (
        (0.30, "'"),
        (0.35, " ,./IJ\\ijl|"),
        (0.40, "-:;f"),
        (0.45, "!()[]rt"),
        (0.50, '"*_`'),
        (0.55, "?csz"),
        (0.60, "Lkvxy"),
        (0.65, "$0123456789EFPSTYabdeghnopqu{}"),
        (0.70, "ABCKRVXZ"),
        (0.75, "NU"),
        (0.80, "&DGHOQ"),
        (0.85, "#+<=>^w~"),
        (0.90, "M"),
        (1.00, "%@Wm"),
    )
    for letter in letters
}


class Block(NamedTuple):
    """A part of a chart and where it ends, in units from the top."""

    svg: str
    bottom: float


def escape(text: str) -> str:
    """A text that may stand in an element or an attribute; what XML forbids is left out."""
    return html.escape(FORBIDDEN.sub("", text))


def num(value: float) -> str:
    """A coordinate with at most one decimal, never '-0'."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element; ``stroke_width`` becomes ``stroke-width``, None is left out. inside: SVG already."""
    told = "".join(
        [
            f' {key.replace("_", "-")}="{num(value) if isinstance(value, float) else escape(str(value))}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def rect(x: float, y: float, width: float, height: float, inside: str) -> str:
    """A rectangle that takes its look from its group: many are drawn, so that it is put together at once."""
    return f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}">{inside}</rect>'


def tooltip(*lines: str) -> str:
    """What is told of an element when the pointer rests on it."""
    return f"<title>{escape(chr(10).join(lines))}</title>"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = SMALL,
    anchor: str | None = None,
    fill: str = INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Words with their base line at y. anchor: start (None), middle or end; halo: kept apart from what they lie on."""
    around = (
        {"stroke": GROUND, "stroke_width": 3.5, "paint_order": "stroke", "stroke_linejoin": "round"} if halo else {}
    )
    weight = 600 if bold else None
    return tag(
        "text", escape(words), x=x, y=y, font_size=size, font_weight=weight, text_anchor=anchor, fill=fill, **around
    )


@cache
def _letter_width(letter: str) -> float:
    """In heights of a letter: Chinese ones fill a square."""
    if letter in WIDTHS:
        return WIDTHS[letter]
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else OTHER


def width_of(words: str, *, size: float = SMALL, bold: bool = False) -> float:
    """The room that words take at most."""
    return sum(map(_letter_width, words)) * size * (BOLD if bold else 1.0)


def fitted(words: str, room: float, *, size: float = SMALL, bold: bool = False) -> str:
    """Words, cut and ended by an ellipsis where they need more than the room."""
    words = " ".join(words.split())
    if width_of(words, size=size, bold=bold) <= room:
        return words
    room -= width_of(ELLIPSIS, size=size, bold=bold)
    end = 0
    while end < len(words) and (room := room - width_of(words[end], size=size, bold=bold)) >= 0:
        end += 1
    return words[:end].rstrip() + ELLIPSIS


def wrapped(words: str, room: float, *, most: int, size: float = SMALL, bold: bool = False) -> list[str]:
    """Words in at most so many lines, broken at blanks and between Chinese letters; the last one cut if need be.

    A word that fills more than a line is broken anywhere.
    """
    lines: list[str] = []
    line = ""
    found = WORD.findall(words.strip())
    rest = [part for word in found for part in ([word] if width_of(word, size=size, bold=bold) <= room else word)]
    while rest:
        longer = line + (rest[0] if line else rest[0].lstrip())
        if width_of(longer.rstrip(), size=size, bold=bold) > room and line:
            if len(lines) == most - 1:
                return [*lines, fitted(line + "".join(rest), room, size=size, bold=bold)]
            lines.append(line.rstrip())
            longer = ""
        else:
            rest.pop(0)
        line = longer
    return [*lines, fitted(line, room, size=size, bold=bold)] if line.strip() else lines


def heading(title: str, unit: str) -> Block:
    """The title of a chart, and behind or below it the unit of its numbers."""
    room = WIDTH - 2 * EDGE
    lines = wrapped(title, room, most=2, size=LARGE, bold=True)
    last = width_of(lines[-1], size=LARGE, bold=True) + UNIT_OFF if lines else 0.0
    rows = [tag("tspan", escape(line), font_weight=600) for line in lines]
    small = {"font_size": SMALL, "fill": QUIET}
    if lines and last + width_of(unit) <= room:
        rows[-1] += tag("tspan", escape(unit), dx=UNIT_OFF, **small)
    elif unit:
        rows.append(tag("tspan", escape(fitted(unit, room)), **small))
    places = [LARGE + 1 + (LINE + 2) * row for row in range(len(rows))]
    found = (tag("text", row, x=EDGE, y=y, font_size=LARGE, fill=INK) for row, y in zip(rows, places, strict=True))
    return Block("".join(found), places[-1] + 5 if rows else LINE)


def paragraph(words: str, top: float, *, left: float = EDGE, right: float = WIDTH - EDGE) -> Block:
    """A quiet text below a chart, in up to two lines; nothing where there is none."""
    lines = wrapped(words, right - left, most=2)
    found = [text(left, top + LINE * (place + 1) - 3, line, fill=QUIET) for place, line in enumerate(lines)]
    return Block("".join(found), top + LINE * len(lines))


def picture(kind: str, parts: Sequence[str], height: float, *, told: str, year: int | None = None) -> str:
    """A whole chart. kind: its name; height: in units; told: what is read out in its place; year: of the cursor."""
    return tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {num(WIDTH)} {num(height)}",
        role="img",
        aria_label=told,
        data_chart=kind,
        data_year=year,
        style=STYLE,
    )


def nothing(kind: str, title: str, unit: str, empty: str, year: int | None = None) -> str:
    """A chart without anything to draw yet. empty: the words that say so."""
    height = 220.0
    head = heading(title, unit)
    words = fitted(empty, WIDTH - 2 * EDGE)
    middle = text(WIDTH / 2, (head.bottom + height) / 2, words, anchor="middle", fill=QUIET)
    return picture(kind, [head.svg, middle], height, told=f"{title}. {empty}".strip(), year=year)
