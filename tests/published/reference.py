"""The reference results: all indicators of the small case in its last year, one seed, every arm.

``python tests/published/reference.py`` writes them anew. Do that only together with an entry in the changelog that
says "Results: changed, because ...".
"""

import csv
from pathlib import Path

from experiments.scenario import SCENARIOS
from model.economy import EconomyModel

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "published" / "reference.csv"
CASE, SEED = "tiny", 1


def results() -> dict[tuple[str, str], float]:
    """Value of each indicator in the last year, by arm and indicator."""
    found = {}
    for name, scenario in SCENARIOS.items():
        model = EconomyModel(case=CASE, mechanisms=scenario.mechanisms, changes=scenario.changes, seed=SEED).run()
        found |= {(name, key): values[-1] for key, values in model.datacollector.model_vars.items()}
    return found


def published() -> dict[tuple[str, str], float]:
    """The reference results as they were published."""
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return {(row["arm"], row["indicator"]): float(row["value"]) for row in csv.DictReader(file)}


def write() -> None:
    """Write the reference results anew."""
    with REFERENCE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["arm", "indicator", "value"])
        writer.writerows((arm, indicator, repr(value)) for (arm, indicator), value in results().items())


if __name__ == "__main__":
    write()
