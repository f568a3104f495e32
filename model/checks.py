"""What the single limits of parameters can't tell: values that make no sense together."""

from __future__ import annotations

from collections.abc import Sequence

from model.cases import Case, CaseError
from model.mechanism import Mechanism
from model.parameters import ParameterError, Parameters


def check_together(case: Case, parameters: Parameters, mechanisms: Sequence[Mechanism]) -> None:
    """Raises CaseError, ParameterError or ValueError on the first thing that does not fit."""
    if len(case.counties) != 1:
        raise CaseError(f"Case {case.name} has {len(case.counties)} counties: give one.")
    spent = parameters["village.payout"] + parameters["village.services"]
    if spent > 1.0:
        raise ParameterError(
            f"village.payout and village.services are {spent:g} together: a village can't spend more than it gets; "
            "give at most 1."
        )
    names = [one.name for one in mechanisms]
    for one in mechanisms:
        if names.count(one.name) > 1:
            raise ValueError(f"Mechanism {one.name} is given twice: give it once.")
        for key in (one.min_plot, one.min_capital):
            parameters.declared(key)
