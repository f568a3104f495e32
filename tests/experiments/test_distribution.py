"""Measures of inequality and poverty: by hand, by slow twins, and the awkward cases."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments import distribution
from experiments.distribution import (
    COMPLETE,
    INFINITE,
    NEGATIVE,
    NO_INEQUALITY,
    NO_LIMITS,
    NO_MEAN,
    NOTHING_BELOW,
    DistributionError,
    MissingLibraryError,
    decomposition,
    lorenz,
    measures,
)

pytestmark = pytest.mark.one_version

incomes = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=25)


def value(name, *given, **settings):
    return measures(*given, **settings).loc[name, "value"]


def note(name, *given, **settings):
    return measures(*given, **settings).loc[name, "note"]


def test_the_numbers_one_to_n():
    """Gini (n - 1) / 3n; of 1 to 10 the top tenth has 10 of 55, the bottom four tenths 10."""
    table = measures(np.arange(10.0, 0.0, -1.0), line=4.0)["value"]
    assert table["mean"] == 5.5
    assert table["gini"] == pytest.approx(9.0 / 30.0)
    assert (table["top_10"], table["bottom_40"]) == (pytest.approx(10.0 / 55.0), pytest.approx(10.0 / 55.0))
    assert table["palma"] == pytest.approx(1.0)
    assert table["p90_p10"] == 9.0
    assert table["headcount"] == pytest.approx(0.3)  # 4 is on the line, not below it
    assert table["gap"] == pytest.approx((3 + 2 + 1) / 4 / 10)
    assert table["squared_gap"] == pytest.approx((9 + 4 + 1) / 16 / 10)


def test_a_value_that_straddles_the_limit_is_shared():
    assert value("top_10", [1.0, 1.0, 1.0, 5.0]) == pytest.approx(0.4 * 5.0 / 8.0)
    assert value("bottom_40", [1.0, 2.0, 3.0, 4.0]) == pytest.approx((1.0 + 0.6 * 2.0) / 10.0)


@settings(max_examples=30, deadline=None)
@given(incomes, st.floats(0.1, 3.0), st.floats(1.0, 1e5))
def test_slow_twins(values, aversion, line):
    x, n, mean = values, len(values), sum(values) / len(values)
    table = measures(values, line=line, aversion=aversion)["value"]
    assert table["gini"] == pytest.approx(sum(abs(a - b) for a in x for b in x) / (2 * n * n * mean), abs=1e-9)
    assert table["theil_t"] == pytest.approx(sum(a / mean * np.log(a / mean) for a in x) / n, abs=1e-9)
    assert table["theil_l"] == pytest.approx(sum(np.log(mean / a) for a in x) / n, abs=1e-9)
    if abs(aversion - 1.0) > 0.01:
        equivalent = (sum((a / mean) ** (1 - aversion) for a in x) / n) ** (1 / (1 - aversion))
        assert table["atkinson"] == pytest.approx(1 - equivalent, abs=1e-9)
    poor = [(line - a) / line for a in x if a < line]
    for power, name in enumerate(("headcount", "gap", "squared_gap")):
        assert table[name] == pytest.approx(sum(gap**power for gap in poor) / n, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(0, 5)), min_size=2, max_size=15).filter(
        lambda x: any(w for _, w in x)
    )
)
def test_a_weight_counts_a_value_so_often(pairs):
    values, weights = map(np.array, zip(*pairs, strict=True))
    weighted = measures(values, weights, line=1000.0)
    repeated = measures(np.repeat(values, weights), line=1000.0)
    assert weighted["value"].tolist() == pytest.approx(repeated["value"].tolist(), rel=1e-9, abs=1e-9)
    assert weighted["note"].equals(repeated["note"])


def test_weights_of_any_size_are_shares():
    values = np.random.default_rng(1).lognormal(size=40)
    assert measures(values, np.full(40, 0.25), line=1.0)["value"].tolist() == pytest.approx(
        measures(values, line=1.0)["value"].tolist()
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1.0, 1e4), min_size=3, max_size=20))
def test_a_transfer_to_the_poorer_lowers_inequality(values):
    """The principle of transfers (Pigou, Dalton), which all four indices keep."""
    x = np.sort(values)
    if x[-1] - x[0] < 1.0:
        return
    step = np.zeros(len(x))
    step[[0, -1]] = 0.25 * (x[-1] - x[0]), -0.25 * (x[-1] - x[0])
    before, after = measures(x)["value"], measures(x + step)["value"]
    for name in ("gini", "theil_t", "theil_l", "atkinson"):
        assert after[name] < before[name], name


def test_the_lorenz_curve():
    curve = lorenz([3.0, 1.0, 4.0, 2.0])
    assert curve["population"].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert curve["income"].tolist() == pytest.approx([0.0, 0.1, 0.3, 0.6, 1.0])
    weighted = lorenz([4.0, 1.0], [1.0, 3.0])
    assert weighted["population"].tolist() == [0.0, 0.75, 1.0]
    assert weighted["income"].tolist() == pytest.approx([0.0, 3.0 / 7.0, 1.0])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.floats(0.1, 10.0)), min_size=1, max_size=20))
def test_the_gini_coefficient_is_twice_the_area_above_the_curve(pairs):
    values, weights = zip(*pairs, strict=True)
    curve = lorenz(values, weights)
    area = (np.diff(curve["population"]) * (curve["income"][1:].to_numpy() + curve["income"][:-1].to_numpy())).sum() / 2
    assert value("gini", values, weights) == pytest.approx(1.0 - 2.0 * area, abs=1e-9)
    assert all(a <= b + 1e-12 for a, b in pairwise(np.diff(curve["income"]) / np.diff(curve["population"])))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 1e6), st.integers(0, 3)), min_size=1, max_size=25))
def test_parts_of_theil_slowly(pairs):
    """Bourguignon 1979: within is the mean of the groups' own indices, by their shares of income."""
    values, group = map(np.array, zip(*pairs, strict=True))
    if values.sum() < 1e-3:
        return
    split = decomposition(values, group)["value"]
    within = between = 0.0
    for one in np.unique(group):
        inside, share = values[group == one], values[group == one].sum() / values.sum()
        if share > 0.0:
            within += share * value("theil_t", inside)
            between += share * np.log(inside.mean() / values.mean())
    assert split["within"] == pytest.approx(within, abs=1e-9)
    assert split["between"] == pytest.approx(between, abs=1e-9)
    assert split["within"] + split["between"] == pytest.approx(split["total"])
    assert split["total"] == pytest.approx(value("theil_t", values), abs=1e-9)


def test_poverty_of_parts_sums():
    """Foster, Greer and Thorbecke 1984: the measures of groups, by their shares of heads, make that of all."""
    values, group = np.random.default_rng(2).lognormal(size=60), np.arange(60) % 3
    parts = [measures(values[group == one], line=1.2)["value"] for one in range(3)]
    for name in ("headcount", "gap", "squared_gap"):
        assert np.mean([one[name] for one in parts]) == pytest.approx(value(name, values, line=1.2))


@pytest.mark.parametrize("library", ["microdf", "inequality.theil"])
def test_a_missing_library_is_told_with_the_remedy(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibraryError, match=r'pip install "feidi\[inequality\]"') as caught:
        measures([1.0, 2.0]) if library == "microdf" else decomposition([1.0, 2.0], [0, 1])
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)
    assert len(lorenz([1.0, 2.0])) == 3


def test_every_nan_has_a_note():
    draws = np.random.default_rng(3)
    for _ in range(40):
        values = draws.choice([-2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 9.0], size=draws.integers(1, 9))
        table = measures(values, line=1.5, aversion=draws.choice([0.5, 1.0, 2.0]))
        assert (np.isfinite(table["value"]) | (table["note"] != "")).all(), values
        split = decomposition(values, np.arange(len(values)) % 2)
        assert (np.isfinite(split[["value", "share"]]).all(axis=1) | (split["note"] != "")).all(), values


def test_zeros():
    table = measures([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 6.0], line=2.0, aversion=1.0)
    assert table["note"].to_dict() == {
        **dict.fromkeys(table.index, ""),
        "theil_l": INFINITE,
        "atkinson": COMPLETE,
        "palma": NOTHING_BELOW,
        "p90_p10": NOTHING_BELOW,
    }
    assert (table["value"]["theil_l"], table["value"]["atkinson"]) == (np.inf, 1.0)
    assert (table["value"]["top_10"], table["value"]["bottom_40"]) == (pytest.approx(0.6), 0.0)
    assert table["value"]["gap"] == pytest.approx((5 * 1.0 + 4 * 0.5) / 10)
    assert value("atkinson", [0.0, 1.0], aversion=2.0) == 1.0
    assert value("atkinson", [0.0, 1.0], aversion=0.5) == pytest.approx(0.5)
    assert note("atkinson", [0.0, 1.0], aversion=0.5) == ""


def test_values_below_zero():
    table = measures([-1.0, 1.0, 2.0, 2.0], line=1.0)
    assert table["note"].to_dict() == {
        "mean": "",
        **dict.fromkeys(("theil_t", "theil_l", "atkinson"), NEGATIVE),
        **dict.fromkeys(("gini", "top_10", "bottom_40", "gap", "squared_gap"), NO_LIMITS),
        **dict.fromkeys(("palma", "p90_p10"), NOTHING_BELOW),
        "headcount": "",
    }
    assert table["value"]["gini"] == pytest.approx((-3 * -1 - 1 + 2 + 3 * 2) / (4 * 4))
    assert table["value"]["gap"] == pytest.approx(2.0 / 4.0)
    assert lorenz([-1.0, 1.0, 2.0, 2.0])["income"].tolist() == [0.0, -0.25, 0.0, 0.5, 1.0]


@pytest.mark.parametrize("values", [[0.0, 0.0], [-1.0, 1.0], [-3.0, 1.0]])
def test_a_mean_that_is_not_above_zero(values):
    table = measures(values, line=1.0)
    assert set(table.loc[list(distribution.RELATIVE), "note"]) == {NO_MEAN}
    assert table.loc["headcount", "value"] > 0.0
    with pytest.raises(DistributionError, match="need a sum above zero"):
        lorenz(values)
    assert set(decomposition(values, [0, 1])["note"]) == {NO_MEAN if min(values) == 0.0 else NEGATIVE}


def test_no_inequality():
    table = measures([3.0] * 7)["value"]
    assert table[["gini", "theil_t", "theil_l", "atkinson"]].tolist() == pytest.approx([0.0] * 4, abs=1e-12)
    assert table["palma"] == pytest.approx(0.25)
    split = decomposition([3.0] * 7, range(7))
    assert split["value"].tolist() == [0.0, 0.0, 0.0]
    assert set(split["note"]) == {NO_INEQUALITY}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"values": [1.0, np.nan]}, "missing"),
        ({"values": [1.0, np.inf]}, "infinite"),
        ({"values": []}, "no value"),
        ({"values": [[1.0], [2.0]]}, "shape"),
        ({"values": [1.0, 2.0], "weights": [1.0]}, "shape"),
        ({"values": [1.0, 2.0], "weights": [1.0, -1.0]}, "below zero"),
        ({"values": [1.0, 2.0], "weights": [0.0, 0.0]}, "no value that has a weight"),
        ({"values": [1.0, 2.0], "line": 0.0}, "line is 0.0"),
        ({"values": [1.0, 2.0], "line": np.nan}, "line is nan"),
        ({"values": [1.0, 2.0], "aversion": 0.0}, "aversion is 0.0"),
    ],
)
def test_bad_input_is_told_in_one_line(given, told):
    with pytest.raises(DistributionError, match=told) as caught:
        measures(**given)
    assert "\n" not in str(caught.value)


def test_a_group_for_each_value():
    with pytest.raises(DistributionError, match="3 values and 2 groups"):
        decomposition([1.0, 2.0, 3.0], [0, 1])


def test_names_of_groups_may_be_words():
    by_word = decomposition([1.0, 2.0, 6.0], ["east", "west", "east"])
    pd.testing.assert_frame_equal(by_word, decomposition([1.0, 2.0, 6.0], [0, 1, 0]))
