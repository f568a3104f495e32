"""What a mechanism of village investment is: a frozen record of choices.

Every file in ``model/mechanisms`` that holds a ``Mechanism`` is found by being there: see ``model.registry``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.table import Array
from model.capital import Capital, Rotating, VillagesChoose
from model.contracts import ActualRent, Contract
from model.parameters.declaration import KEY

HOME, TOWN, ZONE, HOST, PARK = "home", "town", "zone", "host", "park"
PLACES = {
    HOME: "each village on its own land",
    TOWN: "the villages of a town in its park",
    ZONE: "villages together in their county's zone",
    HOST: "in the zone of the county that hosts the pair",
    PARK: "in a park of the partner county",
}


def every_village(model: Any) -> Array:
    """All villages may join. Returns bool, shape (villages,)."""
    return np.ones(len(model.villages), dtype=bool)


def villages_of_host(model: Any) -> Array:
    """The villages of the first county of the case may join. Returns bool, shape (villages,)."""
    return np.asarray(model.villages.county == 0)


def no_village(model: Any) -> Array:
    """Nobody may join: a mechanism that is there and does nothing."""
    return np.zeros(len(model.villages), dtype=bool)


@dataclass(frozen=True)
class Mechanism:
    """A way of investing, as a record of choices; a version of enclave pooling is one of these.

    since, until: the first and the last year in which anybody joins, founds, buys or is newly supported under it; until
    None: it stays open. What was built and promised goes on after the last year: contracts and their guarantees, tax
    relief of floor that was built or paid for, dividends, exits, managers of a common park, and membership that
    rotates, a term of the pools that stand. By what a mechanism does, its end means:

    - villages choose: it is offered no more, so that no new capital, quota, grant or compensation goes in by it
    - villages are enrolled: a park or a second cohort that was due later does not come
    - counties pay: a park that was due later is not founded
    - shares of households: nobody is admitted, and nobody on the list gets a stake; the list is still reviewed, and who
      is struck off it is paid out
    - crowdfunding: no household is asked any more
    - interest subsidy: it ends, for loans taken before too, since it is a yearly payment to a village that owes,
      whatever it borrowed for, and no promise

    where: one of ``PLACES``. pair: the kind of paired counties that a mechanism of two counties is for. capital: who
    puts in how much. membership: ``Rotating``, or None where members stay. contract: what members are promised;
    guaranteed: the county of the place pays what rent lacks against it, and keeps what rent brings above it; rank: who
    is paid first when its money runs out (1 before 2), equals in the same part.
    compensation (yuan/mu of quota that the county takes, to be put into the project), grant (yuan once to a weak
    village), interest_subsidy (yuan/village/year), relief (part of property tax refunded), support_since (first year of
    compensation and grants): keys of parameters, empty where the programme has none, or always pays. min_plot,
    min_capital, control: keys of parameters. business: topic of the parameters of a project that has customers of its
    own (``crowd.failure`` and so on), empty for factory floor. mutual: whether three supplies and three guarantees bind
    the paired counties.
    family: name under which variants of one version share their luck; the mechanism's own by default.
    Raises ValueError for a place that there is not, or that does not go with a pair.
    """

    name: str
    version: str
    title: str
    title_zh: str
    since: int
    where: str
    until: int | None = None
    contract: Contract = ActualRent()
    capital: Capital = VillagesChoose()
    membership: Rotating | None = None
    guaranteed: bool = False
    rank: int = 1
    who_may_join: Callable[[Any], Array] = every_village
    pair: str = ""
    min_plot: str = "build.min_plot_home"
    min_capital: str = "build.min_capital"
    control: str = ""
    family: str = ""
    compensation: str = ""
    grant: str = ""
    support_since: str = ""
    interest_subsidy: str = ""
    relief: str = ""
    business: str = ""
    mutual: bool = False

    def __post_init__(self) -> None:
        if self.where not in PLACES:
            raise ValueError(
                f"Mechanism {self.name}: where is '{self.where}': give one of {', '.join(map(repr, PLACES))}."
            )
        if (self.where in (HOST, PARK)) != bool(self.pair):
            raise ValueError(
                f"Mechanism {self.name}: where is '{self.where}' and pair is '{self.pair}': name the kind of pair for "
                f"'{HOST}' and '{PARK}', and for no other place."
            )

    def but(self, **changes: Any) -> Mechanism:
        """The same mechanism with some other choices."""
        return dataclasses.replace(self, **changes)

    def begun(self, year: int) -> bool:
        """Whether it runs in a year or ran before: what was built and promised under it can be there."""
        return self.since <= year and (self.until is None or self.since <= self.until)

    def open_in(self, year: int) -> bool:
        """Whether anybody can join, found, buy or be newly supported under it in a year."""
        return self.since <= year and (self.until is None or year <= self.until)

    @property
    def luck(self) -> str:
        """The key of what is drawn for this mechanism: variants that stand in for each other draw the same."""
        return HOME if self.where == HOME and self.chosen else self.family or self.name

    @property
    def chosen(self) -> bool:
        """Whether villages decide on it themselves."""
        return isinstance(self.capital, VillagesChoose)

    def parameter_keys(self) -> list[str]:
        """All keys of parameters that it names."""
        parts = (self, self.contract, self.capital, self.membership)
        named = [
            getattr(part, field.name)
            for part in parts
            if dataclasses.is_dataclass(part)
            for field in dataclasses.fields(part)
        ]
        return [one for one in named if isinstance(one, str) and KEY.fullmatch(one)]
