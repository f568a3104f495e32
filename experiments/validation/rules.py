"""Which rule a pattern excludes: the judged targets under other rules of decision and other ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from experiments.validation.scoreboard import scoreboard
from experiments.validation.simulate import simulate
from experiments.validation.targets import VALIDATION, Target, Targets
from model.parameters import Value


@dataclass(frozen=True)
class Variant:
    """A structure of the model: a name, in words, and the levers that make it."""

    name: str
    meaning: str
    changes: Mapping[str, Value]


VARIANTS = tuple(
    Variant(name, meaning, MappingProxyType(changes))
    for name, meaning, changes in (
        ("adaptive", "villages weigh prospects (adaptive logit) and hear from their town: the model in use", {}),
        ("imitation", "villages copy what pays those they hear from", {"choice.rule": 1.0}),
        ("pilot", "the first pool of a kind takes enrolled weak villages, then imitation", {"choice.rule": 3.0}),
        ("enrolment", "weak villages are enrolled by policy, others weigh prospects", {"choice.rule": 2.0}),
        ("small world", "adaptive, but villages hear from a small-world network", {"choice.ties": 1.0}),
    )
)


def patterns(targets: Targets, seeds: range, *, workers: int, quiet: bool = True) -> pd.DataFrame:
    """One row a judged target and variant: target, title, variant, mean, low, high, distance, verdict, excluded.

    A variant is excluded by a pattern when the whole 95% interval over seeds lies further than a tolerance away.
    """
    judged = targets.of_use(VALIDATION)
    sets = [dict(one.changes) for one in VARIANTS]
    found = simulate(targets, judged, sets, [list(seeds)] * len(sets), workers=workers, quiet=quiet)
    tables = []
    for number, variant in enumerate(VARIANTS):
        board = scoreboard(judged, found[found["set"] == number])
        ends = zip(judged, board["low"], board["high"], strict=True)
        kept = board[["target", "title", "mean", "low", "high", "distance", "verdict"]]
        tables.append(kept.assign(variant=variant.name, excluded=[_excludes(*one) for one in ends]))
    return pd.concat(tables, ignore_index=True)


def _excludes(target: Target, low: float, high: float) -> bool:
    """Whether both ends of an interval lie more than a tolerance off, on the same side."""
    ends = [target.distance(low), target.distance(high)]
    return min(ends) > 1.0 or max(ends) < -1.0
