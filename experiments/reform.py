"""Reforms: an arm whose policy is that of another arm from some year on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments.scenario import Scenario, ScenarioError, of_mechanisms
from model.parameters import Value

if TYPE_CHECKING:
    from model.cases import Case


def reformed(before: Scenario, after: Scenario, year: int) -> Scenario:
    """The arm with the mechanisms of ``before`` until the year before ``year``, and those of ``after`` from then on.

    What the later arm lacks founds nothing more; what was built and promised stays. Raises ScenarioError where one of
    them gets another run's outlays as cash: those are of whole runs.
    """
    for arm in (before, after):
        if arm.aid_of is not None:
            raise ScenarioError(
                f"{arm.name!r} can't be one side of a reform: its cash follows the outlays of a whole run of "
                f"{arm.aid_of.name!r}. Reform an arm without aid."
            )
    ended = [one if one in after.mechanisms else f"{one}@-{year - 1}" for one in before.mechanisms]
    added = [f"{one}@{year}" for one in after.mechanisms if one not in before.mechanisms]
    if not added and tuple(ended) == before.mechanisms:
        return before
    return of_mechanisms("+".join([*ended, *added]))


def reformed_levers(before: Mapping[str, Value], after: Mapping[str, Value], year: int, case: Case) -> dict[str, Value]:
    """Levers that have one value until the year before ``year`` and another from then on, by key.

    before, after: those that differ from the case's own.
    """
    return {key: _path(case, key, before, after, year) for key in dict.fromkeys([*before, *after])}


def _path(case: Case, key: str, before: Mapping[str, Value], after: Mapping[str, Value], year: int) -> Value:
    """A lever that changes in a year: plain where it does not."""
    usual = case.parameters.declared(key).plain_value
    old, new = before.get(key, usual), after.get(key, usual)
    if old == new:
        return old
    # A path holds its first value before its first date too.
    first = {min(case.first_year, *old): old[min(old)], **old} if isinstance(old, Mapping) else {case.first_year: old}
    later = {year: new} if not isinstance(new, Mapping) else _from(new, year)
    return {**{date: value for date, value in first.items() if date < year}, **later}


def _from(path: Mapping[int, float], year: int) -> dict[int, float]:
    """A stepwise path from a year on, with the value of that year as its first."""
    now = max((date for date in path if date <= year), default=min(path))
    return {year: path[now], **{date: value for date, value in path.items() if date > year}}
