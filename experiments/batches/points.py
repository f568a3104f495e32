"""The points of a design: what each of them changes in the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.attribution import channels, shapley
from experiments.batches.plan import Point
from experiments.calibration.ensemble import ensemble
from experiments.design import (
    ALL,
    BASE,
    CHANNELS,
    ENSEMBLE,
    GRID,
    LATIN,
    LISTED,
    MECHANISMS,
    SOBOL,
    DesignError,
    Experiment,
)
from experiments.sampling import Range, changes_of, grid, latin_hypercube, morris_points, ranges_of, sobol_points
from experiments.scenario import Scenario
from model.draws import Draws
from model.parameters import Parameters, Value, spelled
from model.registry import find_mechanism

SEED = "seed"  # the factor of a Sobol design that picks each point's seed


def points_of(
    experiment: Experiment, parameters: Parameters, last_year: int, scenarios: Sequence[Scenario]
) -> tuple[Point, ...]:
    """All points, in the order in which they are run. last_year: of the case's figures; scenarios: the arms.

    Raises DesignError for a point that cannot be, ParameterError for an unknown key.
    """
    design = experiment.design
    if design.kind == MECHANISMS:
        return (Point(BASE, {}, {}),)
    if design.kind == CHANNELS:
        return tuple(_of_channels(experiment, parameters, scenarios))
    if design.kind == LISTED:
        return tuple(_listed(one) for one in design.point)
    levers = grid(design.levers) if design.levers else [{}]
    if design.kind == GRID:
        return tuple(Point(_name(values), values, values) for values in levers)
    return _sampled(experiment, parameters, last_year, levers)


def players_of(experiment: Experiment) -> tuple[str, ...]:
    """The players of a design of subsets, all channels where none is named."""
    return experiment.design.players or tuple(channels.CHANNELS)


def subset_changes(
    experiment: Experiment, parameters: Parameters, scenarios: Sequence[Scenario]
) -> list[Mapping[str, Value]]:
    """What shuts the other channels, for each subset of them that is open, in the order of ``shapley.subsets``."""
    names = dict.fromkeys(name for scenario in scenarios for name in scenario.mechanisms)
    mechanisms = [find_mechanism(name) for name in names]
    for mechanism in mechanisms:
        if open_keys := channels.not_shut(mechanism):
            raise DesignError(
                f"mechanism {mechanism.name!r} takes {open_keys[0]}, which no channel shuts: shares would be wrong. "
                "Let it take a parameter of the model, or leave it out."
            )
    return list(channels.changes_of_subsets(channels.find_channels(players_of(experiment)), parameters, mechanisms))


def _of_channels(experiment: Experiment, parameters: Parameters, scenarios: Sequence[Scenario]) -> Iterator[Point]:
    """A point for every subset of the channels that is open; what changes the same is run once."""
    seen: list[Mapping[str, Value]] = []
    subsets = shapley.subsets(players_of(experiment))
    for open_, changes in zip(subsets, subset_changes(experiment, parameters, scenarios), strict=True):
        if changes not in seen:
            seen.append(changes)
            names = [name for name in players_of(experiment) if name in open_]
            yield Point(f"open: {', '.join(names) or 'none'}", {}, changes)


def _listed(table: Mapping[str, Any]) -> Point:
    """A point of a list; all but its name are parameters."""
    values = {key: value for key, value in table.items() if key != "name"}
    for key, value in values.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise DesignError(f"point {table['name']!r}: {key} is {value!r}. Give a number.")
    return Point(str(table["name"]), values, values)


def _name(values: Mapping[str, float]) -> str:
    """A name that says what is varied."""
    return ", ".join(f"{key}={spelled(value).removesuffix('.0')}" for key, value in values.items()) or BASE


def sampled_keys(experiment: Experiment, parameters: Parameters) -> dict[str, Range]:
    """What the design samples: the ranges of the uncertainties and, with ``sobol``, that of the factor ``seed``.

    Raises DesignError for a key that is set elsewhere too, and for a case without an ensemble.
    """
    design = experiment.design
    keys = None if design.uncertainties == ALL else design.uncertainties
    if design.kind == ENSEMBLE:
        keys = tuple(_sets(experiment)[0])
    ranges = ranges_of(parameters, keys)
    taken = set(design.levers) | set(experiment.changes)
    if design.uncertainties == ALL:
        ranges = {key: one for key, one in ranges.items() if key not in taken}
    elif taken & set(ranges):
        key = sorted(taken & set(ranges))[0]
        raise DesignError(f"{key} is sampled, and set elsewhere in the file: take it out of one of the two.")
    return ranges | ({SEED: Range(0.0, 1.0)} if design.kind == SOBOL else {})


def _sets(experiment: Experiment) -> tuple[dict[str, float], ...]:
    """The parameter sets of the case that fit its calibration targets. Raises DesignError where it has none."""
    found = ensemble(experiment.case)
    if not found:
        raise DesignError(
            f"the case {experiment.case!r} has no ensemble of parameter sets: take another kind of design."
        )
    return found


def _sampled(
    experiment: Experiment, parameters: Parameters, last_year: int, levers: list[dict[str, float]]
) -> tuple[Point, ...]:
    """The sample at every combination of the levers, one after the other."""
    design, ranges = experiment.design, sampled_keys(experiment, parameters)
    if design.kind == ENSEMBLE:
        sample = list(_sets(experiment)[: design.points])
    elif design.kind == LATIN:
        sample = latin_hypercube(ranges, design.points, Draws(design.seed).generator("latin hypercube"))
    elif design.kind == SOBOL:
        sample = sobol_points(ranges, design.points, design.seed)
    else:
        sample = morris_points(ranges, design.points, design.levels, design.seed)
    points = []
    dated = {key for key in ranges if key != SEED and isinstance(parameters.declared(key).value, Mapping)}
    for held in levers:
        for number, values in enumerate(sample):
            plain = {key: value for key, value in values.items() if key != SEED}
            paths = {key: value for key, value in plain.items() if key in dated}
            # A plain number lies within its range, which lies within the limits; a path is held to them at every date.
            changes = {**held, **plain, **changes_of(parameters, paths, last_year)}
            name = ", ".join(part for part in (_name(held) if held else "", f"sample {number}") if part)
            points.append(Point(name, {**held, **values}, changes))
    return tuple(points)
