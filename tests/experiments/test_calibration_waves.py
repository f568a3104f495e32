"""Sets that fit about as well: waves on a model that is a formula, resumed, refused, confirmed; and the command."""

import numpy as np
import pandas as pd
import pytest

from experiments.calibration import command, fit, waves
from experiments.calibration.command import tables_of
from experiments.calibration.ensemble import EnsembleError, changes_of_sets, ensemble
from experiments.calibration.fit import Fitted, fit_table
from experiments.calibration.moments import CalibrationError
from experiments.calibration.plan import read_plan
from experiments.calibration.report import sections
from experiments.calibration.waves import (
    CLOSING,
    CONFIRM_SEED,
    CONFIRMING,
    TRIED,
    WAVE_SEED,
    find_sets,
    fits,
    moments_of,
)
from experiments.cli import main
from experiments.validation.targets import Targets, load_targets
from model.cases import load_case

pytestmark = pytest.mark.one_version

KEYS = {"credit.debt_limit": 0.75, "credit.term": 10.0, "land.reclaim_cost": 60_000.0}
PLAN = {
    "seeds": 1,
    "batch": 4,
    "seed": 3,
    "ensemble": {
        "points": 40,
        "new": 20,
        "waves": 1,
        "forgiven": 0,
        "sets": 6,
        "most_loss": 1.0,
        "furthest": 2.0,
        "also": ["land.idle_rent"],
    },
    "block": [
        {
            "name": "toy",
            "meaning": "a formula",
            "targets": ["income_mean_2021", "repaid"],
            "rounds": 2,
            "parameters": {key: {"start": value, "why": "a toy"} for key, value in KEYS.items()},
        }
    ],
}


@pytest.fixture
def toy(monkeypatch):
    """A plan whose targets are two formulas of three parameters, a fourth moves nothing; and how often it was run."""
    plan, full, runs = read_plan("pinghu", PLAN), load_targets("pinghu"), []
    named = tuple(one for one in full.targets if one.name in PLAN["block"][0]["targets"])
    few = Targets(case="pinghu", worlds=full.worlds, targets=named)
    usual = load_case("pinghu").parameters

    def simulate(targets, asked, sets, seeds, *, workers, quiet=True):
        rows = []
        for number, changes in enumerate(sets):
            limit, term, cost = (changes.get(key, usual[key]) for key in KEYS)
            for seed in seeds[number]:
                runs.append(seed)
                luck = np.random.default_rng(seed).normal()
                values = {
                    "income_mean_2021": 2.0e6 + 3e6 * (limit - 0.4) + 1e4 * luck,
                    "repaid": 2e6 * term + 200.0 * (cost - 3e4) + 1e5 * luck,
                }
                rows += [(number, seed, one.name, values[one.name]) for one in asked]
        return pd.DataFrame(rows, columns=["set", "seed", "target", "value"])

    for module in (waves, fit):
        monkeypatch.setattr(module, "simulate", simulate)
        monkeypatch.setattr(module, "load_targets", lambda case: few)
    return plan, runs


def found(plan, folder, fitted=KEYS):
    return find_sets(plan, fitted, folder, workers=1, say=lambda line: None)


def test_the_sets_fit_by_the_mean_of_further_seeds_and_the_first_is_the_one_in_use(toy, tmp_path):
    plan, _ = toy
    sets = found(plan, tmp_path)
    assert sets.points.iloc[0][list(KEYS)].to_dict() == KEYS
    assert sets.points.iloc[0]["land.idle_rent"] == load_case("pinghu").parameters["land.idle_rent"]
    assert 2 <= len(sets.points) <= 6
    moments = moments_of(plan)
    assert all(fits(row, moments, plan) for row in sets.moments.iloc[1:].drop(columns="loss").to_dict("records"))
    verdicts = sets.told.parameters.set_index("parameter")["verdict"]
    assert verdicts["credit.debt_limit"] == "identified"
    assert verdicts["land.idle_rent"] == "not identified"


def test_what_was_run_is_not_run_again(toy, tmp_path):
    plan, runs = toy
    whole = found(plan, tmp_path / "one")
    count = len(runs)
    closing = CLOSING * TRIED * 6
    assert 60 + closing < count <= 60 + closing + CONFIRMING * (1 + TRIED * 6)
    again = found(plan, tmp_path / "one")
    assert len(runs) == count
    pd.testing.assert_frame_equal(again.points, whole.points)
    found(plan, tmp_path / "two")
    (tmp_path / "two" / "waves-1.csv").write_text(
        "".join((tmp_path / "two" / "waves-1.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:9]),
        encoding="utf-8",
    )
    (tmp_path / "two" / "waves-confirmed.csv").unlink()
    resumed = found(plan, tmp_path / "two")
    pd.testing.assert_frame_equal(resumed.points, whole.points)
    assert (tmp_path / "two" / "waves-1.csv").read_bytes() == (tmp_path / "one" / "waves-1.csv").read_bytes()


def test_a_folder_of_another_plan_is_refused(toy, tmp_path):
    plan, _ = toy
    found(plan, tmp_path)
    with pytest.raises(CalibrationError, match="waves of another plan"):
        found(plan, tmp_path, fitted=KEYS | {"credit.term": 11.0})


def test_the_fit_is_told_before_and_after_on_fresh_seeds(toy):
    plan, runs = toy
    table = fit_table(plan, KEYS | {"credit.debt_limit": 1.0}, workers=1, seeds=2).set_index("target")
    assert set(runs) == {2, 3}
    assert table.loc["income_mean_2021", "after"] - table.loc["income_mean_2021", "before"] == pytest.approx(7.5e5)
    assert abs(table.loc["income_mean_2021", "off_after"]) < abs(table.loc["income_mean_2021", "off_before"])


def test_the_search_goes_from_the_start_to_a_better_fit_and_is_repeated_exactly(toy, tmp_path):
    plan, _ = toy
    one, two = (fit.fit(plan, tmp_path / name, workers=1, say=lambda line: None) for name in ("one", "two"))
    assert one.point == two.point
    losses = one.trials["toy"]["loss"]
    assert losses.min() < losses.iloc[0]
    assert one.trials["toy"].iloc[0][list(KEYS)].to_dict() == KEYS


def test_every_table_and_section_is_there(toy, tmp_path):
    plan, _ = toy
    fitted = Fitted(dict(KEYS), {"toy": pd.DataFrame({"loss": [2.0, 1.0]})}, fit_table(plan, KEYS, workers=1, seeds=2))
    sets = found(plan, tmp_path)
    tables = tables_of(plan, fitted, sets)
    assert tables["settings"]["key"].tolist() == list(KEYS)
    told = {part.heading: part.text for part in sections(plan, fitted, sets, tables)}
    assert "land.idle_rent" in told["What the targets cannot tell"]
    assert "credit.debt_limit" in told["What moves each target most"]


def test_the_committed_ensemble_fits_its_case():
    case = load_case("pinghu")
    for changes in changes_of_sets(case):
        case.parameters.but(changes)


def test_an_ensemble_of_other_parameters_is_refused(monkeypatch):
    monkeypatch.setattr("experiments.calibration.ensemble.ensemble", lambda case: ({"village.moon": 1.0},))
    with pytest.raises(EnsembleError, match=r"no parameter .village\.moon"):
        changes_of_sets(load_case("pinghu"))


def test_a_case_without_an_ensemble_has_no_sets():
    assert ensemble("tiny") == ()
    assert changes_of_sets(load_case("tiny")) == []


def test_a_case_without_a_plan_is_one_line(capsys):
    assert main(["calibrate", "--case", "tiny"]) == 2
    error = capsys.readouterr().err
    assert "nothing says what of the case 'tiny' is set to what" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("made", ["file", "folder"])
def test_a_place_that_holds_something_else_is_refused(made, tmp_path, capsys):
    out = tmp_path / "out"
    (tmp_path / "out").mkdir() if made == "folder" else out.write_text("mine", encoding="utf-8")
    if made == "folder":
        (out / "report.md").write_text("mine", encoding="utf-8")
    assert main(["calibrate", "--out", str(out)]) == 2
    assert "holds something else than a calibration" in capsys.readouterr().err


def test_what_is_missing_is_told_before_anything_is_run(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "optuna" else object())
    assert main(["calibrate", "--out", str(tmp_path / "out")]) == 2
    assert "no module 'optuna': to calibrate, pip install" in capsys.readouterr().err


def test_rows_of_other_points_are_refused(toy, tmp_path):
    plan, _ = toy
    found(plan, tmp_path)
    file = tmp_path / "waves-1.csv"
    table = pd.read_csv(file, float_precision="round_trip")
    table.loc[0, "credit.term"] += 0.5
    table.to_csv(file, index=False)
    with pytest.raises(CalibrationError, match="runs of other points"):
        found(plan, tmp_path)


def test_what_is_confirmed_is_run_on_seeds_that_nothing_was_fitted_on(toy, tmp_path):
    plan, runs = toy
    found(plan, tmp_path)
    fresh = set(range(CONFIRM_SEED, CONFIRM_SEED + CONFIRMING))
    assert fresh <= set(runs)
    assert not fresh & (set(range(WAVE_SEED, WAVE_SEED + 60)) | set(range(1, 1 + plan.seeds)))
