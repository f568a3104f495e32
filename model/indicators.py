"""All outcomes by name: every function in ``model.outcomes`` that is declared an indicator is found by being there."""

from __future__ import annotations

import importlib
import pkgutil

from model import outcomes
from model.indicator import Indicator, Ratio

__all__ = ["INDICATORS", "RATIOS", "Indicator", "Ratio"]


def _declared() -> dict[str, Indicator]:
    # Villages come first: their outcomes are what the arms are compared by.
    names = sorted(
        (one.name for one in pkgutil.iter_modules(outcomes.__path__)), key=lambda name: (name != "villages", name)
    )
    modules = [importlib.import_module(f"model.outcomes.{name}") for name in names]
    functions = (function for module in modules for function in vars(module).values())
    found = (getattr(function, "indicator", None) for function in functions)
    return {one.name: one for one in found if isinstance(one, Indicator)}


INDICATORS: dict[str, Indicator] = _declared()

RATIOS: dict[str, Ratio] = {
    one.name: one
    for one in (
        Ratio(
            "public_cost_per_yuan",
            "Public outlay per yuan of village income and aid gained",
            "村集体每增收一元的公共支出",
            "yuan/yuan",
            "additional gross outlay on programmes over additional recurrent income and aid of villages, all counties, "
            "to date; only where villages gain",
            "lower",
            numerator="public_outlay_to_date",
            denominator="village_income_to_date",
        ),
    )
}
