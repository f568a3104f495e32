"""Batches on more than one machine: units go in blocks to the workers of a Dask cluster, parts come back and are kept.

A worker's code must be the code here; other versions of libraries or another processor are warned about. Start workers
with one thread each (``dask worker ADDRESS --nworkers 4 --nthreads 1``): runs in threads of one process give the same
results, but wait for each other. Dask's nanny, which is there unless it is told off, keeps a worker's BLAS to one
thread and starts a worker again that died. ``distributed`` is imported only here (the extra ``cluster``).
"""

from __future__ import annotations

import asyncio
import logging
import math
import pickle
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from threading import Thread
from time import monotonic
from typing import Any

from experiments.batches.plan import BatchPlan, Unit
from experiments.batches.run import Runner, trial_seconds
from experiments.batches.unit import Work, failed_part
from experiments.batches.work import LOOK, LOST, Keep, hand_out, work_of
from experiments.batches.worker import ClusterError, member, other_code, run_sent, warnings_of, worker_member
from experiments.scenario import with_twins

ANSWER = 8.0  # seconds in which a scheduler and a first worker have to answer
PATIENCE = 60.0  # seconds without any worker after which a batch ends
LEAVE = 1.0  # seconds that saying goodbye may take
BLOCK_SECONDS = 0.2  # least work of a block: handing it over takes about 0.01 s
AHEAD = 2  # blocks a thread: one that runs and one that waits beside it
NOISY = ("distributed", "tornado", "asyncio")
INSTALL = 'Install it here, on the scheduler and on all workers: pip install "feidi[cluster]".'


class ClusterLostError(RuntimeError):
    """A cluster that went away while a batch was under way."""


def on_cluster(address: str) -> Runner:
    """A runner on the workers of the Dask cluster whose scheduler is at an address, such as ``tcp://10.0.0.5:8786``.

    It raises ClusterError when Dask is not installed, when nobody answers at the address within about ten seconds, and
    when the code of a worker is another; ClusterLostError when the scheduler or all workers go away meanwhile.
    """

    def run(plan: BatchPlan, units: Sequence[Unit], keep: Keep) -> None:
        if units:
            with _connected(address) as client, _loss_told(address):
                _work_through(client, address, plan, units, keep)

    return run


def _work_through(client: Any, address: str, plan: BatchPlan, units: Sequence[Unit], keep: Keep) -> None:
    """Send all units; one whose worker died again and again is sent once more alone, then recorded as failed."""
    from distributed import KilledWorker

    crew, here, executor = _Crew(client, address), member(), client.get_executor(pure=False)
    crew.gather()

    def send(block: list[Work]) -> Future[list[bytes]]:
        sent: Future[list[bytes]] = executor.submit(run_sent, here.code, pickle.dumps(block))
        return sent

    waiting, block = list(units), block_size(plan, len(units), crew.threads)
    while waiting:
        left = hand_out(send, plan, waiting, keep, ahead=crew.ahead, block=block, died=KilledWorker)
        for unit in left.lost:
            alone = hand_out(send, plan, [unit], keep, ahead=crew.ahead, died=KilledWorker)
            for dead in alone.lost:
                keep(dead, failed_part(work_of(plan, dead), LOST))
        waiting = left.unbegun


def block_size(plan: BatchPlan, units: int, threads: int) -> int:
    """Units a block: enough work to be worth sending, and no more than gives every thread a block."""
    share = math.ceil(units / max(threads, 1))
    if share <= 1:
        return 1
    seconds = trial_seconds(plan) * len(with_twins(plan.scenarios))
    return max(1, min(share, math.ceil(BLOCK_SECONDS / max(seconds, 1e-6))))


class _Crew:
    """The workers of a cluster: who is there, whether they have our feidi, and how much to send them."""

    def __init__(self, client: Any, address: str) -> None:
        self.client, self.address = client, address
        self.threads = 0
        self._here = member()
        self._asked: set[str] = set()
        self._warned: set[str] = set()
        self._looked = self._seen = -math.inf

    def gather(self) -> None:
        """Wait for a first worker, and ask all that are there. Raises ClusterError."""
        try:
            self.client.wait_for_workers(1, timeout=ANSWER)
        except TimeoutError:
            raise ClusterError(
                f"the Dask scheduler at {self.address} has no worker. Start some: "
                f"dask worker {self.address} --nworkers 4 --nthreads 1"
            ) from None
        try:
            self.client.run_on_scheduler(worker_member)
        except OSError:
            raise
        except Exception as error:
            raise ClusterError(
                f"the Dask scheduler at {self.address} has no feidi like the one here ({_line(error)}). {INSTALL}"
            ) from None
        self._seen = monotonic()
        self.ahead()

    def ahead(self) -> int:
        """How many blocks may be under way; newcomers are asked first. Raises ClusterError and ClusterLostError."""
        if monotonic() - self._looked >= LOOK:
            if self.client.scheduler is None:  # it has closed itself
                raise ConnectionError("the client was closed")
            found: Mapping[str, int] = self.client.nthreads(callback_timeout=ANSWER)
            self._ask(found)
            self._looked, self.threads = monotonic(), sum(found.values())
            self._seen = self._looked if found else self._seen
            if self._looked - self._seen > PATIENCE:
                raise ClusterLostError(
                    f"the Dask scheduler at {self.address} has had no worker for {PATIENCE:.0f} seconds."
                )
        return max(AHEAD * self.threads, 1)

    def _ask(self, threads: Mapping[str, int]) -> None:
        """Ask the workers that are new what they are. One that does not answer is asked again at the next look."""
        new, answers = sorted(set(threads) - self._asked), dict[str, Any]()
        with suppress(TimeoutError):
            if new:
                answers = self.client.run(worker_member, workers=new, on_error="return", callback_timeout=ANSWER)
        for worker, answer in answers.items():
            if isinstance(answer, OSError):
                continue
            if isinstance(answer, Exception):
                raise ClusterError(f"worker {worker} has no feidi like the one here ({_line(answer)}). {INSTALL}")
            self._asked.add(worker)
            if answer.code != self._here.code:
                raise ClusterError(other_code(worker, answer.code, self._here.code))
            for line in warnings_of(self._here, answer, threads[worker]):
                self._warn(worker, line)

    def _warn(self, worker: str, line: str) -> None:
        """Say something of a worker, once for all of whom it is true."""
        if line not in self._warned:
            self._warned.add(line)
            print(f"feidi: worker {worker} {line}", file=sys.stderr)


def _line(error: BaseException) -> str:
    """An error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the scheduler, closed in about a second whatever happens: what is under way is then cancelled."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ClusterError(f"--cluster {address} needs Dask, which is not installed. {INSTALL}") from None
    with _quiet():
        client = _client(address)
        try:
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=LEAVE)


def _client(address: str) -> Any:
    """A client of the scheduler at an address. Raises ClusterError."""
    from distributed import Client

    told: list[str] = []
    thread = Thread(target=lambda: told.append(asyncio.run(_refusal(address))), daemon=True)
    thread.start()  # in a thread, since a notebook has an event loop of its own
    thread.join()
    if told and not told[0]:
        try:
            return Client(address, timeout=ANSWER, set_as_default=False)
        except Exception as error:
            told = [_line(error)]
    raise ClusterError(
        f"no Dask scheduler answers at {address!r} ({told[0]}). Start one with 'dask scheduler', and give the address "
        "that it prints, such as tcp://10.0.0.5:8786."
    )


async def _refusal(address: str) -> str:
    """Why there is no scheduler at an address, empty where there is one.

    Asked before a client is made: that one waits without end for somebody who is no scheduler, and cannot be dropped.
    """
    from distributed import Security, rpc

    try:
        async with rpc(address, connection_args=Security().get_connection_args("client")) as there:
            kind = (await asyncio.wait_for(there.identity(), ANSWER))["type"]
            return "" if kind == "Scheduler" else f"there is a {kind}"
    except TimeoutError:
        return f"no word in {ANSWER:.0f} seconds"
    except Exception as error:
        return _line(error)


@contextmanager
def _loss_told(address: str) -> Iterator[None]:
    """Tell what Dask raises when a scheduler goes away as ClusterLostError."""
    from distributed.client import ClosedClientError

    try:
        yield
    except BrokenPipeError:  # nobody reads what is printed: no matter of the cluster
        raise
    except (CancelledError, ClosedClientError, OSError) as error:
        raise ClusterLostError(
            f"the Dask scheduler at {address} was lost, or dropped what it had to do ({_line(error).rstrip(': ')})."
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs and warns of off the terminal: what matters of it is told in our own lines."""
    known = logging.root.manager.loggerDict.items()
    loggers = [one for name, one in known if isinstance(one, logging.Logger) and name.partition(".")[0] in NOISY]
    levels = {one: one.level for one in [*loggers, *map(logging.getLogger, NOISY)]}
    for logger in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"distributed\b")
            warnings.filterwarnings("ignore", message=r"\s*Mismatched versions")
            yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
