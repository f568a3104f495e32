"""Measures of inequality and poverty: published values, closed forms, the model's own functions by the libraries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from experiments.distribution import decomposition, lorenz, measures
from model import inequality as ours

# The incomes by which R's package ineq (Zeileis 2014) shows its functions.
INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


def value(name, *given, **settings):
    return measures(*given, **settings).loc[name, "value"]


def test_poverty_in_the_handbook_of_the_world_bank():
    """Haughton and Khandker 2009, Handbook on Poverty and Inequality, pages 70 and 72: country C, line 125."""
    table = measures([100, 110, 150, 160], line=125)["value"]
    assert table["headcount"] == 0.5
    assert table["gap"] == pytest.approx(0.08)
    assert table["squared_gap"] == pytest.approx(0.0136)


def test_gini_and_atkinson_as_in_r():
    """What R's ineq gives for its example, to the digits that it prints."""
    assert value("gini", INEQ) == pytest.approx(0.4620911, abs=5e-8)
    assert value("atkinson", INEQ, aversion=0.5) == pytest.approx(0.1796591, abs=5e-8)
    assert value("atkinson", INEQ, aversion=1.0) == pytest.approx(0.3518251, abs=5e-8)


def test_mean_log_deviation_in_a_textbook():
    """Stoermann 2009, Regionaloekonomik: incomes of five regions, as R's package REAT quotes it."""
    assert value("theil_l", [10, 10, 10, 20, 50]) == pytest.approx(0.2326302, abs=5e-8)


def test_atkinson_of_pysal():
    """The examples in the documentation of PySAL's inequality."""
    assert value("atkinson", [10, 20, 30, 40, 50], aversion=0.5) == pytest.approx(0.06315, abs=5e-6)
    assert value("atkinson", [10, 20, 30, 40, 50], aversion=1.0) == pytest.approx(0.13161, abs=5e-6)


def test_theil_of_one_who_has_all_is_the_log_of_their_number():
    """Theil 1967: from 0 to ln n; and between two halves of which one has all, ln 2."""
    assert value("theil_t", [0, 0, 0, 0, 7]) == pytest.approx(np.log(5))
    split = decomposition([0, 0, 0, 10, 10, 10], [0, 0, 0, 1, 1, 1])
    assert split["value"].tolist() == pytest.approx([0.0, np.log(2), np.log(2)])
    assert split["share"].tolist() == pytest.approx([0.0, 1.0, 1.0])


@pytest.mark.parametrize("spread", [0.3, 0.8])
def test_closed_forms_of_the_lognormal(spread):
    """Aitchison and Brown 1957: Gini 2 Phi(s/sqrt 2) - 1, both indices of Theil s^2/2, Atkinson's 1 - exp(-e s^2/2)."""
    middles = (np.arange(50_000) + 0.5) / 50_000
    table = measures(np.exp(spread * ndtri(middles)), line=1.0, aversion=0.7)["value"]
    assert table["gini"] == pytest.approx(2.0 * ndtr(spread / np.sqrt(2.0)) - 1.0, rel=1e-3)
    assert table["theil_t"] == pytest.approx(spread**2 / 2.0, rel=3e-3)
    assert table["theil_l"] == pytest.approx(spread**2 / 2.0, rel=3e-3)
    assert table["atkinson"] == pytest.approx(1.0 - np.exp(-0.7 * spread**2 / 2.0), rel=3e-3)
    assert table["p90_p10"] == pytest.approx(np.exp(2.0 * spread * ndtri(0.9)), rel=1e-3)
    assert table["top_10"] == pytest.approx(1.0 - ndtr(ndtri(0.9) - spread), rel=2e-3)
    assert table["bottom_40"] == pytest.approx(ndtr(ndtri(0.4) - spread), rel=2e-3)
    assert table["headcount"] == 0.5


@pytest.mark.parametrize("seed", range(5))
def test_ours_are_those_of_the_libraries(seed):
    from inequality.atkinson import atkinson
    from inequality.gini import Gini
    from inequality.theil import Theil
    from inequality.wolfson import lorenz_curve
    from microdf import MicroSeries

    draws = np.random.default_rng(seed)
    values, group = draws.lognormal(12.0, draws.uniform(0.1, 2.0), size=60), draws.integers(0, 5, size=60)
    series, table = MicroSeries(values), measures(values, aversion=0.8)["value"]
    assert ours.gini(values) == pytest.approx(Gini(values).g) == pytest.approx(table["gini"])
    assert sum(ours.theil(values, group)) == pytest.approx(Theil(values).T) == pytest.approx(table["theil_t"])
    assert ours.theil(values, group) == pytest.approx(tuple(decomposition(values, group)["value"])[:2])
    assert ours.palma(values) == pytest.approx(series.top_x_pct_share(0.1) / series.bottom_x_pct_share(0.4))
    assert ours.palma(values) == pytest.approx(table["palma"])
    assert ours.shortfall(values, share=0.2) == pytest.approx(series.bottom_x_pct_share(0.2) * values.sum() / 12)
    assert table["bottom_40"] == pytest.approx(series.bottom_x_pct_share(0.4))
    assert table["atkinson"] == pytest.approx(atkinson(values, 0.8))
    people, held = lorenz_curve(values)
    assert np.allclose(lorenz(values), np.column_stack([people, held]))


def test_zeros_are_taken_alike():
    values, group = np.array([0.0, 0.0, 3.0, 5.0, 1e15, 2.0]), np.array([0, 0, 1, 1, 2, 2])
    assert ours.theil(values, group) == pytest.approx(tuple(decomposition(values, group)["value"])[:2])
    assert sum(ours.theil(values, group)) == pytest.approx(value("theil_t", values))
    assert ours.gini(values) == pytest.approx(value("gini", values))
