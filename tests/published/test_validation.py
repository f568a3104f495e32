"""What is published of validation and calibration belongs together, and to the values in use."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from experiments.calibration.adopt import differing, value_in_use
from experiments.calibration.ensemble import ensemble
from experiments.calibration.plan import load_plan
from experiments.calibration.waves import ranges_of_plan
from experiments.validation.conclusions import CONCLUSIONS
from experiments.validation.levels import WORLD
from experiments.validation.scoreboard import score, verdict
from experiments.validation.targets import VALIDATION, load_targets
from model.cases import load_case

pytestmark = pytest.mark.one_version

PUBLISHED = Path(runpy.run_path(str(Path(__file__).with_name("validation.py")))["PUBLISHED"])
CASE = "pinghu"


def table(name):
    return pd.read_csv(PUBLISHED / f"{name}.csv", keep_default_na=False, na_values=["", "nan"])


def test_the_values_in_use_are_those_that_the_published_calibration_found():
    settings = table("settings").set_index("key")["set_to"]
    assert differing(load_plan(CASE), settings.to_dict()) == []


def test_what_was_set_says_so_and_lies_in_its_range():
    parameters = load_case(CASE).parameters
    for block in load_plan(CASE).block:
        for key, one in load_plan(CASE).ranges(block).items():
            declared = parameters.declared(key)
            assert declared.status == "calibrated"
            assert f"set to {', '.join(block.targets)} by feidi calibrate" in declared.source
            assert one.low <= value_in_use(load_case(CASE), key) <= one.high


def test_the_ensemble_lies_in_the_ranges_and_its_first_set_is_in_use():
    plan, case = load_plan(CASE), load_case(CASE)
    sets, ranges = ensemble(CASE), ranges_of_plan(plan)
    assert len(sets) > 10
    assert all(set(one) == set(ranges) for one in sets)
    assert all(ranges[key].low <= value <= ranges[key].high for one in sets for key, value in one.items())
    assert sets[0] == {key: value_in_use(case, key) for key in ranges}


def test_every_set_but_the_one_in_use_fits_as_the_plan_says():
    plan, found = load_plan(CASE), table("ensemble_moments")
    assert len(found) == len(ensemble(CASE))
    assert (found["loss"].iloc[1:] <= plan.ensemble.most_loss).all()


def test_the_scoreboard_is_of_the_targets_as_they_stand():
    board, targets = table("scoreboard").set_index("target"), load_targets(CASE).targets
    assert board.index.tolist() == [one.name for one in targets]
    for one in targets:
        row = board.loc[one.name]
        told = (row["low_end"], row["high_end"], row["tolerance"])
        assert told == pytest.approx((*one.ends, one.tolerance), rel=1e-12), one.name
        assert row["verdict"] == verdict(one, row["mean"])
        assert row["source"] == one.source


def words_of(page):
    """A page's text without its line breaks."""
    return " ".join((PUBLISHED.parents[2] / page).read_text(encoding="utf-8").split())


def test_the_score_is_that_of_the_page_and_of_readme():
    found = score(table("scoreboard"))
    told = f"{found.met} of {found.of} validation targets"
    for page in ("README.md", "docs/validation.md"):
        assert told in words_of(page), page
    assert f"{found.of}个验证目标中达到{found.met}个" in words_of("README.zh-CN.md")


def test_readme_quotes_in_how_many_sets_the_conclusions_hold():
    found = table("conclusions").set_index("conclusion")
    holds = (found["share"] * found["sets"]).round().astype(int)
    sets = found["sets"].iloc[0]
    value = table("headlines").set_index(["outcome", "baseline", "arm"]).loc["value_to_date"]
    ends = (value[["set_low", "set_high"]] / 1e6).round().astype(int)
    enclave, pooling = (tuple(ends.loc[("solo", arm)]) for arm in ("enclave", "pooling"))
    ends_zh = [f"{low / 100:.2f}亿至{high / 100:.2f}亿元" for low, high in (enclave, pooling)]
    text, chinese = words_of("README.md"), words_of("README.zh-CN.md")
    for told in (
        f"Over the {sets} parameter sets",
        f"the enclave creates value in {holds['enclave_value']} and all versions together in {holds['pooling_value']},",
        f"between {enclave[0]} and {enclave[1]} million, and {pooling[0]} and {pooling[1]}.",
        f"More than cash of the same outlay they create in {holds['aid_value']}.",
        f"but the first is larger in only {holds['aid_gain']} of the {sets} sets",
        f"creates value in {holds['pooling_itself']} of the {sets} sets",
        f"a little more of it (in {holds['aid_households']} sets)",
    ):
        assert told in text
    for told in (
        f"校准目标的{sets}组参数中",
        f"县域飞地在{holds['enclave_value']}组中创造价值，全部版本合计在{holds['pooling_value']}组中创造价值，",
        f"分别介于{ends_zh[0]}和{ends_zh[1]}之间",
        f"多于同等支出的现金，这在{holds['aid_value']}组中成立",
        f"但{sets}组参数中只有{holds['aid_gain']}组是前者较多",
        f"它在{sets}组参数中的{holds['pooling_itself']}组创造价值",
        f"得到的略多（在{holds['aid_households']}组中如此）",
    ):
        assert told in chinese
    for name in ("enclave_gini", "enclave_income", "pooling_income", "aid_poorest"):
        assert found.loc[name, "share"] == 1.0, name


def test_the_page_says_why_it_misses_with_the_figures_of_the_scoreboard():
    board = table("scoreboard").set_index("target")
    page = (PUBLISHED.parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    why = " ".join(page.split("## Why it misses")[1].split("## How much")[0].split())
    below, lowest = board.loc["other_project_income_2021"], board.loc["income_min_2021"]
    assert f"bring {below['band_high'] / 1e6:.0f} million yuan in the best of the parameter sets" in why
    assert f"without pools, {lowest['alone'] / 1e6:.2f} million" in why
    assert lowest["high"] < 1.8e6
    assert board.loc["largest_members", "fits"] == pytest.approx(0.1)
    assert board.loc["operating_min_2021", "mean"] == pytest.approx(1e6 / 3.0, rel=0.05)


def test_every_conclusion_and_every_pattern_is_told():
    assert table("conclusions")["conclusion"].tolist() == [one.name for one in CONCLUSIONS]
    judged = [one.name for one in load_targets(CASE).of_use(VALIDATION) if one.world == WORLD]
    assert list(dict.fromkeys(table("patterns")["target"])) == judged
