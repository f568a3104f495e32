"""What things are called in the picture, in both languages."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest

from agents.place import HOME, PARK, TOWN, ZONE
from experiments.app.graph.draw import graph_svg
from experiments.app.graph.families import FAMILIES, OTHERS, mechanism_colour, mechanism_name
from experiments.app.graph.land import Land
from experiments.app.graph.legend import legend_html
from experiments.app.graph.names import agent_name, home_of, money, village_names
from experiments.app.graph.sites import site_of
from experiments.app.world import Fate, Pair
from experiments.scenario import find_scenario
from experiments.words import LANGUAGES
from model.economy import EconomyModel
from model.registry import find_mechanism, mechanisms

pytestmark = pytest.mark.one_version


def test_every_mark_with_a_key_tells_its_name(draw):
    svg = draw()
    assert all(svg.title(one.get("data-key")) for one in svg.keyed)
    assert svg.title("Village-1").startswith("Near village 2: ")
    assert svg.title("Town-2").startswith("Far: 4 villages, ")
    assert svg.title("County-1").startswith("Hill: 10 villages, ")


def test_the_root_says_what_it_is(draw):
    svg = draw(label="B & more", lang="en")
    assert svg.root.get("role") == "img"
    assert (svg.root.get("data-graph"), svg.root.get("data-year")) == ("B & more", "2021")
    assert re.fullmatch(
        r"B & more: 2021: 22 villages hold stakes; \d+ pooled projects; [\d.]+ million yuan paid in",
        svg.root.get("aria-label"),
    )


def test_places_are_known_by_their_rows(case):
    places = EconomyModel(case=case, mechanisms=("solo",), seed=1).places
    owner = {HOME: places.village, TOWN: places.town, ZONE: places.county, PARK: places.county}
    for row, category in enumerate(places.category.tolist()):
        assert site_of(case, row) == (category, owner[category][row])
    with pytest.raises(ValueError, match=f"no place {len(places)} in the case tiny: it has {len(places)}"):
        site_of(case, len(places))


@pytest.mark.parametrize("year", [2005, 2016, 2021])
def test_chinese_pictures_are_chinese(draw, year):
    for world in (0, 1):
        assert re.findall(r"[A-Za-z]+", draw(world, year, lang="zh").words) == []
        assert re.findall(r"[\u4e00-\u9fff]", draw(world, year, lang="en").words) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_legend_names_every_mechanism_once(lang, read_words):
    found = tuple(mechanisms().values())
    text = read_words(legend_html(found, lang=lang, limits=(0.0, 6e6)))
    for one in found:
        if FAMILIES[one.family or one.name].short != "Own building":
            assert text.count(mechanism_name(one, lang)) == 1
    assert ("600万元" if lang == "zh" else "0, 0.75 half way, 6 million yuan and more") in text
    assert bool(re.findall(r"[\u4e00-\u9fff]", text)) == (lang == "zh")
    assert bool(re.findall(r"[A-Za-z]", text)) == (lang == "en")


def test_a_mechanism_keeps_its_colour():
    found = mechanisms().values()
    assert {one.family or one.name for one in found} == set(FAMILIES)
    assert len({family.colour for family in FAMILIES.values()}) == len({one.short for one in FAMILIES.values()}) == 9
    mine = find_mechanism("enclave").but(name="mine", title="My pool", title_zh="我的")
    assert mechanism_colour(mine) == mechanism_colour(mine.but(since=1999)) in OTHERS
    assert [mechanism_name(mine, lang) for lang in LANGUAGES] == ["My pool", "我的"]
    assert mechanism_colour(find_mechanism("enclave_at_risk")) == mechanism_colour(find_mechanism("enclave"))


def test_places_and_households_have_names(case):
    assert agent_name(case, "County", 1, "zh") == "山县"
    assert agent_name(case, "Town", 0, "en") == "Near"
    assert agent_name(case, "Village", 4, "en") == "Middle village 1"
    assert agent_name(case, "Village", 4, "zh") == "中镇 1村"
    assert agent_name(case, "Household", 61, "en") == "household 2 of Near village 2"
    assert agent_name(case, "Household", 61, "zh") == "近镇 2村第2户"
    assert agent_name(case, "Outside", 0, "zh") == "外部"
    assert agent_name(case, "Enterprise", 4, "zh") == "企业 5"
    assert len(set(village_names(case, "en"))) == case.n_villages


def test_a_household_is_at_home_where_the_model_has_it(case):
    model = EconomyModel(case=case, mechanisms=("solo",), seed=1)
    counts = Counter()
    for row, (village, town) in enumerate(
        zip(model.households.village.tolist(), model.households.town.tolist(), strict=True)
    ):
        home = ("Village", village) if village >= 0 else ("Town", town)
        assert home_of(case, row) == (*home, counts[home])
        counts[home] += 1
    with pytest.raises(ValueError, match=r"no household \d+ in the case tiny"):
        home_of(case, case.n_households)


def test_projects_have_names(case, pair):
    world = pair.worlds[1]
    frame = world.frame(2021)
    found = tuple(find_mechanism(name) for name in world.scenario.mechanisms)
    rows = range(len(frame.column("Project", "village")))
    names = [agent_name(case, "Project", row, "en", frame, found) for row in rows]
    assert len(set(names)) == len(names)
    assert names[0] == "own buildings of Near village 1"
    assert "other owners' floor, zone of Tiny" in names
    assert "Enclave pool of 2013, zone of Tiny" in names
    assert "Tourism park of 2017, common park in Hill" in names
    assert any(re.fullmatch(r"Town pool of \d{4}, park of \w+", name) for name in names)
    assert any(re.fullmatch(r"Crowdfunding of \d{4}, \w+ village \d", name) for name in names)
    with pytest.raises(ValueError, match="project 3 has no name without a frame"):
        agent_name(case, "Project", 3, "en")


def test_money_in_words():
    assert money(1.214e6, "en") == "1.21 million yuan"
    assert money(1.214e6, "zh") == "121万元"
    assert money(61_000.0, "en") == "0.06 million yuan"
    assert money(345.6e6, "en") == "346 million yuan"


def test_names_are_escaped(case, read):
    odd = dataclasses.replace(case, towns=(dataclasses.replace(case.towns[0], name="A & B <{c}>"), *case.towns[1:]))
    frame = Pair(find_scenario("solo"), find_scenario("solo"), Fate(odd, 1, 2006, {})).worlds[0].frame(2005)
    solo = (find_mechanism("solo"),)
    svg = read(graph_svg(Land.of(odd), frame, frame, mechanisms=solo, lang="en", limits=(0.0, 6e6), label='"<'))
    assert "A & B <{c}>" in [one.text for one in svg.of("t", "text")]
    assert svg.title("Village-0").startswith("A & B <{c}> village 1: ")
    assert svg.title("Town-0").startswith("A & B <{c}>: 4 villages, ")
    assert svg.root.get("data-graph") == '"<'
