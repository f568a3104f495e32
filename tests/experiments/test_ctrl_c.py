"""Ctrl-C ends a run soon, says so in one line, and leaves earlier results as they were."""

import signal
import subprocess
import sys
import time

import pytest

from experiments.cli import main
from experiments.store import files_of

RUN = ("run", "solo", "--case", "tiny")


def interrupted(running):
    """What a process says that gets Ctrl-C; once more if the first fell into a destructor, where Python drops it."""
    for wait in (15, 15):
        running.send_signal(signal.SIGINT)
        try:
            return running.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            continue
    running.kill()
    return running.communicate()


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
    printed, told = interrupted(running)
    assert running.returncode == 130
    assert printed == ""
    assert "Traceback" not in told
    assert told.splitlines()[-1].endswith("feidi: interrupted. Nothing was written, earlier results are as they were.")
    assert before == {name: (out / name).read_bytes() for name in files_of(out)}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
