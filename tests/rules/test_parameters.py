"""Parameters: what loads, what is refused, and values by year."""

import json
import pickle
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.mechanisms.enclave import ENCLAVE
from model.parameters import Parameter, ParameterError, Parameters, load_parameters, read_parameter

GOOD = {
    "value": "2000.0",
    "unit": '"yuan/m2"',
    "meaning": '"building cost"',
    "limits": "[0, 9000]",
    "range": "[1500, 3000]",
    "role": '"uncertainty"',
    "status": '"assumed"',
}


def write(folder: Path, *, leave_out: str = "", table: str = "build.cost", **changes: str) -> Path:
    """A parameter file with one good declaration, changed in some fields."""
    declared = {field: text for field, text in (GOOD | changes).items() if field != leave_out}
    lines = [f"[{table}]", *(f"{field} = {text}" for field, text in declared.items())]
    (folder / "build.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def make(value=1.0, key="pool.rate", **changes) -> Parameter:
    fields = {
        "unit": "1/year",
        "meaning": "a rate",
        "limits": (0.0, 10.0),
        "role": "lever",
        "status": "cited",
        "source": "a paper",
    }
    return Parameter(key, value, **(fields | changes))


def test_every_shipped_parameter_loads():
    parameters = load_parameters()
    assert len(parameters) > 0
    assert all(key.count(".") == 1 for key in parameters)


def test_a_good_file_loads(tmp_path):
    parameters = load_parameters(write(tmp_path, value="{2018 = 3200, 2010 = 1545.5}", limits="[0, inf]"))
    assert list(parameters) == ["build.cost"]
    declared = parameters.declared("build.cost")
    assert (declared.unit, declared.role, declared.status) == ("yuan/m2", "uncertainty", "assumed")
    assert declared.value == {2010: 1545.5, 2018: 3200.0}
    assert declared.range == (1500.0, 3000.0)
    assert declared.source == ""


def test_files_are_read_in_the_order_of_their_names(tmp_path):
    write(tmp_path)
    text = (tmp_path / "build.toml").read_text(encoding="utf-8")
    two = [text.replace("build.cost", key) for key in ("air.zeal", "air.age")]
    (tmp_path / "air.toml").write_text("\n".join(two), encoding="utf-8")
    assert list(load_parameters(tmp_path)) == ["air.zeal", "air.age", "build.cost"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": "1"}, "unknown field 'colour'"),
        ({"meening": '"x"'}, "Did you mean 'meaning'?"),
        *(({"leave_out": field}, f"{field} is missing") for field in GOOD if field != "range"),
        ({"leave_out": "range"}, "'assumed' without a range"),
        ({"leave_out": "range", "status": '"calibrated"', "source": '"fit"'}, "'calibrated' without a range"),
        ({"status": '"cited"'}, "'cited' without a source"),
        ({"status": '"derived"'}, "'derived' without a source"),
        ({"status": '"calibrated"'}, "'calibrated' without a source"),
        ({"status": '"guessed"'}, "status is 'guessed'. Choose one of cited"),
        ({"role": '"dial"'}, "role is 'dial'. Choose one of lever"),
        ({"unit": '" "'}, "unit is ' '"),
        ({"meaning": "3"}, "meaning is 3"),
        ({"value": '"much"'}, "value is 'much', not a number"),
        ({"value": "true"}, "value is True, not a number"),
        ({"value": "nan"}, "value is nan, not a number"),
        ({"value": "inf", "limits": "[0, inf]"}, "Give a finite number"),
        ({"value": "9001"}, "outside the limits 0 to 9000"),
        ({"value": "{2010 = 1.0, 2011 = -1.0}"}, "value of 2011 is -1 yuan/m2, outside the limits"),
        ({"value": "{spring = 1.0}"}, "the date 'spring'"),
        ({"value": "{}"}, "value is an empty table"),
        ({"value": "[1, 2]"}, "value is [1, 2], not a number"),
        ({"range": "[1500, 9001]"}, "high end of range is 9001 yuan/m2, outside the limits"),
        ({"range": "[3000, 1500]"}, "range is [3000, 1500]: the low end is above the high end"),
        ({"limits": "[0]"}, "limits is [0]. Give two numbers"),
        ({"limits": "[9000, 0]"}, "limits is [9000, 0]: the low end"),
        ({"between": '"linear"'}, "the value has no dates"),
        ({"between": '"curly"', "value": "{2010 = 1.0}"}, "between is 'curly'. Choose one of step"),
        ({"between": '"geometric"', "value": "{2010 = 0.0}"}, "a geometric path needs numbers above zero"),
        ({"title_zh": "3"}, "title_zh is 3. Give it in words."),
        ({"source_zh": '"某文"'}, "source_zh is '某文' without a source"),
        ({"whole": "1"}, "whole is 1. Give true, or leave it out"),
        ({"whole": "true", "value": "9.7"}, "value is 9.7 yuan/m2. Give a whole number, such as 5."),
        ({"whole": "true", "range": "[1500, 2000.5]"}, "high end of range is 2000.5 yuan/m2. Give a whole number"),
        ({"table": "build.Cost"}, "build.Cost: not a name"),
        ({"table": "build"}, "Declare it as a table: [build.value]"),
        ({"table": "bild.cost"}, "table [bild] is not the file's topic"),
    ],
)
def test_a_bad_declaration_is_told_in_one_line_with_the_file(tmp_path, changes, told):
    with pytest.raises(ParameterError) as caught:
        load_parameters(write(tmp_path, **changes))
    message = str(caught.value)
    assert message.startswith("build.toml: ")
    assert told in message
    assert "\n" not in message


@pytest.mark.parametrize("text", [b"[build.cost", b"[build.a]\n[build.a]\n", b"\xff\xfe"])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "build.toml").write_bytes(text)
    with pytest.raises(ParameterError, match=r"^build\.toml: not valid TOML"):
        load_parameters(tmp_path)


def test_the_mark_at_the_start_that_some_editors_put_is_no_text(tmp_path):
    text = (write(tmp_path) / "build.toml").read_text(encoding="utf-8")
    (tmp_path / "build.toml").write_text(text, encoding="utf-8-sig")
    assert load_parameters(tmp_path)["build.cost"] == 2000.0


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(ParameterError, match="no folder"):
        load_parameters(tmp_path / "nowhere")


def test_the_same_key_twice_is_refused():
    with pytest.raises(ParameterError, match=r"pool\.rate is declared twice"):
        Parameters([make(), make(2.0)])


def test_values_by_year():
    path = {2018: 4.0, 2010: 1.0, 2014: 2.0}
    for between, years, expected in (
        ("step", (2005, 2010, 2013, 2014, 2017, 2018, 2030), (1, 1, 1, 2, 2, 4, 4)),
        ("linear", (2005, 2010, 2012, 2014, 2015, 2018, 2030), (1, 1, 1.5, 2, 2.5, 4, 4)),
        ("geometric", (2005, 2010, 2012, 2014, 2016, 2018, 2030), (1, 1, 2**0.5, 2, 2**1.5, 4, 4)),
    ):
        parameters = Parameters([make(path, between=between)])
        assert [parameters.at("pool.rate", year) for year in years] == pytest.approx(expected)


@given(st.dictionaries(st.integers(1990, 2040), st.floats(0.1, 10), min_size=1), st.integers(1980, 2050))
def test_every_path_passes_through_its_dates_and_stays_between_them(path, year):
    for between in ("step", "linear", "geometric"):
        parameters = Parameters([make(path, between=between)])
        assert all(parameters.at("pool.rate", date) == pytest.approx(value) for date, value in path.items())
        earlier = [date for date in path if date <= year] or [min(path)]
        later = [date for date in path if date >= year] or [max(path)]
        ends = sorted((path[max(earlier)], path[min(later)]))
        assert ends[0] - 1e-9 <= parameters.at("pool.rate", year) <= ends[1] + 1e-9


def test_a_number_is_the_same_every_year():
    parameters = Parameters([make(3)])
    assert parameters["pool.rate"] == parameters.at("pool.rate", 1900) == 3.0
    assert isinstance(parameters["pool.rate"], float)


def test_asking_in_a_wrong_way_is_told():
    dated = Parameters([make({2010: 1.0, 2018: 2.0})])
    with pytest.raises(ParameterError, match=r"\(2010, 2018\)\. Ask for one with at\(key, year\)"):
        dated["pool.rate"]
    for ask in (lambda: dated["pool.rat"], lambda: dated.at("pool.rat", 2010), lambda: dated.but({"pool.rat": 1.0})):
        with pytest.raises(ParameterError, match=r"no parameter 'pool\.rat'\. Did you mean 'pool\.rate'\?"):
            ask()


def test_but_changes_a_copy_and_not_the_original():
    original = Parameters([make({2010: 1.0, 2018: 2.0}, between="linear")])
    before = original.values()
    changed = original.but({"pool.rate": np.float64(0.5)})
    assert changed["pool.rate"] == 0.5
    assert original.values() == before == {"pool.rate": {2010: 1.0, 2018: 2.0}}
    assert original.but({}).values() == before


@pytest.mark.parametrize("value", [11.0, -0.1, "1", True, None, float("nan"), float("inf")])
def test_but_refuses_bad_values_and_names_the_key(value):
    with pytest.raises(ParameterError, match=r"^pool\.rate: value "):
        Parameters([make()]).but({"pool.rate": value})


def test_but_refuses_a_part_where_only_whole_numbers_make_sense():
    bids = Parameters([make(3.0, whole=True)])
    assert bids.but({"pool.rate": 4})["pool.rate"] == 4.0
    with pytest.raises(ParameterError, match=r"^pool\.rate: value is 9\.7 1/year\. Give a whole number"):
        bids.but({"pool.rate": 9.7})
    assert pickle.loads(pickle.dumps(bids)).declared("pool.rate").whole


def test_a_mechanism_can_name_every_key_that_can_be_declared():
    key = "pool2.rate_5"
    assert read_parameter(key, tomllib.loads("\n".join(f"{field} = {text}" for field, text in GOOD.items())))
    assert key in ENCLAVE.but(grant=key).parameter_keys()


def test_nothing_can_be_changed_in_place():
    parameters = Parameters([make({2010: 1.0})])
    with pytest.raises(TypeError):
        parameters["pool.rate"] = 2.0
    with pytest.raises(TypeError):
        parameters.declared("pool.rate").value[2010] = 2.0
    parameters.values()["pool.rate"][2010] = 2.0
    assert parameters.at("pool.rate", 2010) == 1.0
    assert parameters.values() == {"pool.rate": {2010: 1.0}}


def test_pickling_and_json_keep_the_values():
    texts = {"title": "Rate", "title_zh": "利率", "meaning_zh": "年利率", "source_zh": "某文"}
    for parameter in (make({2010: 1.0, 2018: 2.0}, between="geometric"), make(2.0, range=(1.0, 3.0), **texts)):
        parameters = Parameters([parameter])
        copy = pickle.loads(pickle.dumps(parameters))
        assert copy.declared("pool.rate") == parameter
        assert copy.at("pool.rate", 2014) == parameters.at("pool.rate", 2014)
    assert json.loads(json.dumps(parameters.values())) == {"pool.rate": 2.0}


def test_a_lever_given_by_year_is_a_number_in_every_year():
    reformed = Parameters([make()]).but({"pool.rate": {2010: 1.0, 2015: 3.0}})
    found = [reformed.in_force(year)["pool.rate"] for year in (2000, 2010, 2014, 2015, 2030)]
    assert found == [1.0, 1.0, 1.0, 3.0, 3.0]
    assert [reformed.at("pool.rate", year) for year in (2000, 2014, 2015)] == [1.0, 1.0, 3.0]
    assert reformed.values() == {"pool.rate": {2010: 1.0, 2015: 3.0}}
    with pytest.raises(ParameterError, match=r"2010, 2015.*in_force\(year\)"):
        reformed["pool.rate"]


def test_nothing_is_copied_where_no_lever_is_reformed():
    parameters = Parameters([make(), make(key="pool.path", value={2010: 1.0, 2015: 3.0})])
    assert parameters.in_force(2015) is parameters
    assert parameters.in_force(2015).at("pool.path", 2012) == 1.0


def test_what_is_declared_by_year_stays_so_whatever_it_is_given():
    path = make(value={2010: 1.0, 2015: 3.0}, between="linear", role="uncertainty", range=(0.0, 5.0))
    again = Parameters([path]).but({"pool.rate": 2.0}).but({"pool.rate": {2010: 1.0, 2020: 2.0}})
    assert not again.declared("pool.rate").reformed
    assert again.in_force(2010) is again
    reform = make().but({2010: 1.0}).but(2.0)
    assert not reform.reformed
    assert pickle.loads(pickle.dumps(make().but({2010: 1.0}))).reformed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"role": "uncertainty", "range": (0.0, 1.0)},
            r"\(2010, 2015\), but it is no lever \(its role is 'uncertainty'\)",
        ),
        ({"role": "constant"}, "no lever.*'constant'.*one number for all years"),
        ({"from_start": True}, "shapes a run from its start: give one number"),
    ],
)
def test_what_cannot_change_in_the_course_of_a_run_is_not_given_by_year(changes, told):
    with pytest.raises(ParameterError, match=told):
        Parameters([make(**changes)]).but({"pool.rate": {2010: 1.0, 2015: 3.0}})


def test_only_levers_are_from_the_start():
    with pytest.raises(ParameterError, match="from_start is true, but it is no lever"):
        make(from_start=True, role="constant")
    with pytest.raises(ParameterError, match=r"from_start is 1\. Give true"):
        make(from_start=1)
    shipped = load_parameters()
    fixed = [key for key in shipped if shipped.declared(key).from_start]
    assert fixed == ["choice.ties", "choice.ties_degree", "choice.ties_rewired", "place.contrast"]
