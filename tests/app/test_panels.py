"""The controls: every lever once with its texts and a slider that fits, arms in groups, and cases."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from experiments.app import texts
from experiments.app.batch import CANCELLED, DONE, FAILED, IDLE, RUNNING, WAITING, Progress
from experiments.app.panels import arm_groups, arm_title, cases, lever, lever_groups, usual_value, world_names
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.side import set_lever
from experiments.scenario import AID_ARMS, SCENARIOS
from model.cases import case_names, load_case
from model.registry import mechanisms

pytestmark = pytest.mark.one_version

COUPON = "pool.coupon_rate"


def levers_of(case_name):
    parameters = load_case(case_name).parameters
    return {key: parameters.declared(key) for key in parameters if parameters.declared(key).role == "lever"}


def shown(setup, lang="en"):
    return {one["key"]: one for group in lever_groups(setup, lang) for one in group["levers"]}


@pytest.mark.parametrize("case_name", case_names())
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_lever_of_a_case_is_there_once(case_name, lang):
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave")), case_name)
    groups = lever_groups(setup, lang)
    found = Counter(one["key"] for group in groups for one in group["levers"])
    assert found == Counter(levers_of(case_name).keys())
    assert all(one["key"].startswith(group["topic"] + ".") for group in groups for one in group["levers"])
    assert [group["open"] for group in groups].count(True) == 1


@pytest.mark.parametrize("case_name", case_names())
def test_levers_tell_what_they_are_and_says_who(case_name):
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave")), case_name)
    known = {*mechanisms(), *setup.case.parameters}  # what is spelled so on the command line
    for lang in ("en", "zh"):
        for one in shown(setup, lang).values():
            assert all(one[name] for name in ("title", "meaning", "source", "usual", "limits")), one["key"]
            if lang == "zh":
                assert re.search(r"[\u4e00-\u9fff]", one["title"]), one["key"]
                words = re.findall(r"[a-z_.]{3,}", " ".join((one["title"], one["meaning"], one["unit"], one["usual"])))
                assert [word for word in words if word not in known] == [], one["key"]


def ends(one, value):
    """Whether a slider fits: its ends hold the value, lie within the limits, and are apart."""
    return one["least"] <= one["low"] <= value <= one["high"] <= one["most"] and one["low"] < one["high"]


@pytest.mark.parametrize("case_name", case_names())
def test_sliders_hold_the_values_and_respect_the_limits(case_name):
    parameters, plain = load_case(case_name).parameters, Choice(Policy("enclave"))
    for key, declared in levers_of(case_name).items():
        usual, (low, high) = usual_value(declared), declared.limits
        for value in (usual, low, high):
            choice = Choice(Policy("enclave", {key: value}))
            one = lever(declared, parameters, (plain, choice), "en")
            assert ends(one, value), key
            assert ends(one, usual), key
            assert one["values"] == [usual, value]
            assert (one["least"], one["most"]) == (low, high)
            assert 0.0 < one["step"] <= one["high"] - one["low"]
            assert one["step"] == 1.0 or not declared.whole


def test_a_changed_lever_is_marked_in_its_group(two):
    setup = two("solo", Choice(Policy("enclave", {COUPON: 0.07})))
    one = shown(setup)[COUPON]
    assert (one["changed"], one["values"], one["told"]) == (True, [0.1, 0.07], ["0.1 1/year", "0.07 1/year"])
    assert {group["topic"]: group["changed"] for group in lever_groups(setup, "en") if group["changed"]} == {"pool": 1}


def test_levers_show_the_policy_of_the_last_year(two):
    setup = two("solo", Choice(Policy("enclave", {COUPON: 0.09}), 2012, Policy("enclave", {COUPON: 0.05})))
    assert shown(setup)[COUPON]["values"][1] == 0.05


def test_what_sliders_tell_is_done(two, opened, until):
    session = opened(two("solo", "enclave", last_year=2006))
    for said, wanted in (
        ({"key": COUPON, "value": 0.07, "sides": [1]}, ({}, {COUPON: 0.07})),
        ({"key": "choice.ties_degree", "value": 4.6, "sides": [0, 1]}, ({"choice.ties_degree": 5.0},) * 2),
        ({"key": "choice.ties_degree", "value": None, "sides": [0]}, ({}, {"choice.ties_degree": 5.0})),
        ({"key": COUPON, "value": usual_value(levers_of("tiny")[COUPON]), "sides": [1]}, ({}, {})),
    ):
        set_lever(session, said)
        until(lambda: not session.busy.value)
        found = [dict(choice.policy.changes) for choice in session.setup.value.choices]
        for mine, changes in zip(found, wanted, strict=True):
            assert changes.items() <= mine.items()
    assert COUPON not in found[1]
    assert session.told.value == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_arm_can_be_chosen_and_has_a_name(lang):
    groups = arm_groups(lang, "enclave")
    names = [one["name"] for group in groups for one in group["arms"]]
    assert names == [*SCENARIOS, *AID_ARMS]
    titles = [one["title"] for group in groups for one in group["arms"]]
    assert len(set(titles)) == len(titles)
    if lang == "zh":
        assert all(re.search(r"[\u4e00-\u9fff]", title) and not re.search("[a-z]", title) for title in titles)
    own = arm_groups(lang, "solo+enclave_rotating")
    assert [one["name"] for one in own[-1]["arms"]] == ["solo+enclave_rotating"]
    assert len(own) == len(groups) + 1
    branched = [one["name"] for group in arm_groups(lang, "enclave", branched=True) for one in group["arms"]]
    assert branched == [*SCENARIOS], "cash aid follows a whole run"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_worlds_are_called_by_letter_arm_branch_and_what_they_have_of_their_own(two, lang):
    slump, coupon = {"stress.slump": 0.4}, {COUPON: 0.07}
    left, right = world_names(two("solo", Choice(Policy("enclave", slump))), lang)
    assert left == f"A {arm_title('solo', lang)}"
    assert right.startswith(f"B {arm_title('enclave', lang)}")
    assert "0.4" in right
    same = two(Choice(Policy("solo", slump)), Choice(Policy("solo", slump)))
    assert world_names(same, lang) == (f"A {arm_title('solo', lang)}", f"B {arm_title('solo', lang)}")
    branched = Choice(Policy("solo"), 2013, Policy("enclave", {**slump, **coupon}))
    told = world_names(two("enclave", branched), lang)[1]
    assert "2013" in told
    assert "2" in told.partition("2013")[2]


def test_a_path_by_year_is_told_with_its_years():
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave")), "tiny")
    for lang in ("en", "zh"):
        usual = shown(setup, lang)["pool.weak_line"]["usual"]
        path = levers_of("tiny")["pool.weak_line"].plain_value
        assert all(str(year) in usual for year in path)


def test_cases_that_ship_and_those_of_the_operator(tmp_path):
    assert [one["name"] for one in cases("en")] == case_names()
    gone = str(tmp_path / "gone.toml")
    assert [one["name"] for one in cases("zh", [gone])] == case_names()
    assert all(one["title"] for one in cases("zh"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_texts_of_the_controls(lang):
    told = [
        *texts.transport_texts(lang, 2005, 2005).values(),
        *texts.transport_texts(lang, 2012, 2005).values(),
        *texts.world_texts(lang, 2012, 0, Choice(Policy("solo"), 2010, Policy("enclave"))).values(),
        *texts.form_texts(lang).values(),
        *(value for value in texts.lever_texts(lang).values() if isinstance(value, str)),
        *(texts.progress_text(Progress(state, 3, 30, "why"), lang) for state in (WAITING, RUNNING, DONE)),
        *(texts.progress_text(Progress(state, 3, 30, "why"), lang) for state in (CANCELLED, FAILED)),
    ]
    assert all(told)
    assert all("{" not in text for text in told)
    assert texts.progress_text(Progress(IDLE), lang) == ""
    assert "why" in texts.progress_text(Progress(FAILED, why="why"), lang)
    assert "3" in texts.progress_text(Progress(RUNNING, 3, 30), lang)
    opening, later = (texts.transport_texts(lang, year, 2005)["shown"] for year in (2005, 2012))
    assert ("2005" in opening, "2012" in later, opening != "2005") == (True, True, True)
