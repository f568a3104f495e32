"""Emulators, history matching and identification on toys whose answers are known."""

import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from experiments.calibration.emulator import SklearnMissingError, emulated, least_rows, scaled
from experiments.calibration.identification import identified, shrinkage
from experiments.calibration.matching import wave
from experiments.calibration.moments import CalibrationError, Moment
from experiments.sampling import Range, latin_hypercube
from model.draws import Draws

pytestmark = pytest.mark.one_version

RANGES = {
    "toy.level": Range(0.0, 1.0),
    "toy.left": Range(0.0, 10.0),
    "toy.right": Range(0.0, 10.0),
    "toy.idle": Range(-1.0, 1.0),
    "toy.count": Range(1.0, 9.0, whole=True),
}
TRUE = {"toy.level": 0.5, "toy.left": 6.0, "toy.right": 4.0, "toy.idle": 0.0, "toy.count": 6.0}
MOMENTS = [Moment("growth", np.exp(0.5), 0.03), Moment("sum", 10.0, 0.3), Moment("jobs", 3.0, 0.3)]
LUCK = 0.02


def draws(what):
    return Draws(5).generator(what)


def simulated(points, what="luck"):
    """A curve of the level, the sum of left and right, half the count; each with luck."""
    design = pd.DataFrame(points)
    luck = LUCK * draws(what).standard_normal((len(design), 3))
    design["growth"] = np.exp(design["toy.level"]) + luck[:, 0]
    design["sum"] = design["toy.left"] + design["toy.right"] + luck[:, 1]
    design["jobs"] = design["toy.count"] / 2.0 + luck[:, 2]
    return design


@pytest.fixture(scope="module")
def design():
    return simulated(latin_hypercube(RANGES, 100, draws("design")))


@pytest.fixture(scope="module")
def first(design):
    return wave(design, MOMENTS, RANGES, draws("first"), new=60)


@pytest.fixture(scope="module")
def told(first, design):
    return identified(first.kept, design, MOMENTS, RANGES, independent=first.survivors)


def implausibility(found, point):
    return float(found.judge.implausibility(scaled(pd.DataFrame([point]), RANGES))[0])


def true_share():
    """The share of the space in which no moment is more than three standard deviations off, by brute force."""
    level, left, right = draws("brute").random((3, 400_000))
    deviations = [(one.tolerance**2 + LUCK**2) ** 0.5 for one in MOMENTS]
    growth = np.abs(np.exp(level) - np.exp(0.5)) < 3.0 * deviations[0]
    both = np.abs(10.0 * (left + right) - 10.0) < 3.0 * deviations[1]
    return float(np.mean(growth & both)) / 9.0 * 3.0  # 5, 6 and 7 of the nine counts fit


@pytest.mark.parametrize("luck", [0.0, 0.1])
def test_an_emulator_knows_what_it_knows(luck):
    inputs, unseen = draws("inputs").uniform(-1.0, 1.0, (120, 6)), draws("unseen").uniform(-1.0, 1.0, (500, 6))

    def curve(at):
        return np.sin(3.0 * at[:, 0]) + 0.5 * at[:, 1]

    values = curve(inputs) + luck * draws("noise").standard_normal(120)
    emulator = emulated("curve", inputs, values, draws("folds"))
    mean, variance = emulator.predict(unseen)
    runs = curve(unseen) + luck * draws("more noise").standard_normal(500)
    inside = np.abs(runs - mean) < 2.0 * np.sqrt(variance + emulator.luck)
    assert emulator.r2 > 0.93
    assert emulator.within > 0.9
    assert 0.88 < inside.mean() <= 1.0
    assert np.mean((curve(unseen) - mean) ** 2) < 0.05 * curve(unseen).var()
    assert emulator.describe()["process"]  # no polynomial of the second degree follows the sine


def test_the_process_has_the_mean_and_the_variance_of_the_textbook():
    inputs = draws("inputs").uniform(-1.0, 1.0, (30, 1))
    fit = emulated("wave", inputs, np.sin(5.0 * inputs[:, 0]), draws("folds")).fit
    at = np.array([[0.1], [0.7]])
    terms = np.hstack([at, at**2])[:, : len(fit.slopes)]
    assert fit.recipe.terms in ("linear", "squares", "products", "products of active")
    own = np.hstack([inputs, inputs**2])[:, : len(fit.slopes)]
    left = np.sin(5.0 * inputs[:, 0]) - fit.level - (own - fit.centre) / fit.spread @ fit.slopes
    smooth, noise = fit.recipe.kernel.k1, fit.recipe.kernel.k2.noise_level
    across = smooth(at, inputs)
    inverse = np.linalg.inv(smooth(inputs) + (noise + 1e-10) * np.eye(30))
    standard = (terms - fit.centre) / fit.spread
    mean, variance = fit.predict(at)
    assert mean == pytest.approx(fit.level + standard @ fit.slopes + across @ inverse @ left, rel=1e-6)
    doubt = smooth(at).diagonal() - np.einsum("ij,jk,ik->i", across, inverse, across)
    slopes = fit.luck * (1 / 30 + np.einsum("ij,jk,ik->i", standard, fit.unsure, standard))
    assert variance == pytest.approx(slopes + fit.rest**2 * doubt, rel=1e-4, abs=1e-9)


def test_a_moment_that_never_differs_and_one_of_luck_alone_are_emulated_as_such():
    inputs = draws("inputs").uniform(-1.0, 1.0, (60, 4))
    constant = emulated("constant", inputs, np.full(60, 3.0), draws("folds"))
    assert [one.tolist() for one in constant.predict(inputs[:2])] == [[3.0, 3.0], [0.0, 0.0]]
    assert (constant.luck, constant.r2) == (0.0, 1.0)
    luck = emulated("luck", inputs, draws("noise").standard_normal(60), draws("folds"))
    assert luck.r2 < 0.2
    assert luck.luck == pytest.approx(1.0, rel=0.5)


def test_too_few_runs_are_refused():
    inputs = np.zeros((least_rows(3) - 1, 3))
    with pytest.raises(CalibrationError, match="19 runs for 3 parameters: give at least 20"):
        emulated("rent", inputs, inputs[:, 0], draws("folds"))


def test_matching_keeps_the_true_point_and_rules_out_most_of_the_space(first):
    assert implausibility(first, TRUE) < 1.0
    assert implausibility(first, TRUE | {"toy.level": 0.9}) > 3.0
    assert implausibility(first, TRUE | {"toy.left": 9.0}) > 3.0
    assert first.share == pytest.approx(true_share(), rel=0.25)
    assert first.share < 0.02
    assert (first.diagnostics["r2"] > 0.95).all()
    assert first.diagnostics["luck"].tolist() == pytest.approx([LUCK] * 3, rel=0.5)
    # Half the tolerance and a little luck, of a range of eight, for the jobs: three of nine counts.
    assert first.diagnostics.set_index("moment").loc["jobs", "alone"] == pytest.approx(1 / 3, abs=0.02)


def test_what_is_kept_is_not_ruled_out_and_new_points_lie_apart(first):
    assert len(first.kept) == 1000
    assert first.judge.implausibility(scaled(first.kept, RANGES)).max() < 3.0
    assert set(first.kept["toy.count"]) == {5.0, 6.0, 7.0}
    assert len(first.points) == 60
    apart = scaled(pd.DataFrame(first.points), RANGES)
    others = scaled(first.kept.head(60), RANGES)

    def nearest(places):
        distances = np.sum((places[:, None] - places[None]) ** 2, axis=2)
        return np.sort(distances, axis=1)[:, 1].min()

    assert nearest(apart) > 5.0 * nearest(others)


def test_a_second_wave_never_brings_back_what_the_first_ruled_out(first):
    second = wave(simulated(first.points, "again"), MOMENTS, RANGES, draws("second"), new=10, before=[first])
    inputs = scaled(second.kept, RANGES)
    assert max(first.judge.implausibility(inputs).max(), second.judge.implausibility(inputs).max()) < 3.0
    assert second.share <= 1.3 * first.share
    assert implausibility(second, TRUE) < 3.0


def test_the_same_luck_gives_the_same_wave(design):
    one, other = (wave(design, MOMENTS, RANGES, draws("same"), candidates=500, new=5) for _ in range(2))
    assert one.kept.equals(other.kept)
    assert one.points == other.points


def test_the_second_largest_implausibility_forgives_one_moment(design):
    wrong = [*MOMENTS[:2], Moment("jobs", 99.0, 0.3)]
    strict = wave(design, wrong, RANGES, draws("strict"), candidates=500, new=5)
    mild = wave(design, wrong, RANGES, draws("mild"), candidates=500, new=5, rank=2)
    assert (strict.share, strict.survivors, len(strict.kept), strict.points) == (0.0, 0, 0, [])
    assert strict.least > 1.0
    assert mild.share > 0.01
    with pytest.raises(CalibrationError, match="3 of the moments"):
        wave(design, wrong, RANGES, draws("none"), rank=4)


def test_anything_between_the_bounds_fits(design):
    wide = [Moment("sum", 10.0, 0.3, low=5.0, high=15.0)]
    assert wave(design, wide, RANGES, draws("wide"), new=5).share == pytest.approx(0.8, abs=0.03)


def test_runs_without_the_event_say_nothing_of_it_and_are_counted(design):
    rare = design.assign(sum=design["sum"].where(design["toy.level"] > 0.5), jobs=np.nan)
    found = wave(rare, MOMENTS, RANGES, draws("rare"), candidates=500, new=5).diagnostics.set_index("moment")
    assert found["happened"].tolist() == [1.0, 0.5, 0.0]
    assert found.loc["sum", "rows"] == 50
    assert found.loc["sum", "r2"] > 0.95
    assert found.loc["jobs"].drop("happened").isna().all()


def test_a_parameter_without_influence_is_not_identified(told):
    table = told.parameters.set_index("parameter")
    assert table["verdict"].to_dict() == {
        "toy.level": "identified",
        "toy.left": "trade-off",
        "toy.right": "trade-off",
        "toy.idle": "not identified",
        "toy.count": "identified",
    }
    assert table.loc["toy.idle", "ratio"] == pytest.approx(1.0, abs=0.2)
    assert table.loc["toy.level", "ratio"] < 0.2


def test_two_that_act_by_their_sum_are_a_trade_off(told):
    strongest = told.tradeoffs.iloc[0]
    assert {strongest["one"], strongest["other"]} == {"toy.left", "toy.right"}
    assert strongest["correlation"] < -0.9
    assert told.parameters.set_index("parameter").loc["toy.left", "partner"] == "toy.right"
    assert len(told.tradeoffs) == 1


def test_the_drivers_of_a_moment_are_told_with_their_errors(told):
    of_sum = told.drivers[told.drivers["moment"] == "sum"].set_index("parameter")
    assert set(of_sum.index[:2]) == {"toy.left", "toy.right"}
    assert of_sum.loc["toy.left", "coefficient"] == pytest.approx(0.5**0.5, abs=0.1)
    idle = of_sum.loc["toy.idle"]
    assert abs(idle["coefficient"]) < 4.0 * idle["standard_error"] < 0.02


def test_slopes_and_errors_are_those_of_least_squares(design):
    import statsmodels.api as sm

    noisy = design.assign(growth=design["growth"] + draws("noise").standard_normal(len(design)))
    told = identified(design, noisy, MOMENTS[:1], RANGES).drivers.set_index("parameter").loc[list(RANGES)]
    standard = (noisy[list(RANGES)] - noisy[list(RANGES)].mean()) / noisy[list(RANGES)].std(ddof=0)
    growth = (noisy["growth"] - noisy["growth"].mean()) / noisy["growth"].std(ddof=0)
    fit = sm.OLS(growth, sm.add_constant(standard)).fit()
    assert told["coefficient"].to_numpy() == pytest.approx(fit.params[1:].to_numpy())
    assert told["standard_error"].to_numpy() == pytest.approx(fit.bse[1:].to_numpy())


@pytest.mark.parametrize(
    ("values", "one", "ratio"),
    [
        (np.linspace(2.0, 3.0, 101), Range(0.0, 10.0), 0.1),
        (np.repeat(np.arange(1.0, 10.0), 7), Range(1.0, 9.0, whole=True), 1.0),
        (np.repeat([4.0, 5.0, 6.0], 20), Range(1.0, 9.0, whole=True), 1 / 3),
        (np.full(50, 4.0), Range(1.0, 9.0, whole=True), 1 / 9),
    ],
)
def test_the_shrinkage_by_hand(values, one, ratio):
    assert shrinkage(values, one) == pytest.approx(ratio)


def test_nothing_is_said_from_few_points(design):
    with pytest.raises(CalibrationError, match="3 points are left"):
        identified(design.head(3), design, MOMENTS, RANGES)


def test_a_design_without_a_column_is_refused(design):
    with pytest.raises(CalibrationError, match="no column 'jobs'"):
        wave(design.drop(columns="jobs"), MOMENTS, RANGES, draws("none"))


def test_without_scikit_learn_the_remedy_is_told(design, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(SklearnMissingError, match=r'pip install "feidi\[calibration\]"'):
        wave(design, MOMENTS, RANGES, draws("none"))


def test_no_warning_reaches_users(design):
    flat = design.assign(growth=1.0, sum=draws("noise").standard_normal(len(design)))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wave(flat, MOMENTS, RANGES, draws("flat"), candidates=200, new=5)
    assert caught == []
