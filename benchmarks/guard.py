"""Whether the model has become slower than it was: python -m benchmarks.guard [--adopt].

Each work is timed against a yardstick of plain numpy of much the same kind, in the same process and in turns: the
median ratio of their core times says how slow the code is, whatever the machine. A ratio that is more than half above
the one kept in ``guard.toml`` fails (exit code 1); ``--adopt`` keeps those of today instead, for a change that is meant
to cost something.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: more threads only spin

import argparse
import functools
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.household_year.feidi_columns import FeidiColumns
from benchmarks.household_year.spec import opening
from benchmarks.timing import in_turns, median_ratio, spent
from experiments.scenario import find_scenario
from model.cases import load_case
from model.economy import EconomyModel

KEPT = Path(__file__).with_name("guard.toml")
GROWTH = 1.5  # assumed: more is no noise, as runs of the same code differ by up to a fifth
TURNS = 7
# Of how many parts of which kind a work's yardstick is made, so that a machine that is fast at one kind and slow at
# another slows both alike. Sorts are counted, the others fitted; checked with numpy's vector instructions off in part.
YARDSTICKS = {
    "pooling on tiny": {"calls": 6.5},
    "pooling on pinghu": {"calls": 8.0, "columns": 4.0, "sorts": 1.5},
    "household years": {"columns": 1.0, "sorts": 1.3},
}


def calls() -> None:
    """Small columns: what it takes to call numpy."""
    small, rows = np.arange(1.0, 338.0), np.arange(0, 337, 3)
    for _ in range(18_000):
        small = np.maximum(small * 1.0001, small[rows].sum() * 1e-9)


def sorts() -> None:
    """Sorts of large columns, in which machines differ most: by five times with one and the same numpy."""
    luck = np.random.Generator(np.random.Philox(1))
    drawn = luck.random(100_000)
    for _ in range(12):
        np.sort(drawn)


def columns() -> None:
    """Large columns: normal numbers, a power and some arithmetic, as households have them."""
    luck, starts = np.random.Generator(np.random.Philox(1)), np.arange(0, 100_000, 250)
    held = np.zeros(100_000)
    for _ in range(24):
        drawn = luck.standard_normal(100_000)
        held = 0.9 * held + 0.3 * drawn
        earned = np.exp(held - 0.1)
        low = (earned < 0.5) | ((held < 0.0) & (earned < 0.6))
        mean = np.add.reduceat(earned, starts) / 250.0
        earned += np.repeat(np.minimum(0.1 * mean, 1.0), 250)
        earned -= np.where(low, np.minimum(0.2 * earned, 0.1), 0.2 * earned)


def run_of(arm: str, case: str) -> Callable[[], object]:
    """A run of an arm, without the reading of its case."""
    scenario, read = find_scenario(arm), load_case(case)
    return lambda: EconomyModel(case=read, mechanisms=scenario.mechanisms, changes=scenario.changes, seed=1).run()


def household_years() -> None:
    """Sixteen household years of 100,000 households."""
    program = FeidiColumns(opening(100_000))
    for _ in range(16):
        program.step()


def ratios() -> dict[str, float]:
    """Core time of each work over that of its yardstick, median over turns."""
    works: dict[str, Callable[[], object]] = {
        "calls": calls,
        "columns": columns,
        "sorts": sorts,
        "pooling on tiny": run_of("pooling", "tiny"),
        "pooling on pinghu": run_of("pooling", "pinghu"),
        "household years": household_years,
    }
    timed = in_turns({name: functools.partial(spent, work) for name, work in works.items()}, TURNS)
    taken = {name: [one.cpu for one in times] for name, times in timed.items()}
    found = {}
    for name, parts in YARDSTICKS.items():
        yardstick = [sum(count * taken[part][turn] for part, count in parts.items()) for turn in range(TURNS)]
        found[name] = median_ratio(taken[name], yardstick)
    return found


def main(words: list[str]) -> int:
    """Print each ratio and the one kept; 1 where one has grown by more than half."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--adopt", action="store_true", help=f"keep today's ratios in {KEPT.name}")
    adopt = parser.parse_args(words).adopt
    found = ratios()
    if adopt:
        lines = [
            "# Core time of each work over that of the yardstick of benchmarks/guard.py, as last adopted: measured."
        ]
        KEPT.write_text("\n".join([*lines, *(f'"{name}" = {ratio:.2f}' for name, ratio in found.items())]) + "\n")
    kept = tomllib.loads(KEPT.read_text())
    slow = [name for name, ratio in found.items() if ratio > GROWTH * kept[name]]
    for name, ratio in found.items():
        verdict = f", more than {GROWTH} times: find what became slow, or adopt it" if name in slow else ""
        print(f"{name:18s} {ratio:6.2f} yardsticks, {ratio / kept[name]:.2f} times the {kept[name]:.2f} kept{verdict}")
    print(f"{'Too slow' if slow else 'Fine'}: fails where a ratio is above {GROWTH} times the one kept.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
