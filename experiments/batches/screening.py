"""Sensitivity of one effect: Morris's screening of all uncertainties, then Sobol's indices of those that matter.

Both are batches like others, in two folders, and go on where they were left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from experiments.batches.checks import refuse_ratio
from experiments.batches.command import Request, run_experiment
from experiments.design import MORRIS, SOBOL, DesignError, Experiment
from experiments.design_file import written_experiment
from model.cases import load_case

SEED_POOL = 1024  # so many different seeds that the factor "seed" is luck as it comes


@dataclass(frozen=True)
class Screening:
    """What was asked for. keys: the uncertainties, all that are declared when none; keep: how many go on to Sobol."""

    baseline: str
    arm: str
    outcome: str
    case: str
    keys: tuple[str, ...]
    trajectories: int
    screen_seeds: int
    keep: int
    base: int
    years: int | None
    request: Request


def screen_and_analyse(asked: Screening) -> tuple[str, Path]:
    """Run both batches; the text to print and the folder. Raises DesignError and what batches raise."""
    if asked.keep < 1:
        raise DesignError(f"keep is {asked.keep}: give a whole number of at least 1.")
    refuse_ratio(asked.outcome)
    folder = Path(asked.request.out or f"results/sensitivity-{Path(asked.case).stem}-{asked.arm}".replace(":", "_"))
    request = replace(asked.request, out=str(folder / "morris"))
    screened = run_experiment(request, *morris_experiment(asked))
    assert screened.batch is not None  # it was no shard
    keys = leading_keys(screened.batch.sampled, asked)
    analysed = run_experiment(replace(request, out=str(folder / "sobol")), *sobol_experiment(asked, keys))
    return f"{screened.text}\n\n{analysed.text}", folder


def leading_keys(table: pd.DataFrame, asked: Screening) -> tuple[str, ...]:
    """The keys that move the effect most; those too that luck may have lifted, since leaving one out costs more.

    Raises DesignError where none moves it.
    """
    rows = table[(table["outcome"] == asked.outcome) & (table["year"] == table["year"].max())]
    if "mu_star" not in rows or rows["mu_star"].isna().all():
        raise DesignError("the screening has no answer: runs of some points failed. See failed.csv in its folder.")
    moving = rows[rows["mu_star"] > 0.0].sort_values("mu_star", ascending=False, kind="stable")
    if not len(moving):
        raise DesignError(f"no uncertainty moves the effect on {asked.outcome}: give another --outcome or arm.")
    return tuple(moving["key"].head(asked.keep))


def morris_experiment(asked: Screening) -> tuple[Experiment, str]:
    """The screening as an experiment, and as the text of its file."""
    design: dict[str, object] = {"kind": MORRIS, "points": asked.trajectories}
    design["uncertainties"] = list(asked.keys) or "all"
    what = f"Screening of what the effect of {asked.arm} on {asked.outcome} hangs on"
    return _experiment(asked, what, design, asked.screen_seeds)


def sobol_experiment(asked: Screening, keys: tuple[str, ...]) -> tuple[Experiment, str]:
    """The analysis of the leading keys as an experiment, and as the text of its file."""
    design = {"kind": SOBOL, "uncertainties": list(keys), "points": asked.base}
    what = f"Shares of the variance of the effect of {asked.arm} on {asked.outcome}"
    return _experiment(asked, what, design, SEED_POOL)


def _experiment(asked: Screening, title: str, design: dict[str, object], seeds: int) -> tuple[Experiment, str]:
    said: dict[str, object] = {
        "title": title,
        "question": "Which uncertainties does the effect hang on, and how much of its variance is luck?",
        "case": asked.case,
        "arms": [asked.baseline, asked.arm],
        "seeds": {"count": seeds},
        "design": design,
        "outputs": {"outcomes": [asked.outcome], "books": False},
    }
    if asked.years is not None:
        said["last_year"] = load_case(asked.case).first_year + asked.years - 1
    return written_experiment(said)
