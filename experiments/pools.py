"""Pools of worker processes that end when they should, and never outlive who started them."""

from __future__ import annotations

import os
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from types import FrameType

# ProcessPoolExecutor(max_tasks_per_child=...) hangs on Python 3.11 to 3.13 (github.com/python/cpython/issues/115634):
# workers are recycled by starting a new pool after this many jobs a worker.
JOBS_A_WORKER = 50


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of spawned processes, ended at once when the work inside fails or is interrupted."""
    others = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(active_children()) - others:
            process.terminate()
        raise
    pool.shutdown()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Start workers deaf to Ctrl-C (they inherit it): the parent alone hears it, and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interrupts_kept() -> Iterator[Callable[[], None]]:
    """Ctrl-C as ever, but for one that falls into the clean-up of weak references, where Python would drop it.

    Gives a function that raises KeyboardInterrupt for such a one: to be called now and then.
    """
    missed: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename == weakref.__file__:
            missed.append(number)
        else:
            raise KeyboardInterrupt

    def check() -> None:
        if missed:
            raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield check
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Keep BLAS of new processes (and of this one, before numpy is loaded) to one thread: more only spin."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def usable_cores() -> int:
    """The number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _end_with_parent() -> None:
    """End this worker when its parent is gone: one that was killed cannot tell its workers to stop."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
