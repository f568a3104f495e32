"""The household year of this project, in several blocks, is that of the plain loops."""

import numpy as np
import pytest

from agents import groups
from benchmarks.household_year import feidi_columns, feidi_year
from benchmarks.household_year.numpy_year import NumpyYear
from benchmarks.household_year.spec import PlainYear, opening

YEARS, HOUSEHOLDS = 4, 3_000
PROGRAMS = [feidi_year.FeidiYear, feidi_columns.FeidiColumns, NumpyYear]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    for module in (feidi_year, feidi_columns):
        monkeypatch.setattr(module, "blocks_of", lambda sizes: groups.blocks_of(sizes, 700))


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_luck_all_totals_are_the_same(program):
    start = opening(HOUSEHOLDS)
    plain, ours = PlainYear(start), program(start, luck=False)
    for _ in range(YEARS):
        assert ours.step() == pytest.approx(plain.step([0.0] * HOUSEHOLDS), rel=1e-9)


@pytest.mark.parametrize("program", PROGRAMS)
def test_with_luck_incomes_keep_their_spread(program):
    start = opening(HOUSEHOLDS)
    plain, ours, rng = PlainYear(start), program(start, luck=True, seed=5), np.random.default_rng(1)
    for _ in range(YEARS):
        wanted, found = plain.step(rng.standard_normal(HOUSEHOLDS).tolist()), ours.step()
    assert found.gini == pytest.approx(wanted.gini, rel=0.05)
    assert found.mean_income == pytest.approx(wanted.mean_income, rel=0.05)


def test_the_ledger_of_the_year_balances():
    year = feidi_year.FeidiYear(opening(HOUSEHOLDS))
    for _ in range(YEARS):
        year.step()
        year.ledger.prove()
