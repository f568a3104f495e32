"""Attribution and sensitivity as batches: shares that sum, tables that stand beside luck, and the commands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import batch
from experiments.attribution.command import Parting, experiment_of
from experiments.attribution.shapley import ALL_OFF, ALL_ON, TOTAL
from experiments.batches.command import Request
from experiments.batches.plan import plan_batch
from experiments.cli import main
from experiments.design import DesignError

pytestmark = pytest.mark.one_version

WORDS = ["--case", "tiny", "--years", "9", "--workers", "1", "--quiet"]


@pytest.fixture(scope="module")
def channels(tmp_path_factory):
    """Two channels of the enclave's effect, with the shares as the command writes them."""
    out = tmp_path_factory.mktemp("channels") / "out"
    words = ["attribute", "enclave", "--channels", "place", "grants", "--seeds", "3", "--out", str(out), *WORDS]
    assert main(words) == 0
    return out


def test_shares_of_channels_sum_to_the_effect_less_what_is_left(channels):
    table = pd.read_csv(channels / "shapley.csv").set_index(["outcome", "player"])["share"]
    effects = pd.read_csv(channels / "effects_by_point.csv").set_index(["name", "outcome"])["effect"]
    for outcome in ("recurrent_income_mean", "value_to_date"):
        mine = table[outcome]
        assert mine["place"] + mine["grants"] == pytest.approx(mine[TOTAL], rel=1e-9)
        assert mine[ALL_ON] == pytest.approx(effects["open: place, grants", outcome], rel=1e-9)
        assert mine[ALL_OFF] == pytest.approx(effects["open: none", outcome], rel=1e-9)
        assert mine[TOTAL] == pytest.approx(mine[ALL_ON] - mine[ALL_OFF], rel=1e-9)
    by_hand = (effects["open: place", "value_to_date"] - effects["open: none", "value_to_date"]) / 2
    by_hand += (effects["open: place, grants", "value_to_date"] - effects["open: grants", "value_to_date"]) / 2
    assert table["value_to_date", "place"] == pytest.approx(by_hand, rel=1e-9)


def test_what_two_channels_bring_together_is_told(channels):
    row = pd.read_csv(channels / "interactions.csv").set_index("outcome").loc["value_to_date"]
    effects = pd.read_csv(channels / "effects_by_point.csv").set_index(["name", "outcome"])["effect"]
    names = ("open: place, grants", "open: place", "open: grants", "open: none")
    both, place, grants, none = (effects[name, "value_to_date"] for name in names)
    assert row["together"] == pytest.approx(both - place - grants + none, rel=1e-9)
    assert (row["player"], row["other"]) == ("place", "grants")


def test_displacement_is_told_within_the_shares_of_income(channels):
    table = pd.read_csv(channels / "shapley.csv").set_index(["outcome", "player"])
    rent = table.loc["home_income_mean", "share"]
    assert table.loc["recurrent_income_mean", "displaced"][rent.index].to_numpy() == pytest.approx(rent.to_numpy())
    assert table.loc["value_to_date", "displaced"].isna().all()
    assert "What shutting a channel means" in (channels / "report.md").read_text(encoding="utf-8")
    assert (channels / "figures" / "shares_2014.png").is_file()


def test_a_batch_of_the_written_file_goes_on_where_the_command_left(channels):
    found = batch(channels / "experiment.toml", out=channels, workers=1)
    assert found.shares["share"].to_numpy() == pytest.approx(pd.read_csv(channels / "shapley.csv")["share"].to_numpy())


def asked(**changes):
    usual = {
        "arm": "enclave",
        "baseline": "solo",
        "channels": None,
        "mechanisms": None,
        "outcomes": (),
        "case": "tiny",
        "seeds": 2,
        "years": 9,
        "request": Request(workers=1),
    }
    return Parting(**(usual | changes))


def test_mechanisms_are_parted_by_arms_of_all_subsets():
    plan = plan_batch(experiment_of(asked(mechanisms=()))[0])
    assert plan.arms == ["solo", "solo+town_joint", "solo+enclave", "solo+town_joint+enclave"]
    assert len(plan.points) == 1
    assert plan.runs == 8


def test_all_channels_are_256_subsets_and_what_changes_the_same_is_run_once():
    all_ = plan_batch(experiment_of(asked())[0])
    assert len(all_.points) == 256
    without = plan_batch(experiment_of(asked(arm="enclave_at_risk", channels=("place", "guarantee")))[0])
    assert len(without.points) == 2  # nobody guarantees there: that channel changes nothing


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channels": (), "mechanisms": ()}, "Give one of them"),
        ({"arm": "solo", "mechanisms": ()}, "has no mechanism that 'solo' has not"),
    ],
)
def test_what_cannot_be_parted_is_told(changes, told):
    with pytest.raises(DesignError, match=told):
        experiment_of(asked(**changes))


def test_an_unknown_channel_is_one_line(capsys):
    assert main(["attribute", "enclave", "--channels", "plce", *WORDS]) == 2
    assert "Did you mean 'place'?" in capsys.readouterr().err


def test_sensitivity_screens_then_shares_the_variance_with_the_seed_among_the_factors(tmp_path, capsys):
    out = tmp_path / "out"
    keys = ["--keys", "build.cost", "household.saving", "place.agglomeration"]
    few = ["--trajectories", "2", "--screen-seeds", "2", "--keep", "1", "--base", "4", "--out", str(out)]
    assert main(["sensitivity", "none", "enclave", *keys, *few, *WORDS, "--outcome", "village_gain_to_date"]) == 0
    text = capsys.readouterr().out
    assert "What moves it" in text
    assert "What the variance comes from" in text
    screened = pd.read_csv(out / "morris" / "morris.csv").set_index("key")
    assert screened.loc["household.saving", "mu_star"] == 0.0  # households decide nothing that villages gain by
    assert screened["mu_star"].max() > 0.0
    shares = pd.read_csv(out / "sobol" / "sobol.csv")
    assert shares["key"].tolist() == [screened["mu_star"].idxmax(), "seed", "interactions"]
    assert np.isfinite(shares["first_order"]).all()
    runs = pd.read_parquet(out / "sobol" / "runs.parquet")
    assert runs["seed"].nunique() > 2


def test_a_latin_hypercube_keeps_doubt_about_values_apart_from_luck(tmp_path):
    text = """
title = "T"
question = "Q?"
case = "tiny"
last_year = 2010
arms = ["none", "solo"]
[seeds]
count = 2
[design]
kind = "latin_hypercube"
points = 4
uncertainties = ["build.home_cost", "firms.output_growth"]
[outputs]
outcomes = ["recurrent_income_mean"]
"""
    (tmp_path / "e.toml").write_text(text, encoding="utf-8")
    found = batch(tmp_path / "e.toml", out=tmp_path / "out", workers=1)
    row = found.sampled.iloc[0]
    gaps = (found.outcomes["solo"] - found.outcomes["none"])[:, :, 0, 0]
    assert row["mean"] == pytest.approx(gaps.mean())
    assert (row["points"], row["seeds"]) == (4, 2)
    assert (tmp_path / "out" / "uncertainty.csv").is_file()
    assert (tmp_path / "out" / "figures" / "uncertainty.png").is_file()
    assert found.study is None


ENSEMBLE = """
title = "T"
question = "Q?"
case = "tiny"
last_year = 2010
arms = ["none", "solo"]
[seeds]
count = 2
[design]
kind = "ensemble"
points = 3
[outputs]
outcomes = ["recurrent_income_mean"]
"""
SETS = tuple({"build.home_cost": cost, "credit.debt_limit": 0.7} for cost in (1500.0, 1800.0, 2050.0, 1600.0))


def test_an_ensemble_is_run_set_by_set_and_tells_in_how_many_the_sign_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.batches.points.ensemble", lambda case: SETS)
    (tmp_path / "e.toml").write_text(ENSEMBLE, encoding="utf-8")
    found = batch(tmp_path / "e.toml", out=tmp_path / "out", workers=1)
    assert found.points["credit.debt_limit"].tolist() == [0.7] * 3
    assert found.points["build.home_cost"].tolist() == [1500.0, 1800.0, 2050.0]
    gaps = (found.outcomes["solo"] - found.outcomes["none"])[:, :, 0, 0].mean(axis=1)
    assert found.sampled.iloc[0]["share_above_zero"] == pytest.approx((gaps > 0.0).mean())
    assert "above 0" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_a_case_without_an_ensemble_is_refused(tmp_path, capsys):
    (tmp_path / "e.toml").write_text(ENSEMBLE, encoding="utf-8")
    assert main(["batch", str(tmp_path / "e.toml"), "--out", str(tmp_path / "out")]) == 2
    assert "the case 'tiny' has no ensemble of parameter sets" in capsys.readouterr().err
