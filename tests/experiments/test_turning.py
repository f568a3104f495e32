"""Turning points: interpolation of the change of sign, and honest words where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.turning import Turn, answer, crossings


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([-1, 0, 1], [-2, -1, 3], (0.25,)),
        ([-1, 0, 1], [-1, 0, 5], (0.0,)),
        ([-1, 0, 1, 2], [-1, 0, 0, 5], (0.5,)),
        ([-1, 0, 1], [1, 2, 3], ()),
        ([-1, 0, 1], [0, 0, 0], ()),
        ([-1, 0, 1], [0, 0, 4], ()),
        ([-1, 0, 1], [1, -1, 1], (-0.5, 0.5)),
        ([], [], ()),
    ],
)
def test_crossings(x, y, expected):
    assert crossings(x, y) == pytest.approx(expected)


def test_crossing_of_a_line_is_its_root():
    x = np.linspace(-1.0, 1.0, 5)
    assert crossings(x, 3.0 * (x - 0.37)) == pytest.approx((0.37,))


@pytest.mark.parametrize(
    ("at", "sign", "words"),
    [
        ((0.314,), 1, "0.31"),
        ((-0.5, 0.5), 1, "-0.50, 0.50"),
        ((), 1, "nowhere from -1 to 1: above 0"),
        ((), -1, "nowhere from -1 to 1: below 0"),
        ((), 0, "no effect"),
    ],
)
def test_answers(at, sign, words):
    assert answer(Turn("solo", "enclave", "income", "Income", at, -1.0, 1.0, sign, 5)) == words
