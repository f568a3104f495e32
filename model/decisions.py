"""How villages decide, by ``choice.rule``: by what they expect, by imitation, enrolled by policy, or by pilots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array, total_by
from agents.village import choose, enrolled, imitate, try_out, utility
from model.draws import key_of
from model.mechanism import HOME
from model.offers import Offer, gain
from model.outlook import means, net_appreciation, reported_income
from model.partnerships import VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel

# From what is open, bool, shape (ways, villages), to the way that each village picks, -1 to hold, shape (villages,).
Decision = Callable[[Array], Array]


def decision(model: EconomyModel) -> Decision:
    """This year's decision of the villages on the offers in ``model.plans``, of which there is at least one."""
    rules = (_by_prospects, _by_imitation, _by_enrolment, _by_pilot)
    return rules[int(model.parameters["choice.rule"])](model)


def _by_prospects(model: EconomyModel) -> Decision:
    """Each village's best way by utility and taste, if it is worth it."""
    p, draws, year = model.parameters, model.draws, model.year
    worth = np.array([_worth(model, one) for one in model.plans])
    tastes = np.array(
        [p["choice.taste"] * draws.keyed_gumbel("choice: taste", year, *_keys(model, one)) for one in model.plans]
    )
    readiness = p["choice.taste"] * draws.keyed_normal("choice: readiness", year, model.village_keys)

    def pick(open_: Array) -> Array:
        utilities = np.where(open_, worth, -np.inf)
        picked = choose(utilities, tastes, readiness)
        return np.where(np.isfinite(utilities.max(axis=0)), picked, -1)

    return pick


def _keys(model: EconomyModel, offer: Offer) -> tuple[Array, Array]:
    """The keys of each village and of a way of investing, in the random numbers."""
    return model.village_keys, np.array(key_of(offer.mechanism.luck), dtype=np.uint64)


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


def _by_imitation(model: EconomyModel) -> Decision:
    """What paid best among those a village hears from, the likelier the more it beats its own; some try anything."""
    p, draws, year = model.parameters, model.draws, model.year
    seen, own = yields_seen(model)
    luck = draws.keyed_uniform("choice: imitates", year, model.village_keys)
    spirit = draws.keyed_uniform("choice: innovates", year, model.village_keys)
    lots = np.array([draws.keyed_uniform("choice: tries", year, *_keys(model, one)) for one in model.plans])

    def pick(open_: Array) -> Array:
        tried = try_out(open_, spirit, lots, chance=p["choice.experiment"])
        copied = imitate(np.where(open_, seen, -np.inf), own, luck, span=p["choice.imitation_span"])
        return np.where(tried >= 0, tried, copied)

    return pick


def yields_seen(model: EconomyModel) -> tuple[Array, Array]:
    """What last year's offers really paid a yuan of capital: each way among those a village hears from, and its own.

    Returns 1/year, shape (ways, villages), -inf where none of those it hears from had such capital, and shape
    (villages,), the deposit rate where a village had no capital at work.
    """
    stakes, count = model.partnerships, len(model.villages)
    mine = stakes.held_by(VILLAGE)
    holder, project = stakes.holder[mine], stakes.project[mine]
    capital, received = (values[mine] for values in _at_work(model))
    seen = np.full((len(model.plans), count), -np.inf)
    for way, offer in enumerate(model.plans):
        at_home = model.projects.village[project] >= 0
        of_way = at_home if offer.mechanism.where == HOME else model.projects.mechanism[project] == offer.number
        paid, put_in = (model.neighbours.total(holder, of_way * values) for values in (received, capital))
        np.divide(paid, put_in, out=seen[way], where=put_in > 0.0)
    paid, put_in = (total_by(holder, values, count) for values in (received, capital))
    idle = np.full(count, model.parameters["prices.deposit_rate"])
    return seen, np.divide(paid, put_in, out=idle, where=put_in > 0.0)


def _at_work(model: EconomyModel) -> tuple[Array, Array]:
    """Capital of each stake that was at work last year, and what it received then: yuan, yuan/year, shape (stakes,).

    What was built last year stood under construction. Capital is what was paid in; of sheds that were there before,
    what they would have cost then.
    """
    projects, stakes, last = model.projects, model.partnerships, model.year - 1
    built = stakes.since < max(last, model.first_year)
    at_home, let = (projects.village >= 0)[stakes.project], (projects.founded < last)[stakes.project]
    capital = np.where(at_home, stakes.capital * built, stakes.accruing(last) * let)
    base = total_by(stakes.project, capital, len(projects))
    paid = projects.net_rent + projects.top_up - projects.surplus
    return capital, capital * np.divide(paid, base, out=np.zeros(len(projects)), where=base > 0.0)[stakes.project]


def _by_enrolment(model: EconomyModel) -> Decision:
    """The county's leading group enrols weak villages in its newest pool; whom none takes decides by prospects."""
    return _enrolled_or(model, _by_prospects(model), np.ones(len(model.plans), dtype=bool))


def _by_pilot(model: EconomyModel) -> Decision:
    """The leading group enrols weak villages in the first pool of a kind (试点); all else is imitation."""
    new = np.array([(model.projects.mechanism != one.number).all() for one in model.plans])
    return _enrolled_or(model, _by_imitation(model), new)


def _enrolled_or(model: EconomyModel, free: Decision, ways: Array) -> Decision:
    """Weak villages are enrolled in the newest pool among some ways; whom none takes decides freely. ways: bool."""
    pools = [-1 if one.mechanism.where == HOME else one.mechanism.since for one in model.plans]
    weak = reported_income(model) < model.parameters.at("pool.weak_line", model.year)
    at_first = np.array([one.open_ for one in model.plans]) & ways[:, None]
    way = enrolled(at_first, np.array(pools), weak, model.villages.county)

    def pick(open_: Array) -> Array:
        still = (way >= 0) & open_[way, np.arange(len(way))]
        return np.where(still, way, free(open_))

    return pick
