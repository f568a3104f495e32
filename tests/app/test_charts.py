"""The charts of the page: what is drawn is what was given."""

from __future__ import annotations

import re
import runpy
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.app.charts import Curve, bars, lorenz, parade, paths, stacked
from experiments.app.charts.ranks import cut
from experiments.units import Scale

pytestmark = pytest.mark.one_version

read = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("charts_read.py"))))
A, B, C, TOTAL = "#b35c00", "#0173b2", "#117733", "#24292f"
YEARS = tuple(range(2005, 2022))
RISING = np.linspace(10.0, 400.0, 17) ** 1.1 * 1e4
WAN = Scale(1e4, "万元")


def lines_of(*curves, year=2015, years=YEARS, last_year=2021, **words):
    words = {"title": "Income", "scale": WAN, **words}
    return read.parsed(paths(curves, years=years, year=year, last_year=last_year, **words))


def labels(root, colour):
    """The bold texts of a colour: the values at the cursor or at the ends of lines."""
    return [read.own_text(one) for one in read.all_of(root, "text", fill=colour, font_weight="600")]


def titles(root):
    return [one.text for one in root.iter(f"{read.SVG}title")]


def test_a_line_runs_through_the_values_of_its_years():
    root = lines_of(Curve("A", A, RISING), Curve("B", B, -RISING / 3))
    up, across = read.value_axis(root), read.year_axis(root)
    for colour, values in ((A, RISING), (B, -RISING / 3)):
        (points,) = read.stretches(root, colour)
        x, y = np.array(points).T
        assert across(x) == pytest.approx(YEARS, abs=0.02)
        assert up(y) == pytest.approx(values / 1e4, abs=0.002 * 1e3)


def test_the_axis_of_years_stays_while_years_are_lived():
    half, whole = (lines_of(Curve("A", A, RISING[:lived] % 7e5), years=YEARS[:lived], year=2009) for lived in (8, 17))
    first, all_points = read.stretches(half, A)[0], read.stretches(whole, A)[0]
    assert [x for x, _ in first] == [x for x, _ in all_points[:8]]
    assert len(first) == 8


def test_the_values_at_the_cursor_stand_beside_it():
    root = lines_of(Curve("A", A, RISING), Curve("B", B, RISING * 2), year=2010)
    value = RISING[5] / 1e4
    assert (labels(root, A), labels(root, B)) == ([f"{value:,.0f}"], [f"{value * 2:,.0f}"])
    assert root.get("aria-label") == f"Income. 2010: A {value:,.0f} 万元, B {value * 2:,.0f} 万元."
    assert (root.get("data-chart"), root.get("data-year"), root.get("role")) == ("paths", "2010", "img")
    (line,) = [one for one in read.all_of(root, "line") if one.get("x1") == one.get("x2") and one.get("stroke-width")]
    dots = read.all_of(root, "circle")
    assert {one.get("cx") for one in dots} == {line.get("x1")}
    assert read.year_axis(root)(float(line.get("x1"))) == pytest.approx(2010, abs=0.02)
    assert read.value_axis(root)(float(dots[0].get("cy"))) == pytest.approx(value, abs=2)


@pytest.mark.parametrize("year", [2004, 2018, 2030])
def test_a_year_without_values_has_no_labels(year):
    root = lines_of(Curve("A", A, RISING[:9]), years=YEARS[:9], year=year)
    assert labels(root, A) == []
    assert read.all_of(root, "circle") == []
    assert f"{year}: A -" in root.get("aria-label")


def test_a_missing_value_breaks_the_line():
    values = RISING.copy()
    values[[3, 4, 6]] = np.nan, np.inf, -np.inf
    stretches = read.stretches(lines_of(Curve("A", A, values)), A)
    assert [len(stretch) for stretch in stretches] == [3, 1, 10]
    (path,) = read.all_of(lines_of(Curve("A", A, values)), "path", stroke=A)
    assert path.get("d").count("h0") == 1, "the one between two gaps is seen as a dot"


def test_the_band_lies_between_its_ends():
    low, high = RISING * 0.8, RISING * 1.3
    low[16] = np.nan
    root = lines_of(Curve("A", A, RISING, low, high), year=2005)
    (area,) = read.all_of(root, "path", fill=A)
    (points,) = read.points(area.get("d"))
    heights = read.value_axis(root)(np.array(points)[:, 1])
    assert heights == pytest.approx(np.concatenate([high[:16], low[:16][::-1]]) / 1e4, abs=2.5)
    assert float(area.get("fill-opacity")) < 0.3
    told = next(one for one in titles(root) if one.startswith("2006"))
    assert told == f"2006\nA: {RISING[1] / 1e4:.0f} 万元 ({low[1] / 1e4:.0f} – {high[1] / 1e4:.0f})"


def test_lines_on_each_other_take_turns():
    same = np.where(np.arange(17) < 6, RISING, RISING * 2)
    root = lines_of(Curve("A", A, RISING), Curve("B", B, same), year=2006)
    (shared,) = [one for one in read.all_of(root, "path") if "stroke-dasharray" in one.attrib]
    assert (shared.get("stroke"), len(read.points(shared.get("d"))[0])) == (A, 6)
    under, over = (float(one.get("r")) for one in read.all_of(root, "circle"))
    assert under > over, "both dots are seen"


def test_names_are_told_and_nothing_else_comes_in():
    name = '<b>"1"</b>&\x00\ud800' + "'"
    kept = name.replace("\x00", "").replace("\ud800", "")
    curve = Curve(name, '"><b/>', RISING)
    for svg in (
        paths([curve], years=YEARS, year=2021, last_year=2021, title=name, scale=Scale(1.0, name), note=name),
        stacked([curve], years=YEARS, year=2021, last_year=2021, title=name, scale=WAN, total=curve),
        bars([name], [curve], title=name, scale=WAN),
        parade([curve], title=name, x_title=name, scale=WAN, marks=[(1e6, name)]),
        lorenz([Curve(name, A, RISING / RISING[-1])], title=name, x_title=name, y_title=name),
    ):
        root = read.parsed(svg)
        kinds = {one.tag.removeprefix(read.SVG) for one in root.iter()}
        assert kinds <= {"svg", "g", "text", "tspan", "title", "line", "path", "rect", "circle"}
        assert root.get("aria-label").startswith(kept)
        assert any(kept in told for told in titles(root))
        assert kept in [one.text for one in [*root.iter(f"{read.SVG}tspan"), *root.iter(f"{read.SVG}text")]]


@pytest.fixture(scope="module")
def stack():
    """Three parts, one that changes its sign and one that is missing in a year, and their sum."""
    turning = np.linspace(-3e6, 4e6, 17)
    gap = np.where(np.arange(17) == 3, np.nan, -1.5e6)
    parts = [Curve("up", A, RISING / 2), Curve("turning", B, turning), Curve("gap", C, gap)]
    total = Curve("sum", TOTAL, np.nansum([one.values for one in parts], axis=0))
    svg = stacked(parts, years=YEARS, year=2012, last_year=2025, title="Gains", scale=WAN, total=total)
    return parts, total, read.parsed(svg)


def parts_of_years(root, colour):
    """Year -> top and bottom of the bar of a part."""
    (group,) = read.all_of(root, "g", fill=colour, stroke_width="0.4")
    found = {}
    for rect in group:
        year = int(re.search(r", (\d{4}):", rect[0].text)[1])
        top = float(rect.get("y"))
        found[year] = (top, round(top + float(rect.get("height")), 1))
    return found


def test_parts_meet_and_add_up(stack):
    parts, _, root = stack
    up = read.value_axis(root)
    heights = [parts_of_years(root, one.colour) for one in parts]
    for place, year in enumerate(YEARS):
        up_to = down_to = round(float((up - 0.0).roots()[0]), 1)
        for one, bars_of in zip(parts, heights, strict=True):
            value = one.values[place]
            if not np.isfinite(value) or value == 0.0:
                assert year not in bars_of
                continue
            top, bottom = bars_of[year]
            assert (bottom if value > 0 else top) == pytest.approx(up_to if value > 0 else down_to, abs=0.11)
            up_to, down_to = (top, down_to) if value > 0 else (up_to, bottom)
        values = np.array([one.values[place] for one in parts])
        ends = [np.nansum(np.maximum(values, 0.0)), np.nansum(np.minimum(values, 0.0))]
        assert up(np.array([up_to, down_to])) * 1e4 == pytest.approx(ends, abs=3e4)


def test_parts_share_their_edges_to_the_last_figure(stack):
    parts, _, root = stack
    lowest, middle = (parts_of_years(root, one.colour) for one in parts[:2])
    rising = [year for place, year in enumerate(YEARS) if parts[1].values[place] > 0]
    assert len(rising) == 10
    assert [middle[year][1] for year in rising] == [lowest[year][0] for year in rising]


def test_the_total_and_the_values_at_the_cursor_are_told(stack):
    parts, total, root = stack
    dots = read.all_of(root, "circle")[:17]
    assert read.value_axis(root)(np.array([float(one.get("cy")) for one in dots])) * 1e4 == pytest.approx(
        total.values, abs=3e4
    )
    texts = [read.own_text(one) for one in read.all_of(root, "text")]
    for one in (*parts, total):
        assert texts[texts.index(one.name) + 1] == f"{one.values[7] / 1e4:.0f}"
    assert f"up {RISING[7] / 2e4:.0f} 万元" in root.get("aria-label")
    assert "turning, 2005: -300 万元" in titles(root)


def test_bars_are_as_long_as_their_values():
    values = {"A": [4e6, -1e6, 2e6], "B": [np.nan, 3e6, 0.0]}
    series = [Curve("A", A, values["A"]), Curve("B", B, values["B"])]
    root = read.parsed(bars(["x", "y", "z"], series, title="Gains", scale=WAN))
    (zero,) = read.all_of(root, "line")
    drawn = {}
    for rect in root.iter(f"{read.SVG}rect"):
        if len(rect) and ": " in rect[0].text:
            left, width = float(rect.get("x")), float(rect.get("width"))
            drawn[rect[0].text] = (left - float(zero.get("x1")), width)
    unit = drawn["x, A: 400 万元"][1] / 4
    assert drawn.keys() == {"x, A: 400 万元", "y, A: -100 万元", "y, B: 300 万元", "z, A: 200 万元", "z, B: 0 万元"}
    assert [drawn[f"{name} 万元"][1] for name in ("y, A: -100", "y, B: 300", "z, A: 200")] == pytest.approx(
        [unit, 3 * unit, 2 * unit], abs=0.2
    )
    assert drawn["y, A: -100 万元"][0] == pytest.approx(-unit, abs=0.2)
    texts = [read.own_text(one) for one in read.all_of(root, "text")]
    assert texts[-9:] == ["x", "400", "-", "y", "-100", "300", "z", "200", "0"]


def test_shares_are_told_in_percent():
    root = read.parsed(bars(["x"], [Curve("A", A, [0.423])], title="Shares", scale=Scale(1.0, ""), share=True))
    assert read.own_text(read.all_of(root, "text")[-1]) == "42.3%"


@pytest.mark.parametrize("count", [5, 300])
def test_the_parade_goes_from_the_lowest_to_the_highest(count):
    values = np.random.default_rng(3).permutation(np.linspace(1e5, 9e6, count))
    root = read.parsed(parade([Curve("A", A, values)], title="Income", x_title="all", scale=WAN))
    (points,) = read.stretches(root, A)
    x, y = np.array(points).T
    assert all(one <= other for one, other in pairwise(x))
    assert all(one >= other for one, other in pairwise(y))
    assert read.value_axis(root)(y[[0, -1]]) == pytest.approx([10, 900], abs=4)
    assert len(points) == (10 if count == 5 else 201), "few have a step each"
    assert labels(root, A) == ["900"]


def test_a_cut_parade_ends_at_its_top_and_says_how_high_it_goes():
    values = np.linspace(0.0, 8e6, 101)
    svg = parade(
        [Curve("A", A, values)], title="x", x_title="x", scale=WAN, top=2e6, marks=[(1e6, "line"), (3e6, "no")]
    )
    root = read.parsed(svg)
    up, (points,) = read.value_axis(root), read.stretches(root, A)
    assert up(points[-1][1]) == pytest.approx(200, abs=1)
    right = max(float(one.get("x2")) for one in read.all_of(root, "line"))
    assert (points[-1][0] - points[0][0]) / (right - points[0][0]) == pytest.approx(0.25, abs=0.005)
    assert labels(root, A) == ["↑800"]
    (mark,) = [one for one in read.all_of(root, "line") if "stroke-dasharray" in one.attrib]
    assert up(float(mark.get("y1"))) == pytest.approx(100, abs=1)
    assert "line 100" in [read.own_text(one) for one in read.all_of(root, "text")]


def test_a_line_is_cut_where_it_gets_to_the_top():
    x, y = cut(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 10.0, 30.0, 90.0]), 25.0)
    assert (x.tolist(), y.tolist()) == ([0.0, 1.0, 1.75], [0.0, 10.0, 25.0])
    assert cut(np.array([0.0, 1.0]), np.array([7.0, 9.0]), 5.0)[1].tolist() == [5.0], "all are above"


def test_lorenz_is_square_and_shows_the_shares():
    shares = np.linspace(0.0, 1.0, 101) ** 2
    curve = Curve("A, Gini 0.33", A, shares)
    root = read.parsed(lorenz([curve], title="Lorenz", x_title="households", y_title="income"))
    (points,) = read.stretches(root, A)
    x, y = np.array(points).T
    assert x[-1] - x[0] == pytest.approx(y[0] - y[-1])
    assert read.value_axis(root)(y) == pytest.approx(shares * 100, abs=0.1)
    assert [points[0], points[-1]] == [
        tuple(float(one.get(name)) for name in ends)
        for one in [next(one for one in read.all_of(root, "line") if len(one))]
        for ends in (("x1", "y1"), ("x2", "y2"))
    ]
    assert root.get("aria-label") == "Lorenz. 50%: A, Gini 0.33 25.0%."
