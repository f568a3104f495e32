"""Every reason for which money, land or debt moves, and what it is to the economy.

The nature of a reason says how it counts when the gain of a sector is worked out. What Outside pays or gets for a
product or a resource is worth what is paid (``PRODUCT``, ``COST``, ``INVESTMENT``, ``CONSUMPTION``, ``INJECTION``);
everything else only changes hands (``TRANSFER``) or its form (``FINANCE``). ``LAND`` moves in mu and has no price.
"""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "product"  # Outside buys something that is worth what it pays
COST = "cost"  # resources from Outside are used up
INVESTMENT = "investment"  # resources from Outside become a building
CONSUMPTION = "consumption"  # the giver, or those whom it serves, enjoys what it spends
INJECTION = "injection"  # owners put money in: consumption forgone
TRANSFER = "transfer"  # one gains what the other gives up
FINANCE = "finance"  # cash against a debt or a stake; what a project pays on to its holders
LAND = "land"  # mu from one use or holder to another
OPENING = "opening"  # what there was at the start
NATURES = (PRODUCT, COST, INVESTMENT, CONSUMPTION, INJECTION, TRANSFER, FINANCE, LAND, OPENING)


@dataclass(frozen=True)
class Reason:
    """Why something moves.

    name: as it stands in the tables; purpose: the heading under which a transfer is told; outlay: public outlay on
    village programmes; returns: public revenue that may come of them.
    """

    name: str
    nature: str
    purpose: str = ""
    outlay: bool = False
    returns: bool = False


OPENING_BALANCE = Reason("opening balance", OPENING)

# Enterprises
VALUE_ADDED = Reason("value added", PRODUCT)
OWNERS_MONEY = Reason("owners' money", INJECTION)
PROFIT = Reason("profit", CONSUMPTION)
WAGES = Reason("wages", TRANSFER, "wages")
MIGRANT_WAGES = Reason("wages of migrants", COST)
TRANSPORT = Reason("transport", COST)
MOVING = Reason("moving", COST)
RENT = Reason("rent", TRANSFER, "rent")
RENT_ELSEWHERE = Reason("rent elsewhere", COST)
LOCAL_TAX = Reason("local tax of firms", TRANSFER, "taxes", returns=True)
NATIONAL_TAX = Reason("national tax of firms", TRANSFER, "taxes")

# Projects
CAPITAL_PAID_IN = Reason("capital paid in", FINANCE)
COUNTY_CAPITAL = Reason("capital paid in by a county", FINANCE, outlay=True)
CONSTRUCTION = Reason("construction", INVESTMENT)
ZONE_LAND = Reason("zone land", TRANSFER, "land", returns=True)
UPKEEP = Reason("upkeep", COST)
PROPERTY_TAX = Reason("property tax", TRANSFER, "taxes", returns=True)
TAX_RELIEF = Reason("tax relief", TRANSFER, "tax relief", outlay=True)
TOP_UP = Reason("top-up", TRANSFER, "guarantee", outlay=True)
SURPLUS = Reason("surplus of the lessee", TRANSFER, "guarantee", returns=True)
LOSS_MADE_GOOD = Reason("loss made good by owners", FINANCE)
COUNTY_LOSS = Reason("loss made good by a county", FINANCE, outlay=True)
FEES = Reason("fees", PRODUCT)
FEES_TAKEN = Reason("fees taken from others", TRANSFER, "customers taken")
RUNNING_COST = Reason("running cost", COST)
SECONDED_MANAGERS = Reason("seconded managers", COST, outlay=True)
OWN_RENT = Reason("rent of own property", FINANCE)
POOL_INCOME = Reason("pool income", FINANCE)
DIVIDENDS = Reason("dividends of households", FINANCE)
COUNTY_DIVIDENDS = Reason("dividends of counties", FINANCE)
OTHERS_RENT = Reason("rent of other landlords", FINANCE)
OUTSIDE_DIVIDENDS = Reason("dividends of investors outside", FINANCE)

# Support
COMPENSATION = Reason("quota compensation", TRANSFER, "quota compensation", outlay=True)
GRANT = Reason("grant", TRANSFER, "grants", outlay=True)
PROVINCIAL_GRANT = Reason("provincial grant", TRANSFER, "grants", outlay=True)
INTEREST_SUBSIDY = Reason("interest subsidy", TRANSFER, "interest subsidy", outlay=True)
PUBLIC_SHARES = Reason("share capital given by the county", TRANSFER, "share capital given", outlay=True)
GIVEN_SHARES = Reason("share capital given by others", TRANSFER, "share capital given")
SOURCES_REPAID = Reason("share capital given back", TRANSFER, "share capital given")
STAKE_SOLD = Reason("stake sold", FINANCE)
AID = Reason("aid", TRANSFER, "aid", outlay=True)

# Villages and households
OTHER_INCOME = Reason("other village income", PRODUCT)
IDLE_RENT = Reason("rent of idle land", PRODUCT)
RECLAMATION = Reason("reclamation", COST)
SERVICES = Reason("village services", CONSUMPTION)
PAYOUT = Reason("payout to members", TRANSFER, "payout to members")
EARNINGS = Reason("earnings", PRODUCT)
HOUSEHOLD_CONSUMPTION = Reason("consumption", CONSUMPTION)
STAKE_GIFT = Reason("stake bought for a neighbour", TRANSFER, "share capital given")

# Money and debt
DEPOSIT_INTEREST = Reason("interest on deposits", TRANSFER, "interest")
TREASURY_INTEREST = Reason("interest on treasuries", TRANSFER, "interest")
INTEREST = Reason("interest", TRANSFER, "interest")
ARREARS = Reason("interest in arrears", TRANSFER, "interest")
LOAN = Reason("loan", FINANCE)
LOAN_REPAID = Reason("loan repaid", FINANCE)

# The county's own budget
ORDINARY_REVENUE = Reason("ordinary revenue", TRANSFER, "ordinary budget")
ORDINARY_SPENDING = Reason("ordinary spending", CONSUMPTION)

# Land and quota
PLAN_QUOTA = Reason("plan quota", LAND)
PLAN_USE_FORGONE = Reason("other use of plan quota given up", COST)
PLAN_QUOTA_TO_PARK = Reason("plan quota to a common park", LAND)
PLAN_QUOTA_USED = Reason("plan quota used", LAND)
RECLAIMED = Reason("reclaimed", LAND)
QUOTA_CONTRIBUTED = Reason("quota contributed", LAND)
QUOTA_BUILT_ON = Reason("quota built on", LAND)
QUOTA_SOLD = Reason("quota sold", LAND)
QUOTA_BOUGHT = Reason("quota bought", TRANSFER, "quota market")
QUOTA_SOLD_TO_INDUSTRY = Reason("quota sold to industry", LAND)
QUOTA_BOUGHT_BY_INDUSTRY = Reason("quota bought by industry", PRODUCT)
URBAN_LAND = Reason("urban land sold", LAND)
URBAN_LAND_PAID = Reason("urban land paid", PRODUCT, returns=True)
INDUSTRIAL_LAND = Reason("industrial land sold", LAND)
INDUSTRIAL_LAND_PAID = Reason("industrial land paid", PRODUCT, returns=True)

REASONS: dict[str, Reason] = {one.name: one for one in list(globals().values()) if isinstance(one, Reason)}


def names_of(**marks: bool) -> tuple[str, ...]:
    """The names of all reasons with some marks, such as ``outlay=True``, as declared: sums over them have an order."""
    return tuple(
        one.name for one in REASONS.values() if all(getattr(one, mark) == is_set for mark, is_set in marks.items())
    )
