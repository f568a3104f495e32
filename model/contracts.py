"""Contracts between a project and its members: what is promised in a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from agents.table import Array
from model.parameters import Parameters


class Books(NamedTuple):
    """What a contract looks at, all of shape (projects,).

    base: paid-in capital on which a fixed rate runs, yuan; net_rent: yuan/year; local_tax: the local part of what the
    tenants paid in taxes, yuan/year; age: years since founding.
    """

    base: Array
    net_rent: Array
    local_tax: Array
    age: Array


def coupon_due(base: Array, *, rate: float) -> Array:
    """Yearly coupon on paid-in capital. base: yuan, shape (projects,); rate: 1/year. Returns yuan/year."""
    return rate * base


def split_due(net_rent: Array, local_tax: Array, *, part: float, rent_in_full: bool) -> Array:
    """Members' part of rent and local tax: part * (rent + tax), or all rent and part of the tax. yuan/year."""
    return np.where(rent_in_full, net_rent, part * net_rent) + part * local_tax


class Contract(Protocol):
    """What members are promised, and what a village should expect of it."""

    def due(self, parameters: Parameters, books: Books) -> Array:
        """Promised in a year, yuan/year, shape (projects,)."""

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """The fixed yield on capital, 1/year, and its years; None where nothing is fixed."""

    def binds(self, parameters: Parameters) -> bool:
        """Whether its terms ever run, so that a guarantor has something to stand behind."""


@dataclass(frozen=True)
class ActualRent:
    """Rent as it comes, by shares. Nothing is guaranteed."""

    def due(self, parameters: Parameters, books: Books) -> Array:
        """The net rent itself."""
        return books.net_rent

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """No promise."""
        return None

    def binds(self, parameters: Parameters) -> bool:
        """Always: the rent itself is promised."""
        return True


@dataclass(frozen=True)
class Coupon:
    """A fixed rate on paid-in capital for some years, then rent as it comes.

    rate, years: keys of parameters; first_age: years from founding to the first coupon, 1 where it waits for the
    building.
    """

    rate: str
    years: str
    first_age: int = 1

    def due(self, parameters: Parameters, books: Books) -> Array:
        """The coupon in its term, the net rent before and after."""
        return np.where(
            self.runs(parameters, books.age), coupon_due(books.base, rate=parameters[self.rate]), books.net_rent
        )

    def runs(self, parameters: Parameters, age: Array) -> Array:
        """Whether a project of some age is within the term of its coupon."""
        return (age >= self.first_age) & (age < self.first_age + parameters[self.years])

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """The coupon's rate and years."""
        return parameters[self.rate], parameters[self.years]

    def binds(self, parameters: Parameters) -> bool:
        """Unless the coupon has no years."""
        return parameters[self.years] > 0.0


@dataclass(frozen=True)
class CouponThenSplit(Coupon):
    """A coupon for some years, then for some years a part of rent and local tax, then rent as it comes.

    split_years, part: keys of parameters; rent_in_full: key of a parameter, above 0.5 where members get all rent and
    only the tax is parted.
    """

    split_years: str = ""
    part: str = ""
    rent_in_full: str = ""

    def due(self, parameters: Parameters, books: Books) -> Array:
        """The coupon in its term, the parted income in the next one, the net rent before and after."""
        after = self.first_age + parameters[self.years]
        parted = (books.age >= after) & (books.age < after + parameters[self.split_years])
        in_parts = split_due(
            books.net_rent,
            books.local_tax,
            part=parameters[self.part],
            rent_in_full=parameters[self.rent_in_full] > 0.5,
        )
        return np.where(parted, in_parts, super().due(parameters, books))

    def binds(self, parameters: Parameters) -> bool:
        """Unless neither term has any years."""
        return super().binds(parameters) or parameters[self.split_years] > 0.0
