"""Many seeds in a browser: how far they are, bands and intervals once they are there, and cancelling."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.one_version
PATIENCE = 120_000  # milliseconds: workers step back behind everything else on a busy machine


def test_seeds_can_be_cancelled_and_bring_bands_and_intervals(visit):
    visit.open("case=tiny&a=none&b=solo&until=2010&year=2010", 2010)
    one = visit.cards()
    bare = visit.drawn(".feidi-charts")
    visit.expect('[data-do="seeds"]').to_have_text("Run 30 seeds")
    visit.press("seeds")
    visit.expect('[data-do="seeds"]').to_have_text("Cancel")
    visit.press("seeds")
    visit.expect("[data-batch]").to_have_attribute("data-batch", "cancelled")
    assert visit.cards() == one
    visit.press("seeds")
    visit.expect("[data-batch]").to_have_attribute("data-batch", "running")
    visit.expect(".feidi-seeds progress").to_have_attribute("max", "30")
    visit.part("year").fill("2009")
    visit.at(2009)  # the page goes on meanwhile
    visit.part("year").fill("2010")
    visit.at(2010)
    visit.expect("[data-batch]").to_have_attribute("data-batch", "done", timeout=PATIENCE)
    visit.expect(".card .sure").not_to_have_count(0)
    many = visit.cards()
    assert re.fullmatch(r"95%: \S+ to \S+", many["recurrent_income_mean"].interval)
    assert many["recurrent_income_mean"].left != one["recurrent_income_mean"].left  # means of the seeds
    assert "band: 95% of 30 seeds" in visit.text(".feidi-charts")
    assert visit.drawn(".feidi-charts").count("<path") > bare.count("<path")
    visit.part("seed").fill("2")
    visit.page.keyboard.press("Enter")
    visit.expect(".card .sure").to_have_count(0)
    visit.expect("[data-batch]").to_have_attribute("data-batch", "idle")
