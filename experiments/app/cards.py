"""The card of an agent that was clicked: figures in both worlds, ledger of the year, past and neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from experiments.app.charts import Curve, paths
from experiments.app.facts import YES_OR_NO, facts_of, household_income, household_texts
from experiments.app.frame import Frame
from experiments.app.graph.names import agent_name, home_of
from experiments.app.telling import quantity
from experiments.app.views import COLOURS, View
from experiments.words import agents, say
from model.partnerships import HOLDERS

KINDS = ("Village", "Town", "County", "Project", "Household")
HISTORY = {"Village": "recurrent_income", "County": "cash", "Project": "net_rent"}  # the column of the past
MOST_NEIGHBOURS = 40
SMALL = 0.5  # yuan: less is not told in a ledger


class Agent(NamedTuple):
    """Who was clicked: kind and row."""

    kind: str
    row: int


def read_key(key: str) -> Agent | None:
    """The agent of a key such as ``Village-12``; None for anything else."""
    kind, dash, row = key.partition("-")
    if not (dash and kind in KINDS and row.isascii() and row.isdigit() and len(row) < 9):
        return None
    return Agent(kind, int(row))


def known(view: View, world: int, agent: Agent) -> bool:
    """Whether there is such an agent in the year that is shown."""
    frame = view.pair.worlds[world].frame(view.year)
    if agent.kind == "Household":
        return agent.row < len(frame.households.earnings)
    return all(agent.row < len(column) for column in frame.tables[agent.kind].values())


def name_in(view: View, world: int, agent: Agent) -> str:
    """What an agent is called in a world."""
    one = view.pair.worlds[world]
    frame = one.frame(view.year)
    return agent_name(view.pair.fate.case, agent.kind, agent.row, view.lang, frame, one.mechanisms)


def card_html(view: View, world: int, key: str) -> str:
    """The card as HTML; empty where nothing is chosen or it is not there in this year."""
    agent = read_key(key)
    if agent is None or not known(view, world, agent):
        return ""
    # A project is its world's own; everybody else lives in both.
    sides = (world,) if agent.kind == "Project" else (0, 1)
    past = _past(view, sides, agent) + _neighbours(view, world, agent)
    parts = [_facts(view, sides, agent), _ledgers(view, sides, agent), past]
    title = escape(name_in(view, world, agent))
    close = f'<button class="close" data-key="none" aria-label="{escape(view.say("close"))}">×</button>'
    return f'<section class="feidi-card" data-card="{key}"><h3>{title}</h3>{close}{_boxed(parts)}</section>'


def _boxed(parts: Sequence[str]) -> str:
    return "".join(f"<div>{part}</div>" for part in parts)


def _village_of(view: View, agent: Agent) -> int:
    """The village of a household, -1 for one of a town and for all others."""
    if agent.kind != "Household":
        return -1
    kind, row, _ = home_of(view.pair.fate.case, agent.row)
    return row if kind == "Village" else -1


def _frames(view: View, sides: Sequence[int]) -> list[Frame]:
    return [view.pair.worlds[side].frame(view.year) for side in sides]


def _heads(view: View, sides: Sequence[int]) -> str:
    cells = "".join(f'<th class="{"ab"[side]}">{"AB"[side]}</th>' for side in sides)
    return f"<tr><th></th>{cells}</tr>"


def _facts(view: View, sides: Sequence[int], agent: Agent) -> str:
    """The figures, a column a world."""
    village = _village_of(view, agent)
    columns = [facts_of(frame, agent.kind, agent.row, view.lang, village) for frame in _frames(view, sides)]
    texts = dict.fromkeys((fact.text, fact.unit) for column in columns for fact in column)
    values = [{(fact.text, fact.unit): fact.value for fact in column} for column in columns]
    lines = []
    for text, unit in texts:
        cells = "".join(f"<td>{_shown(one.get((text, unit), 0.0), unit, view.lang)}</td>" for one in values)
        lines.append(f"<tr><th>{escape(text)}</th>{cells}</tr>")
    return f'<table class="facts">{_heads(view, sides)}{"".join(lines)}</table>'


def _shown(value: float, unit: str, lang: str) -> str:
    if unit == YES_OR_NO:
        return escape(say("yes", lang) if value else say("no", lang))
    return escape(f"{value:.0f}" if unit == "year" else quantity(value, unit, lang))


def _ledgers(view: View, sides: Sequence[int], agent: Agent) -> str:
    """What it got and gave in the year, in words, a column a world."""
    columns = [ledger_of(frame, agent, view.lang, _village_of(view, agent)) for frame in _frames(view, sides)]
    posts = sorted(
        dict.fromkeys(post for column in columns for post in column),
        key=lambda post: -max(column.get(post, 0.0) for column in columns),
    )
    if not posts:
        return ""
    lines = []
    for text, unit in posts:
        cells = []
        for column in columns:
            amount = column.get((text, unit), 0.0)
            told = quantity(amount, unit, view.lang, signed=True) if amount else ""
            cells.append(f'<td class="{"in" if amount > 0.0 else "out"}">{escape(told)}</td>')
        lines.append(f"<tr><th>{escape(text)}</th>{''.join(cells)}</tr>")
    title = escape(view.say("Its ledger of {year}", year=view.year))
    return f'<h4>{title}</h4><table class="ledger">{_heads(view, sides)}{"".join(lines)}</table>'


def ledger_of(frame: Frame, agent: Agent, lang: str, village: int = -1) -> dict[tuple[str, str], float]:
    """What an agent got (above zero) and gave in a year: text and unit -> amount. Debt is told by the cash it moved."""
    found: dict[tuple[str, str], float] = {}
    if agent.kind == "Household":
        texts = household_texts(lang)
        parts = household_income(frame, agent.row, village)
        return {(texts[name], "yuan"): value for name, value in parts.items() if abs(value) >= SMALL}
    for line in frame.lines:
        amount = line.of(agent.row) if line.kind == agent.kind and line.unit != "yuan owed" else 0.0
        if abs(amount) >= (SMALL if line.unit == "yuan" else 1e-6):
            post = _line_text(line.reason, line.other, amount, lang), line.unit
            found[post] = found.get(post, 0.0) + amount
    return found


def _line_text(reason: str, other: str, amount: float, lang: str) -> str:
    what, who = say(reason, lang), agents(other, lang)
    if amount > 0.0:
        return say("{what}, from {who}", lang, what=what, who=who)
    return say("{what}, to {who}", lang, what=what, who=who)


def _past(view: View, sides: Sequence[int], agent: Agent) -> str:
    """A chart of one of its figures over the years."""
    values = [np.array([_past_value(view, frame, agent) for frame in view.pair.worlds[side].frames]) for side in sides]
    titles = {
        "Village": view.say("recurrent income"),
        "Town": view.say("their mean recurrent income"),
        "County": view.say("money in the treasury"),
        "Project": view.say("rent or fees after cost and tax"),
        "Household": view.say("income of the year"),
    }
    unit = "yuan" if agent.kind == "County" else "yuan/year"
    curves = [Curve(view.names[side], COLOURS[side], one) for side, one in zip(sides, values, strict=True)]
    return paths(
        curves,
        years=view.pair.years,
        year=view.year,
        last_year=view.pair.fate.last_year,
        title=titles[agent.kind],
        scale=view.scale(unit, *values),
        empty=view.say("nothing yet"),
    )


def _past_value(view: View, frame: Frame, agent: Agent) -> float:
    """The figure of the past in one year, nan where it was not there yet."""
    if agent.kind == "Household":
        return sum(household_income(frame, agent.row, _village_of(view, agent)).values())
    if agent.kind == "Town":
        villages = frame.tables["Village"]
        mine = villages["recurrent_income"][villages["town"] == agent.row]
        return float(mine.mean()) if len(mine) else np.nan
    column = frame.column(agent.kind, HISTORY[agent.kind])
    return float(column[agent.row]) if agent.row < len(column) else np.nan


def neighbours_of(view: View, world: int, agent: Agent) -> list[Agent]:
    """Who stands beside an agent: who administers it, whom it administers, whose project it holds, who holds it."""
    frame = view.pair.worlds[world].frame(view.year)
    villages, towns = frame.tables["Village"], frame.tables["Town"]
    if agent.kind == "Household":
        kind, row, _ = home_of(view.pair.fate.case, agent.row)
        return [Agent(kind, row)]
    if agent.kind == "County":
        return [Agent("Town", row) for row in np.flatnonzero(towns["county"] == agent.row).tolist()]
    if agent.kind == "Town":
        inside = np.flatnonzero(villages["town"] == agent.row).tolist()
        return [Agent("County", int(towns["county"][agent.row])), *(Agent("Village", row) for row in inside)]
    stakes = frame.stakes
    if agent.kind == "Village":
        mine = (stakes.kind == HOLDERS.index("Village")) & (stakes.holder == agent.row)
        held = sorted(set(stakes.project[mine].tolist()))
        return [Agent("Town", int(villages["town"][agent.row])), *(Agent("Project", row) for row in held)]
    mine = stakes.project == agent.row
    holders = sorted(set(zip(stakes.kind[mine].tolist(), stakes.holder[mine].tolist(), strict=True)))
    return [Agent(HOLDERS[kind], row) for kind, row in holders if HOLDERS[kind] in ("Village", "County")]


def _neighbours(view: View, world: int, agent: Agent) -> str:
    """Buttons that lead to the neighbours; of a village to its households too."""
    found = neighbours_of(view, world, agent)
    shown = [(f"{one.kind}-{one.row}", name_in(view, world, one)) for one in found[:MOST_NEIGHBOURS]]
    if agent.kind == "Village":
        shown += _some_households(view, world, agent.row)
    buttons = "".join(f'<button data-key="{key}">{escape(name)}</button>' for key, name in shown)
    if not shown:
        return ""
    more = f"<span>+ {len(found) - MOST_NEIGHBOURS}</span>" if len(found) > MOST_NEIGHBOURS else ""
    return f'<h4>{escape(view.say("Neighbours"))}</h4><div class="neighbours">{buttons}{more}</div>'


def _some_households(view: View, world: int, village: int) -> list[tuple[str, str]]:
    """Three households of a village: the one that earns least, the middle one, and the one that earns most."""
    frame = view.pair.worlds[world].frame(view.year)
    counts = frame.tables["Village"]["households"]
    first, count = int(counts[:village].sum()), int(counts[village])
    order = first + np.argsort(frame.households.earnings[first : first + count], kind="stable")
    texts = (
        view.say("its poorest household"),
        view.say("a household in the middle"),
        view.say("its richest household"),
    )
    return [(f"Household-{order[place]}", text) for place, text in zip((0, count // 2, count - 1), texts, strict=True)]
