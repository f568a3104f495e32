"""Everything is in the picture once, where it was before, and can be picked out."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from experiments.app.graph.sites import pooled_rows
from experiments.ground import Proportions, ground_of
from model.cases import load_case

pytestmark = pytest.mark.one_version

PLAIN = Proportions(partner=0.7, without_villages=0.1, space=0.4)


@pytest.mark.parametrize("world", [0, 1])
@pytest.mark.parametrize("year", [2005, 2013, 2021])
def test_everything_is_there_once(draw, pair, case, world, year):
    frame = pair.worlds[world].frame(year)
    places = (("County", len(case.counties)), ("Town", len(case.towns)), ("Village", case.n_villages))
    wanted = [f"{kind}-{row}" for kind, rows in places for row in range(rows)]
    wanted += [f"Project-{row}" for row in np.unique(frame.stakes.project).tolist()]
    found = Counter(one.get("data-key") for one in draw(world, year).keyed)
    assert max(found.values()) == 1
    assert set(wanted) <= set(found)
    others = {key for key in found if key not in wanted}
    assert {key.partition("-")[0] for key in others} <= {"Project", "Households", "Outside"}
    assert (len(wanted) > sum(rows for _, rows in places)) == (world == 1 and year >= 2013)


def test_projects_stay_where_they_are(draw, pair):
    spots = {}
    for year in range(2006, 2022):
        svg = draw(1, year)
        for row in np.unique(pair.worlds[1].frame(year).stakes.project).tolist():
            box = svg.square(row)
            side = int(box.get("width"))
            at = (int(box.get("x")) + side // 2, int(box.get("y")) + side // 2)
            assert spots.setdefault(row, at) == at
    assert len(spots) > 10
    assert len(set(spots.values())) == len(spots)


def test_projects_stand_where_the_model_has_them(pair, land):
    columns = pair.worlds[1].frame(2021).tables["Project"]
    rows = pooled_rows(columns)
    county = columns["county"][rows]
    away = np.hypot(*(land.projects(columns, rows) - land.centres[county]).T)
    assert (away < 1.1 * land.sizes[county]).all()
    later = rows[:5]
    assert (land.projects(columns, later) == land.projects(columns, rows)[:5]).all()


@pytest.mark.parametrize("name", ["tiny", "pinghu"])
def test_a_clearing_keeps_directions_and_order(name):
    case = load_case(name)
    plain, cleared = (ground_of(case, PLAIN._replace(clearing=part)) for part in (0.0, 0.3))
    host = plain.county[plain.town] == 0
    for one in (plain, cleared):
        assert np.hypot(*one.villages[host].T).max() == pytest.approx(1.0)
    before, after = (one.villages[host] - one.zones[0] for one in (plain, cleared))
    assert np.arctan2(*before.T) == pytest.approx(np.arctan2(*after.T))
    away = np.hypot(*after.T)
    assert (np.argsort(np.hypot(*before.T)) == np.argsort(away)).all()
    assert away.min() > 0.29 * away.max() > np.hypot(*before.T).min()


def test_lines_run_from_holders_to_projects(draw, pair, land):
    frame = pair.worlds[1].frame(2021)
    ends = Counter()
    for path in draw().of("l", "path"):
        for curve in path.get("d").split("M")[1:]:
            x, y, *_, east, south = (int(one) for one in re.findall(r"-?\d+", curve))
            ends[x, y, x + east, y + south] += 1
    columns = frame.tables["Project"]
    spots = dict(zip(pooled_rows(columns).tolist(), land.projects(columns, pooled_rows(columns)).tolist(), strict=True))
    starts = land.holders(frame.stakes.kind, frame.stakes.holder).tolist()
    assert ends == Counter(
        (*start, *spots[row]) for start, row in zip(starts, frame.stakes.project.tolist(), strict=True)
    )


def test_a_village_is_picked_out_with_its_stakes(draw, pair):
    stakes = pair.worlds[1].frame(2021).stakes
    mine = (stakes.kind == 0) & (stakes.holder == 5)
    svg = draw(selected="Village-5")
    assert svg.of("pick")
    assert sum(count for _, _, on, count in svg.lines if on) == mine.sum() > 1
    assert sum(count for _, _, on, count in svg.lines if not on) == (~mine).sum()
    assert svg.lit == {"Village-5", *(f"Project-{row}" for row in stakes.project[mine].tolist())}
    assert len(svg.of("ring")) == 1


def test_a_project_is_picked_out_with_its_holders(draw, pair):
    stakes = pair.worlds[1].frame(2021).stakes
    row = int(stakes.project[0])
    holders = stakes.holder[(stakes.project == row) & (stakes.kind == 0)].tolist()
    svg = draw(selected=f"Project-{row}")
    assert svg.lit == {f"Project-{row}", *(f"Village-{one}" for one in holders)}


def test_towns_counties_and_households_are_picked_out(draw, land, pair):
    village = {f"Village-{one}" for one in np.flatnonzero(land.town == 1).tolist()}
    assert village <= draw(selected="Town-1").lit
    county = {f"Village-{one}" for one in np.flatnonzero(land.village_county == 1).tolist()}
    assert {one for one in draw(selected="County-1").lit if one.startswith("Village")} == county
    assert draw(selected="Household-61").lit == draw(selected="Village-1").lit
    households = draw(selected="Households-0").lit
    assert households
    assert all(one.startswith("Project") for one in households)
    own = int(np.flatnonzero(pair.worlds[1].frame(2021).column("Project", "village") == 3)[0])
    assert draw(selected=f"Project-{own}").lit == {"Village-3"}


@pytest.mark.parametrize("key", ["", "Village-99", "Village", "Project-9999", "Firm-1", "Household-99999", "Town-x"])
def test_what_is_not_in_the_picture_dims_nothing(draw, key):
    svg = draw(selected=key)
    assert not svg.of("pick")
    assert svg.lit == set()
    assert svg.of("ring") == []
