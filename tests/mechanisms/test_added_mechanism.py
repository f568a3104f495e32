"""A new mechanism is one file: put into a folder of one's own it is listed, described and run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.pages import mechanisms as mechanisms_table
from experiments.scenario import ScenarioError, find_scenario
from experiments.study import compare
from model.economy import EconomyModel
from model.registry import FOLDERS, mechanisms

ROOT = Path(__file__).resolve().parents[2]
MINE = '''"""A pool of my own: the enclave with a coupon for three years only, from 2010 on."""

from model.contracts import Coupon
from model.mechanisms.enclave import ENCLAVE

MINE = ENCLAVE.but(
    name="mine",
    version="9.9",
    title="A pool of my own",
    title_zh="自创抱团",
    since=2010,
    support_since="",
    contract=Coupon(rate="pool.coupon_rate", years="pool.rotation_years"),
)
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    return tmp_path


def feidi(*words, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "experiments.cli", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_it_is_listed(folder):
    done = feidi("list", "mechanisms", cwd=folder)
    assert done.returncode == 0
    line = next(one for one in done.stdout.splitlines() if one.startswith("mine"))
    assert "9.9" in line
    assert "2010" in line
    assert "A pool of my own (自创抱团)" in line


def test_it_is_in_the_table_of_the_docs(folder):
    row = next(one for one in mechanisms_table().splitlines() if one.startswith("| `mine` |"))
    assert "Coupon, guaranteed" in row
    assert "A pool of my own" in row


def test_it_runs_by_its_name(folder):
    model = EconomyModel(case="tiny", mechanisms=("solo", "mine"), seed=1, last_year=2015).run()
    founded = model.projects.founded[model.projects.mechanism == 1]
    assert len(founded) > 0
    assert founded.min() >= 2010
    assert founded.min() < 2013


def test_it_is_an_arm_of_a_comparison_in_processes_of_their_own(folder):
    study = compare("solo", "solo+mine", case="tiny", seeds=2, years=8, workers=2)
    last = study.effects[study.effects["year"] == 2013].set_index(["arm", "outcome"])
    assert last.loc[("solo+mine", "pool_members"), "effect"] > 0.0


def test_without_the_folder_it_is_not_there(folder, monkeypatch):
    assert "mine" in mechanisms()
    monkeypatch.delenv(FOLDERS)
    assert "mine" not in mechanisms()
    with pytest.raises(ScenarioError, match=r"no scenario 'solo.mine': There is no mechanism 'mine'"):
        find_scenario("solo+mine")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MINE = 1 / 0", "ZeroDivisionError"),
        ("import sys\nsys.exit(3)", "SystemExit: 3. Mend it or take it away."),
        (MINE.replace('"mine"', '"solo"'), "there is another mechanism 'solo'"),
        (MINE.replace("since=2010,", "where='moon',", 1), "where is 'moon': give one of 'home'"),
    ],
)
def test_a_bad_file_is_told_in_one_line(folder, text, told):
    (folder / "mine.py").write_text(text, encoding="utf-8")
    done = feidi("list", "mechanisms", cwd=folder)
    assert done.returncode == 2
    assert told in done.stderr
    assert "mine.py" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_not_there_is_told(folder, monkeypatch):
    monkeypatch.setenv(FOLDERS, str(folder / "nowhere"))
    with pytest.raises(ValueError, match="is no folder: give folders"):
        mechanisms()
