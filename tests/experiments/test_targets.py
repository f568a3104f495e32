"""Targets are published outcomes with one use each, apart from parameters; the model never reads them."""

import math
import sys

import pytest

from experiments.scenario import SCENARIOS
from experiments.validation.targets import (
    CALIBRATION,
    CONTESTED,
    CONTEXT,
    IDENTITY,
    INITIAL,
    VALIDATION,
    Target,
    TargetError,
    cases_with_targets,
    load_targets,
    read_targets,
)
from model.cases import load_case
from model.economy import EconomyModel
from model.parameters import spelled
from model.sources import load_sources, unknown_sources

GIVEN = {
    "title": "Mean income",
    "title_zh": "均值",
    "indicator": "recurrent_income_mean",
    "year": 2021,
    "unit": "yuan/year",
    "kind": "equal",
    "value": 100.0,
    "scale": "reported",
    "use": "validation",
    "source": "case",
}
LINES = "pool.weak_line"  # whom programmes call weak: lines that officials drew, which villages reached or not
WORLDS = {"pooling": {"arm": "pooling", "meaning": "all versions"}}


def target(**changes):
    return Target.model_validate({"name": "one", **GIVEN, **changes})


@pytest.mark.parametrize(
    ("kind", "value", "simulated", "off"),
    [
        ("equal", 100.0, 85.0, -1.5),
        ("equal", 100.0, 110.0, 1.0),
        ("at_least", 100.0, 250.0, 0.0),
        ("at_least", 100.0, 70.0, -3.0),
        ("at_most", 100.0, 20.0, 0.0),
        ("at_most", 100.0, 125.0, 2.5),
        ("within", (90.0, 110.0), 95.0, 0.0),
        ("within", (90.0, 110.0), 80.0, -1.0),
        ("within", (90.0, 110.0), 130.0, 2.0),
    ],
)
def test_distance_is_told_in_tolerances(kind, value, simulated, off):
    found = target(kind=kind, value=value)
    assert found.distance(simulated) == pytest.approx(off)
    assert found.met(simulated) == (abs(off) <= 1.0)


def test_what_did_not_come_about_is_not_met():
    assert math.isnan(target().distance(math.nan))
    assert not target().met(math.nan)


@pytest.mark.parametrize("case", cases_with_targets())
def test_every_target_has_a_source_that_is_listed_or_is_assumed(case):
    for one in load_targets(case).targets:
        assert keys_of(one.source) or "assumed" in one.source, one.name
        assert unknown_sources([one.source]) == [], one.name


def test_there_is_something_of_each_use():
    found = load_targets("pinghu")
    assert all(found.of_use(use) for use in (VALIDATION, CALIBRATION, CONTESTED, IDENTITY, INITIAL, CONTEXT))


@pytest.mark.parametrize(
    ("value", "kind", "scale", "tolerance"),
    [
        (200.0, "equal", "reported", 20.0),
        (200.0, "at_least", "estimate", 30.0),
        ((16.0, 24.0), "within", "estimate", 3.0),
        (5.0, "equal", "count", 1.0),
        (0.8, "equal", "share", 0.05),
        (0.0, "equal", "villages", 3.6),
        (0.03, "equal", "small_share", 0.01),
    ],
)
def test_tolerances_follow_from_values_by_one_rule(value, kind, scale, tolerance):
    assert target(value=value, kind=kind, scale=scale).tolerance == pytest.approx(tolerance)


def test_who_was_judged_at_first_is_kept():
    assert target().judged_at_first
    assert target(use="context", first_use="validation").judged_at_first
    assert not target(first_use="none").judged_at_first
    assert not target(use="calibration").judged_at_first


def test_a_number_is_used_once():
    """What is validation is no other target's number in the same indicator and year, unless the two contradict."""
    judged = [one for one in load_targets("pinghu").targets if one.use in (VALIDATION, CALIBRATION)]
    seen = [(one.indicator, one.world, one.year) for one in judged]
    assert len(seen) == len(set(seen))


def keys_of(source):
    """The keys of the list of sources that a text names."""
    return {word.strip(":;,.") for word in source.split()} & set(load_sources())


def test_no_target_is_a_parameter():
    """No value of a parameter, nor an end of its range, is a validation target's number from the same source."""
    parameters = load_case("pinghu").parameters
    judged = load_targets("pinghu").of_use(VALIDATION)
    for one in (parameters.declared(key) for key in parameters if key != LINES):
        values = one.value.values() if hasattr(one.value, "values") else [one.value]
        given = {spelled(value) for value in [*values, *(one.range or ())]}
        for target in judged:
            numbers = {spelled(number) for number in target.ends}
            same = target.unit == one.unit and bool(numbers & given)
            assert not (same and keys_of(target.source) & keys_of(one.source)), (target.name, one.key)


def test_the_model_does_not_read_targets():
    """All files that are opened while a model is built and run: none belongs to the experiments."""
    opened, watching = [], [True]
    load_targets.cache_clear()

    def watch(event, arguments):
        if watching[0] and event == "open":
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)
    EconomyModel(case="pinghu", mechanisms=SCENARIOS["pooling"].mechanisms, seed=1, last_year=2006).run()
    watching[0] = False
    assert any(name.endswith("pinghu.toml") and "cases" in name for name in opened)
    assert not [name for name in opened if "validation" in name or "experiments" in name]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"indicator": "recurrent_income_maen"}, "Did you mean 'recurrent_income_mean'"),
        ({"unit": "yuan"}, "the indicator's is 'yuan/year'"),
        ({"year": 1999}, "Give one from 2005 to 2021"),
        ({"world": "poling"}, "Did you mean 'pooling'"),
        ({"kind": "within"}, r"give \[low, high\]"),
        ({"value": 0.0}, "choose the scale share or villages"),
        ({"scale": "guess"}, "Input should be"),
        ({"use": "proof"}, "Input should be"),
        ({"value": [3.0, 2.0], "kind": "within"}, "give the low end first"),
    ],
)
def test_a_wrong_target_is_refused(changes, told):
    with pytest.raises(TargetError, match=told):
        read_targets("pinghu", {"world": WORLDS, "target": {"one": GIVEN | changes}})


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"world": WORLDS, "targets": {}}, "unknown table 'targets'"),
        ({"world": WORLDS, "target": {"one": 3}}, "is no table"),
        ({"world": {"pooling": WORLDS["pooling"] | {"arm": "poling"}}, "target": {}}, "no scenario 'poling'"),
        (
            {"world": {"pooling": WORLDS["pooling"] | {"arm": "aid:pooling"}}, "target": {}},
            "looks at another one's runs",
        ),
        ({"world": {"pooling": WORLDS["pooling"] | {"changes": {"a.b": 1.0}}}, "target": {}}, "no parameter 'a.b'"),
    ],
)
def test_a_wrong_file_of_targets_is_refused(tables, told):
    with pytest.raises(TargetError, match=told):
        read_targets("pinghu", tables)


def test_a_case_without_targets_is_refused():
    with pytest.raises(TargetError, match="no targets for the case 'tiny'"):
        load_targets("tiny")
