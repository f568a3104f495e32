"""Numbers and tables for people."""

from __future__ import annotations

import math

import pytest

from experiments.units import decimals_for, number, scale_of, text_table


@pytest.mark.parametrize(
    ("unit", "largest", "expected"),
    [
        ("yuan/year", 21_000.0, (1.0, "yuan/year")),
        ("yuan/year", 3.6e6, (1e4, "10,000 yuan/year")),
        ("yuan", -2.5e8, (1e6, "million yuan")),
        ("villages", 1e9, (1.0, "villages")),
        ("yuan/yuan", 1e9, (1.0, "yuan/yuan")),
    ],
)
def test_scales(unit, largest, expected):
    assert scale_of(unit, [1.0, math.nan, largest]) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (1234567.891, 0, False, "1,234,568"),
        (12.345, 2, True, "+12.35"),
        (-0.0001, 2, True, "0.00"),
        (0.0, 1, True, "0.0"),
        (math.nan, 1, False, "-"),
        (math.inf, 1, False, "-"),
    ],
)
def test_numbers(value, decimals, signed, text):
    assert number(value, decimals, signed=signed) == text


@pytest.mark.parametrize(
    ("values", "decimals"), [([45.2], 1), ([0.0366, 0.001], 4), ([2800.0], 0), ([0.0], 0), ([math.nan], 0), ([1e-9], 4)]
)
def test_decimals(values, decimals):
    assert decimals_for(values) == decimals


def test_tables_stay_narrow_and_aligned():
    rows = [["a long name of an outcome that goes on and on " * 3, "1.0"], ["飞地", "22.0"]]
    lines = text_table(["Outcome", "Value"], rows, width=60).splitlines()
    assert max(len(line) for line in lines) <= 60
    assert lines[2].endswith("  1.0")
    assert lines[-1].rstrip().endswith("22.0")
    assert len(lines[-1]) == len(lines[0]) - 2  # two letters that are two columns wide
