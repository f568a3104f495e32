"""Arms for parting the effect of several mechanisms: the baseline's mechanisms with each subset of the chosen ones."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.attribution.shapley import AttributionError, subsets
from experiments.scenario import Scenario


def arms_of_subsets(baseline: Scenario, mechanisms: Sequence[str]) -> tuple[Scenario, ...]:
    """The baseline, and the baseline with each further subset of the mechanisms, in the order of ``shapley.subsets``.

    mechanisms: a player each, by name; those joined by ``+`` come and go together, as ``mountain_sea+mountain_park``.
    An arm is called by all its mechanisms, as ``feidi run`` takes them, the first one as the baseline itself. The worth
    of a subset is its arm's outcome less the baseline's. Raises AttributionError where a mechanism is unknown, is
    named twice or is in the baseline already, and where the baseline gets cash aid.
    """
    if baseline.aid_of is not None:
        raise AttributionError(f"baseline {baseline.name!r} gets cash aid, which is no mechanism: take one without.")
    titles = _titles(baseline, mechanisms)
    arms = [baseline]
    for chosen in subsets(mechanisms)[1:]:
        added = [one for player in mechanisms if player in chosen for one in player.split("+")]
        names = (*baseline.mechanisms, *added)
        title = f"{baseline.title}; {'; '.join(titles[one][0] for one in added)}"
        title_zh = f"{baseline.title_zh}+{'+'.join(titles[one][1] for one in added)}"
        arms.append(Scenario("+".join(names), title, title_zh, names, baseline.changes))
    return tuple(arms)


def _titles(baseline: Scenario, mechanisms: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The titles of all mechanisms that players stand for, each of which is known, new and named once."""
    from model.registry import find_mechanism

    titles: dict[str, tuple[str, str]] = {}
    for name in (one for player in mechanisms for one in player.split("+")):
        if name in titles:
            raise AttributionError(f"mechanism {name!r} is given twice. Name each once.")
        if name in baseline.mechanisms:
            raise AttributionError(f"mechanism {name!r} is in the baseline {baseline.name!r} already: leave it out.")
        try:
            found = find_mechanism(name)
        except ValueError as error:
            raise AttributionError(f"{error} See 'feidi list mechanisms'.") from None
        titles[name] = found.title, found.title_zh
    return titles
