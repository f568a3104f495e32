"""Counties (县市): the treasury, the quota account and the development zone."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, state, stock


class County(RowAgent):
    """A county: it pays for reclaimed quota, grants and relief, guarantees coupons and runs the zone."""

    cash = stock("yuan", "treasury")
    quota = stock("mu", "construction-land quota on the county's account")
    zone_rent_seen = state(
        "yuan/m2/year", "net rent per m2 of zone floor, as everybody can read it in the zone's reports"
    )
    zone_rent_variance = state("(yuan/m2/year)^2", "how much that net rent moved from year to year")
    quota_price = state("yuan/mu", "price of the last quota auction")


def affordable_share(cash: float, wanted: float) -> float:
    """Part of a bill that a treasury can pay, 0 to 1. cash, wanted: yuan."""
    return 1.0 if wanted <= 0.0 else min(1.0, max(cash, 0.0) / wanted)


def top_up(due: Array, net_rent: Array, *, cash: float) -> tuple[Array, Array, Array]:
    """What a guarantor adds to the rent, keeps of it, and fails to pay.

    due: promised to the members, yuan/year, shape (projects,); net_rent: the same shape; cash: what the guarantor
    has, yuan. When it can't pay in full, all projects get the same part of what is missing.
    Returns top-up, surplus and unpaid, so that due = net_rent + top-up - surplus + unpaid.
    """
    missing = np.maximum(due - net_rent, 0.0)
    paid = missing * affordable_share(cash, float(missing.sum()))
    return paid, np.maximum(net_rent - due, 0.0), missing - paid
