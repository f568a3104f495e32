"""The search by simulated moments: distances and loss by hand, the optimum of a toy, folders that survive a kill."""

import json
import math
import sys

import pytest

from experiments.calibration.moments import CalibrationError, Moment, distances, loss, rounded
from experiments.calibration.search import FILE, OptunaMissingError, search
from experiments.sampling import Range

pytestmark = pytest.mark.one_version

KEYS = [f"toy.{letter}" for letter in "abcde"]
RANGES = {key: Range(-1.0, 1.0) for key in KEYS}
BEST = dict(zip(KEYS, (0.5, -0.5, 0.0, 0.3, -0.2), strict=True))
MOMENTS = [Moment(f"{key} seen", value, 0.1) for key, value in BEST.items()]


def shown(points):
    """A model that shows its parameters: the loss is a quadratic with its least value, 0, at BEST."""
    return [{f"{key} seen": value for key, value in point.items()} for point in points]


def small(folder, evaluate=shown, **changes):
    given = {"ranges": RANGES, "moments": MOMENTS, "seed": 1, "rounds": 5, "batch": 4} | changes
    return search(evaluate, given.pop("ranges"), given.pop("moments"), folder=folder, **given)


class KilledError(Exception):
    """What a test raises in the middle of a search."""


def test_distances_are_counted_in_tolerances_and_are_zero_where_all_fits():
    moments = [
        Moment("rent", 200.0, 20.0),
        Moment("share", 0.5, 0.1, low=0.4, high=0.6),
        Moment("jobs", 5.0, 1.0, low=4.0),
    ]
    assert distances({"rent": 170.0, "share": 0.45, "jobs": 99.0}, moments) == {"rent": -1.5, "share": 0.0, "jobs": 0.0}
    assert distances({"rent": 230.0, "share": 0.75, "jobs": 2.0}, moments) == pytest.approx(
        {"rent": 1.5, "share": 1.5, "jobs": -2.0}
    )


@pytest.mark.parametrize(("simulated", "squared"), [(203.0, 9.0), (150.0, 100.0), (math.nan, 100.0), (math.inf, 100.0)])
def test_the_loss_is_the_mean_square_with_a_cap_for_the_wild_and_for_what_did_not_happen(simulated, squared):
    moments = [Moment("rent", 200.0, 1.0), Moment("share", 0.5, 0.1)]
    assert loss({"rent": simulated, "share": 0.5}, moments) == squared / 2


@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        ((1.0, 0.0), "tolerance"),
        ((math.nan, 1.0), "finite"),
        ((1.0, 1.0, 2.0, 3.0), "bounds"),
        ((1.0, 1.0, None, 0.5), "0.5"),
    ],
)
def test_a_moment_that_contradicts_itself_is_refused(numbers, what):
    with pytest.raises(CalibrationError, match=what):
        Moment("rent", *numbers)


def test_numbers_are_rounded_as_they_are_written_and_stay_in_the_range():
    ranges = {"a": Range(0.0, 0.123456), "b": Range(0.0, 99999.0, whole=True), "c": Range(-1.0, 1.0)}
    assert rounded({"a": 0.1234559, "b": 12345.0, "c": -0.0123456}, ranges) == {
        "a": 0.1235 - 0.000044,
        "b": 12345.0,
        "c": -0.01235,
    }
    with pytest.raises(CalibrationError, match="outside its range"):
        rounded({"a": 0.2, "b": 1.0, "c": 0.0}, ranges)
    with pytest.raises(CalibrationError, match="differ in b, c"):
        rounded({"a": 0.1}, ranges)


def test_the_optimum_of_a_quadratic_is_found(tmp_path):
    found = small(tmp_path, rounds=25, batch=6)
    assert len(found.trials) == 150
    assert found.trials["loss"].min() < 0.5
    assert found.best == pytest.approx(BEST, abs=0.15)
    assert found.trials["loss"].head(12).min() > 2.0  # luck alone does not find it


def test_points_are_written_as_they_were_run_and_differ_within_a_round(tmp_path):
    seen = []

    def evaluate(points):
        seen.extend(points)
        return shown(points)

    found = small(tmp_path, evaluate)
    assert found.trials[KEYS].to_dict("records") == seen
    assert all(float(f"{value:.4g}") == value for point in seen for value in point.values())
    assert len({tuple(point.values()) for point in seen}) == 20


def test_the_first_points_are_the_given_ones(tmp_path):
    first = [dict.fromkeys(KEYS, number / 8) for number in range(6)]
    found = small(tmp_path, first=first)
    assert found.trials[KEYS].head(6).to_dict("records") == [rounded(point, RANGES) for point in first]
    assert found.trials["round"].tolist() == [number for number in range(5) for _ in range(4)]


def test_whole_parameters_stay_whole(tmp_path):
    ranges = RANGES | {"toy.a": Range(-3.0, 3.0, whole=True)}
    found = small(tmp_path, ranges=ranges, first=[dict.fromkeys(KEYS, 0.0)])
    assert set(found.trials["toy.a"]) <= {-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0}
    assert found.trials["toy.a"].nunique() > 2


def test_a_search_killed_and_resumed_has_the_bytes_of_one_in_a_single_go(tmp_path):
    def killed(points):
        if len((tmp_path / "killed" / FILE).read_bytes().splitlines()) == 4:
            raise KilledError
        return shown(points)

    whole = small(tmp_path / "whole", first=[BEST])
    with pytest.raises(KilledError):
        small(tmp_path / "killed", killed, first=[BEST])
    resumed = small(tmp_path / "killed", first=[BEST])
    assert (tmp_path / "killed" / FILE).read_bytes() == (tmp_path / "whole" / FILE).read_bytes()
    assert resumed.trials.equals(whole.trials)
    assert resumed.best == whole.best == BEST


def test_what_is_finished_is_not_run_again_and_more_rounds_go_on(tmp_path):
    five = small(tmp_path)
    assert small(tmp_path, evaluate=None).trials.equals(five.trials)
    assert small(tmp_path, evaluate=None, rounds=3).trials.equals(five.trials.head(12))
    seven = small(tmp_path, rounds=7)
    assert seven.trials.head(20).equals(five.trials)
    assert seven.trials.equals(small(tmp_path / "in a single go", rounds=7).trials)


@pytest.mark.parametrize("kept", [-1, -40, 30, 0])
def test_a_torn_last_line_is_dropped_and_run_again(tmp_path, kept):
    small(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:kept])
    small(tmp_path)
    assert (tmp_path / FILE).read_bytes() == whole


def test_a_damaged_line_in_the_middle_is_named(tmp_path):
    small(tmp_path)
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    (tmp_path / FILE).write_bytes(b"".join([*lines[:2], b"\0\0\n", *lines[3:]]))
    with pytest.raises(CalibrationError, match=r"line 3 of .* is damaged"):
        small(tmp_path)
    (tmp_path / FILE).write_bytes(b"".join([*lines[:2], *lines[3:]]))
    with pytest.raises(CalibrationError, match=r"line 3 of .* is damaged"):
        small(tmp_path)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"ranges": RANGES | {"toy.a": Range(-2.0, 1.0)}}, "ranges"),
        ({"ranges": dict(reversed(RANGES.items()))}, "ranges"),
        ({"moments": [*MOMENTS[1:], Moment("toy.a seen", 0.5, 0.2)]}, "moments"),
        ({"seed": 2}, "seed"),
        ({"batch": 5}, "batch"),
        ({"first": [BEST]}, "first"),
        ({"about": {"code": "b"}}, "about"),
    ],
)
def test_the_folder_of_another_search_is_refused_in_one_line(tmp_path, changes, what):
    small(tmp_path, rounds=1, about={"code": "a"})
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(CalibrationError, match=f"is of another search: other {what}. Give another folder") as refusal:
        small(tmp_path, **({"about": {"code": "a"}} | changes))
    assert "\n" not in str(refusal.value)
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("text", ["diary", "diary\n", "[]\n", '{"format": 1}\n'])
def test_a_file_of_something_else_is_left_alone(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(CalibrationError, match="does not begin as a search"):
        small(tmp_path)
    assert (tmp_path / FILE).read_text() == text


def test_what_did_not_happen_is_kept_as_such_in_strict_json(tmp_path):
    def evaluate(points):
        return [row | {"toy.a seen": number} for row, number in zip(shown(points), (math.nan, math.inf), strict=True)]

    first = small(tmp_path, evaluate, rounds=1, batch=2)
    assert first.trials["toy.a seen"].isna().all()
    assert first.trials["loss"].min() >= 20.0
    assert small(tmp_path, evaluate=None, rounds=1, batch=2).trials.equals(first.trials)
    for line in (tmp_path / FILE).read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("evaluate", "what"),
    [
        (lambda points: shown(points)[1:], "one row a point"),
        (lambda points: [{"other": 1.0}] * len(points), "not simulated"),
    ],
)
def test_other_moments_than_those_asked_for_are_refused(tmp_path, evaluate, what):
    with pytest.raises(CalibrationError, match=what):
        small(tmp_path, evaluate)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"moments": []}, "nothing to calibrate"),
        ({"rounds": 0}, "at least 1"),
        ({"moments": [Moment("loss", 0.0, 1.0)]}, "loss names"),
    ],
)
def test_a_search_for_nothing_is_refused(tmp_path, changes, what):
    with pytest.raises(CalibrationError, match=what):
        small(tmp_path, **changes)


def test_a_second_search_in_the_folder_is_refused(tmp_path):
    def evaluate(points):
        with pytest.raises(CalibrationError, match="another search is at work"):
            small(tmp_path)
        return shown(points)

    assert len(small(tmp_path, evaluate, rounds=1).trials) == 4


def test_without_optuna_the_remedy_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(OptunaMissingError, match=r'pip install "feidi\[calibration\]"'):
        small(tmp_path)


def test_optuna_says_nothing(tmp_path, capfd):
    small(tmp_path)
    assert capfd.readouterr() == ("", "")
