"""What the page tells of one agent in one year: its figures, each read off a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from agents.share import SOURCE_COLUMNS
from experiments.app.frame import Frame, tenants
from experiments.words import say
from model.partnerships import HOLDERS

VILLAGE = HOLDERS.index("Village")
YES_OR_NO = "yes or no"  # the unit of what is 1 or 0


class Fact(NamedTuple):
    """A figure of an agent: its text in ``words``, unit, and value."""

    text: str
    unit: str
    value: float


def _village_texts(lang: str) -> Mapping[str, tuple[str, str]]:
    """Columns that are told of a village: unit and text, in the order of the card."""
    return {
        "recurrent_income": ("yuan/year", say("recurrent income", lang)),
        "home_income": ("yuan/year", say("net rent of its own property", lang)),
        "pool_income": ("yuan/year", say("paid by pools", lang)),
        "other_income": ("yuan/year", say("other income", lang)),
        "support_income": ("yuan/year", say("of it top-ups, relief and subsidy", lang)),
        "aid": ("yuan/year", say("cash aid of the year", lang)),
        "cash": ("yuan", say("collective funds", lang)),
        "debt": ("yuan", say("owed to banks", lang)),
        "idle_land": ("mu", say("idle construction land", lang)),
        "quota": ("mu", say("quota not yet used", lang)),
        "households": ("households", say("member households", lang)),
        "remoteness": ("km", say("road to the county seat", lang)),
        "trust": ("1", say("how likely it thinks a guarantee is kept", lang)),
    }


def _county_texts(lang: str) -> Mapping[str, tuple[str, str]]:
    """Columns that are told of a county: unit and text, in the order of the card."""
    return {
        "cash": ("yuan", say("money in the treasury", lang)),
        "debt": ("yuan", say("owed to banks", lang)),
        "programme": ("yuan/year", say("meant for village programmes and guarantees", lang)),
        "spending_cut": ("yuan/year", say("ordinary spending that could not be paid", lang)),
        "quota": ("mu", say("quota on its account", lang)),
        "quota_price": ("yuan/mu", say("price of the last quota auction", lang)),
    }


def _town_texts(lang: str) -> Mapping[str, tuple[str, str]]:
    """Columns that are told of a town: unit and text, in the order of the card."""
    return {
        "park_rent_seen": ("yuan/m2/year", say("net rent that villages expect in its park", lang)),
    }


def _project_texts(lang: str) -> Mapping[str, tuple[str, str]]:
    """Columns that are told of a project: unit and text, in the order of the card."""
    return {
        "founded": ("year", say("founded", lang)),
        "land": ("mu", say("land it is built on", lang)),
        "floor": ("m2", say("floor on the market", lang)),
        "let": ("m2", say("floor that is let", lang)),
        "rent": ("yuan/m2/month", say("asking rent", lang)),
        "net_rent": ("yuan/year", say("rent or fees after cost and tax", lang)),
        "due": ("yuan/year", say("promised to its members", lang)),
        "top_up": ("yuan/year", say("added by the guarantor", lang)),
        "surplus": ("yuan/year", say("kept by the lessee above the promise", lang)),
        "unpaid": ("yuan/year", say("promised and not paid", lang)),
        "cost": ("yuan", say("what its buildings have cost", lang)),
        "book": ("yuan", say("what they are still worth", lang)),
    }


COLUMNS: Mapping[str, Callable[[str], Mapping[str, tuple[str, str]]]] = {
    "Village": _village_texts,
    "County": _county_texts,
    "Town": _town_texts,
    "Project": _project_texts,
}


def facts_of(frame: Frame, kind: str, row: int, lang: str, village: int = -1) -> list[Fact]:
    """The figures of an agent in a year. village: of a household; -1 for one of a town."""
    if kind == "Household":
        return _of_household(frame, row, village, lang)
    found = [
        Fact(text, unit, float(frame.column(kind, column)[row])) for column, (unit, text) in COLUMNS[kind](lang).items()
    ]
    more: Mapping[str, Callable[[Frame, int, str], list[Fact]]] = {
        "Town": _of_town,
        "Village": _of_village,
        "Project": _of_project,
    }
    return [*(more[kind](frame, row, lang) if kind in more else []), *found]


def _of_town(frame: Frame, row: int, lang: str) -> list[Fact]:
    villages = frame.tables["Village"]
    mine = villages["town"] == row
    income = villages["recurrent_income"][mine]
    return [
        Fact(say("its villages", lang), "villages", float(mine.sum())),
        Fact(say("their mean recurrent income", lang), "yuan/year", float(income.mean()) if len(income) else np.nan),
        Fact(
            say("the lowest of them", lang), "yuan/year", float(income.min(initial=np.inf)) if len(income) else np.nan
        ),
    ]


def _of_village(frame: Frame, row: int, lang: str) -> list[Fact]:
    mine = (frame.stakes.kind == VILLAGE) & (frame.stakes.holder == row)
    return [
        Fact(
            say("pools in which it holds a stake", lang),
            "projects",
            float(len(set(frame.stakes.project[mine].tolist()))),
        ),
        Fact(say("capital it has in them", lang), "yuan", float(frame.stakes.capital[mine].sum())),
    ]


def _of_project(frame: Frame, row: int, lang: str) -> list[Fact]:
    mine = frame.stakes.project == row
    villages = set(frame.stakes.holder[mine & (frame.stakes.kind == VILLAGE)].tolist())
    return [
        Fact(say("villages that hold it", lang), "villages", float(len(villages))),
        Fact(say("capital paid in", lang), "yuan", float(frame.stakes.capital[mine].sum())),
        Fact(say("firms that rent in it", lang), "firms", float(tenants(frame)[row])),
    ]


def household_income(frame: Frame, row: int, village: int) -> dict[str, float]:
    """What the income of a household is made of, yuan/year, what it gave up below zero; in the order of a card."""
    kept = frame.households
    payout = float(kept.payout[village]) if village >= 0 else 0.0
    parts = {name: kept.value(name, row) for name in ("wage", "forgone", "dividends", "aid")}
    return {
        "earnings": float(kept.earnings[row]),
        "wage": parts["wage"],
        "forgone": -parts["forgone"],
        "payout": payout,
        "dividends": parts["dividends"],
        "aid": parts["aid"],
    }


def household_texts(lang: str) -> dict[str, str]:
    """What the parts of a household's income are called."""
    return {
        "earnings": say("usual earnings", lang),
        "wage": say("wage from a park", lang),
        "forgone": say("usual earnings given up for it", lang),
        "payout": say("paid out by the village", lang),
        "dividends": say("dividends of its stakes", lang),
        "aid": say("cash aid of the year", lang),
    }


def _of_household(frame: Frame, row: int, village: int, lang: str) -> list[Fact]:
    kept, parts = frame.households, household_income(frame, row, village)
    texts = household_texts(lang)
    held = [kept.value(f"share_{name}", row) for name in SOURCE_COLUMNS]
    labels = (
        say("its share capital of 6.0, paid by itself", lang),
        say("given by its village", lang),
        say("given by the county", lang),
        say("given by others", lang),
    )
    return [
        Fact(say("income of the year", lang), "yuan/year", sum(parts.values())),
        *(Fact(texts[name], "yuan/year", value) for name, value in parts.items() if value or name == "earnings"),
        *(Fact(label, "yuan", value) for label, value in zip(labels, held, strict=True) if value),
        Fact(say("truly low-income", lang), YES_OR_NO, float(kept.low_income[row])),
        Fact(say("on the list of low-income households", lang), YES_OR_NO, float(kept.listed[row])),
    ]
