"""The folder of a batch: what it is for, who works in it now, and the parts that are finished.

``batch.json`` says which experiment, case and code the parts belong to, so that results of two never mix. A part is
written beside and renamed, so it is there whole or not at all; its own check sums tell a damaged one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.batches.code import digest
from experiments.batches.plan import BatchPlan, Unit
from experiments.design import SOBOL
from experiments.manifest import describe_scenarios, versions
from experiments.store import StoreError
from model.parameters import spelled

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "experiment.toml"
SEEDS = "seeds"  # the one entry of the identity that may differ
IDENTITY, PARTS, LOCK, HOLDER, DAMAGED = "batch.json", "parts", ".lock", ".running.json", ".damaged"
FORMAT = "feidi batch 2"
DIGEST = 16  # bytes of the check sum before a part


CAUSES = {
    "format": "it is of another version of feidi",
    "experiment": "the file says something else now",
    "design": "the arms or the points are others now",
    "case": "the case has other values or places now",
    "code": "the code of the model, or a mechanism of your own, has changed",
    "libraries": "Python or a library has another version now, and bits may differ",
    "first seed": "the seeds begin elsewhere now, and books are kept of the first ones",
    "shard": "it is of another shard",
}


class Folder:
    """A batch's folder on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / PARTS

    def stored(self) -> dict[str, Path]:
        """The parts that are there, by the name of their unit, not yet checked."""
        return {file.stem: file for file in sorted(self.parts.glob("p*.zip"))}

    def missing(self, units: Sequence[Unit]) -> tuple[list[Unit], list[str]]:
        """The units without a sound part, and the parts that were damaged, which are put aside."""
        stored, missing, damaged = self.stored(), [], []
        for unit in units:
            file = stored.get(unit.name)
            if file is not None and content(file) is None:
                file.replace(file.with_suffix(DAMAGED))
                damaged.append(f"{PARTS}/{file.name}")
                file = None
            if file is None:
                missing.append(unit)
        return missing, damaged

    def keep(self, unit: Unit, part: bytes) -> None:
        """Write a part: whole, or not at all. Raises StoreError, which says what to do."""
        file = self.parts / f"{unit.name}.zip"
        beside = file.with_suffix(".part")
        try:
            with beside.open("wb") as handle:
                handle.write(hashlib.blake2b(part, digest_size=DIGEST).digest() + part)
                handle.flush()
                os.fsync(handle.fileno())
            beside.replace(file)
        except OSError as error:
            with _ignored():
                beside.unlink(missing_ok=True)
            raise StoreError(
                f"cannot write {file}: {error.strerror or error}. What is finished is kept: make room there, or mend "
                "the right to write, and give the same command again."
            ) from error

    def table(self, unit: Unit, name: str) -> pd.DataFrame | None:
        """A table of a unit's part; None where it has none. Raises StoreError for a damaged part."""
        return self.table_of(self.parts / f"{unit.name}.zip", name)

    def table_of(self, file: Path, name: str) -> pd.DataFrame | None:
        """A table of the part in a file, likewise."""
        found = self.tables_of(file, (name,))
        return found[name].to_pandas() if name in found else None

    def tables(self, unit: Unit, names: Sequence[str]) -> dict[str, Any]:
        """Tables of a unit's part as Arrow has them, which takes a tenth of the time; without those that it lacks."""
        return self.tables_of(self.parts / f"{unit.name}.zip", names)

    def tables_of(self, file: Path, names: Sequence[str]) -> dict[str, Any]:
        """Tables of the part in a file, likewise."""
        import pyarrow
        from pyarrow.parquet import ParquetFile

        part = content(file)
        if part is None:
            raise StoreError(f"{file} is damaged. Give the command of the batch again: it runs what is missing.")
        with zipfile.ZipFile(io.BytesIO(part)) as tables:
            there = set(tables.namelist())
            found = {name: f"{name}.parquet" for name in names if f"{name}.parquet" in there}
            files = {name: ParquetFile(pyarrow.BufferReader(tables.read(one))) for name, one in found.items()}
            return {name: one.read(use_threads=False) for name, one in files.items()}  # small: threads would cost more


def content(file: Path) -> bytes | None:
    """The bytes of a part; None where it can't be read or its check sum tells that it is damaged."""
    try:
        found = file.read_bytes()
    except OSError:
        return None
    part = found[DIGEST:]
    return part if part and hashlib.blake2b(part, digest_size=DIGEST).digest() == found[:DIGEST] else None


@contextmanager
def _ignored() -> Iterator[None]:
    """Let a clean-up fail: the error that is told is the first one."""
    with suppress(OSError):
        yield


@contextmanager
def batch_folder(out: str | Path, identity: dict[str, Any], source: str) -> Iterator[Folder]:
    """Open the folder of a batch, new or begun before, for this process alone.

    identity: of ``identity_of``; source: the text of the experiment file. Raises StoreError when another process works
    in it, when it holds something else, or another experiment, case or code.
    """
    from filelock import FileLock, Timeout

    path = Path(out).expanduser().resolve()
    folder = Folder(path)
    try:
        _check_place(path)
        folder.parts.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(f"{path} is in use: {_holder(path)}. Wait for it, or give --out another folder.") from None
    except OSError as error:
        raise StoreError(
            f"cannot write results to {path}: {error.strerror or error}. Give --out a folder that you may write."
        ) from error
    try:
        _check_identity(path, identity)
        try:
            _sign(path)
            _begin(path, identity, source)
        except OSError as error:
            raise StoreError(
                f"cannot write to {path}: {error.strerror or error}. Make room, or mend rights."
            ) from error
        yield folder
    finally:
        with _ignored():
            (path / HOLDER).unlink(missing_ok=True)
        lock.release()


def _check_place(path: Path) -> None:
    """Refuse a place that is neither free nor a batch's."""
    if path.exists() and not path.is_dir():
        raise StoreError(f"cannot write results to {path}: it is a file. Give --out another name.")
    if path.is_dir() and not (path / IDENTITY).exists():
        ours = (PARTS, LOCK, HOLDER, SOURCE, f"{IDENTITY}.part")
        foreign = sorted(one.name for one in path.iterdir() if one.name not in ours)
        if foreign:
            raise StoreError(
                f"cannot write results to {path}: it holds {foreign[0]!r}, which is of no batch. "
                "Move it away, or give --out another folder."
            )


def _sign(path: Path) -> None:
    """Say who works here, for others who come."""
    who = {"process": os.getpid(), "machine": platform.node(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    (path / HOLDER).write_text(json.dumps(who), encoding="utf-8")


def _holder(path: Path) -> str:
    """Who works in a folder, in words."""
    try:
        who = json.loads((path / HOLDER).read_text(encoding="utf-8"))
        return f"process {who['process']} on {who['machine']} works in it since {who['since']}"
    except (OSError, ValueError, KeyError):
        return "another process works in it"


def _begin(path: Path, identity: dict[str, Any], source: str) -> None:
    """Write down what the parts belong to, and remove what a killed process left half written."""
    for file in (path / PARTS).glob("*.part"):
        file.unlink()
    (path / SOURCE).write_text(source, encoding="utf-8")
    beside = path / f"{IDENTITY}.part"
    with beside.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps(identity, ensure_ascii=False, indent=2) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path / IDENTITY)


def _check_identity(path: Path, identity: dict[str, Any]) -> None:
    """Refuse a folder whose parts belong to something else."""
    try:
        before = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise StoreError(f"{path / IDENTITY} cannot be read: {error}. Give --out another folder.") from None
    different = [name for name in identity if name != SEEDS and before.get(name) != identity[name]]
    if different:
        raise StoreError(
            f"{path} holds a batch of another {different[0]}, and results of two do not mix: {CAUSES[different[0]]}. "
            "Give --out another folder, or move this one away."
        )


def identity_of(plan: BatchPlan, shard: tuple[int, int] | None = None) -> dict[str, Any]:
    """What the parts of a batch belong to: everything that decides their bytes, and what was expected beforehand.

    More seeds are the same batch, and so is one with another title; ``seeds`` is only written down.
    """
    parameters = json.dumps(plan.case.parameters.values(), sort_keys=True)
    places = repr((plan.case.counties, plan.case.towns, plan.case.pairs, plan.case.first_year, plan.case.last_year))
    points = [(one.name, sorted((key, spelled(value)) for key, value in one.changes.items())) for one in plan.points]
    picked = plan.units if plan.experiment.design.kind == SOBOL else ()
    said = {"title", "title_zh", "question", "seeds"}
    return {
        "format": FORMAT,
        "experiment": plan.experiment.model_dump(mode="json", exclude_defaults=True, exclude=said),
        "design": digest(repr(points), repr(picked), json.dumps(describe_scenarios(plan.scenarios))),
        "case": digest(parameters, places),
        "code": plan.code,
        "libraries": {name: value for name, value in versions().items() if name != "feidi"},
        "first seed": plan.experiment.seeds.first,
        "shard": None if shard is None else list(shard),
        SEEDS: plan.seeds,
    }
