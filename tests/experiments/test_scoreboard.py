"""The scoreboard says what is met and missed, by how much, and keeps the uses of targets apart."""

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.validation import rules
from experiments.validation.levels import levels
from experiments.validation.report import score_text, sections
from experiments.validation.scoreboard import score, scoreboard
from experiments.validation.simulate import means, simulate
from experiments.validation.targets import load_targets, read_targets

GIVEN = {
    "title": "Mean income",
    "title_zh": "均值",
    "indicator": "recurrent_income_mean",
    "year": 2021,
    "unit": "yuan/year",
    "kind": "equal",
    "value": 100.0,
    "tolerance": 10.0,
    "use": "validation",
    "source": "case",
}
WORLDS = {"pooling": {"arm": "pooling", "meaning": "all versions"}}


def targets(**tables):
    given = {name: GIVEN | table for name, table in tables.items()}
    return read_targets("pinghu", {"world": WORLDS, "target": given})


def values(**by_target):
    rows = [(0, seed, name, value) for name, found in by_target.items() for seed, value in enumerate(found, start=1)]
    return pd.DataFrame(rows, columns=["set", "seed", "target", "value"])


USES = ("validation", "calibration", "identity", "initial", "contested", "context")


@pytest.mark.parametrize(
    ("use", "at_it", "far_off"),
    [
        ("validation", "met", "missed"),
        ("calibration", "calibrated", "calibrated, off"),
        ("identity", "identity", "identity, off"),
        ("initial", "initial", "initial, off"),
        ("contested", "contested", "contested"),
        ("context", "context", "context"),
    ],
)
def test_the_verdict_goes_by_use_and_distance(use, at_it, far_off):
    found = targets(near={"use": use}, far={"use": use})
    board = scoreboard(found.targets, values(near=[100.0, 108.0], far=[150.0, 170.0]))
    assert board["verdict"].tolist() == [at_it, far_off]
    assert board["distance"].tolist() == [pytest.approx(0.4), pytest.approx(6.0)]


def test_the_interval_is_students():
    board = scoreboard(targets(one={}).targets, values(one=[90.0, 100.0, 110.0]))
    reach = 4.302652729911275 * 10.0 / np.sqrt(3.0)
    assert board.loc[0, ["mean", "low", "high"]].tolist() == pytest.approx([100.0, 100.0 - reach, 100.0 + reach])


def test_seeds_in_which_it_did_not_come_about_are_left_out():
    board = scoreboard(targets(one={}, none={}).targets, values(one=[np.nan, 100.0, 104.0], none=[np.nan] * 3))
    assert board["seeds"].tolist() == [2, 0]
    assert board.loc[0, "mean"] == 102.0
    assert board.loc[1, "verdict"] == "missed"


def test_only_validation_is_counted():
    found = targets(**{use: {"use": use} for use in USES}, missed={})
    board = scoreboard(found.targets, values(**{use: [100.0, 100.0] for use in USES}, missed=[0.0, 0.0]))
    assert (score(board).met, score(board).of) == (1, 2)
    assert "1 of 2 validation targets are met (50%)" in score_text(score(board))


def test_the_band_is_over_parameter_sets_and_says_in_how_many_it_fits():
    sets = pd.DataFrame({"one": [100.0, 105.0, 130.0, 95.0]})
    board = scoreboard(targets(one={}).targets, values(one=[100.0, 100.0]), sets)
    assert board.loc[0, "sets"] == 4
    assert board.loc[0, "robust"] == 0.75
    assert board.loc[0, "band_low"] < 96.0
    assert board.loc[0, "band_high"] > 125.0


def test_levels_add_up():
    parts = {"recurrent_income_mean": 100.0, "other_income_mean": 70.0, "pool_income_mean": 20.0}
    found = levels(
        values(**{f"{name} 2021": [value] for name, value in {**parts, "project_income_mean": 24.0}.items()})
    )
    assert found.loc[0, "other income: exogenous"] == 70.0
    assert found.loc[0, "buildings at home since the first year"] == 4.0
    assert found.drop(columns=["year", "recurrent income"]).sum(axis=1).tolist() == [100.0]


def test_targets_are_simulated_by_set_seed_and_world():
    tables = {
        "world": WORLDS | {"solo": {"arm": "solo", "meaning": "alone", "most_seeds": 1}},
        "target": {"mean": GIVEN | {"year": 2006}, "alone": GIVEN | {"world": "solo", "year": 2006}},
    }
    tables["world"]["pooling"] = tables["world"]["pooling"] | {"last_year": 2006}
    tables["world"]["solo"] |= {"last_year": 2006}
    found = read_targets("pinghu", tables)
    doubled = {"pinghu.common_income": {2005: 100_000.0, 2021: 1_450_000.0}}
    got = simulate(found, found.targets, [{}, doubled], [[1, 2], [1]], workers=1)
    assert got.groupby(["set", "target"]).size().to_dict() == {
        (0, "alone"): 1,
        (0, "mean"): 2,
        (1, "alone"): 1,
        (1, "mean"): 1,
    }
    table = means(got)
    assert (table.loc[1] > table.loc[0]).all()
    assert "Validation" in "".join(
        part.heading for part in sections(found, scoreboard(found.targets, got), levels(got), pd.DataFrame(), 2)
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--case", "tiny"], "no targets for the case 'tiny'"),
        (["--seeds", "0"], "seeds is 0"),
        (["--sets", "-1"], "sets is -1"),
    ],
)
def test_bad_input_is_one_line(words, told, capsys, tmp_path):
    assert main(["validate", *words, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the command leaves, with two seeds, two of the rules, and without the ensemble."""
    out = tmp_path_factory.mktemp("validate") / "out"
    words = ["validate", "--case", "qujiang", "--seeds", "2", "--sets", "0", "--rules", "--lang", "zh"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "VARIANTS", rules.VARIANTS[:2])
        assert main([*words, "--out", str(out), "--workers", "1", "--quiet"]) == 0
    return out


@pytest.mark.one_version
def test_the_command_leaves_the_scoreboard_its_values_and_a_figure(folder):
    board, found = (pd.read_csv(folder / f"{name}.csv") for name in ("scoreboard", "values"))
    assert board["target"].tolist() == [one.name for one in load_targets("qujiang").targets]
    by_hand = found[found["target"] == "operating_income"]["value"].mean()
    assert board.set_index("target").loc["operating_income", "mean"] == pytest.approx(by_hand)
    assert (folder / "figures" / "scoreboard.png").stat().st_size > 10_000
    assert "Distances under other rules" in (folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.one_version
def test_every_rule_is_told_and_excluded_only_by_its_interval(folder):
    table = pd.read_csv(folder / "patterns.csv")
    assert table["variant"].tolist() == [one.name for one in rules.VARIANTS[:2]]
    (target,) = load_targets("qujiang").of_use("validation")
    for row in table.itertuples():
        ends = [target.distance(row.low), target.distance(row.high)]
        assert row.excluded == (max(ends) < -1.0 or min(ends) > 1.0)
