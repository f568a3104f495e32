"""Who joins a crowdfunded project, who buys in for a neighbour, and that losses can happen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.investor import among_the_top, amount_invested, buy_in_for, own_demand_yield, willing_to_invest, would_help
from model.parameters import load_parameters

EFFECTS = {"base": -1.0, "income_effect": 1.0, "trust_effect": 2.0, "neighbour_effect": 1.5, "risk_effect": 5.0}
NOTHING = dict.fromkeys(EFFECTS, 0.0)


@st.composite
def neighbours(draw):
    """Villages of households, who helps, who is low-income, and an order village by village."""
    people = draw(st.lists(st.tuples(st.integers(-1, 3), st.booleans(), st.booleans()), min_size=1, max_size=40))
    village, helper, low = (np.array(column) for column in zip(*people, strict=True))
    return village, helper, low, np.lexsort((draw(st.permutations(range(len(village)))), village))


def test_willingness_is_a_logit():
    # -1 + 0 + 2 * 0.5 = 0, so that one half joins; a risk of 0.2 takes 1 from it: 1 / (1 + e) = 0.2689.
    answers = willing_to_invest(
        np.zeros(4),
        np.full(4, 0.5),
        np.zeros(4),
        np.array([0.0, 0.0, 0.2, 0.2]),
        np.array([0.499, 0.5, 0.268, 0.269]),
        **EFFECTS,
    )
    assert answers.tolist() == [True, False, True, False]


@given(
    st.floats(-3, 3), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.999999), st.floats(0.001, 0.5)
)
def test_income_trust_and_neighbours_draw_in_and_risk_keeps_out(income, trust, joined, risk, uniform, more):
    def joins(*values):
        return bool(willing_to_invest(*(np.array([value]) for value in values), np.array([uniform]), **EFFECTS)[0])

    here = joins(income, trust, joined, risk)
    assert here <= joins(income + more, trust, joined, risk)
    assert here <= joins(income, trust + more, joined, risk)
    assert here <= joins(income, trust, joined + more, risk)
    assert here >= joins(income, trust, joined, risk + more)


def test_without_effects_chance_decides():
    anyone = willing_to_invest(
        np.array([-5.0, 5.0]), np.array([0.0, 1.0]), np.zeros(2), 0.3, np.array([0.49, 0.51]), **NOTHING
    )
    assert anyone.tolist() == [True, False]


def test_no_score_is_too_large():
    sure = EFFECTS | {"base": 2000.0}
    never = EFFECTS | {"base": -2000.0}
    same = (np.zeros(1), np.zeros(1), np.zeros(1), 0.0)
    assert willing_to_invest(*same, np.array([0.999]), **sure).all()
    assert not willing_to_invest(*same, np.array([0.0]), **never).any()


def test_a_minority_joins_with_the_declared_figures():
    """Lognormal incomes of Gini 0.31 have a spread of logs of 0.564; trust 0.6, risk 0.1, a first round."""
    declared = load_parameters()
    effects = {name: declared[f"crowd.{name}"] for name in EFFECTS}
    rng = np.random.default_rng(1)
    income = 0.564 * rng.standard_normal(40_000) - 0.564**2 / 2
    joins = willing_to_invest(income, np.full(40_000, 0.6), np.zeros(40_000), 0.1, rng.random(40_000), **effects)
    assert 0.15 < joins.mean() < 0.5


def test_amounts_lie_between_two_bounds():
    income = np.array([1e5, 1e4, 1e5, 5e6, 1e5])
    cash = np.array([900.0, 1_000.0, 100_000.0, 5e6, 3_000.0])
    amounts = amount_invested(income, cash, share_of_income=0.04, least=1_000.0, most=50_000.0)
    assert amounts.tolist() == [0.0, 1_000.0, 4_000.0, 50_000.0, 3_000.0]


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.floats(0, 1))
def test_nobody_invests_more_than_it_has(income, cash, share):
    terms = {"share_of_income": share, "least": 1_000.0, "most": 50_000.0}
    amount = amount_invested(np.array([income]), np.array([cash]), **terms)[0]
    assert amount == 0.0 or 1_000.0 <= amount <= min(cash, 50_000.0)


def test_the_best_earners_of_each_village():
    village, earnings = np.array([0, 0, 0, 0, 1, 1, -1]), np.array([1.0, 4.0, 3.0, 2.0, 9.0, 8.0, 99.0])
    assert among_the_top(village, earnings, share=0.5).tolist() == [False, True, True, False, True, False, False]
    assert among_the_top(village, earnings, share=0.0).sum() == 0
    assert among_the_top(village, earnings, share=1.0).tolist() == [True] * 6 + [False]


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 9)), min_size=1, max_size=30), st.floats(0, 1))
def test_the_best_earners_agree_with_a_plain_loop(people, share):
    expected = []
    for row, (village, earns) in enumerate(people):
        own = [(-other, place) for place, (where, other) in enumerate(people) if where == village]
        expected.append(village >= 0 and sorted(own).index((-earns, row)) < share * len(own))
    village, earnings = np.array(people).T
    assert among_the_top(village, earnings.astype(float), share=share).tolist() == expected


def test_helpers_are_better_off_willing_and_able():
    better_off, cash = np.array([True, True, True, False]), np.array([20_000.0, 9_000.0, 20_000.0, 20_000.0])
    helps = would_help(better_off, cash, np.array([0.1, 0.1, 0.3, 0.1]), chance=0.2, cost=14_138.0)
    assert helps.tolist() == [True, False, False, False]


def test_who_buys_for_whom_by_hand():
    village = np.array([0, 0, 0, 0, 0, 1, 1, -1, -1])
    helper = np.array([True, False, False, False, True, True, False, True, False])
    low = np.array([False, True, True, True, False, False, True, False, True])
    order = np.array([7, 8, 4, 3, 2, 1, 0, 5, 6])
    givers, takers = buy_in_for(village, helper, low, order, most_helped=2)
    assert givers.tolist() == [4, 4, 0, 5]
    assert takers.tolist() == [3, 2, 1, 6]


def test_where_nobody_is_in_need_or_helps_nothing_is_bought():
    village, order, nobody, all_of_them = np.zeros(3, int), np.arange(3), np.zeros(3, bool), np.ones(3, bool)
    for helper, low in ((nobody, all_of_them), (all_of_them, nobody), (all_of_them, all_of_them)):
        givers, takers = buy_in_for(village, helper, low, order, most_helped=2)
        assert (len(givers), len(takers)) == (0, 0)
    empty = np.empty(0, int)
    assert [len(rows) for rows in buy_in_for(empty, empty > 0, empty > 0, empty, most_helped=2)] == [0, 0]


@given(neighbours(), st.integers(1, 3))
def test_buying_in_agrees_with_a_plain_loop(people, most_helped):
    village, helper, low, order = people
    pairs = []
    for home in range(4):
        line = [row for row in order.tolist() if village[row] == home]
        helpers = [row for row in line if helper[row] and not low[row] for _ in range(most_helped)]
        pairs += list(zip(helpers, [row for row in line if low[row]], strict=False))
    givers, takers = buy_in_for(village, helper, low, order, most_helped=most_helped)
    assert list(zip(givers.tolist(), takers.tolist(), strict=True)) == pairs


def test_fees_move_with_demand_and_fall_in_a_slump():
    terms = {"mean": 0.24, "spread": 0.35, "loading": 0.5}
    state = np.array([0.5 * 0.35**2, 0.5 * 0.35**2 + np.log(0.5)])
    assert own_demand_yield(state, slump=0.0, **terms) == pytest.approx([0.24, 0.12])
    assert own_demand_yield(state, slump=0.4, **terms) == pytest.approx([0.192, 0.096])
    assert own_demand_yield(state, slump=0.4, mean=0.24, spread=0.35, loading=9.0).tolist() == [0.0, 0.0]


def test_losses_happen_and_the_mean_is_what_was_asked_for():
    declared = load_parameters()
    mean, spread, cost = (declared[f"crowd.{name}"] for name in ("gross_yield", "demand_spread", "running_cost"))
    demand = spread * np.random.default_rng(1).standard_normal(40_000)
    fees = own_demand_yield(demand, mean=mean, spread=spread, loading=0.0, slump=0.0)
    assert fees.mean() == pytest.approx(mean, rel=0.01)
    assert 0.0 < (fees < cost).mean() < 0.1
    low = declared.declared("crowd.gross_yield").range[0]
    assert (own_demand_yield(demand, mean=low, spread=spread, loading=0.0, slump=0.0) < cost).mean() > 0.2
