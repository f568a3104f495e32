"""The published results: indicators and accounts of the small case, and the tables that README quotes.

``python tests/published/reference.py``, after ``make demo``, writes them anew: the small case from runs of its own,
the rest from ``results/demo``, and the Chinese figure from ``results/demo_zh`` where that is there. Do that only
together with an entry in the changelog that says "Results: changed, because ...".
"""

import csv
import shutil
from pathlib import Path

import numpy as np

from experiments.scenario import SCENARIOS
from model.accounts import sectors
from model.economy import EconomyModel

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "published" / "reference.csv"
ACCOUNTS = REFERENCE.with_name("reference_accounts.csv")
DEMO = REFERENCE.parents[1] / "demo"
CHINESE = DEMO.with_name("demo_zh") / "figures" / "effect_paths.png"  # the same demo with --lang zh
CASE, SEED = "tiny", 1
ALL = "pooling"  # the arm with all mechanisms


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


def accounts() -> dict[tuple[str, str, str], float]:
    """What each sector gained and created in all years, yuan, with all mechanisms: by table, kind and county."""
    scenario = SCENARIOS[ALL]
    model = EconomyModel(case=CASE, mechanisms=scenario.mechanisms, changes=scenario.changes, seed=SEED).run()
    tables = {
        "gain": np.sum([year.gain for year in model.accounts], axis=0),
        "created": np.sum([year.all_created() for year in model.accounts], axis=0),
    }
    return {
        (table, *sector): float(value)
        for table, values in tables.items()
        for sector, value in zip(sectors(model.case), values, strict=True)
    }


def published_accounts() -> dict[tuple[str, str, str], float]:
    """The reference accounts as they were published."""
    return {(row["table"], row["kind"], row["county"]): float(row["value"]) for row in rows_of(ACCOUNTS)}


def write_accounts() -> None:
    """Write the reference accounts anew."""
    names = ("table", "kind", "county", "value")
    rows = [dict(zip(names, (*key, repr(value)), strict=True)) for key, value in accounts().items()]
    write_rows(ACCOUNTS, rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows of one shape as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def publish_demo() -> None:
    """Keep of the demo what README quotes: effects and discounted gains in the last year, manifest and a figure."""
    folder, effects = REFERENCE.parent, rows_of(DEMO / "effects.csv")
    last, baseline = max(row["year"] for row in effects), effects[0]["baseline"]
    chosen = [row for row in effects if row["year"] == last and row["baseline"] == baseline]
    write_rows(folder / "effects.csv", [row for row in chosen if row["primary"] == "True"])
    gains = [row for row in rows_of(DEMO / "who_pays.csv") if row["measure"] == "discounted" and row["table"] == "gain"]
    write_rows(folder / "gains.csv", [row for row in gains if row["baseline"] == baseline])
    created = [row for row in rows_of(DEMO / "boundaries.csv") if row["measure"] == "discounted"]
    write_rows(folder / "boundaries.csv", [row for row in created if row["baseline"] == baseline])
    yuan = [row for row in rows_of(DEMO / "of_each_yuan.csv") if row["measure"] == "discounted"]
    write_rows(folder / "of_each_yuan.csv", [row for row in yuan if row["baseline"] == baseline])
    for name in ("manifest.json", "figures/effect_paths.png"):
        shutil.copy(DEMO / name, folder / Path(name).name)
    if CHINESE.exists():
        shutil.copy(CHINESE, folder / "effect_paths_zh.png")


if __name__ == "__main__":
    write()
    write_accounts()
    publish_demo()
