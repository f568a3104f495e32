"""Who paid: differences of money flows between arms."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.frames import FLOW_COLUMNS
from experiments.payers import who_paid

PAIR = [("solo", "enclave")]


@pytest.fixture
def flows():
    rows = []
    for seed, more in ((1, 10.0), (2, 14.0)):
        for arm in ("solo", "enclave"):
            rows.append((seed, arm, 2020, "yuan", "Enterprise", "A", "Village", "A", "rent", 100.0 * seed))
            rows.append((seed, arm, 2020, "mu", "Village", "A", "County", "A", "quota", 5.0))
        rows.append((seed, "enclave", 2020, "yuan", "County", "A", "Project", "A", "top-up", more))
        rows.append((seed, "enclave", 2021, "yuan", "County", "A", "Project", "A", "top-up", 1.0))
        rows.append((seed, "enclave", 2022, "yuan", "County", "A", "Project", "A", "top-up", 1000.0))
        rows.append((seed, "solo", 2021, "yuan", "Village", "A", "Outside", "", "sheds", 7.0))
    return pd.DataFrame(rows, columns=FLOW_COLUMNS)


def test_differences_by_purpose(flows):
    found = who_paid(flows, PAIR, last_year=2021)
    assert list(zip(found["reason"], found["giver"], found["taker"], strict=True)) == [
        ("top-up", "County", "Project"),
        ("sheds", "Village", "Outside"),
    ]
    assert list(found["difference"]) == [13.0, -7.0]  # (11 + 15) / 2; land and flows equal in both arms are left out
    half = 12.706204736 * 2.0  # t quantile of one degree of freedom, times sqrt(8 / 2)
    assert (found["low"][0], found["high"][0]) == (pytest.approx(13.0 - half), pytest.approx(13.0 + half))
    assert (found["low"][1], found["high"][1]) == (-7.0, -7.0)


def test_an_arm_without_any_flow(flows):
    found = who_paid(flows[flows["arm"] == "enclave"], PAIR, last_year=2021)
    assert found.set_index("reason")["difference"].to_dict() == {"rent": 150.0, "top-up": 13.0}


def test_equal_arms_leave_nothing(flows):
    same = flows[flows["reason"] == "rent"]
    assert len(who_paid(same, PAIR, last_year=2021)) == 0
