"""How villages invest: each weighs the ways open to it and picks one or holds; a pool needs enough members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from agents.village import choose, utility
from model.draws import key_of
from model.founding import plan_pool
from model.mechanism import HOME
from model.offers import Offer, gain, means, offers

if TYPE_CHECKING:
    from model.economy import EconomyModel


def choose_investment(model: EconomyModel) -> None:
    """Each village picks one way of investing, or holds; where a pool does not come about it picks again without it.

    Leaves the offers in ``model.plans``, the choice (number of the offer, -1 to hold) in ``model.chosen``, and the
    mechanisms whose pools failed in ``model.unfounded``.
    """
    model.plans = offers(model)
    model.chosen, failed = np.full(len(model.villages), -1), set()
    if model.plans:
        utilities = np.array([np.where(one.open_, _worth(model, one), -np.inf) for one in model.plans])
        while True:
            model.chosen = _pick(model, utilities)
            short = [number for number in range(len(model.plans)) if _falls_short(model, number)]
            if not short:
                break
            utilities[short] = -np.inf
            failed |= {model.plans[number].number for number in short}
    model.unfounded = frozenset(failed)


def _falls_short(model: EconomyModel, number: int) -> bool:
    offer, members = model.plans[number], np.flatnonzero(model.chosen == number)
    return offer.mechanism.where != HOME and len(members) > 0 and plan_pool(model, offer, members) is None


def _pick(model: EconomyModel, utilities: Array) -> Array:
    """Each village's best way by utility and taste, -1 to hold."""
    p, draws, year = model.parameters, model.draws, model.year
    tastes = []
    for offer in model.plans:
        way = np.array(key_of(offer.mechanism.luck), dtype=np.uint64)
        taste = draws.keyed_gumbel("choice: taste", year, model.village_keys, way)
        tastes.append(p["choice.taste"] * taste)
    readiness = p["choice.taste"] * draws.keyed_normal("choice: readiness", year, model.village_keys)
    picked = choose(utilities, np.array(tastes), readiness)
    return np.where(np.isfinite(utilities.max(axis=0)), picked, -1)


def _worth(model: EconomyModel, offer: Offer) -> Array:
    """The utility of an offer to every village, 1/year."""
    p, villages = model.parameters, model.villages
    own, room = means(model)
    quota_price = model.counties.quota_price[villages.county]
    gained = gain(
        offer,
        deposit_rate=p["prices.deposit_rate"],
        loan_rate=p["prices.loan_rate"],
        quota_price=quota_price,
        appreciation=p["prices.inflation"],
    )
    resources = own + room + quota_price * villages.quota
    control = 0.0 if offer.mechanism.where == HOME else p["choice.control_cost"]
    return utility(
        gained, offer.variance, offer.capital, resources, aversion=p["choice.risk_aversion"], control=control
    )
