"""What a mechanism of village investment is: a frozen record of choices.

Every file in ``model/mechanisms`` that holds a ``Mechanism`` is found by being there.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.table import Array
from model.contracts import ActualRent, Contract

HOME, ZONE = "home", "zone"


def every_village(model: Any) -> Array:
    """All villages may join. Returns bool, shape (villages,)."""
    return np.ones(len(model.villages), dtype=bool)


def no_village(model: Any) -> Array:
    """Nobody may join: a mechanism that is there and does nothing."""
    return np.zeros(len(model.villages), dtype=bool)


@dataclass(frozen=True)
class Mechanism:
    """A way in which villages invest, as a record of choices; a version of enclave pooling is one of these.

    where: ``home`` (each village on its own land) or ``zone`` (members together in the county's zone).
    min_plot, min_capital: keys of parameters. compensation: the county takes quota at quota.compensation and the
    village puts the money into the project. grant: weak villages get pool.grant once. support_since: first year of
    compensation and grants. interest_subsidy, relief: whether the programme's subsidies apply.
    family: name under which variants of one version share their luck; the mechanism's own by default.
    guaranteed: the county pays what rent lacks against the contract, and keeps what rent brings above it.
    """

    name: str
    version: str
    title: str
    title_zh: str
    since: int
    where: str
    contract: Contract = ActualRent()
    guaranteed: bool = False
    who_may_join: Callable[[Any], Array] = every_village
    min_plot: str = "build.min_plot_home"
    min_capital: str = "build.min_capital"
    family: str = ""
    compensation: bool = False
    grant: bool = False
    support_since: int = 2013
    interest_subsidy: bool = False
    relief: bool = False

    def __post_init__(self) -> None:
        if self.where not in (HOME, ZONE):
            raise ValueError(f"Mechanism {self.name}: where is '{self.where}': give '{HOME}' or '{ZONE}'.")

    def but(self, **changes: Any) -> Mechanism:
        """The same mechanism with some other choices."""
        return dataclasses.replace(self, **changes)

    @property
    def luck(self) -> str:
        """The key of what is drawn for this mechanism: variants that stand in for each other draw the same."""
        return HOME if self.where == HOME else self.family or self.name

    def funds(self, year: int) -> bool:
        """Whether compensation and grants are paid in a year."""
        return year >= self.support_since


def mechanisms() -> dict[str, Mechanism]:
    """All mechanisms by name, in order of version and name."""
    package = importlib.import_module("model.mechanisms")
    found: dict[str, Mechanism] = {}
    for entry in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"model.mechanisms.{entry.name}")
        found |= {value.name: value for value in vars(module).values() if isinstance(value, Mechanism)}
    return {one.name: one for one in sorted(found.values(), key=lambda one: (one.version, one.name))}


def find_mechanism(wanted: str | Mechanism) -> Mechanism:
    """A mechanism by name, or the one given. Raises ValueError with the names there are."""
    if isinstance(wanted, Mechanism):
        return wanted
    known = mechanisms()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}."
        raise ValueError(f"There is no mechanism '{wanted}'. {hint}")
    return known[wanted]
