"""Taking time: works in turns, paired ratios, and the seconds that functions take inside a run."""

from __future__ import annotations

import argparse
import functools
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One figure: what it is of, the median over repeats, and its unit."""

    what: str
    value: float
    unit: str


class Spent(NamedTuple):
    """What something took, in seconds of the clock and of processors."""

    wall: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    """What some work took here and in the processes that it waited for."""

    def cpu() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    cpu_before, before = cpu(), time.perf_counter()
    work()
    return Spent(time.perf_counter() - before, cpu() - cpu_before)


def parts_asked(program: str, meaning: str, parts: Iterable[str], words: Sequence[str]) -> list[str]:
    """The parts of a benchmark that the words of a command name, all where they name none."""
    known = list(parts)
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=meaning.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(known)}; all by default")
    asked: list[str] = parser.parse_args(words).parts
    for name in asked:
        if name not in known:
            parser.error(f"there is no part {name!r}: give some of {', '.join(known)}.")
    return asked or known


def in_turns(works: dict[str, Callable[[], Any]], repeats: int) -> dict[str, list[Any]]:
    """What each work returns at each repeat; works take turns."""
    found: dict[str, list[Any]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            found[name].append(work())
    return found


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of paired ratios."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


@contextmanager
def watched(*functions: tuple[Any, str]) -> Iterator[list[float]]:
    """Seconds that some functions take, as the first entry of a list; calls of one inside another count once."""
    total, depth, before = [0.0], [0], [getattr(*one) for one in functions]

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            began, depth[0] = time.perf_counter(), depth[0] + 1
            try:
                return function(*given, **named)
            finally:
                depth[0] -= 1
                total[0] += 0.0 if depth[0] else time.perf_counter() - began

        return timed

    for (owner, name), function in zip(functions, before, strict=True):
        setattr(owner, name, wrap(function))
    try:
        yield total
    finally:
        for (owner, name), function in zip(functions, before, strict=True):
            setattr(owner, name, function)
