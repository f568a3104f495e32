"""What ``feidi attribute`` does: write the experiment of all subsets, and run it as a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from experiments.attribution.channels import DISPLACEMENT
from experiments.batches.checks import refuse_ratio
from experiments.batches.command import Done, Request, run_experiment
from experiments.design import CHANNELS, MECHANISMS, DesignError, Experiment
from experiments.design_file import written_experiment
from experiments.scenario import find_scenario

OUTCOMES = ("recurrent_income_mean", DISPLACEMENT, "pool_income_mean", "village_gain_to_date", "value_to_date")


@dataclass(frozen=True)
class Parting:
    """What was asked for. channels, mechanisms: the players, all where empty; None where it is not about them."""

    arm: str
    baseline: str
    channels: tuple[str, ...] | None
    mechanisms: tuple[str, ...] | None
    outcomes: tuple[str, ...]
    case: str
    seeds: int
    years: int | None
    request: Request


def part(asked: Parting) -> Done:
    """Run the batch of all subsets. Raises DesignError and what batches raise."""
    kind = CHANNELS if asked.mechanisms is None else MECHANISMS
    named = f"results/attribute-{Path(asked.case).stem}-{asked.arm}-{kind}".replace(":", "_")
    request = replace(asked.request, out=asked.request.out or named)
    return run_experiment(request, *experiment_of(asked))


def experiment_of(asked: Parting) -> tuple[Experiment, str]:
    """The experiment of all subsets, and the text of its file. Raises DesignError."""
    if asked.channels is not None and asked.mechanisms is not None:
        raise DesignError("--channels and --mechanisms are two ways to part an effect. Give one of them.")
    outcomes = asked.outcomes or OUTCOMES
    for name in outcomes:
        refuse_ratio(name)
    said: dict[str, object] = {
        "title": f"Whence the effect of {asked.arm} against {asked.baseline} comes",
        "question": "What does each part add to the effect, on average over all orders in which the parts can come?",
        "case": asked.case,
        "arms": [asked.baseline],
        "seeds": {"count": asked.seeds},
        "outputs": {"outcomes": list(dict.fromkeys([*outcomes, DISPLACEMENT])), "books": False},
    }
    if asked.mechanisms is None:
        said["arms"] = [asked.baseline, asked.arm]
        said["design"] = {"kind": CHANNELS, "players": list(asked.channels or ())}
    else:
        said["design"] = {"kind": MECHANISMS, "players": list(_mechanisms(asked))}
    if asked.years is not None:
        from model.cases import load_case

        said["last_year"] = load_case(asked.case).first_year + asked.years - 1
    return written_experiment(said)


def _mechanisms(asked: Parting) -> tuple[str, ...]:
    """The mechanisms named, or all of the arm that the baseline has not. Raises DesignError where there is none."""
    before = find_scenario(asked.baseline).mechanisms
    players = asked.mechanisms or tuple(one for one in find_scenario(asked.arm).mechanisms if one not in before)
    if not players:
        raise DesignError(f"the arm {asked.arm!r} has no mechanism that {asked.baseline!r} has not: name another arm.")
    return players
