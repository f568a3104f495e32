"""The card of whoever was clicked: figures, ledger, past and neighbours, in both languages."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np
import pytest

from experiments.app.cards import (
    MOST_NEIGHBOURS,
    SMALL,
    Agent,
    card_html,
    known,
    ledger_of,
    name_in,
    neighbours_of,
    read_key,
)
from experiments.app.facts import facts_of
from experiments.app.finding import finder_html
from experiments.app.panels import world_names
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.views import View
from experiments.app.world import Fate, Pair
from experiments.scenario import find_scenario
from model.cases import load_case

pytestmark = pytest.mark.one_version

KINDS = ("Village", "Town", "County", "Project", "Household")
ROWS = {"Village": (0, 7, 21), "Town": (0, 3), "County": (0, 1, 3), "Project": (0, -1), "Household": (0, 599, 1267)}
NONSENSE = [
    *("", "none", "Village", "Village-", "-3", "Village-x", "Village--1", "Village-1.0", "Village-٣", "village-1"),
    *(
        "Firm-1",
        "Village-999",
        "Town-99",
        "County-99",
        "Project-99999",
        "Household-9999999",
        "Village-1 ",
        "Village-1-2",
    ),
    *("Village-" + "9" * 400, "<script>", "Place-0", "__class__-0", "Outside-0", "Households-0"),
]


@pytest.fixture
def seen(pair):
    """Two worlds in a year, with the names that the page gives them."""

    def view(lang, year=2021):
        setup = Setup(Choice(Policy("solo")), Choice(Policy("pooling")), "tiny")
        return View(pair, year, lang, world_names(setup, lang))

    return view


def keys(pair, kind):
    """Some agents of a kind; -1: the last one."""
    count = len(pair.worlds[1].frame(2021).tables["Project"]["founded"]) if kind == "Project" else 0
    return [f"{kind}-{row if row >= 0 else count + row}" for row in ROWS[kind]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", [2005, 2013, 2021])
def test_every_kind_has_a_card_in_both_languages(seen, pair, kind, year, read_html):
    for key in keys(pair, kind):
        english, chinese = (seen(lang, year) for lang in ("en", "zh"))
        if not known(english, 1, read_key(key)):
            assert kind == "Project"
            continue
        told = read_html(card_html(english, 1, key))
        assert name_in(english, 1, read_key(key)) in told.words
        assert f'data-card="{key}"' in card_html(english, 1, key)
        assert "svg" in told.tags
        assert "none" in told.keys
        words = read_html(card_html(chinese, 1, key)).words
        assert re.findall(r"[A-Za-z]+", re.sub(r"\b[AB]\b|m2", "", words)) == []


@pytest.mark.parametrize("key", NONSENSE)
def test_keys_that_are_nonsense_give_no_card_and_open_nothing(seen, key, read_html):
    assert card_html(seen("en"), 0, key) == ""
    found = finder_html(seen("en"), key)
    assert read_html(found).keys == [f"County-{row}" for row in range(4)]
    assert "<script" not in found


def test_a_project_of_the_other_world_has_no_card(seen, pair):
    row = len(pair.worlds[1].frame(2021).tables["Project"]["founded"]) - 1
    assert card_html(seen("en"), 1, f"Project-{row}")
    assert card_html(seen("en"), 0, f"Project-{row}") == ""
    assert card_html(seen("en", 2006), 1, f"Project-{row}") == ""


def test_the_ledger_of_a_card_explains_the_change_of_cash(pair):
    """But for what is too small to be told."""
    for world in pair.worlds:
        for before, frame in zip(world.frames, world.frames[1:], strict=False):
            for kind, rows in (("Village", range(22)), ("County", range(4))):
                for row in rows:
                    told = ledger_of(frame, Agent(kind, row), "en")
                    moved = sum(amount for (_, unit), amount in told.items() if unit == "yuan")
                    change = frame.column(kind, "cash")[row] - before.column(kind, "cash")[row]
                    assert moved == pytest.approx(change, abs=SMALL * len(frame.lines))


def test_money_and_land_of_the_opening_stay_apart(pair):
    frame = pair.worlds[0].frame(2005)
    told = ledger_of(frame, Agent("Village", 0), "en")
    text = "opening balance, from Outside"
    mine = {name: frame.column("Village", name)[0] for name in ("cash", "idle_land", "quota")}
    assert told[text, "yuan"] == pytest.approx(mine["cash"])
    assert told[text, "mu"] == pytest.approx(mine["idle_land"] + mine["quota"])


def test_what_a_village_is_paid_stands_in_its_ledger(pair):
    frame = pair.worlds[1].frame(2021)
    row = int(frame.column("Village", "pool_income").argmax())
    told = ledger_of(frame, Agent("Village", row), "en")
    got = sum(amount for (text, _), amount in told.items() if text.startswith("pool income"))
    assert got == pytest.approx(frame.column("Village", "pool_income")[row])
    assert all(("to " in text) == (amount < 0.0) for (text, _), amount in told.items() if ", " in text)


def test_figures_are_those_of_the_frame(pair):
    frame = pair.worlds[1].frame(2021)
    found = {fact.text: fact for fact in facts_of(frame, "Village", 5, "en")}
    assert found["recurrent income"].value == frame.column("Village", "recurrent_income")[5]
    mine = (frame.stakes.kind == 0) & (frame.stakes.holder == 5)
    assert found["pools in which it holds a stake"].value == len(set(frame.stakes.project[mine].tolist())) > 1
    town = {fact.text: fact.value for fact in facts_of(frame, "Town", 0, "en")}
    incomes = frame.column("Village", "recurrent_income")[:4]
    assert (town["its villages"], town["the lowest of them"]) == (4.0, incomes.min())
    assert town["their mean recurrent income"] == pytest.approx(incomes.mean())
    project = int(frame.stakes.project[0])
    about = {fact.text: fact.value for fact in facts_of(frame, "Project", project, "en")}
    assert about["capital paid in"] == pytest.approx(frame.stakes.capital[frame.stakes.project == project].sum())


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_are_mutual(seen, pair, kind):
    view = seen("en")
    for key in keys(pair, kind):
        one = read_key(key)
        for other in neighbours_of(view, 1, one):
            back = neighbours_of(view, 1, other)
            assert one in back or "County" in (one.kind, other.kind) or kind in ("Household", "Project"), (one, other)
            assert known(view, 1, other)
    villages = [other for other in neighbours_of(view, 1, Agent("Town", 0)) if other.kind == "Village"]
    assert villages == [Agent("Village", row) for row in range(4)]
    assert Agent("Town", 0) in neighbours_of(view, 1, Agent("County", 0))


def test_buttons_lead_to_cards(seen, pair, read_html):
    view = seen("en")
    for key in ("Village-5", "Town-1", "County-0", "Household-61"):
        led = [other for other in read_html(card_html(view, 1, key)).keys if other != "none"]
        assert led
        assert all(card_html(view, 1, other) for other in led)
        assert len(led) <= MOST_NEIGHBOURS + 3


def test_three_households_of_a_village(seen, pair, read_html):
    earnings = pair.worlds[0].frame(2021).households.earnings
    found = [
        int(key.partition("-")[2]) for key in read_html(card_html(seen("en"), 0, "Village-1")).keys if "House" in key
    ]
    inside = earnings[60:115]
    assert earnings[found].tolist() == [inside.min(), np.sort(inside)[27], inside.max()]
    assert all(60 <= row < 115 for row in found)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_somebody_is_found_by_name(seen, lang, read_html):
    view = seen(lang)
    assert "open" not in finder_html(view, "").partition(">")[0]
    county, town = (read_html(finder_html(view, key)) for key in ("County-0", "Town-1"))
    assert "Town-0" in county.keys
    assert [key for key in town.keys if "Village" in key] == [f"Village-{row}" for row in range(4, 8)]
    assert name_in(view, 0, Agent("Village", 4)) in town.words
    assert 'data-key="County-0" aria-pressed="true"' in finder_html(view, "County-0")


def test_names_of_a_case_file_are_text_and_nothing_else(tmp_path, read_html):
    text = (files("model.cases") / "tiny.toml").read_text(encoding="utf-8")
    bad = "<script>alert(1)</script>&\\\"'<b>"
    for name in ("Near", "近镇"):
        text = text.replace(f'= "{name}"', f'= "{bad}{name}"')
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    case = load_case(file)
    assert case.towns[0].name.startswith("<script>")
    pair = Pair(find_scenario("solo"), find_scenario("pooling"), Fate(case, 1, 2006, {}))
    pair.live_to(2006)
    for lang in ("en", "zh"):
        view = View(pair, 2006, lang, ("A", "B"))
        cards = [card_html(view, 0, key) for key in ("Town-0", "Village-0", "Household-0", "Project-0", "County-0")]
        for html in [*cards, finder_html(view, "Town-0"), finder_html(view, "County-0")]:
            told = read_html(html)
            assert not {"script", "b"} & set(told.tags)
            assert "<script>alert(1)</script>&\"'<b>" in told.words
