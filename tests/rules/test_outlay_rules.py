"""Outlay less what came back: sums on paper."""

from __future__ import annotations

import numpy as np
import pytest

from model.outlays import net_outlay


@pytest.mark.parametrize(
    ("gross", "returned", "paid"),
    [
        ([10, 10, 10], [0, 0, 0], [10, 10, 10]),
        ([10, 10, 10], [4, 0, 3], [6, 10, 7]),
        ([10, 10, 10], [15, 0, 0], [0, 5, 10]),  # more came back than was paid: set against the next year
        ([10, 10, 10], [99, 0, 0], [0, 0, 0]),
        ([10, 10, 10], [-5, 0, 0], [10, 10, 10]),  # less came back than in the control: never above the outlay
        ([10, 10, 10], [4, -3, 0], [6, 13, 10]),  # but what an earlier year fell short by is made up for
        ([10, 0, 10], [4, -3, 0], [6, 0, 13]),  # in a year in which somebody gets something
        ([0, 0, 10], [0, -3, 0], [0, 0, 10]),
    ],
)
def test_net_outlay(gross, returned, paid):
    found = net_outlay(np.array([gross], dtype=float).T, np.array([returned], dtype=float).T)
    np.testing.assert_array_equal(found[:, 0], paid)


def test_payers_are_netted_apart():
    gross, returned = np.array([[10.0, 10.0], [10.0, 10.0]]), np.array([[15.0, 0.0], [0.0, 2.0]])
    np.testing.assert_array_equal(net_outlay(gross, returned), [[0.0, 10.0], [5.0, 8.0]])


def test_it_is_never_more_than_the_outlay_to_date_nor_than_what_is_owed():
    luck = np.random.default_rng(7)
    for _ in range(200):
        gross, returned = luck.exponential(size=(12, 3)) * (luck.random((12, 3)) < 0.8), luck.normal(size=(12, 3))
        paid = net_outlay(gross, returned)
        assert (paid >= 0.0).all()
        assert (np.cumsum(paid, axis=0) <= np.cumsum(gross, axis=0) + 1e-12).all()
        assert (paid[gross == 0.0] == 0.0).all()
