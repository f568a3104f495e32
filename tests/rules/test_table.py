"""Tables of agents: what is handed out, what may be written, what stays when rows are added."""

import pickle

import numpy as np
import pytest

from agents.household import Household
from agents.row_model import RowModel
from agents.table import RowAgent, Table, link, state, stock, trait
from agents.village import Village


class Land(RowAgent):
    owner = link("Farm", "who owns it")


class Farm(Land):
    cash = stock("yuan", "money")
    harvest = state("kg", "this year's harvest", default=7.0)
    good = state("1", "whether it was a good year", bool, False)
    size = trait("mu", "its fields")


def farms(count=3):
    table = Table(Farm, registered=False)
    table.add(count, size=np.arange(1.0, count + 1.0))
    return table


def test_columns_come_in_order_of_declaration_with_inherited_ones_first():
    assert list(Farm.columns()) == ["owner", "cash", "harvest", "good", "size"]
    assert {column.kind for column in Farm.columns().values()} == {"link", "stock", "state", "trait"}
    assert Farm.harvest.unit == "kg"
    assert Farm.size.meaning == "its fields"


def test_new_rows_start_at_the_defaults():
    table = farms()
    assert len(table) == 3
    assert table.cash.tolist() == [0.0, 0.0, 0.0]
    assert table.harvest.tolist() == [7.0, 7.0, 7.0]
    assert table.owner.tolist() == [-1, -1, -1]
    assert table.good.dtype == bool


@pytest.mark.parametrize("name", ["owner", "cash", "harvest", "good", "size"])
def test_columns_are_handed_out_read_only(name):
    table = farms()
    with pytest.raises(ValueError, match="read-only"):
        table.column(name)[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        table[0].table.column(name)[:] += 1


def test_columns_stay_read_only_after_growing_and_after_pickling():
    households = Table(Household, registered=False)
    households.add(2, village=[0, 1], earnings=[5.0, 6.0])
    households.add(500, village=1)  # numpy locks unpickled arrays of more than a thousand bytes
    copy = pickle.loads(pickle.dumps(households))
    for table in (households, copy):
        assert table.earnings[:2].tolist() == [5.0, 6.0]
        with pytest.raises(ValueError, match="read-only"):
            table.cash[0] = 1.0
    copy.write(rows=0, earnings=9.0)
    assert copy.earnings[0] == 9.0
    assert households.earnings[0] == 5.0


def test_only_states_can_be_written():
    table = farms()
    table.write(harvest=[1.0, 2.0, 3.0])
    table.write(rows=np.array([2, 0]), harvest=[30.0, 10.0])
    assert table.harvest.tolist() == [10.0, 2.0, 30.0]
    for name, kind in (("cash", "stock"), ("size", "trait"), ("owner", "link")):
        with pytest.raises(AttributeError, match=rf"Farm\.{name} is a {kind} and can't be written"):
            table.write(**{name: 1.0})
    assert table.cash.tolist() == [0.0, 0.0, 0.0]


def test_a_wrong_name_is_told_with_the_nearest_one():
    table = farms()
    for ask in (
        lambda: table.harvst,
        lambda: table.column("harvst"),
        lambda: table.write(harvst=1.0),
        lambda: table.add(1, size=1.0, harvst=1.0),
        lambda: table.replace_stock("harvst", np.zeros(3)),
    ):
        with pytest.raises(AttributeError, match=r"^Farm has no column 'harvst'\. Did you mean 'harvest'\?$"):
            ask()
    with pytest.raises(AttributeError, match=r"no column 'zzz'\. It has owner, cash, harvest, good, size\.$"):
        _ = table.zzz
    with pytest.raises(AttributeError, match=r"Did you mean 'quota'\?"):
        _ = Table(Village, registered=False).qouta


def test_a_column_cannot_be_hidden_or_unlocked():
    table = farms()
    with pytest.raises(AttributeError, match=r"Farm\.harvest is a column"):
        table.harvest = np.zeros(3)
    with pytest.raises(AttributeError, match="Did you mean 'harvest'"):
        table[0].harvst = 1.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        table.cash.flags.writeable = True


def test_a_write_that_fails_changes_nothing():
    table = farms()
    before = table.harvest.copy()
    with pytest.raises(AttributeError, match="no column"):
        table.write(harvest=7.0, nonsense=1.0)
    assert np.array_equal(table.harvest, before)


def test_a_new_row_needs_its_traits_and_no_stocks():
    table = farms()
    with pytest.raises(ValueError, match="Farm needs a value for size"):
        table.add(1)
    with pytest.raises(ValueError, match=r"Farm\.cash is a stock"):
        table.add(1, size=1.0, cash=5.0)
    with pytest.raises(ValueError, match="shape"):
        table.add(2, size=[1.0, 2.0, 3.0])
    assert len(table) == 3
    assert table.add(1, size=9.0).tolist() == [3]
    assert table.size.tolist() == [1.0, 2.0, 3.0, 9.0]


def test_growing_keeps_all_values():
    table, expected = Table(Farm, registered=False), []
    for step in range(1, 40):
        rows = table.add(step, size=np.full(step, float(step)), owner=step)
        assert rows.tolist() == list(range(len(expected), len(expected) + step))
        table.write(rows=rows, harvest=rows * 10.0)
        cash = table.cash.copy()
        cash[rows] = rows + 0.5
        table.replace_stock("cash", cash)
        expected += [step] * step
    count = len(expected)
    assert table.size.tolist() == expected
    assert table.owner.tolist() == expected
    assert table.harvest.tolist() == [10.0 * row for row in range(count)]
    assert table.cash.tolist() == [row + 0.5 for row in range(count)]
    assert not table.good.any()


def test_an_agent_shows_its_row_and_writes_states_through():
    table = farms()
    farm = table[1]
    assert (farm.size, farm.harvest, farm.cash, farm.owner, farm.good) == (2.0, 7.0, 0.0, -1, False)
    assert isinstance(farm.size, float)
    farm.harvest = 55.0
    assert table.harvest.tolist() == [7.0, 55.0, 7.0]
    assert table[-2].harvest == 55.0
    for name in ("cash", "size", "owner"):
        with pytest.raises(AttributeError, match="can't be written"):
            setattr(farm, name, 3.0)
    assert repr(farm) == "Farm(1)"


def test_rows_are_counted_from_both_ends_and_no_further():
    table = farms()
    assert [farm.row for farm in table] == [0, 1, 2]
    assert table[-1].row == 2
    for row in (3, -4):
        with pytest.raises(IndexError, match=rf"Farm has rows 0 to 2, not {row}\."):
            table[row]


def test_registered_rows_are_agents_of_the_model_and_views_are_not():
    model = RowModel(rng=1)
    kept, viewed = Table(Farm, model=model), Table(Land, model=model, registered=False)
    kept.add(2, size=1.0)
    viewed.add(5)
    kept.add(3, size=2.0)
    assert len(model.agents_by_type[Farm]) == 5
    assert Land not in model.agents_by_type
    assert sorted(agent.unique_id for agent in model.agents) == [1, 2, 3, 4, 5]
    assert kept[4] is kept[4]
    assert {agent.row for agent in model.agents_by_type[Farm]} == {0, 1, 2, 3, 4}
    assert viewed[3].owner == -1
    assert len(list(model.agents)) == 5
    assert model.agent_types == [Farm]
    kept.add(1, size=3.0)
    assert kept[5].unique_id == 6
    assert len(model.agents) == 6


def test_ids_are_counted_from_one_in_each_model():
    for _ in range(2):
        model = RowModel(rng=1)
        Table(Farm, model=model).add(2, size=1.0)
        assert sorted(agent.unique_id for agent in model.agents) == [1, 2]


def test_only_a_stock_can_be_opened_for_the_ledger():
    table = farms()
    for name in ("harvest", "size", "owner"):
        with pytest.raises(AttributeError, match=rf"Farm\.{name} is no stock"):
            table.replace_stock(name, np.zeros(3))
    table.replace_stock("cash", np.array([0.0, 4.0, 0.0]))
    assert table.cash.tolist() == [0.0, 4.0, 0.0]


class Pair(RowAgent):
    county = link("County", "where it is")
    cash = stock("yuan", "money")
    first = state("1", "one number")
    second = state("1", "another")


def test_columns_written_together_may_be_swapped():
    table = Table(Pair, registered=False)
    table.add(2)
    table.write(first=[1.0, 2.0], second=[3.0, 4.0])
    table.write(first=table.second, second=table.first)
    assert (table.first.tolist(), table.second.tolist()) == ([3.0, 4.0], [1.0, 2.0])
    table.write(first=table.first[::-1])
    assert table.first.tolist() == [4.0, 3.0]


def test_a_write_of_the_wrong_shape_or_rows_changes_nothing():
    table = Table(Pair, registered=False)
    table.add(3)
    for rows, values in ((slice(None), [1.0, 2.0]), (np.array([0, 7]), 1.0), (np.array([0, 1]), [1.0, 2.0, 3.0])):
        with pytest.raises((ValueError, IndexError)):
            table.write(rows=rows, first=5.0, second=values)
        assert table.first.tolist() == table.second.tolist() == [0.0, 0.0, 0.0]


def test_a_row_named_twice_is_added_to_twice():
    table = Table(Pair, registered=False)
    table.add(3)
    table.add_to_stock("cash", np.array([0, 2, 2]), np.array([1.0, 2.0, 4.0]))
    table.add_to_stock("cash", None, np.array([10.0, 20.0, 30.0]))
    assert table.cash.tolist() == [11.0, 20.0, 36.0]
    with pytest.raises(AttributeError, match=r"Pair\.first is no stock"):
        table.add_to_stock("first", None, np.zeros(3))


def test_runs_are_the_neighbours_of_one_county_also_after_growing():
    table = Table(Pair, registered=False)
    assert [part.tolist() for part in table.runs("county")] == [[], []]
    table.add(4, county=[1, 1, 0, 1])
    assert [part.tolist() for part in table.runs("county")] == [[0, 2, 3], [1, 0, 1]]
    table.add(2, county=[1, 2])
    assert [part.tolist() for part in table.runs("county")] == [[0, 2, 3, 5], [1, 0, 1, 2]]


def test_an_unpickled_table_can_be_written():
    table = Table(Pair, registered=False)
    table.add(500)
    copy = pickle.loads(pickle.dumps(table))
    copy.write(first=3.0)
    copy.add_to_stock("cash", None, np.ones(500))
    assert (copy.first.sum(), copy.cash.sum(), table.first.sum(), table.cash.sum()) == (1500.0, 500.0, 0.0, 0.0)


def test_whole_numbers_stay_whole_and_words_change_nothing():
    table = farms()
    with pytest.raises(ValueError, match=r"good takes whole numbers, not 0\.5"):
        table.write(harvest=1.0, good=0.5)
    with pytest.raises(ValueError, match="convert"):
        table.write(good=True, harvest="much")
    assert table.harvest.tolist() == [7.0] * 3
    assert not table.good.any()


def test_only_links_have_runs():
    with pytest.raises(AttributeError, match=r"Farm\.harvest is no link"):
        farms().runs("harvest")
