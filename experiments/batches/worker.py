"""What a worker of a cluster does: it says what decides results in it, and runs blocks of units."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from experiments.batches.code import code_digest, digest
from experiments.batches.unit import run_block
from experiments.manifest import processor, versions


class ClusterError(ValueError):
    """A cluster that cannot be used: Dask is not installed, nobody answers, or a worker has another feidi."""


@dataclass(frozen=True)
class Member:
    """What decides results in a process: a check sum of its code, versions by package, and its processor."""

    code: str
    versions: tuple[tuple[str, str], ...]
    processor: str


def member() -> Member:
    """What decides results in this process, by the files that are there now."""
    root = Path(__file__).resolve().parents[1]
    ours = (
        f"{file.relative_to(root).as_posix()}\x1f{file.read_text(encoding='utf-8')}"
        for file in sorted(root.rglob("*.py"))
    )
    return Member(digest(code_digest(), *ours), tuple(versions().items()), processor())


@cache
def worker_member() -> Member:
    """What decides results in a worker: asked once, since what it has imported stays when files change later."""
    return member()


def run_sent(code: str, block: bytes) -> list[bytes]:
    """The parts of a block on a worker. block: a pickled list of Work, which a scheduler need not understand.

    Raises ClusterError when the worker's code is another: it may have come after the others were asked.
    """
    mine = worker_member().code
    if mine != code:
        from distributed import get_worker

        raise ClusterError(other_code(get_worker().address, mine, code))
    return run_block(pickle.loads(block))


def warnings_of(here: Member, there: Member, threads: int) -> list[str]:
    """What to know about a worker that has our code. here: what the process that writes the results is."""
    ours, lines = dict(here.versions), []
    others = [
        f"{name} {version} (here {ours.get(name)})" for name, version in there.versions if ours.get(name) != version
    ]
    if there.processor != here.processor:
        others.append(f"another processor, {there.processor} (here {here.processor})")
    if others:
        lines.append(f"has {', '.join(others)}: its results agree with those from here to about 1e-9, not to the bit.")
    if threads > 1:
        lines.append(
            f"has {threads} threads in one process, which take turns: the same number of processes is faster. "
            "Start workers with --nworkers COUNT --nthreads 1."
        )
    return lines


def other_code(worker: str, there: str, here: str) -> str:
    """What is told of a worker whose code is another. there, here: check sums."""
    return (
        f"worker {worker} runs other code than here: check sum {there}, here {here}. Bring feidi and the folders of "
        "FEIDI_MECHANISMS to one state on all machines, then start scheduler and workers again."
    )
