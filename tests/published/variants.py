"""What README says of other values and horizons: runs each variant and keeps value created and the villages' gain.

``python tests/published/variants.py`` writes ``results/published/variants.csv`` anew: ten minutes on two cores.
Do that only together with an entry in the changelog that says "Results: changed, because ...".
"""

import csv
import shlex
from pathlib import Path

from experiments.cli import main

RESULTS = Path(__file__).resolve().parents[2] / "results"
VARIANTS = (
    "solo enclave pooling --set place.contrast=0",
    "solo enclave pooling --set floor.elsewhere_quality=0.05",
    "solo enclave pooling --set place.agglomeration=0.02",
    "solo enclave pooling --set prices.discount_rate=0.065",
    "solo enclave pooling --set prices.discount_rate=0.08",
    "solo enclave pooling aid --years 30",
    "solo solo_funded enclave aid_net:pooling",
    "solo pooling aid --set village.aid_as_income=0.25",
    "solo pooling aid --set village.aid_as_income=0",
)
USUAL = "--seeds 20 --no-turning-point"
FIELDS = ("command", "baseline", "arm", "year", "line", "difference", "low", "high")
CREATED, GAIN = "value created", "gain of villages of Pinghu"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(command: str, folder: Path) -> list[dict[str, str]]:
    """The rows to keep of one variant, discounted."""
    rows = [
        row | {"line": CREATED}
        for row in rows_of(folder / "boundaries.csv")
        if (row["measure"], row["boundary"], row["line"]) == ("discounted", "everybody", "created")
    ]
    rows += [
        row | {"line": GAIN}
        for row in rows_of(folder / "who_pays.csv")
        if (row["measure"], row["table"], row["kind"], row["county"]) == ("discounted", "gain", "Village", "Pinghu")
    ]
    return [{"command": command, **{name: row[name] for name in FIELDS[1:]}} for row in rows]


def write() -> None:
    """Run all variants and write the table."""
    kept = []
    for number, variant in enumerate(VARIANTS):
        command, folder = f"compare {variant} {USUAL}", RESULTS / "variants" / str(number)
        if main([*shlex.split(command), "--out", str(folder)]) != 0:
            raise SystemExit(f"failed: {command}")
        kept += found(f"feidi {command}", folder)
    with (RESULTS / "published" / "variants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


if __name__ == "__main__":
    write()
