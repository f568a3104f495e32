"""The model as Mesa shows models, for people who know Mesa: ``solara run experiments/app/mesa_view.py``.

One world, Mesa's own controls and plots, in English. The page of two worlds is ``feidi app``.
"""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization import SolaraViz, make_plot_component

from experiments.app.server import keep_quiet
from experiments.scenario import SCENARIOS
from model.cases import case_names
from model.economy import EconomyModel

keep_quiet()
FIRST_CASE = "tiny"
# What is plotted: groups of outcomes of the same unit.
PLOTS = (
    ("recurrent_income_mean", "income_shortfall", "pool_income_mean"),
    ("recurrent_income_gini", "household_gini"),
    ("top_ups", "coupon_due", "unpaid_guarantees"),
    ("zone_occupancy", "village_occupancy"),
)


def model_params() -> dict[str, Any]:
    """What can be chosen before a reset: arguments of ``EconomyModel``."""
    arms = [scenario.mechanisms for scenario in SCENARIOS.values()]
    return {
        "case": {"type": "Select", "value": FIRST_CASE, "values": case_names(), "label": "case"},
        "mechanisms": {"type": "Select", "value": arms[-1], "values": arms, "label": "mechanisms"},
        "seed": {"type": "SliderInt", "value": 1, "min": 0, "max": 100, "step": 1, "label": "seed"},
    }


@solara.component
def Page() -> None:  # noqa: N802
    """A model of its own for each browser session."""
    parameters = model_params()
    first = {name: about["value"] for name, about in parameters.items()}
    model = solara.use_memo(lambda: EconomyModel(**first), [])
    components = [make_plot_component(list(names)) for names in PLOTS]
    SolaraViz(model, components=components, model_params=parameters, name="Feidi")
