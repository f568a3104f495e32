"""The opening: agents with their traits and balances at the end of the year before the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import County
from agents.enterprise import Enterprise
from agents.household import Household, earnings_of, spread_of_gini
from agents.outside import Outside
from agents.project import Project
from agents.table import Array, Table
from agents.town import Town
from agents.village import Village
from model.draws import key_of
from model.learning import heard, net_rent_per_floor
from model.ledger import Account
from model.markets.floor import add_firms, match_tenants, set_rents

if TYPE_CHECKING:
    from model.economy import EconomyModel

GOLDEN_ANGLE = np.pi * (3.0 - 5.0**0.5)  # radians; spreads points evenly over a disc


def make_tables(model: EconomyModel, *, register_households: bool) -> list[Table]:
    """Empty tables of all kinds of agents; households are registered with Mesa only on demand. Returns them all."""
    model.outside = Table(Outside, model=model, registered=False)
    model.counties, model.towns, model.villages = (Table(kind, model=model) for kind in (County, Town, Village))
    model.projects, model.enterprises = Table(Project, model=model), Table(Enterprise, model=model)
    model.households = Table(Household, model=model, registered=register_households)
    above = [model.outside, model.counties, model.towns, model.villages]
    return [*above, model.households, model.enterprises, model.projects]


def populate(model: EconomyModel) -> None:
    """Fill the tables with the case's agents and open their accounts."""
    case = model.case
    model.outside.add(1)
    model.counties.add(len(case.counties))
    names = [county.name for county in case.counties]
    county_of_town = np.array([names.index(town.county) for town in case.towns])
    east, north = (np.array([getattr(town, axis) for town in case.towns]) for axis in ("east", "north"))
    model.towns.add(len(case.towns), county=county_of_town, east=east, north=north)
    _add_villages(model, county_of_town)
    _add_households(model)
    _add_property(model)
    _warm_up(model)
    _open_accounts(model)


def village_positions(town: Array, index: Array, *, ring: float) -> tuple[Array, Array]:
    """Places of villages round their towns, evenly over a disc that grows with their number; nothing is drawn.

    town: row of the town, which turns the pattern; index: number of the village in its town; both shape (villages,);
    ring: mean distance in km in a town of eight villages. Returns km east and north of the town.
    """
    radius = 1.5 * ring * np.sqrt((index + 0.5) / 8.0)
    angle = index * GOLDEN_ANGLE + town
    return radius * np.cos(angle), radius * np.sin(angle)


def _add_villages(model: EconomyModel, county_of_town: Array) -> None:
    p, draws, towns = model.parameters, model.draws, model.case.towns
    town = np.concatenate([np.full(len(one.households), row) for row, one in enumerate(towns)])
    index = np.concatenate([np.arange(len(one.households)) for one in towns])
    sizes = np.concatenate([one.households for one in towns]).astype(np.int64)
    east, north = village_positions(town, index, ring=p["county.village_ring"])
    east, north = east + model.towns.east[town], north + model.towns.north[town]
    rows, year = len(town), model.year
    # Keyed by town and number, so that one more village anywhere leaves the luck of all others alone.
    model.village_keys = np.array(
        [key_of("village", one.name, number) for one in towns for number in range(len(one.households))], dtype=np.uint64
    )
    idle = np.exp(p["land.idle_spread"] * draws.keyed_normal("village: idle land", year, model.village_keys))
    idle *= p["land.idle_mean"] * np.exp(-0.5 * p["land.idle_spread"] ** 2)
    income = np.exp(p["village.income_spread"] * draws.keyed_normal("village: income", year, model.village_keys))
    income *= p["village.income_median"]
    model.villages.add(
        rows,
        town=town,
        county=county_of_town[town],
        opening_idle=np.clip(idle, p["land.idle_low"], p["land.idle_high"]),
        households=sizes,
        east=east,
        north=north,
        remoteness=p["county.detour"] * np.hypot(east, north),
        own_income=(1.0 - p["village.property_share"]) * income,
        trust=p["choice.trust_start"],
    )


def _add_households(model: EconomyModel) -> None:
    p, villages = model.parameters, model.villages
    village = np.repeat(np.arange(len(villages)), villages.households)
    spread = spread_of_gini(p["household.gini"])
    luck = model.draws.grouped_normal("household: opening", model.year, model.village_keys, villages.households)
    deviation = spread * luck
    mean = p.at("household.income_per_head", model.year) * p["household.persons"]
    model.households.add(
        len(village), village=village, deviation=deviation, earnings=earnings_of(deviation, mean=mean, spread=spread)
    )


def _add_property(model: EconomyModel) -> None:
    """The villages' old sheds, one project a village, and the floor that others own in the zone."""
    p, villages = model.parameters, model.villages
    rows, year = len(villages), model.year
    common = {"mechanism": -1, "rent": p["floor.rent_start"], "founded": year}
    model.projects.add(
        rows,
        key=model.village_keys,
        place=np.arange(rows),
        village=np.arange(rows),
        county=villages.county,
        quality=p["place.village_spread"] * model.draws.keyed_normal("village: quality", year, model.village_keys),
        access=villages.remoteness,
        floor=_old_floor(model),
        **common,
    )
    zone = model.projects.add(
        1,
        key=np.uint64(key_of("zone stock")),
        place=rows,
        village=-1,
        county=0,
        quality=p["place.zone_quality"],
        access=p["county.detour"] * np.hypot(p["county.zone_east"], p["county.zone_north"]),
        floor=p.at("county.zone_floor", year),
        **common,
    )
    model.zone_project = int(zone[0])
    _own_what_there_was(model)


def _own_what_there_was(model: EconomyModel) -> None:
    """Stakes in the opening floor at what it would cost to build: a village's in its sheds, Outside's in the zone."""
    p, rows, year = model.parameters, len(model.villages), model.year
    cost = np.append(np.full(rows, p.at("build.home_cost", year)), p.at("build.cost", year))
    none = np.zeros(rows + 1)
    model.partnerships.add_stakes(
        np.append(np.arange(rows), -1),
        np.arange(rows + 1),
        cost * model.projects.floor,
        none,
        public=none,
        borrowed=none,
    )


def _old_floor(model: EconomyModel) -> Array:
    """Floor of the villages' old sheds, m2: what would bring the rent part of their income at the first asking rent."""
    p, share = model.parameters, model.parameters["village.property_share"]
    kept = p["floor.natural_occupancy"] * (1.0 - p["build.operating_cost"] - p["pool.rent_tax"])
    rent: Array = model.villages.own_income / (1.0 - share) * share
    return rent / (12.0 * p["floor.rent_start"] * kept)


def _warm_up(model: EconomyModel) -> None:
    """Run the floor market alone on the opening floor, so that rents and tenants of the first year come out of it."""
    opening = model.year
    model.year = opening - int(model.parameters["floor.warm_up"])
    add_firms(model, round(model.parameters["county.firms"]))
    while model.year < opening:
        model.year += 1
        match_tenants(model)
        set_rents(model)
    p, projects, villages = model.parameters, model.projects, model.villages
    kept = 1.0 - p["build.operating_cost"] - p["pool.rent_tax"]
    projects.write(net_rent=12.0 * projects.rent * projects.let * kept)
    seen = net_rent_per_floor(model)
    home = seen[: len(villages)]
    villages.write(
        home_income=projects.net_rent[: len(villages)],
        home_rent_seen=heard(model, home),
        home_rent_variance=float(np.var(home)),
    )
    model.counties.write(zone_rent_seen=seen[model.zone_project], zone_rent_variance=float(np.var(home)))


def _open_accounts(model: EconomyModel) -> None:
    p, villages, ledger = model.parameters, model.villages, model.ledger
    other = villages.own_income * p.at("village.other_growth", model.year) + p.at("village.common_income", model.year)
    villages.write(other_income=other, recurrent_income=other + villages.home_income)
    outside = Account(model.outside, "cash")
    cash = p["village.opening_cash"] * villages.recurrent_income
    ledger.move(outside, Account(villages, "cash"), cash, "opening balance")
    ledger.move(
        Account(model.outside, "land"), Account(villages, "idle_land"), villages.opening_idle, "opening balance"
    )
    deposits = p["household.opening_cash"] * model.households.earnings
    ledger.move(outside, Account(model.households, "cash"), deposits, "opening balance")
    treasury = p["county.programme_share"] * p.at("county.revenue", model.year)
    ledger.move(outside, Account(model.counties, "cash"), treasury, "opening balance")
    cost, land = p["land.reclaim_cost"], p["land.industrial_price"]
    first_quote = cost + p["quota.sellers_share"] * max(land - cost, 0.0)
    model.counties.write(quota_price=np.clip(first_quote, p["quota.price_floor"], p["quota.price_cap"]))
