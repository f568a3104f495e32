"""Shapley shares: the axioms, games worked by hand, a slow twin; and arms for parting several mechanisms."""

from __future__ import annotations

import dataclasses
from itertools import combinations, permutations

import numpy as np
import pytest
from scipy import stats

from experiments.attribution.mechanisms import arms_of_subsets
from experiments.attribution.shapley import (
    ALL_OFF,
    ALL_ON,
    TOTAL,
    AttributionError,
    interactions,
    shapley,
    shares_with_intervals,
    subsets,
)
from experiments.effects import EXACT, ONE_SEED
from experiments.scenario import SCENARIOS, find_scenario
from model.draws import Draws

pytestmark = pytest.mark.one_version

DRAWS = Draws(5)
CLOSE = 1e-12


def game(players, *shape):
    """The worth of each subset in a game that was drawn, shape (2**players, *shape)."""
    return DRAWS.generator("a game", players).normal(10.0, 3.0, (2**players, *shape))


def worth_of(players, rule):
    """A game by a rule that takes the set of players."""
    return np.array([rule(one) for one in subsets(players)], dtype=float)


def by_orders(worth, players):
    """Shapley shares by walking through all orders in which players can come."""
    shares, orders = np.zeros((players, *worth.shape[1:])), list(permutations(range(players)))
    for order in orders:
        there = 0
        for player in order:
            shares[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    return shares / len(orders)


def pair_by_orders(worth, players, one, other):
    """The interaction of a pair: what being one player adds, over all orders of the others and of the pair as one."""
    others = [player for player in range(players) if player not in (one, other)]
    found, orders = 0.0, list(permutations([*others, "pair"]))
    for order in orders:
        before = sum(1 << player for player in order[: order.index("pair")])
        with_one, with_other = before | 1 << one, before | 1 << other
        found = found + worth[with_one | with_other] - worth[with_one] - worth[with_other] + worth[before]
    return found / len(orders)


def test_subsets_come_in_the_order_of_bits():
    assert subsets("abc") == tuple(map(frozenset, ("", "a", "b", "ab", "c", "ac", "bc", "abc")))
    assert [len(set(subsets([str(one) for one in range(n)]))) for n in (1, 4, 8)] == [2, 16, 256]


@pytest.mark.parametrize(("players", "what"), [([], "0 players"), ([str(n) for n in range(17)], "17 players")])
def test_no_players_and_too_many_are_refused(players, what):
    with pytest.raises(AttributionError, match=f"^{what}: give 1 to 16"):
        subsets(players)


def test_a_player_named_twice_is_refused():
    with pytest.raises(AttributionError, match="player 'a' is given twice"):
        subsets(["a", "b", "a"])


@pytest.mark.parametrize("players", [1, 2, 3, 5, 8])
def test_shares_sum_to_the_whole_in_every_seed(players):
    worth = game(players, 7, 2)
    assert np.abs(shapley(worth).sum(axis=0) - (worth[-1] - worth[0])).max() < CLOSE


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_shares_are_those_of_all_orders(players):
    worth = game(players, 3)
    assert np.abs(shapley(worth) - by_orders(worth, players)).max() < CLOSE


def test_equal_players_get_equal_shares():
    worth = worth_of(
        "abcd", lambda some: 5.0 * len(some & set("ab")) ** 1.7 + 2.0 * ("c" in some) * ("a" in some or "b" in some)
    )
    shares = shapley(worth)
    assert abs(shares[0] - shares[1]) < CLOSE
    assert shares[0] > shares[2] > 0.0


def test_who_changes_nothing_gets_exactly_nothing():
    drawn = game(3, 20)
    worth = np.repeat(drawn, 2, axis=0)  # player 0 is new, and the others' subsets are worth the same with it
    shares = shapley(worth)
    assert (shares[0] == 0.0).all()
    assert np.abs(shares[1:] - shapley(drawn)).max() < CLOSE
    assert (interactions(worth)[0] == 0.0).all()


def test_shares_add_up_over_outcomes():
    one, other = game(4, 3, 2)[..., 0], game(4, 3, 2)[..., 1]
    assert np.abs(shapley(one) + shapley(other) - shapley(one + other)).max() < CLOSE
    assert np.abs(shapley(np.stack([one, other], axis=-1))[..., 1] - shapley(other)).max() == 0.0


def test_two_players_by_hand():
    # Nothing without anybody but 1; a alone makes it 4, b alone 2, both 10: a gets (3 + 8) / 2, b (1 + 6) / 2.
    assert shapley([1.0, 4.0, 2.0, 10.0]).tolist() == [5.5, 3.5]
    assert interactions([1.0, 4.0, 2.0, 10.0]).tolist() == [[0.0, 5.0], [5.0, 0.0]]


def test_gloves_by_hand():
    """One left glove (a) and two right ones: a pair is worth 1. Shapley's own example: 2/3, 1/6, 1/6."""
    worth = worth_of("abc", lambda some: "a" in some and len(some) > 1)
    assert shapley(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=CLOSE)
    # a and b need each other, unless c stands in for b; b and c are in each other's way.
    assert interactions(worth)[0, 1] == pytest.approx(1 / 2, abs=CLOSE)
    assert interactions(worth)[1, 2] == pytest.approx(-1 / 2, abs=CLOSE)


def test_an_airport_by_hand():
    """A runway as long as the largest plane needs, costs 1, 2 and 3: each pays its part of every stretch it uses."""
    worth = worth_of("abc", lambda some: max((ord(one) - ord("a") + 1 for one in some), default=0))
    assert shapley(worth) == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1], abs=CLOSE)


def test_interactions_are_those_of_all_orders_of_the_pair_as_one():
    worth, found = game(5, 2), interactions(game(5, 2))
    assert found.shape == (5, 5, 2)
    for one, other in combinations(range(5), 2):
        assert np.abs(found[one, other] - pair_by_orders(worth, 5, one, other)).max() < CLOSE
        assert (found[one, other] == found[other, one]).all()


@pytest.mark.parametrize("worth", [3.0, [], [1.0], [1.0, 2.0, 3.0], np.ones((6, 2))])
def test_worths_that_are_no_game_are_refused(worth):
    for rule in (shapley, interactions):
        with pytest.raises(AttributionError, match=r"subsets: give the worth of all 2\^n subsets"):
            rule(worth)


def test_means_sum_and_have_the_interval_of_the_seeds():
    worth = game(3, 12, 2)
    table = shares_with_intervals("abc", worth, outcomes=("income", "gini")).set_index(["outcome", "player"])
    for place, name in enumerate(("income", "gini")):
        rows = table.loc[name]
        assert list(rows.index) == ["a", "b", "c", TOTAL, ALL_OFF, ALL_ON]
        assert rows["share"]["a":"c"].sum() == pytest.approx(rows["share"][TOTAL], abs=CLOSE)
        assert rows["part_of_total"]["a":"c"].sum() == pytest.approx(1.0, abs=1e-9)
        assert rows["share"][TOTAL] + rows["share"][ALL_OFF] == pytest.approx(rows["share"][ALL_ON], abs=CLOSE)
        assert rows["share"][ALL_ON] == pytest.approx(worth[-1, :, place].mean(), abs=CLOSE)
        shares = shapley(worth)[1, :, place]
        expected = stats.ttest_1samp(shares, 0.0).confidence_interval(0.95)
        assert (rows["low"]["b"], rows["high"]["b"]) == pytest.approx((expected.low, expected.high), abs=1e-9)
        assert set(rows["seeds"]) == {12}


def test_a_seed_that_lacks_a_subset_drops_out_of_every_line():
    worth = game(3, 6)
    lacking = worth.copy()
    lacking[5, 2] = np.nan
    found = shares_with_intervals("abc", lacking)
    expected = shares_with_intervals("abc", np.delete(worth, 2, axis=1))
    assert found["share"].tolist() == pytest.approx(expected["share"].tolist(), abs=CLOSE)
    assert set(found["seeds"]) == {5}


def test_one_seed_has_no_interval_and_nothing_is_exact():
    one = shares_with_intervals("ab", game(2, 1))
    assert set(one["note"]) == {ONE_SEED}
    assert one[["low", "high"]].isna().all(axis=None)
    nothing = shares_with_intervals("ab", np.zeros((4, 5)))
    assert set(nothing["note"]) == {EXACT}
    assert nothing["part_of_total"].isna().all()


def test_a_generator_adds_bootstrap_intervals():
    worth = game(2, 20)
    table = shares_with_intervals("ab", worth, generator=DRAWS.generator("bootstrap", 0))
    assert (table["bootstrap_low"] < table["share"]).all()
    assert (table["share"] < table["bootstrap_high"]).all()
    assert "bootstrap_low" not in shares_with_intervals("ab", worth)


@pytest.mark.parametrize(
    ("shape", "outcomes"), [((4,), 1), ((8, 3), 1), ((4, 3, 2), 1), ((4, 3), 2), ((4, 0), 1), ((4, 3, 1, 1), 1)]
)
def test_shapes_that_do_not_fit_are_refused(shape, outcomes):
    with pytest.raises(AttributionError, match=r"need \(4, seeds, "):
        shares_with_intervals("ab", np.ones(shape), outcomes=[str(one) for one in range(outcomes)])


def test_arms_have_the_mechanisms_of_their_subset():
    players = ("enclave", "mountain_sea+mountain_park", "crowdfunding")
    arms = arms_of_subsets(SCENARIOS["solo"], players)
    assert arms[0] is SCENARIOS["solo"]
    for arm, chosen in zip(arms, subsets(players), strict=True):
        named = [one for player in players if player in chosen for one in player.split("+")]
        assert arm.mechanisms == ("solo", *named)
        assert arm.name == "+".join(arm.mechanisms)
    assert arms[-1].mechanisms == find_scenario(arms[-1].name).mechanisms
    assert arms[3].title.endswith(
        "; County enclave; Park of the partner county's weak villages; Park of tourism in the partner county"
    )
    assert arms[3].title_zh.startswith("单打独斗+")


def test_arms_keep_the_changes_of_their_baseline():
    baseline = dataclasses.replace(SCENARIOS["solo"], name="poor", changes={"pool.relief": 0.0})
    assert {arm.changes["pool.relief"] for arm in arms_of_subsets(baseline, ("enclave", "crowdfunding"))} == {0.0}


@pytest.mark.parametrize(
    ("baseline", "mechanisms", "told"),
    [
        ("solo", ("enclav",), "'enclave'"),
        ("solo", ("enclave", "crowdfunding+enclave"), "'enclave' is given twice"),
        ("town", ("town_joint",), "'town_joint' is in the baseline 'town' already"),
        ("aid:enclave", ("crowdfunding",), "'aid:enclave' gets cash aid"),
        ("solo", (), "0 players"),
    ],
)
def test_mechanisms_that_make_no_arms_are_refused(baseline, mechanisms, told):
    with pytest.raises(AttributionError, match=told):
        arms_of_subsets(find_scenario(baseline), mechanisms)
