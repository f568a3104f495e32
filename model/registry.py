"""All mechanisms by name: every file that holds a ``Mechanism`` is found by being there.

Files are looked for in ``model/mechanisms`` and in the folders that the environment variable FEIDI_MECHANISMS names, so
that a mechanism of one's own is one file in a folder of one's own.

A mechanism can be given a window, the years in which it is open: ``enclave@2015`` from 2015 on, ``enclave@-2014`` until
2014, ``enclave@2013-2016`` in between. It never opens before its own first year.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import math
import os
import pkgutil
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from model.mechanism import Mechanism

FOLDERS = "FEIDI_MECHANISMS"
AT = "@"  # between a mechanism's name and the years in which it is open
WINDOW = re.compile(r"(?P<since>[0-9]{4})?(?:-(?P<until>[0-9]{4}))?")


class MechanismError(ValueError):
    """A mechanism that does not exist, or whose file is wrong."""


def mechanisms() -> dict[str, Mechanism]:
    """All mechanisms by name, in order of version and name. Raises MechanismError when a file can't be used."""
    found: dict[str, Mechanism] = {}
    for module in [*_shipped(), *_added()]:
        for value in vars(module).values():
            if not isinstance(value, Mechanism):
                continue
            if AT in value.name:
                raise MechanismError(
                    f"{module.__file__}: the name {value.name!r} holds {AT!r}, which stands before years. Take it out."
                )
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
    """A mechanism by name, with the years in which it is open where they are named, or the one given.

    Raises MechanismError with the names there are, or with how years are written.
    """
    if isinstance(wanted, Mechanism):
        return wanted
    known, (name, at, years) = mechanisms(), wanted.partition(AT)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}."
        raise MechanismError(f"There is no mechanism '{name}'. {hint}")
    return _windowed(known[name], years) if at else known[name]


def _windowed(mechanism: Mechanism, years: str) -> Mechanism:
    """The same mechanism, open in some years only, under a name that tells them and with the same luck."""
    since, until = _window(mechanism, years)
    since = None if since is None else max(since, mechanism.since)
    words = " ".join(f"{word} {year}" for word, year in (("from", since), ("until", until)) if year is not None)
    return mechanism.but(
        name=f"{mechanism.name}{AT}{years}",
        family=mechanism.family or mechanism.name,
        title=f"{mechanism.title}, {words}",
        title_zh=f"{mechanism.title_zh}（{since or ''}—{until or ''}）",
        since=since or mechanism.since,
        until=until,
    )


def _window(mechanism: Mechanism, years: str) -> tuple[int | None, int | None]:
    """The first and the last year that are named, either None where it is not. Raises MechanismError.

    Two years before the mechanism's own first one are refused. A last year alone may lie there: what a reform ends
    before it began.
    """
    found, own, name = WINDOW.fullmatch(years), mechanism.name, f"{mechanism.name}{AT}{years}"
    if not (years and found):
        raise MechanismError(
            f"Mechanism '{name}': {years!r} names no years. Write {own}@2015 for from 2015 on, "
            f"{own}@-2014 for until 2014, or {own}@2013-2016."
        )
    since, until = (None if year is None else int(year) for year in found.group("since", "until"))
    if since is not None and until is not None:
        if since > until:
            raise MechanismError(f"Mechanism '{name}' ends before it begins. Write {own}@{until}-{since}.")
        if until < mechanism.since:
            raise MechanismError(
                f"Mechanism '{name}' would never open: {own} begins in {mechanism.since}. End it in that year or "
                f"later, as {own}@{since}-{mechanism.since} does, or leave it out."
            )
    return since, until


def names_twice(given: Sequence[Mechanism]) -> tuple[Mechanism, Mechanism] | None:
    """The first two that are one mechanism, open in the same year, or of the same name; None where there are none."""
    for later, two in enumerate(given):
        for one in given[:later]:
            first, last = max(one.since, two.since), min(_last_year(one), _last_year(two))
            same = one.name.partition(AT)[0] == two.name.partition(AT)[0]
            if one.name == two.name or (same and first <= last):
                return one, two
    return None


def _last_year(mechanism: Mechanism) -> float:
    return math.inf if mechanism.until is None else mechanism.until
