"""Closing in: points round a fitted one that emulators expect to fit acceptably.

What no target rules out is most of a large space, and few points of it fit. From the fitted point many walks go through
the part in which the expected distance is small; each stays in it, so that their ends are spread over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.calibration.emulator import Emulator, one_thread, scaled
from experiments.calibration.matching import emulators_of, points_of
from experiments.calibration.moments import CAP, Moment, rounded
from experiments.sampling import Floats, Point, Range

STEPS = 300  # of each walk
MOVED = 0.1  # part of the coordinates that a step moves
STRIDE = 0.25  # standard deviation of a short step, of inputs from -1 to 1; every second step is drawn anew in full


def near(
    start: Point,
    design: pd.DataFrame,
    moments: Sequence[Moment],
    ranges: Mapping[str, Range],
    generator: np.random.Generator,
    *,
    count: int,
    bound: float,
    forgiven: int,
) -> list[Point]:
    """So many points that emulators of a design expect to have a mean squared distance of at most ``bound``.

    bound: in squared tolerances, at least that expected of the start; forgiven: so many of the worst moments are left
    out of the mean, since an emulator may be bad. design: as in ``matching.wave``. Raises as that does.
    """
    with one_thread():
        made, judged = emulators_of(design, scaled(design, ranges), moments, generator)
        here = np.repeat(scaled(pd.DataFrame([start]), ranges), count, axis=0)
        most = max(bound, float(expected_loss(here[:1], made, judged, forgiven)[0]))
        for step in range(STEPS):
            there = _moved(here, generator, whole=step % 2 == 0)
            stays = expected_loss(there, made, judged, forgiven) <= most
            here = np.where(stays[:, None], there, here)
    return [rounded(point, ranges) for point in points_of(here, ranges)]


def expected_loss(inputs: Floats, emulators: Sequence[Emulator], moments: Sequence[Moment], forgiven: int) -> Floats:
    """Mean squared distance that emulators expect, the worst moments left out; squared tolerances, shape (points,)."""
    columns = []
    for emulator, one in zip(emulators, moments, strict=True):
        mean, _ = emulator.predict(inputs)
        columns.append(np.minimum(np.abs(mean - np.clip(mean, *one.fitting)) / one.tolerance, CAP) ** 2)
    kept = np.sort(np.column_stack(columns), axis=1)[:, : max(len(columns) - forgiven, 1)]
    return np.asarray(kept.mean(axis=1))


def _moved(here: Floats, generator: np.random.Generator, *, whole: bool) -> Floats:
    """Inputs after a step: some coordinates drawn anew, or moved a little and reflected at the ends."""
    moved = generator.random(here.shape) < MOVED
    if whole:
        return np.where(moved, generator.uniform(-1.0, 1.0, here.shape), here)
    there = here + STRIDE * generator.standard_normal(here.shape) * moved
    return np.asarray(1.0 - np.abs((there + 1.0) % 4.0 - 2.0))
