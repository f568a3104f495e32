"""Scenarios: named sets of mechanisms and parameter changes, the arms of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from experiments.changes import ChangeError, read_changes, short, told_changes
from model.parameters import Value, nearest


class ScenarioError(ValueError):
    """A scenario that does not exist, or arms that cannot be compared."""


@dataclass(frozen=True)
class Scenario:
    """An arm: which mechanisms are in force, and which parameters differ from the case's (key -> value).

    aid_of: the arm whose public outlay, in the run of the same seed, is given as cash; net: less what that arm
    brings the counties more than solo.
    """

    name: str
    title: str
    title_zh: str
    mechanisms: tuple[str, ...]
    changes: Mapping[str, Value] = field(default_factory=dict)
    aid_of: Scenario | None = None
    net: bool = False

    @property
    def spelled(self) -> str:
        """What to call it on the command line: its name, or the mechanisms and changes of an arm of one's own."""
        try:
            if find_scenario(self.name) == self:
                return self.name
        except ScenarioError:
            pass  # the name is the arm's own
        own = "+".join(self.mechanisms) + ("+" if len(self.mechanisms) == 1 else "")
        return (own if self.aid_of is None else self.name) + in_brackets(self.changes)

    @property
    def twins(self) -> tuple[Scenario, ...]:
        """The arms whose runs of the same seed this one looks at."""
        if self.aid_of is None:
            return ()
        return (self.aid_of, changed(SCENARIOS["solo"], self.changes)) if self.net else (self.aid_of,)


# The ladder: each rung has all mechanisms of those before it, and these.
RUNGS = (
    (
        "town",
        ("solo", "town_joint"),
        "joint building in the parks of towns (2.0), with grants and compensation from pool.support_since on",
        "镇域联建",
    ),
    ("enclave", ("enclave",), "the county enclave (3.0)", "县域飞地抱团"),
    ("mountain_sea", ("mountain_sea", "mountain_park"), "the parks of mountain-sea pairs (4.0)", "山海协作"),
    ("east_west", ("science_park", "fashion_park"), "the parks of east-west pairs (5.0)", "东西部协作"),
    ("household_shares", ("household_shares",), "shares of low-income households (6.0)", "低收入农户持股"),
    ("pooling", ("crowdfunding",), "crowdfunding by villages and households (7.0)", "强村众筹"),
)


def _ladder() -> list[Scenario]:
    found: list[Scenario] = []
    for name, added, what, what_zh in RUNGS:
        before = found[-1].mechanisms if found else ()
        title = f"The arm {found[-1].name if found else 'solo'}, and {what}"
        found.append(Scenario(name, title, what_zh, (*before, *added)))
    return found


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
            "The arm enclave without the county's guarantee: rent as it comes",
            "县域飞地抱团(不保底)",
            ("solo", "town_joint", "enclave_at_risk"),
        ),
        *_ladder(),
    )
}

MOST_MECHANISMS = 100  # in one arm; each is looked up and held against all others
FEW_LETTERS = 40  # of a name that is too long to be told
AID, NET_AID = "aid", "aid_net"
WITHOUT_AID = ("none", "solo")  # nothing is paid in the one, and the other is what aid is added to


def aid_arm(arm: Scenario, *, net: bool = False) -> Scenario:
    """Solo and cash, year by year as much as an arm costs the public in the run of the same seed (输血)."""
    name = f"{NET_AID if net else AID}:{arm.name}"
    title = f"Solo and cash to those whom {arm.name} reaches: its {'net' if net else 'gross'} public outlay"
    title_zh = f"单打独斗加{'净额' if net else '等额'}现金援助(输血)"
    return Scenario(name, title, title_zh, SCENARIOS["solo"].mechanisms, aid_of=arm, net=net)


AID_ARMS = {
    arm.name: arm
    for net in (False, True)
    for arm in (aid_arm(one, net=net) for name, one in SCENARIOS.items() if name not in WITHOUT_AID)
}
AIDED = {name: arm.aid_of.name for name, arm in AID_ARMS.items() if arm.aid_of}  # aid arm -> arm


def find_scenario(name: str) -> Scenario:
    """The scenario of that name; ``aid`` is aid:pooling, ``solo+enclave`` an arm of these mechanisms.

    ``NAME[KEY=VALUE;KEY=VALUE]`` is the arm NAME with changes of its own. Raises ScenarioError, with the nearest name,
    for others.
    """
    if "[" in name or "]" in name:
        return _with_changes(name)
    if name in (AID, NET_AID):
        name = f"{name}:pooling"
    known = SCENARIOS | AID_ARMS
    if name in known:
        return known[name]
    if "+" in name and ":" not in name:
        return of_mechanisms(name)
    if "@" in name:
        raise ScenarioError(
            f"no scenario {name!r}: years stand behind mechanisms, of which an arm is made with '+'. "
            "Write for example solo+enclave@2015, or enclave@2015+ for one mechanism alone."
        )
    kind, colon, arm = name.partition(":")
    if colon and kind in (AID, NET_AID) and arm.partition(":")[0] in (AID, NET_AID):
        raise ScenarioError(f"{name!r} would be aid of aid: name an arm that is none, such as {kind}:enclave.")
    if colon and kind in (AID, NET_AID) and arm in WITHOUT_AID:
        why = "pays nothing" if arm == "none" else "is what aid is added to"
        raise ScenarioError(f"no scenario {name!r}: the arm {arm!r} {why}. Name another, such as {kind}:enclave.")
    raise ScenarioError(
        f"no scenario {name!r}. {nearest(name, known if colon else SCENARIOS)} See 'feidi list scenarios'."
    )


def _with_changes(name: str) -> Scenario:
    """An arm with changes of its own, by ``NAME[KEY=VALUE;KEY=VALUE]``. Raises ScenarioError."""
    arm, bracket, inside = name.partition("[")
    inside = inside.removesuffix("]")
    if not (arm and bracket and name.endswith("]")) or set(inside) & set("[]"):
        raise ScenarioError(f"no scenario {name!r}: write an arm with changes as enclave[pool.coupon_rate=0.07].")
    if not inside.strip():
        raise ScenarioError(f"no scenario {name!r}: nothing is changed. Write {arm}, or {arm}[KEY=VALUE].")
    try:
        changes = read_changes([word.strip() for word in inside.split(";")], f"{arm}[...]:")
    except ChangeError as error:
        raise ScenarioError(str(error)) from None
    return changed(find_scenario(arm.strip()), changes)


def changed(scenario: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The arm with changes of its own, which its name and titles tell; an arm of aid gets the outlay of such an arm."""
    if not changes:
        return scenario
    told = told_changes(changes)
    return replace(
        scenario,
        name=scenario.name + in_brackets(changes),
        title=f"{scenario.title}, with {told}",
        title_zh=f"{scenario.title_zh}, {told}",
        changes={**scenario.changes, **changes},
        aid_of=None if scenario.aid_of is None else changed(scenario.aid_of, changes),
    )


def in_brackets(changes: Mapping[str, Value]) -> str:
    """Changes as they stand behind the name of an arm: ``[KEY=VALUE;KEY=VALUE]``, nothing where there are none."""
    return f"[{';'.join(f'{key}={short(value)}' for key, value in changes.items())}]" if changes else ""


def of_mechanisms(name: str) -> Scenario:
    """An arm of some mechanisms by their names: ``solo+enclave``, or ``own+`` for one alone.

    Raises ScenarioError for unknown ones, and for more than can be meant.
    """
    from model.registry import find_mechanism

    names = tuple(one for one in name.split("+") if one)
    if len(names) > MOST_MECHANISMS:
        raise ScenarioError(
            f"no scenario {name[:FEW_LETTERS]!r}...: it names {len(names)} mechanisms, and an arm has at most "
            f"{MOST_MECHANISMS}. Name each once, or once a window of years."
        )
    try:
        titles = [find_mechanism(one).title for one in names]
    except ValueError as error:
        raise ScenarioError(f"no scenario {name!r}: {error} See 'feidi list mechanisms'.") from None
    return Scenario(name, "; ".join(titles), name, names)


def with_twins(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """All arms that must be run so that some can be: each once, and none before those that it looks at."""
    found: dict[str, Scenario] = {}
    for scenario in scenarios:
        for one in (*scenario.twins, scenario):
            if found.setdefault(one.name, one) != one:
                raise ScenarioError(f"arm {one.name!r} is two things here: give your own scenarios names of their own.")
    return tuple(found.values())


def check_arms(scenarios: tuple[Scenario, ...]) -> None:
    """Refuse arms of the same name, and aid of aid. Raises ScenarioError."""
    nested = [scenario.name for scenario in scenarios if any(twin.aid_of for twin in scenario.twins)]
    if nested:
        raise ScenarioError(f"arm {nested[0]!r} is aid of aid: give it the outlay of an arm that is none.")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(f"arm {twice[0]!r} is given twice. Name each arm once, the baseline first.")
    with_twins(scenarios)
