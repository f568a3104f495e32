"""Contracts between a project and its members: what is promised in a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agents.table import Array
from model.parameters import Parameters


def coupon_due(paid_in: Array, *, rate: float) -> Array:
    """Yearly coupon on paid-in capital. paid_in: yuan, shape (projects,); rate: 1/year. Returns yuan/year."""
    return rate * paid_in


class Contract(Protocol):
    """What members are promised, and what a village should expect of it."""

    def due(self, parameters: Parameters, *, paid_in: Array, net_rent: Array, age: Array) -> Array:
        """Promised in a year, yuan/year. paid_in: yuan; net_rent: yuan/year; age: years since founding."""

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """The fixed yield on capital, 1/year, and its years; None where nothing is fixed."""


@dataclass(frozen=True)
class ActualRent:
    """Rent as it comes, by shares. Nothing is guaranteed."""

    def due(self, parameters: Parameters, *, paid_in: Array, net_rent: Array, age: Array) -> Array:
        """The net rent itself."""
        return net_rent

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """No promise."""
        return None


@dataclass(frozen=True)
class Coupon:
    """A fixed rate on paid-in capital for some years from completion, then rent as it comes.

    rate, years: keys of parameters.
    """

    rate: str
    years: str

    def due(self, parameters: Parameters, *, paid_in: Array, net_rent: Array, age: Array) -> Array:
        """The coupon from the year after founding to the end of its term, the net rent before and after."""
        fixed = (age >= 1) & (age <= parameters[self.years])
        return np.where(fixed, coupon_due(paid_in, rate=parameters[self.rate]), net_rent)

    def promise(self, parameters: Parameters) -> tuple[float, float] | None:
        """The coupon's rate and years."""
        return parameters[self.rate], parameters[self.years]
