"""Who pays, in words: of each yuan that the host's villages gained, what was created and what came from whom."""

from __future__ import annotations

import math
from html import escape

from experiments.app.reading import Part, gains_to_date, parts_of_gain
from experiments.app.telling import quantity
from experiments.app.views import View, host
from experiments.gains import GAINED, VALUE, sector_name
from experiments.words import name_of, say, sector
from model.accounts import sectors
from model.scope import HOST

SMALL = 0.005  # parts of a yuan below this are not told


def payers_html(view: View) -> str:
    """A sentence and a list of parts."""
    year = view.year
    names = sectors(view.pair.fate.case)
    gains = gains_to_date(view.pair, view.answers)[year - view.pair.years[0]]
    mine = float(gains[names.index(("Village", view.pair.fate.case.counties[HOST].name))])
    parts = parts_of_gain(view.pair, year, view.answers)
    if not parts:
        return f"<p>{escape(view.say('The villages of {host} neither gained nor lost.', host=host(view)))}</p>"
    amount = quantity(abs(mine), "yuan", view.lang)
    known = {"host": host(view), "amount": amount, "year": year}
    if mine > 0.0:
        text = view.say(
            "By {year} the villages of {host} have gained {amount} more in B, discounted. "
            "Of each yuan that anybody gained:",
            **known,
        )
    else:
        text = view.say(
            "By {year} the villages of {host} have lost {amount} in B, discounted. Of each yuan that anybody lost:",
            **known,
        )
    rows = "".join(_row(view, part) for part in parts if abs(part.share) >= SMALL)
    note = view.say("As if all that was lost or created came out of one pot.") + " " + luck_told(view)
    return f'<p>{escape(text)}</p><ul class="parts">{rows}</ul><p class="note">{escape(note)}</p>'


def luck_told(view: View) -> str:
    """Whose figures these are: of the one luck that is watched, or means over the seeds that were run."""
    if view.answers is None:
        return view.say("One luck, seed {seed}: run many seeds for intervals.", seed=view.pair.fate.seed)
    return view.say("Means of {seeds} seeds, with 95% intervals.", seeds=len(view.answers.seeds))


def _row(view: View, part: Part) -> str:
    """One part of a yuan with a bar as long as it is, and its interval."""
    size = round(100.0 * min(abs(part.share), 1.0))
    sure = ""
    if math.isfinite(part.low):
        low, high = sorted((abs(part.low), abs(part.high))) if part.low * part.high > 0.0 else (part.low, part.high)
        sure = f" <small>{view.say('{low} to {high}', low=f'{low:.2f}', high=f'{high:.2f}')}</small>"
    text = escape(_part(view, part.direction, part.part, part.share))
    return f'<li><b>{abs(part.share):.2f}</b><i style="width:{size}px"></i><span>{text}{sure}</span></li>'


def _part(view: View, direction: str, part: str, share: float) -> str:
    if part == VALUE:
        created = (share >= 0.0) == (direction == GAINED)
        return view.say("was created") if created else view.say("is what all together lost on top")
    county = {one.name: name_of(one, view.lang) for one in view.pair.fate.case.counties}
    found = {sector_name(kind, name): (kind, name) for kind, name in sectors(view.pair.fate.case)}
    kind, name = found[part]
    who = sector(kind, county.get(name, ""), view.lang)
    return (
        say("came from: {who}", view.lang, who=who)
        if direction == GAINED
        else say("went to: {who}", view.lang, who=who)
    )
