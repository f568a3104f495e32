"""What ``feidi batch`` does: read the file, print the plan, run what is missing, finish."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from experiments.batches.finish import Batch, finish
from experiments.batches.folder import Folder, batch_folder, content, identity_of
from experiments.batches.manifest import describe_batch
from experiments.batches.plan import BatchPlan, plan_batch
from experiments.batches.report import size_of
from experiments.batches.rounds import run_rounds, target_of
from experiments.batches.run import Shard, going_on, local, run_missing, trial_seconds
from experiments.design import DesignError, Experiment
from experiments.design_file import parse_experiment, read_experiment
from experiments.pools import usable_cores
from model.parameters import nearest


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line. command: all of it, as it is given again to go on."""

    file: str = ""
    out: str | None = None
    seeds: int | None = None
    shard: Shard | None = None
    cluster: str | None = None
    workers: int | None = None
    retry_failed: bool = False
    quiet: bool = True
    language: str = "en"
    command: str = ""


def request_of(options: argparse.Namespace, words: Sequence[str]) -> Request:
    """What the options say that all commands share which run a batch: see ``commands.options.add_batch_options``."""
    return Request(
        out=options.out,
        workers=options.workers,
        quiet=options.quiet,
        language=options.language,
        command=shlex.join(["feidi", *words]),
    )


def studies() -> dict[str, str]:
    """The ready studies: name and text of the file."""
    found = (files("experiments") / "studies").iterdir()
    names = sorted((one for one in found if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): one.read_text(encoding="utf-8") for one in names}


def open_experiment(file: str) -> tuple[str, Experiment, str]:
    """The name, the experiment and the text of a file, or of a ready study. Raises DesignError."""
    if not file.endswith(".toml"):
        known = studies()
        if file not in known:
            raise DesignError(
                f"no study {file!r}. {nearest(file, known)} Give one of these, or the path of a .toml file."
            )
        return file, parse_experiment(known[file], file), known[file]
    path = Path(file).expanduser()
    return path.stem, read_experiment(path), path.read_text(encoding="utf-8-sig")


def read_shard(text: str | None) -> Shard | None:
    """``2/5`` as a shard. Raises DesignError."""
    if text is None:
        return None
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise DesignError(f"--shard {text!r} is not I/N. Give for example 2/5: the second of five.")
    return Shard(int(number), int(of))


class Done(NamedTuple):
    """What came of a request: the text to print, the folder, and the tables where it is no shard."""

    text: str
    folder: Path
    batch: Batch | None


def carry_out(request: Request) -> Done:
    """Run a request. Raises DesignError, StoreError and BatchInterrupted."""
    name, experiment, source = open_experiment(request.file)
    shard = request.shard
    out = request.out or f"results/batch-{name}" + (f"-shard{shard.number}of{shard.of}" if shard else "")
    return run_experiment(replace(request, out=out), experiment, source)


def run_experiment(request: Request, experiment: Experiment, source: str) -> Done:
    """Run an experiment into the folder of a request. source: its text. Raises as ``carry_out`` does."""
    plan, shard, out = plan_batch(experiment, seeds=request.seeds), request.shard, str(request.out)
    _check_request(request, plan)
    began, clock = datetime.now(UTC).astimezone(), perf_counter()
    with batch_folder(out, identity_of(plan, (shard.number, shard.of) if shard else None), source) as folder:
        if request.retry_failed:
            forget_failed(folder)
        units = shard.mine(plan.units) if shard else plan.units
        with going_on(folder, len(units), request.command):
            if not request.quiet:
                print(plan_text(plan, len(units), request, folder), file=sys.stderr)
            plan, told = run_rounds(plan, folder, lambda one: _run(request, one, folder))
            if shard:
                done = f"shard {shard.number} of {shard.of} is finished: {len(units)} units."
                return Done(f"{done} When all are, bring them together with 'feidi merge'.", folder.path, None)
            seconds = {"runs": perf_counter() - clock}
            manifest = describe_batch(plan, command=request.command, began=began, seconds=seconds)
            text, results = finish(plan, folder, manifest=manifest, language=request.language, note=told)
            return Done(text, folder.path, results)


def _run(request: Request, plan: BatchPlan, folder: Folder) -> int:
    """Run what is missing of a plan, or of this shard of it."""
    units = request.shard.mine(plan.units) if request.shard else plan.units
    if request.cluster is None:
        return run_missing(plan, folder, units, local(request.workers), quiet=request.quiet)
    from experiments.batches.cluster import ClusterLostError, on_cluster

    try:
        return run_missing(plan, folder, units, on_cluster(request.cluster), quiet=request.quiet)
    except ClusterLostError as lost:
        raise ClusterLostError(
            f"{lost} {len(folder.stored())} of {len(units)} units are finished and kept in {folder.path}. To go on, "
            f"when the cluster is there again or here without --cluster: {request.command}"
        ) from None


def batch(
    file: str | Path, *, out: str | Path | None = None, seeds: int | None = None, workers: int | None = None
) -> Batch:
    """Run an experiment file, or a ready study, from Python: ``batch("ladder", out="results/ladder").effects``.

    out: the folder, in which it goes on where it was left, results/batch-NAME when None; seeds: how many, instead of
    what the file says; workers: processes, one a core when None. Raises DesignError, StoreError and BatchInterrupted.
    """
    place = [] if out is None else ["--out", str(out)]
    words = ["feidi", "batch", str(file), *place, *(["--seeds", str(seeds)] if seeds is not None else [])]
    where = None if out is None else str(out)
    request = Request(file=str(file), out=where, seeds=seeds, workers=workers, command=shlex.join(words))
    done = carry_out(request).batch
    assert done is not None  # it was no shard
    return done


def _check_request(request: Request, plan: BatchPlan) -> None:
    """Refuse what does not go together."""
    if target_of(plan) and request.seeds is not None:
        raise DesignError("--seeds does not go with seeds.target, which says when to stop. Leave one of them out.")
    if request.shard and target_of(plan):
        raise DesignError(
            "--shard does not go with seeds.target: when to stop depends on all seeds. Give seeds.count in the file."
        )
    if request.shard and request.cluster is not None:
        raise DesignError("--shard and --cluster are two ways to share the work. Give one of them.")
    if request.workers is not None and request.cluster is not None:
        raise DesignError(
            "--workers is for this machine, --cluster has workers of its own: start more with 'dask worker'. "
            "Leave one of the two out."
        )
    if request.workers is not None and request.workers < 1:
        raise DesignError(f"workers is {request.workers}: give a whole number of at least 1.")
    if request.seeds is not None and request.seeds < 1:
        raise DesignError(f"seeds is {request.seeds}: give a whole number of at least 1.")


def plan_text(plan: BatchPlan, units: int, request: Request, folder: Folder | None) -> str:
    """The plan before it is run: runs, arms, expected time."""
    there = set(folder.stored()) if folder else set()
    stored = sum(unit.name in there for unit in plan.units)
    lines = [f"{plan.experiment.title}: {size_of(plan)}."]
    lines += [f"  {one.name}: {one.title}" for one in plan.scenarios]
    left = max(units - stored, 0)
    if left:
        seconds = trial_seconds(plan)
        workers = min(request.workers or usable_cores(), left)
        total = seconds * plan.runs / len(plan.units) * left / workers
        where = f"about {in_words(total)} with {workers} workers"
        if request.cluster is not None:
            where = f"they go to the workers of {request.cluster}"
        lines.append(
            f"  {left} of {units} units to run (a unit: one seed, all arms, one point); a run takes about "
            f"{seconds:.1f} s here: {where}."
        )
    else:
        lines.append(f"  all {units} units are there.")
    return "\n".join(lines)


def in_words(seconds: float) -> str:
    """A time to wait."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def forget_failed(folder: Folder) -> None:
    """Take away the parts in which a run failed, so that they are run again; damaged ones are found elsewhere."""
    from experiments.batches.unit import FAILED, RUNS

    for file in folder.stored().values():
        runs = folder.table_of(file, RUNS) if content(file) is not None else None
        if runs is not None and (runs["status"] == FAILED).any():
            file.unlink()
