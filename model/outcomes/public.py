"""Outcomes of quota and public money: each function takes the model, returns one figure, and changes nothing."""

from __future__ import annotations

from typing import Any

from model.flows import RECLAIMED, names_of
from model.indicator import indicator
from model.scope import HOST

PROGRAMME, RETURNS = names_of(outlay=True), names_of(returns=True)


@indicator("Price in the quota auction", "指标拍卖价", unit="yuan/mu", better="neither")
def quota_price(model: Any) -> float:
    """Price of the host county's last auction."""
    return float(model.counties.quota_price[HOST])


@indicator("Idle land reclaimed to date", "累计复垦面积", unit="mu", better="neither")
def quota_reclaimed(model: Any) -> float:
    """Idle construction land reclaimed so far in the host county."""
    return float(model.ledger.to_date(RECLAIMED.name, unit="mu", giver_county=HOST))


@indicator("Quota on the county's account", "县持有指标", unit="mu", better="neither")
def quota_with_county(model: Any) -> float:
    """Quota that the host county holds."""
    return float(model.counties.quota[HOST])


@indicator("Guaranteed payments due", "保底收益应付", unit="yuan/year", better="neither")
def coupon_due(model: Any) -> float:
    """What guaranteed contracts promise in the year."""
    return float(model.projects.due[model.guaranteed_projects()].sum())


@indicator("Top-ups by the guarantor", "保底补足", unit="yuan/year", better="lower")
def top_ups(model: Any) -> float:
    """What guarantors added to the rent in the year."""
    return float(model.projects.top_up.sum())


@indicator("Rent above the guarantee, kept by the lessee", "承租方盈余", unit="yuan/year", better="neither")
def lessee_surplus(model: Any) -> float:
    """Rent above the promise in the year."""
    return float(model.projects.surplus.sum())


@indicator("Guarantees not paid", "保底违约额", unit="yuan/year", better="lower")
def unpaid_guarantees(model: Any) -> float:
    """What was promised and not paid in the year."""
    return float(model.projects.unpaid.sum())


@indicator("Treasury of the county", "县财政结余", unit="yuan", better="higher")
def treasury(model: Any) -> float:
    """Money of the host county at the end of the year, less what it owes."""
    return float(model.counties.cash[HOST] - model.counties.debt[HOST])


@indicator("Ordinary spending cut for want of money", "一般支出缺口", unit="yuan/year", better="lower")
def spending_cut(model: Any) -> float:
    """Ordinary spending of the host county that was planned and could not be paid, because programmes came first."""
    return float(model.counties.spending_cut[HOST])


@indicator("Public outlay on village programmes to date", "累计公共支出", unit="yuan", better="lower")
def public_outlay_to_date(model: Any) -> float:
    """What counties and upper government have paid for villages and households so far, gross of what came back.

    Compensation, grants, interest subsidies, tax relief, top-ups, share capital, seconded managers and aid.
    """
    return float(model.ledger.to_date(*PROGRAMME, unit="yuan"))


@indicator(
    "Public revenue from land, taxes and surpluses to date",
    "累计公共回收",
    unit="yuan",
    better="higher",
)
def public_returns_to_date(model: Any) -> float:
    """Land sales, local tax of firms, property tax and lessee's surpluses so far, host county."""
    return float(model.ledger.to_date(*RETURNS, unit="yuan", taker_county=HOST))


@indicator("Largest relative imbalance of the accounts", "账目最大相对误差", unit="1", better="lower")
def books_gap(model: Any) -> float:
    """Largest relative imbalance of money, land or debt at the end of the year."""
    return float(max(model.ledger.imbalance().values()))
