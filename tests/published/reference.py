"""The published results: all indicators of the small case in its last year, and the tables that README quotes.

``python tests/published/reference.py``, after ``make demo``, writes them anew: the small case from a run of its own,
the rest from ``results/demo``. Do that only together with an entry in the changelog that says "Results: changed,
because ...".
"""

import csv
import shutil
from pathlib import Path

from experiments.scenario import SCENARIOS
from model.economy import EconomyModel

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "published" / "reference.csv"
DEMO = REFERENCE.parents[1] / "demo"
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


def publish_demo() -> None:
    """Keep the demo's effects of its last year, who paid, its manifest and one figure."""
    with (DEMO / "effects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(row["year"] for row in rows)
    with (REFERENCE.parent / "effects.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["year"] == last)
    for name in ("who_paid.csv", "manifest.json", "figures/effect_paths.png"):
        shutil.copy(DEMO / name, REFERENCE.parent / Path(name).name)


if __name__ == "__main__":
    write()
    publish_demo()
