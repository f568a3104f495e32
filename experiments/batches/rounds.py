"""Rounds of seeds until an effect is known as exactly as wanted: how many is decided by whole rounds alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.batches.folder import Folder
from experiments.batches.plan import BatchPlan, plan_batch
from experiments.batches.unit import OUTCOMES
from experiments.effects import Floats
from experiments.sequential import Target, decide, pairs_of, rounds
from model.indicators import INDICATORS


def target_of(plan: BatchPlan) -> Target | None:
    """The precision that an experiment wants. Raises TargetError when nothing like it is compared."""
    wanted = plan.experiment.seeds.target
    if wanted is None:
        return None
    target = Target(
        outcome=wanted.outcome,
        year=wanted.year or plan.years[-1],
        half_width=wanted.half_width,
        arm=wanted.arm or None,
        baseline=wanted.baseline or None,
        first=wanted.first,
        step=wanted.step,
        cap=wanted.cap,
    )
    pairs_of(target, plan.pairs)
    return target


def run_rounds(plan: BatchPlan, folder: Folder, run: Callable[[BatchPlan], object]) -> tuple[BatchPlan, str]:
    """Run round after round until the target is reached or the cap; the plan as it ended and what is to be said.

    Each look is at all seeds of whole rounds, so neither workers nor interruptions change where it ends.
    """
    target = target_of(plan)
    if target is None:
        run(plan)
        return plan, ""
    for seeds in rounds(target):
        plan = plan_batch(plan.experiment, seeds=seeds)
        run(plan)
        decision = decide(_differences(plan, folder, target), target)
        if not decision.go_on:
            break
    about = INDICATORS[target.outcome]
    return plan, (
        f"Seeds were added in rounds until the 95% interval was narrow enough: {about.title} in {target.year}, "
        f"{decision.message} ({about.unit}). Such looks cost a little: the interval covers about 94%."
    )


def _differences(plan: BatchPlan, folder: Folder, target: Target) -> Floats:
    """The paired differences that a target is about, shape (seeds, pairs), missing where a run failed."""
    pairs = pairs_of(target, plan.pairs)
    found = np.full((len(plan.units), len(pairs)), np.nan)
    for row, unit in enumerate(plan.units):
        table = folder.table(unit, OUTCOMES)
        if table is None:
            continue
        values = table[table["year"] == target.year].set_index("arm")[target.outcome]
        for column, (baseline, arm) in enumerate(pairs):
            if baseline in values.index and arm in values.index:
                found[row, column] = values[arm] - values[baseline]
    return found
