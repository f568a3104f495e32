"""3.0: villages of all towns fly quota and capital to the county's zone, which leases the building back."""

from model.capital import Rotating
from model.contracts import ActualRent, Coupon
from model.mechanism import ZONE, Mechanism, villages_of_host

ENCLAVE = Mechanism(
    name="enclave",
    version="3.0",
    title="County enclave",
    title_zh="县域飞地抱团",
    since=2013,
    where=ZONE,
    who_may_join=villages_of_host,
    contract=Coupon(rate="pool.coupon_rate", years="pool.coupon_years"),
    guaranteed=True,
    rank=3,
    min_plot="build.min_plot_zone",
    min_capital="pool.min_stake",
    control="choice.control_cost",
    compensation="quota.compensation",
    grant="pool.grant",
    support_since="pool.support_since",
    interest_subsidy="pool.interest_subsidy",
    relief="pool.relief",
)

# The same pool at its own risk: what is left of the enclave without the county's guarantee.
ENCLAVE_AT_RISK = ENCLAVE.but(
    name="enclave_at_risk",
    version="3.0 at risk",
    title="County enclave at its own risk",
    title_zh="县域飞地抱团（不保底）",
    contract=ActualRent(),
    guaranteed=False,
    family="enclave",
)

# Qujiang's contract: a fixed rate for five years, then the rent that was collected.
ENCLAVE_FIXED = ENCLAVE.but(
    name="enclave_fixed",
    version="3.0 fixed",
    title="County enclave, five years of fixed rent",
    title_zh="县域飞地抱团（先保底后实收）",
    contract=Coupon(rate="pool.coupon_rate", years="pool.fixed_years"),
    family="enclave",
)

# Keqiao's membership: villages that have passed an income line hand their stakes on to weaker ones.
ENCLAVE_ROTATING = ENCLAVE.but(
    name="enclave_rotating",
    version="3.0 rotating",
    title="County enclave with rotating membership",
    title_zh="县域飞地抱团（成员轮换）",
    membership=Rotating(line="pool.rotation_line", years="pool.rotation_years"),
    family="enclave",
)
