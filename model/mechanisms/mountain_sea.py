"""4.0: the mountain-sea pair (山海协作): weak villages of the paired county earn from a park in the host county's zone.

Three supplies and three guarantees (三供三保): the partner supplies quota, money and managers; the host guarantees
land, tenants and the return. Both counties also pay for a park of tourism and culture in the partner county.
"""

from model.capital import CountiesPay, VillagesEnrolled
from model.contracts import ActualRent, Coupon, CouponThenSplit
from model.mechanism import HOST, PARK, Mechanism

MOUNTAIN_SEA = Mechanism(
    name="mountain_sea",
    version="4.0",
    title="Park of the partner county's weak villages",
    title_zh="山海协作飞地产业园",
    since=2017,
    where=HOST,
    pair="mountain_sea",
    contract=CouponThenSplit(
        rate="mountain_sea.coupon_rate",
        years="mountain_sea.coupon_years",
        split_years="mountain_sea.split_years",
        part="mountain_sea.part",
        rent_in_full="mountain_sea.rent_in_full",
    ),
    capital=VillagesEnrolled(
        stake="mountain_sea.stake",
        first_share="mountain_sea.first_share",
        gap="mountain_sea.gap",
        own="mountain_sea.own",
        borrowed="mountain_sea.borrowed",
        granted="mountain_sea.granted",
    ),
    guaranteed=True,
    mutual=True,
    rank=2,
    compensation="mountain_sea.quota_price",
    relief="pool.relief",
)

# Qujiang's contract: a fixed rate for five years, then the rent that was collected. Who pays the fixed rate there is a
# developer and a state company; here it is the host county, as in all parks of the pair.
MOUNTAIN_SEA_FIXED = MOUNTAIN_SEA.but(
    name="mountain_sea_fixed",
    version="4.0 fixed",
    title="Park of the partner county's weak villages, five years of fixed rent",
    title_zh="山海协作飞地产业园（先保底后实收）",
    since=2019,
    contract=Coupon(rate="mountain_sea.coupon_rate", years="pool.fixed_years"),
    family="mountain_sea",
)

MOUNTAIN_PARK = Mechanism(
    name="mountain_park",
    version="4.0 park",
    title="Park of tourism in the partner county",
    title_zh="山海协作生态旅游文化产业园",
    since=2017,
    where=PARK,
    pair="mountain_sea",
    contract=ActualRent(),
    capital=CountiesPay(
        capital="tourism.capital",
        host_part="tourism.host_part",
        partner_part="tourism.partner_part",
        granted="tourism.granted",
    ),
    business="tourism",
)
