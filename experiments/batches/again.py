"""Tables, figures and reports of a batch made anew from its parts, without a run."""

from __future__ import annotations

import json
from pathlib import Path

from experiments.batches.finish import finish
from experiments.batches.folder import IDENTITY, Folder, batch_folder
from experiments.batches.plan import BatchPlan, plan_batch
from experiments.batches.rounds import run_rounds
from experiments.design import parse_experiment
from experiments.store import MANIFEST, StoreError


def finish_again(path: Path, *, language: str, command: str) -> str:
    """Make the results of a finished batch anew; its manifest stays, with the command that made the runs.

    Raises StoreError when units are missing or damaged.
    """
    source = (path / "experiment.toml").read_text(encoding="utf-8")
    identity = json.loads((path / IDENTITY).read_text(encoding="utf-8"))
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8")) if (path / MANIFEST).is_file() else {}
    manifest = {name: value for name, value in manifest.items() if name not in ("format", "files")}
    plan = plan_batch(parse_experiment(source, str(path)), seeds=identity.get("seeds"))
    with batch_folder(path, identity, source) as folder:
        plan, note = run_rounds(plan, folder, lambda one: _check(one, folder, command))
        text, _ = finish(plan, folder, manifest=manifest, language=language, note=note)
    return text


def _check(plan: BatchPlan, folder: Folder, command: str) -> None:
    """Refuse to report on units that are not there."""
    stored = folder.stored()
    missing = [unit for unit in plan.units if unit.name not in stored]
    if missing:
        raise StoreError(
            f"{command}: {len(missing)} of {len(plan.units)} units have not been run. Give the command of the batch "
            "again: it runs what is missing."
        )
