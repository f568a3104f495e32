"""What an outcome is, and how a function of the model is declared to be one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Outcome = Callable[[Any], float]
Part = TypeVar("Part")


@dataclass(frozen=True)
class Indicator:
    """One outcome of a run. better: ``higher``, ``lower`` or ``neither``; of: a pure function of the model."""

    name: str
    title: str
    title_zh: str
    unit: str
    meaning: str
    better: str
    of: Outcome
    primary: bool = False


@dataclass(frozen=True)
class Ratio:
    """An outcome of two arms: the difference in one indicator over the difference in another."""

    name: str
    title: str
    title_zh: str
    unit: str
    meaning: str
    better: str
    numerator: str
    denominator: str
    primary: bool = True


def indicator(
    title: str, title_zh: str, *, unit: str, better: str, primary: bool = False
) -> Callable[[Outcome], Outcome]:
    """Declare a function of the model as an indicator; its name and docstring are the indicator's."""

    def declare(function: Outcome) -> Outcome:
        meaning = " ".join((function.__doc__ or "").split())
        name = function.__name__
        function.__dict__["indicator"] = Indicator(name, title, title_zh, unit, meaning, better, function, primary)
        return function

    return declare


def shared(function: Callable[[Any], Part]) -> Callable[[Any], Part]:
    """Declare a function of the model as a part of several outcomes, which a year's collecting works out once.

    While outcomes are collected ``model.worked_out`` holds what was found; at other times it is None, and the function
    is called anew. Nobody may change what it returns.
    """

    @functools.wraps(function)
    def once(model: Any) -> Part:
        found = getattr(model, "worked_out", None)
        if found is None:
            return function(model)
        if once not in found:
            found[once] = function(model)
        part: Part = found[once]
        return part

    return once
