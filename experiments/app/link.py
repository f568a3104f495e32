"""Links that carry two worlds: what a link says is checked against the declarations before anything is built of it.

A link is data: names of arms and cases that are known, numbers within limits, nothing else. What can't be used is left
out and told; the rest is used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from experiments.app.faults import Fault
from experiments.app.setup import SIDES, Choice, Policy, Setup, first_setup
from experiments.defaults import DEFAULT_CASE, FIRST_SEED
from experiments.scenario import AID_ARMS, SCENARIOS, ScenarioError, changed, find_scenario
from experiments.study import check_scenario
from experiments.words import LANGUAGES
from model.cases import HORIZON, case_names
from model.draws import MOST_SEEDS
from model.parameters import Parameter, ParameterError, Parameters

# Characters, fields (all levers in four policies need some 250), and characters of a word that is shown again.
LONGEST, MOST_FIELDS, LONGEST_WORD = 20_000, 400, 40
ROOM = 1000  # seeds that may follow the one that is watched
SINCE, THEN = "since", "then"


class Opened(NamedTuple):
    """What a link says: the worlds, the year shown, the language (empty where it says none), and what was left out."""

    setup: Setup
    year: int | None
    lang: str
    faults: tuple[Fault, ...]


def write_link(setup: Setup, *, year: int | None = None, lang: str = "") -> str:
    """The query of a link, without the question mark."""
    said: list[tuple[str, object]] = [("case", setup.case_name), ("seed", setup.seed), ("until", setup.end)]
    for side, choice in zip(SIDES, setup.choices, strict=True):
        said += _said(side, choice.policy)
        if choice.then is not None:
            said += [(f"{side}.{SINCE}", choice.since), *_said(f"{side}.{THEN}", choice.then)]
    said += [("year", year)] if year is not None else []
    said += [("lang", lang)] if lang else []
    return urlencode(said)


def _said(name: str, policy: Policy) -> list[tuple[str, object]]:
    """The fields of one policy: ``a=enclave``, ``a.pool.coupon_rate=0.08``."""
    return [(name, policy.arm), *((f"{name}.{key}", repr(float(value))) for key, value in policy.changes.items())]


def read_link(query: str, cases: Sequence[str] = ()) -> Opened:
    """The worlds of a link. cases: names of further cases that this server offers, beside those that ship."""
    reader = _Reader(query)
    offered = [*case_names(), *cases]
    case = reader.word("case", cases[0] if cases else DEFAULT_CASE, offered)
    usual = first_setup(case)
    left, right = (reader.choice(side, one, usual) for side, one in zip(SIDES, usual.choices, strict=True))
    seed = reader.whole("seed", FIRST_SEED, 0, MOST_SEEDS - 1 - ROOM)
    until = reader.whole("until", usual.case.last_year, usual.case.first_year, HORIZON)
    setup = Setup(left, right, case, seed, None if until == usual.case.last_year else until)
    year = (
        reader.whole("year", usual.case.first_year - 1, usual.case.first_year - 1, until) if "year" in reader else None
    )
    lang = reader.word("lang", "", LANGUAGES)
    return Opened(setup, year, lang, reader.rest())


def with_field(setup: Setup, name: str, value: str, cases: Sequence[str] = ()) -> Opened:
    """The same worlds with another case, seed or last year: checked as a link is. Another case ends when it ends.

    Where the value can't be, they stay as they are.
    """
    said = dict(parse_qsl(write_link(setup))) | {name: value}
    if name == "case":
        del said["until"]
    opened = read_link(urlencode(said), cases)
    return opened._replace(setup=setup) if opened.faults else opened


class _Reader:
    """The fields of a query, read one by one; what can't be used is noted."""

    def __init__(self, query: str) -> None:
        self.faults: list[Fault] = []
        self._fields: dict[str, str] = {}
        query = query.removeprefix("?")
        if len(query) > LONGEST or query.count("&") >= MOST_FIELDS:
            self._note("This link is too long and was not read.")
            return
        self._fields = dict(parse_qsl(query, keep_blank_values=True))

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def _note(self, text: str, **values: object) -> None:
        self.faults.append(Fault(text, values))

    def word(self, name: str, usual: str, known: Sequence[str]) -> str:
        """One of some words."""
        said = self._fields.pop(name, usual)
        if said not in (*known, usual):
            self._note("{name}: there is no {value} here.", name=name, value=_short(said))
            return usual
        return said

    def whole(self, name: str, usual: int, low: int, high: int) -> int:
        """A whole number within limits."""
        said = self._fields.pop(name, str(usual))
        if not (said.isascii() and said.isdigit() and len(said) <= 12 and low <= int(said) <= high):
            self._note(
                "{name} is {value}: a whole number from {low} to {high} was expected.",
                name=name,
                value=_short(said),
                low=low,
                high=high,
            )
            return usual
        return int(said)

    def choice(self, side: str, usual: Choice, setup: Setup) -> Choice:
        """The world of a side, the usual one where what is said of it can't be together."""
        chosen = self._choice(side, usual, setup)
        try:
            check_scenario(changed(*chosen.parts(setup.case)), setup.case, {})
        except ValueError as error:
            self._note("{name} can't be made: {why}", name=side, why=str(error))
            return usual
        return chosen

    def _choice(self, side: str, usual: Choice, setup: Setup) -> Choice:
        parameters = setup.case.parameters
        policy = self._policy(side, usual.policy, parameters)
        if f"{side}.{THEN}" not in self:
            return Choice(policy)
        first = setup.case.first_year
        since = self.whole(f"{side}.{SINCE}", first, first, HORIZON)
        then = self._policy(f"{side}.{THEN}", policy, parameters)
        if find_scenario(policy.arm).aid_of or find_scenario(then.arm).aid_of:
            self._note("A world that lives on cash aid can't be branched.")
            return Choice(policy)
        return Choice(policy, since, then)

    def _policy(self, name: str, usual: Policy, parameters: Parameters) -> Policy:
        said = self._fields.pop(name, usual.arm)
        try:
            arm = _arm(said)
        except ScenarioError:
            self._note("{name}: there is no {value} here.", name=name, value=_short(said))
            arm = usual.arm
        values = {
            key: value
            for key in parameters
            if (value := self._lever(f"{name}.{key}", parameters.declared(key))) is not None
        }
        return Policy(arm, values)

    def _lever(self, name: str, declared: Parameter) -> float | None:
        """The value of a lever, None where the link has none that can be used."""
        if name not in self:
            return None
        said = self._fields.pop(name)
        try:
            value = float(said[:LONGEST_WORD])
            if declared.role != "lever" or not math.isfinite(value):
                raise ParameterError(said)
            declared.but(value)
        except (ValueError, ParameterError):
            low, high = declared.limits
            text = "{name} is {value}: a number from {low} to {high} was expected."
            if declared.whole:
                text = "{name} is {value}: a whole number from {low} to {high} was expected."
            if declared.role != "lever":
                text = "{name} is no lever: a link can't change it."
            self._note(text, name=name, value=_short(said), low=f"{low:g}", high=f"{high:g}")
            return None
        return value

    def rest(self) -> tuple[Fault, ...]:
        """All that could not be used; fields that nobody asked for among it."""
        for name in self._fields:
            self._note("{name} is nothing that a link can say.", name=_short(name))
        return tuple(self.faults)


def _arm(said: str) -> str:
    """The one name of an arm that is known, or is made of mechanisms by name. Raises ScenarioError.

    Neither changes of its own nor years: a link says those in fields of their own.
    """
    if said in SCENARIOS | AID_ARMS:
        return said
    parts = [part for part in said.split("+") if part]
    if not parts or len(set(parts)) < len(parts) or not all(part.replace("_", "").isalnum() for part in parts):
        raise ScenarioError(said)
    found = find_scenario(said)
    return found.name if found.name in AID_ARMS else "+".join(parts) + ("+" if len(parts) == 1 else "")


def _short(said: str) -> str:
    """What is shown again of a link: short and in one line, so that a page can't be flooded by one."""
    seen = "".join(letter if letter.isprintable() else " " for letter in said[:LONGEST_WORD])
    return seen if len(said) <= LONGEST_WORD else seen + "…"
