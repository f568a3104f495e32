"""What ``feidi validate`` does: run the worlds, score the targets, write the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from experiments.calibration.ensemble import changes_of_sets
from experiments.manifest import commit, processor, versions
from experiments.pools import usable_cores
from experiments.report import as_markdown, as_text
from experiments.store import results_folder, write_manifest
from experiments.study import PlanError
from experiments.validation import rules as others
from experiments.validation.levels import levels, wanted
from experiments.validation.report import sections
from experiments.validation.scoreboard import scoreboard, without_pooling
from experiments.validation.simulate import means, simulate
from experiments.validation.targets import CALIBRATION, VALIDATION, TargetError, Targets, load_targets
from model.cases import Case, load_case

FIRST_SEED = 2001  # seeds on which nothing was fitted, matched or confirmed
SEEDS_OF_SETS = range(3001, 3004)  # the same for all sets, so that their band is doubt about values more than luck


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    case: str
    seeds: int
    sets: int
    rules: bool
    language: str
    out: str | None
    workers: int | None
    quiet: bool
    words: Sequence[str]


class Validation(NamedTuple):
    """The scoreboard, what levels consist of, and every simulated value: at the case's own values and by set.

    patterns: what other rules make of the judged targets, assumptions: what other values of what misses hang on;
    empty where it was not asked for.
    """

    board: pd.DataFrame
    levels: pd.DataFrame
    values: pd.DataFrame
    sets: pd.DataFrame
    patterns: pd.DataFrame
    assumptions: pd.DataFrame


def validate(
    targets: Targets, *, seeds: int, sets: int, rules: bool = False, workers: int, quiet: bool = True
) -> Validation:
    """Run all that the targets need, and score them. Raises EnsembleError, and RunError when a run fails.

    sets: how many of the ensemble, in which only targets that are judged or calibrated are simulated; rules: whether
    other rules are run too.
    """
    members = changes_of_sets(load_case(targets.case), sets)
    runs = range(FIRST_SEED, FIRST_SEED + seeds)
    found = simulate(
        targets,
        [*targets.targets, *wanted(targets), *without_pooling(targets)],
        [{}],
        [runs],
        workers=workers,
        quiet=quiet,
    )
    of_sets = pd.DataFrame()
    if members:
        asked, luck = targets.of_use(VALIDATION, CALIBRATION), [SEEDS_OF_SETS] * len(members)
        of_sets = simulate(targets, asked, members, luck, workers=workers, quiet=quiet)
    board = scoreboard(targets.targets, found, means(of_sets) if members else None)
    versions = ((members, others.VARIANTS), ([], others.ASSUMPTIONS)) if rules else ()
    told = [others.patterns(targets, *version, workers=workers, quiet=quiet) for version in versions]
    patterns, assumptions = told or (pd.DataFrame(columns=["excluded"]),) * 2
    # A rule can be excluded; an assumption is looked at for how far it reaches.
    return Validation(board, levels(found), found, of_sets, patterns, assumptions.drop(columns="excluded"))


def carry_out(request: Request) -> str:
    """Validate, write the results folder; the text to print. Raises TargetError, PlanError, StoreError, RunError."""
    cores = usable_cores() if request.workers is None else request.workers
    for what, value, least in (("seeds", request.seeds, 1), ("sets", request.sets, 0), ("workers", cores, 1)):
        if value < least:
            raise PlanError(f"{what} is {value}: give a whole number of at least {least}.")
    targets, began = load_targets(request.case), datetime.now(UTC).astimezone()
    if request.rules and not targets.of_use(VALIDATION):
        raise TargetError(f"no target of {request.case} is for validation: leave --rules out.")
    out = request.out or f"results/validate-{request.case}"
    with results_folder(out) as folder:
        found = validate(
            targets,
            seeds=request.seeds,
            sets=request.sets,
            rules=request.rules,
            workers=cores,
            quiet=request.quiet,
        )
        told = sections(targets, found.board, found.levels, (found.patterns, found.assumptions), request.seeds)
        _write(folder, found)
        figures = _draw(folder / "figures", found.board, load_case(request.case), request.language)
        (folder / "report.md").write_text(as_markdown(told, figures), encoding="utf-8")
        write_manifest(folder, _manifest(request, load_case(request.case), began))
    return f"{as_text(told)}\n\nTables, report and manifest: {out}"


def _draw(folder: Path, board: pd.DataFrame, case: Case, language: str) -> list[str]:
    """The figure of the scoreboard; names without endings."""
    from experiments.figures import save
    from experiments.figures.look import Look
    from experiments.figures.scoreboard import scoreboard_figure
    from experiments.figures.theme import theme

    look = Look(language)
    with theme(look):
        figure = scoreboard_figure(board, look, title=look.title(case))
        if figure is None:
            return []
        folder.mkdir()
        save(figure, folder / "scoreboard")
    return ["scoreboard"]


def _write(folder: Path, found: Validation) -> None:
    """The tables, as CSV."""
    for name, table in found._asdict().items():
        if len(table):
            named = "scoreboard" if name == "board" else name
            table.to_csv(folder / f"{named}.csv", index=False, lineterminator="\n")


def _manifest(request: Request, case: Case, began: datetime) -> dict[str, Any]:
    return {
        "command_line": list(request.words),
        "versions": versions(),
        "commit": commit(),
        "case": {"name": case.name, "title": case.title},
        "seeds": list(range(FIRST_SEED, FIRST_SEED + request.seeds)),
        "parameters": case.parameters.values(),
        "machine": {"processor": processor()},
        "times": {"began": began.isoformat(timespec="seconds")},
    }
