"""Who puts money into the projects of a mechanism, and who decides that: one record a way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VillagesChoose:
    """Each village that chooses it, as much as it can and wants to.

    It weighs all ways open to it and picks one or holds.
    """


@dataclass(frozen=True)
class VillagesEnrolled:
    """The paired county's weak villages, by policy, each the same.

    They are enrolled in two cohorts.

    stake: key, yuan a village; first_share: key, part of the villages in the first cohort, the poorest; gap: key,
    years until the rest follow; own, borrowed: keys, parts of the stake from own cash and from a loan, as far as a
    village can bear them. Quota that it brings is paid for; granted: key, part of what lacks in the end that is a
    provincial grant.
    """

    stake: str
    first_share: str
    gap: str
    own: str
    borrowed: str
    granted: str


@dataclass(frozen=True)
class CountiesPay:
    """Two paired counties, and investors outside, a fixed sum.

    capital: key, yuan; host_part, partner_part: keys, parts of the capital that the two counties pay, the rest comes
    from investors outside; granted: key, part of the partner's money that is a provincial grant.
    """

    capital: str
    host_part: str
    partner_part: str
    granted: str


@dataclass(frozen=True)
class HouseholdShares:
    """Low-income households on a list, with seven sources (七个一点)."""


@dataclass(frozen=True)
class Crowdfunding:
    """A village and those of its households that want to (众筹)."""


Capital = VillagesChoose | VillagesEnrolled | CountiesPay | HouseholdShares | Crowdfunding


@dataclass(frozen=True)
class Rotating:
    """Membership by income line: at each review who has come above it goes, who is below it may come in.

    line: key, yuan/year; years: key, years between reviews.
    """

    line: str
    years: str
