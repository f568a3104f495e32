"""Rows become agents of Mesa when somebody first reads them, and from then on when they are made."""

import copy
import pickle

import mesa
import pytest

from agents.row_model import RowModel
from agents.table import RowAgent, Table, trait


class Farm(RowAgent):
    size = trait("mu", "land")


class Mill(RowAgent):
    size = trait("m2", "floor")


@pytest.fixture
def model():
    """Three farms and two mills, of whom nobody has asked yet."""
    model = RowModel(rng=1)
    model.farms, model.mills = Table(Farm, model=model), Table(Mill, model=model)
    model.mills.add(2, size=1.0)
    model.farms.add(3, size=2.0)
    return model


def test_no_agent_is_made_before_somebody_asks(model):
    assert len(mesa.Model.agents.fget(model)) == 0
    assert len(model.agents) == 5
    assert model.agent_types == [Farm, Mill]  # in the order of the tables, not of their rows


@pytest.mark.parametrize("read", [lambda m: m.agents, lambda m: m.agent_types, lambda m: m.mills[0]])
def test_ids_and_order_are_the_same_whatever_is_read_first(model, read):
    read(model)
    assert [(type(one), one.row, one.unique_id) for one in model.agents] == [
        (Farm, 0, 1),
        (Farm, 1, 2),
        (Farm, 2, 3),
        (Mill, 0, 4),
        (Mill, 1, 5),
    ]


def test_sets_that_were_read_have_later_rows_too(model):
    everybody, farms = model.agents, model.agents_by_type[Farm]
    model.farms.add(4, size=1.0)
    assert (len(everybody), len(farms)) == (9, 7)
    assert model.farms[6].unique_id == 9
    assert model.farms[6] is model.farms[-1]


def test_all_agents_can_be_taken_out(model):
    model.remove_all_agents()
    assert len(model.agents) == 0
    assert model.farms.size.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("how", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_goes_on_counting_where_the_model_was(model, how):
    assert len(model.agents) == 5
    other = how(model)
    other.farms.add(2, size=1.0)
    assert sorted(one.unique_id for one in other.agents) == [1, 2, 3, 4, 5, 6, 7]
    assert len(model.agents) == 5
    assert all(one.model is other and one.table in (other.farms, other.mills) for one in other.agents)


def test_who_is_told_of_a_new_agent_may_read_the_agents(model, monkeypatch):
    """As listeners of later versions of Mesa do."""
    seen = []

    def register(self, agent):
        register_usually(self, agent)
        seen.append((len(self.agents), len(self.agents_by_type), self.mills[-1].size))

    register_usually = mesa.Model.register_agent
    monkeypatch.setattr(RowModel, "register_agent", register, raising=False)
    assert len(model.agents) == 5
    model.farms.add(2, size=1.0)
    assert [one[0] for one in seen] == [1, 2, 3, 4, 5, 6, 7]
    assert len(model.agents) == 7


def test_what_was_interrupted_is_made_up_for(model, monkeypatch):
    def fail(self, agent):
        if agent.row == 1:
            raise KeyboardInterrupt
        register_usually(self, agent)

    register_usually = mesa.Model.register_agent
    monkeypatch.setattr(RowModel, "register_agent", fail, raising=False)
    with pytest.raises(KeyboardInterrupt):
        model.show_agents()
    monkeypatch.undo()
    assert sorted((type(one).__name__, one.row) for one in model.agents) == [
        *(("Farm", row) for row in range(3)),
        *(("Mill", row) for row in range(2)),
    ]
