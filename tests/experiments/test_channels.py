"""The channels of pooling: what shuts each of them, that it does, and that nothing is left when all are shut."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest
from scipy import stats

from experiments.attribution.channels import (
    CHANNELS,
    COMPENSATION,
    DISPLACEMENT,
    GRANTS,
    GUARANTEE,
    PARTS,
    RELIEF,
    changes_of_subsets,
    find_channels,
    not_shut,
    shut,
)
from experiments.attribution.shapley import AttributionError, shapley, shares_with_intervals, subsets
from experiments.scenario import SCENARIOS
from model.cases import load_case
from model.economy import EconomyModel
from model.flows import names_of
from model.indicators import INDICATORS
from model.mechanism import no_village
from model.mechanisms.enclave import ENCLAVE, ENCLAVE_AT_RISK
from model.mechanisms.mountain_sea import MOUNTAIN_SEA
from model.mechanisms.solo import SOLO
from model.mechanisms.town import TOWN_JOINT
from model.registry import find_mechanism, mechanisms

pytestmark = pytest.mark.one_version

TINY = load_case("tiny").parameters
ALL = tuple(CHANNELS.values())
POOLS = ("solo", TOWN_JOINT, ENCLAVE)
OF_OWNERS = {"capital paid in by a county", "loss made good by a county"}  # what a county pays for its own stakes


@cache
def run(arm, off=(), seed=1, case="tiny"):
    """A run of some mechanisms in which the channels ``off`` are shut."""
    return EconomyModel(case=case, mechanisms=arm, changes=shut(off, TINY), seed=seed).run()


def outcomes(*args, **names):
    """All indicators of all years."""
    return run(*args, **names).datacollector.model_vars


def paid(model, reasons):
    """What moved for some reasons in all years, yuan."""
    return sum(amount for flow, amount in model.ledger.flow_table() if flow.reason in reasons)


def test_the_channels_are_those_that_the_study_names():
    expected = ["place", "scale", "indivisibility", "risk_pooling", "compensation", "grants", "guarantee", "relief"]
    assert list(CHANNELS) == [one.name for one in ALL] == expected
    for one in ALL:
        assert one.title
        assert one.title_zh
        assert one.meaning
        assert one.why
    assert set(PARTS) | {DISPLACEMENT} <= set(INDICATORS)


@pytest.mark.parametrize("case", ["tiny", "pinghu"])
def test_what_shuts_a_channel_is_allowed_and_changes_something(case):
    parameters = load_case(case).parameters
    for one in ALL:
        for key, value in shut([one], parameters).items():
            assert parameters.but({key: value}).declared(key).plain_value != parameters.declared(key).plain_value, key
            if isinstance(one.off[key], str):
                assert parameters.declared(key).between == parameters.declared(one.off[key]).between, key


def test_no_parameter_shuts_two_channels():
    keys = [key for one in ALL for key in one.off]
    assert len(keys) == len(set(keys))
    referred = {value for one in ALL for value in one.off.values() if isinstance(value, str)}
    assert not referred & set(keys)


def test_a_parameter_that_takes_the_value_of_another_follows_it():
    dearer = TINY.but({"build.cost": {2010: 3000.0, 2020: 4000.0}})
    assert shut([CHANNELS["scale"]], dearer)["build.home_cost"] == {2010: 3000.0, 2020: 4000.0}


def test_every_public_support_ends_with_one_channel():
    ended = [reason for one in ALL for reason in one.support]
    assert len(ended) == len(set(ended))
    assert set(ended) | OF_OWNERS | {"aid"} == set(names_of(outlay=True))


@pytest.mark.parametrize("name", list(mechanisms()))
def test_channels_shut_all_that_a_mechanism_names_for_them(name):
    assert not_shut(find_mechanism(name)) == ()


@pytest.mark.parametrize(
    ("mechanism", "key"),
    [
        (ENCLAVE.but(grant="tourism.capital"), "tourism.capital"),
        (ENCLAVE.but(relief="build.operating_cost"), "build.operating_cost"),
        (ENCLAVE.but(min_plot="build.best_size"), "build.best_size"),
        (ENCLAVE.but(contract=dataclasses.replace(ENCLAVE.contract, years="build.life")), "build.life"),
        (
            MOUNTAIN_SEA.but(capital=dataclasses.replace(MOUNTAIN_SEA.capital, granted="mountain_sea.part")),
            "mountain_sea.part",
        ),
    ],
)
def test_what_no_channel_shuts_is_seen(mechanism, key):
    assert not_shut(mechanism) == (key,)


@pytest.mark.parametrize(
    ("off", "without"),
    [
        (GUARANTEE, ("solo", TOWN_JOINT, ENCLAVE_AT_RISK)),
        (COMPENSATION, ("solo", TOWN_JOINT.but(compensation=""), ENCLAVE.but(compensation=""))),
        (GRANTS, ("solo", TOWN_JOINT.but(grant=""), ENCLAVE.but(grant=""))),
        (RELIEF, tuple(one.but(relief="", interest_subsidy="") for one in (SOLO, TOWN_JOINT, ENCLAVE))),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_support_that_is_shut_is_the_same_mechanism_without_it(off, without, seed):
    """To the last bit of every indicator in every year; and open it is something else."""
    assert outcomes(POOLS, (off,), seed) == outcomes(without, (), seed)
    assert outcomes(POOLS, (), seed) != outcomes(without, (), seed)


@pytest.mark.parametrize("off", [one for one in ALL if one.support], ids=lambda one: one.name)
def test_no_support_is_paid_where_its_channel_is_shut_and_all_others_are(off):
    pooling = tuple(SCENARIOS["pooling"].mechanisms)
    model = run(pooling, (off,))
    for reason in names_of(outlay=True):
        amount = paid(model, {reason})
        assert (amount == 0.0) == (reason in {*off.support, "aid"}), (reason, amount)


def test_with_all_channels_shut_the_public_pays_for_its_own_stakes_alone():
    pooling = tuple(SCENARIOS["pooling"].mechanisms)
    model = run(pooling, ALL)
    assert paid(model, set(names_of(outlay=True)) - OF_OWNERS) == 0.0
    assert paid(model, OF_OWNERS) > 0.0
    assert outcomes(POOLS, ALL)["public_outlay_to_date"][-1] == 0.0


def test_without_a_guarantee_nothing_is_topped_up_kept_or_believed():
    found = outcomes(POOLS, (GUARANTEE,))
    for name in ("top_ups", "lessee_surplus", "unpaid_guarantees", "coupon_due"):
        assert set(found[name]) == {0.0}, name
    assert found["pool_capital"][-1] > 0.0
    assert len(set(found["trust"])) == 1


def test_without_compensation_quota_goes_at_the_market_price():
    """And nobody waits for a better one: the auction clears as it would without pools."""
    model = run(POOLS, (COMPENSATION,))
    assert paid(model, {"quota contributed"}) > 0.0
    prices = outcomes(POOLS, (COMPENSATION,))["quota_price"]
    assert max(prices) < TINY["quota.compensation"] < max(outcomes(POOLS)["quota_price"])


def test_an_arm_that_cannot_feel_a_channel_runs_the_same():
    arm = ("solo",)
    felt = [one for one in ALL if one.felt_by(SOLO)]
    assert [one.name for one in ALL if one not in felt] == ["compensation", "grants", "guarantee"]
    unfelt = tuple(one for one in ALL if one not in felt)
    assert outcomes(arm, unfelt) == outcomes(arm)
    for one in felt:
        assert outcomes(arm, (one,)) != outcomes(arm) or one.name == "risk_pooling"


def test_changes_of_subsets_shut_what_is_not_in_them():
    three = find_channels(["place", "grants", "relief"])
    of_pools, of_solo = (
        changes_of_subsets(three, TINY, [find_mechanism(one) for one in arm]) for arm in (POOLS, ("solo",))
    )
    for changes, alone, open_ in zip(of_pools, of_solo, subsets([one.name for one in three]), strict=True):
        assert changes == shut([one for one in three if one.name not in open_], TINY)
        assert alone == {key: value for key, value in changes.items() if key not in GRANTS.off}
    assert of_pools[-1] == {}


def test_runs_that_are_the_same_are_told_by_their_changes():
    found = {
        name: {repr(one) for one in changes_of_subsets(ALL, TINY, [find_mechanism(one) for one in arm])}
        for name, arm in (("solo", ("solo",)), ("enclave", POOLS))
    }
    assert {name: len(different) for name, different in found.items()} == {"solo": 32, "enclave": 256}


@pytest.mark.parametrize(("name", "hint"), [("guarantees", "'guarantee'"), ("xyz", "place, scale")])
def test_an_unknown_channel_is_told_the_nearest(name, hint):
    with pytest.raises(AttributionError, match=f"no channel {name!r}.*{hint}"):
        find_channels(["place", name])


def test_channels_and_mechanisms_that_change_nothing_get_exactly_nothing():
    """A guarantee where no arm has one, and a pool that nobody may join, in real runs."""
    players = (GUARANTEE, GRANTS)
    worth = np.array(
        [
            [
                [outcomes(arm, off, seed)[name][-1] for name in ("recurrent_income_mean", DISPLACEMENT)]
                for seed in (1, 2)
            ]
            for off in (players, (GRANTS,), (GUARANTEE,), ())
            for arm in (("solo", ENCLAVE_AT_RISK), ("solo",))
        ]
    )
    shares = shapley(worth[::2] - worth[1::2])
    assert (shares[0] == 0.0).all()
    assert (shares[1] != 0.0).all()
    nobody = ENCLAVE.but(name="nobody", who_may_join=no_village, family="nobody")
    arms = (("solo",), ("solo", nobody), ("solo", ENCLAVE), ("solo", nobody, ENCLAVE))
    levels = np.array([[outcomes(arm, (), seed)["recurrent_income_mean"][-1] for seed in (1, 2)] for arm in arms])
    table = shares_with_intervals(["nobody", "enclave"], levels - levels[0]).set_index("player")["share"]
    assert table["nobody"] == 0.0
    assert table["enclave"] == table["total"] > 0.0


def effects(arm, off, seeds):
    """What an arm does to recurrent income in the last year, in parts of the baseline's, shape (seeds,)."""
    before, after = (
        np.array([outcomes(one, off, seed)["recurrent_income_mean"][-1] for seed in seeds])
        for one in (("solo",), SCENARIOS[arm].mechanisms)
    )
    return (after - before) / before.mean()


@pytest.mark.parametrize("arm", ["town", "enclave"])
def test_with_all_channels_shut_pooling_changes_income_hardly(arm):
    """By less than two hundredths though villages do pool; with all open the same comparison shows what it does."""
    seeds = range(8)
    bounds = stats.ttest_1samp(effects(arm, ALL, seeds), 0.0).confidence_interval(0.95)
    assert max(-bounds.low, bounds.high) < 0.02, f"between {bounds.low:.2%} and {bounds.high:.2%}"
    assert np.mean([outcomes(SCENARIOS[arm].mechanisms, ALL, seed)["pool_capital"][-1] for seed in seeds]) > 5e6
    assert effects(arm, (), range(3)).mean() > 0.02
