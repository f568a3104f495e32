"""What two worlds are made of: arms, levers, a branch, case, seed and years. A link and a command say the same."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from experiments.app.world import Fate
from experiments.defaults import DEFAULT_CASE, FIRST_SEED
from experiments.reform import reformed, reformed_levers
from experiments.scenario import Scenario, changed, find_scenario
from experiments.study import check_scenario
from model.cases import Case, load_case
from model.parameters import Value, spelled

NOTHING: Mapping[str, float] = MappingProxyType({})
SIDES = ("a", "b")  # the world to the left and the one to the right


@dataclass(frozen=True)
class Policy:
    """An arm by its name and the levers that differ from the case's, by key."""

    arm: str
    changes: Mapping[str, float] = field(default_factory=lambda: NOTHING)

    def with_lever(self, key: str, value: float | None) -> Policy:
        """The same with another value of a lever; None: the case's own."""
        rest = {name: one for name, one in self.changes.items() if name != key}
        return replace(self, changes=MappingProxyType(rest if value is None else {**rest, key: value}))

    @property
    def scenario(self) -> Scenario:
        """The arm without its levers. Raises ScenarioError."""
        return find_scenario(self.arm)


@dataclass(frozen=True)
class Choice:
    """What one world is: a policy and, where it was branched, another one from a year on."""

    policy: Policy
    since: int | None = None
    then: Policy | None = None

    @property
    def latest(self) -> Policy:
        """The policy of the last year: what levers and the choice of an arm act on."""
        return self.policy if self.then is None else self.then

    def with_latest(self, policy: Policy) -> Choice:
        """The same with another policy of the last year."""
        return replace(self, policy=policy) if self.then is None else replace(self, then=policy)

    def parts(self, case: Case) -> tuple[Scenario, dict[str, Value]]:
        """The arm that this is, on the command line too, and its levers. Raises ScenarioError."""
        if self.then is None or self.since is None:
            return self.policy.scenario, dict(self.policy.changes)
        arm = reformed(self.policy.scenario, self.then.scenario, self.since)
        return arm, reformed_levers(self.policy.changes, self.then.changes, self.since, case)


@dataclass(frozen=True)
class Setup:
    """Two worlds and what they have in common. seed: of their luck; last_year: where their clock stops."""

    left: Choice
    right: Choice
    case_name: str = DEFAULT_CASE
    seed: int = FIRST_SEED
    last_year: int | None = None

    @cached_property
    def case(self) -> Case:
        """The case. Raises CaseError."""
        return load_case(self.case_name)

    @property
    def choices(self) -> tuple[Choice, Choice]:
        """The two worlds, left and right."""
        return self.left, self.right

    @property
    def end(self) -> int:
        """The last year."""
        return self.case.last_year if self.last_year is None else self.last_year

    def with_choice(self, side: int, choice: Choice) -> Setup:
        """The same with another world on a side (0 left, 1 right)."""
        return replace(self, left=choice) if side == 0 else replace(self, right=choice)

    @cached_property
    def arms(self) -> tuple[tuple[Scenario, Scenario], Mapping[str, Value]]:
        """The two arms with the levers that are theirs alone, and the levers that both have alike.

        Raises ScenarioError and ParameterError.
        """
        (left, of_left), (right, of_right) = (choice.parts(self.case) for choice in self.choices)
        alike = {key: value for key, value in of_left.items() if key in of_right and of_right[key] == value}
        own = ({key: value for key, value in one.items() if key not in alike} for one in (of_left, of_right))
        return (changed(left, next(own)), changed(right, next(own))), alike

    def fate(self) -> Fate:
        """What the worlds have in common, after all is checked. Raises ScenarioError, ParameterError, CaseError."""
        arms, alike = self.arms
        for arm in arms:
            check_scenario(arm, self.case, alike)
        return Fate(self.case, self.seed, self.end, alike)

    def command(self, seeds: int = 1) -> str:
        """The command that compares the same arms over some seeds, from this one on."""
        arms, alike = self.arms
        same = arms[0].name == arms[1].name
        words = ["feidi", "run", arms[0].spelled] if same else ["feidi", "compare", *(arm.spelled for arm in arms)]
        words += ["--case", self.case_name, "--seed", str(self.seed), "--seeds", str(seeds)]
        words += ["--years", str(self.end - self.case.first_year + 1)]
        for key, value in alike.items():
            words += ["--set", f"{key}={spelled(value)}"]
        return shlex.join(words if same else [*words, "--no-turning-point", "--who-pays"])


def first_setup(case_name: str = DEFAULT_CASE) -> Setup:
    """What the page opens with: each village alone, and all versions of pooling."""
    return Setup(Choice(Policy("solo")), Choice(Policy("pooling")), case_name)
