"""Results do not move unnoticed, and README quotes what was published."""

import re
import runpy
from pathlib import Path

import pytest

reference = runpy.run_path(str(Path(__file__).with_name("reference.py")))
PUBLISHED = reference["REFERENCE"].parent

ARMS = ("town", "enclave", "mountain_sea", "east_west", "household_shares", "pooling", "aid:pooling")
# The columns of README's table after the arm: outcome, what it is divided by, decimals.
COLUMNS = (
    ("recurrent_income_mean", 1e4, 1),
    ("income_and_aid_mean", 1e4, 1),
    ("earned_income_mean", 1e4, 1),
    ("recurrent_income_gini", 1.0, 3),
    ("income_shortfall", 1e4, 1),
    ("low_income_households", 1.0, 0),
    ("gain", 1e6, 0),
    ("created", 1e6, 0),
    ("public_cost_per_yuan", 1.0, 2),
)


def test_results_are_those_published():
    """To 1e-9, which machines with other vector units keep; 'books_gap' is rounding itself."""
    now, then = reference["results"](), reference["published"]()
    assert now.keys() == then.keys()
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-9, abs=1e-6), key


def test_accounts_are_those_published():
    """What rounds differently in a sector is small beside the largest of them, not always beside the sector."""
    now, then = reference["accounts"](), reference["published_accounts"]()
    assert list(now) == list(then)
    largest = max(abs(value) for value in then.values())
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-9, abs=1e-12 * largest), key


@pytest.fixture(scope="module")
def quoted():
    """Effect and interval of every arm against solo, by arm and outcome; also value created and villages' gain."""
    found = {(row["arm"], row["outcome"]): row for row in reference["rows_of"](PUBLISHED / "effects.csv")}
    for row in reference["rows_of"](PUBLISHED / "boundaries.csv"):
        if (row["boundary"], row["line"]) == ("everybody", "created"):
            found[row["arm"], "created"] = {**row, "effect": row["difference"]}
    for row in reference["rows_of"](PUBLISHED / "gains.csv"):
        if (row["kind"], row["county"]) == ("Village", "Pinghu"):
            found[row["arm"], "gain"] = {**row, "effect": row["difference"]}
    return found


@pytest.fixture(scope="module")
def readme():
    return (PUBLISHED.parents[1] / "README.md").read_text(encoding="utf-8")


def numbers(text):
    return [float(number) for number in re.findall(r"[+-]?\d+\.?\d*", text.replace(",", ""))]


@pytest.mark.parametrize("arm", ARMS)
def test_readme_quotes_the_published_effects(arm, quoted, readme):
    line = next(line for line in readme.splitlines() if line.startswith(f"| `{arm}` |"))
    cells = [cell.strip() for cell in line.strip("| ").split("|")][1:]
    assert len(cells) == len(COLUMNS)
    for cell, (outcome, divisor, places) in zip(cells, COLUMNS, strict=True):
        row = quoted[arm, outcome]
        expected = [float(row[name]) / divisor for name in ("effect", "low", "high")]
        assert numbers(cell) == [pytest.approx(value, abs=0.5001 * 10**-places) for value in expected], outcome


@pytest.mark.parametrize("arm", ["enclave", "pooling"])
def test_readme_quotes_who_paid(arm, readme):
    """The sentence on each yuan names every part of it above a hundredth."""
    text = " ".join(readme.split())
    rows = [row for row in reference["rows_of"](PUBLISHED / "of_each_yuan.csv") if row["arm"] == arm]
    parts = {row["part"]: float(row["share"]) for row in rows}
    sentence = next(one for one in re.split(r"(?<=\.) ", text) if f"`{arm}`" in one and "Of each yuan" in one)
    told = numbers(sentence.split("Of each yuan")[1].replace("3.0", ""))
    shown = [abs(share) for share in parts.values() if abs(share) >= 0.01]
    assert sorted(told) == [pytest.approx(share, abs=0.0051) for share in sorted(shown)]
