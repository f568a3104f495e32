"""Memory of sessions that have left, given back to the machine."""

from __future__ import annotations

import ctypes
import gc
import threading
from contextlib import suppress

SOON = 2.0  # seconds until the framework has let go of a session, and others that leave with it may share the work
ONE_PENDING = threading.Lock()


def give_back_soon() -> None:
    """In a moment look for what nobody can reach any more, and give its memory back; once for all who ask meanwhile.

    Worlds hang together in circles, which Python finds late in a process that holds much; and the C library keeps what
    was freed between arrays that live on, unless it is asked.
    """
    if ONE_PENDING.acquire(blocking=False):
        timer = threading.Timer(SOON, _give_back)
        timer.daemon = True
        timer.start()


def _give_back() -> None:
    ONE_PENDING.release()
    gc.collect()
    with suppress(OSError, TypeError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)
