"""Many givers and many takers together, and what moved between counties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.table import RowAgent, Table, link, stock
from model.entries import Account, between_counties
from model.flows import LAND, TRANSFER, Reason
from model.ledger import Ledger, LedgerError

AID = Reason("aid", TRANSFER, "aid", outlay=True)
DUES, GIFT, START, WAGES = (Reason(name, TRANSFER) for name in ("dues", "gift", "start", "wages"))
FIELD = Reason("field", LAND)


class County(RowAgent):
    cash = stock("yuan", "money")


class Purse(RowAgent):
    county = link("County", "where it is")
    cash = stock("yuan", "money")
    land = stock("mu", "land")


class World(RowAgent):
    cash = stock("yuan", "money")
    land = stock("mu", "land")


class Books:
    """Two counties with 50 yuan each; purses with 100, 200, 300 and 0 yuan in counties 0, 1, 1 and 0; a world."""

    def __init__(self, **options):
        self.counties, self.purses, self.world = (Table(kind, registered=False) for kind in (County, Purse, World))
        self.counties.add(2)
        self.purses.add(4, county=[0, 1, 1, 0])
        self.world.add(1)
        self.ledger = Ledger([self.counties, self.purses, self.world], may_owe=frozenset({"World"}), **options)
        self.ledger.open_year(2006)
        self.ledger.move(self.outside(), self.cash(), [100.0, 200.0, 300.0, 0.0], START)
        self.ledger.move(self.outside(), Account(self.counties, "cash"), 50.0, START)

    def cash(self, *rows):
        return Account(self.purses, "cash", np.array(rows) if rows else None)

    def treasury(self, *rows):
        return Account(self.counties, "cash", np.array(rows) if rows else None)

    def outside(self, name="cash"):
        return Account(self.world, name)

    def told(self, reason):
        """What moved between counties for a reason: (giver, its county, taker, its county) -> amount."""
        return {(f[2], f[3], f[4], f[5]): amount for f, amount in self.ledger.flow_table() if f.reason == reason.name}

    def state(self):
        held = [table.cash.tolist() for table in (self.counties, self.purses, self.world)]
        return held, self.ledger.flow_table(), len(self.ledger.entries), self.ledger.imbalance()


@pytest.fixture
def books():
    return Books()


def test_what_a_whole_kind_gets_from_outside_is_told_but_not_kept_where_asked():
    books, plain = Books(in_total=frozenset({"Purse"})), Books()
    for one in (books, plain):
        one.ledger.move(one.outside(), one.cash(), np.array([1.0, 2.0, 3.0, 4.0]), WAGES)
        one.ledger.move(one.cash(), one.outside(), one.purses.cash, DUES)  # of the very column that changes
        one.ledger.move(one.outside(), one.cash(0, 1), 5.0, WAGES)
        one.ledger.move(one.cash(), one.treasury(0), 1.0 * one.purses.cash, DUES)
    assert books.state()[:2] == plain.state()[:2]
    assert books.ledger.imbalance() == plain.ledger.imbalance()
    assert books.purses.cash.tolist() == [0.0, 0.0, 0.0, 0.0]
    kept = [(entry.giver.table.name, entry.taker.table.name) for entry in books.ledger.entries]
    assert kept == [("World", "County"), ("World", "Purse"), ("Purse", "County")]
    assert len(plain.ledger.entries) == len(kept) + 3


def test_outlays_are_kept_row_by_row_all_the_same():
    books = Books(in_total=frozenset({"Purse"}))
    books.ledger.move(books.outside(), books.cash(), 5.0, AID)
    assert books.ledger.entries[-1].received.tolist() == [5.0] * 4


def test_what_is_kept_stays_when_the_callers_numbers_change(books):
    amounts = np.array([1.0, 2.0, 3.0, 4.0])
    books.ledger.move(books.outside(), books.cash(), amounts, WAGES)
    amounts *= 0.0
    assert books.ledger.entries[-1].received.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_many_pay_many_what_they_owe_together(books):
    books.ledger.settle(books.cash(0, 1), books.cash(2, 3), [10.0, 20.0], [25.0, 5.0], WAGES)
    assert books.purses.cash.tolist() == [90.0, 180.0, 325.0, 5.0]
    (entry,) = books.ledger.entries[2:]
    assert (entry.given.tolist(), entry.received.tolist()) == ([10.0, 20.0], [25.0, 5.0])
    books.ledger.prove()


def test_a_settlement_between_counties_is_told_in_proportion(books):
    # Purse 0 lies in county 0; purses 1 and 2 lie in county 1: a third of 30 comes from the one, two from the other.
    books.ledger.settle(books.cash(0, 1), books.cash(2, 3), [10.0, 20.0], [24.0, 6.0], WAGES)
    assert books.told(WAGES) == {
        ("Purse", 0, "Purse", 0): pytest.approx(10.0 * 0.2),
        ("Purse", 0, "Purse", 1): pytest.approx(10.0 * 0.8),
        ("Purse", 1, "Purse", 0): pytest.approx(20.0 * 0.2),
        ("Purse", 1, "Purse", 1): pytest.approx(20.0 * 0.8),
    }


def test_one_amount_serves_all_rows_of_its_side(books):
    books.ledger.settle(books.cash(1, 2), books.cash(0, 3), 30.0, [50.0, 10.0], WAGES)
    books.ledger.settle(books.cash(0), books.cash(), 40.0, 10.0, GIFT)
    assert books.purses.cash.tolist() == [120.0, 180.0, 280.0, 20.0]


def test_a_settlement_within_the_tolerance_is_brought_to_the_same_sum(books):
    books.ledger.settle(books.cash(1), books.cash(0, 3), 30.0, [20.0, 10.0 + 1e-11], WAGES)
    assert books.ledger.entries[-1].received.sum() == pytest.approx(30.0, rel=1e-15)
    books.ledger.prove()


@pytest.mark.parametrize(
    ("accounts", "given", "received", "told"),
    [
        ((0, 1), [10.0, 20.0], [25.0, 5.1], "wages: 30.00 is given and 30.10 received; both must be the same."),
        ((0, 1), [10.0, 20.0], [0.0, 0.0], "30.00 is given and 0.00 received"),
        ((0, 1), [0.0, 0.0], [1.0, 0.0], "0.00 is given and 1.00 received"),
        ((0, 1), [101.0, 0.0], [101.0, 0.0], "Purse.cash of row 0 has 100.00 and would fall to -1.00"),
        ((0, 1), [-1.0, 31.0], [20.0, 10.0], "at least zero, not -1.0 yuan"),
        ((0, 1), [10.0, 20.0], [31.0, -1.0], "at least zero, not -1.0 yuan"),
        ((0, 1), [float("nan"), 1.0], [1.0, 1.0], "nan is given"),
        ((0, 1), [1.0, 1.0], [float("nan"), 1.0], "nan received"),
        ((0, 9), [1.0, 1.0], [1.0, 1.0], "rows of Purse.cash must be numbers from 0 to 3"),
        ((0, -1), [1.0, 1.0], [1.0, 1.0], "rows of Purse.cash must be numbers from 0 to 3"),
    ],
)
def test_a_refused_settlement_leaves_everything_as_it_was(books, accounts, given, received, told):
    before = books.state()
    with pytest.raises((LedgerError, IndexError)) as caught:
        books.ledger.settle(books.cash(*accounts), books.cash(2, 3), given, received, WAGES)
    if isinstance(caught.value, LedgerError):
        assert str(caught.value).startswith("wages: ")
        assert told in str(caught.value)
        assert "\n" not in str(caught.value)
    assert books.state() == before


def test_a_settlement_in_two_units_is_refused(books):
    before = books.state()
    with pytest.raises(LedgerError, match="post in one unit"):
        books.ledger.settle(books.cash(0, 1), Account(books.purses, "land"), [1.0, 1.0], 0.5, WAGES)
    assert books.state() == before


def test_nobody_settles_nothing(books):
    before, nobody = books.state(), Account(books.purses, "cash", np.array([], dtype=int))
    books.ledger.settle(nobody, books.cash(0, 1), np.array([]), [1.0, 1.0], WAGES)
    books.ledger.settle(books.cash(0, 1), nobody, [1.0, 1.0], np.array([]), WAGES)
    books.ledger.settle(books.cash(0, 1), books.cash(2, 3), 0.0, 0.0, WAGES)
    books.ledger.settle(books.cash(0, 1), books.cash(2, 3), [1e-12, 0.0], 0.0, WAGES)
    books.ledger.settle(books.cash(0, 1), books.cash(2, 3), 0.0, [1e-12, 0.0], WAGES)
    assert books.state() == before


def test_a_movement_is_told_by_the_counties_of_each_row(books):
    books.ledger.move(books.cash(0, 1, 2), books.cash(3), [1.0, 2.0, 3.0], GIFT)
    assert books.told(GIFT) == {("Purse", 0, "Purse", 0): 1.0, ("Purse", 1, "Purse", 0): 5.0}
    books.ledger.move(books.treasury(0), books.cash(), 1.0, WAGES)
    assert books.told(WAGES) == {("County", 0, "Purse", 0): 2.0, ("County", 0, "Purse", 1): 2.0}


def test_the_world_lies_in_no_county_and_a_county_in_itself(books):
    assert books.told(START) == {
        ("World", -1, "Purse", 0): 100.0,
        ("World", -1, "Purse", 1): 500.0,
        ("World", -1, "County", 0): 50.0,
        ("World", -1, "County", 1): 50.0,
    }
    books.ledger.move(books.treasury(1, 0), books.treasury(0, 1), [5.0, 7.0], GIFT)
    assert books.told(GIFT) == {("County", 1, "County", 0): 5.0, ("County", 0, "County", 1): 7.0}


def test_what_moved_can_be_asked_for_by_county(books):
    books.ledger.move(books.cash(0, 1, 2), books.treasury(1, 0, 1), [1.0, 2.0, 4.0], GIFT)
    ask = books.ledger.to_date
    assert ask("gift", unit="yuan") == 7.0
    assert (ask("gift", unit="yuan", giver_county=0), ask("gift", unit="yuan", giver_county=1)) == (1.0, 6.0)
    assert (ask("gift", unit="yuan", taker_county=0), ask("gift", unit="yuan", taker_county=1)) == (2.0, 5.0)
    assert ask("gift", unit="yuan", giver_county=1, taker_county=0) == 2.0
    assert ask("gift", "start", unit="yuan", giver_county=-1) == 700.0
    books.ledger.open_year(2007)
    books.ledger.move(books.treasury(0), books.cash(3), 1.0, GIFT)
    by_county = [books.ledger.by_taker_county(year, "gift", "start", unit="yuan", counties=2) for year in (2006, 2007)]
    assert [sums.tolist() for sums in by_county] == [[152.0, 555.0], [1.0, 0.0]]


def test_land_is_told_by_county_too(books):
    books.ledger.move(books.outside("land"), Account(books.purses, "land"), [1.0, 2.0, 3.0, 4.0], FIELD)
    assert books.told(FIELD) == {("World", -1, "Purse", 0): 5.0, ("World", -1, "Purse", 1): 5.0}


AMOUNTS = st.lists(st.just(0.0) | st.floats(1e-6, 50.0), min_size=3, max_size=3)


@given(AMOUNTS, AMOUNTS)
def test_whatever_is_settled_the_telling_sums_to_what_moved(gives, weights):
    books, total = Books(), sum(gives)
    whole = sum(weights)
    takes = [total * weight / whole for weight in weights] if whole > 0.0 else [total, 0.0, 0.0]
    books.ledger.settle(books.cash(0, 1, 2), books.cash(3, 0, 1), gives, takes, WAGES)
    told = books.told(WAGES)
    assert sum(told.values()) == pytest.approx(total)
    by_giver = [sum(amount for key, amount in told.items() if key[1] == county) for county in (0, 1)]
    assert by_giver == pytest.approx([gives[0], gives[1] + gives[2]], abs=1e-9)
    by_taker = [sum(amount for key, amount in told.items() if key[3] == county) for county in (0, 1)]
    assert by_taker == pytest.approx([takes[0] + takes[1], takes[2]], abs=1e-6)
    assert books.purses.cash.sum() == pytest.approx(600.0)
    books.ledger.prove()


def test_an_entry_tells_what_the_flow_table_tells(books):
    books.ledger.move(books.cash(0, 1, 2), books.cash(3, 0, 1), [1.0, 2.0, 4.0], GIFT)
    told = {(giver, taker): amount for giver, taker, amount in between_counties(books.ledger.entries[-1])}
    assert told == {(0, 0): 1.0, (1, 0): 2.0, (1, 1): 4.0}
    assert told == {(key[1], key[3]): amount for key, amount in books.told(GIFT).items()}


def test_within_counties_nothing_crosses_a_border(books):
    books.ledger.settle(
        books.cash(), books.cash(), [8.0, 10.0, 0.0, 0.0], [0.0, 4.0, 6.0, 8.0], WAGES, within_counties=True
    )
    assert books.purses.cash.tolist() == [92.0, 194.0, 306.0, 8.0]
    assert books.told(WAGES) == {("Purse", 0, "Purse", 0): 8.0, ("Purse", 1, "Purse", 1): 10.0}


def test_within_counties_the_sums_of_each_must_be_the_same(books):
    before = books.state()
    with pytest.raises(LedgerError, match=r"8\.00 is given and 10\.00 received in county 0;"):
        books.ledger.settle(books.cash(0, 1), books.cash(2, 3), [8.0, 10.0], [8.0, 10.0], WAGES, within_counties=True)
    assert books.state() == before


def test_rounding_between_both_sides_falls_to_the_takers_of_each_county(books):
    third = [10.0 / 3.0] * 3
    books.ledger.settle(books.cash(1), books.cash(1, 2, 2), [10.0 + 1e-9], third, WAGES, within_counties=True)
    assert books.purses.cash[1:3].sum() == pytest.approx(500.0, abs=1e-12)
    books.ledger.prove()
