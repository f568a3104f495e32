"""What a pool does and what it leaves undone, by its choices and by the county's terms."""

from collections import defaultdict

import numpy as np
import pytest

from model.contracts import ActualRent, Coupon
from model.economy import EconomyModel
from model.flows import REASONS
from model.mechanism import HOME, TOWN, ZONE, Mechanism
from model.mechanisms.enclave import ENCLAVE
from model.mechanisms.solo import OWN, SOLO, SOLO_FUNDED
from model.mechanisms.town import TOWN_JOINT
from model.partnerships import LANDLORD
from model.registry import find_mechanism, mechanisms

SEEDS = range(3)


def run(mechanism=ENCLAVE, *, seed=1, beside=("solo",), case="tiny", changes=None, **settings):
    return EconomyModel(case=case, mechanisms=(*beside, mechanism), seed=seed, changes=changes, **settings).run()


def flows(model, reason):
    """Yuan or mu that moved for a reason, by year, between all counties."""
    assert reason in REASONS
    moved = defaultdict(float)
    for flow, amount in model.ledger.flow_table():
        if flow.reason == reason:
            moved[flow.year] += amount
    return dict(moved)


def pools(model):
    """Rows of pooled projects."""
    return np.flatnonzero((model.projects.mechanism >= 0) & (model.projects.village < 0))


def test_mechanisms_are_found_by_being_there():
    found = mechanisms()
    assert {"own", "solo", "solo_funded", "town_joint", "enclave", "enclave_at_risk", "enclave_rotating"} <= set(found)
    assert all(name == one.name for name, one in found.items())
    assert [one.version for one in found.values()] == sorted(one.version for one in found.values())
    assert found["enclave"] is ENCLAVE
    assert find_mechanism("solo") is SOLO
    assert find_mechanism(OWN) is OWN


def test_but_changes_a_copy():
    later = ENCLAVE.but(since=2017, name="later")
    assert (later.since, ENCLAVE.since, later.where) == (2017, 2013, ENCLAVE.where)
    with pytest.raises(AttributeError):
        later.since = 2018
    with pytest.raises(TypeError):
        ENCLAVE.but(snice=2017)


def test_the_controls_get_what_their_names_say():
    keys = {"interest_subsidy": "pool.interest_subsidy", "relief": "pool.relief"}
    funded = {**keys, "compensation": "quota.compensation", "grant": "pool.grant"}
    for one, named in ((OWN, {}), (SOLO, keys), (SOLO_FUNDED, funded), (TOWN_JOINT, funded), (ENCLAVE, funded)):
        assert {name: getattr(one, name) for name in funded} == {name: named.get(name, "") for name in funded}, one.name
    assert {one.support_since for one in (SOLO_FUNDED, TOWN_JOINT, ENCLAVE)} == {"pool.support_since"}
    assert {SOLO.where, SOLO_FUNDED.where, OWN.where} == {HOME}
    assert (TOWN_JOINT.where, ENCLAVE.where) == (TOWN, ZONE)
    assert isinstance(TOWN_JOINT.contract, ActualRent)
    assert not TOWN_JOINT.guaranteed
    assert isinstance(ENCLAVE.contract, Coupon)
    assert ENCLAVE.guaranteed


def test_a_mechanism_names_the_parameters_it_goes_by():
    named = {"pool.coupon_rate", "pool.coupon_years", "pool.grant", "pool.min_stake", "build.min_plot_zone"}
    assert named < set(ENCLAVE.parameter_keys())
    assert "" not in ENCLAVE.parameter_keys()
    assert "quota.compensation" not in SOLO.parameter_keys()
    assert {"pool.rotation_line", "pool.rotation_years"} < set(find_mechanism("enclave_rotating").parameter_keys())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"where": "moon"}, "Mechanism enclave: where is 'moon': give one of 'home', 'town', 'zone'"),
        ({"where": "park"}, "Mechanism enclave: where is 'park' and pair is ''"),
        ({"pair": "mountain_sea"}, "Mechanism enclave: where is 'zone' and pair is 'mountain_sea'"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused(changes, told):
    with pytest.raises(ValueError, match=told):
        ENCLAVE.but(**changes)


@pytest.mark.parametrize("one", mechanisms().values(), ids=lambda one: one.name)
def test_every_mechanism_is_described_and_works_alone(one):
    assert one.title
    assert one.title_zh
    model = EconomyModel(case="tiny", mechanisms=(one,), seed=1, changes={"crowd.opportunity_rate": 1.0}).run()
    stakes = model.partnerships
    new = (stakes.since >= model.first_year) & (stakes.holder_kind != LANDLORD)
    assert new.any()
    assert stakes.since[new].min() >= one.since
    made = model.projects.mechanism[stakes.project[new]] == 0
    assert made.all() or (one.where == HOME and (model.projects.village[stakes.project[new]] >= 0).all())
    model.ledger.prove()


@pytest.mark.parametrize("since", [2009, 2013, 2018])
def test_no_pool_before_its_first_year(since):
    model = run(ENCLAVE.but(since=since))
    founded = model.projects.founded[pools(model)]
    assert len(founded) > 0
    assert founded.min() >= since
    support = [*flows(model, "grant"), *flows(model, "quota compensation")]
    assert min(support) >= max(since, model.parameters["pool.support_since"])
    first_floor = model.year
    for year, income in zip(range(2005, 2022), model.datacollector.model_vars["pool_income_mean"], strict=True):
        first_floor = min(first_floor, year) if income > 0 else first_floor
    assert first_floor > founded.min()


def test_support_starts_in_its_year():
    model = run(SOLO_FUNDED, beside=(), changes={"pool.support_since": 2016.0})
    assert min(flows(model, "quota compensation")) >= 2016
    assert min(flows(model, "grant")) >= 2016


def test_a_pool_after_the_horizon_is_no_pool():
    with_pool, without = run(ENCLAVE.but(since=2022)), EconomyModel(case="tiny", mechanisms=("solo",), seed=1).run()
    assert with_pool.datacollector.model_vars == without.datacollector.model_vars


@pytest.mark.parametrize("seed", SEEDS)
def test_no_pool_where_the_zone_gives_only_large_plots(seed):
    model = run(seed=seed, changes={"build.min_plot_zone": 200.0})
    assert len(pools(model)) == 0
    for reason in ("quota contributed", "quota compensation", "grant", "top-up", "pool income", "zone land"):
        assert flows(model, reason) == {}, reason


@pytest.mark.parametrize("seed", SEEDS)
def test_every_pool_has_the_least_plot_and_every_member_the_least_stake(seed):
    model = run(seed=seed)
    members = np.isin(model.partnerships.project, pools(model))
    assert model.projects.land[pools(model)].min() >= model.parameters["build.min_plot_zone"]
    assert model.partnerships.capital[members].min() >= model.parameters["pool.min_stake"] * (1.0 - 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_actual_rent_promises_nothing(seed):
    model = run(ENCLAVE.but(contract=ActualRent(), guaranteed=False), seed=seed)
    assert len(pools(model)) > 0
    for reason in ("top-up", "surplus of the lessee"):
        assert flows(model, reason) == {}, reason
    assert np.array_equal(model.projects.due, model.projects.net_rent)
    assert sum(model.datacollector.model_vars["unpaid_guarantees"]) == 0.0
    trust = model.datacollector.model_vars["trust"]
    assert trust == pytest.approx([trust[0]] * len(trust))


@pytest.mark.parametrize("beside", [(), ("solo",)])
def test_what_is_set_to_zero_does_not_flow(beside):
    terms = {"pool.grant": "grant", "pool.interest_subsidy": "interest subsidy", "pool.relief": "tax relief"}
    for key, reason in terms.items():
        assert flows(run(beside=beside), reason), reason
        assert flows(run(beside=beside, changes={key: 0.0}), reason) == {}, reason
    model = run(SOLO_FUNDED, beside=beside, changes={"quota.compensation": 0.0})
    assert flows(model, "quota compensation") == {}
    assert flows(model, "quota contributed") == {}


@pytest.mark.parametrize("one", [OWN, SOLO, SOLO_FUNDED], ids=lambda one: one.name)
def test_the_controls_pay_what_they_promise(one):
    """Whoever builds under a mechanism gets its relief and subsidy, at home as in a pool."""
    model = EconomyModel(case="pinghu", mechanisms=(one,), seed=1).run()
    expected = {
        "tax relief": bool(one.relief),
        "interest subsidy": bool(one.interest_subsidy),
        "grant": bool(one.grant),
        "quota compensation": bool(one.compensation),
    }
    assert {reason: bool(flows(model, reason)) for reason in expected} == expected


def test_quota_that_flies_is_paid_at_the_price_of_compensation():
    model = run()
    mu, yuan = flows(model, "quota contributed"), flows(model, "quota compensation")
    assert mu
    for year, amount in mu.items():
        # Compensation goes into the project: where land is short it takes a little less than all of it.
        assert 0.95 * 750_000.0 * amount < yuan[year] <= 750_000.0 * amount * (1.0 + 1e-9)


def test_a_coupon_is_paid_in_full_for_its_years_while_the_county_can():
    model = EconomyModel(case="tiny", mechanisms=("solo", "enclave"), seed=1, last_year=2028)
    rate, seen = model.parameters["pool.coupon_rate"], set()
    while model.year < model.last_year:
        model.step()
        rows = pools(model)
        age = model.year - model.projects.founded[rows]
        received = (model.projects.net_rent + model.projects.top_up - model.projects.surplus)[rows]
        paid_in = model.partnerships.paid_in(len(model.projects))[rows]
        in_term = (age >= 1) & (age <= 10)
        assert model.projects.unpaid[rows].sum() == 0.0
        assert received[in_term] == pytest.approx(rate * paid_in[in_term])
        assert received[~in_term] == pytest.approx(model.projects.net_rent[rows][~in_term])
        seen |= set(age.tolist())
    assert {0, 1, 10, 11, 15} <= seen


def test_the_keys_of_pools_do_not_depend_on_earlier_pools():
    early, late = run(seed=6), run(ENCLAVE.but(since=2015), seed=6)
    keys = [
        dict(zip(one.projects.founded[pools(one)].tolist(), one.projects.key[pools(one)].tolist(), strict=True))
        for one in (early, late)
    ]
    common = set(keys[0]) & set(keys[1])
    assert common
    assert all(keys[0][year] == keys[1][year] for year in common)
    assert len(set(early.projects.key.tolist())) == len(early.projects)


def test_a_mechanism_that_is_a_record_of_choices_needs_no_code():
    early = {"since": 2008, "where": ZONE, "min_plot": "build.min_plot_home"}
    model = run(Mechanism("plain", "9.9", "Plain", "简", compensation="quota.compensation", **early))
    assert model.projects.founded[pools(model)].min() < ENCLAVE.since
    assert flows(model, "quota compensation")
    for reason in ("grant", "top-up"):
        assert flows(model, reason) == {}, reason
