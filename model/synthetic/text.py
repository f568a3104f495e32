"""The text of a synthetic case file, in the form of the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from model.parameters import Value
from model.synthetic.figures import Figure
from model.synthetic.sizes import Sizes


class Setting(NamedTuple):
    """A general parameter that the case gives a value of its own: key, value, range, and why."""

    key: str
    value: float
    range: tuple[float, float]
    source: str
    source_zh: str


class PairOf(NamedTuple):
    """Two paired counties, by row: what they do together, and since which year."""

    kind: str
    host: int
    partner: int
    since: int


def county_name(row: int) -> str:
    """What the county of a row is called; its figures' topic follows from it."""
    return f"County {row + 1}"


def county_slug(row: int) -> str:
    """The topic of a county's figures."""
    return county_name(row).lower().replace(" ", "_")


def quoted(text: str) -> str:
    """A text as TOML writes it, on one line."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def top(title: str, title_zh: str, years: tuple[int, int], header: Iterable[str], layout_source: str) -> str:
    """The head of the file. header: lines of a comment; years: the first and the last."""
    lines = [
        *(f"# {line}" for line in header),
        f"title = {quoted(title)}",
        f"title_zh = {quoted(title_zh)}",
        f"first_year = {years[0]}",
        f"last_year = {years[1]}",
        f"layout_source = {quoted(layout_source)}",
    ]
    return "\n".join(lines) + "\n"


def places(sizes: Sizes) -> Iterator[str]:
    """All counties, then all towns with the households of their villages."""
    for row in range(len(sizes.stands_for)):
        yield f'\n[[county]]\nname = "{county_name(row)}"\nname_zh = "第{row + 1}县"\n'
    per_town = np.bincount(sizes.town, minlength=len(sizes.county))
    villages = np.split(sizes.households, np.cumsum(per_town)[:-1])
    number = np.arange(len(sizes.county)) - np.searchsorted(sizes.county, sizes.county)
    for town, county in enumerate(sizes.county.tolist()):
        yield (
            f'\n[[town]]\nname = "{county_name(county)} town {number[town] + 1}"\n'
            f'name_zh = "第{county + 1}县第{number[town] + 1}镇"\ncounty = "{county_name(county)}"\n'
            f"east = {sizes.east[town] + 0.0!s}\nnorth = {sizes.north[town] + 0.0!s}\n"
            f"households = [{', '.join(map(str, villages[town].tolist()))}]\n"
        )


def pairs(found: Sequence[PairOf]) -> Iterator[str]:
    """The paired counties."""
    for one in found:
        yield (
            f'\n[[pair]]\nkind = "{one.kind}"\nhost = "{county_name(one.host)}"\n'
            f'partner = "{county_name(one.partner)}"\nsince = {one.since}\n'
            'source = "assumed: as in pinghu.toml, with the county of the income nearest to the partner\'s there"\n'
        )


def figures(found: Sequence[Mapping[str, Figure]]) -> Iterator[str]:
    """The figures of every county, a line each."""
    for row, county in enumerate(found):
        lines = [f"{name} = {_figure(one)}" for name, one in county.items()]
        yield f"\n[figures.{county_slug(row)}]\n" + "\n".join(lines) + "\n"


def _figure(one: Figure) -> str:
    between = "" if one.between == "step" else f', between = "{one.between}"'
    return f'{{ value = {_value(one.value)}{between}, range = {_interval(one.range)}, status = "assumed" }}'


def _value(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{year} = {float(amount)!r}" for year, amount in value.items()) + " }"
    return repr(float(value))


def _interval(ends: tuple[float, float]) -> str:
    return f"[{float(ends[0])!r}, {float(ends[1])!r}]"


def settings(found: Sequence[Setting]) -> Iterator[str]:
    """The general parameters that the case sets."""
    for one in found:
        yield (
            f'\n[set."{one.key}"]\nvalue = {one.value!r}\nrange = {_interval(one.range)}\nstatus = "assumed"\n'
            f"source = {quoted(one.source)}\nsource_zh = {quoted(one.source_zh)}\n"
        )
