"""How villages invest: each picks one of the ways open to it, or holds; a pool needs enough members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from model.decisions import decision
from model.founding import groups, plan_pool
from model.mechanism import HOME
from model.offers import offers

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
        pick, open_ = decision(model), np.array([one.open_ for one in model.plans])
        while True:
            model.chosen = pick(open_)
            short = [(number, who) for number in range(len(model.plans)) for who in _short_of(model, number)]
            if not short:
                break
            for number, who in short:
                # The pool of this place fails for all who could have joined it, not only for those who wanted to.
                place = model.plans[number].place[who[0]]
                open_[number, model.plans[number].place == place] = False
                failed.add((model.plans[number].number, int(place)))
    model.unfounded = frozenset(failed)


def _short_of(model: EconomyModel, number: int) -> list[Array]:
    """The groups of villages that want a pool together and can't fill the smallest plot."""
    offer, members = model.plans[number], np.flatnonzero(model.chosen == number)
    if offer.mechanism.where == HOME:
        return []
    return [who for who in groups(model, offer, members) if plan_pool(model, offer, who) is None]
