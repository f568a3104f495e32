"""The opening: agents with their traits and balances at the end of the year before the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import County
from agents.enterprise import Enterprise
from agents.household import Household, spread_of_gini
from agents.landlord import Landlord
from agents.outside import Outside
from agents.place import HOME, PARK, TOWN, ZONE, Place
from agents.project import Project
from agents.share import Share
from agents.table import Array, Table
from agents.town import Town
from agents.village import Village
from model.draws import key_of, member_keys, mix
from model.entries import Account
from model.flows import OPENING_BALANCE
from model.learning import learn_opening_rents
from model.living import set_usual_earnings, usual_other_income
from model.markets.floor import add_firms, match_tenants, set_rents
from model.markets.labour import hire_workers
from model.partnerships import LANDLORD, VILLAGE
from model.renting import earn

if TYPE_CHECKING:
    from model.economy import EconomyModel

GOLDEN_ANGLE = np.pi * (3.0 - 5.0**0.5)  # radians; spreads points evenly over a disc


def make_tables(model: EconomyModel, *, register_households: bool) -> list[Table]:
    """Empty tables of all kinds of agents; households are registered with Mesa only on demand.

    Returns those that hold stocks.
    """
    model.outside = Table(Outside, model=model, registered=False)
    model.places = Table(Place, model=model, registered=False)
    model.landlords = Table(Landlord, model=model, registered=False)
    model.shares = Table(Share, model=model, registered=False)
    model.counties, model.towns, model.villages = (Table(kind, model=model) for kind in (County, Town, Village))
    model.projects, model.enterprises = Table(Project, model=model), Table(Enterprise, model=model)
    model.households = Table(Household, model=model, registered=register_households)
    above = [model.outside, model.counties, model.towns, model.landlords, model.villages]
    return [*above, model.households, model.enterprises, model.projects]


def populate(model: EconomyModel) -> None:
    """Fill the tables with the case's agents and open their accounts."""
    case = model.case
    model.outside.add(1)
    model.counties.add(len(case.counties))
    model.landlords.add(len(case.counties), county=np.arange(len(case.counties)))
    county_of_town = np.array([case.county_row(town.county) for town in case.towns])
    east, north = (np.array([getattr(town, axis) for town in case.towns]) for axis in ("east", "north"))
    model.towns.add(len(case.towns), county=county_of_town, east=east, north=north)
    _add_villages(model, county_of_town)
    _add_households(model)
    _add_places(model)
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
    sizes = np.concatenate([np.array(one.households, dtype=np.int64) for one in towns])
    county = county_of_town[town]
    east, north = village_positions(town, index, ring=p["place.village_ring"])
    east, north = east + model.towns.east[town], north + model.towns.north[town]
    year = model.year
    # Keyed by town and number, so that one more village anywhere leaves the luck of all others alone.
    model.village_keys = np.array(
        [key_of("village", one.name, number) for one in towns for number in range(len(one.households))], dtype=np.uint64
    )
    idle = np.exp(p["land.idle_spread"] * draws.keyed_normal("village: idle land", year, model.village_keys))
    idle *= model.figures("idle_mean")[county] * np.exp(-0.5 * p["land.idle_spread"] ** 2)
    income = np.exp(p["village.income_spread"] * draws.keyed_normal("village: income", year, model.village_keys))
    income *= model.figures("income_median")[county]
    model.villages.add(
        len(town),
        town=town,
        county=county,
        opening_idle=np.clip(idle, p["land.idle_low"], p["land.idle_high"]),
        households=sizes,
        east=east,
        north=north,
        remoteness=p["place.detour"] * np.hypot(east, north),
        own_income=(1.0 - p["village.property_share"]) * income,
        trust=p["choice.trust_start"],
    )


def _add_households(model: EconomyModel) -> None:
    """Households village by village, then the households of the towns."""
    villages, towns = model.villages, model.case.towns
    in_town = np.array([one.town_households for one in towns], dtype=np.int64)
    town_keys = np.array([key_of("town", one.name) for one in towns], dtype=np.uint64)
    model.household_counts = np.concatenate([villages.households, in_town])
    groups = np.concatenate([model.village_keys, town_keys])
    model.household_keys = mix(member_keys(groups, model.household_counts))
    village = np.concatenate([np.arange(len(villages)), np.full(len(towns), -1)])
    town = np.concatenate([villages.town, np.arange(len(towns))])
    model.group_county = county = np.concatenate([villages.county, model.towns.county])
    spread = spread_of_gini(model.parameters["household.gini"])
    luck = model.draws.keyed_normal("household: opening", model.year, model.household_keys, mixed=True)
    luck *= spread
    model.households.add(
        len(luck),
        deviation=luck,
        **{
            name: np.repeat(values, model.household_counts)
            for name, values in (("village", village), ("town", town), ("county", county))
        },
    )
    set_usual_earnings(model)
    _line_up_workers(model)


def _line_up_workers(model: EconomyModel) -> None:
    """Who may be free for factory work, and in which order a village's workers are hired, stays the same for life."""
    luck = model.draws.keyed_uniform("household: free for factory work", 0, model.household_keys, mixed=True)
    able = np.flatnonzero(luck < model.parameters["labour.available"])
    luck = luck[able]
    line = model.draws.keyed_uniform("household: place in line", 0, model.household_keys[able], mixed=True)
    group = np.searchsorted(np.cumsum(model.household_counts), able, side="right")
    order = np.lexsort((line, group))
    model.workers, model.worker_luck = able[order], luck[order]
    model.worker_counts = np.bincount(group, minlength=len(model.household_counts))


def _add_places(model: EconomyModel) -> None:
    """The land of each village, a park in each town, a zone in each county, and a park where counties are paired."""
    p, villages, towns = model.parameters, model.villages, model.towns
    detour, home_quality = p["place.detour"], model.figures("home_quality")
    spread = model.draws.keyed_normal("village: quality", model.year, model.village_keys)
    homes = {"village": np.arange(len(villages)), "town": villages.town, "county": villages.county}
    quality = home_quality[villages.county] + p["place.village_spread"] * spread
    _add_place(model, HOME, model.village_keys, quality, villages.east, villages.north, detour, **homes)
    keys = np.array([key_of("town park", one.name) for one in model.case.towns], dtype=np.uint64)
    quality = home_quality[towns.county] + p["place.town_quality"]
    parks = {"town": np.arange(len(towns)), "county": towns.county}
    model.town_places = _add_place(model, TOWN, keys, quality, towns.east, towns.north, detour, **parks)
    quality, east, north = (model.figures(name) for name in ("zone_quality", "zone_east", "zone_north"))
    rows = np.arange(len(model.counties))
    for kind, what in ((ZONE, "zone"), (PARK, "common park")):
        keys = np.array([key_of(what, one.name) for one in model.case.counties], dtype=np.uint64)
        found = _add_place(model, kind, keys, quality, east, north, detour, county=rows)
        if kind == ZONE:
            model.zone_places = found
        else:
            model.park_places = found


def _add_place(
    model: EconomyModel,
    kind: int,
    keys: Array,
    quality: Array,
    east: Array,
    north: Array,
    detour: float,
    **links: Array,
) -> Array:
    links |= {"key": keys, "quality": quality, "access": detour * np.hypot(east, north), "east": east, "north": north}
    return model.places.add(len(keys), category=kind, **links)


def _add_property(model: EconomyModel) -> None:
    """The villages' old sheds, one project a village, and the floor that others own in the zones."""
    villages, zone_floor = model.villages, model.figures("zone_floor")
    rows = np.arange(len(villages))
    _add_floor(model, model.village_keys, rows, villages.county, old_floor(model), village=rows)
    there = np.flatnonzero(zone_floor > 0.0)
    keys = np.array([key_of("zone stock", model.case.counties[row].name) for row in there], dtype=np.uint64)
    model.zone_projects = np.full(len(model.counties), -1)
    model.zone_projects[there] = _add_floor(model, keys, model.zone_places[there], there, zone_floor[there])
    _own_what_there_was(model)


def _add_floor(model: EconomyModel, keys: Array, place: Array, county: Array, floor: Array, **links: Array) -> Array:
    """Projects that were there before: one a row of the arrays; their rows."""
    return model.projects.add(
        len(keys),
        key=keys,
        place=place,
        county=county,
        floor=floor,
        mechanism=-1,
        rent=model.parameters["floor.rent_start"],
        founded=model.year,
        business=0,
        **links,
    )


def _own_what_there_was(model: EconomyModel) -> None:
    """Stakes in the opening floor at what it would cost to build: a village's in its sheds, landlords' in the zones."""
    p, rows, projects = model.parameters, len(model.villages), model.projects
    at_home = projects.village >= 0
    unit = np.where(at_home, p.at("build.home_cost", model.year), p.at("build.cost", model.year))
    cost = unit * projects.floor
    home, zone = np.arange(rows), np.flatnonzero(~at_home)
    model.partnerships.add_stakes(VILLAGE, home, home, np.maximum(cost[home], 1.0), since=model.year)
    model.partnerships.add_stakes(LANDLORD, projects.county[zone], zone, cost[zone], since=model.year)


def old_floor(model: EconomyModel) -> Array:
    """Floor of the villages' old sheds, m2: what would bring the rent part of their income at the first asking rent."""
    p, share = model.parameters, model.parameters["village.property_share"]
    kept = p["floor.natural_occupancy"] * (1.0 - p["build.operating_cost"] - p["pool.rent_tax"])
    rent: Array = model.villages.own_income / (1.0 - share) * share
    return rent / (12.0 * p["floor.rent_start"] * kept)


def _warm_up(model: EconomyModel) -> None:
    """Run the floor market alone on the opening floor, so that rents and tenants of the first year come out of it."""
    opening = model.year
    firms = model.figures("firms")
    model.year = opening - int(model.parameters["floor.warm_up"])
    add_firms(model, np.rint(firms).astype(int))
    while model.year < opening:
        model.year += 1
        match_tenants(model)
        set_rents(model)
    p, projects, villages = model.parameters, model.projects, model.villages
    kept = 1.0 - p["build.operating_cost"] - p["pool.rent_tax"]
    projects.write(net_rent=12.0 * projects.rent * projects.let * kept)
    villages.write(home_income=projects.net_rent[: len(villages)])
    earn(model)
    hire_workers(model)
    learn_opening_rents(model)


def _open_accounts(model: EconomyModel) -> None:
    p, villages, ledger = model.parameters, model.villages, model.ledger
    other = usual_other_income(model)
    villages.write(other_income=other, recurrent_income=other + villages.home_income)
    outside = Account(model.outside, "cash")
    cash = p["village.opening_cash"] * villages.recurrent_income
    ledger.move(outside, Account(villages, "cash"), cash, OPENING_BALANCE)
    land = Account(model.outside, "land")
    ledger.move(land, Account(villages, "idle_land"), villages.opening_idle, OPENING_BALANCE)
    deposits = p["household.opening_cash"] * model.households.earnings
    ledger.move(outside, Account(model.households, "cash"), deposits, OPENING_BALANCE)
    treasury = model.figures("programme_share") * model.figures("revenue")
    ledger.move(outside, Account(model.counties, "cash"), treasury, OPENING_BALANCE)
    cost, land_price = p["land.reclaim_cost"], model.figures("industrial_price")
    first_quote = cost + p["quota.sellers_share"] * np.maximum(land_price - cost, 0.0)
    model.counties.write(quota_price=np.clip(first_quote, p["quota.price_floor"], p["quota.price_cap"]))
