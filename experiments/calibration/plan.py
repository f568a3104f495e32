"""What is set to what: the blocks of a calibration, in the order in which they are fitted.

Each case has a file in ``plans/``. A block names calibration targets and the parameters that are set to them, each with
the reason why these targets can speak of it; whatever is in no block keeps its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.calibration.moments import CalibrationError, Moment
from experiments.sampling import Point, Range, ranges_of
from experiments.validation.targets import CALIBRATION, Target, load_targets
from model.cases import load_case
from model.parameters import nearest, read_toml

FITTED = ("assumed", "calibrated")  # statuses of parameters that may be set: what a source tells is not touched


class Setting(BaseModel):
    """A parameter that is set: the value from which the search starts, and why the targets speak of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: float
    why: str = Field(min_length=1)


class Block(BaseModel):
    """Targets and parameters that are fitted together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    meaning: str = Field(min_length=1)
    targets: tuple[str, ...] = Field(min_length=1)
    parameters: dict[str, Setting] = Field(min_length=1)
    rounds: int = Field(ge=1)


class Ensemble(BaseModel):
    """How sets that fit acceptably are looked for, by waves of history matching.

    also: uncertainties that no target was chosen for, varied beside those that are set; points: of the first wave;
    new: of each further one; waves: how many of these; forgiven: so many of the worst moments don't rule a point out,
    since an emulator may be bad; sets: kept at most, the one in use among them. By their own runs sets fit whose mean
    squared distance is at most most_loss and whose moments all lie within furthest, in tolerances.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    also: tuple[str, ...] = ()
    points: int = Field(ge=1)
    new: int = Field(ge=1)
    waves: int = Field(ge=1)
    forgiven: int = Field(ge=0)
    sets: int = Field(ge=1)
    most_loss: float = Field(gt=0.0)
    furthest: float = Field(gt=0.0)


class CalibrationPlan(BaseModel):
    """All blocks of a case. seeds: runs of each point; batch: points of a round; seed: of the search."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: str
    seeds: int = Field(ge=1)
    batch: int = Field(ge=1)
    seed: int = Field(ge=0)
    block: tuple[Block, ...] = Field(min_length=1)
    ensemble: Ensemble

    @property
    def keys(self) -> tuple[str, ...]:
        """All parameters that are set, block by block."""
        return tuple(key for block in self.block for key in block.parameters)

    @property
    def start(self) -> Point:
        """The values from which the search starts, whatever is in use today: so that it can be repeated."""
        return {key: one.start for block in self.block for key, one in block.parameters.items()}

    def ranges(self, block: Block) -> dict[str, Range]:
        """The declared ranges of a block's parameters."""
        return ranges_of(load_case(self.case).parameters, list(block.parameters))

    def asked(self, block: Block) -> tuple[Target, ...]:
        """The targets of a block."""
        named = {one.name: one for one in load_targets(self.case).targets}
        return tuple(named[name] for name in block.targets)


def plans() -> list[str]:
    """The names of the cases that have a plan."""
    folder = files(__package__) / "plans"
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


@cache
def load_plan(case: str) -> CalibrationPlan:
    """The plan of a case. Raises CalibrationError for a case without one, and for a wrong file."""
    if case not in plans():
        raise CalibrationError(f"nothing says what of the case {case!r} is set to what. {nearest(case, plans())}")
    return read_plan(case, read_toml(files(__package__) / "plans" / f"{case}.toml"))


def read_plan(case: str, tables: Mapping[str, Any]) -> CalibrationPlan:
    """A plan from the tables of a file, held to the targets and parameters of its case. Raises CalibrationError."""
    try:
        found = CalibrationPlan.model_validate({"case": case, **tables})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CalibrationError(f"plan of {case}: {where}: {first['msg']}. Mend that table.") from None
    for block in found.block:
        _check(block, case)
    _check_once(case, "is set in two blocks", found.keys)
    _check_once(case, "is a target of two blocks", [name for block in found.block for name in block.targets])
    _check_once(case, "is the name of two blocks", [block.name for block in found.block])
    try:
        ranges_of(load_case(case).parameters, [*found.keys, *found.ensemble.also])
    except ValueError as error:
        raise CalibrationError(f"plan of {case}: {error}") from None
    return found


def _check_once(case: str, what: str, names: Sequence[str]) -> None:
    """Refuse a name that comes twice. Raises CalibrationError."""
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise CalibrationError(f"plan of {case}: {twice[0]} {what}. Leave it in one.")


def _check(block: Block, case: str) -> None:
    """Refuse targets that are for something else, and parameters that a source tells. Raises CalibrationError."""
    where, parameters = f"plan of {case}: block {block.name}", load_case(case).parameters
    known = {one.name: one for one in load_targets(case).targets}
    for name in block.targets:
        if name not in known:
            raise CalibrationError(f"{where}: no target {name!r}. {nearest(name, known)}")
        if known[name].use != CALIBRATION:
            raise CalibrationError(f"{where}: {name} is for {known[name].use}: nothing may be set to it.")
    for key, one in block.parameters.items():
        try:
            declared = parameters.declared(key)
            ends = ranges_of(parameters, [key])[key]
        except ValueError as error:
            raise CalibrationError(f"{where}: {error}") from None
        if declared.status not in FITTED:
            raise CalibrationError(f"{where}: {key} is {declared.status}: what a source tells is not set to anything.")
        if not ends.low <= one.start <= ends.high:
            raise CalibrationError(f"{where}: {key} starts at {one.start:g}, outside {ends.low:g} to {ends.high:g}.")


def moment_of(target: Target) -> Moment:
    """A target as the search takes it: its value, or the middle of what fits."""
    low, high = target.ends
    if low == high:
        return Moment(target.name, low, target.tolerance)
    finite = [end for end in (low, high) if abs(end) != float("inf")]
    middle = sum(finite) / len(finite)
    ends = {name: end for name, end in (("low", low), ("high", high)) if end in finite}
    return Moment(target.name, middle, target.tolerance, **ends)
