"""The judged targets in other versions of the model: what rule a pattern excludes, on what assumptions misses hang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from experiments.validation.levels import WORLD
from experiments.validation.simulate import simulate
from experiments.validation.targets import VALIDATION, Target, Targets
from model.parameters import Value

FIRST_SEED, RUNS = 4001, 8  # seeds of their own; how many where there is no ensemble
LEAST = 5  # runs: fewer exclude nothing


@dataclass(frozen=True)
class Variant:
    """A version of the model: a name, in words, and the values that make it."""

    name: str
    meaning: str
    changes: Mapping[str, Value]


def _variants(*given: tuple[str, str, dict[str, Value]]) -> tuple[Variant, ...]:
    return tuple(Variant(name, meaning, MappingProxyType(changes)) for name, meaning, changes in given)


VARIANTS = _variants(
    ("adaptive", "villages weigh prospects (adaptive logit) and hear from their town: the model in use", {}),
    ("imitation", "villages copy what pays those they hear from", {"choice.rule": 1.0}),
    ("pilot", "the first pool of a kind takes enrolled weak villages, then imitation", {"choice.rule": 3.0}),
    ("enrolment", "weak villages are enrolled by policy, others weigh prospects", {"choice.rule": 2.0}),
    ("small world", "adaptive, but villages hear from a small-world network", {"choice.ties": 1.0}),
)

# What projects below city level need: each beyond the range that was thought likely, or at its end.
EARLY: dict[str, Value] = {"pool.support_since": 2009.0}
LAND: dict[str, Value] = {"pinghu.idle_mean": 24.0, "land.idle_high": 90.0}
CREDIT: dict[str, Value] = {"credit.debt_limit": 3.0}
ASSUMPTIONS = _variants(
    ("as it is", "the values in use", {}),
    ("early grants", "grants and compensation from 2009 on", EARLY),
    ("land", "24 mu of idle land a village, 90 at most", LAND),
    ("credit", "banks lend three years of income", CREDIT),
    ("all three", "early grants, land and credit", {**EARLY, **LAND, **CREDIT}),
)


def patterns(
    targets: Targets,
    sets: Sequence[Mapping[str, Value]],
    variants: Sequence[Variant],
    *,
    workers: int,
    quiet: bool = True,
) -> pd.DataFrame:
    """One row a judged target and variant: target, title, variant, runs, median, low, high, distance, share, excluded.

    sets: parameter sets that fit, each run once with a seed of its own; without any, the values in use with as many
    seeds. low, high: the middle 95% of runs; distance: of the median, in tolerances; share: of runs that fit. A variant
    is excluded by a pattern when none of its runs, of five at least, comes within a tolerance: neither luck nor values
    make up for the rule. All sets were found under the rule in use, which the others are not fitted to.
    """
    judged = [one for one in targets.of_use(VALIDATION) if one.world == WORLD]
    own = list(sets) or [{}] * RUNS
    asked = [{**changes, **variant.changes} for variant in variants for changes in own]
    luck = [[FIRST_SEED + number] for number in range(len(own))] * len(variants)
    found = simulate(targets, judged, asked, luck, workers=workers, quiet=quiet)
    rows = []
    for number, variant in enumerate(variants):
        mine = found[found["set"] // len(own) == number]
        rows += [_row(one, variant, mine.loc[mine["target"] == one.name, "value"].to_numpy()) for one in judged]
    return pd.DataFrame(rows).sort_values("target", key=lambda names: names.map(_order(judged)), kind="stable")


def _row(target: Target, variant: Variant, values: np.ndarray) -> dict[str, object]:
    """What the runs of a variant make of a target."""
    known = values[np.isfinite(values)]
    low, median, high = np.quantile(known, (0.025, 0.5, 0.975)) if len(known) else (np.nan,) * 3
    share = float(np.mean([target.met(float(value)) for value in values]))
    told = {"target": target.name, "title": target.title, "variant": variant.name, "runs": len(values)}
    ends = {"median": float(median), "low": float(low), "high": float(high), "distance": target.distance(float(median))}
    return {**told, **ends, "share": share, "excluded": share == 0.0 and len(values) >= LEAST}


def _order(judged: Sequence[Target]) -> dict[str, int]:
    """The place of each target in the file."""
    return {one.name: number for number, one in enumerate(judged)}
