"""The scoreboard says what is met and missed, by how much, and keeps the uses of targets apart."""

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.validation import command, rules
from experiments.validation.levels import levels
from experiments.validation.report import score_text, sections
from experiments.validation.scoreboard import score, scoreboard, without_pooling
from experiments.validation.simulate import means, simulate
from experiments.validation.targets import read_targets
from model.cases import load_case

GIVEN = {
    "title": "Mean income",
    "title_zh": "均值",
    "indicator": "recurrent_income_mean",
    "year": 2021,
    "unit": "yuan/year",
    "kind": "equal",
    "value": 100.0,
    "scale": "reported",
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


def test_what_was_judged_at_first_is_counted_beside_it():
    found = targets(kept={}, moved={"use": "context", "first_use": "validation"}, new={"first_use": "none"})
    board = scoreboard(found.targets, values(kept=[100.0, 100.0], moved=[0.0, 0.0], new=[0.0, 0.0]))
    told = score(board)
    assert (told.met, told.of, told.first_met, told.first_of, told.first_set) == (1, 2, 1, 2, 0)
    since = targets(set={"use": "calibration", "first_use": "validation"}, kept={})
    told = score(scoreboard(since.targets, values(set=[100.0, 100.0], kept=[0.0, 0.0])))
    assert (told.met, told.first_met, told.first_set) == (0, 1, 1)
    none = scoreboard(targets(moved={"use": "context"}).targets, values(moved=[0.0]))
    assert "nothing is counted" in score_text(score(none))


def test_a_set_in_which_it_does_not_come_about_does_not_fit():
    board = scoreboard(targets(one={}).targets, values(one=[100.0]), pd.DataFrame({"one": [100.0, np.nan]}))
    assert board.loc[0, ["sets", "robust"]].tolist() == [2, 0.5]


def test_the_band_is_over_parameter_sets_and_says_in_how_many_it_fits():
    sets = pd.DataFrame({"one": [100.0, 105.0, 130.0, 95.0]})
    board = scoreboard(targets(one={}).targets, values(one=[100.0, 100.0]), sets)
    assert board.loc[0, "sets"] == 4
    assert board.loc[0, "robust"] == 0.75
    assert board.loc[0, "band_low"] < 96.0
    assert board.loc[0, "band_high"] > 125.0


def test_which_runs_fit_and_what_comes_out_without_pooling_stand_beside_it():
    found = targets(by_accident={}, alone_too={}, unlike={})
    alone = {"alone_too solo": [96.0], "unlike solo": [50.0]}
    got = values(by_accident=[50.0, 150.0], alone_too=[100.0], unlike=[100.0], **alone)
    board = scoreboard(found.targets, got).set_index("target")
    assert board["verdict"].tolist() == ["met"] * 3
    assert board["fits"].tolist() == [0.0, 1.0, 1.0]
    assert board.loc[["alone_too", "unlike"], "alone"].tolist() == [96.0, 50.0]
    assert board["alone_met"].tolist() == [False, True, False]
    told = score(board.reset_index())
    assert (told.met, told.alone) == (3, 1)
    assert "3 of 3 validation targets are met (100%), 1 of them without pooling too." in score_text(told)


def test_what_is_judged_is_looked_at_without_pooling_where_that_is_a_world():
    worlds = WORLDS | {"solo": {"arm": "solo", "meaning": "alone"}}
    tables = {"judged": GIVEN, "set": GIVEN | {"use": "calibration"}, "there": GIVEN | {"world": "solo"}}
    found = read_targets("pinghu", {"world": worlds, "target": tables})
    assert [(one.name, one.indicator, one.world) for one in without_pooling(found)] == [
        ("judged solo", "recurrent_income_mean", "solo")
    ]
    assert without_pooling(targets(one={})) == []


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
    doubled = {"pinghu.common_income": {2005: 100_000.0, 2012: 400_000.0}}
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
        part.heading for part in sections(found, scoreboard(found.targets, got), levels(got), [pd.DataFrame()] * 2, 2)
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--case", "tiny"], "no targets for the case 'tiny'"),
        (["--seeds", "0"], "seeds is 0"),
        (["--sets", "-1"], "sets is -1"),
        (["--workers", "0"], "workers is 0"),
    ],
)
def test_bad_input_is_one_line(words, told, capsys, tmp_path):
    assert main(["validate", *words, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


TABLES = {
    "world": {"pooling": {"arm": "enclave", "last_year": 2010, "meaning": "short"}},
    "target": {
        "income": GIVEN | {"value": 400_000.0, "year": 2010},
        "set": GIVEN | {"value": 400_000.0, "year": 2009, "use": "calibration"},
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the command leaves of few years, with two seeds, two sets and two of the rules."""
    out = tmp_path_factory.mktemp("validate") / "out"
    words = ["validate", "--seeds", "2", "--sets", "2", "--rules", "--lang", "zh"]
    sets = [{}, {"pinghu.common_income": 300_000.0}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "VARIANTS", rules.VARIANTS[:2])
        patch.setattr(rules, "ASSUMPTIONS", rules.ASSUMPTIONS[:2])
        patch.setattr(rules, "RUNS", 1)
        patch.setattr(rules, "LEAST", 2)
        patch.setattr(command, "load_targets", lambda case: read_targets(case, TABLES))
        patch.setattr(command, "changes_of_sets", lambda case, most: sets[:most])
        assert main([*words, "--out", str(out), "--workers", "1", "--quiet"]) == 0
    return out


@pytest.mark.one_version
def test_the_command_leaves_the_scoreboard_its_values_and_a_figure(folder):
    board, found = (pd.read_csv(folder / f"{name}.csv") for name in ("scoreboard", "values"))
    assert board["target"].tolist() == ["income", "set"]
    by_hand = found[found["target"] == "income"]["value"].mean()
    assert board.set_index("target").loc["income", "mean"] == pytest.approx(by_hand)
    assert board["sets"].tolist() == [2, 2]
    assert (board["band_high"] > board["band_low"]).all()
    assert set(found["seed"]) == {command.FIRST_SEED, command.FIRST_SEED + 1}
    assert (folder / "figures" / "scoreboard.png").stat().st_size > 10_000
    assert "Other rules, over the sets" in (folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.one_version
def test_a_rule_is_excluded_only_where_none_of_its_runs_fits(folder):
    table = pd.read_csv(folder / "patterns.csv")
    assert table["variant"].tolist() == [one.name for one in rules.VARIANTS[:2]]
    assert table["runs"].tolist() == [2, 2]
    assert (table["excluded"] == (table["share"] == 0.0)).all()


@pytest.mark.one_version
def test_what_misses_hang_on_is_told_beside_the_rules(folder):
    table = pd.read_csv(folder / "assumptions.csv")
    assert table["variant"].tolist() == [one.name for one in rules.ASSUMPTIONS[:2]]
    assert table["runs"].tolist() == [1, 1]
    assert "excluded" not in table
    assert "Other assumptions" in (folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("variant", [*rules.VARIANTS, *rules.ASSUMPTIONS], ids=lambda one: one.name)
def test_every_version_of_the_model_is_one(variant):
    load_case("pinghu").parameters.but(variant.changes)


def test_rules_need_a_target_that_is_judged(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command, "load_targets", lambda case: read_targets(case, {"world": WORLDS, "target": {}}))
    assert main(["validate", "--rules", "--out", str(tmp_path / "out")]) == 2
    assert "no target of pinghu is for validation" in capsys.readouterr().err
