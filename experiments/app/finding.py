"""Finding a village, town or county by name, with the keyboard alone."""

from __future__ import annotations

from html import escape

from experiments.app.cards import Agent, known, name_in, neighbours_of, read_key
from experiments.app.views import View


def finder_html(view: View, key: str) -> str:
    """Buttons down from the counties to towns and villages: those beside the one that is chosen."""
    chosen = read_key(key)
    counties = [Agent("County", row) for row in range(len(view.pair.fate.case.counties))]
    rows = [counties]
    if chosen is not None and chosen.kind in ("County", "Town") and known(view, 0, chosen):
        rows.append([one for one in neighbours_of(view, 0, chosen) if one.kind != "County"])
    title = escape(view.say("Find somebody:"))
    lines = "".join(f"<div>{''.join(_button(view, one, key) for one in row)}</div>" for row in rows if row)
    return f'<details class="finder" {"open" if key else ""}><summary data-do="find">{title}</summary>{lines}</details>'


def _button(view: View, agent: Agent, key: str) -> str:
    name, own = escape(name_in(view, 0, agent)), f"{agent.kind}-{agent.row}"
    return f'<button data-key="{own}" aria-pressed="{str(own == key).lower()}">{name}</button>'
