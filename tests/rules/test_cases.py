"""Cases: places, sizes, a case's own parameters and its values for general ones."""

import dataclasses
import pickle
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from model.cases import CaseError, Pair, TownFacts, case_names, load_case
from model.checks import check_together
from model.economy import EconomyModel
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
SCHEMA = tomllib.loads((files("model") / "figures.toml").read_text(encoding="utf-8"))


def figures(slug, **changes):
    """Every figure that a county must have: a half, or its least, or what is changed; None leaves a figure out."""
    values = {name: max(0.5, declared["limits"][0]) for name, declared in SCHEMA.items()}
    given = {name: f"value = {value}\nstatus = 'derived'\nsource = 'report'" for name, value in values.items()}
    given |= changes
    return "".join(f"[figures.{slug}.{name}]\n{text}\n" for name, text in given.items() if text is not None)


FIGURES = figures("hu")
LI = '[[county]]\nname = "Li"\nname_zh = "里"\n'
PAIR = """
[[pair]]
kind = "mountain_sea"
host = "Hu"
partner = "Li"
since = 2015
source = "report"
"""
SET = """
[set."pool.rate"]
value = 0.08
status = "cited"
source = "annual report"
"""
WHOLE = TOP + COUNTY + TOWNS + FIGURES + SET
# A second county, paired with the first; it has households in a town and no village.
LI_TOWN = '[[town]]\nname = "Li town"\nname_zh = "里"\ncounty = "Li"\neast = 0\nnorth = 0\ntown_households = 7\n'
TWO = TOP + COUNTY + LI + PAIR + TOWNS + LI_TOWN + FIGURES + figures("li")


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
        assert case.n_households == sum(sum(town.households) + town.town_households for town in case.towns)
        own = {f"{county.slug}.{name}" for county in case.counties for name in SCHEMA}
        assert set(case.parameters) == set(general) | own
        assert {pair.host for pair in case.pairs} == {case.counties[0].name}
        assert {pair.partner for pair in case.pairs} <= {county.name for county in case.counties[1:]}


def test_a_good_case_loads(tmp_path):
    case = load(tmp_path, WHOLE)
    assert (case.name, case.title, case.first_year, case.last_year) == ("small", "A small county", 2006, 2021)
    assert case.counties[0].name_zh == "湖"
    assert case.towns[0] == TownFacts("East", "东", "Hu", 3.0, -1.5, (100, 120), 0)
    assert (case.n_villages, case.n_households, case.pairs) == (3, 300, ())
    assert list(case.parameters) == ["pool.rate", "build.cost", *(f"hu.{name}" for name in SCHEMA)]
    assert case.parameters["hu.revenue"] == 0.5
    assert case.parameters["pool.rate"] == 0.08
    assert case.parameters.declared("pool.rate").source == "annual report"
    assert GENERAL["pool.rate"] == 0.1
    assert pickle.loads(pickle.dumps(case)).towns == case.towns


def test_each_county_has_its_own_figures_and_pairs_name_counties(tmp_path):
    revenue = 'value = {2005 = 1.0, 2021 = 4.0}\nbetween = "geometric"\nrange = [3, 5]\nstatus = "assumed"'
    case = load(tmp_path, TWO.replace(figures("li"), figures("li", revenue=revenue)))
    assert [(county.slug, case.county_row(county.name)) for county in case.counties] == [("hu", 0), ("li", 1)]
    assert case.pairs == (Pair("mountain_sea", "Hu", "Li", 2015, "report"),)
    assert (case.n_villages, case.n_households) == (3, 307)
    assert case.towns[2] == TownFacts("Li town", "里", "Li", 0.0, 0.0, (), 7)
    declared = case.parameters.declared("li.revenue")
    assert (declared.unit, declared.role, declared.limits) == ("yuan/year", "uncertainty", (0.0, 1e12))
    assert (declared.meaning, declared.range) == (SCHEMA["revenue"]["meaning"], (3.0, 5.0))
    assert case.parameters.at("li.revenue", 2013) == pytest.approx(2.0)
    assert case.parameters["hu.revenue"] == 0.5
    check_together(case, load_case("tiny").parameters, ())


def test_two_words_of_a_countys_name_are_one_slug(tmp_path):
    text = WHOLE.replace('"Hu"', '"Hu Er"').replace("figures.hu.", "figures.hu_er.")
    assert "hu_er.revenue" in load(tmp_path, text).parameters


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TWO + PAIR, "Case small has two pairs of one kind: give each kind once."),
        (
            TOP + LI + COUNTY + TOWNS + LI_TOWN + FIGURES + figures("li"),
            "Case small: Li, the first county, has no village: give it towns with villages.",
        ),
    ],
)
def test_a_case_that_makes_no_sense_together_is_told(tmp_path, text, told):
    with pytest.raises(CaseError) as caught:
        check_together(load(tmp_path, text), load_case("tiny").parameters, ())
    assert str(caught.value) == told


def test_set_may_be_left_out_and_a_path_may_be_text(tmp_path):
    load(tmp_path, TOP + COUNTY + TOWNS + FIGURES)
    case = load_case(str(tmp_path / "small.toml"), general=GENERAL)
    assert {key: case.parameters.values()[key] for key in GENERAL} == GENERAL.values()


def test_set_can_give_a_path_by_year_and_a_range(tmp_path):
    change = '[set."build.cost"]\nvalue = {2012 = 3.0, 2013 = 4.0}\nstatus = "assumed"\nrange = [2, 5]\n'
    parameters = load(tmp_path, TOP + COUNTY + TOWNS + FIGURES + change).parameters
    assert parameters.at("build.cost", 2012) == 3.0
    assert parameters.declared("build.cost").range == (2.0, 5.0)


def test_what_is_set_otherwise_has_a_chinese_source_of_its_own_or_none(tmp_path):
    texts = {"title_zh": "保底收益率", "source_zh": "某文"}
    general = Parameters([GENERAL.declared("pool.rate").but(0.1, **texts), GENERAL.declared("build.cost")])
    (tmp_path / "small.toml").write_text(WHOLE, encoding="utf-8")
    found = load_case(tmp_path / "small.toml", general).parameters.declared("pool.rate")
    assert (found.title_zh, found.source, found.source_zh) == ("保底收益率", "annual report", "")
    (tmp_path / "small.toml").write_text(f'{WHOLE}source_zh = "年报"\n', encoding="utf-8")
    assert load_case(tmp_path / "small.toml", general).parameters.declared("pool.rate").source_zh == "年报"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WHOLE.replace("layout_source", "layout_sauce"), "Did you mean 'layout_source'?"),
        (TOP.replace('layout_source = "assumed: made up for a test"', "") + COUNTY + TOWNS, "layout_source is missing"),
        (WHOLE.replace('"assumed: made up for a test"', '""'), "layout_source is ''"),
        (WHOLE.replace("first_year = 2006", "first_year = 2006.5"), "first_year is 2006.5. Give a whole number"),
        (WHOLE.replace("first_year = 2006", "first_year = 2022"), "first_year is 2022, after last_year 2021"),
        (WHOLE.replace("first_year = 2006", "first_year = 1"), "the years are 1 to 2021. Give years from"),
        (WHOLE.replace("last_year = 2021", "last_year = 99999"), "the years are 2006 to 99999. Give years from"),
        (WHOLE.replace("[80]", "[99_999_781]"), "all towns have 100,000,001 households together. Give at most"),
        (TOP + TOWNS, "county is missing"),
        (TOP + COUNTY, "town is missing"),
        ("town = []\n" + TOP + COUNTY, "Write one [[town]] table for each"),
        (TOP + COUNTY + COUNTY + TOWNS, "two county tables are named 'Hu'"),
        (WHOLE.replace("West", "East"), "two town tables are named 'East'"),
        (WHOLE.replace('county = "Hu"', 'county = "Hue"'), "town East: no county 'Hue'. Did you mean 'Hu'?"),
        (WHOLE.replace("east = 3\n", ""), "town East: east is missing"),
        (WHOLE.replace("east = 3\n", "east = nan\n"), "town East: east is nan. Give kilometres"),
        (WHOLE.replace("east = 3\n", "east = true\n"), "town East: east is True"),
        (WHOLE.replace("[80]", "[]"), "town West: town_households is 0. Give a whole number, above 0 where no village"),
        (WHOLE.replace("[80]", "80"), "town West: households is 80. Give one whole number a village"),
        (WHOLE.replace("[80]", "[80.5]"), "town West: households is [80.5]"),
        (WHOLE.replace("[80]", "[-1]"), "town West: households is [-1]"),
        (TWO.replace("town_households = 7", "town_households = -7"), "town Li town: town_households is -7"),
        (TWO.replace("town_households = 7", "town_households = 7.5"), "town Li town: town_households is 7.5"),
        (WHOLE.replace('"Hu"', '"Pool"').replace("figures.hu.", "figures.pool."), "named like a topic of parameters"),
        (TOP + COUNTY + TOWNS + SET, "figures.hu: revenue is missing. Add it."),
        (TWO.replace(figures("li"), ""), "figures.li: revenue is missing. Add it."),
        (WHOLE.replace(FIGURES, figures("hu", firms=None)), "figures.hu: firms is missing. Add it."),
        (WHOLE.replace("figures.hu.firms", "figures.hu.firm"), "unknown field 'firm'. Did you mean 'firms'?"),
        (WHOLE + figures("hue"), "figures: no county 'hue'. Did you mean 'hu'?"),
        (WHOLE.replace(FIGURES, "[figures]\nhu = 3\n"), "hu is 3"),
        (
            WHOLE.replace(FIGURES, "[figures.hu]\nrevenue = 3\n" + figures("hu", revenue=None)),
            "figures.hu.revenue is 3. Write a table: [figures.hu.revenue] with value, status and source.",
        ),
        (WHOLE.replace(FIGURES, figures("hu", revenue="value = 1.0")), "figures.hu.revenue: status is missing"),
        (
            WHOLE.replace(FIGURES, figures("hu", revenue="value = 1.0\nstatus = 'cited'")),
            "figures: hu.revenue: status is 'cited' without a source",
        ),
        (
            WHOLE.replace(FIGURES, figures("hu", revenue="value = 1.0\nstatus = 'assumed'")),
            "figures: hu.revenue: status is 'assumed' without a range",
        ),
        (
            WHOLE.replace(FIGURES, figures("hu", wage_level="value = 9.0\nstatus = 'derived'\nsource = 'report'")),
            "figures: hu.wage_level: value is 9 1, outside the limits 0.1 to 3",
        ),
        (
            WHOLE.replace(FIGURES, figures("hu", revenue="value = 1.0\nstatus = 'cited'\nunit = 'yuan'")),
            "figures.hu.revenue: unknown field 'unit'",
        ),
        (TWO.replace('partner = "Li"', 'partner = "Lia"'), "pair mountain_sea: no county 'Lia'. Did you mean 'Li'?"),
        (TWO.replace('partner = "Li"', 'partner = "Hu"'), "pair mountain_sea: 'Hu' is paired with itself"),
        (TWO.replace("mountain_sea", "mountain_see"), "no kind 'mountain_see'. Did you mean 'mountain_sea'?"),
        (TWO.replace("since = 2015", "since = 2015.5"), "pair mountain_sea: since is 2015.5. Give a whole number"),
        (TWO.replace("since = 2015\nsource", "source"), "pair mountain_sea: since is missing"),
        (TWO.replace('since = 2015\nsource = "report"', "since = 2015\nsource = ''"), "source is ''. Give it in words"),
        (TWO.replace('name = "Li"', 'name = "hu"'), "two county tables are named 'hu'"),
        (WHOLE.replace("value = 0.08", "value = 1.5"), "set pool.rate: value is 1.5 1/year, outside the limits 0 to 1"),
        (WHOLE.replace("value = 0.08", ""), "set pool.rate: value is missing"),
        (WHOLE.replace("pool.rate", "pool.rat"), "set pool.rat: no parameter 'pool.rat'. Did you mean 'pool.rate'?"),
        (
            TOP + COUNTY + TOWNS + FIGURES + SET.replace("source =", "# source ="),
            "set pool.rate: status is 'cited' without",
        ),
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


def test_a_home_that_there_is_not_holds_no_case():
    with pytest.raises(CaseError, match=r"no case file '~nosuchuser/x\.toml'"):
        load_case("~nosuchuser/x.toml")


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_host_of_a_few_households_runs():
    tiny = load_case("tiny")
    mine = next(town for town in tiny.towns if town.county == tiny.counties[0].name and town.households)
    others = [town for town in tiny.towns if town.county != mine.county]
    few = dataclasses.replace(tiny, towns=(dataclasses.replace(mine, households=(3,)), *others))
    model = EconomyModel(case=few, mechanisms=("solo", "enclave"), seed=1, last_year=2014).run()
    assert np.isnan(model.datacollector.model_vars["household_palma"]).all()


def test_an_unknown_case_gets_the_nearest_name(tmp_path):
    with pytest.raises(CaseError, match=r"no case 'pinghoo'\. Did you mean 'pinghu'\?"):
        load_case("pinghoo")
    with pytest.raises(CaseError, match="pinghu"):
        load_case("zzz")
    with pytest.raises(CaseError, match="no case file"):
        load_case(tmp_path / "nowhere.toml")
