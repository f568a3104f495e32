"""An experiment as a file: the question, the arms, what is varied, over how many seeds, and what is expected.

A file is TOML. ``feidi new experiment`` writes one with comments, ``feidi check`` explains it. What a file can say is
declared here; whether its names exist and its values can be is checked in ``experiments.batches.plan``.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

GRID: Final = "grid"
LISTED, LATIN, SOBOL, MORRIS, ENSEMBLE = "list", "latin_hypercube", "sobol", "morris", "ensemble"
CHANNELS, MECHANISMS = "channels", "mechanisms"
SAMPLED = (LATIN, SOBOL, MORRIS, ENSEMBLE)
SPREAD = (LATIN, ENSEMBLE)  # those that tell how far doubt about values moves an effect
PARTED = (CHANNELS, MECHANISMS)
BASE = "base"  # the name of the point at which nothing is varied
ALL = "all"


class DesignError(ValueError):
    """An experiment file that says something that cannot be."""


def _flat(table: object) -> object:
    """Keys with a dot as they are: ``[levers.place] contrast = ...`` is ``"place.contrast" = ...``."""
    if not isinstance(table, dict):
        return table
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and "." not in key:
            found |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            found[key] = value
    return found


Keyed = BeforeValidator(_flat)
Sign = Literal["+", "-", "0"]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class Table(BaseModel):
    """A table of the file: no field that is not declared, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Arm(Table):
    """An arm of one's own: mechanisms, and values of parameters that hold in it alone."""

    name: str = Field(min_length=1)
    title: str = ""
    title_zh: str = ""
    mechanisms: tuple[str, ...] = Field(min_length=1)
    changes: Annotated[dict[str, Number | dict[int, Number]], Keyed] = Field(default_factory=dict)


class Target(Table):
    """Go on in rounds of seeds until the effect on an outcome is known as exactly as this.

    arm, baseline: which comparison, all of them where empty; year: the last one reported by default; half_width: of
    the 95% interval, in the outcome's unit; first: seeds of the first round; step: of each further one; cap: seeds at
    which it stops anyway.
    """

    outcome: str
    arm: str = ""
    baseline: str = ""
    year: int | None = None
    half_width: Number = Field(gt=0.0)
    first: int = Field(default=20, ge=10)
    step: int = Field(default=10, ge=1)
    cap: int = Field(default=100, ge=10)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.cap < self.first:
            raise ValueError(f"cap is {self.cap}, below first, {self.first}: give at least as many")
        return self


class Seeds(Table):
    """How many seeds, from which on; or a precision to reach."""

    count: int | None = Field(default=None, ge=1)
    first: int = Field(default=1, ge=0)
    target: Target | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.count is not None and self.target is not None:
            raise ValueError("count and target are both given: give the number of seeds, or a precision to reach")
        return self


class Design(Table):
    """What is varied. Levers take the values given; uncertainties are sampled from ranges.

    kind: ``grid`` (all combinations of the levers' values; without levers the case as it stands), ``list`` (the points
    as given), ``latin_hypercube``, ``sobol`` or ``morris`` (samples of the uncertainties, at every combination of the
    levers), ``ensemble`` (the case's parameter sets that fit its calibration targets, in place of such a sample);
    ``channels`` and ``mechanisms`` run all subsets of the players, for Shapley shares of the effect: of the second arm
    against the first, with the other channels shut in both, or of the first arm with further mechanisms. players:
    names of channels, all where none is named, or of mechanisms. points: of the sample, or sets of the ensemble at
    most; for ``sobol`` the base of Saltelli's scheme, a power of two, for ``morris`` trajectories through so many
    levels. With ``sobol`` the seed is one of the factors: each point has one seed, picked from so many as ``seeds``
    says. seed: of the sample.
    uncertainties: ``"all"``, keys with their declared ranges, or keys with [low, high].
    """

    kind: Literal["grid", "list", "latin_hypercube", "sobol", "morris", "ensemble", "channels", "mechanisms"] = GRID
    players: tuple[str, ...] = ()
    levers: Annotated[dict[str, tuple[Number, ...]], Keyed] = Field(default_factory=dict)
    uncertainties: Literal["all"] | tuple[str, ...] | Annotated[dict[str, tuple[Number, Number]], Keyed] = ()
    points: int = Field(default=32, ge=1)
    levels: int = Field(default=4, ge=2)
    seed: int = Field(default=1, ge=0)
    point: tuple[dict[str, Any], ...] = ()

    @field_validator("point")
    @classmethod
    def _named_points(cls, points: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        flat = tuple(_flat(one) for one in points)
        names = [one.get("name") for one in flat if isinstance(one, dict)]
        if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
            raise ValueError('every [[design.point]] needs a name of its own, such as name = "slump"')
        return flat  # type: ignore[return-value]

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == LISTED) != bool(self.point):
            raise ValueError("[[design.point]] tables belong to kind = 'list', and it needs at least one")
        ranged = [kind for kind in SAMPLED if kind != ENSEMBLE]
        if bool(self.uncertainties) != (self.kind in ranged):
            raise ValueError(f"uncertainties belong to the kinds {', '.join(ranged)}, which need them")
        if self.levers and self.kind in (LISTED, *PARTED):
            raise ValueError(f"levers do not go with kind = {self.kind!r}: they belong to a grid, or to a sample")
        if (self.players and self.kind not in PARTED) or (not self.players and self.kind == MECHANISMS):
            raise ValueError("players go with kind = 'channels' or 'mechanisms', and the latter needs them")
        if any(not values for values in self.levers.values()):
            raise ValueError("a lever has no values: give at least one, such as [0.0, 1.0]")
        return self


class Outputs(Table):
    """What is kept of each run and reported.

    outcomes: names of indicators and ratios, the primary ones of the model where none is named; primary: those of them
    that the question is about, by default those that the model marks so: the others get p values by Holm; years: those
    that are reported, by default the case's last one and the last one simulated; books: whether the accounts, flows and
    villages of the first point are kept too, from which who pays is told.
    """

    outcomes: tuple[str, ...] = ()
    primary: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    books: bool = True


class Expected(Table):
    """What is expected before the run: the sign of an effect, or of the difference of an effect between two points.

    sign ``0``: the whole interval lies within ``within`` of zero. year: the last one reported by default. point: the
    first one by default; than: another point, whose effect is subtracted. check: it follows from how the model or the
    arms are made, and holds them to that; it is counted apart.
    """

    arm: str
    baseline: str = ""
    outcome: str
    sign: Sign
    within: Number = Field(default=0.0, ge=0.0)
    year: int | None = None
    point: str = ""
    than: str = ""
    check: bool = False
    because: str = Field(min_length=1)

    @model_validator(mode="after")
    def _zero_has_a_width(self) -> Self:
        if (self.sign == "0") != (self.within > 0.0):
            raise ValueError("within goes with sign = '0' and with no other: how far from zero is still nothing")
        return self


class Experiment(Table):
    """All that a file says. The first arm is the baseline of those that no pair names."""

    question: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_zh: str = ""
    case: str = "pinghu"
    last_year: int | None = None
    arms: tuple[str, ...] = Field(min_length=1)
    pairs: tuple[tuple[str, str], ...] = ()
    arm: tuple[Arm, ...] = ()
    changes: Annotated[dict[str, Number | dict[int, Number]], Keyed] = Field(default_factory=dict)
    seeds: Seeds = Seeds()
    design: Design = Design()
    outputs: Outputs = Outputs()
    expected: tuple[Expected, ...] = ()

    @model_validator(mode="after")
    def _target_needs_one_point(self) -> Self:
        if self.seeds.target is not None and self.design != Design():
            raise ValueError("seeds.target goes with a design that varies nothing: leave [design] out, or give count")
        return self

    @model_validator(mode="after")
    def _arms_of_players(self) -> Self:
        kind, arms = self.design.kind, len(self.arms)
        if kind in PARTED and arms != (2 if kind == CHANNELS else 1):
            raise ValueError(
                f"arms has {arms}: kind = {kind!r} takes the baseline" + " and the arm" * (kind == CHANNELS)
            )
        return self
