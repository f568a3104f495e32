"""The manifest of a results folder: everything that is needed to say where the numbers come from."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.scenario import Scenario, with_twins

if TYPE_CHECKING:
    from experiments.study import Study

PACKAGES = ("mesa", "numpy", "pandas", "scipy", "networkx", "pyarrow")


def describe(study: Study, *, command_line: Sequence[str], began: datetime) -> dict[str, Any]:
    """Versions, commit, case, scenarios, parameters, seeds, command, machine and times. Times are only here."""
    plan = study.plan
    return {
        "command_line": list(command_line),
        "versions": versions(),
        "commit": commit(),
        "case": {"name": plan.case.name, "given_as": plan.case_name, "title": plan.case.title},
        "years": {"first": plan.case.first_year, "last": plan.last_year, "projected_after": plan.case.last_year},
        "seeds": [job.seed for job in plan.jobs()],
        "workers": plan.workers,
        "scenarios": describe_scenarios(plan.scenarios),
        "changes": dict(plan.changes),
        "parameters": plan.case.parameters.but(dict(plan.changes)).values(),
        "machine": {"platform": platform.platform(), "processor": processor()},
        "times": {
            "began": began.isoformat(timespec="seconds"),
            "seconds": {name: round(value, 3) for name, value in study.seconds.items()},
        },
    }


def describe_scenarios(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """All arms that were run, those among them that are not reported but looked at by others."""
    return [
        {
            "name": scenario.name,
            "title": scenario.title,
            "mechanisms": list(scenario.mechanisms),
            "changes": dict(scenario.changes),
            "aid_of": scenario.aid_of.name if scenario.aid_of else None,
            "net": scenario.net,
            "reported": scenario in scenarios,
        }
        for scenario in with_twins(scenarios)
    ]


def feidi_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("feidi")
    except PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Versions of feidi, Python and the libraries that can move a number."""
    return {"feidi": feidi_version(), "python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def commit() -> dict[str, Any] | None:
    """The git commit that feidi runs from and whether files differ from it; None outside a git repository."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    head = _git(root, "rev-parse", "HEAD")
    return None if head is None else {"id": head, "dirty": bool(_git(root, "status", "--porcelain"))}


def _git(root: Path, *words: str) -> str | None:
    """What a git command prints; None when it fails or there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def processor() -> str:
    """The processor's name, as exactly as the system tells it."""
    if sys.platform == "linux":
        try:
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        except OSError:
            lines = []
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
