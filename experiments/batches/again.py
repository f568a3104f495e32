"""Tables, figures and reports of a batch made anew from its parts, without a run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.batches.finish import finish
from experiments.batches.folder import IDENTITY, SEEDS, SOURCE, Folder, batch_folder, identity_of
from experiments.batches.manifest import describe_batch
from experiments.batches.plan import BatchPlan, plan_batch
from experiments.batches.rounds import run_rounds
from experiments.design_file import parse_experiment
from experiments.store import MANIFEST, StoreError

OF_THE_RUNS = ("code", "libraries", "shard")  # what made the parts may have changed since; what they are about may not


def finish_again(path: Path, *, language: str, command: str) -> str:
    """Make the results of a batch anew whose parts are all there; its manifest stays, with the command that ran it.

    Raises StoreError when the experiment was changed since, and when units are missing or damaged.
    """
    source = (path / SOURCE).read_text(encoding="utf-8")
    before = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    plan = plan_batch(parse_experiment(source, str(path)), seeds=before.get(SEEDS))
    identity = identity_of(plan) | {name: before.get(name) for name in OF_THE_RUNS}
    with batch_folder(path, identity, source) as folder:
        plan, note = run_rounds(plan, folder, lambda one: _check(one, folder, command))
        manifest = _manifest(path) or describe_batch(
            plan, command=command, began=datetime.now(UTC).astimezone(), seconds={}
        )
        text, _ = finish(plan, folder, manifest=manifest, language=language, note=note)
    return text


def _manifest(path: Path) -> dict[str, Any]:
    """The manifest that is there; empty when there is none."""
    if not (path / MANIFEST).is_file():
        return {}
    found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return {name: value for name, value in found.items() if name not in ("format", "files")}


def _check(plan: BatchPlan, folder: Folder, command: str) -> None:
    """Refuse to report on units that are not there."""
    missing, _ = folder.missing(plan.units)
    if missing:
        raise StoreError(
            f"{command}: {len(missing)} of {len(plan.units)} units have not been run. Give the command of the batch "
            "again, which runs what is missing; bring shards together with 'feidi merge'."
        )
