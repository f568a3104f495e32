"""The economy as a Mesa model: it builds a case, steps years, and collects what comes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import mesa
import numpy as np

from agents.row_model import RowModel
from agents.table import Array, Table, read_only, total_by
from model.accounts import YearAccounts, opening_accounts
from model.cases import Case, load_case
from model.checks import check_together
from model.draws import Draws
from model.indicators import INDICATORS
from model.ledger import Ledger
from model.mechanism import Mechanism
from model.neighbours import Neighbours, find_neighbours
from model.obligations import Obligation
from model.offers import Offer
from model.opening import make_tables, populate
from model.outlays import Outlays, Payments, check_fits
from model.parameters import Parameters, Value
from model.partnerships import Partnerships
from model.registry import find_mechanism
from model.year import YEAR

PANEL = (
    "county",
    "town",
    "recurrent_income",
    "home_income",
    "pool_income",
    "other_income",
    "support_income",
    "aid",
    "cash",
    "debt",
    "idle_land",
    "quota",
    "trust",
)


class EconomyModel(RowModel):
    """Villages, towns, counties, enterprises and households of one case under some mechanisms.

    Parameters
    ----------
    case: name of a case, path of a case file, or a Case
    mechanisms: names of mechanisms or Mechanism records, all of which run
    changes: values of parameters that differ from the case's, by key; of a lever by year, where it is reformed.
        ``given`` holds the parameters as given, ``parameters`` those in force in the year
    seed: whole number from 0; the same seed gives the same results, bit for bit on one machine
    last_year: end of ``run``; the case's own by default
    aid: outlays of another run, given as cash to those whom they reached
    register_households: make every household a registered Mesa agent (slow; results don't change)

    Raises ValueError (CaseError, ParameterError among them) on unknown names and on values out of their limits.
    """

    outside: Table
    counties: Table
    towns: Table
    villages: Table
    households: Table
    enterprises: Table
    projects: Table
    places: Table
    landlords: Table
    shares: Table
    village_keys: Array
    household_keys: Array
    household_counts: Array
    group_county: Array
    worker_luck: Array
    workers: Array
    worker_counts: Array
    town_places: Array
    zone_places: Array
    park_places: Array
    zone_projects: Array
    plans: list[Offer]
    chosen: Array
    unfounded: frozenset[tuple[int, int]]
    _known: tuple[int, Parameters, dict[str, Any]] | None = None
    worked_out: dict[Callable[[Any], Any], Any] | None = None

    def __init__(
        self,
        *,
        case: str | Case = "pinghu",
        mechanisms: Sequence[str | Mechanism] = ("solo",),
        changes: Mapping[str, Value] | None = None,
        seed: int = 0,
        last_year: int | None = None,
        aid: Outlays | None = None,
        register_households: bool = False,
    ) -> None:
        self.draws = Draws(seed)
        super().__init__(rng=int(seed))
        self.case = case if isinstance(case, Case) else load_case(case)
        self.given = self.case.parameters.but(changes or {})
        self.mechanisms = tuple(find_mechanism(one) for one in mechanisms)
        self.first_year = self.case.first_year
        self.last_year = self.case.last_year if last_year is None else int(last_year)
        if self.last_year < self.first_year:
            raise ValueError(f"last_year is {self.last_year}: give {self.first_year} or a later year.")
        self.year = self.first_year - 1
        if aid is not None:
            check_fits(aid, first_year=self.first_year, last_year=self.last_year, counties=len(self.case.counties))
        self.aid, self.outlays = aid, list[Payments]()
        self.partnerships = Partnerships()
        self.obligations: list[Obligation] = []
        self.unfounded = frozenset()
        check_together(self.case, self.given, self.mechanisms)
        self._open(register_households)

    def _open(self, register_households: bool) -> None:
        """Everybody and everything as it stands before the first year."""
        self.parameters = self.given.in_force(self.year)
        tables = make_tables(self, register_households=register_households)
        self.ledger = Ledger(tables, in_total=frozenset({self.households.name}))
        self.ledger.open_year(self.year)
        populate(self)
        self.accounts: list[YearAccounts] = [opening_accounts(self)]
        self.datacollector = mesa.DataCollector(model_reporters={one.name: one.of for one in INDICATORS.values()})
        self._panel: list[dict[str, Array]] = []
        self._collect()

    @property
    def price_index(self) -> float:
        """Prices of the year against those of the opening year."""
        return self.grown_by("prices.inflation")

    @property
    def productivity_index(self) -> float:
        """Value added per m2 of one and the same firm against that of the opening year."""
        return self.grown_by("firms.value_added_growth")

    def grown_by(self, rate: str) -> float:
        """What 1 of the opening year has become by this year at the yearly rates of a parameter."""
        known = self._looked_up()
        if rate not in known:
            years = range(self.first_year, self.year + 1)
            known[rate] = math.prod(1.0 + self.parameters.at(rate, year) for year in years)
        grown: float = known[rate]
        return grown

    def figures(self, name: str) -> Array:
        """A figure of each county as it is this year, in the figure's unit, shape (counties,), read-only."""
        known = self._looked_up()
        if name not in known:
            values = [self.parameters.at(f"{county.slug}.{name}", self.year) for county in self.case.counties]
            known[name] = read_only(np.array(values))
        figures: Array = known[name]
        return figures

    def _looked_up(self) -> dict[str, Any]:
        """Figures and growth already looked up for the year and the parameters that are in force."""
        if self._known is None or self._known[0] != self.year or self._known[1] is not self.parameters:
            self._known = self.year, self.parameters, {}
        return self._known[2]

    def pairs(self) -> list[tuple[str, int, int]]:
        """The counties that are paired this year: kind of pair, rows of host and partner."""
        row, pairs = self.case.county_row, (pair for pair in self.case.pairs if pair.since <= self.year)
        return [(pair.kind, row(pair.host), row(pair.partner)) for pair in pairs]

    def paired(self, kind: str) -> tuple[int, int]:
        """Rows of the host and the partner of a kind of pair, -1 where nobody is so paired this year."""
        return next(((host, partner) for what, host, partner in self.pairs() if what == kind), (-1, -1))

    def asking_rent(self, county: int) -> float:
        """What a new landlord in a county's parks asks first, yuan/m2/month: the mean of the floor to let there.

        Where nothing is let yet it is the mean of all floor outside zones.
        """
        projects, floor = self.projects, self.projects.floor
        there = (projects.county == county) & (projects.village < 0) & (floor > 0.0)
        chosen = there if there.any() else (projects.village >= 0) & (floor > 0.0)
        return float(np.average(projects.rent[chosen], weights=floor[chosen]))

    @cached_property
    def neighbours(self) -> Neighbours:
        """Whom each village hears from, the same in all years."""
        return find_neighbours(self)

    def let_by_place(self) -> Array:
        """Floor that is let in each place, m2, shape (places,)."""
        return total_by(self.projects.place, self.projects.let, len(self.places))

    def wage_shares(self, firms: Array) -> Array:
        """Wages over value added of some firms at the wages of the first county. firms: rows. Same shape."""
        p = self.parameters
        return np.where(self.enterprises.light[firms], p["firms.light_wage_share"], p["firms.wage_share"])

    def guarantees(self, mechanism: Mechanism) -> bool:
        """Whether a guarantor stands behind a mechanism's contract, and its terms ever run."""
        return mechanism.guaranteed and mechanism.contract.binds(self.parameters)

    def guaranteed_projects(self) -> Array:
        """Which projects have a guarantor. bool, shape (projects,)."""
        kept = np.array([self.guarantees(one) for one in self.mechanisms] + [False])
        found: Array = kept[self.projects.mechanism]
        return found

    def step(self) -> None:
        """One year: all phases in the order of ``model.year.YEAR``, then the indicators."""
        self.year += 1
        self.parameters = self.given.in_force(self.year)
        self.ledger.open_year(self.year)
        for phase in YEAR:
            phase(self)
        self._collect()
        self.running = self.year < self.last_year

    def run(self) -> EconomyModel:
        """Step to the last year."""
        while self.year < self.last_year:
            self.step()
        return self

    def _collect(self) -> None:
        self.worked_out = {}  # parts that outcomes share: the model stands still while they are collected
        try:
            self.datacollector.collect(self)
        finally:
            self.worked_out = None
        rows = {name: self.villages.column(name).copy() for name in PANEL}
        self._panel.append({"year": np.full(len(self.villages), self.year), **rows})

    def panel_years(self, count: int) -> list[dict[str, Array]]:
        """The villages' columns of the last years before this one, at most ``count``, the oldest first."""
        before = [one for one in self._panel if one["year"][0] < self.year]
        return before[-count:] if count > 0 else []

    def village_panel(self) -> dict[str, Array]:
        """Every village in every year so far: columns of equal length, rows year by year, village by village."""
        count = len(self.villages)
        columns: dict[str, Any] = {name: np.concatenate([one[name] for one in self._panel]) for name in self._panel[0]}
        return {"year": columns.pop("year"), "village": np.tile(np.arange(count), len(self._panel)), **columns}
