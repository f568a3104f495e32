"""Counties (县市): the treasury, the quota account and the development zone."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, state, stock


class County(RowAgent):
    """A county: it pays for reclaimed quota, grants and relief, guarantees coupons and runs the zone."""

    cash = stock("yuan", "treasury")
    debt = stock("yuan owed", "what it owes to banks")
    quota = stock("mu", "construction-land quota on the county's account")
    zone_rent_seen = state(
        "yuan/m2/year", "net rent per m2 of zone floor, as everybody can read it in the zone's reports"
    )
    zone_rent_variance = state("(yuan/m2/year)^2", "how much that net rent moved from year to year")
    programme = state("yuan/year", "revenue of the year that is meant for village programmes and guarantees")
    spending_cut = state("yuan/year", "ordinary spending that was planned and could not be paid")
    quota_price = state("yuan/mu", "price of the last quota auction")


def affordable_share(cash: float, wanted: float) -> float:
    """Part of a bill that a treasury can pay, 0 to 1. cash, wanted: yuan."""
    return 1.0 if wanted <= 0.0 else min(1.0, max(cash, 0.0) / wanted)


def top_up(due: Array, net_rent: Array) -> tuple[Array, Array]:
    """What the rent lacks of what is due, and what it brings above it. yuan/year, shape (projects,).

    Whatever part of the first is paid, due = net_rent + paid - surplus + unpaid.
    """
    return np.maximum(due - net_rent, 0.0), np.maximum(net_rent - due, 0.0)


def pay_by_rank(wanted: Array, rank: Array, *, cash: float) -> Array:
    """What a treasury pays of each claim: lower ranks in full first, equals in the same part of what they want.

    wanted: yuan, rank: whole numbers, shape (claims,); cash: yuan. Returns yuan, shape (claims,).
    """
    paid, left = np.zeros(len(wanted)), max(cash, 0.0)
    for one in np.unique(rank):
        same = rank == one
        paid[same] = wanted[same] * affordable_share(left, float(wanted[same].sum()))
        left = max(left - float(paid[same].sum()), 0.0)
    return paid
