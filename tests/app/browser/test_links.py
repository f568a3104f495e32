"""Links and files in a browser: what is shared shows the same elsewhere, and what is hostile does nothing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest

pytestmark = pytest.mark.one_version
HOSTILE = (
    "case=/etc/passwd&a=__import__('os')&b.pool.coupon_rate=1e999&seed=-1&x=<script>alert(1)</script>"
    "&lang=<img src=x onerror=alert(1)>&year=__class__&b=solo[pool.coupon_rate=0.1]"
)
INCOME = "recurrent_income_mean"


def test_a_shared_link_shows_the_same_elsewhere_and_each_sees_its_own(visit, visitor):
    visit.open(
        "case=tiny&seed=7&until=2018&a=enclave&b=pooling&b.since=2014&b.then=town&b.then.pool.coupon_rate=0.05", 2005
    )
    visit.part("pace").fill("4")
    visit.press("play").at(2018)
    visit.part("year").fill("2016")
    visit.at(2016)
    visit.press("lang")
    visit.expect(".feidi").to_have_attribute("lang", "zh")
    link = visit.link()
    assert parse_qs(urlsplit(link).query)["b.then.pool.coupon_rate"] == ["0.05"]
    with visitor() as other:
        other.page.goto(link)
        other.at(2016)
        other.expect(".feidi").to_have_attribute("lang", "zh")
        assert other.cards() == visit.cards()
        assert other.drawn(".feidi-graph.b") == visit.drawn(".feidi-graph.b")
        assert other.part("command").input_value() == visit.part("command").input_value()
        assert other.link() == link
        mine = visit.cards()
        other.part("year").fill("2010")
        other.at(2010)
        other.part("type-pool.coupon_rate").fill("0.02")
        other.page.keyboard.press("Enter")
        other.expect('[data-lever="pool.coupon_rate"] .name b').to_contain_text("0.02")
        other.at(2010)
        visit.at(2016)
        assert visit.cards() == mine
        assert visit.link() == link != other.link()


def test_a_hostile_link_opens_the_usual_worlds(visitor):
    """And says so in the language that the browser asks for."""
    dialogs = []
    with visitor(locale="zh-CN") as visit:
        visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        visit.open(HOSTILE)
        visit.expect(".feidi").to_have_attribute("lang", "zh")
        chinese = visit.text('[role="alert"]')
        assert "root:" not in visit.text("body")
        assert visit.part("arm-a").input_value() == "solo"
        assert visit.part("arm-b").input_value() == "pooling"
        assert visit.part("case").input_value() == "pinghu"
        visit.press("lang")
        visit.expect('[role="alert"]').to_contain_text("case: there is no /etc/passwd here")
        english = visit.text('[role="alert"]')
        assert visit.page.locator(".feidi-told :is(script, img)").count() == 0
    for said in ("1e999", "-1", "__import__('os')", "<img src=x onerror=alert(1)>", "__class__", "solo[pool"):
        assert said in chinese
        assert said in english
    assert "there is no" not in chinese
    assert dialogs == []


def downloaded(visit, click, folder):
    """The file that a click brings."""
    with visit.page.expect_download() as coming:
        click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_files_hold_what_is_shown(visit, tmp_path):
    visit.open("case=tiny&a=enclave&b=pooling&year=2016", 2016)
    csv, parquet, villages = (
        downloaded(visit, visit.part(f"file-{name}").click, tmp_path)
        for name in ("outcomes.csv", "outcomes.parquet", "villages.parquet")
    )
    table = pd.read_csv(csv)
    pd.testing.assert_frame_equal(table, pd.read_parquet(parquet), check_dtype=False)
    assert table["year"].tolist() == 2 * list(range(2005, 2017))
    assert table["world"].unique().tolist() == ["A", "B"]
    last = table[table["year"] == 2016].set_index("world")
    shown = visit.cards()[INCOME]
    assert f"{last.loc['B', INCOME] / 1e6:.2f}"[:4] in (shown.right, shown.right.ljust(4, "0"))
    people = pd.read_parquet(villages)
    assert people.groupby(["world", "year"]).size().unique().tolist() == [people["village"].nunique()]
    figure = downloaded(visit, visit.page.locator(".save").first.click, tmp_path)
    assert figure.name == "feidi-incomes-1-2016.svg"
    drawn = ElementTree.parse(figure).getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Mean recurrent income of villages" in "".join(drawn.itertext())
