"""A browser session: build, step, play, change, branch; what can't be done is told and leaves all as it was."""

from __future__ import annotations

import re
import threading

import pytest

from experiments.app import session as module
from experiments.app.link import read_link
from experiments.app.session import PAUSES, Session
from experiments.app.setup import Choice, Policy

pytestmark = pytest.mark.one_version

COUPON, SLUMP = "pool.coupon_rate", "stress.slump"
FASTEST = len(PAUSES) - 1


@pytest.fixture
def settle(until):
    """Wait until a session lives nothing anew."""

    def wait(session):
        until(lambda: not session.busy.value)
        return session.pair.value

    return wait


def test_a_session_opens_with_the_worlds_of_a_link(until):
    session = Session.of(read_link("case=tiny&a=none&b=town&until=2010&year=2008&c=1"))
    until(lambda: session.pair.value is not None)
    pair = session.pair.value
    assert [world.scenario.name for world in pair.worlds] == ["none", "town"]
    assert (pair.lived, session.lived.value, session.shown.value.year) == (2008, 2008, 2008)
    assert [fault.values["name"] for fault in session.told.value] == ["c"]
    session.close()


def test_a_year_at_a_time_until_the_last(opened, two):
    session = opened(two(last_year=2007))
    for year in (2006, 2007, 2007):
        session.step()
        assert (session.lived.value, session.shown.value.year, session.pair.value.lived) == (year,) * 3
    assert session.pair.value.ended
    assert not session.playing.value


def test_playing_stops_by_itself_at_the_last_year(opened, two, until):
    session = opened(two(last_year=2009))
    session.pace.value = FASTEST
    session.play()
    session.play()
    until(lambda: not session.playing.value)
    assert session.pair.value.years == (2005, 2006, 2007, 2008, 2009)
    session.play()
    until(lambda: not session.playing.value)


def test_a_pause_holds_the_clock(opened, two, until):
    session = opened(two(last_year=2030))
    session.pace.value = FASTEST
    session.play()
    until(lambda: session.lived.value >= 2007)
    session.pause()
    with session._lock:
        lived = session.lived.value
    threading.Event().wait(0.3)
    assert session.lived.value <= lived + 1 < 2030
    assert not session.playing.value


def test_pause_and_play_do_not_make_the_clock_faster(opened, two, until, monkeypatch):
    monkeypatch.setattr(module, "PAUSES", (0.02,))
    session, before = opened(two()), set(threading.enumerate())
    monkeypatch.setattr(session, "step", lambda: None)  # the clock has no end
    session.pace.value = 0
    for _ in range(5):
        session.play()
        session.pause()
    session.play()
    until(lambda: len(set(threading.enumerate()) - before) == 1)


def test_a_step_after_a_look_back_shows_the_next_year_and_lives_none(opened, two, settle):
    session = opened(two(), 2008)
    settle(session)
    session.show(year=2006, tab=3, key="Village-1", world=0)
    session.step()
    assert (session.lived.value, session.shown.value.year) == (2008, 2007)
    assert (session.shown.value.tab, session.shown.value.key, session.shown.value.world) == (3, "Village-1", 0)


def test_a_reset_begins_again_with_the_same_worlds(opened, two, settle):
    session = opened(two(), 2008)
    before = settle(session)
    session.reset()
    pair = settle(session)
    assert pair is not before
    assert (pair.lived, session.shown.value.year) == (2005, 2005)
    assert pair.worlds[1].scenario == before.worlds[1].scenario
    session.step()
    for side in (0, 1):
        assert (
            pair.worlds[side].frame(2006).outcomes["treasury"] == before.worlds[side].frame(2006).outcomes["treasury"]
        )


def test_a_lever_makes_worlds_anew_to_the_same_year(opened, two, settle):
    session = opened(two(), 2008)
    before = settle(session)
    session.set_lever((0, 1), SLUMP, 0.4)
    pair = settle(session)
    assert pair is not before
    assert (pair.lived, session.shown.value.year) == (2008, 2008)
    assert pair.fate.changes == {SLUMP: 0.4}
    session.set_lever((0,), SLUMP, None)
    assert dict(session.setup.value.left.policy.changes) == {}
    assert settle(session).worlds[1].scenario.changes == {SLUMP: 0.4}
    session.set_lever((1,), SLUMP, None)
    settle(session)
    assert session.setup.value == two()


def test_nothing_is_done_where_nothing_is_changed(opened, two, settle):
    session = opened(two(), 2007)
    before = settle(session)
    session.set_lever((0, 1), SLUMP, None)
    session.change(two())
    assert session.pair.value is before
    assert not session.busy.value


def test_another_arm_from_the_start_on(opened, two, settle):
    session = opened(two(), 2007)
    session.set_lever((1,), COUPON, 0.07)
    session.set_arm(1, "town")
    pair = settle(session)
    assert (pair.worlds[1].scenario.name, pair.lived) == ("town[pool.coupon_rate=0.07]", 2007)


@pytest.mark.parametrize(
    "name", ["enclave[prices.loan_rate=0.2]", "solo@2010+", "nobody", "", "+".join(["solo"] * 3000)]
)
def test_only_arms_that_are_offered_can_be_set(opened, two, settle, name):
    session = opened(two(), 2007)
    settle(session)
    before = session.setup.value
    session.set_arm(1, name)
    assert session.setup.value == before


def test_a_branch_is_the_other_world_until_the_year(opened, two, settle):
    session = opened(two("solo", Choice(Policy("enclave", {COUPON: 0.07}))), 2008)
    settle(session)
    session.show(year=2007)
    session.branch(1)
    settle(session)
    policy = Policy("enclave", {COUPON: 0.07})
    assert session.setup.value.choices == (Choice(policy, 2008, policy), Choice(policy))
    session.set_arm(0, "solo")
    session.set_lever((0,), COUPON, 0.05)
    pair = settle(session)
    assert session.setup.value.left == Choice(policy, 2008, Policy("solo", {COUPON: 0.05}))
    assert pair.worlds[0].scenario.mechanisms == ("solo", "town_joint@-2007", "enclave@-2007")
    session.unbranch(0)
    settle(session)
    assert session.setup.value.left == Choice(policy)


def test_a_branch_is_not_branched_again(opened, two, settle):
    session = opened(two(), 2007)
    settle(session)
    session.branch(0)
    settle(session)
    before = session.setup.value
    session.branch(1)
    assert session.setup.value == before
    assert [fault.values for fault in session.told.value] == [{"year": 2008}]


@pytest.mark.parametrize(
    "act",
    [
        lambda session: session.set_lever((1,), COUPON, 7.0),
        lambda session: session.set_lever((1,), "prices.inflation", 0.02),
        lambda session: session.change(session.setup.value.with_choice(1, Choice(Policy("solo+solo")))),
    ],
)
def test_a_fault_is_told_and_leaves_all_as_it_was(opened, two, settle, act):
    session = opened(two(), 2007)
    pair, setup = settle(session), session.setup.value
    session.batch.answers.value = "answers"
    act(session)
    (fault,) = session.told.value
    assert re.match(r"Something went wrong|\S+ is \S+: a number from", fault.told("en"))
    assert (session.setup.value, session.pair.value, session.busy.value) == (setup, pair, 0)
    assert session.batch.answers.value == "answers"
    session.step()
    assert session.lived.value == 2008
    session.set_arm(1, "town")
    settle(session)
    assert session.told.value == ()


def test_a_branch_of_cash_aid_is_told(opened, two, settle):
    session = opened(two("solo", "aid:enclave", last_year=2006), 2005)
    settle(session)
    session.branch(1)
    assert "Reform an arm without aid" in session.told.value[0].told("en")


def test_a_fault_in_a_year_is_told(opened, two, settle, until, monkeypatch):
    session = opened(two())
    settle(session)

    def fail(pair):
        raise RuntimeError("no such year")

    monkeypatch.setattr(module.Pair, "step", fail)
    session.playing.value = False
    session.guarded(session.step)()
    assert "no such year" in session.told.value[0].told("en")
    session.told.value = ()
    session.play()
    until(lambda: session.told.value)
    until(lambda: not session.playing.value)
    assert session.lived.value == 2005


def test_the_last_of_several_changes_holds(opened, two, settle):
    session = opened(two(), 2009)
    for value in (0.05, 0.06, 0.07):
        session.set_lever((1,), COUPON, value)
    pair = settle(session)
    assert pair.worlds[1].scenario.changes == {COUPON: 0.07}
    assert (pair.lived, session.told.value) == (2009, ())


def test_a_change_after_a_reset_stays_at_the_opening(opened, two, settle):
    session = opened(two(), 2009)
    settle(session)
    session.reset()
    session.set_lever((1,), COUPON, 0.07)
    assert settle(session).lived == 2005


def test_another_case_begins_at_its_opening(opened, two, settle):
    session = opened(two(), 2008)
    settle(session)
    session.change(two(case_name="tiny", last_year=2007))
    assert settle(session).lived == 2007, "the clock can't stand behind its last year"


def test_a_drawing_that_fails_is_told_in_its_place(opened, two):
    session = opened(two())
    assert session.drawn(lambda: "<svg/>") == "<svg/>"
    told = session.drawn(lambda: str(1 / 0))
    assert "ZeroDivisionError" in told
    assert 'role="alert"' in told

    def fail():
        raise ValueError("<script>")

    assert "<script>" not in session.drawn(fail)


def test_sessions_do_not_see_each_other(opened, two, settle):
    one, other = opened(two()), opened(two())
    one.step()
    one.set_lever((1,), COUPON, 0.07)
    one.show(key="Village-1")
    settle(one)
    assert (other.lived.value, other.shown.value.key, other.setup.value) == (2005, "", two())
    assert one.pair.value is not other.pair.value
    one.close()
    other.step()
    assert other.lived.value == 2006


def test_a_closed_session_stops_all_that_goes_on(opened, two, until, monkeypatch):
    before, steps, step = set(threading.enumerate()), [], module.Pair.step
    monkeypatch.setattr(module.Pair, "step", lambda pair: steps.append(pair) or step(pair))
    session = opened(two(last_year=2035))
    session.pace.value = 0
    session.play()
    session.build(two(last_year=2034), 2034)
    until(lambda: len(steps) > 2)
    session.close()
    lived = len(steps)
    until(lambda: not set(threading.enumerate()) - before)
    assert len(steps) <= lived + 2
    assert session.lived.value < 2034
    assert not session.playing.value
