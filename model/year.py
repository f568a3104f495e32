"""A year of the economy, in order. Nothing else states the order.

Finished buildings come to the market and the county gets its revenue. Villages reclaim idle land, and the quota
auction clears. Each village weighs the ways of investing open to it and picks one or holds; projects are founded and
built. Firms come, compare sites, rent, move and close; they pay rent and tax; guarantors make good what contracts
promise; projects pay out by shares. Villages pay their members, run services and serve debt; households earn and
consume. Everybody learns from what was really received, landlords set new rents, and the books are proved.
"""

from model.founding import form_projects
from model.investing import choose_investment
from model.learning import learn
from model.living import close_books, open_year, run_households, run_villages
from model.markets.floor import match_tenants, set_rents
from model.markets.quota import clear_quota_market, reclaim_land
from model.renting import distribute, pay_contracts, pay_rent_and_tax

YEAR = (
    open_year,
    reclaim_land,
    clear_quota_market,
    choose_investment,
    form_projects,
    match_tenants,
    pay_rent_and_tax,
    pay_contracts,
    distribute,
    run_villages,
    run_households,
    learn,
    set_rents,
    close_books,
)
