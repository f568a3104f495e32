"""What is loaded, and what is not: each second of loading is paid by every command and every worker."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import seaborn
from scipy import stats

from experiments.effects import student
from experiments.figures.style import COLOURS, PAPER, WHITEGRID
from experiments.figures.theme import distinct

ANY_RUN = {"numpy", "pandas", "mesa", "scipy", "networkx", "multiprocessing", "pyarrow", "tqdm"}
PICTURES = {"matplotlib", "seaborn", "solara", "altair", "ipywidgets", "IPython"}
STATISTICS = {"scipy.stats", "statsmodels", "SALib", "sklearn", "optuna"}
COMMAND = "from experiments.cli import main\ntry: main({words})\nexcept SystemExit: pass"
WORKER = """
from experiments.batches.unit import Work, run_block
from experiments.batches.code import code_digest
from experiments.runner import Job
from experiments.scenario import find_scenario
from model.cases import load_case
case = load_case("tiny")
job = Job(case, "tiny", (find_scenario("pooling"),), 1, case.first_year, {})
assert run_block([Work(job, 0, ("recurrent_income_mean",), (), code_digest())])
"""


def loaded(code: str, names: set[str]) -> list[str]:
    """Which of the modules a new process has loaded after some code."""
    told = f"\nimport sys; print(sorted({names!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code + told], capture_output=True, text=True, check=True, timeout=120)
    last = done.stdout.splitlines()[-1]
    return [name.strip(" '") for name in last.strip("[]").split(",") if name]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["batch", "--help"]])
def test_what_only_tells_about_commands_loads_nothing_heavy(words):
    assert loaded(COMMAND.format(words=words), ANY_RUN | PICTURES | STATISTICS) == []


def test_a_worker_loads_neither_pictures_nor_statistics():
    assert loaded(WORKER, PICTURES | STATISTICS | {"pydantic", "mesa.visualization"}) == []


@pytest.mark.parametrize("drawn", [False, True])
def test_one_scenario_is_run_without_statistics_and_without_pictures_unless_asked(drawn, tmp_path):
    words = ["run", "solo", "--case", "tiny", "--years", "1", "--workers", "1", "--out", str(tmp_path / "out")]
    words += ["--figures"] if drawn else []
    never = STATISTICS | {"seaborn", "pydantic"}
    assert loaded(COMMAND.format(words=words), never if drawn else never | PICTURES) == []
    assert bool(list((tmp_path / "out").glob("figures/*.svg"))) == drawn


def test_students_quantile_is_that_of_scipy_to_the_bit():
    degrees = np.arange(1, 200)
    for level in (0.5, 0.9, 0.95, 0.99):
        assert np.array_equal(student(level, degrees), stats.t.ppf(0.5 + level / 2.0, degrees))


def test_the_style_is_that_of_seaborn():
    letters = {"font.family", "font.sans-serif", "image.cmap"}  # which figures set themselves, or have no use for
    assert {key: value for key, value in seaborn.axes_style("whitegrid").items() if key not in letters} == WHITEGRID
    assert seaborn.plotting_context("paper") == pytest.approx(PAPER, rel=1e-12)
    for count in (1, len(COLOURS)):
        assert distinct(count) == list(seaborn.color_palette("colorblind", count))
    assert distinct(14) == list(seaborn.color_palette("husl", 14))
