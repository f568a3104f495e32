"""Work through the units of a batch: hand them to workers, keep each part as it comes, survive lost processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import partial
from typing import NamedTuple

from experiments.batches.plan import BatchPlan, Unit
from experiments.batches.unit import Work, failed_part, run_block
from experiments.pools import JOBS_A_WORKER, interrupts_ignored, one_thread_each, worker_pool

BLAMED = 3  # losses of a worker after which a unit that was under way each time is run alone
LOST = (
    "its worker process died, also when it ran alone: for want of memory, because it was killed, or because a script "
    "without 'if __name__ == \"__main__\":' was run (workers=1 does without)"
)
LOOK = 2.0  # seconds after which it is asked anew how many blocks may be under way

Keep = Callable[[Unit, bytes], None]
Send = Callable[[list[Work]], Future[list[bytes]]]


class Left(NamedTuple):
    """What a pool left undone: units that were under way when a worker died, and units not begun."""

    lost: list[Unit]
    unbegun: list[Unit]


def work_of(plan: BatchPlan, unit: Unit) -> Work:
    """A unit as it is sent to a process."""
    return Work(plan.job(unit), unit.point, plan.outcomes, () if plan.every_year else plan.years, plan.code)


def work_through(plan: BatchPlan, units: Sequence[Unit], *, workers: int, keep: Keep) -> None:
    """Run units on processes of this machine and give each part to ``keep``, in any order. 1 worker: this process."""
    with one_thread_each():
        if workers > 1:
            _in_processes(plan, units, workers, keep)
            return
        for unit in units:
            keep(unit, run_block([work_of(plan, unit)])[0])


def _in_processes(plan: BatchPlan, units: Sequence[Unit], workers: int, keep: Keep) -> None:
    """Pools of new processes, one after the other; a lost process costs only what was under way."""
    losses: dict[Unit, int] = {}
    waiting = list(units)
    while waiting:
        size = workers * JOBS_A_WORKER
        with worker_pool(min(workers, len(waiting))) as pool:
            left = hand_out(partial(_to_pool, pool), plan, waiting[:size], keep, ahead=lambda: 2 * workers)
        waiting = [*left.lost, *left.unbegun, *waiting[size:]]
        for unit in left.lost:
            losses[unit] = losses.get(unit, 0) + 1
            if losses[unit] >= BLAMED:
                waiting.remove(unit)
                keep(unit, _alone(plan, unit))


def _alone(plan: BatchPlan, unit: Unit) -> bytes:
    """The part of a unit that was under way each time a worker died: from a process of its own."""
    found: list[bytes] = []
    with worker_pool(1) as pool:
        hand_out(partial(_to_pool, pool), plan, [unit], lambda _, part: found.append(part), ahead=lambda: 1)
    return found[0] if found else failed_part(work_of(plan, unit), LOST)


def _to_pool(pool: Executor, block: list[Work]) -> Future[list[bytes]]:
    """Hand a block to a pool of this machine."""
    with interrupts_ignored():  # workers start at the first submission, and inherit it
        return pool.submit(run_block, block)


def hand_out(
    send: Send,
    plan: BatchPlan,
    units: Sequence[Unit],
    keep: Keep,
    *,
    ahead: Callable[[], int],
    block: int = 1,
    died: type[Exception] = BrokenExecutor,
) -> Left:
    """Send units in blocks, and give each part that comes back to ``keep``; what the death of a worker left undone.

    ahead: says how many blocks may be under way, at least 1, asked whenever one comes back and every few seconds; died:
    the error of a block whose worker died, after which no further block is sent. What else a block raises is raised.
    """
    waiting = deque(units[first : first + block] for first in range(0, len(units), block))
    under_way: dict[Future[list[bytes]], Sequence[Unit]] = {}
    lost: list[Unit] = []
    while under_way or (waiting and not lost):
        most = ahead()
        while waiting and not lost and len(under_way) < most:
            some = waiting.popleft()
            try:
                under_way[send([work_of(plan, unit) for unit in some])] = some
            except died:
                lost.extend(some)
        for future in wait(under_way, timeout=LOOK, return_when=FIRST_COMPLETED).done:
            lost.extend(_receive(future, under_way.pop(future), keep, died))
    return Left(lost, [unit for some in waiting for unit in some])


def _receive(future: Future[list[bytes]], units: Sequence[Unit], keep: Keep, died: type[Exception]) -> Sequence[Unit]:
    """Keep the parts of a block that came back; its units when its worker died."""
    try:
        parts = future.result()
    except died:
        return units
    for unit, part in zip(units, parts, strict=True):
        keep(unit, part)
    return ()
