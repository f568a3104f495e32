"""A server of the page, a browser, and visits: tabs in contexts of their own, from which nothing goes elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER, NEEDED = "FEIDI_BROWSER", "FEIDI_BROWSER_NEEDED"
PATIENCE = 30_000  # milliseconds until what is waited for counts as never coming
WIDTH, HEIGHT = 1440, 1000
INCOME = "recurrent_income_mean"  # the first card
SETTLED = """() => document.querySelector("[data-busy]")?.dataset.busy === "0" """
YEARS = """() => ["busy", "year"].map(name => [...document.querySelectorAll(`[data-${name}]`)].map(one =>
    [one.className.baseVal ?? one.className, one.dataset[name]]))"""
SHOWN = """year => document.querySelector("[data-busy]")?.dataset.busy === "0"
    && [".feidi-graph.a svg.fg", ".feidi-graph.b svg.fg", ".feidi-cards"].every(
        part => document.querySelector(part)?.dataset.year === year)
    && [...document.querySelectorAll(".feidi-charts svg[data-year]")].every(one => one.dataset.year === year)"""
OTHER = """old => document.querySelector(".feidi-cards .card .levels").textContent !== old"""


class Card(NamedTuple):
    """A headline card as it is read: what each world brought, the difference, and its interval."""

    left: str
    right: str
    difference: str
    interval: str


class Visit:
    """One tab on the page, and what went wrong in it."""

    def __init__(self, context, url):
        self.context, self.url, self.faults = context, url, []
        self.page = context.new_page()
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, query="case=tiny", year=2005):
        """Open the page with the query of a link, and wait until its year is shown."""
        self.page.goto(f"{self.url}/?{query}")
        return self.at(year)

    def at(self, year):
        """Wait until a year is shown in all parts of the page, and nothing is being lived."""
        return self.until(SHOWN, str(year))

    def settled(self):
        """Wait until nothing is being lived."""
        return self.until(SETTLED)

    def until(self, condition, known=None):
        """Wait until something is so: JavaScript, and what it is called with. Looked at with every frame drawn."""
        try:
            self.page.wait_for_function(condition, arg=known)
        except sync_api.TimeoutError:
            pytest.fail(f"never came: {condition} of {known}; years: {self.page.evaluate(YEARS)}")
        return self

    def part(self, name):
        """A control by what it does."""
        return self.page.locator(f'[data-do="{name}"]')

    def press(self, name):
        """Click a control."""
        self.part(name).click()
        return self

    def key(self, key, inside):
        """What is clicked for an agent, a tab, a preset: by its key, inside a part of the page."""
        return self.page.locator(f'{inside} [data-key="{key}"]')

    def text(self, part):
        """What can be read in a part of the page."""
        return self.page.locator(part).inner_text()

    def expect(self, part):
        """Something that is waited for."""
        return sync_api.expect(self.page.locator(part))

    def cards(self):
        """The headline cards: outcome -> card."""
        read = """all => all.map(card => [card.dataset.outcome, ...[".a", ".b", ".difference", ".sure"].map(
            one => card.querySelector(one)?.textContent.trim() ?? "")])"""
        return {name: Card(*rest) for name, *rest in self.page.locator(".feidi-cards .card").evaluate_all(read)}

    def other_cards(self, before):
        """Wait until the cards differ from what they were, and read them."""
        old = before[INCOME]
        return self.until(OTHER, old.left + old.right).settled().cards()

    def drawn(self, part):
        """The picture in a part of the page, without its words."""
        return re.sub(r'aria-label="[^"]*"', "", self.page.locator(part).inner_html())

    def link(self):
        """The link to what is shown, as the page offers it."""
        return self.part("link").input_value()


def found_browser():
    """The browser's path, None where there is none."""
    return os.environ.get(BROWSER) or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_path():
    path = found_browser()
    if path is None and os.environ.get(NEEDED):
        pytest.fail(f"no browser among {', '.join(BROWSERS)}, nor in {BROWSER}; {NEEDED} asks for one")
    if path is None:
        pytest.skip(f"no browser among {', '.join(BROWSERS)}, nor in {BROWSER}")
    return path


@pytest.fixture(scope="session")
def served(browser_path, tmp_path_factory):
    """The address of a server of the page; it must end without having told of an error."""
    errors = tmp_path_factory.mktemp("server") / "errors.txt"
    command = [sys.executable, "-m", "experiments.cli", "app", "--port", "0", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        errors.open("w") as told,
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=told, text=True) as server,
    ):
        try:
            found = re.match(r"The page is at (\S+)", server.stdout.readline())
            assert found, errors.read_text()
            yield found[1]
        finally:
            server.terminate()
    assert "Traceback" not in errors.read_text(), errors.read_text()


@pytest.fixture(scope="session")
def chromium(browser_path):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        yield browser
        browser.close()


@pytest.fixture
def visitor(served, chromium):
    """Makes visits in contexts of their own: all that they ask of others than the server is refused, and a fault."""
    abroad = []

    def refused(route):
        abroad.append(route.request.url)
        route.abort()

    @contextmanager
    def visiting(**options):
        context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}, **{"locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        context.route(lambda url: not url.startswith((f"{served}/", "data:", "blob:")), refused)
        visit = Visit(context, served)
        yield visit
        context.close()
        assert visit.faults == []
        assert abroad == []

    sync_api.expect.set_options(timeout=PATIENCE)
    return visiting


@pytest.fixture
def visit(visitor):
    """A visit that is not open yet."""
    with visitor() as visit:
        yield visit
