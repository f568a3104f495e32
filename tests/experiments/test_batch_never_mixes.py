"""Results of two states of anything never mix, and what is no longer true does not stay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from experiments.batches.code import CodeChangedError
from experiments.batches.folder import identity_of
from experiments.batches.plan import plan_batch
from experiments.batches.unit import run_block
from experiments.batches.work import work_of
from experiments.cli import main
from experiments.design_file import parse_experiment

pytestmark = pytest.mark.one_version

SMALL = """
title = "Small"
question = "Q?"
case = "tiny"
last_year = 2007
arms = ["none", "solo"]
[seeds]
count = 2
[outputs]
outcomes = ["recurrent_income_mean"]
books = false
[[expected]]
arm = "solo"
outcome = "recurrent_income_mean"
sign = "+"
because = "a subsidy"
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(file: Path, out: Path, *words: str) -> int:
    return main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet", *words])


def times(out: Path) -> dict[str, int]:
    return {part.name: part.stat().st_mtime_ns for part in (out / "parts").glob("*.zip")}


def identity(text: str) -> dict[str, object]:
    return identity_of(plan_batch(parse_experiment(text, "file")))


def test_the_identity_knows_what_decides_results_and_nothing_else():
    base = identity(SMALL)
    assert base == identity(SMALL.replace('title = "Small"', 'title = "Another"'))
    assert base == identity(SMALL.replace("count = 2", "count = 5"))
    assert base != identity(SMALL.replace("count = 2", "count = 2\nfirst = 7"))  # books are kept of the first seeds
    assert base != identity(SMALL.replace('sign = "+"', 'sign = "-"'))
    sample = (
        SMALL + '[design]\nkind = "latin_hypercube"\npoints = 3\nuncertainties = { "build.home_cost" = [1500, %s] }\n'
    )
    assert identity(sample % 2000)["design"] != identity(sample % 2001)["design"]
    plan = plan_batch(parse_experiment(SMALL, "file"))
    other = replace(plan.scenarios[1], mechanisms=("own",))
    assert identity_of(replace(plan, scenarios=(plan.scenarios[0], other)))["design"] != base["design"]
    assert {"numpy", "mesa", "python"} <= set(base["libraries"])


def test_more_seeds_are_the_same_batch_and_only_they_are_run(file, tmp_path):
    out = tmp_path / "out"
    assert run(file, out) == 0
    before = times(out)
    assert run(file, out, "--seeds", "4") == 0
    after = times(out)
    assert len(after) == 4
    assert {name: after[name] for name in before} == before
    assert set(pd.read_csv(out / "effects_by_point.csv")["seeds"]) == {4}


def test_code_that_changes_while_a_batch_runs_is_refused():
    plan = plan_batch(parse_experiment(SMALL, "file"))
    assert len(run_block([work_of(plan, plan.units[0])])) == 1
    with pytest.raises(CodeChangedError, match="was changed while the batch ran"):
        run_block([work_of(replace(plan, code="another"), plan.units[0])])


def test_a_folder_of_other_libraries_is_refused(file, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(file, out) == 0
    said = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    said["libraries"]["numpy"] = "0.1"
    (out / "batch.json").write_text(json.dumps(said), encoding="utf-8")
    assert run(file, out) == 2
    assert "a library has another version now" in capsys.readouterr().err


def test_an_expectation_cannot_be_changed_after_the_run(file, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(file, out) == 0
    (out / "experiment.toml").write_text(SMALL.replace('sign = "+"', 'sign = "-"'), encoding="utf-8")
    assert main(["report", str(out)]) == 2
    assert "the file says something else now" in capsys.readouterr().err


def test_what_failed_and_was_mended_leaves_no_trace(file, tmp_path, monkeypatch):
    folder, out = tmp_path / "mechanisms", tmp_path / "out"
    folder.mkdir()
    monkeypatch.setenv("FEIDI_MECHANISMS", str(folder))
    (folder / "fragile.py").write_text(
        "import os\n"
        "from model.mechanism import every_village\n"
        "from model.mechanisms.solo import OWN\n"
        "def who(model):\n"
        "    if model.draws.seed == 2 and os.environ.get('BREAK'):\n"
        "        raise ArithmeticError('no way on')\n"
        "    return every_village(model)\n"
        "FRAGILE = OWN.but(name='fragile', who_may_join=who)\n",
        encoding="utf-8",
    )
    text = SMALL.replace('["none", "solo"]', '["none", "fragile+"]').replace('arm = "solo"', 'arm = "fragile+"')
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("BREAK", "1")
    assert run(file, out) == 0
    assert (out / "failed.csv").is_file()
    monkeypatch.delenv("BREAK")
    assert run(file, out, "--retry-failed") == 0
    assert not (out / "failed.csv").exists()
    assert not (out / "failed.parquet").exists()
    listed = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert "report.html" in listed
    assert "failed.csv" not in listed
    assert set(pd.read_csv(out / "effects_by_point.csv")["seeds"]) == {2}


def test_no_room_while_finishing_is_one_line_and_the_runs_stay(file, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"

    def no_room(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("experiments.batches.finish.merge", no_room)
        assert run(file, out) == 2
    errors = capsys.readouterr().err
    assert "All runs are kept" in errors
    assert len(errors.splitlines()) == 1
    before = times(out)
    assert run(file, out) == 0
    assert times(out) == before


def test_a_kill_before_the_identity_was_written_does_not_lock_the_folder(file, tmp_path):
    out = tmp_path / "out"
    (out / "parts").mkdir(parents=True)
    (out / "experiment.toml").write_text("half", encoding="utf-8")
    (out / "batch.json.part").write_text("{", encoding="utf-8")
    assert run(file, out) == 0
