"""Search: the point whose simulated moments lie nearest to the published ones.

The method of simulated moments (McFadden 1989; Duffie and Singleton 1993), its loss made small by tree-structured
Parzen estimators (Bergstra et al. 2011; optuna). The search goes in rounds of points that are evaluated together::

    found = search(evaluate, ranges, moments, folder=folder, seed=1, rounds=50, batch=8, first=[defaults])
    found.best, found.trials

Every round is kept in one file of JSON lines, ``search.jsonl``. A search that was killed goes on where it was, and its
file then has the very bytes of one done in a single go: the sampler of a round depends on the seed, the number of the
round and the finished rounds alone.
"""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.moments import (
    CalibrationError,
    Evaluate,
    Moment,
    Simulated,
    check_names,
    loss,
    rounded,
)
from experiments.sampling import Point, Range
from model.draws import MOST_SEEDS, key_of

if TYPE_CHECKING:
    import pandas as pd

FILE, LOCK, FORMAT = "search.jsonl", ".lock", "feidi search 1"


class OptunaMissingError(CalibrationError):
    """optuna, which proposes the points of a search, is not installed."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    trials: one row a point, columns round, loss (squared tolerances), the parameters and the moments, in their units;
    best: the point of the smallest loss, the earliest of equals.
    """

    trials: pd.DataFrame
    best: Point


@dataclass(frozen=True)
class Round:
    """One round: its points, and the moments and the loss of each, in the same order."""

    points: list[Point]
    moments: list[Simulated]
    losses: list[float]


def search(
    evaluate: Evaluate,
    ranges: Mapping[str, Range],
    moments: Sequence[Moment],
    *,
    folder: Path,
    seed: int,
    rounds: int,
    batch: int,
    first: Sequence[Mapping[str, float]] = (),
    about: Mapping[str, str] | None = None,
) -> Found:
    """Search for that many rounds of ``batch`` points, those that are in the folder already included.

    first: points to begin with, such as the values in use. about: what else the rounds belong to, such as a check sum
    of the model; a folder with another one is refused. All points are rounded before they are evaluated. Raises
    CalibrationError for a folder of another search, a damaged file and moments that are missing, OptunaMissingError.
    """
    check_names(ranges, moments)
    if min(rounds, batch) < 1:
        raise CalibrationError(f"rounds is {rounds} and batch is {batch}: give whole numbers of at least 1.")
    start = [rounded(point, ranges) for point in first]
    identity = _identity(ranges, moments, seed=seed, batch=batch, first=start, about=about)
    with alone(folder):
        done = _read(folder / FILE, identity)
        for number in range(len(done), rounds):
            given = start[number * batch : (number + 1) * batch]
            points = given + _proposed(ranges, done, seed, batch, given) if len(given) < batch else given
            done.append(_evaluated(evaluate, points, moments))
            _append(folder / FILE, {"round": number, **asdict(done[-1])})
    return _found(done[:rounds], ranges, moments)


def optuna() -> Any:
    """The package optuna. Raises OptunaMissingError, with the remedy, where there is none."""
    try:
        return import_module("optuna")
    except ModuleNotFoundError as error:
        what = f"no module {error.name!r}"
        raise OptunaMissingError(f'{what}: to calibrate, pip install "feidi[calibration]".') from None


def _identity(ranges: Mapping[str, Range], moments: Sequence[Moment], **more: Any) -> dict[str, Any]:
    """What the rounds in a file belong to. Other releases of optuna propose other points."""
    return {
        "format": FORMAT,
        "ranges": {key: asdict(one) for key, one in ranges.items()},
        "moments": [asdict(one) for one in moments],
        **{key: dict(value) if isinstance(value, Mapping) else value for key, value in more.items()},
        "optuna": optuna().__version__,
    }


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The folder, made where it is missing, for this process alone. Raises CalibrationError where another is in it."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CalibrationError(f"cannot search in {folder}: {error.strerror}. Give a folder of its own.") from None
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise CalibrationError(f"another search is at work in {folder}. Wait for it, or give another folder.") from None


def _read(file: Path, identity: Mapping[str, Any]) -> list[Round]:
    """The finished rounds; a last line that was not written out is cut off. Raises CalibrationError."""
    head = _line(identity)
    text = file.read_bytes() if file.exists() else b""
    whole, _, torn = text.rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    if not lines and head.startswith(torn):
        file.write_bytes(b"")
        _append(file, identity)
        return []
    if not lines or lines[0] + b"\n" != head:
        raise CalibrationError(_refusal(file, lines[0] if lines else torn, identity))
    rounds = [_round(line, number, file) for number, line in enumerate(lines[1:])]
    if torn:
        os.truncate(file, len(whole) + 1)
    return rounds


def _refusal(file: Path, line: bytes, identity: Mapping[str, Any]) -> str:
    """One line that says in what the search in a file is another one."""
    try:
        other = json.loads(line)
        odd = [key for key, value in identity.items() if json.dumps(other[key]) != json.dumps(value)]
        what = f"is of another search: other {', '.join(odd)}"
    except (ValueError, KeyError, TypeError):
        what = "does not begin as a search of feidi"
    return f"{file} {what}. Give another folder."


def _round(line: bytes, number: int, file: Path) -> Round:
    """A round from its line. Raises CalibrationError for one that cannot be read or stands in the wrong place."""
    try:
        kept = json.loads(line)
        moments = [{name: math.nan if one is None else one for name, one in row.items()} for row in kept["moments"]]
        found = Round(kept["points"], moments, kept["losses"])
        if kept["round"] == number:
            return found
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise CalibrationError(
        f"line {number + 2} of {file} is damaged. Cut the file off before it; the rest is run again."
    )


def _append(file: Path, record: Mapping[str, Any]) -> None:
    """Add a line, which is on the disk when this returns."""
    with file.open("ab") as handle:
        handle.write(_line(record))
        handle.flush()
        os.fsync(handle.fileno())


def _line(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON, which has no nan: null."""
    plain = dict(record)
    if "losses" in plain:
        rows = plain["moments"]
        plain["moments"] = [{name: None if math.isnan(one) else one for name, one in row.items()} for row in rows]
    return json.dumps(plain, allow_nan=False, ensure_ascii=False).encode() + b"\n"


def _proposed(
    ranges: Mapping[str, Range], done: Sequence[Round], seed: int, batch: int, given: Sequence[Point]
) -> list[Point]:
    """The points of a round after those that are given, from a sampler of its own that has seen all rounds before.

    Each point is taken to lie badly until its loss is known (constant liar), so that the points of a round differ.
    """
    package = optuna()
    spaces = {key: _distribution(package, one) for key, one in ranges.items()}
    with _quiet(package):
        sampler = package.samplers.TPESampler(
            multivariate=True,
            constant_liar=True,
            seed=key_of("search", seed, len(done)) % MOST_SEEDS,
        )
        study = package.create_study(sampler=sampler)
        for one in done:
            for point, value in zip(one.points, one.losses, strict=True):
                study.add_trial(package.trial.create_trial(params=point, distributions=spaces, value=value))
        for point in given:
            study.enqueue_trial(point)
        asked = [study.ask(spaces).params for _ in range(batch)]
    return [rounded(point, ranges) for point in asked[len(given) :]]


def _distribution(package: Any, one: Range) -> Any:
    """A range as optuna has it; whole numbers stay floats, as in all points."""
    return package.distributions.FloatDistribution(one.low, one.high, step=1.0 if one.whole else None)


@contextmanager
def _quiet(package: Any) -> Iterator[None]:
    """Without optuna's notes on every study it makes, and its warnings about what it calls experimental."""
    level = package.logging.get_verbosity()
    package.logging.set_verbosity(package.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", package.exceptions.ExperimentalWarning)
            yield
    finally:
        package.logging.set_verbosity(level)


def _evaluated(evaluate: Evaluate, points: Sequence[Point], moments: Sequence[Moment]) -> Round:
    """A round with its moments and losses. Raises CalibrationError for other moments than those of the points."""
    simulated = evaluate(points)
    if len(simulated) != len(points):
        raise CalibrationError(f"{len(points)} points gave {len(simulated)} rows of moments. Give one row a point.")
    losses = [loss(row, moments) for row in simulated]
    names = [one.name for one in moments]
    # What is not finite has no place in JSON, and fits as little as what did not happen.
    rows = [{name: float(row[name]) if math.isfinite(row[name]) else math.nan for name in names} for row in simulated]
    return Round(list(points), rows, losses)


def _found(rounds: Sequence[Round], ranges: Mapping[str, Range], moments: Sequence[Moment]) -> Found:
    """All rounds as a table, and the best point."""
    import pandas as pd

    rows = [
        {"round": number, "loss": value, **point, **simulated}
        for number, one in enumerate(rounds)
        for point, simulated, value in zip(one.points, one.moments, one.losses, strict=True)
    ]
    best = min(rows, key=lambda row: row["loss"])
    columns = ["round", "loss", *ranges, *(one.name for one in moments)]
    return Found(pd.DataFrame(rows, columns=columns), {key: best[key] for key in ranges})
