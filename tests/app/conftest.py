"""Two worlds of the small case that many tests look at, and a way to live others."""

from __future__ import annotations

import threading
import time

import pytest
import solara

from experiments.app import batch
from experiments.app.session import Session, Shown
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.views import View
from experiments.app.world import Fate, Pair
from experiments.scenario import find_scenario
from model.cases import load_case

PATIENCE = 60.0  # seconds after which something that goes on in the background is taken for lost


@pytest.fixture(scope="session")
def case():
    return load_case("tiny")


@pytest.fixture(scope="session")
def live(case):
    """Two worlds of these arms, lived to a year; the same ones are lived once."""
    lived = {}

    def two(left, right, *, year=None, last_year=case.last_year, seed=1, **changes):
        key = (left, right, year, last_year, seed, *sorted(changes.items()))
        if key not in lived:
            fate = Fate(case, seed, last_year, changes)
            pair = lived[key] = Pair(find_scenario(left), find_scenario(right), fate)
            pair.live_to(last_year if year is None else year)
        return lived[key]

    return two


@pytest.fixture(scope="session")
def pair(live):
    """Villages for themselves, and all pools, to the end."""
    return live("solo", "pooling")


@pytest.fixture(scope="session")
def aided(live):
    """Cash, and the pools whose outlay it is, to the end."""
    return live("aid:pooling", "pooling")


@pytest.fixture(scope="session")
def twins(live):
    """The same arm twice, for some years."""
    return live("enclave", "enclave", last_year=2015)


@pytest.fixture(scope="session")
def seeds(live):
    """Three seeds of two worlds, as a batch answers, and the pair of the first of them, lived to the same year."""
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave")), "tiny", 1, 2014)
    jobs, names = batch.jobs_of(setup, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "_step_back", lambda: None)  # the tests go on at their pace
        answers = batch._answers(setup, [batch.paths_of(job, names) for job in jobs])
    return answers, live("solo", "enclave", last_year=2014)


@pytest.fixture
def two():
    """A setup of two arms of the small case."""

    def setup(left="solo", right="enclave", **common):
        sides = (one if isinstance(one, Choice) else Choice(Policy(one)) for one in (left, right))
        return Setup(*sides, **{"case_name": "tiny", "last_year": 2010, **common})

    return setup


@pytest.fixture
def look(pair):
    """Two worlds as they are looked at."""

    def view(lang="en", year=2021, *, of=None, answers=None):
        return View(of or pair, year, lang, ("A solo", "B pooling"), answers)

    return view


@pytest.fixture
def until():
    """Wait until something is so; fail where it never is."""

    def wait(true):
        limit = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < limit, "it never came about"
            time.sleep(0.01)

    return wait


@pytest.fixture
def opened(two, until):
    """Sessions that are open, and closed behind the test; no thread of theirs may be left then."""
    before, sessions = set(threading.enumerate()), []

    def session(setup=None, year=2005):
        setup = setup or two()
        one = Session(solara.reactive(setup), solara.reactive(Shown(year)))
        sessions.append(one)
        one.build(setup, year)
        until(lambda: one.pair.value is not None or one.told.value)
        return one

    yield session
    for one in sessions:
        one.close()
    until(lambda: not [thread for thread in set(threading.enumerate()) - before if thread.daemon])
