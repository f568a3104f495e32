"""The printed tables of a study made by hand, of round numbers: each figure stands where its heading says."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from experiments.by_county import county_table
from experiments.effects import effect_frame
from experiments.frames import ACCOUNT_COLUMNS
from experiments.gains import CREATED, GAIN, TRANSFER, accounts_of, boundaries, of_each_yuan, who_pays
from experiments.gains_report import who_pays as told
from experiments.ladder import ladder_table
from experiments.lines import LINES, villages_under_lines
from experiments.report import sections
from experiments.study import Study, make_plan
from model.draws import Draws
from model.indicators import INDICATORS

ARMS, YEARS, SEEDS = ("solo", "solo_funded", "enclave"), (2005, 2006, 2007), (1, 2)
INCOME = "recurrent_income_mean"
INCOMES = {"solo": (10, 1000, 2000), "solo_funded": (10, 1400, 2600), "enclave": (10, 1800, 5000)}  # by year
SPREAD = {"solo": 100, "solo_funded": 50, "enclave": 200}  # seed 1 so much below the mean, seed 2 above it
UNDER = {"solo": (90, 80, 70), "solo_funded": (90, 60, 50), "enclave": (90, 40, 20)}  # villages under the first line
COUNTIES = {"solo": (1000, 500), "solo_funded": (1400, 800), "enclave": (3000, 600)}  # mean income in Tiny and Hill
VILLAGES, TREASURY, OUTSIDE, NOBODY = ("Village", "Tiny"), ("County", "Tiny"), ("Outside", ""), ("", "")
# Million yuan a year, by arm. Gains are what the lines below them make of it.
BOOKS = (
    (GAIN, "", *VILLAGES, *NOBODY, (4, 9, 20)),
    (GAIN, "", *TREASURY, *NOBODY, (-1, -3, -7)),
    (GAIN, "", *OUTSIDE, *NOBODY, (0, -1, -2)),
    (CREATED, "value added", *VILLAGES, *NOBODY, (3, 5, 11)),
    (TRANSFER, "grants", *TREASURY, *VILLAGES, (2, 4, 12)),
    (TRANSFER, "taxes", *VILLAGES, *TREASURY, (1, 1, 5)),
    (TRANSFER, "interest", *OUTSIDE, *VILLAGES, (0, 1, 2)),
)
RATE = 1.0  # a yuan of the second year is worth half a yuan: discounted 1.5 times a year's sum, to date twice


def off(arm, seed):
    """How far a seed lies from the mean of an arm."""
    return SPREAD[arm] * (1 if seed == 2 else -1)


def runs():
    rows = [
        {"seed": seed, "arm": arm, "year": year, INCOME: INCOMES[arm][row] + (off(arm, seed) if row else 0)}
        | {line: UNDER[arm][row] + 100 * place + off(arm, seed) / 10 for place, line in enumerate(LINES)}
        for seed in SEEDS
        for arm in ARMS
        for row, year in enumerate(YEARS)
    ]
    return pd.DataFrame(rows)


def villages():
    """Two villages a county, 100 below and above its mean; in the projected year all have ten times as much."""
    rows = [
        (seed, arm, year, county, times * (COUNTIES[arm][county] + off(arm, seed) + apart))
        for seed in SEEDS
        for arm in ARMS
        for year, times in ((2006, 1), (2007, 10))
        for county in (0, 1)
        for apart in (-100, 100)
    ]
    return pd.DataFrame(rows, columns=["seed", "arm", "year", "county", "recurrent_income"])


def books():
    rows = [
        (seed, arm, year, *line, 1e6 * amounts[ARMS.index(arm)])
        for seed in SEEDS
        for arm in ARMS
        for year in YEARS[1:]
        for *line, amounts in BOOKS
    ]
    return pd.DataFrame(rows, columns=ACCOUNT_COLUMNS)


@pytest.fixture(scope="module")
def by_hand():
    """Three arms and two seeds; the figures of the case reach to 2006, and 2007 is a projection."""
    plan = make_plan(ARMS, case="tiny", seeds=2, years=2, workers=1, turning_point=False)
    plan = replace(plan, case=replace(plan.case, last_year=2006))
    accounts, make, nothing = accounts_of(books()), Draws(1).generator, pd.DataFrame()
    pairs, years = plan.pairs, plan.shown_years
    return Study(
        plan,
        indicators=runs(),
        flows=nothing,
        villages=villages(),
        effects=effect_frame(runs(), pairs, {INCOME: INDICATORS[INCOME]}, {}, make),
        who_paid=pd.DataFrame(columns=["baseline", "arm"]),
        accounts=books(),
        who_pays=who_pays(accounts, pairs, rate=RATE),
        boundaries=boundaries(accounts, pairs, [county.name for county in plan.case.counties], rate=RATE),
        of_each_yuan=of_each_yuan(accounts, pairs, "Tiny", rate=RATE, years=years, generator=make),
        turning=nothing,
        obligations=nothing,
        stakes=nothing,
        graph="",
    )


def rows(text):
    """The cells of each row of a table; without blank ones, further lines of a first cell and sentences below."""
    below = re.split(r"^-[- ]*$", text, flags=re.MULTILINE)[1]
    cells = [re.split(r" {2,}", line.strip()) for line in below.splitlines() if line[:2] != "  "]
    return [row for row in cells if len(row) > 1]


def part(study, what, year):
    """A table of who pays, of enclave against solo."""
    parts = told(study, "solo", "enclave", full=True)
    return next(rows(text) for heading, text in parts if heading.startswith(what) and f"to {year}" in heading)


def test_effects_are_those_of_the_year_in_the_heading(by_hand):
    found = {}
    for heading, text in sections(by_hand):
        if names := re.search(r"(\w+) minus (\w+) in (\d+)", heading):
            ((_, _, *cells),) = rows(text)
            found[names[2], names[1], int(names[3])] = cells
    # Half an interval is 12.706 times 50 where the differences of the two seeds are 100 apart: so far are the arms.
    assert found == {
        ("solo", "solo_funded", 2006): ["1,000", "1,400", "+400", "-235 to 1,035", "5.0x"],
        ("solo", "solo_funded", 2007): ["2,000", "2,600", "+600", "-35 to 1,235", "5.0x"],
        ("solo", "enclave", 2006): ["1,000", "1,800", "+800", "-471 to 2,071", "5.0x"],
        ("solo", "enclave", 2007): ["2,000", "5,000", "+3,000", "1,729 to 4,271", "5.0x"],
        ("solo_funded", "enclave", 2006): ["1,400", "1,800", "+400", "-1,506 to 2,306", "1.9x"],
        ("solo_funded", "enclave", 2007): ["2,600", "5,000", "+2,400", "494 to 4,306", "1.9x"],
    }


def test_the_ladder_tells_before_and_after(by_hand):
    assert rows(ladder_table(by_hand, by_hand.plan.main_pairs, 2007)) == [
        ["solo_funded minus solo", "2,000", "2,600", "+600", "-35 to 1,235"],
        ["enclave minus solo", "2,000", "5,000", "+3,000", "1,729 to 4,271"],
    ]


def test_villages_under_lines_are_means_over_seeds(by_hand):
    expected = [
        [arm, *(f"{100.0 * place + UNDER[arm][row]:.1f}" for row in range(len(YEARS)))]
        for place in range(len(LINES))
        for arm in ARMS
    ]
    assert [cells[1:] for cells in rows(villages_under_lines(by_hand))] == expected


def test_counties_are_compared_with_the_baseline(by_hand):
    found = rows(county_table(by_hand))
    of = {name: [cells[3:] for cells in found if cells[1] == name] for name in ("Tiny", "Hill")}
    effects = (["solo_funded", "+400", "-235 to 1,035"], ["enclave", "+2,000", "729 to 3,271"])
    for first, levels in ((0, ["1,000", "1,400", "3,000"]), (3, ["900", "1,300", "2,900"])):  # the mean, and the lowest
        shown = of["Tiny"][first : first + 3]
        assert [cells[1] for cells in shown] == levels
        assert shown[0] == ["solo", levels[0]]
        assert [[arm, *effect] for arm, _, *effect in shown[1:]] == list(effects)
    assert of["Hill"][:3] == [
        ["solo", "500"],
        ["solo_funded", "800", "+300", "-335 to 935"],
        ["enclave", "600", "+100", "-1,171 to 1,371"],
    ]


def test_gains_are_told_discounted_and_summed(by_hand):
    assert [[name, discounted, summed] for name, discounted, _, summed, _ in part(by_hand, "Who pays", 2007)[:3]] == [
        ["villages of Tiny", "+24.0", "+32.0"],
        ["Outside", "-3.00", "-4.00"],
        ["treasury of Tiny", "-9.00", "-12.0"],
    ]


def test_transfers_go_from_the_giver_to_the_taker(by_hand):
    assert [cells[:4] for cells in part(by_hand, "Transfers", 2007)] == [
        ["grants", "treasury of Tiny", "villages of Tiny", "+15.0"],
        ["taxes", "villages of Tiny", "treasury of Tiny", "+6.00"],
        ["interest", "Outside", "villages of Tiny", "+3.00"],
    ]


def test_the_matrix_has_givers_in_rows(by_hand):
    """The treasury gave 15 and got 6 back; a giver's row has above zero what it gave, the diagonal is blank."""
    assert part(by_hand, "Giver by taker", 2007) == [
        ["1 Outside", "0.0", "+3.0"],
        ["2 treasury of Tiny", "0.0", "+9.0"],
        ["3 villages of Tiny", "-3.0", "-9.0"],
    ]


def test_boundaries_are_discounted(by_hand):
    found = part(by_hand, "Boundaries", 2007)
    of = {name: [cells[2] for cells in found if cells[0] == name] for name in ("Tiny", "all counties", "everybody")}
    assert of["Tiny"] == of["all counties"] == ["+15.0", "+12.0", "+3.00", "+3.00"]
    assert of["everybody"][:2] == ["+12.0", "+12.0"]
