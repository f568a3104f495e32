"""Results folders: swapped in whole, earlier results never damaged."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from experiments.store import MANIFEST, StoreError, results_folder, write_manifest, write_parquet


def fill(folder: Path, text: str) -> None:
    (folder / "figures").mkdir()
    (folder / "figures" / "one.png").write_text(text, encoding="utf-8")
    (folder / "table.csv").write_text(text, encoding="utf-8")
    write_manifest(folder, {"seeds": [1]})


def write(out: Path, text: str) -> None:
    with results_folder(out) as folder:
        fill(folder, text)


def crash(folder: Path, error: type[BaseException]) -> None:
    fill(folder, "new")
    raise error("in the middle")


def content(out: Path) -> str:
    return (out / "table.csv").read_text(encoding="utf-8")


def test_new_folder_and_its_parents(tmp_path):
    out = tmp_path / "deep" / "er"
    write(out, "new")
    assert content(out) == "new"
    assert json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"] == ["figures/one.png", "table.csv"]
    assert [path.name for path in out.parent.iterdir()] == ["er"]


def test_earlier_results_are_replaced_whole(tmp_path):
    out = tmp_path / "out"
    write(out, "old")
    with results_folder(out) as folder:
        (folder / "other.csv").write_text("new", encoding="utf-8")
        assert content(out) == "old"
        write_manifest(folder, {})
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "other.csv"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_crash_leaves_earlier_results_alone(tmp_path, error):
    out = tmp_path / "out"
    write(out, "old")
    with pytest.raises(StoreError if error is OSError else error), results_folder(out) as folder:
        crash(folder, error)
    assert content(out) == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_crash_in_the_swap_puts_earlier_results_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write(out, "old")
    rename = Path.rename

    def failing(self, target):
        if ".partial" in self.name:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(StoreError, match="Permission denied"):
        write(out, "new")
    assert content(out) == "old"


def test_results_left_aside_by_a_crash_come_back(tmp_path):
    out = tmp_path / "out"
    write(out, "old")
    out.rename(tmp_path / ".out.earlier")
    with pytest.raises(RuntimeError), results_folder(out):
        raise RuntimeError
    assert content(out) == "old"


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", "new")
    assert content(tmp_path / "out") == "new"


@pytest.mark.parametrize("inside", ["thesis.docx", "figures/mine.png"])
def test_what_feidi_did_not_write_is_not_lost(tmp_path, inside):
    out = tmp_path / "out"
    write(out, "old")
    (out / inside).write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=inside), results_folder(out):
        pytest.fail("must refuse before anything is run")
    assert (out / inside).read_text(encoding="utf-8") == "mine"


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / MANIFEST).write_text('{"format": "something else"}', encoding="utf-8")
    with pytest.raises(StoreError, match="did not write"), results_folder(tmp_path):
        pytest.fail("must refuse before anything is run")


@pytest.mark.parametrize("listed", ["5", "null", '[["a"]]'])
def test_a_manifest_with_a_damaged_list_of_files_does_no_harm(tmp_path, listed):
    out = tmp_path / "out"
    write(out, "old")
    (out / MANIFEST).write_text(f'{{"format": "feidi results", "files": {listed}}}', encoding="utf-8")
    with pytest.raises(StoreError, match="did not write"):
        write(out, "new")
    assert content(out) == "old"


def test_a_home_that_there_is_not_is_refused():
    with pytest.raises(StoreError, match="cannot write results to ~nosuchuser/x"), results_folder("~nosuchuser/x"):
        pytest.fail("must refuse before anything is run")


def test_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "out", tmp_path / "out" / "below"):
        with pytest.raises(StoreError, match="cannot write results"), results_folder(out):
            pytest.fail("must refuse before anything is run")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_the_current_folder_is_refused(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for out in (".", ".."):
        with pytest.raises(StoreError, match="inside it"), results_folder(out):
            pytest.fail("must refuse before anything is run")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="Permission"), results_folder(tmp_path / "out"):
        pytest.fail("must refuse before anything is run")


def test_tables_come_back_as_they_were(tmp_path):
    table = pd.DataFrame({"seed": [1, 1], "arm": ["solo", "enclave"], "income": [0.1, 2.5]})
    for name in ("a.parquet", "b.parquet"):
        write_parquet(table, tmp_path / name)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), table)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
