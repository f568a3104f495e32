"""What the single limits of parameters can't tell: values that make no sense together."""

from __future__ import annotations

from collections.abc import Sequence

from model.cases import Case, CaseError
from model.mechanism import Mechanism
from model.parameters import ParameterError, Parameters
from model.registry import MechanismError, names_twice


def check_together(case: Case, parameters: Parameters, mechanisms: Sequence[Mechanism]) -> None:
    """Raises CaseError, ParameterError or MechanismError on the first thing that does not fit."""
    host = case.counties[0]
    if not any(town.households for town in case.towns if town.county == host.name):
        raise CaseError(
            f"Case {case.name}: {host.name}, the first county, has no village: give it towns with villages."
        )
    kinds = [pair.kind for pair in case.pairs]
    if len(set(kinds)) < len(kinds):
        raise CaseError(f"Case {case.name} has two pairs of one kind: give each kind once.")
    spent = parameters["village.payout"] + parameters["village.services"]
    if spent > 1.0:
        raise ParameterError(
            f"village.payout and village.services are {spent:g} together: a village can't spend more than it gets; "
            "give at most 1."
        )
    twice = names_twice(mechanisms)
    if twice:
        one, other = (mechanism.name for mechanism in twice)
        raise MechanismError(
            f"Mechanism {one} is given twice: give it once."
            if one == other
            else f"Mechanisms {one} and {other} are one and the same, open in the same years: give them years apart."
        )
    for mechanism in mechanisms:
        for key in mechanism.parameter_keys():
            parameters.declared(key)
