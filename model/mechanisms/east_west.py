"""5.0: east-west pairs (东西部协作): a science park in the host's zone, and a fashion park to which its firms move."""

from model.capital import CountiesPay
from model.contracts import ActualRent, Coupon
from model.mechanism import HOST, PARK, Mechanism

SCIENCE_PARK = Mechanism(
    name="science_park",
    version="5.0",
    title="Science park of two counties",
    title_zh="东西部协作飞地科创园",
    since=2018,
    where=HOST,
    pair="science_park",
    contract=Coupon(rate="science_park.coupon_rate", years="science_park.coupon_years"),
    capital=CountiesPay(
        capital="science_park.capital",
        host_part="science_park.host_part",
        partner_part="science_park.partner_part",
        granted="science_park.granted",
    ),
    guaranteed=True,
    rank=2,
    relief="pool.relief",
)

# Industry flies out (产业转移): garment and bag firms leave floor in the host county and hire in the partner county.
FASHION_PARK = Mechanism(
    name="fashion_park",
    version="5.0 out",
    title="Fashion park to which firms move",
    title_zh="东西部协作时尚产业园",
    since=2019,
    where=PARK,
    pair="industry_moves",
    contract=ActualRent(),
    capital=CountiesPay(
        capital="fashion_park.capital",
        host_part="fashion_park.host_part",
        partner_part="fashion_park.partner_part",
        granted="fashion_park.granted",
    ),
)
