"""What went wrong, kept as text and values so that it can be told in either language, and again in the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from experiments.words import say


class Fault(NamedTuple):
    """Something that can't be used or done: a text of ``words``, and what it names."""

    text: str
    values: Mapping[str, object]

    def told(self, lang: str) -> str:
        """In a language."""
        return say(self.text, lang, **self.values)


def told(faults: Iterable[Fault], lang: str) -> list[str]:
    """All of them in a language."""
    return [one.told(lang) for one in faults]


def of_error(error: Exception) -> Fault:
    """A fault from an error that nobody foresaw."""
    return Fault("Something went wrong: {why}", {"why": f"{type(error).__name__}: {error}"})
