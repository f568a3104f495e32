"""A link carries two worlds, from page to page, without loss."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.app.link import ROOM, read_link, with_field, write_link
from experiments.app.panels import usual_value
from experiments.app.setup import Choice, Policy, Setup, first_setup
from experiments.scenario import AID_ARMS, SCENARIOS
from model.cases import HORIZON, case_names, load_case
from model.draws import MOST_SEEDS

pytestmark = pytest.mark.one_version

TINY = load_case("tiny").parameters
LEVERS = {key: TINY.declared(key) for key in TINY if TINY.declared(key).role == "lever"}
OWN = ("solo+enclave", "solo+town_joint+enclave_rotating", "own+")
usual = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def values_of(declared):
    """Values that a lever can have."""
    low, high = declared.limits
    if declared.whole:
        return st.integers(int(low), int(high)).map(float)
    return st.floats(low, high, allow_nan=False)


levers = st.lists(st.sampled_from(sorted(LEVERS)), unique=True, max_size=6).flatmap(
    lambda keys: st.fixed_dictionaries({key: values_of(LEVERS[key]) for key in keys})
)
plain = st.builds(Policy, st.sampled_from([*SCENARIOS, *OWN]), levers)
whole = st.one_of(plain, st.builds(Policy, st.sampled_from(sorted(AID_ARMS)), levers)).map(Choice)


def branch(before, arm, since, changes):
    """A branch with levers of its own; those that shape the opening stay."""
    kept = {key: value for key, value in before.changes.items() if LEVERS[key].from_start}
    free = {key: value for key, value in changes.items() if not LEVERS[key].from_start}
    return Choice(before, since, Policy(arm, free | kept))


years = st.integers(2006, HORIZON)
branched = st.builds(branch, plain, st.sampled_from([*SCENARIOS, *OWN]), years, levers)
choices = st.one_of(whole, branched)
ends = st.one_of(st.none(), years.filter(lambda year: year != 2021))
setups = st.builds(Setup, choices, choices, st.just("tiny"), st.integers(0, MOST_SEEDS - 1 - ROOM), ends)


@usual
@given(setup=setups, lang=st.sampled_from(["", "en", "zh"]), part=st.one_of(st.none(), st.floats(0.0, 1.0)))
def test_a_link_brings_the_same_worlds(setup, lang, part):
    year = None if part is None else 2005 + round(part * (setup.end - 2005))
    opened = read_link(write_link(setup, year=year, lang=lang))
    assert opened.faults == ()
    assert opened.setup == setup
    assert (opened.year, opened.lang) == (year, lang)
    (found, alike), (wanted, wanted_alike) = opened.setup.arms, setup.arms
    assert alike == wanted_alike
    assert [(arm.mechanisms, arm.changes) for arm in found] == [(arm.mechanisms, arm.changes) for arm in wanted]
    assert read_link("?" + write_link(setup)).setup == setup


def other_value(declared):
    """A value other than the case's own."""
    low, high = declared.limits
    return low if usual_value(declared) != low else high


def test_all_levers_at_once_fit_into_a_link():
    changes = {key: other_value(declared) + 0.0 for key, declared in LEVERS.items()}
    fixed = {key: value for key, value in changes.items() if LEVERS[key].from_start}
    both = Choice(Policy("pooling", fixed), 2012, Policy("enclave", changes))
    setup = Setup(both, Choice(Policy("solo", changes)), "tiny")
    assert read_link(write_link(setup)) == (setup, None, "", ())
    assert with_field(setup, "seed", "4").setup.choices == setup.choices


def test_a_link_is_read_by_people_too():
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave", {"pool.coupon_rate": 0.08})), "tiny", 3, 2030)
    said = parse_qs(write_link(setup, year=2012, lang="zh"))
    assert {name: value for name, (value,) in said.items()} == {
        "case": "tiny",
        "seed": "3",
        "until": "2030",
        "year": "2012",
        "lang": "zh",
        "a": "solo",
        "b": "enclave",
        "b.pool.coupon_rate": "0.08",
    }


@pytest.mark.parametrize("query", ["", "?", "&", "&&=", "case=pinghu"])
def test_a_link_that_says_nothing_opens_the_usual_worlds(query):
    opened = read_link(query)
    assert opened.setup == first_setup()
    assert (opened.year, opened.lang) == (None, "")


@pytest.mark.parametrize(
    ("said", "arm"),
    [("aid", "aid:pooling"), ("aid_net", "aid_net:pooling"), ("solo+enclave", "solo+enclave"), ("++own", "own+")],
)
def test_an_arm_has_one_name(said, arm):
    opened = read_link(urlencode({"case": "tiny", "b": said}))
    assert opened.faults == ()
    assert opened.setup.right == Choice(Policy(arm))


def test_cases_of_the_operator_can_be_asked_for(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text((files("model.cases") / "tiny.toml").read_text(encoding="utf-8"), encoding="utf-8")
    offered = [str(file)]
    assert read_link("", offered).setup.case_name == offered[0]
    assert read_link("case=tiny", offered).setup.case_name == "tiny"
    opened = read_link(urlencode({"case": offered[0], "seed": 4}), offered)
    assert (opened.setup.case_name, opened.setup.seed, opened.faults) == (offered[0], 4, ())
    refused = read_link(urlencode({"case": offered[0]}))
    assert refused.setup.case_name in case_names()
    assert len(refused.faults) == 1


def test_another_seed_year_or_case(two):
    branched = Choice(Policy("solo", {"stress.slump": 0.4}), 2010, Policy("enclave", {"stress.slump": 0.4}))
    setup = two(branched, "pooling", last_year=2030)
    for name, value, field, wanted in (("seed", "7", "seed", 7), ("until", "2012", "last_year", 2012)):
        opened = with_field(setup, name, value)
        assert (getattr(opened.setup, field), opened.faults) == (wanted, ())
        assert opened.setup.choices == setup.choices
    opened = with_field(setup, "case", "qujiang")
    assert (opened.setup.case_name, opened.setup.end, opened.faults) == (
        *("qujiang", load_case("qujiang").last_year),
        (),
    )
    assert opened.setup.choices == setup.choices
    assert with_field(setup, "until", "2021").setup.last_year is None


@pytest.mark.parametrize(
    ("name", "value"), [("seed", "-1"), ("seed", "1.5"), ("until", "2036"), ("until", ""), ("case", "../tiny")]
)
def test_a_field_that_can_not_be_is_told(two, name, value):
    opened = with_field(two("town", "enclave"), name, value)
    (fault,) = opened.faults
    assert fault.told("en").startswith(f"{name}")
    assert opened.setup == two("town", "enclave"), "all stays as it was"
