"""The manifest of a batch: where its numbers come from."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from experiments.batches.plan import BatchPlan
from experiments.manifest import commit, describe_scenarios, processor, versions


def describe_batch(plan: BatchPlan, *, command: str, began: datetime, seconds: Mapping[str, float]) -> dict[str, Any]:
    """Versions, commit, code, case, experiment, arms, parameters, seeds, command, machine and times."""
    return {
        "command_line": shlex.split(command),
        "versions": versions(),
        "commit": commit(),
        "code": plan.code,
        "case": {"name": plan.case.name, "given_as": plan.experiment.case, "title": plan.case.title},
        "years": {
            "first": plan.case.first_year,
            "last": plan.last_year,
            "projected_after": plan.case.last_year,
            "reported": list(plan.years),
        },
        "seeds": sorted({unit.seed for unit in plan.units}),
        "units": len(plan.units),
        "runs": plan.runs,
        "scenarios": describe_scenarios(plan.scenarios),
        "experiment": plan.experiment.model_dump(mode="json"),
        "parameters": plan.case.parameters.but(plan.experiment.changes).values(),
        "machine": {"platform": platform.platform(), "processor": processor()},
        "times": {
            "began": began.isoformat(timespec="seconds"),
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
        },
    }
