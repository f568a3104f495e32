"""Every text that a reader sees has a Chinese one, and numbers keep their size in Chinese units."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from experiments.gains import WORDS
from experiments.scenario import AID_ARMS, SCENARIOS, Scenario, find_scenario
from experiments.units import scale_of
from experiments.words import (
    AGENTS,
    FILE,
    LANGUAGES,
    WordError,
    agents,
    arm_name,
    chinese,
    name_of,
    say,
    sector,
    sum_decimals,
    sum_scale,
    title_of,
    unit_scale,
)
from model import accounts
from model.cases import case_names, load_case
from model.flows import REASONS
from model.indicators import INDICATORS, RATIOS
from model.registry import mechanisms

pytestmark = pytest.mark.one_version

HAN = re.compile(r"[\u4e00-\u9fff]")
EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"
ITEMS = ("DEPRECIATION", "CAPITAL_CHARGE", "APPRECIATION", "USE_OF_MONEY", "LOANS", "STAKES")
KINDS = {"Village", "County", "Town", "Household", "Enterprise", "Landlord", "Project", "Outside"}
FILES = sorted(EXPERIMENTS.rglob("*.py"))


def parts() -> dict[str, dict[str, str]]:
    return tomllib.loads((EXPERIMENTS / FILE).read_text(encoding="utf-8"))


def literals() -> set[str]:
    """Every string that stands in the code."""
    trees = [ast.walk(ast.parse(file.read_text(encoding="utf-8"))) for file in FILES]
    return {
        node.value for tree in trees for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def said() -> list[str]:
    """Every literal that the code hands to ``say``, those put together from parts aside."""
    calls = [
        node
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "say" and node.args
    ]
    nodes = [inner for call in calls if not has_parts(call.args[0]) for inner in ast.walk(call.args[0])]
    return [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def has_parts(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.JoinedStr) for inner in ast.walk(node))


def test_a_text_is_said_in_both_languages():
    assert say("{first} to {last}", "en", first=2006, last=2021) == "2006 to 2021"
    assert say("{first} to {last}", "zh", first=2006, last=2021) == "2006至2021年"
    assert say("rent", "en") == "rent"
    assert say("rent", "zh") == "租金"


def test_a_text_without_a_word_and_another_language_are_refused():
    with pytest.raises(WordError, match=r"no Chinese for 'rents'\. Did you mean 'rent'\?.*words_zh\.toml"):
        say("rents", "zh")
    for call in (say, title_of, name_of, arm_name):
        with pytest.raises(WordError, match=r"no language 'fr'\. Give one of en, zh\."):
            call(SCENARIOS["solo"] if call is not say else "rent", "fr")


def test_no_text_stands_twice():
    texts = [text for part in parts().values() for text in part]
    assert sorted(texts) == sorted(set(texts))
    assert len(chinese()) == len(texts)


def test_every_word_is_chinese_and_names_what_its_text_names():
    for text, word in chinese().items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (text, word)]
        assert fields[0] == fields[1], text
        assert HAN.search(word) or re.fullmatch(r"\W*|(\{\w+\}\W*)+", word), text


def test_every_reason_purpose_and_item_of_the_accounts_has_a_word():
    items = [getattr(accounts, name) for name in ITEMS]
    wanted = {*REASONS, *(reason.purpose for reason in REASONS.values() if reason.purpose), *items}
    assert wanted - set(chinese()) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_agent_and_sector_has_a_word(lang):
    assert set(AGENTS) == KINDS
    names = [agents(kind, lang) for kind in AGENTS]
    assert all(bool(HAN.search(name)) == (lang == "zh") for name in names)
    found = [sector(kind, "平湖市" if lang == "zh" else "Pinghu", lang) for kind in WORDS]
    assert len(set(found)) == len(WORDS)
    assert sector("County", "平湖市", "zh") == "平湖市财政"
    assert sector("Outside", "", lang) == ("外部" if lang == "zh" else "Outside")


@pytest.mark.parametrize("unit", sorted({one.unit for one in (*INDICATORS.values(), *RATIOS.values())}))
def test_every_unit_has_a_word(unit):
    for size in (1.0, 1e6, 1e10):
        shown = unit_scale(unit, [size], "zh").unit
        assert bool(HAN.search(shown)) == (unit != "1")
        assert unit_scale(unit, [size], "en").unit == ("" if unit == "1" else scale_of(unit, [size]).unit)


def test_everything_that_the_model_declares_has_a_title_in_chinese():
    cases = [load_case(name) for name in case_names()]
    declared = [*INDICATORS.values(), *RATIOS.values(), *SCENARIOS.values(), *AID_ARMS.values()]
    titles = [title_of(one, "zh") for one in (*declared, *mechanisms().values(), *cases)]
    titles += [name_of(place, "zh") for case in cases for place in (*case.counties, *case.towns)]
    assert [title for title in titles if not HAN.search(title)] == []


def test_arms_are_told_apart_in_chinese():
    arms = [*SCENARIOS.values(), *AID_ARMS.values()]
    assert len({arm_name(arm, "zh") for arm in arms}) == len(arms)
    assert arm_name(find_scenario("enclave"), "zh") == "县域飞地抱团 (enclave)"
    assert arm_name(find_scenario("aid_net:enclave"), "zh") == "净额现金援助 (aid_net:enclave)"
    assert arm_name(find_scenario("solo+enclave"), "zh") == "solo+enclave"
    assert arm_name(Scenario("mine", "Mine", "", ("solo",)), "zh") == "mine"
    assert [arm_name(arm, "en") for arm in arms] == [arm.name for arm in arms]


@pytest.mark.parametrize(
    ("largest", "divisor", "unit"),
    [
        (99_999.0, 1.0, "元"),
        (100_000.0, 1e4, "万元"),
        (999_999_999.0, 1e4, "万元"),
        (1e9, 1e8, "亿元"),
        (float("nan"), 1.0, "元"),
    ],
)
def test_money_in_chinese_counts_by_ten_thousands(largest, divisor, unit):
    assert unit_scale("yuan", [1.0, -largest], "zh") == (divisor, unit)
    assert unit_scale("yuan/year", [largest], "zh") == (divisor, f"{unit}/年")
    assert sum_scale([largest], "zh") == (divisor, unit)
    assert sum_scale([largest], "en") == (1e6, "million yuan")


def test_the_last_decimal_of_a_sum_is_a_hundred_thousand_yuan_at_most():
    assert [sum_decimals(sum_scale([size], lang)) for size, lang in ((1.0, "en"), (1e6, "zh"), (1e9, "zh"))] == [
        1,
        0,
        3,
    ]


def test_the_code_says_nothing_that_has_no_word():
    found = said()
    assert len(found) > 40
    assert [text for text in found if text not in chinese()] == []


def test_no_word_for_figures_is_left_over():
    known = literals()
    from experiments.gains import VALUE

    assert VALUE in chinese()
    assert [text for text in parts()["figures"] if text not in known] == []
