"""What two worlds are made of: arms, levers and branches, and how each act on the page changes them."""

from __future__ import annotations

import pytest

from experiments.app.setup import Choice, Policy, Setup, first_setup
from experiments.scenario import ScenarioError
from model.cases import CaseError
from model.parameters import ParameterError

pytestmark = pytest.mark.one_version

COUPON, SLUMP = "pool.coupon_rate", "stress.slump"


def test_a_lever_is_set_changed_and_given_back():
    plain = Policy("enclave")
    once = plain.with_lever(COUPON, 0.07)
    assert dict(once.with_lever(SLUMP, 0.4).changes) == {COUPON: 0.07, SLUMP: 0.4}
    assert dict(once.with_lever(COUPON, 0.12).changes) == {COUPON: 0.12}
    assert once.with_lever(COUPON, None) == plain
    assert plain.with_lever(COUPON, None) == plain
    assert dict(plain.changes) == {}, "nothing is changed in its place"


def test_levers_act_on_the_policy_of_the_last_year():
    before, after, other = Policy("solo"), Policy("enclave"), Policy("town", {COUPON: 0.07})
    assert Choice(before).with_latest(other) == Choice(other)
    branched = Choice(before, 2013, after)
    assert (Choice(before).latest, branched.latest) == (before, after)
    assert branched.with_latest(other) == Choice(before, 2013, other)


def test_levers_that_both_have_alike_are_told_once():
    left = Choice(Policy("solo", {SLUMP: 0.4, COUPON: 0.07}))
    right = Choice(Policy("enclave", {SLUMP: 0.4, COUPON: 0.12}))
    (one, other), alike = Setup(left, right, "tiny").arms
    assert alike == {SLUMP: 0.4}
    assert (one.changes, other.changes) == ({COUPON: 0.07}, {COUPON: 0.12})
    assert (one.name, other.name) == ("solo[pool.coupon_rate=0.07]", "enclave[pool.coupon_rate=0.12]")


def test_years_case_and_seed(two):
    setup = two("solo", "enclave", last_year=None)
    assert (setup.end, two(last_year=2030).end) == (2021, 2030)
    fate = two("solo", Choice(Policy("enclave", {COUPON: 0.07})), seed=9).fate()
    assert (fate.case.name, fate.seed, fate.last_year, dict(fate.changes)) == ("tiny", 9, 2010, {})
    assert first_setup() == Setup(Choice(Policy("solo")), Choice(Policy("pooling")))


def test_one_side_is_changed_alone(two):
    setup, other = two("solo", "enclave"), Choice(Policy("town"))
    assert setup.with_choice(0, other).choices == (other, setup.right)
    assert setup.with_choice(1, other).choices == (setup.left, other)


@pytest.mark.parametrize(
    ("right", "common", "error", "told"),
    [
        ("nobody", {}, ScenarioError, "no scenario 'nobody'"),
        (Choice(Policy("enclave", {COUPON: 7.0})), {}, ParameterError, "outside the limits"),
        (Choice(Policy("enclave", {"pool.coupon": 0.1})), {}, ParameterError, "Did you mean 'pool.coupon_rate'"),
        (Choice(Policy("enclave", {COUPON: float("nan")})), {}, ParameterError, "not a number"),
        (Choice(Policy("solo+solo")), {}, ValueError, "given twice"),
        (Choice(Policy("aid:enclave"), 2012, Policy("solo")), {}, ScenarioError, "Reform an arm without aid"),
        (
            Choice(Policy("solo"), 2012, Policy("solo", {"place.contrast": 0.0})),
            {},
            ParameterError,
            "shapes a run from its start",
        ),
        ("enclave", {"case_name": "nowhere"}, CaseError, "no case 'nowhere'"),
    ],
)
def test_what_can_not_be_built_is_refused_before_anything_is(two, right, common, error, told):
    with pytest.raises(error, match=told):
        two("solo", right, **common).fate()
