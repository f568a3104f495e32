"""Ctrl-C ends a run soon, says so in one line, and leaves earlier results as they were."""

import signal
import subprocess
import sys
import time
import weakref
from types import SimpleNamespace

import pytest

from experiments.cli import main
from experiments.pools import interrupts_kept
from experiments.store import files_of

RUN = ("run", "solo", "--case", "tiny")


def test_one_that_falls_into_the_clean_up_of_weak_references_is_kept():
    """Python drops what is raised there: it comes at the next check, and any other at once."""
    before = signal.getsignal(signal.SIGINT)
    cleaning = SimpleNamespace(f_code=SimpleNamespace(co_filename=weakref.__file__))
    with interrupts_kept() as check:
        check()
        hear = signal.getsignal(signal.SIGINT)
        hear(signal.SIGINT, cleaning)
        with pytest.raises(KeyboardInterrupt):
            check()
        with pytest.raises(KeyboardInterrupt):
            hear(signal.SIGINT, sys._getframe())
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("without_figures")
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_earlier_results(tmp_path, workers):
    out = tmp_path / "out"
    assert main([*RUN, "--years", "1", "--out", str(out)]) == 0
    before = {name: (out / name).read_bytes() for name in files_of(out)}
    words = ["run", "solo", "--case", "tiny", "--seeds", "5000", "--workers", workers, "--out", str(out)]
    running = subprocess.Popen(
        [sys.executable, "-m", "experiments.cli", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 20.0
    while not list(tmp_path.glob(".out.partial-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    running.send_signal(signal.SIGINT)
    printed, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert printed == ""
    assert "Traceback" not in told
    assert told.splitlines()[-1].endswith("feidi: interrupted. Nothing was written, earlier results are as they were.")
    assert before == {name: (out / name).read_bytes() for name in files_of(out)}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
