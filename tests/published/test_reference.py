"""Results do not move unnoticed, and README quotes what was published."""

import csv
import re
import runpy
from pathlib import Path

import pytest

reference = runpy.run_path(str(Path(__file__).with_name("reference.py")))
PUBLISHED = reference["REFERENCE"].parent

README_ROWS = {
    "mean recurrent income of a village, 10,000 yuan": ("recurrent_income_mean", 1e4, 0),
    "the same after interest paid, 10,000 yuan": ("income_after_interest_mean", 1e4, 0),
    "rent of projects after the cost of capital, 10,000 yuan": ("rent_after_capital_mean", 1e4, 0),
    "Gini between villages": ("recurrent_income_gini", 1.0, 3),
    "mean of the poorest 5% of villages, 10,000 yuan": ("income_shortfall", 1e4, 0),
    "public outlay per yuan of village income gained, to date": ("public_cost_per_yuan", 1.0, 2),
}


def test_results_are_those_published():
    """To 1e-9, which machines with other vector units keep; 'books_gap' is rounding itself."""
    now, then = reference["results"](), reference["published"]()
    assert now.keys() == then.keys()
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-9, abs=1e-6), key


@pytest.fixture(scope="module")
def effects():
    """The published effects of the enclave against solo in 2021, by outcome."""
    with (PUBLISHED / "effects.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["baseline"], row["arm"]) == ("solo", "enclave")]
    return {row["outcome"]: row for row in rows if row["year"] == "2021"}


@pytest.mark.parametrize("title", README_ROWS)
def test_readme_quotes_the_published_effects(title, effects):
    readme = (PUBLISHED.parents[1] / "README.md").read_text(encoding="utf-8")
    cells = [cell.strip() for cell in next(x for x in readme.splitlines() if x.startswith(f"| {title} |")).split("|")]
    outcome, divisor, places = README_ROWS[title]
    told = [float(number) for number in re.findall(r"[+-]?\d+\.?\d*", " ".join(cells[2:]))]
    row = effects[outcome]
    names = ["baseline_mean", "arm_mean", "effect", "low", "high"]
    if not row["baseline_mean"]:
        names = names[2:]
    assert told == [pytest.approx(float(row[name]) / divisor, abs=0.5001 * 10**-places) for name in names]


QUOTED = {
    "321 million yuan more for quota": ("quota compensation", 1),
    "214 million in top-ups": ("top-up", 1),
    "99 million in": ("grant", 1),
    "155 million yuan less rent": ("rent of other landlords", -1),
    "38 million less from their own": ("rent of own property", -1),
}


@pytest.mark.parametrize("words", QUOTED)
def test_readme_quotes_who_paid(words):
    readme = " ".join((PUBLISHED.parents[1] / "README.md").read_text(encoding="utf-8").split())
    assert words in readme
    reason, sign = QUOTED[words]
    with (PUBLISHED / "who_paid.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["baseline"], row["arm"]) == ("solo", "enclave")]
    difference = sum(float(row["difference"]) for row in rows if row["reason"] == reason)
    assert sign * difference / 1e6 == pytest.approx(float(words.split()[0]), abs=0.5001)
