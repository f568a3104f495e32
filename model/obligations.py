"""Three supplies and three guarantees (三供三保): what paired counties owe each other in a common park, and keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.outlook import compensates

if TYPE_CHECKING:
    from model.economy import EconomyModel


class Obligation(NamedTuple):
    """What one side of a pair owes the other in a year: debtor and creditor are kinds and counties; due and met.

    Money is met by what villages bring themselves, in cash, loans and the price of their quota; the rest of the capital
    is granted. Managers serve all phases of a park together.
    """

    year: int
    project: int
    name: str
    name_zh: str
    debtor: str
    creditor: str
    unit: str
    due: float
    met: float


def note_obligations(model: EconomyModel) -> None:
    """Each common park's supplies and guarantees of the year are told, kept or not, in ``model.obligations``."""
    for number, one in enumerate(model.mechanisms):
        if one.mutual:
            for row in np.flatnonzero(model.projects.mechanism == number).tolist():
                model.obligations += _of_park(model, row)


def _of_park(model: EconomyModel, row: int) -> list[Obligation]:
    p, projects, stakes = model.parameters, model.projects, model.partnerships
    names = [county.name for county in model.case.counties]
    host, partner = names[int(projects.county[row])], names[int(projects.partner[row])]
    mine = stakes.project == row
    capital, quota, given = (float(getattr(stakes, name)[mine].sum()) for name in ("capital", "quota", "public"))
    land, let, floor = (float(getattr(projects, name)[row]) for name in ("land", "let", "floor"))
    due, unpaid = float(projects.due[row]), float(projects.unpaid[row])
    mechanism, founded = model.mechanisms[int(projects.mechanism[row])], int(projects.founded[row])
    # All of it came in the year of the founding, at the price of that year.
    price = model.given.at("mountain_sea.quota_price", founded)
    given = max(given - price * quota * compensates(model, mechanism, founded), 0.0)
    first = row == int(np.flatnonzero(projects.mechanism == projects.mechanism[row])[0])
    managers = p["treasury.seconded_managers"] * model.price_index * first
    villages, county, park = f"villages of {partner}", f"county {partner}", f"park in {host}"
    supplies = [
        ("quota", "供土地指标", villages, f"county {host}", "mu", land, quota),
        ("money", "供钱投资", villages, park, "yuan", capital, capital - given),
        ("managers", "供人管理", county, park, "yuan/year", managers, float(projects.managers[row])),
    ]
    guarantees = [
        ("land", "保障落地", f"county {host}", park, "mu", land, land),
        ("tenants", "保障招商", f"county {host}", park, "m2", p["floor.natural_occupancy"] * floor, let),
        ("return", "保障收益", f"county {host}", villages, "yuan/year", due, due - unpaid),
    ]
    return [Obligation(model.year, row, *terms) for terms in supplies + guarantees]
