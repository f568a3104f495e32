"""Two worlds of the small case that many tests look at, and a way to live others."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
import solara

from experiments.app import batch
from experiments.app import seeds as workers
from experiments.app.session import Session, Shown
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.views import View
from experiments.app.world import Fate, Pair
from experiments.scenario import find_scenario
from model.cases import load_case

PATIENCE = 180.0  # seconds after which something that goes on in the background is taken for lost


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
    return live("enclave", "enclave", last_year=2013)


@pytest.fixture(scope="session")
def seeds(live):
    """Three seeds of two worlds, as a batch answers, and the pair of the first of them, lived to the same year."""
    setup = Setup(Choice(Policy("solo")), Choice(Policy("enclave")), "tiny", 1, 2014)
    jobs, names = batch.jobs_of(setup, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "_step_back", lambda: None)  # the tests go on at their pace
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


class Reader(HTMLParser):
    """All that is read or heard in HTML, its buttons and its tags."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.keys, self.tags = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("aria-label", "title"):
                self.texts.append(value)
            elif name == "data-key":
                self.keys.append(value)

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def words(self):
        return " ".join(self.texts)


@pytest.fixture
def read_html():
    """Read HTML."""
    return Reader


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
def here(monkeypatch):
    """Workers that are threads of this process, which start at once."""

    @contextmanager
    def pool(workers):
        with ThreadPoolExecutor(workers) as executor:
            yield executor

    monkeypatch.setattr(batch, "worker_pool", pool)
    monkeypatch.setattr(workers, "_step_back", lambda: None)


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
