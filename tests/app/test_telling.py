"""Numbers as people say them, and the headline cards that tell them."""

from __future__ import annotations

import math
import re
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.app.headlines import (
    BALANCED,
    LEVELS,
    ONLY_DIFFERENCES,
    OUTLAY,
    balance_html,
    headlines,
    headlines_html,
)
from experiments.app.reading import difference, ratio
from experiments.app.telling import interval, quantity
from model.indicators import INDICATORS

pytestmark = pytest.mark.one_version

TOLD = [  # value, unit, in English, in Chinese
    (369446.0, "yuan", "369,000 yuan", "36.9万元"),
    (1.2e6, "yuan", "1.20 million yuan", "120万元"),
    (1.2e6, "yuan/year", "1.20 million yuan/year", "120万元/年"),
    (123456789.0, "yuan", "123 million yuan", "12,300万元"),
    (2.5e9, "yuan", "2,500 million yuan", "25亿元"),
    (999.4, "yuan", "999 yuan", "999元"),
    (12345.0, "yuan/year", "12,300 yuan/year", "12,300元/年"),
    (0.0, "yuan", "0 yuan", "0元"),
    (-0.0, "yuan", "0 yuan", "0元"),
    (math.nan, "yuan", "–", "–"),
    (math.inf, "yuan", "–", "–"),
    (-0.0004, "1", "0.000", "0.000"),
    (0.3124, "1", "0.312", "0.312"),
    (1.0, "1", "1.00", "1.00"),
    (12.34, "mu", "12.3 mu", "12.3亩"),
    (1234.5, "mu", "1,234 mu", "1,234亩"),
    (7.0, "villages", "7 villages", "7个村"),
    (0.08, "1/year", "0.080 1/year", "0.080 1/年"),
    (17.25, "yuan/m2/month", "17.2 yuan/m2/month", "17.2元/平方米·月"),
    (5400.0, "yuan/person/year", "5,400 yuan/person/year", "5,400元/人·年"),
]


@pytest.mark.parametrize(("value", "unit", "english", "chinese"), TOLD)
def test_quantities_in_both_languages(value, unit, english, chinese):
    assert (quantity(value, unit, "en"), quantity(value, unit, "zh")) == (english, chinese)


def test_signs_stand_where_they_are_asked_for():
    assert quantity(1200.0, "yuan", "en", signed=True) == "+1,200 yuan"
    assert quantity(-1200.0, "yuan", "zh", signed=True) == "-1,200元"
    assert quantity(0.0, "yuan", "en", signed=True) == "0 yuan"


def test_a_small_difference_is_told_in_the_scale_of_what_it_is_between():
    assert quantity(5e4, "yuan", "en", size=3e6) == "0.050 million yuan"
    assert quantity(5e4, "yuan", "en", size=math.nan) == "50,000 yuan"


@pytest.mark.parametrize(
    ("low", "high", "lang", "told"),
    [
        (1.2e6, 2.5e6, "en", "+1.20 to +2.50"),
        (-3e5, 2.5e6, "zh", "-30至+250"),
        (math.nan, 1.0, "en", ""),
        (0.0, math.inf, "zh", ""),
    ],
)
def test_intervals(low, high, lang, told):
    assert interval(low, high, "yuan", lang, size=5e6) == told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_outcome_has_a_unit_that_can_be_told(lang):
    for about in INDICATORS.values():
        told = quantity(1234567.0, about.unit, lang)
        assert re.match(r"[\d,.]+", told)
        if lang == "zh":
            assert not re.search("[a-ln-z]", told.replace("m2", "")), about.unit


def shown(of, year, lang="en", answers=None):
    return {one.name: one for one in headlines(of, year, lang, answers)}


def test_cards_tell_both_worlds_and_their_difference(pair):
    cards = shown(pair, 2021)
    assert list(cards) == [*LEVELS, *ONLY_DIFFERENCES, OUTLAY]
    for name in LEVELS:
        left, right, gap, *_ = difference(pair, 2021, name)
        size = max(abs(left), abs(right))
        unit = INDICATORS[name].unit
        told = cards[name]
        for value, text in ((left, told.left), (right, told.right)):
            assert quantity(value, unit, "en", size=size).startswith(text)
        assert f"{told.difference} {told.unit}".strip() == quantity(gap, unit, "en", signed=True, size=size)
        assert told.interval == ""
    for name in (*ONLY_DIFFERENCES, OUTLAY):
        assert (cards[name].left, cards[name].right) == ("", "")
    assert cards[OUTLAY].difference == quantity(ratio(pair, 2021, OUTLAY), "1", "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_cards_with_seeds_have_intervals(seeds, lang):
    answers, pair = seeds
    one, many = shown(pair, 2014, lang), shown(pair, 2014, lang, answers)
    name = "recurrent_income_mean"
    found = difference(pair, 2014, name, answers)
    size = max(abs(found.left), abs(found.right))
    assert many[name].interval == interval(found.low, found.high, "yuan/year", lang, size=size) != ""
    assert one[name].interval == ""
    assert many[name].interval in headlines_html(pair, 2014, lang, answers)


def verdict(monkeypatch, pair, gap, low=math.nan, high=math.nan, *, name):
    """How the card of an outcome looks when its difference is so large."""
    from experiments.app.reading import Difference

    fixed = Difference(1.0, 1.0 + gap, gap, low, high)
    monkeypatch.setattr("experiments.app.headlines.difference", lambda *_: fixed)
    return shown(pair, 2021)[name].better


@pytest.mark.parametrize(
    ("gap", "low", "high", "look"),
    [
        (2.0, math.nan, math.nan, ""),
        (-2.0, math.nan, math.nan, ""),
        (0.0, math.nan, math.nan, ""),
        (math.nan, math.nan, math.nan, ""),
        (2.0, 1.0, 3.0, "good"),
        (-2.0, -3.0, -1.0, "bad"),
        (2.0, -1.0, 5.0, ""),
        (2.0, 0.0, 4.0, ""),
        (-2.0, -4.0, 0.0, ""),
    ],
)
def test_a_difference_is_good_or_bad_or_says_nothing(monkeypatch, pair, gap, low, high, look):
    turned = {"good": "bad", "bad": "good", "": ""}[look]
    assert verdict(monkeypatch, pair, gap, low, high, name="recurrent_income_mean") == look
    assert verdict(monkeypatch, pair, gap, low, high, name="recurrent_income_gini") == turned


def test_an_outcome_that_is_neither_has_no_verdict(monkeypatch, pair):
    neither = SimpleNamespace(**{**vars(INDICATORS["treasury"]), "better": "neither"})
    monkeypatch.setitem(INDICATORS, "treasury", neither)
    assert shown(pair, 2021)["treasury"].better == ""


def test_identical_worlds_are_neither_better_nor_worse(twins):
    cards = shown(twins, 2013)
    assert {one.better for one in cards.values()} == {""}
    assert cards[OUTLAY].difference == "–"
    assert {cards[name].difference for name in LEVELS} <= {"0", "0.000", "–"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_light_of_the_books(pair, lang, monkeypatch):
    assert all(frame.gap < BALANCED for world in pair.worlds for frame in world.frames)
    assert 'data-light="fine"' in balance_html(pair, 2021, lang)
    worlds = [SimpleNamespace(frame=partial(SimpleNamespace, gap=gap)) for gap in (0.0, 1e-6)]
    broken = SimpleNamespace(worlds=[SimpleNamespace(frame=lambda _, one=one: one.frame()) for one in worlds])
    assert 'data-light="broken"' in balance_html(broken, 2021, lang)
    assert "1e-06" in balance_html(broken, 2021, lang)


def test_the_gap_of_books_is_seen_at_the_opening_too(pair):
    assert np.isfinite([world.frame(2005).gap for world in pair.worlds]).all()
