"""What charts over the years have in common: their two axes, the cursor's year, and how their numbers are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.app.charts.axes import Axis, label_room, ticks, value_grid, year_grid
from experiments.app.charts.curve import Drawn, Form, summary
from experiments.app.charts.svg import EDGE, WIDTH

if TYPE_CHECKING:
    from agents.table import Array

HEIGHT = 150.0  # of the plot


@dataclass(frozen=True)
class Plot:
    """Where years and values stand, and how values are told.

    years: rising, those of the values; year: of the cursor; last: where the axis of years ends; across, up: the axes;
    places: of ticks, in the unit; form: how values are told.
    """

    years: tuple[int, ...]
    year: int
    last: int
    across: Axis
    up: Axis
    places: Sequence[float]
    form: Form

    @property
    def x(self) -> Array:
        """Where each year stands, shape (years,)."""
        return self.across.at(np.array(self.years, dtype=float))

    @property
    def cursor(self) -> float | None:
        """Where the cursor stands; None where its year is off the axis."""
        return self.across.at(float(self.year)) if self.years[0] <= self.year <= self.last else None

    def here(self, one: Drawn) -> float:
        """The value of a curve at the cursor, NaN where there is none."""
        return float(one.values[self.years.index(self.year)]) if self.year in self.years else float("nan")

    def grid(self) -> str:
        """The lines and labels of both axes."""
        across, up = self.across, self.up
        values = value_grid(up, self.places, across.start, across.stop)
        return values + year_grid(across, self.years[0], self.last, self.year, up.start)

    def summary(self, title: str, found: Sequence[Drawn]) -> str:
        """What is read out: the title, and the values at the cursor."""
        return summary(title, str(self.year), [(one.name, self.form.words(self.here(one))) for one in found])


def plot_of(
    span: tuple[float, float],
    form: Form,
    *,
    years: Sequence[int],
    year: int,
    last_year: int,
    top: float,
    before: float = 0.0,
    margin: float = 0.0,
) -> Plot:
    """The plot of values within a span.

    top: where it begins; before: years that are free at both ends of the axis; margin: what is free on the right.
    """
    last, places = max(last_year, years[-1]), ticks(*span)
    far = last + before if last + before > years[0] else years[0] + 1.0  # an axis has two ends
    across = Axis(years[0] - before, far, label_room(places), WIDTH - EDGE - margin)
    up = Axis(places[0], places[-1], top + HEIGHT, top)
    return Plot(tuple(years), year, last, across, up, places, form)
