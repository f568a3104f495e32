"""1.0: each village builds on its own land (单打独斗), without a programme, with one, and with a pool's money."""

from model.mechanism import HOME, Mechanism, villages_of_host

OWN = Mechanism(
    name="own",
    version="0",
    title="Own building without a programme",
    title_zh="自建",
    since=2006,
    where=HOME,
)

SOLO = OWN.but(
    name="solo",
    version="1.0",
    title="Solo development",
    title_zh="单打独斗",
    interest_subsidy="pool.interest_subsidy",
    relief="pool.relief",
)

# The control for the effect of pooling itself: the money that pools get, to be built with at home.
SOLO_FUNDED = SOLO.but(
    name="solo_funded",
    version="1.0 funded",
    title="Solo development with a pool's money",
    title_zh="单打独斗（同等资金）",
    who_may_join=villages_of_host,
    compensation="quota.compensation",
    grant="pool.grant",
    support_since="pool.support_since",
)
