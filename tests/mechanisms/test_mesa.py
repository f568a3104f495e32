"""The model as Mesa users meet it: registered agents, the data collector, views of households."""

import mesa
import numpy as np
import pytest

from agents.county import County
from agents.enterprise import Enterprise
from agents.household import Household
from agents.project import Project
from agents.town import Town
from agents.village import Village
from model.cases import CaseError
from model.economy import EconomyModel
from model.indicators import INDICATORS
from model.parameters import ParameterError


@pytest.fixture(scope="module")
def model():
    return EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=1).run()


def test_agents_are_found_by_kind(model):
    tables = {
        County: model.counties,
        Town: model.towns,
        Village: model.villages,
        Enterprise: model.enterprises,
        Project: model.projects,
    }
    counts = {kind: len(model.agents_by_type[kind]) for kind in tables}
    assert counts == {kind: len(table) for kind, table in tables.items()}
    assert (counts[County], counts[Town], counts[Village]) == (4, 7, 22)
    assert set(model.agents_by_type) == set(tables)
    assert len(model.agents) == sum(counts.values())
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_agents_answer_as_their_columns_do(model):
    villages = model.agents_by_type[Village]
    assert sorted(villages.get("cash")) == sorted(model.villages.cash.tolist())
    host = villages.select(lambda village: village.county == 0)
    assert len(host) == 12
    assert host.agg("recurrent_income", np.mean) == pytest.approx(
        model.datacollector.model_vars["recurrent_income_mean"][-1]
    )
    poor = villages.select(lambda village: village.recurrent_income < 2_500_000)
    assert len(poor) == (model.villages.recurrent_income < 2_500_000).sum()
    assert all(village.town == model.villages.town[village.row] for village in villages)


def test_the_collector_has_a_row_a_year_and_a_column_an_indicator(model):
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(INDICATORS)
    assert len(frame) == 2021 - 2005 + 1
    missing = {name for name in frame if frame[name].isna().any()}
    assert missing <= {name for name, one in INDICATORS.items() if "not a number" in one.meaning.lower()} | {
        "low_income_households"
    }
    assert np.isfinite(frame.fillna(0.0).to_numpy(dtype=float)).all()
    assert frame["recurrent_income_mean"].iloc[-1] == pytest.approx(model.villages.recurrent_income[:12].mean())
    for name, indicator in INDICATORS.items():
        assert frame[name].iloc[-1] == pytest.approx(indicator.of(model), nan_ok=True), name


def test_households_are_views_and_not_registered(model):
    assert Household not in model.agents_by_type
    household = model.households[599]  # the last of the host's villages
    assert isinstance(household, Household)
    assert isinstance(household, mesa.Agent)
    assert (household.village, household.model) == (11, model)
    assert household.cash == model.households.cash[599]
    assert household.payout > 0.0
    with pytest.raises(AttributeError, match="stocks move through the ledger"):
        household.cash = 1e6


def test_a_step_is_a_year_and_the_run_stops_at_the_last():
    model = EconomyModel(case="tiny", seed=1, last_year=2008)
    assert (model.year, model.first_year, model.last_year) == (2005, 2006, 2008)
    assert len(model.datacollector.model_vars["trust"]) == 1
    model.step()
    assert (model.year, model.steps, model.running) == (2006, 1, True)
    model.run()
    assert (model.year, model.steps, model.running) == (2008, 3, False)
    assert len(model.datacollector.model_vars["trust"]) == 4
    model.run()
    assert model.year == 2008


def test_the_panel_has_every_village_in_every_year(model):
    panel = model.village_panel()
    assert {len(column) for column in panel.values()} == {17 * 22}
    assert panel["year"][::22].tolist() == list(range(2005, 2022))
    assert panel["village"][:23].tolist() == [*range(22), 0]
    assert panel["county"][:22].tolist() == [0] * 12 + [1] * 10
    last = panel["year"] == 2021
    assert np.array_equal(panel["recurrent_income"][last], model.villages.recurrent_income)
    host = panel["county"] == 0
    means = [panel["recurrent_income"][host & (panel["year"] == year)].mean() for year in range(2005, 2022)]
    assert means == pytest.approx(model.datacollector.model_vars["recurrent_income_mean"])


def test_the_opening_state_is_the_same_in_every_arm():
    frames = [
        EconomyModel(case="tiny", mechanisms=arm, seed=4).datacollector.get_model_vars_dataframe()
        for arm in (("own",), ("solo",), ("solo_funded",), ("solo", "enclave"))
    ]
    assert all(frame.equals(frames[0]) for frame in frames)
    opening = frames[0].iloc[0]
    assert (opening["pool_capital"], opening["home_capital"], opening["village_debt_mean"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("settings", "error", "told"),
    [
        ({"case": "tinny"}, CaseError, "tiny"),
        ({"mechanisms": ("enclav",)}, ValueError, "There is no mechanism 'enclav'. Did you mean 'enclave'"),
        ({"mechanisms": ("zzz",)}, ValueError, "There are own, solo"),
        ({"changes": {"pool.coupon_rat": 0.1}}, ParameterError, "pool.coupon_rate"),
        ({"changes": {"pool.coupon_rate": 7.0}}, ParameterError, "pool.coupon_rate"),
        ({"seed": -1}, ValueError, "seed is -1"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(settings, error, told):
    with pytest.raises(error) as caught:
        EconomyModel(**{"case": "tiny", **settings})
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
