"""All benchmarks, into results/published/benchmarks.md: python -m benchmarks [household_year scenario throughput ...].

A part that is not asked for stays in the file as it was last measured. Absolute times drift with the machine: quote the
ratios, which are taken in the same run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: more threads only spin

import math
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks import scenario, throughput
from benchmarks.household_year import compare
from benchmarks.household_year.floor import Floor
from benchmarks.timing import parts_asked

OWN = "feidi"  # the key of the project's program
PAGE = Path(__file__).resolve().parent.parent / "results" / "published" / "benchmarks.md"
HEAD = """# How fast it is

Written by `make bench`, which measures all of this anew. Absolute times drift with the machine and what else runs on
it; ratios are taken in the same run, programs in turns, and are what to quote. What is measured, and how, stands in
the first lines of the files in `benchmarks/`.
"""


HOW = """\
The row Feidi uses the project's tables, draws and ledger; no other program keeps books. Figures and ratios are of core
time (the median of rounds, and the median of ratios round by round) but for one column; one thread each, unless the row
says otherwise. The floor is Feidi's own: the bytes of its columns at the speed of a copy, its normal numbers by Philox,
and one sort. Where that sort is most of it, as on processors whose vector instructions numpy's sort does not suit (AMD
Zen 4: see numpy's pull request 32690), all programs that sort by numpy come closer to each other and to the floor than
elsewhere."""


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown, all columns but the first to the right."""
    names = list(head)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *([*row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def machine() -> str:
    """What it was measured on."""
    model = "an unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*: (.*)", cpuinfo.read_text())
        model = found.group(1) if found else model
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "mesa", "pandas"))
    return (
        f"Measured on {date.today()}: {os.cpu_count()} cores of {model}, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}."
    )


def ratio(value: float) -> str:
    """A ratio as told."""
    return "–" if math.isnan(value) else f"{value:.2f}" if value < 10.0 else f"{value:.0f}"


def household_rows(found: compare.Comparison, households: int, floor: Floor) -> list[list[str]]:
    """Lines of one size: the programs that were timed, then those that were not and why."""
    own = next((row.busy for row in found.rows if row.key == OWN and row.households == households), 0.0)
    parts = ", ".join(f"{name} {1e3 * seconds:.3f}" for name, seconds in floor._asdict().items())
    share = ratio(floor.total / own) if own else ""
    rows = [[f"the floor: {parts}", f"{1e3 * floor.total:.3f}", "", "", "", share, "", ""]]
    for row in found.rows:
        if row.households != households:
            continue
        if row.reason:
            rows.append([row.key, f"not timed: {row.reason}", "", "", "", "", "", ""])
            continue
        threads = ", all threads" if row.key.endswith("all threads") else ""
        spread = f"{1e3 * row.busy_low:.2f} to {1e3 * row.busy_high:.2f}" if row.rounds > 1 else "–"
        cells = [f"{row.title}, {row.activation}{threads}", f"{1e3 * row.busy:.2f}", spread, f"{1e3 * row.median:.2f}"]
        cells += [f"{row.rounds} x {row.years}", ratio(row.busy_to_project), ratio(row.busy_to_numpy)]
        rows.append([*cells, f"{row.peak / 1e6:,.0f}"])
    return rows


def agreement(found: compare.Comparison) -> str:
    """Which programs agree with the plain loops, and which were refused."""
    refused = {row.key: row.reason for row in found.rows if row.reason}
    *small, large = (f"{size:,d}" for size in compare.CHECK_SIZES)
    sizes = f"{', '.join(small)} and {large}"
    told = f"Programs that are timed agree with plain loops to {compare.TOLERANCE:.0e} at {sizes} households, luck off."
    return " ".join([told, *(f"Not {key}: {reason}." for key, reason in refused.items())])


def household_year() -> str:
    """The household year in all frameworks."""
    found = compare.compare(compare.SIZES, rounds=5, only=frozenset(), folder=compare.FOLDER)
    parts = [
        agreement(found),
        HOW,
    ]
    head = (
        "core ms a year",
        "quartiles of rounds",
        "ms passed",
        "rounds x years",
        "times Feidi",
        "times plain numpy",
    )
    for households, floor in found.floors.items():
        rows = household_rows(found, households, floor)
        parts.append(grid((f"{households:,d} households", *head, "peak, MB"), rows))
    versions = sorted({row.versions for row in found.rows if row.versions})
    return "\n\n".join([*parts, "Versions: " + "; ".join(versions) + "."])


def whole_economy() -> str:
    """Runs of the whole economy, and how they grow."""
    parts = [
        "Seconds in which one core worked, opening and all years, the case's reading left out; of single cases the "
        "median of rounds, with the least and the most. Bytes a household: how the peak of memory grows from one size "
        "to the next. No households: a made-up county of 72 villages."
    ]
    head = ("case and arm", "villages", "households", "years", "s a run", "ms a year", "GB", "bytes a household")
    with tempfile.TemporaryDirectory() as folder:
        for name, part in scenario.PARTS.items():
            found = part(folder)
            parts.append(grid((*head, "longest phases"), scenario.cells(found)))
            if name != "runs":
                parts.append(scenario.growth(name, found))
    return "\n\n".join(parts)


def batches() -> str:
    """Start-up, batches, recording and pairing."""
    rows = throughput.main([])
    told = (
        "Medians of repeats in which what is compared takes turns; ratios are medians of paired repeats, and not those "
        "of the medians above them. Two workers are compared with one on the same two cores: what else runs there, and "
        "caches and clock that cores share, count against them. Villages of the comparison with Mesa's batch_run are a "
        "toy economy (`benchmarks/village_batch.py`), not the model."
    )
    return told + "\n\n" + grid(("what", "value", "unit"), ([row.what, f"{row.value:.3f}", row.unit] for row in rows))


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "household_year": ("The household year in other frameworks", household_year),
    "scenario": ("The whole economy", whole_economy),
    "throughput": ("Start-up and batches", batches),
}


def written() -> dict[str, str]:
    """The sections of the page as it is, by title."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"^## (.+?)\n\n(.*?)\n(?=\n## |\Z)", text, flags=re.MULTILINE | re.DOTALL))


def main(asked: list[str]) -> None:
    """Measure the parts that were asked for, all by default, and write the page after each."""
    sections = written()
    for name in parts_asked("benchmarks", __doc__ or "", PARTS, asked):
        title, part = PARTS[name]
        sections[title] = f"{machine()}\n\n{part()}"
        kept = (f"## {title}\n\n{sections[title]}\n" for title, _ in PARTS.values() if title in sections)
        PAGE.write_text("\n".join([HEAD, *kept]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
