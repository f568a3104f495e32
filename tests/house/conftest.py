"""The files that the tests of the house look at."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def kept_files(root: Path) -> list[Path]:
    """All files that git keeps or would keep; without git, all but those in hidden folders."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
        found = [root / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in root.rglob("*") if not any(part[0] == "." for part in path.relative_to(root).parts)]
    return sorted(path for path in found if path.is_file())


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The kept text files: name from the root -> text."""
    raw = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in kept_files(ROOT)}
    return {name: data.decode("utf-8") for name, data in raw.items() if b"\0" not in data}


@pytest.fixture(scope="session")
def modules(texts: dict[str, str]) -> dict[str, str]:
    """The kept Python files: name from the root -> text."""
    return {name: text for name, text in texts.items() if name.endswith(".py")}


@pytest.fixture(scope="session")
def packaged(modules: dict[str, str]) -> dict[str, str]:
    """The Python files of the three packages."""
    return {name: text for name, text in modules.items() if name.split("/")[0] in ("agents", "model", "experiments")}
