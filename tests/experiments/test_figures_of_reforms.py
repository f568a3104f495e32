"""Figures of arms whose mechanisms have windows, and whose names are long."""

from __future__ import annotations

from io import BytesIO

import pytest

from experiments.cli import main
from experiments.figures import FIGURES
from experiments.figures.graph import partnership_graph
from experiments.figures.look import LINE, LINES, Look, arm_labels, baseline_label, in_lines, width_of
from experiments.figures.theme import distinct, theme
from experiments.scenario import AID_ARMS, SCENARIOS
from experiments.study import compare
from experiments.words import arm_name
from model.registry import find_mechanism

pytestmark = pytest.mark.one_version

LEVERS = "[pool.coupon_rate=2006:0.1,2010:0.08,2012:0.07,2013:0.06;stress.slump=0.4;pool.weak_line=2000000]"
MANY = "+".join(f"solo@{year}-{year}" for year in range(2006, 2076))
LONG = f"{MANY}+town_joint@2008-2012+town_joint@2013{LEVERS}"
BRANCH = "solo+town_joint@2008-2012+enclave@2013"


@pytest.fixture(scope="module")
def reform():
    """Two seeds of a reform, and of an arm with a name that no figure has room for."""
    return compare("solo", BRANCH, LONG, case="tiny", seeds=2, years=10, workers=1, turning_point=False)


def key_of(figure):
    legend = figure.legends[0]
    shades = [tuple(one.get_color()) for one in legend.legend_handles if one.get_marker() == "s"]
    return dict(zip([text.get_text() for text in legend.get_texts()], shades, strict=False))


def named(stakes, first, others):
    """The stakes of the branch as if its first project and the others were founded by mechanisms of these names."""
    mine = stakes[stakes["arm"] == BRANCH]
    names = [first if project == mine["project"].min() else others for project in mine["project"]]
    assert len(set(names)) == len({first, others})
    return mine.assign(mechanism=names)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_windows_are_told_in_the_partnership_graph(reform, lang):
    look, windows = Look(lang), ("town_joint@2008-2012", "enclave@2013")
    titles = [look.title(find_mechanism(name)) for name in windows]
    with theme(look):
        assert titles[1] in key_of(partnership_graph(reform, reform.stakes, look, arm=BRANCH))
        figure = partnership_graph(reform, named(reform.stakes, *windows), look, arm=BRANCH)
    assert key_of(figure) == dict(zip(titles, map(tuple, distinct(2)), strict=True))


def test_windows_of_one_mechanism_are_one_entry_of_the_same_colour_as_the_mechanism(reform):
    pairs = (("town_joint@2008-2012", "town_joint@2013"), ("town_joint", "town_joint"))
    found = [key_of(partnership_graph(reform, named(reform.stakes, *pair), arm=BRANCH)) for pair in pairs]
    assert found[0] == found[1] == {find_mechanism("town_joint").title: tuple(distinct(1)[0])}


def test_a_mechanism_that_is_no_longer_known_keeps_its_name_and_comes_last(reform):
    stakes = named(reform.stakes, "gone", "enclave@2013")
    assert list(key_of(partnership_graph(reform, stakes, arm=BRANCH))) == [find_mechanism("enclave@2013").title, "gone"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["effect_paths", "effects", "lorenz", "partnership_graph"])
def test_no_name_is_so_long_that_a_figure_collapses(reform, name):
    with theme():
        FIGURES[name](reform, Look()).savefig(BytesIO(), format="png", dpi=30)


def test_long_names_are_told_in_few_lines(reform):
    labels = arm_labels(reform, Look())
    assert [labels["solo"], labels[BRANCH]] == ["solo", BRANCH]
    lines = labels[LONG].split("\n")
    assert (len(lines), lines[LINES - 2]) == (LINES, "…")
    assert width_of(labels[LONG]) <= LINE
    assert LONG.startswith(lines[0])
    assert LONG.endswith(lines[-1])
    assert baseline_label(reform, Look()) == "solo"


def test_names_that_feidi_gives_stay_as_they_are():
    names = [arm_name(one, lang) for one in (SCENARIOS | AID_ARMS).values() for lang in ("en", "zh")]
    assert [in_lines(name) for name in names] == names


def test_tables_are_printed_though_a_figure_fails(tmp_path, monkeypatch, capsys):
    def fail(study, look):
        raise KeyError("a figure")

    monkeypatch.setattr("experiments.figures.FIGURES", {"levels": fail})
    words = ("compare", "solo", "own+", "--case", "tiny", "--seeds", "2", "--years", "3", "--workers", "1")
    assert main([*words, "--no-turning-point", "--out", str(tmp_path / "out")]) != 0
    output = capsys.readouterr()
    assert "own+ minus solo" in output.out
    assert "a figure" in output.err
