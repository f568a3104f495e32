"""A year of the economy, in order. Nothing else states the order.

Finished buildings come to the market and counties get their revenue. The list of low-income households is reviewed and
those on it buy shares; then households meet the year's luck. Villages reclaim idle land, and the quota auctions clear;
where a run gets cash aid it is paid. Each village weighs the ways of investing open to it, pools as far as the county
can guarantee them, and picks one or holds; projects are founded and built; paired counties found common parks, members
rotate, and villages crowdfund with their households. Firms come, compare sites, rent, move and close; they produce and
hire near, and pay wages, rent and tax. Projects with customers of their own meet their demand, and owners make their
losses good. Guarantors make good what contracts promise; projects pay out by shares. Villages pay their members, run
services and serve debt; households earn and consume; counties serve their debt. Everybody learns from what was really
received, landlords set new rents, and the books are proved.
"""

from model.aid import pay_aid
from model.businesses import run_businesses
from model.crowdfunding import crowdfund
from model.founding import form_projects
from model.investing import choose_investment
from model.landlords import build_zone_floor
from model.learning import learn
from model.living import draw_household_luck, run_households, run_villages
from model.markets.floor import match_tenants, set_rents
from model.markets.labour import hire_workers
from model.markets.quota import clear_quota_market, reclaim_land
from model.membership import review_members
from model.obligations import note_obligations
from model.parks import found_parks
from model.renting import distribute, earn, pay_contracts, pay_rent_and_tax
from model.shareholding import review_low_income_list
from model.treasury import close_books, open_year, serve_county_debt

YEAR = (
    open_year,
    build_zone_floor,
    review_low_income_list,
    draw_household_luck,
    reclaim_land,
    clear_quota_market,
    pay_aid,
    choose_investment,
    form_projects,
    found_parks,
    review_members,
    crowdfund,
    match_tenants,
    earn,
    run_businesses,
    hire_workers,
    pay_rent_and_tax,
    pay_contracts,
    distribute,
    note_obligations,
    run_villages,
    run_households,
    serve_county_debt,
    learn,
    set_rents,
    close_books,
)
