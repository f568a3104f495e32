"""``feidi case synthesize``: a file that runs, the same bytes in every process, one clear line for every mistake."""

import pytest

from experiments.cli import main
from experiments.store import files_of
from model.cases import load_case

ASKED = ("case", "synthesize", "--counties", "3", "--villages", "12", "--households", "60")


def test_the_file_is_a_case_that_runs_two_years(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*ASKED, "--out", "mine.toml", "--title", "Three", "--title-zh", "三县"]) == 0
    assert "mine.toml is written" in capsys.readouterr().out
    case = load_case("mine.toml")
    assert (len(case.counties), case.n_villages, case.n_households) == (3, 12, 60)
    assert (case.name, case.title, case.title_zh) == ("mine", "Three", "三县")
    words = ["compare", "solo", "pooling", "--case", "mine.toml", "--years", "2", "--seeds", "2", "--workers", "1"]
    assert main([*words, "--out", "out"]) == 0
    assert "Effect on" in capsys.readouterr().out


def test_the_same_arguments_give_the_same_bytes_in_any_process(feidi, tmp_path):
    for name, hash_seed in (("a", "0"), ("b", "1")):
        done = feidi(*ASKED, "--seed", "5", "--out", f"{name}.toml", cwd=tmp_path, hash_seed=hash_seed)
        assert done.returncode == 0, done.stderr
    done = feidi(*ASKED, "--seed", "6", "--out", "c.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    one, same, other = ((tmp_path / f"{name}.toml").read_bytes() for name in "abc")
    assert one == same != other


def test_a_file_that_is_there_is_written_over_only_when_told(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    file.write_text("mine", encoding="utf-8")
    assert main([*ASKED, "--out", str(file)]) == 2
    assert "mine.toml is there already: give another name, or say --overwrite." in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"
    assert main([*ASKED, "--out", str(file), "--overwrite"]) == 0
    assert load_case(file).n_villages == 12


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("case",), "WHAT"),
        (("case", "synthesise"), "synthesize"),
        (("case", "synthesize", "--out", "a.toml"), "--counties"),
        (ASKED, "--out"),
        ((*ASKED, "--out", "a.txt"), "a.txt: a case file ends in .toml. Give a name such as mine.toml."),
        ((*ASKED, "--out", ""), "a case file ends in .toml"),
        ((*ASKED, "--out", "nowhere/a.toml"), "cannot write nowhere/a.toml"),
        ((*ASKED, "--out", "~nosuchuser/a.toml"), "cannot write ~nosuchuser/a.toml"),
        ((*ASKED, "--out", "a.toml", "--villages", "2"), "villages is 2 for 3 counties"),
        ((*ASKED, "--out", "a.toml", "--households", "5"), "households is 5 for 12 villages"),
        ((*ASKED, "--out", "a.toml", "--counties", "0"), "counties is 0"),
        ((*ASKED, "--out", "a.toml", "--counties", "few"), "'few' is not a whole number"),
        ((*ASKED, "--out", "a.toml", "--seed", "-1"), "seed is -1"),
    ],
)
def test_bad_input_gets_one_clear_line_and_writes_nothing(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert output.err.startswith("feidi: ")
    assert told in output.err
    assert files_of(tmp_path) == []


def test_help_says_what_it_is_for(capsys):
    with pytest.raises(SystemExit) as left:
        main(["case", "synthesize", "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    for option in ("--counties COUNT", "--households COUNT", "--seed SEED", "--out FILE.toml", "--overwrite"):
        assert option in told
