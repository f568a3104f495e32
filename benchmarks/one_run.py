"""How long one run takes, from an empty model to the case's last year: python benchmarks/one_run.py [ARM ...].

Prints the least, the median and the most seconds of some runs of each arm, and the ratio of the medians to the first
arm's. Runs of the arms take turns, so that a busy machine slows them alike.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: more threads only spin

import statistics
import sys
import time

from experiments.scenario import find_scenario
from model.cases import load_case
from model.economy import EconomyModel

CASE, REPEATS, SEED = "pinghu", 5, 1
ARMS = ("solo", "enclave", "pooling")


def seconds(arm: str) -> float:
    """The time of one run of an arm."""
    scenario, case = find_scenario(arm), load_case(CASE)
    began = time.perf_counter()
    EconomyModel(case=case, mechanisms=scenario.mechanisms, changes=scenario.changes, seed=SEED).run()
    return time.perf_counter() - began


def main(arms: tuple[str, ...]) -> None:
    """Time the arms in turn and print a line each."""
    taken: dict[str, list[float]] = {arm: [] for arm in arms}
    for _ in range(REPEATS):
        for arm in arms:
            taken[arm].append(seconds(arm))
    first = statistics.median(taken[arms[0]])
    for arm, times in taken.items():
        low, middle, high = min(times), statistics.median(times), max(times)
        print(f"{arm:18s} {low:6.2f} {middle:6.2f} {high:6.2f} s, {middle / first:5.2f} times {arms[0]}")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or ARMS)
