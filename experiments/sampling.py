"""Designs: the points of the space of parameters that a study visits, each a dict of key -> number.

``grid`` takes the values from the user; ``latin_hypercube`` (McKay, Beckman and Conover 1979),
``sobol_points`` (Saltelli 2002; Saltelli et al. 2010) and ``morris_points`` (Morris 1991) take them from ranges, which
``ranges_of`` reads from the declarations. ``changes_of`` turns a point into changes of parameters::

    ranges = ranges_of(case.parameters)
    points = latin_hypercube(ranges, 30, Draws(1).generator("latin hypercube"))
    changed = case.parameters.but(changes_of(case.parameters, points[0], case.last_year))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.draws import MOST_SEEDS, key_of
from model.parameters import Parameter, ParameterError, Parameters, Value
from model.parameters.declaration import number

Floats = NDArray[np.float64]
Point = dict[str, float]
ROUNDING = 1e-9  # far above the rounding of a float near 1, far below any step of a design


class SamplingError(ValueError):
    """A design that cannot be made: a range, a value or a number of points that does not fit."""


class SalibMissingError(SamplingError):
    """SALib, which makes and analyses designs for sensitivity, is not installed."""


@dataclass(frozen=True)
class Range:
    """The interval from which a number is sampled, ends included; whole: whole numbers alone, each as likely.

    Raises SamplingError unless low lies below high and both are finite, and whole where whole numbers are asked for.
    """

    low: float
    high: float
    whole: bool = False

    def __post_init__(self) -> None:
        """Refuse an interval in which there is nothing to sample."""
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise SamplingError(f"range is {self.low:g} to {self.high:g}: give two finite numbers, the low one first.")
        if self.whole and (self.low % 1.0 or self.high % 1.0):
            raise SamplingError(f"range is {self.low!r} to {self.high!r}, of whole numbers: give whole ends.")


def salib(module: str) -> Any:
    """A module of SALib, such as ``sample.sobol``. Raises SalibMissingError, with the remedy, where there is none."""
    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        what = f"no module {error.name!r}"
        raise SalibMissingError(f'{what}: for sensitivity studies, pip install "feidi[sensitivity]".') from None


def salib_seed(*names: object) -> int:
    """A seed for SALib that depends on the names alone; never 0, which SALib takes as no seed at all."""
    return key_of("SALib", *names) % (MOST_SEEDS - 1) + 1


def ranges_of(
    parameters: Parameters, keys: Iterable[str] | Mapping[str, Sequence[float]] | None = None
) -> dict[str, Range]:
    """The ranges to sample, by key.

    keys: None for the declared ranges of all uncertainties, but for ranges of a single value, in which there is nothing
    to sample; names of uncertainties and levers for their declared ranges; or key -> (low, high) for other ranges.
    Raises ParameterError for an unknown key and ends out of the limits, SamplingError for a key that is named twice, is
    a constant, has no range or one of a single value.
    """
    if keys is None:
        declared = [parameters.declared(key) for key in parameters]
        sampled = [one for one in declared if one.role == "uncertainty" and one.range and one.range[0] < one.range[1]]
    else:
        sampled = _named(parameters, list(keys), keys if isinstance(keys, Mapping) else {})
    if not sampled:
        raise SamplingError("no parameter to sample. Name at least one key that has a range.")
    return {one.key: Range(*one.range, whole=one.whole) for one in sampled if one.range}


def _named(parameters: Parameters, keys: Sequence[str], ends: Mapping[str, Sequence[float]]) -> list[Parameter]:
    """The declarations of keys named by the user, with the ranges given besides. Raises as ``ranges_of`` does."""
    sampled: dict[str, Parameter] = {}
    for key in keys:
        declared = parameters.declared(key)
        if key in sampled:
            raise SamplingError(f"{key} is named twice. Name each key once.")
        if declared.role == "constant":
            raise SamplingError(f"{key} is a constant, which studies do not sample. Name levers or uncertainties.")
        if key in ends:
            declared = _with_range(declared, tuple(ends[key]))
        if declared.range is None:
            raise SamplingError(f"{key} has no range to sample. Give one: [low, high].")
        if declared.range[0] == declared.range[1]:
            raise SamplingError(f"{key} has the range {declared.range[0]:g} alone: nothing to sample. Leave it out.")
        sampled[key] = declared
    return list(sampled.values())


def _with_range(parameter: Parameter, ends: tuple[float, ...]) -> Parameter:
    """The declaration with another range, held to its limits and to whole numbers. Raises ParameterError."""
    try:
        return replace(parameter, range=ends)  # type: ignore[arg-type]  # what is no pair is refused there
    except ParameterError as error:
        raise ParameterError(f"{parameter.key}: {error}") from None


def grid(values: Mapping[str, Sequence[float]]) -> list[Point]:
    """The full factorial of the values of each key, in the order of the keys, the last one fastest.

    Raises SamplingError for no key, no value or a value given twice, ParameterError for what is no number.
    """
    if not values:
        raise SamplingError("the grid has no key. Give values for at least one.")
    axes = {key: [number(value, f"{key} in the grid") for value in several] for key, several in values.items()}
    for key, axis in axes.items():
        if not axis or len(set(axis)) < len(axis):
            raise SamplingError(f"{key} has the values {axis} in the grid. Give at least one, and each once.")
    return [dict(zip(axes, point, strict=True)) for point in product(*axes.values())]


def latin_hypercube(ranges: Mapping[str, Range], points: int, generator: np.random.Generator) -> list[Point]:
    """That many points: each range is cut into as many equal slices, and each slice is visited once.

    Raises SamplingError for no range and for fewer than one point.
    """
    from scipy.stats.qmc import LatinHypercube

    _check_counts(ranges, points=(points, 1))
    # scipy wants to spawn generators, which a keyed one can't: it gets a seed drawn from the one handed in.
    seed = int(generator.integers(MOST_SEEDS))
    return _scaled(LatinHypercube(len(ranges), rng=seed).random(points), ranges)


def sobol_points(ranges: Mapping[str, Range], base: int, seed: int, *, second_order: bool = False) -> list[Point]:
    """The scheme of Saltelli for indices of Sobol' on a scrambled sequence, in the order that SALib analyses.

    base: rows of the two base samples, a power of two. Returns base * (keys + 2) points, with second order
    base * (2 * keys + 2). The seed that picks a run's luck is a factor like others: give it the range 0 to 1 and see
    ``sensitivity.seed_of``. Raises SamplingError for no range and for another base, SalibMissingError.
    """
    _check_counts(ranges, base=(base, 2))
    if base & (base - 1):
        near = 2 ** round(math.log2(base))
        raise SamplingError(f"base is {base}: the sequence is balanced for powers of two alone; give {near}.")
    unit = salib("sample.sobol").sample(
        _problem(ranges), base, calc_second_order=second_order, seed=salib_seed("sobol", seed)
    )
    return _scaled(unit, ranges)


def morris_points(ranges: Mapping[str, Range], trajectories: int, levels: int, seed: int) -> list[Point]:
    """Trajectories of Morris through a grid of levels, one key changed at each step.

    levels: values of each key, an even number. Returns trajectories * (keys + 1) points, one trajectory after the
    other. Raises SamplingError for no range, fewer than two trajectories and odd levels, SalibMissingError.
    """
    _check_counts(ranges, trajectories=(trajectories, 2), levels=(levels, 2))
    if levels % 2:
        raise SamplingError(f"levels is {levels}: steps over half the levels need an even number; give {levels + 1}.")
    unit = salib("sample.morris").sample(
        _problem(ranges), trajectories, num_levels=levels, seed=salib_seed("morris", seed)
    )
    # SALib adds steps up: back to the levels, so that ends are ends and a key that stays has the same bits.
    return _scaled(np.round(unit * (levels - 1)) / (levels - 1), ranges)


def _check_counts(ranges: Mapping[str, Range], **counts: tuple[int, int]) -> None:
    """Refuse a design of nothing, and numbers below their least. Raises SamplingError."""
    if not ranges:
        raise SamplingError("no range to sample. Give at least one.")
    for what, (count, least) in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < least:
            raise SamplingError(f"{what} is {count!r}: give a whole number of at least {least}.")


def _problem(ranges: Mapping[str, Range]) -> dict[str, Any]:
    """What SALib asks for: names, and the unit interval for each, which ``_scaled`` stretches."""
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": [[0.0, 1.0]] * len(ranges)}


def _scaled(unit: Floats, ranges: Mapping[str, Range]) -> list[Point]:
    """Points of the unit cube, shape (points, keys), as points of the ranges."""
    columns = [_stretched(unit[:, column], one).tolist() for column, one in enumerate(ranges.values())]
    return [dict(zip(ranges, row, strict=True)) for row in zip(*columns, strict=True)]


def _stretched(unit: Floats, one: Range) -> Floats:
    """Numbers of the unit interval as numbers of a range."""
    if one.whole:
        return whole_numbers(unit, one.low, one.high)
    return np.minimum(one.low + unit * (one.high - one.low), one.high)  # the sum may round to above the end


def whole_numbers(unit: Floats, low: float, high: float) -> Floats:
    """Numbers of the unit interval as whole numbers from low to high, each of an equal part of it; 1 gives high."""
    count = high - low + 1.0
    return low + np.minimum(np.floor(unit * count + ROUNDING), count - 1.0)


def anchor_year(parameter: Parameter, last_year: int) -> int:
    """The date of a dated parameter to which its range refers: the latest up to last_year with a value in the range.

    last_year: the last year of the case's figures. Raises SamplingError where there is no range or no such date.
    """
    if parameter.range is None or not isinstance(parameter.value, Mapping):
        raise SamplingError(
            f"{parameter.key} has no dates with a range. Give its values by year in place of one number."
        )
    low, high = parameter.range
    fitting = [year for year, amount in parameter.value.items() if year <= last_year and low <= amount <= high]
    if not fitting:
        raise SamplingError(
            f"{parameter.key} has the range {low:g} to {high:g}, in which none of its values up to {last_year} lies: "
            "it is not known which year is meant. Declare a range round one of them."
        )
    return max(fitting)


def as_change(parameter: Parameter, value: float, last_year: int) -> float | dict[int, float]:
    """A sampled number as a change for ``Parameters.but``: itself, or for a dated parameter a number by year.

    The number stands for the value of ``anchor_year``; all other dates change in proportion, so that the path keeps
    its shape. Raises SamplingError where this can't be done, ParameterError for a value outside the limits at any date.
    """
    change = _scaled_path(parameter, value, last_year) if isinstance(parameter.value, Mapping) else value
    try:
        parameter.but(change)
    except ParameterError as error:
        raise ParameterError(f"{parameter.key}: {error}") from None
    return change


def _scaled_path(parameter: Parameter, value: float, last_year: int) -> dict[int, float]:
    """All dates of a parameter times the factor that brings its anchor to the value."""
    anchor, path = anchor_year(parameter, last_year), dict(parameter.value)  # type: ignore[arg-type]
    if path[anchor] == 0.0 != value:
        raise SamplingError(f"{parameter.key} is 0 in {anchor}, which no factor brings to {value:g}. Give it by year.")
    factor = value / path[anchor] if path[anchor] else 1.0
    return {year: value if year == anchor else amount * factor for year, amount in path.items()}


def changes_of(parameters: Parameters, point: Mapping[str, float], last_year: int) -> dict[str, Value]:
    """A point as changes for ``Parameters.but``; last_year as for ``anchor_year``. Raises as ``as_change`` does."""
    return {key: as_change(parameters.declared(key), value, last_year) for key, value in point.items()}
