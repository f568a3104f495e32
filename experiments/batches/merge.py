"""Shards of a batch, run on several machines, brought together and finished as if one had run them all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.batches.finish import finish
from experiments.batches.folder import IDENTITY, SEEDS, Folder, batch_folder, identity_of
from experiments.batches.manifest import describe_batch
from experiments.batches.plan import plan_batch
from experiments.design_file import parse_experiment
from experiments.store import StoreError


def merge_shards(folders: Sequence[str], out: str, *, language: str, command: str) -> tuple[str, Path]:
    """Copy the parts of all shards into one folder and finish it; the text to print and the folder.

    Raises StoreError when shards are of different experiments, cases or code, or when units are missing.
    """
    began = datetime.now(UTC).astimezone()
    shards = [Folder(Path(folder).expanduser().resolve()) for folder in folders]
    identities = [_identity(shard) for shard in shards]
    source = (shards[0].path / "experiment.toml").read_text(encoding="utf-8")
    plan = plan_batch(parse_experiment(source, str(shards[0].path)), seeds=identities[0][SEEDS])
    _check_alike(shards, identities, identity_of(plan))
    with batch_folder(out, identity_of(plan), source) as folder:
        for shard in shards:
            for name, file in shard.stored().items():
                place = folder.parts / file.name
                if not place.exists() or place.read_bytes() != file.read_bytes():
                    shutil.copyfile(file, folder.parts / f"{name}.part")
                    (folder.parts / f"{name}.part").replace(folder.parts / file.name)
        missing, damaged = folder.missing(plan.units)
        if missing:
            what = f"{damaged[0]} is damaged" if damaged else f"seed {missing[0].seed} is the first"
            raise StoreError(
                f"{len(missing)} of {len(plan.units)} units are missing ({what}). Give the folders of all shards, or "
                "give the commands of the shards again: each runs what it lacks."
            )
        manifest = describe_batch(plan, command=command, began=began, seconds={})
        text, _ = finish(plan, folder, manifest=manifest, language=language)
        return text, folder.path


def _identity(shard: Folder) -> dict[str, Any]:
    try:
        found = json.loads((shard.path / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{shard.path} is no folder of a batch: {error}. Give what 'feidi batch' wrote.") from None
    return dict(found)


def _check_alike(shards: Sequence[Folder], identities: Sequence[dict[str, Any]], now: dict[str, Any]) -> None:
    """Refuse shards that do not belong together, or to the code that is here."""
    for shard, identity in zip(shards, identities, strict=True):
        for name, value in now.items():
            if name not in ("shard", SEEDS) and identity.get(name) != value:
                raise StoreError(
                    f"{shard.path} is of another {name} than {shards[0].path} with the code that is here: results of "
                    "two do not mix. Run that shard again."
                )
