"""What a case is held to: published outcomes with unit, year, source, tolerance and use, and the worlds to see them in.

Each case has a file in ``targets/``; its head says what the uses are and how tolerances were set. The model never reads
it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from experiments.design import Keyed, Number
from experiments.scenario import Scenario, find_scenario
from model.cases import load_case
from model.indicators import INDICATORS, Indicator
from model.parameters import nearest, read_toml

VALIDATION, CALIBRATION, IDENTITY = "validation", "calibration", "identity"
INITIAL, CONTESTED, CONTEXT = "initial", "contested", "context"
Use = Literal["validation", "calibration", "identity", "initial", "contested", "context"]
Kind = Literal["equal", "at_least", "at_most", "within"]
Scale = Literal["reported", "estimate", "count", "share", "villages", "small_share", "rounding"]
# How tolerances follow from values: part of the value, absolute. One rule for all rows, assumed: it says how far a
# model of this kind may be off and still be of use.
SCALES: dict[str, tuple[float, float]] = {
    "reported": (0.10, 0.0),  # means, least amounts and sums that officials report of their programme
    "estimate": (0.15, 0.0),  # other money, land, rents, taxes, yields
    "count": (0.20, 0.0),  # projects, their members and tenants
    "share": (0.0, 0.05),
    "villages": (0.0, 3.6),  # under a line: 5% of the 72 villages
    "small_share": (1.0 / 3.0, 0.0),  # shares below 0.1
    "rounding": (0.01, 0.0),  # what arithmetic decides
}


class TargetError(ValueError):
    """Targets of a case that has none, or a file of targets that says something that cannot be."""


class Record(BaseModel):
    """A table of the file: no field that is not declared, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class World(Record):
    """Runs in which targets are looked at: an arm, values that differ from the case's, and the last year.

    most_seeds: how many seeds at most; 0: as many as are asked for.
    """

    name: str
    arm: str
    meaning: str = Field(min_length=1)
    changes: Annotated[dict[str, Number | dict[int, Number]], Keyed] = Field(default_factory=dict)
    last_year: int | None = None
    most_seeds: int = Field(default=0, ge=0)

    @property
    def scenario(self) -> Scenario:
        """The arm of this world."""
        return find_scenario(self.arm)


class Target(Record):
    """A published outcome.

    indicator: of the model, in its unit; kind and value: what fits, two ends where it lies ``within``; scale: how the
    tolerance follows from the value; use: see the head of the file; first_use: what it was when the rows were first
    scored, where that was another one, ``none`` where the row came later.
    """

    name: str
    title: str = Field(min_length=1)
    title_zh: str = Field(min_length=1)
    indicator: str
    world: str = "pooling"
    year: int
    unit: str
    kind: Kind
    value: Number | tuple[Number, Number]
    scale: Scale
    use: Use
    first_use: Literal["validation", "calibration", "none", ""] = ""
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _value_fits_kind(self) -> Self:
        two = isinstance(self.value, tuple)
        if two != (self.kind == "within"):
            raise ValueError(f"kind is {self.kind!r}: give " + ("[low, high]" if not two else "one number"))
        if isinstance(self.value, tuple) and self.value[0] >= self.value[1]:
            raise ValueError(f"value is {list(self.value)}: give the low end first")
        if self.tolerance <= 0.0:
            raise ValueError(
                f"value is {self.value}, of which no part is a tolerance: choose the scale share or villages"
            )
        return self

    @property
    def tolerance(self) -> float:
        """How far off still counts as met, in the target's unit: of the value, or of the middle of what fits."""
        part, absolute = SCALES[self.scale]
        middle = sum(self.value) / 2.0 if isinstance(self.value, tuple) else self.value
        return max(part * abs(middle), absolute)

    @property
    def judged_at_first(self) -> bool:
        """Whether it was for validation when the rows were first scored."""
        return (self.first_use or self.use) == VALIDATION

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value that is no distance away."""
        if isinstance(self.value, tuple):
            return self.value
        low = -math.inf if self.kind == "at_most" else self.value
        return low, (math.inf if self.kind == "at_least" else self.value)

    def distance(self, simulated: float) -> float:
        """How far a simulated value lies off, in tolerances: below zero where it is too low; nan for a missing one."""
        low, high = self.ends
        if math.isnan(simulated):
            return math.nan
        off = min(simulated - low, 0.0) if simulated < low else max(simulated - high, 0.0)
        return off / self.tolerance

    def met(self, simulated: float) -> bool:
        """Whether a simulated value is at most a tolerance away."""
        return abs(self.distance(simulated)) <= 1.0


class Targets(Record):
    """All that a case is held to, and the worlds to see it in, in the order of the file."""

    case: str
    worlds: tuple[World, ...]
    targets: tuple[Target, ...]

    def of_use(self, *uses: str) -> tuple[Target, ...]:
        """The targets of some uses."""
        return tuple(one for one in self.targets if one.use in uses)

    def world(self, name: str) -> World:
        """A world by its name."""
        return next(one for one in self.worlds if one.name == name)


def cases_with_targets() -> list[str]:
    """The names of the cases that have targets."""
    return sorted(one.name.removesuffix(".toml") for one in _folder().iterdir() if one.name.endswith(".toml"))


def _folder() -> Traversable:
    return files(__package__) / "targets"


@cache
def load_targets(case: str) -> Targets:
    """What a case is held to. Raises TargetError for a case without targets, and for a wrong file."""
    if case not in cases_with_targets():
        raise TargetError(f"no targets for the case {case!r}. {nearest(case, cases_with_targets())}")
    return read_targets(case, read_toml(_folder() / f"{case}.toml"))


def read_targets(case: str, tables: Mapping[str, Any]) -> Targets:
    """Targets from the tables of a file, checked against each other and against the model. Raises TargetError."""
    odd = sorted(set(tables) - {"world", "target"})
    if odd:
        raise TargetError(f"targets of {case}: unknown table {odd[0]!r}. There are [world.NAME] and [target.NAME].")
    try:
        named = {
            f"{kind}s": [{"name": name, **table} for name, table in tables.get(kind, {}).items()]
            for kind in ("world", "target")
        }
        found = Targets.model_validate({"case": case, **named})
    except (TypeError, AttributeError):
        raise TargetError(
            f"targets of {case}: a target or a world is no table. Write [target.NAME] or [world.NAME]."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise TargetError(f"targets of {case}: {where}: {first['msg']}. Mend that table.") from None
    for world in found.worlds:
        _check_world(world, case)
    for one in found.targets:
        _check(one, found)
    return found


def _check_world(world: World, case: str) -> None:
    """Refuse an arm or changes that there are not, and arms that look at others. Raises TargetError."""
    where = f"targets of {case}: world {world.name}"
    try:
        arm = world.scenario
        load_case(case).parameters.but(world.changes)
    except ValueError as error:
        raise TargetError(f"{where}: {error}") from None
    if arm.twins:
        raise TargetError(f"{where}: the arm {arm.name!r} looks at another one's runs. Name an arm that stands alone.")


def _check(target: Target, among: Targets) -> None:
    """Refuse an unknown indicator or world, another unit, and a year that is not simulated. Raises TargetError."""
    where, worlds = f"targets of {among.case}: {target.name}", [world.name for world in among.worlds]
    if target.indicator not in INDICATORS:
        raise TargetError(f"{where}: no indicator {target.indicator!r}. {nearest(target.indicator, INDICATORS)}")
    if target.world not in worlds:
        raise TargetError(f"{where}: no world {target.world!r}. {nearest(target.world, worlds)}")
    declared: Indicator = INDICATORS[target.indicator]
    if target.unit != declared.unit:
        raise TargetError(f"{where}: unit is {target.unit!r}, the indicator's is {declared.unit!r}. Convert the value.")
    case = load_case(among.case)
    last = among.world(target.world).last_year or case.last_year
    if not case.first_year - 1 <= target.year <= last:
        raise TargetError(f"{where}: year is {target.year}. Give one from {case.first_year - 1} to {last}.")
