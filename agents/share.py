"""Shares of 6.0 that low-income households hold, and what each source put into them."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, Table, link, state, trait

SOURCE_COLUMNS = ("own", "from_village", "from_county", "from_outside")


class Share(RowAgent):
    """The share that a low-income household holds in 6.0, or held until it was struck off; such rows stay."""

    household = link("Household", "who holds it; a household holds one at a time")
    own = trait("yuan", "part that the household paid itself")
    from_village = trait("yuan", "part that its village gave")
    from_county = trait("yuan", "part that the county gave")
    from_outside = trait("yuan", "part that enterprises, paired units, cadres and charity gave")
    held = state("1", "whether it is still held", bool, True)


def held_shares(shares: Table) -> tuple[Array, Array]:
    """Rows of the shares that are held, and of their households, which rise. Raises ValueError where one holds two."""
    held = np.flatnonzero(shares.held)
    held = held[np.argsort(shares.household[held], kind="stable")]
    holder = shares.household[held]
    if (twice := holder[1:][holder[1:] == holder[:-1]]).size:
        raise ValueError(f"Household {twice[0]} holds two shares of 6.0: it must give one up before it gets another.")
    return held, holder


def shares_of(shares: Table, households: Array) -> Array:
    """The row of the share that each of some households holds, -1 for none.

    households: rows, any order, shape (n,). Returns the same shape. Raises ValueError where one holds two.
    """
    held, holder = held_shares(shares)
    if len(held) == 0:
        return np.full(len(households), -1)
    place = np.minimum(np.searchsorted(holder, households), len(held) - 1)
    return np.where(holder[place] == households, held[place], -1)


def part_of(shares: Table, rows: Array, *sources: str) -> Array:
    """What some sources, all by default, put into shares, 0 for row -1: yuan, shape (rows,)."""
    parts = [shares.column(name)[rows] for name in sources or SOURCE_COLUMNS] if len(shares) else []
    found: Array = np.where(rows >= 0, sum(parts), 0.0)
    return found
