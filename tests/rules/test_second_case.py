"""The second case takes over from Pinghu what it says it takes over, as Pinghu has it today."""

import pytest

from model.cases import load_case

FIRMS = 1112 / 712  # larger industrial firms of Yinzhou and of Pinghu
VILLAGE = 376 / 1005  # households of a village there and here


@pytest.mark.parametrize(
    ("name", "proportion"),
    [
        ("zone_quality", 1.0),
        ("programme_share", 1.0),
        ("entrants", FIRMS),
        ("common_income", VILLAGE),
        ("idle_mean", VILLAGE),
    ],
)
def test_what_is_as_in_pinghu_keeps_up_with_it(name, proportion):
    there, here = load_case("qujiang").parameters, load_case("pinghu").parameters
    assert there.at(f"yinzhou.{name}", 2021) == pytest.approx(proportion * here.at(f"pinghu.{name}", 2021), rel=0.01)
