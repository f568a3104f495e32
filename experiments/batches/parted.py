"""The answers of a design of subsets: Shapley shares of an effect, by channel or by mechanism."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.attribution.channels import DISPLACEMENT
from experiments.attribution.shapley import interactions, shares_with_intervals, subsets
from experiments.batches.plan import BatchPlan
from experiments.batches.points import players_of, subset_changes
from experiments.design import CHANNELS, PARTED
from experiments.effects import Floats, paired
from model.indicators import INDICATORS


def shares_table(plan: BatchPlan, outcomes: Mapping[str, Floats]) -> pd.DataFrame:
    """One row a year, outcome and player, then the sums: see ``attribution.shapley``. Empty for other designs.

    displaced: of outcomes that hold the rent of villages' own property, what of a share comes with less or more of it.
    outcomes: by arm, shape (points, seeds, years, outcomes).
    """
    if plan.experiment.design.kind not in PARTED:
        return pd.DataFrame()
    worth, players = worth_of_subsets(plan, outcomes), players_of(plan.experiment)
    blocks = []
    for row, year in enumerate(plan.years):
        table = shares_with_intervals(players, worth[:, :, row], outcomes=plan.outcomes)
        table.insert(0, "year", year)
        if DISPLACEMENT in plan.outcomes:
            displaced = table[table["outcome"] == DISPLACEMENT].set_index("player")["share"]
            holds = table["outcome"].isin(HOLD_RENT)
            table["displaced"] = np.where(holds, table["player"].map(displaced), np.nan)
        blocks.append(table)
    found = pd.concat(blocks, ignore_index=True)
    found.insert(3, "title", [INDICATORS[name].title for name in found["outcome"]])
    found.insert(4, "unit", [INDICATORS[name].unit for name in found["outcome"]])
    return found


def interactions_table(plan: BatchPlan, outcomes: Mapping[str, Floats]) -> pd.DataFrame:
    """One row a year, outcome and pair of players: what they bring together beyond what each brings, with intervals.

    Above zero where two players need each other, below where one stands in for the other: see ``shapley.interactions``.
    """
    if plan.experiment.design.kind not in PARTED:
        return pd.DataFrame()
    worth, players = worth_of_subsets(plan, outcomes), players_of(plan.experiment)
    found, rows = interactions(worth), []
    for year, column in ((year, column) for year in range(len(plan.years)) for column in range(len(plan.outcomes))):
        about = INDICATORS[plan.outcomes[column]]
        for one, other in itertools.combinations(range(len(players)), 2):
            values = found[one, other, :, year, column]
            pair = paired(np.zeros_like(values), values)
            measured = (float(pair.difference), float(pair.low), float(pair.high))
            labels = (plan.years[year], about.name, about.title, about.unit, players[one], players[other])
            rows.append((*labels, *measured))
    return pd.DataFrame(
        rows, columns=["year", "outcome", "title", "unit", "player", "other", "together", "low", "high"]
    )


# Sums of which the rent of villages' own property is a part.
HOLD_RENT = ("recurrent_income_mean", "income_and_aid_mean", "operating_income_mean")


def worth_of_subsets(plan: BatchPlan, outcomes: Mapping[str, Floats]) -> Floats:
    """The paired effect with each subset of the players, shape (subsets, seeds, years, outcomes)."""
    if plan.experiment.design.kind != CHANNELS:
        baseline = outcomes[plan.arms[0]][0]
        return np.stack([outcomes[arm][0] - baseline for arm in plan.arms])
    experiment = plan.experiment
    changes = subset_changes(experiment, plan.case.parameters.but(experiment.changes), plan.scenarios)
    run = [point.changes for point in plan.points]
    gap = outcomes[plan.arms[1]] - outcomes[plan.arms[0]]
    found: Floats = gap[[run.index(one) for one in changes]]
    assert len(found) == len(subsets(players_of(experiment)))
    return found
