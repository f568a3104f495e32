"""Parts that several outcomes share are worked out once while a year is collected, and anew at all other times."""

import pytest

from model.economy import EconomyModel
from model.indicator import shared
from model.indicators import INDICATORS

CALLS = []


@shared
def part(model):
    CALLS.append(model.year)
    return model.year


@pytest.fixture(scope="module")
def model():
    return EconomyModel(case="tiny", mechanisms=["solo", "enclave"], seed=1, last_year=2014).run()


def test_outcomes_asked_for_alone_are_those_that_were_collected(model):
    collected = model.datacollector.get_model_vars_dataframe().iloc[-1]
    alone = {name: one.of(model) for name, one in INDICATORS.items()}
    assert {name: value for name, value in alone.items() if value == value} == collected.dropna().to_dict()


def test_a_part_is_worked_out_once_while_outcomes_are_collected(model):
    assert model.worked_out is None
    CALLS.clear()
    part(model), part(model)
    assert len(CALLS) == 2
    model.worked_out = {}
    part(model), part(model)
    model.worked_out = None
    assert len(CALLS) == 3


def test_nothing_is_kept_where_an_outcome_fails(model, monkeypatch):
    def fail(_):
        raise ValueError("no outcome")

    monkeypatch.setattr(model.datacollector, "collect", fail)
    with pytest.raises(ValueError, match="no outcome"):
        model._collect()
    assert model.worked_out is None
