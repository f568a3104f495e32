"""Batches on a Dask cluster, without one: addresses, what is refused and warned of, blocks, and what is under way."""

from __future__ import annotations

import socket
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from experiments.batches import cluster
from experiments.batches.plan import plan_batch
from experiments.batches.unit import Work
from experiments.batches.work import hand_out
from experiments.batches.worker import Member, member, warnings_of
from experiments.cli import main
from experiments.design_file import parse_experiment

pytestmark = pytest.mark.one_version

pytest.importorskip("distributed")

HERE = "127.0.0.1"
EXPERIMENT = """
title = "Small"
question = "Is it the same everywhere?"
case = "tiny"
arms = ["solo", "enclave"]
[seeds]
count = 12
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(EXPERIMENT, encoding="utf-8")
    return path


def batch(file: Path, out: Path, *words: str) -> int:
    return main(["batch", str(file), "--out", str(out), "--quiet", *words])


@pytest.mark.parametrize("listens", [True, False])
def test_an_address_where_no_scheduler_is_gets_one_line(listens, file, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    with socket.socket() as silent:
        silent.bind((HERE, 0))
        if listens:
            silent.listen()
        address = f"tcp://{HERE}:{silent.getsockname()[1]}"
        assert batch(file, tmp_path / "out", "--cluster", address) == 2
    errors = capsys.readouterr().err
    assert f"no Dask scheduler answers at '{address}'" in errors
    assert "Start one with 'dask scheduler'" in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("address", ["", "nonsense", "tcp://host", "http://127.0.0.1:8787"])
def test_what_is_no_address_gets_one_line(address, file, tmp_path, capsys):
    assert batch(file, tmp_path / "out", "--cluster", address) == 2
    errors = capsys.readouterr().err
    assert f"no Dask scheduler answers at {address!r}" in errors
    assert len(errors.splitlines()) == 1


def test_without_dask_it_is_said_what_to_install(file, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert batch(file, tmp_path / "out", "--cluster", "tcp://127.0.0.1:8786") == 2
    assert 'pip install "feidi[cluster]"' in capsys.readouterr().err


@pytest.mark.parametrize(("words", "told"), [(["--workers", "2"], "--workers"), (["--shard", "1/2"], "--shard")])
def test_what_does_not_go_with_a_cluster_is_refused(words, told, file, tmp_path, capsys):
    assert batch(file, tmp_path / "out", "--cluster", "tcp://127.0.0.1:8786", *words) == 2
    assert told in capsys.readouterr().err


def test_what_a_worker_may_differ_in_is_warned_of():
    here = member()
    there = Member(here.code, tuple((name, "9.9") for name, _ in here.versions), "another one")
    assert warnings_of(here, here, 1) == []
    (line,) = warnings_of(here, there, 1)
    assert f"numpy 9.9 (here {dict(here.versions)['numpy']})" in line
    assert "another processor, another one" in line
    assert "1e-9" in line
    (line,) = warnings_of(here, here, 4)
    assert "4 threads in one process" in line


def test_blocks_hold_enough_work_and_leave_some_for_every_thread(monkeypatch):
    plan = plan_batch(parse_experiment(EXPERIMENT, "small.toml"))
    for seconds, units, threads, size in [
        (0.01, 100, 2, 10),  # two arms of 0.01 s: ten units are 0.2 s
        (0.03, 100, 2, 4),
        (5.0, 100, 2, 1),
        (0.01, 12, 4, 3),
        (0.01, 3, 8, 1),
        (0.0, 100, 2, 50),
    ]:
        monkeypatch.setattr(cluster, "trial_seconds", lambda _, seconds=seconds: seconds)
        assert cluster.block_size(plan, units, threads) == size


def test_no_more_is_under_way_than_may_be_and_a_death_ends_the_sending():
    plan = plan_batch(parse_experiment(EXPERIMENT, "small.toml"))
    units, kept, under_way, most = plan.units, [], [], []

    def answer() -> None:
        future, block = under_way.pop(0)
        if any(work.job.seed == 6 for work in block):
            future.set_exception(EOFError())
        else:
            future.set_result([str(work.job.seed).encode() for work in block])

    def send(block: list[Work]) -> Future[list[bytes]]:
        under_way.append((Future(), block))
        most.append(len(under_way))
        future = under_way[-1][0]
        if len(under_way) == 2:
            answer()
        return future

    def ahead() -> int:
        if under_way:
            answer()
        return 2

    left = hand_out(send, plan, units, lambda *one: kept.append(one), ahead=ahead, block=2, died=EOFError)
    assert max(most) == 2
    assert [unit.seed for unit in left.lost] == [5, 6]
    assert [(unit.seed, part) for unit, part in kept] == [
        (unit.seed, str(unit.seed).encode()) for unit in units if unit not in (*left.lost, *left.unbegun)
    ]
    assert left.unbegun == list(units[units.index(left.unbegun[0]) :])


class Workers:
    """A client that knows of some workers, who all have the code here."""

    scheduler = "there"

    def __init__(self, *found: dict[str, int]) -> None:
        self.found, self.asked = list(found), []

    def nthreads(self, **_: object) -> dict[str, int]:
        return self.found.pop(0)

    def run(self, _: object, *, workers: list[str], **__: object) -> dict[str, Member]:
        self.asked.append(workers)
        return dict.fromkeys(workers, member())


def test_newcomers_are_asked_once_and_get_work_and_a_batch_without_workers_ends(monkeypatch):
    monkeypatch.setattr(cluster, "LOOK", 0.0)
    client = Workers({"a": 1}, {"a": 1, "b": 2}, {}, {})
    crew = cluster._Crew(client, "tcp://there:1")
    assert [crew.ahead(), crew.ahead(), crew.ahead()] == [2, 6, 1]
    assert client.asked == [["a"], ["b"]]
    monkeypatch.setattr(cluster, "PATIENCE", 0.0)
    with pytest.raises(cluster.ClusterLostError, match="has had no worker for 0 seconds"):
        crew.ahead()
