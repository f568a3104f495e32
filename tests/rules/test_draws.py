"""Random numbers: the same luck for the same key, whoever else draws, wherever and whenever."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.draws import Draws, key_of, keys_of, member_keys, mix

ROOT = Path(__file__).resolve().parents[2]
EULER = 0.5772156649015329
KEYS = keys_of("firm", 2010, count=20_000)

DIGEST = """
import hashlib, json
from model.draws import Draws, key_of, keys_of
draws = Draws(7)
keys = keys_of("firm", 2010, count=50)
arrays = [draws.uniform("a", 2010, 99), draws.normal("b", 2011, 99)]
arrays += [draws.keyed_uniform("c", 2012, keys[:, None], keys)]
print(json.dumps([key_of("a", 1), *(hashlib.sha256(one.tobytes()).hexdigest() for one in arrays)]))
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_draws_the_same(hash_seed):
    keys, draws = keys_of("firm", 2010, count=50), Draws(7)
    arrays = [
        draws.uniform("a", 2010, 99),
        draws.normal("b", 2011, 99),
        draws.keyed_uniform("c", 2012, keys[:, None], keys),
    ]
    expected = [key_of("a", 1), *(hashlib.sha256(one.tobytes()).hexdigest() for one in arrays)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    run = subprocess.run(
        [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert json.loads(run.stdout) == expected


def test_a_draw_does_not_depend_on_what_was_drawn_before():
    plain, busy = Draws(3), Draws(3)
    for year in range(2000, 2010):
        busy.uniform("something else", year, 17)
        busy.keyed_uniform("something else", year, KEYS[:5])
        busy.uniform("taste", year, 5)
    for kind in ("uniform", "normal"):
        assert np.array_equal(getattr(plain, kind)("taste", 2010, 9), getattr(busy, kind)("taste", 2010, 9))
    assert np.array_equal(plain.keyed_uniform("taste", 2010, KEYS), busy.keyed_uniform("taste", 2010, KEYS))


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_rows_that_are_appended_leave_the_others_alone(kind):
    draws = Draws(3)
    few, many = getattr(draws, kind)("taste", 2010, 10), getattr(draws, kind)("taste", 2010, 5000)
    assert np.array_equal(few, many[:10])


def test_other_keys_leave_a_keyed_draw_alone():
    draws, sites = Draws(3), keys_of("site", count=7)
    all_pairs = draws.keyed_uniform("taste", 2010, KEYS[:30, None], sites[None, :])
    assert all_pairs.shape == (30, 7)
    one = draws.keyed_uniform("taste", 2010, KEYS[11:12], sites[4:5])
    assert all_pairs[11, 4] == one[0]
    order = np.array([6, 2, 0])
    assert np.array_equal(draws.keyed_uniform("taste", 2010, KEYS[:30, None], sites[None, order]), all_pairs[:, order])


def test_seed_decision_year_and_key_each_change_a_draw():
    draws = Draws(3)
    drawn = [
        *(Draws(seed).uniform("a", 2010, 1)[0] for seed in (3, 4)),
        draws.uniform("b", 2010, 1)[0],
        draws.uniform("a", 2011, 1)[0],
        *(Draws(seed).keyed_uniform("a", 2010, KEYS[:1])[0] for seed in (3, 4)),
        draws.keyed_uniform("b", 2010, KEYS[:1])[0],
        draws.keyed_uniform("a", 2011, KEYS[:1])[0],
        draws.keyed_uniform("a", 2010, KEYS[1:2])[0],
        draws.keyed_uniform("a", 2010, KEYS[:1], KEYS[1:2])[0],
        draws.keyed_uniform("a", 2010, KEYS[1:2], KEYS[:1])[0],
    ]
    assert len(set(drawn)) == len(drawn)


def test_uniform_numbers_are_uniform():
    draws = Draws(11)
    pairs = draws.keyed_uniform("a", 2010, KEYS[:200, None], KEYS[None, :200]).ravel()
    for sample in (draws.uniform("a", 2010, 40_000), draws.keyed_uniform("a", 2010, KEYS), pairs):
        assert sample.min() >= 0.0
        assert sample.max() < 1.0
        assert sample.mean() == pytest.approx(0.5, abs=0.01)
        assert sample.var() == pytest.approx(1.0 / 12.0, abs=0.002)
        counts = np.histogram(sample, bins=10, range=(0.0, 1.0))[0] / len(sample)
        assert counts == pytest.approx(np.full(10, 0.1), abs=0.01)


def test_keyed_numbers_of_different_decisions_years_and_keys_are_unrelated():
    draws = Draws(11)
    base = draws.keyed_uniform("a", 2010, KEYS)
    others = (
        draws.keyed_uniform("b", 2010, KEYS),
        draws.keyed_uniform("a", 2011, KEYS),
        Draws(12).keyed_uniform("a", 2010, KEYS),
        np.roll(base, 1),
        draws.uniform("a", 2010, len(KEYS)),
    )
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.03


def test_normal_and_gumbel_numbers_have_their_moments():
    draws = Draws(11)
    normal, gumbel = draws.normal("a", 2010, 40_000), draws.keyed_gumbel("a", 2010, KEYS)
    assert (normal.mean(), normal.std()) == pytest.approx((0.0, 1.0), abs=0.02)
    assert (gumbel.mean(), gumbel.std()) == pytest.approx((EULER, np.pi / 6.0**0.5), abs=0.03)
    assert np.isfinite(gumbel).all()


def test_keys_are_those_of_their_rows_and_do_not_repeat():
    keys = keys_of("village", count=5)
    assert keys.tolist() == [key_of("village", row) for row in range(5)]
    assert len(set(KEYS.tolist())) == len(KEYS)
    assert key_of("a", "b") != key_of("ab")
    assert len(set(mix(np.arange(10_000, dtype=np.uint64)).tolist())) == 10_000


def test_scrambling_agrees_with_the_published_generator():
    """The first outputs of SplitMix64 seeded with 1234567, as Rosetta Code lists them."""
    start, step = 1234567, 0x9E3779B97F4A7C15
    states = np.array([(start + turn * step) % 2**64 for turn in range(3)], dtype=np.uint64)
    assert mix(states).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="seed is -1: give a whole number from 0 to"):
        Draws(-1)


def test_members_of_groups_have_keys_of_their_own():
    groups = np.array([key_of("a"), key_of("b"), key_of("empty"), key_of("c")], dtype=np.uint64)
    keys = member_keys(groups, np.array([4000, 3000, 0, 5000]))
    assert len(keys) == len(set(keys.tolist())) == 12_000
    uniform = Draws(1).keyed_uniform("luck", 2010, keys)
    assert uniform.mean() == pytest.approx(0.5, abs=0.01)
    assert abs(np.corrcoef(uniform[:3000], uniform[4000:7000])[0, 1]) < 0.05


def test_one_more_group_or_more_members_leave_the_others_luck_alone():
    a, b, c = (np.uint64(key_of(name)) for name in "abc")
    few = member_keys(np.array([a, b]), np.array([3, 2]))
    many = member_keys(np.array([c, a, b]), np.array([4, 5, 2]))
    assert many[4:7].tolist() == few[:3].tolist()
    assert many[9:].tolist() == few[3:].tolist()


def test_blocks_and_mixed_keys_draw_the_same_numbers():
    draws, keys = Draws(3), member_keys(keys_of("village", count=40), np.full(40, 900))
    alone = np.concatenate([draws.keyed_uniform("luck", 2010, part) for part in np.array_split(keys, 90)])
    assert np.array_equal(draws.keyed_uniform("luck", 2010, keys), alone)
    assert np.array_equal(draws.keyed_uniform("luck", 2010, mix(keys), mixed=True), alone)
    assert np.array_equal(
        draws.keyed_normal("luck", 2010, mix(keys), mixed=True), draws.keyed_normal("luck", 2010, keys)
    )
