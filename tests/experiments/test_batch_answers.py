"""What a batch answers: the same as a comparison, by hand where it can be, and failures as rows."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import batch, compare
from experiments.batches.answers import AGAINST, AS_EXPECTED, UNDECIDED, effects_by_point, expectations, verdict
from experiments.batches.folder import Folder
from experiments.batches.plan import plan_batch
from experiments.batches.run import run_missing
from experiments.cli import main
from experiments.design import Expected
from experiments.design_file import parse_experiment
from experiments.effects import paired
from model.parameters import spelled

pytestmark = pytest.mark.one_version

ROOT = Path(__file__).resolve().parents[2]
SMALL = """
title = "Small"
question = "Q?"
case = "tiny"
last_year = 2014
arms = ["solo", "enclave", "aid:enclave"]
[seeds]
count = 3
[design]
kind = "list"
[[design.point]]
name = "base"
[[design.point]]
name = "slump"
"stress.slump" = 0.5
"stress.start" = 2010
[outputs]
outcomes = ["recurrent_income_mean", "recurrent_income_gini", "jobs", "public_cost_per_yuan"]
years = [2010, 2014]
[[expected]]
arm = "enclave"
outcome = "jobs"
sign = "+"
because = "to be told"
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    return batch(folder / "small.toml", out=folder / "out", workers=1), folder / "out"


def test_the_first_point_says_what_a_comparison_says(small):
    found, _ = small
    study = compare("solo", "enclave", "aid:enclave", case="tiny", seeds=3, years=9, workers=1)
    theirs = study.effects.set_index(["baseline", "arm", "year", "outcome"])
    mine = found.effects[found.effects["point"] == 0].set_index(["baseline", "arm", "year", "outcome"])
    assert len(mine) == 2 * 2 * 4  # pairs, years and outcomes, without what only the ratio needs
    for column in ("baseline_mean", "arm_mean", "effect", "low", "high", "times_fewer_runs"):
        expected = theirs.loc[mine.index, column]
        assert mine[column].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-12, nan_ok=True)
    pd.testing.assert_frame_equal(found.study.who_pays, study.who_pays)


def test_another_point_is_the_comparison_with_its_changes(small):
    found, _ = small
    changes = {"stress.slump": 0.5, "stress.start": 2010}
    study = compare("solo", "enclave", case="tiny", seeds=3, years=9, workers=1, changes=changes)
    theirs = study.effects.query("outcome == 'jobs' and year == 2014")["effect"].item()
    mine = found.effects.query("point == 1 and arm == 'enclave' and outcome == 'jobs' and year == 2014")[
        "effect"
    ].item()
    assert mine == pytest.approx(theirs, rel=1e-12)
    base = found.effects.query("point == 0 and arm == 'enclave' and outcome == 'jobs' and year == 2014")[
        "effect"
    ].item()
    assert mine != base


def test_holm_runs_over_the_secondary_outcomes_of_all_arms(small):
    found, _ = small
    rows = found.effects[(found.effects["point"] == 0) & (found.effects["year"] == 2014)]
    family = rows[~rows["primary"] & rows["p"].notna()].sort_values("p")
    count = len(family)
    by_hand = np.minimum(np.maximum.accumulate(family["p"].to_numpy() * np.arange(count, 0, -1)), 1.0)
    assert family["p_holm"].to_numpy() == pytest.approx(by_hand)
    assert rows.loc[rows["primary"], "p_holm"].isna().all()


@pytest.mark.parametrize(
    ("sign", "within", "low", "high", "said"),
    [
        ("+", 0.0, 1.0, 2.0, AS_EXPECTED),
        ("+", 0.0, -1.0, 2.0, UNDECIDED),
        ("+", 0.0, -2.0, -1.0, AGAINST),
        ("-", 0.0, -2.0, -1.0, AS_EXPECTED),
        ("-", 0.0, 1.0, 2.0, AGAINST),
        ("0", 3.0, -2.0, 2.0, AS_EXPECTED),
        ("0", 3.0, -2.0, 4.0, UNDECIDED),
        ("0", 3.0, 3.5, 4.0, AGAINST),
        ("0", 3.0, -5.0, -4.0, AGAINST),
        ("+", 0.0, np.nan, np.nan, UNDECIDED),
        ("+", 0.0, 0.0, 0.0, AGAINST),
        ("+", 0.0, 0.0, 1.0, UNDECIDED),
    ],
)
def test_a_verdict_is_by_the_whole_interval(sign, within, low, high, said):
    one = Expected(arm="a", outcome="jobs", sign=sign, within=within, because="x")
    assert verdict(one, (low + high) / 2, low, high) == said


def test_an_expectation_of_two_points_is_about_the_difference_of_effects_by_seed():
    text = SMALL.replace('sign = "+"', 'sign = "+"\npoint = "slump"\nthan = "base"')
    plan = plan_batch(parse_experiment(text, "file"))
    make = np.random.Generator(np.random.Philox(1))
    outcomes = {arm: make.normal(size=(2, 3, 2, len(plan.outcomes))) for arm in plan.arms}
    row = expectations(plan, outcomes, plan.years).iloc[0]
    gap = (outcomes["enclave"] - outcomes["solo"])[:, :, 1, plan.outcomes.index("jobs")]
    by_hand = paired(gap[0], gap[1])
    for name, value in (("effect", by_hand.difference), ("low", by_hand.low), ("high", by_hand.high)):
        assert row[name] == pytest.approx(float(value))
    assert row["year"] == 2014


@pytest.mark.usefixtures("without_figures")
def test_runs_that_fail_are_rows_and_the_others_go_on(tmp_path, monkeypatch):
    """A mechanism that breaks with one seed: its arm fails there, at both points, and nothing else does."""
    folder = tmp_path / "mechanisms"
    folder.mkdir()
    (folder / "fragile.py").write_text(
        "from model.mechanisms.enclave import ENCLAVE\n"
        "from model.mechanism import villages_of_host\n"
        "def who(model):\n"
        "    if model.draws.seed == 2 and model.year == 2010:\n"
        "        raise ArithmeticError('no way on')\n"
        "    return villages_of_host(model)\n"
        "FRAGILE = ENCLAVE.but(name='fragile', since=2009, who_may_join=who)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FEIDI_MECHANISMS", str(folder))
    text = SMALL.replace('arms = ["solo", "enclave", "aid:enclave"]', 'arms = ["solo", "solo+fragile"]')
    (tmp_path / "e.toml").write_text(text.replace('arm = "enclave"', 'arm = "solo+fragile"'), encoding="utf-8")
    found = batch(tmp_path / "e.toml", out=tmp_path / "out", workers=1)
    assert found.failed[["point", "seed", "arm"]].to_numpy().tolist() == [
        [0, 2, "solo+fragile"],
        [1, 2, "solo+fragile"],
    ]
    assert found.failed["error"].tolist() == ["ArithmeticError: no way on"] * 2
    assert all("in who" in trace for trace in found.failed["traceback"])
    assert set(found.effects["seeds"]) == {2}
    words = shlex.split(found.failed["command"].iloc[1])
    assert words[:3] == ["feidi", "run", "solo+fragile"]
    assert "stress.slump=0.5" in words
    again = subprocess.run(
        [sys.executable, "-P", "-m", "experiments.cli", *words[1:], "--out", str(tmp_path / "again")],
        env={"PYTHONPATH": str(ROOT), "FEIDI_MECHANISMS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no way on" in again.stderr
    assert again.returncode == 1
    assert main(["batch", str(tmp_path / "e.toml"), "--out", str(tmp_path / "out"), "--quiet", "--workers", "1"]) == 0


def test_the_parent_does_not_hold_what_it_has_written(tmp_path):
    """Memory stays flat whatever the number of runs: parts go to disk as they come."""
    import tracemalloc

    plan = plan_batch(parse_experiment(SMALL, "file"), seeds=100)
    folder = Folder(tmp_path)
    folder.parts.mkdir()

    def runner(_, units, keep):
        for unit in units:
            keep(unit, bytes(500_000))

    tracemalloc.start()
    assert run_missing(plan, folder, plan.units, runner, quiet=True) == 200
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(folder.stored()) == 200
    assert peak < 10_000_000  # of 100 million bytes written


TARGET = (
    SMALL.split("[seeds]")[0].replace("last_year = 2014", "last_year = 2010")
    + """
[seeds.target]
outcome = "recurrent_income_mean"
arm = "enclave"
half_width = {half_width}
first = 10
step = 4
cap = 14
[outputs]
outcomes = ["recurrent_income_mean"]
books = false
"""
)


@pytest.mark.parametrize(
    ("half_width", "seeds", "told"), [(1e9, 10, "reached: half-width"), (1e-6, 14, "not reached: half-width")]
)
def test_rounds_go_on_until_the_target_or_the_cap(half_width, seeds, told, tmp_path):
    text = TARGET.format(half_width=half_width).replace('"solo", "enclave", "aid:enclave"', '"none", "enclave"')
    (tmp_path / "e.toml").write_text(text, encoding="utf-8")
    found = batch(tmp_path / "e.toml", out=tmp_path / "out", workers=1)
    assert len(found.plan.units) == seeds
    assert told in found.note
    assert set(found.effects["seeds"]) == {seeds}


def test_a_target_is_refused_with_shards(tmp_path, capsys):
    (tmp_path / "e.toml").write_text(TARGET.format(half_width=1.0), encoding="utf-8")
    assert main(["batch", str(tmp_path / "e.toml"), "--shard", "1/2"]) == 2
    assert "--shard does not go with seeds.target" in capsys.readouterr().err


def test_every_file_of_a_batch_is_there_and_the_page_needs_no_other(small):
    _, out = small
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "feidi" in page
    assert (out / "report.md").read_text(encoding="utf-8").startswith("# Small")
    for name in ("runs.parquet", "outcomes.parquet", "effects_by_point.csv", "expected.csv", "manifest.json"):
        assert (out / name).is_file()


def test_effects_are_empty_where_nothing_is_compared():
    plan = plan_batch(parse_experiment(SMALL.split("[[expected]]")[0].replace(', "enclave", "aid:enclave"', ""), "f"))
    outcomes = {"solo": np.zeros((2, 3, 2, len(plan.outcomes)))}
    assert effects_by_point(plan, outcomes, plan.years).empty


def test_values_by_year_are_spelled_as_they_are_read():
    assert spelled({2006: 1.5, 2013: 2.0}) == "2006:1.5,2013:2.0"
