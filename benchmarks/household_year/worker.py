"""Runs programs of one module inside their framework's own environment: requests and answers are lines of JSON.

``python -m benchmarks.household_year.worker numpy_year`` first tells its programs and their versions, then answers each
request ({"program", "households", "years", "luck", "seed"}) with the seconds of the opening and of each year, the
seconds of each year that cores were busy with it (all threads), the totals of each year, and the peak of memory. Needs
numpy and the framework alone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import platform
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.household_year.spec import RULES, opening

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def reset_peak() -> None:
    """From now on ``peak_bytes`` tells the peak since this call, where the system allows it (Linux)."""
    with contextlib.suppress(OSError):
        FORGET.write_text("5")


def peak_bytes() -> int:
    """Most memory held by the process since ``reset_peak``, in bytes; elsewhere than on Linux since it began."""
    try:
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return kilobytes if sys.platform == "darwin" else kilobytes * 1024


def describe(module: ModuleType) -> dict[str, Any]:
    """Titles, activation and versions of the module's programs."""
    return {
        name: {
            "title": program.title,
            "activation": program.activation,
            "versions": {package: version(package) for package in program.packages},
            "python": platform.python_version(),
        }
        for name, program in module.PROGRAMS.items()
    }


def run(module: ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    """Seconds and totals of one run of a program."""
    start = opening(request["households"])
    gc.collect()
    reset_peak()
    began = time.perf_counter()
    make = module.PROGRAMS[request["program"]].make
    economy = make(start, rules=RULES, luck=request["luck"], seed=request["seed"])
    ready = time.perf_counter()
    seconds, busy, totals = [], [], []
    for _ in range(request["years"]):
        before, busy_before = time.perf_counter(), time.process_time()
        totals.append(list(economy.step()))
        seconds.append(time.perf_counter() - before)
        busy.append(time.process_time() - busy_before)
    return {"opening": ready - began, "seconds": seconds, "busy": busy, "totals": totals, "peak": peak_bytes()}


def answer(module: ModuleType, line: str) -> dict[str, Any]:
    """The answer to one request; an error is told, not raised, so that the worker goes on."""
    try:
        return run(module, json.loads(line))
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(name: str) -> None:
    """Serve requests until the harness closes the pipe. What frameworks print goes to stderr."""
    replies, sys.stdout = sys.stdout, sys.stderr
    module = importlib.import_module(f"benchmarks.household_year.{name}")
    print(json.dumps(describe(module)), file=replies, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(module, line)), file=replies, flush=True)
        gc.collect()


if __name__ == "__main__":
    main(sys.argv[1])
