"""How villages invest: each weighs the ways open to it and picks one or holds; a pool needs enough members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from agents.village import choose, utility
from model.draws import key_of
from model.founding import groups, plan_pool
from model.mechanism import HOME
from model.offers import Offer, gain, offers
from model.outlook import means, net_appreciation

if TYPE_CHECKING:
    from model.economy import EconomyModel


def choose_investment(model: EconomyModel) -> None:
    """Each village picks one way of investing, or holds; where a pool does not come about it picks again without it.

    Leaves the offers in ``model.plans``, the choice (number of the offer, -1 to hold) in ``model.chosen``, and the
    pools that failed (number of the mechanism, row of the place) in ``model.unfounded``.
    """
    model.plans = offers(model)
    model.chosen, failed = np.full(len(model.villages), -1), set[tuple[int, int]]()
    if model.plans:
        utilities = np.array([np.where(one.open_, _worth(model, one), -np.inf) for one in model.plans])
        while True:
            model.chosen = _pick(model, utilities)
            short = [(number, who) for number in range(len(model.plans)) for who in _short_of(model, number)]
            if not short:
                break
            for number, who in short:
                # The pool of this place fails for all who could have joined it, not only for those who wanted to.
                place = model.plans[number].place[who[0]]
                utilities[number, model.plans[number].place == place] = -np.inf
                failed.add((model.plans[number].number, int(place)))
    model.unfounded = frozenset(failed)


def _short_of(model: EconomyModel, number: int) -> list[Array]:
    """The groups of villages that want a pool together and can't fill the smallest plot."""
    offer, members = model.plans[number], np.flatnonzero(model.chosen == number)
    if offer.mechanism.where == HOME:
        return []
    return [who for who in groups(model, offer, members) if plan_pool(model, offer, who) is None]


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
        appreciation=net_appreciation(model),
    )
    resources = own + room + quota_price * villages.quota
    control = p[offer.mechanism.control] if offer.mechanism.control else 0.0
    return utility(
        gained, offer.variance, offer.capital, resources, aversion=p["choice.risk_aversion"], control=control
    )
