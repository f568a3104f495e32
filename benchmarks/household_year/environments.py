"""Makes an environment for each framework of the comparison: python -m benchmarks.household_year.environments [FOLDER].

Each lies in a folder of its own under ``.bench/``, with the packages pinned below; one that is there is used again
until its pins change. Programs of the project, of Mesa and of plain numpy run in the environment that runs this.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".bench"
WORKS = "import sys, venv, ensurepip; sys.exit('.'.join(map(str, sys.version_info[:2])) != sys.argv[1])"


class Environment(NamedTuple):
    """Where the programs of a module run."""

    module: str  # in this folder
    requirements: tuple[str, ...] = ()  # with what decides about speed pinned; none: the environment that runs this
    python: str = ""  # the only version that it works with; empty: the one that runs this


NUMPY = "numpy==2.4.6"
ENVIRONMENTS = {
    "project": Environment("feidi_year"),
    "numpy": Environment("numpy_year"),
    "mesa": Environment("mesa_year"),
    "agentpy": Environment("agentpy_year", ("agentpy==0.1.5", NUMPY, "pandas==3.1.1")),
    "mesa-frames": Environment(
        "mesa_frames_year",
        ("mesa-frames==0.1.0a0", "numpy==1.26.4", "polars==2.1.0", "pandas==3.0.6", "pyarrow==26.0.1"),
        python="3.12",
    ),
    "ambr": Environment("ambr_year", ("ambr==0.5.2", NUMPY, "polars==2.1.0")),
    "starsim": Environment("starsim_year", ("starsim==3.7.2", NUMPY, "numba==0.68.1", "sciris==3.6.1")),
}


class UnavailableError(Exception):
    """The environment can't be made here; the message says why."""


def candidates(version: str) -> Iterator[str]:
    """Interpreters that may be of the version: this one, the path's, and pyenv's, whose commands may be empty shims."""
    yield sys.executable
    if found := shutil.which(f"python{version}"):
        yield found
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip()
        yield from map(str, sorted(Path(root, "versions").glob(f"{version}.*/bin/python3"), reverse=True))


def find_python(version: str) -> str:
    """An interpreter of the version, such as "3.12", that can make environments."""
    for python in candidates(version):
        if subprocess.run([python, "-c", WORKS, version], capture_output=True, check=False).returncode == 0:
            return python
    raise UnavailableError(f"no Python {version} that works was found, on the path or among pyenv's")


def install(requirements: tuple[str, ...], *, into: Path, by: str) -> None:
    """Make an environment anew with a Python and install into it."""
    subprocess.run([by, "-m", "venv", "--clear", str(into)], check=True, capture_output=True)
    pip = [str(into / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *requirements], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR") and "://" not in line]
        raise UnavailableError(
            f"installing {requirements[0]} failed: {errors[-1] if errors else 'pip did not say why'}"
        )


def python_of(name: str, *, folder: Path = FOLDER) -> str:
    """The interpreter of an environment, made when it isn't there; raises UnavailableError with the reason."""
    environment = ENVIRONMENTS[name]
    if not environment.requirements:
        return sys.executable
    into, pins = folder / name, "\n".join(environment.requirements)
    stamp = into / "installed.txt"
    if not stamp.exists() or stamp.read_text() != pins:
        python = find_python(environment.python or ".".join(map(str, sys.version_info[:2])))
        print(f"Making {into} with {', '.join(environment.requirements)}", file=sys.stderr)
        try:
            install(environment.requirements, into=into, by=python)
        except (OSError, subprocess.CalledProcessError) as error:
            raise UnavailableError(f"making {into.name} failed: {error}") from error
        stamp.write_text(pins)
    return str(into / "bin" / "python")


def variables(*, one_thread: bool) -> dict[str, str]:
    """Environment variables of a worker. one_thread: polars too uses one core, and not all."""
    one = (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        *(["POLARS_MAX_THREADS"] if one_thread else []),
    )
    kept = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    return {**kept, **dict.fromkeys(one, "1"), "PYTHONPATH": str(ROOT), "STARSIM_INSTALL_FONTS": "0"}


def main(folder: Path) -> None:
    """Make all environments that can be made here, and say which can't."""
    for name in ENVIRONMENTS:
        try:
            print(f"{name}: {python_of(name, folder=folder)}")
        except UnavailableError as reason:
            print(f"{name}: skipped, {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
