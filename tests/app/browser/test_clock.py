"""The clock in a browser: opening, steps, play, pause, reset, speed, and years that come back."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.one_version
LAST = 2021


def test_the_page_opens_with_two_worlds(visit):
    visit.open("")
    assert visit.page.title() == "飞地 Feidi"
    for side in "ab":
        assert visit.page.locator(f'.feidi-graph.{side} [data-key^="Village-"]').count() == 337
    assert visit.page.locator(".feidi-chart svg[data-chart]").count() == 6
    assert len(visit.cards()) == 8
    visit.expect("[data-light]").to_have_text("books balance")
    visit.press("step").at(2006)
    visit.expect("[data-light]").to_have_attribute("data-light", "fine")


def test_steps_reset_and_years_that_are_not_lived_yet(visit):
    visit.open()
    opening = visit.cards()
    for year in (2006, 2007):
        visit.press("step").at(year)
    stepped = visit.cards()
    assert stepped != opening
    visit.expect(".feidi-transport .ends").to_have_text("2005 – 2007 / 2021")
    visit.part("year").focus()
    visit.page.keyboard.press("ArrowLeft")
    visit.at(2006)
    visit.page.keyboard.press("End")
    visit.at(2007)
    visit.expect('[data-do="year"]').to_have_value("2007")
    assert visit.cards() == stepped
    visit.press("reset").at(2005)
    visit.expect(".feidi-transport .ends").to_have_text("2005 – 2005 / 2021")
    assert visit.cards() == opening


def test_play_pauses_and_stops_at_the_last_year(visit):
    """At the slowest pace two seconds pass between two years: the next one is not there yet when play is paused."""
    visit.open("case=tiny&until=2011")
    assert visit.part("pace").input_value() == "2"
    visit.part("pace").focus()
    for _ in range(2):
        visit.page.keyboard.press("ArrowLeft")
    visit.press("play").at(2006)
    visit.expect('[data-do="play"]').to_have_attribute("aria-label", "Pause")
    visit.press("play")
    visit.expect('[data-do="play"]').to_have_attribute("aria-label", "Play")
    visit.at(2006)
    visit.part("pace").fill("4")
    visit.press("play").at(2011)
    visit.expect('[data-do="play"]').to_be_disabled()
    visit.expect('[data-do="step"]').to_be_disabled()
    visit.expect('[data-do="play"]').to_have_attribute("aria-label", "Play")
    visit.expect(".feidi-transport .ends").to_have_text("2005 – 2011 / 2011")


def test_years_come_back_by_keyboard_and_by_dragging(visit):
    def look():
        return visit.cards(), visit.drawn(".feidi-graph.b"), visit.drawn(".feidi-charts")

    visit.open("case=tiny&year=2021", LAST)
    last, slider = look(), visit.part("year")
    slider.focus()
    visit.page.keyboard.press("ArrowLeft")
    visit.at(2020)
    visit.expect(".feidi-transport .year").to_have_text("2020")
    assert all(now != then for now, then in zip(look(), last, strict=True))
    visit.page.keyboard.press("Home")
    visit.at(2005)
    assert visit.cards()["value_to_date"].difference.startswith("0")
    visit.page.keyboard.press("End")
    visit.at(LAST)
    assert look() == last
    box, mouse = slider.bounding_box(), visit.page.mouse
    middle, right = box["y"] + box["height"] / 2, box["x"] + box["width"]
    mouse.move(right - 8, middle)
    mouse.down()
    seen = []
    for part in (0.3, 0.7):
        mouse.move(box["x"] + part * box["width"], middle, steps=5)
        seen.append(int(slider.input_value()))
        visit.at(seen[-1])
        assert visit.cards() != last[0]
    assert 2007 <= seen[0] < seen[1] <= 2018
    mouse.move(right + 20, middle, steps=5)
    mouse.up()
    visit.at(LAST)
    assert look() == last
