"""What if: questions put to the model, and the answers as tidy tables.

In a notebook::

    from experiments import compare
    answer = compare("solo", "enclave", case="tiny", seeds=5)
    answer.effects          # one row a pair of arms, outcome and year

The public names are imported when they are first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.batches.command import batch as batch
    from experiments.scenario import Scenario as Scenario
    from experiments.study import compare as compare
    from experiments.study import run as run

__all__ = ["Scenario", "batch", "compare", "run"]


def __getattr__(name: str) -> Any:
    """The public names, each from its own module, imported at first use."""
    homes = {
        "Scenario": "experiments.scenario",
        "batch": "experiments.batches.command",
        "compare": "experiments.study",
        "run": "experiments.study",
    }
    if name not in homes:
        raise AttributeError(f"experiments has no name {name!r}. It has {', '.join(__all__)}.")
    return getattr(import_module(homes[name]), name)
