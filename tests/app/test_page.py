"""The whole page without a browser: it is drawn, and what is clicked on it is done."""

from __future__ import annotations

import base64
import io
import re
import threading
from types import SimpleNamespace

import pandas as pd
import pytest
import solara
import solara.lab

from experiments.app import mesa_view
from experiments.app.page import Layout, Page, offered
from experiments.app.server import FURTHER_CASES
from experiments.app.stories import lesson, presets
from experiments.app.views import TABS
from model.cases import case_names
from model.economy import EconomyModel

pytestmark = pytest.mark.one_version

LINK = "case=tiny&a=solo&b=enclave&until=2014&lang="
PARTS = {
    "clock": "paces",
    "bar": "can_branch",
    "levers": "branched",
    "files": "parcel",
    "share": "lines",
    "form": "horizon",
}


def inside(widget):
    yield widget
    for child in getattr(widget, "children", None) or ():
        if not isinstance(child, str):
            yield from inside(child)


class Screen:
    """A page that was drawn, and hands to click on it."""

    def __init__(self, until):
        self.until, self.before = until, set(threading.enumerate())
        self.box, self.context = solara.render(Layout(children=[Page()]), handle_error=False)
        self.rest()

    @property
    def htmls(self):
        return {one.look: one.html for one in inside(self.box) if hasattr(one, "look")}

    @property
    def html(self):
        return "\n".join(one.html for one in inside(self.box) if hasattr(one, "look"))

    def part(self, name, side=None):
        found = [one for one in inside(self.box) if hasattr(one, PARTS[name])]
        return found[0] if side is None else next(one for one in found if one.side == side)

    def pick(self, look, key):
        """Click what has a key, in the part of a look."""
        (one,) = [one for one in inside(self.box) if getattr(one, "look", None) == look]
        one.vue_pick(key)
        self.rest()

    def tell(self, name, event, value=None, side=None):
        getattr(self.part(name, side), f"vue_{event}")(value)
        self.rest()

    @property
    def alert(self):
        return "".join(re.findall(r'<div role="alert".*?</div>', self.html, re.DOTALL))

    def rest(self):
        """Until nothing goes on behind the page; and no part of it failed."""
        self.until(lambda: not [one for one in set(threading.enumerate()) - self.before if one.daemon])
        assert 'data-busy="0"' in self.html
        assert "feidi-fault" not in self.html


@pytest.fixture
def screen(monkeypatch, until):
    """The page of a link."""
    before, screens = set(threading.enumerate()), []

    def page(link=LINK + "en"):
        monkeypatch.setattr(solara, "use_router", lambda: SimpleNamespace(search=link))
        screens.append(Screen(until))
        return screens[-1]

    yield page
    for one in screens:
        one.context.close()
    until(lambda: not [thread for thread in set(threading.enumerate()) - before if thread.daemon])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_drawn_in_both_languages(screen, lang, read_html):
    one = screen(LINK + lang + "&year=2014")
    assert set(one.htmls) >= {"feidi-head", "feidi-graph a", "feidi-graph b", "feidi-headlines", "feidi-finder"}
    assert one.alert == ""
    assert one.part("clock").lived == 2014
    shown = read_html(one.htmls["feidi-head"] + one.htmls["feidi-headlines"] + one.htmls["feidi-charts"])
    assert bool(re.search(r"[\u4e00-\u9fff]{4}", shown.words)) == (lang == "zh")
    if lang == "zh":
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"<style.*?</style>", "", shown.words, flags=re.DOTALL)))
        assert words <= {"Feidi", "English"}
    one.pick("feidi-head", "lang-en" if lang == "zh" else "lang-zh")
    assert ("引导课程" in one.html) == (lang == "en")


@pytest.mark.parametrize(("asked", "lang"), [("zh-CN,zh;q=0.9", "zh"), ("de", "en"), (None, "en")])
def test_the_browser_says_which_language(screen, asked, lang, monkeypatch):
    headers = None if asked is None else {"Accept-Language": [asked]}
    monkeypatch.setattr(solara.lab, "headers", SimpleNamespace(value=headers))
    assert ("引导课程" in screen("case=tiny").html) == (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_link_with_faults_opens_the_rest_and_tells(screen, lang):
    one = screen(LINK + lang + "&b.pool.coupon_rate=9&a.then=solo%2Bsolo&%3Cscript%3E=1")
    assert one.part("bar", "b").arm == "enclave"
    assert one.alert.count("<p>") == 3
    assert "&lt;script&gt;" in one.alert
    assert "<script" not in one.alert
    one.pick("", "close")
    assert one.alert == ""


def test_the_clock_steps_plays_and_begins_again(screen, until):
    one = screen()
    one.tell("clock", "step")
    assert (one.part("clock").year, one.part("clock").lived) == (2006, 2006)
    one.tell("clock", "set_pace", 4)
    one.tell("clock", "toggle")
    until(lambda: one.part("clock").ended and not one.part("clock").playing)
    assert one.part("clock").year == 2014
    one.tell("clock", "scrub", 2009)
    until(lambda: one.part("clock").year == 2009)
    assert one.part("clock").lived == 2014
    assert "-2009.svg" in one.htmls["feidi-charts"]
    one.tell("clock", "reset")
    assert (one.part("clock").year, one.part("clock").lived) == (2005, 2005)


def test_every_tab_is_shown(screen):
    one = screen(LINK + "zh&year=2014")
    for tab, (title, charts) in enumerate(TABS):
        one.pick("feidi-tabs", str(tab))
        assert one.htmls["feidi-charts"].count("<svg") == len(charts)
        assert ("feidi-payers" in one.htmls) == (title == "Who pays")


def test_whoever_is_clicked_has_a_card(screen):
    one = screen(LINK + "en&year=2014")
    project = re.findall(r'data-key="(Project-\d+)"', one.htmls["feidi-graph b"])[-1]
    for look, key in (("feidi-graph a", "Village-1"), ("feidi-finder", "County-0"), ("feidi-graph b", project)):
        one.pick(look, key)
        assert f'data-card="{key}"' in one.htmls["feidi-cardbox"]
    one.pick("feidi-cardbox", "none")
    assert "feidi-cardbox" not in one.htmls
    one.pick("feidi-graph a", "Village-1")
    one.pick("feidi-graph a", "Village-1")
    assert "feidi-cardbox" not in one.htmls


def test_arms_branches_levers_and_luck_are_changed(screen):
    one = screen(LINK + "en&year=2008")
    one.tell("bar", "set_arm", "town", side="a")
    assert one.part("bar", "a").arm == "town"
    one.tell("bar", "branch", side="b")
    assert (one.part("bar", "a").arm, one.part("bar", "a").since) == ("enclave", 2009)
    one.tell("levers", "set_lever", {"key": "pool.coupon_rate", "value": 0.07, "sides": [0]})
    assert one.part("levers").branched == [True, False]
    assert "a.then.pool.coupon_rate=0.07" in one.part("share").lines[0]["text"]
    assert "2009:0.07" in one.part("share").lines[1]["text"]
    one.tell("bar", "unbranch", side="a")
    assert one.part("bar", "a").since == 0
    one.tell("form", "set", {"name": "seed", "value": "7"})
    assert (one.part("form").seed, one.part("clock").lived) == (7, 2008)
    one.tell("form", "set", {"name": "until", "value": "1999"})
    assert "until is 1999" in one.alert
    assert one.part("form").until == 2014


NONSENSE = (
    lambda one: one.tell("clock", "scrub", "x"),
    lambda one: one.pick("feidi-tabs", "x"),
    lambda one: one.pick("feidi-head", "preset-nobody"),
    lambda one: one.tell("levers", "set_lever", {"key": "no.lever", "value": 1, "sides": [0]}),
    lambda one: one.tell("levers", "set_lever", {}),
    lambda one: one.tell("form", "set", {}),
)


def test_nonsense_from_a_browser_is_told_and_changes_nothing(screen):
    one = screen()
    link = one.part("share").lines[0]["text"]
    for act in NONSENSE:
        act(one)
        assert "Something went wrong" in one.alert
        assert one.part("share").lines[0]["text"] == link
        one.pick("", "close")
        assert one.alert == ""


def test_a_preset_is_lived_to_the_end(screen):
    one = screen(LINK + "en")
    preset = next(one for one in presets() if one.name == "slump")
    one.pick("feidi-head", f"preset-{preset.name}")
    assert (one.part("clock").lived, one.part("clock").ended) == (2014, True)
    assert [one.part("bar", side).arm for side in "ab"] == [preset.a, preset.b]
    assert f'aria-selected="true" data-key="{preset.tab}"' in one.htmls["feidi-tabs"]


def test_the_lesson_asks_lives_and_answers(screen):
    one = screen(LINK + "zh")
    one.pick("feidi-head", "lesson-")
    assert 'data-lesson="1"' in one.htmls["feidi-lesson"]
    assert "data-answer" not in one.htmls["feidi-lesson"]
    one.pick("feidi-lesson", "guess-1")
    assert one.part("clock").lived == lesson()[0].year
    assert "data-answer" in one.htmls["feidi-lesson"]
    one.pick("feidi-lesson", "go-1")
    assert 'data-lesson="2"' in one.htmls["feidi-lesson"]
    assert "data-answer" not in one.htmls["feidi-lesson"]
    assert one.part("clock").lived == 2005
    one.pick("feidi-lesson", "go--1")
    assert "feidi-lesson" not in one.htmls


def test_files_are_made_when_they_are_asked_for(screen):
    one = screen(LINK + "en&year=2007")
    assert one.part("files").parcel is None
    for item in one.part("files").items:
        one.tell("files", "make", item["name"])
        parcel = one.part("files").parcel
        assert parcel["filename"] == f"feidi-{item['name']}"
    table = pd.read_parquet(io.BytesIO(base64.b64decode(parcel["base64"])))
    assert sorted(table["year"].unique()) == [2005, 2006, 2007]


def test_many_seeds_are_run_and_shown(screen, here, monkeypatch, until):
    monkeypatch.setattr("experiments.app.side.USUAL_SEEDS", 2)
    one = screen("case=tiny&a=solo&b=town&until=2007&lang=en&year=2007")
    one.pick("feidi-seeds", "run")
    until(lambda: 'data-batch="done"' in one.html and "95%:" in one.htmls["feidi-headlines"])
    one.rest()
    assert "band: 95% of 2 seeds" in one.htmls["feidi-charts"]
    assert "--seeds 2 " in one.part("share").lines[1]["text"]
    one.tell("form", "set", {"name": "seed", "value": "3"})
    assert "95%:" not in one.htmls["feidi-headlines"]


def test_cases_of_the_operator_are_offered(monkeypatch):
    monkeypatch.setenv(FURTHER_CASES, "")
    assert offered() == []
    monkeypatch.setenv(FURTHER_CASES, "a.toml")
    assert offered() == ["a.toml"]


def test_the_page_of_mesa_is_drawn_and_steps():
    box, context = solara.render(mesa_view.Page(), handle_error=False)
    assert len(list(inside(box))) >= 10
    context.close()
    parameters = mesa_view.model_params()
    assert parameters["case"]["values"] == case_names()
    model = EconomyModel(**{name: about["value"] for name, about in parameters.items()})
    model.step()
    columns = model.datacollector.get_model_vars_dataframe().columns
    assert {name for names in mesa_view.PLOTS for name in names} <= set(columns)
