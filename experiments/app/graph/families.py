"""What families of mechanisms are called in a word or two, and their colours: by name, so that no arm changes them."""

from __future__ import annotations

from typing import NamedTuple

from experiments.words import say, title_of
from model.draws import key_of
from model.mechanism import Mechanism


class Family(NamedTuple):
    """Mechanisms that are variants of each other. short: an English text that has a Chinese word."""

    short: str
    colour: str


OWN = Family("Own building", "#a08a5c")
FAMILIES = {
    "own": OWN,
    "solo": OWN,
    "solo_funded": OWN,
    "town_joint": Family("Town pool", "#e69f00"),
    "enclave": Family("Enclave pool", "#009e73"),
    "mountain_sea": Family("Mountain-sea park", "#b04a9c"),
    "mountain_park": Family("Tourism park", "#e08bc8"),
    "science_park": Family("Science park", "#3fa7e0"),
    "fashion_park": Family("Fashion park", "#4b45b5"),
    "household_shares": Family("Household shares", "#7a3b10"),
    "crowdfunding": Family("Crowdfunding", "#8f9a1c"),
}
OTHERS = ("#5b7c99", "#b0726a", "#6f8f5f", "#8a6fb0")  # for mechanisms of one's own


def mechanism_name(mechanism: Mechanism, lang: str) -> str:
    """A mechanism in a word or two; by its title where it belongs to no known family."""
    family = FAMILIES.get(mechanism.family or mechanism.name)
    return say(family.short, lang) if family else title_of(mechanism, lang)


def mechanism_colour(mechanism: Mechanism) -> str:
    """The colour of a mechanism, by the name of its family alone."""
    name = mechanism.family or mechanism.name
    return FAMILIES[name].colour if name in FAMILIES else OTHERS[key_of("colour", name) % len(OTHERS)]
