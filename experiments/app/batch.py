"""Many seeds of two worlds in the background: bands for the charts and intervals for the effects.

One batch runs at a time on a server; the others wait for their turn, so that pages stay responsive.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import solara

from experiments.app.seeds import SeedPaths, paths_of
from experiments.effects import LEVEL, Floats, Paired, paired
from experiments.pools import one_thread_each, usable_cores, worker_pool
from experiments.runner import Job

if TYPE_CHECKING:
    from experiments.app.setup import Setup

ONE_AT_A_TIME = threading.Lock()
USUAL_SEEDS = 30
IDLE, WAITING, RUNNING, DONE, CANCELLED, FAILED = "idle", "waiting", "running", "done", "cancelled", "failed"
PATIENCE = 0.2  # seconds between two looks at what is done


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    state: str = IDLE
    done: int = 0
    wanted: int = 0
    why: str = ""


@dataclass(frozen=True)
class Answers:
    """What the seeds say: outcomes of each world, shape (seeds, years), and gains, (seeds, years, sectors)."""

    setup: Setup
    seeds: tuple[int, ...]
    outcomes: tuple[Mapping[str, Floats], Mapping[str, Floats]]
    gains: tuple[Floats, Floats]

    def band(self, side: int, name: str) -> tuple[Floats, Floats]:
        """The central 95% of the runs of a world, low and high, shape (years,); nan where no run has a value."""
        values = self.outcomes[side][name]
        ends, some = np.full((2, values.shape[1]), np.nan), np.isfinite(values).any(axis=0)
        ends[:, some] = np.nanquantile(values[:, some], [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0], axis=0)
        return ends[0], ends[1]

    def effect(self, name: str) -> Paired:
        """The paired difference, right minus left, with its interval; fields of shape (years,)."""
        return paired(self.outcomes[0][name], self.outcomes[1][name])


def jobs_of(setup: Setup, count: int) -> tuple[list[Job], tuple[str, str]]:
    """The jobs of a batch, from the setup's seed on, and the names of its two arms."""
    (left, right), alike = setup.arms
    setup.fate()
    scenarios = (left,) if left == right else (left, right)
    seeds = range(setup.seed, setup.seed + count)
    jobs = [Job(setup.case, setup.case_name, scenarios, seed, setup.end, alike) for seed in seeds]
    return jobs, (left.name, right.name)


@dataclass
class Batch:
    """The many seeds of one browser session: what is going on, and the answers once they are there."""

    progress: solara.Reactive[Progress] = field(default_factory=lambda: solara.reactive(Progress()))
    answers: solara.Reactive[Answers | None] = field(default_factory=lambda: solara.reactive(None))
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, setup: Setup, count: int) -> None:
        """Run so many seeds of the two worlds in the background, unless some are running."""
        if self.progress.value.state in (WAITING, RUNNING):
            return
        stop = self._stop = threading.Event()
        self.progress.value = Progress(WAITING, 0, count)
        threading.Thread(target=self._guarded, args=(setup, count, stop), daemon=True).start()

    def cancel(self) -> None:
        """Stop; what was run so far is dropped."""
        self._stop.set()

    def forget(self) -> None:
        """Stop, and drop the answers: the worlds are others now."""
        self.cancel()
        self.answers.value = None
        self.progress.value = Progress()

    def _guarded(self, setup: Setup, count: int, stop: threading.Event) -> None:
        """Wait for the turn and run; a fault is told."""
        while not ONE_AT_A_TIME.acquire(timeout=PATIENCE):
            if stop.is_set():
                return self._end(stop, Progress(CANCELLED, 0, count))
        try:
            found = self._run(setup, count, stop)
            self._end(stop, Progress(DONE, count, count) if found else Progress(CANCELLED, 0, count), found)
        except Exception as error:
            self._end(stop, Progress(FAILED, 0, count, f"{type(error).__name__}: {error}"))
        finally:
            ONE_AT_A_TIME.release()

    def _end(self, stop: threading.Event, progress: Progress, answers: Answers | None = None) -> None:
        """Tell how it ended, unless another batch has begun or the worlds are others by now."""
        if stop is self._stop and not (stop.is_set() and self.progress.value.state == IDLE):
            self.progress.value = progress
            self.answers.value = answers

    def _run(self, setup: Setup, count: int, stop: threading.Event) -> Answers | None:
        """Run all seeds in a pool of workers; None where somebody stopped it."""
        jobs, names = jobs_of(setup, count)
        self._end(stop, Progress(RUNNING, 0, count))
        with one_thread_each(), suppress(_Stopped), worker_pool(min(usable_cores(), count)) as pool:
            futures = [pool.submit(paths_of, job, names) for job in jobs]
            self._watch(futures, stop)
            return _answers(setup, [future.result() for future in futures])
        return None

    def _watch(self, futures: list[Future[SeedPaths]], stop: threading.Event) -> None:
        """Tell how far it is until all are done. Raises _Stopped when somebody stops it."""
        left, done = set(futures), 0
        while left:
            finished, left = wait(left, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            if stop.is_set():
                raise _Stopped
            if finished:
                done += len(finished)
                self._end(stop, Progress(RUNNING, done, len(futures)))


class _Stopped(Exception):  # noqa: N818 - somebody stopped it: no error
    """Somebody stopped the batch."""


def _answers(setup: Setup, paths: list[SeedPaths]) -> Answers:
    """The seeds' paths under each other."""
    outcomes = tuple(
        {name: np.array([one.outcomes[side][name] for one in paths]) for name in paths[0].outcomes[side]}
        for side in (0, 1)
    )
    gains = tuple(np.array([one.gains[side] for one in paths]) for side in (0, 1))
    return Answers(setup, tuple(one.seed for one in paths), outcomes, gains)  # type: ignore[arg-type]
