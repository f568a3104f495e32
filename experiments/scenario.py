"""Scenarios: named sets of mechanisms and parameter changes, the arms of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.parameters import nearest


class ScenarioError(ValueError):
    """A scenario that does not exist, or arms that cannot be compared."""


@dataclass(frozen=True)
class Scenario:
    """An arm: which mechanisms are in force, and which parameters differ from the case's (key -> value)."""

    name: str
    title: str
    title_zh: str
    mechanisms: tuple[str, ...]
    changes: Mapping[str, float] = field(default_factory=dict)


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("none", "Villages build for themselves, no programme", "无政策", ("own",)),
        Scenario("solo", "Solo development with the subsidies of version 1.0: the control", "单打独斗", ("solo",)),
        Scenario(
            "solo_funded",
            "Solo development with the grants and compensation that pools get",
            "单打独斗(同等资助)",
            ("solo_funded",),
        ),
        Scenario(
            "enclave_at_risk",
            "Solo development and the county enclave without the guarantee: rent as it comes",
            "飞地抱团(不保底)",
            ("solo", "enclave_at_risk"),
        ),
        Scenario("enclave", "Solo development and the county enclave of version 3.0", "飞地抱团", ("solo", "enclave")),
    )
}


def find_scenario(name: str) -> Scenario:
    """The scenario of that name. Raises ScenarioError, with the nearest name, when there is none."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    raise ScenarioError(f"no scenario {name!r}. {nearest(name, SCENARIOS)} See 'feidi list scenarios'.")


def check_arms(scenarios: tuple[Scenario, ...]) -> None:
    """Refuse arms of the same name. Raises ScenarioError."""
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(f"arm {twice[0]!r} is given twice. Name each arm once, the baseline first.")
