"""3.0: villages of all towns fly quota and capital to the county's zone, which leases the building back."""

from model.contracts import ActualRent, Coupon
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

# The same pool at its own risk: what is left of the enclave without the county's guarantee.
ENCLAVE_AT_RISK = ENCLAVE.but(
    name="enclave_at_risk",
    version="3.0 at risk",
    title="County enclave at the rent that comes",
    title_zh="县域飞地抱团（不保底）",
    contract=ActualRent(),
    guaranteed=False,
    family="enclave",
)
