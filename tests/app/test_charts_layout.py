"""The charts of the page: texts that can be read whatever they say, and colours that all can tell apart."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from experiments.app.charts import PALETTE, Curve, bars, lorenz, parade, paths, stacked
from experiments.app.charts.axes import spread, ticks
from experiments.app.charts.palette import INK, QUIET, contrast, readable
from experiments.app.charts.svg import ELLIPSIS, fitted, width_of, wrapped
from experiments.units import Scale

pytestmark = pytest.mark.one_version

read = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("charts_read.py"))))
ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "short": "solo",
    "English": "An arm with a WIDE name that somebody wrote into a scenario file, and then some more words",
    "Chinese": "某县自行编写的名称很长的一个方案：飞地抱团加众筹再加山海协作以及东西部协作（组合版本）",
    "one word": "W" * 90,
}
KINDS = {"cut parade": "parade", "shares": "bars"}
NUMBER = re.compile(r'(?<![\w-])(?:x|y|x1|x2|y1|y2|width|height|cx|cy|r|d)="([^"]*)"')
COLOUR = "#b35c00"


def charts(curves, words, scale, year=2016, years=range(2005, 2022)):
    """Every kind of chart with the same curves, which are brought between 0 and 1 for shares, and one text all over."""
    time = {"years": tuple(years), "year": year, "last_year": 2021}
    text = {"title": words, "scale": scale, "empty": words}
    total = curves[0] if curves else Curve(words, COLOUR, [])
    groups = [f"{words} {place}" for place in range(len(tuple(years)))]
    marks = [(2e6, words), (2.1e6, words), (-1e6, words)]
    return {
        "paths": paths(curves, **time, **text, note=words),
        "parade": parade(curves, **text, x_title=words, marks=marks),
        "cut parade": parade(curves, **text, x_title=words, marks=marks, top=2.5e6),
        "lorenz": lorenz([shares_of(one) for one in curves], title=words, x_title=words, y_title=words, empty=words),
        "bars": bars(groups, curves, **text),
        "shares": bars(groups, curves, **text, share=True),
        "stacked": stacked(curves, **time, **text, total=total),
    }


def shares_of(curve):
    with np.errstate(all="ignore"):
        return Curve(curve.name, curve.colour, np.array(curve.values) / 1e7)


def curves_named(words, count, size=17):
    steps = np.random.default_rng(count).normal(size=(count, size)).cumsum(axis=1) * 1e6
    return [Curve(f"{words} {row}", PALETTE[row % 8], one, one - 5e5, one + 5e5) for row, one in enumerate(steps)]


@pytest.mark.parametrize("count", [1, 2, 8, 20])
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("scale", [Scale(1e4, "万元/年"), Scale(1.0, "10,000 yuan a person and a year, or so")])
def test_texts_neither_leave_the_picture_nor_lie_on_each_other(words, count, scale):
    drawn = charts(curves_named(WORDS[words], count), WORDS[words], scale)
    assert {name: read.faults(svg) for name, svg in drawn.items()} == {name: [] for name in drawn}


@pytest.mark.parametrize("last_year", [2005, 2021, 2028, 2035])
def test_the_cursor_leaves_room_wherever_it_stands(last_year):
    curves = curves_named("solo", 2)
    for year in range(2005, last_year + 1):
        time = {"years": range(2005, min(last_year, 2021) + 1), "year": year, "last_year": last_year}
        text = {"title": "Income", "scale": Scale(1.0, "yuan")}
        for svg in (paths(curves, **time, **text), stacked(curves, **time, **text, total=curves[0])):
            assert read.faults(svg) == []
            bold = [read.own_text(one) for one in read.all_of(read.parsed(svg), "text", font_weight="600")]
            assert bold[0] == str(year)


def test_a_text_out_of_place_is_seen():
    svg = charts(curves_named("solo", 2), "Income", Scale(1.0, "yuan"))["paths"]
    label = re.search(r'<text x="[\d.]+" y="[\d.]+" font-size="10" font-weight="600"', svg).group()
    assert "leaves the picture" in read.faults(svg.replace(label, re.sub(r'x="[\d.]+"', 'x="355"', label)))[0]
    assert "lies on" in read.faults(svg.replace(label, re.sub(r'x="[\d.]+" y="[\d.]+"', 'x="5" y="14"', label)))[0]


@pytest.mark.parametrize("words", WORDS)
def test_pictures_take_the_width_of_their_place(words):
    for svg in charts(curves_named(WORDS[words], 2), WORDS[words], Scale(1.0, "yuan")).values():
        root = read.parsed(svg)
        assert root.get("viewBox").startswith("0 0 360 ")
        assert "width" not in root.attrib
        assert "width:100%" in root.get("style")
        assert {float(one.get("font-size")) for one in read.all_of(root, "text")} == {10.0, 12.0}
        found = [number for text in NUMBER.findall(svg) for number in re.findall(r"-?[\d.]+", text)]
        assert len(found) > 50
        assert [number for number in found if not re.fullmatch(r"-?\d+(\.\d)?", number) or number == "-0"] == []


def test_a_name_that_is_cut_is_told_in_full():
    root = read.parsed(charts(curves_named(WORDS["English"], 2), "x", Scale(1.0, "yuan"))["paths"])
    shown = [read.own_text(one) for one in read.all_of(root, "text")]
    assert [text for text in shown if text.endswith(ELLIPSIS)] != []
    assert f"{WORDS['English']} 0" in [one.text for one in root.iter(f"{read.SVG}title")]


@pytest.mark.parametrize(
    "values", [[], [np.nan] * 17, [np.inf, -np.inf], [1e300], [None, None]], ids=["none", "nan", "inf", "huge", "None"]
)
def test_a_chart_without_numbers_says_so(values):
    curves = [Curve("solo", COLOUR, np.array(values, dtype=float))]
    for drawn in (charts(curves, "nothing yet", Scale(1.0, "yuan")), charts([], "nothing yet", Scale(1.0, "yuan"))):
        for svg in drawn.values():
            root = read.parsed(svg)
            assert "nothing yet" in [read.own_text(one) for one in read.all_of(root, "text", text_anchor="middle")]
            assert read.all_of(root, "path") + read.all_of(root, "rect") == []
    assert "nothing yet" in paths(
        [], years=(), year=2005, last_year=2021, title="", scale=Scale(1.0, ""), empty="nothing yet"
    )


@settings(derandomize=True, deadline=None, max_examples=40)
@given(some.lists(some.floats(), min_size=1, max_size=17), some.text(max_size=30), some.integers(2000, 2025))
def test_no_values_and_no_text_break_a_chart(values, words, year):
    curves = [Curve(words, COLOUR, values), Curve("same", "#0173b2", values, values, values[::-1])]
    for name, svg in charts(curves, words, Scale(1.0, words), year, range(2005, 2005 + len(values))).items():
        assert read.parsed(svg).get("data-chart") == KINDS.get(name, name)
        assert "nan" not in "".join(NUMBER.findall(svg))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(some.lists(some.floats(-50, 250), min_size=1, max_size=12))
def test_labels_are_spread_as_little_as_it_takes(wanted):
    places, gap = np.array(wanted), 11.0
    moved = spread(places, gap, 0.0, 150.0)
    order = np.argsort(places, kind="stable")
    assert all(later - one >= gap - 1e-9 for one, later in pairwise(moved[order]))
    assert moved.min() >= 0.0
    assert moved.max() <= 150.0 + 1e-9
    fair = np.all(np.diff(places[order]) >= gap) and places.min() >= 0.0 and places.max() <= 150.0
    assert not fair or moved == pytest.approx(places)


def test_two_labels_at_one_place_part_evenly():
    assert spread(np.array([70.0, 70.0, 20.0]), 10.0, 0.0, 150.0).tolist() == [65.0, 75.0, 20.0]
    with pytest.raises(ValueError, match="3 labels"):
        spread(np.zeros(3), 10.0, 0.0, 15.0)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(some.floats(-1e12, 1e12), some.floats(1e-6, 1e12))
def test_ticks_are_few_round_and_around_all_values(low, span):
    high = low + span
    places = ticks(low, high) if high - low > 1e-9 * max(abs(low), abs(high)) else [low, high]
    step = places[1] - places[0]
    assert 2 <= len(places) <= 7
    assert places[0] <= low + 1e-6 * step
    assert places[-1] >= high - 1e-6 * step


@pytest.mark.parametrize(
    ("ends", "expected"),
    [((0, 4.1), [0, 1, 2, 3, 4, 5]), ((-30, 95), [-50, -25, 0, 25, 50, 75, 100]), ((0.21, 0.33), [0.2, 0.225, 0.25])],
)
def test_ticks_by_hand(ends, expected):
    assert ticks(*ends)[: len(expected)] == pytest.approx(expected)


@pytest.mark.parametrize("bold", [False, True])
def test_no_letter_is_wider_than_it_is_taken_for(bold):
    letters = [chr(code) for code in [*range(32, 127), *range(0xC0, 0x180), *map(ord, "–—…↑×·村，（")]]
    assert [one for one in letters if read.letter_width(one, bold) > width_of(one, size=1.0, bold=bold) + 1e-9] == []


def test_lines_are_broken_between_words_and_between_chinese_letters():
    assert wrapped("one two three", 50.0, most=3) == ["one two", "three"]
    assert wrapped("村集体收入，元", 50.0, most=2) == ["村集体收", "入，元"]
    assert wrapped("村集体收入，元", 55.0, most=2)[1][0] != "，", "no line begins with a comma"
    assert "".join(wrapped("m" * 12, 50.0, most=3)) == "m" * 12, "a word longer than a line is broken"
    assert wrapped("", 50.0, most=2) == []
    assert fitted("one two three", 40.0).endswith(ELLIPSIS)
    assert width_of(fitted("one two three", 40.0)) <= 40.0


def test_texts_stand_out_from_the_ground():
    assert contrast("#ffffff") == pytest.approx(1.0)
    assert contrast("#000000") == pytest.approx(21.0)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)
    for colour in (*PALETTE, "#ffff00", INK, QUIET, "#b35c00", "#0173b2"):
        assert contrast(readable(colour)) >= 4.5
    assert readable("#0173b2") == "#0173b2", "what is dark enough stays"
    assert readable("url(x)") == INK


# What people without one kind of cones see: Machado, Oliveira and Fernandes (2009), severity 1.
SIGHT = {
    "all cones": np.eye(3),
    "no red": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "no green": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "no blue": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}


def seen(colour, sight):
    """A colour as an eye sees it, in CIE L*a*b*."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = to_xyz @ np.clip(SIGHT[sight] @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_differ_for_every_eye(sight):
    """A difference of 2.3 is just seen; neighbours in a stack differ more than the rest must."""
    far = {pair: np.linalg.norm(seen(pair[0], sight) - seen(pair[1], sight)) for pair in combinations(PALETTE, 2)}
    assert min(far.values()) > 15
    assert min(far[pair] for pair in pairwise(PALETTE)) > 25
    assert np.linalg.norm(seen("#b35c00", sight) - seen("#0173b2", sight)) > 80


def test_charts_load_neither_the_model_nor_other_charts():
    code = "import sys, experiments.app.charts; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"mesa", "matplotlib", "pandas", "solara", "model"} & set(done.stdout.split()) == set()
    assert "experiments.app.charts.lines" in done.stdout.split()
