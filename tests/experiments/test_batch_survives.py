"""A batch survives what can happen to it, and ends with the same bytes as one that nothing happened to."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.batches import folder as folders
from experiments.cli import main

pytestmark = pytest.mark.one_version

ROOT = Path(__file__).resolve().parents[2]
SEEDS = 6
EXPERIMENT = f"""
title = "Small"
question = "Does it survive?"
case = "tiny"
last_year = 2013
arms = ["solo", "enclave"]
[seeds]
count = {SEEDS}
[outputs]
outcomes = ["recurrent_income_mean", "public_cost_per_yuan", "jobs"]
books = false
"""
RESULTS = ("runs.parquet", "outcomes.parquet", "effects_by_point.parquet", "effects_by_point.csv", "points.csv")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("experiment") / "small.toml"
    path.write_text(EXPERIMENT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(file, tmp_path_factory) -> dict[str, str]:
    """The results of a batch to which nothing happened."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    return results(out)


def results(out: Path) -> dict[str, str]:
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in RESULTS}


def start(file: Path, out: Path, *words: str) -> subprocess.Popen[str]:
    """A batch in a process of its own."""
    command = [sys.executable, "-P", "-m", "experiments.cli", "batch", str(file), "--out", str(out), "--quiet", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def parts(out: Path) -> list[str]:
    return sorted(one.name for one in (out / "parts").glob("*.zip"))


def wait_for(condition, process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The worker processes of a process: those that run something."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
            words = (folder / "cmdline").read_text(encoding="utf-8")
        except OSError:  # it has ended meanwhile
            continue
        if int(parent) == pid and "spawn_main" in words:
            found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


needs_proc = pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes by /proc")


@needs_proc
def test_a_killed_parent_loses_nothing_and_leaves_no_worker(file, whole, tmp_path):
    out = tmp_path / "out"
    process = start(file, out, "--workers", "2")
    wait_for(lambda: len(parts(out)) >= 2, process)
    workers = children(process.pid)
    process.kill()
    process.communicate()
    before = {name: (out / "parts" / name).stat().st_mtime_ns for name in parts(out)}
    assert 2 <= len(before) < SEEDS
    assert len(workers) == 2
    end = time.monotonic() + 10.0
    while any(alive(pid) for pid in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in workers if alive(pid)]
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    assert {name: (out / "parts" / name).stat().st_mtime_ns for name in before} == before  # not run again
    assert results(out) == whole


@needs_proc
def test_a_killed_worker_costs_only_what_was_under_way(file, whole, tmp_path):
    out = tmp_path / "out"
    process = start(file, out, "--workers", "2")
    wait_for(lambda: len(parts(out)) >= 1 and children(process.pid), process)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert results(out) == whole


@needs_proc
def test_ctrl_c_stops_soon_and_says_how_to_go_on(file, whole, tmp_path):
    out = tmp_path / "out"
    process = start(file, out, "--workers", "2")
    wait_for(lambda: len(parts(out)) >= 1, process)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < 10.0  # 2 s are promised; a busy machine gets more
    assert process.returncode == 130
    done = len(parts(out))
    assert f"{done} of {SEEDS} units are finished" in errors
    assert f"feidi batch {file} --out {out}" in errors
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    assert results(out) == whole


def test_a_full_disk_is_one_line_and_what_is_finished_stays(file, whole, tmp_path, monkeypatch, capsys):
    out, written = tmp_path / "out", []

    def no_room(handle: int) -> None:
        written.append(handle)
        if len(written) > 3:  # the identity, and two parts
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(folders.os, "fsync", no_room)
        assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 2
    errors = capsys.readouterr().err
    assert "No space left on device" in errors
    assert "What is finished is kept" in errors
    assert len(errors.splitlines()) == 1
    assert len(parts(out)) == 2
    assert not list((out / "parts").glob("*.part"))
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    assert results(out) == whole


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_part_is_put_aside_and_run_again(damage, file, whole, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    part = out / "parts" / parts(out)[3]
    content = bytearray(part.read_bytes())
    content[len(content) // 3] ^= 0xFF
    part.write_bytes({"cut": content[: len(content) // 2], "flipped": content, "empty": b""}[damage])
    capsys.readouterr()
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--quiet"]) == 0
    assert f"parts/{part.name} was damaged" in capsys.readouterr().err
    assert results(out) == whole


def test_a_second_process_on_the_folder_is_refused_and_told_who_is_there(file, tmp_path, capsys):
    out = tmp_path / "out"
    process = start(file, out, "--workers", "1")
    try:
        wait_for(lambda: (out / folders.HOLDER).exists() and len(parts(out)) >= 1, process)
        assert main(["batch", str(file), "--out", str(out), "--quiet"]) == 2
        assert f"process {process.pid}" in capsys.readouterr().err
    finally:
        process.kill()
        process.communicate()


def test_shards_come_together_as_one(file, whole, tmp_path, capsys):
    for number in (1, 2, 3):
        words = ["batch", str(file), "--out", str(tmp_path / f"s{number}"), "--shard", f"{number}/3", "--quiet"]
        assert main([*words, "--workers", "1"]) == 0
    assert [len(parts(tmp_path / f"s{number}")) for number in (1, 2, 3)] == [2, 2, 2]
    shards = [str(tmp_path / f"s{number}") for number in (1, 2, 3)]
    assert main(["merge", *shards[:2], "--out", str(tmp_path / "two")]) == 2
    assert "2 of 6 units are missing" in capsys.readouterr().err
    assert main(["merge", *shards, "--out", str(tmp_path / "all")]) == 0
    assert results(tmp_path / "all") == whole


def test_results_do_not_depend_on_the_workers(file, whole, tmp_path):
    assert main(["batch", str(file), "--out", str(tmp_path / "out"), "--workers", "3", "--quiet"]) == 0
    assert results(tmp_path / "out") == whole


def test_another_experiment_is_refused_in_the_folder(file, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["batch", str(file), "--out", str(out), "--workers", "1", "--seeds", "1", "--quiet"]) == 0
    other = tmp_path / "other.toml"
    other.write_text(EXPERIMENT.replace("last_year = 2013", "last_year = 2012"), encoding="utf-8")
    assert main(["batch", str(other), "--out", str(out), "--quiet"]) == 2
    assert "another experiment" in capsys.readouterr().err
