"""The manifest tells the values that a run had, and whether its code is that of a commit."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from experiments.cli import main
from experiments.manifest import commit
from experiments.store import MANIFEST


def test_a_changed_value_stands_among_the_parameters(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "experiments.figures.write_figures", lambda study, folder, lang: []
    )  # they take longer than the runs
    words = ["run", "solo", "--case", "tiny", "--years", "1", "--workers", "1"]
    values = {}
    for name, changed in (("as_it_is", []), ("changed", ["--set", "place.contrast=0.25"])):
        assert main([*words, *changed, "--out", str(tmp_path / name)]) == 0
        values[name] = json.loads((tmp_path / name / MANIFEST).read_text(encoding="utf-8"))
    assert [values[name]["changes"] for name in values] == [{}, {"place.contrast": 0.25}]
    before, after = (values[name]["parameters"] for name in values)
    assert before["place.contrast"] == 1.0
    assert after == {**before, "place.contrast": 0.25}


def git(folder, *words):
    me = ["-c", "user.name=Me", "-c", "user.email=me@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *me, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def code(tmp_path, monkeypatch):
    """A folder with a manifest module, which takes itself to lie there."""
    file = tmp_path / "experiments" / "manifest.py"
    file.parent.mkdir()
    file.write_text("as it was\n", encoding="utf-8")
    monkeypatch.setattr("experiments.manifest.__file__", str(file))
    return file


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_changed_file_is_told(code, tmp_path):
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message", "First")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit() == {"id": head, "dirty": False}
    code.write_text("changed\n", encoding="utf-8")
    assert commit() == {"id": head, "dirty": True}
    git(tmp_path, "checkout", "--", ".")
    assert commit() == {"id": head, "dirty": False}
    (tmp_path / "more.py").write_text("new\n", encoding="utf-8")
    assert commit() == {"id": head, "dirty": True}


def test_without_a_repository_there_is_no_commit(code):
    assert commit() is None
