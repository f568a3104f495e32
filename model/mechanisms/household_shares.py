"""6.0: low-income households hold shares in a zone project, paid for by seven sources (低收入家庭持股增收)."""

from model.capital import HouseholdShares
from model.contracts import Coupon
from model.mechanism import ZONE, Mechanism

HOUSEHOLD_SHARES = Mechanism(
    name="household_shares",
    version="6.0",
    title="Shares of low-income households",
    title_zh="低收入家庭持股",
    since=2018,
    where=ZONE,
    contract=Coupon(rate="shares.coupon_rate", years="shares.years", first_age=0),
    capital=HouseholdShares(),
    guaranteed=True,
    rank=1,
    relief="pool.relief",
)
