"""3.0: villages of all towns fly quota and capital to the county's zone, which leases the building back."""

from model.contracts import Coupon
from model.mechanism import ZONE, Mechanism

ENCLAVE = Mechanism(
    name="enclave",
    version="3.0",
    title="County enclave",
    title_zh="县域飞地抱团",
    since=2013,
    where=ZONE,
    contract=Coupon(rate="pool.coupon_rate", years="pool.coupon_years"),
    guaranteed=True,
    min_plot="build.min_plot_zone",
    min_capital="pool.min_stake",
    compensation=True,
    grant=True,
    interest_subsidy=True,
    relief=True,
)
