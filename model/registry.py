"""All mechanisms by name: every file that holds a ``Mechanism`` is found by being there.

Files are looked for in ``model/mechanisms`` and in the folders that the environment variable FEIDI_MECHANISMS names, so
that a mechanism of one's own is one file in a folder of one's own.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
from pathlib import Path
from types import ModuleType

from model.mechanism import Mechanism

FOLDERS = "FEIDI_MECHANISMS"


class MechanismError(ValueError):
    """A mechanism that does not exist, or whose file is wrong."""


def mechanisms() -> dict[str, Mechanism]:
    """All mechanisms by name, in order of version and name. Raises MechanismError when a file can't be used."""
    found: dict[str, Mechanism] = {}
    for module in [*_shipped(), *_added()]:
        for value in vars(module).values():
            if not isinstance(value, Mechanism):
                continue
            if found.setdefault(value.name, value) != value:
                raise MechanismError(
                    f"{module.__file__}: there is another mechanism {value.name!r}: give it its own name."
                )
    return {one.name: one for one in sorted(found.values(), key=lambda one: (one.version, one.name))}


def _shipped() -> list[ModuleType]:
    package = importlib.import_module("model.mechanisms")
    names = [entry.name for entry in pkgutil.iter_modules(package.__path__)]
    return [importlib.import_module(f"model.mechanisms.{name}") for name in names]


def _added() -> list[ModuleType]:
    folders = [Path(folder) for folder in os.environ.get(FOLDERS, "").split(os.pathsep) if folder]
    for folder in folders:
        if not folder.is_dir():
            raise MechanismError(f"{FOLDERS} names {str(folder)!r}, which is no folder: give folders with .py files.")
    return [_load(file) for folder in folders for file in sorted(folder.glob("*.py"))]


def _load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"feidi_mechanism_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise MechanismError(f"{file}: can't be read as Python. Mend it or take it away.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a file that exits would end the whole command without a word
        what = f"{type(error).__name__}: {error}".rstrip(".")
        raise MechanismError(f"{file}: {what}. Mend it or take it away.") from error
    return module


def find_mechanism(wanted: str | Mechanism) -> Mechanism:
    """A mechanism by name, or the one given. Raises MechanismError with the names there are."""
    if isinstance(wanted, Mechanism):
        return wanted
    known = mechanisms()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}."
        raise MechanismError(f"There is no mechanism '{wanted}'. {hint}")
    return known[wanted]
