"""Reforms on the command line: levers by year, mechanisms in windows, arms with changes of their own."""

import pandas as pd
import pytest

from experiments.cli import main
from experiments.store import files_of

pytestmark = pytest.mark.one_version

COMPARE = ("compare", "solo", "enclave", "--case", "tiny")

BAD_INPUT = [
    ((*COMPARE, "--set", "pool.coupon_rate=2006:0.1,x:0.2"), "'x:0.2' is not YEAR:VALUE"),
    ((*COMPARE, "--set", "pool.coupon_rate=2006:0.1,2006:0.2"), "2006 is given twice"),
    ((*COMPARE, "--set", "place.contrast=2006:1,2015:0"), "a lever that shapes a run from its start"),
    ((*COMPARE, "--set", "prices.inflation=2006:0.1,2015:0.05"), "no lever (its role is 'uncertainty')"),
    (("compare", "solo", "enclave[]", "--case", "tiny"), "nothing is changed. Write enclave, or enclave[KEY=VALUE]"),
    (("run", "enclave[pool.coupon_rat=0.07]", "--case", "tiny"), "Did you mean 'pool.coupon_rate'?"),
    (("run", "enclav[pool.coupon_rate=0.07]", "--case", "tiny"), "Did you mean 'enclave'?"),
    (("run", "enclave[pool.coupon_rate=high]", "--case", "tiny"), "'high' is not a number"),
    (("run", "enclave[pool.coupon_rate]", "--case", "tiny"), "'pool.coupon_rate' is not KEY=VALUE"),
    (("run", "enclave[pool.coupon_rate=7]", "--case", "tiny"), "outside the limits"),
    (("run", "enclave[pool.coupon_rate=0.07", "--case", "tiny"), "write an arm with changes as enclave["),
    (("run", "enclave[pool.coupon_rate=0.07]", "--set", "pool.coupon_rate=0.1"), "is what defines the arm"),
    (("run", "enclave@2015", "--case", "tiny"), "Write for example solo+enclave@2015"),
    (("run", "solo+enclave@15", "--case", "tiny"), "'15' names no years. Write enclave@2015"),
    (("run", "solo+enclave@2016-2013", "--case", "tiny"), "Write enclave@2013-2016"),
    (("run", "solo+enclav@2015", "--case", "tiny"), "Did you mean 'enclave'?"),
    (("run", "solo+enclave@2010-2012", "--case", "tiny"), "would never open: enclave begins in 2013"),
    (("run", "solo@1000-1000+" * 5000, "--case", "tiny"), "names 5000 mechanisms, and an arm has at most 100"),
    (("run", "solo+enclave+enclave@2015", "--case", "tiny"), "enclave and enclave@2015 are one and the same"),
]


@pytest.mark.parametrize(
    ("words", "told"), BAD_INPUT, ids=lambda value: " ".join(value)[:80] if type(value) is tuple else ""
)
def test_a_reform_that_cannot_be_gets_one_clear_line(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("feidi: ")
    assert output.err.count("\n") == 1
    assert told in output.err
    assert files_of(tmp_path) == []


def test_an_arm_with_changes_and_years_runs(tmp_path, monkeypatch, capsys, without_figures):
    """Its folder has a name that every system takes, its files are named as ever, its name stands in the tables."""
    monkeypatch.chdir(tmp_path)
    changed, ended = (
        "enclave[pool.coupon_rate=0.07;stress.slump=2015:0.4,2018:0]",
        "solo+town_joint@-2014+enclave@-2014",
    )
    words = ["compare", "enclave", changed, ended, "--case", "tiny", "--seeds", "2", "--workers", "1"]
    assert main([*words, "--no-turning-point"]) == 0
    assert f"{changed} minus enclave" in capsys.readouterr().out
    (folder,) = (tmp_path / "results").iterdir()
    assert not set(folder.name) & set(':[];*?"<>|/ ')
    assert len(folder.name) < 230
    plain = tmp_path / "plain"
    assert (
        main(
            ["compare", "enclave", "solo", "--case", "tiny", "--seeds", "2", "--no-turning-point", "--out", str(plain)]
        )
        == 0
    )
    assert files_of(folder) == files_of(plain)
    assert set(pd.read_csv(folder / "effects.csv")["arm"]) == {changed, ended}
