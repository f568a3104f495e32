"""Who pays: gains by sector, value created by item and transfers by purpose, between arms that met the same luck.

The accounts of ``model.accounts`` hold the levels of one arm; here they are subtracted. Of three measures ``year`` is
a year's own, ``to date`` the sum of all years up to it, and ``discounted`` that sum as of the first year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.effects import Floats, paired, ratio_effect
from model.draws import Draws

if TYPE_CHECKING:
    from experiments.study import Plan

KEYS = ["table", "item", "kind", "county", "other_kind", "other_county"]
YEAR, TO_DATE, DISCOUNTED = "year", "to date", "discounted"
GAIN, CREATED, TRANSFER = "gain", "created", "transfer"
ROUNDING = 1e-9  # differences below this share of the largest amount are those of summing in another order
WORDS = {
    "Village": "villages",
    "Household": "households",
    "Enterprise": "enterprises",
    "County": "treasury",
    "Landlord": "landlords",
}
RECEIVED = "received from beyond"
GAINED, LOST = "gained", "lost"
VALUE = "value created"
PAYS_COLUMNS = ["baseline", "arm", "measure", "year", *KEYS, "difference", "low", "high", "seeds"]
BOUNDARY_COLUMNS = ["baseline", "arm", "measure", "year", "boundary", "line", "difference", "low", "high", "seeds"]
YUAN_COLUMNS = ["baseline", "arm", "measure", "year", "who", "direction", "part", "share", "low", "high", "note"]


@dataclass(frozen=True)
class Accounts:
    """The accounts of several arms: lines (columns ``KEYS``), years, and yuan by arm, (seeds, years, lines)."""

    lines: pd.DataFrame
    years: Sequence[int]
    amounts: dict[str, Floats]

    def difference(self, pair: tuple[str, str], rate: float) -> dict[str, Floats]:
        """Arm minus baseline by measure, shape (seeds, years, lines). rate: of discount, 1/year."""
        yearly = self.amounts[pair[1]] - self.amounts[pair[0]]
        return {
            YEAR: yearly,
            TO_DATE: yearly.cumsum(axis=1),
            DISCOUNTED: (yearly * discount_factors(len(self.years), rate)[:, None]).cumsum(axis=1),
        }

    def size(self) -> float:
        """The largest amount there is, yuan."""
        return max((float(np.abs(one).max(initial=0.0)) for one in self.amounts.values()), default=0.0)

    def where(self, table: str, within: tuple[str, ...] | None = None) -> NDArray[np.bool_]:
        """The lines of a table, those of sectors in some counties only; Outside is in none. bool, shape (lines,)."""
        chosen = np.asarray(self.lines["table"] == table)
        return chosen if within is None else chosen & self.lines["county"].isin(within).to_numpy()


def discount_factors(years: int, rate: float) -> Floats:
    """What a yuan of each year is worth in the first of them. Shape (years,)."""
    factors: Floats = (1.0 + rate) ** -np.arange(float(years))
    return factors


def sector_name(kind: str, county: str) -> str:
    """What a sector is called: villages of a county, its treasury, Outside."""
    return f"{WORDS[kind]} of {county}" if kind in WORDS else kind


def gain_tables(plan: Plan, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of a study: all lines, boundaries, and where each yuan came from. Empty where nothing is compared.

    frame: the table of ``frames.account_frame``.
    """
    if not plan.pairs:
        return {name: pd.DataFrame() for name in ("who_pays", "boundaries", "of_each_yuan")}
    accounts, pairs, counties = accounts_of(frame), plan.pairs, [county.name for county in plan.case.counties]
    rate, make = plan.case.parameters.but(dict(plan.changes))["prices.discount_rate"], Draws(plan.seed).generator
    return {
        "who_pays": who_pays(accounts, pairs, rate=rate),
        "boundaries": boundaries(accounts, pairs, counties, rate=rate),
        "of_each_yuan": of_each_yuan(accounts, pairs, counties[0], rate=rate, years=plan.shown_years, generator=make),
    }


def accounts_of(frame: pd.DataFrame) -> Accounts:
    """The table of ``frames.account_frame`` as arrays; a line that an arm or seed lacks is zero."""
    lines = frame[KEYS].drop_duplicates().sort_values(KEYS, ignore_index=True)
    line = pd.MultiIndex.from_frame(lines).get_indexer(pd.MultiIndex.from_frame(frame[KEYS]))
    (seed, seeds), (year, years) = (pd.factorize(frame[name], sort=True) for name in ("seed", "year"))
    amounts = {}
    for arm in frame["arm"].unique().tolist():
        mine = (frame["arm"] == arm).to_numpy()
        amounts[arm] = np.zeros((len(seeds), len(years), len(lines)))
        np.add.at(amounts[arm], (seed[mine], year[mine], line[mine]), frame["amount"].to_numpy()[mine])
    return Accounts(lines, years.tolist(), amounts)


def who_pays(accounts: Accounts, pairs: Sequence[tuple[str, str]], *, rate: float) -> pd.DataFrame:
    """Paired differences of all lines, by measure and year, in yuan; lines that never differ are left out."""
    blocks = [pd.DataFrame(columns=PAYS_COLUMNS)]
    for pair in pairs:
        measures = accounts.difference(pair, rate)
        some = np.abs(measures[YEAR]).max(axis=(0, 1), initial=0.0) > ROUNDING * accounts.size()
        labels = accounts.lines[some]
        blocks += [_rows(labels, accounts.years, pair, name, one[..., some]) for name, one in measures.items()]
    return _joined(blocks)[PAYS_COLUMNS]


def _rows(
    labels: pd.DataFrame, years: Sequence[int], pair: tuple[str, str], measure: str, values: Floats
) -> pd.DataFrame:
    """Mean paired differences of lines: values of shape (seeds, years, lines), one row a year and line."""
    found = paired(np.zeros_like(values), values)
    block = pd.concat([labels] * len(years), ignore_index=True)
    block["year"] = np.repeat(np.array(years), len(labels))
    block["baseline"], block["arm"] = pair
    block["measure"] = measure
    for name in ("difference", "low", "high", "seeds"):
        block[name] = getattr(found, name).ravel()
    return block


def _joined(blocks: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The blocks that have rows under each other; the first where none has."""
    return pd.concat([one for one in blocks if len(one)] or blocks[:1], ignore_index=True)


def boundaries(
    accounts: Accounts, pairs: Sequence[tuple[str, str]], counties: Sequence[str], *, rate: float
) -> pd.DataFrame:
    """What the sectors inside each boundary gained, what they created, and what they received from beyond it, net.

    counties: names, the host first. Boundaries: the host county, all counties, everybody. In yuan, by measure and
    year; the purposes under which something came in are lines of their own.
    """
    inside: dict[str, tuple[str, ...]] = {counties[0]: (counties[0],), "all counties": tuple(counties)}
    inside["everybody"] = (*counties, "")
    blocks = [pd.DataFrame(columns=BOUNDARY_COLUMNS)]
    for pair in pairs:
        for measure, values in accounts.difference(pair, rate).items():
            for boundary, within in inside.items():
                lines = _boundary_lines(accounts, within)
                sums = np.stack([values @ weights for weights in lines.values()], axis=-1)
                # Purposes under which nothing differs are left out; what is the same in all arms rounds to nothing.
                some = np.abs(sums).max(axis=(0, 1)) > ROUNDING * accounts.size()
                some[:3] = True
                labels = pd.DataFrame({"boundary": boundary, "line": list(lines)})[some]
                blocks.append(_rows(labels, accounts.years, pair, measure, sums[..., some]))
    return _joined(blocks)[BOUNDARY_COLUMNS]


def _boundary_lines(accounts: Accounts, within: tuple[str, ...]) -> dict[str, Floats]:
    """The weight of each account line in each line about a boundary, shape (lines,)."""
    table, item = accounts.lines["table"], accounts.lines["item"]
    gives, takes = (accounts.lines[name].isin(within).to_numpy() for name in ("county", "other_county"))
    received = (table == TRANSFER).to_numpy() * (takes.astype(float) - gives)
    found: dict[str, Floats] = {name: accounts.where(name, within).astype(float) for name in (GAIN, CREATED)}
    found[RECEIVED] = received
    for purpose in item[table == TRANSFER].unique().tolist():
        weights = received * (item == purpose).to_numpy()
        if weights.any():
            found[f"{RECEIVED}: {purpose}"] = weights
    return found


class Sectors(NamedTuple):
    """What each sector gained, by seed: names, and yuan of shape (seeds, sectors)."""

    names: list[str]
    gains: Floats


def of_each_yuan(
    accounts: Accounts,
    pairs: Sequence[tuple[str, str]],
    host: str,
    *,
    rate: float,
    years: Sequence[int],
    generator: Callable[[str, int], np.random.Generator],
) -> pd.DataFrame:
    """Of each yuan that the villages of the host gained, the parts that were created and that others gave up.

    All who gained are fed from one pot, which holds the value created and what the losers lost: each gets the same
    mix. Where value was lost, the pot holds the losses alone, and what was lost is told for each yuan gained. Where the
    villages lost, it is told in the same way where each yuan went. Intervals: bootstrap over seeds, with gainers and
    losers by their means.
    """
    chosen = np.flatnonzero(accounts.where(GAIN))
    lines = accounts.lines.iloc[chosen]
    names = [sector_name(kind, county) for kind, county in zip(lines["kind"], lines["county"], strict=True)]
    rows = []
    for pair in pairs:
        for measure, values in accounts.difference(pair, rate).items():
            least = ROUNDING * accounts.size()
            for year in years if measure != YEAR else ():
                gains = values[:, accounts.years.index(year)][:, chosen]
                gained = Sectors(names, np.where(np.abs(gains) > least, gains, 0.0))
                make = generator(f"bootstrap yuan {measure} {pair[0]} {pair[1]}", int(year))
                rows += [
                    (*pair, measure, year, *row) for row in parts_of_a_yuan(gained, sector_name("Village", host), make)
                ]
    return pd.DataFrame(rows, columns=YUAN_COLUMNS)


def parts_of_a_yuan(
    sectors: Sectors, who: str, generator: np.random.Generator
) -> list[tuple[str, str, str, float, float, float, str]]:
    """Who, direction, part, share, its interval and a note: one row a part of a yuan that somebody gained or lost.

    The parts sum to one, value lost beside a gain or created beside a loss excepted: it comes on top.
    """
    gains = sectors.gains
    means = gains.mean(axis=0)
    if who not in sectors.names or not means[sectors.names.index(who)]:
        return []
    sign = 1.0 if means[sectors.names.index(who)] > 0.0 else -1.0
    up, other = sign * gains * (sign * means > 0.0), -sign * gains * (sign * means < 0.0)
    made = sign * gains.sum(axis=1)  # created beside a gain, lost beside a loss
    pot = up.sum(axis=1) if made.mean() >= 0.0 else other.sum(axis=1)
    parts = {VALUE: (made, up.sum(axis=1))}
    parts |= {name: (other[:, row], pot) for row, name in enumerate(sectors.names) if other[:, row].any()}
    found = []
    for part, (above, below) in parts.items():
        share = ratio_effect(above, below, generator)
        direction = GAINED if sign > 0.0 else LOST
        found.append((who, direction, part, share.ratio, share.low, share.high, share.note))
    return found
