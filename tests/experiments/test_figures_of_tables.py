"""Figures that are drawn from tables of their own: the partnership graph, indices, elementary effects and maps."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from experiments.figures import save
from experiments.figures.graph import chosen_years, partnership_graph
from experiments.figures.graph_layout import layout_of
from experiments.figures.look import Look
from experiments.figures.sensitivity import map_of_effects, morris_plot, sobol_bars
from experiments.figures.theme import theme
from experiments.frames import STAKE_COLUMNS
from experiments.sensitivity import INTERACTIONS, MORRIS_COLUMNS, SEED, SOBOL_COLUMNS

pytestmark = pytest.mark.one_version

ZH = Look("zh")
# Persons, arms and keys of parameters are called the same in both languages.
NAMES = re.compile(r"Sobol|Morris|pooling|enclave|pool\.coupon_rate|pool\.min_stake|land\.idle_mean")
STAKES = pd.DataFrame(
    [
        (1, "pooling", 2013, "Village", 0, 7, "enclave", 0, 1e6),
        (1, "pooling", 2013, "Village", 5, 7, "enclave", 0, 2e6),
        (1, "pooling", 2021, "Village", 0, 7, "enclave", 0, 1e6),
        (1, "pooling", 2021, "Village", 5, 7, "enclave", 0, 2e6),
        (1, "pooling", 2021, "Village", 14, 8, "mountain_sea", 0, 3e6),
        (1, "pooling", 2021, "Village", 15, 8, "mountain_sea", 0, 3e6),
        (1, "pooling", 2021, "County", 0, 9, "fashion_park", 3, 9e6),
        (1, "pooling", 2021, "Outside", 0, 9, "fashion_park", 3, 9e6),
        (1, "pooling", 2021, "Household", 0, 10, "household_shares", 0, 5e5),
        (1, "enclave", 2021, "Village", 0, 7, "enclave", 0, 1e6),
        (2, "pooling", 2021, "Village", 1, 7, "enclave", 0, 1e6),
    ],
    columns=STAKE_COLUMNS,
)
SOBOL = pd.DataFrame(
    [
        ("pool.min_stake", 0.1, 0.05, 0.15, 0.2, 0.1, 0.3, ""),
        (SEED, 0.3, 0.2, 0.4, 0.9, 0.8, 1.0, ""),
        ("pool.coupon_rate", 0.5, 0.4, 0.6, 0.6, 0.5, 0.7, ""),
        (INTERACTIONS, 0.1, 0.0, 0.2, np.nan, np.nan, np.nan, ""),
    ],
    columns=SOBOL_COLUMNS,
)
MORRIS = pd.DataFrame(
    [
        ("pool.min_stake", 2e5, 3e5, 2e5, 4e5, 1e5, 4e5, "not above the noise floor"),
        ("pool.coupon_rate", 9e5, 9e5, 8e5, 1e6, 2e5, 1e5, ""),
        ("land.idle_mean", 2e5, 2e5, 1e5, 3e5, 1e5, 1e5, ""),
    ],
    columns=MORRIS_COLUMNS,
)
GRID = pd.DataFrame(
    [
        ("enclave", 0.05, 1.0, -2e5, -3e5, -1e5),
        ("enclave", 0.05, 2.0, 1e5, -1e5, 3e5),
        ("enclave", 0.10, 1.0, 4e5, 3e5, 5e5),
        ("pooling", 0.05, 1.0, 3e5, np.nan, np.nan),
    ],
    columns=["arm", "pool.coupon_rate", "pool.min_stake", "effect", "low", "high"],
)


def drawn_map(look, table=GRID):
    return map_of_effects(table, "pool.coupon_rate", "pool.min_stake", look, outcome="recurrent_income_mean", title="")


def test_no_english_is_left_in_chinese(study, tmp_path):
    with theme(ZH):
        figures = [partnership_graph(study, STAKES, ZH), drawn_map(ZH), sobol_bars(SOBOL, ZH)]
        figures.append(morris_plot(MORRIS, ZH, unit="yuan/year"))
        for number, figure in enumerate(figures):
            save(figure, tmp_path / str(number))  # a character that the font lacks would be an error
            found = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
            assert re.findall(r"[A-Za-z]{2,}", NAMES.sub("", " ".join(found))) == []


@pytest.mark.parametrize("look", [Look(), ZH])
def test_same_tables_same_bytes(study, tmp_path, look):
    files = []
    for number in range(2):
        with theme(look):
            save(partnership_graph(study, STAKES, look), tmp_path / str(number))
        files.append([(tmp_path / f"{number}.{ending}").read_bytes() for ending in ("png", "svg")])
    assert files[0] == files[1]


def test_no_stakes_no_graph(study):
    assert partnership_graph(study, None) is None
    assert partnership_graph(study, STAKES.iloc[:0]) is None
    assert partnership_graph(study, STAKES, arm="solo") is None


def test_a_graph_shows_one_run_and_everything_stays_in_its_place(study):
    figure = partnership_graph(study, STAKES)
    assert chosen_years(STAKES) == [2013, 2021]
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == [
        "2013: 2 villages, 1 projects, 3.0 million yuan",
        "2021: 4 villages, 4 projects, 27.5 million yuan",
    ]
    many = pd.concat([STAKES.assign(year=year) for year in range(2009, 2022)])
    assert chosen_years(many) == [2009, 2013, 2017, 2021]
    limits = {(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}
    assert len(limits) == 1
    before, after = (squares(ax) for ax in figure.axes)
    assert before <= after


def squares(ax):
    """Where the projects are drawn."""
    marks = [mark for mark in ax.collections if len(mark.get_offsets()) == 1 and mark.get_zorder() == 5]
    return {tuple(mark.get_offsets()[0]) for mark in marks}


def test_projects_lie_in_the_county_in_which_they_stand(study):
    layout = layout_of(study.plan.case, STAKES[STAKES["arm"] == "pooling"])
    place = {row: np.array(layout.nodes["Project", row]) for row in (7, 8, 9, 10)}
    county = [study.plan.case.county_row(town.county) for town in study.plan.case.towns]
    host, hill = (layout.villages[np.array(county)[layout.town] == row] for row in (0, 1))
    for row in (7, 8, 10):
        assert np.hypot(*place[row]) < 1.0  # the host lies round 0
        assert np.hypot(*(host - place[row]).T).min() < np.hypot(*(hill - place[row]).T).min()
    river = np.array(layout.nodes["County", 3])
    assert np.hypot(*(place[9] - river)) < 0.5
    assert min(np.hypot(*(place[one] - place[other])) for one in place for other in place if one < other) > 0.01


def test_indices_are_ranked_and_luck_set_off():
    (ax,) = sobol_bars(SOBOL).axes
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["pool.coupon_rate", "pool.min_stake", "luck (the seed)", "interactions of all"]
    assert np.diff(ax.get_yticks()).tolist() == pytest.approx([1.0, 1.8, 1.0])
    assert sorted(bar.get_width() for bar in ax.patches) == [0.1, 0.1, 0.2, 0.3, 0.5, 0.6, 0.9]
    assert sobol_bars(SOBOL.iloc[:0]) is None


def test_keys_that_luck_may_explain_are_hollow():
    ax, side = morris_plot(MORRIS, unit="yuan/year").axes
    filled, hollow = ({line.get_label(): line for line in ax.lines}[name] for name in ("more than luck", "may be luck"))
    assert filled.get_xdata().tolist() == [90.0, 20.0]
    assert hollow.get_xdata().tolist() == [30.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        *("pool.coupon_rate  1", "pool.min_stake  2", "land.idle_mean  3")
    ]
    assert [text.get_text() for text in side.texts] == ["1", "3"]
    one_seed = MORRIS.assign(noise_floor=np.nan)
    assert len(morris_plot(one_seed).axes[0].lines[0].get_xdata()) == 3
    assert morris_plot(MORRIS.iloc[:0]) is None


def test_a_map_is_centred_at_zero_and_crosses_what_is_unsure():
    enclave, pooling, _ = drawn_map(Look()).axes
    for ax in (enclave, pooling):
        assert ax.collections[0].get_clim() == (-40.0, 40.0)
    assert enclave.get_title() == "enclave"
    assert [len(ax.lines[0].get_xdata()) for ax in (enclave, pooling)] == [1, 1]
    assert sorted(text.get_text() for text in enclave.texts) == ["+10.0", "+40.0", "-20.0"]
    assert np.ma.getmaskarray(enclave.collections[0].get_array()).sum() == 1
    assert len(drawn_map(Look(), GRID.drop(columns="arm").iloc[:3]).axes) == 2
    assert drawn_map(Look(), GRID.iloc[:0]) is None
    steps = pd.concat([GRID.assign(baseline="solo"), GRID.iloc[:3].assign(baseline="town")])
    titles = [ax.get_title() for ax in drawn_map(ZH, steps).axes[:2]]
    assert titles == ["县域飞地抱团 (enclave) 减 单打独斗 (solo)", "强村众筹 (pooling) 减 单打独斗 (solo)"]
    with pytest.raises(ValueError, match="duplicate"):
        drawn_map(Look(), steps.drop(columns="baseline"))
    flat = drawn_map(Look(), GRID.assign(effect=0.0))
    assert flat.axes[0].collections[0].get_clim() == (-1.0, 1.0)
