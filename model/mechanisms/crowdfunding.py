"""7.0: a village and those of its households that want to invest in a project by shares, at their own risk (众筹)."""

from model.capital import Crowdfunding
from model.contracts import ActualRent
from model.mechanism import HOME, Mechanism, villages_of_host

CROWDFUNDING = Mechanism(
    name="crowdfunding",
    version="7.0",
    title="Crowdfunding by village and households",
    title_zh="“众筹+”",
    since=2020,
    where=HOME,
    who_may_join=villages_of_host,
    contract=ActualRent(),
    capital=Crowdfunding(),
    business="crowd",
)
