"""Workers of the comparison: child processes that stay alive and run programs on request."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from benchmarks.household_year.environments import ENVIRONMENTS, ROOT, UnavailableError, python_of, variables


class Contestant(NamedTuple):
    """A program in one environment; what a row of the table is about."""

    environment: str
    program: str = ""  # empty: all programs of the environment, when it could not even start
    one_thread: bool = True  # of polars; all others use one anyway

    @property
    def key(self) -> str:
        """Name in the table."""
        return (self.program or self.environment) + ("" if self.one_thread else ", all threads")


class FailedError(Exception):
    """A worker could not run a request; the message says why."""


class Worker:
    """One child process in a framework's environment."""

    def __init__(self, environment: str, *, one_thread: bool, folder: Path, errors: IO[str]) -> None:
        module, self.errors = ENVIRONMENTS[environment].module, errors
        self.process = subprocess.Popen(
            [python_of(environment, folder=folder), "-m", "benchmarks.household_year.worker", module],
            cwd=ROOT,
            env=variables(one_thread=one_thread),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def read(self) -> Any:
        """The worker's next line: first its programs, then an answer for each request."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            self.errors.seek(0)
            raise FailedError((self.errors.read().strip().splitlines() or ["it ended without a word"])[-1])
        answer = json.loads(line)
        if "error" in answer:
            raise FailedError(answer["error"])
        return answer

    def ask(self, **request: Any) -> Any:
        """Seconds, totals and peak of memory of a run."""
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it has ended: reading tells why
                self.process.stdin.write(json.dumps(request) + "\n")
                self.process.stdin.flush()
        return self.read()

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()


class Workers:
    """The workers of all contestants that can run here, and why the others can't."""

    def __init__(self) -> None:
        self.of: dict[Contestant, Worker] = {}
        self.about: dict[Contestant, dict[str, Any]] = {}
        self.missing: dict[Contestant, str] = {}

    def ask(self, contestant: Contestant, **request: Any) -> Any:
        """Run a contestant's program."""
        return self.of[contestant].ask(program=contestant.program, **request)


# Only programs of polars can use more than one thread.
WORKERS = (*((name, True) for name in ENVIRONMENTS), ("mesa-frames", False), ("ambr", False))


@contextmanager
def started(*, folder: Path, only: frozenset[str] = frozenset()) -> Iterator[Workers]:
    """Start all workers, or those of some environments, and end them at last."""
    workers = Workers()
    with ExitStack() as stack:
        for environment, one_thread in WORKERS:
            whole = Contestant(environment, one_thread=one_thread)
            if only and environment not in only:
                continue
            if not (ROOT / "benchmarks/household_year" / f"{ENVIRONMENTS[environment].module}.py").exists():
                workers.missing[whole] = "it is not written yet"
                continue
            try:
                errors = stack.enter_context(TemporaryFile(mode="w+"))
                worker = Worker(environment, one_thread=one_thread, folder=folder, errors=errors)
                stack.callback(worker.close)
                programs = worker.read()
            except (UnavailableError, FailedError) as reason:
                workers.missing[whole] = str(reason)
                continue
            for program, about in programs.items():
                contestant = whole._replace(program=program)
                workers.of[contestant], workers.about[contestant] = worker, about
        yield workers
