"""A small study that several tests look at, and a way to call the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.study import Study, compare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def study() -> Study:
    """Two arms and the one between them, two seeds of the small case, in this process."""
    return compare("solo", "solo_funded", "enclave", case="tiny", seeds=2, workers=1, turning_point=False)


@pytest.fixture(scope="session")
def turned() -> Study:
    """A shorter study, with the differences between places at which the effects turn."""
    return compare("solo", "enclave", case="tiny", seeds=2, years=9, workers=1, turning_point=True)


@pytest.fixture
def feidi():
    """Call ``feidi`` in a process of its own; what it prints and its exit code."""

    def call(*words: str, cwd: Path, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed}
        return subprocess.run(
            [sys.executable, "-P", "-m", "experiments.cli", *words],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def without_figures(monkeypatch):
    """Results without figures, which take longer than the runs of the small case; other tests draw them."""
    for module in ("experiments.figures", "experiments.batches.figures"):
        monkeypatch.setattr(f"{module}.write_figures", lambda study, folder, lang: folder.mkdir() or [])
