"""Whether the model has become slower than it was: python -m benchmarks.guard [--adopt].

Each work is timed against a yardstick of plain numpy in the same process, in turns: the ratio of their least core times
says how slow the code is, whatever the machine. A ratio that is more than half above the one kept in ``guard.toml``
fails (exit code 1); ``--adopt`` keeps those of today instead, for a change that is meant to cost something.
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
from benchmarks.timing import in_turns, spent
from experiments.scenario import find_scenario
from model.cases import load_case
from model.economy import EconomyModel

KEPT = Path(__file__).with_name("guard.toml")
GROWTH = 1.5  # assumed: more is no noise, as runs of the same code differ by up to a fifth
TURNS = 7


def yardstick() -> None:
    """Small and large columns of numpy, in about the mixture that a run has."""
    small, rows = np.arange(1.0, 338.0), np.arange(0, 337, 3)
    for _ in range(4_000):
        small = np.maximum(small * 1.0001, small[rows].sum() * 1e-9)
    for turn in range(10):
        large = np.exp(np.sin(np.arange(140_000.0) + turn))
        np.add.reduceat(np.sort(large), np.arange(0, 140_000, 400)).sum()


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
    """Least core time of each work over that of the yardstick."""
    works: dict[str, Callable[[], object]] = {
        "yardstick": yardstick,
        "pooling on tiny": run_of("pooling", "tiny"),
        "pooling on pinghu": run_of("pooling", "pinghu"),
        "household years": household_years,
    }
    timed = in_turns({name: functools.partial(spent, work) for name, work in works.items()}, TURNS)
    taken = {name: min(one.cpu for one in times) for name, times in timed.items()}
    own = taken.pop("yardstick")
    return {name: least / own for name, least in taken.items()}


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
