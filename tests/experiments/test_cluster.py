"""Batches on a Dask cluster: the same bytes as here, whatever happens to workers and scheduler."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from experiments.batches import cluster
from experiments.batches.worker import run_sent
from experiments.cli import main

pytestmark = pytest.mark.one_version

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
SEEDS, DEADLY_SEED = 10, 3
RESULTS = ("runs.parquet", "outcomes.parquet", "effects_by_point.parquet", "effects_by_point.csv", "points.csv")
EXPERIMENT = """
title = "Small"
question = "Is it the same everywhere?"
case = "tiny"
last_year = 2009
arms = ["solo", "{arm}"]
[seeds]
count = {seeds}
[outputs]
outcomes = ["recurrent_income_mean"]
books = false
"""
# A mechanism whose file ends the worker that runs one certain seed of it, each time: every look-up reads the file.
DEADLY = f"""
import os
import sys
from model.mechanisms.enclave import ENCLAVE

DEADLY = ENCLAVE.but(name="deadly", title="Ends its worker")
frame = sys._getframe()
while frame is not None and os.environ.get("FEIDI_TEST_WORKER"):
    if "mechanisms" in frame.f_locals and frame.f_locals.get("seed") == {DEADLY_SEED}:
        if "deadly" in frame.f_locals["mechanisms"]:
            os._exit(9)
    frame = frame.f_back
"""


class Dask:
    """A scheduler and workers as processes of their own, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"log-{len(self.processes)}.txt").open("wb")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FEIDI_TEST_WORKER": "1",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # a worker that dies once costs nothing
        }
        with log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *words, "--no-dashboard"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def scheduler(self) -> subprocess.Popen[bytes]:
        file = self.folder / "scheduler.json"
        words = ("--host", HERE, "--port", "0", "--scheduler-file", str(file))
        process = self._start("distributed.cli.dask_scheduler", *words)
        wait_for(lambda: file.exists() and '"address"' in file.read_text(encoding="utf-8"), process)
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]
        return process

    def worker(self, *words: str) -> subprocess.Popen[bytes]:
        here = ("--nthreads", "1", "--host", HERE, "--memory-limit", "0", "--local-directory", str(self.folder))
        return self._start("distributed.cli.dask_worker", self.address, *here, *words)

    def end(self) -> None:
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # a nanny and its worker are one group
            except ProcessLookupError:
                continue
            process.wait()


def wait_for(condition: Callable[[], object], process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + 120.0
    while not condition():
        assert process is None or process.poll() is None, "the process ended"
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def workers_of(address: str) -> dict[str, int]:
    """The process of each worker, by its address."""
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
        return dict(client.run(os.getpid))


def parts(out: Path) -> list[str]:
    return sorted(one.name for one in (out / "parts").glob("*.zip"))


def results(out: Path) -> dict[str, str]:
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in RESULTS}


def batch(file: Path, out: Path, *words: str) -> int:
    return main(["batch", str(file), "--out", str(out), "--quiet", *words])


def in_a_process(file: Path, out: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "experiments.cli", "batch", str(file), "--out", str(out), "--quiet", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Path]:
    """A folder with mechanisms of one's own, which all processes are told of."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "mechanisms").mkdir()
    (folder / "mechanisms" / "deadly.py").write_text(DEADLY, encoding="utf-8")
    (folder / "small.toml").write_text(EXPERIMENT.format(arm="enclave", seeds=SEEDS), encoding="utf-8")
    (folder / "deadly.toml").write_text(EXPERIMENT.format(arm="solo+deadly", seeds=4), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEIDI_MECHANISMS", str(folder / "mechanisms"))
        yield folder


@pytest.fixture(scope="module")
def file(place) -> Path:
    return place / "small.toml"


@pytest.fixture(scope="module")
def dask(place) -> Iterator[Dask]:
    """A scheduler and two workers, each with a nanny that starts it again."""
    found = Dask(place)
    try:
        found.scheduler()
        found.worker()
        found.worker()
        yield found
    finally:
        found.end()


@pytest.fixture(scope="module")
def whole(file, place) -> dict[str, str]:
    """The results of this machine alone."""
    assert batch(file, place / "whole", "--workers", "1") == 0
    return results(place / "whole")


def test_a_killed_worker_changes_no_byte(file, whole, dask, tmp_path, capsys):
    out, pids, seen = tmp_path / "out", workers_of(dask.address), []

    def kill() -> None:
        wait_for(lambda: len(parts(out)) >= 2)
        os.kill(next(iter(pids.values())), signal.SIGKILL)
        seen.append(len(parts(out)))

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    assert batch(file, out, "--cluster", dask.address) == 0
    killer.join()
    assert 2 <= seen[0] < SEEDS
    assert results(out) == whole
    assert not pd.read_parquet(out / "runs.parquet")["error"].any()
    assert capsys.readouterr().err == ""


def test_a_unit_that_kills_its_workers_is_recorded_and_the_others_go_on(place, dask, tmp_path):
    out = tmp_path / "out"
    assert batch(place / "deadly.toml", out, "--cluster", dask.address) == 0
    runs = pd.read_parquet(out / "runs.parquet")
    failed = runs[runs["status"] == "failed"]
    assert set(failed["seed"]) == {DEADLY_SEED}
    assert failed["error"].str.contains("its worker process died, also when it ran alone").all()
    assert set(runs["seed"]) == {1, 2, 3, 4}


def test_a_worker_with_other_code_is_refused_and_named(file, dask, tmp_path, monkeypatch, capsys):
    workers = workers_of(dask.address)
    monkeypatch.delenv("FEIDI_MECHANISMS")
    assert batch(file, tmp_path / "out", "--cluster", dask.address) == 2
    errors = capsys.readouterr().err
    assert len(errors.splitlines()) == 1
    assert any(f"worker {one} runs other code than here" in errors for one in workers)
    assert parts(tmp_path / "out") == []


def test_a_worker_refuses_what_is_meant_for_other_code(dask):
    told = r"runs other code than here: check sum \w+, here another"
    with (
        distributed.Client(dask.address, set_as_default=False) as client,
        pytest.raises(cluster.ClusterError, match=told),
    ):
        client.submit(run_sent, "another", b"").result()


def test_ctrl_c_stops_soon_and_says_how_to_go_on(file, dask, tmp_path):
    out = tmp_path / "out"
    process = in_a_process(file, out, "--cluster", dask.address)
    wait_for(lambda: len(parts(out)) >= 1, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(errors.splitlines()) == 1
    assert f"{len(parts(out))} of {SEEDS} units are finished" in errors


def test_a_scheduler_that_is_killed_is_one_line_and_the_batch_goes_on_here(
    file, whole, tmp_path, place, monkeypatch, capsys
):
    out, alone = tmp_path / "out", Dask(tmp_path)
    try:
        scheduler = alone.scheduler()
        monkeypatch.setattr(cluster, "ANSWER", 1.0)
        assert batch(file, out, "--cluster", alone.address) == 2
        assert f"at {alone.address} has no worker. Start some: dask worker" in capsys.readouterr().err
        alone.worker("--no-nanny")
        process = in_a_process(file, out, "--cluster", alone.address)
        wait_for(lambda: len(parts(out)) >= 2, process)
        scheduler.kill()
        _, errors = process.communicate(timeout=60)
    finally:
        alone.end()
    done = len(parts(out))
    assert process.returncode == 1
    assert len(errors.splitlines()) == 1
    assert f"{alone.address} was lost" in errors
    assert 2 <= done < SEEDS
    assert f"{done} of {SEEDS} units are finished and kept in {out}" in errors
    assert f"feidi batch {file} --out {out}" in errors
    assert batch(file, out, "--workers", "1") == 0
    assert results(out) == whole
