"""The published tables of validation and calibration, which docs/validation.md and README quote.

``python tests/published/validation.py`` copies them from ``results`` after these commands, in the root of the project::

    feidi calibrate
    feidi validate --rules
    feidi validate --case qujiang
    feidi batch ensemble
    feidi batch rules
    feidi compare solo town enclave pooling solo_funded aid --case qujiang --seeds 8 --no-turning-point \\
        --out results/qujiang

then run ``feidi docs``. Do that only together with an entry in the changelog that says what changed, and why.
"""

import shutil
from pathlib import Path

import pandas as pd

from experiments.validation.conclusions import conclusions_table, headlines

RESULTS = Path(__file__).resolve().parents[2] / "results"
PUBLISHED = RESULTS / "published" / "validation"
COPIED = {
    "scoreboard": "validate-pinghu/scoreboard",
    "levels": "validate-pinghu/levels",
    "patterns": "validate-pinghu/patterns",
    "assumptions": "validate-pinghu/assumptions",
    "second_case": "validate-qujiang/scoreboard",
    "fit": "calibrate-pinghu/fit",
    "settings": "calibrate-pinghu/settings",
    "identified": "calibrate-pinghu/identified",
    "tradeoffs": "calibrate-pinghu/tradeoffs",
    "emulators": "calibrate-pinghu/emulators",
    "ensemble_moments": "calibrate-pinghu/ensemble_moments",
}
YEAR = 2021


def conclusions() -> pd.DataFrame:
    """Each main conclusion over the ensemble, under each rule, and in the second case."""
    ensemble = pd.read_csv(RESULTS / "batch-ensemble" / "effects_by_point.csv")
    rules = pd.read_csv(RESULTS / "batch-rules" / "effects_by_point.csv")
    second = pd.read_csv(RESULTS / "qujiang" / "effects.csv")
    variants = {str(name): rows for name, rows in rules.groupby("name", sort=False)}
    variants["Qujiang"] = second[second["year"] == YEAR]
    return conclusions_table(ensemble, variants)


def main() -> None:
    """Copy and make all tables."""
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    for name, source in COPIED.items():
        shutil.copyfile(RESULTS / f"{source}.csv", PUBLISHED / f"{name}.csv")
    ensemble = pd.read_csv(RESULTS / "batch-ensemble" / "effects_by_point.csv")
    headlines(ensemble).to_csv(PUBLISHED / "headlines.csv", index=False, lineterminator="\n")
    conclusions().to_csv(PUBLISHED / "conclusions.csv", index=False, lineterminator="\n")
    shutil.copyfile(RESULTS / "validate-pinghu" / "manifest.json", PUBLISHED / "manifest.json")
    figures = RESULTS / "validate-pinghu" / "figures"
    shutil.copyfile(figures / "scoreboard.png", PUBLISHED / "scoreboard.png")


if __name__ == "__main__":
    main()
