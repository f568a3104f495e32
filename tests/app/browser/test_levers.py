"""Levers, branches, cases, years and pairs to begin with, in a browser: what is changed changes the worlds."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.one_version
RATE, INCOME = "pool.coupon_rate", "recurrent_income_mean"
TOLD = f'[data-lever="{RATE}"] .name b'  # the value that is told of the lever
DIFFERENCE = f'.card[data-outcome="{INCOME}"] .difference'
NOTHING = re.compile("^0 ")


def typed(visit, value):
    """Give the lever a value by its number field, and wait until it is told."""
    visit.part(f"type-{RATE}").fill(value)
    visit.page.keyboard.press("Enter")


def test_a_lever_acts_in_both_worlds_or_in_one_until_it_is_usual_again(visit):
    visit.open("case=tiny&a=enclave&b=pooling&year=2016", 2016)
    usual = visit.cards()
    visit.expect(TOLD).to_have_text("0.1 1/year")
    visit.part(f"slide-{RATE}").focus()
    for _ in range(3):
        visit.page.keyboard.press("ArrowLeft")
    visit.expect(TOLD).to_have_text("0.0985 1/year")
    visit.expect(f'[data-do="slide-{RATE}"]').to_have_value("0.0985")
    assert "a.pool.coupon_rate=0.0985&" in visit.link()
    typed(visit, "0.02")
    visit.expect(TOLD).to_have_text("0.02 1/year")
    both = visit.other_cards(usual)
    assert both[INCOME].left != usual[INCOME].left
    assert both[INCOME].right != usual[INCOME].right
    visit.expect(".feidi-levers .count").to_have_text("1")
    visit.press("target-a").press(f"usual-{RATE}")
    visit.expect(TOLD).to_have_text("0.1 1/year")
    one = visit.other_cards(both)
    assert one[INCOME].left == usual[INCOME].left
    assert one[INCOME].right == both[INCOME].right
    visit.press("target-both")
    visit.expect(TOLD).to_have_text("A 0.1 1/year · B 0.02 1/year")
    assert "b.pool.coupon_rate=0.02&" in visit.link()
    assert "a.pool.coupon_rate" not in visit.link()
    typed(visit, "7")
    visit.expect('[role="alert"]').to_contain_text("coupon_rate")
    assert visit.cards() == one
    visit.key("close", ".feidi-told").click()
    visit.expect('[role="alert"]').to_have_count(0)
    visit.press(f"usual-{RATE}")
    assert visit.other_cards(one) == usual
    visit.expect(".feidi-levers .count").to_have_count(0)


def test_a_branch_is_the_same_world_until_its_year(visit):
    """Branched from B in 2016, A is B, and parts from it only after the year, and only once a lever was changed."""
    visit.open("case=tiny&a=solo&b=enclave&year=2016", 2016)
    apart = visit.cards()
    assert apart[INCOME].left != apart[INCOME].right
    visit.expect('[data-do="branch-b"]').to_have_text("Branch into A from 2017 on")
    visit.press("branch-b")
    visit.expect(".feidi-world.a .chip").to_contain_text("until 2016: county enclave (3.0)")
    same = visit.other_cards(apart)
    assert all(card.left == card.right for card in same.values())
    assert same[INCOME].right == apart[INCOME].right
    visit.press("target-a")
    typed(visit, "0.01")
    visit.expect(TOLD).to_have_text("0.01 1/year")
    visit.at(2016)
    assert visit.cards() == same
    for year in (2017, 2018, 2019):
        visit.press("step").at(year)
    assert visit.cards()[INCOME].left != visit.cards()[INCOME].right
    visit.part("year").fill("2016")
    visit.at(2016)
    assert visit.cards() == same
    visit.press("unbranch-a")
    visit.expect(".feidi-world .chip").to_have_count(0)
    visit.at(2016)
    visit.expect(DIFFERENCE).to_have_text(NOTHING)


def test_other_arms_cases_seeds_years_and_pairs_to_begin_with(visit):
    visit.open("case=tiny&year=2010", 2010)
    before = visit.cards()
    visit.part("seed").fill("5")
    visit.page.keyboard.press("Enter")
    visit.expect('[data-do="link"]').to_have_value(re.compile("seed=5&"))
    other = visit.other_cards(before)
    visit.part("arm-a").select_option("pooling")
    visit.expect(DIFFERENCE).to_have_text(NOTHING)
    assert visit.cards()[INCOME].left == other[INCOME].right
    visit.press("presets")
    visit.key("preset-twins", ".feidi-head").click()
    visit.at(2021)
    visit.expect('[data-do="presets"] + div').to_be_hidden()
    assert {card.difference.split()[0] for card in visit.cards().values() if card.left} == {"0"}
    visit.part("until").fill("2035")
    visit.page.keyboard.press("Enter")
    visit.expect(".feidi-transport .ends").to_have_text("2005 – 2021 / 2035")
    visit.press("presets")
    visit.key("preset-broken", ".feidi-head").click()
    visit.at(2035)
    assert visit.part("arm-a").input_value() == visit.part("arm-b").input_value() == "enclave"
    assert "--years 30 " in visit.part("command").input_value()
    visit.expect('[role="tab"][aria-selected="true"]').to_have_text("Treasury")
    visit.expect('.card[data-outcome="treasury"] .difference').not_to_have_text(NOTHING)
    visit.expect("[data-light]").to_have_attribute("data-light", "fine")
    visit.part("case").select_option("qujiang")
    visit.at(2005)
    visit.expect(".feidi-transport .ends").to_have_text("2005 – 2005 / 2021")
    visit.expect('.feidi-graph.a [data-key="County-0"] title').to_contain_text("Yinzhou")
