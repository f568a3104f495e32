"""Presets and the guided lesson: pairs of worlds with what is asked of them, as they stand in two TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from experiments.app.reading import difference
from experiments.app.setup import Choice, Policy, Setup, first_setup
from experiments.app.telling import quantity
from experiments.app.world import Pair
from experiments.words import say
from model.indicators import INDICATORS

ANSWERS = ("more", "less", "same")  # the choices of a question, in this order
MORE, LESS, SAME = range(len(ANSWERS))


@dataclass(frozen=True)
class Preset:
    """Two worlds to begin with. levers: of both; levers_a, levers_b: of one; tab: what is looked at first.

    until: the last year, 0 for the one before.
    """

    name: str
    title: str
    title_zh: str
    a: str
    b: str
    tab: int
    until: int = 0
    levers: Mapping[str, float] = field(default_factory=dict)
    levers_a: Mapping[str, float] = field(default_factory=dict)
    levers_b: Mapping[str, float] = field(default_factory=dict)

    def setup(self, before: Setup) -> Setup:
        """These worlds, with the case, luck and years of a setup."""
        setup = _setup(self, before, self.levers_a, self.levers_b)
        return replace(setup, last_year=self.until) if self.until else setup


@dataclass(frozen=True)
class Step:
    """A step of the lesson: worlds, a question with its choices, and what is compared to answer it.

    within: below this part of A's (or the other outcome's) value the answer is "same"; within_units: in the unit;
    written_for: the answer that the reveal presumes.
    """

    title: str
    title_zh: str
    text: str
    text_zh: str
    question: str
    question_zh: str
    choices: tuple[str, ...]
    choices_zh: tuple[str, ...]
    a: str
    b: str
    year: int
    tab: int
    compared: str
    written_for: str
    reveal: str
    reveal_zh: str
    than: str = ""
    within: float = 0.0
    within_units: float = 0.0
    levers: Mapping[str, float] = field(default_factory=dict)
    levers_b: Mapping[str, float] = field(default_factory=dict)

    def setup(self) -> Setup:
        """The worlds of the step: Pinghu, the first seed, the years of the case."""
        return _setup(self, first_setup(), {}, self.levers_b)

    def said(self, name: str, lang: str) -> Any:
        """A text of the step, or its choices, in a language."""
        return getattr(self, f"{name}_zh" if lang == "zh" else name)

    def values(self, pair: Pair) -> tuple[float, float]:
        """What is compared, left and right."""
        found = difference(pair, self.year, self.compared)
        left = difference(pair, self.year, self.than).right if self.than else found.left
        return left, found.right

    def answer(self, pair: Pair) -> int:
        """The place of the right choice, read off the worlds."""
        left, right = self.values(pair)
        if abs(right - left) < max(self.within * abs(left), self.within_units):
            return SAME
        return MORE if right > left else LESS

    def revealed(self, pair: Pair, lang: str) -> str:
        """What is told then, with the figures of the worlds."""
        (left, right), unit = self.values(pair), INDICATORS[self.compared].unit
        told = {"left": quantity(left, unit, lang), "right": quantity(right, unit, lang)}
        told["difference"] = quantity(right - left, unit, lang, signed=True)
        if ANSWERS[self.answer(pair)] != self.written_for:
            return say("A {left}, B {right}: a difference of {difference}.", lang, **told)
        text: str = self.said("reveal", lang)
        return text.format(**told)


def _setup(story: Preset | Step, before: Setup, left: Mapping[str, float], right: Mapping[str, float]) -> Setup:
    a, b = (
        Choice(Policy(arm, {**story.levers, **own})) for arm, own in ((story.a, dict(left)), (story.b, dict(right)))
    )
    return Setup(a, b, before.case_name, before.seed, before.last_year)


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, in the order of their file."""
    return tuple(Preset(**one) for one in _read("presets.toml")["preset"])


@cache
def lesson() -> tuple[Step, ...]:
    """All steps of the lesson."""
    found = _read("lesson.toml")["step"]
    return tuple(
        Step(**{**one, "choices": tuple(one["choices"]), "choices_zh": tuple(one["choices_zh"])}) for one in found
    )


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files("experiments.app") / name).read_text(encoding="utf-8"))
