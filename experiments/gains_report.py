"""Who pays, in words and tables: of each yuan gained, what was created and what came from whom."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.frames import rows_of
from experiments.gains import (
    CREATED,
    DISCOUNTED,
    GAIN,
    GAINED,
    RECEIVED,
    TO_DATE,
    TRANSFER,
    VALUE,
    YEAR,
    sector_name,
)
from experiments.study import Study
from experiments.units import MILLION, decimals_for, interval, millions, number, text_table

Part = tuple[str, str]  # heading and text
SHOWN = 20
WIDTH = 110
MOST_COLUMNS = 10  # of the matrix, so that it fits a terminal
SMALL = 0.005  # parts of a yuan below this are told together


def who_pays(study: Study, baseline: str, arm: str, *, full: bool) -> list[Part]:
    """The sentence and the gains by sector in each year that is shown; in full all other tables too."""
    found = []
    for year in study.plan.shown_years:
        if not len(_lines(study.who_pays, baseline, arm, TO_DATE, year)):
            return [(f"Who pays: {arm} minus {baseline}", "No flow of money differs.")]
        found.append(_gains(study, baseline, arm, year))
        if full:
            found += [make(study, baseline, arm, year) for make in (_created, _transfers, _matrix, _boundaries)]
    return [*found, _yearly(study, baseline, arm)] if full else found


def _lines(table: pd.DataFrame, baseline: str, arm: str, measure: str, year: int) -> pd.DataFrame:
    """The rows of one pair, measure and year."""
    chosen = (table["baseline"] == baseline) & (table["arm"] == arm)
    return table[chosen & (table["measure"] == measure) & (table["year"] == year)]


def _heading(study: Study, what: str, baseline: str, arm: str, year: int) -> str:
    plan = study.plan
    projected = " (projection)" if plan.is_projection(year) else ""
    return f"{what}: {arm} minus {baseline}, million yuan, {plan.case.first_year} to {year}{projected}"


def _both(study: Study, baseline: str, arm: str, year: int, table: str, keys: Sequence[str]) -> pd.DataFrame:
    """Discounted and undiscounted sums of a table side by side, the largest discounted ones first."""
    parts = []
    for measure in (DISCOUNTED, TO_DATE):
        rows = _lines(study.who_pays, baseline, arm, measure, year)
        rows = rows[rows["table"] == table].set_index(list(keys))
        parts.append(rows[["difference", "low", "high"]].add_prefix(f"{measure.replace(' ', '_')}_"))
    both = pd.concat(parts, axis=1)
    both = both[(both != 0.0).any(axis=1)]
    return both.sort_values("discounted_difference", key=lambda x: -x.abs(), kind="stable").reset_index()


def _cells(row: Any) -> list[str]:
    """Discounted and undiscounted differences with their intervals."""
    first = millions(row.discounted_difference, row.discounted_low, row.discounted_high)
    return [*first, *millions(row.to_date_difference, row.to_date_low, row.to_date_high)]


HEAD = ["Discounted", "95% interval", "Sum", "95% interval"]


def _gains(study: Study, baseline: str, arm: str, year: int) -> Part:
    """What each sector gained, and the sentence that tells where it came from."""
    rows = _both(study, baseline, arm, year, GAIN, ["kind", "county"]).sort_values(
        "discounted_difference", ascending=False, kind="stable"
    )
    lines = [[sector_name(row.kind, row.county), *_cells(row)] for row in rows_of(rows)]
    everybody = study.boundaries[(study.boundaries["boundary"] == "everybody") & (study.boundaries["line"] == CREATED)]
    parts = [_lines(everybody, baseline, arm, measure, year) for measure in (DISCOUNTED, TO_DATE)]
    in_all = [cell for part in parts for row in rows_of(part) for cell in millions(row.difference, row.low, row.high)]
    table = text_table(["Gain of", *HEAD], [*lines, [f"all, that is {VALUE}", *in_all]])
    note = (
        "Gain: consumption and net worth, less what capital would bring elsewhere. Discounted to "
        f"{study.plan.case.first_year}. Transfers sum to zero: what is left over all sectors was created, or lost. "
        "The yuan is divided as if all that was lost or created came out of one pot."
    )
    text = f"{sentence(study, baseline, arm, year)}\n\n{table}\n{textwrap.fill(note, WIDTH)}"
    return _heading(study, "Who pays", baseline, arm, year), text


def sentence(study: Study, baseline: str, arm: str, year: int) -> str:
    """Of each yuan that the villages of the host county gained, or lost: what was created and what came from whom."""
    who = sector_name("Village", study.plan.case.counties[0].name)
    gains = _lines(study.who_pays, baseline, arm, DISCOUNTED, year)
    kind, county = "Village", study.plan.case.counties[0].name
    mine = gains[(gains["table"] == GAIN) & (gains["kind"] == kind) & (gains["county"] == county)]
    if not len(mine):
        return f"The {who} neither gained nor lost."
    row = next(rows_of(mine))
    verb = "gained" if row.difference > 0.0 else "lost"
    low, high = sorted((abs(row.low), abs(row.high))) if row.low * row.high > 0.0 else (math.nan, math.nan)
    places = min(decimals_for([row.difference / MILLION]), 2)
    sure = f" ({interval(low / MILLION, high / MILLION, places)})" if math.isfinite(low) else ""
    if not sure and math.isfinite(row.low):
        sure = " (the 95% interval covers zero)"
    size = number(abs(row.difference) / MILLION, places)
    parts = _parts(_lines(study.of_each_yuan, baseline, arm, DISCOUNTED, year))
    verdict = _verdict(study, baseline, arm, year)
    return textwrap.fill(f"The {who} {verb} {size} million yuan{sure}, discounted. {verdict}{parts}", WIDTH)


def _verdict(study: Study, baseline: str, arm: str, year: int) -> str:
    """Whether value was lost, or may have been, by the interval of the sum of all gains; nothing where it was not."""
    rows = study.boundaries
    rows = rows[(rows["boundary"] == "everybody") & (rows["line"] == CREATED)]
    total = next(rows_of(_lines(rows, baseline, arm, DISCOUNTED, year)))
    if total.high < 0.0:
        return "On the whole value was lost. "
    return "Whether value was created is not certain. " if total.low <= 0.0 else ""


def _parts(parts: pd.DataFrame) -> str:
    """The parts of a yuan in words."""
    if not len(parts) or parts["share"].isna().any():
        return "Whether anybody gained on the whole is not certain enough to say what of each yuan came from whom."
    told = {row.part: Told(row.share, row.low, row.high) for row in rows_of(parts)}
    gained = parts["direction"].iloc[0] == GAINED
    value, way = told.pop(VALUE), "from" if gained else "to"
    others = sorted(told.items(), key=lambda one: -one[1].share)
    names = [
        f"{share.words} {way} the {name}".replace("the Out", "Out") for name, share in others if share.share >= SMALL
    ]
    small = sum(share.share for _, share in others if share.share < SMALL)
    listed = ", ".join([*names, *([f"{number(small, 3)} {way} others"] if small >= 0.0005 else [])])
    if value.share >= 0.0:
        rest = f"; the rest {'came' if gained else 'went'}: {listed}" if listed else ""
        made = f"{value.words} was {'created' if gained else 'lost to all'}"
        return f"Of each yuan that anybody {parts['direction'].iloc[0]}, {made}{rest}."
    more = value.negative.words
    if gained:
        return f"Of each yuan that anybody gained came {listed}; and {more} more was lost to all."
    return f"Of each yuan that anybody lost went {listed}; and {more} more was created."


class Told(NamedTuple):
    """A part of a yuan and its interval."""

    share: float
    low: float
    high: float

    @property
    def negative(self) -> Told:
        """The same with the other sign."""
        return Told(-self.share, -self.high, -self.low)

    @property
    def words(self) -> str:
        """The part, with its interval where it has one."""
        bounds = interval(self.low, self.high, 2)
        return f"{number(self.share, 2)} ({bounds})" if bounds else number(self.share, 2)


def _created(study: Study, baseline: str, arm: str, year: int) -> Part:
    """Value created, by item and sector."""
    rows = _both(study, baseline, arm, year, CREATED, ["item", "kind", "county"])
    lines = [[row.item, sector_name(row.kind, row.county), *_cells(row)[:3]] for row in rows_of(rows)]
    text = text_table(["Item", "Sector", *HEAD[:3]], lines, left=2)
    text += "\nCosts stand with the sign of what they take: above zero means less of a cost than in the baseline."
    return _heading(study, "Value created", baseline, arm, year), text


def _transfers(study: Study, baseline: str, arm: str, year: int) -> Part:
    """The largest transfers by purpose, giver and taker."""
    keys = ["item", "kind", "county", "other_kind", "other_county"]
    rows = _both(study, baseline, arm, year, TRANSFER, keys)
    lines = []
    for row in rows_of(rows.head(SHOWN)):
        giver, taker = sector_name(row.kind, row.county), sector_name(row.other_kind, row.other_county)
        lines.append([row.item, giver, taker, *_cells(row)[:3]])
    text = text_table(["Purpose", "From", "To", *HEAD[:3]], lines, left=3)
    if len(rows) > SHOWN:
        text += f"\nThe {SHOWN} largest of {len(rows)}; all are in who_pays.csv. Below zero: less than in the baseline."
    return _heading(study, "Transfers", baseline, arm, year), text


def _matrix(study: Study, baseline: str, arm: str, year: int) -> Part:
    """Givers in rows, takers in columns: all purposes together, discounted, net of what came back."""
    rows = _lines(study.who_pays, baseline, arm, DISCOUNTED, year)
    rows = rows[rows["table"] == TRANSFER]
    givers = [sector_name(*pair) for pair in zip(rows["kind"], rows["county"], strict=True)]
    takers = [sector_name(*pair) for pair in zip(rows["other_kind"], rows["other_county"], strict=True)]
    flows = pd.crosstab(givers, takers, values=rows["difference"].to_numpy(), aggfunc="sum")
    names = sorted({*givers, *takers})
    gross = flows.reindex(index=names, columns=names).fillna(0.0).to_numpy() / MILLION
    net = gross - gross.T
    size = np.abs(net).max(axis=1)
    large = sorted(np.argsort(-size, kind="stable")[:MOST_COLUMNS].tolist())
    large = [row for row in large if size[row] >= 0.01 * size.max()]
    head = ["Given net by", *(f"to {place}" for place in range(1, len(large) + 1))]
    lines = []
    for place, row in enumerate(large, start=1):
        cells = ["" if row == column else number(net[row, column], 1, signed=True) for column in large]
        lines.append([f"{place} {names[row]}", *cells])
    text = text_table(head, lines)
    if len(large) < len(names):
        text += f"\nThe {len(large)} sectors with the largest flows, of {len(names)}."
    return _heading(study, "Giver by taker, discounted", baseline, arm, year), text


def _boundaries(study: Study, baseline: str, arm: str, year: int) -> Part:
    """Inside each boundary: gain = created + received from beyond."""
    rows = _lines(study.boundaries, baseline, arm, DISCOUNTED, year)
    words = {GAIN: "gain", CREATED: VALUE}
    lines = [
        [row.boundary, words.get(row.line, row.line), *millions(row.difference, row.low, row.high)]
        for row in rows_of(rows)
    ]
    text = text_table(["Boundary", "What", *HEAD[:2]], lines, left=2)
    text += f"\nInside each boundary the gain is {VALUE} and what was {RECEIVED} it."
    return _heading(study, "Boundaries, discounted", baseline, arm, year), text


def _yearly(study: Study, baseline: str, arm: str) -> Part:
    """The gains of each year by sector, undiscounted."""
    table = study.who_pays
    chosen = (table["baseline"] == baseline) & (table["arm"] == arm) & (table["table"] == GAIN)
    rows = table[chosen & (table["measure"] == YEAR)]
    names = [sector_name(*pair) for pair in zip(rows["kind"], rows["county"], strict=True)]
    wide = rows.assign(sector=names).pivot_table(index="year", columns="sector", values="difference") / MILLION
    size = wide.abs().max().sort_values(ascending=False, kind="stable")
    large = set(size[size >= SMALL].index[:MOST_COLUMNS])
    order = [name for name in dict.fromkeys(names) if name in large]
    head = ["Year", *(f"({place})" for place in range(1, len(order) + 1))]
    lines = [[str(year), *(number(value, 2, signed=True) for value in wide.loc[year, order])] for year in wide.index]
    key = "; ".join(f"({place}) {name}" for place, name in enumerate(order, start=1))
    heading = f"Gain of each year: {arm} minus {baseline}, million yuan"
    return heading, f"{text_table(head, lines)}\n{textwrap.fill(key, WIDTH)}"
