"""Figures in two languages: words, letters, and whether what is drawn is what the tables say."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from experiments.figures import FIGURES, write_figures
from experiments.figures.fonts import subset
from experiments.figures.gains import waterfall
from experiments.figures.look import Look, intervals_of, width_of
from experiments.figures.sankey import sankey
from experiments.figures.theme import pair_colours, theme
from experiments.figures.villages import (
    equal_groups,
    growth_incidence_curves,
    host_incomes,
    lorenz,
    winners_and_losers,
)
from experiments.scenario import SCENARIOS
from experiments.words import WordError, chinese
from model.cases import case_names, load_case
from model.indicators import INDICATORS, RATIOS
from model.registry import mechanisms

pytestmark = pytest.mark.one_version

ZH = Look("zh")
FONT = Path(subset.__file__).with_name(subset.FILE)


@pytest.fixture(scope="module")
def letters():
    """The characters that our font has."""
    return {chr(code) for code in TTFont(FONT).getBestCmap()}


def texts(figure):
    """All texts that a reader sees in a figure, those of ticks among them."""
    ticks = [tick for ax in figure.axes for tick in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return [text.get_text() for text in (*figure.findobj(Text), *ticks) if text.get_visible() and text.get_text()]


def english(found):
    """The English words in some texts; names of arms are the same in both languages."""
    for name in sorted(SCENARIOS, key=len, reverse=True):
        found = [text.replace(name, "") for text in found]
    return [word for text in found for word in re.findall(r"[A-Za-z]{2,}", text)]


@pytest.mark.parametrize("name", FIGURES)
def test_no_english_is_left_in_chinese_figures(turned, name):
    with theme(ZH):
        found = texts(FIGURES[name](turned, ZH))
    assert len(found) > 5
    assert english(found) == []
    assert english(texts(FIGURES[name](turned, Look()))) != []


def test_every_figure_is_written_in_chinese_and_settings_left_alone(turned, tmp_path):
    before = dict(mpl.rcParams)
    assert write_figures(turned, tmp_path / "figures", lang="zh") == list(FIGURES)
    assert "<text" not in (tmp_path / "figures" / "effects.svg").read_text(encoding="utf-8")
    assert dict(mpl.rcParams) == before


def test_another_language_is_refused_before_anything_is_written(turned, tmp_path):
    with pytest.raises(WordError, match="no language 'fr'"):
        write_figures(turned, tmp_path / "figures", lang="fr")
    assert not (tmp_path / "figures").exists()


def test_the_font_has_all_chinese_words_of_the_project(letters):
    cases = [load_case(name) for name in case_names()]
    declared = [*INDICATORS.values(), *RATIOS.values(), *SCENARIOS.values(), *mechanisms().values(), *cases]
    places = [place for case in cases for place in (*case.counties, *case.towns)]
    known = "".join([*chinese().values(), *(one.title_zh for one in declared), *(one.name_zh for one in places)])
    assert set(known) - letters - {"\n"} == set()


def test_the_font_is_the_subset_that_its_script_makes(letters):
    wanted = {chr(code) for code in subset.code_points()}
    assert letters <= wanted
    assert {one for one in wanted if one.isascii() or "\u4e00" <= one <= "\u9fff"} <= letters
    assert len([one for one in letters if "\u4e00" <= one <= "\u9fff"]) >= 6763
    names = TTFont(FONT)["name"]
    assert names.getDebugName(1) == subset.FAMILY
    assert "Open Font License" in names.getDebugName(13)
    assert "SIL OPEN FONT LICENSE Version 1.1" in FONT.with_name("OFL.txt").read_text(encoding="utf-8")


def test_a_character_that_no_font_has_is_seen():
    with theme(ZH):
        figure = mpl.figure.Figure()
        figure.suptitle("\U0010fffd")  # for private use: in no font
        with pytest.warns(UserWarning, match="Glyph 1114109"):
            figure.savefig(BytesIO(), format="png")


def test_widths_count_chinese_characters_twice():
    assert width_of("农户 ab\nabcdefgh") == 8
    assert Look().wrapped("one two", 4) == "one\ntwo"
    assert ZH.wrapped("经常性收入", 6) == "经常性\n收入"


@pytest.mark.parametrize("look", [Look(), ZH])
def test_titles_are_no_wider_than_their_figures(study, look):
    with theme(look):
        for name, draw in FIGURES.items():
            figure = draw(study, look)
            if figure is not None:
                title = figure._suptitle.get_window_extent(FigureCanvasAgg(figure).get_renderer())
                assert title.width < figure.bbox.width, name


def test_intervals_are_named_where_they_are_drawn(study):
    assert intervals_of(study, Look()) == ", 95% intervals"
    assert intervals_of(replace(study, plan=replace(study.plan, seeds=1)), Look()) == ""
    assert intervals_of(replace(study, plan=replace(study.plan, scenarios=study.plan.scenarios[:1])), Look()) == ""


def test_arms_and_steps_have_colours_of_their_own(study):
    shades = [tuple(shade) for shade in pair_colours(study).values()]
    assert len(set(shades)) == len(study.plan.pairs) > len(study.plan.main_pairs)


def test_waterfall_goes_from_zero_to_the_same_sum_twice(study):
    for ax, pair in zip(waterfall(study).axes, study.plan.main_pairs, strict=True):
        labels = [label.get_text() for label in ax.get_yticklabels()]
        bars = {round(bar.get_y() + bar.get_height() / 2.0): bar for bar in ax.patches}
        created, gained = (bars[labels.index(name)] for name in ("VALUE CREATED", "SUM OF ALL GAINS"))
        rows = study.effects
        rows = rows[(rows["baseline"] == pair[0]) & (rows["arm"] == pair[1]) & (rows["outcome"] == "value_to_date")]
        value = rows.loc[rows["year"] == 2021, "effect"].item() / 1e6
        assert created.get_width() == pytest.approx(gained.get_width()) == pytest.approx(value, rel=1e-6)
        first, last = (bars[row] for row in (labels.index("VALUE CREATED") + 2, labels.index("SUM OF ALL GAINS") - 1))
        assert first.get_x() == 0.0
        assert last.get_x() + last.get_width() == pytest.approx(value, abs=0.002 * abs(first.get_width()))


def test_sankey_outlines_what_is_no_longer_received(study):
    patches = [patch for ax in sankey(study).axes for patch in ax.patches if type(patch).__name__ == "PathPatch"]
    outlined = [patch for patch in patches if patch.get_linewidth()]
    assert 0 < len(outlined) < len(patches)
    assert all(patch.get_facecolor()[3] < 0.2 for patch in outlined)
    assert all(patch.get_hatch() is None for patch in patches)


def test_lorenz_curves_have_the_gini_of_the_indicators(study):
    figure = lorenz(study)
    last = study.indicators[study.indicators["year"] == 2021].groupby("arm")["recurrent_income_gini"].mean()
    found = [text.get_text() for text in figure.legends[0].get_texts()]
    assert found == [f"{arm}: Gini {last[arm]:.3f}" for arm in ("solo", "solo_funded", "enclave")]
    curves, more = figure.axes
    for line in curves.lines[1:]:
        x, y = line.get_data()
        assert (y <= x + 1e-9).all()
        assert (np.diff(y) >= 0.0).all()
    solo, enclave = curves.lines[1].get_ydata(), curves.lines[3].get_ydata()
    np.testing.assert_allclose(more.lines[1].get_ydata(), enclave - solo, atol=1e-9)


def test_growth_is_that_of_ranks(study):
    ax, more = growth_incidence_curves(study).axes
    first, last = (host_incomes(study, year, ["recurrent_income"]) for year in (2005, 2021))
    assert equal_groups(last["solo"].shape[1]) == 5  # 12 villages
    poorest = {arm: np.sort(values, axis=1)[:, :2].mean(axis=1) for arm, values in last.items()}
    before = np.sort(first["solo"], axis=1)[:, :2].mean(axis=1)
    yearly = ((poorest["enclave"] / before) ** (1.0 / 16.0) - 1.0).mean()
    assert ax.lines[2].get_ydata()[0] == pytest.approx(100.0 * yearly)
    effect = (poorest["enclave"] / poorest["solo"] - 1.0).mean()
    assert more.lines[1].get_ydata()[0] == pytest.approx(100.0 * effect)


def test_winners_and_losers_are_the_same_villages_in_both_arms(study):
    ax, side = winners_and_losers(study).axes
    first = host_incomes(study, 2005, ["recurrent_income"])["solo"]
    last = host_incomes(study, 2021, ["recurrent_income", "aid"])
    change, losing = [], []
    for opening, without, with_it in zip(first, last["solo"], last["enclave"], strict=True):
        richest = sorted(range(12), key=lambda village: opening[village])[-2:]
        gaps = [with_it[village] - without[village] for village in richest]
        change.append(sum(gaps) / 2.0)
        losing.append(sum(gap < -1.0 for gap in gaps) / 2.0)
    assert ax.lines[1].get_ydata()[-1] == pytest.approx(np.mean(change) / 1e4)
    assert side.lines[1].get_ydata()[-1] == pytest.approx(100.0 * np.mean(losing))
    assert [equal_groups(villages) for villages in (72, 20, 19, 10, 4)] == [10, 10, 5, 5, 4]
