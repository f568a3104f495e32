"""How fast commands start and batches run: ``python -m benchmarks.throughput``, ``--help`` for its options.

Prints and returns rows: what, value, unit. Times are medians over repeats in which what is compared takes turns (A B A
B), ratios are medians of paired repeats, so that a busy machine slows both alike. ``a loop of Python`` is a yardstick
of the machine: divide by it to compare machines. Nothing here is a test: see ``tests/experiments/test_start_up.py``
for what must not be loaded.

What a repeat is: a start is a new process, waited for (CPU seconds: user and system). Runs a second are those of
``batches.work``, with two arms a seed, from the part on with which each worker had given one. Processor seconds a run
leave start-up out. Where other programs share the cores, two workers can't be twice as fast: 2 divided by the ratio of
processor seconds is what idle cores would give, but for what cores share (caches, clock). Shares of a run are of the
seconds that ``run_each`` takes, which are watched from outside by wrapping functions, at some microseconds a call and a
thousand calls a run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: more threads only spin

import argparse
import functools
import io
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.timing import Row, Spent, in_turns, median_ratio, spent, watched

RUN = ("solo", "--case", "tiny", "--seed", "1")
ARMS = ("solo", "pooling")
PANEL_RUNS = 1000
PARTS = ("start", "panel", "villages", "shares", "workers")
LOOP = "total = 0\nfor number in range(3_000_000):\n    total += number * number"
FILE = 'title = "throughput"\nquestion = "How fast?"\ncase = "{case}"\narms = {arms}\n[seeds]\ncount = {seeds}\n'


def start_up(repeats: int) -> list[Row]:
    """What new processes take that do little."""
    with tempfile.TemporaryDirectory() as place:
        feidi = ("-m", "experiments.cli")
        commands = {
            "python -c pass": ("-c", "pass"),
            "a loop of Python": ("-c", LOOP),
            "import numpy": ("-c", "import numpy"),
            "import mesa": ("-W", "ignore", "-c", "import mesa"),
            "feidi --help": (*feidi, "--help"),
            f"feidi run {' '.join(RUN[:3])}": (*feidi, "run", *RUN, "--out", f"{place}/out"),
        }
        quiet = functools.partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        works = {
            name: functools.partial(spent, functools.partial(quiet, [sys.executable, *words]))
            for name, words in commands.items()
        }
        found = in_turns(works, repeats)
    rows = []
    for name, each in found.items():
        rows.append(Row(name, statistics.median(one.wall for one in each), "s"))
        rows.append(Row(f"{name}, processor", statistics.median(one.cpu for one in each), "s"))
    return rows


def plan_of(case: str, seeds: int) -> Any:
    """A batch of two arms, without books beyond the usual."""
    from experiments.batches.plan import plan_batch
    from experiments.design_file import parse_experiment

    return plan_batch(parse_experiment(FILE.format(case=case, arms=list(ARMS), seeds=seeds), "throughput"))


class Batch(NamedTuple):
    """A batch: seconds until each worker had given a part, runs a second after that, processor seconds a run."""

    start: float
    rate: float
    cpu: float


def batch(plan: Any, workers: int) -> Batch:
    """Run a batch through the project's own machinery."""
    from experiments.batches.unit import OUTCOMES
    from experiments.batches.work import work_through

    came: list[float] = []

    def keep(_: object, part: bytes) -> None:
        came.append(time.perf_counter())
        with zipfile.ZipFile(io.BytesIO(part)) as tables:
            assert f"{OUTCOMES}.parquet" in tables.namelist(), "a unit failed"

    began = time.perf_counter()
    used = spent(lambda: work_through(plan, plan.units, workers=workers, keep=keep))
    runs = (len(came) - workers) * len(ARMS)
    return Batch(came[workers - 1] - began, runs / (came[-1] - came[workers - 1]), used.cpu / plan.runs)


def worker_start() -> Spent:
    """What a worker takes to start and to load what runs need, with one year of the case tiny."""
    from experiments.batches.unit import run_block
    from experiments.batches.work import work_of
    from experiments.pools import worker_pool

    plan = plan_of("tiny", 1)
    work = work_of(plan, plan.units[0])
    short = replace(work, job=replace(work.job, last_year=work.job.case.first_year))

    def start() -> None:
        with worker_pool(1) as pool:
            pool.submit(run_block, [short]).result()

    return spent(start)


def throughput(case: str, seeds: int, repeats: int) -> list[Row]:
    """One worker against two."""
    plan = plan_of(case, seeds)
    batch(plan_of(case, 2), 1)  # what is loaded once is no part of a run
    works = {"start": worker_start, "1": lambda: batch(plan, 1), "2": lambda: batch(plan, 2)}
    found = in_turns(works, repeats)
    alone, both, starts = found["1"], found["2"], found["start"]
    lost = [two.cpu - 2.0 * start.cpu / plan.runs for two, start in zip(both, starts, strict=True)]
    return [
        Row("start of a worker", statistics.median(one.wall for one in starts), "s"),
        Row("start of a worker, processor", statistics.median(one.cpu for one in starts), "s"),
        Row("until two workers had each given a part", statistics.median(one.start for one in both), "s"),
        Row(f"{case}, {plan.runs} runs, one worker", statistics.median(one.rate for one in alone), "runs/s"),
        Row(f"{case}, {plan.runs} runs, two workers", statistics.median(one.rate for one in both), "runs/s"),
        Row("two workers against one, runs/s", median_ratio([b.rate for b in both], [a.rate for a in alone]), "times"),
        Row("two workers against one, processor a run", median_ratio(lost, [a.cpu for a in alone]), "times"),
    ]


def shares_of_a_run(case: str, repeats: int) -> list[Row]:
    """What collecting, storing and pairing take, as shares of the seconds of runs of two arms."""
    from experiments.batches import unit
    from experiments.batches.work import work_of
    from model.draws import Draws
    from model.economy import EconomyModel

    plan = plan_of(case, 1)
    booked = work_of(plan, plan.units[0])
    plain = replace(booked, job=replace(booked.job, detail=False, stakes=False))
    keyed = [(Draws, name) for name in ("generator", "keyed_uniform", "keyed_normal", "keyed_gumbel")]
    stored = [(unit, name) for name in ("_tables", "as_part")]
    parts = {
        "collecting indicators and the villages' panel": (plain, [(EconomyModel, "_collect")]),
        "storing outcomes: tables and the bytes of a part": (plain, stored),
        "storing outcomes and books, of the first 40 seeds": (booked, stored),
        "pairing: streams and numbers keyed by decision, year and row": (plain, keyed),
    }

    def share(work: Any, functions: list[tuple[Any, str]]) -> float:
        with watched((unit, "run_each")) as runs, watched(*functions) as part:
            unit.run_work(work)
        return 100.0 * part[0] / runs[0]

    share(*parts["collecting indicators and the villages' panel"])  # what is loaded once is no part of a run
    found = in_turns({name: functools.partial(share, *one) for name, one in parts.items()}, repeats)
    return [Row(f"{case}: {name}", statistics.median(each), "% of a run") for name, each in found.items()]


def panel(repeats: int) -> list[Row]:
    """Writing the results of 1,000 runs of the case tiny: from memory, and merged from the parts of a batch."""
    from experiments.batches import unit
    from experiments.batches.folder import Folder
    from experiments.batches.tables import merge
    from experiments.batches.work import work_of
    from experiments.frames import indicator_frame
    from experiments.runner import SeedResult, run_each
    from experiments.store import write_parquet

    plan = plan_of("tiny", PANEL_RUNS // len(ARMS))
    work = work_of(plan, plan.units[0])
    runs = tuple(run_each(work.job).values())  # one seed's stands for all: what is in the columns changes little
    results = [SeedResult(one.seed, runs) for one in plan.units]
    part = unit.run_work(replace(work, job=replace(work.job, detail=False, stakes=False)))
    with tempfile.TemporaryDirectory() as place:
        folder, into = Folder(Path(place)), Path(place, "merged")
        folder.parts.mkdir()
        into.mkdir()
        kept = spent(lambda: [folder.keep(one, part) for one in plan.units])
        works = {
            f"all indicators of {PANEL_RUNS} runs, every year, into one table": lambda: spent(
                lambda: write_parquet(indicator_frame(results), into / "indicators.parquet")
            ),
            f"merging the parts of {PANEL_RUNS} runs into two tables": lambda: spent(lambda: merge(plan, folder, into)),
        }
        found = in_turns(works, repeats)
    rows = [Row(name, statistics.median(one.wall for one in each), "s") for name, each in found.items()]
    return [*rows, Row(f"keeping the parts of {PANEL_RUNS} runs, one after the other, each flushed", kept.wall, "s")]


def against_mesa(repeats: int) -> list[Row]:
    """Seeds of 72 villages without households: see ``benchmarks.village_batch``."""
    from benchmarks import village_batch  # not above, where workers of the batches would load it too

    village_batch.check()
    seeds = range(1, village_batch.SEEDS + 1)
    ways = {
        "mesa.batch_run, villages as objects": village_batch.by_mesa,
        "columns, seeds one by one": village_batch.one_by_one,
        "columns, all seeds together": village_batch.together,
    }
    works = {name: functools.partial(spent, functools.partial(way, seeds)) for name, way in ways.items()}
    taken = {name: [one.wall for one in each] for name, each in in_turns(works, repeats).items()}
    mesa, *ours = taken
    rows = [Row(f"{len(seeds)} seeds, {name}", statistics.median(each), "s") for name, each in taken.items()]
    return rows + [Row(f"{mesa} against {name}", median_ratio(taken[mesa], taken[name]), "times") for name in ours]


def main(words: Sequence[str]) -> list[Row]:
    """Measure all, print each row when it is known, and return the rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput")
    parser.add_argument("--case", default="pinghu", help="of the batches (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=12, help="of a batch, two arms each (default: %(default)s)")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure these alone (default: all)")
    parser.add_argument("--repeats", type=int, default=5, help="of each measurement (default: %(default)s)")
    options = parser.parse_args(words)
    parts = {
        "start": lambda: start_up(options.repeats),
        "panel": lambda: panel(options.repeats),
        "villages": lambda: against_mesa(options.repeats),
        "shares": lambda: shares_of_a_run(options.case, options.repeats),
        "workers": lambda: throughput(options.case, options.seeds, options.repeats),
    }
    rows = []
    for name in options.only or PARTS:
        for row in parts[name]():
            print(f"{row.value:10.3f} {row.unit:10s} {row.what}", flush=True)
            rows.append(row)
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
