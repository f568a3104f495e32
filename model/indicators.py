"""All outcomes by name: every function in ``model.outcomes`` that is declared an indicator is found by being there."""

from __future__ import annotations

from types import ModuleType

from model.indicator import Indicator, Ratio
from model.outcomes import places, public, villages

__all__ = ["INDICATORS", "RATIOS", "Indicator", "Ratio"]


def _declared(*modules: ModuleType) -> dict[str, Indicator]:
    functions = (function for module in modules for function in vars(module).values())
    found = (getattr(function, "indicator", None) for function in functions)
    return {one.name: one for one in found if isinstance(one, Indicator)}


INDICATORS: dict[str, Indicator] = _declared(villages, places, public)

RATIOS: dict[str, Ratio] = {
    one.name: one
    for one in (
        Ratio(
            "public_cost_per_yuan",
            "Public outlay per yuan of village income gained",
            "村集体每增收一元的公共支出",
            "yuan/yuan",
            "additional gross outlay on programmes over additional recurrent income of all villages, both to date",
            "lower",
            numerator="public_outlay_to_date",
            denominator="village_income_to_date",
        ),
    )
}
