"""2.0: the villages of a town build together in the town's park, and share its rent by their stakes (镇域联建)."""

from model.mechanism import TOWN, Mechanism, villages_of_host

TOWN_JOINT = Mechanism(
    name="town_joint",
    version="2.0",
    title="Town joint building",
    title_zh="镇域联建",
    since=2009,
    where=TOWN,
    who_may_join=villages_of_host,
    min_plot="build.min_plot_town",
    min_capital="pool.min_stake",
    control="choice.control_cost_town",
    compensation="quota.compensation",
    grant="pool.grant",
    support_since="pool.support_since",
    interest_subsidy="pool.interest_subsidy",
    relief="pool.relief",
)
