"""Results of runs as tidy tables: seed, arm, year, and one column an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.runner import ArmRun, SeedResult

FLOW_COLUMNS = [*("seed", "arm", "year", "unit", "giver", "giver_county", "taker", "taker_county", "reason", "amount")]
STAKE_COLUMNS = [*("seed", "arm", "year", "holder_kind", "holder", "project", "mechanism", "county", "capital")]
ACCOUNT_COLUMNS = [*("seed", "arm", "year", "table", "item", "kind", "county", "other_kind", "other_county", "amount")]


def indicator_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm and year (from the opening state on), one column an indicator."""
    return _stacked(results, lambda run: {"year": np.array(run.years), **run.indicators})


def flow_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm, year, unit, giver, taker and reason; amount in the unit, no county for Outside."""
    rows = [(result.seed, run.arm, *flow) for result, run in _runs(results) for flow in sorted(run.flows)]
    return pd.DataFrame(rows, columns=FLOW_COLUMNS)


def account_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm, year and line of the accounts by sector, in yuan: see ``model.accounts``."""
    rows = [(result.seed, run.arm, *line) for result, run in _runs(results) for line in run.accounts]
    return pd.DataFrame(rows, columns=ACCOUNT_COLUMNS)


def village_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm, year and village."""
    return _stacked(results, lambda run: run.villages)


def obligation_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm, year, common park and obligation of paired counties: what was due and what was met."""
    from model.obligations import Obligation

    rows = [(result.seed, run.arm, *one) for result, run in _runs(results) for one in run.obligations]
    return pd.DataFrame(rows, columns=["seed", "arm", *Obligation._fields])


def stake_frame(results: Sequence[SeedResult]) -> pd.DataFrame:
    """One row a seed, arm, year, holder and pooled project, of the runs that kept them: see ``model.graph``."""
    rows = [(result.seed, run.arm, *one) for result, run in _runs(results) for one in run.stakes]
    return pd.DataFrame(rows, columns=STAKE_COLUMNS)


def _stacked(results: Sequence[SeedResult], columns_of: Callable[[ArmRun], Mapping[str, NDArray[Any]]]) -> pd.DataFrame:
    """The arrays of all runs under each other, column by column: a table a run would take longer to make than to fill.

    columns_of: the arrays of a run, by the names of their columns, which all runs share; one length a run.
    """
    runs = _runs(results)
    blocks = [columns_of(run) for _, run in runs]
    rows = [len(next(iter(block.values()))) for block in blocks]
    keys = {
        "seed": np.repeat([result.seed for result, _ in runs], rows),
        "arm": np.repeat(np.array([run.arm for _, run in runs], dtype=object), rows),
    }
    return pd.DataFrame(keys | {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]})


def _runs(results: Sequence[SeedResult]) -> list[tuple[SeedResult, ArmRun]]:
    """All runs with their seed's result, in order."""
    return [(result, run) for result in results for run in result.runs]


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    yield from frame.itertuples(index=False)


def by_seed(frame: pd.DataFrame, arm: str, columns: Sequence[str]) -> np.ndarray:
    """The outcomes of one arm as an array of shape (seeds, years, columns), seeds and years ascending."""
    rows = frame[frame["arm"] == arm].sort_values(["seed", "year"], kind="stable")
    shape = (rows["seed"].nunique(), rows["year"].nunique(), len(columns))
    return rows[list(columns)].to_numpy(dtype=float).reshape(shape)


# The tables that runs leave, by the names of a study's fields.
RUN_TABLES: Mapping[str, Callable[[Sequence[SeedResult]], pd.DataFrame]] = {
    "indicators": indicator_frame,
    "flows": flow_frame,
    "accounts": account_frame,
    "villages": village_frame,
    "obligations": obligation_frame,
    "stakes": stake_frame,
}
