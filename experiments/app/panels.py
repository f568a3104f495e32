"""What the controls of the page are given: levers from their declarations, arms, cases, and their texts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.app.setup import Choice, Setup
from experiments.app.telling import quantity
from experiments.scenario import AID_ARMS, SCENARIOS
from experiments.topics import TOPICS, topic_title
from experiments.words import say, title_of, unit_scale
from model.cases import CaseError, case_names, load_case
from model.parameters import Parameter, Parameters

OPEN = "pool"  # the group that is open at first
STEPS = 100  # of a slider over its range


def lever_groups(setup: Setup, lang: str) -> list[dict[str, Any]]:
    """All levers by topic, as the sliders need them."""
    parameters = setup.case.parameters
    topics: dict[str, list[Parameter]] = {}
    for key in parameters:
        declared = parameters.declared(key)
        if declared.role == "lever":
            topics.setdefault(key.partition(".")[0], []).append(declared)
    return [_group(topic, topics[topic], setup, lang) for topic in TOPICS if topic in topics]


def _group(topic: str, declared: Sequence[Parameter], setup: Setup, lang: str) -> dict[str, Any]:
    levers = [lever(one, setup.case.parameters, setup.choices, lang) for one in declared]
    changed = sum(one["changed"] for one in levers)
    return {
        "topic": topic,
        "title": topic_title(topic, lang),
        "open": topic == OPEN,
        "changed": changed,
        "levers": levers,
    }


def lever(declared: Parameter, parameters: Parameters, choices: Sequence[Choice], lang: str) -> dict[str, Any]:
    """One lever: texts, ends and step of its slider, and its value in both worlds."""
    usual = usual_value(declared)
    values = [choice.latest.changes.get(declared.key, usual) for choice in choices]
    low, high = slider_ends(declared, values)
    texts = {"title": declared.title, "meaning": declared.meaning, "source": declared.source}
    if lang == "zh":
        chinese = {"title": declared.title_zh, "meaning": declared.meaning_zh, "source": declared.source_zh}
        texts = {name: chinese[name] or text for name, text in texts.items()}
    status = {"cited": say("cited", lang), "derived": say("derived", lang)}
    status |= {"assumed": say("assumed", lang), "calibrated": say("calibrated", lang)}
    return {
        **texts,
        "key": declared.key,
        "source": " · ".join(part for part in (status[declared.status], texts["source"]) if part),
        "unit": "" if declared.unit == "1" else say(declared.unit, lang) if lang == "zh" else declared.unit,
        "low": low,
        "high": high,
        "step": step_of(declared, low, high),
        "least": declared.limits[0],
        "most": declared.limits[1],
        "limits": say("{low} to {high}", lang, low=f"{declared.limits[0]:g}", high=f"{declared.limits[1]:g}"),
        "usual": _usual(declared, lang),
        "values": values,
        "told": [_in_force(declared, choice, lang) for choice in choices],
        "changed": any(declared.key in choice.latest.changes for choice in choices),
        "from_start": declared.from_start,
    }


def usual_value(declared: Parameter) -> float:
    """The case's own value, the last one of a path by year."""
    plain = declared.plain_value
    return list(plain.values())[-1] if isinstance(plain, Mapping) else plain


def _in_force(declared: Parameter, choice: Choice, lang: str) -> str:
    """What a lever is in a world, in words."""
    value = choice.latest.changes.get(declared.key)
    return _usual(declared, lang) if value is None else _told(declared, value, lang)


def step_of(declared: Parameter, low: float, high: float) -> float:
    """The step of a slider: 1, 2 or 5 times a power of ten, about a hundred in its range; years are whole."""
    if declared.whole or declared.unit in ("year", "years"):
        return 1.0
    size = 10.0 ** math.floor(math.log10(max(high - low, 1e-12) / STEPS))
    return float(next(size * times for times in (1.0, 2.0, 5.0, 10.0) if size * times * STEPS >= 0.999 * (high - low)))


def _usual(declared: Parameter, lang: str) -> str:
    """The case's own value in words, each value of a path with the year from which it holds."""
    plain = declared.plain_value
    if not isinstance(plain, Mapping):
        return _told(declared, plain, lang)
    parts = (
        say("from {year} on {value}", lang, year=year, value=_told(declared, value, lang))
        for year, value in plain.items()
    )
    return ("，" if lang == "zh" else ", ").join(parts)


def slider_ends(declared: Parameter, values: Sequence[float]) -> tuple[float, float]:
    """The ends of a slider: the range that studies sample, or limits that are near, widened to all values in use."""
    low, high = declared.range or declared.limits
    usual = usual_value(declared)
    if declared.range is None and high > 10.0 * abs(usual):
        low, high = low, 2.0 * usual
    return min(low, *values, usual), max(high, *values, usual)


def _told(declared: Parameter, value: float, lang: str) -> str:
    if declared.unit in ("year", "1") or declared.unit.startswith("1/"):
        scale = unit_scale(declared.unit, [value], lang) if declared.unit.startswith("1/") else None
        return f"{value:g}" + (f" {scale.unit}" if scale else "")
    return quantity(value, declared.unit, lang)


def arm_groups(lang: str, chosen: str, *, branched: bool = False) -> list[dict[str, Any]]:
    """The arms that a world can be, in groups: the ladder and its controls, cash aid, and the chosen one if another.

    branched: of a world whose policy changes on the way, which can't be cash aid: that follows a whole run.
    """
    groups: list[tuple[str, Sequence[str]]] = [
        (say("Ways of development", lang), list(SCENARIOS)),
        *([] if branched else [(say("Cash aid instead", lang), list(AID_ARMS))]),
    ]
    if chosen not in SCENARIOS | AID_ARMS:
        groups.append((say("Mechanisms of your own choice", lang), [chosen]))
    return [
        {"title": title, "arms": [{"name": name, "title": arm_title(name, lang)} for name in arms]}
        for title, arms in groups
    ]


def arm_title(name: str, lang: str) -> str:
    """A short name of an arm."""
    arm = (SCENARIOS | AID_ARMS).get(name)
    if arm is None:
        return name
    if arm.aid_of is not None:
        text = say("cash, net cost of {arm}", lang, arm=arm_title(arm.aid_of.name, lang))
        return text if arm.net else say("cash, cost of {arm}", lang, arm=arm_title(arm.aid_of.name, lang))
    return SHORT[name][lang == "zh"]


SHORT = {  # what arms are called where there is little room, in English and Chinese
    "none": ("no programme", "无政策"),
    "solo": ("each village for itself (1.0)", "单打独斗（1.0）"),
    "solo_funded": ("each for itself, same grants", "单打独斗，同等资助"),
    "enclave_at_risk": ("enclave without guarantee", "县域飞地，不保底"),
    "town": ("joint building in towns (2.0)", "镇域联建（2.0）"),
    "enclave": ("county enclave (3.0)", "县域飞地抱团（3.0）"),
    "mountain_sea": ("mountain-sea pairs (4.0)", "山海协作（4.0）"),
    "east_west": ("east-west pairs (5.0)", "东西部协作（5.0）"),
    "household_shares": ("household shares (6.0)", "低收入农户持股（6.0）"),
    "pooling": ("all versions, crowdfunding too (7.0)", "全部版本，含众筹（7.0）"),
}


def cases(lang: str, further: Sequence[str] = ()) -> list[dict[str, str]]:
    """The cases that can be chosen: those that ship, and further ones that this server offers."""
    found = []
    for name in [*case_names(), *further]:
        try:
            found.append({"name": name, "title": title_of(load_case(name), lang)})
        except CaseError:  # a file that went away meanwhile
            continue
    return found


def world_names(setup: Setup, lang: str) -> tuple[str, str]:
    """What the two worlds are called in charts: letter, arm, branch, and the levers that the other has not alike."""
    left, right = setup.choices
    return _world_name(setup, 0, left, right, lang), _world_name(setup, 1, right, left, lang)


def _world_name(setup: Setup, side: int, mine: Choice, other: Choice, lang: str) -> str:
    name = f"{'AB'[side]} {arm_title(mine.latest.arm, lang)}"
    if mine.since is not None:
        name = say("{name}, from {year} on", lang, name=name, year=mine.since)
    own = {key: value for key, value in mine.latest.changes.items() if other.latest.changes.get(key) != value}
    if len(own) == 1:
        ((key, value),) = own.items()
        declared = setup.case.parameters.declared(key)
        lever = declared.title_zh if lang == "zh" else declared.title
        return say("{name}, {lever}: {value}", lang, name=name, lever=lever, value=_told(declared, value, lang))
    return say("{name}, {count} levers", lang, name=name, count=len(own)) if own else name
