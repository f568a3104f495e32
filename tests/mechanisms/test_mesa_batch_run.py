"""Mesa's own batch runner with the model: what a user must write, on the versions of Mesa that there are."""

import inspect

import mesa
import pytest
from mesa.batchrunner import batch_run

from model.economy import EconomyModel

ARM = ("solo", "enclave")
SEEDS = [1, 2]
LAST, FIRST = 2010, 2006
# Mesa 3.3 takes seeds as a parameter, and leaves the last step out: issue 2514 of Mesa. Later ones take them as rng.
BY_RNG = "rng" in inspect.signature(batch_run).parameters


def batch(parameters, seeds=SEEDS, **settings):
    """batch_run of the small case, its seeds said as this version of Mesa wants them."""
    by_parameter, by_rng = ({}, {"rng": seeds}) if BY_RNG else ({"seed": seeds}, {})
    return batch_run(
        EconomyModel,
        parameters={"case": "tiny", **parameters, **by_parameter},
        data_collection_period=1,
        display_progress=False,
        **by_rng,
        **settings,
    )


@pytest.fixture(scope="module")
def alone():
    """What each seed gives without the batch runner: the collected outcomes from the opening state to the last year."""
    return {
        seed: EconomyModel(case="tiny", mechanisms=ARM, seed=seed, last_year=LAST).run().datacollector.model_vars
        for seed in SEEDS
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_every_year_is_that_of_the_run_alone(alone, processes):
    """A year more is asked for, so that Mesa 3.3 gives the last one too; the step is the number of years run."""
    rows = batch({"mechanisms": [ARM], "last_year": LAST + 1}, number_processes=processes)
    assert {row["mechanisms"] for row in rows} == {ARM}
    found = {(row["seed"], FIRST - 1 + row["Step"]): row for row in rows}
    for seed in SEEDS:
        for name, path in alone[seed].items():
            years = [found[seed, year][name] for year in range(FIRST - 1, LAST + 1)]
            assert years == pytest.approx(path, nan_ok=True, rel=0.0, abs=0.0), (seed, name)


def test_without_the_year_more_only_later_versions_give_the_last_year(alone):
    """So that this is seen when Mesa changes: then README must change as well."""
    rows = batch({"mechanisms": [ARM], "last_year": LAST}, seeds=[1])
    last = LAST if BY_RNG else LAST - 1
    assert FIRST - 1 + rows[-1]["Step"] == last
    assert rows[-1]["recurrent_income_mean"] == alone[1]["recurrent_income_mean"][last - FIRST + 1]


def test_a_list_of_tuples_is_a_list_of_arms_and_one_of_dicts_of_changes():
    changes = [{"pool.coupon_rate": 0.05}, {"pool.coupon_rate": 0.08}]
    rows = batch({"mechanisms": [("solo",), ARM], "changes": changes, "last_year": FIRST}, seeds=[1])
    runs = {(row["RunId"], row["mechanisms"], row["changes"]["pool.coupon_rate"]) for row in rows}
    assert sorted(run[1:] for run in runs) == [(("solo",), 0.05), (("solo",), 0.08), (ARM, 0.05), (ARM, 0.08)]


def test_a_tuple_by_itself_is_taken_apart_and_refused():
    """batch_run makes a run of each part, here of the text "solo", whose letters are no mechanisms."""
    with pytest.raises(ValueError, match="There is no mechanism 's'"):
        batch({"mechanisms": ARM})


@pytest.mark.skipif(not BY_RNG, reason=f"Mesa {mesa.__version__} passes no seed on by itself")
def test_later_versions_that_are_told_no_rng_are_answered_with_the_remedy():
    with pytest.raises(ValueError, match=r"seed is None: .* rng=\[1, 2\]"):
        batch_run(EconomyModel, parameters={"case": "tiny", "seed": SEEDS}, display_progress=False)


def test_no_seed_is_no_seed():
    with pytest.raises(ValueError, match="seed is None"):
        EconomyModel(case="tiny", seed=None)
