"""Colours, widths and sizes follow what the frame holds."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest

from experiments.app.frame import arrivals
from experiments.app.graph.colours import CAPITAL_LIMITS, WIDTHS, income_classes, ramp, width_classes
from experiments.app.graph.families import mechanism_colour
from model.registry import find_mechanism

pytestmark = pytest.mark.one_version


def changed(frame, kind, **columns):
    """A frame with other values in some columns."""
    return dataclasses.replace(frame, tables={**frame.tables, kind: {**frame.tables[kind], **columns}})


def test_colours_follow_incomes(draw, pair):
    for world in (0, 1):
        income = pair.worlds[world].frame(2021).column("Village", "recurrent_income")
        svg = draw(world)
        shades = [svg.shade(row) for row in np.argsort(income).tolist()]
        assert shades == sorted(shades)
        assert len(set(shades)) > 3


def test_the_scale_of_incomes_spans_its_limits():
    assert income_classes(np.array([-1.0, 0.0, 1e6 - 1.0, 8e6, 9e9]), (0.0, 8e6)).tolist() == [0, 0, 7, 15, 15]
    assert income_classes(np.array([1e6]), (1e6, 8e6)).tolist() == [0]
    light = [sum(int(one[at : at + 2], 16) for at in (1, 3, 5)) for one in ramp()]
    assert light == sorted(light, reverse=True)
    assert len(set(ramp())) == len(ramp())


def test_widths_follow_capital(draw, pair):
    capital = pair.worlds[1].frame(2021).stakes.capital
    drawn = Counter()
    for width, _, _, count in draw().lines:
        drawn[width] += count
    assert drawn == Counter(sum(one >= least for least in CAPITAL_LIMITS) for one in capital.tolist())
    assert len(drawn) > 2
    assert width_classes(np.array([0.0, *CAPITAL_LIMITS])).tolist() == [0, 1, 2, 3, 4]
    order = width_classes(np.sort(capital))
    assert (np.diff(order) >= 0).all()
    assert list(WIDTHS) == sorted(set(WIDTHS))
    assert len(WIDTHS) == len(CAPITAL_LIMITS) + 1


def test_lines_have_the_colours_of_their_mechanisms(draw, pair):
    world = pair.worlds[1]
    frame = world.frame(2021)
    names = [world.scenario.mechanisms[one] for one in frame.column("Project", "mechanism")[frame.stakes.project]]
    drawn = Counter()
    for _, colour, _, count in draw().lines:
        drawn[colour] += count
    assert drawn == Counter(mechanism_colour(find_mechanism(name)) for name in names)


def test_holders_are_outlined_and_builders_stand_on_a_square(draw, pair):
    for world in (0, 1):
        frame, svg = pair.worlds[world].frame(2021), draw(world)
        holders = set(frame.stakes.holder[frame.stakes.kind == 0].tolist())
        columns = frame.tables["Project"]
        builders = set(columns["village"][(columns["village"] >= 0) & (columns["builds"] > 0)].tolist())
        assert bool(holders) == (world == 1)
        assert builders
        for row in range(len(frame.column("Village", "town"))):
            key = f"Village-{row}"
            assert bool(svg.of("h", key=key) + svg.of("hs", key=key)) == (row in holders)
            assert bool(svg.of("own", key=key)) == (row in builders)


def test_squares_show_capital_and_what_is_let(draw, pair):
    frame = pair.worlds[1].frame(2021)
    rows = np.unique(frame.stakes.project)
    half = np.where(np.isin(np.arange(len(frame.column("Project", "floor"))), rows), 0.5, 1.0)
    frame = changed(frame, "Project", let=half * frame.column("Project", "floor"))
    svg, sides, capital = draw(frame=frame), [], []
    for row in rows.tolist():
        side = int(svg.square(row).get("width"))
        sides.append(side)
        capital.append(frame.stakes.capital[frame.stakes.project == row].sum())
        (fill,) = [one for one in svg.mark(f"Project-{row}").iter() if one.get("fill")]
        business, floor = (frame.column("Project", name)[row] for name in ("business", "floor"))
        share = 1.0 if business else 0.5 * (floor > 0.0)
        assert int(fill.get("height")) == pytest.approx(share * side, abs=1.0)
        assert int(fill.get("y")) + int(fill.get("height")) == int(svg.square(row).get("y")) + side
    assert (np.diff(np.array(sides)[np.argsort(capital)]) >= 0).all()
    assert len(set(sides)) > 3


def test_a_broken_promise_is_red_and_a_failed_business_crossed(draw, pair):
    frame = pair.worlds[1].frame(2021)
    rows = np.unique(frame.stakes.project).tolist()
    one_is = np.arange(len(frame.column("Project", "floor")))
    frame = changed(frame, "Project", unpaid=1e6 * (one_is == rows[0]), failed=one_is == rows[1])
    svg = draw(frame=frame)
    assert [row for row in rows if svg.of("owed", key=f"Project-{row}")] == rows[:1]
    crossed = [row for row in rows if svg.of("failed", key=f"Project-{row}")]
    assert crossed == rows[1:2]
    titles = [svg.title(f"Project-{row}") for row in rows[:2]]
    assert "1.00 million yuan of the promise unpaid" in titles[0]
    assert "business failed" in titles[1]


def test_firms_that_moved_in_are_shown(draw, pair):
    for world in (0, 1):
        frame, svg = pair.worlds[world].frame(2021), draw(world)
        came, village = arrivals(frame, pair.worlds[world].frame(2020)), frame.column("Project", "village")
        many = came[(village < 0) | (came > 1)]
        shown = [int(one.text) for one in svg.of("n", "text")]
        assert sorted(shown) == sorted(many[many > 0].astype(int).tolist())
        assert len(svg.of("halo", "circle")) == (came[village >= 0] > 0).sum() > 0
