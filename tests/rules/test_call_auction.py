"""The quota auction: one price, the most that can trade, nobody worse off than by staying away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.markets.quota import call_auction

DUST = 1e-9  # mu; what rounding of sums may leave with a party that does not trade
FREE = {"floor": 0.0, "cap": 1e9}
SIDE = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9)), min_size=1, max_size=8)
SHARE = st.sampled_from([0.0, 0.2, 0.5, 1.0])
LIMIT = st.integers(0, 12)


def columns(side):
    price, amount = np.array(side, dtype=float).reshape(-1, 2).T
    return price, amount


def slow_auction(ask, offered, bid, wanted, share, floor, cap):
    """The plain loop: the cheapest seller meets the keenest buyer until they disagree."""
    ask, bid = [max(one, floor) for one in ask], [min(one, cap) for one in bid]
    sellers = sorted(range(len(ask)), key=lambda row: ask[row])
    buyers = sorted(range(len(bid)), key=lambda row: -bid[row])
    sold, bought, price = [0.0] * len(ask), [0.0] * len(bid), float("nan")
    while sellers and buyers:
        seller, buyer = sellers[0], buyers[0]
        amount = min(offered[seller] - sold[seller], wanted[buyer] - bought[buyer])
        if amount > 0 and bid[buyer] < ask[seller]:
            break
        if amount > 0:
            price = ask[seller] + share * (bid[buyer] - ask[seller])
            sold[seller] += amount
            bought[buyer] += amount
        if sold[seller] == offered[seller]:
            sellers.pop(0)
        if bought[buyer] == wanted[buyer]:
            buyers.pop(0)
    return price, sold, bought


def most_that_can_trade(ask, offered, bid, wanted):
    """The largest volume at any one price: the smaller of what is offered and wanted at it."""
    prices = np.concatenate([ask, bid])
    return max(min(offered[ask <= price].sum(), wanted[bid >= price].sum()) for price in prices)


def test_an_auction_by_hand():
    result = call_auction(
        np.array([30.0, 10.0, 20.0]),
        np.array([5.0, 4.0, 3.0]),
        np.array([25.0, 40.0]),
        np.array([6.0, 2.0]),
        sellers_share=0.2,
        **FREE,
    )
    # The bid of 40 takes 2 of the 4 at 10; the bid of 25 takes the other 2 and the 3 at 20; the ask of 30 is too high.
    assert result.sold.tolist() == [0.0, 4.0, 3.0]
    assert result.bought.tolist() == [5.0, 2.0]
    assert result.price == pytest.approx(20.0 + 0.2 * 5.0)


def test_firms_that_value_land_more_than_the_zone_are_served_before_it():
    # Urban land bids 900 for 2 mu, the zone 100 for 6, and three firms 130, 100 and 80 for 2 each.
    bid, wanted = np.array([900.0, 100.0, 130.0, 100.0, 80.0]), np.array([2.0, 6.0, 2.0, 2.0, 2.0])
    ask, offered = np.array([70.0, 60.0]), np.array([4.0, 5.0])
    result = call_auction(ask, offered, bid, wanted, sellers_share=0.5, **FREE)
    # Nine mu are for sale: urban land, the keenest firm, and five of the six that the zone wants, which is the first
    # of two equal bids. The firm that bids as much comes too late, and the last one would have bid enough.
    assert result.sold.tolist() == [4.0, 5.0]
    assert result.bought.tolist() == [2.0, 5.0, 2.0, 0.0, 0.0]
    assert result.price == pytest.approx(85.0)
    dear = call_auction(ask, offered, bid, wanted, sellers_share=0.5, floor=120.0, cap=1e9)
    assert dear.bought.tolist() == [2.0, 0.0, 2.0, 0.0, 0.0]
    assert dear.price == pytest.approx(125.0)


def test_sellers_without_takers_and_buyers_without_sellers_have_no_price():
    for ask, bid in (([30.0], [20.0]), ([], [20.0]), ([30.0], []), ([], [])):
        result = call_auction(
            np.array(ask), np.ones(len(ask)), np.array(bid), np.ones(len(bid)), sellers_share=0.5, **FREE
        )
        assert np.isnan(result.price)
        assert result.sold.tolist() == [0.0] * len(ask)
        assert result.bought.tolist() == [0.0] * len(bid)


def test_equal_asks_are_served_in_the_order_of_rows():
    result = call_auction(
        np.full(3, 10.0), np.full(3, 4.0), np.array([10.0]), np.array([6.0]), sellers_share=0.5, **FREE
    )
    assert result.sold.tolist() == [4.0, 2.0, 0.0]
    assert result.price == 10.0


@pytest.mark.parametrize(
    ("floor", "cap", "price", "volume"),
    [(0.0, 100.0, 30.0, 1.0), (35.0, 100.0, 37.5, 1.0), (0.0, 24.0, 22.0, 1.0), (41.0, 100.0, None, 0.0)],
)
def test_a_regulated_price_moves_the_price_or_ends_trade(floor, cap, price, volume):
    one = np.ones(1)
    result = call_auction(np.array([20.0]), one, np.array([40.0]), one, sellers_share=0.5, floor=floor, cap=cap)
    assert result.sold.sum() == volume
    assert np.isnan(result.price) if price is None else result.price == price


@given(SIDE, SIDE, SHARE, LIMIT, LIMIT)
def test_the_auction_agrees_with_a_plain_loop(sellers, buyers, share, one, other):
    floor, cap = sorted((one, other))
    ask, offered = columns(sellers)
    bid, wanted = columns(buyers)
    result = call_auction(ask, offered, bid, wanted, sellers_share=share, floor=floor, cap=cap)
    price, sold, bought = slow_auction(ask.tolist(), offered.tolist(), bid.tolist(), wanted.tolist(), share, floor, cap)
    assert result.sold.tolist() == sold
    assert result.bought.tolist() == bought
    assert result.price == pytest.approx(price, nan_ok=True)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 50)), min_size=1, max_size=12),
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 50)), min_size=1, max_size=4),
    SHARE,
)
def test_what_is_sold_is_bought_and_nobody_loses(sellers, buyers, share):
    ask, offered = columns(sellers)
    bid, wanted = columns(buyers)
    result = call_auction(ask, offered, bid, wanted, sellers_share=share, **FREE)
    assert result.sold.sum() == pytest.approx(result.bought.sum(), rel=1e-12, abs=1e-12)
    assert (result.sold >= 0).all()
    assert (result.sold <= offered).all()
    assert (result.bought >= 0).all()
    assert (result.bought <= wanted).all()
    assert result.sold.sum() == pytest.approx(most_that_can_trade(ask, offered, bid, wanted), abs=1e-9)
    if result.sold.sum() > DUST:
        slack = 1e-9 * max(1.0, result.price)
        assert (ask[result.sold > DUST] <= result.price + slack).all()
        assert (bid[result.bought > DUST] >= result.price - slack).all()


@given(SIDE, SIDE, LIMIT, LIMIT)
def test_a_regulated_price_is_kept_and_forces_nobody(sellers, buyers, one, other):
    floor, cap = sorted((one, other))
    ask, offered = columns(sellers)
    bid, wanted = columns(buyers)
    result = call_auction(ask, offered, bid, wanted, sellers_share=0.2, floor=floor, cap=cap)
    if result.sold.any():
        assert floor <= result.price <= cap
        assert (ask[result.sold > 0] <= result.price).all()
        assert (bid[result.bought > 0] >= result.price).all()


@given(SIDE, SIDE, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_neither_price_nor_volume(sellers, buyers, order):
    ask, offered = columns(sellers)
    bid, wanted = columns(buyers)
    first = call_auction(ask, offered, bid, wanted, sellers_share=0.2, **FREE)
    order.shuffle(sellers)
    ask, offered = columns(sellers)
    again = call_auction(ask, offered, bid, wanted, sellers_share=0.2, **FREE)
    assert again.price == pytest.approx(first.price, nan_ok=True)
    assert again.sold.sum() == first.sold.sum()
