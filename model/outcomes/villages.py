"""Outcomes of villages: each function takes the model, returns one figure, and changes nothing.

Villages are those of the host county unless the name says partner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from agents.table import Array
from model.indicator import indicator
from model.inequality import gini, shortfall, theil
from model.scope import HOST, host_villages, partner_villages

LINES = (150_000, 300_000, 1_000_000, 1_800_000)  # yuan a village; the programme lines of the case and ZJU
USED = ("recurrent_income", "aid")  # columns of the villages that are summed over the years
WORST = 0.05  # share of villages in the shortfall


@indicator("Mean recurrent income of villages", "村均经常性收入", unit="yuan/year", better="higher", primary=True)
def recurrent_income_mean(model: Any) -> float:
    """Recurrent income (经常性收入): rent, pools, other income, interest and interest subsidy; mean over villages."""
    return float(host_villages(model, "recurrent_income").mean())


@indicator(
    "Mean recurrent income and aid of villages", "村均经常性收入与援助", unit="yuan/year", better="higher", primary=True
)
def income_and_aid_mean(model: Any) -> float:
    """Recurrent income and the cash aid of the year: what pools with their top-ups and aid are compared by; mean."""
    return float((host_villages(model, "recurrent_income") + host_villages(model, "aid")).mean())


@indicator("Gini of recurrent income between villages", "村经常性收入基尼系数", unit="1", better="lower", primary=True)
def recurrent_income_gini(model: Any) -> float:
    """Gini coefficient over villages, each counted once."""
    return gini(host_villages(model, "recurrent_income"))


@indicator(
    "Mean income of the poorest 5% of villages", "最低5%村平均收入", unit="yuan/year", better="higher", primary=True
)
def income_shortfall(model: Any) -> float:
    """Expected shortfall over villages: mean of the lowest 5% of their recurrent incomes in the year."""
    return shortfall(host_villages(model, "recurrent_income"), share=WORST)


@indicator(
    "Mean recurrent income without current support",
    "扣除当年支持的村均收入",
    unit="yuan/year",
    better="higher",
    primary=True,
)
def earned_income_mean(model: Any) -> float:
    """Recurrent income less the year's top-ups, relief and interest subsidy, plus surpluses that the lessee kept.

    Rent on capital that grants, compensation and loans paid for is in it. Mean over villages.
    """
    return float((host_villages(model, "recurrent_income") - host_villages(model, "support_income")).mean())


@indicator("Mean recurrent income after interest paid", "扣除利息后村均收入", unit="yuan/year", better="higher")
def income_after_interest_mean(model: Any) -> float:
    """Recurrent income, which is gross of interest, less the interest that villages paid; mean over villages."""
    return float((host_villages(model, "recurrent_income") - host_villages(model, "interest_paid")).mean())


@indicator("Mean operating income of villages", "村均经营性收入", unit="yuan/year", better="higher")
def operating_income_mean(model: Any) -> float:
    """Operating income (经营性收入): rent of own property and of idle land, and pool income; mean over villages."""
    return float(_operating_income(model).mean())


def _operating_income(model: Any) -> Array:
    names = ("home_income", "pool_income", "idle_income")
    return np.asarray(np.sum([host_villages(model, name) for name in names], axis=0))


@indicator("Median recurrent income of villages", "村经常性收入中位数", unit="yuan/year", better="higher")
def recurrent_income_median(model: Any) -> float:
    """Median over villages."""
    return float(np.median(host_villages(model, "recurrent_income")))


@indicator("Lowest recurrent income of a village", "村经常性收入最低值", unit="yuan/year", better="higher")
def recurrent_income_min(model: Any) -> float:
    """Lowest over villages."""
    return float(host_villages(model, "recurrent_income").min())


@indicator("Highest recurrent income of a village", "村经常性收入最高值", unit="yuan/year", better="neither")
def recurrent_income_max(model: Any) -> float:
    """Highest over villages."""
    return float(host_villages(model, "recurrent_income").max())


def _below(model: Any, line: float) -> float:
    return float((host_villages(model, "recurrent_income") < line).sum())


@indicator("Villages below 150,000 yuan", "低于15万元的村", unit="villages", better="lower")
def villages_below_150k(model: Any) -> float:
    """Villages whose recurrent income is below 150,000 yuan, the line of 2005."""
    return _below(model, LINES[0])


@indicator("Villages below 300,000 yuan", "低于30万元的村", unit="villages", better="lower")
def villages_below_300k(model: Any) -> float:
    """Villages whose recurrent income is below 300,000 yuan."""
    return _below(model, LINES[1])


@indicator("Villages below 1,000,000 yuan", "低于100万元的村", unit="villages", better="lower")
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
    return float(host_villages(model, "home_income").mean())


@indicator("Mean other income of villages", "村均其他收入", unit="yuan/year", better="neither")
def other_income_mean(model: Any) -> float:
    """Recurrent income other than rent and pools: an exogenous path, the same in every arm; mean over villages."""
    return float(host_villages(model, "other_income").mean())


@indicator("Mean income of villages from pools", "村均抱团项目收入", unit="yuan/year", better="higher")
def pool_income_mean(model: Any) -> float:
    """What pools paid; mean over villages, members or not."""
    return float(host_villages(model, "pool_income").mean())


@indicator("Share of recurrent income from pools", "抱团收入占比", unit="1", better="neither")
def pool_income_share(model: Any) -> float:
    """Pool income of all villages over their recurrent income."""
    return float(host_villages(model, "pool_income").sum() / host_villages(model, "recurrent_income").sum())


@indicator("Mean debt of villages", "村均负债", unit="yuan", better="lower")
def village_debt_mean(model: Any) -> float:
    """Debt at the end of the year; mean over villages."""
    return float(host_villages(model, "debt").mean())


@indicator("Mean trust in guarantees", "对保底的信任", unit="1", better="neither")
def trust(model: Any) -> float:
    """How likely villages think it that a guarantee is kept; mean over villages."""
    return float(host_villages(model, "trust").mean())


@indicator(
    "Years of villages below 1,000,000 yuan",
    "低于100万元的村年数",
    unit="village years",
    better="lower",
    primary=True,
)
def village_years_below_1m(model: Any) -> float:
    """Years with a recurrent income below 1,000,000 yuan, summed over villages, since the first year."""
    return _to_date(model, lambda villages: (villages["recurrent_income"] < LINES[2]) & (villages["county"] == HOST))


@indicator("Recurrent income and aid of all villages to date", "全部村累计收入与援助", unit="yuan", better="higher")
def village_income_to_date(model: Any) -> float:
    """Recurrent income and aid of the villages of all counties, summed over the years since the first."""
    return _to_date(model, lambda villages: villages["recurrent_income"] + villages["aid"])


def _to_date(model: Any, of: Callable[[Mapping[str, Array]], Array]) -> float:
    """A sum over villages and over the years since the first, this one among them. of: the villages' columns."""
    if model.year < model.first_year:
        return 0.0
    years = [*model.panel_years(model.year - model.first_year), {name: model.villages.column(name) for name in USED}]
    return float(sum(of({**one, "county": model.villages.county}).sum() for one in years))


@indicator("Mean recurrent income of partner villages", "结对县村均经常性收入", unit="yuan/year", better="higher")
def partner_income_mean(model: Any) -> float:
    """Recurrent income, mean over the villages of the paired counties; 0 where they have none."""
    return _mean(partner_villages(model, "recurrent_income"))


@indicator("Mean income of partner villages from pools", "结对县村均抱团收入", unit="yuan/year", better="higher")
def partner_pool_income_mean(model: Any) -> float:
    """What pools paid, mean over the villages of the paired counties; 0 where they have none."""
    return _mean(partner_villages(model, "pool_income"))


@indicator("Mean debt of partner villages", "结对县村均负债", unit="yuan", better="lower")
def partner_debt_mean(model: Any) -> float:
    """Debt at the end of the year, mean over the villages of the paired counties; 0 where they have none."""
    return _mean(partner_villages(model, "debt"))


@indicator("Gini between partner villages", "结对县村间基尼系数", unit="1", better="lower")
def partner_income_gini(model: Any) -> float:
    """Gini coefficient of recurrent income over the villages of the paired counties; 0 where they have none."""
    values = partner_villages(model, "recurrent_income")
    return gini(values) if len(values) else 0.0


@indicator("Theil index of recurrent income within towns", "乡镇内泰尔指数", unit="1", better="lower")
def theil_within_towns(model: Any) -> float:
    """Theil's T of the villages' recurrent income: the part within towns, host county."""
    return theil(host_villages(model, "recurrent_income"), host_villages(model, "town"))[0]


@indicator("Theil index of recurrent income between towns", "乡镇间泰尔指数", unit="1", better="lower")
def theil_between_towns(model: Any) -> float:
    """Theil's T of the villages' recurrent income: the part between towns, host county."""
    return theil(host_villages(model, "recurrent_income"), host_villages(model, "town"))[1]


@indicator("Theil index of recurrent income between counties", "县际泰尔指数", unit="1", better="lower")
def theil_between_counties(model: Any) -> float:
    """Theil's T of the recurrent income of all villages of the case: the part between counties."""
    return theil(model.villages.recurrent_income, model.villages.county)[1]


@indicator("Volatility of village income", "村收入波动", unit="1", better="lower")
def income_volatility(model: Any) -> float:
    """Standard deviation over the last five years of the yearly change of log recurrent income; mean over villages."""
    path = _income_path(model, 5)
    if len(path) < 3:
        return 0.0
    return float(np.diff(np.log(np.maximum(path, 1.0)), axis=0).std(axis=0).mean())


@indicator("Worst yearly changes of village income", "村收入年度变动最差5%", unit="1/year", better="higher")
def income_change_shortfall(model: Any) -> float:
    """Expected shortfall of safety: mean of the lowest 5% of the villages' changes of log income against last year."""
    path = _income_path(model, 1)
    if len(path) < 2:
        return 0.0
    return shortfall(np.diff(np.log(np.maximum(path, 1.0)), axis=0)[0], share=WORST)


@indicator("Lowest operating income of a village", "村经营性收入最低值", unit="yuan/year", better="higher")
def operating_income_min(model: Any) -> float:
    """Operating income of the village with the least of it."""
    return float(_operating_income(model).min())


@indicator("Villages whose income fell by over a fifth", "收入下降超两成的村", unit="villages", better="lower")
def villages_falling(model: Any) -> float:
    """Villages whose recurrent income fell by more than 20% against the year before."""
    path = _income_path(model, 1)
    return float((path[-1] < 0.8 * path[0]).sum()) if len(path) > 1 else 0.0


def _income_path(model: Any, years: int) -> Any:
    """Recurrent income of the host's villages this year and some years before, shape (years + 1, villages)."""
    before = [one["recurrent_income"][one["county"] == HOST] for one in model.panel_years(years)]
    return np.array([*before, host_villages(model, "recurrent_income")])


def _mean(values: Any) -> float:
    return float(values.mean()) if len(values) else 0.0
