"""Outcomes of villages and households: each function takes the model, returns one figure, and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.indicator import indicator
from model.inequality import gini, shortfall

LINES = (150_000, 300_000, 1_000_000, 1_800_000)  # yuan a village; the programme lines of the case and ZJU
WORST = 0.05  # share of villages in the shortfall


@indicator("Mean recurrent income of villages", "村均经常性收入", unit="yuan/year", better="higher", primary=True)
def recurrent_income_mean(model: Any) -> float:
    """Recurrent income (经常性收入): rent, pools, other income, interest and interest subsidy; mean over villages."""
    return float(model.villages.recurrent_income.mean())


@indicator("Gini of recurrent income between villages", "村经常性收入基尼系数", unit="1", better="lower", primary=True)
def recurrent_income_gini(model: Any) -> float:
    """Gini coefficient over villages, each counted once."""
    return gini(model.villages.recurrent_income)


@indicator("Mean of the poorest 5% of villages", "最低5%村平均收入", unit="yuan/year", better="higher", primary=True)
def income_shortfall(model: Any) -> float:
    """Expected shortfall over villages: mean of the lowest 5% of their recurrent incomes in the year."""
    return shortfall(model.villages.recurrent_income, share=WORST)


@indicator(
    "Income per head of low-income households",
    "低收入农户人均收入",
    unit="yuan/person/year",
    better="higher",
    primary=True,
)
def low_income_households(model: Any) -> float:
    """Earnings and payouts per head of households whose own earnings lie below the low-income line.

    Earnings are the same in every arm, so these are the same households in every arm.
    """
    p, households = model.parameters, model.households
    mean = p.at("household.income_per_head", model.year) * p["household.persons"]
    low = households.earnings < p["household.low_income_line"] * mean
    income = (households.earnings + households.payout)[low]
    return float(income.mean() / p["household.persons"]) if low.any() else float("nan")


@indicator("Mean recurrent income without current support", "扣除当年支持的村均收入", unit="yuan/year", better="higher")
def earned_income_mean(model: Any) -> float:
    """Recurrent income less the year's top-ups, relief and interest subsidy, plus surpluses that the lessee kept.

    Rent on capital that grants, compensation and loans paid for is in it. Mean over villages.
    """
    return float((model.villages.recurrent_income - model.villages.support_income).mean())


@indicator("Mean recurrent income after interest paid", "扣除利息后村均收入", unit="yuan/year", better="higher")
def income_after_interest_mean(model: Any) -> float:
    """Recurrent income, which is gross of interest, less the interest that villages paid; mean over villages."""
    return float((model.villages.recurrent_income - model.villages.interest_paid).mean())


@indicator("Mean operating income of villages", "村均经营性收入", unit="yuan/year", better="higher")
def operating_income_mean(model: Any) -> float:
    """Operating income (经营性收入): rent of own property and pool income; mean over villages."""
    return float((model.villages.home_income + model.villages.pool_income).mean())


@indicator("Median recurrent income of villages", "村经常性收入中位数", unit="yuan/year", better="higher")
def recurrent_income_median(model: Any) -> float:
    """Median over villages."""
    return float(np.median(model.villages.recurrent_income))


@indicator("Lowest recurrent income of a village", "村经常性收入最低值", unit="yuan/year", better="higher")
def recurrent_income_min(model: Any) -> float:
    """Lowest over villages."""
    return float(model.villages.recurrent_income.min())


@indicator("Highest recurrent income of a village", "村经常性收入最高值", unit="yuan/year", better="neither")
def recurrent_income_max(model: Any) -> float:
    """Highest over villages."""
    return float(model.villages.recurrent_income.max())


def _below(model: Any, line: float) -> float:
    return float((model.villages.recurrent_income < line).sum())


@indicator("Villages below 150,000 yuan", "低于15万元的村", unit="villages", better="lower")
def villages_below_150k(model: Any) -> float:
    """Villages whose recurrent income is below 150,000 yuan, the line of 2005."""
    return _below(model, LINES[0])


@indicator("Villages below 300,000 yuan", "低于30万元的村", unit="villages", better="lower")
def villages_below_300k(model: Any) -> float:
    """Villages whose recurrent income is below 300,000 yuan."""
    return _below(model, LINES[1])


@indicator("Villages below 1,000,000 yuan", "低于100万元的村", unit="villages", better="lower", primary=True)
def villages_below_1m(model: Any) -> float:
    """Villages whose recurrent income is below 1,000,000 yuan."""
    return _below(model, LINES[2])


@indicator("Villages below 1,800,000 yuan", "低于180万元的村", unit="villages", better="lower")
def villages_below_1800k(model: Any) -> float:
    """Villages whose recurrent income is below 1,800,000 yuan, the line of 2021."""
    return _below(model, LINES[3])


@indicator("Mean net rent of villages' own property", "村均自有物业净租金", unit="yuan/year", better="higher")
def home_income_mean(model: Any) -> float:
    """Net rent of own property, old sheds among it; mean over villages."""
    return float(model.villages.home_income.mean())


@indicator("Mean income of villages from pools", "村均抱团项目收入", unit="yuan/year", better="higher")
def pool_income_mean(model: Any) -> float:
    """What pools paid; mean over villages, members or not."""
    return float(model.villages.pool_income.mean())


@indicator("Share of recurrent income from pools", "抱团收入占比", unit="1", better="neither")
def pool_income_share(model: Any) -> float:
    """Pool income of all villages over their recurrent income."""
    return float(model.villages.pool_income.sum() / model.villages.recurrent_income.sum())


@indicator("Mean debt of villages", "村均负债", unit="yuan", better="lower")
def village_debt_mean(model: Any) -> float:
    """Debt at the end of the year; mean over villages."""
    return float(model.villages.debt.mean())


@indicator("Mean trust in guarantees", "对保底的信任", unit="1", better="neither")
def trust(model: Any) -> float:
    """How likely villages think it that a guarantee is kept; mean over villages."""
    return float(model.villages.trust.mean())


@indicator("Recurrent income of all villages to date", "全部村累计经常性收入", unit="yuan", better="higher")
def village_income_to_date(model: Any) -> float:
    """Recurrent income of all villages summed over the years since the first."""
    if model.year < model.first_year:
        return 0.0
    before = model.panel_years(model.year - model.first_year)
    return float(sum(one["recurrent_income"].sum() for one in before) + model.villages.recurrent_income.sum())


@indicator("Mean household income per head", "农户人均收入", unit="yuan/person/year", better="higher")
def household_income(model: Any) -> float:
    """Earnings and payouts per head, mean over households."""
    households = model.households
    return float((households.earnings + households.payout).mean() / model.parameters["household.persons"])


@indicator("Gini of household incomes", "农户收入基尼系数", unit="1", better="lower")
def household_gini(model: Any) -> float:
    """Gini coefficient of earnings and payouts over households."""
    return gini(model.households.earnings + model.households.payout)
