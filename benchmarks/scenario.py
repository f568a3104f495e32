"""How long the whole economy takes, by phase, and how time and memory grow: python -m benchmarks.scenario [PART ...].

``runs``: the Pinghu case with all its households, and 72 villages without any, several arms in turn. ``villages``:
synthetic cases without households. ``households``: synthetic cases of about 386 households a village and 372 villages a
county (means of the synthetic cases). Each case runs in a process of its own, with one thread; seconds are those in
which the core worked for it, from an empty model on, and memory is the most that the process held.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: more threads only spin

import itertools
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.timing import parts_asked
from experiments.scenario import find_scenario
from model import economy
from model.cases import load_case
from model.synthetic import synthesize

ROOT = Path(__file__).resolve().parent.parent
SEED, REPEATS = 1, 5
ARMS = ("solo", "enclave", "pooling")
VILLAGES = {72: 1, 1_000: 10, 10_000: 100, 50_000: 500}  # counties of each number of villages
HOUSEHOLDS = (10_000, 100_000, 1_000_000, 10_000_000, 50_000_000)
A_VILLAGE, A_COUNTY = 386, 372  # households a village, villages a county
MOST_YEARS = {50_000_000: 2}  # years of the sizes that would take long; 16 of all others


class Run(NamedTuple):
    """One run: what was asked, seconds, and bytes."""

    title: str
    arm: str
    counties: int
    villages: int
    households: int
    years: int
    load: float  # seconds until the case is read
    opening: float  # seconds until the first year
    phases: dict[str, float]  # seconds of all years
    peak: float  # bytes
    least: float = math.nan  # seconds of the quickest of several rounds
    most: float = math.nan  # and of the slowest

    @property
    def year(self) -> float:
        """Seconds a year, the opening left out."""
        return sum(self.phases.values()) / self.years

    @property
    def total(self) -> float:
        """Seconds of the run, the case's reading left out."""
        return self.opening + sum(self.phases.values())


def timed(phase: Callable[[Any], None], spent: dict[str, float]) -> Callable[[Any], None]:
    """A phase of the year that notes how long it took."""

    def noted(model: Any) -> None:
        began = time.process_time()
        phase(model)
        spent[phase.__name__] = spent.get(phase.__name__, 0.0) + time.process_time() - began

    return noted


def run_here(title: str, case: str, arm: str, years: int) -> Run:
    """Run an arm in this process. years: at most; the case's own where it has fewer."""
    spent: dict[str, float] = {}
    began = time.process_time()
    read, scenario = load_case(case), find_scenario(arm)
    opened = time.process_time()
    economy.YEAR = tuple(timed(phase, spent) for phase in economy.YEAR)
    last = min(read.last_year, read.first_year + years - 1)
    model = economy.EconomyModel(
        case=read, mechanisms=scenario.mechanisms, changes=scenario.changes, seed=SEED, last_year=last
    )
    first = time.process_time()
    model.run()
    spent["outcomes"] = time.process_time() - first - sum(spent.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0
    counties, villages, households = len(read.counties), len(model.villages), len(model.households)
    lived = last - read.first_year + 1
    return Run(title, arm, counties, villages, households, lived, opened - began, first - opened, spent, peak)


def run_apart(title: str, case: str, arm: str, years: int = 16) -> Run:
    """The same in a process of its own."""
    asked = [sys.executable, "-m", "benchmarks.scenario", "--one", title, case, arm, str(years)]
    done = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Run(*json.loads(done.stdout.splitlines()[-1]))


def synthetic(folder: str, counties: int, villages: int, households: int) -> str:
    """The path of a new synthetic case."""
    path = Path(folder) / f"synthetic-{villages}-{households}.toml"
    path.write_text(synthesize(counties=counties, villages=villages, households=households, seed=SEED))
    return str(path)


def runs(folder: str) -> list[Run]:
    """Runs of single cases: the median of some rounds in which cases and arms take turns, and how far these differ."""
    asked = [("Pinghu", "pinghu", arm) for arm in ARMS]
    asked += [("No households", synthetic(folder, 1, 72, 0), arm) for arm in ("solo", "pooling")]
    found = [[run_apart(*one) for one in asked] for _ in range(REPEATS)]
    ordered = [sorted(rounds, key=lambda run: run.total) for rounds in zip(*found, strict=True)]
    return [one[REPEATS // 2]._replace(least=one[0].total, most=one[-1].total) for one in ordered]


def villages(folder: str) -> list[Run]:
    """Pooling with more and more villages, without households."""
    return [
        run_apart("Synthetic", synthetic(folder, counties, number, 0), "pooling")
        for number, counties in VILLAGES.items()
    ]


def households(folder: str, sizes: Sequence[int] = HOUSEHOLDS) -> list[Run]:
    """Pooling with more and more households, and villages and counties to match."""
    found = []
    for size in sizes:
        number = max(4, round(size / A_VILLAGE))
        case = synthetic(folder, max(1, round(number / A_COUNTY)), number, size)
        found.append(run_apart("Synthetic", case, "pooling", MOST_YEARS.get(size, 16)))
    return found


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of size by which cost grows: the slope of the least squares line through the logarithms."""
    fit = statistics.linear_regression([math.log(size) for size in sizes], [math.log(cost) for cost in costs])
    return fit.slope


def growth(name: str, found: Sequence[Run]) -> str:
    """How a year's cost grows with what the runs differ in: over all of them, and at most between neighbours."""
    points = [(float(getattr(run, name)), run.year) for run in found]
    whole = exponent(*zip(*points, strict=True))
    steepest = max(exponent(*zip(*pair, strict=True)) for pair in itertools.pairwise(points))
    return (
        f"A year's cost grows with {name} to the power {whole:.2f} over all, at most {steepest:.2f} between neighbours."
    )


def longest(run: Run) -> str:
    """The three phases that took longest."""
    whole = sum(run.phases.values())
    first = sorted(run.phases.items(), key=lambda one: -one[1])[:3]
    return ", ".join(f"{name} {100 * spent / whole:.0f}%" for name, spent in first)


def cells(found: list[Run]) -> list[list[str]]:
    """What is told of some runs, a row each."""
    rows = []
    for before, run in zip([None, *found], found, strict=False):
        more = run.households - before.households if before else 0
        each = f"{(run.peak - before.peak) / more:.0f}" if before and more > 0 else ""
        sizes = (f"{run.villages:,d}", f"{run.households:,d}", str(run.years))
        spread = "" if math.isnan(run.least) else f" ({run.least:.2f} to {run.most:.2f})"
        costs = (f"{run.total:.2f}{spread}", f"{1e3 * run.year:.1f}", f"{run.peak / 1e9:.2f}", each)
        rows.append([f"{run.title}, {run.arm}", *sizes, *costs, longest(run)])
    return rows


PARTS: dict[str, Callable[[str], list[Run]]] = {"runs": runs, "villages": villages, "households": households}


def main(asked: Sequence[str]) -> None:
    """Run the parts that were asked for, all by default, and print a line a run."""
    with tempfile.TemporaryDirectory() as folder:
        for name in parts_asked("benchmarks.scenario", __doc__ or "", PARTS, asked):
            found = PARTS[name](folder)
            for row in cells(found):
                print("  ".join(row), flush=True)
            if name == "runs":
                continue
            print(growth(name, found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(run_here(*sys.argv[2:5], int(sys.argv[5]))))
    else:
        main(sys.argv[1:])
