"""Pictures of two worlds that tests can read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from experiments.app.graph.draw import graph_svg
from experiments.app.graph.land import Land
from model.registry import find_mechanism

NAMESPACE = "{http://www.w3.org/2000/svg}"
LIMITS = (0.0, 6e6)


def classes(element):
    return (element.get("class") or "").split()


def words_of(element):
    """All that is read or heard, style sheets aside."""
    texts = [one.text or "" for one in element.iter() if not one.tag.endswith("style")]
    return " ".join([*texts, *(one.tail or "" for one in element.iter()), element.get("aria-label") or ""])


class Picture:
    """A parsed picture."""

    def __init__(self, text):
        self.text, self.root = text, ElementTree.fromstring(text)
        self.keyed = [one for one in self.root.iter() if one.get("data-key")]

    def mark(self, key):
        (found,) = [one for one in self.keyed if one.get("data-key") == key]
        return found

    def title(self, key):
        return self.mark(key).find(NAMESPACE + "title").text

    def of(self, look, tag="*", key=None):
        """All elements of a class, in the whole picture or in the mark of a key."""
        inside = self.root if key is None else self.mark(key)
        return [one for one in inside.iter(NAMESPACE + tag if tag != "*" else None) if look in classes(one)]

    @property
    def lines(self):
        """Class of width, colour, whether picked out, and number of curves of each path of stakes."""
        found = []
        for one in self.of("l", "path"):
            (width,) = [int(name[1:]) for name in classes(one) if re.fullmatch(r"w\d", name)]
            found.append((width, one.get("stroke"), "on" in classes(one), one.get("d").count("M")))
        return found

    def square(self, row):
        (found,) = self.of("p", "rect", f"Project-{row}")
        return found

    @property
    def lit(self):
        """Keys of what is picked out."""
        return {one.get("data-key") for one in self.keyed if "on" in classes(one)}

    def shade(self, village):
        """The class of income in whose colour a village is."""
        names = [name for one in self.mark(f"Village-{village}").iter() for name in classes(one)]
        (shade,) = [int(name[1:]) for name in names if re.fullmatch(r"i\d+", name)]
        return shade

    @property
    def words(self):
        return words_of(self.root)


@pytest.fixture(scope="session")
def land(case):
    return Land.of(case)


@pytest.fixture(scope="session")
def draw(pair, land):
    """The picture of a world (0 or 1) in a year; frame: another one than lived."""

    def drawn(world=1, year=2021, *, frame=None, lang="en", **choices):
        one = pair.worlds[world]
        found = tuple(find_mechanism(name) for name in one.scenario.mechanisms)
        frame, before = frame or one.frame(year), one.frame(year - 1)
        return Picture(graph_svg(land, frame, before, mechanisms=found, lang=lang, limits=LIMITS, **choices))

    return drawn


@pytest.fixture
def read():
    """Parse a picture."""
    return Picture


@pytest.fixture
def read_words():
    """All that is read in a text of HTML or SVG."""
    return lambda text: words_of(ElementTree.fromstring(text))
