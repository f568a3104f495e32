"""How long the household year takes in each framework: python -m benchmarks.household_year.compare [--sizes 1e3,1e4].

Every program first has to agree with the plain loops of ``spec.py``, luck off; one that doesn't is not timed. Then, at
each size and with luck on, programs take turns, a run of some years each: A B C A B C, so that a machine that drifts
slows all alike. A run's figure is the median of its years, the opening not counted; a row tells the median and the
quartiles of the rounds, and ratios to the project's program and to plain numpy: taken round by round, then their
median. All run on one core; programs of polars have a second row with as many threads as it likes. ``busy`` is the
time that cores worked for the program: less than the median where others kept it waiting, more where threads shared it;
on a machine that is shared its ratios are the ones to trust.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.household_year.environments import ENVIRONMENTS, FOLDER
from benchmarks.household_year.floor import Floor, floor_seconds
from benchmarks.household_year.spec import PlainYear, Totals, opening
from benchmarks.household_year.workers import Contestant, FailedError, Workers, started

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CHECK_SIZES, CHECK_YEARS, TOLERANCE = (1_000, 10_000, 40_000), 5, 1e-9  # the last is several blocks of ours
RUN, FEWEST, MOST = 1.0, 5, 50  # a run fills a second, within these years
YEARS_OF_SLOW, SLOW_YEAR, VERY_SLOW_YEAR, SLOWEST_YEAR = 2, 1.5, 5.0, 60.0  # years a run; seconds


class Row(NamedTuple):
    """A program at one size; seconds are those of one year."""

    key: str
    households: int
    title: str = ""
    activation: str = ""
    versions: str = ""
    years: int = 0  # of each run
    rounds: int = 0
    median: float = math.nan  # seconds
    low: float = math.nan  # seconds, lower quartile of the rounds
    high: float = math.nan  # seconds, upper quartile
    busy: float = math.nan  # seconds of cores, of all threads
    busy_low: float = math.nan  # seconds of cores, quartiles of the rounds
    busy_high: float = math.nan
    opening: float = math.nan  # seconds, before the first year
    peak: float = math.nan  # bytes, the most that the process held
    to_project: float = math.nan  # times the project's program
    to_numpy: float = math.nan  # times plain numpy
    busy_to_project: float = math.nan  # the same of the time that cores were busy
    busy_to_numpy: float = math.nan
    reason: str = ""  # why it was not timed


class Comparison(NamedTuple):
    """All that one call found."""

    rows: list[Row]
    floors: dict[int, Floor]  # by households


class Plan(NamedTuple):
    """How much a contestant runs at a size."""

    years: int
    rounds: int


def disagreement(found: list[list[float]], wanted: list[Totals]) -> str:
    """The first total that differs from the plain loops by more than the tolerance; empty if none does."""
    for year, (mine, theirs) in enumerate(zip(found, wanted, strict=True), 1):
        for name, got, want in zip(Totals._fields, mine, theirs, strict=True):
            if not math.isclose(got, want, rel_tol=TOLERANCE):
                return f"{name} of year {year} is {got!r}, not {want!r}"
    return ""


def check(workers: Workers) -> tuple[dict[Contestant, str], dict[Contestant, list[float]]]:
    """Run all without luck: why some may not be timed, and seconds a year of the others at each size of the check."""
    reasons: dict[Contestant, str] = {}
    speed: dict[Contestant, list[float]] = {contestant: [] for contestant in workers.of}
    for households in CHECK_SIZES:
        plain = PlainYear(opening(households))
        wanted = [plain.step([0.0] * households) for _ in range(CHECK_YEARS)]
        for contestant in (one for one in workers.of if one not in reasons):
            try:
                run = workers.ask(contestant, households=households, years=CHECK_YEARS, luck=False, seed=1)
                differs = disagreement(run["totals"], wanted)
            except FailedError as reason:
                differs = str(reason)
            if differs:
                reasons[contestant] = f"{differs} ({households:,d} households, no luck)"
            else:
                speed[contestant].append(min(run["seconds"]))
    return reasons, {contestant: seconds for contestant, seconds in speed.items() if contestant not in reasons}


def expected(speed: list[float], *, households: int) -> float:
    """Seconds that a year should take: the line through the sizes of the check, only to plan with."""
    (small, large), (few, many) = CHECK_SIZES[:2], speed[:2]
    return max(many + (many - few) / (large - small) * (households - large), few)


def plan(year: float, *, rounds: int) -> Plan:
    """Many years of a quick program, fewer years and rounds of a slow one. year: seconds that one should take."""
    if year <= SLOW_YEAR:
        return Plan(min(MOST, max(FEWEST, round(RUN / year))), rounds)
    return Plan(YEARS_OF_SLOW, min(rounds, 2 if year <= VERY_SLOW_YEAR else 1))


def take_turns(
    workers: Workers, plans: dict[Contestant, Plan], *, households: int
) -> dict[Contestant, list[Any] | str]:
    """Runs of each contestant, round by round, or why it failed. Seed and luck are the round's, in every program."""
    runs: dict[Contestant, list[Any]] = {contestant: [] for contestant in plans}
    failed: dict[Contestant, str] = {}
    for turn in range(max((one.rounds for one in plans.values()), default=0)):
        for contestant, (years, rounds) in plans.items():
            if turn >= rounds or contestant in failed:
                continue
            try:
                if turn == 0:  # a short run warms up, and isn't kept
                    workers.ask(contestant, households=CHECK_SIZES[0], years=2, luck=True, seed=1)
                run = workers.ask(contestant, households=households, years=years, luck=True, seed=turn + 1)
                runs[contestant].append(run)
            except FailedError as reason:
                failed[contestant] = str(reason)
    return runs | failed


def figures(runs: list[Any], *, of: str = "seconds") -> list[float]:
    """Seconds of a year, of each round. of: seconds that passed, or that cores were busy."""
    return [statistics.median(run[of]) for run in runs]


def quartiles(values: list[float]) -> tuple[float, float]:
    """The lower and the upper quartile of some rounds, twice the only one where there is one."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def ratio(runs: list[Any], to: list[Any], *, of: str = "seconds") -> float:
    """Median of the ratios of rounds that both ran."""
    pairs = list(zip(figures(runs, of=of), figures(to, of=of), strict=False))
    return statistics.median(mine / other for mine, other in pairs) if pairs else math.nan


def row_of(key: str, about: dict[str, Any], runs: list[Any], *, households: int, years: int) -> Row:
    """What the rounds of a contestant tell, without the ratios."""
    seconds, busy = figures(runs), figures(runs, of="busy")
    (low, high), (busy_low, busy_high) = quartiles(seconds), quartiles(busy)
    return Row(
        key=key,
        households=households,
        title=about["title"],
        activation=about["activation"],
        versions=", ".join(f"{name} {version}" for name, version in about["versions"].items()),
        years=years,
        rounds=len(runs),
        median=statistics.median(seconds),
        low=low,
        high=high,
        busy=statistics.median(busy),
        busy_low=busy_low,
        busy_high=busy_high,
        opening=statistics.median(run["opening"] for run in runs),
        peak=max(run["peak"] for run in runs),
    )


def rows_of(workers: Workers, speed: dict[Contestant, list[float]], *, households: int, rounds: int) -> list[Row]:
    """Rows of all contestants that agree with the plain loops, at one size."""
    plans: dict[Contestant, Plan] = {}
    rows = []
    for contestant in (one for one in workers.of if one in speed):
        year = expected(speed[contestant], households=households)
        if year > SLOWEST_YEAR:
            rows.append(Row(contestant.key, households, reason=f"a year would take about {year:.0f} s"))
        else:
            plans[contestant] = plan(year, rounds=rounds)
    runs = take_turns(workers, plans, households=households)
    good = {one: found for one, found in runs.items() if not isinstance(found, str)}
    to = {name: next((good[one] for one in good if one.environment == name), []) for name in ("project", "numpy")}
    for contestant, found in runs.items():
        if isinstance(found, str):
            rows.append(Row(contestant.key, households, reason=found))
            continue
        about, years = workers.about[contestant], plans[contestant].years
        row = row_of(contestant.key, about, found, households=households, years=years)
        ratios = {f"to_{name}": ratio(found, other) for name, other in to.items()}
        busy = {f"busy_to_{name}": ratio(found, other, of="busy") for name, other in to.items()}
        rows.append(row._replace(**ratios, **busy))
    return rows


def compare(
    sizes: tuple[int, ...] = SIZES,
    *,
    rounds: int = 5,
    only: frozenset[str] = frozenset(),
    folder: Path = FOLDER,
) -> Comparison:
    """Check and time all programs, or those of some environments. Each size gets workers of its own."""
    with started(folder=folder, only=only) as workers:
        wrong, speed = check(workers)
        reasons = {**workers.missing, **wrong}
    rows, floors = [], {}
    for households in sizes:
        floors[households] = floor_seconds(households)
        with started(folder=folder, only=only) as workers:
            rows += rows_of(workers, speed, households=households, rounds=rounds)
        rows += [Row(one.key, households, reason=reason) for one, reason in reasons.items()]
    return Comparison(rows, floors)


HEAD = (
    "",
    "median",
    "quartiles",
    "/project",
    "/numpy",
    "busy",
    "/project",
    "/numpy",
    "opening s",
    "MB",
    "rounds x years",
)
WIDTHS = (25, 10, 23, 9, 8, 11, 9, 8, 10, 7, 15)


def line(cells: tuple[str, ...]) -> str:
    """A line of the table."""
    first, *rest = zip(cells, WIDTHS, strict=True)
    return first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)


def line_of(row: Row) -> str:
    """A row as text: milliseconds a year, ratios, seconds, megabytes."""
    if row.reason:
        return f"{row.key:25s}  not timed: {row.reason}"
    median, low, high, busy = (f"{1e3 * seconds:.3f}" for seconds in (row.median, row.low, row.high, row.busy))
    passed = (f"{one:.2f}".replace("nan", "-") for one in (row.to_project, row.to_numpy))
    worked = (f"{one:.2f}".replace("nan", "-") for one in (row.busy_to_project, row.busy_to_numpy))
    ends = (f"{row.opening:.3f}", f"{row.peak / 1e6:.0f}", f"{row.rounds} x {row.years}")
    return line((row.key, median, f"{low} to {high}", *passed, busy, *worked, *ends))


def table(found: Comparison) -> str:
    """The comparison as text, size by size, and what the programs are."""
    lines = []
    for households, floor in found.floors.items():
        parts = ", ".join(f"{name} {1e3 * part:.3f}" for name, part in zip(Floor._fields, floor, strict=True))
        lines += ["", f"{households:,d} households, ms a year", line(HEAD)]
        lines.append(f"{'floor':25s}{1e3 * floor.total:10.3f}  ({parts})")
        lines += [line_of(row) for row in found.rows if row.households == households]
    about = {row.key: f"{row.key}: {row.title}, {row.activation}; {row.versions}" for row in found.rows if row.versions}
    return "\n".join([*lines, "", *about.values()])


def main(arguments: list[str]) -> Comparison:
    """Print the table and return what was found."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.household_year.compare", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="households, such as 1e3,1e4")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program at each size")
    parser.add_argument("--only", default="", help=f"some of {','.join(ENVIRONMENTS)}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where environments are made")
    given = parser.parse_args(arguments)
    only = frozenset(filter(None, given.only.split(",")))
    if unknown := sorted(only - set(ENVIRONMENTS)):
        parser.error(f"--only names {unknown[0]!r}: give some of {', '.join(ENVIRONMENTS)}.")
    try:
        sizes = tuple(int(float(size)) for size in given.sizes.split(","))
    except (ValueError, OverflowError):
        sizes = ()
    if not sizes or min(sizes) < SIZES[0]:
        parser.error(f"--sizes is {given.sizes!r}: give numbers of households of at least {SIZES[0]}, such as 1e3,1e4.")
    found = compare(sizes, rounds=given.rounds, only=only, folder=given.folder)
    print(table(found))
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
