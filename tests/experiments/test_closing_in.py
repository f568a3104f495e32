"""Points round a fitted one that emulators expect to fit: inside the bound, spread, whole, and the same every time."""

import numpy as np
import pandas as pd
import pytest

from experiments.calibration.closing import expected_loss, near
from experiments.calibration.emulator import scaled
from experiments.calibration.matching import emulators_of
from experiments.calibration.moments import Moment
from experiments.sampling import Range, latin_hypercube
from model.draws import Draws

pytestmark = pytest.mark.one_version

RANGES = {"toy.left": Range(0.0, 2.0), "toy.right": Range(-1.0, 1.0), "toy.idle": Range(0.0, 1.0)}
MOMENTS = [Moment("sum", 1.0, 0.1), Moment("left", 0.5, 0.2)]
START = {"toy.left": 0.5, "toy.right": 0.5, "toy.idle": 0.5}


@pytest.fixture(scope="module")
def design():
    rows = pd.DataFrame(latin_hypercube(RANGES, 60, Draws(1).generator("design")))
    luck = Draws(1).generator("luck").normal(0.0, 0.02, (2, len(rows)))
    return rows.assign(sum=rows["toy.left"] + rows["toy.right"] + luck[0], left=rows["toy.left"] + luck[1])


def found(design, seed=1):
    options = {"count": 30, "bound": 1.0, "forgiven": 0}
    return near(START, design, MOMENTS, RANGES, Draws(seed).generator("walks"), **options)


def test_points_are_expected_to_fit_and_do(design):
    points = pd.DataFrame(found(design))
    made, judged = emulators_of(design, scaled(design, RANGES), MOMENTS, Draws(1).generator("x"))
    assert expected_loss(scaled(points, RANGES), made, judged, 0).max() < 1.1
    off = ((points["toy.left"] + points["toy.right"] - 1.0) / 0.1) ** 2 + ((points["toy.left"] - 0.5) / 0.2) ** 2
    assert (off / 2.0).max() < 1.6


def test_walks_spread_over_what_fits_and_over_what_does_not_matter(design):
    points = pd.DataFrame(found(design))
    assert points["toy.idle"].std() > 0.2
    assert points["toy.left"].std() > 0.1
    assert np.corrcoef(points["toy.left"], points["toy.right"])[0, 1] < -0.7
    assert len(points.drop_duplicates()) == 30


def test_the_same_generator_gives_the_same_points(design):
    assert found(design) == found(design)
    assert found(design) != found(design, seed=2)


def test_the_worst_moments_may_be_forgiven(design):
    made, judged = emulators_of(design, scaled(design, RANGES), MOMENTS, Draws(1).generator("x"))
    here = scaled(pd.DataFrame([{"toy.left": 0.5, "toy.right": 0.9, "toy.idle": 0.5}]), RANGES)
    assert expected_loss(here, made, judged, 0)[0] > 5.0
    assert expected_loss(here, made, judged, 1)[0] < 0.5
