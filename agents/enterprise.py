"""Enterprises: they rent floor where it pays them most; output, tax and jobs are theirs, not the place's."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, link, state, stock, trait

SEEKING, ELSEWHERE, CLOSED = -1, -2, -3  # values of ``site`` that are no project's row


class Enterprise(RowAgent):
    """A firm that rents factory floor."""

    cash = stock("yuan", "money of the firm; what is left goes to its owners within the year")
    key = trait("1", "identity in the random numbers: entry cohort and number", np.uint64)
    cohort = trait("year", "year in which it first looked for floor", np.int64)
    county = link("County", "the county in which it first looked for floor")
    light = trait("1", "whether it makes garments or bags", bool)
    floor_wanted = trait("m2", "floor it looks for")
    productivity = trait("yuan/m2/year", "value added per m2 in an average place, prices of 2005")
    site = state("row of Project", "where it rents; -1 seeking, -2 gone elsewhere, -3 closed", np.int64, SEEKING)
    floor = state("m2", "floor it rents, or what it wanted where it has gone elsewhere")
    value_added = state("yuan/year", "value added of the year")
    wage_bill = state("yuan/year", "wages of the year")


def value_added_per_floor(
    productivity: Array, *, quality: Array, let_nearby: Array, elasticity: float, base: float
) -> Array:
    """Value added per m2 of firms at sites: productivity * exp(quality) * (1 + let nearby / base)^elasticity.

    productivity: yuan/m2/year, shape (firms, 1) or (firms,); quality: log points; let_nearby: m2 let in the site's
    place; both broadcast against productivity. base: m2. Returns yuan/m2/year.
    """
    return productivity * np.exp(quality) * (1.0 + let_nearby / base) ** elasticity


def site_surplus(
    value_added: Array, *, tax_share: float, wage_share: Array, wage_level: Array, rent: Array, access_cost: Array
) -> Array:
    """What a site leaves to a firm per m2 and year: value added less tax, wages, rent and the cost of distance.

    value_added, access_cost: yuan/m2/year; tax_share: of value added; wage_share: of value added at a wage level of
    1; wage_level: of the site's county; rent: yuan/m2/month. Shapes broadcast. Returns yuan/m2/year.
    """
    return value_added * (1.0 - tax_share - wage_share * wage_level) - 12.0 * rent - access_cost


def closing_hazard(let_nearby: Array, *, rate: float, thin: float, base: float, slump: float) -> Array:
    """Probability that a firm closes within the year: higher where little other floor is let, and in a slump.

    let_nearby: m2 let in the firm's place, shape (firms,); base: m2; slump: 0 to 1. Returns the same shape, at most 1.
    """
    return np.minimum(rate * (1.0 + thin / (1.0 + let_nearby / base)) + slump * (1.0 - rate), 1.0)


def take_sites(value: Array, wanted: Array, vacant: Array, *, least_fit: float) -> tuple[Array, Array]:
    """Firms, in the order of the rows, take the best site that still has room; some settle for less floor.

    value: utility, shape (firms, sites), -inf where a site is out of the question; wanted: m2, shape (firms,);
    vacant: m2, shape (sites,). A site has room when its vacant floor is at least least_fit * wanted.
    Returns the site of each firm (-1 for none) and the floor it takes, both of shape (firms,).
    """
    left = vacant.astype(float)
    site, floor = np.full(len(wanted), -1), np.zeros(len(wanted))
    if value.size == 0:
        return site, floor
    first = np.argmax(value, axis=1)
    possible = np.flatnonzero(value[np.arange(len(wanted)), first] > -np.inf)
    wishes = zip(possible.tolist(), first[possible].tolist(), wanted[possible].tolist(), strict=True)
    for firm, best, most in wishes:
        room = float(left[best])
        if room < least_fit * most:  # only who finds its best site taken looks at all others
            open_to = np.where(left >= least_fit * most, value[firm], -np.inf)
            best = int(np.argmax(open_to))
            if open_to[best] == -np.inf:
                continue
            room = float(left[best])
        site[firm], floor[firm] = best, min(most, room)
        left[best] = room - min(most, room)
    return site, floor


def next_rent(
    rent: Array, occupancy: Array, *, natural: float, response: float, step: float, inflation: float
) -> Array:
    """Next year's asking rent: it follows prices, and rises or falls with occupancy round its natural level.

    rent: yuan/m2/month, shape (sites,); occupancy: 0 to 1, same shape; step: largest real change in logs.
    """
    change = np.clip(response * (occupancy - natural), -step, step)
    return rent * np.exp(change) * (1.0 + inflation)
