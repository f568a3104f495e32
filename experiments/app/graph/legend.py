"""What colours, widths and marks of the graph mean, as HTML that wraps to the width there is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from experiments.app.graph.backdrop import diamond
from experiments.app.graph.colours import CAPITAL_LIMITS, INCOMES, WIDTHS, ramp
from experiments.app.graph.families import OWN, mechanism_colour, mechanism_name
from experiments.app.graph.style import style
from experiments.units import number
from experiments.words import say, sum_scale
from model.mechanism import Mechanism

WIDE, HIGH = 110, 60  # units of a sample, five to a pixel
HALF_WAY = 0.5**3  # of the limits, where half of the colours are used up: the scale is of cube roots


def legend_html(mechanisms: Sequence[Mechanism], *, lang: str, limits: tuple[float, float]) -> str:
    """The legend. mechanisms: all that are in the pictures; limits: of the scale of incomes, yuan/year."""
    rows = (_incomes(lang, limits), _mechanisms(mechanisms, lang), _widths(lang), _marks(lang))
    rules = (
        ".fg-key{font:12px/1.5 system-ui,'Noto Sans CJK SC','Noto Sans SC',sans-serif;color:#333}"
        ".fg-key div{display:flex;flex-wrap:wrap;gap:0 14px;align-items:center}"
        ".fg-key span{display:inline-flex;align-items:center;gap:5px}.fg-key .fg{width:22px;flex:none}"
        ".fg-key .fg.ramp{width:140px}"
    )
    body = "".join(f"<div>{row}</div>" for row in rows)
    return f'<div class="fg-key" lang="{lang}"><style>{style()}{rules}</style>{body}</div>'


def _item(marks: str, text: str, *, wide: int = WIDE, look: str = "") -> str:
    """A sample and what it means. marks: drawn in a field of wide times ``HIGH`` units."""
    sample = f'<svg class="fg{look}" viewBox="0 0 {wide} {HIGH}" aria-hidden="true"><g class="ms">{marks}</g></svg>'
    return f"<span>{sample}{escape(text)}</span>"


def _incomes(lang: str, limits: tuple[float, float]) -> str:
    """Colours of incomes from the lower limit over the middle of the colours to the upper limit."""
    low, high = limits
    scale = sum_scale([high], lang)
    step, blank = 700 // INCOMES, "" if lang == "zh" else " "
    boxes = "".join(
        f'<rect x="{step * one}" y="12" width="{step}" height="36" fill="{colour}"/>'
        for one, colour in enumerate(ramp())
    )
    ends = [low, low + HALF_WAY * (high - low), high]
    figures = [number(one / scale.divisor, 0 if float(one / scale.divisor).is_integer() else 2) for one in ends]
    text = say("village's recurrent income a year: {low}, {middle} half way, {high} and more", lang).format(
        low=figures[0], middle=figures[1], high=f"{figures[2]}{blank}{scale.unit}"
    )
    dark = _item('<circle class="i8 h" cx="55" cy="30" r="23"/>', say("holds stakes", lang))
    own = '<rect class="own" x="27" y="2" width="56" height="56"/><circle class="i8" cx="55" cy="30" r="18"/>'
    built = _item(own, say("has built for itself: the larger, the more floor", lang))
    return _item(boxes, text, wide=700, look=" ramp") + dark + built


def _mechanisms(mechanisms: Sequence[Mechanism], lang: str) -> str:
    """The colour of each family of mechanisms once; own buildings are told beside the villages."""
    names = {mechanism_name(one, lang): mechanism_colour(one) for one in mechanisms}
    names.pop(say(OWN.short, lang), None)
    return "".join(
        _item(
            f'<path class="l w2" stroke="{colour}" d="M0 30h60"/>'
            f'<rect x="55" y="6" width="48" height="48" fill="{colour}"/>',
            name,
        )
        for name, colour in names.items()
    )


def _widths(lang: str) -> str:
    """The classes of width with the capital that they begin at."""
    scale = sum_scale(CAPITAL_LIMITS, lang)
    lines, blank = [], "" if lang == "zh" else " "
    for place, least in enumerate((0.0, *CAPITAL_LIMITS)):
        sample = f'<path class="l w{place}" stroke="#444" d="M0 30h{WIDE}"/>'
        unit = f"{blank}{scale.unit}" if place == len(WIDTHS) - 1 else ""
        value = number(least / scale.divisor, 1 if 0.0 < least < scale.divisor else 0)
        lines.append(_item(sample, f"{value}{unit}" if least else say("stakes from", lang) + f"{blank}{value}"))
    return "".join(lines)


def _marks(lang: str) -> str:
    """The marks of projects and of those who hold them."""
    colour, box = "#555", 'x="31" y="6" width="48" height="48"'
    square = f'<rect class="p" {box} stroke="{colour}"/>'
    filled = f'<rect x="31" y="{{}}" width="48" height="{{}}" fill="{colour}"/>'
    yellow = '<rect class="b" x="14" y="8" width="82" height="44" rx="22"/><text class="n" x="55" y="42">+6</text>'
    return "".join(
        (
            _item(square + filled.format(24, 30), say("pooled project: side by capital, filled as far as let", lang)),
            _item(f'<rect class="p site" {box} stroke="{colour}"/>', say("being built", lang)),
            _item(f'<rect {box} rx="16" fill="{colour}"/>', say("lives on customers, not on rent", lang)),
            _item(yellow, say("firms that moved in this year", lang)),
            _item(f'<rect class="owed" {box}/>', say("promise not paid in full", lang)),
            _item(square + '<path class="failed" d="M31 6l48 48m0-48l-48 48"/>', say("business failed", lang)),
            _item(f'<path class="o" d="{diamond(55, 30)}"/>', say("treasury of a county", lang)),
            _item('<circle class="zone" cx="55" cy="30" r="27"/>', say("zone", lang)),
        )
    )
