"""The ledger: what it moves, what it refuses, and what its proof catches."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.table import RowAgent, Table, state, stock
from model.entries import Account
from model.flows import LAND, TRANSFER, Reason
from model.ledger import TOLERANCE, Ledger, LedgerError

ROOT = Path(__file__).resolve().parents[2]


class Purse(RowAgent):
    cash = stock("yuan", "money")
    land = stock("mu", "land")
    mood = state("1", "not a stock")


class World(RowAgent):
    cash = stock("yuan", "money")
    land = stock("mu", "land")


class Books:
    """Four purses with 100, 200, 300 and 0 yuan and 1, 2, 3 and 0 mu, and a world that may owe."""

    def __init__(self):
        self.purses, self.world = Table(Purse, registered=False), Table(World, registered=False)
        self.purses.add(4)
        self.world.add(1)
        self.ledger = Ledger([self.purses, self.world], may_owe=frozenset({"World"}))
        self.ledger.open_year(2006)
        self.move(self.outside("cash"), self.cash(), [100.0, 200.0, 300.0, 0.0], "start")
        self.move(self.outside("land"), Account(self.purses, "land"), [1.0, 2.0, 3.0, 0.0], "start")

    def move(self, giver, taker, amount, name):
        self.ledger.move(giver, taker, amount, Reason(name, LAND if giver.stock == "land" else TRANSFER))

    def cash(self, *rows):
        return Account(self.purses, "cash", np.array(rows) if rows else None)

    def outside(self, name):
        return Account(self.world, name)

    def state(self):
        stocks = [table.column(name).tolist() for table in (self.purses, self.world) for name in ("cash", "land")]
        return stocks, self.ledger.flow_table(), len(self.ledger.entries), self.ledger.imbalance()


@pytest.fixture
def books():
    return Books()


def test_a_movement_takes_from_one_and_gives_to_the_other(books):
    books.move(books.cash(0, 2), books.cash(3, 1), [10.0, 20.0], "gift")
    assert books.purses.cash.tolist() == [90.0, 220.0, 280.0, 10.0]
    assert books.world.cash.tolist() == [-600.0]


def test_one_row_on_a_side_serves_all_rows_of_the_other(books):
    books.move(books.cash(0, 1, 2), books.cash(3), [10.0, 20.0, 30.0], "dues")
    assert books.purses.cash.tolist() == [90.0, 180.0, 270.0, 60.0]
    books.move(books.cash(2), books.cash(0, 1), [1.0, 2.0], "gift")
    books.move(books.outside("cash"), books.cash(), 5.0, "wage")
    assert books.purses.cash.tolist() == [96.0, 187.0, 272.0, 65.0]
    assert books.world.cash.tolist() == [-620.0]


def test_a_row_named_twice_gives_and_takes_twice(books):
    books.move(books.cash(0, 0, 1), books.cash(3, 3, 3), [60.0, 40.0, 1.0], "dues")
    assert books.purses.cash.tolist() == [0.0, 199.0, 300.0, 101.0]
    with pytest.raises(LedgerError, match=r"row 1 has 199\.00 and would fall to -1\.00"):
        books.move(books.cash(1, 1), books.cash(3), [100.0, 100.0], "dues")


def test_nothing_is_booked_for_nothing(books):
    before = books.state()
    books.move(books.cash(), books.cash(3), 0.0, "nothing")
    books.move(books.cash(3), books.cash(), np.zeros(4), "nothing")
    assert books.state() == before


def test_no_rows_move_nothing(books):
    before, nobody = books.state(), Account(books.purses, "cash", np.array([], dtype=int))
    books.move(books.outside("cash"), nobody, np.array([]), "nothing")
    books.move(nobody, nobody, np.array([]), "nothing")
    books.move(nobody, books.outside("cash"), np.array([]), "nothing")
    assert books.state() == before


@pytest.mark.parametrize(
    ("movement", "told"),
    [
        (lambda b: (b.cash(0), b.cash(3), 100.01), "Purse.cash of row 0 has 100.00 and would fall to -0.01"),
        (lambda b: (b.cash(0, 1), b.cash(2, 3), [50.0, 201.0]), "Purse.cash of row 1 has 200.00"),
        (lambda b: (b.cash(3), b.outside("cash"), 1e-6), "would fall"),
        (lambda b: (b.cash(0), b.cash(1), -1.0), "at least zero, not -1.0 yuan"),
        (lambda b: (b.cash(0, 1), b.cash(2), [5.0, -1.0]), "at least zero"),
        (lambda b: (b.outside("cash"), b.cash(0), float("nan")), "finite"),
        (lambda b: (b.outside("cash"), b.cash(0, 1), [1.0, float("nan")]), "finite"),
        (lambda b: (b.outside("cash"), b.cash(0), float("inf")), "finite"),
        (lambda b: (b.cash(0), Account(b.purses, "land", np.array([1])), 1.0), "Purse.cash is in yuan, Purse.land is"),
        (lambda b: (b.outside("cash"), Account(b.purses, "land"), 1.0), "post in one unit"),
        (lambda b: (b.cash(0, 1), b.cash(1, 2, 3), [1.0, 1.0, 1.0]), "2 rows of Purse.cash against 3 amounts"),
        (lambda b: (b.cash(0, 1, 2), b.cash(1, 3), [1.0, 1.0, 1.0]), "2 rows of Purse.cash against 3 amounts"),
    ],
)
def test_a_refused_movement_leaves_everything_as_it_was(books, movement, told):
    before = books.state()
    with pytest.raises(LedgerError, match=told.replace(".", r"\.")) as caught:
        books.move(*movement(books), "try")
    assert str(caught.value).startswith("try: ")
    assert "\n" not in str(caught.value)
    assert books.state() == before


def test_a_row_that_does_not_exist_leaves_everything_as_it_was(books):
    before = books.state()
    with pytest.raises((LedgerError, IndexError)):
        books.move(books.cash(0), books.cash(9), 50.0, "lost")
    assert books.state() == before


def test_only_who_may_owe_falls_below_zero(books):
    books.move(books.outside("cash"), books.cash(0), 1e9, "loan")
    assert books.world.cash[0] == -600.0 - 1e9
    with pytest.raises(LedgerError):
        books.move(books.cash(1), books.outside("cash"), 1e9, "loan repaid")


def test_rounding_within_the_tolerance_leaves_exactly_nothing(books):
    books.move(books.cash(2), books.cash(0), 300.0 * (1.0 + 0.1 * TOLERANCE), "all")
    assert books.purses.cash[2] == 0.0
    with pytest.raises(LedgerError):
        books.move(books.cash(1), books.cash(0), 200.0 * (1.0 + 10.0 * TOLERANCE), "more than all")


def test_the_flow_table_sums_by_year_parties_and_reason(books):
    books.move(books.cash(0), books.cash(3), 5.0, "gift")
    books.move(books.cash(1, 2), books.cash(3), [6.0, 7.0], "gift")
    books.ledger.open_year(2007)
    books.move(books.cash(3), books.outside("cash"), 8.0, "gift")
    assert books.ledger.flow_table()[2:] == [
        ((2006, "yuan", "Purse", -1, "Purse", -1, "gift"), 18.0),
        ((2007, "yuan", "Purse", -1, "World", -1, "gift"), 8.0),
    ]
    assert books.ledger.to_date("gift", unit="yuan") == 26.0
    assert books.ledger.to_date("gift", "start", unit="yuan") == 626.0
    assert books.ledger.to_date("gift", unit="mu") == 0.0
    assert books.ledger.flow_table(2007) == books.ledger.flow_table()[3:]
    assert books.ledger.flow_table(2008) == []
    (entry,) = books.ledger.entries
    assert (entry.reason, entry.unit) == (Reason("gift", TRANSFER), "yuan")
    assert (entry.given.tolist(), entry.received.tolist()) == ([8.0], [8.0])


def test_the_flow_table_is_a_copy(books):
    books.ledger.flow_table().clear()
    assert len(books.ledger.flow_table()) == 2


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0.0, 400.0, allow_subnormal=False)), max_size=30)
)
def test_whatever_is_moved_nothing_is_made_or_lost(movements):
    books = Books()
    expected = [100.0, 200.0, 300.0, 0.0, -600.0]
    for giver, taker, amount in movements:
        accounts = [books.cash(row) if row < 4 else books.outside("cash") for row in (giver, taker)]
        if giver < 4 and amount > expected[giver] * (1.0 + 0.5 * TOLERANCE):
            if amount > expected[giver] + TOLERANCE * max(1.0, expected[giver]) * 2.0:
                with pytest.raises(LedgerError):
                    books.move(*accounts, amount, "try")
            continue
        books.move(*accounts, amount, "try")
        expected[giver] -= amount
        expected[taker] += amount
    assert books.purses.cash.tolist() == pytest.approx(expected[:4], abs=1e-6)
    assert books.world.cash[0] == pytest.approx(expected[4])
    assert abs(books.purses.cash.sum() + books.world.cash.sum()) < 1e-6
    books.ledger.prove()


def poke(table, stock, row, value):
    """Put a figure into a stock past the ledger."""
    values = table.column(stock).copy()
    values[row] = value
    table.replace_stock(stock, values)


def test_a_whole_column_can_be_given_away(books):
    held = books.purses.cash.copy()
    books.move(Account(books.purses, "cash"), Account(books.world, "cash"), books.purses.cash, "all of it")
    assert books.purses.cash.tolist() == [0.0] * len(held)
    assert ("all of it", held.sum()) in [(flow.reason, amount) for flow, amount in books.ledger.flow_table()]
    books.ledger.prove()


def test_a_column_can_move_money_between_its_own_rows(books):
    before = books.purses.cash.copy()
    books.move(books.cash(0), books.cash(1), [10.0], "between neighbours")
    assert books.purses.cash[:2].tolist() == [before[0] - 10.0, before[1] + 10.0]
    books.ledger.prove()


@pytest.mark.parametrize("rows", [[-1], [99], [True, False, False, False]])
def test_rows_that_are_no_rows_are_refused(books, rows):
    before = books.purses.cash.copy()
    with pytest.raises(LedgerError, match="must be numbers from 0 to 3"):
        books.move(Account(books.purses, "cash", np.array(rows)), books.cash(0), [0.5] * len(rows), "dues")
    assert books.purses.cash.tolist() == before.tolist()


@pytest.mark.parametrize(("name", "unit"), [("cash", "yuan"), ("land", "mu")])
def test_what_is_made_behind_its_back_is_caught(books, name, unit):
    books.ledger.prove()
    poke(books.purses, name, 1, books.purses.column(name)[1] + 0.5)
    assert books.ledger.imbalance()[unit] > TOLERANCE
    with pytest.raises(LedgerError, match=f"accounts in {unit} are out of balance"):
        books.ledger.prove()


def test_what_changes_kinds_behind_its_back_is_caught_though_the_sum_is_zero(books):
    poke(books.purses, "cash", 1, books.purses.cash[1] + 5.0)
    poke(books.world, "cash", 0, books.world.cash[0] - 5.0)
    with pytest.raises(LedgerError, match="out of balance"):
        books.ledger.prove()


def test_a_figure_that_is_not_a_number_is_caught(books):
    poke(books.purses, "cash", 1, np.nan)
    with pytest.raises(LedgerError, match="out of balance"):
        books.ledger.prove()


def callers_of(name, text):
    """Lines at which a function or method of this name is mentioned."""
    tree = ast.parse(text)
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Constant) and node.value == name)
    ]


def test_only_the_ledger_opens_stocks():
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("agents", "model", "experiments")
        for path in (ROOT / package).rglob("*.py")
        if any(callers_of(name, path.read_text(encoding="utf-8")) for name in ("replace_stock", "add_to_stock"))
    }
    assert found == {"model/ledger.py"}


def test_a_caller_would_be_seen():
    assert callers_of("replace_stock", "villages.replace_stock('cash', values)") == [1]
    assert callers_of("replace_stock", "getattr(villages, 'replace_stock')('cash')") == [1]
    assert callers_of("replace_stock", "def replace_stock(self): ...") == []


def test_nobody_reaches_into_the_data_of_a_table():
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("agents", "model", "experiments")
        for path in (ROOT / package).rglob("*.py")
        if callers_of("_data", path.read_text(encoding="utf-8"))
        or callers_of("writeable", path.read_text(encoding="utf-8"))
    }
    assert found <= {"agents/table.py"}


@pytest.mark.parametrize("rows", [np.array(1), np.array([[1]])])
def test_rows_of_another_shape_leave_everything_as_it_was(books, rows):
    before = books.purses.cash.tolist(), books.world.cash.tolist(), len(books.ledger.entries)
    with pytest.raises(LedgerError, match="array of one axis"):
        books.move(books.outside("cash"), Account(books.purses, "cash", rows), [1.0], "gift")
    assert (books.purses.cash.tolist(), books.world.cash.tolist(), len(books.ledger.entries)) == before
