"""The command: lists, results, the same bytes twice, and one clear line for everything that is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

import pandas as pd
import pytest

from experiments.cli import main
from experiments.listing import LISTS
from experiments.store import MANIFEST, files_of

RUN = ("run", "solo", "--case", "tiny")
COMPARE = ("compare", "solo", "enclave", "--case", "tiny")

BAD_INPUT = [
    (("comprae", "solo", "enclave"), "Did you mean 'compare'?"),
    (("list",), "TOPIC"),
    (("list", "scenario"), "Did you mean 'scenarios'?"),
    (("list", "parameters", "--case", "pingu"), "Did you mean 'pinghu'?"),
    (("run",), "SCENARIO"),
    (("run", "enclav"), "Did you mean 'enclave'?"),
    (("run", "solo", "enclave"), "enclave"),
    (("run", "aid:enclav"), "Did you mean 'aid:enclave'?"),
    (("run", "aid:aid:enclave"), "aid of aid"),
    (("compare", "aid", "aid:pooling"), "'aid:pooling' is given twice"),
    ((*RUN, "--seed", "-1"), "seed is -1"),
    ((*RUN, "--seed", "2147483648"), "the last seed is 2147483648"),
    ((*COMPARE, "--seed", "2147483647", "--seeds", "2"), "the last seed is 2147483648: give seeds up to 2147483647"),
    (("run", "solo+solo", "--case", "tiny"), "Mechanism solo is given twice"),
    ((*RUN, "--set", "floor.warm_up=9.7"), "floor.warm_up: value is 9.7 years. Give a whole number"),
    ((*RUN, "--set", "household.low_income_line=0"), "household.low_income_line"),
    ((*RUN, "--out", "~nosuchuser/x"), "cannot write results"),
    (("list", "scenarios", "--case", "nowhere"), "no case 'nowhere'"),
    ((*RUN, "--colour", "red"), "--colour"),
    ((*RUN, "--work", "1"), "--work"),
    (("run", "solo", "--case", "nowhere"), "no case 'nowhere'"),
    (("run", "solo", "--case", "nowhere.toml"), "nowhere.toml"),
    (("run", "solo", "--case", "~nosuchuser/x.toml"), "no case file '~nosuchuser/x.toml'"),
    (("compare", "solo"), "ARM"),
    (("compare", "solo", "solo"), "'solo' is given twice"),
    (("compare", "solo", "enclave", "enclave"), "'enclave' is given twice"),
    (("compare", "solo", "enclaves"), "Did you mean 'enclave'?"),
    ((*COMPARE, "--seeds", "0"), "seeds is 0"),
    ((*COMPARE, "--seeds", "2000000000"), "seeds is 2000000000: give at most 100000"),
    ((*COMPARE, "--seeds", "-3"), "seeds is -3"),
    ((*COMPARE, "--seeds", "many"), "'many' is not a whole number"),
    ((*COMPARE, "--seeds"), "--seeds"),
    ((*COMPARE, "--workers", "0"), "workers is 0"),
    ((*COMPARE, "--years", "0"), "give 1 to 30 years"),
    ((*COMPARE, "--years", "31"), "2035 at most"),
    ((*COMPARE, "--years", "ten"), "'ten' is not a whole number"),
    ((*COMPARE, "--set", "place.contrast"), "not KEY=VALUE"),
    ((*COMPARE, "--set", "=3"), "not KEY=VALUE"),
    ((*COMPARE, "--set", "place.contrast=big"), "'big' is not a number"),
    ((*COMPARE, "--set", "place.contrast=nan"), "place.contrast"),
    ((*COMPARE, "--set", "place.contrast=inf"), "place.contrast"),
    ((*COMPARE, "--set", "place.contrast=99"), "place.contrast"),
    ((*COMPARE, "--set", "place.contrats=1"), "Did you mean 'place.contrast'?"),
    ((*COMPARE, "--set", "place.contrast=1", "--set", "place.contrast=0"), "given twice"),
    ((*COMPARE, "--out", "/dev/null/results"), "cannot write results"),
    ((*COMPARE, "--out", "."), "inside it"),
    ((*COMPARE, "--out", ""), "inside it"),
    ((*COMPARE, "--out", "mine"), "thesis.txt"),
]


@pytest.mark.parametrize(
    ("words", "told"), BAD_INPUT, ids=lambda value: " ".join(value) if type(value) is tuple else ""
)
def test_bad_input_gets_one_clear_line(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("feidi: ")
    assert output.err.count("\n") == 1
    assert told in output.err
    assert "Traceback" not in output.err
    assert files_of(tmp_path) == ["mine/thesis.txt"]


def test_a_damaged_case_file_is_named(tmp_path, capsys):
    damaged = tmp_path / "mine.toml"
    text = (files("model.cases") / "tiny.toml").read_text(encoding="utf-8")
    for wrong in ("[[town", text.replace("title", "titel", 1)):
        damaged.write_text(wrong, encoding="utf-8")
        assert main(["run", "solo", "--case", str(damaged), "--out", str(tmp_path / "out")]) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert "mine.toml" in told
    assert not (tmp_path / "out").exists()


def test_a_damaged_parameter_file_is_named(tmp_path, monkeypatch, capsys):
    shipped = files("model.parameters")
    for file in shipped.iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "place.toml").open("a", encoding="utf-8") as damaged:
        damaged.write("\n[place.contrast]\n")
    monkeypatch.setattr("model.parameters.files", lambda name: tmp_path)
    assert main([*RUN, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "place.toml" in told
    assert not (tmp_path / "out").exists()


def test_a_run_that_fails_keeps_earlier_results(tmp_path, monkeypatch, capsys):
    words = [*RUN, "--years", "1", "--workers", "1", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    before = {name: (tmp_path / "out" / name).read_bytes() for name in files_of(tmp_path / "out")}

    def broken(job, scenario, aid=None):
        raise ValueError("the books do not balance")

    monkeypatch.setattr("experiments.runner.run_arm", broken)
    capsys.readouterr()
    assert main(words) == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert "feidi: arm 'solo', seed 1 failed: ValueError: the books do not balance" in told
    assert before == {name: (tmp_path / "out" / name).read_bytes() for name in files_of(tmp_path / "out")}


def test_debug_shows_the_traceback():
    with pytest.raises(ValueError, match="no scenario"):
        main(["run", "enclav", "--debug"])


def test_from_a_shell_too(feidi, tmp_path):
    done = feidi("compare", "solo", "enclaves", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("topic", LISTS)
def test_lists(topic, capsys):
    assert main(["list", topic, "--case", "tiny"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 3
    if topic == "parameters":
        assert any(line.startswith("place.contrast = 1 [1] lever, assumed, range -1 to 1") for line in lines)


def test_run_writes_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*RUN, "--years", "2", "--workers", "1"]) == 0
    out = tmp_path / "results" / "run-tiny-solo-2years"
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    assert sorted([*manifest["files"], MANIFEST]) == files_of(out)
    assert manifest["seeds"] == [1]
    assert manifest["parameters"]["place.contrast"] == 1.0
    assert set(pd.read_parquet(out / "indicators.parquet")["year"]) == {2005, 2006, 2007}
    assert "results/run-tiny-solo-2years" in capsys.readouterr().out


@pytest.mark.usefixtures("without_figures")
def test_aid_gets_a_folder_that_every_system_can_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "aid:town", "--case", "tiny", "--years", "2", "--workers", "1"]) == 0
    manifest = json.loads((tmp_path / "results" / "run-tiny-aid_town-2years" / MANIFEST).read_text(encoding="utf-8"))
    assert [(one["name"], one["aid_of"], one["reported"]) for one in manifest["scenarios"]] == [
        ("town", None, False),
        ("aid:town", "town", True),
    ]


@pytest.mark.usefixtures("without_figures")
def test_years_after_the_case_are_called_a_projection(tmp_path, capsys):
    assert main([*COMPARE, "--years", "17", "--seeds", "2", "--no-turning-point", "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "minus solo in 2021, 2 paired seeds" in printed
    assert "minus solo in 2022 (projection), 2 paired seeds" in printed
    assert "projection" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert not (tmp_path / "out" / "turning_points.csv").exists()


@pytest.mark.one_version
def test_same_bytes_in_other_processes(feidi, tmp_path):
    folders = []
    for workers, hash_seed in (("1", "1"), ("2", "2")):
        out = tmp_path / f"out{workers}"
        done = feidi(
            *COMPARE,
            "--seeds",
            "2",
            "--years",
            "9",
            "--no-turning-point",
            "--workers",
            workers,
            "--out",
            str(out),
            cwd=tmp_path,
            hash_seed=hash_seed,
        )
        assert done.returncode == 0
        assert not any(word in done.stderr for word in ("Traceback", "Warning", "feidi:"))
        folders.append(out)
    names = files_of(folders[0])
    assert names == files_of(folders[1])
    assert {"effects.parquet", "effects.csv", "figures/effects.png", "report.md", MANIFEST} <= set(names)
    for name in names:
        same = (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
        assert same or name == MANIFEST, name


@pytest.mark.usefixtures("without_figures")
def test_who_pays_prints_all_tables(tmp_path, capsys):
    words = [*COMPARE, "--seeds", "2", "--years", "9", "--no-turning-point", "--out", str(tmp_path / "r")]
    texts = []
    for more in ((), ("--who-pays",)):
        assert main([*words, *more]) == 0
        texts.append(capsys.readouterr().out)
    headings = ("Value created: enclave minus solo", "Giver by taker", "Boundaries", "What changed hands")
    assert all("Who pays: enclave minus solo" in text for text in texts)
    assert [[heading in text for heading in headings] for text in texts] == [[False] * 4, [True] * 4]
    report = (tmp_path / "r" / "report.md").read_text(encoding="utf-8")
    assert all(heading in report for heading in headings)


def test_a_folder_with_its_page_may_be_written_again_and_figures_come_when_asked(tmp_path, capsys):
    words = ["run", "solo", "--case", "tiny", "--years", "1", "--workers", "1", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert main(["report", str(tmp_path / "out")]) == 0
    assert "There are no figures to show" in capsys.readouterr().out
    assert (tmp_path / "out" / "report.html").is_file()
    assert main([*words, "--lang", "zh"]) == 0
    assert "Tables, figures, report" in capsys.readouterr().out
    assert list((tmp_path / "out" / "figures").glob("*.png"))
    assert not (tmp_path / "out" / "report.html").exists()  # of the earlier results


def test_who_reads_no_further_is_no_fault_of_the_folder(tmp_path):
    words = [sys.executable, "-m", "experiments.cli", *RUN, "--years", "1", "--out", str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert "cannot write" not in process.stderr.read()
    assert process.returncode == 0


@pytest.mark.usefixtures("without_figures")
def test_what_was_changed_is_in_the_name_of_the_folder(tmp_path, monkeypatch, capsys):
    """One study does not silently take the place of another with other figures."""
    monkeypatch.chdir(tmp_path)
    words = ["run", "solo", "--case", "tiny", "--years", "2", "--workers", "1"]
    assert main(words) == 0
    assert main([*words, "--set", "village.payout=0.02"]) == 0
    assert main([*words, "--seed", "2", "--seeds", "2"]) == 0
    names = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert names == [
        "run-tiny-solo-2years",
        "run-tiny-solo-2years-2seeds-seed2",
        "run-tiny-solo-2years-village.payout=0.02",
    ]


@pytest.mark.usefixtures("without_figures")
def test_case_files_of_one_name_get_folders_of_their_own(tmp_path, monkeypatch):
    """One of them stands in the home folder, and one has the mark at its start that some editors put there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    text = (files("model.cases") / "tiny.toml").read_text(encoding="utf-8")
    for folder, encoding in (("home", "utf-8"), ("other", "utf-8-sig")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tiny.toml").write_text(text, encoding=encoding)
    for case in ("tiny", "~/tiny.toml", "other/tiny.toml"):
        assert main(["run", "solo", "--case", case, "--years", "1", "--workers", "1"]) == 0
    names = [path.name for path in (tmp_path / "results").iterdir()]
    assert len(names) == 3
    assert "run-tiny-solo-1years" in names
