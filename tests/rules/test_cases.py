"""Cases: places, sizes, a case's own parameters and its values for general ones."""

import pickle

import pytest

from model.cases import CaseError, TownFacts, case_names, load_case
from model.parameters import Parameter, Parameters, load_parameters

GENERAL = Parameters(
    [
        Parameter("pool.rate", 0.1, "1/year", "coupon", (0.0, 1.0), "lever", "cited", "a paper"),
        Parameter("build.cost", {2010: 1.0, 2018: 2.0}, "yuan", "cost", (0, 9), "constant", "assumed", range=(1, 3)),
    ]
)

TOP = """
title = "A small county"
title_zh = "小县"
first_year = 2006
last_year = 2021
layout_source = "assumed: made up for a test"
"""
COUNTY = """
[[county]]
name = "Hu"
name_zh = "湖"
"""
TOWNS = """
[[town]]
name = "East"
name_zh = "东"
county = "Hu"
east = 3
north = -1.5
households = [100, 120]
[[town]]
name = "West"
name_zh = "西"
county = "Hu"
east = -3.0
north = 0.0
households = [80]
"""
FIGURES = """
[figures.start.income]
value = 100000
unit = "yuan/year"
meaning = "income of the first year"
limits = [0, 1e9]
role = "constant"
status = "derived"
source = "annual report"
"""
SET = """
[set."pool.rate"]
value = 0.08
status = "cited"
source = "annual report"
"""
WHOLE = TOP + COUNTY + TOWNS + FIGURES + SET


def load(tmp_path, text):
    file = tmp_path / "small.toml"
    file.write_text(text, encoding="utf-8")
    return load_case(file, general=GENERAL)


def test_every_shipped_case_loads():
    assert {"pinghu", "tiny"} <= set(case_names())
    general = load_parameters()
    for name in case_names():
        case = load_case(name)
        assert case.name == name
        assert case.n_villages == sum(len(town.households) for town in case.towns) > 0
        assert set(general) <= set(case.parameters)


def test_a_good_case_loads(tmp_path):
    case = load(tmp_path, WHOLE)
    assert (case.name, case.title, case.first_year, case.last_year) == ("small", "A small county", 2006, 2021)
    assert case.counties[0].name_zh == "湖"
    assert case.towns[0] == TownFacts("East", "东", "Hu", 3.0, -1.5, (100, 120))
    assert (case.n_villages, case.n_households) == (3, 300)
    assert list(case.parameters) == ["pool.rate", "build.cost", "start.income"]
    assert case.parameters["start.income"] == 100000.0
    assert case.parameters["pool.rate"] == 0.08
    assert case.parameters.declared("pool.rate").source == "annual report"
    assert GENERAL["pool.rate"] == 0.1
    assert pickle.loads(pickle.dumps(case)).towns == case.towns


def test_figures_and_set_may_be_left_out_and_a_path_may_be_text(tmp_path):
    load(tmp_path, TOP + COUNTY + TOWNS)
    case = load_case(str(tmp_path / "small.toml"), general=GENERAL)
    assert case.parameters.values() == GENERAL.values()


def test_set_can_give_a_path_by_year_and_a_range(tmp_path):
    change = '[set."build.cost"]\nvalue = {2012 = 3.0, 2013 = 4.0}\nstatus = "assumed"\nrange = [2, 5]\n'
    parameters = load(tmp_path, TOP + COUNTY + TOWNS + change).parameters
    assert parameters.at("build.cost", 2012) == 3.0
    assert parameters.declared("build.cost").range == (2.0, 5.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WHOLE.replace("layout_source", "layout_sauce"), "Did you mean 'layout_source'?"),
        (TOP.replace('layout_source = "assumed: made up for a test"', "") + COUNTY + TOWNS, "layout_source is missing"),
        (WHOLE.replace('"assumed: made up for a test"', '""'), "layout_source is ''"),
        (WHOLE.replace("first_year = 2006", "first_year = 2006.5"), "first_year is 2006.5. Give a whole number"),
        (WHOLE.replace("first_year = 2006", "first_year = 2022"), "first_year is 2022, after last_year 2021"),
        (TOP + TOWNS, "county is missing"),
        (TOP + COUNTY, "town is missing"),
        ("town = []\n" + TOP + COUNTY, "Write one [[town]] table for each"),
        (TOP + COUNTY + COUNTY + TOWNS, "two county tables are named 'Hu'"),
        (WHOLE.replace("West", "East"), "two town tables are named 'East'"),
        (WHOLE.replace('county = "Hu"', 'county = "Hue"'), "town East: no county 'Hue'. Did you mean 'Hu'?"),
        (WHOLE.replace("east = 3\n", ""), "town East: east is missing"),
        (WHOLE.replace("east = 3\n", "east = nan\n"), "town East: east is nan. Give kilometres"),
        (WHOLE.replace("east = 3\n", "east = true\n"), "town East: east is True"),
        (WHOLE.replace("[80]", "[]"), "town West: households is []"),
        (WHOLE.replace("[80]", "[80.5]"), "town West: households is [80.5]"),
        (WHOLE.replace("[80]", "[0]"), "town West: households is [0]"),
        (WHOLE.replace("figures.start", "figures.pool"), "'pool' is a general topic"),
        (WHOLE.replace('unit = "yuan/year"', ""), "figures: start.income: unit is missing"),
        (WHOLE.replace("value = 0.08", "value = 1.5"), "set pool.rate: value is 1.5 1/year, outside the limits 0 to 1"),
        (WHOLE.replace("value = 0.08", ""), "set pool.rate: value is missing"),
        (WHOLE.replace("pool.rate", "pool.rat"), "set pool.rat: no parameter 'pool.rat'. Did you mean 'pool.rate'?"),
        (TOP + COUNTY + TOWNS + SET.replace("source =", "# source ="), "set pool.rate: status is 'cited' without"),
        (TOP + COUNTY + TOWNS + SET + 'unit = "x"', "set pool.rate: unknown field 'unit'"),
        (TOP + "set = 3\n" + COUNTY + TOWNS, "set is 3"),
        (TOP + COUNTY + TOWNS + '[set]\n"pool.rate" = 3', "set pool.rate is 3. Write a table"),
        (WHOLE + "[", "not valid TOML"),
    ],
)
def test_a_bad_case_is_told_in_one_line_with_the_file(tmp_path, text, told):
    with pytest.raises(CaseError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert message.startswith("small.toml: ")
    assert told in message
    assert "\n" not in message


def test_an_unknown_case_gets_the_nearest_name(tmp_path):
    with pytest.raises(CaseError, match=r"no case 'pinghoo'\. Did you mean 'pinghu'\?"):
        load_case("pinghoo")
    with pytest.raises(CaseError, match="pinghu"):
        load_case("zzz")
    with pytest.raises(CaseError, match="no case file"):
        load_case(tmp_path / "nowhere.toml")
